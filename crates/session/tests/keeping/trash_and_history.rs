//! What was deleted or replaced and is taken back.

use super::*;

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

/// A session with one account in the trash, and another.
fn with_trash(world: &World) -> (Session, EntryId) {
    let mut session = world.open_session();
    let (deleted, kept) = (add(&mut session, URI), add(&mut session, OTHER));
    session.unlocked().unwrap().delete(deleted).unwrap();
    (session, kept)
}

fn in_trash(session: &mut Session) -> usize {
    session.unlocked().unwrap().trash().len()
}

#[test]
fn a_clock_that_jumps_ahead_empties_no_trash_however_often_is_saved() {
    let world = World::new();
    let (mut session, kept) = with_trash(&world);
    // To the year 2100, and back, and there again after a restart.
    for _ in 0..2 {
        *world.wall_ms.lock().unwrap() = 4_102_444_800_000;
        for name in 0..10 {
            session.unlocked().unwrap().rename(kept, "KOSMO", &name.to_string()).unwrap();
        }
        session = restarted(&world, PASSWORD);
        session.unlocked().unwrap().rename(kept, "KOSMO", "again").unwrap();
        assert_eq!(in_trash(&mut session), 1);
        *world.wall_ms.lock().unwrap() = 1_700_000_000_000;
        session.unlocked().unwrap().rename(kept, "KOSMO", "back").unwrap();
    }
    assert_eq!(in_trash(&mut session), 1);
}

#[test]
fn the_trash_is_emptied_after_a_month_of_use() {
    for (every, times) in [(1, 31), (3, 11), (30, 5)] {
        let world = World::new();
        let (mut session, kept) = with_trash(&world);
        for day in 1..=times {
            assert_eq!(in_trash(&mut session), 1, "seen every {every} days, {day}");
            world.pass(DAY * every);
            session.lock();
            session.unlock(password(PASSWORD)).unwrap();
        }
        session.unlocked().unwrap().rename(kept, "KOSMO", "later").unwrap();
        assert_eq!(in_trash(&mut session), 0, "seen every {every} days");
    }
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
