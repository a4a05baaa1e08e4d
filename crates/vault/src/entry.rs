//! An entry, and how it is written.

use std::fmt;

use data_encoding::BASE32_NOPAD;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use warifu_otp::{
    Algorithm, Counter, Digits, Hotp, Label, Otp, OtpKind, SharedSecret, Steam, TimeStep, Totp, UnixTime,
};
use zeroize::Zeroizing;

use crate::id::EntryId;
use crate::json::{Extra, Malformed, Members};

/// One account's second factor.
///
/// What a later version wrote beside these fields is kept and written back.
pub struct Entry {
    /// Its name within the vault; unique, and fixed for its life.
    pub id: EntryId,
    /// Whose account it is for, as shown.
    pub label: Label,
    /// The issuer that stood in the label of the key URI, where it disagreed with the parameter.
    pub issuer_in_label: Option<String>,
    /// What makes its codes.
    pub otp: Otp,
    /// When it was added.
    pub created_at: UnixTime,
    /// When any of its fields last changed; the caller sets it.
    pub modified_at: UnixTime,
    /// When it went to the trash; nothing while it is in use.
    pub deleted_at: Option<UnixTime>,
    extra: Extra,
}

impl Entry {
    /// A new entry, created and modified `now`.
    pub fn new(id: EntryId, label: Label, issuer_in_label: Option<String>, otp: Otp, now: UnixTime) -> Self {
        Self {
            id,
            label,
            issuer_in_label,
            otp,
            created_at: now,
            modified_at: now,
            deleted_at: None,
            extra: Extra::default(),
        }
    }

    /// Whether it is in the trash.
    pub fn is_deleted(&self) -> bool {
        self.deleted_at.is_some()
    }
}

/// Neither secret nor name: an entry may end up in a log by way of its id only.
impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Why an entry of the file cannot be used. It is kept to the letter and written back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UnreadableReason {
    /// Its type is one this version does not know: most likely a later version's.
    UnknownType,
    /// Its type is known, but something in it is missing, superfluous or out of range.
    Malformed,
    /// An entry before it has the same id.
    DuplicateId,
}

impl From<Malformed> for UnreadableReason {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

const TOTP: &str = "totp";
const HOTP: &str = "hotp";
const STEAM: &str = "steam";

pub(crate) fn parse(text: &str) -> Result<Entry, UnreadableReason> {
    let mut members = Members::parse(text)?;
    let kind = match members.required::<String>("type")?.as_str() {
        TOTP => OtpKind::Totp,
        HOTP => OtpKind::Hotp,
        STEAM => OtpKind::Steam,
        _ => return Err(UnreadableReason::UnknownType),
    };
    let entry = Entry {
        id: EntryId::from_bytes(members.required_hex("id")?),
        label: Label { issuer: members.optional("issuer")?, account_name: members.required("account_name")? },
        issuer_in_label: members.optional("issuer_in_label")?,
        otp: parse_otp(kind, &mut members)?,
        created_at: UnixTime::from_secs(members.required("created_at")?),
        modified_at: UnixTime::from_secs(members.required("modified_at")?),
        deleted_at: members.optional("deleted_at")?.map(UnixTime::from_secs),
        extra: members.into_extra(),
    };
    // A parameter of another type would come back as a second member of its name, should the
    // entry ever change its type; and today it means that the writer meant something else.
    let foreign = ["algorithm", "digits", "period", "counter"];
    if foreign.iter().any(|name| entry.extra.contains(name)) {
        return Err(UnreadableReason::Malformed);
    }
    Ok(entry)
}

/// Issuer and account name of an entry that cannot be used, as far as they can be made out.
pub(crate) fn parse_label(text: &str) -> Option<Label> {
    let mut members = Members::parse(text).ok()?;
    let issuer = members.optional("issuer").ok()?;
    Some(Label { issuer, account_name: members.required("account_name").ok()? })
}

fn parse_otp(kind: OtpKind, members: &mut Members<'_>) -> Result<Otp, Malformed> {
    // Borrowed, so that no decoder's scratch space holds it: a secret written with escapes is
    // refused, and Base32 needs none.
    let secret = parse_secret(members.required::<&str>("secret")?)?;
    Ok(match kind {
        OtpKind::Totp => Otp::Totp(Totp {
            secret,
            algorithm: parse_algorithm(members)?,
            digits: parse_digits(members)?,
            time_step: TimeStep::from_secs(members.required("period")?).map_err(|_| Malformed)?,
        }),
        OtpKind::Hotp => Otp::Hotp(Hotp {
            secret,
            algorithm: parse_algorithm(members)?,
            digits: parse_digits(members)?,
            counter: Counter::new(members.required("counter")?),
        }),
        OtpKind::Steam => Otp::Steam(Steam { secret }),
    })
}

/// One spelling only: upper case, unpadded, no left-over bits.
fn parse_secret(text: &str) -> Result<SharedSecret, Malformed> {
    let bytes = Zeroizing::new(BASE32_NOPAD.decode(text.as_bytes()).map_err(|_| Malformed)?);
    SharedSecret::from_bytes(bytes).map_err(|_| Malformed)
}

fn parse_algorithm(members: &mut Members<'_>) -> Result<Algorithm, Malformed> {
    let name = members.required::<&str>("algorithm")?;
    [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512]
        .into_iter()
        .find(|algorithm| algorithm.name() == name)
        .ok_or(Malformed)
}

fn parse_digits(members: &mut Members<'_>) -> Result<Digits, Malformed> {
    Digits::new(members.required("digits")?).map_err(|_| Malformed)
}

/// The one place where an entry's secret goes into the plaintext of a body. Not on [`Entry`]
/// itself, which no one else is to serialise.
pub(crate) struct EntryJson<'a>(pub(crate) &'a Entry);

impl Serialize for EntryJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (entry, otp) = (self.0, &self.0.otp);
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &entry.id.to_string())?;
        map.serialize_entry("issuer", &entry.label.issuer)?;
        map.serialize_entry("account_name", &entry.label.account_name)?;
        map.serialize_entry("issuer_in_label", &entry.issuer_in_label)?;
        let name = match otp.kind() {
            OtpKind::Totp => TOTP,
            OtpKind::Hotp => HOTP,
            OtpKind::Steam => STEAM,
        };
        map.serialize_entry("type", name)?;
        map.serialize_entry("secret", otp.secret().reveal_base32().as_str())?;
        match otp {
            Otp::Totp(totp) => {
                map.serialize_entry("algorithm", totp.algorithm.name())?;
                map.serialize_entry("digits", &totp.digits.get())?;
                map.serialize_entry("period", &totp.time_step.as_secs())?;
            }
            Otp::Hotp(hotp) => {
                map.serialize_entry("algorithm", hotp.algorithm.name())?;
                map.serialize_entry("digits", &hotp.digits.get())?;
                map.serialize_entry("counter", &hotp.counter.get())?;
            }
            // Steam's parameters are part of its type.
            Otp::Steam(_) => {}
        }
        map.serialize_entry("created_at", &entry.created_at.as_secs())?;
        map.serialize_entry("modified_at", &entry.modified_at.as_secs())?;
        map.serialize_entry("deleted_at", &entry.deleted_at.map(UnixTime::as_secs))?;
        entry.extra.write(&mut map)?;
        map.end()
    }
}
