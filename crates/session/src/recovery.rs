//! The recovery key: printed, kept in a drawer, and the way in when the master password is forgotten. It is in the vault only
//! once the person has typed a part of it back: a key that was never written down would be false comfort.

use std::time::Duration;

use warifu_otp::UnixTime;
use warifu_vault::{RecoveryKey, RecoveryKeyError, SlotKind};
use zeroize::Zeroizing;

use crate::{ErrorCode, SessionError, unlocked::Unlocked};

/// For so long the one at the keyboard is the one who has just typed the new vault's password.
const JUST_CREATED: Duration = Duration::from_secs(10 * 60);

/// A key that was made and is not in the vault yet.
pub(crate) struct PendingRecoveryKey {
    key: RecoveryKey,
    asked: [usize; 2],
}

/// A recovery key as it is shown, once.
pub struct ShownRecoveryKey {
    /// Its groups, in order.
    pub groups: Vec<Zeroizing<String>>,
    /// Which of them have to be typed back, from 1.
    pub asked: [usize; 2],
    /// When it was made.
    pub made_at: UnixTime,
}

/// How far a recovery key has been typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedRecoveryKey {
    /// How many whole groups are right, from the first.
    pub groups_right: usize,
    /// Whether it is a whole key.
    pub complete: bool,
    /// What is wrong with what was typed so far; nothing while it is only unfinished.
    pub error: Option<SessionError>,
}

/// Looks at a recovery key as it is typed. Knows nothing of any vault: the key checks itself.
pub fn check_recovery_key(typed: &str) -> TypedRecoveryKey {
    const SYMBOLS_A_GROUP: usize = 5;
    match RecoveryKey::parse(typed) {
        Ok(_) => TypedRecoveryKey { groups_right: RecoveryKey::GROUPS, complete: true, error: None },
        Err(RecoveryKeyError::Empty) => TypedRecoveryKey { groups_right: 0, complete: false, error: None },
        Err(RecoveryKeyError::Incomplete { symbols }) => {
            TypedRecoveryKey { groups_right: symbols / SYMBOLS_A_GROUP, complete: false, error: None }
        }
        Err(error) => {
            let groups_right = match error {
                RecoveryKeyError::WrongGroup { group } => group.saturating_sub(1),
                RecoveryKeyError::TooLong => RecoveryKey::GROUPS,
                _ => 0,
            };
            TypedRecoveryKey { groups_right, complete: false, error: Some(error.into()) }
        }
    }
}

impl From<RecoveryKeyError> for SessionError {
    fn from(error: RecoveryKeyError) -> Self {
        match error {
            RecoveryKeyError::Empty => ErrorCode::RecoveryKeyEmpty.into(),
            RecoveryKeyError::WrongCharacter { position } => {
                SessionError::new(ErrorCode::RecoveryKeyCharacter).with("position", position)
            }
            RecoveryKeyError::WrongGroup { group } => {
                SessionError::new(ErrorCode::RecoveryKeyGroup).with("group", group)
            }
            RecoveryKeyError::Incomplete { symbols } => {
                SessionError::new(ErrorCode::RecoveryKeyIncomplete).with("symbols", symbols)
            }
            RecoveryKeyError::TooLong => ErrorCode::RecoveryKeyTooLong.into(),
            other => SessionError::new(ErrorCode::Unexpected).with("reason", other),
        }
    }
}

