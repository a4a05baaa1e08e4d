//! What we put on the clipboard, and how it leaves it again.

use std::{sync::Arc, time::Duration};

use zeroize::Zeroizing;

use crate::ports::Clipboard;

/// Long enough to change windows and paste, short enough not to be found later.
pub const CLEAR_CLIPBOARD_AFTER: Duration = Duration::from_secs(30);

/// A clipboard that does not answer is asked again this often, a second apart, before the code is left to die of age.
const TRIES: u32 = 120;

/// A code on the clipboard, and when to take it away.
pub(crate) struct Copied {
    pub(crate) code: Zeroizing<String>,
    pub(crate) clear_at: Duration,
    pub(crate) tries_left: u32,
}

impl Copied {
    pub(crate) fn new(code: &str, now: Duration) -> Copied {
        let clear_at = now.saturating_add(CLEAR_CLIPBOARD_AFTER);
        Copied { code: Zeroizing::new(code.to_owned()), clear_at, tries_left: TRIES }
    }
}

/// A code that is due to leave the clipboard. Asking a clipboard can mean waiting for whatever program owns it: do it away
/// from the session.
#[must_use]
pub struct Clearing {
    pub(crate) clipboard: Arc<dyn Clipboard>,
    pub(crate) copied: Copied,
}

impl Clearing {
    /// Clears the clipboard if it still holds our code, and says whether it did.
    ///
    /// # Errors
    /// Itself, where the clipboard does not answer: give it to [`Session::clear_again`](crate::Session::clear_again).
    pub fn run(self) -> Result<bool, Clearing> {
        self.clipboard.clear_if_holds(&self.copied.code).map_err(|_| self)
    }
}
