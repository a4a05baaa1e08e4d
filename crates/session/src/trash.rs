//! What was deleted, and what entries were before they were changed.

use warifu_otp::UnixTime;
use warifu_vault::{EarlierVersion, Entry, EntryId};

use crate::{ErrorCode, SessionError, unlocked::Unlocked};

/// Deleted entries stay in the vault for so many days, so that a slip can be taken back.
pub const TRASH_DAYS: u32 = 30;

/// A deleted entry that is still there.
pub struct Trashed<'v> {
    /// The entry.
    pub entry: &'v Entry,
    /// When it was deleted.
    pub deleted_at: UnixTime,
    /// Days until it is removed for good.
    pub days_left: u32,
}

impl Unlocked<'_> {
    /// What was deleted and is still there, the latest first.
    pub fn trash(&self) -> Vec<Trashed<'_>> {
        let (now, remembered) = (self.ports.clock.now(), self.remembered());
        let mut trash: Vec<Trashed<'_>> = self
            .open
            .vault
            .entries()
            .filter_map(|entry| {
                let deleted_at = entry.deleted_at?;
                let days = remembered.days_passed(deleted_at, now);
                let days_left = TRASH_DAYS.saturating_sub(u32::try_from(days).unwrap_or(u32::MAX));
                Some(Trashed { entry, deleted_at, days_left })
            })
            .collect();
        trash.sort_by_key(|trashed| std::cmp::Reverse(trashed.deleted_at.as_secs()));
        trash
    }

    /// Deletes an entry. It stays in the vault for some weeks and can be restored.
    pub fn delete(&mut self, id: EntryId) -> Result<(), SessionError> {
        let now = self.ports.clock.now();
        self.entry(id)?;
        self.change_entry(id, |entry| entry.delete(now))?;
        self.open.shown.remove(&id);
        Ok(())
    }

    /// Takes a deletion back.
    pub fn restore(&mut self, id: EntryId) -> Result<(), SessionError> {
        let now = self.ports.clock.now();
        self.change_entry(id, |entry| entry.restore(now))
    }

    /// Removes a deleted entry for good. Backups made before still hold it.
    pub fn remove_for_good(&mut self, id: EntryId) -> Result<(), SessionError> {
        let entry = self.open.vault.entry(id).ok_or(ErrorCode::NoSuchEntry)?;
        if !entry.is_deleted() {
            return Err(ErrorCode::EntryNotDeleted.into());
        }
        let now = self.ports.clock.now();
        let removed = self.open.vault.remove(id, now);
        self.save_or(|vault| {
            if let Some(removed) = removed {
                vault.un_remove(removed);
            }
        })
    }

    /// What an entry was before, the latest first.
    pub fn history(&self, id: EntryId) -> Result<&[EarlierVersion], SessionError> {
        Ok(self.entry(id)?.history())
    }

    /// Makes an entry again what it was before; what it is now becomes an earlier version.
    pub fn take_back(&mut self, id: EntryId, index: usize) -> Result<(), SessionError> {
        if index >= self.history(id)?.len() {
            return Err(ErrorCode::NoSuchVersion.into());
        }
        let now = self.ports.clock.now();
        self.open.shown.remove(&id);
        self.change_entry(id, |entry| {
            entry.take_back(index, now);
        })
    }

    /// Removes for good what has been in the trash for long enough, by the clock and by the days on which the vault was in use
    /// here: a clock that is wrong for once, or for some days, empties nothing. It counts as removed since it was deleted, so that what another copy did to it later stays.
    /// Nothing else is ever dropped.
    pub(crate) fn empty_trash(&mut self) {
        let (now, remembered) = (self.ports.clock.now(), self.remembered());
        let long_ago = |at: UnixTime| remembered.days_passed(at, now) >= i64::from(TRASH_DAYS);
        let old: Vec<(EntryId, UnixTime)> = self
            .open
            .vault
            .entries()
            .filter_map(|entry| Some((entry.id, entry.deleted_at.filter(|at| long_ago(*at))?)))
            .collect();
        for (id, deleted_at) in old {
            self.open.vault.remove(id, deleted_at);
        }
    }
}
