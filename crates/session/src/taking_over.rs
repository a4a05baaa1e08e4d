//! A vault or backup file that the person chose, from a stick or from another computer: it is looked at, opened with a key of
//! its own, and only then becomes the vault. The file itself is read once and never written.

use std::sync::Arc;

use warifu_otp::UnixTime;
use warifu_vault::{KdfParams, LockedVault, ReadError, SlotKind, UnlockedVault, VaultId};

use crate::{
    ErrorCode, OldBackups, Session, SessionError,
    attempts::Attempts,
    backups::{is_beyond_use, restore_as_vault, still_opens},
    hint,
    left_behind::LeftBehind,
    opening::{SlotsChanged, Unlocking, Way, WayKind, calibrated},
    ports::Clock,
};

/// A file as it was read.
pub struct FileToTakeOver {
    /// Its name, without any folder.
    pub name: String,
    /// What is in it, or one byte more than any vault has.
    pub bytes: Vec<u8>,
    /// When it was written, as far as anyone can tell.
    pub written_at: Option<UnixTime>,
}

/// What is held of it until its key is typed: nothing that is secret.
pub(crate) struct Chosen {
    bytes: Vec<u8>,
}

/// What a chosen file tells without a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChosenFile {
    /// Its name, without any folder.
    pub name: String,
    /// When it was written, as far as anyone can tell.
    pub written_at: Option<UnixTime>,
    /// Its revision.
    pub revision: u64,
    /// The hint to its password.
    pub hint: Option<String>,
    /// Whether a recovery key was made for it.
    pub has_recovery_key: bool,
    /// What is in the vault's place.
    pub here: Here,
}

/// What is in the vault's place when a file is to become the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Here {
    /// No file.
    Nothing,
    /// The vault that the chosen file is a copy of. It stays; the chosen file is a way into it.
    SameVault,
    /// Another vault, or one that this version cannot judge. It is put aside only if the person says so.
    OtherVault,
    /// A file that cannot be used. It is put aside.
    Unusable,
}

/// A taking over that may be run, away from the session.
#[must_use]
pub struct TakeOver {
    file: LockedVault,
    /// The vault as it is here, where the chosen file is a copy of it.
    present: Option<LockedVault>,
    way: Way,
    clock: Arc<dyn Clock>,
}

/// What came of it. Dropped, it wipes itself.
#[must_use]
pub struct TakenOver {
    way: WayKind,
    outcome: Result<Opened, SessionError>,
}

enum Opened {
    /// The vault that is here, with the password it is to have.
    Present(UnlockedVault),
    /// The chosen file.
    File(UnlockedVault),
}

impl Session {
    /// Looks at a file that the person chose, and holds it for [`Self::begin_take_over`].
    pub fn choose_file(&mut self, file: FileToTakeOver) -> Result<ChosenFile, SessionError> {
        if self.open.is_some() {
            return Err(ErrorCode::NotLocked.into());
        }
        self.chosen = None;
        let FileToTakeOver { name, bytes, written_at } = file;
        let locked = LockedVault::read(&bytes).map_err(of_file)?;
        self.chosen = Some(Chosen { bytes });
        Ok(ChosenFile {
            name,
            written_at,
            revision: locked.revision(),
            hint: locked.hint().map(str::to_owned),
            has_recovery_key: locked.slots().iter().any(|slot| slot.kind == SlotKind::Recovery),
            here: self.here(locked.vault_id()),
        })
    }

    /// The first part of taking the chosen file over: what the second needs to run away from the session. `aside` says that
    /// another vault may be put aside for it.
    pub fn begin_take_over(&mut self, unlocking: Unlocking, aside: bool) -> Result<TakeOver, SessionError> {
        if self.open.is_some() {
            return Err(ErrorCode::NotLocked.into());
        }
        self.attempts.may_try(self.ports.clock.boot())?;
        let chosen = self.chosen.as_ref().ok_or(ErrorCode::NoFileChosen)?;
        let file = LockedVault::read(&chosen.bytes).map_err(of_file)?;
        let present = match self.here(file.vault_id()) {
            Here::OtherVault if !aside => return Err(ErrorCode::VaultInTheWay.into()),
            Here::SameVault => self.load()?,
            _ => None,
        };
        // The keyring of this machine knows nothing of a file from elsewhere.
        let way = Way::parse(unlocking, || Err(ErrorCode::QuickUnlockOff.into()))?;
        self.attempts.begin(self.ports.clock.boot());
        Ok(TakeOver { file, present, way, clock: self.ports.clock.clone() })
    }

    /// The last part: what was opened becomes the vault, as a new revision, and is left open.
    pub fn finish_take_over(&mut self, taken: TakenOver, aside: bool) -> Result<(), SessionError> {
        if self.open.is_some() {
            return Err(ErrorCode::NotLocked.into());
        }
        let TakenOver { way, outcome } = taken;
        let wrong =
            |error: &SessionError| matches!(error.code, ErrorCode::BackupWrongPassword | ErrorCode::WrongRecoveryKey);
        self.attempts.answered(self.ports.clock.boot(), outcome.as_ref().is_err_and(wrong));
        let opened = outcome?;
        let file = self.chosen.take().ok_or(ErrorCode::NoFileChosen)?;
        let is_present = matches!(opened, Opened::Present(_));
        let open = match opened {
            Opened::Present(vault) => self.take_in(vault, SlotsChanged::NewPassword),
            Opened::File(vault) => self.put_in_place(vault, aside),
        };
        let open = match open {
            Ok(open) => open,
            Err(error) => {
                // For another try, say after room was made on the disk.
                self.chosen = Some(file);
                return Err(error);
            }
        };
        self.attempts = Attempts::default();
        let now = self.ports.clock.now();
        self.memory.change(&*self.ports.memory, open.vault.vault_id(), |remembered| remembered.password_typed(now));
        self.enter(open);
        let mut unlocked = self.unlocked()?;
        if is_present {
            unlocked.take_up(&file.bytes);
        }
        if is_present || way == WayKind::Recovery {
            // Nobody knows the password any more that the backups open with.
            let _ = unlocked.deal_with_old_backups(OldBackups::Rewrap);
        }
        Ok(())
    }

