use data_encoding::HEXLOWER;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use warifu_otp::UnixTime;

use super::{PASSWORD, SlotInfo, SlotKind, WRAP_DATA_DOMAIN, WRAP_KEY_DOMAIN, Wrapped, name};
use crate::crypto::{self, Key};
use crate::error::{ReadError, SealError, UnlockError};
use crate::id::{SlotId, VaultId};
use crate::json::{Extra, Malformed, Members};
use crate::kdf::{self, DeriveError, KdfParams, SALT_LEN};
use crate::password::Password;

/// The content key, wrapped under a key derived from a password.
pub(crate) struct PasswordSlot {
    id: SlotId,
    created_at: Option<UnixTime>,
    /// When it was last wrapped, where that is not when it was made.
    changed_at: Option<UnixTime>,
    params: KdfParams,
    salt: [u8; SALT_LEN],
    wrapped: Wrapped,
    extra: Extra,
    kdf_extra: Extra,
}

impl PasswordSlot {
    pub(super) fn parse(id: SlotId, mut members: Members<'_>) -> Result<Self, ReadError> {
        let mut kdf = members.required_object("kdf")?;
        // The type of a slot names its whole recipe; another algorithm would be another type.
        if kdf.required::<&str>("algorithm")? != kdf::ALGORITHM || kdf.required::<u32>("version")? != kdf::VERSION {
            return Err(Malformed.into());
        }
        let params = KdfParams::new(kdf.required("memory_kib")?, kdf.required("time_cost")?, kdf.required("lanes")?)?;
        Ok(Self {
            id,
            created_at: members.optional("created_at")?.map(UnixTime::from_secs),
            changed_at: members.optional("changed_at")?.map(UnixTime::from_secs),
            params,
            salt: kdf.required_hex("salt")?,
            kdf_extra: kdf.into_extra(),
            wrapped: Wrapped::parse(&mut members)?,
            extra: members.into_extra(),
        })
    }

    pub(super) fn info(&self) -> SlotInfo {
        SlotInfo { id: self.id, kind: SlotKind::Password, created_at: self.created_at }
    }

    pub(super) fn changed_at(&self) -> Option<UnixTime> {
        self.changed_at.or(self.created_at)
    }

    pub(super) fn set_changed_at(&mut self, at: UnixTime) {
        self.changed_at = (self.created_at != Some(at)).then_some(at);
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
        now: UnixTime,
    ) -> Result<Self, SealError> {
        let id = SlotId::generate()?;
        let (salt, wrapped) = wrap(vault_id, id, password, params, content_key)?;
        let (extra, kdf_extra) = Default::default();
        Ok(Self { id, created_at: Some(now), changed_at: None, params, salt, wrapped, extra, kdf_extra })
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
        (self.salt, self.wrapped) = wrap(vault_id, self.id, password, params, content_key)?;
        self.params = params;
        Ok(())
    }

    /// The content key, if this is the slot's password.
    pub(crate) fn unwrap_key(&self, vault_id: VaultId, password: &Password) -> Result<Option<Key>, UnlockError> {
        let name = name(PASSWORD, vault_id, self.id);
        let wrap_key = wrap_key(&name, password, self.params, &self.salt)?;
        self.wrapped.open(&wrap_key, &wrap_data(&name, self.params, &self.salt))
    }

    pub(super) fn duplicate(&self) -> Self {
        Self { extra: self.extra.duplicate(), kdf_extra: self.kdf_extra.duplicate(), ..*self }
    }
}

fn wrap(
    vault_id: VaultId,
    id: SlotId,
    password: &Password,
    params: KdfParams,
    content_key: &Key,
) -> Result<([u8; SALT_LEN], Wrapped), SealError> {
    let salt = crypto::random_bytes()?;
    let name = name(PASSWORD, vault_id, id);
    let wrap_key = wrap_key(&name, password, params, &salt)?;
    Ok((salt, Wrapped::seal(&wrap_key, &wrap_data(&name, params, &salt), content_key)?))
}

fn wrap_key(name: &[u8], password: &Password, params: KdfParams, salt: &[u8; SALT_LEN]) -> Result<Key, DeriveError> {
    let password_key = kdf::derive_key(password, params, salt)?;
    Ok(crypto::hkdf_expand(&password_key, &[WRAP_KEY_DOMAIN, name])?)
}

fn wrap_data(name: &[u8], params: KdfParams, salt: &[u8; SALT_LEN]) -> Vec<u8> {
    let mut data = WRAP_DATA_DOMAIN.to_vec();
    data.extend_from_slice(name);
    data.push(kdf::ALGORITHM.len() as u8);
    data.extend_from_slice(kdf::ALGORITHM.as_bytes());
    for number in [kdf::VERSION, params.memory_kib(), params.time_cost(), params.lanes()] {
        data.extend_from_slice(&number.to_be_bytes());
    }
    data.extend_from_slice(salt);
    data
}

impl Serialize for PasswordSlot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.id.to_string())?;
        map.serialize_entry("type", PASSWORD)?;
        if let Some(created_at) = self.created_at {
            map.serialize_entry("created_at", &created_at.as_secs())?;
        }
        if let Some(changed_at) = self.changed_at {
            map.serialize_entry("changed_at", &changed_at.as_secs())?;
        }
        map.serialize_entry("kdf", &KdfJson(self))?;
        map.serialize_entry("nonce", &HEXLOWER.encode(&self.wrapped.nonce))?;
        map.serialize_entry("wrapped_key", &HEXLOWER.encode(&self.wrapped.key))?;
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
