//! The header: public, authenticated as associated data of the body.

use data_encoding::HEXLOWER;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::crypto::NONCE_LEN;
use crate::error::ReadError;
use crate::id::{FileDigest, VaultId};
use crate::json::{Extra, Malformed, Members};
use crate::slot::Slot;

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
    pub(crate) slots: Vec<Slot>,
    /// A reminder of the password, readable by all.
    pub(crate) hint: Option<String>,
    /// The revision in which slots or hint last changed; 0 where that was not noted. Of two copies of a vault the one
    /// with the larger has the newer slots.
    pub(crate) slots_revision: u64,
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
        let slots_revision = members.optional("slots_revision")?.unwrap_or(0);
        let identity = Identity { vault_id, slots, hint, slots_revision, extra: members.into_extra() };
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
    /// In place of the identity's, which is that of the file before.
    pub(crate) slots_revision: u64,
    pub(crate) save: &'a Save,
}

impl Serialize for HeaderJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (identity, save) = (self.identity, self.save);
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("vault_id", &identity.vault_id.to_string())?;
        map.serialize_entry("revision", &save.revision)?;
        map.serialize_entry("previous", &save.previous.map(|digest| digest.to_string()))?;
        map.serialize_entry("salt", &HEXLOWER.encode(&save.salt))?;
        map.serialize_entry("nonce", &HEXLOWER.encode(&save.nonce))?;
        map.serialize_entry("commitment", &HEXLOWER.encode(&save.commitment))?;
        map.serialize_entry("slots", &identity.slots)?;
        if let Some(hint) = &identity.hint {
            map.serialize_entry("hint", hint)?;
        }
        if self.slots_revision > 0 {
            map.serialize_entry("slots_revision", &self.slots_revision)?;
        }
        identity.extra.write(&mut map)?;
        map.end()
    }
}
