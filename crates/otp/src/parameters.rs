//! The numbers and names a code depends on, each checked once.

use thiserror::Error;

/// A parameter that no code can be derived with. It says which; it never repeats the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParameterError {
    /// Fewer than 1 or more than 10 digits.
    #[error("the number of digits must be 1 to 10")]
    DigitsOutOfRange,
    /// A time step of 0 s or of more than `u32::MAX` s.
    #[error("the time step must be 1 to 4294967295 seconds")]
    TimeStepOutOfRange,
    /// A counter above 2^64 - 1.
    #[error("the counter must be below 2 to the power of 64")]
    CounterOutOfRange,
    /// Not SHA-1, SHA-256 or SHA-512.
    #[error("the algorithm is not SHA1, SHA256 or SHA512")]
    UnknownAlgorithm,
}

/// Length of a code: 1 to 10 decimal digits.
///
/// The truncated value has 31 bits (RFC 4226, section 5.3), so a tenth digit is only ever 0, 1 or 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digits(u8);

impl Digits {
    /// 6: what a key URI without `digits` means.
    pub const DEFAULT: Self = Self(6);

    /// 5: Steam's codes have no other length.
    pub(crate) const STEAM: Self = Self(5);

    /// Codes of this many digits.
    ///
    /// # Errors
    /// [`ParameterError::DigitsOutOfRange`] outside 1 to 10.
    pub fn new(digits: u32) -> Result<Self, ParameterError> {
        match digits {
            1..=10 => Ok(Self(digits as u8)),
            _ => Err(ParameterError::DigitsOutOfRange),
        }
    }

    /// The number of digits.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl Default for Digits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// The moving factor of HOTP (RFC 4226, section 5.1), all 64 bits of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Counter(u64);

impl Counter {
    /// The counter with this value.
    #[must_use]
    pub const fn new(value: u64) -> Self {
        Self(value)
    }

    /// Its value.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The counter of the next code; `None` after 2^64 - 1, since starting over would repeat codes.
    #[must_use]
    pub const fn next(self) -> Option<Self> {
        match self.0.checked_add(1) {
            Some(value) => Some(Self(value)),
            None => None,
        }
    }
}

/// The hash under the HMAC (RFC 6238, section 1.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// SHA-1: what a key URI without `algorithm` means, and nearly every site uses.
    #[default]
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
}

impl Algorithm {
    /// The spelling of the key URI: `SHA1`, `SHA256` or `SHA512`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
        }
    }

    /// Reads a name in any case, with or without hyphens, underscores and an `HMAC` in front: `sha1`, `SHA-256`,
    /// `HmacSHA512`, `HMAC-SHA-1`.
    ///
    /// # Errors
    /// [`ParameterError::UnknownAlgorithm`] for everything else, `MD5` and the empty text included. There is no falling
    /// back to SHA-1: it would give wrong codes.
    pub fn parse(name: &str) -> Result<Self, ParameterError> {
        let mut plain = name.to_ascii_uppercase();
        plain.retain(|c| !matches!(c, '-' | '_'));
        match plain.strip_prefix("HMAC").unwrap_or(&plain) {
            "SHA1" => Ok(Self::Sha1),
            "SHA256" => Ok(Self::Sha256),
            "SHA512" => Ok(Self::Sha512),
            _ => Err(ParameterError::UnknownAlgorithm),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn one_to_ten_digits() {
        for digits in 1..=10 {
            assert_eq!(u32::from(Digits::new(digits).unwrap().get()), digits);
        }
        for digits in [0, 11, 99, 256 + 6, u32::MAX] {
            assert_eq!(Digits::new(digits), Err(ParameterError::DigitsOutOfRange));
        }
    }

    #[test]
    fn the_last_counter_has_no_next() {
        assert_eq!(Counter::new(8).next(), Some(Counter::new(9)));
        assert_eq!(Counter::new(u64::MAX).next(), None);
    }

    #[test]
    fn algorithm_spellings() {
        for (name, algorithm) in [
            ("SHA1", Algorithm::Sha1),
            ("sha1", Algorithm::Sha1),
            ("SHA-1", Algorithm::Sha1),
            ("HmacSHA1", Algorithm::Sha1),
            ("HMAC-SHA-256", Algorithm::Sha256),
            ("hmac_sha_512", Algorithm::Sha512),
        ] {
            assert_eq!(Algorithm::parse(name), Ok(algorithm), "{name}");
            assert_eq!(Algorithm::parse(algorithm.name()), Ok(algorithm));
        }
    }

    #[test]
    fn other_algorithms_never_become_sha1() {
        for name in
            ["", "MD5", "SHA", "SHA128", "SHA224", "SHA384", "SHA3-256", "HMAC", "HMACHMACSHA1", "SHA1 ", "ＳＨＡ１"]
        {
            assert_eq!(Algorithm::parse(name), Err(ParameterError::UnknownAlgorithm), "{name}");
        }
    }
}
