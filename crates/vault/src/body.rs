//! The body: keys of one save, commitment, padding.

use zeroize::Zeroizing;

use crate::crypto::{self, Key, NONCE_LEN, PrimitiveFailed, TAG_LEN};
use crate::error::{DamagedPart, SealError, TamperedPart, UnlockError};
use crate::file::VaultFile;
use crate::header::{COMMITMENT_LEN, SALT_LEN};
use crate::id::VaultId;
use crate::json::SecretWriter;

const BODY_DOMAIN: &[u8] = b"warifu/1/body";
const COMMITMENT_DOMAIN: &[u8] = b"warifu/1/commitment";

/// Bytes before the JSON that say how long it is.
pub(crate) const LENGTH_LEN: usize = 4;
const SMALLEST_BUCKET: usize = 4 * 1024;
const LARGEST_DOUBLING: usize = 1024 * 1024;

/// The key that encrypts one save and no other, for its salt is fresh.
fn body_key(content_key: &Key, vault_id: VaultId, salt: &[u8; SALT_LEN]) -> Result<Key, PrimitiveFailed> {
    crypto::hkdf(salt, content_key, &[BODY_DOMAIN, vault_id.as_bytes()])
}

/// What ties a save to one content key: AES-GCM alone lets a crafted ciphertext open under two.
pub(crate) fn commitment(
    content_key: &Key,
    vault_id: VaultId,
    salt: &[u8; SALT_LEN],
) -> Result<[u8; COMMITMENT_LEN], PrimitiveFailed> {
    let key = crypto::hkdf(salt, content_key, &[COMMITMENT_DOMAIN, vault_id.as_bytes()])?;
    Ok(*key.expose_bytes())
}

/// Decrypts a file's body to its JSON.
pub(crate) fn open(file: &VaultFile, content_key: &Key) -> Result<Zeroizing<Vec<u8>>, UnlockError> {
    let (vault_id, save) = (file.header.identity.vault_id, &file.header.save);
    if !crypto::is_same(&commitment(content_key, vault_id, &save.salt)?, &save.commitment) {
        return Err(UnlockError::Tampered { part: TamperedPart::Commitment });
    }
    let key = body_key(content_key, vault_id, &save.salt)?;
    let plaintext = crypto::decrypt(&key, &save.nonce, file.preamble(), file.body())
        .ok_or(UnlockError::Tampered { part: TamperedPart::Body })?;
    unpad(plaintext).ok_or(UnlockError::Damaged { part: DamagedPart::Padding })
}

/// Encrypts a padded plaintext (from [`pad`]).
pub(crate) fn seal(
    content_key: &Key,
    vault_id: VaultId,
    salt: &[u8; SALT_LEN],
    nonce: &[u8; NONCE_LEN],
    preamble: &[u8],
    padded: Zeroizing<Vec<u8>>,
) -> Result<Vec<u8>, SealError> {
    let key = body_key(content_key, vault_id, salt)?;
    Ok(crypto::encrypt(&key, nonce, preamble, padded)?)
}

/// Completes a plaintext whose first [`LENGTH_LEN`] bytes are still free: length in front, zeros
/// up to the bucket behind.
pub(crate) fn pad(mut plaintext: SecretWriter) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let used = plaintext.len();
    let padded = bucket(used);
    plaintext.reserve_exact(padded - used + TAG_LEN);
    let mut bytes = plaintext.into_bytes();
    let length = u32::try_from(used - LENGTH_LEN)
        .map_err(|_| SealError::TooLarge { size: used as u64, limit: crate::MAX_FILE_SIZE })?;
    bytes[..LENGTH_LEN].copy_from_slice(&length.to_be_bytes());
    bytes.resize(padded, 0);
    Ok(bytes)
}

/// The JSON within a padded plaintext, or nothing if length, zeros or bucket are not as [`pad`]
/// makes them.
fn unpad(mut plaintext: Zeroizing<Vec<u8>>) -> Option<Zeroizing<Vec<u8>>> {
    let length = u32::from_be_bytes(*plaintext.first_chunk::<LENGTH_LEN>()?);
    let used = LENGTH_LEN.checked_add(usize::try_from(length).ok()?)?;
    let padding = plaintext.get(used..)?;
    if padding.iter().any(|byte| *byte != 0) || plaintext.len() != bucket(used) {
        return None;
    }
    plaintext.copy_within(LENGTH_LEN..used, 0);
    plaintext.truncate(used - LENGTH_LEN);
    Some(plaintext)
}

/// The padded size for `used` bytes: 4 KiB, doubled up to 1 MiB, whole MiB beyond. The size of a
/// file then tells the number of entries to within a factor of two.
fn bucket(used: usize) -> usize {
    if used <= LARGEST_DOUBLING {
        used.next_power_of_two().max(SMALLEST_BUCKET)
    } else {
        used.next_multiple_of(LARGEST_DOUBLING)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn padded(json: &[u8]) -> Vec<u8> {
        let mut writer = SecretWriter::with_capacity(0);
        writer.push(&[0; LENGTH_LEN]);
        writer.push(json);
        pad(writer).unwrap().to_vec()
    }

    #[test]
    fn sizes_fall_into_buckets() {
        const KIB: usize = 1024;
        for (used, expected) in [
            (4, 4 * KIB),
            (4 * KIB, 4 * KIB),
            (4 * KIB + 1, 8 * KIB),
            (8 * KIB + 1, 16 * KIB),
            (1024 * KIB, 1024 * KIB),
            (1024 * KIB + 1, 2048 * KIB),
            (2048 * KIB + 1, 3072 * KIB),
        ] {
            assert_eq!(bucket(used), expected, "{used}");
        }
    }

    #[test]
    fn what_is_padded_comes_back() {
        for length in [0, 1, 4091, 4092, 4093, 9000] {
            let json = vec![b'x'; length];
            let bytes = padded(&json);
            assert_eq!(*unpad(Zeroizing::new(bytes)).unwrap(), json, "{length}");
        }
    }

    #[test]
    fn padding_that_is_not_as_written_is_refused() {
        let good = padded(b"{}");
        let refused = |bytes: Vec<u8>| unpad(Zeroizing::new(bytes)).is_none();
        assert!(!refused(good.clone()));
        for at in [LENGTH_LEN + 2, 100, 4095] {
            let mut bytes = good.clone();
            bytes[at] = 1;
            assert!(refused(bytes), "{at}");
        }
        // The right zeros in the wrong number, an impossible length, nothing at all.
        assert!(refused([good.clone(), vec![0; 4096]].concat()));
        assert!(refused(good[..2048].to_vec()));
        assert!(refused([&[0xff; 4], &good[4..]].concat()));
        assert!(refused(vec![]));
        assert!(refused(vec![0; 3]));
    }
}
