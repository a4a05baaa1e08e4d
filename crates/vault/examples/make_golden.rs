//! Makes the golden vaults of the current format: `cargo run -p warifu-vault --example make_golden -- FOLDER`.
//!
//! Golden vaults are only ever added (house rule: formats are for ever), so a file that is there already is left alone
//! and named. Beside each vault lies a JSON file with its password and the entries a reader must find.
#![allow(clippy::print_stdout, clippy::disallowed_methods)]

use std::error::Error;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};
use warifu_otp::{Algorithm, Counter, Digits, Hotp, Label, Otp, SharedSecret, Steam, TimeStep, Totp, UnixTime};
use warifu_vault::{Entry, EntryId, KdfParams, Password, UnlockedVault};

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
    make(folder, "password_changed", "the second", low, 2, one_of_each()?)
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
    let path = folder.join(name).with_extension("warifu");
    if path.exists() {
        println!("{} is there already and stays", path.display());
        return Ok(());
    }
    let first = Password::new("the first".to_owned())?;
    let mut vault = UnlockedVault::create(&first, params, NOW)?;
    vault.change_password(&first, &Password::new(password.to_owned())?, params)?;
    let mut expected = vec![];
    for (entry, value) in entries {
        vault.push(entry);
        expected.push(value);
    }
    for _ in 1..saves {
        let sealed = vault.seal()?;
        vault.mark_saved(sealed);
    }
    let sealed = vault.seal()?;
    sealed.verify(sealed.bytes(), &vault)?;
    let facts = json!({
        "password": password, "vault_id": vault.vault_id().to_string(), "revision": sealed.revision(),
        "file_digest": sealed.file_digest().to_string(), "entries": expected,
    });
    let create = |path: &Path| OpenOptions::new().write(true).create_new(true).open(path);
    create(&path)?.write_all(sealed.bytes())?;
    writeln!(create(&path.with_extension("json"))?, "{facts:#}")?;
    println!("{}", path.display());
    Ok(())
}
