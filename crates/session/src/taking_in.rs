//! What may have happened to a vault while this program did not have it open, or behind its back: another Warifu or another
//! machine has saved, a save was cut off in the middle, an older copy was put in its place.

use warifu_vault::{FileDigest, LockedVault, MergeReport, UnlockedVault};

use crate::{
    ErrorCode, Session, SessionError,
    memory::Memory,
    notices::{Notice, Notices},
    opening::SlotsChanged,
    ports::{Backup, BackupPlace, Ports, SealedFile, StoreError, UpdateError, VaultWriter, identify},
    saving::{Traces, merge_backups, open_copy, remember, save},
    unlocked::{Open, Unlocked},
};

impl Session {
    /// Takes a vault in that was just opened.
    pub(crate) fn take_in(&mut self, mut vault: UnlockedVault, changed: SlotsChanged) -> Result<Open, SessionError> {
        let mut notices = Notices::default();
        // Other processes remember too.
        self.memory = Memory::load(&*self.ports.memory);
        let (ports, memory) = (&self.ports, &mut self.memory);
        if changed == SlotsChanged::No
            && let Some(newer) = saved_meanwhile(ports, &vault)
        {
            vault = newer;
        }
        match older_than_known(ports, memory, &vault) {
            Some(notice) => {
                notices.put(notice);
                // Whatever the person decides: a code that was handed out is none any more.
                for backup in ports.vault.backups().unwrap_or_default() {
                    let bytes = ports.vault.read_backup(&backup).unwrap_or_default();
                    if let Ok(copy) = open_copy(&bytes, &vault) {
                        vault.raise_counters(&copy);
                    }
                }
            }
            None => {
                complete_cut_off_save(ports, memory, &mut notices, &mut vault);
                take_up_what_was_seen(ports, memory, &mut notices, &mut vault);
                remember(ports, &vault, memory, ports.clock.now());
            }
        }
        if changed != SlotsChanged::No {
            let saved = save(ports, &mut vault, &mut Traces { memory, notices: &mut notices });
            if let (Err(failure), SlotsChanged::NewPassword) = (saved, changed)
                && !failure.kept
            {
                return Err(failure.error);
            }
        }
        Ok(Open::new(vault, notices))
    }
}

impl Unlocked<'_> {
    /// Settles that the file in the vault's place is older than what was seen here before: `merge` takes up what only the
    /// newer backups hold; otherwise the file stays as it is, and becomes the newest revision.
    pub fn resolve_rollback(&mut self, merge: bool) -> Result<(), SessionError> {
        if !self.open.notices.has(ErrorCode::VaultRolledBack) {
            return Ok(());
        }
        let newer = newer_backups(self.ports, &self.open.vault);
        if merge {
            let mut traces = Traces { memory: self.memory, notices: &mut self.open.notices };
            merge_backups(self.ports, &mut self.open.vault, &newer, &mut traces);
        }
        // The next revision is above all that was ever seen, so that none of those is taken for newer again.
        let seen = self.memory.of(self.open.vault.vault_id()).seen.map_or(0, |seen| seen.revision);
        let highest = newer.iter().map(|backup| backup.revision).max().unwrap_or(0).max(seen);
        let following = self.open.vault.keep_following();
        if let Some(digest) = self.open.vault.file_digest() {
            self.open.vault.follow(digest, highest);
        }
        self.save_or(|vault| vault.put_following_back(following))?;
        self.open.notices.take_away(ErrorCode::VaultRolledBack);
        Ok(())
    }
}

impl Unlocked<'_> {
    /// Brings another copy of the same vault into it, entry by entry: of what both have changed the later counts, and nothing
    /// of either is lost. The copy is not touched.
    pub fn merge_copy(&mut self, bytes: &[u8]) -> Result<MergeReport, SessionError> {
        let vault = &mut self.open.vault;
        let theirs = open_copy(bytes, vault)?;
        let (revision, ours) = (theirs.revision(), vault.file_digest());
        let report = vault.merge(theirs)?;
        let following = vault.keep_following();
        if let Some(ours) = ours {
            // Above both, so that neither copy is ever taken for newer than their sum.
            vault.follow(ours, revision);
        }
        self.save_or(|vault| vault.put_following_back(following))?;
        Ok(report)
    }
}

