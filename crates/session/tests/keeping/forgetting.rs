//! A password forgotten: the recovery key and the hint.

use super::*;

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
    let asked = shown.asked[0].to_string();
    assert_eq!((error.code, &error.detail["group"]), (ErrorCode::RecoveryConfirmationWrong, &asked));
    let [first, second] = shown.asked.map(|number| password(&shown.groups[number - 1].to_lowercase()));
    assert_eq!(code(unlocked.confirm_recovery_key(std::slice::from_ref(&first))), ErrorCode::RecoveryConfirmationWrong);
    assert!(unlocked.recovery_key().is_none());
    unlocked.confirm_recovery_key(&[first, second]).unwrap();
    assert!(unlocked.recovery_key().is_some());
    assert_eq!(code(unlocked.confirm_recovery_key(&wrong)), ErrorCode::NoRecoveryPending);
}

#[test]
fn right_after_the_vault_was_made_no_password_is_asked_for_and_only_then() {
    for later in 0..4 {
        let world = World::new();
        let mut session = world.open_session();
        session.set_lock_after(0).unwrap();
        session.unlocked().unwrap().begin_recovery_key(None).unwrap();
        world.pass(Duration::from_secs(9 * 60));
        session.unlocked().unwrap().begin_recovery_key(None).unwrap();
        match later {
            0 => {
                add(&mut session, URI);
            }
            1 => session.unlocked().unwrap().set_hint("x", password(PASSWORD)).unwrap(),
            2 => session.unlocked().unwrap().cancel_recovery_key(),
            _ => world.pass(Duration::from_secs(10 * 60)),
        }
        assert_eq!(code(session.unlocked().unwrap().begin_recovery_key(None)), ErrorCode::PasswordEmpty);
    }
}

#[test]
fn other_groups_are_asked_for_each_time_one_of_each_row_and_never_the_first_or_the_last() {
    let world = World::new();
    let mut session = world.open_session();
    let mut unlocked = session.unlocked().unwrap();
    let asked: Vec<[usize; 2]> = (0..60).map(|_| unlocked.begin_recovery_key(None).unwrap().asked).collect();
    assert!(asked.iter().all(|[one, two]| (2..=4).contains(one) && (5..=7).contains(two)), "{asked:?}");
    assert!(asked.iter().any(|other| *other != asked[0]), "{asked:?}");
}

#[test]
fn a_recovery_key_is_advised_some_days_later_and_again_after_a_month_until_there_is_one() {
    let world = World::new();
    let mut session = world.open_session();
    world.pass(DAY * 3);
    assert_eq!(told(&mut session), [], "there is nothing to lose yet");
    add(&mut session, URI);
    assert_eq!(told(&mut session), [ErrorCode::RecoveryKeyAdvised]);
    session.unlocked().unwrap().dismiss_notice("recovery_key_advised");
    world.pass(DAY * 29);
    assert_eq!(told(&mut session), []);
    drop(session);
    world.pass(DAY);
    let mut session = restarted(&world, PASSWORD);
    assert_eq!(told(&mut session), [ErrorCode::RecoveryKeyAdvised]);
    recovery_sheet(&mut session);
    assert_eq!(told(&mut session), []);
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
fn a_password_that_comes_back_brings_its_own_hint_and_not_one_that_may_tell_it() {
    for chosen in [false, true] {
        let world = World::new();
        let mut session = world.session();
        session.create(password(PASSWORD), "the bird").unwrap();
        let Backup { name, place, .. } = newest(&world);
        let mut unlocked = session.unlocked().unwrap();
        unlocked.change_password(password(PASSWORD), password(NEW), "not Kamome-Suido 42", OldBackups::Keep).unwrap();
        session.lock();
        if chosen {
            let bytes = world.backups.lock().unwrap()[&name].1.clone();
            session.choose_file(FileToTakeOver { name, bytes, written_at: None }).unwrap();
            let taken = session.begin_take_over(Unlocking::Password(password(PASSWORD)), false).unwrap().run();
            session.finish_take_over(taken, false).unwrap();
        } else {
            session.restore_backup(place, &name, PASSWORD).unwrap();
        }
        assert_eq!(session.unlocked().unwrap().hint(), Some("the bird"));
        assert_eq!(restarted(&world, PASSWORD).unlocked().unwrap().hint(), Some("the bird"));
    }
}

#[test]
fn guesses_made_at_once_count_one_by_one() {
    let world = World::new();
    let mut session = world.open_session();
    session.lock();
    let mut begin = || session.begin_unlock(Unlocking::Password(password("guess")));
    let mut running: Vec<_> = (0..5).map(|_| begin().unwrap()).collect();
    assert_eq!(code(begin()), ErrorCode::TooManyAttempts, "none of them is answered yet");
    let answered = running.pop().unwrap().run();
    assert_eq!(code(session.finish_unlock(answered)), ErrorCode::WrongPassword);
    assert_eq!(code(session.unlock(password(PASSWORD))), ErrorCode::TooManyAttempts);
    world.pass(Duration::from_secs(2));
    session.unlock(password(PASSWORD)).unwrap();
}

#[test]
fn an_attempt_that_fails_for_another_reason_counts_for_nothing() {
    let world = World::new();
    let mut session = world.open_session();
    session.unlocked().unwrap().switch_quick_unlock_on(password(PASSWORD)).unwrap();
    session.lock();
    let sound = world.file.lock().unwrap().clone();
    for _ in 0..10 {
        let opening = session.begin_unlock(Unlocking::Keyring).unwrap();
        world.keyring.lock().unwrap().clear();
        assert!(session.finish_unlock(opening.run()).is_err());
        world.file.lock().unwrap().as_mut().unwrap()[700] ^= 1;
        assert!(session.unlock(password(PASSWORD)).is_err());
        *world.file.lock().unwrap() = sound.clone();
    }
    session.unlock(password(PASSWORD)).unwrap();
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
