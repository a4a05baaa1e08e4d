//! Small texts on a real disk: the settings, and what this machine remembers.

use std::{
    io,
    path::PathBuf,
    sync::atomic::{AtomicBool, Ordering},
};

use warifu_session::ports::{SettingsStore, StoreError};

use crate::{
    atomic::{Leftovers, Prepared, clear, leftovers, make_folders},
    disk::{RealDisk, folder_of, read_from},
    reason::io_error,
};

/// More than any settings.
const READ_LIMIT: u64 = 1024 * 1024;

/// A small text file, replaced atomically. Of two that save at once, the last one's text stays.
pub struct FileSettingsStore {
    path: PathBuf,
    tidied: AtomicBool,
}

impl FileSettingsStore {
    /// A store at a path; nothing is touched yet.
    pub fn new(path: PathBuf) -> Self {
        Self { path, tidied: AtomicBool::new(false) }
    }

    /// Clears away what a crash has left, once: at the start.
    fn tidy(&self) {
        if !self.tidied.swap(true, Ordering::Relaxed) {
            let name = self.path.file_name().unwrap_or_default().to_string_lossy();
            let left = leftovers(&RealDisk, folder_of(&self.path), |destination| destination == name);
            clear(&RealDisk, &left.unwrap_or_default(), Leftovers::Unlocked);
        }
    }

    fn replace(&self, text: &str) -> io::Result<()> {
        make_folders(&RealDisk, folder_of(&self.path))?;
        Ok(Prepared::write_locked(&RealDisk, &self.path, text.as_bytes())?.place()?)
    }
}

impl SettingsStore for FileSettingsStore {
    fn load(&self) -> Result<Option<String>, StoreError> {
        self.tidy();
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

    #[test]
    fn what_a_dead_writer_left_goes_at_the_start_and_what_a_living_one_writes_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        let dead = folder.path().join(".settings.json.0123456789abcdef.warifu-tmp");
        std::fs::write(&dead, "half").unwrap();
        let living = Prepared::write_locked(&RealDisk, &path, b"two").unwrap();
        assert_eq!(FileSettingsStore::new(path.clone()).load(), Ok(None));
        assert!(!dead.exists());
        living.place().unwrap();
        assert_eq!(FileSettingsStore::new(path).load(), Ok(Some("two".to_owned())));
    }
}
