//! Beginning anew: the vault that nobody can open any more is put aside, not deleted, and its backups stay where they are.
//!
//! From then on they are not the backups of the vault that takes its place, nor a reason to say that a vault is missing.
//! Brought back by its key, such a vault is one like any other.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use warifu_vault::VaultId;

use crate::{
    ErrorCode, Session, SessionError,
    backups::unreadable,
    ports::{Backup, Ports, StoreError, vault_of},
};

/// What was left behind at one place. Nothing in it is secret.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct LeftBehind {
    /// By the ids of their vaults.
    vaults: BTreeSet<String>,
    /// Backups that do not say whose they are, and copies beside the vault, by their names.
    files: BTreeSet<String>,
    /// The second folder was away, with whatever was in it.
    second_folder: bool,
}

impl Session {
    /// Puts the vault file aside, so that a new vault can be made in its place, and says what it is called now; nothing if
    /// there was no file. It takes no key: nothing is opened, and nothing is lost.
    pub fn begin_anew(&mut self) -> Result<Option<String>, SessionError> {
        if self.open.is_some() {
            return Err(ErrorCode::NotLocked.into());
        }
        let mut left = LeftBehind::all_at(&self.ports).map_err(unreadable)?;
        // Aside first: while the file is in its place, it is no vault that was left behind.
        let kept = self.ports.vault.set_aside(self.ports.clock.now())?;
        left.files.extend(kept.clone());
        self.memory.vault_is_at(&*self.ports.memory, &self.ports.vault.place(), None);
        self.leave_behind(left);
        Ok(kept)
    }

    /// Notes what does not count any more.
    pub(crate) fn leave_behind(&mut self, left: LeftBehind) {
        let place = self.ports.vault.place();
        self.memory.leave_behind(&*self.ports.memory, &place, |before| {
            before.vaults.extend(left.vaults);
            before.files.extend(left.files);
            before.second_folder |= left.second_folder;
        });
    }

    /// Notes that a vault is in use (again).
    pub(crate) fn come_back(&mut self, vault: VaultId) {
        let (place, vault) = (self.ports.vault.place(), vault.to_string());
        if self.memory.left_behind(&place).vaults.contains(&vault) {
            self.memory.leave_behind(&*self.ports.memory, &place, |left| {
                left.vaults.remove(&vault);
            });
        }
    }

    /// The backups but for those of vaults that were left behind.
    pub(crate) fn backups_that_count(&self) -> Result<Vec<Backup>, StoreError> {
        let mut backups = self.ports.vault.backups()?;
        let left = self.memory.left_behind(&self.ports.vault.place());
        if left != LeftBehind::default() {
            backups.retain(|backup| !left.has(&self.ports, backup));
        }
        Ok(backups)
    }

    /// Whether there is no trace of any vault, but of those that were left behind.
    pub(crate) fn knows_of_none(&self) -> Result<bool, StoreError> {
        Ok(!self.memory.knows_vault_at(&self.ports.vault.place()) && self.no_file_is_left()?)
    }

    /// Whether there is no file of any vault, but of those that were left behind: whatever this machine remembers, a new vault covers
    /// none.
    pub(crate) fn no_file_is_left(&self) -> Result<bool, StoreError> {
        let store = &self.ports.vault;
        let left = self.memory.left_behind(&store.place());
        Ok(self.backups_that_count()?.is_empty()
            && store.copies()?.iter().all(|name| left.files.contains(name))
            && (left.second_folder || store.second_folder_is_there()))
    }

    /// Which vault the file in the vault's place says it is.
    pub(crate) fn vault_here(&self) -> Option<VaultId> {
        vault_of(&self.ports.vault.load().ok().flatten()?)
    }
}

impl LeftBehind {
    /// All that lies at the place now.
    pub(crate) fn all_at(ports: &Ports) -> Result<LeftBehind, StoreError> {
        let mut left = LeftBehind::default();
        // A file that cannot be read is put aside all the same, and then stands for nothing any more.
        let file = ports.vault.load().ok().flatten();
        left.vaults.extend(file.as_deref().and_then(id_of));
        left.files.extend(ports.vault.copies()?);
        left.second_folder = !ports.vault.second_folder_is_there();
        for backup in ports.vault.backups()? {
            match ports.vault.read_backup(&backup).ok().as_deref().and_then(id_of) {
                Some(vault) => left.vaults.insert(vault),
                None => left.files.insert(backup.name),
            };
        }
        Ok(left)
    }

    fn has(&self, ports: &Ports, backup: &Backup) -> bool {
        self.files.contains(&backup.name)
            || ports
                .vault
                .read_backup(backup)
                .is_ok_and(|bytes| id_of(&bytes).is_some_and(|id| self.vaults.contains(&id)))
    }
}

fn id_of(bytes: &[u8]) -> Option<String> {
    vault_of(bytes).map(|vault| vault.to_string())
}
