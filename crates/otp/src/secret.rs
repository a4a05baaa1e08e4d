//! The shared secret, and the Base32 (RFC 4648, section 6) in which people see it.

use std::fmt;

use data_encoding::BASE32_NOPAD;
use subtle::ConstantTimeEq;
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;
use warifu_guard::{Opened, SealedBytes};
use zeroize::Zeroizing;

/// Most bytes a secret may have. Real ones have 5 to 128; more is a mistake or an attack on memory.
pub const MAX_SECRET_BYTES: usize = 1024;

/// Why a text or some bytes are no secret. The secret itself is never in it: a wrong character is named by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SecretError {
    /// Nothing, or nothing but spaces, hyphens and padding.
    #[error("the key is empty")]
    Empty,
    /// A single Base32 character: fewer than 8 bits make no byte.
    #[error("the key is too short")]
    TooShort,
    /// More than [`MAX_SECRET_BYTES`] bytes.
    #[error("the key is too long")]
    TooLong,
    /// A character that Base32 does not have, or padding before the end.
    #[error("character {position} of the key is not one of A to Z and 2 to 7")]
    IllegalCharacter {
        /// Place in the text as given, counted in characters (Unicode scalar values) from 1.
        position: usize,
    },
}

/// What was accepted but is worth a mild warning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SecretNotice {
    /// The text has 1, 3 or 6 characters more than a multiple of 8. No Base32 encoder writes that: a character may be
    /// missing.
    pub unusual_length: bool,
}

/// The secret that Warifu and a site share: 1 to [`MAX_SECRET_BYTES`] bytes. It lies in memory sealed, and is opened for the moment of
/// its use.
///
/// It has no `Clone`, no serialisation and a redacted `Debug`. It leaves through [`expose_bytes`](Self::expose_bytes),
/// [`reveal_base32`](Self::reveal_base32) and [`duplicate`](Self::duplicate), and nowhere else.
pub struct SharedSecret(SealedBytes);

impl SharedSecret {
    /// Takes the raw bytes.
    ///
    /// # Errors
    /// [`SecretError::Empty`] and [`SecretError::TooLong`].
    pub fn from_bytes(bytes: impl Into<Zeroizing<Vec<u8>>>) -> Result<Self, SecretError> {
        let bytes = bytes.into();
        match bytes.len() {
            0 => Err(SecretError::Empty),
            1..=MAX_SECRET_BYTES => Ok(Self(SealedBytes::seal(bytes))),
            _ => Err(SecretError::TooLong),
        }
    }

    /// [`parse_base32_noting`](Self::parse_base32_noting) for callers that have no one to warn.
    ///
    /// # Errors
    /// As there.
    pub fn parse_base32(text: &str) -> Result<Self, SecretError> {
        Self::parse_base32_noting(text).map(|(secret, _)| secret)
    }

    /// Reads a key as sites print it and people type it.
    ///
    /// Case does not matter, full-width characters count as their plain ones (NFKC), and spaces, hyphens, underscores and
    /// invisible characters are passed over wherever they stand. `=` may stand at the end, in any number. Every length is
    /// taken; bits left over after the last whole byte are cut, as nearly all authenticators do (padding them instead
    /// would change the key).
    ///
    /// # Errors
    /// [`SecretError`]; what cannot be a key is never dropped or replaced.
    pub fn parse_base32_noting(text: &str) -> Result<(Self, SecretNotice), SecretError> {
        // Room for everything at once: a growing Vec would leave copies behind that nobody wipes.
        let room = (text.len() / 8 * 5 + 5).min(MAX_SECRET_BYTES);
        let mut bytes = Zeroizing::new(Vec::with_capacity(room));
        let mut pending = Zeroizing::new(0_u32);
        let (mut pending_bits, mut symbols, mut padding_at) = (0, 0_usize, None);

        for (index, c) in text.chars().enumerate() {
            let position = index + 1;
            match Symbol::of(c) {
                Symbol::Separator => {}
                Symbol::Padding => padding_at = padding_at.or(Some(position)),
                Symbol::Illegal => return Err(SecretError::IllegalCharacter { position }),
                Symbol::Value(value) => {
                    if let Some(position) = padding_at {
                        return Err(SecretError::IllegalCharacter { position });
                    }
                    symbols += 1;
                    // Bits already taken run out at the top.
                    *pending = (*pending << 5) | u32::from(value);
                    pending_bits += 5;
                    if pending_bits >= 8 {
                        if bytes.len() == MAX_SECRET_BYTES {
                            return Err(SecretError::TooLong);
                        }
                        pending_bits -= 8;
                        bytes.push((*pending >> pending_bits) as u8);
                    }
                }
            }
        }

        match (symbols, bytes.len()) {
            (0, _) => Err(SecretError::Empty),
            (_, 0) => Err(SecretError::TooShort),
            _ => {
                Ok((Self(SealedBytes::seal(bytes)), SecretNotice { unusual_length: matches!(symbols % 8, 1 | 3 | 6) }))
            }
        }
    }

