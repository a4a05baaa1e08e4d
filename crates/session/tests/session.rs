//! The application as a person meets it, with the world in the hands of the test.
#![allow(clippy::unwrap_used)]

#[path = "support/screen.rs"]
mod screen;
mod support;

use std::time::Duration;

use screen::screen;
use support::{PASSWORD, SECRET, URI, World, add_one, beat, password};
use warifu_session::{
    CandidateId, Copying, EntryId, ErrorCode, OldBackups, Phase, Scan, Session, SessionError, Unlocked,
    otp::{Code, Label, OtpKind, UnixTime},
    ports::StoreError,
    reading::{TypedKey, read_payload},
};

fn add(session: &mut Session, uri: &str) -> EntryId {
    let mut unlocked = session.unlocked().unwrap();
    unlocked.propose(read_payload(uri));
    let id = first_candidate(&unlocked);
    let Label { issuer, account_name } = unlocked.candidate(id).unwrap().label.clone();
    add_one(&mut unlocked, id, &issuer.unwrap_or_default(), &account_name, false).unwrap()
}

/// The first candidate of what was read last.
fn first_candidate(unlocked: &Unlocked<'_>) -> CandidateId {
    unlocked.candidates().next().unwrap().0
}

fn add_first(unlocked: &mut Unlocked<'_>, issuer: &str, account: &str, twice: bool) -> Result<EntryId, SessionError> {
    let candidate = first_candidate(unlocked);
    add_one(unlocked, candidate, issuer, account, twice)
}

fn copied(outcome: Result<Copying, SessionError>) -> Code {
    match outcome.unwrap() {
        Copying::Copied(code) => code,
        Copying::NextAt(_) => unreachable!("the test's clock stands in the middle of a step"),
    }
}

fn names(unlocked: &Unlocked<'_>, query: &str) -> Vec<String> {
    unlocked.entries(query).iter().map(|entry| entry.label.account_name.clone()).collect()
}

fn code<T>(outcome: Result<T, SessionError>) -> ErrorCode {
    outcome.err().unwrap().code
}

fn key<'a>(text: &'a str) -> TypedKey<'a> {
    TypedKey {
        text,
        issuer: "Site",
        account: "me",
        kind: OtpKind::Totp,
        algorithm: "SHA1",
        digits: 6,
        period: 30,
        counter: "0",
    }
}

#[test]
fn what_was_added_is_there_tomorrow() {
    let world = World::new();
    let mut session = world.open_session();
    assert_eq!(session.phase(), Phase::Unlocked);
    let id = add(&mut session, URI);
    drop(session);

    let mut session = world.session();
    assert!(matches!(session.phase(), Phase::Locked(_)));
    assert_eq!(code(session.unlocked()), ErrorCode::Locked);
    session.unlock(password(PASSWORD)).unwrap();
    let unlocked = session.unlocked().unwrap();
    assert_eq!(unlocked.entry(id).unwrap().label.issuer.as_deref(), Some("KOSMO Web"));
    assert_eq!(unlocked.entry(id).unwrap().otp.secret().reveal_base32().as_str(), SECRET);
}

#[test]
fn a_wrong_password_changes_nothing_and_then_slows_down() {
    let world = World::new();
    world.open_session();
    let before = world.file.lock().unwrap().clone();
    let mut session = world.session();
    for _ in 0..5 {
        assert_eq!(code(session.unlock(password("wrong"))), ErrorCode::WrongPassword);
    }
    let error = session.unlock(password(PASSWORD)).unwrap_err();
    assert_eq!((error.code, error.detail["seconds"].as_str()), (ErrorCode::TooManyAttempts, "2"));
    assert_eq!(*world.file.lock().unwrap(), before);
    world.pass(Duration::from_secs(2));
    session.unlock(password(PASSWORD)).unwrap();
}

#[test]
fn a_damaged_vault_is_never_a_first_start_and_never_overwritten() {
    let world = World::new();
    let mut session = world.open_session();
    add(&mut session, URI);
    let whole = world.file.lock().unwrap().clone().unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for damaged in [flipped, whole[..whole.len() - 1].to_vec(), vec![], b"PK\x03\x04 something else".to_vec()] {
        *world.file.lock().unwrap() = Some(damaged.clone());
        let mut session = world.session();
        assert_eq!(session.phase(), Phase::Unreadable(ErrorCode::VaultDamaged.into()));
        assert_eq!(code(session.unlock(password(PASSWORD))), ErrorCode::VaultDamaged);
        assert_eq!(code(session.create(password(PASSWORD), "")), ErrorCode::VaultExists);
        assert_eq!(*world.file.lock().unwrap(), Some(damaged));
    }
}

