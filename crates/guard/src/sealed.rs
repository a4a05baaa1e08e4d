//! Bytes that lie in memory encrypted.

use std::{
    fmt,
    ops::Deref,
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

use chacha20::{
    ChaCha20,
    cipher::{KeyIvInit, StreamCipher},
};
use zeroize::Zeroizing;

use crate::LockedKey;

/// Bytes encrypted under a random key of this process (ChaCha20, RFC 8439), a nonce of its own for each. No `Clone`, a redacted
/// `Debug`.
///
/// There is no tag: whoever may write to our memory has no need to guess what the cipher makes of it.
pub struct SealedBytes {
    nonce: u64,
    sealed: Vec<u8>,
}

impl SealedBytes {
    /// Encrypts the bytes where they lie, so that no copy is left.
    #[must_use]
    pub fn seal(bytes: impl Into<Zeroizing<Vec<u8>>>) -> Self {
        // Enough for 500 years of a seal each nanosecond.
        static NONCES: AtomicU64 = AtomicU64::new(0);
        let mut bytes = bytes.into();
        let nonce = NONCES.fetch_add(1, Ordering::Relaxed);
        apply_keystream(nonce, &mut bytes);
        Self { nonce, sealed: std::mem::take(&mut *bytes) }
    }

    /// Decrypts them into a buffer that is wiped when it is dropped. Keep it no longer than it takes.
    #[must_use]
    pub fn open(&self) -> Opened {
        let mut bytes = Zeroizing::new(self.sealed.clone());
        apply_keystream(self.nonce, &mut bytes);
        Opened(bytes)
    }

    /// How many bytes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sealed.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sealed.is_empty()
    }
}

impl fmt::Debug for SealedBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedBytes(…)")
    }
}

/// Secret bytes in use. Wiped when dropped; no `Clone`, a redacted `Debug`.
pub struct Opened(Zeroizing<Vec<u8>>);

impl Deref for Opened {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opened(…)")
    }
}

fn apply_keystream(nonce: u64, bytes: &mut [u8]) {
    static KEY: LazyLock<LockedKey> = LazyLock::new(|| {
        let key = LockedKey::try_fill(|key| {
            // A system without randomness cannot make a vault either. What was scanned there is at least not found by a plain search.
            let _ = getrandom::fill(key);
            Ok::<_, std::convert::Infallible>(())
        });
        match key {
            Ok(key) => key,
            Err(never) => match never {},
        }
    });
    let mut long = [0; 12];
    long[..8].copy_from_slice(&nonce.to_le_bytes());
    // 256 GiB of keystream to each nonce: never exhausted.
    ChaCha20::new(KEY.expose_bytes().into(), &long.into()).apply_keystream(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    fn seal() -> SealedBytes {
        SealedBytes::seal(SECRET.to_vec())
    }

    #[test]
    fn what_was_sealed_opens_again_and_again() {
        let sealed = seal();
        for _ in 0..2 {
            assert_eq!(*sealed.open(), *SECRET);
        }
        assert_eq!(sealed.len(), SECRET.len());
        assert!(SealedBytes::seal(Vec::new()).is_empty());
    }

    #[test]
    fn the_same_bytes_never_look_the_same() {
        let (one, other) = (seal(), seal());
        assert_ne!(one.sealed, other.sealed);
        assert_ne!(one.sealed, SECRET);
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?} {:?}", seal(), seal().open()), "SealedBytes(…) Opened(…)");
    }
}