    /// The raw bytes, for deriving a code and for sealing. Wiped when what is returned is dropped: keep it no longer than it takes.
    #[must_use]
    pub fn expose_bytes(&self) -> Opened {
        self.0.open()
    }

    /// The secret as upper-case Base32 without padding.
    #[must_use]
    pub fn reveal_base32(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE32_NOPAD.encode(&self.expose_bytes()))
    }

    /// A second copy of the secret, for the few places that must hold one (an edit in progress, an undo). Each copy is
    /// wiped on its own; each one more is one more to lose, hence a method with a name instead of `Clone`.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(SealedBytes::seal(self.expose_bytes().to_vec()))
    }

    /// Length in bits. RFC 4226 (section 4, R6) wants 128 or more; real sites hand out 80 and even 40.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.0.len() * 8
    }

    /// Whether both are the same secret, in a time that depends on the lengths only.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.expose_bytes().ct_eq(&other.expose_bytes()).into()
    }
}

impl fmt::Debug for SharedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedSecret(…)")
    }
}

/// What one character of a typed key means.
enum Symbol {
    Value(u8),
    Padding,
    Separator,
    Illegal,
}

impl Symbol {
    fn of(c: char) -> Self {
        let plain = if c.is_ascii() { c } else { compatible(c) };
        match plain.to_ascii_uppercase() {
            c @ 'A'..='Z' => Self::Value(c as u8 - b'A'),
            c @ '2'..='7' => Self::Value(c as u8 - b'2' + 26),
            '=' => Self::Padding,
            c if is_separator(c) => Self::Separator,
            _ => Self::Illegal,
        }
    }
}

