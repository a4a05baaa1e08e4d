//! What opens the vault, and how that is changed. All of it in memory: save to make it last.

use std::fmt;

use warifu_otp::UnixTime;

use super::UnlockedVault;
use crate::error::{ChangePasswordError, HintTooLong, RemoveSlotError, SealError, UnlockError};
use crate::header::{MAX_HINT_CHARS, MAX_SLOTS};
use crate::id::SlotId;
use crate::kdf::KdfParams;
use crate::keyring_key::KeyringKey;
use crate::locked::{unwrap_with_password, unwrap_with_recovery_key};
use crate::password::Password;
use crate::recovery_key::RecoveryKey;
use crate::slot::{PasswordSlot, RandomKeyKind, RandomKeySlot, Slot, SlotInfo, SlotKind};
use crate::ways_in::{WaysIn, later_than};

/// Slots and hint as they were at one moment, for [`UnlockedVault::put_slots_back`].
#[must_use]
pub struct KeptSlots(WaysIn);

impl fmt::Debug for KeptSlots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptSlots").field("slots", &self.0.slots.len()).finish_non_exhaustive()
    }
}

impl UnlockedVault {
    /// What opens the vault.
    pub fn slots(&self) -> Vec<SlotInfo> {
        self.identity.ways_in.slots.iter().map(Slot::info).collect()
    }

    /// The reminder of the password, if there is one. It stands in the file for all to read.
    pub fn hint(&self) -> Option<&str> {
        self.identity.ways_in.hint.as_deref()
    }

    /// Sets the reminder, or none, `now`. Returns the one before. That it does not give the password away is the caller's to
    /// see to.
    ///
    /// # Errors
    /// [`HintTooLong`]; then the hint is as it was.
    pub fn set_hint(&mut self, hint: Option<String>, now: UnixTime) -> Result<Option<String>, HintTooLong> {
        if hint.as_ref().is_some_and(|hint| hint.chars().count() > MAX_HINT_CHARS) {
            return Err(HintTooLong { limit: MAX_HINT_CHARS });
        }
        Ok(self.identity.ways_in.set_hint(hint, now))
    }

    /// Slots and hint as they are now.
    pub fn keep_slots(&self) -> KeptSlots {
        KeptSlots(self.identity.ways_in.duplicate())
    }

    /// Takes every change of slots and hint since `kept` back, bit for bit and without any key derivation. For a save
    /// that failed, so there may be none between the two.
    pub fn put_slots_back(&mut self, kept: KeptSlots) {
        self.identity.ways_in = kept.0;
    }

    /// Asks again for a password that opens this vault. Runs the key derivation.
    ///
    /// # Errors
    /// [`UnlockError::WrongPassword`] above all.
    pub fn verify_password(&self, password: &Password) -> Result<(), UnlockError> {
        self.find_slot(password).map(|_| ())
    }

    /// Puts `new` in place of `current`. The content key stays, so copies of the file made before still open with the
    /// old password. The slot's key derivation is kept, or raised to `floor`. Runs the key derivation twice or more.
    ///
    /// # Errors
    /// When `current` does not open the vault, or `new` cannot be set. Then nothing has changed.
    pub fn change_password(
        &mut self,
        current: &Password,
        new: &Password,
        floor: KdfParams,
        now: UnixTime,
    ) -> Result<(), ChangePasswordError> {
        let index = self.find_slot(current).map_err(ChangePasswordError::Current)?;
        self.rewrap(index, new, |params| params.at_least(floor), now)
    }

    /// Puts one password in place of every password slot, whatever opened the vault: for someone who came in by the
    /// recovery key. Runs the key derivation once.
    ///
    /// # Errors
    /// When it cannot be set. Then nothing has changed.
    pub fn set_password(&mut self, new: &Password, params: KdfParams, now: UnixTime) -> Result<(), SealError> {
        let (vault_id, key) = (self.identity.vault_id, &self.content_key);
        let slot = PasswordSlot::create(vault_id, new, params, key, now)?;
        self.replace_slots(SlotKind::Password, Slot::Password(slot), now)
    }

    /// Whether a password slot's key derivation is below what new slots have ([`KdfParams::DEFAULT_FLOOR`]).
    pub fn has_weak_password_slot(&self) -> bool {
        let mut slots = self.identity.ways_in.slots.iter().filter_map(Slot::as_password);
        slots.any(|slot| slot.params().is_weaker_than(KdfParams::DEFAULT_FLOOR))
    }

    /// Wraps the slot that `password` opens anew with `params`, or what of its own is more, if it is weaker than new
    /// slots may be. Says whether it was. Runs the key derivation once or more to find the slot, and once more to raise
    /// it.
    ///
    /// In a [`merge`](Self::merge) it counts as no more than the next change after the one that set the password: it
    /// wins over the slot as it was, and no password comes back by it that another copy has changed.
    ///
    /// # Errors
    /// When `password` does not open the vault, or the slot cannot be wrapped. Then nothing has changed.
    pub fn raise_password(&mut self, password: &Password, params: KdfParams) -> Result<bool, ChangePasswordError> {
        let index = self.find_slot(password).map_err(ChangePasswordError::Current)?;
        let found = self.identity.ways_in.slots[index].as_password().map(PasswordSlot::params);
        if !found.is_some_and(|found| found.is_weaker_than(KdfParams::DEFAULT_FLOOR)) {
            return Ok(false);
        }
        let set_at = self.identity.ways_in.slots[index].changed_at();
        let raise = |found: KdfParams| found.at_least(params).at_least(KdfParams::DEFAULT_FLOOR);
        self.rewrap(index, password, raise, set_at)?;
        Ok(true)
    }

