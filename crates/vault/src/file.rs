//! The frame of a vault file: magic, version, header, body, digests. Everything a reader can
//! check without a key is checked here, cheapest first, before anything is derived or decrypted.

use std::ops::Range;

use crate::crypto::{TAG_LEN, sha256};
use crate::error::{DamagedPart, ReadError, SealError};
use crate::header::Header;
use crate::id::FileDigest;

/// As in PNG: a byte above 127, a name, and line ends that a transfer as text would mangle.
pub(crate) const MAGIC: [u8; 8] = *b"\x89WRF\r\n\x1a\n";
pub(crate) const MAJOR: u16 = 1;
pub(crate) const MINOR: u16 = 1;

/// The largest vault file that is read or written: 64 MiB, a hundred times what ten thousand
/// entries take.
pub const MAX_FILE_SIZE: u64 = 64 * 1024 * 1024;

/// The largest header: eight slots take a few KiB.
const MAX_HEADER_LEN: usize = 256 * 1024;

const DIGEST_LEN: usize = 32;
const FIXED_LEN: usize = MAGIC.len() + 2 + 2 + 4;
const BODY_LEN_LEN: usize = 8;
/// No version of the format can be shorter: magic, version and file digest.
const MIN_ANY_VERSION: usize = MAGIC.len() + 4 + DIGEST_LEN;
const MIN_FILE_LEN: usize = FIXED_LEN + DIGEST_LEN + BODY_LEN_LEN + TAG_LEN + DIGEST_LEN;

/// An intact vault file, its header understood, its body still sealed.
pub(crate) struct VaultFile {
    bytes: Vec<u8>,
    pub(crate) minor: u16,
    pub(crate) header: Header,
    preamble_len: usize,
    body: Range<usize>,
    pub(crate) digest: FileDigest,
}

impl VaultFile {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, ReadError> {
        let size = bytes.len() as u64;
        if size > MAX_FILE_SIZE {
            return Err(ReadError::TooLarge { size, limit: MAX_FILE_SIZE });
        }
        if bytes.len() < MIN_ANY_VERSION {
            return Err(damaged(DamagedPart::Length));
        }
        if !bytes.starts_with(&MAGIC) {
            return Err(damaged(DamagedPart::Magic));
        }
        let digest = check_digest(bytes, bytes.len(), DamagedPart::FileDigest)?;

        let mut reader = Reader { bytes, at: MAGIC.len() };
        let major = u16::from_be_bytes(reader.array()?);
        let minor = u16::from_be_bytes(reader.array()?);
        if major > MAJOR {
            return Err(ReadError::TooNew { major, minor });
        }
        if major < MAJOR {
            return Err(damaged(DamagedPart::Version));
        }

        if bytes.len() < MIN_FILE_LEN {
            return Err(damaged(DamagedPart::Length));
        }
        let header_len = u32::from_be_bytes(reader.array()?) as usize;
        if header_len > MAX_HEADER_LEN {
            return Err(damaged(DamagedPart::Length));
        }
        let header = reader.skip(header_len)?;
        let preamble_len = reader.skip(DIGEST_LEN)?.end;
        let body_len = u64::from_be_bytes(reader.array()?);
        let body_len = usize::try_from(body_len).map_err(|_| damaged(DamagedPart::Length))?;
        let body = reader.skip(body_len)?;
        // Exactly one digest is left, not a byte more: nothing hides behind the body.
        if body.len() < TAG_LEN || body.end + DIGEST_LEN != bytes.len() {
            return Err(damaged(DamagedPart::Length));
        }
        check_digest(bytes, preamble_len, DamagedPart::HeaderDigest)?;
        let header = Header::parse(&bytes[header])?;
        Ok(Self { bytes: bytes.to_vec(), minor, header, preamble_len, body, digest })
    }

    /// Every byte before the length of the body.
    pub(crate) fn preamble(&self) -> &[u8] {
        &self.bytes[..self.preamble_len]
    }

    /// Ciphertext and tag.
    pub(crate) fn body(&self) -> &[u8] {
        &self.bytes[self.body.clone()]
    }
}

/// The file's bytes up to and with the header digest: what the body is bound to.
pub(crate) fn write_preamble(minor: u16, header: &[u8]) -> Result<Vec<u8>, SealError> {
    let header_len = match u32::try_from(header.len()) {
        Ok(len) if header.len() <= MAX_HEADER_LEN => len,
        _ => {
            let (size, limit) = (header.len() as u64, MAX_HEADER_LEN as u64);
            return Err(SealError::TooLarge { size, limit });
        }
    };
    let mut bytes = Vec::with_capacity(FIXED_LEN + header.len() + DIGEST_LEN);
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&MAJOR.to_be_bytes());
    bytes.extend_from_slice(&minor.to_be_bytes());
    bytes.extend_from_slice(&header_len.to_be_bytes());
    bytes.extend_from_slice(header);
    let digest = sha256(&bytes);
    bytes.extend_from_slice(&digest);
    Ok(bytes)
}

/// The whole file.
pub(crate) fn write_file(mut preamble: Vec<u8>, body: &[u8]) -> Result<(Vec<u8>, FileDigest), SealError> {
    let size = (preamble.len() + BODY_LEN_LEN + body.len() + DIGEST_LEN) as u64;
    if size > MAX_FILE_SIZE {
        return Err(SealError::TooLarge { size, limit: MAX_FILE_SIZE });
    }
    preamble.reserve_exact(BODY_LEN_LEN + body.len() + DIGEST_LEN);
    preamble.extend_from_slice(&(body.len() as u64).to_be_bytes());
    preamble.extend_from_slice(body);
    let digest = sha256(&preamble);
    preamble.extend_from_slice(&digest);
    Ok((preamble, FileDigest::from_bytes(digest)))
}

const fn damaged(part: DamagedPart) -> ReadError {
    ReadError::Damaged { part }
}

/// Checks the digest that ends at `end` against everything before it.
fn check_digest(bytes: &[u8], end: usize, part: DamagedPart) -> Result<FileDigest, ReadError> {
    let (covered, digest) = bytes[..end].split_last_chunk::<DIGEST_LEN>().ok_or(damaged(DamagedPart::Length))?;
    if sha256(covered) != *digest {
        return Err(damaged(part));
    }
    Ok(FileDigest::from_bytes(*digest))
}

/// Walks the bytes without ever leaving them.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn skip(&mut self, len: usize) -> Result<Range<usize>, ReadError> {
        let end = self.at.checked_add(len).filter(|end| *end <= self.bytes.len());
        let end = end.ok_or(damaged(DamagedPart::Length))?;
        let range = self.at..end;
        self.at = end;
        Ok(range)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ReadError> {
        let range = self.skip(N)?;
        self.bytes[range].try_into().map_err(|_| damaged(DamagedPart::Length))
    }
}
