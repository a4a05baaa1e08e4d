//! Putting a whole file in the place of another, or leaving everything as it was.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

/// The end of the names of our temporary files; the next writer clears away what a crash has left.
const TEMP_SUFFIX: &str = ".warifu-tmp";

/// A file written whole and flushed to disk beside its destination, not yet in its place. Removed unless put in place.
pub(crate) struct Prepared {
    temp: PathBuf,
    destination: PathBuf,
    placed: bool,
}

impl Prepared {
    /// Writes `bytes` beside `destination`, readable by the owner alone, and flushes them to the disk.
    pub(crate) fn write(destination: &Path, bytes: &[u8]) -> io::Result<Prepared> {
        let temp = temp_beside(destination)?;
        let prepared = Prepared { temp, destination: destination.to_owned(), placed: false };
        let mut file = private_options().open(&prepared.temp)?;
        file.write_all(bytes)?;
        // An error here is final for this descriptor: the pages may be gone while a second call says "fine".
        file.sync_all()?;
        Ok(prepared)
    }

    /// What the disk holds, through a descriptor of its own.
    pub(crate) fn read_back(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(&self.temp)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Puts it in the destination's place. Durable when this returns without an error.
    pub(crate) fn place(mut self) -> Result<(), PlaceError> {
        rename(&self.temp, &self.destination).map_err(PlaceError::NotPlaced)?;
        self.placed = true;
        sync_folder(folder_of(&self.destination)).map_err(PlaceError::NotFlushed)
    }
}

/// Where putting a file in its place went wrong: the caller must know which file is there now.
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

impl Drop for Prepared {
    fn drop(&mut self) {
        if !self.placed {
            // Best effort: if even removing fails, the next writer clears it away.
            let _ = fs::remove_file(&self.temp);
        }
    }
}

/// Writes a file that must not exist yet, whole or not at all.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] if there is one; it is left alone.
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if path.try_exists()? {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let prepared = Prepared::write(path, bytes)?;
    // A hard link fails where a rename would overwrite what has appeared meanwhile.
    match fs::hard_link(&prepared.temp, path) {
        Ok(()) => sync_folder(folder_of(path)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        // File systems without hard links (FAT on a USB stick).
        Err(_) => Ok(prepared.place()?),
    }
}

/// Makes the folder of a file, for the owner alone.
pub(crate) fn make_folder(file: &Path) -> io::Result<()> {
    let folder = folder_of(file);
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Removes what crashed writers have left beside a file. Call it under the lock.
pub(crate) fn clear_leftovers(destination: &Path) -> io::Result<()> {
    let start = temp_start(destination);
    for entry in fs::read_dir(folder_of(destination))? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(&start) && name.ends_with(TEMP_SUFFIX) {
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

/// Options for a new file of the owner alone; neither an existing file nor a link in its place is opened.
pub(crate) fn private_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

pub(crate) fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn temp_start(destination: &Path) -> String {
    let name = destination.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    format!(".{name}.")
}

fn temp_beside(destination: &Path) -> io::Result<PathBuf> {
    let random = getrandom::u64().map_err(io::Error::other)?;
    Ok(folder_of(destination).join(format!("{}{random:016x}{TEMP_SUFFIX}", temp_start(destination))))
}

#[cfg(not(windows))]
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)
}

/// Windows refuses while a virus scanner or a file sync holds either file: try again for some seconds.
#[cfg(windows)]
fn rename(from: &Path, to: &Path) -> io::Result<()> {
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

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        // Some file systems (network drives, FUSE) have no such thing as flushing a folder.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        outcome => outcome,
    }
}

/// NTFS journals the rename itself, and a folder cannot be flushed.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
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
        drop(Prepared::write(&path, b"new").unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["a"]);
    }

    #[test]
    fn a_new_file_is_the_owners_alone_and_never_overwrites() {
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
    fn leftovers_of_this_file_are_cleared_and_others_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.warifu");
        fs::write(folder.path().join(".vault.warifu.0123.warifu-tmp"), "").unwrap();
        fs::write(folder.path().join(".other.0123.warifu-tmp"), "").unwrap();
        clear_leftovers(&path).unwrap();
        assert_eq!(names(folder.path()), [".other.0123.warifu-tmp"]);
    }
}
