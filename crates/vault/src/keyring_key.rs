use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use zeroize::Zeroizing;

use crate::crypto::{KEY_LEN, Key};
use crate::error::NoRandomness;

/// A random key that the operating system's keyring keeps for one slot of a vault.
///
/// Its text is one line of 43 characters of base64url, for there are keyrings that refuse raw bytes and some that a
/// line break destroys. Wiped when dropped; never shown.
pub struct KeyringKey(Key);

impl KeyringKey {
    /// A new one.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn generate() -> Result<Self, NoRandomness> {
        Key::generate().map(Self)
    }

    /// Reads what [`reveal_text`](Self::reveal_text) wrote, to the letter; anything else is none.
    pub fn parse(text: &str) -> Option<Self> {
        // Checked first, because the decoder panics when the output does not fit.
        if BASE64URL_NOPAD.decode_len(text.len()) != Ok(KEY_LEN) {
            return None;
        }
        let filled = Key::try_fill(|key| BASE64URL_NOPAD.decode_mut(text.as_bytes(), key).map(|_| ()));
        filled.ok().map(Self)
    }

    /// The text to be kept.
    pub fn reveal_text(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64URL_NOPAD.encode(self.expose_bytes()))
    }

    pub(crate) fn expose_bytes(&self) -> &[u8] {
        self.0.expose_bytes()
    }
}

impl fmt::Debug for KeyringKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyringKey(..)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn its_text_is_one_line_with_one_spelling() {
        let key = KeyringKey::generate().unwrap();
        let text = key.reveal_text().to_string();
        assert_eq!(text.len(), 43);
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'));
        assert_eq!(KeyringKey::parse(&text).unwrap().expose_bytes(), key.expose_bytes());
        let last = if text.ends_with('B') { "C" } else { "B" };
        for wrong in [
            String::new(),
            format!("{text}\n"),
            format!(" {text}"),
            format!("{text}="),
            text[1..].to_owned(),
            format!("+{}", &text[1..]),
            // Two left-over bits that are not zero.
            format!("{}{last}", &text[..42]),
            "あ".repeat(14),
        ] {
            assert!(KeyringKey::parse(&wrong).is_none(), "{wrong:?}");
        }
    }

    #[test]
    fn debug_says_nothing() {
        assert_eq!(format!("{:?}", KeyringKey::generate().unwrap()), "KeyringKey(..)");
    }
}
