//! Finding an entry by what a person types.

use unicode_normalization::UnicodeNormalization;
use warifu_otp::Label;

/// One spelling for many: width, case, and hiragana or katakana make no difference.
pub(crate) fn fold(text: &str) -> String {
    text.nfkc()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            // Katakana lie 0x60 above their hiragana.
            'ァ'..='ヶ' => char::from_u32(c as u32 - 0x60).unwrap_or(c),
            _ => c,
        })
        .collect()
}

/// Whether every word of the query occurs in issuer or account.
pub(crate) fn matches(query: &str, label: &Label) -> bool {
    let text = fold(&format!("{} {}", label.issuer.as_deref().unwrap_or_default(), label.account_name));
    fold(query).split_whitespace().all(|word| text.contains(word))
}

/// How exactly a name names an entry: the smaller, the better.
pub(crate) fn closeness(name: &str, label: &Label) -> Option<u8> {
    let name = fold(name.trim());
    let issuer = fold(label.issuer.as_deref().unwrap_or_default());
    let account = fold(&label.account_name);
    if name == format!("{issuer}:{account}") {
        Some(0)
    } else if name == issuer || name == account {
        Some(1)
    } else if !name.is_empty() && matches(&name, label) {
        Some(2)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(issuer: &str, account: &str) -> Label {
        Label { issuer: Some(issuer.into()), account_name: account.into() }
    }

    #[test]
    fn width_case_and_kana_do_not_matter() {
        let bank = label("みどり銀行 ＫＯＳＭＯ", "Hanako");
        for query in ["", "kosmo", "ミドリ", "みどり hana", "ＨＡＮＡＫＯ", "ﾐﾄﾞﾘ"] {
            assert!(matches(query, &bank), "{query}");
        }
        assert!(!matches("みどり taro", &bank));
    }

    #[test]
    fn the_whole_name_is_closer_than_a_part() {
        let entry = label("GitHub", "hanako");
        assert_eq!(closeness("github:HANAKO", &entry), Some(0));
        assert_eq!(closeness("github", &entry), Some(1));
        assert_eq!(closeness("git", &entry), Some(2));
        assert_eq!(closeness("", &entry), None);
        assert_eq!(closeness("gitlab", &entry), None);
    }
}
