//! From a counter to characters (RFC 4226, section 5.3): the only place that meets totp-rs.
//!
//! totp-rs computes the HMAC. Its checked constructor refuses secrets under 128 bits, which real sites hand out; its
//! formatting panics at ten digits; and a zero step divides by zero. So it is asked for the bare HMAC with a step of 1
//! (its "time" then is the counter), and the truncation and the writing are done here.

use zeroize::Zeroizing;

use crate::{Algorithm, Digits, SharedSecret};

/// Steam's alphabet; it has no vowels and nothing that looks like something else.
const STEAM_ALPHABET: &[u8; 26] = b"23456789BCDFGHJKMNPQRTVWXY";

/// The HOTP value as decimal digits, zero padded on the left.
pub(crate) fn decimal(secret: &SharedSecret, algorithm: Algorithm, counter: u64, digits: Digits) -> Zeroizing<String> {
    let mut value = hotp_value(secret, algorithm, counter);
    let mut characters = Zeroizing::new([b'0'; 10]);
    for character in characters.iter_mut().rev() {
        *character = b'0' + (*value % 10) as u8;
        *value /= 10;
    }
    text(&characters[10 - usize::from(digits.get())..])
}

/// The same value in Steam's writing: base 26, least significant first.
pub(crate) fn steam(secret: &SharedSecret, counter: u64) -> Zeroizing<String> {
    steam_characters(hotp_value(secret, Algorithm::Sha1, counter))
}

fn steam_characters(mut value: Zeroizing<u32>) -> Zeroizing<String> {
    let mut characters = Zeroizing::new([0; Digits::STEAM.get() as usize]);
    for character in characters.iter_mut() {
        *character = STEAM_ALPHABET[(*value % 26) as usize];
        *value /= 26;
    }
    text(&characters[..])
}

/// ASCII bytes as text, in one allocation of the right size.
fn text(ascii: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(ascii.len()));
    text.extend(ascii.iter().map(|&byte| char::from(byte)));
    text
}

/// The dynamically truncated HMAC: 31 bits.
fn hotp_value(secret: &SharedSecret, algorithm: Algorithm, counter: u64) -> Zeroizing<u32> {
    let algorithm = match algorithm {
        Algorithm::Sha1 => totp_rs::Algorithm::SHA1,
        Algorithm::Sha256 => totp_rs::Algorithm::SHA256,
        Algorithm::Sha512 => totp_rs::Algorithm::SHA512,
    };
    let totp = totp_rs::Builder::new()
        .with_algorithm(algorithm)
        .with_secret(&*secret.expose_bytes())
        .with_step_duration(1)
        .build_noncompliant();
    let hmac = totp.sign(counter);
    let hmac = hmac.as_ref();
    // At least 20 bytes (SHA-1), so the last exists and offset + 3 is at most 18.
    let offset = usize::from(hmac[hmac.len() - 1] & 0x0f);
    let word = [hmac[offset], hmac[offset + 1], hmac[offset + 2], hmac[offset + 3]];
    Zeroizing::new(u32::from_be_bytes(word) & 0x7fff_ffff)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn steam_encoding_step() {
        assert_eq!(*steam_characters(Zeroizing::new(36_751_792)), "GJ2F4");
    }

    #[test]
    fn rfc4226_appendix_d_intermediate_values() {
        let secret = SharedSecret::from_bytes(b"12345678901234567890".to_vec()).unwrap();
        let decimals = [
            1_284_755_224,
            1_094_287_082,
            137_359_152,
            1_726_969_429,
            1_640_338_314,
            868_254_676,
            1_918_287_922,
            82_162_583,
            673_399_871,
            645_520_489,
        ];
        for (counter, value) in (0..).zip(decimals) {
            assert_eq!(*hotp_value(&secret, Algorithm::Sha1, counter), value, "counter {counter}");
        }
    }
}
