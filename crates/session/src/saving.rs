//! One save: seal, store, prove, and take up what somebody else has written meanwhile.
//!
//! The file on disk may have been changed by another Warifu, by a synchronised folder or by a restored copy. What is a copy of
//! the same vault is merged, under the store's lock, so that no edit is lost on either side. What is not is left alone, and
//! ours goes into a file of its own beside it.

use warifu_otp::UnixTime;
use warifu_vault::{LockedVault, MergeReport, SealError, SealedVault, UnlockedVault};

use crate::{
    ErrorCode, SessionError,
    memory::{Memory, Seen},
    notices::{Notice, Notices},
    ports::{Backup, Placed, Ports, SealedFile, UpdateError, VaultWriter},
};

/// Writers without working locks settle in one or two rounds; more would mean that someone saves without a pause.
const FORK_ROUNDS: u32 = 8;

/// Why a save failed, and whether what was to be saved is in a file all the same.
pub(crate) struct SaveFailure {
    pub(crate) error: SessionError,
    /// The edit is on the disk, in the vault's place or in a copy beside it: taking it back in memory would be a lie.
    pub(crate) kept: bool,
}

/// Where a save leaves its traces.
pub(crate) struct Traces<'a> {
    pub(crate) memory: &'a mut Memory,
    pub(crate) notices: &'a mut Notices,
}

/// Saves the vault as its next revision.
pub(crate) fn save(ports: &Ports, vault: &mut UnlockedVault, traces: &mut Traces<'_>) -> Result<(), SaveFailure> {
    save_over(ports, vault, traces, None)
}

/// The same, in the place of a file that is another vault's, or damaged: just these bytes, of which there is a copy beside.
pub(crate) fn save_over(
    ports: &Ports,
    vault: &mut UnlockedVault,
    traces: &mut Traces<'_>,
    replaces: Option<&[u8]>,
) -> Result<(), SaveFailure> {
    let mut not_flushed = None;
    let mut forks = save_once(ports, vault, traces, &mut not_flushed, replaces)?;
    for _ in 0..FORK_ROUNDS {
        // While it is not settled whether the newer backups count, nothing is taken from them.
        if traces.notices.has(ErrorCode::VaultRolledBack) || !merge_backups(ports, vault, &forks, traces) {
            break;
        }
        // What was to be saved is on the disk since the first round.
        forks = save_once(ports, vault, traces, &mut not_flushed, None)
            .map_err(|failure| SaveFailure { kept: true, ..failure })?;
    }
    match not_flushed {
        None => Ok(()),
        Some(error) => Err(SaveFailure { error, kept: true }),
    }
}

fn save_once(
    ports: &Ports,
    vault: &mut UnlockedVault,
    traces: &mut Traces<'_>,
    not_flushed: &mut Option<SessionError>,
    replaces: Option<&[u8]>,
) -> Result<Vec<Backup>, SaveFailure> {
    let now = ports.clock.now();
    let following = vault.keep_following();
    let mut writer = Writer::new(vault, replaces);
    let outcome = ports.vault.update(now, &mut writer);
    let Writer { sealed, merged, failed, .. } = writer;
    traces.notices.merged(&merged);
    let placed = match (outcome, sealed) {
        (Ok(placed), Some(sealed)) => {
            vault.mark_saved(sealed);
            placed
        }
        (outcome, _) => {
            // What was merged for this save may be undone together with the edit: the next one has to merge it again.
            vault.put_following_back(following);
            return Err(match outcome {
                Err(UpdateError::Refused) => refused(ports, vault, failed, traces),
                Err(UpdateError::Store(error)) => SaveFailure { error: error.into(), kept: false },
                Ok(_) => SaveFailure { error: unexpected("nothing was sealed"), kept: false },
            });
        }
    };
    let Placed { forks, backup_failed, second_failed, not_flushed: doubt } = placed;
    *not_flushed = doubt.map(|error| SessionError::new(ErrorCode::VaultNotFlushed).with("reason", error));
    traces.notices.set(
        ErrorCode::BackupNotWritten,
        backup_failed.map(|error| Notice::new(ErrorCode::BackupNotWritten).with("reason", error)),
    );
    traces.notices.set(
        ErrorCode::SecondFolderMissing,
        second_failed.map(|error| Notice::new(ErrorCode::SecondFolderMissing).with("reason", error)),
    );
    remember(ports, vault, traces.memory, now);
    Ok(forks)
}