impl Unlocked<'_> {
    /// Takes up what only another copy of this vault has. Where that cannot be saved, it is said, and the copy still has it.
    pub(crate) fn take_up(&mut self, bytes: &[u8]) {
        // While it is not settled whether the newer backups count, the revision must not rise above theirs.
        if self.open.notices.has(ErrorCode::VaultRolledBack) {
            return;
        }
        match self.merge_copy(bytes) {
            Ok(report) => self.open.notices.merged(&report),
            Err(error) => self.open.notices.put(error),
        }
    }
}

impl Open {
    /// Takes up what somebody else has put in the vault's place. Whether anything shown may have changed.
    pub(crate) fn take_up_changes(&mut self, ports: &Ports, memory: &mut Memory) -> bool {
        let Ok(Some(bytes)) = ports.vault.load() else { return false };
        let Ok(file) = LockedVault::read(&bytes) else { return false };
        let (revision, digest, previous) = (file.revision(), file.file_digest(), file.previous());
        if Some(digest) == self.vault.file_digest() {
            return false;
        }
        // A file that this vault's key does not open is for the next save to tell.
        let Ok(theirs) = open_copy(&bytes, &self.vault) else { return false };
        if previous.is_some() && previous == self.vault.file_digest() {
            // It was made from what is open here: it is simply the next revision.
            self.vault = theirs;
            remember(ports, &self.vault, memory, ports.clock.now());
            return true;
        }
        let Ok(report) = self.vault.merge(theirs) else { return false };
        let following = self.vault.keep_following();
        self.vault.follow(digest, revision);
        self.notices.merged(&report);
        let saved = save(ports, &mut self.vault, &mut Traces { memory, notices: &mut self.notices });
        if saved.is_err_and(|failure| !failure.kept) {
            // What is shown now is on no disk yet. The next save merges again and brings it along.
            self.vault.put_following_back(following);
        }
        true
    }
}

/// The notice that a vault is older than what this machine has seen, or than what lies among its own backups.
fn older_than_known(ports: &Ports, memory: &Memory, vault: &UnlockedVault) -> Option<Notice> {
    let (revision, digest) = (vault.revision(), vault.file_digest()?);
    let seen = memory.of(vault.vault_id()).seen;
    let notice = |seen_revision: u64, when: i64| {
        Notice::new(ErrorCode::VaultRolledBack)
            .with("revision", revision)
            .with("seen_revision", seen_revision)
            .with("when", when)
    };
    if let Some(seen) = seen.as_ref().filter(|seen| seen.is_newer_than(revision, digest)) {
        return Some(notice(seen.revision, seen.at));
    }
    let newer = newer_backups(ports, vault);
    let newest = newer.iter().max_by_key(|backup| backup.revision)?;
    let cut_off = newer.iter().all(|backup| backup.revision == revision + 1);
    let confirmed = seen.is_none_or(|seen| seen.is(digest));
    (!(cut_off && confirmed)).then(|| notice(newest.revision, newest.taken_at.as_secs()))
}

/// A save that was cut off after its backup was written and before the vault itself was replaced is completed: the person
/// asked for it, and never heard that it was done or not.
fn complete_cut_off_save(ports: &Ports, memory: &mut Memory, notices: &mut Notices, vault: &mut UnlockedVault) {
    let digest = vault.file_digest();
    let mut cut_off = unfinished(ports, vault);
    if cut_off.is_empty() {
        return;
    }
    // Another process may be in the middle of that very save. Under the lock there is nobody but us: what is unfinished then
    // was so before, and remains so.
    let mut look = Look { on_disk: None };
    match ports.vault.update(ports.clock.now(), &mut look) {
        Err(UpdateError::Store(StoreError::Busy)) => return,
        Err(UpdateError::Refused) if look.on_disk != digest => {
            // It was, and is done now.
            if let Some(newer) = saved_meanwhile(ports, vault) {
                *vault = newer;
            }
            return;
        }
        // Where there can be no lock, such as on a disk that is not to be written, the save below says so.
        _ => {}
    }
    let still = unfinished(ports, vault);
    cut_off.retain(|backup| still.contains(backup));
    if cut_off.is_empty() {
        return;
    }
    let mut quiet = Notices::default();
    let merged = merge_backups(ports, vault, &cut_off, &mut Traces { memory, notices: &mut quiet });
    let highest = cut_off.iter().map(|backup| backup.revision).max().unwrap_or(0);
    if let Some(digest) = digest {
        vault.follow(digest, highest);
    }
    // Where this save fails too, the backup still holds it.
    if save(ports, vault, &mut Traces { memory, notices }).is_ok() && merged {
        notices.put(Notice::new(ErrorCode::SaveCompleted));
    }
}

