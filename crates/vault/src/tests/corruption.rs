//! V1 to V3: what happens to files on disks, sticks and cloud folders.

use super::*;
use crate::{DamagedPart, LockedVault, ReadError};

/// Entries that, with their history, fill a body of 16 KiB; the last of them removed.
const ENTRIES: usize = 36;

/// With slots of all types.
fn vault_of_16_kib() -> (UnlockedVault, Vec<u8>) {
    let (vault, bytes) = full_vault(ENTRIES + 1);
    assert_eq!(body_of(&bytes).len(), 16 * 1024 + 16);
    (vault, bytes)
}

fn is_damaged(bytes: &[u8]) -> bool {
    matches!(LockedVault::read(bytes), Err(ReadError::Damaged { .. }))
}

#[test]
fn v1_every_flipped_bit_is_damage_and_no_key_is_derived() {
    let (_vault, mut bytes) = vault_of_16_kib();
    let before = kdf_runs();
    for bit in 0..bytes.len() * 8 {
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(is_damaged(&bytes), "bit {bit}");
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
    assert_eq!(kdf_runs(), before);
    println!("V1: {} bits flipped, all damaged, 0 key derivations", bytes.len() * 8);

    // The control: the file as it was opens, and the counter does count.
    let locked = LockedVault::read(&bytes).unwrap();
    assert_eq!(locked.unlock_with_password(&password()).unwrap().entries().count(), ENTRIES);
    assert_eq!(kdf_runs(), before + 1);
    // The other ways in need none.
    let by_recovery_key = LockedVault::read(&bytes).unwrap().unlock_with_recovery_key(&recovery_key());
    let by_keyring_key = LockedVault::read(&bytes).unwrap();
    let slot = by_keyring_key.slots()[2].id;
    assert!(by_recovery_key.is_ok() && by_keyring_key.unlock_with_keyring_key(slot, &keyring_key()).is_ok());
    assert_eq!(kdf_runs(), before + 1);
}

#[test]
fn the_header_has_a_digest_of_its_own() {
    let (_vault, mut bytes) = vault_of_16_kib();
    let (preamble, before) = (preamble_len(&bytes), kdf_runs());
    for bit in HEADER_AT * 8..preamble * 8 {
        bytes[bit / 8] ^= 1 << (bit % 8);
        // As someone would who knows of the file's digest only.
        let end = bytes.len() - 32;
        let digest = sha256(&bytes[..end]);
        bytes[end..].copy_from_slice(&digest);
        let expected = Some(ReadError::Damaged { part: DamagedPart::HeaderDigest });
        assert_eq!(LockedVault::read(&bytes).err(), expected, "bit {bit}");
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
    assert_eq!(kdf_runs(), before);
}

#[test]
fn v2_every_bit_flipped_with_digests_repaired_and_the_key_known_is_rejected() {
    let (vault, bytes) = vault_of_16_kib();
    let (preamble, end) = (preamble_len(&bytes), bytes.len() - 32);
    // A flip within a digest would be repaired away; V1 has those.
    let covered = |at: usize| at < preamble - 32 || (preamble..end).contains(&at);
    let mut parts = std::collections::BTreeMap::<String, u32>::new();
    let mut bytes = bytes;
    let opens = |bytes: &[u8]| {
        LockedVault::read(bytes)
            .map_err(|error| format!("{error:?}"))
            .and_then(|locked| locked.open(vault.content_key()).map_err(|e| format!("{e:?}")))
    };
    assert!(opens(&bytes).is_ok(), "the control opens");
    let mut flipped = 0;
    for bit in (0..end * 8).filter(|bit| covered(bit / 8)) {
        bytes[bit / 8] ^= 1 << (bit % 8);
        repair_digests(&mut bytes, preamble);
        match opens(&bytes) {
            Ok(_) => panic!("bit {bit} opened"),
            Err(error) => *parts.entry(cause(&error)).or_default() += 1,
        }
        bytes[bit / 8] ^= 1 << (bit % 8);
        flipped += 1;
    }
    println!("V2: {flipped} bits flipped with digests repaired, none opened: {parts:?}");
}

/// The error without its figures, to count by.
fn cause(error: &str) -> String {
    error.split(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']).next().unwrap().to_owned()
}

#[test]
fn v3_every_truncation_is_damage() {
    let (_vault, bytes) = vault_of_16_kib();
    for length in 0..bytes.len() {
        assert!(is_damaged(&bytes[..length]), "{length}");
        // The same with the file digest made right for what is left.
        if length >= 32 {
            let mut shorter = bytes[..length].to_vec();
            let digest = sha256(&shorter[..length - 32]);
            shorter[length - 32..].copy_from_slice(&digest);
            assert!(is_damaged(&shorter), "{length}, digest repaired");
        }
    }
    println!("V3: {} truncations, each also with its digest repaired", bytes.len());
}

#[test]
fn v3_one_byte_more_or_less_anywhere_is_damage() {
    let (_vault, bytes) = vault_of_16_kib();
    let mut dice = Dice(3);
    for at in 0..=bytes.len() {
        let mut longer = bytes.clone();
        longer.insert(at, dice.next() as u8);
        assert!(is_damaged(&longer), "inserted at {at}");
    }
    for at in 0..bytes.len() {
        let mut shorter = bytes.clone();
        shorter.remove(at);
        assert!(is_damaged(&shorter), "deleted at {at}");
    }
    println!("V3: {} insertions, {} deletions", bytes.len() + 1, bytes.len());
}

#[test]
fn v3_zeroed_and_swapped_sectors_are_damage() {
    let (_vault, bytes) = vault_of_16_kib();
    let (mut zeroed, mut swapped) = (0, 0);
    for sector in [512, 4096] {
        for start in (0..bytes.len()).step_by(sector) {
            let mut holed = bytes.clone();
            holed[start..(start + sector).min(bytes.len())].fill(0);
            assert!(is_damaged(&holed), "sector of {sector} at {start} zeroed");
            zeroed += 1;
        }
        let whole = bytes.len() / sector;
        for (a, b) in (0..whole).flat_map(|a| (a + 1..whole).map(move |b| (a, b))) {
            let mut mixed = bytes.clone();
            let (front, back) = mixed.split_at_mut(b * sector);
            front[a * sector..(a + 1) * sector].swap_with_slice(&mut back[..sector]);
            assert!(is_damaged(&mixed), "sectors {a} and {b} of {sector} swapped");
            swapped += 1;
        }
    }
    println!("V3: {zeroed} sectors zeroed, {swapped} pairs swapped");
}

#[test]
fn v3_ten_thousand_bursts_are_damage() {
    let (_vault, bytes) = vault_of_16_kib();
    let mut dice = Dice(4);
    for burst in 0..10_000 {
        let mut hit = bytes.clone();
        let (start, length) = (dice.below(bytes.len()), 1 + dice.below(64));
        for byte in hit.iter_mut().skip(start).take(length) {
            *byte ^= 1 + dice.below(255) as u8;
        }
        assert!(is_damaged(&hit), "burst {burst} at {start}");
    }
    println!("V3: 10000 bursts");
}

#[test]
fn foreign_files_are_damage() {
    let png = [b"\x89PNG\r\n\x1a\n".as_slice(), &[0; 100]].concat();
    for foreign in [&b""[..], b"{}", &[0; 4096], &[0xff; 4096], &png] {
        assert!(is_damaged(foreign));
    }
    // As a transfer in text mode would leave it.
    let (_vault, bytes) = saved_vault(1);
    let mut as_text = bytes.clone();
    as_text.remove(4);
    let damaged = |part| Some(ReadError::Damaged { part });
    assert_eq!(LockedVault::read(&as_text).err(), damaged(DamagedPart::Magic));
    // Something hidden behind the end, with a digest of its own.
    let mut longer = [&bytes[..bytes.len() - 32], &[7; 10], &[0; 32]].concat();
    repair_digests(&mut longer, preamble_len(&bytes));
    assert_eq!(LockedVault::read(&longer).err(), damaged(DamagedPart::Length));
}

#[test]
fn a_newer_format_is_named_and_not_called_damage() {
    let (_vault, mut bytes) = saved_vault(1);
    bytes[9] = 2;
    assert!(is_damaged(&bytes), "without its digest a version is just a flipped bit");
    let preamble = preamble_len(&bytes);
    repair_digests(&mut bytes, preamble);
    let error = LockedVault::read(&bytes).unwrap_err();
    assert_eq!(error, ReadError::TooNew { major: 2, minor: 1 });

    // Of a later version nothing is sure but its first twelve and its last 32 bytes.
    let mut strange = [&bytes[..12], &[0xaa; 5], &[0; 32]].concat();
    let end = strange.len() - 32;
    let digest = sha256(&strange[..end]);
    strange[end..].copy_from_slice(&digest);
    assert_eq!(LockedVault::read(&strange).unwrap_err(), error);

    bytes[9] = 0;
    repair_digests(&mut bytes, preamble);
    assert!(is_damaged(&bytes), "version 0 was never given out");
}

#[test]
fn too_large_is_said_before_anything_is_read() {
    let size = crate::MAX_FILE_SIZE + 1;
    let error = LockedVault::read(&vec![0; size as usize]).unwrap_err();
    assert_eq!(error, ReadError::TooLarge { size, limit: crate::MAX_FILE_SIZE });
}
