//! The locked and unlocked state machine.

use std::time::Duration;

use warifu_vault::{LockedVault, Password, SlotKind, UnlockedVault};
use zeroize::Zeroizing;

use crate::{
    ErrorCode, SessionError,
    attempts::Attempts,
    camera::Turn,
    clipping::{Clearing, Copied},
    hint,
    memory::{Memory, Remembered},
    notices::Notices,
    old_backups::OldBackups,
    opening::{Opened, Opening, Unlocking, Way, WayKind, calibrated},
    ports::{FileStamp, Ports, StoreError},
    quick_unlock::QuickUnlock,
    saving::{Traces, save},
    settings::{Language, Settings, Theme},
    taking_over::Chosen,
    unlocked::{Open, Unlocked},
};

/// While a recovery key is shown and not yet confirmed, the vault stays open at least this long: its owner is looking for paper.
const AT_THE_PRINTER: Duration = Duration::from_secs(30 * 60);

/// Where the application stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// There is no vault and no trace of one.
    FirstStart,
    /// There is a vault, locked.
    Locked(Door),
    /// The vault is open.
    Unlocked,
    /// There is a vault file that cannot be used, or none beside its backups. Nothing is touched, and this is never a first
    /// start.
    Unreadable(SessionError),
}

/// The ways into a locked vault, as its file claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// Whether the keyring of this machine may be asked.
    pub quick_unlock: QuickUnlock,
    /// The hint to the password.
    pub hint: Option<String>,
    /// Whether a recovery key was made.
    pub has_recovery_key: bool,
}

/// What time has brought about.
#[must_use]
pub struct Tick {
    /// The vault was locked because nobody was there.
    pub locked: bool,
    /// What is open has taken up a change from outside, or there is something new to tell the person: ask again.
    pub changed: bool,
    /// A copied code that is due to leave the clipboard.
    pub clearing: Option<Clearing>,
}

/// The application, for one person at one desktop.
pub struct Session {
    pub(crate) ports: Ports,
    pub(crate) settings: Settings,
    pub(crate) memory: Memory,
    pub(crate) open: Option<Open>,
    copied: Option<Copied>,
    pub(crate) attempts: Attempts,
    /// The keyring answered, and had not the key it should have.
    keyring_lost_key: bool,
    last_activity: Duration,
    /// The vault file as it was when it was last read or written here.
    stamp: Option<FileStamp>,
    /// The file that was chosen to become the vault.
    pub(crate) chosen: Option<Chosen>,
    /// One camera after the other, also across locking.
    camera_turn: Turn,
}

impl Session {
    /// Starts locked, with the settings as saved. Clears away what a crash has left.
    pub fn new(mut ports: Ports) -> Session {
        let settings = match ports.settings.load() {
            Ok(Some(text)) => Settings::parse(&text),
            Ok(None) | Err(_) => Settings::default(),
        };
        ports.vault.set_second_folder(settings.second_backup_folder.clone());
        // Where it cannot be tidied now, the next start tries again; nothing depends on it.
        let _ = ports.vault.tidy();
        let memory = Memory::load(&*ports.memory);
        let last_activity = ports.clock.boot();
        Session {
            ports,
            settings,
            memory,
            open: None,
            copied: None,
            attempts: Attempts::default(),
            keyring_lost_key: false,
            last_activity,
            stamp: None,
            chosen: None,
            camera_turn: Turn::default(),
        }
    }

    /// Whether the desktop will ask the person before it shows us the screen, and has never shown it yet: then that is better said before.
    pub fn scan_asks(&self) -> bool {
        self.ports.screen.asks() && !self.memory.has_shown_screen()
    }

    /// Where the application stands. Reads the vault file unless it is open.
    pub fn phase(&self) -> Phase {
        if self.open.is_some() {
            return Phase::Unlocked;
        }
        match self.load() {
            Ok(Some(locked)) => Phase::Locked(self.door(&locked)),
            Ok(None) => Phase::FirstStart,
            Err(error) => Phase::Unreadable(error),
        }
    }

    /// Whether the vault is open. Asks nothing of the disk.
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// The settings in force.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Where the vault file is, for people.
    pub fn vault_place(&self) -> String {
        self.ports.vault.place()
    }

    /// The ports, for what needs the world but not the vault (the clock, the screen).
    pub fn ports(&self) -> &Ports {
        &self.ports
    }

    /// Sets language and theme.
    pub fn set_appearance(&mut self, language: Language, theme: Theme) -> Result<&Settings, SessionError> {
        self.save_settings(Settings { language, theme, ..self.settings.clone() })
    }

