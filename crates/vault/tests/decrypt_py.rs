//! V12: docs/decrypt.py, written without this crate, reads what this crate writes.
//!
//! Needs a Python with `cryptography` and `argon2-cffi`: `WARIFU_PYTHON`, or else `python3`. Without one it says that
//! it skips, unless `WARIFU_PYTHON` was set, for then someone wanted it to run.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]
#![allow(clippy::disallowed_methods, reason = "tests find their Python by the environment")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use warifu_otp::{Algorithm, Counter, Digits, Hotp, Label, Otp, SharedSecret, Steam, TimeStep, Totp, UnixTime};
use warifu_vault::{Entry, EntryId, KdfParams, KeyringKey, LockedVault, Password, RecoveryKey, UnlockedVault};

const VAULTS: usize = 100;

const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);

/// Runs decrypt.py once for each vault named in argv, its password beside it, all in one process.
const DRIVER: &str = r#"
import contextlib, io, json, runpy, sys
script, *vaults = sys.argv[1:]
class Stream:
    def __init__(self, data=b""): self.buffer = io.BytesIO(data)
    def write(self, text): self.buffer.write(text.encode())
results = []
for vault in vaults:
    sys.argv = [script, vault]
    with open(vault + ".password", "rb") as file: sys.stdin = Stream(file.read())
    out = Stream()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(Stream()):
        try: runpy.run_path(script, run_name="__main__")
        except SystemExit as exit: code = exit.code
    text = out.buffer.getvalue().decode()
    results.append([code, json.loads(text) if text else None])
print(json.dumps(results))
"#;

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/decrypt.py")
}

