//! Quick unlock: a random key in the keyring of this machine opens the vault. Off until it is asked for, never the only way
//! in, and the master password is still asked for every two weeks, so that nobody forgets it.

use std::time::Duration;

use warifu_otp::UnixTime;
use warifu_vault::{KeyringKey, LockedVault, Password, SlotId, SlotInfo, SlotKind};
use zeroize::Zeroizing;

use crate::{
    ErrorCode, SessionError,
    memory::{PASSWORD_EVERY_DAYS, Remembered},
    notices::Notice,
    opening::keyring_key,
    ports::{KeyStore, KeyStoreError},
    unlocked::Unlocked,
};

/// Whether this machine's keyring may open the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuickUnlock {
    /// It was not asked for on this machine.
    Off,
    /// It may.
    Ready(SlotId),
    /// It may again once the master password has been typed.
    PasswordDue,
}

impl QuickUnlock {
    pub(crate) fn of(locked: &LockedVault, remembered: &Remembered, now: UnixTime) -> QuickUnlock {
        match ours(&locked.slots(), remembered) {
            None => QuickUnlock::Off,
            Some(_) if remembered.password_due(now) => QuickUnlock::PasswordDue,
            Some(slot) => QuickUnlock::Ready(slot),
        }
    }

    pub(crate) fn slot(self) -> Result<SlotId, SessionError> {
        match self {
            QuickUnlock::Off => Err(ErrorCode::QuickUnlockOff.into()),
            QuickUnlock::PasswordDue => Err(ErrorCode::PasswordDue.into()),
            QuickUnlock::Ready(slot) => Ok(slot),
        }
    }
}

/// Whether the system has a keyring that answers, whatever it keeps. May take as long as a call to it takes: ask away from the
/// session.
pub fn keyring_answers(keys: &dyn KeyStore) -> bool {
    matches!(keys.get("no such item"), Ok(_) | Err(KeyStoreError::NoEntry))
}

/// The slot of the vault whose key lies in this machine's keyring.
fn ours(slots: &[SlotInfo], remembered: &Remembered) -> Option<SlotId> {
    let slot = remembered.keyring_slot()?;
    slots.iter().any(|info| info.id == slot && info.kind == SlotKind::Keyring).then_some(slot)
}

