//! Ports that answer from memory, with the hands of the test on them. Shared with `tests/app`.
#![allow(dead_code, clippy::unwrap_used)]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use warifu_session::{
    Clearing, Session,
    ports::{
        CaptureError, Clipboard, ClipboardError, Clock, Frame, Ports, ScreenCapture, SettingsStore, StoreError,
        VaultStore,
    },
    scan::Picture,
};
use zeroize::Zeroizing;

pub const PASSWORD: &str = "kamome-suido-42";
/// A secret no other text of a test contains: where it turns up, it leaked.
pub const SECRET: &str = "WARIFUCANARYSECRET234567ABCDEFGH";
pub const URI: &str = "otpauth://totp/KOSMO%20Web:12345678?secret=WARIFUCANARYSECRET234567ABCDEFGH&issuer=KOSMO%20Web";

/// Everything a test can reach behind the ports.
#[derive(Clone, Default)]
pub struct World {
    pub wall_ms: Arc<Mutex<i64>>,
    pub boot: Arc<Mutex<Duration>>,
    pub file: Arc<Mutex<Option<Vec<u8>>>>,
    pub settings: Arc<Mutex<Option<String>>>,
    pub clipboard: Arc<Mutex<Option<String>>>,
    /// Whether another program holds the clipboard and does not let go.
    pub clipboard_occupied: Arc<Mutex<bool>>,
    /// What the next saves fail with.
    pub disk_fails: Arc<Mutex<Option<StoreError>>>,
    /// A file that another program puts in the vault's place just before a save.
    pub appears_on_save: Arc<Mutex<Option<Vec<u8>>>>,
    /// What the monitors show, encoded.
    pub screens: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl World {
    pub fn new() -> World {
        let world = World::default();
        *world.wall_ms.lock().unwrap() = 1_700_000_000_000;
        world
    }

    pub fn ports(&self) -> Ports {
        Ports {
            clock: Box::new(self.clone()),
            vault: Box::new(self.clone()),
            settings: Box::new(self.clone()),
            clipboard: Arc::new(self.clone()),
            screen: Arc::new(self.clone()),
        }
    }

    pub fn session(&self) -> Session {
        Session::new(self.ports())
    }

    /// A session with a new vault, open.
    pub fn open_session(&self) -> Session {
        let mut session = self.session();
        session.create(password(PASSWORD)).unwrap();
        session
    }

    pub fn pass(&self, time: Duration) {
        *self.wall_ms.lock().unwrap() += i64::try_from(time.as_millis()).unwrap();
        *self.boot.lock().unwrap() += time;
    }
}

/// One heartbeat: whether the vault was locked, and whether the clipboard was cleared.
pub fn beat(session: &mut Session) -> (bool, bool) {
    let tick = session.tick();
    let cleared = match tick.clearing.map(Clearing::run) {
        Some(Ok(cleared)) => cleared,
        Some(Err(failed)) => {
            session.clear_again(failed);
            false
        }
        None => false,
    };
    (tick.locked, cleared)
}

pub fn password(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.to_owned())
}

impl Clock for World {
    fn wall_ms(&self) -> i64 {
        *self.wall_ms.lock().unwrap()
    }
    fn boot(&self) -> Duration {
        *self.boot.lock().unwrap()
    }
}

impl VaultStore for World {
    fn load(&self) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.file.lock().unwrap().clone())
    }
    fn replace(
        &self,
        sealed: &[u8],
        is_current: &dyn Fn(Option<&[u8]>) -> bool,
        is_good: &dyn Fn(&[u8]) -> bool,
    ) -> Result<(), StoreError> {
        let fails = self.disk_fails.lock().unwrap().clone();
        if let Some(error) = fails.clone().filter(|error| !matches!(error, StoreError::NotFlushed { .. })) {
            return Err(error);
        }
        let mut file = self.file.lock().unwrap();
        if let Some(appeared) = self.appears_on_save.lock().unwrap().take() {
            *file = Some(appeared);
        }
        if !is_current(file.as_deref()) {
            return Err(StoreError::Changed);
        }
        if !is_good(sealed) {
            return Err(StoreError::ReadBackDiffers);
        }
        *file = Some(sealed.to_vec());
        fails.map_or(Ok(()), Err)
    }
    fn place(&self) -> String {
        "memory".into()
    }
}

impl SettingsStore for World {
    fn load(&self) -> Result<Option<String>, StoreError> {
        Ok(self.settings.lock().unwrap().clone())
    }
    fn save(&self, text: &str) -> Result<(), StoreError> {
        *self.settings.lock().unwrap() = Some(text.to_owned());
        Ok(())
    }
}

impl Clipboard for World {
    fn put_code(&self, code: &str) -> Result<(), ClipboardError> {
        *self.clipboard.lock().unwrap() = Some(code.to_owned());
        Ok(())
    }
    fn clear_if_holds(&self, code: &str) -> Result<bool, ClipboardError> {
        if *self.clipboard_occupied.lock().unwrap() {
            return Err(ClipboardError { reason: "occupied".into() });
        }
        let mut clipboard = self.clipboard.lock().unwrap();
        let ours = clipboard.as_deref() == Some(code);
        if ours {
            *clipboard = None;
        }
        Ok(ours)
    }
}

impl ScreenCapture for World {
    fn capture(&self) -> Result<Vec<Frame>, CaptureError> {
        let screens = self.screens.lock().unwrap();
        Ok(screens
            .iter()
            .enumerate()
            .map(|(index, png)| Frame { x: 0, y: 0, primary: index == 0, picture: Picture::decode(png).unwrap() })
            .collect())
    }
}
