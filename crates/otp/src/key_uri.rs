//! The key URI, `otpauth://TYPE/[ISSUER:]ACCOUNT?secret=…`: what the QR code of a login page holds.
//!
//! It never became a standard, and authenticators disagree about it. These are the choices made here; each is a case in
//! `tests/fixtures/keyuri/choices.json`. Where a choice could give a wrong code, it is an error instead.
//!
//! | topic | choice |
//! |---|---|
//! | scheme, type, names of parameters | in any case; `apple-otpauth` means `otpauth` |
//! | percent-encoding | undone part by part, after splitting; a malformed escape or one that is not UTF-8 is an error |
//! | `#` | an ordinary character: guest accounts at Microsoft contain it, and a fragment has no meaning here |
//! | `+` | itself; in `issuer=` a space if that value has no space or `%20` and the label does not begin with it as written |
//! | `&amp;` | an error: the line was copied out of HTML, and its parameters would be lost |
//! | separator in the label | the first colon, written raw or as `%3A`; but if the label begins with the issuer of `issuer=` and a colon, that one |
//! | label without colon | the account name |
//! | no label, empty label, `:account` | accepted; no issuer |
//! | issuer in label and `issuer=` differ | `issuer=` wins, the other is kept in [`KeyUri::issuer_in_label`] |
//! | `issuer=` blank | as if absent |
//! | a parameter twice | accepted if written identically; else an error |
//! | `digits`, `period`, `counter` not a number or out of range | an error; `null` (older Ente exports) means absent |
//! | `digits` | 1 to 10 |
//! | `period` | 1 to 4294967295 s |
//! | `counter` | 0 to 2^64 - 1; missing in a `hotp` URI: 0, and said in [`KeyUri::counter_missing`] |
//! | `algorithm` | SHA1, SHA256, SHA512 in any spelling of [`Algorithm::parse`]; anything else is an error |
//! | Steam | type `steam`, `encoder=steam`, a bare `&steam`, `steam://SECRET`, or issuer `Steam` together with `digits=5`; not the issuer alone. `digits` and `period` are then ignored |
//! | parameters of another type, unknown parameters | ignored |
//! | length | [`MAX_KEY_URI_BYTES`], [`MAX_LABEL_CHARS`](crate::MAX_LABEL_CHARS), [`MAX_SECRET_BYTES`](crate::MAX_SECRET_BYTES) |

mod outline;
mod query;

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use thiserror::Error;
use zeroize::Zeroizing;

pub use self::outline::KeyUriOutline;
use self::query::{Query, decode};
use crate::{
    Algorithm, Counter, Hotp, Label, LabelTooLong, Otp, ParameterError, SecretError, SecretNotice, SharedSecret, Steam,
    Totp,
};

/// Longest key URI read, in bytes: far above what a QR code holds (2,953), far below what costs anything.
pub const MAX_KEY_URI_BYTES: usize = 16 * 1024;

/// A parameter of the key URI that has a meaning here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UriParameter {
    /// `secret`
    Secret,
    /// `issuer`
    Issuer,
    /// `algorithm`
    Algorithm,
    /// `digits`
    Digits,
    /// `period`
    Period,
    /// `counter`
    Counter,
    /// `encoder`
    Encoder,
}

impl UriParameter {
    const ALL: [Self; 7] =
        [Self::Secret, Self::Issuer, Self::Algorithm, Self::Digits, Self::Period, Self::Counter, Self::Encoder];

    /// Its name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Issuer => "issuer",
            Self::Algorithm => "algorithm",
            Self::Digits => "digits",
            Self::Period => "period",
            Self::Counter => "counter",
            Self::Encoder => "encoder",
        }
    }
}

impl fmt::Display for UriParameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a text is no key URI that codes can be derived from. It never repeats the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeyUriError {
    /// Another scheme or none: a web link, a Wi-Fi code, plain text.
    #[error("this is not an otpauth line")]
    NotAKeyUri,
    /// More than [`MAX_KEY_URI_BYTES`].
    #[error("the otpauth line is longer than {MAX_KEY_URI_BYTES} bytes")]
    TooLong,
    /// A one-time password of a kind Warifu has no arithmetic for (Yandex, mOTP, an unknown encoder).
    #[error("this kind of one-time password is not supported")]
    UnsupportedType,
    /// There is no `secret`.
    #[error("the otpauth line has no secret")]
    MissingSecret,
    /// The secret is not Base32; a position counts in the value of `secret`, percent-decoded.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// A number out of range or an unknown algorithm.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// A number that is not written in decimal digits.
    #[error("the parameter {which} is not a whole number")]
    MalformedNumber {
        /// The parameter.
        which: UriParameter,
    },
    /// `%` without two hexadecimal digits, escapes that are not UTF-8, or `&amp;` of HTML.
    #[error("the otpauth line is damaged: it has a malformed escape")]
    MalformedEscape,
    /// The parameter stands there twice with different values.
    #[error("the parameter {which} stands there twice with different values")]
    ConflictingParameter {
        /// The parameter.
        which: UriParameter,
    },
    /// Issuer or account name too long.
    #[error(transparent)]
    LabelTooLong(#[from] LabelTooLong),
}

/// A key URI, read.
#[derive(Debug)]
pub struct KeyUri {
    /// Issuer and account name.
    pub label: Label,
    /// The issuer in front of the account name where it differs from the one in `issuer=`, which is then
    /// `label.issuer`. Microsoft's work accounts are so: the organisation here, `Microsoft` there.
    pub issuer_in_label: Option<String>,
    /// Secret and parameters.
    pub otp: Otp,
    /// What is worth a warning about the secret.
    pub notice: SecretNotice,
    /// A `hotp` URI did not say its counter, and 0 was taken. Its codes may be wrong until the counter is set.
    pub counter_missing: bool,
}

impl KeyUri {
    /// Reads a key URI; white space around it does not matter.
    ///
    /// # Errors
    /// [`KeyUriError`]; nothing is repaired or left out in silence.
    pub fn parse(text: &str) -> Result<Self, KeyUriError> {
        if text.len() > MAX_KEY_URI_BYTES {
            return Err(KeyUriError::TooLong);
        }
        let (scheme, rest) = text.trim().split_once("://").ok_or(KeyUriError::NotAKeyUri)?;
        match scheme.to_ascii_lowercase().as_str() {
            "otpauth" | "apple-otpauth" => Self::parse_otpauth(rest),
            "steam" => Self::parse_steam(rest),
            "motp" => Err(KeyUriError::UnsupportedType),
            _ => Err(KeyUriError::NotAKeyUri),
        }
    }

