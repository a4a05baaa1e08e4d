//! Keys as text: typed into a form, or pasted as they were copied.

use warifu_otp::{
    Algorithm, Counter, Digits, Hotp, Label, Otp, OtpKind, SecretError, SharedSecret, Steam, TimeStep, Totp,
};
use zeroize::Zeroizing;

use super::{Candidate, PayloadKind, Reading, payload_kind, read_payload, refused, visible, why_not::why_not};
use crate::{ErrorCode, SessionError};

/// The longest text that is looked through, in bytes; [`KEYS_LIMIT`] lines as sites make them have less.
const TEXT_LIMIT: usize = 1024 * 1024;
/// Most set-up lines read out of one text. Each is held against all others.
const KEYS_LIMIT: usize = 1_000;

/// A key as a person types it, with its parameters.
pub struct TypedKey<'a> {
    /// The key, or a whole `otpauth` line; then nothing else counts.
    pub text: &'a str,
    /// The site's name; empty for none.
    pub issuer: &'a str,
    /// The account's name.
    pub account: &'a str,
    /// What kind of code it makes.
    pub kind: OtpKind,
    /// The algorithm's name.
    pub algorithm: &'a str,
    /// Digits of the code.
    pub digits: u64,
    /// Seconds a code lives.
    pub period: u64,
    /// The next counter, decimal.
    pub counter: &'a str,
}

/// Reads a typed key.
pub fn read_typed_key(key: &TypedKey<'_>) -> Result<Reading, SessionError> {
    if let Some(mut reading) = read_lines(key.text) {
        return match reading.refusals.pop() {
            Some(refusal) if reading.candidates.is_empty() => Err(refusal.error),
            Some(refusal) => {
                reading.refusals.push(refusal);
                Ok(reading)
            }
            None => Ok(reading),
        };
    }
    // A web address or the like is told by its own name, not as an illegal character.
    let why_not = why_not(key.text.trim());
    if why_not.code != ErrorCode::CodeIsOther {
        return Err(why_not);
    }
    let (secret, notice) = SharedSecret::parse_base32_noting(key.text)?;
    let algorithm = Algorithm::parse(key.algorithm)?;
    let digits = Digits::new(u32::try_from(key.digits).unwrap_or(u32::MAX))?;
    let otp = match key.kind {
        OtpKind::Totp => Otp::Totp(Totp { secret, algorithm, digits, time_step: TimeStep::from_secs(key.period)? }),
        OtpKind::Hotp => {
            let counter: u64 =
                key.counter.trim().parse().map_err(|_| SessionError::new(ErrorCode::CounterOutOfRange))?;
            Otp::Hotp(Hotp { secret, algorithm, digits, counter: Counter::new(counter) })
        }
        OtpKind::Steam => Otp::Steam(Steam { secret }),
    };
    let candidate = Candidate { notice, ..Candidate::new(label(key.issuer, key.account)?, otp) };
    Ok(Reading { candidates: vec![candidate], ..Reading::default() })
}

/// Reads a text as it was copied: set-up lines among others, or a key alone. A key has no name yet.
pub fn read_text(text: &str) -> Reading {
    if text.len() > TEXT_LIMIT {
        return refused(SessionError::new(ErrorCode::TextIsNoKey).into());
    }
    let text = visible(text);
    if let Some(reading) = read_lines(text) {
        return reading;
    }
    let why_not = why_not(text);
    if why_not.code != ErrorCode::CodeIsOther {
        return refused(why_not.into());
    }
    match SharedSecret::parse_base32_noting(text) {
        Ok((secret, notice)) if looks_like_a_key(text) => {
            let otp = Otp::Totp(Totp {
                secret,
                algorithm: Algorithm::default(),
                digits: Digits::DEFAULT,
                time_step: TimeStep::DEFAULT,
            });
            let candidate = Candidate { notice, ..Candidate::new(Label::default(), otp) };
            Reading { candidates: vec![candidate], ..Reading::default() }
        }
        // One wrong character in what is a key otherwise is worth a word of its own.
        Err(error @ (SecretError::IllegalCharacter { .. } | SecretError::TooLong)) if looks_like_a_key(text) => {
            refused(SessionError::from(error).into())
        }
        _ => refused(SessionError::new(ErrorCode::TextIsNoKey).into()),
    }
}

/// Makes a label of what a person typed.
pub(crate) fn label(issuer: &str, account: &str) -> Result<Label, SessionError> {
    let label = Label::new(Some(issuer), account)?;
    if label.issuer.is_none() && label.account_name.is_empty() {
        return Err(ErrorCode::LabelEmpty.into());
    }
    Ok(label)
}

/// Reads each set-up line of a text, wherever in a line of the text it stands, and passes over the rest; nothing if there is none.
fn read_lines(text: &str) -> Option<Reading> {
    let mut whole = None;
    for (keys, line) in text.lines().flat_map(set_up_lines).enumerate() {
        let whole = whole.get_or_insert_with(Reading::default);
        if keys == KEYS_LIMIT {
            whole.refusals.push(SessionError::new(ErrorCode::TooManyKeys).with("limit", KEYS_LIMIT).into());
            break;
        }
        whole.absorb(read_payload(line));
    }
    whole
}

