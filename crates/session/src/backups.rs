//! The copies of earlier revisions: listing them, practising with them, going back to one of them.

use std::path::PathBuf;

use warifu_otp::UnixTime;
use warifu_vault::{LockedVault, MAX_FILE_SIZE, Password, RecoveryKey, UnlockError, UnlockedVault, VaultId};
use zeroize::Zeroizing;

use crate::{
    ErrorCode, Session, SessionError, hint,
    notices::Notices,
    opening::{SlotsChanged, calibrated},
    ports::{Backup, BackupPlace, Ports, StoreError},
    saving::{Traces, open_copy, save_over},
    settings::Settings,
    unlocked::Open,
};

/// What is known of a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupState {
    /// Which.
    pub backup: Backup,
    /// How sound it is.
    pub soundness: Soundness,
    /// How many accounts are in it and not in its trash, where it was opened.
    pub accounts: Option<usize>,
}

/// How sound a backup is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Soundness {
    /// It was opened just now.
    Verified,
    /// Its digests are right; it was not opened.
    Intact,
    /// It is cut off, altered or not to be read.
    Damaged,
    /// It is intact, and the key of the open vault does not open it.
    Other,
}

/// All backups, and what belongs to them.
#[derive(Debug)]
pub struct Backups {
    /// The newest first.
    pub states: Vec<BackupState>,
    /// The folder beside the vault, for people.
    pub folder: String,
    /// The second folder, where one was chosen.
    pub second_folder: Option<PathBuf>,
    /// Whether it is known to lie on the disk of the vault.
    pub second_shares_disk: bool,
    /// Why it has no copy of the newest revision.
    pub second_error: Option<SessionError>,
    /// When a backup was last opened for practice.
    pub last_drill: Option<UnixTime>,
}

impl Session {
    /// The backups. What is open opens them; while it is locked, only their digests are looked at.
    pub fn backups(&self) -> Result<Backups, SessionError> {
        let ports = &self.ports;
        let vault = self.open.as_ref().map(|open| &open.vault);
        let (here, backups) = match vault.map(UnlockedVault::vault_id).or_else(|| self.vault_here()) {
            Some(here) => (Some(here), ports.vault.backups()),
            None => (None, self.backups_that_count()),
        };
        let states = backups.map_err(unreadable)?.into_iter().filter_map(|backup| look_at(ports, backup, vault, here));
        let second_error = self.open.as_ref().and_then(|open| {
            open.notices.all().iter().find(|notice| notice.code == ErrorCode::SecondFolderMissing).cloned()
        });
        let last_drill = vault.and_then(|vault| self.memory.of(vault.vault_id()).last_drill);
        Ok(Backups {
            states: states.collect(),
            folder: ports.vault.backups_place(),
            second_folder: self.settings.second_backup_folder.clone(),
            second_shares_disk: ports.vault.second_folder_shares_disk(),
            second_error,
            last_drill: last_drill.map(UnixTime::from_secs),
        })
    }

    /// Goes back to a backup, as a new revision; `key` is the password or the recovery key that opens it.
    ///
    /// While the vault is open only its accounts are taken over, and its password stays. While it is locked, the backup is a
    /// way in: whoever still knows a password of an older backup has the key of the vault itself, so the vault as it is now
    /// is opened, and that password holds again. A recovery key opens it only if it has not been given up since. Where the vault
    /// file cannot be used, the backup becomes the vault, and the file is kept beside it.
    pub fn restore_backup(&mut self, place: BackupPlace, name: &str, key: &str) -> Result<(), SessionError> {
        let backup = self.find_backup(place, name)?;
        let boot = self.ports.clock.boot();
        self.attempts.may_try(boot)?;
        let (restored, key) = open_by_any_key(&self.ports, &backup, key).inspect_err(|error| {
            if error.code == ErrorCode::BackupWrongPassword {
                self.attempts.failed(boot);
            }
        })?;
        if let Some(open) = &mut self.open {
            if restored.vault_id() != open.vault.vault_id() {
                return Err(ErrorCode::OtherVault.into());
            }
            let kept = open.vault.replace_contents(restored);
            return self.unlocked()?.save_or(|vault| vault.put_contents_back(kept));
        }
        let open = match self.load() {
            Ok(Some(locked)) => match locked.open_like(&restored).map_err(|(_, error)| SessionError::from(error)) {
                Ok(vault) => match key {
                    Key::Password(password) => {
                        self.take_in_with_old_password(vault, &password, restored.hint().map(str::to_owned))?
                    }
                    Key::Recovery(key) => {
                        still_opens(&key, &vault)?;
                        self.take_in(vault, SlotsChanged::No)?
                    }
                },
                Err(error) if is_beyond_use(error.code) => restore_as_vault(self, restored)?,
                // A sound vault is not put aside for another one, nor one that only a later version understands.
                Err(error) => return Err(error),
            },
            Ok(None) => restore_as_vault(self, restored)?,
            Err(error) if is_beyond_use(error.code) || is_beyond_reach(error.code) => restore_as_vault(self, restored)?,
            Err(error) => return Err(error),
        };
        self.enter(open);
        Ok(())
    }

