//! The header: public, authenticated as associated data of the body.

use data_encoding::HEXLOWER;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use warifu_otp::UnixTime;

use crate::crypto::NONCE_LEN;
use crate::error::ReadError;
use crate::id::{FileDigest, VaultId};
use crate::json::{Extra, Malformed, Members};
use crate::slot::Slot;
use crate::tombstone::Tombstones;
use crate::ways_in::WaysIn;

/// Length of the salt from which a save's body key is derived.
pub(crate) const SALT_LEN: usize = 32;
pub(crate) const COMMITMENT_LEN: usize = 32;

/// The most slots a vault may have. Each password slot costs a key derivation per attempt.
pub const MAX_SLOTS: usize = 8;

/// The most characters (Unicode scalar values) a hint may have.
pub const MAX_HINT_CHARS: usize = 200;

/// What stays the same from save to save, unless someone edits the slots.
pub(crate) struct Identity {
    pub(crate) vault_id: VaultId,
    pub(crate) ways_in: WaysIn,
    pub(crate) extra: Extra,
}

/// What is new in each save.
pub(crate) struct Save {
    /// 1 in the first file, one more in each later one.
    pub(crate) revision: u64,
    /// The file this one replaced.
    pub(crate) previous: Option<FileDigest>,
    pub(crate) salt: [u8; SALT_LEN],
    pub(crate) nonce: [u8; NONCE_LEN],
    pub(crate) commitment: [u8; COMMITMENT_LEN],
}

pub(crate) struct Header {
    pub(crate) identity: Identity,
    pub(crate) save: Save,
}

impl Header {
    pub(crate) fn parse(json: &[u8]) -> Result<Self, ReadError> {
        let text = std::str::from_utf8(json).map_err(|_| Malformed)?;
        let mut members = Members::parse(text)?;
        let vault_id = VaultId::from_bytes(members.required_hex("vault_id")?);
        let revision = members.required("revision")?;
        if revision == 0 {
            return Err(Malformed.into());
        }
        let save = Save {
            revision,
            previous: members.required_hex_or_null("previous")?.map(FileDigest::from_bytes),
            salt: members.required_hex("salt")?,
            nonce: members.required_hex("nonce")?,
            commitment: members.required_hex("commitment")?,
        };
        let slots = parse_slots(&members.required_array("slots")?)?;
        let hint = members.optional::<String>("hint")?;
        if hint.as_ref().is_some_and(|hint| hint.chars().count() > MAX_HINT_CHARS) {
            return Err(Malformed.into());
        }
        let hint_changed_at = members.optional("hint_changed_at")?.map(UnixTime::from_secs);
        let removed = Tombstones::parse(&members.optional_array("removed_slots")?);
        let ways_in = WaysIn { slots, removed, hint, hint_changed_at };
        let identity = Identity { vault_id, ways_in, extra: members.into_extra() };
        Ok(Self { identity, save })
    }
}

fn parse_slots(texts: &[&str]) -> Result<Vec<Slot>, ReadError> {
    if texts.is_empty() || texts.len() > MAX_SLOTS {
        return Err(Malformed.into());
    }
    let mut slots: Vec<Slot> = Vec::with_capacity(texts.len());
    for text in texts {
        let slot = Slot::parse(text)?;
        if slots.iter().any(|other| other.id() == slot.id()) {
            return Err(Malformed.into());
        }
        slots.push(slot);
    }
    Ok(slots)
}

/// The header's JSON.
pub(crate) struct HeaderJson<'a> {
    pub(crate) identity: &'a Identity,
    pub(crate) save: &'a Save,
}

impl Serialize for HeaderJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (identity, save) = (self.identity, self.save);
        let ways_in = &identity.ways_in;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("vault_id", &identity.vault_id.to_string())?;
        map.serialize_entry("revision", &save.revision)?;
        map.serialize_entry("previous", &save.previous.map(|digest| digest.to_string()))?;
        map.serialize_entry("salt", &HEXLOWER.encode(&save.salt))?;
        map.serialize_entry("nonce", &HEXLOWER.encode(&save.nonce))?;
        map.serialize_entry("commitment", &HEXLOWER.encode(&save.commitment))?;
        map.serialize_entry("slots", &ways_in.slots)?;
        if let Some(hint) = &ways_in.hint {
            map.serialize_entry("hint", hint)?;
        }
        if let Some(changed_at) = ways_in.hint_changed_at {
            map.serialize_entry("hint_changed_at", &changed_at.as_secs())?;
        }
        if !ways_in.removed.is_empty() {
            map.serialize_entry("removed_slots", &ways_in.removed)?;
        }
        identity.extra.write(&mut map)?;
        map.end()
    }
}
