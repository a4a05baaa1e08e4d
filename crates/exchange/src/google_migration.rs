//! Google Authenticator's export code: `otpauth-migration://offline?data=…`, the only way out of that app.
//!
//! `data` is Base64 of a protocol buffers message (Aegis' `google_auth.proto` describes it), in which one QR code holds up
//! to ten accounts, and an export is as many codes as it takes:
//!
//! | message | fields |
//! |---|---|
//! | payload | 1 entries · 2 version · 3 batch size · 4 batch index, from 0 · 5 batch id |
//! | entry | 1 secret, raw · 2 name · 3 issuer · 4 algorithm · 5 digits · 6 type · 7 counter |
//!
//! Rules, where the format leaves something open:
//!
//! - A number that is absent is 0 (proto3): "unspecified" and "not said" are the same bytes, or none. Algorithm 0 is SHA-1,
//!   digits 0 are 6, type 0 is TOTP, since that is what the app that writes these codes makes of them when it reads them, and
//!   every other reader with it; to refuse would lose accounts that were made without saying what nearly all are. Every other
//!   number that is not listed makes the entry unsupported, MD5 (4) too.
//! - The time step is not in the code; the app knows 30 s only.
//! - The name may repeat the issuer in front (`Issuer:name`); that is taken off when it is the same. Without an issuer, the
//!   name is split at its first colon, unless a space follows: people write `note: text`, apps write `Issuer:name`.
//! - `+` may have become a space on the way, padding may be missing, and the alphabet may be the URL-safe one.
//! - Codes of version 2 have no batch id: parts belong together by size and index.

use data_encoding::BASE64_NOPAD;
use percent_encoding::percent_decode_str;
use thiserror::Error;
use warifu_otp::{
    Algorithm, Counter, Digits, Hotp, Label, LabelTooLong, Otp, SecretError, SharedSecret, TimeStep, Totp,
};
use zeroize::Zeroizing;

use crate::protobuf::{Fields, Malformed};

/// Longest line read, in bytes. A QR code holds 2,953.
pub const MAX_MIGRATION_BYTES: usize = 64 * 1024;
/// Most entries read from one code; the app writes ten.
pub const MAX_MIGRATION_ENTRIES: usize = 1_000;
/// Most codes an export may say it consists of.
pub const MAX_MIGRATION_PARTS: u64 = 1_000;

/// Why a text is no export code. It never repeats the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MigrationError {
    /// Another scheme or host.
    #[error("this is not an export code of Google Authenticator")]
    NotAMigration,
    /// More than [`MAX_MIGRATION_BYTES`].
    #[error("the export code is longer than {MAX_MIGRATION_BYTES} bytes")]
    TooLong,
    /// `data` is absent or empty.
    #[error("the export code holds no data")]
    NoData,
    /// `data` is not percent-encoded Base64 of a message: cut off or altered on the way.
    #[error("the export code is damaged or incomplete")]
    Damaged,
    /// More than [`MAX_MIGRATION_ENTRIES`].
    #[error("the export code holds more than {MAX_MIGRATION_ENTRIES} entries")]
    TooManyEntries,
    /// The code says it is part `index` of `size` where that cannot be, or of more than [`MAX_MIGRATION_PARTS`].
    #[error("the export code has an impossible part number")]
    ImpossiblePart,
}

impl From<Malformed> for MigrationError {
    fn from(_: Malformed) -> Self {
        Self::Damaged
    }
}

/// Why one entry of a code cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum UnsupportedEntry {
    /// HMAC-MD5, which no site is known to use.
    #[error("codes made with MD5 are not supported")]
    Md5,
    /// An algorithm number that means nothing.
    #[error("the algorithm is unknown")]
    UnknownAlgorithm,
    /// A number of digits other than 6 and 8.
    #[error("the number of digits is unknown")]
    UnknownDigits,
    /// Neither TOTP nor HOTP.
    #[error("this kind of one-time password is unknown")]
    UnknownType,
    /// A counter below 0.
    #[error("the counter is negative")]
    NegativeCounter,
    /// No secret, or one too long.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// Name or issuer is not UTF-8.
    #[error("the name is not text")]
    NameNotText,
    /// Name or issuer is too long.
    #[error(transparent)]
    LabelTooLong(#[from] LabelTooLong),
}

/// One code of an export.
#[derive(Debug)]
pub struct MigrationPart {
    /// Its accounts, in their order.
    pub entries: Vec<MigrationEntry>,
    /// How many codes the export consists of; 1 if it does not say.
    pub batch_size: u32,
    /// Which of them this is, from 0.
    pub batch_index: u32,
    /// A number that the codes of one export share; newer apps leave it out.
    pub batch_id: Option<i32>,
    /// Version of the payload; 1 and 2 are known, and their entries are read alike.
    pub version: u64,
}

/// One account of a code.
#[derive(Debug)]
pub struct MigrationEntry {
    /// Its place in the code, from 0.
    pub index: usize,
    /// Its names; empty where they are what is unsupported.
    pub label: Label,
    /// Secret and parameters, or why not.
    pub otp: Result<Otp, UnsupportedEntry>,
}

/// Reads one export code; white space around it does not matter.
///
/// # Errors
/// [`MigrationError`], when the code as a whole cannot be read. An entry that cannot is in the result, with its reason.
pub fn parse(text: &str) -> Result<MigrationPart, MigrationError> {
    if text.len() > MAX_MIGRATION_BYTES {
        return Err(MigrationError::TooLong);
    }
    let payload = decode(data_of(text.trim()).ok_or(MigrationError::NotAMigration)?)?;
    parse_payload(&payload)
}