#[test]
fn what_cannot_be_saved_is_not_shown_as_done() {
    let world = World::new();
    let mut session = world.open_session();
    let first = add(&mut session, URI);
    let second = add(&mut session, "otpauth://totp/second?secret=JBSWY3DPEHPK3PXP");
    let counter = add(&mut session, "otpauth://hotp/third?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=0");
    let saved = world.file.lock().unwrap().clone();
    *world.disk_fails.lock().unwrap() = Some(StoreError::Io { reason: "no space".into() });

    let mut unlocked = session.unlocked().unwrap();
    unlocked.propose(read_payload("otpauth://totp/new?secret=MFRGGZDFMZTWQ2LK"));
    assert_eq!(code(add_first(&mut unlocked, "", "new", false)), ErrorCode::VaultNotSaved);
    assert_eq!(code(unlocked.rename(first, "Other", "name")), ErrorCode::VaultNotSaved);
    assert_eq!(code(unlocked.delete(second)), ErrorCode::VaultNotSaved);
    assert_eq!(code(unlocked.move_to(counter, 0)), ErrorCode::VaultNotSaved);
    assert_eq!(code(unlocked.next_code(counter)), ErrorCode::VaultNotSaved);
    assert_eq!(
        code(unlocked.change_password(password(PASSWORD), password("another-password"), "", OldBackups::Keep)),
        ErrorCode::VaultNotSaved
    );
    assert_eq!(names(&unlocked, ""), ["12345678", "second", "third"]);
    assert_eq!(*world.file.lock().unwrap(), saved);

    // The same again works as soon as the disk does, and the counter has not moved.
    *world.disk_fails.lock().unwrap() = None;
    add_first(&mut unlocked, "", "new", false).unwrap();
    assert_eq!(unlocked.next_code(counter).unwrap().expose_value(), "755224", "RFC 4226, counter 0");
    session.lock();
    session.unlock(password(PASSWORD)).unwrap();
}

#[test]
fn a_counter_is_raised_on_disk_before_its_code_is_seen() {
    let world = World::new();
    let mut session = world.open_session();
    let id = add(&mut session, "otpauth://hotp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=0");
    let mut unlocked = session.unlocked().unwrap();
    assert_eq!(unlocked.next_code(id).unwrap().expose_value(), "755224");
    assert_eq!(copied(unlocked.copy_code(id)).expose_value(), "755224", "copying shows no new one");
    drop(session);

    let mut session = world.session();
    session.unlock(password(PASSWORD)).unwrap();
    let mut unlocked = session.unlocked().unwrap();
    assert_eq!(copied(unlocked.copy_code(id)).expose_value(), "287082", "none is shown yet, so the next");
    assert_eq!(unlocked.next_code(id).unwrap().expose_value(), "359152");
    assert!(unlocked.codes_at(world_now(&world)).is_empty(), "no counter is used up by looking");
}

fn world_now(world: &World) -> UnixTime {
    warifu_session::ports::Clock::now(world)
}

#[test]
fn a_used_counter_based_code_is_not_copied_a_second_time_later() {
    let world = World::new();
    let mut session = world.open_session();
    let id = add(&mut session, "otpauth://hotp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=0");
    let mut unlocked = session.unlocked().unwrap();
    assert_eq!(copied(unlocked.copy_code(id)).expose_value(), "755224");
    world.pass(Duration::from_secs(119));
    assert_eq!(copied(unlocked.copy_code(id)).expose_value(), "755224", "the same login, pasted again");
    world.pass(Duration::from_secs(1));
    assert_eq!(copied(unlocked.copy_code(id)).expose_value(), "287082");
}

