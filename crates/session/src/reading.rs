//! From what a person shows us, a picture or a text, to accounts that may be added.

use warifu_exchange::google_migration::{self, MigrationPart};
use warifu_otp::{
    Algorithm, Counter, Digits, Hotp, KeyUri, Label, Otp, OtpKind, SecretNotice, SharedSecret, Steam, TimeStep, Totp,
};
use warifu_scan::{FoundCode, Picture};

use zeroize::Zeroizing;

use crate::{ErrorCode, SessionError};

/// An account that was read and is not in the vault yet.
pub struct Candidate {
    /// Issuer and account as read.
    pub label: Label,
    /// The issuer in the label, where it disagrees with the issuer parameter.
    pub issuer_in_label: Option<String>,
    /// The secret and its parameters.
    pub otp: Otp,
    /// What was unusual about the key.
    pub notice: SecretNotice,
    /// A counter-based code that did not say its counter; 0 was taken, and may be wrong.
    pub counter_missing: bool,
    /// Which of the reading's exports it belongs to.
    pub export: Option<usize>,
}

/// What was read.
#[derive(Default)]
pub struct Reading {
    /// Accounts that may be added.
    pub candidates: Vec<Candidate>,
    /// What was found and cannot be used.
    pub refusals: Vec<Refusal>,
}

/// Something that cannot be used, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub error: SessionError,
    /// What it is about: the name of a file, without its folder, or of an account in an export.
    pub name: Option<String>,
}

impl From<SessionError> for Refusal {
    fn from(error: SessionError) -> Self {
        Refusal { error, name: None }
    }
}

impl Reading {
    fn absorb(&mut self, other: Reading) {
        self.candidates.extend(other.candidates);
        self.refusals.extend(other.refusals);
    }
}

/// What kind of text a code holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayloadKind {
    /// A key URI, or what wants to be one.
    KeyUri,
    /// Google Authenticator's export.
    Migration,
    /// Anything else.
    Text,
}

/// Tells the kind of a payload by its scheme.
pub fn payload_kind(text: &str) -> PayloadKind {
    let text = text.trim_start();
    if has_scheme(text, "otpauth-migration") {
        PayloadKind::Migration
    } else if ["otpauth", "apple-otpauth", "steam"].iter().any(|scheme| has_scheme(text, scheme)) {
        PayloadKind::KeyUri
    } else {
        PayloadKind::Text
    }
}

/// Reads one payload.
pub fn read_payload(text: &str) -> Reading {
    let text = text.trim();
    match payload_kind(text) {
        PayloadKind::KeyUri => match KeyUri::parse(text) {
            Ok(uri) => Reading { candidates: vec![uri.into()], refusals: vec![] },
            Err(error) => refused(error.into()),
        },
        PayloadKind::Migration => match google_migration::parse(text) {
            Ok(part) => read_migration(part),
            Err(error) => refused(error.into()),
        },
        PayloadKind::Text => refused(SessionError::new(why_not(text))),
    }
}

/// Reads every code of a picture. A picture without any is an error; a code that cannot be used is a refusal.
pub fn read_picture(bytes: &[u8]) -> Result<Reading, SessionError> {
    let picture = Picture::decode(bytes)?;
    read_codes(&warifu_scan::find_codes(&picture)).ok_or(SessionError::new(ErrorCode::NoCodeFound))
}

/// Reads several pictures, each read from its file or not. One that cannot be read is a refusal among the others.
pub fn read_pictures(files: impl IntoIterator<Item = Result<Vec<u8>, SessionError>>) -> Reading {
    let mut whole = Reading::default();
    for file in files {
        match file.map(Zeroizing::new).and_then(|bytes| read_picture(&bytes)) {
            Ok(reading) => whole.absorb(reading),
            Err(error) => whole.refusals.push(error.into()),
        }
    }
    whole
}

/// Reads the codes found in a picture; none if there are none.
pub fn read_codes<'a>(codes: impl IntoIterator<Item = &'a FoundCode>) -> Option<Reading> {
    let mut codes = codes.into_iter().peekable();
    codes.peek()?;
    let mut whole = Reading::default();
    for code in codes {
        whole.absorb(read_payload(code.expose_text()));
    }
    Some(whole)
}

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
    if payload_kind(key.text) != PayloadKind::Text {
        let mut reading = read_payload(key.text);
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
    let code = why_not(key.text.trim());
    if code != ErrorCode::CodeIsOther {
        return Err(code.into());
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
    let label = label(key.issuer, key.account)?;
    Ok(Reading {
        candidates: vec![Candidate { label, issuer_in_label: None, otp, notice, counter_missing: false, export: None }],
        refusals: vec![],
    })
}

/// Makes a label of what a person typed.
pub(crate) fn label(issuer: &str, account: &str) -> Result<Label, SessionError> {
    let label = Label::new(Some(issuer), account)?;
    if label.issuer.is_none() && label.account_name.is_empty() {
        return Err(ErrorCode::LabelEmpty.into());
    }
    Ok(label)
}

fn read_migration(part: MigrationPart) -> Reading {
    let mut reading = Reading::default();
    for entry in part.entries {
        match entry.otp {
            Ok(otp) => reading.candidates.push(Candidate {
                label: entry.label,
                issuer_in_label: None,
                otp,
                notice: SecretNotice::default(),
                counter_missing: false,
                export: None,
            }),
            Err(_) => reading.refusals.push(
                SessionError::new(ErrorCode::MigrationUnsupported).with("index", entry.index.saturating_add(1)).into(),
            ),
        }
    }
    reading
}

/// Says what a text is that is no key.
fn why_not(text: &str) -> ErrorCode {
    if has_scheme(text, "phonefactor") || has_scheme(text, "msauth") || has_scheme(text, "ms-msa") {
        ErrorCode::CodeIsMicrosoftPush
    } else if has_scheme(text, "http") || has_scheme(text, "https") {
        ErrorCode::CodeIsWebLink
    } else if has_scheme(text, "wifi") {
        ErrorCode::CodeIsWifi
    } else {
        ErrorCode::CodeIsOther
    }
}

fn has_scheme(text: &str, scheme: &str) -> bool {
    text.split_once(':').is_some_and(|(start, _)| start.eq_ignore_ascii_case(scheme))
}

fn refused(error: SessionError) -> Reading {
    Reading { candidates: vec![], refusals: vec![error.into()] }
}

impl From<KeyUri> for Candidate {
    fn from(uri: KeyUri) -> Self {
        let KeyUri { label, issuer_in_label, otp, notice, counter_missing } = uri;
        Candidate { label, issuer_in_label, otp, notice, counter_missing, export: None }
    }
}
