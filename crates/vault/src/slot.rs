//! Slots: each wraps the one content key for one way of opening the vault.

mod password;
mod random_key;

use serde::{Serialize, Serializer};
use warifu_otp::UnixTime;
use zeroize::Zeroizing;

pub(crate) use self::password::PasswordSlot;
pub(crate) use self::random_key::{RandomKeyKind, RandomKeySlot};

use crate::crypto::{self, KEY_LEN, Key, NONCE_LEN, TAG_LEN};
use crate::error::{DamagedPart, ReadError, SealError, UnlockError};
use crate::id::{SlotId, VaultId};
use crate::json::{Malformed, Members, RawJson};

const PASSWORD: &str = "password";
const WRAP_KEY_DOMAIN: &[u8] = b"warifu/1/slot";
const WRAP_DATA_DOMAIN: &[u8] = b"warifu/1/slot-aad";

/// One way of opening a vault. Any slot opens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SlotKind {
    /// By a password.
    Password,
    /// By a recovery key, kept on paper.
    Recovery,
    /// By a key that the operating system's keyring keeps.
    Keyring,
    /// In a way that this version does not know.
    Unknown,
}

/// What a vault says of one of its slots. Public: it stands in the file for all to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotInfo {
    /// Its name within the vault.
    pub id: SlotId,
    /// What opens it.
    pub kind: SlotKind,
    /// When it was made, where that was noted.
    pub created_at: Option<UnixTime>,
}

/// A slot of a vault.
pub(crate) enum Slot {
    Password(PasswordSlot),
    RandomKey(RandomKeySlot),
    /// Of a type this version does not know: kept as it is, for it still wraps the right key.
    Unknown {
        id: SlotId,
        raw: RawJson,
    },
}

impl From<Malformed> for ReadError {
    fn from(_: Malformed) -> Self {
        Self::Damaged { part: DamagedPart::Header }
    }
}

impl Slot {
    /// Checks everything there is to check without a key, the bounds of the KDF among it.
    pub(crate) fn parse(text: &str) -> Result<Self, ReadError> {
        let mut members = Members::parse(text)?;
        let id = SlotId::from_bytes(members.required_hex("id")?);
        let kind = members.required::<String>("type")?;
        if kind == PASSWORD {
            return PasswordSlot::parse(id, members).map(Self::Password);
        }
        match RandomKeyKind::from_name(&kind) {
            Some(kind) => Ok(Self::RandomKey(RandomKeySlot::parse(kind, id, members)?)),
            None => Ok(Self::Unknown { id, raw: RawJson::new(text) }),
        }
    }

    pub(crate) fn info(&self) -> SlotInfo {
        match self {
            Self::Password(slot) => slot.info(),
            Self::RandomKey(slot) => slot.info(),
            Self::Unknown { id, .. } => SlotInfo { id: *id, kind: SlotKind::Unknown, created_at: None },
        }
    }

    pub(crate) fn id(&self) -> SlotId {
        self.info().id
    }

    pub(crate) fn kind(&self) -> SlotKind {
        self.info().kind
    }

    /// When it was made or last wrapped. Of a type this version does not know: before all times.
    pub(crate) fn changed_at(&self) -> UnixTime {
        let noted = match self {
            Self::Password(slot) => slot.changed_at(),
            Self::RandomKey(slot) => slot.changed_at(),
            Self::Unknown { .. } => None,
        };
        noted.unwrap_or(UnixTime::from_secs(i64::MIN))
    }

    /// Notes when that was, where this version knows how to.
    pub(crate) fn set_changed_at(&mut self, at: UnixTime) {
        match self {
            Self::Password(slot) => slot.set_changed_at(at),
            Self::RandomKey(slot) => slot.set_changed_at(at),
            Self::Unknown { .. } => {}
        }
    }

    /// As it stands in a file.
    pub(crate) fn text(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Whether it opens the vault on any machine.
    pub(crate) fn depends_on_no_device(&self) -> bool {
        matches!(self.kind(), SlotKind::Password | SlotKind::Recovery)
    }

    pub(crate) fn as_password(&self) -> Option<&PasswordSlot> {
        match self {
            Self::Password(slot) => Some(slot),
            Self::RandomKey(_) | Self::Unknown { .. } => None,
        }
    }

    /// The slot, if it is opened by a random key of this kind.
    pub(crate) fn as_random_key(&self, kind: RandomKeyKind) -> Option<&RandomKeySlot> {
        match self {
            Self::RandomKey(slot) if slot.kind() == kind => Some(slot),
            _ => None,
        }
    }

    /// The same again, for an undo.
    pub(crate) fn duplicate(&self) -> Self {
        match self {
            Self::Password(slot) => Self::Password(slot.duplicate()),
            Self::RandomKey(slot) => Self::RandomKey(slot.duplicate()),
            Self::Unknown { id, raw } => Self::Unknown { id: *id, raw: raw.duplicate() },
        }
    }
}

impl Serialize for Slot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Password(slot) => slot.serialize(serializer),
            Self::RandomKey(slot) => slot.serialize(serializer),
            Self::Unknown { raw, .. } => raw.serialize(serializer),
        }
    }
}

/// The content key under a key of one slot. Nothing in it is secret without that.
#[derive(Clone, Copy)]
struct Wrapped {
    nonce: [u8; NONCE_LEN],
    key: [u8; KEY_LEN + TAG_LEN],
}

impl Wrapped {
    fn parse(members: &mut Members<'_>) -> Result<Self, Malformed> {
        Ok(Self { nonce: members.required_hex("nonce")?, key: members.required_hex("wrapped_key")? })
    }

    fn seal(wrap_key: &Key, data: &[u8], content_key: &Key) -> Result<Self, SealError> {
        let nonce = crypto::random_bytes()?;
        let mut plaintext = Zeroizing::new(Vec::with_capacity(KEY_LEN + TAG_LEN));
        plaintext.extend_from_slice(content_key.expose_bytes());
        let wrapped = crypto::encrypt(wrap_key, &nonce, data, plaintext)?;
        Ok(Self { nonce, key: wrapped.try_into().map_err(|_| SealError::Internal)? })
    }

    /// The content key, if `wrap_key` and `data` are those it was sealed with.
    fn open(&self, wrap_key: &Key, data: &[u8]) -> Result<Option<Key>, UnlockError> {
        let Some(plaintext) = crypto::decrypt(wrap_key, &self.nonce, data, &self.key) else {
            return Ok(None);
        };
        Key::try_fill(|key| {
            let plaintext: &[u8; KEY_LEN] = plaintext.as_slice().try_into().map_err(|_| UnlockError::Internal)?;
            key.copy_from_slice(plaintext);
            Ok(())
        })
        .map(Some)
    }
}

/// What sets a slot apart from every other of every vault: type (with its length), vault, slot.
fn name(kind: &str, vault_id: VaultId, slot_id: SlotId) -> Vec<u8> {
    let mut name = vec![kind.len() as u8];
    name.extend_from_slice(kind.as_bytes());
    name.extend_from_slice(vault_id.as_bytes());
    name.extend_from_slice(slot_id.as_bytes());
    name
}
