//! What a key URI says besides its secret, as far as it can be read: a form is begun with it when the whole cannot be used.

use super::{
    UriParameter,
    query::{Query, decode},
};
use crate::{Algorithm, Counter, Digits, Label, OtpKind, TimeStep};

/// The readable part of a key URI that is damaged. It never holds any of the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyUriOutline {
    /// Issuer and account name; empty where they are damaged.
    pub label: Label,
    /// Which kind of code.
    pub kind: OtpKind,
    /// The algorithm.
    pub algorithm: Option<Algorithm>,
    /// The number of digits.
    pub digits: Option<Digits>,
    /// The time step.
    pub time_step: Option<TimeStep>,
    /// The counter.
    pub counter: Option<Counter>,
}

impl KeyUriOutline {
    /// Reads what there is to read; none if this is no `otpauth` line of a known type, or one far too long.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let (scheme, rest) = text.trim().split_once("://").filter(|_| text.len() <= super::MAX_KEY_URI_BYTES)?;
        if !matches!(scheme.to_ascii_lowercase().as_str(), "otpauth" | "apple-otpauth") {
            return None;
        }
        // A line that lost its question mark has its secret in the label: the rest begins at the parameter then.
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (kind, label) = path.split_once('/').unwrap_or((path, ""));
        let kind = match kind.to_ascii_lowercase().as_str() {
            "totp" => OtpKind::Totp,
            "hotp" => OtpKind::Hotp,
            "steam" => OtpKind::Steam,
            _ => return None,
        };
        let query = Query::split_leniently(query);
        let label = query.label(label).map(|(label, _)| label).ok();
        let label = label.filter(|label| {
            ![Some(&label.account_name), label.issuer.as_ref()]
                .into_iter()
                .flatten()
                .any(|text| may_hold_a_secret(text))
        });
        let counter = query.number(UriParameter::Counter).ok().flatten();
        Some(Self {
            label: label.unwrap_or_default(),
            kind: if query.says_steam() == Ok(true) { OtpKind::Steam } else { kind },
            algorithm: query.get(UriParameter::Algorithm).and_then(|_| query.algorithm().ok()),
            digits: query.get(UriParameter::Digits).and_then(|_| query.digits().ok()),
            time_step: query.get(UriParameter::Period).and_then(|_| query.time_step().ok()),
            counter: counter.map(Counter::new),
        })
    }
}

/// Whether a name has swallowed the parameters, or what is left of them after another round of escaping.
fn may_hold_a_secret(name: &str) -> bool {
    let unescaped = decode(name).map(|text| text.to_ascii_lowercase());
    name.to_ascii_lowercase().contains("secret") || unescaped.is_ok_and(|text| text.contains("secret"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn names(text: &str) -> (Option<String>, String) {
        let label = KeyUriOutline::of(text).unwrap().label;
        (label.issuer, label.account_name)
    }

    #[test]
    fn all_but_the_damaged_is_read() {
        let outline = KeyUriOutline::of(
            "otpauth://hotp/Site:me?secret=AB1&issuer=Site&algorithm=SHA256&digits=99&period=x&counter=7",
        );
        let outline = outline.unwrap();
        assert_eq!((outline.label.issuer.as_deref(), outline.label.account_name.as_str()), (Some("Site"), "me"));
        assert_eq!((outline.kind, outline.algorithm), (OtpKind::Hotp, Some(Algorithm::Sha256)));
        assert_eq!((outline.digits, outline.time_step, outline.counter), (None, None, Some(Counter::new(7))));
    }

    #[test]
    fn one_malformed_escape_or_contradiction_costs_its_own_parameter_only() {
        let text = "otpauth://totp/Site:me?secret=%ZZ&issuer=Site&digits=8&algorithm=SHA1&algorithm=SHA512&period=60";
        let outline = KeyUriOutline::of(text).unwrap();
        assert_eq!(outline.label.account_name, "me");
        assert_eq!(outline.algorithm, None, "there is no telling which");
        assert_eq!(outline.digits.map(Digits::get), Some(8));
        assert_eq!(outline.time_step.map(TimeStep::as_secs), Some(60));
    }

    #[test]
    fn a_secret_that_slipped_into_a_name_stays_out() {
        for text in [
            "otpauth://totp/me&secret=JBSWY3DPEHPK3PXP",
            "otpauth://totp/me%3Fsecret%3DJBSWY3DPEHPK3PXP",
            "otpauth://totp/me%253FSECRET%253DJBSWY3DPEHPK3PXP?x",
            "otpauth://totp/me?issuer=Site%26secret%3DJBSWY3DPEHPK3PXP",
        ] {
            assert_eq!(names(text), (None, String::new()), "{text}");
        }
    }

    #[test]
    fn other_texts_have_no_outline() {
        for text in ["", "https://example.org", "otpauth://yaotp/me?secret=A", "otpauth-migration://offline?data=A"] {
            assert_eq!(KeyUriOutline::of(text), None, "{text}");
        }
    }
}
