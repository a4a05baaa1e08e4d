//! Names made of bytes: vaults, slots, entries and files. None of them is secret.

use std::fmt;
use std::str::FromStr;

use data_encoding::HEXLOWER;

use crate::crypto;
use crate::error::NoRandomness;

/// A text is not the lower-case hexadecimal form of an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of {expected} bytes in lower-case hexadecimal")]
pub struct InvalidId {
    /// Bytes expected.
    pub expected: usize,
}

macro_rules! bytes_id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        ///
        /// Displayed, parsed and stored as lower-case hexadecimal, nothing else.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $len]);

        impl $name {
            /// From its bytes.
            pub const fn from_bytes(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }

            /// Its bytes.
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }
        }

        impl From<[u8; $len]> for $name {
            fn from(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&HEXLOWER.encode(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                parse_hex(text).map(Self).ok_or(InvalidId { expected: $len })
            }
        }
    };
}

bytes_id! {
    /// The name of an entry: 16 random bytes, fixed for its life.
    EntryId, 16
}

bytes_id! {
    /// The name of a vault: 16 random bytes given at its creation, kept through every save.
    VaultId, 16
}

bytes_id! {
    /// The name of a slot: 16 random bytes.
    SlotId, 16
}

bytes_id! {
    /// The last 32 bytes of a vault file: SHA-256 of all before them. It names one saved revision.
    FileDigest, 32
}

impl EntryId {
    /// A new one.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn generate() -> Result<Self, NoRandomness> {
        crypto::random_bytes().map(Self)
    }
}

impl VaultId {
    pub(crate) fn generate() -> Result<Self, NoRandomness> {
        crypto::random_bytes().map(Self)
    }
}

impl SlotId {
    pub(crate) fn generate() -> Result<Self, NoRandomness> {
        crypto::random_bytes().map(Self)
    }
}

/// Strict: exactly `N` bytes, lower case, so that one value has one spelling.
pub(crate) fn parse_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if text.len() != 2 * N {
        return None;
    }
    HEXLOWER.decode_mut(text.as_bytes(), &mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        let id = EntryId::from_bytes(*b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\xfe\xff");
        assert_eq!(id.to_string(), "000102030405060708090a0b0c0dfeff");
        assert_eq!(id.to_string().parse::<EntryId>().unwrap(), id);
        let expected = Err(InvalidId { expected: 16 });
        assert_eq!("000102030405060708090A0B0C0DFEFF".parse::<EntryId>(), expected);
        assert_eq!("000102030405060708090a0b0c0dfe".parse::<EntryId>(), expected);
        assert_eq!("".parse::<EntryId>(), expected);
    }

    #[test]
    fn generated_ids_differ() {
        assert_ne!(EntryId::generate().unwrap(), EntryId::generate().unwrap());
    }
}
