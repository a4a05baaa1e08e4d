use data_encoding::HEXLOWER;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use warifu_otp::UnixTime;

use super::{SlotInfo, SlotKind, WRAP_DATA_DOMAIN, WRAP_KEY_DOMAIN, Wrapped, name};
use crate::crypto::{self, Key, PrimitiveFailed};
use crate::error::{SealError, UnlockError};
use crate::id::{SlotId, VaultId};
use crate::json::{Extra, Malformed, Members};

/// As for passwords; it makes keys of equal bytes in two slots different ones.
const SALT_LEN: usize = 16;

/// Where a random key that opens a slot is kept. Each is a slot type of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RandomKeyKind {
    /// By a person, as text.
    Recovery,
    /// By the operating system.
    Keyring,
}

impl RandomKeyKind {
    pub(super) fn from_name(name: &str) -> Option<Self> {
        [Self::Recovery, Self::Keyring].into_iter().find(|kind| kind.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Recovery => "recovery",
            Self::Keyring => "keyring",
        }
    }

    fn slot_kind(self) -> SlotKind {
        match self {
            Self::Recovery => SlotKind::Recovery,
            Self::Keyring => SlotKind::Keyring,
        }
    }
}

/// The content key, wrapped under a key derived from a random one. That has all its bits already, so no slow derivation
/// is needed.
pub(crate) struct RandomKeySlot {
    kind: RandomKeyKind,
    id: SlotId,
    created_at: Option<UnixTime>,
    /// When it was last wrapped, where that is not when it was made.
    changed_at: Option<UnixTime>,
    salt: [u8; SALT_LEN],
    wrapped: Wrapped,
    extra: Extra,
}

impl RandomKeySlot {
    pub(super) fn parse(kind: RandomKeyKind, id: SlotId, mut members: Members<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            kind,
            id,
            created_at: members.optional("created_at")?.map(UnixTime::from_secs),
            changed_at: members.optional("changed_at")?.map(UnixTime::from_secs),
            salt: members.required_hex("salt")?,
            wrapped: Wrapped::parse(&mut members)?,
            extra: members.into_extra(),
        })
    }

    pub(super) fn info(&self) -> SlotInfo {
        SlotInfo { id: self.id, kind: self.kind.slot_kind(), created_at: self.created_at }
    }

    pub(super) fn changed_at(&self) -> Option<UnixTime> {
        self.changed_at.or(self.created_at)
    }

    pub(super) fn set_changed_at(&mut self, at: UnixTime) {
        self.changed_at = (self.created_at != Some(at)).then_some(at);
    }

    pub(crate) fn id(&self) -> SlotId {
        self.id
    }

    pub(crate) fn kind(&self) -> RandomKeyKind {
        self.kind
    }

    /// Wraps `content_key` in a new slot that opens with the bytes of `key`.
    pub(crate) fn create(
        kind: RandomKeyKind,
        vault_id: VaultId,
        key: &[u8],
        content_key: &Key,
        now: UnixTime,
    ) -> Result<Self, SealError> {
        let (id, salt) = (SlotId::generate()?, crypto::random_bytes()?);
        let name = name(kind.name(), vault_id, id);
        let wrapped = Wrapped::seal(&wrap_key(&name, key, &salt)?, &wrap_data(&name, &salt), content_key)?;
        Ok(Self { kind, id, created_at: Some(now), changed_at: None, salt, wrapped, extra: Extra::default() })
    }

    /// The content key, if these are the bytes of the slot's key.
    pub(crate) fn unwrap_key(&self, vault_id: VaultId, key: &[u8]) -> Result<Option<Key>, UnlockError> {
        let name = name(self.kind.name(), vault_id, self.id);
        self.wrapped.open(&wrap_key(&name, key, &self.salt)?, &wrap_data(&name, &self.salt))
    }

    pub(super) fn duplicate(&self) -> Self {
        Self { extra: self.extra.duplicate(), ..*self }
    }
}

fn wrap_key(name: &[u8], key: &[u8], salt: &[u8; SALT_LEN]) -> Result<Key, PrimitiveFailed> {
    crypto::hkdf_bytes(salt, key, &[WRAP_KEY_DOMAIN, name])
}

fn wrap_data(name: &[u8], salt: &[u8; SALT_LEN]) -> Vec<u8> {
    [WRAP_DATA_DOMAIN, name, salt].concat()
}

impl Serialize for RandomKeySlot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.id.to_string())?;
        map.serialize_entry("type", self.kind.name())?;
        if let Some(created_at) = self.created_at {
            map.serialize_entry("created_at", &created_at.as_secs())?;
        }
        if let Some(changed_at) = self.changed_at {
            map.serialize_entry("changed_at", &changed_at.as_secs())?;
        }
        map.serialize_entry("salt", &HEXLOWER.encode(&self.salt))?;
        map.serialize_entry("nonce", &HEXLOWER.encode(&self.wrapped.nonce))?;
        map.serialize_entry("wrapped_key", &HEXLOWER.encode(&self.wrapped.key))?;
        self.extra.write(&mut map)?;
        map.end()
    }
}