/// Backups that were made from the vault as it is, and did not become it.
fn unfinished(ports: &Ports, vault: &UnlockedVault) -> Vec<Backup> {
    let digest = vault.file_digest();
    let mut backups = newer_backups(ports, vault);
    backups.retain(|backup| {
        let bytes = ports.vault.read_backup(backup);
        let file = bytes.ok().and_then(|bytes| LockedVault::read(&bytes).ok());
        file.is_some_and(|file| file.previous().is_some() && file.previous() == digest)
    });
    backups
}

/// Asks under the lock which file is in the vault's place, and writes nothing.
struct Look {
    on_disk: Option<FileDigest>,
}

impl VaultWriter for Look {
    fn seal(&mut self, on_disk: Option<&[u8]>) -> Option<SealedFile> {
        self.on_disk = on_disk.and_then(identify).map(|(_, digest)| digest);
        None
    }

    fn is_good(&mut self, _: &[u8]) -> bool {
        false
    }

    fn is_good_backup(&mut self, _: &[u8]) -> bool {
        false
    }
}

/// The vault as somebody else has saved it while its key was derived; none if nobody has.
fn saved_meanwhile(ports: &Ports, vault: &UnlockedVault) -> Option<UnlockedVault> {
    let bytes = ports.vault.load().ok().flatten()?;
    let newer = open_copy(&bytes, vault).ok()?;
    (newer.file_digest() != vault.file_digest()).then_some(newer)
}

/// A file of a higher number is not always one that came from what this machine saved last: a synchronised folder may have put
/// another machine's over it. What was saved here and is not in it lies among the backups, and is taken up.
fn take_up_what_was_seen(ports: &Ports, memory: &mut Memory, notices: &mut Notices, vault: &mut UnlockedVault) {
    let Some(seen) = memory.of(vault.vault_id()).seen else { return };
    if [vault.file_digest(), vault.previous()].into_iter().flatten().any(|digest| seen.is(digest)) {
        return;
    }
    let mut backups = ports.vault.backups().unwrap_or_default();
    backups.retain(|backup| backup.place == BackupPlace::Beside && seen.starts_with(&backup.digest_start));
    let following = vault.keep_following();
    // Of a file that did come from it, the merge changes nothing.
    if merge_backups(ports, vault, &backups, &mut Traces { memory, notices })
        && save(ports, vault, &mut Traces { memory, notices }).is_err()
    {
        vault.put_following_back(following);
    }
}

/// Backups of this vault beside it with a higher revision than its own, or with the same but other bytes.
fn newer_backups(ports: &Ports, vault: &UnlockedVault) -> Vec<Backup> {
    let (revision, digest) = (vault.revision(), vault.file_digest());
    let is_own = |backup: &Backup| digest.is_some_and(|digest| digest.as_bytes().starts_with(&backup.digest_start));
    let mut newer = ports.vault.backups().unwrap_or_default();
    newer.retain(|backup| backup.place == BackupPlace::Beside && backup.revision >= revision && !is_own(backup));
    // A name may claim any revision; only what opens with the key and says the same counts.
    newer.retain(|backup| {
        let copy = ports.vault.read_backup(backup).ok().and_then(|bytes| open_copy(&bytes, vault).ok());
        copy.is_some_and(|copy| copy.revision() == backup.revision)
    });
    newer
}
