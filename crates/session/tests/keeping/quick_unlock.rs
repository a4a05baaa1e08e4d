//! Quick unlock, and a keyring that fails.

use super::*;

#[test]
fn quick_unlock_opens_until_the_password_is_due() {
    let world = World::new();
    let mut session = world.open_session();
    add(&mut session, URI);
    recovery_sheet(&mut session);
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
fn keys_of_other_machines_and_forgotten_ones_are_told_and_can_be_taken_away() {
    let world = World::new();
    let mut session = world.open_session();
    session.unlocked().unwrap().switch_quick_unlock_on(password(PASSWORD)).unwrap();
    assert_eq!(session.unlocked().unwrap().other_keyrings(), []);
    drop(session);
    // This machine forgets, and the key in its keyring stays; it is switched on anew.
    *world.memory.lock().unwrap() = None;
    let mut session = restarted(&world, PASSWORD);
    let mut unlocked = session.unlocked().unwrap();
    assert!(!unlocked.quick_unlock_is_on());
    assert_eq!(unlocked.other_keyrings().len(), 1);
    unlocked.switch_quick_unlock_on(password(PASSWORD)).unwrap();
    let since: Vec<_> = unlocked.other_keyrings().into_iter().map(|at| at.unwrap().as_secs()).collect();
    assert_eq!((since, world.keyring.lock().unwrap().len()), (vec![1_700_000_000], 2));

    assert_eq!(code(unlocked.remove_other_keyrings(password("guess"))), ErrorCode::WrongPassword);
    *world.disk_fails.lock().unwrap() = Some(StoreError::Io { reason: "no space".into() });
    assert_eq!(code(unlocked.remove_other_keyrings(password(PASSWORD))), ErrorCode::VaultNotSaved);
    assert_eq!(unlocked.other_keyrings().len(), 1);
    *world.disk_fails.lock().unwrap() = None;
    unlocked.remove_other_keyrings(password(PASSWORD)).unwrap();
    assert_eq!((unlocked.other_keyrings(), world.keyring.lock().unwrap().len()), (vec![], 1));
    session.lock();
    session.open_by(Unlocking::Keyring).unwrap();
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
