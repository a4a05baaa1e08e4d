//! The vault file and the settings file on a real disk.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read},
    path::{Path, PathBuf},
    thread::sleep,
    time::Duration,
};

use warifu_session::ports::{SettingsStore, StoreError, VaultStore};

use crate::atomic::{PlaceError, Prepared, clear_leftovers, make_folder};

/// More than any vault; enough that a larger file is told apart from an unreadable one.
const VAULT_READ_LIMIT: u64 = 64 * 1024 * 1024 + 1;
/// More than any settings.
const SETTINGS_READ_LIMIT: u64 = 64 * 1024;
/// A save takes some milliseconds; whoever waits longer than this stands behind something that hangs.
const LOCK_TRIES: u32 = 100;
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// One vault file, saved atomically and durably.
///
/// A save, under an OS lock on a file beside the vault: write a temporary file, flush it to the disk, read it back through
/// another descriptor and have it checked, have the file on disk recognised, rename, flush the folder. There is no other
/// way of writing, so that a crash at any moment leaves the old file or the new one.
pub struct FileVaultStore {
    path: PathBuf,
}

impl FileVaultStore {
    /// A store at a path; nothing is touched yet.
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Where the file really lies: a link (into a folder that is synchronised, say) is followed and stays a link.
    fn real_path(&self) -> PathBuf {
        fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone())
    }
}

impl VaultStore for FileVaultStore {
    fn load(&self) -> Result<Option<Vec<u8>>, StoreError> {
        match read_limited(&self.path, VAULT_READ_LIMIT) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound && !is_dangling_link(&self.path) => Ok(None),
            Err(error) => Err(io_error(&error)),
        }
    }

    fn replace(
        &self,
        sealed: &[u8],
        is_current: &dyn Fn(Option<&[u8]>) -> bool,
        is_good: &dyn Fn(&[u8]) -> bool,
    ) -> Result<(), StoreError> {
        let path = self.real_path();
        make_folder(&path).map_err(|error| io_error(&error))?;
        let _lock = Lock::take(&path)?;
        clear_leftovers(&path).map_err(|error| io_error(&error))?;
        let prepared = Prepared::write(&path, sealed).map_err(|error| io_error(&error))?;
        if !is_good(&prepared.read_back().map_err(|error| io_error(&error))?) {
            return Err(StoreError::ReadBackDiffers);
        }
        if !is_current(self.load()?.as_deref()) {
            return Err(StoreError::Changed);
        }
        prepared.place().map_err(|error| match error {
            PlaceError::NotPlaced(error) => io_error(&error),
            PlaceError::NotFlushed(error) => StoreError::NotFlushed { reason: reason(&error) },
        })
    }

    fn place(&self) -> String {
        self.path.display().to_string()
    }
}

/// The settings file, replaced atomically.
pub struct FileSettingsStore {
    path: PathBuf,
}

impl FileSettingsStore {
    /// A store at a path; nothing is touched yet.
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }
}

impl SettingsStore for FileSettingsStore {
    fn load(&self) -> Result<Option<String>, StoreError> {
        match read_limited(&self.path, SETTINGS_READ_LIMIT) {
            Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io_error(&error)),
        }
    }

    fn save(&self, text: &str) -> Result<(), StoreError> {
        make_folder(&self.path).map_err(|error| io_error(&error))?;
        let prepared = Prepared::write(&self.path, text.as_bytes()).map_err(|error| io_error(&error))?;
        prepared.place().map_err(|error| io_error(&error.into()))
    }
}

/// Reads a file of at most `limit` bytes; of a larger one the first `limit` are returned, so that the reader can say that
/// it is too large. What is no ordinary file (a pipe, a device) is refused: reading it might never end.
///
/// # Errors
/// The system's.
pub fn read_limited(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let kind = fs::metadata(path)?;
    if !kind.is_file() {
        let reason = if kind.is_dir() { io::ErrorKind::IsADirectory } else { io::ErrorKind::InvalidInput };
        return Err(reason.into());
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The lock among processes. The system frees it when the process ends, however it ends.
struct Lock {
    _file: File,
}

impl Lock {
    fn take(vault: &Path) -> Result<Lock, StoreError> {
        let mut name = vault.file_name().unwrap_or_default().to_owned();
        name.push(".lock");
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(vault.with_file_name(name)).map_err(|error| io_error(&error))?;
        for _ in 0..LOCK_TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(Lock { _file: file }),
                Err(TryLockError::WouldBlock) => sleep(LOCK_PAUSE),
                // Some network drives have no locks. The check of the file on disk still stands.
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                    return Ok(Lock { _file: file });
                }
                Err(TryLockError::Error(error)) => return Err(io_error(&error)),
            }
        }
        Err(StoreError::Busy)
    }
}

fn is_dangling_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn io_error(error: &io::Error) -> StoreError {
    StoreError::Io { reason: reason(error) }
}

/// The system's word without any path in it.
fn reason(error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(number) => format!("{}, OS error {number}", error.kind()),
        None => error.kind().to_string(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn accept(store: &FileVaultStore, bytes: &[u8]) -> Result<(), StoreError> {
        store.replace(bytes, &|_| true, &|read_back| read_back == bytes)
    }

    #[test]
    fn a_missing_file_is_none_and_a_folder_in_its_place_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(FileVaultStore::new(folder.path().join("vault")).load(), Ok(None));
        assert!(matches!(FileVaultStore::new(folder.path().into()).load(), Err(StoreError::Io { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_refused_instead_of_read_for_ever() {
        assert!(read_limited(Path::new("/dev/zero"), 10).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_and_stays_and_a_dangling_one_is_never_a_first_start() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let store = FileVaultStore::new(link.clone());
        assert!(matches!(store.load(), Err(StoreError::Io { .. })));
        fs::write(&real, "old").unwrap();
        accept(&store, b"new").unwrap();
        assert_eq!(fs::read(&real).unwrap(), b"new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }

    #[test]
    fn a_file_that_reads_back_wrong_never_takes_the_old_ones_place() {
        let folder = tempfile::tempdir().unwrap();
        let store = FileVaultStore::new(folder.path().join("vault"));
        accept(&store, b"old").unwrap();
        let outcome = store.replace(b"new", &|_| true, &|_| false);
        assert_eq!(outcome, Err(StoreError::ReadBackDiffers));
        assert_eq!(store.load().unwrap().unwrap(), b"old");
    }

    #[test]
    fn a_file_changed_from_outside_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let store = FileVaultStore::new(folder.path().join("vault"));
        accept(&store, b"theirs").unwrap();
        let outcome = store.replace(b"ours", &|disk| disk == Some(b"known"), &|_| true);
        assert_eq!(outcome, Err(StoreError::Changed));
        assert_eq!(store.load().unwrap().unwrap(), b"theirs");
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left.len(), 2, "the vault and its lock, no temporary file: {left:?}");
    }

    #[test]
    fn a_lock_held_elsewhere_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault");
        let lock = Lock::take(&path).unwrap();
        let writer = std::thread::spawn({
            let store = FileVaultStore::new(path);
            move || accept(&store, b"new")
        });
        sleep(LOCK_PAUSE * 3);
        assert!(!writer.is_finished());
        drop(lock);
        writer.join().unwrap().unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn the_vault_and_its_folder_are_the_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let store = FileVaultStore::new(folder.path().join("a/b/vault"));
        accept(&store, b"new").unwrap();
        let mode = |path: &str| fs::metadata(folder.path().join(path)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("a/b"), mode("a/b/vault"), mode("a/b/vault.lock")), (0o700, 0o600, 0o600));
    }
}
