use std::fmt;

use crate::body;
use crate::contents::Contents;
use crate::crypto::Key;
use crate::error::{ReadError, UnlockError};
use crate::file::VaultFile;
use crate::id::{FileDigest, VaultId};
use crate::password::Password;
use crate::slot::{PasswordSlot, Slot};
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
        let opened = unwrap_with_password(self.vault_id(), self.slots(), password)
            .and_then(|(key, _)| Ok((self.open(&key)?, key)));
        match opened {
            Ok((contents, key)) => Ok(UnlockedVault::from_file(*self.0, key, contents)),
            Err(error) => Err((self, error)),
        }
    }

    /// The contents, by the content key itself: no key derivation.
    pub(crate) fn open(&self, content_key: &Key) -> Result<Contents, UnlockError> {
        Contents::parse(&body::open(&self.0, content_key)?)
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

    fn slots(&self) -> &[Slot] {
        &self.0.header.identity.slots
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
        match PasswordSlot::unwrap_key(slot, vault_id, password)? {
            Some(key) => return Ok((key, index)),
            None => error = UnlockError::WrongPassword,
        }
    }
    Err(error)
}
