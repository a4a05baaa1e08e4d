//! K5: what a KDF bomb costs to refuse. In a process of its own, for it reads the process's memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]
#![allow(clippy::disallowed_methods, reason = "the figure is a time")]

use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};
use warifu_otp::UnixTime;
use warifu_vault::{KdfParams, LockedVault, Password, ReadError, UnlockedVault};

const BOMBS: [(&str, u64); 6] = [
    ("memory_kib", 1 << 32), // 4 TiB
    ("memory_kib", u64::MAX),
    ("time_cost", (1 << 32) - 1),
    ("time_cost", u64::MAX),
    ("lanes", 1 << 24),
    ("lanes", u64::MAX),
];

/// A sound file that asks for so much in its only slot.
fn bomb(file: &[u8], parameter: &str, value: u64) -> Vec<u8> {
    let length = u32::from_be_bytes(file[12..16].try_into().unwrap()) as usize;
    let mut header: serde_json::Value = serde_json::from_slice(&file[16..16 + length]).unwrap();
    header["slots"][0]["kdf"][parameter] = value.into();
    let header = header.to_string();
    let mut bytes = [&file[..12], &(header.len() as u32).to_be_bytes(), header.as_bytes()].concat();
    let digest: [u8; 32] = Sha256::digest(&bytes).into();
    bytes.extend_from_slice(&digest);
    bytes.extend_from_slice(&file[16 + length + 32..file.len() - 32]);
    let digest: [u8; 32] = Sha256::digest(&bytes).into();
    bytes.extend_from_slice(&digest);
    bytes
}

#[test]
fn k5_kdf_bombs_are_refused_in_under_10_ms_and_4_mib_before_a_password_is_asked_for() {
    let password = Password::new("bomb".to_owned()).unwrap();
    let vault = UnlockedVault::create(&password, KdfParams::MINIMUM, UnixTime::from_secs(0)).unwrap();
    let file = vault.seal().unwrap().bytes().to_vec();
    let bombs: Vec<_> = BOMBS.iter().map(|(parameter, value)| bomb(&file, parameter, *value)).collect();
    let control = bomb(&file, "lanes", 1);
    assert!(LockedVault::read(&control).unwrap().unlock_with_password(&password).is_err(), "read, but not genuine");

    // The derivation of the control would hide what reading takes.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let before = most_memory_kib();
    let mut slowest = Duration::ZERO;
    for bomb in &bombs {
        let start = Instant::now();
        let error = LockedVault::read(bomb).unwrap_err();
        slowest = slowest.max(start.elapsed());
        assert!(matches!(error, ReadError::KdfOutOfBounds(_)), "{error:?}");
    }
    let grown = most_memory_kib().zip(before).map(|(after, before)| after - before);
    println!("K5: {} bombs refused, the slowest in {slowest:?}, {grown:?} KiB more memory", bombs.len());
    assert!(slowest < Duration::from_millis(10));
    assert!(grown.is_none_or(|kib| kib < 4 * 1024));
}

/// The most memory this process has had at a time; none where the system does not say.
fn most_memory_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}
