//! One save: how the next revision comes into the place of the present one.
//!
//! Everything happens under the lock, yet nothing leans on it, since on some network drives a lock does nothing. A writer
//! raises its flag first (its revision among the backups), then looks whether the file is still the one it knows, then
//! renames, and then looks for the flags of others. So of two that write at once, at least one sees the other's flag or
//! file, and no revision is covered without someone being told.

use std::{io, path::Path, thread::sleep, time::Duration};

use warifu_session::{
    otp::UnixTime,
    ports::{Backup, BackupPlace, Placed, SealedFile, StoreError, UpdateError, VaultWriter, identify},
};

use super::{backups::Backups, load, names};
use crate::{
    atomic::{PlaceError, Prepared},
    disk::Disk,
    reason::io_error,
};

/// Someone without a working lock was quicker so many times in a row: then something else is wrong.
const ATTEMPTS: u64 = 20;
/// By so much the pause after each attempt may grow: one save takes about as long.
const MILLISECONDS_MORE: u64 = 10;

/// A save about to be made.
pub(super) struct Saving<'s> {
    pub(super) disk: &'s dyn Disk,
    pub(super) vault: &'s Path,
    pub(super) backups: &'s Backups<'s>,
    pub(super) now: UnixTime,
}

/// A save that was made.
pub(super) struct Saved {
    pub(super) placed: Placed,
    pub(super) sealed: SealedFile,
    /// Its copy among the backups; `placed` says if there is none.
    pub(super) backup: Backup,
}

impl Saving<'_> {
    /// Saves, again from the start if someone was quicker.
    pub(super) fn save(&self, writer: &mut dyn VaultWriter) -> Result<Saved, UpdateError> {
        for number in 1..=ATTEMPTS {
            if let Some(saved) = self.attempt(writer)? {
                return Ok(saved);
            }
            // Of several that were all too slow for one another, one gets ahead.
            let up_to = number * MILLISECONDS_MORE;
            sleep(Duration::from_millis(getrandom::u64().unwrap_or_default() % up_to));
        }
        Err(StoreError::Changed.into())
    }

    /// Nothing, if someone was quicker.
    fn attempt(&self, writer: &mut dyn VaultWriter) -> Result<Option<Saved>, UpdateError> {
        let on_disk = load(self.disk, self.vault)?;
        let sealed = writer.seal(on_disk.as_deref()).ok_or(UpdateError::Refused)?;
        let mut placed = Placed::default();
        if let Some(bytes) = &on_disk {
            placed.backup_failed = self.keep(bytes).err();
        }
        let start = names::digest_start(sealed.digest.as_bytes());
        let backup = names::backup(&names::stem_of(self.vault), BackupPlace::Beside, self.now, sealed.revision, start);
        // A new vault raises no flag: that its place is taken shows by itself, and a start that was cut off leaves nothing.
        // The backups that lie here may be those of a vault that was left behind: the first revision has none of its own.
        let is_new = on_disk.is_none() && (sealed.revision == 1 || self.backups.list()?.is_empty());
        if !is_new {
            // The first of the two copies: the flag. A backup that cannot be written keeps nobody from saving.
            let flagged = self.backups.add(&backup, &sealed.bytes, &mut |read_back| writer.is_good(read_back));
            placed.backup_failed = flagged.err().or(placed.backup_failed);
        }
        match self.place(on_disk.as_deref(), &sealed, &backup, is_new, writer, &mut placed) {
            Ok(true) if is_new => {
                let added = self.backups.add(&backup, &sealed.bytes, &mut |read_back| writer.is_good(read_back));
                placed.backup_failed = added.err();
            }
            Ok(true) => {}
            not_placed => {
                // Best effort: one that stays is found as a revision that nobody has confirmed.
                let _ = self.backups.remove(&backup);
                return not_placed.map(|_| None).map_err(UpdateError::from);
            }
        }
        match self.backups.list() {
            Ok(backups) => placed.forks = backups,
            // Whoever cannot be asked may have been there.
            Err(error) => placed.backup_failed = placed.backup_failed.or(Some(error)),
        }
        placed.forks.retain(|fork| fork.revision >= sealed.revision && fork.digest_start != start);
        Ok(Some(Saved { placed, sealed, backup }))
    }

    /// The second of the two copies, put in the vault's place. False if someone was quicker.
    fn place(
        &self,
        on_disk: Option<&[u8]>,
        sealed: &SealedFile,
        backup: &Backup,
        is_new: bool,
        writer: &mut dyn VaultWriter,
        placed: &mut Placed,
    ) -> Result<bool, StoreError> {
        let write = || Prepared::write(self.disk, self.vault, &sealed.bytes);
        let prepared = match write() {
            // Room for one, but not for two: then the one is the vault.
            Err(error) if is_full(&error) && self.backups.remove(backup).is_ok() => {
                placed.backup_failed = Some(io_error(&error));
                write()
            }
            outcome => outcome,
        };
        let prepared = prepared.map_err(|error| io_error(&error))?;
        if !writer.is_good(&prepared.read_back().map_err(|error| io_error(&error))?) {
            return Err(StoreError::ReadBackDiffers);
        }
        if load(self.disk, self.vault)?.as_deref() != on_disk {
            return Ok(false);
        }
        placed.not_flushed = match if is_new { prepared.place_new() } else { prepared.place() } {
            Ok(()) => None,
            Err(PlaceError::NotFlushed(error)) => Some(io_error(&error)),
            // Someone took our file for a dead one's, or made a vault here just now.
            Err(PlaceError::NotPlaced(error))
                if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::AlreadyExists) =>
            {
                return Ok(false);
            }
            // A network drive may do what it is asked and then say that it failed.
            Err(PlaceError::NotPlaced(error)) => match load(self.disk, self.vault) {
                Ok(Some(bytes)) if bytes == sealed.bytes => Some(io_error(&error)),
                _ => return Err(io_error(&error)),
            },
        };
        Ok(true)
    }

    /// Sees to it that the file about to be replaced has a backup: one that was put there by someone else has none yet.
    fn keep(&self, present: &[u8]) -> Result<(), StoreError> {
        let Some((revision, digest)) = identify(present) else { return Ok(()) };
        let start = names::digest_start(digest.as_bytes());
        if self.backups.list()?.iter().any(|backup| backup.digest_start == start) {
            return Ok(());
        }
        let written = self.disk.facts(self.vault).map_or(self.now, |facts| {
            i64::try_from(facts.modified_ns.div_euclid(1_000_000_000)).map_or(self.now, UnixTime::from_secs)
        });
        let backup = names::backup(&names::stem_of(self.vault), BackupPlace::Beside, written, revision, start);
        self.backups.add(&backup, present, &mut |read_back| read_back == present)
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}
