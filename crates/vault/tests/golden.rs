//! Vaults written by every version of the format that ever shipped, opened for ever.
//!
//! tests/fixtures/vaults/v1/NAME.warifu, with NAME.json beside it: password, identity and the entries to be found.
//! Never change or remove one; `examples/make_golden.rs` only adds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use std::path::{Path, PathBuf};

use data_encoding::BASE32_NOPAD;
use serde_json::{Value, json};
use warifu_otp::{Otp, UnixTime};
use warifu_vault::{Entry, LockedVault, Password, UnlockedVault};

fn vaults() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/vaults/v1");
    let files = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path());
    let mut vaults: Vec<_> = files.filter(|path| path.extension().is_some_and(|e| e == "warifu")).collect();
    vaults.sort();
    assert!(!vaults.is_empty(), "golden vaults are gone from {}", folder.display());
    vaults
}

fn facts(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path.with_extension("json")).unwrap()).unwrap()
}

fn open(path: &Path) -> UnlockedVault {
    let locked = LockedVault::read(&std::fs::read(path).unwrap()).unwrap();
    let password = facts(path)["password"].as_str().unwrap().to_owned();
    locked.unlock_with_password(&Password::new(password).unwrap()).unwrap()
}

/// An entry as the format has it, made from its parts and not by the crate's own writer.
fn describe(entry: &Entry) -> Value {
    let mut value = json!({
        "id": entry.id.to_string(), "issuer": entry.label.issuer,
        "account_name": entry.label.account_name, "issuer_in_label": entry.issuer_in_label,
        "secret": BASE32_NOPAD.encode(&entry.otp.secret().expose_bytes()),
        "created_at": entry.created_at.as_secs(), "modified_at": entry.modified_at.as_secs(),
        "deleted_at": entry.deleted_at.map(UnixTime::as_secs),
    });
    let own = match &entry.otp {
        Otp::Totp(totp) => json!({
            "type": "totp", "algorithm": totp.algorithm.name(), "digits": totp.digits.get(),
            "period": totp.time_step.as_secs(),
        }),
        Otp::Hotp(hotp) => json!({
            "type": "hotp", "algorithm": hotp.algorithm.name(), "digits": hotp.digits.get(),
            "counter": hotp.counter.get(),
        }),
        Otp::Steam(_) => json!({"type": "steam"}),
    };
    value.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
    value
}

#[test]
fn golden_vaults_open_to_what_they_were_made_with() {
    let vaults = vaults();
    for path in &vaults {
        let (vault, facts) = (open(path), facts(path));
        let entries: Vec<_> = vault.entries().map(describe).collect();
        assert_eq!(Value::from(entries), facts["entries"], "{}", path.display());
        assert_eq!(vault.unreadable_count(), 0);
        assert_eq!(vault.vault_id().to_string(), facts["vault_id"]);
        assert_eq!(vault.revision(), facts["revision"]);
        assert_eq!(vault.file_digest().unwrap().to_string(), facts["file_digest"]);
    }
    println!("{} golden vaults", vaults.len());
}

#[test]
fn golden_vaults_survive_a_save_by_this_version() {
    for path in vaults() {
        let mut vault = open(&path);
        let sealed = vault.seal().unwrap();
        sealed.verify(sealed.bytes(), &vault).unwrap();
        let locked = LockedVault::read(sealed.bytes()).unwrap();
        assert_eq!(locked.previous(), vault.file_digest());
        assert_eq!(locked.revision(), vault.revision() + 1);
        vault.mark_saved(sealed);
        let entries: Vec<_> = vault.entries().map(describe).collect();
        assert_eq!(Value::from(entries), facts(&path)["entries"], "{}", path.display());
    }
}