#[test]
fn a_file_that_was_placed_but_not_flushed_is_what_is_shown() {
    let world = World::new();
    let mut session = world.open_session();
    let id = add(&mut session, "otpauth://hotp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=0");
    let mut unlocked = session.unlocked().unwrap();
    *world.not_flushed.lock().unwrap() = Some(StoreError::Io { reason: "I/O error".into() });
    assert_eq!(code(unlocked.rename(id, "New", "name")), ErrorCode::VaultNotFlushed);
    assert_eq!(code(unlocked.next_code(id)), ErrorCode::VaultNotFlushed);
    assert_eq!(
        code(unlocked.change_password(password(PASSWORD), password("another-password"), "", OldBackups::Keep)),
        ErrorCode::VaultNotFlushed
    );
    *world.not_flushed.lock().unwrap() = None;
    assert_eq!(names(&unlocked, "new"), ["name"]);
    unlocked.move_to(id, 0).unwrap();
    session.lock();
    session.unlock(password("another-password")).unwrap();
    assert_eq!(session.unlocked().unwrap().next_code(id).unwrap().expose_value(), "287082", "never a code twice");
}

#[test]
fn a_vault_that_appears_while_the_first_is_made_is_not_overwritten() {
    let whole = World::new();
    whole.open_session();
    let mut damaged = whole.file.lock().unwrap().clone().unwrap();
    damaged.truncate(1000);
    for appeared in [whole.file.lock().unwrap().clone().unwrap(), damaged] {
        let world = World::new();
        *world.appears_on_save.lock().unwrap() = Some(appeared.clone());
        assert_eq!(code(world.session().create(password(PASSWORD), "")), ErrorCode::VaultExists);
        assert_eq!(*world.file.lock().unwrap(), Some(appeared));
    }
}

#[test]
fn a_name_is_never_put_on_another_readings_secret() {
    let world = World::new();
    let mut session = world.open_session();
    let mut unlocked = session.unlocked().unwrap();
    unlocked.propose(read_payload(URI));
    let (confirmed, number) = (first_candidate(&unlocked), unlocked.reading_number());
    unlocked.propose(read_payload("otpauth://totp/other?secret=MFRGGZDFMZTWQ2LK"));
    assert_eq!(code(add_one(&mut unlocked, confirmed, "KOSMO Web", "12345678", false)), ErrorCode::NoSuchCandidate);
    unlocked.discard_reading(number);
    assert!(unlocked.reading().is_some(), "a late goodbye to the first does not discard the second");
    assert_eq!(unlocked.total(), 0);
}

#[test]
fn what_two_have_added_is_in_the_vault_of_both() {
    let world = World::new();
    let mut ours = world.open_session();
    let mut theirs = world.session();
    theirs.unlock(password(PASSWORD)).unwrap();
    add(&mut theirs, URI);
    add(&mut ours, "otpauth://totp/new?secret=MFRGGZDFMZTWQ2LK");
    let mut both = names(&ours.unlocked().unwrap(), "");
    both.sort();
    assert_eq!(both, ["12345678", "new"]);
    let told: Vec<ErrorCode> = ours.unlocked().unwrap().notices().iter().map(|notice| notice.code).collect();
    assert_eq!(told, [ErrorCode::VaultMerged]);
    // The other takes it up at its next heartbeat, without being asked.
    assert!(theirs.tick().changed);
    assert_eq!(theirs.unlocked().unwrap().total(), 2);
    assert!(!theirs.tick().changed);
}

#[test]
fn another_vault_in_our_place_is_not_overwritten_and_ours_goes_beside_it() {
    let other = World::new();
    other.open_session();
    let foreign = other.file.lock().unwrap().clone();
    for appeared in [foreign, Some(b"PK\x03\x04 something else".to_vec())] {
        let world = World::new();
        let mut session = world.open_session();
        add(&mut session, URI);
        *world.file.lock().unwrap() = appeared.clone();
        assert!(!session.tick().changed);
        let mut unlocked = session.unlocked().unwrap();
        unlocked.propose(read_payload("otpauth://totp/new?secret=MFRGGZDFMZTWQ2LK"));
        assert_eq!(code(add_first(&mut unlocked, "", "new", false)), ErrorCode::VaultConflictCopy);
        assert_eq!(*world.file.lock().unwrap(), appeared, "left alone");
        assert_eq!(names(&unlocked, ""), ["12345678", "new"], "the edit is kept");
        let copy = world.copies.lock().unwrap().pop();
        *world.file.lock().unwrap() = copy;
        let mut session = world.session();
        session.unlock(password(PASSWORD)).unwrap();
        assert_eq!(names(&session.unlocked().unwrap(), ""), ["12345678", "new"]);
    }
}