/// The set-up lines in one line of a text: the line itself, or from each `otpauth` in it on. Where a mark of quotation or the like
/// stands before one, it ends with its counterpart.
fn set_up_lines(line: &str) -> Vec<&str> {
    /// What `zbarimg` puts before the text of a code.
    const ZBAR: &str = "QR-Code:";
    let mut line = visible(line);
    if let Some(start) = line.get(..ZBAR.len())
        && start.eq_ignore_ascii_case(ZBAR)
    {
        line = line[ZBAR.len()..].trim_start();
    }
    let mut starts = starts_of_set_up_lines(line);
    if payload_kind(line) != PayloadKind::Text && starts.first() != Some(&0) {
        starts.insert(0, 0);
    }
    let ends = starts.iter().skip(1).map(|next| line[..*next].trim_end_matches([' ', '\t', ',', ';', '|']).len());
    let ends = ends.chain([line.len()]);
    starts.iter().zip(ends).map(|(start, end)| unquoted(&line[..*start], &line[*start..end])).collect()
}

/// Where `otpauth://` and its kin begin in a line, with something of theirs behind them: words about them are none.
fn starts_of_set_up_lines(line: &str) -> Vec<usize> {
    const SCHEMES: [&str; 3] = ["apple-otpauth://", "otpauth-migration://", "otpauth://"];
    let lower = Zeroizing::new(line.to_ascii_lowercase());
    let is_start = |at: &usize| {
        let (before, found) = lower.split_at(*at);
        let rest = SCHEMES.iter().find_map(|scheme| found.strip_prefix(*scheme));
        rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
            && !before.ends_with(|c: char| c.is_ascii_alphanumeric() || "+-.".contains(c))
    };
    lower.match_indices(['a', 'o']).map(|(at, _)| at).filter(is_start).collect()
}

/// What was found behind `before`, up to the counterpart of the mark that ends that. A bracket may have others within.
fn unquoted<'a>(before: &str, found: &'a str) -> &'a str {
    let end = match before.chars().next_back() {
        Some(mark @ ('"' | '\'' | '`' | ',' | ';' | '\t' | '|')) => found.find(mark),
        Some('<') => found.find('>'),
        Some('>') => found.find('<'),
        Some('“') => found.find('”'),
        Some('「') => found.find('」'),
        Some('『') => found.find('』'),
        Some('(') => found.rfind(')'),
        Some('[') => found.rfind(']'),
        Some('（') => found.rfind('）'),
        _ => None,
    };
    end.map_or(found, |end| found[..end].trim_end())
}

