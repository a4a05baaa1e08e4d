//! The ways into a locked vault. Deriving a key takes a second or so: it happens away from the session, which is asked before
//! ([`Session::begin_unlock`](crate::Session::begin_unlock)) and told after
//! ([`Session::finish_unlock`](crate::Session::finish_unlock)), so that everything else goes on and the person may give up.

use std::sync::Arc;

use warifu_vault::{KdfParams, KeyringKey, LockedVault, Password, RecoveryKey, SlotId, UnlockError, UnlockedVault};
use zeroize::Zeroizing;

use crate::{
    ErrorCode, SessionError, hint,
    ports::{Clock, KeyStore, KeyStoreError},
};

/// What the person opens the vault with.
pub enum Unlocking {
    /// The master password.
    Password(Zeroizing<String>),
    /// The printed recovery key, and the master password that is to hold from now on.
    Recovery {
        /// The key as typed.
        key: Zeroizing<String>,
        /// The new master password.
        replacement: Zeroizing<String>,
        /// Its hint; empty for none.
        hint: String,
    },
    /// The key in this machine's keyring.
    Keyring,
}

/// The same, parsed.
pub(crate) enum Way {
    Password(Password),
    Recovery { key: RecoveryKey, replacement: Password, hint: Option<String> },
    Keyring(SlotId),
}

impl Way {
    /// What was typed, parsed; `keyring` is the slot whose key lies in the keyring, or why there is none to ask for.
    pub(crate) fn parse(
        unlocking: Unlocking,
        keyring: impl FnOnce() -> Result<SlotId, SessionError>,
    ) -> Result<Way, SessionError> {
        Ok(match unlocking {
            Unlocking::Password(password) => Way::Password(Password::new(password)?),
            Unlocking::Recovery { key, replacement, hint } => {
                let (key, hint) = (RecoveryKey::parse(&key)?, hint::parse(&hint, &replacement)?);
                Way::Recovery { key, replacement: Password::new(replacement)?, hint }
            }
            Unlocking::Keyring => Way::Keyring(keyring()?),
        })
    }

    pub(crate) fn kind(&self) -> WayKind {
        match self {
            Way::Password(_) => WayKind::Password,
            Way::Recovery { .. } => WayKind::Recovery,
            Way::Keyring(_) => WayKind::Keyring,
        }
    }
}

/// Which way was taken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum WayKind {
    Password,
    Recovery,
    Keyring,
}

/// An unlocking that may be run, away from the session.
#[must_use]
pub struct Opening {
    pub(crate) locked: LockedVault,
    pub(crate) way: Way,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) keys: Arc<dyn KeyStore>,
}

/// What came of it. Dropped, it wipes itself.
#[must_use]
pub struct Opened {
    pub(crate) way: WayKind,
    pub(crate) outcome: Result<(UnlockedVault, SlotsChanged), SessionError>,
}

/// Whether the slots were changed on the way in, so that the vault has to be saved.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum SlotsChanged {
    No,
    /// The key derivation was made stronger; nothing is lost where that cannot be saved.
    Raised,
    /// The password is another one: without a save it is not.
    NewPassword,
}

impl Opening {
    /// Derives the key and opens the vault. Takes a second or so, with an old or foreign vault up to some tens.
    pub fn run(self) -> Opened {
        Opened { way: self.way.kind(), outcome: self.open() }
    }

    fn open(self) -> Result<(UnlockedVault, SlotsChanged), SessionError> {
        let Opening { locked, way, clock, keys } = self;
        let failed = |(_, error): (LockedVault, UnlockError)| SessionError::from(error);
        match way {
            Way::Password(password) => {
                let mut vault = locked.unlock_with_password(&password).map_err(failed)?;
                // A slot weaker than what is made today is made stronger, while the password is at hand.
                let weak = vault.has_weak_password_slot();
                let raised =
                    weak && vault.raise_password(&password, KdfParams::DEFAULT_FLOOR).is_ok_and(|raised| raised);
                Ok((vault, if raised { SlotsChanged::Raised } else { SlotsChanged::No }))
            }
            Way::Recovery { key, replacement, hint } => {
                let mut vault = locked.unlock_with_recovery_key(&key).map_err(failed)?;
                vault.set_password(&replacement, calibrated(&*clock), clock.now())?;
                vault.set_hint(hint, clock.now()).map_err(hint::too_long)?;
                Ok((vault, SlotsChanged::NewPassword))
            }
            Way::Keyring(slot) => {
                let key = keyring_key(&*keys, slot)?;
                let vault = locked.unlock_with_keyring_key(slot, &key).map_err(failed)?;
                Ok((vault, SlotsChanged::No))
            }
        }
    }
}

/// The key that the keyring keeps for a slot.
pub(crate) fn keyring_key(keys: &dyn KeyStore, slot: SlotId) -> Result<KeyringKey, SessionError> {
    let text = keys.get(&slot.to_string())?;
    KeyringKey::parse(&text).ok_or_else(|| ErrorCode::KeyringWrongValue.into())
}

/// What a key derivation for a new slot costs: half a second to a second on this machine.
pub(crate) fn calibrated(clock: &dyn Clock) -> KdfParams {
    KdfParams::calibrate(&mut |params| {
        let start = clock.boot();
        // Where even the floor finds no memory, deriving the real key will say so.
        let _ = params.run_once();
        clock.boot().saturating_sub(start)
    })
}

impl From<KeyStoreError> for SessionError {
    fn from(error: KeyStoreError) -> Self {
        match error {
            KeyStoreError::NoEntry => ErrorCode::KeyringNoEntry.into(),
            KeyStoreError::TimedOut => ErrorCode::KeyringTimedOut.into(),
            KeyStoreError::Unavailable { reason } => {
                SessionError::new(ErrorCode::KeyringUnavailable).with("reason", reason)
            }
        }
    }
}