    /// Makes a new vault and leaves it open. Takes a second or two: it is found out what this machine can do.
    pub fn create(&mut self, password: Zeroizing<String>, hint: &str) -> Result<(), SessionError> {
        if self.open.is_some() {
            return Err(ErrorCode::NotLocked.into());
        }
        let hint = hint::parse(hint, &password)?;
        let password = Password::new(password)?;
        match self.load() {
            Ok(None) => {}
            // Whoever asks for a new one, where a vault was and no file of it is left, has taken it away themselves.
            Err(error) if error.code == ErrorCode::VaultMissing => match self.no_file_is_left() {
                Ok(true) => {}
                Ok(false) | Err(_) => return Err(error),
            },
            Ok(Some(_)) | Err(_) => return Err(ErrorCode::VaultExists.into()),
        }
        let now = self.ports.clock.now();
        let mut vault = UnlockedVault::create(&password, calibrated(&*self.ports.clock), now)?;
        vault.set_hint(hint, now).map_err(hint::too_long)?;
        let mut notices = Notices::default();
        save(&self.ports, &mut vault, &mut Traces { memory: &mut self.memory, notices: &mut notices }).map_err(
            |failure| match failure.error.code {
                ErrorCode::VaultConflict | ErrorCode::VaultConflictCopy => ErrorCode::VaultExists.into(),
                _ => failure.error,
            },
        )?;
        self.memory.change(&*self.ports.memory, vault.vault_id(), |remembered| remembered.password_typed(now));
        let just_created = Some(self.ports.clock.boot());
        self.enter(Open { just_created, ..Open::new(vault, notices) });
        Ok(())
    }

    /// Opens the vault. What was typed wrongly changes nothing.
    pub fn unlock(&mut self, password: Zeroizing<String>) -> Result<(), SessionError> {
        self.open_by(Unlocking::Password(password))
    }

    /// Opens the vault by any of its ways, here and now.
    pub fn open_by(&mut self, unlocking: Unlocking) -> Result<(), SessionError> {
        let opened = self.begin_unlock(unlocking)?.run();
        self.finish_unlock(opened)
    }

    /// The first part of unlocking: what the second needs to run away from the session.
    pub fn begin_unlock(&mut self, unlocking: Unlocking) -> Result<Opening, SessionError> {
        if self.open.is_some() {
            return Err(ErrorCode::NotLocked.into());
        }
        self.attempts.may_try(self.ports.clock.boot())?;
        // Taken before reading: what is written while the key is derived is then noticed.
        let stamp = self.ports.vault.stamp();
        let locked = self.load()?.ok_or(ErrorCode::NoVault)?;
        let remembered = self.memory.of(locked.vault_id());
        let way = Way::parse(unlocking, || QuickUnlock::of(&locked, &remembered, self.ports.clock.now()).slot())?;
        self.stamp = stamp;
        if way.kind() != WayKind::Keyring {
            self.attempts.begin(self.ports.clock.boot());
        }
        Ok(Opening { locked, way, clock: self.ports.clock.clone(), keys: self.ports.keys.clone() })
    }

    /// The last part: what was opened becomes the open vault, and what has happened to it since it was last open is looked
    /// into.
    pub fn finish_unlock(&mut self, opened: Opened) -> Result<(), SessionError> {
        if self.open.is_some() {
            return Err(ErrorCode::NotLocked.into());
        }
        let Opened { way, outcome } = opened;
        if way != WayKind::Keyring {
            let wrong =
                |error: &SessionError| matches!(error.code, ErrorCode::WrongPassword | ErrorCode::WrongRecoveryKey);
            self.attempts.answered(self.ports.clock.boot(), outcome.as_ref().is_err_and(wrong));
        }
        let (vault, changed) = outcome.inspect_err(|error| {
            self.keyring_lost_key |= matches!(error.code, ErrorCode::KeyringNoEntry | ErrorCode::KeyringWrongValue);
        })?;
        let open = self.take_in(vault, changed)?;
        if way != WayKind::Keyring {
            self.attempts = Attempts::default();
            let now = self.ports.clock.now();
            self.memory.change(&*self.ports.memory, open.vault.vault_id(), |remembered| remembered.password_typed(now));
        }
        self.enter(open);
        if way == WayKind::Recovery {
            // Nobody knows the password any more that the backups open with. Where one cannot be sealed anew, the recovery key
            // opens it all the same.
            let _ = self.unlocked()?.deal_with_old_backups(OldBackups::Rewrap);
        }
        if std::mem::take(&mut self.keyring_lost_key) && way != WayKind::Keyring {
            self.unlocked()?.say_quick_unlock_is_gone();
        }
        Ok(())
    }

    /// Locks: keys, secrets, what was read and the frozen screen are dropped, and the camera stops. A copied code is due to leave the clipboard
    /// at the next tick.
    pub fn lock(&mut self) {
        self.open = None;
        if let Some(copied) = &mut self.copied {
            copied.clear_at = Duration::ZERO;
        }
    }

