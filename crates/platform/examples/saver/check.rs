//! The next start: what is found in a place, as one line of JSON.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Value, json};
use warifu_session::{
    Entry, Phase, Session, Soundness, Unlocked, Unlocking,
    otp::{Otp, SharedSecret, UnixTime},
};
use warifu_vault::{LockedVault, Password, RecoveryKey};

use crate::{PASSWORDS, operations::key_of, password, ports};

/// Opens what is there by whatever opens it.
///
/// `state` is what a person sees first; `contents` all that an operation may change; `temporary` how many temporary files
/// lay there before and after the start; `wrong_keys` the accounts that have not the key they were added with. Which password
/// opens the vault is tried only if `passwords` matter: it takes time.
pub fn check(place: &Path, passwords: bool, recovery_key: &str) -> String {
    let before = temporary(place);
    let mut session = ports::session(place);
    let after = temporary(place);
    let mut wrong_keys = Vec::new();
    let (state, contents, notices) = match session.phase() {
        Phase::FirstStart => ("first start".to_owned(), Value::Null, vec![]),
        Phase::Unreadable(error) => (format!("unreadable: {}", error.code.as_str()), Value::Null, vec![]),
        Phase::Locked(_) if unlock(&mut session) => {
            let unlocked = session.unlocked().unwrap();
            let notices = unlocked.notices().iter().map(|notice| notice.code.as_str()).collect();
            wrong_keys = all(&unlocked).filter(|entry| !has_its_key(entry)).map(name).collect();
            let mut contents = contents(&unlocked);
            if unlocked.recovery_key().is_some() {
                contents["recovery key"] = json!(opens_by_recovery_key(place, recovery_key));
            }
            contents["password"] = json!(if passwords { opening_password(place) } else { None });
            ("open".to_owned(), contents, notices)
        }
        Phase::Locked(_) => ("does not open".to_owned(), Value::Null, vec![]),
        Phase::Unlocked => unreachable!(),
    };
    let states = session.backups().map(|backups| backups.states).unwrap_or_default();
    let bad = states.iter().filter(|state| matches!(state.soundness, Soundness::Damaged | Soundness::Other)).count();
    json!({
        "state": state,
        "contents": contents,
        "notices": notices,
        "temporary": [before, after],
        "revision": ports::revision(place),
        "backups": states.len(),
        "bad_backups": bad,
        "wrong_keys": wrong_keys,
    })
    .to_string()
}

/// By the keyring where that is on, or else by a password.
fn unlock(session: &mut Session) -> bool {
    session.open_by(Unlocking::Keyring).is_ok()
        || (0..PASSWORDS.len()).any(|number| session.unlock(password(number)).is_ok())
}

/// When the codes are derived.
const AT: UnixTime = UnixTime::from_secs(1_767_268_800);

fn contents(unlocked: &Unlocked<'_>) -> Value {
    let accounts: BTreeSet<String> = unlocked.entries("").into_iter().map(name).collect();
    let trash: BTreeSet<String> = unlocked.trash().iter().map(|trashed| name(trashed.entry)).collect();
    let code = |entry: &Entry| format!("{} {}", name(entry), entry.otp.code_at(AT).expose_value());
    let codes: BTreeSet<String> = all(unlocked).map(code).collect();
    json!({ "accounts": accounts, "trash": trash, "codes": codes, "recovery key": null })
}

fn all<'u>(unlocked: &'u Unlocked<'_>) -> impl Iterator<Item = &'u Entry> {
    unlocked.entries("").into_iter().chain(unlocked.trash().into_iter().map(|trashed| trashed.entry))
}

fn name(entry: &Entry) -> String {
    format!("{} {}", entry.label.issuer.as_deref().unwrap_or(""), entry.label.account_name)
}

/// Whether an account has the key it was added with.
fn has_its_key(entry: &Entry) -> bool {
    let Otp::Totp(totp) = &entry.otp else { return false };
    let key = key_of(entry.label.issuer.as_deref().unwrap_or(""), &entry.label.account_name);
    totp.secret.is_same(&SharedSecret::parse_base32(&key).unwrap())
}

/// Whether the key that was written down opens the file: the one that is told, or the one that lies in the place.
fn opens_by_recovery_key(place: &Path, told: &str) -> bool {
    let Ok(bytes) = fs::read(ports::vault(place)) else { return false };
    let lies_there = fs::read_to_string(place.join("recovery-key")).unwrap_or_default();
    [told, &lies_there]
        .into_iter()
        .filter_map(|key| RecoveryKey::parse(key).ok())
        .any(|key| LockedVault::read(&bytes).is_ok_and(|locked| locked.unlock_with_recovery_key(&key).is_ok()))
}

/// Which of the passwords opens the file.
fn opening_password(place: &Path) -> Option<usize> {
    let bytes = fs::read(ports::vault(place)).ok()?;
    (0..PASSWORDS.len()).find(|number| {
        let password = Password::new(PASSWORDS[*number].to_owned()).unwrap();
        LockedVault::read(&bytes).is_ok_and(|locked| locked.unlock_with_password(&password).is_ok())
    })
}

fn temporary(place: &Path) -> usize {
    let folders = [place.to_owned(), place.join("backups"), place.join("stick")];
    let entries = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
    entries.filter(|entry| entry.file_name().to_string_lossy().ends_with(".warifu-tmp")).count()
}
