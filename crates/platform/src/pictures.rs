//! Picture files that a person chose, dropped or pasted.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read},
    path::Path,
};

use warifu_session::{
    ports::{DeleteError, Mark, PictureFiles, Pictures},
    scan::{Document, FILE_BYTES_LIMIT, PictureError},
};
use zeroize::Zeroizing;

use crate::{disk::read_limited, pages::pages_of, reason::reason};

/// Picture files on this machine's drives.
#[derive(Debug, Clone, Copy, Default)]
pub struct DiskPictures;

impl PictureFiles for DiskPictures {
    fn read(&self, path: &Path, limit: u64) -> Result<Zeroizing<Vec<u8>>, String> {
        read_limited(path, limit).map(Zeroizing::new).map_err(|error| reason(&error))
    }

    fn open(&self, bytes: &[u8]) -> Result<Pictures, PictureError> {
        if Document::is_pdf(bytes) { pages_of(bytes) } else { Ok(Box::new(Document::open(bytes)?)) }
    }

    fn is_still(&self, path: &Path, mark: &Mark) -> bool {
        open_if_still(path, mark).is_ok()
    }

    fn delete_if_still(&self, path: &Path, mark: &Mark) -> Result<(), DeleteError> {
        let file = open_if_still(path, mark)?;
        if !is_named(&file, path) {
            return Err(DeleteError::Changed);
        }
        // Windows deletes no file that is open without leave to do so.
        drop(file);
        fs::remove_file(path).map_err(refused)
    }
}

/// Opens the file if it is itself, not a link to one, and holds what was read.
fn open_if_still(path: &Path, mark: &Mark) -> Result<File, DeleteError> {
    let found = fs::symlink_metadata(path).map_err(refused)?;
    if found.is_symlink() {
        return Err(DeleteError::Link);
    }
    if !found.is_file() {
        return Err(DeleteError::Changed);
    }
    let mut file = open_no_follow(path).map_err(refused)?;
    let found = file.metadata().map_err(refused)?;
    if !found.is_file() || found.len() > FILE_BYTES_LIMIT as u64 {
        return Err(DeleteError::Changed);
    }
    let mut bytes = Zeroizing::new(Vec::new());
    // Room for all of it and one byte more: then the end is found without growing.
    bytes.reserve_exact(usize::try_from(found.len()).unwrap_or(0).saturating_add(1));
    Read::by_ref(&mut file).take(FILE_BYTES_LIMIT as u64 + 1).read_to_end(&mut bytes).map_err(refused)?;
    if Mark::of_file(&bytes) == *mark { Ok(file) } else { Err(DeleteError::Changed) }
}

#[cfg(unix)]
fn open_no_follow(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    // A pipe put in its place meanwhile must not keep us waiting either.
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)
}

#[cfg(windows)]
fn open_no_follow(path: &Path) -> io::Result<File> {
    use std::os::windows::fs::OpenOptionsExt;
    /// `FILE_FLAG_OPEN_REPARSE_POINT`: the link itself, which then is no ordinary file.
    const THE_LINK_ITSELF: u32 = 0x0020_0000;
    OpenOptions::new().read(true).custom_flags(THE_LINK_ITSELF).open(path)
}

/// Whether an open file is the one that has this name now.
#[cfg(unix)]
fn is_named(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let same = |(open, named): (fs::Metadata, fs::Metadata)| (open.dev(), open.ino()) == (named.dev(), named.ino());
    file.metadata().and_then(|open| Ok((open, fs::symlink_metadata(path)?))).is_ok_and(same)
}

#[cfg(windows)]
fn is_named(_: &File, path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|named| named.is_file())
}

fn refused(error: io::Error) -> DeleteError {
    match error.kind() {
        io::ErrorKind::NotFound => DeleteError::Gone,
        _ if is_link(&error) => DeleteError::Link,
        _ => DeleteError::Refused { reason: reason(&error) },
    }
}

/// What opening without following links says of one.
#[cfg(unix)]
fn is_link(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
}

#[cfg(windows)]
fn is_link(_: &io::Error) -> bool {
    false
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn file(folder: &Path, name: &str, bytes: &[u8]) -> (std::path::PathBuf, Mark) {
        let path = folder.join(name);
        fs::write(&path, bytes).unwrap();
        (path, Mark::of_file(bytes))
    }

    #[test]
    fn the_very_file_is_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let (path, mark) = file(folder.path(), "a.png", b"picture");
        assert!(DiskPictures.is_still(&path, &mark));
        DiskPictures.delete_if_still(&path, &mark).unwrap();
        assert!(!path.exists());
        assert_eq!(DiskPictures.delete_if_still(&path, &mark), Err(DeleteError::Gone));
        assert!(!DiskPictures.is_still(&path, &mark));
    }

    #[test]
    fn a_changed_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (path, mark) = file(folder.path(), "a.png", b"picture");
        for changed in [&b"picturf"[..], b"picture and more", b""] {
            fs::write(&path, changed).unwrap();
            assert_eq!(DiskPictures.delete_if_still(&path, &mark), Err(DeleteError::Changed));
            assert_eq!(fs::read(&path).unwrap(), changed);
        }
    }

    #[test]
    fn a_folder_in_its_place_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (path, mark) = file(folder.path(), "a.png", b"");
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert_eq!(DiskPictures.delete_if_still(&path, &mark), Err(DeleteError::Changed));
        assert!(path.exists());
    }

    #[test]
    #[cfg(unix)]
    fn neither_a_link_nor_what_it_leads_to_is_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let (path, mark) = file(folder.path(), "a.png", b"picture");
        let link = folder.path().join("b.png");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert_eq!(DiskPictures.delete_if_still(&link, &mark), Err(DeleteError::Link));
        assert!(path.exists() && fs::symlink_metadata(&link).is_ok());
    }

    #[test]
    #[cfg(unix)]
    fn a_pipe_in_its_place_keeps_nobody_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let (path, mark) = file(folder.path(), "a.png", b"picture");
        fs::remove_file(&path).unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, &path, rustix::fs::Mode::RUSR).unwrap();
        assert_eq!(DiskPictures.delete_if_still(&path, &mark), Err(DeleteError::Changed));
    }
}
