//! What becomes of backups that open with a password or a recovery key that was given up.

use warifu_vault::{LockedVault, SlotId, SlotKind};

use crate::{
    ErrorCode, SessionError, backups::unreadable, notices::Notice, ports::Backup, saving::open_copy, unlocked::Unlocked,
};

/// What becomes of the backups that still open with the old password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OldBackups {
    /// They are sealed anew, so that the new password opens them and the old one does not.
    Rewrap,
    /// They are deleted.
    Delete,
    /// They stay.
    Keep,
}

/// What became of them.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct OldBackupsReport {
    /// How many were sealed anew.
    pub rewrapped: usize,
    /// How many were deleted.
    pub removed: usize,
    /// How many could not be read or written. They are as they were.
    pub failed: usize,
}

impl Unlocked<'_> {
    /// Seals the backups anew that a recovery key opens which the vault has no more, and says of how many that failed.
    pub(crate) fn close_to_old_recovery_keys(&mut self) {
        let present: Vec<SlotId> = self.open.vault.slots().iter().map(|slot| slot.id).collect();
        let opens = |file: &LockedVault| {
            file.slots().iter().any(|slot| slot.kind == SlotKind::Recovery && !present.contains(&slot.id))
        };
        let OldBackupsReport { failed, .. } = self.deal_with_backups(OldBackups::Rewrap, &opens);
        let notice = (failed > 0).then(|| Notice::new(ErrorCode::BackupsOpenByOldKey).with("count", failed));
        self.open.notices.set(ErrorCode::BackupsOpenByOldKey, notice);
    }

    /// Deals with the backups made before a change of password. Each is replaced or removed whole, or left as it was.
    pub(crate) fn deal_with_old_backups(&mut self, how: OldBackups) -> OldBackupsReport {
        self.deal_with_backups(how, &|_| true)
    }

    fn deal_with_backups(&mut self, how: OldBackups, which: &dyn Fn(&LockedVault) -> bool) -> OldBackupsReport {
        let mut report = OldBackupsReport::default();
        if how == OldBackups::Keep {
            return report;
        }
        let backups = self.ports.vault.backups().unwrap_or_default();
        // A stick that is not plugged in keeps its copies as they are: that is said.
        report.failed += usize::from(self.open.notices.has(ErrorCode::SecondFolderMissing));
        let current = self.open.vault.file_digest();
        let is_current =
            |backup: &Backup| current.is_some_and(|digest| digest.as_bytes().starts_with(&backup.digest_start));
        let (of_now, old): (Vec<Backup>, Vec<Backup>) = backups.into_iter().partition(is_current);
        if how == OldBackups::Delete && of_now.is_empty() {
            // The last copies are not deleted while there is none of what is in the vault now.
            report.failed += old.len();
            return report;
        }
        for backup in old {
            match self.deal_with(&backup, how, which) {
                Ok(true) if how == OldBackups::Rewrap => report.rewrapped += 1,
                Ok(true) => report.removed += 1,
                Ok(false) => {}
                Err(_) => report.failed += 1,
            }
        }
        report
    }

    /// Whether the backup was one of this vault's, and dealt with.
    fn deal_with(
        &self,
        backup: &Backup,
        how: OldBackups,
        which: &dyn Fn(&LockedVault) -> bool,
    ) -> Result<bool, SessionError> {
        let vault = &self.open.vault;
        let bytes = self.ports.vault.read_backup(backup).map_err(unreadable)?;
        match LockedVault::read(&bytes) {
            Ok(file) if file.vault_id() == vault.vault_id() && which(&file) => {}
            // Another vault's backup, one that may stay, or nothing that any key opens.
            Ok(_) | Err(_) => return Ok(false),
        }
        let copy = open_copy(&bytes, vault)?;
        match how {
            OldBackups::Rewrap => self.ports.vault.rewrite_backup(backup, &vault.reseal_copy(copy)?)?,
            OldBackups::Delete => self.ports.vault.remove_backup(backup)?,
            OldBackups::Keep => {}
        }
        Ok(true)
    }
}
