//! The vault file on a real disk.

mod backups;
mod lock;
mod names;
mod reach;
mod retention;
mod same_disk;
mod saving;

#[cfg(test)]
mod tests;

use std::{
    io,
    path::{Path, PathBuf},
};

use warifu_session::{
    FileToTakeOver,
    otp::UnixTime,
    ports::{
        Backup, BackupPlace, FileStamp, Placed, StoreError, UpdateError, VaultStore, VaultWriter, identify, vault_of,
    },
};

use self::{
    backups::{Backups, Verified},
    lock::Lock,
    reach::Reach,
    same_disk::share_a_disk,
    saving::{Saved, Saving},
};
use crate::{
    atomic::{Leftovers, PlaceError, Prepared, clear, leftovers, make_folders},
    disk::{Disk, RealDisk, folder_of, read_from},
    reason::io_error,
};

/// More than any vault; enough that a larger file is told apart from an unreadable one.
const VAULT_READ_LIMIT: u64 = 64 * 1024 * 1024 + 1;

/// One vault file, saved atomically and durably, with backups of its revisions beside it.
///
/// A save, under an OS lock on a file beside the vault: write the new revision among the backups and again beside the vault,
/// each time into a temporary file that is flushed to the disk, read back through another descriptor and checked; have the
/// file on disk recognised; rename; flush the folder. There is no other way of writing, so that a crash at any moment leaves
/// the old file or the new one. See `saving.rs` for why in this order.
pub struct FileVaultStore {
    disk: Box<dyn Disk>,
    path: PathBuf,
    second: Option<PathBuf>,
    second_reach: Reach,
    verified: Verified,
}

impl FileVaultStore {
    /// A store at a path; nothing is touched yet.
    pub fn new(path: PathBuf) -> Self {
        Self::on(Box::new(RealDisk), path)
    }

    fn on(disk: Box<dyn Disk>, path: PathBuf) -> Self {
        Self { disk, path, second: None, second_reach: Reach::default(), verified: Verified::default() }
    }

    fn disk(&self) -> &dyn Disk {
        &*self.disk
    }

    /// Where the file really lies: a link (into a folder that is synchronised, say) is followed and stays a link.
    fn real_path(&self) -> PathBuf {
        self.disk.real_path(&self.path).unwrap_or_else(|_| self.path.clone())
    }

    fn backups_in(&self, place: BackupPlace) -> Result<Backups<'_>, StoreError> {
        let vault = self.real_path();
        match (place, &self.second) {
            (BackupPlace::Beside, _) => Ok(Backups::beside(self.disk(), &vault)),
            (BackupPlace::Second, Some(folder)) => {
                self.second_reach.answers(folder)?;
                Ok(Backups::second(self.disk(), folder, &vault))
            }
            (BackupPlace::Second, None) => Err(io_error(&io::ErrorKind::NotFound.into())),
        }
    }

    /// Writes bytes under the first name of a kind that is free, and says which.
    fn write_beside(&self, vault: &Path, kind: &str, now: UnixTime, bytes: &[u8]) -> Result<String, StoreError> {
        for name in names::beside(&names::stem_of(vault), kind, now) {
            let copy = vault.with_file_name(&name);
            if self.disk.has_name(&copy) {
                continue;
            }
            let prepared = Prepared::write(self.disk(), &copy, bytes).map_err(|error| io_error(&error))?;
            // It may become the only copy there is.
            if prepared.read_back().map_err(|error| io_error(&error))? != bytes {
                return Err(StoreError::ReadBackDiffers);
            }
            match prepared.place_new() {
                Ok(()) => return Ok(name),
                Err(PlaceError::NotPlaced(error)) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(io_error(&error.into())),
            }
        }
        Err(io_error(&io::ErrorKind::AlreadyExists.into()))
    }

    /// The copy for the second folder, which then is pruned like the first.
    fn copy_to_second(&self, saved: &Saved, writer: &mut dyn VaultWriter) -> Result<(), StoreError> {
        let backups = self.backups_in(BackupPlace::Second)?;
        let backup = Backup { place: BackupPlace::Second, ..saved.backup.clone() };
        let sealed = &saved.sealed.bytes;
        backups.add(&backup, sealed, &mut |read_back| read_back == sealed)?;
        self.verified.add(&backup);
        backups.prune(writer, &self.verified)
    }
}

