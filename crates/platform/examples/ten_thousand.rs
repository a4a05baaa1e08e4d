//! Figure P1: a vault of ten thousand accounts on a real disk, measured in one run. `cargo xtask bench vault` builds it for
//! release and prints what it says.
//!
//! Times of a shared machine say little by themselves; each stands beside something done in the same run: one key
//! derivation of the least cost a new password may have (64 MiB, 3 passes).
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods, missing_docs)]

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use warifu_platform::{
    DesktopCamera, DesktopClipboard, DesktopScreens, DiskPictures, FileSettingsStore, FileVaultStore, OsKeyring,
    SystemClock,
};
use warifu_session::otp::{Algorithm, Digits, Label, Otp, SharedSecret, TimeStep, Totp, UnixTime};
use warifu_session::{Session, ports::Ports};
use warifu_vault::{Entry, EntryId, KdfParams, Password, UnlockedVault};
use zeroize::Zeroizing;

const ACCOUNTS: u32 = 10_000;
const RUNS: usize = 7;
const PASSWORD: &str = "kamome-suido-42";

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.warifu");
    std::fs::write(&path, vault()).unwrap();
    let session = || session(folder.path(), &path);
    let derivation = median(|| time(|| KdfParams::DEFAULT_FLOOR.run_once().unwrap()));
    let open = median(|| {
        let mut session = session();
        time(|| session.unlock(Zeroizing::new(PASSWORD.to_owned())).unwrap())
    });
    let mut session = session();
    session.unlock(Zeroizing::new(PASSWORD.to_owned())).unwrap();
    let mut unlocked = session.unlocked().unwrap();
    let id = unlocked.entries("")[5_000].id;
    let mut number = 0;
    let save = median(|| {
        number += 1;
        time(|| unlocked.rename(id, "Site", &number.to_string()).unwrap())
    });
    let now = UnixTime::from_secs(1_700_000_000);
    let codes = median(|| time(|| assert_eq!(unlocked.codes_at(now).len(), ACCOUNTS as usize)));

    println!("{ACCOUNTS} accounts, {} bytes; medians of {RUNS}", std::fs::metadata(&path).unwrap().len());
    row("one key derivation (64 MiB, 3 passes)", derivation, None, derivation);
    row("open, without its key derivation", open.saturating_sub(derivation), Some(150), derivation);
    row("save, with backup", save, Some(200), derivation);
    row("all codes", codes, Some(50), derivation);
}

fn row(what: &str, took: Duration, aim: Option<u32>, derivation: Duration) {
    let aim = aim.map(|aim| format!("aim {aim} ms")).unwrap_or_default();
    let ratio = took.as_secs_f64() / derivation.as_secs_f64();
    println!("{what:40} {:8.1} ms {ratio:6.2} x a derivation   {aim}", took.as_secs_f64() * 1000.0);
}

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(mut run: impl FnMut() -> Duration) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS).map(|_| run()).collect();
    times.sort();
    times[RUNS / 2]
}

fn session(folder: &Path, vault: &Path) -> Session {
    Session::new(Ports {
        clock: Arc::new(SystemClock),
        vault: Box::new(FileVaultStore::new(vault.to_owned())),
        settings: Box::new(FileSettingsStore::new(folder.join("settings.json"))),
        memory: Box::new(FileSettingsStore::new(folder.join("memory.json"))),
        keys: Arc::new(OsKeyring::default()),
        clipboard: Arc::new(DesktopClipboard::default()),
        screen: Arc::new(DesktopScreens),
        pictures: Arc::new(DiskPictures),
        camera: Arc::new(DesktopCamera),
    })
}

/// The file of a vault with ten thousand accounts.
fn vault() -> Vec<u8> {
    let now = UnixTime::from_secs(1_700_000_000);
    let password = Password::new(PASSWORD.to_owned()).unwrap();
    let mut vault = UnlockedVault::create(&password, KdfParams::DEFAULT_FLOOR, now).unwrap();
    for number in 0..ACCOUNTS {
        let mut secret = [7; 20];
        secret[..4].copy_from_slice(&number.to_be_bytes());
        let otp = Otp::Totp(Totp {
            secret: SharedSecret::from_bytes(Zeroizing::new(secret.to_vec())).unwrap(),
            algorithm: Algorithm::Sha1,
            digits: Digits::new(6).unwrap(),
            time_step: TimeStep::from_secs(30).unwrap(),
        });
        let label =
            Label { issuer: Some(format!("Site {number}")), account_name: format!("hanako{number}@example.jp") };
        vault.push(Entry::new(EntryId::generate().unwrap(), label, None, otp, now));
    }
    vault.seal().unwrap().bytes().to_vec()
}
