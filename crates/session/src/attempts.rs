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
        self.wait(boot);
    }

    /// Notes one whose answer comes later. Until then it counts as wrong: of many that are made at once each is one.
    pub(crate) fn begin(&mut self, boot: Duration) {
        self.failed(boot);
    }

    /// One that was begun is answered, by something that is no key at all unless it was wrong.
    pub(crate) fn answered(&mut self, boot: Duration, wrong: bool) {
        if !wrong {
            self.failed = self.failed.saturating_sub(1);
            self.wait_until = Duration::ZERO;
        }
        self.wait(boot);
    }

    fn wait(&mut self, boot: Duration) {
        let over = self.failed.saturating_sub(Self::FREE);
        if over > 0 {
            let wait = Duration::from_secs(1 << over.min(5)).min(Self::LONGEST_WAIT);
            self.wait_until = boot.saturating_add(wait);
        }
    }
}