    /// Writes it as [`reveal_key_uri`] does. The label is that of `label`: a differing `issuer_in_label` is not written.
    #[must_use]
    pub fn reveal(&self) -> Zeroizing<String> {
        reveal_key_uri(&self.label, &self.otp)
    }

    fn parse_otpauth(rest: &str) -> Result<Self, KeyUriError> {
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (kind, label) = path.split_once('/').unwrap_or((path, ""));
        let kind = kind.to_ascii_lowercase();
        if !matches!(kind.as_str(), "totp" | "hotp" | "steam") {
            return Err(KeyUriError::UnsupportedType);
        }

        let query = Query::split(query)?;
        let (label, issuer_in_label) = query.label(label)?;
        let secret = decode(query.get(UriParameter::Secret).ok_or(KeyUriError::MissingSecret)?)?;
        let (secret, notice) = SharedSecret::parse_base32_noting(&secret)?;
        let algorithm = query.algorithm()?;

        let five_digits_of_steam =
            kind == "totp" && label.issuer.as_deref() == Some("Steam") && query.get(UriParameter::Digits) == Some("5");
        let steam = kind == "steam" || query.says_steam()? || five_digits_of_steam;
        let otp = match (kind.as_str(), steam) {
            ("hotp", true) => return Err(KeyUriError::UnsupportedType),
            ("hotp", false) => Otp::Hotp(Hotp {
                secret,
                algorithm,
                digits: query.digits()?,
                counter: Counter::new(query.number(UriParameter::Counter)?.unwrap_or(0)),
            }),
            // Steam has SHA-1 only. Another algorithm beside it would mean a code that neither gives.
            (_, true) if algorithm != Algorithm::Sha1 => return Err(ParameterError::UnknownAlgorithm.into()),
            (_, true) => Otp::Steam(Steam { secret }),
            (_, false) => Otp::Totp(Totp { secret, algorithm, digits: query.digits()?, time_step: query.time_step()? }),
        };
        let counter_missing = otp.counter().is_some() && query.number(UriParameter::Counter)?.is_none();
        Ok(Self { label, issuer_in_label, otp, notice, counter_missing })
    }

    fn parse_steam(secret: &str) -> Result<Self, KeyUriError> {
        let (secret, notice) = SharedSecret::parse_base32_noting(&decode(secret)?)?;
        Ok(Self {
            label: Label::new(Some("Steam"), "")?,
            issuer_in_label: None,
            otp: Otp::Steam(Steam { secret }),
            notice,
            counter_missing: false,
        })
    }
}

/// Writes a key URI that [`KeyUri::parse`] reads back to the same label and the same codes. (One exception: a TOTP of five
/// digits whose issuer is `Steam` is read as the Steam Guard it must be.)
///
/// Every parameter is written, defaults too, since readers differ in theirs; a space becomes `%20`, never `+`; a colon
/// within a part becomes `%3A`. Steam is written as type `steam`: an app that does not know it refuses, where
/// `encoder=steam` would have it show wrong codes.
#[must_use]
pub fn reveal_key_uri(label: &Label, otp: &Otp) -> Zeroizing<String> {
    let issuer = label.issuer.as_deref().map(str::trim).filter(|issuer| !issuer.is_empty());
    let secret = otp.secret().reveal_base32();
    let parameters = match otp {
        Otp::Totp(totp) => {
            let (name, digits, period) = (totp.algorithm.name(), totp.digits.get(), totp.time_step.as_secs());
            format!("&algorithm={name}&digits={digits}&period={period}")
        }
        Otp::Hotp(hotp) => {
            let (name, digits, counter) = (hotp.algorithm.name(), hotp.digits.get(), hotp.counter.get());
            format!("&algorithm={name}&digits={digits}&counter={counter}")
        }
        Otp::Steam(_) => String::new(),
    };

    // Room for the whole at once, each label byte as an escape: growing would leave copies of the secret behind.
    let label_bytes = 2 * issuer.map_or(0, str::len) + label.account_name.len();
    let mut uri = Zeroizing::new(String::with_capacity(64 + 3 * label_bytes + secret.len() + parameters.len()));
    uri.push_str("otpauth://");
    uri.push_str(otp.kind().name());
    uri.push('/');
    if let Some(issuer) = issuer {
        uri.extend(escape(issuer));
    }
    // Without an issuer, a colon in front keeps a colon of the account name from being taken for the separator.
    if issuer.is_some() || label.account_name.contains(':') {
        uri.push(':');
    }
    uri.extend(escape(&label.account_name));
    uri.push_str("?secret=");
    uri.push_str(&secret);
    if let Some(issuer) = issuer {
        uri.push_str("&issuer=");
        uri.extend(escape(issuer));
    }
    uri.push_str(&parameters);
    uri
}

/// Everything but RFC 3986's unreserved characters is escaped.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn escape(text: &str) -> percent_encoding::PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
}