impl Unlocked<'_> {
    /// Whether quick unlock is on, on this machine.
    pub fn quick_unlock_is_on(&self) -> bool {
        ours(&self.open.vault.slots(), &self.remembered()).is_some()
    }

    /// The keys in keyrings that open the vault and are not this machine's as far as it remembers, by when each was let in,
    /// where that is known: other machines', or one that was forgotten here.
    pub fn other_keyrings(&self) -> Vec<Option<UnixTime>> {
        self.others().map(|slot| slot.created_at).collect()
    }

    /// Takes all those keys out of the vault. Whatever keeps one, it opens nothing any more.
    pub fn remove_other_keyrings(&mut self, password: Zeroizing<String>) -> Result<(), SessionError> {
        self.check_password(password)?;
        let others: Vec<SlotId> = self.others().map(|slot| slot.id).collect();
        let before = self.open.vault.keep_slots();
        for slot in &others {
            self.open.vault.remove_slot(*slot, self.ports.clock.now())?;
        }
        self.save_or(|vault| vault.put_slots_back(before))?;
        // What this machine has forgotten may still lie in its keyring. One that does not answer is asked once.
        let _ = others.iter().try_for_each(|slot| self.ports.keys.remove(&slot.to_string()));
        Ok(())
    }

    fn others(&self) -> impl Iterator<Item = SlotInfo> {
        let slots = self.open.vault.slots();
        let ours = ours(&slots, &self.remembered());
        slots.into_iter().filter(move |slot| slot.kind == SlotKind::Keyring && Some(slot.id) != ours)
    }

    /// After how many days the master password is asked for while quick unlock is on.
    pub fn password_every_days(&self) -> u32 {
        PASSWORD_EVERY_DAYS
    }

    /// Switches quick unlock on. The key is in the keyring, and was read back from it, before the vault accepts it.
    pub fn switch_quick_unlock_on(&mut self, password: Zeroizing<String>) -> Result<(), SessionError> {
        self.check_password(password)?;
        self.forget_quick_unlock()?;
        let before = self.open.vault.keep_slots();
        let key = KeyringKey::generate()?;
        let slot = self.open.vault.add_keyring_key(&key, self.ports.clock.now())?;
        let kept = self.keep_in_keyring(slot, &key);
        if let Err(error) = kept {
            self.open.vault.put_slots_back(before);
            return Err(error);
        }
        let saved = self.save_or(|vault| vault.put_slots_back(before));
        let is_in_vault = self.open.vault.slots().iter().any(|info| info.id == slot);
        if is_in_vault {
            self.remember(|remembered| remembered.set_keyring_slot(Some(slot)));
            self.open.notices.take_away(ErrorCode::QuickUnlockGone);
        } else {
            // A key without a slot opens nothing; if it cannot be taken away now, it does no harm.
            let _ = self.ports.keys.remove(&slot.to_string());
        }
        saved
    }

    /// Switches quick unlock off. The vault refuses the key before the keyring forgets it.
    pub fn switch_quick_unlock_off(&mut self) -> Result<(), SessionError> {
        self.forget_quick_unlock()
    }

    /// Tells that the keyring has lost the key it should have, so that quick unlock has to be switched on anew.
    pub(crate) fn say_quick_unlock_is_gone(&mut self) {
        if self.quick_unlock_is_on() {
            self.open.notices.put(Notice::new(ErrorCode::QuickUnlockGone));
        }
    }

    /// Practises the master password: says whether this is it. Nothing else depends on the answer.
    pub fn rehearse(&mut self, password: Zeroizing<String>) -> Result<(), SessionError> {
        self.check_password(password)?;
        let now = self.ports.clock.now();
        self.remember(|remembered| remembered.password_typed(now));
        Ok(())
    }

    /// Whether the person should practise the master password: only while quick unlock spares them typing it.
    pub(crate) fn rehearsal_due(&self) -> bool {
        self.quick_unlock_is_on() && self.remembered().rehearsal_due(self.ports.clock.now())
    }

    fn keep_in_keyring(&self, slot: SlotId, key: &KeyringKey) -> Result<(), SessionError> {
        self.ports.keys.set(&slot.to_string(), &key.reveal_text())?;
        // Some keyrings say yes and keep nothing.
        let read_back = keyring_key(&*self.ports.keys, slot)?;
        if *read_back.reveal_text() == *key.reveal_text() { Ok(()) } else { Err(ErrorCode::KeyringWrongValue.into()) }
    }

    fn forget_quick_unlock(&mut self) -> Result<(), SessionError> {
        let Some(slot) = self.remembered().keyring_slot() else { return Ok(()) };
        if ours(&self.open.vault.slots(), &self.remembered()).is_some() {
            let before = self.open.vault.keep_slots();
            self.open.vault.remove_slot(slot, self.ports.clock.now())?;
            self.save_or(|vault| vault.put_slots_back(before))?;
        }
        self.remember(|remembered| remembered.set_keyring_slot(None));
        self.open.notices.take_away(ErrorCode::QuickUnlockGone);
        // What stays in the keyring opens nothing any more.
        let _ = self.ports.keys.remove(&slot.to_string());
        Ok(())
    }

    /// Asks for the master password again, before something that only its owner may do. Wrong ones slow down, as at the door.
    pub(crate) fn check_password(&mut self, password: Zeroizing<String>) -> Result<(), SessionError> {
        let password = Password::new(password)?;
        let boot: Duration = self.ports.clock.boot();
        self.attempts.may_try(boot)?;
        self.open.vault.verify_password(&password).map_err(|error| {
            self.attempts.failed(boot);
            SessionError::from(error)
        })
    }
}