    /// Practises the emergency: opens the newest backup with what is typed now. Changes nothing.
    pub fn restore_drill(&mut self, key: &str) -> Result<BackupState, SessionError> {
        self.unlocked()?;
        let vault_id = self.unlocked()?.open.vault.vault_id();
        let boot = self.ports.clock.boot();
        self.attempts.may_try(boot)?;
        // A second folder may hold those of other vaults too.
        let ours = |backup: &Backup| {
            let bytes = self.ports.vault.read_backup(backup).unwrap_or_default();
            LockedVault::read(&bytes).map_or(true, |file| file.vault_id() == vault_id)
        };
        let backups = self.ports.vault.backups().map_err(unreadable)?;
        let newest = backups.into_iter().find(ours).ok_or(ErrorCode::NoBackup)?;
        let (opened, _) = open_by_any_key(&self.ports, &newest, key).inspect_err(|error| {
            if error.code == ErrorCode::BackupWrongPassword {
                self.attempts.failed(boot);
            }
        })?;
        let now = self.ports.clock.now().as_secs();
        self.memory.change(&*self.ports.memory, opened.vault_id(), |remembered| remembered.last_drill = Some(now));
        Ok(BackupState { backup: newest, soundness: Soundness::Verified, accounts: Some(live(&opened)) })
    }

    /// Chooses the second folder, or none. It gets a copy at once, so that a folder that takes none is found out now.
    pub fn set_second_folder(&mut self, folder: Option<PathBuf>) -> Result<(), SessionError> {
        self.unlocked()?;
        let before = self.settings.clone();
        self.ports.vault.set_second_folder(folder.clone());
        let chosen = folder.is_some();
        let mut outcome = self.save_settings(Settings { second_backup_folder: folder, ..before.clone() }).map(|_| ());
        if outcome.is_ok() && chosen {
            let mut unlocked = self.unlocked()?;
            outcome = unlocked.save_or(|_| {});
            let failed =
                unlocked.open.notices.all().iter().find(|notice| notice.code == ErrorCode::SecondFolderMissing);
            if let (Ok(()), Some(failed)) = (&outcome, failed) {
                let reason = failed.detail.get("reason").cloned().unwrap_or_default();
                outcome = Err(SessionError::new(ErrorCode::FolderUnusable).with("reason", reason));
            }
        }
        if let Some(open) = &mut self.open
            && (outcome.is_err() || !chosen)
        {
            open.notices.take_away(ErrorCode::SecondFolderMissing);
        }
        if let Err(error) = outcome {
            self.ports.vault.set_second_folder(before.second_backup_folder.clone());
            self.save_settings(before)?;
            return Err(error);
        }
        Ok(())
    }

    /// The vault as it is now, opened by a password that it had before and is to have again, with the hint it had then: the later
    /// one was never held against it, and might tell it.
    fn take_in_with_old_password(
        &mut self,
        mut vault: UnlockedVault,
        password: &Password,
        hint: Option<String>,
    ) -> Result<Open, SessionError> {
        let clock = &*self.ports.clock;
        vault.set_password(password, calibrated(clock), clock.now())?;
        vault.set_hint(hint, clock.now()).map_err(hint::too_long)?;
        self.take_in(vault, SlotsChanged::NewPassword)
    }

    fn find_backup(&self, place: BackupPlace, name: &str) -> Result<Backup, SessionError> {
        let backups = self.ports.vault.backups().map_err(unreadable)?;
        let found = backups.into_iter().find(|backup| backup.place == place && backup.name == name);
        found.ok_or_else(|| ErrorCode::BackupNotFound.into())
    }
}

