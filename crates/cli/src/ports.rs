//! The world as the command line has it: files and a clock, no clipboard and no screen.

use std::{path::PathBuf, sync::Arc, time::Duration};

use warifu_platform::{
    DiskPictures, FileSettingsStore, FileVaultStore, SystemClock, default_memory_path, default_settings_path,
    default_vault_path,
};
use warifu_session::{
    Session,
    otp::UnixTime,
    ports::{
        Camera, CameraError, CameraStream, CaptureError, Clipboard, ClipboardError, Clock, Frame, KeyStore,
        KeyStoreError, Mark, Pasted, Ports, ScreenCapture, SettingsStore, StoreError,
    },
};
use zeroize::Zeroizing;

/// A session over the vault file at `vault`, at the time `at` or, without one, now.
pub(crate) fn session(vault: PathBuf, at: Option<i64>) -> Session {
    // The second folder for backups is the user's own vault's.
    let is_the_users = default_vault_path().is_some_and(|own| own == vault);
    Session::new(Ports {
        clock: clock(at),
        vault: Box::new(FileVaultStore::new(vault)),
        settings: match default_settings_path() {
            Some(path) if is_the_users => Box::new(ReadOnly(FileSettingsStore::new(path))),
            _ => Box::new(Nothing),
        },
        // The same as the window's: an older copy is noticed whichever of the two has seen the later one. But what happens at a
        // time of the tester's choice is nothing to remember: the window would count days from it.
        memory: match default_memory_path() {
            Some(path) if at.is_none() => Box::new(FileSettingsStore::new(path)),
            Some(path) => Box::new(ReadOnly(FileSettingsStore::new(path))),
            None => Box::new(Nothing),
        },
        keys: Arc::new(Nothing),
        clipboard: Arc::new(Nothing),
        screen: Arc::new(Nothing),
        pictures: Arc::new(DiskPictures),
        camera: Arc::new(Nothing),
    })
}

/// The system's clock, or the one of the tester's choice.
pub(crate) fn clock(at: Option<i64>) -> Arc<dyn Clock> {
    match at {
        Some(seconds) => Arc::new(FixedClock(seconds)),
        None => Arc::new(SystemClock),
    }
}

/// A wall clock that stands at a second. Waiting goes on by the real one.
struct FixedClock(i64);

impl Clock for FixedClock {
    fn wall_ms(&self) -> i64 {
        self.0.saturating_mul(1000)
    }

    fn boot(&self) -> Duration {
        SystemClock.boot()
    }

    /// To the second even where milliseconds overflow.
    fn now(&self) -> UnixTime {
        UnixTime::from_secs(self.0)
    }
}

/// What the window has written, and the command line leaves as it is.
struct ReadOnly(FileSettingsStore);

impl SettingsStore for ReadOnly {
    fn load(&self) -> Result<Option<String>, StoreError> {
        self.0.load()
    }

    fn save(&self, text: &str) -> Result<(), StoreError> {
        Nothing.save(text)
    }
}

/// No desktop, and no settings: the command line takes its options instead.
struct Nothing;

impl SettingsStore for Nothing {
    fn load(&self) -> Result<Option<String>, StoreError> {
        Ok(None)
    }

    fn save(&self, _: &str) -> Result<(), StoreError> {
        Err(StoreError::Io { reason: "no settings here".to_owned() })
    }
}

impl KeyStore for Nothing {
    fn get(&self, _: &str) -> Result<Zeroizing<String>, KeyStoreError> {
        Err(KeyStoreError::Unavailable { reason: "no keyring here".to_owned() })
    }

    fn set(&self, _: &str, _: &Zeroizing<String>) -> Result<(), KeyStoreError> {
        Err(KeyStoreError::Unavailable { reason: "no keyring here".to_owned() })
    }

    fn remove(&self, _: &str) -> Result<(), KeyStoreError> {
        Err(KeyStoreError::Unavailable { reason: "no keyring here".to_owned() })
    }
}

impl Clipboard for Nothing {
    fn put_code(&self, _: &str) -> Result<(), ClipboardError> {
        Err(ClipboardError { reason: "no clipboard here".to_owned() })
    }

    fn clear_if_holds(&self, _: &str) -> Result<bool, ClipboardError> {
        Ok(false)
    }

    fn read(&self) -> Result<Vec<Pasted>, ClipboardError> {
        Err(ClipboardError { reason: "no clipboard here".to_owned() })
    }

    fn clear_if_still(&self, _: &Mark) -> Result<bool, ClipboardError> {
        Ok(false)
    }
}

impl Camera for Nothing {
    fn start(&self) -> Result<Box<dyn CameraStream>, CameraError> {
        Err(CameraError::NoCamera)
    }
}

impl ScreenCapture for Nothing {
    fn capture(&self) -> Result<Vec<Frame>, CaptureError> {
        Err(CaptureError::Unsupported)
    }
}
