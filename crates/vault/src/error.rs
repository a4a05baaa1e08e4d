//! One enum per family of operations. No variant carries a secret, a name or any other input.

use crate::kdf::KdfBoundsError;

/// The system gave no random bytes. Nothing was changed; trying again is safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system's source of randomness failed")]
pub struct NoRandomness;

/// Where a file stopped making sense. For logs and bug reports, not for decisions: whatever the
/// part, the file is damaged and another copy is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DamagedPart {
    /// Shorter than the smallest vault, or a length field that contradicts the size of the file.
    Length,
    /// Does not begin as a vault does: a foreign file, or one that was mangled as text.
    Magic,
    /// The digest over the whole file is wrong.
    FileDigest,
    /// A version number that was never given out.
    Version,
    /// The digest over the header is wrong although that of the file is right.
    HeaderDigest,
    /// The header is not what the format asks for.
    Header,
    /// The decrypted padding is not as the format asks for.
    Padding,
    /// The decrypted contents are not what the format asks for.
    Contents,
}

/// Which authentication failed in a file whose keyless digests are right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TamperedPart {
    /// The content key is not the one this file is committed to.
    Commitment,
    /// The body, or anything before it, is not what the holder of the key wrote.
    Body,
}

/// Why bytes are not a vault that can be asked for a password.
///
/// Every check behind these runs without a key and before any key derivation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Not intact: some bytes are missing, added or changed. Never the sign of a wrong password.
    #[error("the vault file is damaged ({part:?})")]
    Damaged {
        /// Where it shows.
        part: DamagedPart,
    },
    /// Intact, but written by a later Warifu in a format this one does not know. Leave it alone.
    #[error("the vault file has format {major}.{minor}, which is newer than this program")]
    TooNew {
        /// The file's major version.
        major: u16,
        /// The file's minor version.
        minor: u16,
    },
    /// Larger than any vault may be.
    #[error("the vault file has {size} bytes, more than the {limit} allowed")]
    TooLarge {
        /// Bytes found.
        size: u64,
        /// Bytes allowed, [`MAX_FILE_SIZE`](crate::MAX_FILE_SIZE).
        limit: u64,
    },
    /// Asks for a key derivation outside the accepted bounds. None was run.
    #[error("the vault file asks for an unacceptable key derivation: {0}")]
    KdfOutOfBounds(#[from] KdfBoundsError),
}

/// Why a locked vault stayed locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnlockError {
    /// No password slot opens with this password.
    #[error("the password is wrong")]
    WrongPassword,
    /// The vault has no password slot that this version knows.
    #[error("the vault has no password slot")]
    NoPasswordSlot,
    /// No recovery slot opens with this recovery key.
    #[error("the recovery key is not this vault's")]
    WrongRecoveryKey,
    /// The vault has no recovery slot.
    #[error("the vault has no recovery slot")]
    NoRecoverySlot,
    /// The slot does not open with this key of the keyring.
    #[error("the keyring's key is not this slot's")]
    WrongKeyringKey,
    /// The vault has no such slot.
    #[error("the vault has no such slot")]
    NoSuchSlot,
    /// The file is another vault's: it has another id or another content key.
    #[error("the file is of another vault")]
    OtherVault,
    /// The password is right, but someone or something without the key rebuilt the file around it.
    #[error("the vault file was altered by someone without its key ({part:?})")]
    Tampered {
        /// What failed.
        part: TamperedPart,
    },
    /// The password is right and the file authentic, but the program that wrote it wrote nonsense.
    #[error("the vault's contents are damaged ({part:?})")]
    Damaged {
        /// Where it shows.
        part: DamagedPart,
    },
    /// The system could not give the memory the key derivation needs. Another try may succeed.
    #[error("the key derivation needs {memory_kib} KiB of memory, which the system did not give")]
    OutOfMemory {
        /// KiB needed.
        memory_kib: u32,
    },
    /// A cryptographic routine refused its input: a defect of this program.
    #[error("a cryptographic routine failed")]
    Internal,
}

