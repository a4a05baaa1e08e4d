//! Slots: each wraps the one content key for one way of opening the vault.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

use data_encoding::HEXLOWER;

use crate::crypto::{self, KEY_LEN, Key, NONCE_LEN, TAG_LEN};
use crate::error::{DamagedPart, ReadError, SealError, UnlockError};
use crate::id::{SlotId, VaultId};
use crate::json::{Extra, Malformed, Members, RawJson};
use crate::kdf::{self, DeriveError, KdfParams, SALT_LEN};
use crate::password::Password;

const PASSWORD: &str = "password";
const WRAP_KEY_DOMAIN: &[u8] = b"warifu/1/slot";
const WRAP_DATA_DOMAIN: &[u8] = b"warifu/1/slot-aad";

/// A slot of a vault.
pub(crate) enum Slot {
    Password(PasswordSlot),
    /// Of a type this version does not know: kept as it is, for it still wraps the right key.
    Unknown {
        id: SlotId,
        raw: RawJson,
    },
}

/// The content key, wrapped under a key derived from a password.
pub(crate) struct PasswordSlot {
    id: SlotId,
    params: KdfParams,
    salt: [u8; SALT_LEN],
    nonce: [u8; NONCE_LEN],
    wrapped_key: [u8; KEY_LEN + TAG_LEN],
    extra: Extra,
    kdf_extra: Extra,
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
        if members.required::<String>("type")? != PASSWORD {
            return Ok(Self::Unknown { id, raw: RawJson::new(text) });
        }
        let mut kdf = members.required_object("kdf")?;
        // The type of a slot names its whole recipe; another algorithm would be another type.
        if kdf.required::<&str>("algorithm")? != kdf::ALGORITHM || kdf.required::<u32>("version")? != kdf::VERSION {
            return Err(Malformed.into());
        }
        let params = KdfParams::new(kdf.required("memory_kib")?, kdf.required("time_cost")?, kdf.required("lanes")?)?;
        Ok(Self::Password(PasswordSlot {
            id,
            params,
            salt: kdf.required_hex("salt")?,
            kdf_extra: kdf.into_extra(),
            nonce: members.required_hex("nonce")?,
            wrapped_key: members.required_hex("wrapped_key")?,
            extra: members.into_extra(),
        }))
    }

    pub(crate) fn id(&self) -> SlotId {
        match self {
            Self::Password(slot) => slot.id,
            Self::Unknown { id, .. } => *id,
        }
    }

    pub(crate) fn as_password(&self) -> Option<&PasswordSlot> {
        match self {
            Self::Password(slot) => Some(slot),
            Self::Unknown { .. } => None,
        }
    }
}

/// What one wrapping of the content key consists of: nothing in it is secret without the password.
#[derive(Clone, Copy)]
pub(crate) struct Wrapping {
    params: KdfParams,
    salt: [u8; SALT_LEN],
    nonce: [u8; NONCE_LEN],
    wrapped_key: [u8; KEY_LEN + TAG_LEN],
}

impl PasswordSlot {
    /// The wrapping as it is.
    pub(crate) fn wrapping(&self) -> Wrapping {
        let Self { params, salt, nonce, wrapped_key, .. } = *self;
        Wrapping { params, salt, nonce, wrapped_key }
    }

    /// Takes a wrapping of before back, bit for bit.
    pub(crate) fn put_back(&mut self, before: Wrapping) {
        (self.params, self.salt) = (before.params, before.salt);
        (self.nonce, self.wrapped_key) = (before.nonce, before.wrapped_key);
    }

    /// The cost of its key derivation.
    pub(crate) fn params(&self) -> KdfParams {
        self.params
    }

    /// Wraps `content_key` in a new slot.
    pub(crate) fn create(
        vault_id: VaultId,
        password: &Password,
        params: KdfParams,
        content_key: &Key,
    ) -> Result<Self, SealError> {
        let mut slot = Self {
            id: SlotId::generate()?,
            params,
            salt: [0; SALT_LEN],
            nonce: [0; NONCE_LEN],
            wrapped_key: [0; KEY_LEN + TAG_LEN],
            extra: Extra::default(),
            kdf_extra: Extra::default(),
        };
        slot.rewrap(vault_id, password, params, content_key)?;
        Ok(slot)
    }