    /// The chosen file in the place of what is here by now: the key took its time.
    fn put_in_place(&mut self, vault: UnlockedVault, aside: bool) -> Result<crate::unlocked::Open, SessionError> {
        let mut left = LeftBehind::default();
        match self.here(vault.vault_id()) {
            Here::Nothing | Here::Unusable => {}
            Here::OtherVault if aside => left = LeftBehind::all_at(&self.ports)?,
            Here::OtherVault => return Err(ErrorCode::VaultInTheWay.into()),
            Here::SameVault => match self.load().map(|present| present.map(|present| present.open_like(&vault))) {
                // Its header is sound and its contents are not.
                Ok(Some(Err((_, error)))) if is_beyond_use(SessionError::from(error).code) => {}
                // It was put there just now.
                _ => return Err(ErrorCode::VaultChangedOnDisk.into()),
            },
        }
        let open = restore_as_vault(self, vault)?;
        self.leave_behind(left);
        Ok(open)
    }

    fn here(&self, file: VaultId) -> Here {
        match self.load() {
            Ok(None) => Here::Nothing,
            Ok(Some(present)) if present.vault_id() == file => Here::SameVault,
            Ok(Some(_)) => Here::OtherVault,
            Err(error) if error.code == ErrorCode::VaultMissing => Here::Nothing,
            Err(error) if is_beyond_use(error.code) => Here::Unusable,
            // Whole as far as anyone knows: a later version's, or one on a drive that is away.
            Err(_) => Here::OtherVault,
        }
    }
}

impl TakeOver {
    /// Derives the key and opens the file. Takes a second or so.
    pub fn run(self) -> TakenOver {
        TakenOver { way: self.way.kind(), outcome: self.open() }
    }

    fn open(self) -> Result<Opened, SessionError> {
        let TakeOver { file, present, way, clock } = self;
        let opened = match &way {
            Way::Password(password) => file.unlock_with_password(password),
            Way::Recovery { key, .. } => file.unlock_with_recovery_key(key),
            Way::Keyring(_) => return Err(ErrorCode::QuickUnlockOff.into()),
        };
        let vault = opened.map_err(|(_, error)| in_file(error.into()))?;
        let hint_of_file = vault.hint().map(str::to_owned);
        let mut opened = match present.map(|present| present.open_like(&vault)) {
            None => Opened::File(vault),
            Some(Ok(present)) => Opened::Present(present),
            Some(Err((_, error))) => match SessionError::from(error) {
                error if is_beyond_use(error.code) => Opened::File(vault),
                error => return Err(error),
            },
        };
        match (&mut opened, way) {
            (Opened::File(vault) | Opened::Present(vault), Way::Recovery { key, replacement, hint }) => {
                // The chosen file opened by it; the vault that is here may have given it up since.
                still_opens(&key, vault)?;
                vault.set_password(&replacement, calibrated(&*clock), clock.now())?;
                vault.set_hint(hint, clock.now()).map_err(hint::too_long)?;
            }
            // The password of an older copy holds again: the one it had since is what was forgotten.
            (Opened::Present(vault), Way::Password(password)) => {
                vault.set_password(&password, calibrated(&*clock), clock.now())?;
                // And so does its hint: the later one was never held against it, and might tell it.
                vault.set_hint(hint_of_file, clock.now()).map_err(hint::too_long)?;
            }
            (Opened::File(vault), Way::Password(password)) => {
                if vault.has_weak_password_slot() {
                    let _ = vault.raise_password(&password, KdfParams::DEFAULT_FLOOR);
                }
            }
            (_, Way::Keyring(_)) => {}
        }
        Ok(opened)
    }
}

/// Why the bytes of a chosen file are no vault, in words about that file.
fn of_file(error: ReadError) -> SessionError {
    use warifu_vault::DamagedPart;
    match error {
        ReadError::Damaged { part: DamagedPart::Magic } => ErrorCode::FileNotAVault.into(),
        error => in_file(error.into()),
    }
}

/// What is said of the vault here, said of the chosen file.
fn in_file(error: SessionError) -> SessionError {
    let code = match error.code {
        ErrorCode::VaultDamaged => ErrorCode::FileDamaged,
        ErrorCode::VaultTampered | ErrorCode::VaultKdfRefused => ErrorCode::FileTampered,
        ErrorCode::VaultTooNew => ErrorCode::FileTooNew,
        ErrorCode::VaultTooLarge => ErrorCode::FileTooLarge,
        ErrorCode::WrongPassword => ErrorCode::BackupWrongPassword,
        code => code,
    };
    SessionError { code, ..error }
}
