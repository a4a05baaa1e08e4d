//! What keeps a vault from being lost: recovery key, quick unlock, backups, older and cut-off files, trash and history.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod support;

use std::time::Duration;

use support::{PASSWORD, SECRET, URI, World, add_one, password};
use warifu_session::{
    Addition, Counts, EntryId, ErrorCode, OldBackups, Phase, QuickUnlock, Session, SessionError, Soundness, Unlocking,
    check_recovery_key,
    ports::{Backup, BackupPlace, KeyStoreError, StoreError},
    reading::read_payload,
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const OTHER: &str = "otpauth://totp/second?secret=JBSWY3DPEHPK3PXP";
const NEW: &str = "yuyake-minato-77";

/// What befalls a world behind the session's back.
type Happening<'a> = &'a dyn Fn(&World);

fn add(session: &mut Session, uri: &str) -> EntryId {
    let mut unlocked = session.unlocked().unwrap();
    unlocked.propose(read_payload(uri));
    let (id, candidate) = unlocked.candidates().next().unwrap();
    let label = candidate.label.clone();
    add_one(&mut unlocked, id, &label.issuer.unwrap_or_default(), &label.account_name, false).unwrap()
}

fn names(session: &mut Session) -> Vec<String> {
    let unlocked = session.unlocked().unwrap();
    unlocked.entries("").iter().map(|entry| entry.label.account_name.clone()).collect()
}

fn told(session: &mut Session) -> Vec<ErrorCode> {
    session.unlocked().unwrap().notices().iter().map(|notice| notice.code).collect()
}

fn code<T>(outcome: Result<T, SessionError>) -> ErrorCode {
    outcome.err().unwrap().code
}

/// A session after a restart of the program.
fn restarted(world: &World, key: &str) -> Session {
    let mut session = world.session();
    session.unlock(password(key)).unwrap();
    session
}

/// Makes a recovery key and confirms it; what stands on the sheet.
fn recovery_sheet(session: &mut Session) -> String {
    let mut unlocked = session.unlocked().unwrap();
    let shown = unlocked.begin_recovery_key(Some(password(PASSWORD))).unwrap();
    let typed: Vec<_> = shown.asked.iter().map(|asked| shown.groups[asked - 1].clone()).collect();
    unlocked.confirm_recovery_key(&typed).unwrap();
    shown.groups.iter().map(|group| group.as_str()).collect::<Vec<_>>().join(" ")
}

fn recover(world: &World, sheet: &str) -> Result<Session, SessionError> {
    let mut session = world.session();
    let (key, replacement) = (password(sheet), password(NEW));
    session.open_by(Unlocking::Recovery { key, replacement, hint: "sunset".into() }).map(|()| session)
}

fn newest(world: &World) -> Backup {
    warifu_session::ports::VaultStore::backups(world).unwrap().remove(0)
}

#[test]
fn a_forgotten_password_is_replaced_with_the_recovery_key() {
    let world = World::new();
    let mut session = world.open_session();
    add(&mut session, URI);
    let sheet = recovery_sheet(&mut session);
    drop(session);

    let mut session = recover(&world, &sheet.to_lowercase()).unwrap();
    assert_eq!(names(&mut session), ["12345678"]);
    let mut session = world.session();
    let Phase::Locked(door) = session.phase() else { unreachable!("the vault is locked") };
    assert_eq!((door.hint.as_deref(), door.has_recovery_key), (Some("sunset"), true));
    assert_eq!(code(session.unlock(password(PASSWORD))), ErrorCode::WrongPassword);
    session.unlock(password(NEW)).unwrap();
    // And so do the backups: the password they were made with is forgotten.
    let oldest = warifu_session::ports::VaultStore::backups(&world).unwrap().pop().unwrap();
    session.restore_backup(oldest.place, &oldest.name, NEW).unwrap();
}

#[test]
fn a_recovery_key_that_was_not_typed_back_opens_nothing() {
    let world = World::new();
    let mut session = world.open_session();
    let mut unlocked = session.unlocked().unwrap();
    let shown = unlocked.begin_recovery_key(None).unwrap();
    let wrong = [password("AAAAA"), password("BBBBB")];
    let error = unlocked.confirm_recovery_key(&wrong).unwrap_err();
    assert_eq!((error.code, error.detail["group"].as_str()), (ErrorCode::RecoveryConfirmationWrong, "3"));
    let [third, seventh] = [2, 6].map(|index| password(&shown.groups[index].to_lowercase()));
    assert_eq!(code(unlocked.confirm_recovery_key(std::slice::from_ref(&third))), ErrorCode::RecoveryConfirmationWrong);
    assert!(unlocked.recovery_key().is_none());
    unlocked.confirm_recovery_key(&[third, seventh]).unwrap();
    assert!(unlocked.recovery_key().is_some());
    assert_eq!(code(unlocked.confirm_recovery_key(&wrong)), ErrorCode::NoRecoveryPending);
}

#[test]
fn an_open_vault_gives_no_recovery_key_to_a_passer_by() {
    let world = World::new();
    drop(world.open_session());
    let mut session = restarted(&world, PASSWORD);
    let mut unlocked = session.unlocked().unwrap();
    assert_eq!(code(unlocked.begin_recovery_key(None)), ErrorCode::PasswordEmpty);
    assert_eq!(code(unlocked.begin_recovery_key(Some(password("guess")))), ErrorCode::WrongPassword);
    assert_eq!(code(unlocked.switch_quick_unlock_on(password("guess"))), ErrorCode::WrongPassword);
    assert_eq!(code(unlocked.set_hint("x", password("guess"))), ErrorCode::WrongPassword);
}

#[test]
fn a_newer_recovery_key_takes_the_place_of_an_older_and_a_removed_one_opens_nothing() {
    let world = World::new();
    let mut session = world.open_session();
    let (first, second) = (recovery_sheet(&mut session), recovery_sheet(&mut session));
    drop(session);
    assert_eq!(code(recover(&world, &first)), ErrorCode::WrongRecoveryKey);
    let mut session = recover(&world, &second).unwrap();
    session.unlocked().unwrap().remove_recovery_key(password(NEW)).unwrap();
    drop(session);
    assert_eq!(code(recover(&world, &second)), ErrorCode::NoRecoveryKey);
}

#[test]
fn a_recovery_that_cannot_be_saved_leaves_the_vault_locked_with_its_old_password() {
    let world = World::new();
    let mut session = world.open_session();
    let sheet = recovery_sheet(&mut session);
    drop(session);
    *world.disk_fails.lock().unwrap() = Some(StoreError::Io { reason: "no space".into() });
    assert_eq!(code(recover(&world, &sheet)), ErrorCode::VaultNotSaved);
    *world.disk_fails.lock().unwrap() = None;
    restarted(&world, PASSWORD);
}

#[test]
fn a_recovery_key_is_checked_as_it_is_typed() {
    let world = World::new();
    let sheet = recovery_sheet(&mut world.open_session());
    let typed = check_recovery_key(&sheet[..14]);
    assert_eq!((typed.groups_right, typed.complete, typed.error), (2, false, None));
    assert!(check_recovery_key(&sheet).complete);
    let wrong = format!("{}{}", if sheet.starts_with('A') { 'B' } else { 'A' }, &sheet[1..]);
    let error = check_recovery_key(&wrong).error.unwrap();
    assert_eq!((error.code, error.detail["group"].as_str()), (ErrorCode::RecoveryKeyGroup, "1"));
    assert_eq!(check_recovery_key("0").error.unwrap().code, ErrorCode::RecoveryKeyCharacter);
    assert_eq!(check_recovery_key("").error, None);
}

#[test]
fn wrong_recovery_keys_slow_down_like_wrong_passwords() {
    let (world, other) = (World::new(), World::new());
    recovery_sheet(&mut world.open_session());
    let foreign = recovery_sheet(&mut other.open_session());
    let mut session = world.session();
    let mut attempt = || {
        let (key, replacement) = (password(&foreign), password(NEW));
        session.open_by(Unlocking::Recovery { key, replacement, hint: String::new() })
    };
    for _ in 0..5 {
        assert_eq!(code(attempt()), ErrorCode::WrongRecoveryKey);
    }
    assert_eq!(code(attempt()), ErrorCode::TooManyAttempts);
}

#[test]
fn quick_unlock_opens_until_the_password_is_due() {
    let world = World::new();
    let mut session = world.open_session();
    add(&mut session, URI);
    session.unlocked().unwrap().switch_quick_unlock_on(password(PASSWORD)).unwrap();
    let kept: Vec<String> = world.keyring.lock().unwrap().values().cloned().collect();
    assert!(kept.len() == 1 && kept[0].len() == 43 && kept[0].lines().count() == 1, "one line of text");
    drop(session);

    let mut session = world.session();
    session.open_by(Unlocking::Keyring).unwrap();
    assert_eq!(names(&mut session), ["12345678"]);
    assert_eq!(told(&mut session), []);
    session.lock();
    world.pass(DAY * 8);
    session.open_by(Unlocking::Keyring).unwrap();
    assert_eq!(told(&mut session), [ErrorCode::RehearsalDue], "practise while it is not needed");
    session.unlocked().unwrap().dismiss_notice("rehearsal_due");
    assert_eq!(told(&mut session), []);
    session.lock();
    world.pass(DAY * 6);
    assert_eq!(code(session.open_by(Unlocking::Keyring)), ErrorCode::PasswordDue);
    let Phase::Locked(door) = session.phase() else { unreachable!("the vault is locked") };
    assert_eq!(door.quick_unlock, QuickUnlock::PasswordDue);
    session.unlock(password(PASSWORD)).unwrap();
    session.lock();
    session.open_by(Unlocking::Keyring).unwrap();

    session.unlocked().unwrap().switch_quick_unlock_off().unwrap();
    assert!(world.keyring.lock().unwrap().is_empty());
    session.lock();
    assert_eq!(code(session.open_by(Unlocking::Keyring)), ErrorCode::QuickUnlockOff);
}

#[test]
fn practising_the_password_puts_it_off_and_locks_nobody_out() {
    let world = World::new();
    let mut session = world.open_session();
    session.unlocked().unwrap().switch_quick_unlock_on(password(PASSWORD)).unwrap();
    world.pass(DAY * 8);
    assert_eq!(told(&mut session), [ErrorCode::RehearsalDue]);
    assert_eq!(code(session.unlocked().unwrap().rehearse(password("wrong"))), ErrorCode::WrongPassword);
    assert_eq!(told(&mut session), [ErrorCode::RehearsalDue], "still open, still to be practised");
    session.unlocked().unwrap().rehearse(password(PASSWORD)).unwrap();
    assert_eq!(told(&mut session), []);
}

#[test]
fn a_keyring_that_fails_or_lies_costs_nothing_but_the_password() {
    let fail = |reason: KeyStoreError| move |world: &World| *world.keyring_fails.lock().unwrap() = Some(reason.clone());
    let hold = |text: &'static str| {
        move |world: &World| world.keyring.lock().unwrap().values_mut().for_each(|value| *value = text.to_owned())
    };
    let cases: [(Happening<'_>, ErrorCode); 6] = [
        (&fail(KeyStoreError::Unavailable { reason: "no bus".into() }), ErrorCode::KeyringUnavailable),
        (&fail(KeyStoreError::TimedOut), ErrorCode::KeyringTimedOut),
        (&|world| world.keyring.lock().unwrap().clear(), ErrorCode::KeyringNoEntry),
        (&hold("truncated"), ErrorCode::KeyringWrongValue),
        (&hold(""), ErrorCode::KeyringWrongValue),
        // A sound key, of another vault.
        (&hold("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), ErrorCode::KeyringWrongValue),
    ];
    for (happens, expected) in cases {
        let world = World::new();
        let mut session = world.open_session();
        session.unlocked().unwrap().switch_quick_unlock_on(password(PASSWORD)).unwrap();
        session.lock();
        let file = world.file.lock().unwrap().clone();
        happens(&world);
        let keyring = world.keyring.lock().unwrap().clone();
        assert_eq!(code(session.open_by(Unlocking::Keyring)), expected);
        assert_eq!(*world.file.lock().unwrap(), file, "{expected:?}: nothing changed");
        assert_eq!(*world.keyring.lock().unwrap(), keyring, "{expected:?}: nothing deleted");
        session.unlock(password(PASSWORD)).unwrap();
        let gone = matches!(expected, ErrorCode::KeyringNoEntry | ErrorCode::KeyringWrongValue);
        let notice = if gone { vec![ErrorCode::QuickUnlockGone] } else { vec![] };
        assert_eq!(told(&mut session), notice, "{expected:?}: a keyring that does not answer has lost nothing");
    }
}

#[test]
fn a_keyring_that_keeps_nothing_is_found_out_before_the_vault_relies_on_it() {
    let world = World::new();
    let mut session = world.open_session();
    let file = world.file.lock().unwrap().clone();
    *world.keyring_fails.lock().unwrap() = Some(KeyStoreError::Unavailable { reason: "locked".into() });
    let mut unlocked = session.unlocked().unwrap();
    assert_eq!(code(unlocked.switch_quick_unlock_on(password(PASSWORD))), ErrorCode::KeyringUnavailable);
    assert!(!unlocked.quick_unlock_is_on());
    assert_eq!(*world.file.lock().unwrap(), file);
}

#[test]
fn a_missing_or_damaged_vault_comes_back_from_its_newest_backup() {
    let damage: [Happening<'_>; 3] = [
        &|world| *world.file.lock().unwrap() = None,
        &|world| world.file.lock().unwrap().as_mut().unwrap()[2000] ^= 1,
        &|world| *world.file.lock().unwrap() = Some(vec![]),
    ];
    for (index, happens) in damage.iter().enumerate() {
        let world = World::new();
        let mut session = world.open_session();
        add(&mut session, URI);
        add(&mut session, OTHER);
        drop(session);
        happens(&world);
        let damaged = world.file.lock().unwrap().clone();
        let mut session = world.session();
        let expected = if index == 0 { ErrorCode::VaultMissing } else { ErrorCode::VaultDamaged };
        assert_eq!(session.phase(), Phase::Unreadable(expected.into()), "never a first start");
        assert!(session.create(password(NEW), "").is_err());
        let Backup { name, place, .. } = newest(&world);
        assert_eq!(code(session.restore_backup(place, &name, "wrong")), ErrorCode::BackupWrongPassword);
        session.restore_backup(place, &name, PASSWORD).unwrap();
        assert_eq!(names(&mut session), ["12345678", "second"], "the last save too");
        assert_eq!(told(&mut session), []);
        assert_eq!(world.copies.lock().unwrap().first().cloned(), damaged, "what was there is kept");
        assert_eq!(names(&mut restarted(&world, PASSWORD)), ["12345678", "second"]);
        assert_eq!(told(&mut restarted(&world, PASSWORD)), []);
    }
}

#[test]
fn an_older_backup_that_was_restored_stays_what_it_is_though_nothing_could_be_remembered() {
    let world = World::new();
    let mut session = world.open_session();
    let id = add(&mut session, URI);
    let older = newest(&world);
    session.unlocked().unwrap().rename(id, "KOSMO", "another").unwrap();
    let memory = world.memory.lock().unwrap().clone();
    drop(session);
    *world.file.lock().unwrap() = None;
    let mut session = world.session();
    session.restore_backup(older.place, &older.name, PASSWORD).unwrap();
    // As on a disk that took the vault and nothing more.
    *world.memory.lock().unwrap() = memory;
    let mut session = restarted(&world, PASSWORD);
    assert_eq!((names(&mut session), told(&mut session)), (vec!["12345678".to_owned()], vec![]));
}

#[test]
fn going_back_to_a_backup_is_a_new_revision_and_can_be_undone_the_same_way() {
    let world = World::new();
    let mut session = world.open_session();
    add(&mut session, URI);
    let before = newest(&world);
    add(&mut session, OTHER);
    let after = newest(&world);
    session.restore_backup(before.place, &before.name, PASSWORD).unwrap();
    assert_eq!(names(&mut session), ["12345678"]);
    assert_eq!(newest(&world).revision, after.revision + 1);
    session.restore_backup(after.place, &after.name, PASSWORD).unwrap();
    assert_eq!(names(&mut session), ["12345678", "second"]);
    session.lock();
    assert_eq!(code(session.restore_backup(BackupPlace::Second, &before.name, PASSWORD)), ErrorCode::BackupNotFound);
}

#[test]
fn an_older_password_and_its_backup_open_the_vault_as_it_is_now() {
    let world = World::new();
    let mut session = world.open_session();
    add(&mut session, URI);
    let old = newest(&world);
    let mut unlocked = session.unlocked().unwrap();
    unlocked.change_password(password(PASSWORD), password("forgotten at once"), "", OldBackups::Keep).unwrap();
    add(&mut session, OTHER);
    session.lock();
    assert_eq!(code(session.unlock(password(PASSWORD))), ErrorCode::WrongPassword);
    assert_eq!(code(session.restore_backup(old.place, &old.name, "guess")), ErrorCode::BackupWrongPassword);
    session.restore_backup(old.place, &old.name, PASSWORD).unwrap();
    assert_eq!(names(&mut session), ["12345678", "second"], "nothing of what came later is lost");
    assert!(world.copies.lock().unwrap().is_empty());
    let mut session = restarted(&world, PASSWORD);
    assert_eq!((names(&mut session).len(), told(&mut session)), (2, vec![]));
}

#[test]
fn a_key_waiting_to_be_confirmed_waits_for_a_slow_printer() {
    let world = World::new();
    let mut session = world.open_session();
    session.set_lock_after(1).unwrap();
    session.unlocked().unwrap().begin_recovery_key(None).unwrap();
    world.pass(Duration::from_secs(29 * 60));
    assert!(!support::beat(&mut session).0);
    session.unlocked().unwrap().cancel_recovery_key();
    assert!(support::beat(&mut session).0);
}

#[test]
fn the_recovery_key_opens_a_backup_too() {
    let world = World::new();
    let mut session = world.open_session();
    add(&mut session, URI);
    let sheet = recovery_sheet(&mut session);
    drop(session);
    *world.file.lock().unwrap() = None;
    let mut session = world.session();
    let Backup { name, place, .. } = newest(&world);
    session.restore_backup(place, &name, &sheet).unwrap();
    assert_eq!(names(&mut session), ["12345678"]);
}

#[test]
fn backups_are_shown_as_sound_as_they_are() {
    let world = World::new();
    let mut session = world.open_session();
    add(&mut session, URI);
    let rotten = newest(&world).name;
    add(&mut session, OTHER);
    world.backups.lock().unwrap().get_mut(&rotten).unwrap().1[1000] ^= 1;
    let shown: Vec<_> =
        session.backups().unwrap().states.iter().map(|state| (state.soundness, state.accounts)).collect();
    let expected = [(Soundness::Verified, Some(2)), (Soundness::Damaged, None), (Soundness::Verified, Some(0))];
    assert_eq!(shown, expected);
    let drilled = session.restore_drill(PASSWORD).unwrap();
    assert_eq!(drilled.accounts, Some(2));
    assert_eq!(code(session.restore_drill("wrong")), ErrorCode::BackupWrongPassword);
    let last = session.backups().unwrap().last_drill.unwrap();
    assert_eq!(last.as_secs(), 1_700_000_000);
    session.lock();
    assert!(session.backups().unwrap().states.iter().all(|state| state.accounts.is_none()));
    assert_eq!(code(session.restore_drill(PASSWORD)), ErrorCode::Locked);
}

#[test]
fn old_backups_follow_the_password_or_go_or_stay() {
    for how in [OldBackups::Rewrap, OldBackups::Delete, OldBackups::Keep] {
        let world = World::new();
        let mut session = world.open_session();
        add(&mut session, URI);
        let old = newest(&world);
        let mut unlocked = session.unlocked().unwrap();
        let report = unlocked.change_password(password(PASSWORD), password(NEW), "", how).unwrap();
        let touched = (report.rewrapped, report.removed, report.failed);
        drop(session);
        *world.file.lock().unwrap() = None;
        let mut session = world.session();
        let mut open = |key: &str| session.restore_backup(old.place, &old.name, key).map_err(|error| error.code);
        match how {
            OldBackups::Rewrap => {
                assert_eq!(touched, (2, 0, 0));
                assert_eq!(open(PASSWORD), Err(ErrorCode::BackupWrongPassword));
                assert_eq!(open(NEW), Ok(()));
            }
            OldBackups::Delete => {
                assert_eq!(touched, (0, 2, 0));
                assert_eq!(open(PASSWORD), Err(ErrorCode::BackupNotFound));
                assert_eq!(world.backups.lock().unwrap().len(), 1, "the newest stays");
                continue;
            }
            OldBackups::Keep => {
                assert_eq!(touched, (0, 0, 0));
                assert_eq!(open(NEW), Err(ErrorCode::BackupWrongPassword));
                assert_eq!(open(PASSWORD), Ok(()));
            }
        }
        assert_eq!(names(&mut session), ["12345678"]);
        assert_eq!(told(&mut session), [], "a backup sealed anew is no sign of anything");
    }
}

/// Figure V8.
#[test]
fn ten_older_revisions_give_ten_warnings_and_a_thousand_saves_give_none() {
    let world = World::new();
    let mut session = world.open_session();
    let id = add(&mut session, URI);
    let mut older = Vec::new();
    for count in 0..1_000 {
        if count >= 990 {
            older.push(world.file.lock().unwrap().clone());
        }
        session.unlocked().unwrap().rename(id, "KOSMO Web", &format!("{count}")).unwrap();
        // The list of what is in the way would grow with the square.
        let newest = newest(&world).name;
        world.backups.lock().unwrap().retain(|name, _| *name == newest);
    }
    assert_eq!(told(&mut session), []);
    assert_eq!(told(&mut restarted(&world, PASSWORD)), [], "no false alarm");
    let last = world.file.lock().unwrap().clone();
    let mut warnings = 0;
    for file in &older {
        *world.file.lock().unwrap() = file.clone();
        warnings += usize::from(told(&mut restarted(&world, PASSWORD)) == [ErrorCode::VaultRolledBack]);
        // Also where only the backups remember.
        let memory = world.memory.lock().unwrap().take();
        warnings += usize::from(told(&mut restarted(&world, PASSWORD)) == [ErrorCode::VaultRolledBack]);
        *world.memory.lock().unwrap() = memory;
    }
    *world.file.lock().unwrap() = last;
    assert_eq!(told(&mut restarted(&world, PASSWORD)), []);
    // The revision just before the last looks like a save that was cut off, to whoever remembers nothing.
    assert_eq!(warnings, 19);
    println!("V8: 10 older revisions, 10 warnings (9 more by the backups alone); 1,000 saves, 0 false alarms");
}

#[test]
fn an_older_copy_in_the_vaults_place_is_settled_by_taking_up_the_newer_or_by_keeping_it() {
    for merge in [true, false] {
        let world = World::new();
        let mut session = world.open_session();
        add(&mut session, URI);
        let older = world.file.lock().unwrap().clone();
        add(&mut session, OTHER);
        add(&mut session, "otpauth://totp/third?secret=MFRGGZDFMZTWQ2LK");
        drop(session);
        *world.file.lock().unwrap() = older;
        let mut session = restarted(&world, PASSWORD);
        let notice = session.unlocked().unwrap().notices().remove(0);
        assert_eq!(notice.code, ErrorCode::VaultRolledBack);
        assert_eq!((notice.detail["revision"].as_str(), notice.detail["seen_revision"].as_str()), ("2", "4"));
        session.unlocked().unwrap().resolve_rollback(merge).unwrap();
        assert_eq!(names(&mut session).len(), if merge { 3 } else { 1 });
        assert!(!told(&mut session).contains(&ErrorCode::VaultRolledBack));
        assert_eq!(told(&mut restarted(&world, PASSWORD)), [], "settled for good");
    }
}

#[test]
fn a_save_that_was_cut_off_is_completed_at_the_next_start() {
    let world = World::new();
    let mut session = world.open_session();
    add(&mut session, URI);
    *world.cut_off.lock().unwrap() = true;
    let mut unlocked = session.unlocked().unwrap();
    unlocked.propose(read_payload(OTHER));
    let candidate = unlocked.candidates().next().unwrap().0;
    assert!(add_one(&mut unlocked, candidate, "", "second", false).is_err());
    drop(session);
    *world.cut_off.lock().unwrap() = false;
    let mut session = restarted(&world, PASSWORD);
    assert_eq!(names(&mut session), ["12345678", "second"]);
    assert_eq!(told(&mut session), [ErrorCode::SaveCompleted]);
    assert_eq!(told(&mut restarted(&world, PASSWORD)), []);
}

#[test]
fn a_copy_changed_elsewhere_is_merged_and_another_vault_is_refused() {
    let world = World::new();
    let mut session = world.open_session();
    add(&mut session, URI);
    let elsewhere = World::new();
    *elsewhere.file.lock().unwrap() = world.file.lock().unwrap().clone();
    add(&mut restarted(&elsewhere, PASSWORD), OTHER);
    add(&mut session, "otpauth://totp/third?secret=MFRGGZDFMZTWQ2LK");
    let copy = elsewhere.file.lock().unwrap().clone().unwrap();
    let report = session.unlocked().unwrap().merge_copy(&copy).unwrap();
    assert_eq!((report.added, report.conflicts.len()), (1, 0));
    let mut all = names(&mut session);
    all.sort();
    assert_eq!(all, ["12345678", "second", "third"]);
    let again = session.unlocked().unwrap().merge_copy(&copy).unwrap();
    assert!(again.is_empty(), "once is enough");

    let stranger = World::new();
    stranger.open_session();
    let foreign = stranger.file.lock().unwrap().clone().unwrap();
    assert_eq!(code(session.unlocked().unwrap().merge_copy(&foreign)), ErrorCode::OtherVault);
    assert_eq!(code(session.unlocked().unwrap().merge_copy(b"nothing")), ErrorCode::VaultDamaged);
}

#[test]
fn the_trash_keeps_for_thirty_days_and_for_good_is_for_good() {
    let world = World::new();
    let mut session = world.open_session();
    let (first, second) = (add(&mut session, URI), add(&mut session, OTHER));
    let mut unlocked = session.unlocked().unwrap();
    assert_eq!(code(unlocked.remove_for_good(first)), ErrorCode::EntryNotDeleted);
    unlocked.delete(first).unwrap();
    world.pass(DAY);
    unlocked.delete(second).unwrap();
    let days: Vec<_> = unlocked.trash().iter().map(|trashed| (trashed.entry.id, trashed.days_left)).collect();
    assert_eq!(days, [(second, 30), (first, 29)]);
    unlocked.remove_for_good(second).unwrap();
    assert_eq!(code(unlocked.restore(second)), ErrorCode::NoSuchEntry);
    unlocked.restore(first).unwrap();
    assert_eq!(names(&mut session), ["12345678"]);
}

#[test]
fn a_replaced_key_and_an_old_name_can_be_taken_back() {
    let world = World::new();
    let mut session = world.open_session();
    let id = add(&mut session, URI);
    let mut unlocked = session.unlocked().unwrap();
    unlocked.propose(read_payload("otpauth://totp/KOSMO%20Web:12345678?secret=JBSWY3DPEHPK3PXP&issuer=KOSMO%20Web"));
    let candidate = unlocked.candidates().next().unwrap().0;
    assert_eq!(unlocked.compared()[0].same_account.map(|entry| entry.id), Some(id));
    world.pass(DAY);
    let (issuer, account) = ("KOSMO Web".to_owned(), "12345678".to_owned());
    let addition = Addition { candidate, issuer, account, even_if_present: false, replaces: Some(id) };
    let added = unlocked.add_candidates(vec![addition]).unwrap();
    assert_eq!(added.counts, Counts { added: 0, replaced: 1, saved: 1, total: 1 });
    world.pass(DAY);
    unlocked.rename(id, "KOSMO", "hanako").unwrap();
    assert_eq!((unlocked.total(), unlocked.history(id).unwrap().len()), (1, 2));

    let secret =
        |unlocked: &warifu_session::Unlocked<'_>| unlocked.entry(id).unwrap().otp.secret().reveal_base32().to_string();
    assert_eq!(secret(&unlocked), "JBSWY3DPEHPK3PXP");
    unlocked.take_back(id, 1).unwrap();
    assert_eq!(secret(&unlocked), SECRET);
    assert_eq!(unlocked.entry(id).unwrap().label.account_name, "12345678");
    assert_eq!(code(unlocked.take_back(id, 99)), ErrorCode::NoSuchVersion);

    *world.disk_fails.lock().unwrap() = Some(StoreError::Io { reason: "no space".into() });
    assert_eq!(code(unlocked.take_back(id, 0)), ErrorCode::VaultNotSaved);
    assert_eq!(secret(&unlocked), SECRET, "not saved, not shown");
    *world.disk_fails.lock().unwrap() = None;
    let mut session = restarted(&world, PASSWORD);
    assert_eq!(session.unlocked().unwrap().history(id).unwrap().len(), 2, "it is in the file");
}

#[test]
fn a_hint_is_shown_at_the_door_and_is_never_the_password() {
    let world = World::new();
    let mut session = world.session();
    assert_eq!(code(session.create(password(PASSWORD), "Kamome Suido 42")), ErrorCode::HintIsPassword);
    session.create(password(PASSWORD), "the bird").unwrap();
    assert_eq!(code(session.unlocked().unwrap().set_hint(PASSWORD, password(PASSWORD))), ErrorCode::HintIsPassword);
    session.unlocked().unwrap().set_hint("bird and street", password(PASSWORD)).unwrap();
    session.lock();
    let Phase::Locked(door) = session.phase() else { unreachable!("the vault is locked") };
    assert_eq!(door.hint.as_deref(), Some("bird and street"));
}

#[test]
fn what_was_merged_for_a_save_that_failed_is_merged_again() {
    let world = World::new();
    let mut ours = world.open_session();
    let id = add(&mut ours, URI);
    let mut theirs = restarted(&world, PASSWORD);
    theirs.unlocked().unwrap().rename(id, "Theirs", "theirs").unwrap();
    *world.cut_off.lock().unwrap() = true;
    assert_eq!(code(ours.unlocked().unwrap().rename(id, "Ours", "ours")), ErrorCode::VaultNotSaved);
    *world.cut_off.lock().unwrap() = false;
    // The store takes a failed save's backup away again.
    let newest = newest(&world).name;
    world.backups.lock().unwrap().remove(&newest);
    add(&mut ours, OTHER);
    assert_eq!(ours.unlocked().unwrap().entry(id).unwrap().label.issuer.as_deref(), Some("Theirs"));
}

#[test]
fn a_copy_with_a_higher_number_that_knows_nothing_of_ours_loses_nothing_of_ours() {
    let world = World::new();
    let mut session = world.open_session();
    add(&mut session, URI);
    let elsewhere = World::new();
    *elsewhere.file.lock().unwrap() = world.file.lock().unwrap().clone();
    add(&mut session, OTHER);
    drop(session);
    let mut there = restarted(&elsewhere, PASSWORD);
    for secret in ["MFRGGZDFMZTWQ2LK", "NBSWY3DPEB3W64TMMQ", "GEZDGNBVGY3TQOJQ"] {
        add(&mut there, &format!("otpauth://totp/{secret}?secret={secret}"));
    }
    // A synchronised folder puts theirs, with the higher number, over ours.
    *world.file.lock().unwrap() = elsewhere.file.lock().unwrap().clone();
    let mut session = restarted(&world, PASSWORD);
    assert_eq!(names(&mut session).len(), 5);
    assert_eq!(told(&mut session), [ErrorCode::VaultMerged]);
    assert_eq!(told(&mut restarted(&world, PASSWORD)), []);
}

#[test]
fn nothing_is_taken_from_newer_backups_until_the_person_has_said_so() {
    let world = World::new();
    let mut session = world.open_session();
    let id = add(&mut session, URI);
    let older = world.file.lock().unwrap().clone();
    add(&mut session, OTHER);
    add(&mut session, "otpauth://totp/third?secret=MFRGGZDFMZTWQ2LK");
    drop(session);
    *world.file.lock().unwrap() = older;
    let mut session = restarted(&world, PASSWORD);
    session.unlocked().unwrap().rename(id, "KOSMO", "12345678").unwrap();
    session.unlocked().unwrap().dismiss_notice("vault_rolled_back");
    assert_eq!(told(&mut session), [ErrorCode::VaultRolledBack]);
    let mut session = restarted(&world, PASSWORD);
    assert_eq!((names(&mut session).len(), told(&mut session)), (1, vec![ErrorCode::VaultRolledBack]), "still asked");
}

#[test]
fn two_that_step_a_counter_at_once_never_hand_out_one_code() {
    let world = World::new();
    let mut ours = world.open_session();
    let id = add(&mut ours, "otpauth://hotp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=0");
    let mut theirs = restarted(&world, PASSWORD);
    let first = theirs.unlocked().unwrap().next_code(id).unwrap().expose_value().to_owned();
    let second = ours.unlocked().unwrap().next_code(id).unwrap().expose_value().to_owned();
    assert_eq!(first, "755224", "RFC 4226, counter 0");
    assert_ne!(second, first);
}

#[test]
fn a_sound_vault_is_not_put_aside_for_a_backup_of_another() {
    let (world, other) = (World::new(), World::new());
    drop((world.open_session(), other.open_session()));
    let foreign = other.backups.lock().unwrap().clone();
    world.backups.lock().unwrap().extend(foreign.clone());
    let before = world.file.lock().unwrap().clone();
    let mut session = world.session();
    let name = foreign.keys().next().unwrap();
    assert_eq!(code(session.restore_backup(BackupPlace::Beside, name, PASSWORD)), ErrorCode::OtherVault);
    assert_eq!(*world.file.lock().unwrap(), before);
    assert!(world.copies.lock().unwrap().is_empty());
}

#[test]
fn a_name_that_claims_a_revision_is_not_believed() {
    let world = World::new();
    let mut session = world.open_session();
    add(&mut session, URI);
    drop(session);
    let (backup, bytes) = world.backups.lock().unwrap().values().last().cloned().unwrap();
    for (revision, bytes) in [(u64::MAX, vec![]), (u64::MAX, bytes)] {
        let name = format!("claims-{}", bytes.len());
        let digest_start = [0; 8];
        let claims = Backup { name: name.clone(), revision, digest_start, ..backup.clone() };
        world.backups.lock().unwrap().insert(name, (claims, bytes));
    }
    assert_eq!(told(&mut restarted(&world, PASSWORD)), []);
    *world.file.lock().unwrap() = None;
    let mut session = world.session();
    session.restore_backup(backup.place, &backup.name, PASSWORD).unwrap();
    add(&mut session, OTHER);
    assert_eq!(names(&mut session).len(), 2);
}

#[test]
fn guessing_by_the_drill_slows_down_too() {
    let world = World::new();
    let mut session = world.open_session();
    for _ in 0..5 {
        assert_eq!(code(session.restore_drill("guess")), ErrorCode::BackupWrongPassword);
    }
    assert_eq!(code(session.restore_drill("guess")), ErrorCode::TooManyAttempts);
}

#[test]
fn a_recovery_key_and_a_new_password_survive_a_copy_that_knows_neither() {
    let world = World::new();
    let mut session = world.open_session();
    let elsewhere = World::new();
    *elsewhere.file.lock().unwrap() = world.file.lock().unwrap().clone();
    let sheet = recovery_sheet(&mut session);
    world.pass(DAY);
    let mut unlocked = session.unlocked().unwrap();
    unlocked.change_password(password(PASSWORD), password(NEW), "", OldBackups::Keep).unwrap();
    // Elsewhere, later and more often: quick unlock is switched on, and accounts are added.
    *elsewhere.wall_ms.lock().unwrap() = *world.wall_ms.lock().unwrap() + 1000;
    let mut there = restarted(&elsewhere, PASSWORD);
    there.unlocked().unwrap().switch_quick_unlock_on(password(PASSWORD)).unwrap();
    add(&mut there, URI);
    add(&mut there, OTHER);
    let copy = elsewhere.file.lock().unwrap().clone().unwrap();
    session.unlocked().unwrap().merge_copy(&copy).unwrap();
    let mut locked = world.session();
    assert_eq!(code(locked.unlock(password(PASSWORD))), ErrorCode::WrongPassword, "the old password is not back");
    assert_eq!(names(&mut restarted(&world, NEW)).len(), 2);
    recover(&world, &sheet).unwrap();

    // And the other way round it is the same.
    let ours = world.file.lock().unwrap().clone().unwrap();
    there.unlocked().unwrap().merge_copy(&ours).unwrap();
    assert_eq!(code(elsewhere.session().unlock(password(PASSWORD))), ErrorCode::WrongPassword);
}
