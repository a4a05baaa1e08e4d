//! The hint to the master password. It stands in the vault file for everyone to read, so it must not be the password.

use warifu_vault::{HintTooLong, MAX_HINT_CHARS};
use zeroize::Zeroizing;

use crate::{ErrorCode, SessionError, search::fold};

/// A hint as typed beside a password; none if it is empty.
///
/// # Errors
/// When the password, however it is spelt, stands in it.
pub(crate) fn parse(typed: &str, password: &str) -> Result<Option<String>, SessionError> {
    let hint = typed.trim();
    if hint.is_empty() {
        return Ok(None);
    }
    if hint.chars().count() > MAX_HINT_CHARS {
        return Err(too_long(HintTooLong { limit: MAX_HINT_CHARS }));
    }
    let bare = |text: &str| -> Zeroizing<String> {
        Zeroizing::new(fold(text)).chars().filter(|c| c.is_alphanumeric()).collect::<String>().into()
    };
    let (bare_hint, bare_password) = (bare(hint), bare(password));
    let holds = |part: &str| !part.is_empty() && bare_hint.contains(part);
    if hint.contains(password) || holds(&bare_password) {
        return Err(ErrorCode::HintIsPassword.into());
    }
    Ok(Some(hint.to_owned()))
}

pub(crate) fn too_long(HintTooLong { limit }: HintTooLong) -> SessionError {
    SessionError::new(ErrorCode::HintTooLong).with("limit", limit)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_password_in_disguise_is_no_hint() {
        for hint in ["kamome-suido-42", "It is KAMOME SUIDO 42!", "ｋａｍｏｍｅｓｕｉｄｏ４２", "  kamome-suido-42 "]
        {
            assert_eq!(parse(hint, "kamome-suido-42").unwrap_err().code, ErrorCode::HintIsPassword, "{hint}");
        }
        assert_eq!(parse("!?!", "!?!").unwrap_err().code, ErrorCode::HintIsPassword);
        assert_eq!(
            parse(" the bird and the street ", "kamome-suido-42").unwrap().as_deref(),
            Some("the bird and the street")
        );
        assert_eq!(parse("  ", "x").unwrap(), None);
        assert_eq!(parse(&"あ".repeat(MAX_HINT_CHARS + 1), "x").unwrap_err().code, ErrorCode::HintTooLong);
    }
}
