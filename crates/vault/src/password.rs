use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, Zeroizing};

use crate::error::PasswordError;

/// A master password, in Unicode's compatibility form NFKC (UAX #15).
///
/// Normalised because keyboards and input methods write the same character in several ways
/// (`ガ` in one code point or two, `ａ` in full width or not); nothing is trimmed and case is kept.
/// Wiped when dropped; never shown.
pub struct Password(Zeroizing<String>);

impl Password {
    /// The longest password taken, in bytes of UTF-8 as typed: far beyond what anyone types, short
    /// enough that a file pasted by mistake is noticed.
    pub const MAX_BYTES: usize = 4096;

    /// Takes a password as it was typed.
    ///
    /// # Errors
    /// When it is empty or longer than [`Password::MAX_BYTES`].
    pub fn new(typed: impl Into<Zeroizing<String>>) -> Result<Self, PasswordError> {
        let typed = typed.into();
        if typed.is_empty() {
            return Err(PasswordError::Empty);
        }
        if typed.len() > Self::MAX_BYTES {
            return Err(PasswordError::TooLong { limit: Self::MAX_BYTES });
        }
        // A buffer that never grows, for a grown buffer leaves its old self behind: no character
        // of Unicode becomes more than 18 characters of 4 bytes under NFKC.
        let mut normalised = Zeroizing::new(String::with_capacity(typed.chars().count() * 18 * 4));
        for mut character in typed.nfkc() {
            normalised.push(character);
            character.zeroize();
        }
        Ok(Self(normalised))
    }

    pub(crate) fn expose_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        Password::new(text.to_owned()).unwrap().expose_bytes().to_vec()
    }

    #[test]
    fn one_password_typed_in_many_ways_is_one() {
        assert_eq!(bytes("ガ"), bytes("カ\u{3099}"));
        assert_eq!(bytes("ｶﾞ"), bytes("ガ"));
        assert_eq!(bytes("Ａｂｃ１"), bytes("Abc1"));
        assert_eq!(bytes("e\u{301}"), bytes("é"));
    }

    #[test]
    fn spaces_and_case_are_part_of_it() {
        assert_ne!(bytes("a "), bytes("a"));
        assert_ne!(bytes("A"), bytes("a"));
    }

    #[test]
    fn the_longest_expansion_of_unicode_fits_the_buffer() {
        // U+FDFA becomes 18 characters, the most of any.
        let normalised = bytes("\u{fdfa}");
        assert_eq!(String::from_utf8(normalised).unwrap().chars().count(), 18);
    }

    #[test]
    fn empty_and_endless_are_refused() {
        assert_eq!(Password::new(String::new()).unwrap_err(), PasswordError::Empty);
        assert!(Password::new("x".repeat(Password::MAX_BYTES)).is_ok());
        assert_eq!(
            Password::new("x".repeat(Password::MAX_BYTES + 1)).unwrap_err(),
            PasswordError::TooLong { limit: Password::MAX_BYTES }
        );
    }

    #[test]
    fn debug_says_nothing() {
        assert_eq!(format!("{:?}", Password::new("hunter2".to_owned()).unwrap()), "Password(..)");
    }
}
