//! Whether two folders are lost together: a copy on the disk of the original is no help when that disk breaks.

use std::{io, path::Path};

/// Whether both lie on one file system. Two partitions of one disk are told apart, and not known to be one.
#[cfg(unix)]
pub(super) fn share_a_disk(one: &Path, other: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    Ok(one.metadata()?.dev() == other.metadata()?.dev())
}

/// Whether both lie under one drive letter or share.
#[cfg(not(unix))]
pub(super) fn share_a_disk(one: &Path, other: &Path) -> io::Result<bool> {
    let (one, other) = (one.canonicalize()?, other.canonicalize()?);
    Ok(one.components().next() == other.components().next())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_folder_shares_a_disk_with_itself_and_not_with_another_file_system() {
        let folder = tempfile::tempdir().unwrap();
        assert!(share_a_disk(folder.path(), folder.path().parent().unwrap()).unwrap());
        assert!(!share_a_disk(folder.path(), Path::new("/proc")).unwrap());
        assert!(share_a_disk(folder.path(), Path::new("/nowhere at all")).is_err());
    }
}
