//! The locked and unlocked state machine.

use std::time::Duration;

use warifu_vault::{KdfParams, LockedVault, Password, UnlockError, UnlockedVault};
use zeroize::Zeroizing;

use crate::{
    ErrorCode, SessionError,
    clipping::{Clearing, Copied},
    ports::{Ports, StoreError},
    settings::{Language, Settings, Theme},
    unlocked::{Open, Unlocked, save},
};

/// Where the application stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// There is no vault and no trace of one.
    FirstStart,
    /// There is a vault, locked.
    Locked,
    /// The vault is open.
    Unlocked,
    /// There is a vault file that cannot be used. It is left untouched, and this is never a first start.
    Unreadable(SessionError),
}

/// What time has brought about.
#[must_use]
pub struct Tick {
    /// The vault was locked because nobody was there.
    pub locked: bool,
    /// A copied code that is due to leave the clipboard.
    pub clearing: Option<Clearing>,
}

/// The application, for one person at one desktop.
pub struct Session {
    ports: Ports,
    settings: Settings,
    open: Option<Open>,
    copied: Option<Copied>,
    attempts: Attempts,
    last_activity: Duration,
}

impl Session {
    /// Starts locked, with the settings as saved.
    pub fn new(ports: Ports) -> Session {
        let settings = match ports.settings.load() {
            Ok(Some(text)) => Settings::parse(&text),
            Ok(None) | Err(_) => Settings::default(),
        };
        let last_activity = ports.clock.boot();
        Session { ports, settings, open: None, copied: None, attempts: Attempts::default(), last_activity }
    }

    /// Where the application stands. Reads the vault file unless it is open.
    pub fn phase(&self) -> Phase {
        if self.open.is_some() {
            return Phase::Unlocked;
        }
        match self.load() {
            Ok(Some(_)) => Phase::Locked,
            Ok(None) => Phase::FirstStart,
            Err(error) => Phase::Unreadable(error),
        }
    }

    /// The settings in force.
    pub fn settings(&self) -> Settings {
        self.settings
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
    pub fn set_appearance(&mut self, language: Language, theme: Theme) -> Result<Settings, SessionError> {
        self.save_settings(Settings { language, theme, ..self.settings })
    }

    /// Makes a new vault and leaves it open.
    pub fn create(&mut self, password: Zeroizing<String>) -> Result<(), SessionError> {
        if self.open.is_some() {
            return Err(ErrorCode::NotLocked.into());
        }
        let password = Password::new(password)?;
        if self.ports.vault.load()?.is_some() {
            return Err(ErrorCode::VaultExists.into());
        }
        let mut vault = UnlockedVault::create(&password, KdfParams::DEFAULT_FLOOR)?;
        save(&self.ports, &mut vault).map_err(|error| match error.code {
            ErrorCode::VaultChangedOnDisk => ErrorCode::VaultExists.into(),
            _ => error,
        })?;
        self.enter(vault);
        Ok(())
    }

    /// Opens the vault. A wrong password changes nothing.
    pub fn unlock(&mut self, password: Zeroizing<String>) -> Result<(), SessionError> {
        if self.open.is_some() {
            return Err(ErrorCode::NotLocked.into());
        }
        let password = Password::new(password)?;
        self.attempts.may_try(self.ports.clock.boot())?;
        let locked = self.load()?.ok_or(ErrorCode::NoVault)?;
        match locked.unlock_with_password(&password) {
            Ok(vault) => {
                self.attempts = Attempts::default();
                self.enter(vault);
                Ok(())
            }
            Err((_, error)) => {
                if error == UnlockError::WrongPassword {
                    self.attempts.failed(self.ports.clock.boot());
                }
                Err(error.into())
            }
        }
    }

    /// Locks: keys, secrets, what was read and the frozen screen are dropped. A copied code is due to leave the clipboard
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
            Some(open) => Ok(Unlocked { ports: &self.ports, open, copied: &mut self.copied }),
            None => Err(ErrorCode::Locked.into()),
        }
    }

    /// Sets the idle time after which the vault locks. Only while it is open: whoever finds it locked must not loosen it.
    pub fn set_lock_after(&mut self, minutes: u32) -> Result<Settings, SessionError> {
        self.unlocked()?;
        let lock_after_minutes = minutes.min(Settings::LOCK_AFTER_MINUTES_LIMIT);
        self.save_settings(Settings { lock_after_minutes, ..self.settings })
    }

    /// Notes that the person is there.
    pub fn report_activity(&mut self) {
        self.last_activity = self.ports.clock.boot();
    }

    /// Does what is due. Call it about once a second.
    pub fn tick(&mut self) -> Tick {
        let boot = self.ports.clock.boot();
        let idle = boot.saturating_sub(self.last_activity);
        let limit = Duration::from_secs(u64::from(self.settings.lock_after_minutes) * 60);
        let locked = self.open.is_some() && !limit.is_zero() && idle >= limit;
        if locked {
            self.lock();
        }
        let due = self.copied.take_if(|copied| boot >= copied.clear_at);
        let clipboard = &self.ports.clipboard;
        Tick { locked, clearing: due.map(|copied| Clearing { clipboard: clipboard.clone(), copied }) }
    }

    /// Takes a failed clearing back, for another try at the next tick; unless another code was copied meanwhile.
    pub fn clear_again(&mut self, failed: Clearing) {
        let Clearing { mut copied, .. } = failed;
        copied.tries_left = copied.tries_left.saturating_sub(1);
        if self.copied.is_none() && copied.tries_left > 0 {
            self.copied = Some(copied);
        }
    }

    fn load(&self) -> Result<Option<LockedVault>, SessionError> {
        match self.ports.vault.load() {
            Ok(Some(bytes)) => Ok(Some(LockedVault::read(&bytes)?)),
            Ok(None) => Ok(None),
            Err(StoreError::Io { reason }) => Err(SessionError::new(ErrorCode::VaultUnreadable).with("reason", reason)),
            Err(error) => Err(error.into()),
        }
    }

    fn enter(&mut self, vault: UnlockedVault) {
        self.open = Some(Open::new(vault));
        self.report_activity();
    }

    fn save_settings(&mut self, settings: Settings) -> Result<Settings, SessionError> {
        self.ports
            .settings
            .save(&settings.to_text())
            .map_err(|error| SessionError::new(ErrorCode::SettingsNotSaved).with("reason", error))?;
        self.settings = settings;
        Ok(settings)
    }
}

/// Wrong passwords in a row. They slow down, and never erase.
#[derive(Default)]
struct Attempts {
    failed: u32,
    wait_until: Duration,
}

impl Attempts {
    /// Slips of the finger cost nothing.
    const FREE: u32 = 4;
    /// Longer would lock out the owner more than a guesser, who has the file anyway.
    const LONGEST_WAIT: Duration = Duration::from_secs(30);

    fn may_try(&self, boot: Duration) -> Result<(), SessionError> {
        let wait = self.wait_until.saturating_sub(boot);
        if wait.is_zero() {
            return Ok(());
        }
        Err(SessionError::new(ErrorCode::TooManyAttempts).with("seconds", wait.as_secs_f64().ceil()))
    }

    fn failed(&mut self, boot: Duration) {
        self.failed = self.failed.saturating_add(1);
        let over = self.failed.saturating_sub(Self::FREE);
        if over > 0 {
            let wait = Duration::from_secs(1 << over.min(5)).min(Self::LONGEST_WAIT);
            self.wait_until = boot.saturating_add(wait);
        }
    }
}
