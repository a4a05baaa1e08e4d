//! What the application asks of the world. `warifu-platform` answers for real; tests answer from memory.

use std::{sync::Arc, time::Duration};

use warifu_otp::UnixTime;
use warifu_scan::Picture;

/// The two clocks.
pub trait Clock: Send + Sync {
    /// The wall clock, in milliseconds since 1970 (UTC). Codes follow it.
    fn wall_ms(&self) -> i64;

    /// Time since some fixed moment, suspend included, never set back. Locks follow it.
    fn boot(&self) -> Duration;

    /// The wall clock in whole seconds, rounded down: RFC 6238 counts complete seconds.
    fn now(&self) -> UnixTime {
        UnixTime::from_secs(self.wall_ms().div_euclid(1000))
    }
}

/// Why the store could not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The system refused; the text is the system's kind of error, without paths or contents.
    #[error("{reason}")]
    Io {
        /// The system's own word for it.
        reason: String,
    },
    /// Another process held the lock for too long.
    #[error("another process is saving")]
    Busy,
    /// The file on disk is not the one the caller has loaded.
    #[error("changed on disk")]
    Changed,
    /// The new file is in its place, but the disk did not confirm it: a power cut now could bring the old one back.
    #[error("{reason}")]
    NotFlushed {
        /// The system's own word for it.
        reason: String,
    },
    /// What was read back is not what was written.
    #[error("read back differs")]
    ReadBackDiffers,
}

/// Where the one vault file lives.
pub trait VaultStore: Send + Sync {
    /// The bytes of the vault, or none if there is none and no trace of one.
    fn load(&self) -> Result<Option<Vec<u8>>, StoreError>;

    /// Puts `sealed` in the place of the file that [`Self::is_current`] recognises, atomically and durably: afterwards the
    /// file is the old one or the new one, whole. Returns only when it is on the disk.
    ///
    /// `is_current` is asked with the file on disk (none: no file) under the lock; `is_good` with the bytes read back from
    /// the new file before it takes the old one's place.
    fn replace(
        &self,
        sealed: &[u8],
        is_current: &dyn Fn(Option<&[u8]>) -> bool,
        is_good: &dyn Fn(&[u8]) -> bool,
    ) -> Result<(), StoreError>;

    /// The place, for people.
    fn place(&self) -> String;
}

/// Where the settings live: one small text, nothing secret in it.
pub trait SettingsStore: Send + Sync {
    /// The text, or none if there is none.
    fn load(&self) -> Result<Option<String>, StoreError>;
    /// Replaces the text atomically.
    fn save(&self, text: &str) -> Result<(), StoreError>;
}

/// Why the clipboard did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct ClipboardError {
    /// The system's own word for it.
    pub reason: String,
}

/// The clipboard of the desktop.
pub trait Clipboard: Send + Sync {
    /// Puts a code on it, marked so that histories and clouds leave it alone where the system knows such marks.
    fn put_code(&self, code: &str) -> Result<(), ClipboardError>;
    /// Empties it if it still holds exactly this code. Says whether it did.
    fn clear_if_holds(&self, code: &str) -> Result<bool, ClipboardError>;
}

/// Why the screen could not be captured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaptureError {
    /// This kind of desktop shows its picture to no program without writing it to a file.
    #[error("this desktop cannot be captured in memory")]
    Unsupported,
    /// The system refused.
    #[error("{reason}")]
    Failed {
        /// The system's own word for it.
        reason: String,
    },
}

/// What one monitor showed at one moment.
pub struct Frame {
    /// The left edge of the monitor on the desktop, in physical pixels.
    pub x: i32,
    /// The top edge of the monitor on the desktop, in physical pixels.
    pub y: i32,
    /// Whether it is the main monitor.
    pub primary: bool,
    /// The picture, in physical pixels. In memory only.
    pub picture: Picture,
}

/// The screen.
pub trait ScreenCapture: Send + Sync {
    /// A frame of every monitor.
    fn capture(&self) -> Result<Vec<Frame>, CaptureError>;
}

/// All the ports of a session. Those that may keep a caller waiting for other programs are shared, so that they can be asked
/// away from the session.
pub struct Ports {
    /// The clocks.
    pub clock: Box<dyn Clock>,
    /// The vault file.
    pub vault: Box<dyn VaultStore>,
    /// The settings.
    pub settings: Box<dyn SettingsStore>,
    /// The clipboard.
    pub clipboard: Arc<dyn Clipboard>,
    /// The screen.
    pub screen: Arc<dyn ScreenCapture>,
}
