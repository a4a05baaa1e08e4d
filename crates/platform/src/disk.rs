//! What the stores ask of a file system: one method, one call of the system that can fail. Behind a trait, so that tests can
//! make each of them fail, and end the "process" before it.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

/// A file system.
pub(crate) trait Disk: Send + Sync {
    /// What a path leads to; links are followed.
    fn facts(&self, path: &Path) -> io::Result<Facts>;
    /// Whether something has this name, were it a link that leads nowhere.
    fn has_name(&self, path: &Path) -> bool;
    /// Where a path leads to in the end.
    fn real_path(&self, path: &Path) -> io::Result<PathBuf>;
    /// The names in a folder.
    fn names(&self, folder: &Path) -> io::Result<Vec<OsString>>;
    /// Opens a file to read it.
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Makes a file of the owner alone; neither an existing file nor a link in its place is opened.
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Opens a file to lock it, and makes it where there is none.
    fn open_lock(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Makes one folder of the owner alone.
    fn make_folder(&self, folder: &Path) -> io::Result<()>;
    /// Takes a folder away from everybody but its owner, if others may look into it.
    fn make_private(&self, folder: &Path) -> io::Result<()>;
    /// Puts a file in the place of another, in one step.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Gives a file a second name, which must not exist yet.
    fn link(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a name.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Brings to the disk which names a folder has.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
}

/// An open file.
pub(crate) trait DiskFile: Read + Write + Send {
    /// Brings what was written to the disk. An error is final for this file: the pages may be gone while a second call says
    /// "fine".
    fn sync(&mut self) -> io::Result<()>;
    /// Takes the lock of the file until it is closed, however that happens. False: another holds it.
    fn try_lock(&mut self) -> io::Result<bool>;
}

/// What is known of a file without reading it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts {
    /// An ordinary file.
    pub(crate) is_file: bool,
    /// A folder.
    pub(crate) is_folder: bool,
    /// Bytes.
    pub(crate) len: u64,
    /// When it was written last, in nanoseconds since 1970.
    pub(crate) modified_ns: i128,
    /// Its number on its file system; 0 where the system does not say.
    pub(crate) number: u64,
}

/// The file system of this machine.
pub(crate) struct RealDisk;

impl Disk for RealDisk {
    fn facts(&self, path: &Path) -> io::Result<Facts> {
        let found = fs::metadata(path)?;
        Ok(Facts {
            is_file: found.is_file(),
            is_folder: found.is_dir(),
            len: found.len(),
            modified_ns: found.modified().map_or(0, |time| match time.duration_since(UNIX_EPOCH) {
                Ok(after) => i128::try_from(after.as_nanos()).unwrap_or(i128::MAX),
                Err(before) => i128::try_from(before.duration().as_nanos()).map_or(i128::MIN, |nanos| -nanos),
            }),
            #[cfg(unix)]
            number: std::os::unix::fs::MetadataExt::ino(&found),
            #[cfg(not(unix))]
            number: 0,
        })
    }

    fn has_name(&self, path: &Path) -> bool {
        fs::symlink_metadata(path).is_ok()
    }

    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        fs::canonicalize(path)
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name())).collect()
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(File::open(path)?))
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        Ok(Box::new(options.open(path)?))
    }

    fn open_lock(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        Ok(Box::new(options.open(path)?))
    }

    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        #[allow(unused_mut, reason = "only Unix has modes")]
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)
    }

    #[cfg(unix)]
    fn make_private(&self, folder: &Path) -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt;
        match fs::metadata(folder)?.permissions().mode() & 0o077 {
            0 => Ok(()),
            _ => fs::set_permissions(folder, fs::Permissions::from_mode(0o700)),
        }
    }

    /// What lies in the folders of a person is theirs alone there.
    #[cfg(not(unix))]
    fn make_private(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    #[cfg(not(windows))]
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    /// Windows refuses while a virus scanner or a file sync holds either file: try again for some seconds.
    #[cfg(windows)]
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        use std::{thread::sleep, time::Duration};
        const SHARING_VIOLATION: i32 = 32;
        let mut pause = Duration::from_millis(10);
        loop {
            match fs::rename(from, to) {
                Err(error)
                    if pause < Duration::from_secs(3)
                        && (error.kind() == io::ErrorKind::PermissionDenied
                            || error.raw_os_error() == Some(SHARING_VIOLATION)) =>
                {
                    sleep(pause);
                    pause *= 2;
                }
                outcome => return outcome,
            }
        }
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::hard_link(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    #[cfg(unix)]
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        match File::open(folder)?.sync_all() {
            // Some file systems (network drives, FUSE) have no such thing as flushing a folder.
            Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
            outcome => outcome,
        }
    }

    /// NTFS journals the rename itself, and a folder cannot be flushed.
    #[cfg(not(unix))]
    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }
}

impl DiskFile for File {
    fn sync(&mut self) -> io::Result<()> {
        match self.sync_all() {
            // macOS asks the medium itself, of which a network drive knows nothing: then as far as it goes.
            #[cfg(target_os = "macos")]
            Err(error) if error.kind() == io::ErrorKind::Unsupported || error.raw_os_error() == Some(45) => {
                rustix::fs::fsync(&*self)?;
            }
            outcome => outcome?,
        }
        // Whoever reads it now should be answered by the disk, not by what is still in memory. A hint: no answer matters.
        #[cfg(target_os = "linux")]
        let _ = rustix::fs::fadvise(&*self, 0, None, rustix::fs::Advice::DontNeed);
        Ok(())
    }

    fn try_lock(&mut self) -> io::Result<bool> {
        match File::try_lock(self) {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

/// Reads a file of at most `limit` bytes; of a larger one the first `limit` are returned, so that the reader can say that
/// it is too large. What is no ordinary file (a pipe, a device) is refused: reading it might never end.
///
/// # Errors
/// The system's.
pub fn read_limited(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    read_from(&RealDisk, path, limit)
}

/// [`read_limited`] on a disk.
pub(crate) fn read_from(disk: &dyn Disk, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let facts = disk.facts(path)?;
    if !facts.is_file {
        let reason = if facts.is_folder { io::ErrorKind::IsADirectory } else { io::ErrorKind::InvalidInput };
        return Err(reason.into());
    }
    let mut bytes = Vec::new();
    // Room for all of it and one byte more: then the end is found without growing.
    bytes.try_reserve_exact(usize::try_from(facts.len.min(limit)).unwrap_or(0).saturating_add(1))?;
    disk.open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The folder a file lies in.
pub(crate) fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_device_is_refused_instead_of_read_for_ever() {
        assert!(read_limited(Path::new("/dev/zero"), 10).is_err());
    }
}
