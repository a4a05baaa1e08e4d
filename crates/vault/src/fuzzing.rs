//! A door for fuzzers and tests alone: genuine files around any header and any contents, which only a holder of the key
//! can make. Without it nothing they make up would get past the digests and the authentication. Not part of the API.

use crate::file::{self, VaultFile};
use crate::json::SecretWriter;
use crate::unlocked::UnlockedVault;
use crate::{ReadError, SealError, body};

/// Why there is no file.
#[derive(Debug)]
pub enum Unforged {
    /// The header is not one.
    Header(ReadError),
    /// Header or contents are too large.
    Seal(SealError),
}

/// A file of any header, whose `salt` and `nonce` are used as they stand, and any JSON, sealed under the key of
/// `vault`.
///
/// # Errors
/// When the header cannot be read, or something is too large.
pub fn forge(vault: &UnlockedVault, minor: u16, header: &[u8], json: &[u8]) -> Result<Vec<u8>, Unforged> {
    let unsealed = frame(minor, header, &[0; 16]).map_err(Unforged::Seal)?;
    let read = VaultFile::parse(&unsealed).map_err(Unforged::Header)?.header;
    let mut plaintext = SecretWriter::with_capacity(0);
    plaintext.push(&[0; body::LENGTH_LEN]);
    plaintext.push(json);
    let seal = || {
        let preamble = file::write_preamble(minor, header)?;
        let (padded, save) = (body::pad(plaintext)?, &read.save);
        let key = vault.content_key();
        let body = body::seal(key, read.identity.vault_id, &save.salt, &save.nonce, &preamble, padded)?;
        Ok(file::write_file(preamble, &body)?.0)
    };
    seal().map_err(Unforged::Seal)
}

/// A file of any header and sealed body, its lengths and digests right: what anyone can make.
///
/// # Errors
/// When either is too large.
pub fn frame(minor: u16, header: &[u8], body: &[u8]) -> Result<Vec<u8>, SealError> {
    Ok(file::write_file(file::write_preamble(minor, header)?, body)?.0)
}