    /// The open vault, or the error `locked`. What needs an open vault has no other door.
    pub fn unlocked(&mut self) -> Result<Unlocked<'_>, SessionError> {
        match &mut self.open {
            Some(open) => Ok(Unlocked {
                ports: &self.ports,
                open,
                copied: &mut self.copied,
                memory: &mut self.memory,
                attempts: &mut self.attempts,
                camera_turn: &self.camera_turn,
            }),
            None => Err(ErrorCode::Locked.into()),
        }
    }

    /// Sets the idle time after which the vault locks. Only while it is open: whoever finds it locked must not loosen it.
    pub fn set_lock_after(&mut self, minutes: u32) -> Result<&Settings, SessionError> {
        self.unlocked()?;
        let lock_after_minutes = minutes.min(Settings::LOCK_AFTER_MINUTES_LIMIT);
        self.save_settings(Settings { lock_after_minutes, ..self.settings.clone() })
    }

    /// Notes that the person is there.
    pub fn report_activity(&mut self) {
        self.last_activity = self.ports.clock.boot();
    }

    /// Does what is due. Call it about once a second.
    pub fn tick(&mut self) -> Tick {
        let boot = self.ports.clock.boot();
        let idle = boot.saturating_sub(self.last_activity);
        let mut limit = Duration::from_secs(u64::from(self.settings.lock_after_minutes) * 60);
        if self.open.as_ref().is_some_and(|open| open.pending_recovery.is_some()) && !limit.is_zero() {
            limit = limit.max(AT_THE_PRINTER);
        }
        let locked = self.open.is_some() && !limit.is_zero() && idle >= limit;
        if locked {
            self.lock();
        }
        self.stop_idle_camera();
        let taken_up = self.look_outside();
        let told = self.open.as_mut().is_some_and(|open| open.notices.take_changed());
        let due = self.copied.take_if(|copied| boot >= copied.clear_at);
        let clipboard = &self.ports.clipboard;
        Tick {
            locked,
            changed: taken_up || told,
            clearing: due.map(|copied| Clearing { clipboard: clipboard.clone(), copied }),
        }
    }

    /// Takes a failed clearing back, for another try at the next tick; unless another code was copied meanwhile.
    pub fn clear_again(&mut self, failed: Clearing) {
        let Clearing { mut copied, .. } = failed;
        copied.tries_left = copied.tries_left.saturating_sub(1);
        if self.copied.is_none() && copied.tries_left > 0 {
            self.copied = Some(copied);
        }
    }

    /// The vault file, checked as far as that goes without a key; none if there is none and no trace of one.
    pub(crate) fn load(&self) -> Result<Option<LockedVault>, SessionError> {
        match self.ports.vault.load() {
            Ok(Some(bytes)) => Ok(Some(LockedVault::read(&bytes)?)),
            Ok(None) => match self.knows_of_none() {
                Ok(true) => Ok(None),
                Ok(false) => Err(ErrorCode::VaultMissing.into()),
                // Where nobody can say whether there are backups, this is no first start.
                Err(error) => Err(SessionError::new(ErrorCode::VaultUnreadable).with("reason", error)),
            },
            Err(StoreError::Io { reason }) => Err(SessionError::new(ErrorCode::VaultUnreadable).with("reason", reason)),
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) fn enter(&mut self, open: Open) {
        self.come_back(open.vault.vault_id());
        self.memory.vault_is_at(&*self.ports.memory, &self.ports.vault.place(), Some(open.vault.vault_id()));
        if !open.vault.slots().iter().any(|slot| slot.kind == SlotKind::Recovery) {
            let now = self.ports.clock.now();
            let note = |remembered: &mut Remembered| remembered.without_recovery_key(now);
            self.memory.change(&*self.ports.memory, open.vault.vault_id(), note);
        }
        self.chosen = None;
        // What was written since the file was read, by us or by others, is looked at with the next tick.
        self.open = Some(open);
        self.report_activity();
    }

    pub(crate) fn save_settings(&mut self, settings: Settings) -> Result<&Settings, SessionError> {
        self.ports
            .settings
            .save(&settings.to_text())
            .map_err(|error| SessionError::new(ErrorCode::SettingsNotSaved).with("reason", error))?;
        self.settings = settings;
        Ok(&self.settings)
    }

    fn door(&self, locked: &LockedVault) -> Door {
        let remembered: Remembered = self.memory.of(locked.vault_id());
        Door {
            quick_unlock: QuickUnlock::of(locked, &remembered, self.ports.clock.now()),
            hint: locked.hint().map(str::to_owned),
            has_recovery_key: locked.slots().iter().any(|slot| slot.kind == SlotKind::Recovery),
        }
    }

    /// A camera that finds nothing, or that nobody looks through, is not left on.
    fn stop_idle_camera(&mut self) {
        let boot = self.ports.clock.boot();
        if let Some(open) = &mut self.open {
            open.film.take_if(|film| film.is_idle(boot));
        }
    }

    /// Whether somebody else has changed the vault file since, in a way that what is open has taken up.
    fn look_outside(&mut self) -> bool {
        let Some(open) = &mut self.open else { return false };
        let stamp = self.ports.vault.stamp();
        if stamp == self.stamp {
            return false;
        }
        self.stamp = stamp;
        open.take_up_changes(&self.ports, &mut self.memory)
    }
}