/// A Python that has what decrypt.py needs.
fn python() -> Option<String> {
    let wanted = std::env::var("WARIFU_PYTHON").ok();
    let python = wanted.clone().unwrap_or_else(|| "python3".to_owned());
    let has_libraries = Command::new(&python)
        .args(["-c", "import argon2.low_level, cryptography.hazmat.primitives.ciphers.aead"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    assert!(has_libraries || wanted.is_none(), "WARIFU_PYTHON lacks cryptography or argon2-cffi");
    if !has_libraries {
        println!("skipped: no Python with cryptography and argon2-cffi (set WARIFU_PYTHON)");
    }
    has_libraries.then_some(python)
}

/// A folder of its own that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, vault: &[u8], password: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, vault).unwrap();
        std::fs::write(path.with_extension("warifu.password"), format!("{password}\n")).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Numbers from the system, so that each run tries other vaults.
struct Dice;

impl Dice {
    fn below(&self, limit: u64) -> u64 {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&EntryId::generate().unwrap().as_bytes()[..8]);
        u64::from_be_bytes(bytes) % limit
    }

    fn text(&self, longest: u64) -> String {
        let alphabet: Vec<char> = "aZ09 :/\"\\\n\t\u{0}éßガﾞ割符한😀\u{202e}\u{fdfa}".chars().collect();
        (0..self.below(longest + 1)).map(|_| alphabet[self.below(alphabet.len() as u64) as usize]).collect()
    }
}

/// A random entry, and what the format says its JSON is, made from the parts and not by the crate.
fn random_entry(dice: &Dice) -> (Entry, Value) {
    let bytes: Vec<u8> = (0..1 + dice.below(64)).map(|_| dice.below(256) as u8).collect();
    let base32 = data_encoding::BASE32_NOPAD.encode(&bytes);
    let secret = SharedSecret::from_bytes(bytes).unwrap();
    let (algorithm, name) = [(Algorithm::Sha1, "SHA1"), (Algorithm::Sha256, "SHA256"), (Algorithm::Sha512, "SHA512")]
        [dice.below(3) as usize];
    let digits = 1 + dice.below(10);
    let parsed_digits = Digits::new(digits as u32).unwrap();
    let (otp, mut expected) = match dice.below(3) {
        0 => {
            let period = 1 + dice.below(u32::MAX.into());
            let time_step = TimeStep::from_secs(period).unwrap();
            let otp = Otp::Totp(Totp { secret, algorithm, digits: parsed_digits, time_step });
            (otp, json!({"type": "totp", "algorithm": name, "digits": digits, "period": period}))
        }
        1 => {
            let number = dice.below(u64::MAX);
            let counter = Counter::new(number);
            let otp = Otp::Hotp(Hotp { secret, algorithm, digits: parsed_digits, counter });
            (otp, json!({"type": "hotp", "algorithm": name, "digits": digits, "counter": number}))
        }
        _ => (Otp::Steam(Steam { secret }), json!({"type": "steam"})),
    };
    let label = Label { issuer: (dice.below(3) > 0).then(|| dice.text(12)), account_name: dice.text(30) };
    let issuer_in_label = (dice.below(4) == 0).then(|| dice.text(8));
    let (created, modified) = (dice.below(1 << 40) as i64 - (1 << 39), dice.below(1 << 62) as i64);
    let deleted = (dice.below(4) == 0).then_some(modified);
    let id = EntryId::generate().unwrap();
    let rest = json!({
        "id": id.to_string(), "secret": base32, "issuer": label.issuer,
        "account_name": label.account_name, "issuer_in_label": issuer_in_label,
        "created_at": created, "modified_at": modified, "deleted_at": deleted,
    });
    expected.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    let mut entry = Entry::new(id, label, issuer_in_label, otp, UnixTime::from_secs(created));
    entry.modified_at = UnixTime::from_secs(modified);
    entry.deleted_at = deleted.map(UnixTime::from_secs);
    (entry, expected)
}

/// Renames an entry and keeps the account of it, as the format has it.
fn rename(dice: &Dice, entry: &mut Entry, expected: &mut Value) {
    let before = entry.modified_at.as_secs();
    let now = before + 1 + dice.below(1_000) as i64;
    // At least the account name is another one.
    let label = Label { issuer: (dice.below(3) > 0).then(|| dice.text(12)), account_name: dice.text(30) + "!" };
    let mut changed_at = json!({"otp": before, "deleted": before});
    if label.issuer == entry.label.issuer {
        changed_at["issuer"] = before.into();
    }
    let mut version = expected.clone();
    for name in ["id", "created_at", "modified_at", "deleted_at", "changed_at", "history"] {
        version.as_object_mut().unwrap().remove(name);
    }
    version["until"] = now.into();
    expected["issuer"] = json!(label.issuer);
    expected["account_name"] = json!(label.account_name);
    expected["modified_at"] = now.into();
    expected["changed_at"] = changed_at;
    expected["history"] = json!([version]);
    entry.rename(label, UnixTime::from_secs(now));
}

#[test]
fn v12_an_independent_reader_finds_the_same_in_100_random_vaults() {
    let Some(python) = python() else { return };
    let folder = Folder::new("v12");
    let dice = Dice;
    let (mut paths, mut expected, mut total) = (vec![], vec![], 0);
    let (mut renamed, mut by_recovery_key) = (0, 0);
    for number in 0..VAULTS {
        // A line break would end the password's line.
        let password = dice.text(20).replace(['\n', '\0'], "_") + "x";
        let params = KdfParams::new(19 * 1024 + dice.below(2048), 1 + dice.below(2), 1 + dice.below(4));
        let typed = Password::new(password.clone()).unwrap();
        let mut vault = UnlockedVault::create(&typed, params.unwrap(), NOW).unwrap();
        let entries = (0..dice.below(40)).map(|_| {
            let (mut entry, mut expected) = random_entry(&dice);
            if dice.below(3) == 0 {
                rename(&dice, &mut entry, &mut expected);
                renamed += 1;
            }
            (entry, expected)
        });
        let (entries, values): (Vec<_>, Vec<_>) = entries.unzip();
        total += entries.len();
        entries.into_iter().for_each(|entry| vault.push(entry));
        let (removed, _) = random_entry(&dice);
        let id = removed.id;
        vault.push(removed);
        vault.remove(id, NOW).unwrap();
        let mut line = password;
        if dice.below(2) == 0 {
            let key = RecoveryKey::generate().unwrap();
            vault.set_recovery_key(&key, NOW).unwrap();
            vault.add_keyring_key(&KeyringKey::generate().unwrap(), NOW).unwrap();
            vault.set_hint(Some(dice.text(20)), NOW).unwrap();
            if dice.below(2) == 0 {
                line = key.reveal_text().to_lowercase().replace('-', [" ", "", "ー"][dice.below(3) as usize]);
                by_recovery_key += 1;
            }
        }
        for _ in 0..dice.below(3) {
            let sealed = vault.seal().unwrap();
            vault.mark_saved(sealed);
        }
        let sealed = vault.seal().unwrap();
        paths.push(folder.write(&format!("{number}.warifu"), sealed.bytes(), &line));
        expected.push(json!([0, values]));
    }
    let output = Command::new(python).args(["-c", DRIVER]).arg(script()).args(&paths).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found.len(), VAULTS);
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found, expected);
    }
    println!("V12: {VAULTS} vaults with {total} entries ({renamed} of them renamed), read alike");
    println!("V12: {by_recovery_key} of the vaults by their recovery key");
}