#[test]
fn the_vault_survives_its_file_being_deleted_while_open() {
    let world = World::new();
    let mut session = world.open_session();
    add(&mut session, URI);
    *world.file.lock().unwrap() = None;
    add(&mut session, "otpauth://totp/second?secret=JBSWY3DPEHPK3PXP");
    session.lock();
    session.unlock(password(PASSWORD)).unwrap();
    assert_eq!(names(&session.unlocked().unwrap(), ""), ["12345678", "second"]);
}

#[test]
fn the_same_secret_is_said_and_never_overwritten() {
    let world = World::new();
    let mut session = world.open_session();
    let id = add(&mut session, URI);
    let mut unlocked = session.unlocked().unwrap();
    unlocked.propose(read_payload(&format!("otpauth://totp/Other:name?secret={SECRET}&digits=8")));
    assert_eq!(unlocked.compared()[0].present_as.unwrap().id, id);
    assert_eq!(code(add_first(&mut unlocked, "Other", "name", false)), ErrorCode::AlreadyPresent);
    assert_eq!(unlocked.total(), 1);
    add_first(&mut unlocked, "Other", "name", true).unwrap();
    assert_eq!(names(&unlocked, ""), ["12345678", "name"]);
}

#[test]
fn a_deletion_can_be_taken_back_for_thirty_days() {
    let world = World::new();
    let mut session = world.open_session();
    let id = add(&mut session, URI);
    let mut unlocked = session.unlocked().unwrap();
    unlocked.delete(id).unwrap();
    assert_eq!((unlocked.total(), code(unlocked.entry(id))), (0, ErrorCode::NoSuchEntry));
    world.pass(Duration::from_secs(29 * 24 * 3600));
    unlocked.restore(id).unwrap();
    assert_eq!(unlocked.total(), 1);
    unlocked.delete(id).unwrap();
    world.pass(Duration::from_secs(31 * 24 * 3600));
    let second = add(&mut session, "otpauth://totp/second?secret=JBSWY3DPEHPK3PXP");
    assert_eq!(session.unlocked().unwrap().trash().len(), 1, "one look at the clock is not believed");
    for week in 1..=4 {
        world.pass(Duration::from_secs(7 * 24 * 3600));
        session.unlocked().unwrap().rename(second, "", &format!("{week}")).unwrap();
    }
    assert_eq!(code(session.unlocked().unwrap().restore(id)), ErrorCode::NoSuchEntry);
}

#[test]
fn entries_keep_the_order_the_person_gave_them() {
    let world = World::new();
    let mut session = world.open_session();
    let ids: Vec<_> = ["a", "b", "c"]
        .iter()
        .zip(["MFRGGZDFMZTWQ2LK", "NBSWY3DPEB3W64TMMQ", "JBSWY3DPEHPK3PXP"])
        .map(|(name, secret)| add(&mut session, &format!("otpauth://totp/{name}?secret={secret}")))
        .collect();
    let mut unlocked = session.unlocked().unwrap();
    unlocked.move_to(ids[2], 0).unwrap();
    assert_eq!(names(&unlocked, ""), ["c", "a", "b"]);
    unlocked.move_to(ids[2], 99).unwrap();
    assert_eq!(names(&unlocked, ""), ["a", "b", "c"]);
    session.lock();
    session.unlock(password(PASSWORD)).unwrap();
    assert_eq!(names(&session.unlocked().unwrap(), ""), ["a", "b", "c"]);
}

#[test]
fn a_copied_code_has_no_space_and_leaves_after_thirty_seconds_if_it_is_still_ours() {
    let world = World::new();
    let mut session = world.open_session();
    let id = add(&mut session, URI);
    session.unlocked().unwrap().copy_code(id).unwrap();
    let copied = world.clipboard.lock().unwrap().clone().unwrap();
    assert!(copied.len() == 6 && copied.bytes().all(|byte| byte.is_ascii_digit()), "{copied:?}");
    world.pass(Duration::from_secs(29));
    assert!(!beat(&mut session).1);
    world.pass(Duration::from_secs(1));
    assert!(beat(&mut session).1);
    assert_eq!(*world.clipboard.lock().unwrap(), None);

    session.unlocked().unwrap().copy_code(id).unwrap();
    *world.clipboard.lock().unwrap() = Some("a shopping list".into());
    world.pass(Duration::from_secs(60));
    assert!(!beat(&mut session).1);
    assert_eq!(world.clipboard.lock().unwrap().as_deref(), Some("a shopping list"));

    session.unlocked().unwrap().copy_code(id).unwrap();
    session.lock();
    assert!(beat(&mut session).1, "locking makes it due");
    assert_eq!(*world.clipboard.lock().unwrap(), None);
}

