//! Makes the golden vaults of the current format: `cargo run -p warifu-vault --example make_golden -- FOLDER`.
//!
//! Golden vaults are only ever added (house rule: formats are for ever), so a file that is there already is left alone
//! and named. Beside each vault lies a JSON file with its password, its other keys and the entries a reader must find.
#![allow(clippy::print_stdout, clippy::disallowed_methods)]

use std::error::Error;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};
use warifu_otp::{Algorithm, Counter, Digits, Hotp, Label, Otp, SharedSecret, Steam, TimeStep, Totp, UnixTime};
use warifu_vault::{Entry, EntryId, KdfParams, KeyringKey, LockedVault, Password, RecoveryKey, UnlockedVault};

type Anything<T> = Result<T, Box<dyn Error>>;

const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);

/// An entry beside what a reader must make of it.
type Golden = (Entry, Value);

fn main() -> Anything<()> {
    let folder = std::env::args().nth(1).ok_or("usage: make_golden FOLDER")?;
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    let (low, floor) = (KdfParams::MINIMUM, KdfParams::DEFAULT_FLOOR);
    make(folder, "empty", "empty", low, 1, vec![])?;
    make(folder, "one_of_each", "correct horse battery staple", floor, 1, one_of_each()?)?;
    make(folder, "japanese_password", "ガラスの割符１２", low, 3, one_of_each()?)?;
    make(folder, "many_lanes", "lanes", KdfParams::new(20_000, 2, 4)?, 2, one_of_each()?)?;
    let many: Anything<Vec<Golden>> = (0..100).map(numbered).collect();
    make(folder, "hundred_entries", "hundred", low, 1, many?)?;
    make(folder, "password_changed", "the second", low, 2, one_of_each()?)?;
    // Format 1.1.
    make_all_slots(folder)?;
    make_histories(folder)?;
    make_conflict(folder)
}

/// Every way in, a hint, and a tombstone.
fn make_all_slots(folder: &Path) -> Anything<()> {
    let mut vault = new_vault("every way in", KdfParams::MINIMUM)?;
    let (recovery_key, keyring_key) = (RecoveryKey::generate()?, KeyringKey::generate()?);
    vault.set_recovery_key(&recovery_key, NOW)?;
    let slot = vault.add_keyring_key(&keyring_key, later(60))?;
    vault.set_hint(Some("どの鍵でも \"any\"".to_owned()), NOW)?;
    let mut expected = fill(&mut vault, one_of_each()?);
    let removed = vault.entries().next().map(|entry| entry.id).ok_or("no entry")?;
    vault.remove(removed, later(120));
    expected.remove(0);
    let facts = json!({
        "recovery_key": recovery_key.reveal_text().as_str(), "keyring_key": keyring_key.reveal_text().as_str(),
        "keyring_slot": slot.to_string(), "hint": "どの鍵でも \"any\"",
        "slots": [["password", NOW.as_secs()], ["recovery", NOW.as_secs()], ["keyring", later(60).as_secs()]],
        "removed": removed.to_string(),
    });
    write(folder, "all_slots", "every way in", vault, 2, expected, facts)
}

/// Entries that were renamed, got other keys and went to the trash and back.
fn make_histories(folder: &Path) -> Anything<()> {
    let mut vault = new_vault("before and after", KdfParams::MINIMUM)?;
    let mut expected = vec![];
    for (mut entry, mut value) in one_of_each()? {
        let mut before = value.clone();
        for name in ["id", "created_at", "modified_at", "deleted_at"] {
            before.as_object_mut().into_iter().for_each(|before| drop(before.remove(name)));
        }
        let renamed = Label { issuer: entry.label.issuer.clone(), account_name: "renamed".to_owned() };
        entry.rename(renamed, later(10));
        before["until"] = later(10).as_secs().into();
        let mut second = before.clone();
        second["account_name"] = "renamed".into();
        second["until"] = later(20).as_secs().into();
        entry.replace_otp(Otp::Steam(Steam { secret: SharedSecret::from_bytes(b"abc".to_vec())? }), None, later(20));
        for name in ["algorithm", "digits", "period", "counter"] {
            value.as_object_mut().into_iter().for_each(|value| drop(value.remove(name)));
        }
        value["type"] = "steam".into();
        value["secret"] = "MFRGG".into();
        value["issuer_in_label"] = Value::Null;
        value["account_name"] = "renamed".into();
        value["modified_at"] = later(20).as_secs().into();
        let (first, tenth) = (NOW.as_secs(), later(10).as_secs());
        value["changed_at"] = json!({"issuer": first, "account_name": tenth, "deleted": first});
        value["history"] = json!([second, before]);
        vault.push(entry);
        expected.push(value);
    }
    write(folder, "histories", "before and after", vault, 1, expected, json!({}))
}

