//! The lock among processes.

use std::{io, path::Path, thread::sleep, time::Duration};

use warifu_session::ports::StoreError;

use crate::{
    disk::{Disk, DiskFile},
    reason::io_error,
};

/// A save takes some milliseconds; whoever waits longer than ten seconds stands behind something that hangs. The pause is
/// short, since one who saves without end leaves only small gaps to slip into.
const TRIES: u32 = 4000;
const PAUSE: Duration = Duration::from_micros(2500);

/// The lock among processes. The system frees it when the process ends, however it ends.
pub(super) struct Lock {
    _file: Box<dyn DiskFile>,
    /// False on a file system without locks (some network drives): then others may be writing all the same, and the save has
    /// to notice it.
    pub(super) works: bool,
}

impl Lock {
    /// Waits for the lock of a vault.
    pub(super) fn take(disk: &dyn Disk, vault: &Path) -> Result<Lock, StoreError> {
        let mut file = open(disk, vault)?;
        for _ in 0..TRIES {
            if let Some(works) = attempt(&mut *file)? {
                return Ok(Lock { _file: file, works });
            }
            sleep(PAUSE);
        }
        Err(StoreError::Busy)
    }

    /// The lock of a vault, if nobody has it just now.
    pub(super) fn take_if_free(disk: &dyn Disk, vault: &Path) -> Result<Option<Lock>, StoreError> {
        let mut file = open(disk, vault)?;
        Ok(attempt(&mut *file)?.map(|works| Lock { _file: file, works }))
    }
}

fn open(disk: &dyn Disk, vault: &Path) -> Result<Box<dyn DiskFile>, StoreError> {
    let mut name = vault.file_name().unwrap_or_default().to_owned();
    name.push(".lock");
    disk.open_lock(&vault.with_file_name(name)).map_err(|error| io_error(&error))
}

/// Whether the lock works, once it is ours; nothing while another has it.
fn attempt(file: &mut dyn DiskFile) -> Result<Option<bool>, StoreError> {
    match file.try_lock() {
        Ok(true) => Ok(Some(true)),
        Ok(false) => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(None),
        // The checks of the file on disk and of the backups still stand.
        Err(error) if has_no_locks(&error) => Ok(Some(false)),
        Err(error) => Err(io_error(&error)),
    }
}

/// Whether the error says that this file system has no locks at all.
fn has_no_locks(error: &io::Error) -> bool {
    // No locks available; function or request not supported.
    #[cfg(target_os = "linux")]
    const NUMBERS: &[i32] = &[37, 38, 95];
    #[cfg(target_os = "macos")]
    const NUMBERS: &[i32] = &[77, 78, 45, 102];
    #[cfg(windows)]
    const NUMBERS: &[i32] = &[1, 50];
    #[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
    const NUMBERS: &[i32] = &[];
    error.kind() == io::ErrorKind::Unsupported || error.raw_os_error().is_some_and(|number| NUMBERS.contains(&number))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::disk::RealDisk;

    #[test]
    fn a_lock_held_elsewhere_is_waited_for_and_seen() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault");
        let lock = Lock::take(&RealDisk, &path).unwrap();
        assert!(lock.works);
        assert!(Lock::take_if_free(&RealDisk, &path).unwrap().is_none());
        let waiter = std::thread::spawn({
            let path = path.clone();
            move || Lock::take(&RealDisk, &path).map(|lock| lock.works)
        });
        sleep(PAUSE * 20);
        assert!(!waiter.is_finished());
        drop(lock);
        assert_eq!(waiter.join().unwrap(), Ok(true));
        assert!(Lock::take_if_free(&RealDisk, &path).unwrap().is_some());
    }

    #[test]
    fn a_drive_without_locks_is_told_from_one_that_refuses() {
        assert!(has_no_locks(&io::ErrorKind::Unsupported.into()));
        assert!(!has_no_locks(&io::ErrorKind::PermissionDenied.into()));
        #[cfg(target_os = "linux")]
        assert!(has_no_locks(&io::Error::from_raw_os_error(37)), "ENOLCK");
    }
}
