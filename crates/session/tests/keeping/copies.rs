//! Older, cut-off and foreign copies in the place of the vault, and merging.

use super::*;

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

/// A world whose program was ended while it saved a second account.
fn cut_off_in_a_save() -> World {
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
    world
}

#[test]
fn a_save_that_was_cut_off_is_completed_at_the_next_start() {
    let world = cut_off_in_a_save();
    let mut session = restarted(&world, PASSWORD);
    assert_eq!(names(&mut session), ["12345678", "second"]);
    assert_eq!(told(&mut session), [ErrorCode::SaveCompleted]);
    assert_eq!(told(&mut restarted(&world, PASSWORD)), []);
}

#[test]
fn a_save_that_another_process_is_in_the_middle_of_is_not_taken_for_one_that_was_cut_off() {
    let world = cut_off_in_a_save();
    // By the time the lock is ours, the other one is done.
    let name = newest(&world).name;
    let done = world.backups.lock().unwrap()[&name].1.clone();
    *world.appears_on_save.lock().unwrap() = Some(done.clone());
    let written = *world.written.lock().unwrap();
    let mut session = restarted(&world, PASSWORD);
    assert_eq!((names(&mut session), told(&mut session)), (vec!["12345678".to_owned(), "second".to_owned()], vec![]));
    assert_eq!((*world.written.lock().unwrap(), world.file.lock().unwrap().as_ref()), (written, Some(&done)));
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
fn a_counter_does_not_go_back_with_an_older_copy_in_the_vaults_place() {
    for settled in [None, Some(false), Some(true)] {
        let world = World::new();
        let mut session = world.open_session();
        let id = add(&mut session, "otpauth://hotp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=0");
        let older = world.file.lock().unwrap().clone();
        for _ in 0..3 {
            session.unlocked().unwrap().next_code(id).unwrap();
        }
        add(&mut session, OTHER);
        drop(session);
        *world.file.lock().unwrap() = older;
        let mut session = restarted(&world, PASSWORD);
        assert_eq!(told(&mut session), [ErrorCode::VaultRolledBack]);
        if let Some(merge) = settled {
            session.unlocked().unwrap().resolve_rollback(merge).unwrap();
        }
        assert_eq!(names(&mut session).len(), if settled == Some(true) { 2 } else { 1 }, "nothing else is taken");
        let code = session.unlocked().unwrap().next_code(id).unwrap();
        assert_eq!(code.expose_value(), "969429", "RFC 4226, counter 3; {settled:?}");
    }
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
