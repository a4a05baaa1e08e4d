//! Backups: restored, listed, rewritten after a change of password.

use super::*;

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

/// The codes of RFC 4226, appendix D, for the counters 0 to 3.
const COUNTED: [&str; 4] = ["755224", "287082", "359152", "969429"];

fn next_code(session: &mut Session, id: EntryId) -> String {
    session.unlocked().unwrap().next_code(id).unwrap().expose_value().to_owned()
}

#[test]
fn a_counter_does_not_go_back_with_the_backup_that_becomes_the_vault() {
    let world = World::new();
    let mut session = world.open_session();
    let id = add(&mut session, "otpauth://hotp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=0");
    let older = newest(&world);
    for counted in &COUNTED[..3] {
        assert_eq!(next_code(&mut session, id), *counted);
    }
    add(&mut session, OTHER);
    drop(session);
    *world.file.lock().unwrap() = None;
    let mut session = world.session();
    session.restore_backup(older.place, &older.name, PASSWORD).unwrap();
    assert_eq!(names(&mut session), ["a"], "nothing else is taken from the later ones");
    assert_eq!(next_code(&mut session, id), COUNTED[3]);
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
fn a_recovery_key_that_was_given_up_opens_no_backup_and_never_the_vault_as_it_is_now() {
    for replaced in [false, true] {
        let world = World::new();
        let mut session = world.open_session();
        add(&mut session, URI);
        let sheet = recovery_sheet(&mut session);
        let Backup { name, place, .. } = newest(&world);
        let kept = world.backups.lock().unwrap()[&name].1.clone();
        if replaced {
            recovery_sheet(&mut session);
        } else {
            session.unlocked().unwrap().remove_recovery_key(password(PASSWORD)).unwrap();
        }
        assert_eq!(told(&mut session), []);
        add(&mut session, OTHER);
        session.lock();
        assert_eq!(code(session.restore_backup(place, &name, &sheet)), ErrorCode::BackupWrongPassword, "sealed anew");

        // One that could not be reached then, on a stick that was not plugged in.
        world.backups.lock().unwrap().get_mut(&name).unwrap().1 = kept.clone();
        let before = world.file.lock().unwrap().clone();
        assert_eq!(code(session.restore_backup(place, &name, &sheet)), ErrorCode::RecoveryKeyGivenUp);
        assert!(!session.is_open());
        let file = FileToTakeOver { name: name.clone(), bytes: kept.clone(), written_at: None };
        session.choose_file(file).unwrap();
        let (key, replacement) = (password(&sheet), password(NEW));
        let way = Unlocking::Recovery { key, replacement, hint: String::new() };
        let taken = session.begin_take_over(way, false).unwrap().run();
        assert_eq!(code(session.finish_take_over(taken, false)), ErrorCode::RecoveryKeyGivenUp);
        assert_eq!(*world.file.lock().unwrap(), before, "nothing has changed");

        // Where there is no vault any more, what the sheet opens is better than nothing.
        *world.file.lock().unwrap() = None;
        session.restore_backup(place, &name, &sheet).unwrap();
        assert_eq!(names(&mut session), ["12345678"]);
    }
}

#[test]
fn what_an_old_recovery_key_still_opens_is_said() {
    let world = World::new();
    let mut session = world.open_session();
    recovery_sheet(&mut session);
    let Backup { name, .. } = newest(&world);
    *world.backups_stay.lock().unwrap() = true;
    session.unlocked().unwrap().remove_recovery_key(password(PASSWORD)).unwrap();
    let notice = session.unlocked().unwrap().notices().remove(0);
    assert_eq!((notice.code, notice.detail["count"].as_str()), (ErrorCode::BackupsOpenByOldKey, "1"), "{name}");
}

#[test]
fn a_first_recovery_key_leaves_the_backups_as_they_are() {
    let world = World::new();
    let mut session = world.open_session();
    add(&mut session, URI);
    let before = world.backups.lock().unwrap().clone();
    recovery_sheet(&mut session);
    let after = world.backups.lock().unwrap();
    assert!(before.iter().all(|(name, (_, bytes))| after[name].1 == *bytes));
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
fn guessing_by_the_drill_slows_down_too() {
    let world = World::new();
    let mut session = world.open_session();
    for _ in 0..5 {
        assert_eq!(code(session.restore_drill("guess")), ErrorCode::BackupWrongPassword);
    }
    assert_eq!(code(session.restore_drill("guess")), ErrorCode::TooManyAttempts);
}
