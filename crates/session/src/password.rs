//! How well a password withstands guessing.

/// A rating by zxcvbn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PasswordRating {
    /// 0 (guessed at once) to 4 (very strong).
    pub score: u8,
    /// Seconds to guess it from a stolen vault.
    pub crack_seconds: f64,
}

/// What someone with a stolen vault and good hardware may try in a second. Argon2id with 64 MiB keeps even large
/// machines near this; zxcvbn's own figure for slow hashes is ten thousand.
const GUESSES_PER_SECOND: f64 = 1_000.0;

/// zxcvbn's work grows faster than the length; what lies beyond adds nothing to a rating that is "very strong" already.
const RATED_CHARS: usize = 100;

/// Rates a password. Words of this very program do not make it stronger.
pub fn rate_password(password: &str) -> PasswordRating {
    let rated: zeroize::Zeroizing<String> = password.chars().take(RATED_CHARS).collect::<String>().into();
    let entropy = zxcvbn::zxcvbn(&rated, &["warifu", "割符", "kosmo"]);
    let score = if rated.is_empty() { 0 } else { u8::from(entropy.score()) };
    PasswordRating { score, crack_seconds: entropy.guesses() as f64 / GUESSES_PER_SECOND }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_beats_a_word() {
        assert_eq!(rate_password("").score, 0);
        assert_eq!(rate_password("password").score, 0);
        assert_eq!(rate_password("warifu").score, 0);
        assert!(rate_password("kamome-suido-42-yuyake").score >= 4);
        assert!(rate_password(&"あいうえお".repeat(10_000)).score >= 1);
    }
}
