//! Ports that answer from memory, with the hands of the test on them. Shared with `tests/app`.
#![allow(dead_code, clippy::unwrap_used)]

use std::{
    collections::{BTreeMap, VecDeque},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, mpsc::Receiver},
    time::Duration,
};

use warifu_session::{
    Addition, CandidateId, Clearing, EntryId, ErrorCode, Session, SessionError, Unlocked,
    otp::UnixTime,
    ports::{
        Backup, BackupPlace, Camera, CameraError, CameraStream, CaptureError, Clipboard, ClipboardError, Clock,
        DeleteError, FileStamp, Frame, KeyStore, KeyStoreError, Mark, Pasted, PictureFiles, Placed, Ports,
        ScreenCapture, SealedFile, SettingsStore, StoreError, UpdateError, VaultStore, VaultWriter,
    },
    reading::read_payload,
    scan::Picture,
};
use zeroize::Zeroizing;

pub const PASSWORD: &str = "kamome-suido-42";
/// A secret no other text of a test contains: where it turns up, it leaked.
pub const SECRET: &str = "WARIFUCANARYSECRET234567ABCDEFGH";
pub const URI: &str = "otpauth://totp/KOSMO%20Web:12345678?secret=WARIFUCANARYSECRET234567ABCDEFGH&issuer=KOSMO%20Web";

/// Backups by the names of their files.
type Backups = BTreeMap<String, (Backup, Vec<u8>)>;

/// Everything a test can reach behind the ports.
#[derive(Clone, Default)]
pub struct World {
    pub wall_ms: Arc<Mutex<i64>>,
    pub boot: Arc<Mutex<Duration>>,
    pub file: Arc<Mutex<Option<Vec<u8>>>>,
    /// The copies of earlier revisions, by name, the newest first when listed.
    pub backups: Arc<Mutex<Backups>>,
    /// Whether backups can be read, and neither changed nor removed.
    pub backups_stay: Arc<Mutex<bool>>,
    /// Copies beside the vault: of ours where something foreign stands in its place, and of what was set aside.
    pub copies: Arc<Mutex<Vec<Vec<u8>>>>,
    /// How often the file was put in place.
    pub written: Arc<Mutex<u64>>,
    pub settings: Arc<Mutex<Option<String>>>,
    pub memory: Arc<Mutex<Option<String>>>,
    pub keyring: Arc<Mutex<BTreeMap<String, String>>>,
    /// What every call to the keyring fails with.
    pub keyring_fails: Arc<Mutex<Option<KeyStoreError>>>,
    pub clipboard: Arc<Mutex<Option<String>>>,
    /// A picture on the clipboard, encoded.
    pub clipboard_picture: Arc<Mutex<Option<Vec<u8>>>>,
    /// Files that were copied in a file manager.
    pub clipboard_files: Arc<Mutex<Vec<PathBuf>>>,
    /// Picture files, by path.
    pub pictures: Arc<Mutex<BTreeMap<PathBuf, Vec<u8>>>>,
    /// What the disk shows of the vault after a save, whatever was saved.
    pub shown_after_save: Arc<Mutex<Option<Vec<u8>>>>,
    /// Whether another program holds the clipboard and does not let go.
    pub clipboard_occupied: Arc<Mutex<bool>>,
    /// What the next saves fail with.
    pub disk_fails: Arc<Mutex<Option<StoreError>>>,
    /// What the disk says after the file is in its place.
    pub not_flushed: Arc<Mutex<Option<StoreError>>>,
    /// Whether the power fails after the backup is written and before the file is put in its place.
    pub cut_off: Arc<Mutex<bool>>,
    /// A file that another program puts in the vault's place just before a save.
    pub appears_on_save: Arc<Mutex<Option<Vec<u8>>>>,
    /// What the monitors show, encoded.
    pub screens: Arc<Mutex<Vec<Vec<u8>>>>,
    /// Whether the desktop asks the person before it shows them.
    pub screen_asks: Arc<Mutex<bool>>,
    /// What the camera does with each frame, one after another; when there is nothing more, it is unplugged.
    pub camera: Arc<Mutex<VecDeque<Shot>>>,
    /// Why the camera does not start.
    pub camera_fails: Arc<Mutex<Option<CameraError>>>,
    /// How many cameras are on.
    pub cameras_on: Arc<Mutex<u32>>,
}

