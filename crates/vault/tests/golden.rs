//! Vaults written by every version of the format that ever shipped, opened for ever.
//!
//! tests/fixtures/vaults/v1/NAME.warifu, with NAME.json beside it: password and other keys, identity and the entries to
//! be found. Never change or remove one; `examples/make_golden.rs` only adds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use std::path::{Path, PathBuf};

use data_encoding::BASE32_NOPAD;
use serde_json::{Value, json};
use warifu_otp::{Label, Otp, UnixTime};
use warifu_vault::{EarlierVersion, Entry, KeyringKey, LockedVault, MergeReport, Password, RecoveryKey, UnlockedVault};

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

/// An entry as the format has it, made from its parts and not by the crate's own writer. (When each field changed is
/// not told by the crate; docs/decrypt.py compares that.)
fn describe(entry: &Entry) -> Value {
    let mut value = version(&entry.label, entry.issuer_in_label.as_deref(), &entry.otp);
    value["id"] = entry.id.to_string().into();
    value["created_at"] = entry.created_at.as_secs().into();
    value["modified_at"] = entry.modified_at.as_secs().into();
    value["deleted_at"] = entry.deleted_at.map(UnixTime::as_secs).into();
    if !entry.history().is_empty() {
        value["history"] = entry.history().iter().map(earlier).collect();
    }
    if let Some(id) = entry.conflict_of() {
        value["conflict_of"] = id.to_string().into();
    }
    value
}

fn earlier(earlier: &EarlierVersion) -> Value {
    let mut value = version(&earlier.label, earlier.issuer_in_label.as_deref(), &earlier.otp);
    value["until"] = earlier.until.as_secs().into();
    value
}

fn version(label: &Label, issuer_in_label: Option<&str>, otp: &Otp) -> Value {
    let mut value = json!({
        "issuer": label.issuer, "account_name": label.account_name, "issuer_in_label": issuer_in_label,
        "secret": BASE32_NOPAD.encode(&otp.secret().expose_bytes()),
    });
    let own = match otp {
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

/// The entries that are to be found.
fn expected(facts: &Value) -> Value {
    let mut entries = facts["entries"].clone();
    for entry in entries.as_array_mut().unwrap() {
        entry.as_object_mut().unwrap().remove("changed_at");
    }
    entries
}

/// Opens a vault in every way its facts know.
fn every_way(path: &Path) -> Vec<UnlockedVault> {
    let facts = facts(path);
    let read = || LockedVault::read(&std::fs::read(path).unwrap()).unwrap();
    let mut vaults = vec![open(path)];
    if let Some(text) = facts["recovery_key"].as_str() {
        vaults.push(read().unlock_with_recovery_key(&RecoveryKey::parse(text).unwrap()).unwrap());
    }
    if let Some(text) = facts["keyring_key"].as_str() {
        let slot = facts["keyring_slot"].as_str().unwrap().parse().unwrap();
        vaults.push(read().unlock_with_keyring_key(slot, &KeyringKey::parse(text).unwrap()).unwrap());
    }
    vaults
}

#[test]
fn golden_vaults_open_to_what_they_were_made_with() {
    let (vaults, mut opened) = (vaults(), 0);
    for path in &vaults {
        let facts = facts(path);
        for vault in every_way(path) {
            let entries: Vec<_> = vault.entries().map(describe).collect();
            assert_eq!(Value::from(entries), expected(&facts), "{}", path.display());
            assert_eq!(vault.unreadable_count(), 0);
            assert_eq!(vault.vault_id().to_string(), facts["vault_id"]);
            assert_eq!(vault.revision(), facts["revision"]);
            assert_eq!(vault.file_digest().unwrap().to_string(), facts["file_digest"]);
            assert_eq!(vault.hint(), facts["hint"].as_str());
            if let Some(slots) = facts["slots"].as_array() {
                let found = vault
                    .slots()
                    .into_iter()
                    .map(|slot| json!([format!("{:?}", slot.kind).to_lowercase(), slot.created_at.unwrap().as_secs()]));
                assert_eq!(&found.collect::<Vec<_>>(), slots);
            }
            opened += 1;
        }
    }
    println!("{} golden vaults, opened in {opened} ways", vaults.len());
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
        assert_eq!(Value::from(entries), expected(&facts(&path)), "{}", path.display());
    }
}

#[test]
fn golden_copies_merge_to_the_golden_conflict() {
    let named =
        |name: &str| vaults().into_iter().find(|path| path.file_stem().is_some_and(|stem| stem == name)).unwrap();
    let (ours, theirs) = (named("conflict_ours"), named("conflict_theirs"));
    for (a, b) in [(&ours, &theirs), (&theirs, &ours)] {
        let mut vault = open(a);
        let report = vault.merge(open(b)).unwrap();
        assert_eq!(report.conflicts.len(), 1);
        let entries: Vec<_> = vault.entries().map(describe).collect();
        assert_eq!(Value::from(entries), expected(&facts(&named("conflict"))));
    }
}

#[test]
fn a_golden_removal_is_remembered() {
    let path = vaults().into_iter().find(|path| !facts(path)["removed"].is_null()).unwrap();
    let (mut vault, removed) = (open(&path), facts(&path)["removed"].as_str().unwrap().to_owned());
    // A copy that still has the entry does not bring it back.
    let mut copy = open(&path);
    let otp = copy.entries().next().unwrap().otp.duplicate();
    let added_at = UnixTime::from_secs(1_700_000_000);
    copy.push(Entry::new(removed.parse().unwrap(), Label::default(), None, otp, added_at));
    assert_eq!(vault.merge(copy).unwrap(), MergeReport::default());
}
