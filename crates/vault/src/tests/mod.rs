//! Tests that need the inside: content keys, the counter of key derivations, repaired digests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod bombs;
mod corruption;
mod kept;
mod merge;
mod swaps;
mod vectors;
mod ways_in;

use serde_json::Value;
use warifu_otp::{Algorithm, Digits, Label, Otp, SharedSecret, TimeStep, Totp, UnixTime};

use crate::crypto::{Key, sha256};
use crate::{Entry, EntryId, KdfParams, KeyringKey, Password, RecoveryKey, UnlockedVault, body, file, fuzzing, kdf};

/// Where the header's JSON begins.
const HEADER_AT: usize = 16;

const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);

fn password() -> Password {
    Password::new("割符 correct horse".to_owned()).unwrap()
}

fn kdf_runs() -> u64 {
    kdf::RUNS.with(std::cell::Cell::get)
}

/// A repeatable source of numbers (xorshift64*); tests need variety, not secrecy.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}

fn entry(number: usize) -> Entry {
    let label = Label { issuer: Some(format!("Site {number}")), account_name: format!("person{number}@example.jp") };
    let otp = Otp::Totp(Totp {
        secret: SharedSecret::from_bytes(vec![number as u8; 20]).unwrap(),
        algorithm: Algorithm::Sha1,
        digits: Digits::DEFAULT,
        time_step: TimeStep::DEFAULT,
    });
    Entry::new(EntryId::generate().unwrap(), label, None, otp, NOW)
}

/// The keys besides the password: of every vault that has them.
fn recovery_key() -> RecoveryKey {
    RecoveryKey::parse("222JA-62S6Q-2N52Q-G42BX-3A7JX-S5AGT-3WA32-5ZRZN").unwrap()
}

fn keyring_key() -> KeyringKey {
    KeyringKey::parse(&"A".repeat(43)).unwrap()
}

/// A vault of slots of all types, with a hint, tombstones and histories, saved once, and its file.
fn full_vault(entries: usize) -> (UnlockedVault, Vec<u8>) {
    let (mut vault, _) = saved_vault(entries);
    vault.set_recovery_key(&recovery_key(), NOW).unwrap();
    vault.add_keyring_key(&keyring_key(), NOW).unwrap();
    vault.set_hint(Some("割符".to_owned()), NOW).unwrap();
    let ids: Vec<_> = vault.entries().map(|entry| entry.id).collect();
    for id in ids.iter().step_by(4) {
        let renamed = Label { issuer: None, account_name: "renamed".to_owned() };
        vault.entry_mut(*id).unwrap().rename(renamed, NOW);
    }
    let last = *ids.last().unwrap();
    vault.remove(last, NOW).unwrap();
    let bytes = save(&mut vault);
    (vault, bytes)
}

/// A vault with so many entries, saved once, and its file.
fn saved_vault(entries: usize) -> (UnlockedVault, Vec<u8>) {
    let mut vault = UnlockedVault::create(&password(), KdfParams::MINIMUM, NOW).unwrap();
    (0..entries).for_each(|number| vault.push(entry(number)));
    let bytes = save(&mut vault);
    (vault, bytes)
}

fn save(vault: &mut UnlockedVault) -> Vec<u8> {
    let sealed = vault.seal().unwrap();
    let bytes = sealed.bytes().to_vec();
    sealed.verify(&bytes, vault).unwrap();
    vault.mark_saved(sealed);
    bytes
}

fn header_len(bytes: &[u8]) -> usize {
    u32::from_be_bytes(bytes[12..16].try_into().unwrap()) as usize
}

/// Where the header digest ends and the length of the body begins.
fn preamble_len(bytes: &[u8]) -> usize {
    HEADER_AT + header_len(bytes) + 32
}

fn header(bytes: &[u8]) -> Value {
    serde_json::from_slice(&bytes[HEADER_AT..HEADER_AT + header_len(bytes)]).unwrap()
}

fn body_of(bytes: &[u8]) -> &[u8] {
    &bytes[preamble_len(bytes) + 8..bytes.len() - 32]
}

/// Writes right digests over whatever stands in the file, as someone without the key could.
fn repair_digests(bytes: &mut [u8], preamble_len: usize) {
    let digest = sha256(&bytes[..preamble_len - 32]);
    bytes[preamble_len - 32..preamble_len].copy_from_slice(&digest);
    let end = bytes.len() - 32;
    let digest = sha256(&bytes[..end]);
    bytes[end..].copy_from_slice(&digest);
}

/// A file of any header and sealed body, its lengths and digests right: what anyone can make.
fn assemble(header: &str, body: &[u8]) -> Vec<u8> {
    assemble_minor(file::MINOR, header, body)
}

fn assemble_minor(minor: u16, header: &str, body: &[u8]) -> Vec<u8> {
    fuzzing::frame(minor, header.as_bytes(), body).unwrap()
}

/// A genuine file of any header and plaintext JSON: what only a holder of the key can make.
fn forge(vault: &UnlockedVault, minor: u16, header: &str, json: &str) -> Vec<u8> {
    fuzzing::forge(vault, minor, header.as_bytes(), json.as_bytes()).unwrap()
}
