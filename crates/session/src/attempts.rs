//! Wrong passwords slow down, and never erase.

use std::time::Duration;

use crate::{ErrorCode, SessionError};

/// Wrong passwords in a row.
#[derive(Default)]
pub(crate) struct Attempts {
    failed: u32,
    wait_until: Duration,
}

impl Attempts {
    /// Slips of the finger cost nothing.
    const FREE: u32 = 4;
    /// Longer would lock out the owner more than a guesser, who has the file anyway.
    const LONGEST_WAIT: Duration = Duration::from_secs(30);

    /// Whether another try may be made now.
    pub(crate) fn may_try(&self, boot: Duration) -> Result<(), SessionError> {
        let wait = self.wait_until.saturating_sub(boot);
        if wait.is_zero() {
            return Ok(());
        }
        Err(SessionError::new(ErrorCode::TooManyAttempts).with("seconds", wait.as_secs_f64().ceil()))
    }

    /// Notes a wrong one.
    pub(crate) fn failed(&mut self, boot: Duration) {
        self.failed = self.failed.saturating_add(1);
        let over = self.failed.saturating_sub(Self::FREE);
        if over > 0 {
            let wait = Duration::from_secs(1 << over.min(5)).min(Self::LONGEST_WAIT);
            self.wait_until = boot.saturating_add(wait);
        }
    }
}