/// Whether a text has the look of a key and not of words, which are Base32 too: long enough, in one piece or in groups of
/// one length.
fn looks_like_a_key(text: &str) -> bool {
    /// 80 bits: what the sites hand out that hand out little. In groups, or with digits in it, half of that will do.
    const LONG: usize = 16;
    const SHORT: usize = 8;
    /// Longer groups are words without spaces between them.
    const GROUP: usize = 8;
    let is_space = |c: char| c.is_whitespace() || matches!(c, '-' | '_' | '\u{2010}'..='\u{2015}');
    let groups: Vec<usize> = text
        .split(is_space)
        .map(|group| group.trim_end_matches(['=', '＝']).chars().count())
        .filter(|count| *count > 0)
        .collect();
    let symbols: usize = groups.iter().sum();
    let Some((last, others)) = groups.split_last() else { return false };
    let even = match others.first() {
        None => true,
        Some(first) => *first <= GROUP && *last <= *first && others.iter().all(|group| group == first),
    };
    let letters = |c: char| c.is_alphanumeric() || is_space(c) || matches!(c, '=' | '＝');
    let digits = text.chars().any(|c| matches!(c, '2'..='7' | '２'..='７'));
    let one_case = !(text.contains(char::is_lowercase) && text.contains(char::is_uppercase));
    even && one_case && text.chars().all(letters) && (symbols >= LONG || (digits && symbols >= SHORT))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> (usize, Vec<ErrorCode>) {
        let reading = read_text(text);
        (reading.candidates.len(), reading.refusals.iter().map(|refusal| refusal.error.code).collect())
    }

    #[test]
    fn a_bare_key_has_no_name() {
        for key in [
            "JBSWY3DPEHPK3PXP",
            " jbsw y3dp ehpk 3pxp\r\n",
            "JBSW-Y3DP-EHPK-3PXP",
            "JBSWY3DP\nEHPK3PXP",
            "ＪＢＳＷＹ３ＤＰＥＨＰＫ３ＰＸＰ",
            "jbsw y3dp ehpk 3pxp j",
            "JBSWY3DPEHPK3PXP======",
            "gezdgnbvgy3tqojq",
            "MFRGGZDFMZTWQ2LK",
            "JBSWY3DP",
        ] {
            let reading = read_text(key);
            assert_eq!(codes(key), (1, vec![]), "{key}");
            assert_eq!(reading.candidates[0].label, Label::default());
        }
    }

    #[test]
    fn marks_that_cannot_be_seen_are_no_part_of_a_text() {
        for mark in ["\u{FEFF}", "\u{200B}", "\u{200E}", "\u{2060}", "\0", "\u{FEFF} \u{200B}"] {
            for text in [
                "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP",
                "QR-Code:otpauth://totp/a?secret=JBSWY3DPEHPK3PXP",
                "JBSWY3DPEHPK3PXP",
            ] {
                assert_eq!(codes(&format!("{mark}{text}{mark}\n")), (1, vec![]), "{text}");
                let reading = read_payload(&format!("{mark}otpauth://totp/a?secret=JBSWY3DPEHPK3PXP{mark}"));
                assert_eq!(reading.candidates.len(), 1);
            }
        }
        assert_eq!(payload_kind("\u{FEFF}otpauth-migration://offline?data="), PayloadKind::Migration);
    }

    #[test]
    fn words_are_no_key() {
        for text in [
            "hello",
            "hello world",
            "Please read this text again",
            "こんにちは。",
            "123456",
            "My password is here",
            "Constantinopolitanischer",
            "a, b",
        ] {
            assert_eq!(codes(text), (0, vec![ErrorCode::TextIsNoKey]), "{text}");
        }
    }

    #[test]
    fn a_key_with_a_wrong_character_is_told_by_that() {
        assert_eq!(codes("JBSWY3DPEHPK3PX0"), (0, vec![ErrorCode::SecretIllegalCharacter]));
        assert_eq!(codes("JBSW Y3DP EHPK 1PXP"), (0, vec![ErrorCode::SecretIllegalCharacter]));
    }

    #[test]
    fn lines_that_are_none_are_passed_over_if_one_is() {
        let text = "Your codes:\nQR-Code:otpauth://totp/a?secret=JBSWY3DP\n\n  qr-code: otpauth://totp/b?secret=GEZDGNBV \nhttps://example.org";
        assert_eq!(codes(text), (2, vec![]));
        let many: String =
            (0..=KEYS_LIMIT).map(|number| format!("otpauth://totp/{number}?secret=JBSWY3DP\n")).collect();
        assert_eq!(codes(&many), (KEYS_LIMIT, vec![ErrorCode::TooManyKeys]));
        assert_eq!(codes(&"A".repeat(TEXT_LIMIT + 1)), (0, vec![ErrorCode::TextIsNoKey]));
        assert_eq!(codes("x\notpauth://totp/b?secret=1"), (0, vec![ErrorCode::SecretIllegalCharacter]));
        assert_eq!(codes("https://example.org"), (0, vec![ErrorCode::CodeIsWebLink]));
    }

    #[test]
    fn a_set_up_line_is_read_wherever_in_its_line_it_stands() {
        let good = "otpauth://totp/Good:me?secret=GEZDGNBV&issuer=Good";
        let line = "otpauth://totp/Shop:me?secret=JBSWY3DP&issuer=Shop (old)";
        for text in [
            format!("Shop: {line}"),
            format!("2. {line}"),
            format!("サイト：{line}"),
            format!("\"{line}\""),
            format!("Shop,\"{line}\",\"a note\""),
            format!("Shop;{line};30"),
            format!("({line})"),
            format!("「{line}」です"),
            format!("<li>{line}</li>"),
            format!("\"uri\": \"{}\",", line.replace("otpauth", "OTPAuth")),
            format!("qr-code:{line}"),
            format!("here: apple-{line}"),
            line.to_owned(),
        ] {
            let reading = read_text(&format!("{good}\n{text}\n"));
            let issuers: Vec<_> =
                reading.candidates.iter().map(|one| one.label.issuer.as_deref().unwrap_or_default()).collect();
            assert_eq!((issuers, reading.refusals.len()), (vec!["Good", "Shop (old)"], 0), "{text}");
        }
        for between in [" ", ", ", ";", "\t"] {
            let reading = read_text(&format!("{good}{between}{line}"));
            let issuers = reading.candidates.iter().map(|one| one.label.issuer.as_deref().unwrap_or_default());
            assert_eq!(issuers.collect::<Vec<_>>(), ["Good", "Shop (old)"], "{between:?}");
        }
        assert_eq!(
            codes(&format!("{good}\nShop: otpauth://totp/x?secret=1")),
            (1, vec![ErrorCode::SecretIllegalCharacter])
        );
        assert_eq!(codes(&format!("Copy the otpauth:// line\n{good}")), (1, vec![]));
        assert_eq!(codes("Copy the otpauth:// line, please"), (0, vec![ErrorCode::TextIsNoKey]));
    }
}
