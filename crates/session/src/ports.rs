//! What the application asks of the world. `warifu-platform` answers for real; tests answer from memory.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use sha2::{Digest, Sha256};
use warifu_otp::{Otp, UnixTime};
use warifu_scan::{Document, Picture, PictureError};
pub use warifu_vault::VaultId;
use warifu_vault::{FileDigest, LockedVault};
use zeroize::Zeroizing;

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
    /// The file on disk kept changing while it was to be replaced.
    #[error("changed on disk")]
    Changed,
    /// What was read back is not what was written.
    #[error("read back differs")]
    ReadBackDiffers,
}

/// Where the one vault file lives, and the copies of its earlier revisions.
pub trait VaultStore: Send + Sync {
    /// The bytes of the vault, or none if there is none.
    fn load(&self) -> Result<Option<Vec<u8>>, StoreError>;

    /// What can be told of the file without reading it: another stamp than before means that it may have changed.
    fn stamp(&self) -> Option<FileStamp>;

    /// Puts the next revision in the place of the present one, atomically and durably, with an independent copy of it
    /// among the backups: afterwards the file is the old one or the new one, whole. Returns only when it is on the disk.
    ///
    /// The writer is asked for bytes under the lock, and again if someone without a working lock was quicker.
    fn update(&self, now: UnixTime, writer: &mut dyn VaultWriter) -> Result<Placed, UpdateError>;

    /// The backups, the newest revision first. A folder that is not there has none.
    fn backups(&self) -> Result<Vec<Backup>, StoreError>;

    /// The bytes of a backup.
    fn read_backup(&self, backup: &Backup) -> Result<Vec<u8>, StoreError>;

    /// Puts other bytes in a backup's place, atomically; its name keeps date and revision.
    fn rewrite_backup(&self, backup: &Backup, bytes: &[u8]) -> Result<(), StoreError>;

    /// Removes a backup.
    fn remove_backup(&self, backup: &Backup) -> Result<(), StoreError>;

    /// Writes bytes under a new name beside the vault, and says which.
    fn write_conflict_copy(&self, now: UnixTime, bytes: &[u8]) -> Result<String, StoreError>;

    /// Writes bytes under a new name beside the vault, as those of a file about to be replaced by another vault's, and says
    /// which.
    fn write_aside(&self, now: UnixTime, bytes: &[u8]) -> Result<String, StoreError>;

    /// The names of the files beside the vault that [`Self::write_conflict_copy`], [`Self::write_aside`] and [`Self::set_aside`]
    /// have made. A folder that is not there has none.
    fn copies(&self) -> Result<Vec<String>, StoreError>;

    /// Gives the vault file another name beside its own, and says which; none if there is no file. It is then out of the way
    /// and not lost.
    fn set_aside(&self, now: UnixTime) -> Result<Option<String>, StoreError>;

    /// Gives a file its name as the vault back that [`Self::set_aside`] has taken from it; where something has this name by
    /// now, that stays.
    fn put_back(&self, aside: &str) -> Result<(), StoreError>;

    /// Takes a folder (a USB stick, a network drive) that gets a copy of each revision too; none for none.
    fn set_second_folder(&mut self, folder: Option<PathBuf>);

    /// Whether that folder is there, or none was chosen. One that is away may hold backups.
    fn second_folder_is_there(&self) -> bool;

    /// Whether that folder is known to lie on the disk of the vault, and would be lost with it.
    fn second_folder_shares_disk(&self) -> bool;

    /// Clears away what a crashed save has left. Call it at the start; a save under way elsewhere is left alone.
    fn tidy(&self) -> Result<(), StoreError>;

    /// The place, for people.
    fn place(&self) -> String;

    /// The folder of the backups beside it, for people.
    fn backups_place(&self) -> String;
}

/// Who brings the bytes of the next revision.
pub trait VaultWriter {
    /// The bytes to put in the place of those on disk (none: no file), or nothing if they must not be replaced.
    fn seal(&mut self, on_disk: Option<&[u8]>) -> Option<SealedFile>;

    /// Whether what was read back from the disk is what was sealed last.
    fn is_good(&mut self, read_back: &[u8]) -> bool;

    /// Whether a backup opens with the vault's key: only then it counts as one.
    fn is_good_backup(&mut self, bytes: &[u8]) -> bool;
}

/// The bytes of one revision, and the names it has without being opened.
pub struct SealedFile {
    /// The whole file.
    pub bytes: Vec<u8>,
    /// Its revision.
    pub revision: u64,
    /// Its digest.
    pub digest: FileDigest,
}

