//! The primitives, each behind one function with our own types: randomness, SHA-256, HKDF, AES-GCM.

use aes_gcm::aead::AeadInOut;
use aes_gcm::{Aes256Gcm, KeyInit};
use hkdf::Hkdf;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use warifu_guard::LockedKey;
use zeroize::Zeroizing;

use crate::error::{NoRandomness, SealError, UnlockError};

pub(crate) const NONCE_LEN: usize = 12;
pub(crate) const TAG_LEN: usize = 16;
pub(crate) const KEY_LEN: usize = warifu_guard::KEY_LEN;

/// A 256-bit key, in a locked page: moving it moves a pointer and leaves no copy behind.
pub(crate) struct Key(LockedKey);

/// A primitive refused its input, which its callers make impossible; an error all the same.
#[derive(Debug)]
pub(crate) struct PrimitiveFailed;

impl From<PrimitiveFailed> for SealError {
    fn from(_: PrimitiveFailed) -> Self {
        Self::Internal
    }
}

impl From<PrimitiveFailed> for UnlockError {
    fn from(_: PrimitiveFailed) -> Self {
        Self::Internal
    }
}

impl Key {
    /// Fills a key in place.
    pub(crate) fn try_fill<E>(fill: impl FnOnce(&mut [u8; KEY_LEN]) -> Result<(), E>) -> Result<Self, E> {
        LockedKey::try_fill(fill).map(Self)
    }

    pub(crate) fn generate() -> Result<Self, NoRandomness> {
        Self::try_fill(|bytes| fill_random(bytes))
    }

    pub(crate) fn expose_bytes(&self) -> &[u8; KEY_LEN] {
        self.0.expose_bytes()
    }

    /// A second copy, wiped on its own.
    pub(crate) fn duplicate(&self) -> Self {
        let Ok(key) = Self::try_fill(|bytes| {
            bytes.copy_from_slice(self.expose_bytes());
            Ok::<_, std::convert::Infallible>(())
        });
        key
    }

    pub(crate) fn is_same(&self, other: &Self) -> bool {
        is_same(self.expose_bytes(), other.expose_bytes())
    }
}

/// Equality in constant time.
pub(crate) fn is_same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

pub(crate) fn random_bytes<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    fill_random(&mut bytes)?;
    Ok(bytes)
}

pub(crate) fn fill_random(bytes: &mut [u8]) -> Result<(), NoRandomness> {
    getrandom::fill(bytes).map_err(|_| NoRandomness)
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// HKDF-SHA256 (RFC 5869), extract and expand; `info` is the concatenation of its parts.
pub(crate) fn hkdf(salt: &[u8], ikm: &Key, info: &[&[u8]]) -> Result<Key, PrimitiveFailed> {
    hkdf_bytes(salt, ikm.expose_bytes(), info)
}

/// The same for input of any length.
pub(crate) fn hkdf_bytes(salt: &[u8], ikm: &[u8], info: &[&[u8]]) -> Result<Key, PrimitiveFailed> {
    let hkdf = Hkdf::<Sha256>::new(Some(salt), ikm);
    Key::try_fill(|out| hkdf.expand_multi_info(info, out)).map_err(|_| PrimitiveFailed)
}

/// HKDF-SHA256's expand step alone, for input that is a uniform key already.
pub(crate) fn hkdf_expand(prk: &Key, info: &[&[u8]]) -> Result<Key, PrimitiveFailed> {
    let hkdf = Hkdf::<Sha256>::from_prk(prk.expose_bytes()).map_err(|_| PrimitiveFailed)?;
    Key::try_fill(|out| hkdf.expand_multi_info(info, out)).map_err(|_| PrimitiveFailed)
}

/// AES-256-GCM (NIST SP 800-38D). Turns the plaintext into ciphertext and tag where it lies, so
/// that nothing of it is left; give the buffer [`TAG_LEN`] bytes of spare capacity.
pub(crate) fn encrypt(
    key: &Key,
    nonce: &[u8; NONCE_LEN],
    associated_data: &[u8],
    mut plaintext: Zeroizing<Vec<u8>>,
) -> Result<Vec<u8>, PrimitiveFailed> {
    debug_assert!(plaintext.capacity() >= plaintext.len() + TAG_LEN);
    cipher(key).encrypt_in_place(&(*nonce).into(), associated_data, &mut *plaintext).map_err(|_| PrimitiveFailed)?;
    Ok(std::mem::take(&mut *plaintext))
}

/// The plaintext, or nothing when the tag is not that of this key, nonce, data and ciphertext.
pub(crate) fn decrypt(
    key: &Key,
    nonce: &[u8; NONCE_LEN],
    associated_data: &[u8],
    ciphertext: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let mut buffer = Zeroizing::new(ciphertext.to_vec());
    cipher(key).decrypt_in_place(&(*nonce).into(), associated_data, &mut *buffer).ok()?;
    Some(buffer)
}

fn cipher(key: &Key) -> Aes256Gcm {
    Aes256Gcm::new(key.expose_bytes().into())
}
