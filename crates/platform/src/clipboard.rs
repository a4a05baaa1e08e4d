//! The clipboard of the desktop, by arboard.

use std::sync::{Mutex, PoisonError};

use arboard::Clipboard as Board;
use warifu_session::ports::{Clipboard, ClipboardError};
use zeroize::Zeroizing;

/// The clipboard. It must live as long as what was put on it is to be pasted: on X11 and Wayland the owner serves it.
/// The selection made with the mouse (PRIMARY) is never touched.
#[derive(Default)]
pub struct DesktopClipboard {
    board: Mutex<Option<Board>>,
}

impl DesktopClipboard {
    fn with<T>(&self, work: impl FnOnce(&mut Board) -> Result<T, arboard::Error>) -> Result<T, ClipboardError> {
        let mut slot = self.board.lock().unwrap_or_else(PoisonError::into_inner);
        let outcome = match &mut *slot {
            Some(board) => work(board),
            empty => Board::new().and_then(|board| work(empty.insert(board))),
        };
        outcome.map_err(|error| {
            // A connection that failed is not used again.
            *slot = None;
            ClipboardError { reason: reason(&error) }
        })
    }
}

impl Clipboard for DesktopClipboard {
    fn put_code(&self, code: &str) -> Result<(), ClipboardError> {
        self.with(|board| {
            let set = board.set();
            #[cfg(target_os = "linux")]
            let set = arboard::SetExtLinux::exclude_from_history(set);
            #[cfg(target_os = "macos")]
            let set = arboard::SetExtApple::exclude_from_history(set);
            #[cfg(windows)]
            let set = {
                use arboard::SetExtWindows;
                set.exclude_from_monitoring().exclude_from_cloud().exclude_from_history()
            };
            set.text(code)
        })
    }

    fn clear_if_holds(&self, code: &str) -> Result<bool, ClipboardError> {
        self.with(|board| match board.get_text().map(Zeroizing::new) {
            Ok(text) if text.as_str() == code => board.clear().map(|()| true),
            // Something else, no text, or nothing at all: not ours to clear.
            Ok(_) | Err(arboard::Error::ContentNotAvailable | arboard::Error::ConversionFailure) => Ok(false),
            Err(error) => Err(error),
        })
    }
}

/// A short word for people, without contents.
fn reason(error: &arboard::Error) -> String {
    match error {
        arboard::Error::ContentNotAvailable => "content not available",
        arboard::Error::ClipboardNotSupported => "clipboard not supported",
        arboard::Error::ClipboardOccupied => "clipboard occupied by another program",
        arboard::Error::ConversionFailure => "conversion failure",
        _ => "clipboard error",
    }
    .to_owned()
}