fn decrypt(python: &str, vault: &Path, password: &str) -> Output {
    let mut child = Command::new(python)
        .arg(script())
        .arg(vault)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn the_independent_reader_reads_the_golden_vaults() {
    let Some(python) = python() else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/vaults/v1");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut read = 0;
    for path in files.filter(|path| path.extension().is_some_and(|e| e == "warifu")) {
        let facts = std::fs::read(path.with_extension("json")).unwrap();
        let facts: Value = serde_json::from_slice(&facts).unwrap();
        let output = decrypt(&python, &path, facts["password"].as_str().unwrap());
        let entries: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(entries, facts["entries"], "{}", path.display());
        if let Some(key) = facts["recovery_key"].as_str() {
            let output = decrypt(&python, &path, key);
            let entries: Value = serde_json::from_slice(&output.stdout).unwrap();
            assert_eq!(entries, facts["entries"], "{} by recovery key", path.display());
        }
        read += 1;
    }
    assert!(read > 0);
    println!("V12: {read} golden vaults, read alike");
}

#[test]
fn the_independent_reader_tells_wrong_passwords_from_damage() {
    let Some(python) = python() else { return };
    let folder = Folder::new("decrypt-errors");
    let password = Password::new("ガ".to_owned()).unwrap();
    let mut vault = UnlockedVault::create(&password, KdfParams::MINIMUM, NOW).unwrap();
    vault.push(random_entry(&Dice).0);
    let mut bytes = vault.seal().unwrap().bytes().to_vec();
    let path = folder.write("a.warifu", &bytes, "");
    let answer = |password: &str| {
        let output = decrypt(&python, &path, password);
        (output.status.code().unwrap(), output.stdout.is_empty())
    };
    assert_eq!(answer("ｶﾞ"), (0, false));
    assert_eq!(answer("カ"), (4, true));
    assert_eq!(answer(""), (4, true));
    // A recovery key of no vault, and one of this vault that it does not have.
    assert_eq!(answer("222JA-62S6Q-2N52Q-G42BX-3A7JX-S5AGT-3WA32-5ZRZN"), (4, true));
    let key = RecoveryKey::generate().unwrap();
    vault.set_recovery_key(&key, NOW).unwrap();
    std::fs::write(&path, vault.seal().unwrap().bytes()).unwrap();
    assert_eq!(answer(&key.reveal_text()), (0, false));
    assert_eq!(answer(&RecoveryKey::generate().unwrap().reveal_text()), (4, true));
    assert_eq!(answer("ガ"), (0, false));
    std::fs::write(&path, &bytes).unwrap();
    for at in [0, 9, 14, 20, bytes.len() / 2, bytes.len() - 1] {
        bytes[at] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(answer("ガ"), (1, true), "byte {at}");
        assert!(LockedVault::read(&bytes).is_err());
        bytes[at] ^= 1;
    }
    std::fs::write(&path, b"").unwrap();
    assert_eq!(answer("ガ"), (1, true));
}

/// Exit code, and what was said, which is one line.
fn complaint(mut python: Command, vault: &Path, password: &[u8]) -> (i32, String) {
    let python = python.arg(script()).arg(vault).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = python.spawn().unwrap();
    child.stdin.take().unwrap().write_all(password).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said.lines().count(), 1, "{said}");
    (output.status.code().unwrap(), said)
}

