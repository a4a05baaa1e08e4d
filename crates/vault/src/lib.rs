//! The vault file format: bytes to types and back.
//!
//! A vault is one file: a public header with one or more slots (a password, a recovery key on paper, a key that the
//! system's keyring keeps), each wrapping the same random content key, and one sealed body with all entries.
//! docs/vault-format.md specifies every byte; docs/decrypt.py is an independent reader.
//!
//! **A file is refused whole or opened whole. What does not carry the digests, the commitment and the authentication of
//! someone who held the key never yields an entry, and nothing that a later version wrote is dropped by a save of this
//! one.**
//!
//! Deliberately absent: paths, files, clocks, threads and the environment (the caller's store brings bytes, the
//! caller's clock brings the time), export of the content key, and repair of damaged files. Argon2id and AES-256-GCM
//! are used here and nowhere else.
//!
//! A vault is a [`LockedVault`] or an [`UnlockedVault`]; unlocking consumes the one and yields the other, locking is
//! dropping. Copies of a vault that were both changed are [merged](UnlockedVault::merge) entry by entry.
//!
//! ```
//! use warifu_otp::{Label, Otp, SharedSecret, Steam, UnixTime};
//! use warifu_vault::{Entry, EntryId, KdfParams, LockedVault, Password, UnlockedVault};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let password = Password::new("correct horse battery staple".to_owned())?;
//! let now = UnixTime::from_secs(1_700_000_000);
//! let mut vault = UnlockedVault::create(&password, KdfParams::MINIMUM, now)?;
//! let otp = Otp::Steam(Steam { secret: SharedSecret::parse_base32("GEZD GNBV GY3T QOJQ")? });
//! let label = Label { issuer: Some("Steam".to_owned()), account_name: "hanako".to_owned() };
//! vault.push(Entry::new(EntryId::generate()?, label, None, otp, now));
//!
//! let sealed = vault.seal()?;
//! let stored = sealed.bytes().to_vec(); // written, flushed, read back ...
//! sealed.verify(&stored, &vault)?;
//! vault.mark_saved(sealed);
//! drop(vault);
//!
//! let locked = LockedVault::read(&stored)?;
//! let vault = locked.unlock_with_password(&password).map_err(|(_still_locked, error)| error)?;
//! assert_eq!(vault.entries().count(), 1);
//! # Ok(())
//! # }
//! ```
//!
//! # What is wiped, and what cannot be
//!
//! Keys lie in locked pages; secrets and the text of what is not understood lie in memory sealed (`warifu-guard`). Passwords, Argon2's
//! memory and plaintext buffers are overwritten when dropped, and buffers that hold them never grow by leaving a copy behind. Not
//! wiped here: issuers and account names; the few characters in flight while a password is normalised; registers, and the stack of
//! the ciphers, for which a program has `warifu_guard::on_clean_stack`.

mod body;
mod contents;
mod crypto;
mod entry;
mod error;
mod file;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod header;
mod id;
mod json;
mod kdf;
mod keyring_key;
mod locked;
mod merge;
mod password;
mod recovery_key;
mod slot;
mod tombstone;
mod unlocked;
mod ways_in;

#[cfg(test)]
mod tests;

pub use contents::{RemovedEntry, StoredEntry, UnreadableEntry};
pub use entry::{EarlierVersion, Entry, UnreadableReason};
pub use error::{
    ChangePasswordError, DamagedPart, HintTooLong, MergeError, NoRandomness, PasswordError, ReadError,
    RecoveryKeyError, RemoveSlotError, SealError, TamperedPart, UnlockError, VerifyError,
};
pub use file::MAX_FILE_SIZE;
pub use header::{MAX_HINT_CHARS, MAX_SLOTS};
pub use id::{EntryId, FileDigest, InvalidId, SlotId, VaultId};
pub use kdf::{KdfBoundsError, KdfParameter, KdfParams};
pub use keyring_key::KeyringKey;
pub use locked::LockedVault;
pub use merge::MergeReport;
pub use password::Password;
pub use recovery_key::RecoveryKey;
pub use slot::{SlotInfo, SlotKind};
pub use unlocked::{KeptContents, KeptFollowing, KeptSlots, SealedVault, UnlockedVault};