/// Remembers that a vault is in use, and the revision it stands at, unless a later one was seen: that is for the person to settle.
pub(crate) fn remember(ports: &Ports, vault: &UnlockedVault, memory: &mut Memory, now: UnixTime) {
    if let Some(digest) = vault.file_digest() {
        let revision = vault.revision();
        memory.change(&*ports.memory, vault.vault_id(), |remembered| {
            remembered.in_use(now);
            if remembered.seen.as_ref().is_none_or(|before| !before.is(digest) && before.revision <= revision) {
                remembered.seen = Some(Seen::new(revision, digest, now));
            }
        });
    }
}

/// Takes up what lies in backups of the same vault; whether there was anything new in them.
pub(crate) fn merge_backups(
    ports: &Ports,
    vault: &mut UnlockedVault,
    backups: &[Backup],
    traces: &mut Traces<'_>,
) -> bool {
    let mut merged = MergeReport::default();
    for backup in backups {
        // One that cannot be read or belongs to another vault has nothing for this one.
        let Ok(bytes) = ports.vault.read_backup(backup) else { continue };
        let Ok(theirs) = open_copy(&bytes, vault) else { continue };
        if let Ok(report) = vault.merge(theirs) {
            merged.absorb(report);
        }
    }
    traces.notices.merged(&merged);
    !merged.is_empty()
}

/// Opens another copy of an open vault: same vault, same key, no key derivation.
pub(crate) fn open_copy(bytes: &[u8], vault: &UnlockedVault) -> Result<UnlockedVault, SessionError> {
    Ok(LockedVault::read(bytes)?.open_like(vault).map_err(|(_, error)| error)?)
}

/// What is on disk must not be replaced: then ours goes beside it, once.
fn refused(ports: &Ports, vault: &UnlockedVault, failed: Option<SealError>, traces: &mut Traces<'_>) -> SaveFailure {
    if let Some(error) = failed {
        return SaveFailure { error: error.into(), kept: false };
    }
    let now = ports.clock.now();
    let copied = vault
        .seal()
        .map_err(SessionError::from)
        .and_then(|sealed| Ok(ports.vault.write_conflict_copy(now, sealed.bytes())?));
    match copied {
        Ok(name) => {
            traces.notices.put(Notice::new(ErrorCode::VaultConflictCopy).with("name", &name));
            SaveFailure { error: SessionError::new(ErrorCode::VaultConflictCopy).with("name", name), kept: true }
        }
        Err(_) => SaveFailure { error: ErrorCode::VaultConflict.into(), kept: false },
    }
}

/// Brings the store the bytes of the next revision.
struct Writer<'v> {
    vault: &'v mut UnlockedVault,
    replaces: Option<&'v [u8]>,
    sealed: Option<SealedVault>,
    merged: MergeReport,
    failed: Option<SealError>,
}

impl<'v> Writer<'v> {
    fn new(vault: &'v mut UnlockedVault, replaces: Option<&'v [u8]>) -> Self {
        Self { vault, replaces, sealed: None, merged: MergeReport::default(), failed: None }
    }

    /// Whether the file on disk may be replaced by what the vault holds now: it is the one we know, or merged into it.
    fn take_up(&mut self, on_disk: &[u8]) -> bool {
        if self.replaces == Some(on_disk) {
            return true;
        }
        let Ok(file) = LockedVault::read(on_disk) else { return false };
        if Some(file.file_digest()) == self.vault.file_digest() {
            return true;
        }
        let (revision, digest) = (file.revision(), file.file_digest());
        let Ok(theirs) = file.open_like(self.vault) else { return false };
        let Ok(report) = self.vault.merge(theirs) else { return false };
        self.vault.follow(digest, revision);
        self.merged.absorb(report);
        true
    }
}

impl VaultWriter for Writer<'_> {
    fn seal(&mut self, on_disk: Option<&[u8]>) -> Option<SealedFile> {
        // Where the file is gone there is nothing to overwrite, and what is open may be the last copy.
        if on_disk.is_some_and(|bytes| !self.take_up(bytes)) {
            return None;
        }
        match self.vault.seal() {
            Ok(sealed) => {
                let file = SealedFile {
                    bytes: sealed.bytes().to_vec(),
                    revision: sealed.revision(),
                    digest: sealed.file_digest(),
                };
                self.sealed = Some(sealed);
                Some(file)
            }
            Err(error) => {
                self.failed = Some(error);
                None
            }
        }
    }

    fn is_good(&mut self, read_back: &[u8]) -> bool {
        self.sealed.as_ref().is_some_and(|sealed| sealed.verify(read_back, self.vault).is_ok())
    }

    fn is_good_backup(&mut self, bytes: &[u8]) -> bool {
        open_copy(bytes, self.vault).is_ok()
    }
}

fn unexpected(reason: &str) -> SessionError {
    SessionError::new(ErrorCode::Unexpected).with("reason", reason)
}