/// What a camera does when it is asked for a frame.
pub enum Shot {
    /// It shows this picture, encoded.
    Shows(Vec<u8>),
    /// It hangs until this sender is dropped.
    Hangs(Receiver<()>),
}

impl World {
    pub fn new() -> World {
        let world = World::default();
        *world.wall_ms.lock().unwrap() = 1_700_000_000_000;
        world
    }

    pub fn ports(&self) -> Ports {
        Ports {
            clock: Arc::new(self.clone()),
            vault: Box::new(self.clone()),
            settings: Box::new(Text(self.settings.clone())),
            memory: Box::new(Text(self.memory.clone())),
            keys: Arc::new(self.clone()),
            clipboard: Arc::new(self.clone()),
            screen: Arc::new(self.clone()),
            pictures: Arc::new(self.clone()),
            camera: Arc::new(self.clone()),
        }
    }

    pub fn session(&self) -> Session {
        Session::new(self.ports())
    }

    /// A session with a new vault, open.
    pub fn open_session(&self) -> Session {
        let mut session = self.session();
        session.create(password(PASSWORD), "").unwrap();
        session
    }

    /// Another session with the same vault, open.
    pub fn open_session_again(&self) -> Session {
        let mut session = self.session();
        session.unlock(password(PASSWORD)).unwrap();
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

    fn stamp(&self) -> Option<FileStamp> {
        let file = self.file.lock().unwrap();
        // The last bytes of a vault file are its digest: as good as an inode.
        let number = file.as_ref()?.last_chunk::<8>().map_or(0, |last| u64::from_be_bytes(*last));
        Some(FileStamp { len: file.as_ref()?.len() as u64, modified_ns: 0, number })
    }

    fn update(&self, now: UnixTime, writer: &mut dyn VaultWriter) -> Result<Placed, UpdateError> {
        if let Some(error) = self.disk_fails.lock().unwrap().clone() {
            return Err(error.into());
        }
        let mut file = self.file.lock().unwrap();
        if let Some(appeared) = self.appears_on_save.lock().unwrap().take() {
            *file = Some(appeared);
        }
        let SealedFile { bytes, revision, digest } = writer.seal(file.as_deref()).ok_or(UpdateError::Refused)?;
        if !writer.is_good(&bytes) {
            return Err(StoreError::ReadBackDiffers.into());
        }
        let digest_start = *digest.as_bytes().first_chunk().unwrap();
        let name = format!("vault-{}-r{revision}-{digest}.warifu", now.as_secs());
        let backup = Backup { name: name.clone(), place: BackupPlace::Beside, taken_at: now, revision, digest_start };
        self.backups.lock().unwrap().insert(name, (backup, bytes.clone()));
        if *self.cut_off.lock().unwrap() {
            return Err(StoreError::Io { reason: "power cut".into() }.into());
        }
        *file = self.shown_after_save.lock().unwrap().clone().or(Some(bytes));
        *self.written.lock().unwrap() += 1;
        let not_flushed = self.not_flushed.lock().unwrap().clone();
        Ok(Placed { not_flushed, ..Placed::default() })
    }

    fn backups(&self) -> Result<Vec<Backup>, StoreError> {
        let mut backups: Vec<Backup> =
            self.backups.lock().unwrap().values().map(|(backup, _)| backup.clone()).collect();
        backups.sort_by_key(|backup| std::cmp::Reverse(backup.revision));
        Ok(backups)
    }

    fn read_backup(&self, backup: &Backup) -> Result<Vec<u8>, StoreError> {
        let backups = self.backups.lock().unwrap();
        let found = backups.get(&backup.name).ok_or(StoreError::Io { reason: "not found".into() })?;
        Ok(found.1.clone())
    }

    fn rewrite_backup(&self, backup: &Backup, bytes: &[u8]) -> Result<(), StoreError> {
        if *self.backups_stay.lock().unwrap() {
            return Err(StoreError::Io { reason: "read-only".into() });
        }
        self.backups.lock().unwrap().get_mut(&backup.name).unwrap().1 = bytes.to_vec();
        Ok(())
    }

    fn remove_backup(&self, backup: &Backup) -> Result<(), StoreError> {
        self.backups.lock().unwrap().remove(&backup.name);
        Ok(())
    }

    fn write_conflict_copy(&self, _: UnixTime, bytes: &[u8]) -> Result<String, StoreError> {
        self.copies.lock().unwrap().push(bytes.to_vec());
        Ok("a copy".into())
    }

    fn write_aside(&self, _: UnixTime, bytes: &[u8]) -> Result<String, StoreError> {
        self.copies.lock().unwrap().push(bytes.to_vec());
        Ok("set aside".into())
    }

    fn set_aside(&self, _: UnixTime) -> Result<Option<String>, StoreError> {
        let aside = self.file.lock().unwrap().take();
        let named = aside.as_ref().map(|_| "set aside".to_owned());
        self.copies.lock().unwrap().extend(aside);
        Ok(named)
    }

    fn put_back(&self, _: &str) -> Result<(), StoreError> {
        *self.file.lock().unwrap() = self.copies.lock().unwrap().pop();
        Ok(())
    }

    fn set_second_folder(&mut self, _: Option<PathBuf>) {}

    fn copies(&self) -> Result<Vec<String>, StoreError> {
        Ok(Vec::new())
    }

    fn second_folder_is_there(&self) -> bool {
        true
    }

    fn second_folder_shares_disk(&self) -> bool {
        false
    }

    fn tidy(&self) -> Result<(), StoreError> {
        Ok(())
    }

    fn place(&self) -> String {
        "memory".into()
    }

    fn backups_place(&self) -> String {
        "backups".into()
    }
}

impl KeyStore for World {
    fn get(&self, name: &str) -> Result<Zeroizing<String>, KeyStoreError> {
        self.keyring_works()?;
        let kept = self.keyring.lock().unwrap().get(name).cloned();
        kept.map(Zeroizing::new).ok_or(KeyStoreError::NoEntry)
    }