    /// Makes this the vault's recovery key, in place of the one it may have.
    ///
    /// # Errors
    /// [`SealError::TooManySlots`], or when there is no randomness. Then nothing has changed.
    pub fn set_recovery_key(&mut self, key: &RecoveryKey, now: UnixTime) -> Result<(), SealError> {
        let slot = self.wrap_for(RandomKeyKind::Recovery, key.expose_bytes(), now)?;
        self.replace_slots(SlotKind::Recovery, Slot::RandomKey(slot), now)
    }

    /// Whether a recovery key is one of the vault's as it is now. Runs no key derivation.
    ///
    /// # Errors
    /// [`UnlockError::WrongRecoveryKey`] and [`UnlockError::NoRecoverySlot`] above all.
    pub fn verify_recovery_key(&self, key: &RecoveryKey) -> Result<(), UnlockError> {
        let found = unwrap_with_recovery_key(self.identity.vault_id, &self.identity.ways_in.slots, key)?;
        if found.is_same(&self.content_key) { Ok(()) } else { Err(UnlockError::WrongRecoveryKey) }
    }

    /// Adds a slot that opens with this key of a keyring, and names it.
    ///
    /// # Errors
    /// [`SealError::TooManySlots`], or when there is no randomness. Then nothing has changed.
    pub fn add_keyring_key(&mut self, key: &KeyringKey, now: UnixTime) -> Result<SlotId, SealError> {
        let slot = self.wrap_for(RandomKeyKind::Keyring, key.expose_bytes(), now)?;
        let id = slot.id();
        if self.identity.ways_in.slots.len() >= MAX_SLOTS {
            return Err(SealError::TooManySlots { limit: MAX_SLOTS });
        }
        self.identity.ways_in.slots.push(Slot::RandomKey(slot));
        Ok(id)
    }

    /// Takes a slot out `now`, and leaves a note of that, so that no other copy of the vault brings it back in a
    /// [`merge`](Self::merge). Copies of the file made before still open by it.
    ///
    /// # Errors
    /// [`RemoveSlotError`]. Then nothing has changed.
    pub fn remove_slot(&mut self, id: SlotId, now: UnixTime) -> Result<(), RemoveSlotError> {
        let slots = &self.identity.ways_in.slots;
        let index = slots.iter().position(|slot| slot.id() == id).ok_or(RemoveSlotError::NoSuchSlot)?;
        let mut others = slots.iter().filter(|slot| slot.id() != id);
        if !others.any(Slot::depends_on_no_device) {
            return Err(RemoveSlotError::LastSlot);
        }
        self.identity.ways_in.remove(index, now);
        Ok(())
    }

    fn find_slot(&self, password: &Password) -> Result<usize, UnlockError> {
        let (key, index) = unwrap_with_password(self.identity.vault_id, &self.identity.ways_in.slots, password)?;
        if key.is_same(&self.content_key) { Ok(index) } else { Err(UnlockError::WrongPassword) }
    }

    fn rewrap(
        &mut self,
        index: usize,
        password: &Password,
        raise: impl FnOnce(KdfParams) -> KdfParams,
        now: UnixTime,
    ) -> Result<(), ChangePasswordError> {
        let slot = self.identity.ways_in.slots.get_mut(index);
        let Some(slot @ Slot::Password(_)) = slot else {
            return Err(ChangePasswordError::Current(UnlockError::NoPasswordSlot));
        };
        let changed_at = later_than(slot.changed_at(), now);
        if let Slot::Password(slot) = slot {
            slot.rewrap(self.identity.vault_id, password, raise(slot.params()), &self.content_key)?;
        }
        slot.set_changed_at(changed_at);
        Ok(())
    }

    fn wrap_for(&self, kind: RandomKeyKind, key: &[u8], now: UnixTime) -> Result<RandomKeySlot, SealError> {
        RandomKeySlot::create(kind, self.identity.vault_id, key, &self.content_key, now)
    }

    /// Puts `new` in the place of the first slot of a kind and takes the others of that kind out; behind the last slot
    /// if there is none.
    fn replace_slots(&mut self, kind: SlotKind, mut new: Slot, now: UnixTime) -> Result<(), SealError> {
        let ways_in = &mut self.identity.ways_in;
        let place = ways_in.slots.iter().position(|slot| slot.kind() == kind);
        if place.is_none() && ways_in.slots.len() >= MAX_SLOTS {
            return Err(SealError::TooManySlots { limit: MAX_SLOTS });
        }
        let replaced_at = ways_in.time_to_replace(kind, now);
        new.set_changed_at(replaced_at);
        while let Some(index) = ways_in.slots.iter().position(|slot| slot.kind() == kind) {
            ways_in.remove(index, now);
        }
        ways_in.slots.insert(place.unwrap_or(ways_in.slots.len()), new);
        Ok(())
    }
}
