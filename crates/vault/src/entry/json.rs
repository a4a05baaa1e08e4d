//! How an entry is written.

use data_encoding::BASE32_NOPAD;
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use warifu_otp::{
    Algorithm, Counter, Digits, Hotp, Label, Otp, OtpKind, SharedSecret, Steam, TimeStep, Totp, UnixTime,
};
use zeroize::Zeroizing;

use super::history::EarlierVersion;
use super::stamps::{Stamps, StampsJson};
use super::{Entry, UnreadableReason};
use crate::id::EntryId;
use crate::json::{Extra, Malformed, Members, RawJson, SecretWriter};

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
    let kind = parse_kind(&mut members)?;
    let (history, unreadable_history) = parse_history(&mut members)?;
    let entry = Entry {
        id: EntryId::from_bytes(members.required_hex("id")?),
        label: take_label(&mut members)?,
        issuer_in_label: members.optional("issuer_in_label")?,
        otp: parse_otp(kind, &mut members)?,
        created_at: UnixTime::from_secs(members.required("created_at")?),
        modified_at: UnixTime::from_secs(members.required("modified_at")?),
        deleted_at: members.optional("deleted_at")?.map(UnixTime::from_secs),
        stamps: members
            .take("changed_at")
            .filter(|text| *text != "null")
            .map_or(Ok(Stamps::default()), Stamps::parse)?,
        history,
        unreadable_history,
        conflict_of: members.optional_hex("conflict_of")?.map(EntryId::from_bytes),
        extra: members.into_extra(),
    };
    refuse_foreign_parameters(&entry.extra)?;
    Ok(entry)
}

fn parse_kind(members: &mut Members<'_>) -> Result<OtpKind, UnreadableReason> {
    match members.required::<String>("type")?.as_str() {
        TOTP => Ok(OtpKind::Totp),
        HOTP => Ok(OtpKind::Hotp),
        STEAM => Ok(OtpKind::Steam),
        _ => Err(UnreadableReason::UnknownType),
    }
}

/// The versions that can be read, and the text of those that cannot: one of them must not cost the entry.
fn parse_history(members: &mut Members<'_>) -> Result<(Vec<EarlierVersion>, Vec<RawJson>), Malformed> {
    let (mut readable, mut unreadable) = (vec![], vec![]);
    for text in members.optional_array("history")? {
        match parse_version(text) {
            Ok(version) => readable.push(version),
            Err(_) => unreadable.push(RawJson::new(text)),
        }
    }
    Ok((readable, unreadable))
}

fn parse_version(text: &str) -> Result<EarlierVersion, UnreadableReason> {
    let mut members = Members::parse(text)?;
    let kind = parse_kind(&mut members)?;
    let version = EarlierVersion {
        until: UnixTime::from_secs(members.required("until")?),
        label: take_label(&mut members)?,
        issuer_in_label: members.optional("issuer_in_label")?,
        otp: parse_otp(kind, &mut members)?,
        extra: members.into_extra(),
    };
    refuse_foreign_parameters(&version.extra)?;
    Ok(version)
}

/// A parameter of another type would come back as a second member of its name, should the entry ever change its type;
/// and today it means that the writer meant something else.
fn refuse_foreign_parameters(extra: &Extra) -> Result<(), Malformed> {
    let foreign = ["algorithm", "digits", "period", "counter"];
    if foreign.iter().any(|name| extra.contains(name)) { Err(Malformed) } else { Ok(()) }
}

/// Issuer and account name of an entry that cannot be used, as far as they can be made out.
pub(crate) fn parse_label(text: &str) -> Option<Label> {
    let mut members = Members::parse(text).ok()?;
    take_label(&mut members).ok()
}

fn take_label(members: &mut Members<'_>) -> Result<Label, Malformed> {
    Ok(Label { issuer: members.optional("issuer")?, account_name: members.required("account_name")? })
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
        let entry = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &entry.id.to_string())?;
        write_version(&mut map, &entry.label, &entry.issuer_in_label, &entry.otp)?;
        map.serialize_entry("created_at", &entry.created_at.as_secs())?;
        map.serialize_entry("modified_at", &entry.modified_at.as_secs())?;
        map.serialize_entry("deleted_at", &entry.deleted_at.map(UnixTime::as_secs))?;
        if entry.stamps.says_more_than(entry.modified_at) {
            map.serialize_entry("changed_at", &StampsJson(&entry.stamps, entry.modified_at))?;
        }
        if !entry.history.is_empty() || !entry.unreadable_history.is_empty() {
            map.serialize_entry("history", &HistoryJson(entry))?;
        }
        if let Some(id) = entry.conflict_of {
            map.serialize_entry("conflict_of", &id.to_string())?;
        }
        entry.extra.write(&mut map)?;
        map.end()
    }
}

struct HistoryJson<'a>(&'a Entry);

impl Serialize for HistoryJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Entry { history, unreadable_history, .. } = self.0;
        let mut sequence = serializer.serialize_seq(Some(history.len() + unreadable_history.len()))?;
        history.iter().try_for_each(|version| sequence.serialize_element(&VersionJson(version)))?;
        unreadable_history.iter().try_for_each(|raw| sequence.serialize_element(raw))?;
        sequence.end()
    }
}

struct VersionJson<'a>(&'a EarlierVersion);

impl Serialize for VersionJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let version = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("until", &version.until.as_secs())?;
        write_version(&mut map, &version.label, &version.issuer_in_label, &version.otp)?;
        version.extra.write(&mut map)?;
        map.end()
    }
}

fn write_version<M: SerializeMap>(
    map: &mut M,
    label: &Label,
    issuer_in_label: &Option<String>,
    otp: &Otp,
) -> Result<(), M::Error> {
    map.serialize_entry("issuer", &label.issuer)?;
    map.serialize_entry("account_name", &label.account_name)?;
    map.serialize_entry("issuer_in_label", issuer_in_label)?;
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
            map.serialize_entry("period", &totp.time_step.as_secs())
        }
        Otp::Hotp(hotp) => {
            map.serialize_entry("algorithm", hotp.algorithm.name())?;
            map.serialize_entry("digits", &hotp.digits.get())?;
            map.serialize_entry("counter", &hotp.counter.get())
        }
        // Steam's parameters are part of its type.
        Otp::Steam(_) => Ok(()),
    }
}

/// An entry's JSON, to compare by.
pub(crate) fn to_text(entry: &Entry) -> Zeroizing<Vec<u8>> {
    text_of(&EntryJson(entry))
}

/// The JSON of an earlier version, to compare by.
#[cfg(test)]
pub(crate) fn version_to_text(version: &EarlierVersion) -> Zeroizing<Vec<u8>> {
    text_of(&VersionJson(version))
}

fn text_of(value: &impl Serialize) -> Zeroizing<Vec<u8>> {
    let mut writer = SecretWriter::with_capacity(1024);
    // Writing to memory what is sound JSON does not fail.
    let _ = serde_json::to_writer(&mut writer, value);
    writer.into_bytes()
}
