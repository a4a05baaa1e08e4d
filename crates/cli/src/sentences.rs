//! Codes to sentences, in Japanese and English. Errors of the session share their sentences with the window.

use std::collections::{BTreeMap, HashMap};

use time::OffsetDateTime;
use warifu_session::Language;

const ERRORS: [&str; 2] =
    [include_str!("../../../ui/src/messages/errors.ja.json"), include_str!("../../../ui/src/messages/errors.en.json")];
const OWN: [&str; 2] = [include_str!("../messages/ja.json"), include_str!("../messages/en.json")];

/// The sentences of one language.
pub(crate) struct Sentences(HashMap<String, String>);

impl Sentences {
    pub(crate) fn of(language: Language) -> Sentences {
        let language = match language {
            Language::System => warifu_platform::system_language(),
            chosen => chosen,
        };
        let index = usize::from(language != Language::Ja);
        // Both texts are compiled in, and a test reads them: what cannot be parsed never ships.
        let read = |text| serde_json::from_str::<HashMap<String, String>>(text).unwrap_or_default();
        let mut sentences = read(ERRORS[index]);
        sentences.extend(read(OWN[index]));
        Sentences(sentences)
    }

    /// The sentence with its `{names}` filled in; the code itself where there is none.
    pub(crate) fn fill(&self, code: &str, detail: &BTreeMap<&'static str, String>) -> String {
        let mut text = self.0.get(code).cloned().unwrap_or_else(|| code.to_owned());
        for (name, value) in detail {
            let moment = (*name == "when").then(|| moment(value)).flatten();
            text = text.replace(&format!("{{{name}}}"), moment.as_deref().unwrap_or(value));
        }
        text
    }

    /// A sentence with nothing to fill in.
    pub(crate) fn get(&self, code: &str) -> String {
        self.fill(code, &BTreeMap::new())
    }
}

/// A moment that is told as Unix time, as a date and the time of day in UTC: a terminal's own zone is not to be had everywhere.
fn moment(unix: &str) -> Option<String> {
    let at = OffsetDateTime::from_unix_timestamp(unix.parse().ok()?).ok()?;
    let (year, month, day) = at.to_calendar_date();
    Some(format!("{year:04}-{:02}-{day:02} {:02}:{:02} UTC", u8::from(month), at.hour(), at.minute()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use warifu_session::ErrorCode;

    fn parse(text: &str) -> BTreeMap<String, String> {
        serde_json::from_str(text).unwrap()
    }

    fn holes(text: &str) -> Vec<&str> {
        let mut holes: Vec<&str> = text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()).collect();
        holes.sort_unstable();
        holes
    }

    #[test]
    fn both_languages_say_the_same_things() {
        let [ja, en] = OWN.map(parse);
        assert!(ja.keys().eq(en.keys()));
        for (code, sentence) in &ja {
            assert_eq!(holes(sentence), holes(&en[code]), "{code}");
        }
    }

    #[test]
    fn every_error_of_the_session_has_a_sentence_and_none_of_ours_hides_it() {
        for (errors, own) in [(ERRORS[0], OWN[0]), (ERRORS[1], OWN[1])] {
            let (errors, own) = (parse(errors), parse(own));
            for code in ErrorCode::ALL {
                assert!(errors.contains_key(code.as_str()), "{}", code.as_str());
                assert!(!own.contains_key(code.as_str()), "{}", code.as_str());
            }
        }
    }

    #[test]
    fn moments_are_told_as_dates() {
        let detail = BTreeMap::from([("when", "1700000000".to_owned())]);
        let sentence = Sentences::of(Language::En).fill("vault_rolled_back", &detail);
        assert!(sentence.contains("2023-11-14 22:13 UTC"), "{sentence}");
    }

    #[test]
    fn names_are_filled_in() {
        let detail = BTreeMap::from([("position", "7".to_owned())]);
        let sentence = Sentences::of(Language::En).fill("secret_illegal_character", &detail);
        assert!(sentence.contains('7') && !sentence.contains('{'), "{sentence}");
    }
}