impl VaultStore for FileVaultStore {
    fn load(&self) -> Result<Option<Vec<u8>>, StoreError> {
        load(self.disk(), &self.path)
    }

    fn stamp(&self) -> Option<FileStamp> {
        let facts = self.disk.facts(&self.path).ok()?;
        Some(FileStamp { len: facts.len, modified_ns: facts.modified_ns, number: facts.number })
    }

    fn update(&self, now: UnixTime, writer: &mut dyn VaultWriter) -> Result<Placed, UpdateError> {
        let vault = self.real_path();
        make_folders(self.disk(), folder_of(&vault)).map_err(|error| io_error(&error))?;
        let backups = Backups::beside(self.disk(), &vault);
        let _lock = Lock::take(self.disk(), &vault)?;
        let mut saved = Saving { disk: self.disk(), vault: &vault, backups: &backups, now }.save(writer)?;
        self.verified.keep_to(vault_of(&saved.sealed.bytes));
        if saved.placed.backup_failed.is_none() {
            self.verified.add(&saved.backup);
            // What cannot be pruned now will be next time; nothing is lost by it.
            let _ = backups.prune(writer, &self.verified);
        }
        if self.second.is_some() {
            saved.placed.second_failed = self.copy_to_second(&saved, writer).err();
        }
        Ok(saved.placed)
    }

    fn backups(&self) -> Result<Vec<Backup>, StoreError> {
        let mut all = self.backups_in(BackupPlace::Beside)?.list()?;
        // A drive that is away, or does not answer, hides nothing of the folder beside; a save says what is wrong with it.
        all.extend(self.backups_in(BackupPlace::Second).and_then(|backups| backups.list()).unwrap_or_default());
        all.sort_by(|a, b| (b.revision, &b.name).cmp(&(a.revision, &a.name)));
        Ok(all)
    }

    fn read_backup(&self, backup: &Backup) -> Result<Vec<u8>, StoreError> {
        self.backups_in(backup.place)?.read(backup)
    }

    fn rewrite_backup(&self, backup: &Backup, bytes: &[u8]) -> Result<(), StoreError> {
        // A name has to tell the truth about what it names.
        let (_, digest) = identify(bytes).ok_or(StoreError::ReadBackDiffers)?;
        let vault = self.real_path();
        let backups = self.backups_in(backup.place)?;
        let _lock = Lock::take(self.disk(), &vault)?;
        let start = names::digest_start(digest.as_bytes());
        let rewritten = names::backup(&names::stem_of(&vault), backup.place, backup.taken_at, backup.revision, start);
        backups.add(&rewritten, bytes, &mut |read_back| read_back == bytes)?;
        self.verified.remove(backup);
        if rewritten.name == backup.name { Ok(()) } else { backups.remove(backup) }
    }

    fn remove_backup(&self, backup: &Backup) -> Result<(), StoreError> {
        self.verified.remove(backup);
        self.backups_in(backup.place)?.remove(backup)
    }

    fn write_conflict_copy(&self, now: UnixTime, bytes: &[u8]) -> Result<String, StoreError> {
        self.write_beside(&self.real_path(), names::CONFLICT, now, bytes)
    }

    fn write_aside(&self, now: UnixTime, bytes: &[u8]) -> Result<String, StoreError> {
        self.write_beside(&self.path, names::ASIDE, now, bytes)
    }

