//! Everything that changes a vault file.

use std::{fs, io::Error, path::Path};

use warifu_session::{
    Addition, CandidateId, EntryId, ErrorCode, FileToTakeOver, OldBackups, Session, SessionError, Soundness, Unlocked,
    Unlocking, otp, reading,
};
use warifu_vault::{KdfParams, Password, UnlockedVault};
use zeroize::Zeroizing;

use crate::{find, open, password, ports, say};

/// Two accounts, as another app exports them.
const EXPORT: &str = "otpauth-migration://offline?data=CiIKCkhlbGxvId6tvu8SBmhhbmFrbxoGUG9ydGFsIAEoATACCiIKCkhlbGxvId6tvu4SBnRhcm9vbxoGUG9ydGFsIAEoATACEAEYASAA";

/// A vault that quick unlock opens, with one account, some revisions old.
pub fn make(place: &Path) -> Result<(), SessionError> {
    let mut session = ports::session(place);
    session.create(password(0), "")?;
    let mut unlocked = session.unlocked()?;
    unlocked.switch_quick_unlock_on(password(0))?;
    add(&mut unlocked, "first", "hanako").map(drop)
}

/// One operation. Returns its session, which is as open as the app's is afterwards.
pub fn run(place: &Path, what: &str) -> Result<Session, SessionError> {
    let mut session = ports::session(place);
    match what {
        "create" => session.create(password(0), "")?,
        "create weak" => create_weak(place),
        "raise" => session.unlock(password(0))?,
        "take over" => take_over(&mut session, place)?,
        "restore over nothing" => restore(&mut session, Which::Oldest)?,
        "restore newest" => restore(&mut session, Which::Newest)?,
        what => {
            open(&mut session)?;
            change(&mut session, what, place)?;
        }
    }
    Ok(session)
}

fn change(session: &mut Session, what: &str, place: &Path) -> Result<(), SessionError> {
    match what {
        "second folder" => return session.set_second_folder(Some(place.join("stick"))),
        "restore" => return restore(session, Which::Oldest),
        _ => {}
    }
    let mut unlocked = session.unlocked()?;
    let first = find(&unlocked, "first");
    let trashed = unlocked.trash().first().map(|trashed| trashed.entry.id);
    let (first, trashed) = (first.ok_or(ErrorCode::NoSuchEntry), trashed.ok_or(ErrorCode::NoSuchEntry));
    match what {
        "add" => add(&mut unlocked, "new", "taro").map(drop),
        "rename" => unlocked.rename(first?, "first", "hanako yamada"),
        "delete" => unlocked.delete(first?),
        "undelete" => unlocked.restore(trashed?),
        "remove" => unlocked.remove_for_good(trashed?),
        "import" => import(&mut unlocked),
        "change password" => unlocked.change_password(password(0), password(1), "", OldBackups::Rewrap).map(drop),
        "add slot" => {
            let shown = unlocked.begin_recovery_key(Some(password(0)))?;
            // As a person writes it down.
            say(&format!("recovery key {}", shown.groups.iter().map(|group| group.as_str()).collect::<String>()));
            let typed: Vec<Zeroizing<String>> =
                shown.asked.iter().map(|number| shown.groups[*number - 1].clone()).collect();
            unlocked.confirm_recovery_key(&typed)
        }
        "remove slot" => unlocked.remove_recovery_key(password(0)),
        "merge" => {
            let copy = read(&place.join("copy.warifu"))?;
            unlocked.merge_copy(&copy).map(drop)
        }
        _ => panic!("no operation {what}"),
    }
}

/// Adds an account and returns its id.
pub fn add(unlocked: &mut Unlocked<'_>, issuer: &str, account: &str) -> Result<EntryId, SessionError> {
    let uri = format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}", key_of(issuer, account));
    unlocked.propose(reading::read_payload(&uri));
    let id = unlocked.candidates().next().ok_or(ErrorCode::CodeIsOther)?.0;
    Ok(unlocked.add_candidates(vec![addition(id, issuer, account)])?.entries[0])
}

/// The key of an account, in Base32: each issuer has one of its own, so that keys that were mixed up are seen.
pub fn key_of(issuer: &str, account: &str) -> String {
    const SYMBOLS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    match (issuer, account) {
        ("imported", "hanako") => "JBSWY3DPEHPK3PXP".to_owned(),
        ("imported", _) => "JBSWY3DPEHPK3PXO".to_owned(),
        _ => {
            let letters = issuer.bytes().cycle().enumerate().take(32);
            letters.map(|(place, letter)| char::from(SYMBOLS[(usize::from(letter) + 7 * place) % 32])).collect()
        }
    }
}

fn addition(candidate: CandidateId, issuer: &str, account: &str) -> Addition {
    let (issuer, account) = (issuer.to_owned(), account.to_owned());
    Addition { candidate, issuer, account, even_if_present: true, replaces: None }
}

fn import(unlocked: &mut Unlocked<'_>) -> Result<(), SessionError> {
    unlocked.propose(reading::read_payload(EXPORT));
    let found: Vec<Addition> =
        unlocked.candidates().map(|(id, candidate)| addition(id, "imported", &candidate.label.account_name)).collect();
    assert!(found.len() > 1);
    unlocked.add_candidates(found).map(drop)
}

/// Which backup to go back to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Oldest,
    Newest,
}

fn restore(session: &mut Session, which: Which) -> Result<(), SessionError> {
    let mut good = session.backups()?.states;
    good.retain(|state| state.soundness != Soundness::Damaged);
    let backup = if which == Which::Newest { good.first() } else { good.last() }.ok_or(ErrorCode::NoBackup)?;
    let (place, name) = (backup.backup.place, backup.backup.name.clone());
    session.restore_backup(place, &name, crate::PASSWORDS[0])
}

/// Another vault, from a file, in the place of the one that is here.
fn take_over(session: &mut Session, place: &Path) -> Result<(), SessionError> {
    let bytes = read(&place.join("other.warifu"))?;
    session.choose_file(FileToTakeOver { name: "other.warifu".to_owned(), bytes, written_at: None })?;
    let taken = session.begin_take_over(Unlocking::Password(password(0)), true)?.run();
    session.finish_take_over(taken, true)
}

/// Another file, as the program's shells read it.
fn read(path: &Path) -> Result<Vec<u8>, SessionError> {
    fs::read(path).map_err(|error: Error| SessionError::new(ErrorCode::FileUnreadable).with("reason", error.kind()))
}

/// A vault as an earlier version may have made it, with the cheapest key derivation that is accepted and no backups.
fn create_weak(place: &Path) {
    let password = Password::new(crate::PASSWORDS[0].to_owned()).unwrap();
    let vault = UnlockedVault::create(&password, KdfParams::MINIMUM, otp::UnixTime::from_secs(0)).unwrap();
    fs::write(ports::vault(place), vault.seal().unwrap().bytes()).unwrap();
}
