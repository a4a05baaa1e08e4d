//! Small texts on a real disk: the settings, and what this machine remembers.

use std::{io, path::PathBuf};

use warifu_session::ports::{SettingsStore, StoreError};

use crate::{
    atomic::{Leftovers, Prepared, clear, leftovers, make_folders},
    disk::{RealDisk, folder_of, read_from},
    reason::io_error,
};

/// More than any settings.
const READ_LIMIT: u64 = 1024 * 1024;

/// A small text file, replaced atomically.
pub struct FileSettingsStore {
    path: PathBuf,
}

impl FileSettingsStore {
    /// A store at a path; nothing is touched yet.
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    fn replace(&self, text: &str) -> io::Result<()> {
        let folder = folder_of(&self.path);
        make_folders(&RealDisk, folder)?;
        // Whoever reads the folder a moment too late has no lock to be seen by: only what is old goes.
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let left = leftovers(&RealDisk, folder, |destination| destination == name)?;
        clear(&RealDisk, &left, Leftovers::Old);
        Ok(Prepared::write(&RealDisk, &self.path, text.as_bytes())?.place()?)
    }
}

impl SettingsStore for FileSettingsStore {
    fn load(&self) -> Result<Option<String>, StoreError> {
        match read_from(&RealDisk, &self.path, READ_LIMIT) {
            Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io_error(&error)),
        }
    }

    fn save(&self, text: &str) -> Result<(), StoreError> {
        self.replace(text).map_err(|error| io_error(&error))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_text_is_replaced_and_leaves_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let store = FileSettingsStore::new(folder.path().join("a/settings.json"));
        assert_eq!(store.load(), Ok(None));
        store.save("one").unwrap();
        store.save("two").unwrap();
        assert_eq!(store.load(), Ok(Some("two".to_owned())));
        assert_eq!(std::fs::read_dir(folder.path().join("a")).unwrap().count(), 1);
    }
}