/// The character's NFKC form when that is a single character, else the character itself.
fn compatible(c: char) -> char {
    let mut form = std::iter::once(c).nfkc();
    match (form.next(), form.next()) {
        (Some(plain), None) => plain,
        _ => c,
    }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c,
            '-' | '_'
            | '\u{2010}'..='\u{2015}' | '\u{2212}' // hyphens, dashes, the minus sign
            | '\u{30FC}'                           // ー, what a Japanese keyboard gives for the hyphen key
            | '\u{00AD}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2069}' | '\u{FEFF}') // invisible: joiners, direction marks, byte order mark
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    const RFC_4226_KEY: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn bytes(text: &str) -> Vec<u8> {
        SharedSecret::parse_base32(text).unwrap().expose_bytes().to_vec()
    }

    fn error(text: &str) -> SecretError {
        SharedSecret::parse_base32(text).unwrap_err()
    }

    #[test]
    fn keys_as_people_type_them() {
        for typed in [
            RFC_4226_KEY,
            "gezdgnbvgy3tqojqgezdgnbvgy3tqojq",
            "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ",
            "  gezd-gnbv-gy3t-qojq_gezd_gnbv_gy3t_qojq\r\n",
            "ＧＥＺＤＧＮＢＶＧＹ３ＴＱＯＪＱｇｅｚｄｇｎｂｖｇｙ３ｔｑｏｊｑ",
            "GEZD　GNBV\u{a0}GY3T\u{2009}QOJQ\u{200b}GEZD\u{feff}GNBV\u{2060}GY3T－QOJQ",
            "GEZDーGNBV–GY3T—QOJQ‐GEZD−GNBVｰGY3T＿QOJQ",
            "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ======",
            "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ = = ＝\n",
        ] {
            assert_eq!(bytes(typed), b"12345678901234567890", "{typed}");
        }
    }

    #[test]
    fn illegal_character_is_named_by_its_place_in_the_original_text() {
        let at = |position| SecretError::IllegalCharacter { position };
        assert_eq!(error("GEZD1NBV"), at(5));
        assert_eq!(error("GEZD GNB0"), at(9));
        assert_eq!(error("　ＧＥ−Ｚ８"), at(6));
        assert_eq!(error("\u{feff}鍵"), at(2));
        assert_eq!(error("GEZ+GNBV"), at(4));
        assert_eq!(error("AAＡ㍿A"), at(4));
    }

    #[test]
    fn padding_stands_at_the_end_only() {
        assert_eq!(error("GEZD=GNBV"), SecretError::IllegalCharacter { position: 5 });
        assert_eq!(error("=GEZD"), SecretError::IllegalCharacter { position: 1 });
    }

    #[test]
    fn nothing_and_next_to_nothing() {
        for text in ["", " ", "-", "====", "\u{200b}"] {
            assert_eq!(error(text), SecretError::Empty, "{text:?}");
        }
        assert_eq!(error("A"), SecretError::TooShort);
        assert_eq!(bytes("AA"), [0]);
    }

    #[test]
    fn left_over_bits_are_cut_and_odd_lengths_noted() {
        for (text, expected, unusual_length) in [
            ("ABCDEFG", "00443214", false),
            ("SECRET", "910512", true),
            ("bcde23456", "08864d6f9d", true),
            ("ABC", "00", true),
            ("JBSWY3DPEHPK3PXP", "48656c6c6f21deadbeef", false),
        ] {
            let (secret, notice) = SharedSecret::parse_base32_noting(text).unwrap();
            assert_eq!(data_encoding::HEXLOWER.encode(&secret.expose_bytes()), expected, "{text}");
            assert_eq!(notice.unusual_length, unusual_length, "{text}");
        }
    }

    #[test]
    fn length_is_capped() {
        assert_eq!(SharedSecret::from_bytes(vec![]).unwrap_err(), SecretError::Empty);
        assert_eq!(SharedSecret::from_bytes(vec![7; MAX_SECRET_BYTES + 1]).unwrap_err(), SecretError::TooLong);
        let longest = SharedSecret::from_bytes(vec![7; MAX_SECRET_BYTES]).unwrap();
        assert_eq!(longest.bits(), 8192);
        assert!(SharedSecret::parse_base32(&longest.reveal_base32()).unwrap().is_same(&longest));
        assert_eq!(error(&"A".repeat(1641)), SecretError::TooLong);
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", SharedSecret::parse_base32("JBSWY3DP").unwrap()), "SharedSecret(…)");
    }

    #[test]
    fn same_means_every_byte() {
        let secret = |bytes: &[u8]| SharedSecret::from_bytes(bytes.to_vec()).unwrap();
        assert!(secret(b"abc").is_same(&secret(b"abc").duplicate()));
        for other in [&b"abd"[..], b"ab", b"abc\0"] {
            assert!(!secret(b"abc").is_same(&secret(other)));
        }
    }

    proptest! {
        #[test]
        fn base32_round_trip(bytes in prop::collection::vec(any::<u8>(), 1..200)) {
            let secret = SharedSecret::from_bytes(bytes.clone()).unwrap();
            let (again, notice) = SharedSecret::parse_base32_noting(&secret.reveal_base32()).unwrap();
            prop_assert_eq!(&*again.expose_bytes(), &bytes[..]);
            prop_assert!(!notice.unusual_length);
        }

        #[test]
        fn any_text_gives_a_secret_or_an_error_within_it(text in any::<String>()) {
            if let Err(SecretError::IllegalCharacter { position }) = SharedSecret::parse_base32(&text) {
                prop_assert!((1..=text.chars().count()).contains(&position));
            }
        }
    }
}
