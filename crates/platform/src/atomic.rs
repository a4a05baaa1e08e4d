//! Putting a whole file in the place of another, or leaving everything as it was.

use std::{
    ffi::OsString,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use warifu_session::ports::Clock;

use crate::{
    clock::SystemClock,
    disk::{Disk, DiskFile, RealDisk, folder_of},
};

/// The end of the names of our temporary files.
const TEMP_SUFFIX: &str = ".warifu-tmp";
/// No save takes this long: where no lock tells the living from the dead, a temporary file this old is a dead one's.
const NOBODYS_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// A file written whole and flushed to disk beside its destination, not yet in its place. Removed unless put in place.
pub(crate) struct Prepared<'d> {
    disk: &'d dyn Disk,
    /// Kept open where its lock tells that its writer lives.
    file: Option<Box<dyn DiskFile>>,
    temp: PathBuf,
    destination: PathBuf,
    placed: bool,
}

impl<'d> Prepared<'d> {
    /// Writes `bytes` beside `destination`, readable by the owner alone, and flushes them to the disk.
    pub(crate) fn write(disk: &'d dyn Disk, destination: &Path, bytes: &[u8]) -> io::Result<Prepared<'d>> {
        let temp = temp_beside(destination)?;
        let mut file = disk.create(&temp)?;
        // From here on it goes when this function fails.
        let prepared = Prepared { disk, file: None, temp, destination: destination.to_owned(), placed: false };
        let written = file.write_all(bytes).and_then(|()| file.sync());
        // Closed before it may be removed, for Windows.
        drop(file);
        written.map(|()| prepared)
    }

    /// The same where no lock among processes covers the writing: the temporary file has one of its own while its writer
    /// lives. It cannot be read back, since Windows lets nobody read what is locked.
    pub(crate) fn write_locked(disk: &'d dyn Disk, destination: &Path, bytes: &[u8]) -> io::Result<Prepared<'d>> {
        let temp = temp_beside(destination)?;
        let mut file = disk.create(&temp)?;
        let mut prepared = Prepared { disk, file: None, temp, destination: destination.to_owned(), placed: false };
        // Without locks only its age tells.
        let _ = file.try_lock();
        file.write_all(bytes).and_then(|()| file.sync())?;
        prepared.file = Some(file);
        Ok(prepared)
    }

    /// What the disk holds, through a descriptor of its own.
    pub(crate) fn read_back(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.disk.open(&self.temp)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Puts it in the destination's place. Durable when this returns without an error.
    pub(crate) fn place(mut self) -> Result<(), PlaceError> {
        if cfg!(windows) {
            // Nobody could read it there while it is locked.
            self.file = None;
        }
        self.disk.rename(&self.temp, &self.destination).map_err(PlaceError::NotPlaced)?;
        self.placed = true;
        self.disk.sync_folder(folder_of(&self.destination)).map_err(PlaceError::NotFlushed)
    }

    /// Puts it at the destination if there is nothing yet; otherwise [`io::ErrorKind::AlreadyExists`].
    pub(crate) fn place_new(self) -> Result<(), PlaceError> {
        // A hard link fails where a rename would overwrite what has appeared meanwhile.
        match self.disk.link(&self.temp, &self.destination) {
            Ok(()) => self.disk.sync_folder(folder_of(&self.destination)).map_err(PlaceError::NotFlushed),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(PlaceError::NotPlaced(error)),
            // File systems without hard links (FAT on a USB stick).
            Err(_) => self.place(),
        }
    }
}

/// Where putting a file in its place went wrong: the caller must know which file is there now.
#[derive(Debug)]
pub(crate) enum PlaceError {
    /// The old file is still there.
    NotPlaced(io::Error),
    /// The new file is there, but the disk did not confirm it.
    NotFlushed(io::Error),
}

impl From<PlaceError> for io::Error {
    fn from(error: PlaceError) -> Self {
        match error {
            PlaceError::NotPlaced(error) | PlaceError::NotFlushed(error) => error,
        }
    }
}

impl Drop for Prepared<'_> {
    fn drop(&mut self) {
        if !self.placed {
            // Best effort: if even removing fails, the next start clears it away.
            let _ = self.disk.remove(&self.temp);
        }
    }
}

/// Writes a file that must not exist yet, whole or not at all.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] if there is one; it is left alone.
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if RealDisk.has_name(path) {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    Ok(Prepared::write(&RealDisk, path, bytes)?.place_new()?)
}

/// Makes a folder with all that it lies in, for the owner alone, and so that a power cut does not take it away.
pub(crate) fn make_folders(disk: &dyn Disk, folder: &Path) -> io::Result<()> {
    if disk.facts(folder).is_ok_and(|facts| facts.is_folder) {
        return Ok(());
    }
    let parent = folder_of(folder);
    if parent != folder && parent != Path::new(".") {
        make_folders(disk, parent)?;
    }
    match disk.make_folder(folder) {
        // Someone was quicker, which is as good.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && disk.facts(folder)?.is_folder => {}
        outcome => outcome?,
    }
    match disk.sync_folder(parent) {
        // One may be allowed to make a folder where one may not look.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        outcome => outcome,
    }
}

/// Which temporary files may be cleared away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leftovers {
    /// All: a lock that works keeps everyone else from writing.
    All,
    /// Those whose own lock is free, and those so old that nobody can be writing them any more.
    Unlocked,
    /// Those so old that nobody can be writing them any more.
    Old,
}

/// The temporary files in a folder, left by crashed writers or still being written, of those files whose name is `ours`.
/// A folder that is not there has none.
pub(crate) fn leftovers(disk: &dyn Disk, folder: &Path, ours: impl Fn(&str) -> bool) -> io::Result<Vec<PathBuf>> {
    let names = match disk.names(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        names => names?,
    };
    let is_ours = |name: &&OsString| name.to_str().and_then(destination_of).is_some_and(&ours);
    Ok(names.iter().filter(is_ours).map(|name| folder.join(name)).collect())
}

/// Removes what crashed writers have left.
pub(crate) fn clear(disk: &dyn Disk, leftovers: &[PathBuf], which: Leftovers) {
    let now_ns = i128::from(SystemClock.wall_ms()) * 1_000_000;
    // Far in the future is as dead as far in the past: one of the two clocks was wrong.
    let is_old =
        |path: &Path| disk.facts(path).is_ok_and(|facts| facts.modified_ns.abs_diff(now_ns) > NOBODYS_AFTER.as_nanos());
    let is_unlocked = |path: &Path| disk.open(path).and_then(|mut file| file.try_lock()).unwrap_or(false);
    for path in leftovers {
        let is_dead = match which {
            Leftovers::All => true,
            Leftovers::Unlocked => is_unlocked(path) || is_old(path),
            Leftovers::Old => is_old(path),
        };
        if is_dead {
            // What cannot go now may go at the next start.
            let _ = disk.remove(path);
        }
    }
}

fn temp_beside(destination: &Path) -> io::Result<PathBuf> {
    let random = getrandom::u64().map_err(io::Error::other)?;
    let name = destination.file_name().unwrap_or_default().to_string_lossy();
    Ok(folder_of(destination).join(format!(".{name}.{random:016x}{TEMP_SUFFIX}")))
}

/// The name a temporary file was to get; none if it is no temporary file of ours.
fn destination_of(temp: &str) -> Option<&str> {
    let (destination, random) = temp.strip_prefix('.')?.strip_suffix(TEMP_SUFFIX)?.rsplit_once('.')?;
    (random.len() == 16 && random.bytes().all(|b| b.is_ascii_hexdigit())).then_some(destination)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs::{self, File};

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_is_not_placed_leaves_no_trace() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "old").unwrap();
        drop(Prepared::write(&RealDisk, &path, b"new").unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["a"]);
    }

    #[test]
    fn a_newfile_is_the_owners_alone_and_never_overwrites() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("qr.png");
        write_new(&path, b"one").unwrap();
        assert_eq!(write_new(&path, b"two").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!(names(folder.path()), ["qr.png"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn leftovers_of_thisfile_are_cleared_and_others_kept() {
        let folder = tempfile::tempdir().unwrap();
        for name in
            [".vault.warifu.0123456789abcdef.warifu-tmp", ".other.0123456789abcdef.warifu-tmp", ".vault.warifu.x"]
        {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let left = leftovers(&RealDisk, folder.path(), |name| name == "vault.warifu").unwrap();
        clear(&RealDisk, &left, Leftovers::All);
        assert_eq!(names(folder.path()), [".other.0123456789abcdef.warifu-tmp", ".vault.warifu.x"]);
    }

    #[test]
    fn where_no_lock_works_only_an_old_temporaryfile_is_a_dead_ones() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".vault.warifu.0123456789abcdef.warifu-tmp");
        let file = File::create(&path).unwrap();
        let clear = || clear(&RealDisk, &leftovers(&RealDisk, folder.path(), |_| true).unwrap(), Leftovers::Old);
        clear();
        assert!(path.exists());
        let written = file.metadata().unwrap().modified().unwrap();
        file.set_modified(written - 2 * NOBODYS_AFTER).unwrap();
        clear();
        assert!(!path.exists());
    }

    #[test]
    fn folders_are_made_with_all_they_lie_in() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("a/b/c");
        make_folders(&RealDisk, &deep).unwrap();
        make_folders(&RealDisk, &deep).unwrap();
        assert!(deep.is_dir());
        fs::write(folder.path().join("file"), "").unwrap();
        assert!(make_folders(&RealDisk, &folder.path().join("file")).is_err());
    }
}