/// What the bytes of a vault file tell of themselves without a key: revision and digest. Nothing if they are no intact vault.
pub fn identify(bytes: &[u8]) -> Option<(u64, FileDigest)> {
    LockedVault::read(bytes).ok().map(|file| (file.revision(), file.file_digest()))
}

/// Which vault the bytes of a file say they are of. Nothing if they are no intact vault.
pub fn vault_of(bytes: &[u8]) -> Option<VaultId> {
    LockedVault::read(bytes).ok().map(|file| file.vault_id())
}

/// What came of a save whose file is in its place.
#[derive(Debug, Default)]
#[must_use]
pub struct Placed {
    /// Revisions that someone wrote at the same time, and that the file now in place may have covered: merge them.
    pub forks: Vec<Backup>,
    /// Why the new revision has no backup.
    pub backup_failed: Option<StoreError>,
    /// Why the second folder has no copy of it.
    pub second_failed: Option<StoreError>,
    /// Why the disk may not have taken it: a power cut now could bring the old file back.
    pub not_flushed: Option<StoreError>,
}

/// Why the file was not replaced. The old one is whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UpdateError {
    /// The writer had nothing to put in the place of what is on disk.
    #[error("refused by the writer")]
    Refused,
    /// The store could not.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A copy of one revision, as its name tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// The name of its file, without any folder.
    pub name: String,
    /// Which folder it lies in.
    pub place: BackupPlace,
    /// When it was written.
    pub taken_at: UnixTime,
    /// Its revision.
    pub revision: u64,
    /// The first bytes of its file digest.
    pub digest_start: [u8; 8],
}

/// Where a backup lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BackupPlace {
    /// In the folder beside the vault.
    Beside,
    /// In the second folder the person chose.
    Second,
}

/// What tells a changed file without reading it; compare, nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileStamp {
    /// Bytes.
    pub len: u64,
    /// Modification time in nanoseconds, as the system tells it.
    pub modified_ns: i128,
    /// The file's number on its file system, where there is such a thing.
    pub number: u64,
}

/// Why the system's keyring did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyStoreError {
    /// It has no such item.
    #[error("no such item")]
    NoEntry,
    /// There is no keyring, it is locked and stays so, or it refused.
    #[error("{reason}")]
    Unavailable {
        /// The system's own word for it.
        reason: String,
    },
    /// It did not answer in time. Whether it did what was asked is not known.
    #[error("no answer in time")]
    TimedOut,
}

/// The keyring of the operating system. Each call answers within two seconds, if only with [`KeyStoreError::TimedOut`].
pub trait KeyStore: Send + Sync {
    /// The text kept under a name.
    fn get(&self, name: &str) -> Result<Zeroizing<String>, KeyStoreError>;
    /// Keeps one line of text under a name.
    fn set(&self, name: &str, text: &Zeroizing<String>) -> Result<(), KeyStoreError>;
    /// Forgets what is kept under a name; there being nothing is no error.
    fn remove(&self, name: &str) -> Result<(), KeyStoreError>;
}

/// Where a small text lives, with nothing secret in it: the settings, and what this machine remembers of its vaults.
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
    /// Everything on it that could be read: files, else a picture, and text. One copied thing often lies there in several
    /// shapes. Empty if there is nothing of these.
    fn read(&self) -> Result<Vec<Pasted>, ClipboardError>;
    /// Empties it if its picture or its text is still this one. Says whether it did.
    fn clear_if_still(&self, mark: &Mark) -> Result<bool, ClipboardError>;
}

/// What was copied by another program.
#[derive(Debug)]
pub enum Pasted {
    /// Files, in a file manager.
    Files(Vec<PathBuf>),
    /// A picture, or why it is none that can be looked at.
    Picture(Result<Picture, PictureError>),
    /// Text.
    Text(Zeroizing<String>),
}

/// By what contents are known again without being kept: a digest (SHA-256) of what they are and hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Mark([u8; 32]);

impl Mark {
    /// The mark of a file with these bytes.
    #[must_use]
    pub fn of_file(bytes: &[u8]) -> Mark {
        Mark::of(b"file", &[bytes])
    }

    /// The mark of a text.
    #[must_use]
    pub fn of_text(text: &str) -> Mark {
        Mark::of(b"text", &[text.as_bytes()])
    }

    /// The mark of a picture: its size and its pixels.
    #[must_use]
    pub fn of_picture(picture: &Picture) -> Mark {
        let (width, height) = (picture.width().to_be_bytes(), picture.height().to_be_bytes());
        Mark::of(b"picture", &[&width, &height, picture.expose_rgba()])
    }

