use std::fmt;

use zeroize::Zeroizing;

use crate::body;
use crate::contents::Contents;
use crate::crypto::Key;
use crate::error::{ReadError, TamperedPart, UnlockError};
use crate::file::VaultFile;
use crate::header::Identity;
use crate::id::{FileDigest, SlotId, VaultId};
use crate::keyring_key::KeyringKey;
use crate::password::Password;
use crate::recovery_key::RecoveryKey;
use crate::slot::{RandomKeyKind, Slot, SlotInfo};
use crate::unlocked::UnlockedVault;

/// An intact vault file that has not been opened.
///
/// What it tells about itself is the file's own claim: intact, but proven genuine only by unlocking.
pub struct LockedVault(Box<VaultFile>);

impl LockedVault {
    /// Checks the bytes of a vault file as far as that goes without a key: size, digests, version,
    /// header, bounds of the key derivation. Cheap, and runs no key derivation.
    ///
    /// # Errors
    /// [`ReadError`]. Whatever it is, leave the file as it is.
    pub fn read(bytes: &[u8]) -> Result<Self, ReadError> {
        VaultFile::parse(bytes).map(|file| Self(Box::new(file)))
    }

    /// Opens the vault. Runs one key derivation per password slot until one opens: up to a second
    /// or so each, so not on a thread that draws.
    ///
    /// # Errors
    /// [`UnlockError`], with the locked vault given back for the next try.
    pub fn unlock_with_password(self, password: &Password) -> Result<UnlockedVault, (Self, UnlockError)> {
        let key = unwrap_with_password(self.vault_id(), &self.identity().ways_in.slots, password).map(|(key, _)| key);
        self.open_with(key)
    }

    /// Opens the vault by its recovery key. Runs no key derivation.
    ///
    /// # Errors [`UnlockError::WrongRecoveryKey`] and [`UnlockError::NoRecoverySlot`] above all, with the locked vault
    /// given back.
    pub fn unlock_with_recovery_key(self, key: &RecoveryKey) -> Result<UnlockedVault, (Self, UnlockError)> {
        let key = unwrap_with_recovery_key(self.vault_id(), &self.identity().ways_in.slots, key);
        self.open_with(key)
    }

    /// Opens the vault by one of its keyring slots. Runs no key derivation.
    ///
    /// # Errors
    /// [`UnlockError::WrongKeyringKey`] and [`UnlockError::NoSuchSlot`] above all, with the locked vault given back.
    pub fn unlock_with_keyring_key(self, slot: SlotId, key: &KeyringKey) -> Result<UnlockedVault, (Self, UnlockError)> {
        let mut keyring_slots =
            self.identity().ways_in.slots.iter().filter_map(|s| s.as_random_key(RandomKeyKind::Keyring));
        let key = match keyring_slots.find(|keyring_slot| keyring_slot.id() == slot) {
            Some(slot) => slot
                .unwrap_key(self.vault_id(), key.expose_bytes())
                .and_then(|key| key.ok_or(UnlockError::WrongKeyringKey)),
            None => Err(UnlockError::NoSuchSlot),
        };
        self.open_with(key)
    }

    /// Opens another copy of the vault that is open, such as a backup, by its content key: asks for nothing and runs no
    /// key derivation.
    ///
    /// # Errors
    /// [`UnlockError::OtherVault`] when id or content key are not those of the open vault, with the locked vault given
    /// back.
    pub fn open_like(self, open: &UnlockedVault) -> Result<UnlockedVault, (Self, UnlockError)> {
        if self.vault_id() != open.vault_id() {
            return Err((self, UnlockError::OtherVault));
        }
        self.open_with(Ok(open.content_key().duplicate())).map_err(|(locked, error)| match error {
            UnlockError::Tampered { part: TamperedPart::Commitment } => (locked, UnlockError::OtherVault),
            error => (locked, error),
        })
    }

    fn open_with(self, key: Result<Key, UnlockError>) -> Result<UnlockedVault, (Self, UnlockError)> {
        match key.and_then(|key| Ok((self.open(&key)?, key))) {
            Ok((contents, key)) => Ok(UnlockedVault::from_file(*self.0, key, contents)),
            Err(error) => Err((self, error)),
        }
    }

    /// The contents, by the content key itself: no key derivation.
    pub(crate) fn open(&self, content_key: &Key) -> Result<Contents, UnlockError> {
        Contents::parse(&self.open_json(content_key)?)
    }

    /// The text of the contents.
    pub(crate) fn open_json(&self, content_key: &Key) -> Result<Zeroizing<Vec<u8>>, UnlockError> {
        body::open(&self.0, content_key)
    }

    /// The vault's id.
    pub fn vault_id(&self) -> VaultId {
        self.0.header.identity.vault_id
    }

    /// The number of this save: 1 for the first, one more each time.
    pub fn revision(&self) -> u64 {
        self.0.header.save.revision
    }

    /// The digest of this very file.
    pub fn file_digest(&self) -> FileDigest {
        self.0.digest
    }

    /// The digest of the file that this one replaced; nothing in a vault's first file.
    pub fn previous(&self) -> Option<FileDigest> {
        self.0.header.save.previous
    }

    /// What opens it.
    pub fn slots(&self) -> Vec<SlotInfo> {
        self.identity().ways_in.slots.iter().map(Slot::info).collect()
    }

    /// The reminder of the password, if there is one.
    pub fn hint(&self) -> Option<&str> {
        self.identity().ways_in.hint.as_deref()
    }

    fn identity(&self) -> &Identity {
        &self.0.header.identity
    }
}

impl fmt::Debug for LockedVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LockedVault")
            .field("vault_id", &self.vault_id())
            .field("revision", &self.revision())
            .finish_non_exhaustive()
    }
}

/// The content key, and the index of the slot that gave it.
pub(crate) fn unwrap_with_password(
    vault_id: VaultId,
    slots: &[Slot],
    password: &Password,
) -> Result<(Key, usize), UnlockError> {
    let mut error = UnlockError::NoPasswordSlot;
    let password_slots = slots.iter().enumerate();
    for (index, slot) in password_slots.filter_map(|(i, slot)| Some((i, slot.as_password()?))) {
        match slot.unwrap_key(vault_id, password)? {
            Some(key) => return Ok((key, index)),
            None => error = UnlockError::WrongPassword,
        }
    }
    Err(error)
}

pub(crate) fn unwrap_with_recovery_key(
    vault_id: VaultId,
    slots: &[Slot],
    key: &RecoveryKey,
) -> Result<Key, UnlockError> {
    let mut error = UnlockError::NoRecoverySlot;
    for slot in slots.iter().filter_map(|slot| slot.as_random_key(RandomKeyKind::Recovery)) {
        match slot.unwrap_key(vault_id, key.expose_bytes())? {
            Some(key) => return Ok(key),
            None => error = UnlockError::WrongRecoveryKey,
        }
    }
    Err(error)
}