    fn set_aside(&self, now: UnixTime) -> Result<Option<String>, StoreError> {
        let vault = self.real_path();
        match self.disk.facts(&vault) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound && !self.disk.has_name(&vault) => return Ok(None),
            Err(error) => return Err(io_error(&error)),
        }
        let _lock = Lock::take(self.disk(), &vault)?;
        // Where the vault's place is a link, that is what gives its name up: the file it leads to stays where others look for it.
        let free = names::beside(&names::stem_of(&self.path), names::ASIDE, now)
            .find(|name| !self.disk.has_name(&self.path.with_file_name(name)))
            .ok_or_else(|| io_error(&io::ErrorKind::AlreadyExists.into()))?;
        self.disk.rename(&self.path, &self.path.with_file_name(&free)).map_err(|error| io_error(&error))?;
        self.disk.sync_folder(folder_of(&self.path)).map_err(|error| io_error(&error))?;
        Ok(Some(free))
    }

    fn put_back(&self, aside: &str) -> Result<(), StoreError> {
        let aside = self.path.with_file_name(aside);
        let _lock = Lock::take(self.disk(), &self.real_path())?;
        // A link fails where a rename would cover what somebody without a working lock has put here meanwhile.
        let back = match self.disk.link(&aside, &self.path) {
            Ok(()) => self.disk.remove(&aside),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists || self.disk.has_name(&self.path) => Err(error),
            // File systems without hard links.
            Err(_) => self.disk.rename(&aside, &self.path),
        };
        back.and_then(|()| self.disk.sync_folder(folder_of(&self.path))).map_err(|error| io_error(&error))
    }

    fn set_second_folder(&mut self, folder: Option<PathBuf>) {
        self.second = folder;
        self.second_reach = Reach::default();
    }

    fn copies(&self) -> Result<Vec<String>, StoreError> {
        // Where the vault's place is a link, each of the two folders may have some.
        let (real, mut found) = (self.real_path(), Vec::new());
        for vault in [&self.path, &real] {
            let names = match self.disk.names(folder_of(vault)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                names => names.map_err(|error| io_error(&error))?,
            };
            let stem = names::stem_of(vault);
            let names = names.iter().filter_map(|name| name.to_str());
            found.extend(names.filter(|name| names::is_beside(&stem, name)).map(str::to_owned));
        }
        Ok(found)
    }

    fn second_folder_is_there(&self) -> bool {
        self.second.as_ref().is_none_or(|folder| {
            self.second_reach.answers(folder).is_ok() && self.disk.facts(folder).is_ok_and(|facts| facts.is_folder)
        })
    }

    fn second_folder_shares_disk(&self) -> bool {
        // One that is away tells nothing.
        self.second.as_ref().is_some_and(|second| {
            self.second_reach.answers(second).is_ok()
                && share_a_disk(folder_of(&self.real_path()), second).unwrap_or(false)
        })
    }

    fn tidy(&self) -> Result<(), StoreError> {
        let vault = self.real_path();
        let (stem, name) = (names::stem_of(&vault), vault.file_name().unwrap_or_default().to_string_lossy());
        let ours = |destination: &str| destination == name || names::is_beside(&stem, destination);
        let mut left = leftovers(self.disk(), folder_of(&vault), ours).map_err(|error| io_error(&error))?;
        let backups = Backups::beside(self.disk(), &vault);
        left.extend(backups.leftovers(|_| true)?);
        if let Ok(second) = self.backups_in(BackupPlace::Second) {
            // Others may write there too, under a lock of theirs. Ours is what goes with a backup beside the vault.
            let known = backups.list()?;
            let is_ours = |backup: &Backup| {
                known.iter().any(|known| (known.taken_at, known.revision) == (backup.taken_at, backup.revision))
            };
            left.extend(second.leftovers(is_ours)?);
        }
        // Looked for before the lock is taken, so that where there is nothing, nothing is touched.
        if !left.is_empty()
            && let Some(lock) = Lock::take_if_free(self.disk(), &vault)?
        {
            clear(self.disk(), &left, if lock.works { Leftovers::All } else { Leftovers::Old });
        }
        Ok(())
    }

    fn place(&self) -> String {
        self.path.display().to_string()
    }

    fn backups_place(&self) -> String {
        Backups::beside(self.disk(), &self.real_path()).folder().display().to_string()
    }
}

/// Reads a vault or backup file that a person chose; it is opened to be read, and nothing else. The error is the system's own
/// word for it. When it was written says its name, if it is that of a backup, or else the system: a copy is as old as its
/// contents.
pub fn read_chosen_file(path: &Path) -> Result<FileToTakeOver, StoreError> {
    let disk = RealDisk;
    let bytes = read_from(&disk, path, VAULT_READ_LIMIT).map_err(|error| io_error(&error))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let modified =
        disk.facts(path).ok().and_then(|facts| i64::try_from(facts.modified_ns.div_euclid(1_000_000_000)).ok());
    let told = identify(&bytes).and_then(|(revision, digest)| names::date_of(&name, revision, digest.as_bytes()));
    Ok(FileToTakeOver { name, bytes, written_at: told.or(modified.map(UnixTime::from_secs)) })
}

/// The bytes of a vault, or none if there is none. A link that leads nowhere is an error: what it leads to is away.
fn load(disk: &dyn Disk, path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    match read_from(disk, path, VAULT_READ_LIMIT) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound && !disk.has_name(path) => Ok(None),
        Err(error) => Err(io_error(&error)),
    }
}
