//! The world of the saver: real files and a real clock, and a keyring that is a folder.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use warifu_platform::{DiskPictures, FileSettingsStore, FileVaultStore, SystemClock};
use warifu_session::{
    Session,
    ports::{
        Camera, CameraError, CameraStream, CaptureError, Clipboard, ClipboardError, Clock, Frame, KeyStore,
        KeyStoreError, Mark, Pasted, Ports, ScreenCapture, identify,
    },
};
use zeroize::Zeroizing;

/// The vault in a place.
pub fn vault(place: &Path) -> PathBuf {
    place.join("vault.warifu")
}

/// The revision of the file in a place; 0 where there is none that can be read.
pub fn revision(place: &Path) -> u64 {
    fs::read(vault(place)).ok().and_then(|bytes| identify(&bytes)).map_or(0, |(revision, _)| revision)
}

/// A session over the vault in a place.
pub fn session(place: &Path) -> Session {
    Session::new(Ports {
        clock: Arc::new(StandingClock),
        vault: Box::new(FileVaultStore::new(vault(place))),
        settings: Box::new(FileSettingsStore::new(place.join("settings.json"))),
        memory: Box::new(FileSettingsStore::new(place.join("memory.json"))),
        keys: Arc::new(Folder(place.join("keyring"))),
        clipboard: Arc::new(Nothing),
        screen: Arc::new(Nothing),
        pictures: Arc::new(DiskPictures),
        camera: Arc::new(Nothing),
    })
}

/// Where no time passes a key derivation costs the least that is allowed.
struct StandingClock;

impl Clock for StandingClock {
    fn wall_ms(&self) -> i64 {
        SystemClock.wall_ms()
    }

    fn boot(&self) -> Duration {
        Duration::ZERO
    }
}

/// A keyring that is a folder, one file an item.
struct Folder(PathBuf);

impl KeyStore for Folder {
    fn get(&self, name: &str) -> Result<Zeroizing<String>, KeyStoreError> {
        fs::read_to_string(self.0.join(name)).map(Zeroizing::new).map_err(|_| KeyStoreError::NoEntry)
    }

    fn set(&self, name: &str, text: &Zeroizing<String>) -> Result<(), KeyStoreError> {
        let unavailable = |error: std::io::Error| KeyStoreError::Unavailable { reason: error.kind().to_string() };
        fs::create_dir_all(&self.0).and_then(|()| fs::write(self.0.join(name), text.as_bytes())).map_err(unavailable)
    }

    fn remove(&self, name: &str) -> Result<(), KeyStoreError> {
        let _ = fs::remove_file(self.0.join(name));
        Ok(())
    }
}

/// No desktop.
struct Nothing;

impl Clipboard for Nothing {
    fn put_code(&self, _: &str) -> Result<(), ClipboardError> {
        Err(ClipboardError { reason: "no clipboard here".to_owned() })
    }

    fn clear_if_holds(&self, _: &str) -> Result<bool, ClipboardError> {
        Ok(false)
    }

    fn read(&self) -> Result<Vec<Pasted>, ClipboardError> {
        Ok(Vec::new())
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