/// Puts a backup in the place of what is there; the file that is there is kept under another name.
pub(crate) fn restore_as_vault(session: &mut Session, mut vault: UnlockedVault) -> Result<Open, SessionError> {
    let (ports, memory) = (&session.ports, &mut session.memory);
    let now = ports.clock.now();
    // What can be read is replaced in one step, with a copy of it beside: at no moment there is no vault. What cannot be read,
    // or not to its end, has to give up its name first.
    let (present, aside) = match ports.vault.load() {
        Ok(Some(present)) if present.len() as u64 <= MAX_FILE_SIZE => {
            ports.vault.write_aside(now, &present)?;
            (Some(present), None)
        }
        Ok(None) => (None, None),
        Ok(Some(_)) | Err(_) => (None, ports.vault.set_aside(now)?),
    };
    // It takes the place of the latest there ever was, and says so: the next start must not take that for something it has
    // missed. And a code that a counter has given away is none any more.
    let mut latest = memory.of(vault.vault_id()).seen.and_then(|seen| Some((seen.revision, seen.digest()?)));
    for backup in ports.vault.backups().unwrap_or_default() {
        let Ok(bytes) = ports.vault.read_backup(&backup) else { continue };
        let Ok(copy) = open_copy(&bytes, &vault) else { continue };
        vault.raise_counters(&copy);
        let revision = copy.revision();
        if let (Some(digest), true) = (copy.file_digest(), latest.is_none_or(|(highest, _)| highest < revision)) {
            latest = Some((revision, digest));
        }
    }
    if let Some((revision, digest)) = latest {
        vault.follow(digest, revision);
    }
    let mut notices = Notices::default();
    let mut traces = Traces { memory, notices: &mut notices };
    save_over(ports, &mut vault, &mut traces, present.as_deref()).map_err(|failure| {
        if let (false, Some(aside)) = (failure.kept, aside) {
            // Where even this fails, the file is still there under the other name.
            let _ = ports.vault.put_back(&aside);
        }
        failure.error
    })?;
    Ok(Open::new(vault, notices))
}

/// Whether a vault file of which this is said is one that a backup has to stand in for.
pub(crate) fn is_beyond_use(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::VaultMissing | ErrorCode::VaultDamaged | ErrorCode::VaultTampered | ErrorCode::VaultKdfRefused
    )
}

/// Whether it is said of a vault file that no backup stands in for unless the person says so: it may be whole. It is put aside
/// unread, and stays where it is if even its name is out of reach, on a drive that is away.
fn is_beyond_reach(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::VaultTooLarge | ErrorCode::VaultUnreadable)
}

/// Nothing of a backup of another vault than the one that is here: that was left behind, or shares the second folder.
fn look_at(ports: &Ports, backup: Backup, vault: Option<&UnlockedVault>, here: Option<VaultId>) -> Option<BackupState> {
    let state = |soundness, accounts| Some(BackupState { backup: backup.clone(), soundness, accounts });
    let Ok(bytes) = ports.vault.read_backup(&backup) else { return state(Soundness::Damaged, None) };
    let Ok(file) = LockedVault::read(&bytes) else { return state(Soundness::Damaged, None) };
    if here.is_some_and(|here| here != file.vault_id()) {
        return None;
    }
    match vault.map(|vault| open_copy(&bytes, vault)) {
        None => state(Soundness::Intact, None),
        Some(Ok(copy)) => state(Soundness::Verified, Some(live(&copy))),
        Some(Err(error)) if error.code == ErrorCode::OtherVault => state(Soundness::Other, None),
        Some(Err(_)) => state(Soundness::Damaged, None),
    }
}

/// What a backup was opened with.
enum Key {
    Password(Password),
    Recovery(RecoveryKey),
}

/// Whether a recovery key that opens an older copy of a vault opens it as it is now, too.
pub(crate) fn still_opens(key: &RecoveryKey, vault: &UnlockedVault) -> Result<(), SessionError> {
    vault.verify_recovery_key(key).map_err(|error| match error {
        UnlockError::WrongRecoveryKey | UnlockError::NoRecoverySlot => ErrorCode::RecoveryKeyGivenUp.into(),
        error => error.into(),
    })
}

/// Opens a backup with whatever its owner still has: the recovery key, which reads as nothing else, or its password.
fn open_by_any_key(ports: &Ports, backup: &Backup, key: &str) -> Result<(UnlockedVault, Key), SessionError> {
    let bytes = ports.vault.read_backup(backup).map_err(unreadable)?;
    let mut locked = LockedVault::read(&bytes)?;
    if let Ok(key) = RecoveryKey::parse(key) {
        match locked.unlock_with_recovery_key(&key) {
            Ok(vault) => return Ok((vault, Key::Recovery(key))),
            // It may have been a password after all.
            Err((still_locked, _)) => locked = still_locked,
        }
    }
    let password = Password::new(Zeroizing::new(key.to_owned()))?;
    match locked.unlock_with_password(&password) {
        Ok(vault) => Ok((vault, Key::Password(password))),
        Err((_, error)) => Err(match SessionError::from(error) {
            wrong if wrong.code == ErrorCode::WrongPassword => ErrorCode::BackupWrongPassword.into(),
            other => other,
        }),
    }
}

fn live(vault: &UnlockedVault) -> usize {
    vault.entries().filter(|entry| !entry.is_deleted()).count()
}

pub(crate) fn unreadable(error: StoreError) -> SessionError {
    SessionError::new(ErrorCode::BackupUnreadable).with("reason", error)
}