#[test]
fn a_clipboard_that_is_held_by_another_program_is_asked_again() {
    let world = World::new();
    let mut session = world.open_session();
    let id = add(&mut session, URI);
    session.unlocked().unwrap().copy_code(id).unwrap();
    world.pass(Duration::from_secs(30));
    *world.clipboard_occupied.lock().unwrap() = true;
    assert!(!beat(&mut session).1);
    assert!(!beat(&mut session).1);
    *world.clipboard_occupied.lock().unwrap() = false;
    assert!(beat(&mut session).1);
    assert_eq!(*world.clipboard.lock().unwrap(), None);
}

#[test]
fn a_code_about_to_die_is_not_handed_out() {
    let world = World::new();
    let mut session = world.open_session();
    let id = add(&mut session, URI);
    let short = add(&mut session, "otpauth://totp/short?secret=MFRGGZDFMZTWQ2LK&period=5");
    let mut unlocked = session.unlocked().unwrap();
    // A step of 30 s begins at 1,700,000,010.
    for (second, waits) in [(6, false), (7, false), (8, true), (9, true), (10, false)] {
        *world.wall_ms.lock().unwrap() = (1_700_000_000 + second) * 1000 + 999;
        *world.clipboard.lock().unwrap() = None;
        match unlocked.copy_code(id).unwrap() {
            Copying::Copied(_) => assert!(!waits, "{second}"),
            Copying::NextAt(next) => assert!(waits && next == UnixTime::from_secs(1_700_000_010), "{second}"),
        }
        assert_eq!(world.clipboard.lock().unwrap().is_none(), waits, "{second}");
        copied(unlocked.copy_code(short));
    }
}

#[test]
fn idle_minutes_lock_and_activity_does_not() {
    let world = World::new();
    let mut session = world.open_session();
    session.set_lock_after(2).unwrap();
    world.pass(Duration::from_secs(119));
    session.report_activity();
    world.pass(Duration::from_secs(119));
    assert!(!beat(&mut session).0);
    world.pass(Duration::from_secs(1));
    assert!(beat(&mut session).0);
    assert!(matches!(session.phase(), Phase::Locked(_)));
    assert_eq!(code(session.set_lock_after(0)), ErrorCode::Locked, "whoever finds it locked must not loosen it");

    session.unlock(password(PASSWORD)).unwrap();
    session.set_lock_after(0).unwrap();
    world.pass(Duration::from_secs(1_000_000));
    assert!(!beat(&mut session).0);
}

#[test]
fn a_wall_clock_set_back_does_not_keep_the_vault_open() {
    let world = World::new();
    let mut session = world.open_session();
    session.set_lock_after(1).unwrap();
    *world.wall_ms.lock().unwrap() = 0;
    *world.boot.lock().unwrap() += Duration::from_secs(60);
    assert!(beat(&mut session).0);
}

#[test]
fn keys_are_read_as_people_type_them() {
    let world = World::new();
    let mut session = world.open_session();
    let mut unlocked = session.unlocked().unwrap();
    for typed in ["gezd gnbv gy3t qojq", "GEZD-GNBV-GY3T-QOJQ======", "ＧＥＺＤ　ｇｎｂｖ　ＧＹ３Ｔ　ｑｏｊｑ"]
    {
        let reading = unlocked.propose_key(&key(typed)).unwrap();
        assert_eq!(reading.candidates[0].otp.secret().reveal_base32().as_str(), "GEZDGNBVGY3TQOJQ", "{typed}");
    }
    let reading = unlocked.propose_key(&key(URI)).unwrap();
    assert_eq!(reading.candidates[0].label.issuer.as_deref(), Some("KOSMO Web"), "a whole line brings its own names");
}