    fn set(&self, name: &str, text: &Zeroizing<String>) -> Result<(), KeyStoreError> {
        self.keyring_works()?;
        self.keyring.lock().unwrap().insert(name.to_owned(), text.to_string());
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<(), KeyStoreError> {
        self.keyring_works()?;
        self.keyring.lock().unwrap().remove(name);
        Ok(())
    }
}

impl World {
    fn keyring_works(&self) -> Result<(), KeyStoreError> {
        self.keyring_fails.lock().unwrap().clone().map_or(Ok(()), Err)
    }
}

/// One small text.
struct Text(Arc<Mutex<Option<String>>>);

impl SettingsStore for Text {
    fn load(&self) -> Result<Option<String>, StoreError> {
        Ok(self.0.lock().unwrap().clone())
    }
    fn save(&self, text: &str) -> Result<(), StoreError> {
        *self.0.lock().unwrap() = Some(text.to_owned());
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
    fn read(&self) -> Result<Vec<Pasted>, ClipboardError> {
        if *self.clipboard_occupied.lock().unwrap() {
            return Err(ClipboardError { reason: "occupied".into() });
        }
        let files = Some(self.clipboard_files.lock().unwrap().clone()).filter(|files| !files.is_empty());
        let picture = self.pasted_picture();
        let text = self.clipboard.lock().unwrap().clone();
        let shapes = [
            files.map(Pasted::Files),
            picture.map(|picture| Pasted::Picture(Ok(picture))),
            text.map(|text| Pasted::Text(text.into())),
        ];
        Ok(shapes.into_iter().flatten().collect())
    }
    fn clear_if_still(&self, mark: &Mark) -> Result<bool, ClipboardError> {
        let text = self.clipboard.lock().unwrap().as_deref().is_some_and(|text| Mark::of_text(text) == *mark);
        let picture = self.pasted_picture().is_some_and(|picture| Mark::of_picture(&picture) == *mark);
        if text || picture {
            *self.clipboard.lock().unwrap() = None;
            *self.clipboard_picture.lock().unwrap() = None;
        }
        Ok(text || picture)
    }
}

impl World {
    fn pasted_picture(&self) -> Option<Picture> {
        self.clipboard_picture.lock().unwrap().as_ref().map(|bytes| Picture::decode(bytes).unwrap())
    }
}

impl PictureFiles for World {
    fn read(&self, path: &Path, _: u64) -> Result<Zeroizing<Vec<u8>>, String> {
        let bytes = self.pictures.lock().unwrap().get(path).cloned();
        bytes.map(Zeroizing::new).ok_or_else(|| "not found".to_owned())
    }