    /// The mark of a secret.
    pub(crate) fn of_key(otp: &Otp) -> Mark {
        Mark::of(b"key", &[&otp.secret().expose_bytes()])
    }

    fn of(kind: &[u8], parts: &[&[u8]]) -> Mark {
        let mut digest = Sha256::new_with_prefix(kind);
        parts.iter().for_each(|part| digest.update(part));
        Mark(digest.finalize().into())
    }
}

/// Why a picture file was not deleted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeleteError {
    /// There is nothing of that name any more.
    #[error("it is gone")]
    Gone,
    /// There is another file of that name, or the same with other contents.
    #[error("it has changed")]
    Changed,
    /// The name is that of a link. What it leads to may belong elsewhere.
    #[error("it is a link")]
    Link,
    /// The system refused.
    #[error("{reason}")]
    Refused {
        /// The system's own word for it.
        reason: String,
    },
}

/// One picture after another, each of which may fail for itself.
pub type Pictures = Box<dyn Iterator<Item = Result<Picture, PictureError>>>;

/// Files that a person chooses, drops or pastes. They may lie on slow drives: ask away from the session.
pub trait PictureFiles: Send + Sync {
    /// The bytes of a file, at most `limit` of them. The error is the system's word for it, without the path.
    fn read(&self, path: &Path, limit: u64) -> Result<Zeroizing<Vec<u8>>, String>;
    /// What there is to see in a picture file or a PDF. Here and now, unless whoever answers for real knows how to bound what a
    /// hostile PDF can do.
    fn open(&self, bytes: &[u8]) -> Result<Pictures, PictureError> {
        Ok(Box::new(Document::open(bytes)?))
    }
    /// Whether it is still the file that was read.
    fn is_still(&self, path: &Path, mark: &Mark) -> bool;
    /// Removes it for good if it is still the file that was read.
    fn delete_if_still(&self, path: &Path, mark: &Mark) -> Result<(), DeleteError>;
}

/// Why the screen could not be captured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaptureError {
    /// This desktop shows its picture to no program.
    #[error("this desktop gives no picture of the screen")]
    Unsupported,
    /// The person, or what they told their desktop before, refuses.
    #[error("refused")]
    Denied,
    /// The system wants to be told first that this program may, and then to start it anew.
    #[error("not permitted yet")]
    NotPermitted,
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
    /// A frame of every monitor; where they cannot be told apart, one of all of them together.
    fn capture(&self) -> Result<Vec<Frame>, CaptureError>;

    /// Whether this desktop may ask the person before it hands over a picture. Such a desktop puts windows where it pleases: frames come in
    /// the order of its monitors, and their places tell nothing.
    fn asks(&self) -> bool {
        false
    }
}

/// Why there is no picture from the camera.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CameraError {
    /// There is none that could be used.
    #[error("no camera")]
    NoCamera,
    /// Another program has it.
    #[error("in use")]
    Busy,
    /// The system, or the person by its settings, does not let this program use it.
    #[error("not allowed")]
    Denied,
    /// It does not work, or it is gone.
    #[error("{reason}")]
    Failed {
        /// The system's own word for it.
        reason: String,
    },
}

/// The cameras. Both this and what it starts may keep a caller waiting: ask on a thread of their own.
pub trait Camera: Send + Sync {
    /// Switches one on. It is off once the stream is dropped.
    fn start(&self) -> Result<Box<dyn CameraStream>, CameraError>;
}

/// A camera that is on. It stays on the thread that switched it on.
pub trait CameraStream {
    /// Its name, for people.
    fn name(&self) -> &str;
    /// Width and height of its pictures in pixels.
    fn size(&self) -> (u32, u32);
    /// Waits for the next picture. A damaged one is passed over.
    fn frame(&mut self) -> Result<Picture, CameraError>;
}

/// All the ports of a session. Those that may keep a caller waiting for other programs are shared, so that they can be asked
/// away from the session.
pub struct Ports {
    /// The clocks.
    pub clock: Arc<dyn Clock>,
    /// The vault file.
    pub vault: Box<dyn VaultStore>,
    /// The settings.
    pub settings: Box<dyn SettingsStore>,
    /// What this machine remembers of its vaults.
    pub memory: Box<dyn SettingsStore>,
    /// The keyring.
    pub keys: Arc<dyn KeyStore>,
    /// The clipboard.
    pub clipboard: Arc<dyn Clipboard>,
    /// The screen.
    pub screen: Arc<dyn ScreenCapture>,
    /// Picture files.
    pub pictures: Arc<dyn PictureFiles>,
    /// The cameras.
    pub camera: Arc<dyn Camera>,
}