/// Two copies that each gave one account a key of its own, and what a merge makes of them.
fn make_conflict(folder: &Path) -> Anything<()> {
    let mut ours = new_vault("two copies", KdfParams::MINIMUM)?;
    let id = EntryId::generate()?;
    let key =
        |byte: u8| Ok::<_, Box<dyn Error>>(Otp::Steam(Steam { secret: SharedSecret::from_bytes(vec![byte; 10])? }));
    let label = Label { issuer: Some("Site".to_owned()), account_name: "花子".to_owned() };
    ours.push(Entry::new(id, label, None, key(1)?, NOW));
    let first = ours.seal()?;
    ours.mark_saved(first);
    let file = ours.seal()?;
    let copy = |vault: &UnlockedVault| -> Anything<UnlockedVault> {
        Ok(LockedVault::read(file.bytes())?.open_like(vault).map_err(|(_, error)| error)?)
    };
    let (mut theirs, mut merged, mut other) = (copy(&ours)?, copy(&ours)?, copy(&ours)?);
    for (vault, byte, at) in [(&mut ours, 2, 10), (&mut merged, 2, 10), (&mut theirs, 3, 20), (&mut other, 3, 20)] {
        vault.entry_mut(id).ok_or("no entry")?.replace_otp(key(byte)?, None, later(at));
    }
    merged.merge(other)?;
    // The one thing here that only a merge can tell; docs/vault-format.md says how it comes about.
    let half = merged.entries().find_map(|entry| entry.conflict_of().and(Some(entry.id))).ok_or("no conflict")?;

    let secret = |byte: u8| data_encoding::BASE32_NOPAD.encode(&[byte; 10]);
    let version = |byte: u8| {
        json!({
            "issuer": "Site", "account_name": "花子", "issuer_in_label": null, "type": "steam", "secret": secret(byte),
        })
    };
    let with = |mut value: Value, more: Value| {
        for (name, more) in more.as_object().into_iter().flatten() {
            value[name] = more.clone();
        }
        value
    };
    let now = NOW.as_secs();
    let entry = |byte: u8, at: i64| {
        let (at, first) = (later(at).as_secs(), with(version(1), json!({"until": later(at).as_secs()})));
        let times = json!({"issuer": now, "account_name": now, "deleted": now});
        let own = json!({
            "id": id.to_string(), "created_at": now, "modified_at": at, "deleted_at": null, "changed_at": times,
            "history": [first],
        });
        with(version(byte), own)
    };
    let mut second = with(entry(2, 10), json!({"id": half.to_string(), "conflict_of": id.to_string()}));
    second.as_object_mut().into_iter().for_each(|second| drop(second.remove("history")));
    write(folder, "conflict_ours", "two copies", ours, 1, vec![entry(2, 10)], json!({}))?;
    write(folder, "conflict_theirs", "two copies", theirs, 1, vec![entry(3, 20)], json!({}))?;
    write(folder, "conflict", "two copies", merged, 1, vec![entry(3, 20), second], json!({}))
}

fn later(seconds: i64) -> UnixTime {
    UnixTime::from_secs(NOW.as_secs() + seconds)
}

