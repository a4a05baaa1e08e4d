//! Whose account a code is for.

use thiserror::Error;

/// Most characters (Unicode scalar values) an issuer or an account name may have. Real ones have under 100.
pub const MAX_LABEL_CHARS: usize = 1024;

/// Which part of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelPart {
    /// The issuer.
    Issuer,
    /// The account name.
    AccountName,
}

/// A part of a label has more than [`MAX_LABEL_CHARS`] characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the issuer or account name has more than {MAX_LABEL_CHARS} characters")]
pub struct LabelTooLong {
    /// The part that is too long.
    pub part: LabelPart,
}

/// The names people know an entry by. Not secret, but private: it belongs in no log.
///
/// The text is kept as it came, case and all. It may hold characters that deceive the eye; see
/// [`has_hidden_characters`](Self::has_hidden_characters).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Label {
    /// The site or service; `None` when it does not say. Never blank when made by [`Label::new`].
    pub issuer: Option<String>,
    /// The account at the issuer; may be empty.
    pub account_name: String,
}

impl Label {
    /// Both parts without surrounding white space; a blank issuer is none.
    ///
    /// # Errors
    /// [`LabelTooLong`].
    pub fn new(issuer: Option<&str>, account_name: &str) -> Result<Self, LabelTooLong> {
        let checked = |text: &str, part| match text.chars().nth(MAX_LABEL_CHARS) {
            None => Ok(text.to_owned()),
            Some(_) => Err(LabelTooLong { part }),
        };
        let issuer = issuer.map(str::trim).filter(|issuer| !issuer.is_empty());
        Ok(Self {
            issuer: issuer.map(|issuer| checked(issuer, LabelPart::Issuer)).transpose()?,
            account_name: checked(account_name.trim(), LabelPart::AccountName)?,
        })
    }

    /// Whether a part holds a control character, a line break, a direction override or something invisible: what can make
    /// one name look like another. Emoji made with a zero-width joiner count too; the flag is a reason to look, not a
    /// verdict.
    #[must_use]
    pub fn has_hidden_characters(&self) -> bool {
        let parts = [self.issuer.as_deref().unwrap_or_default(), &self.account_name];
        parts.into_iter().flat_map(str::chars).any(is_hidden)
    }
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180E}'
            | '\u{200B}'..='\u{200F}' // zero width, direction marks
            | '\u{2028}'..='\u{202E}' // line and paragraph separator, direction embeddings and overrides
            | '\u{2060}'..='\u{206F}' // joiner, direction isolates, deprecated formats
            | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn blank_issuer_is_none_and_edges_are_trimmed() {
        let label = Label::new(Some(" \u{3000}"), "  Hanako \n").unwrap();
        assert_eq!((label.issuer, label.account_name.as_str()), (None, "Hanako"));
    }

    #[test]
    fn length_is_counted_in_characters() {
        let longest = "割".repeat(MAX_LABEL_CHARS);
        assert!(Label::new(Some(&longest), &longest).is_ok());
        let longer = longest.clone() + "符";
        assert_eq!(Label::new(Some(&longer), "").unwrap_err().part, LabelPart::Issuer);
        assert_eq!(Label::new(None, &longer).unwrap_err().part, LabelPart::AccountName);
    }

    #[test]
    fn hidden_characters_are_seen_in_either_part() {
        let hidden = |issuer: &str, account: &str| Label::new(Some(issuer), account).unwrap().has_hidden_characters();
        for c in ['\0', '\n', '\u{7f}', '\u{85}', '\u{200b}', '\u{202e}', '\u{2066}', '\u{feff}', '\u{e0041}'] {
            let spoof = format!("a{c}b");
            assert!(hidden(&spoof, "x") && hidden("x", &spoof), "{c:?}");
        }
        assert!(!hidden("割符 Warifu Ünïcode 한국어", "花子@example.jp"));
    }
}