/// The value of `data`, still encoded; empty if there is none. `None` if this is something else altogether.
fn data_of(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once("://")?;
    let (host, query) = rest.split_once('?').unwrap_or((rest, ""));
    let host = host.trim_end_matches('/');
    if !scheme.eq_ignore_ascii_case("otpauth-migration") || !host.eq_ignore_ascii_case("offline") {
        return None;
    }
    Some(query.split('&').find_map(|part| part.strip_prefix("data=")).unwrap_or_default())
}

fn decode(data: &str) -> Result<Zeroizing<Vec<u8>>, MigrationError> {
    let mut base64 = Zeroizing::new(Vec::with_capacity(data.len()));
    base64.extend(percent_decode_str(data).map(|byte| match byte {
        b' ' | b'-' => b'+',
        b'_' => b'/',
        other => other,
    }));
    while base64.last() == Some(&b'=') {
        base64.pop();
    }
    if base64.is_empty() {
        return Err(MigrationError::NoData);
    }
    let length = BASE64_NOPAD.decode_len(base64.len()).map_err(|_| MigrationError::Damaged)?;
    let mut payload = Zeroizing::new(vec![0; length]);
    BASE64_NOPAD.decode_mut(&base64, &mut payload).map_err(|_| MigrationError::Damaged)?;
    Ok(payload)
}

fn parse_payload(payload: &[u8]) -> Result<MigrationPart, MigrationError> {
    let mut entries = Vec::new();
    let (mut version, mut batch_size, mut batch_index, mut batch_id) = (0, 0, 0, None);
    for field in Fields::of(payload) {
        let (number, value) = field?;
        match number {
            1 if entries.len() == MAX_MIGRATION_ENTRIES => return Err(MigrationError::TooManyEntries),
            1 => entries.push(parse_entry(entries.len(), value.bytes()?)?),
            2 => version = value.varint()?,
            3 => batch_size = value.varint()?,
            4 => batch_index = value.varint()?,
            // An int32 below 0 is written with 64 bits; its low half is the number.
            5 => batch_id = Some(value.varint()? as i32),
            _ => {}
        }
    }
    // The oldest codes do not say a size.
    let batch_size = batch_size.max(1);
    if batch_size > MAX_MIGRATION_PARTS || batch_index >= batch_size {
        return Err(MigrationError::ImpossiblePart);
    }
    Ok(MigrationPart { entries, batch_size: batch_size as u32, batch_index: batch_index as u32, batch_id, version })
}

/// An entry as it is written: numbers not yet understood, texts not yet checked.
#[derive(Default)]
struct RawEntry<'a> {
    secret: &'a [u8],
    name: &'a [u8],
    issuer: &'a [u8],
    algorithm: u64,
    digits: u64,
    kind: u64,
    counter: u64,
}

fn parse_entry(index: usize, message: &[u8]) -> Result<MigrationEntry, Malformed> {
    let mut raw = RawEntry::default();
    for field in Fields::of(message) {
        let (number, value) = field?;
        match number {
            1 => raw.secret = value.bytes()?,
            2 => raw.name = value.bytes()?,
            3 => raw.issuer = value.bytes()?,
            4 => raw.algorithm = value.varint()?,
            5 => raw.digits = value.varint()?,
            6 => raw.kind = value.varint()?,
            7 => raw.counter = value.varint()?,
            _ => {}
        }
    }
    Ok(match raw.label() {
        Ok(label) => MigrationEntry { index, label, otp: raw.otp() },
        Err(reason) => MigrationEntry { index, label: Label::default(), otp: Err(reason) },
    })
}

impl RawEntry<'_> {
    fn label(&self) -> Result<Label, UnsupportedEntry> {
        let text = |bytes| str::from_utf8(bytes).map_err(|_| UnsupportedEntry::NameNotText);
        let (name, issuer) = (text(self.name)?.trim(), text(self.issuer)?.trim());
        let (issuer, account_name) = if issuer.is_empty() {
            match name.split_once(':') {
                Some((issuer, account)) if !account.starts_with(char::is_whitespace) => (issuer, account),
                _ => ("", name),
            }
        } else {
            let repeated = name.strip_prefix(issuer).and_then(|rest| rest.trim_start().strip_prefix(':'));
            (issuer, repeated.unwrap_or(name))
        };
        Ok(Label::new(Some(issuer), account_name)?)
    }

    fn otp(&self) -> Result<Otp, UnsupportedEntry> {
        let algorithm = match self.algorithm {
            0 | 1 => Algorithm::Sha1,
            2 => Algorithm::Sha256,
            3 => Algorithm::Sha512,
            4 => return Err(UnsupportedEntry::Md5),
            _ => return Err(UnsupportedEntry::UnknownAlgorithm),
        };
        let digits = match self.digits {
            0 | 1 => Digits::DEFAULT,
            2 => Digits::new(8).map_err(|_| UnsupportedEntry::UnknownDigits)?,
            _ => return Err(UnsupportedEntry::UnknownDigits),
        };
        let secret = SharedSecret::from_bytes(self.secret.to_vec())?;
        match self.kind {
            0 | 2 => Ok(Otp::Totp(Totp { secret, algorithm, digits, time_step: TimeStep::DEFAULT })),
            1 if i64::try_from(self.counter).is_err() => Err(UnsupportedEntry::NegativeCounter),
            1 => Ok(Otp::Hotp(Hotp { secret, algorithm, digits, counter: Counter::new(self.counter) })),
            _ => Err(UnsupportedEntry::UnknownType),
        }
    }
}