fn one_of_each() -> Anything<Vec<Golden>> {
    let secret = || SharedSecret::from_bytes(b"12345678901234567890".to_vec());
    let base32 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    let (algorithm, digits) = (Algorithm::Sha1, Digits::DEFAULT);
    let time_step = TimeStep::DEFAULT;
    let totp = Otp::Totp(Totp { secret: secret()?, algorithm, digits, time_step });
    let unusual = Otp::Totp(Totp {
        secret: SharedSecret::from_bytes(b"12345".to_vec())?,
        algorithm: Algorithm::Sha512,
        digits: Digits::new(10)?,
        time_step: TimeStep::from_secs(86_400)?,
    });
    let counter = Counter::new(u64::MAX);
    let hotp = Otp::Hotp(Hotp { secret: secret()?, algorithm: Algorithm::Sha256, digits, counter });
    let steam = Otp::Steam(Steam { secret: secret()? });
    let label = |issuer: Option<&str>, account: &str| Label {
        issuer: issuer.map(str::to_owned),
        account_name: account.to_owned(),
    };
    let mut deleted = golden(
        label(Some("Old"), "gone"),
        None,
        Otp::Steam(Steam { secret: secret()? }),
        json!({"type": "steam", "secret": base32}),
    )?;
    deleted.0.deleted_at = Some(UnixTime::from_secs(1_750_000_000));
    deleted.1["deleted_at"] = Value::from(1_750_000_000);
    Ok(vec![
        golden(
            label(Some("健保組合"), "花子"),
            None,
            totp,
            json!({"type": "totp", "secret": base32, "algorithm": "SHA1", "digits": 6, "period": 30}),
        )?,
        golden(
            label(None, "😀 \"quoted\" \u{202e}rtl\n"),
            Some("Other: issuer"),
            unusual,
            json!({"type": "totp", "secret": "GEZDGNBV", "algorithm": "SHA512", "digits": 10, "period": 86_400}),
        )?,
        golden(
            label(Some("Token"), ""),
            None,
            hotp,
            json!({"type": "hotp", "secret": base32, "algorithm": "SHA256", "digits": 6, "counter": u64::MAX}),
        )?,
        golden(label(Some("Steam"), "gamer"), None, steam, json!({"type": "steam", "secret": base32}))?,
        deleted,
    ])
}

fn numbered(number: u8) -> Anything<Golden> {
    let bytes = vec![number; 1 + usize::from(number)];
    let base32 = data_encoding::BASE32_NOPAD.encode(&bytes);
    let secret = SharedSecret::from_bytes(bytes)?;
    let label = Label { issuer: None, account_name: format!("account {number}") };
    let otp = Otp::Steam(Steam { secret });
    golden(label, None, otp, json!({"type": "steam", "secret": base32}))
}

/// Completes the expectation by what every entry has. Made from the parts, not by the crate.
fn golden(label: Label, in_label: Option<&str>, otp: Otp, expected: Value) -> Anything<Golden> {
    let id = EntryId::generate()?;
    let mut all = json!({
        "id": id.to_string(), "issuer": label.issuer, "account_name": label.account_name,
        "issuer_in_label": in_label, "created_at": 1_700_000_000, "modified_at": 1_700_000_000,
        "deleted_at": null,
    });
    for (name, value) in expected.as_object().into_iter().flatten() {
        all[name] = value.clone();
    }
    Ok((Entry::new(id, label, in_label.map(str::to_owned), otp, NOW), all))
}

fn make(
    folder: &Path,
    name: &str,
    password: &str,
    params: KdfParams,
    saves: u64,
    entries: Vec<Golden>,
) -> Anything<()> {
    let mut vault = new_vault(password, params)?;
    let expected = fill(&mut vault, entries);
    write(folder, name, password, vault, saves, expected, json!({}))
}

/// A vault whose password is its second.
fn new_vault(password: &str, params: KdfParams) -> Anything<UnlockedVault> {
    let first = Password::new("the first".to_owned())?;
    let mut vault = UnlockedVault::create(&first, params, NOW)?;
    vault.change_password(&first, &Password::new(password.to_owned())?, params, NOW)?;
    Ok(vault)
}

/// Puts the entries in. Returns what a reader must make of them.
fn fill(vault: &mut UnlockedVault, entries: Vec<Golden>) -> Vec<Value> {
    let put_in = |(entry, value)| {
        vault.push(entry);
        value
    };
    entries.into_iter().map(put_in).collect()
}

/// Saves a vault so many times and writes the last file, with the facts beside it; unless it is there already.
fn write(
    folder: &Path,
    name: &str,
    password: &str,
    mut vault: UnlockedVault,
    saves: u64,
    expected: Vec<Value>,
    more: Value,
) -> Anything<()> {
    let path = folder.join(name).with_extension("warifu");
    if path.exists() {
        println!("{} is there already and stays", path.display());
        return Ok(());
    }
    for _ in 1..saves {
        let sealed = vault.seal()?;
        vault.mark_saved(sealed);
    }
    let sealed = vault.seal()?;
    sealed.verify(sealed.bytes(), &vault)?;
    let mut facts = json!({
        "password": password, "vault_id": vault.vault_id().to_string(), "revision": sealed.revision(),
        "file_digest": sealed.file_digest().to_string(), "entries": expected,
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        facts[name] = value.clone();
    }
    let create = |path: &Path| OpenOptions::new().write(true).create_new(true).open(path);
    create(&path)?.write_all(sealed.bytes())?;
    writeln!(create(&path.with_extension("json"))?, "{facts:#}")?;
    println!("{}", path.display());
    Ok(())
}