impl Unlocked<'_> {
    /// Makes a recovery key. It opens nothing until [`Self::confirm_recovery_key`]. The password is asked for, except within
    /// some minutes after the vault was made with it, until the vault is changed or the key refused.
    pub fn begin_recovery_key(
        &mut self,
        password: Option<Zeroizing<String>>,
    ) -> Result<ShownRecoveryKey, SessionError> {
        match password {
            None if self.was_just_created() => {}
            None => return Err(ErrorCode::PasswordEmpty.into()),
            Some(password) => self.check_password(password)?,
        }
        let key = RecoveryKey::generate()?;
        let text = key.reveal_text();
        let groups = text.split('-').map(|group| Zeroizing::new(group.to_owned())).collect();
        let asked = RecoveryKey::generate_question()?;
        self.open.pending_recovery = Some(PendingRecoveryKey { key, asked });
        Ok(ShownRecoveryKey { groups, asked, made_at: self.ports.clock.now() })
    }

    /// Puts the key that was made into the vault, in the place of an earlier one, if the groups asked for were typed back. The
    /// earlier one opens no backup any more that can be reached; where there is one that cannot, a notice says so.
    pub fn confirm_recovery_key(&mut self, typed: &[Zeroizing<String>]) -> Result<(), SessionError> {
        let Some(pending) = self.open.pending_recovery.take() else {
            return Err(ErrorCode::NoRecoveryPending.into());
        };
        let outcome = self.confirm(&pending, typed);
        if outcome.is_err() {
            self.open.pending_recovery = Some(pending);
        }
        outcome
    }

    /// Forgets a key that was made and not confirmed.
    pub fn cancel_recovery_key(&mut self) {
        self.open.pending_recovery = None;
        self.open.just_created = None;
    }

    fn was_just_created(&self) -> bool {
        let boot = self.ports.clock.boot();
        self.open.just_created.is_some_and(|at| boot.saturating_sub(at) < JUST_CREATED)
    }

    /// Takes the recovery key out of the vault, and out of its backups; where that fails, a notice says so.
    pub fn remove_recovery_key(&mut self, password: Zeroizing<String>) -> Result<(), SessionError> {
        self.check_password(password)?;
        let before = self.open.vault.keep_slots();
        let recovery = self.open.vault.slots().into_iter().filter(|slot| slot.kind == SlotKind::Recovery);
        for slot in recovery.collect::<Vec<_>>() {
            self.open.vault.remove_slot(slot.id, self.ports.clock.now())?;
        }
        self.save_or(|vault| vault.put_slots_back(before))?;
        self.close_to_old_recovery_keys();
        Ok(())
    }

    /// Whether a recovery key opens the vault, and when it was made where that is known.
    pub fn recovery_key(&self) -> Option<Option<UnixTime>> {
        let slots = self.open.vault.slots();
        slots.into_iter().find(|slot| slot.kind == SlotKind::Recovery).map(|slot| slot.created_at)
    }

    /// Whether the person should be told that a forgotten password would be the end: once there is an account to lose.
    pub(crate) fn recovery_advice_due(&self) -> bool {
        self.recovery_key().is_none()
            && self.live().next().is_some()
            && self.remembered().recovery_advice_due(self.ports.clock.now())
    }

    fn confirm(&mut self, pending: &PendingRecoveryKey, typed: &[Zeroizing<String>]) -> Result<(), SessionError> {
        let PendingRecoveryKey { key, asked } = pending;
        let text = key.reveal_text();
        for (number, typed) in asked.iter().zip(typed.iter().map(Some).chain(std::iter::repeat(None))) {
            let group = text.split('-').nth(number - 1);
            if typed.map(|typed| bare(typed)).as_deref().map(String::as_str) != group {
                return Err(SessionError::new(ErrorCode::RecoveryConfirmationWrong).with("group", number));
            }
        }
        let (before, replaces) = (self.open.vault.keep_slots(), self.recovery_key().is_some());
        self.open.vault.set_recovery_key(key, self.ports.clock.now())?;
        self.save_or(|vault| vault.put_slots_back(before))?;
        if replaces {
            self.close_to_old_recovery_keys();
        }
        Ok(())
    }
}

/// A group as it stands on the sheet, however it was typed.
fn bare(typed: &str) -> Zeroizing<String> {
    use unicode_normalization::UnicodeNormalization;
    let symbols = typed.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase);
    Zeroizing::new(symbols.collect())
}