    fn is_still(&self, path: &Path, mark: &Mark) -> bool {
        self.pictures.lock().unwrap().get(path).is_some_and(|bytes| Mark::of_file(bytes) == *mark)
    }

    fn delete_if_still(&self, path: &Path, mark: &Mark) -> Result<(), DeleteError> {
        if !self.pictures.lock().unwrap().contains_key(path) {
            return Err(DeleteError::Gone);
        }
        if !self.is_still(path, mark) {
            return Err(DeleteError::Changed);
        }
        self.pictures.lock().unwrap().remove(path);
        Ok(())
    }
}

/// Adds one candidate under a name.
pub fn add_one(
    unlocked: &mut Unlocked<'_>,
    candidate: CandidateId,
    issuer: &str,
    account: &str,
    even_if_present: bool,
) -> Result<EntryId, SessionError> {
    let (issuer, account) = (issuer.to_owned(), account.to_owned());
    let addition = Addition { candidate, issuer, account, even_if_present, replaces: None };
    Ok(unlocked.add_candidates(vec![addition])?.entries[0])
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

    fn asks(&self) -> bool {
        *self.screen_asks.lock().unwrap()
    }
}

impl Camera for World {
    fn start(&self) -> Result<Box<dyn CameraStream>, CameraError> {
        self.camera_fails.lock().unwrap().clone().map_or(Ok(()), Err)?;
        *self.cameras_on.lock().unwrap() += 1;
        Ok(Box::new(Filmed(self.clone())))
    }
}

/// The camera while it is on.
struct Filmed(World);

impl CameraStream for Filmed {
    fn name(&self) -> &str {
        "Camera of memory"
    }
    fn size(&self) -> (u32, u32) {
        (800, 400)
    }
    fn frame(&mut self) -> Result<Picture, CameraError> {
        let shot = self.0.camera.lock().unwrap().pop_front();
        match shot {
            Some(Shot::Shows(bytes)) => Ok(Picture::decode(&bytes).unwrap()),
            Some(Shot::Hangs(until)) => {
                let _ = until.recv();
                Err(CameraError::Failed { reason: "hung".into() })
            }
            None => Err(CameraError::Failed { reason: "unplugged".into() }),
        }
    }
}

impl Drop for Filmed {
    fn drop(&mut self) {
        *self.0.cameras_on.lock().unwrap() -= 1;
    }
}

/// Reads a key and adds its account.
pub fn add(session: &mut Session, uri: &str) -> EntryId {
    let mut unlocked = session.unlocked().unwrap();
    unlocked.propose(read_payload(uri));
    let (id, candidate) = unlocked.candidates().next().unwrap();
    let label = candidate.label.clone();
    add_one(&mut unlocked, id, &label.issuer.unwrap_or_default(), &label.account_name, false).unwrap()
}

/// The accounts, by name.
pub fn names(session: &mut Session) -> Vec<String> {
    let unlocked = session.unlocked().unwrap();
    unlocked.entries("").iter().map(|entry| entry.label.account_name.clone()).collect()
}

/// What there is to tell the person.
pub fn told(session: &mut Session) -> Vec<ErrorCode> {
    session.unlocked().unwrap().notices().iter().map(|notice| notice.code).collect()
}
