//! What we put on the clipboard.

use std::time::Duration;

use zeroize::Zeroizing;

/// Long enough to change windows and paste, short enough not to be found later.
pub const CLEAR_CLIPBOARD_AFTER: Duration = Duration::from_secs(30);

/// A code on the clipboard, and when to take it away.
pub(crate) struct Copied {
    pub(crate) code: Zeroizing<String>,
    pub(crate) clear_at: Duration,
}
