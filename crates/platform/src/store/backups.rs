//! A folder with backups of one vault.

use std::{
    collections::HashSet,
    io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use warifu_session::ports::{Backup, BackupPlace, StoreError, VaultId, VaultWriter};

use super::{VAULT_READ_LIMIT, names, retention};
use crate::{
    atomic::{Prepared, leftovers, make_folders},
    disk::{Disk, folder_of, read_from},
    reason::io_error,
};

/// Where backups lie beside a vault.
const FOLDER: &str = "backups";
/// Nothing is pruned while fewer newer ones than these have been opened.
const VERIFIED: usize = 3;

/// One folder of backups.
pub(super) struct Backups<'s> {
    disk: &'s dyn Disk,
    folder: PathBuf,
    stem: String,
    place: BackupPlace,
}

impl<'s> Backups<'s> {
    /// Those beside the vault.
    pub(super) fn beside(disk: &'s dyn Disk, vault: &Path) -> Self {
        let folder = folder_of(vault).join(FOLDER);
        Self { disk, folder, stem: names::stem_of(vault), place: BackupPlace::Beside }
    }

    /// Those in the folder the person chose.
    pub(super) fn second(disk: &'s dyn Disk, folder: &Path, vault: &Path) -> Self {
        Self { disk, folder: folder.to_owned(), stem: names::stem_of(vault), place: BackupPlace::Second }
    }

    /// All of them, the newest revision first. A folder that is not there has none.
    pub(super) fn list(&self) -> Result<Vec<Backup>, StoreError> {
        let names = match self.disk.names(&self.folder) {
            Ok(names) => names,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(io_error(&error)),
        };
        let mut backups: Vec<Backup> =
            names.iter().filter_map(|name| names::parse(&self.stem, self.place, name.to_str()?)).collect();
        backups.sort_by(|a, b| (b.revision, &b.name).cmp(&(a.revision, &a.name)));
        Ok(backups)
    }

    /// The bytes of one.
    pub(super) fn read(&self, backup: &Backup) -> Result<Vec<u8>, StoreError> {
        read_from(self.disk, &self.path(backup)?, VAULT_READ_LIMIT).map_err(|error| io_error(&error))
    }

    /// Writes one: whole, flushed and found good when read back, or not at all.
    pub(super) fn add(
        &self,
        backup: &Backup,
        bytes: &[u8],
        is_good: &mut dyn FnMut(&[u8]) -> bool,
    ) -> Result<(), StoreError> {
        let path = self.path(backup)?;
        self.make().map_err(|error| io_error(&error))?;
        let prepared = Prepared::write(self.disk, &path, bytes).map_err(|error| io_error(&error))?;
        if !is_good(&prepared.read_back().map_err(|error| io_error(&error))?) {
            return Err(StoreError::ReadBackDiffers);
        }
        prepared.place().map_err(|error| io_error(&error.into()))
    }

    /// Removes one.
    pub(super) fn remove(&self, backup: &Backup) -> Result<(), StoreError> {
        let path = self.path(backup)?;
        self.disk.remove(&path).map_err(|error| io_error(&error))?;
        self.disk.sync_folder(&self.folder).map_err(|error| io_error(&error))
    }

    /// Removes those that are no longer needed: only while three newer ones have been opened, and only what opens itself.
    /// What does not is kept, since it may be another vault's, or all that is left of something.
    pub(super) fn prune(&self, writer: &mut dyn VaultWriter, verified: &Verified) -> Result<(), StoreError> {
        let backups = self.list()?;
        let superseded = retention::superseded(&backups);
        if superseded.is_empty() {
            return Ok(());
        }
        let mut opens = |backup: &Backup| {
            let opens = verified.has(backup) || self.read(backup).is_ok_and(|bytes| writer.is_good_backup(&bytes));
            if opens {
                verified.add(backup);
            }
            opens
        };
        let mut needed = backups.iter().filter(|backup| !superseded.contains(backup) && opens(backup));
        let Some(third) = needed.nth(VERIFIED - 1) else { return Ok(()) };
        for backup in superseded.iter().filter(|backup| backup.revision < third.revision) {
            if opens(backup) {
                self.remove(backup)?;
                verified.remove(backup);
            }
        }
        Ok(())
    }

    /// What writers of these backups have left here, or are writing just now.
    pub(super) fn leftovers(&self, of: impl Fn(&Backup) -> bool) -> Result<Vec<PathBuf>, StoreError> {
        let is_ours = |name: &str| names::parse(&self.stem, self.place, name).is_some_and(|backup| of(&backup));
        leftovers(self.disk, &self.folder, is_ours).map_err(|error| io_error(&error))
    }

    /// Where they lie.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The name is asked again: nothing outside the folder is ever meant.
    fn path(&self, backup: &Backup) -> Result<PathBuf, StoreError> {
        match names::parse(&self.stem, self.place, &backup.name) {
            Some(_) => Ok(self.folder.join(&backup.name)),
            None => Err(io_error(&io::ErrorKind::InvalidInput.into())),
        }
    }

    fn make(&self) -> io::Result<()> {
        match self.place {
            BackupPlace::Beside => {
                make_folders(self.disk, &self.folder)?;
                // Best effort: what lies in it is sealed, and each file is the owner's alone.
                let _ = self.disk.make_private(&self.folder);
                Ok(())
            }
            // Where a drive is to be, no folder is made in its absence: writing would fail in an unnoticed way.
            BackupPlace::Second => match self.disk.facts(&self.folder)?.is_folder {
                true => Ok(()),
                false => Err(io::ErrorKind::NotADirectory.into()),
            },
        }
    }
}

/// The backups this process has opened with the key of one vault: they need not be read again to be believed.
#[derive(Default)]
pub(super) struct Verified {
    of: Mutex<Option<VaultId>>,
    opened: Mutex<HashSet<(BackupPlace, String)>>,
}

impl Verified {
    /// From now on it is about this vault. What another one's key has opened is not this one's, and not to be pruned as such.
    pub(super) fn keep_to(&self, vault: Option<VaultId>) {
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        if *of != vault {
            *of = vault;
            self.set().clear();
        }
    }

    pub(super) fn add(&self, backup: &Backup) {
        self.set().insert((backup.place, backup.name.clone()));
    }

    pub(super) fn remove(&self, backup: &Backup) {
        self.set().remove(&(backup.place, backup.name.clone()));
    }

    fn has(&self, backup: &Backup) -> bool {
        self.set().contains(&(backup.place, backup.name.clone()))
    }

    fn set(&self) -> MutexGuard<'_, HashSet<(BackupPlace, String)>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