#[test]
fn every_unusable_key_has_an_error_of_its_own() {
    let world = World::new();
    let mut session = world.open_session();
    let mut unlocked = session.unlocked().unwrap();
    let mut refused = |typed: TypedKey<'_>| code(unlocked.propose_key(&typed).map(|_| ()));
    assert_eq!(refused(key("")), ErrorCode::SecretMissing);
    assert_eq!(refused(key("A")), ErrorCode::SecretTooShort);
    assert_eq!(refused(key("ABCDEF1H")), ErrorCode::SecretIllegalCharacter);
    assert_eq!(refused(key("https://example.org")), ErrorCode::CodeIsWebLink);
    assert_eq!(refused(key("phonefactor://activate_account?code=1")), ErrorCode::CodeIsMicrosoftPush);
    assert_eq!(refused(key("otpauth://totp/x")), ErrorCode::SecretMissing);
    assert_eq!(refused(TypedKey { digits: 99, ..key(SECRET) }), ErrorCode::DigitsOutOfRange);
    assert_eq!(refused(TypedKey { period: 0, ..key(SECRET) }), ErrorCode::PeriodOutOfRange);
    assert_eq!(refused(TypedKey { algorithm: "MD5", ..key(SECRET) }), ErrorCode::UnknownAlgorithm);
    assert_eq!(refused(TypedKey { issuer: " ", account: "", ..key(SECRET) }), ErrorCode::LabelEmpty);
    let hotp = TypedKey { kind: OtpKind::Hotp, ..key(SECRET) };
    assert_eq!(refused(TypedKey { counter: "18446744073709551616", ..hotp }), ErrorCode::CounterOutOfRange);
    let error = unlocked.propose_key(&key("ABCD EF1H")).map(|_| ()).unwrap_err();
    assert_eq!(error.detail["position"], "8", "counted in what was typed");
}

#[test]
fn a_desktop_that_asks_is_announced_until_it_has_shown_its_screen() {
    let world = World::new();
    *world.screens.lock().unwrap() = vec![screen(&[])];
    let mut session = world.open_session();
    session.unlocked().unwrap().begin_scan(Scan::freeze(&world).unwrap());
    assert!(!session.scan_asks(), "this desktop asks nobody");

    *world.screen_asks.lock().unwrap() = true;
    assert!(session.scan_asks(), "and tells nothing about one that does");
    session.unlocked().unwrap().begin_scan(Scan::freeze(&world).unwrap());
    assert!(!session.scan_asks());
    session.lock();
    session.unlock(password(PASSWORD)).unwrap();
    assert!(!session.scan_asks(), "what is remembered of the vault leaves it alone");
    assert!(!world.session().scan_asks(), "the next day");
}

#[test]
fn the_frozen_screen_gives_its_codes_by_click_and_by_box() {
    let world = World::new();
    *world.screens.lock().unwrap() = vec![screen(&[URI, "https://example.org/"]), screen(&[])];
    let mut session = world.open_session();
    let mut unlocked = session.unlocked().unwrap();
    unlocked.begin_scan(Scan::freeze(&world).unwrap());
    assert!(unlocked.monitor(0).unwrap().frame.primary);
    assert_eq!(unlocked.monitor(0).unwrap().codes.len(), 2);
    assert!(unlocked.monitor(1).unwrap().codes.is_empty());
    assert_eq!(code(unlocked.monitor(2)), ErrorCode::NoFrame);

    let nothing = warifu_session::scan::Region { x: 0, y: 0, width: 40, height: 40 };
    assert!(unlocked.pick_region(1, nothing).unwrap().is_none());
    assert!(unlocked.monitor(0).is_ok(), "nothing in the box: another try");
    let corner = unlocked.monitor(0).unwrap().codes[0].corners[0];
    let (x, y) = (corner.x as u32 - 20, corner.y as u32 - 20);
    let around = warifu_session::scan::Region { x, y, width: 300, height: 300 };
    assert_eq!(unlocked.pick_region(0, around).unwrap().unwrap().candidates.len(), 1);
    assert!(unlocked.monitor(0).is_err(), "the frame is dropped with the choice");

    unlocked.begin_scan(Scan::freeze(&world).unwrap());
    let reading = unlocked.pick_code(0, 1).unwrap();
    assert_eq!(reading.refusals[0].error.code, ErrorCode::CodeIsWebLink);

    unlocked.begin_scan(Scan::freeze(&world).unwrap());
    session.lock();
    session.unlock(password(PASSWORD)).unwrap();
    assert!(session.unlocked().unwrap().monitor(0).is_err(), "locking drops the frame");
}