/// Why no sealed bytes were made. The vault in memory is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The system gave no random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The system could not give the memory the key derivation needs.
    #[error("the key derivation needs {memory_kib} KiB of memory, which the system did not give")]
    OutOfMemory {
        /// KiB needed.
        memory_kib: u32,
    },
    /// The vault has grown beyond what a vault file may hold.
    #[error("the vault file would have {size} bytes, more than the {limit} allowed")]
    TooLarge {
        /// Bytes needed.
        size: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// The vault has as many slots as a vault may have.
    #[error("the vault has {limit} slots already")]
    TooManySlots {
        /// Slots allowed.
        limit: usize,
    },
    /// The copy is of another vault.
    #[error("the copy is of another vault")]
    OtherVault,
    /// The revision counter has reached its end.
    #[error("the vault has no revision numbers left")]
    RevisionsExhausted,
    /// A cryptographic routine refused its input: a defect of this program.
    #[error("a cryptographic routine failed")]
    Internal,
}

/// Why the password was not changed. The old one still holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChangePasswordError {
    /// The current password could not be confirmed.
    #[error(transparent)]
    Current(UnlockError),
    /// The new one could not be set.
    #[error(transparent)]
    New(#[from] SealError),
}

/// Why a slot was not removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RemoveSlotError {
    /// The vault has no such slot.
    #[error("the vault has no such slot")]
    NoSuchSlot,
    /// It is the last slot that opens the vault without this machine: a password or a recovery key.
    #[error("the last password or recovery key of a vault cannot be removed")]
    LastSlot,
}

/// A hint has more than [`MAX_HINT_CHARS`](crate::MAX_HINT_CHARS) characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the hint has more than {limit} characters")]
pub struct HintTooLong {
    /// Characters (Unicode scalar values) allowed.
    pub limit: usize,
}

/// Why a text is not a recovery key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecoveryKeyError {
    /// It has no symbols.
    #[error("the recovery key is empty")]
    Empty,
    /// It has a character that no recovery key has.
    #[error("character {position} of the recovery key is not one of its 32 symbols")]
    WrongCharacter {
        /// Its place in what was typed, counted in characters (Unicode scalar values) from 1.
        position: usize,
    },
    /// A whole group is wrong: a symbol in it, two that changed places, or the group's place.
    #[error("group {group} of the recovery key is wrong")]
    WrongGroup {
        /// Which, from 1; the first that is wrong.
        group: usize,
    },
    /// What is there is right, but there is not enough of it.
    #[error("the recovery key has only {symbols} symbols so far")]
    Incomplete {
        /// Symbols so far.
        symbols: usize,
    },
    /// There are more symbols than a recovery key has.
    #[error("the recovery key is too long")]
    TooLong,
}

/// Why two copies were not merged. Nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError {
    /// The other is no copy of this vault: it has another id or another content key.
    #[error("the copy is of another vault")]
    OtherVault,
    /// A cryptographic routine refused its input: a defect of this program.
    #[error("a cryptographic routine failed")]
    Internal,
}

/// Why bytes read back from the store are not what was sealed. Do not say "saved".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// They are not a sound vault file.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// They are a sound vault file, but not the one that was sealed.
    #[error("the file read back is not the one that was written")]
    OtherFile,
    /// They do not open with the vault's own key.
    #[error(transparent)]
    Open(#[from] UnlockError),
    /// They open to something else than what the vault holds now.
    #[error("the file read back holds other contents than the vault")]
    OtherContents,
}

/// Why a text cannot be a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PasswordError {
    /// It has no characters.
    #[error("the password is empty")]
    Empty,
    /// It is longer than [`Password::MAX_BYTES`](crate::Password::MAX_BYTES).
    #[error("the password has more than {limit} bytes")]
    TooLong {
        /// Bytes of UTF-8 allowed.
        limit: usize,
    },
}