/// A file around a header, its lengths and digests right: what anyone can make.
fn framed(header: &str) -> Vec<u8> {
    let mut file = b"\x89WRF\r\n\x1a\n\0\x01\0\x01".to_vec();
    file.extend(u32::try_from(header.len()).unwrap().to_be_bytes());
    file.extend(header.as_bytes());
    let digest = Sha256::digest(&file);
    file.extend(digest);
    file.extend(16_u64.to_be_bytes());
    file.extend([0; 16]);
    let digest = Sha256::digest(&file);
    file.extend(digest);
    file
}

#[test]
fn the_independent_reader_answers_anything_in_one_sentence() {
    let Some(python) = python() else { return };
    let folder = Folder::new("decrypt-sentences");
    let mut vault = UnlockedVault::create(&Password::new("a".to_owned()).unwrap(), KdfParams::MINIMUM, NOW).unwrap();
    let key = RecoveryKey::generate().unwrap();
    vault.set_recovery_key(&key, NOW).unwrap();
    let bytes = vault.seal().unwrap().bytes().to_vec();
    let path = folder.write("a.warifu", &bytes, "");
    assert_eq!(complaint(Command::new(&python), &path, b"\xff\xfe\n").0, 4, "nobody's password");
    for (name, header) in [("deep", format!("{{\"vault_id\":{}", "[".repeat(100_000))), ("list", "[]".to_owned())] {
        let path = folder.write(&format!("{name}.warifu"), &framed(&header), "");
        assert_eq!(complaint(Command::new(&python), &path, b"a\n").0, 1, "{name}");
    }
    // What cannot be seen does not count in a recovery key: a mail may have brought it along.
    let typed = format!("\u{feff}{}\u{2060}", key.reveal_text().replace('-', "\u{200b}"));
    assert_eq!(decrypt(&python, &path, &typed).status.code(), Some(0));

    // Of several password slots one is beyond the bounds: that is said before any of them costs anything.
    let end = 16 + u32::from_be_bytes(bytes[12..16].try_into().unwrap()) as usize;
    let mut header: Value = serde_json::from_slice(&bytes[16..end]).unwrap();
    let slots = header["slots"].as_array_mut().unwrap();
    slots.retain(|slot| slot["type"] == "password");
    let mut bomb = slots[0].clone();
    bomb["kdf"]["memory_kib"] = json!(1_u64 << 32);
    slots.push(bomb);
    let bomb = framed(&header.to_string());
    assert!(matches!(LockedVault::read(&bomb), Err(warifu_vault::ReadError::KdfOutOfBounds { .. })));
    let path = folder.write("bomb.warifu", &bomb, "");
    let without_derivation = "import argon2.low_level, runpy, sys; argon2.low_level.hash_secret_raw = None; del sys.argv[0]; \
                              runpy.run_path(sys.argv[0], run_name='__main__')";
    let mut python = Command::new(python);
    python.args(["-c", without_derivation]);
    let (code, said) = complaint(python, &path, b"a\n");
    assert!(code == 1 && said.contains("out of bounds"), "{said}");
}

#[test]
fn the_independent_reader_stays_short() {
    let lines = std::fs::read_to_string(script()).unwrap().lines().count();
    assert!(lines <= 150, "{lines} lines");
}