    /// Wraps `content_key` under a password anew, with fresh salt and nonce. On an error the slot
    /// is as it was.
    pub(crate) fn rewrap(
        &mut self,
        vault_id: VaultId,
        password: &Password,
        params: KdfParams,
        content_key: &Key,
    ) -> Result<(), SealError> {
        let salt = crypto::random_bytes()?;
        let nonce = crypto::random_bytes()?;
        let wrap_key = self.wrap_key(vault_id, password, params, &salt)?;
        let mut plaintext = Zeroizing::new(Vec::with_capacity(KEY_LEN + TAG_LEN));
        plaintext.extend_from_slice(content_key.expose_bytes());
        let data = self.wrap_data(vault_id, params, &salt);
        let wrapped = crypto::encrypt(&wrap_key, &nonce, &data, plaintext)?;
        self.wrapped_key = wrapped.try_into().map_err(|_| SealError::Internal)?;
        (self.params, self.salt, self.nonce) = (params, salt, nonce);
        Ok(())
    }

    /// The content key, if this is the slot's password.
    pub(crate) fn unwrap_key(&self, vault_id: VaultId, password: &Password) -> Result<Option<Key>, UnlockError> {
        let wrap_key = self.wrap_key(vault_id, password, self.params, &self.salt)?;
        let data = self.wrap_data(vault_id, self.params, &self.salt);
        let Some(plaintext) = crypto::decrypt(&wrap_key, &self.nonce, &data, &self.wrapped_key) else {
            return Ok(None);
        };
        Key::try_fill(|key| {
            let plaintext: &[u8; KEY_LEN] = plaintext.as_slice().try_into().map_err(|_| UnlockError::Internal)?;
            key.copy_from_slice(plaintext);
            Ok(())
        })
        .map(Some)
    }

    /// What sets this slot apart from every other of every vault: type (with its length), vault, slot.
    fn name(&self, vault_id: VaultId) -> Vec<u8> {
        let mut name = vec![PASSWORD.len() as u8];
        name.extend_from_slice(PASSWORD.as_bytes());
        name.extend_from_slice(vault_id.as_bytes());
        name.extend_from_slice(self.id.as_bytes());
        name
    }

    fn wrap_key(
        &self,
        vault_id: VaultId,
        password: &Password,
        params: KdfParams,
        salt: &[u8; SALT_LEN],
    ) -> Result<Key, DeriveError> {
        let password_key = kdf::derive_key(password, params, salt)?;
        Ok(crypto::hkdf_expand(&password_key, &[WRAP_KEY_DOMAIN, &self.name(vault_id)])?)
    }

    fn wrap_data(&self, vault_id: VaultId, params: KdfParams, salt: &[u8; SALT_LEN]) -> Vec<u8> {
        let mut data = WRAP_DATA_DOMAIN.to_vec();
        data.extend_from_slice(&self.name(vault_id));
        data.push(kdf::ALGORITHM.len() as u8);
        data.extend_from_slice(kdf::ALGORITHM.as_bytes());
        for number in [kdf::VERSION, params.memory_kib(), params.time_cost(), params.lanes()] {
            data.extend_from_slice(&number.to_be_bytes());
        }
        data.extend_from_slice(salt);
        data
    }
}

impl Serialize for Slot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Password(slot) => slot.serialize(serializer),
            Self::Unknown { raw, .. } => raw.serialize(serializer),
        }
    }
}

impl Serialize for PasswordSlot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.id.to_string())?;
        map.serialize_entry("type", PASSWORD)?;
        map.serialize_entry("kdf", &KdfJson(self))?;
        map.serialize_entry("nonce", &HEXLOWER.encode(&self.nonce))?;
        map.serialize_entry("wrapped_key", &HEXLOWER.encode(&self.wrapped_key))?;
        self.extra.write(&mut map)?;
        map.end()
    }
}

struct KdfJson<'a>(&'a PasswordSlot);

impl Serialize for KdfJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("algorithm", kdf::ALGORITHM)?;
        map.serialize_entry("version", &kdf::VERSION)?;
        map.serialize_entry("memory_kib", &self.0.params.memory_kib())?;
        map.serialize_entry("time_cost", &self.0.params.time_cost())?;
        map.serialize_entry("lanes", &self.0.params.lanes())?;
        map.serialize_entry("salt", &HEXLOWER.encode(&self.0.salt))?;
        self.0.kdf_extra.write(&mut map)?;
        map.end()
    }
}
