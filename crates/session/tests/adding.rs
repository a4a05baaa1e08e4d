//! From codes to entries: exports in parts, several at once, and what is left lying about afterwards.
#![allow(clippy::unwrap_used)]

#[path = "support/screen.rs"]
mod screen;
mod support;

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use screen::screen;
use support::{PASSWORD, SECRET, URI, World, password};
use warifu_session::{
    Added, Addition, CandidateId, Counts, EntryId, ErrorCode, Session, SessionError, Unlocked,
    otp::Label,
    pictures::{self, FILES_LIMIT},
    ports::StoreError,
    read_clipboard,
    reading::{Export, Reading, read_payload, read_text},
};

const SECOND: &str = "otpauth://totp/Second:me?secret=JBSWY3DPEHPK3PXP&issuer=Second";
const THIRD: &str = "otpauth://totp/Third:me?secret=MFRGGZDFMZTWQ2LK&issuer=Third";

/// The lines of an export among the fixtures, each a part.
fn export(name: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/exports/google_migration");
    std::fs::read_to_string(folder.join(name).with_extension("txt")).unwrap().lines().map(str::to_owned).collect()
}

fn accounts(unlocked: &Unlocked<'_>) -> Vec<String> {
    unlocked.candidates().map(|(_, candidate)| candidate.label.account_name.clone()).collect()
}

fn refusals(reading: &Reading) -> Vec<ErrorCode> {
    reading.refusals.iter().map(|refusal| refusal.error.code).collect()
}

fn shapes(unlocked: &Unlocked<'_>) -> Vec<(u32, Vec<u32>, Vec<u32>, usize)> {
    let shape = |export: &Export| (export.parts(), export.have(), export.missing(), export.accounts());
    unlocked.reading().unwrap().exports.iter().map(shape).collect()
}

/// Every candidate under its own name, or one made up.
fn all(unlocked: &Unlocked<'_>) -> Vec<Addition> {
    let named = |(candidate, read): (CandidateId, &warifu_session::reading::Candidate)| {
        let issuer = read.label.issuer.clone().unwrap_or_else(|| "Site".to_owned());
        let account = read.label.account_name.clone();
        Addition { candidate, issuer, account, even_if_present: false, replaces: None }
    };
    unlocked.candidates().map(named).collect()
}

fn add_all(session: &mut Session, texts: &[&str]) -> Vec<EntryId> {
    let mut unlocked = session.unlocked().unwrap();
    unlocked.propose(read_text(&texts.join("\n")));
    let additions = all(&unlocked);
    unlocked.add_candidates(additions).unwrap().entries
}

fn code<T>(outcome: Result<T, SessionError>) -> ErrorCode {
    outcome.err().unwrap().code
}

#[test]
fn parts_of_an_export_are_taken_in_any_order() {
    let parts = export("three_parts");
    let held = [vec!["花子", "hanako"], vec!["hanako@example.jp", "NAS"], vec!["花子"]];
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let world = World::new();
        let mut session = world.open_session();
        let mut unlocked = session.unlocked().unwrap();
        let mut expected: Vec<&str> = Vec::new();
        let mut ids: Vec<CandidateId> = Vec::new();
        for (read, index) in order.into_iter().enumerate() {
            unlocked.propose(read_payload(&parts[index]));
            expected.extend(&held[index]);
            assert_eq!(accounts(&unlocked), expected, "{order:?}");
            let now: Vec<CandidateId> = unlocked.candidates().map(|(id, _)| id).collect();
            assert!(now.starts_with(&ids), "what was ticked keeps its place");
            ids = now;
            let shape = &shapes(&unlocked)[0];
            assert_eq!((shape.0, shape.1.len(), shape.2.len()), (3, read + 1, 2 - read));
            assert_eq!(unlocked.reading_number(), 1);
            assert_eq!(refusals(unlocked.reading().unwrap()), []);
        }
        assert!(unlocked.candidates().all(|(_, candidate)| candidate.export == Some(0)));
        let additions = all(&unlocked);
        assert_eq!(unlocked.add_candidates(additions).unwrap().counts.saved, 5);
        assert!(unlocked.reading().is_none());
        let counters: Vec<u64> =
            unlocked.entries("").iter().filter_map(|entry| entry.otp.counter()).map(|counter| counter.get()).collect();
        assert_eq!(counters, [1 << 40]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever is read in whatever order and however often, each account is there once and each export has the parts that were
    /// read of it, in the order of their first sight.
    #[test]
    fn any_order_and_any_doubles_give_each_account_once(order in prop::collection::vec(0..8_usize, 1..30)) {
        let mut lines: Vec<(String, usize)> =
            export("three_parts").into_iter().zip([2, 2, 1]).chain(export("two_of_another_batch").into_iter().zip([1, 1])).collect();
        lines.extend([URI, SECOND, THIRD].map(|uri| (uri.to_owned(), 1)));
        let mut reading = Reading::default();
        let mut seen: Vec<usize> = Vec::new();
        for index in order {
            let before: Vec<Label> = reading.candidates.iter().map(|candidate| candidate.label.clone()).collect();
            reading.absorb(read_payload(&lines[index].0));
            let after: Vec<Label> = reading.candidates.iter().map(|candidate| candidate.label.clone()).collect();
            prop_assert!(after.starts_with(&before));
            if !seen.contains(&index) {
                seen.push(index);
            }
            prop_assert_eq!(after.len(), seen.iter().map(|index| lines[*index].1).sum::<usize>());
        }
        let mut have: Vec<Vec<u32>> = reading.exports.iter().map(Export::have).collect();
        let of = |parts: &[(usize, u32)]| -> Vec<u32> {
            parts.iter().filter(|(index, _)| seen.contains(index)).map(|(_, part)| *part).collect()
        };
        let mut expected = vec![of(&[(0, 1), (1, 2), (2, 3)]), of(&[(3, 1), (4, 3)])];
        expected.retain(|parts| !parts.is_empty());
        have.sort();
        expected.sort();
        prop_assert_eq!(have, expected);
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,200}", line in ".{0,80}") {
        let _ = read_text(&text);
        let _ = read_text(&format!("otpauth://totp/{line}?secret={text}\notpauth-migration://offline?data={line}"));
        let _ = read_payload(&text);
    }
}

#[test]
fn parts_in_one_picture_are_one_export() {
    let parts = export("three_parts");
    let world = World::new();
    let mut session = world.open_session();
    let file = PathBuf::from("/pictures/export.bmp");
    world.pictures.lock().unwrap().insert(file.clone(), screen(&[&parts[2], &parts[0]]));
    let mut unlocked = session.unlocked().unwrap();
    unlocked.propose(pictures::read_files(&world, &[file]));
    assert_eq!(shapes(&unlocked), [(3, vec![1, 3], vec![2], 3)]);
}

#[test]
fn the_same_part_again_doubles_nothing() {
    let parts = export("three_parts");
    let world = World::new();
    let mut session = world.open_session();
    let mut unlocked = session.unlocked().unwrap();
    unlocked.propose(read_text(&[&parts[1], &parts[1], &parts[1]].map(String::as_str).join("\n")));
    assert_eq!(accounts(&unlocked), ["hanako@example.jp", "NAS"]);
    let reading = unlocked.propose(read_payload(&parts[1]));
    assert_eq!(refusals(reading), [ErrorCode::MigrationPartAgain]);
    assert_eq!(reading.refusals[0].error.detail["part"], "2");
    assert_eq!((accounts(&unlocked).len(), shapes(&unlocked)), (2, vec![(3, vec![2], vec![1, 3], 2)]));
    // What was wrong with the last picture is no concern of the next.
    let reading = unlocked.propose(read_payload(&parts[0]));
    assert_eq!(refusals(reading), []);
}

#[test]
fn parts_of_different_exports_are_kept_apart() {
    let (ours, theirs) = (export("three_parts"), export("two_of_another_batch"));
    let world = World::new();
    let mut session = world.open_session();
    let mut unlocked = session.unlocked().unwrap();
    for line in [&ours[0], &theirs[1], &ours[2], &theirs[0]] {
        unlocked.propose(read_payload(line));
    }
    assert_eq!(shapes(&unlocked), [(3, vec![1, 3], vec![2], 3), (3, vec![1, 3], vec![2], 2)]);
    let belongs: Vec<Option<usize>> = unlocked.candidates().map(|(_, candidate)| candidate.export).collect();
    assert_eq!(belongs, [Some(0), Some(0), Some(1), Some(0), Some(1)]);
    // Whole is the one, and the other is not: it goes on.
    unlocked.propose(read_payload(&ours[1]));
    assert!(unlocked.reading().unwrap().is_unfinished());
}

#[test]
fn parts_without_a_number_belong_together_unless_they_contradict() {
    let newer = export("without_batch_id");
    let world = World::new();
    let mut session = world.open_session();
    let mut unlocked = session.unlocked().unwrap();
    unlocked.propose(read_text(&newer.join("\n")));
    assert_eq!(shapes(&unlocked), [(2, vec![1, 2], vec![], 3)]);
    assert!(!unlocked.reading().unwrap().exports[0].is_numbered(), "the page says that it may be two");

    // Another first part of two, made by hand: one TOTP named "x" with the secret "1234567890".
    let payload = b"\x0a\x13\x0a\x0a1234567890\x12\x01x\x20\x01\x28\x01\x10\x02\x18\x02";
    let other = format!("otpauth-migration://offline?data={}", base64(payload));
    unlocked.propose(read_text(&[&newer[0], &other].map(String::as_str).join("\n")));
    assert_eq!(shapes(&unlocked), [(2, vec![1], vec![2], 2), (2, vec![1], vec![2], 1)]);
}

/// Base64, for a payload written out in a test.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().chain([0; 2].iter()).take(3).fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        text.extend((0..=chunk.len()).map(|at| char::from(ALPHABET[(bits >> (18 - 6 * at)) as usize & 63])));
    }
    text
}

#[test]
fn accounts_that_cannot_be_taken_over_are_named_and_stay_said() {
    let world = World::new();
    let mut session = world.open_session();
    let mut unlocked = session.unlocked().unwrap();
    let reading = unlocked.propose(read_payload(&export("unsupported")[0]));
    let said: Vec<(ErrorCode, &str)> =
        reading.refusals.iter().map(|refusal| (refusal.error.code, refusal.name.as_deref().unwrap())).collect();
    assert_eq!(
        said,
        [
            (ErrorCode::MigrationUnsupportedMd5, "Old VPN: md5"),
            (ErrorCode::MigrationUnsupportedAlgorithm, "Site: algorithm 9"),
            (ErrorCode::MigrationUnsupportedDigits, "Site: digits 3"),
            (ErrorCode::MigrationUnsupportedKind, "Site: type 5"),
            (ErrorCode::MigrationNoKey, "Site: no key"),
            (ErrorCode::MigrationUnsupported, "Site: negative"),
        ]
    );
    assert_eq!(accounts(&unlocked), ["first", "last"]);
    assert!(unlocked.reading().unwrap().exports.is_empty(), "an export of one code is nothing to collect");

    // In one of several parts it is said until the export is done with.
    let mut text = export("unsupported");
    text.push(export("three_parts")[0].clone());
    unlocked.propose(read_text(&text.join("\n")));
    let reading = unlocked.propose(read_payload("https://example.org/"));
    assert_eq!(reading.refusals.len(), 7);
    let reading = unlocked.propose(read_payload(&export("three_parts")[1]));
    assert_eq!(reading.refusals.len(), 6);
}

#[test]
fn an_unfinished_export_ends_with_discarding_and_locking_and_what_was_added_of_it_counts() {
    let parts = export("three_parts");
    let world = World::new();
    let mut session = world.open_session();
    let mut unlocked = session.unlocked().unwrap();
    unlocked.propose(read_payload(&parts[0]));
    unlocked.discard_reading(unlocked.reading_number());
    unlocked.propose(read_payload(&parts[1]));
    assert_eq!(shapes(&unlocked), [(3, vec![2], vec![1, 3], 2)]);
    session.lock();
    session.unlock(password(PASSWORD)).unwrap();
    let mut unlocked = session.unlocked().unwrap();
    unlocked.propose(read_payload(&parts[0]));
    assert_eq!(shapes(&unlocked), [(3, vec![1], vec![2, 3], 2)]);
    let additions = all(&unlocked);
    assert_eq!(unlocked.add_candidates(additions).unwrap().counts.total, 2);
    unlocked.propose(read_payload(&parts[2]));
    assert_eq!(shapes(&unlocked), [(3, vec![1, 3], vec![2], 3)]);
    assert_eq!(accounts(&unlocked), ["花子"], "what was added is not asked about again");
    // What was discarded in between is missing still.
    unlocked.discard_reading(unlocked.reading_number());
    unlocked.propose(read_payload(&parts[1]));
    assert_eq!(shapes(&unlocked), [(3, vec![1, 2], vec![3], 4)]);
    let additions = all(&unlocked);
    assert_eq!(unlocked.add_candidates(additions).unwrap().counts.total, 4);
    // A part of another export knows nothing of it.
    unlocked.propose(read_payload(&export("two_of_another_batch")[0]));
    assert_eq!(shapes(&unlocked), [(3, vec![1], vec![2, 3], 1)]);
    unlocked.discard_reading(unlocked.reading_number());
    let reading = unlocked.propose(read_payload(&parts[2]));
    assert!(!reading.is_unfinished() && reading.refusals.is_empty());
    session.lock();
    session.unlock(password(PASSWORD)).unwrap();
    let mut unlocked = session.unlocked().unwrap();
    unlocked.propose(read_payload(&parts[2]));
    assert_eq!(shapes(&unlocked), [(3, vec![3], vec![1, 2], 1)]);
    // A whole reading is replaced by the next.
    unlocked.discard_reading(unlocked.reading_number());
    unlocked.propose(read_payload(URI));
    unlocked.propose(read_payload(SECOND));
    assert_eq!(accounts(&unlocked), ["me"]);
}

#[test]
fn a_part_that_cannot_be_is_an_error_of_its_own() {
    // Part 5 of 2.
    let payload = b"\x0a\x13\x0a\x0a1234567890\x12\x01x\x20\x01\x28\x01\x10\x01\x18\x02\x20\x04";
    let reading = read_payload(&format!("otpauth-migration://offline?data={}", base64(payload)));
    assert_eq!(refusals(&reading), [ErrorCode::MigrationImpossiblePart]);
}

#[test]
fn all_are_added_in_one_save_or_none() {
    let world = World::new();
    let mut session = world.open_session();
    let first = add_all(&mut session, &[URI])[0];
    let written = *world.written.lock().unwrap();
    let mut unlocked = session.unlocked().unwrap();
    unlocked.propose(read_text(&[SECOND, THIRD, &URI.replace("12345678", "again")].join("\n")));

    // The third has the key of one that is there.
    let additions = all(&unlocked);
    let error = unlocked.add_candidates(additions).err().unwrap();
    assert_eq!((error.code, error.detail["candidate"].as_str()), (ErrorCode::AlreadyPresent, "2-2"));
    // A name is missing.
    let mut additions = all(&unlocked);
    additions.truncate(2);
    (additions[1].issuer, additions[1].account) = (String::new(), String::new());
    assert_eq!(code(unlocked.add_candidates(additions)), ErrorCode::LabelEmpty);
    // The disk is full.
    *world.disk_fails.lock().unwrap() = Some(StoreError::Io { reason: "no space".into() });
    let mut additions = all(&unlocked);
    additions[2].replaces = Some(first);
    assert_eq!(code(unlocked.add_candidates(additions)), ErrorCode::VaultNotSaved);
    *world.disk_fails.lock().unwrap() = None;
    assert_eq!((unlocked.total(), *world.written.lock().unwrap()), (1, written));
    assert_eq!(unlocked.entry(first).unwrap().history().len(), 0);

    let mut additions = all(&unlocked);
    additions[0].replaces = Some(first);
    additions[2].even_if_present = true;
    let Added { entries, counts, .. } = unlocked.add_candidates(additions).unwrap();
    assert_eq!(counts, Counts { added: 2, replaced: 1, saved: 3, total: 3 });
    assert_eq!((entries[0], *world.written.lock().unwrap()), (first, written + 1));
    let replaced = unlocked.entry(first).unwrap();
    assert_eq!(replaced.label.issuer.as_deref(), Some("Second"));
    assert_eq!(*replaced.otp.secret().reveal_base32(), "JBSWY3DPEHPK3PXP");
    assert!(replaced.history().iter().any(|earlier| *earlier.otp.secret().reveal_base32() == SECRET));
}

#[test]
fn nothing_asked_for_is_nothing_done() {
    let world = World::new();
    let mut session = world.open_session();
    let written = *world.written.lock().unwrap();
    let mut unlocked = session.unlocked().unwrap();
    unlocked.propose(read_payload(URI));
    let added = unlocked.add_candidates(vec![]).unwrap();
    assert_eq!(added.counts, Counts { added: 0, replaced: 0, saved: 0, total: 0 });
    assert_eq!(*world.written.lock().unwrap(), written);
    assert!(unlocked.reading().is_some());
}

#[test]
fn one_key_under_two_names_is_said_and_an_exact_double_is_listed_once() {
    let world = World::new();
    let mut session = world.open_session();
    let mut unlocked = session.unlocked().unwrap();
    let other_name = SECOND.replace("me", "other");
    unlocked.propose(read_text(&[SECOND, SECOND, THIRD, &other_name].join("\n")));
    let ids: Vec<CandidateId> = unlocked.candidates().map(|(id, _)| id).collect();
    assert_eq!(ids.len(), 3);
    let same: Vec<Option<CandidateId>> = unlocked.compared().iter().map(|one| one.same_key_as).collect();
    assert_eq!(same, [None, None, Some(ids[0])]);
    let additions = all(&unlocked);
    assert_eq!(code(unlocked.add_candidates(additions)), ErrorCode::AlreadyPresent);
    let mut additions = all(&unlocked);
    additions[2].even_if_present = true;
    assert_eq!(unlocked.add_candidates(additions).unwrap().counts.saved, 3);
}

#[test]
fn the_same_secret_with_other_settings_is_another_key() {
    let lines = ["&digits=8", "&algorithm=SHA256", "&period=60"].map(|change| format!("{URI}{change}"));
    let hotp = URI.replace("//totp", "//hotp") + "&counter=3";
    let steam = URI.replace("//totp", "//steam");
    for other in lines.iter().chain([&hotp, &steam]) {
        let world = World::new();
        let mut session = world.open_session();
        let id = add_all(&mut session, &[URI])[0];
        put(&world, "/p/right.bmp", &[other]);
        let read = |unlocked: &mut Unlocked<'_>| {
            unlocked.propose(pictures::read_files(&world, &[PathBuf::from("/p/right.bmp")]));
        };
        let mut unlocked = session.unlocked().unwrap();
        read(&mut unlocked);
        let compared = unlocked.compared();
        assert!(compared[0].present_as.is_none() && compared[0].same_account.is_none(), "{other}");
        assert_eq!(compared[0].same_secret.unwrap().id, id, "{other}");
        // The picture holds something that is not in the vault yet.
        let mut both = pictures::read_files(&world, &[PathBuf::from("/p/right.bmp")]);
        both.absorb(read_payload(SECOND));
        unlocked.propose(both);
        let additions = all(&unlocked).split_off(1);
        assert_eq!(unlocked.add_candidates(additions).unwrap().leftovers.settle().pictures, [], "{other}");

        read(&mut unlocked);
        let mut additions = all(&unlocked);
        additions[0].replaces = Some(id);
        let Added { counts, leftovers, .. } = unlocked.add_candidates(additions).unwrap();
        assert_eq!(counts, Counts { added: 0, replaced: 1, saved: 1, total: 2 }, "{other}");
        assert_eq!(leftovers.settle().pictures.len(), 1, "{other}");
        let candidate = read_payload(other).candidates.remove(0);
        let entry = unlocked.entry(id).unwrap();
        assert!(entry.otp.is_same(&candidate.otp), "{other}");
        assert!(entry.history()[0].otp.is_same(&read_payload(URI).candidates[0].otp), "{other}");
        // The other way round, beside it, without a word.
        unlocked.propose(read_payload(URI));
        assert_eq!(unlocked.compared()[0].same_secret.unwrap().id, id, "{other}");
        let additions = all(&unlocked);
        assert_eq!(unlocked.add_candidates(additions).unwrap().counts.total, 3, "{other}");
        // Now each of them is there.
        read(&mut unlocked);
        assert_eq!(unlocked.compared()[0].present_as.unwrap().id, id, "{other}");
        let additions = all(&unlocked);
        assert_eq!(code(unlocked.add_candidates(additions)), ErrorCode::AlreadyPresent, "{other}");
    }
}

#[test]
fn a_counter_that_has_moved_on_is_the_same_key() {
    let world = World::new();
    let mut session = world.open_session();
    let line = URI.replace("//totp", "//hotp") + "&counter=3";
    let id = add_all(&mut session, &[&line])[0];
    let mut unlocked = session.unlocked().unwrap();
    unlocked.next_code(id).unwrap();
    unlocked.propose(read_payload(&line));
    assert_eq!(unlocked.compared()[0].present_as.unwrap().id, id);
}

#[test]
fn two_keys_do_not_replace_one() {
    let world = World::new();
    let mut session = world.open_session();
    let first = add_all(&mut session, &[URI])[0];
    let mut unlocked = session.unlocked().unwrap();
    unlocked.propose(read_text(&[SECOND, THIRD].join("\n")));
    let mut additions = all(&unlocked);
    additions.iter_mut().for_each(|addition| addition.replaces = Some(first));
    assert_eq!(code(unlocked.add_candidates(additions)), ErrorCode::ReplacedTwice);
    assert_eq!(*unlocked.entry(first).unwrap().otp.secret().reveal_base32(), SECRET);
}

#[test]
fn what_is_counted_is_what_the_disk_shows() {
    let world = World::new();
    let mut session = world.open_session();
    add_all(&mut session, &[URI]);
    // A disk that takes everything and goes on showing what it had.
    let before = world.file.lock().unwrap().clone();
    let file = PathBuf::from("/pictures/one.bmp");
    world.pictures.lock().unwrap().insert(file.clone(), screen(&[SECOND]));
    for shown in [before, Some(b"not a vault".to_vec())] {
        *world.shown_after_save.lock().unwrap() = shown;
        let mut unlocked = session.unlocked().unwrap();
        unlocked.propose(pictures::read_files(&world, std::slice::from_ref(&file)));
        let mut additions = all(&unlocked);
        additions[0].even_if_present = true;
        let Added { counts, leftovers, .. } = unlocked.add_candidates(additions).unwrap();
        assert_eq!((counts.added, counts.saved), (1, 0));
        assert!(counts.total < 2);
        assert_eq!(leftovers.settle().pictures, [], "the picture may be the last that has the key");
        *world.shown_after_save.lock().unwrap() = None;
        *world.file.lock().unwrap() =
            world.backups.lock().unwrap().values().map(|(_, bytes)| bytes.clone()).next_back();
    }
}

/// The picture files that may go after everything in these was added.
fn spent(world: &World, session: &mut Session, files: &[&str], keep: usize) -> (Vec<String>, Vec<usize>) {
    let paths: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
    let mut unlocked = session.unlocked().unwrap();
    unlocked.propose(pictures::read_files(world, &paths));
    let mut additions = all(&unlocked);
    additions.truncate(additions.len() - keep);
    let settled = unlocked.add_candidates(additions).unwrap().leftovers.settle();
    let names = settled.pictures.iter().map(|picture| picture.name()).collect();
    (names, settled.pictures.iter().map(|picture| picture.id).collect())
}

fn put(world: &World, path: &str, texts: &[&str]) {
    world.pictures.lock().unwrap().insert(PathBuf::from(path), screen(texts));
}

#[test]
fn a_picture_is_offered_for_deletion_once_all_its_keys_are_in_the_vault() {
    let world = World::new();
    let mut session = world.open_session();
    put(&world, "/p/one.bmp", &[SECOND]);
    put(&world, "/p/two.bmp", &[THIRD, URI]);
    put(&world, "/p/link.bmp", &["https://example.org/"]);
    put(&world, "/p/link-and-key.bmp", &[SECOND, "https://example.org/"]);
    put(&world, "/p/damaged-too.bmp", &[SECOND, "otpauth://totp/x?secret=1"]);
    let files = ["/p/one.bmp", "/p/two.bmp", "/p/link.bmp", "/p/link-and-key.bmp", "/p/damaged-too.bmp", "/p/one.bmp"];
    let (names, _) = spent(&world, &mut session, &files, 1);
    assert_eq!(names, ["one.bmp", "link-and-key.bmp"], "one of two.bmp was not ticked");
    // What is in the vault already counts.
    let mut unlocked = session.unlocked().unwrap();
    unlocked.propose(pictures::read_files(&world, &[PathBuf::from("/p/two.bmp")]));
    let additions = all(&unlocked).split_off(1);
    let settled = unlocked.add_candidates(additions).unwrap().leftovers.settle();
    assert_eq!(settled.pictures.iter().map(|picture| picture.folder()).collect::<Vec<_>>(), ["/p"]);
}

#[test]
fn only_the_file_that_was_read_is_deleted() {
    let world = World::new();
    let mut session = world.open_session();
    put(&world, "/p/a.bmp", &[SECOND]);
    put(&world, "/p/b.bmp", &[THIRD]);
    put(&world, "/p/c.bmp", &[URI]);
    let (_, ids) = spent(&world, &mut session, &["/p/a.bmp", "/p/b.bmp", "/p/c.bmp"], 0);
    put(&world, "/p/b.bmp", &["something else"]);
    world.pictures.lock().unwrap().remove(Path::new("/p/c.bmp"));
    let deleting = session.unlocked().unwrap().begin_deleting(&[ids.as_slice(), &[99]].concat());
    let deleted = deleting.run();
    assert_eq!(deleted.deleted, ["a.bmp"]);
    let kept: Vec<_> = deleted.kept.iter().map(|kept| (kept.error.code, kept.name.as_deref())).collect();
    let expected = [
        (ErrorCode::PictureChanged, Some("b.bmp")),
        (ErrorCode::PictureGone, Some("c.bmp")),
        (ErrorCode::NoSuchPicture, None),
    ];
    assert_eq!(kept, expected);
    assert_eq!(world.pictures.lock().unwrap().keys().collect::<Vec<_>>(), [Path::new("/p/b.bmp")]);

    // Locking forgets which pictures there were.
    let (_, ids) = spent(&world, &mut world.open_session_again(), &["/p/b.bmp"], 0);
    assert_eq!(ids, [] as [usize; 0]);
    session.lock();
    session.unlock(password(PASSWORD)).unwrap();
    let deleted = session.unlocked().unwrap().begin_deleting(&[0]).run();
    assert_eq!(deleted.kept[0].error.code, ErrorCode::NoSuchPicture);
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let world = World::new();
    world.pictures.lock().unwrap().insert(PathBuf::from("/p/text.png"), b"hello".to_vec());
    put(&world, "/p/damaged.bmp", &["otpauth://totp/Site:me?secret=JBSWY3DP1&issuer=Site&digits=8"]);
    let reading = pictures::read_files(&world, &["/p/text.png", "/p/gone.png", "/p/damaged.bmp"].map(PathBuf::from));
    let said: Vec<_> = reading.refusals.iter().map(|one| (one.error.code, one.name.as_deref().unwrap())).collect();
    let expected = [
        (ErrorCode::NotAPicture, "text.png"),
        (ErrorCode::FileUnreadable, "gone.png"),
        (ErrorCode::SecretIllegalCharacter, "damaged.bmp"),
    ];
    assert_eq!(said, expected);
    let form = reading.refusals[2].form.as_ref().unwrap();
    assert_eq!((form.label.account_name.as_str(), form.digits.map(|digits| digits.get())), ("me", Some(8)));

    let many = vec![PathBuf::from("/p/gone.png"); FILES_LIMIT + 1];
    let reading = pictures::read_files(&world, &many);
    assert_eq!(refusals(&reading), [ErrorCode::FileUnreadable, ErrorCode::TooManyFiles]);
}

#[test]
fn files_go_before_a_picture_and_a_picture_before_text() {
    let world = World::new();
    let issuers = |world: &World| -> Vec<Option<String>> {
        let reading = read_clipboard(world, world).unwrap();
        reading.candidates.iter().map(|candidate| candidate.label.issuer.clone()).collect()
    };
    assert_eq!(code(read_clipboard(&world, &world)), ErrorCode::ClipboardEmpty);
    *world.clipboard.lock().unwrap() = Some(URI.to_owned());
    assert_eq!(issuers(&world), [Some("KOSMO Web".to_owned())]);
    *world.clipboard_picture.lock().unwrap() = Some(screen(&[SECOND]));
    assert_eq!(issuers(&world), [Some("Second".to_owned())]);
    put(&world, "/p/third.bmp", &[THIRD]);
    *world.clipboard_files.lock().unwrap() = vec![PathBuf::from("/p/third.bmp")];
    assert_eq!(issuers(&world), [Some("Third".to_owned())]);

    // What is copied here most of all.
    for text in ["755224", " 755 224\n", "23456723"] {
        let world = World::new();
        *world.clipboard.lock().unwrap() = Some(text.to_owned());
        assert_eq!(code(read_clipboard(&world, &world)), ErrorCode::ClipboardIsCode, "{text}");
    }

    // A copied cell of a spreadsheet is a picture too, without a code.
    world.clipboard_files.lock().unwrap().clear();
    *world.clipboard_picture.lock().unwrap() = Some(screen(&[]));
    assert_eq!(issuers(&world), [Some("KOSMO Web".to_owned())]);
    *world.clipboard.lock().unwrap() = None;
    assert_eq!(refusals(&read_clipboard(&world, &world).unwrap()), [ErrorCode::NoCodeFound]);
    *world.clipboard_occupied.lock().unwrap() = true;
    assert_eq!(code(read_clipboard(&world, &world)), ErrorCode::ClipboardUnreadable);
}

#[test]
fn what_was_pasted_stays_on_the_clipboard_while_something_of_it_is_kept_nowhere_else() {
    let damaged = "otpauth://totp/x?secret=1";
    for (texts, unticked, cleared) in [
        (vec![URI, SECOND], 0, true),
        (vec![URI, SECOND], 1, false),
        (vec![URI, damaged], 0, false),
        (vec![URI, "https://example.org/"], 0, true),
    ] {
        for picture in [true, false] {
            let world = World::new();
            let mut session = world.open_session();
            match picture {
                true => *world.clipboard_picture.lock().unwrap() = Some(screen(&texts)),
                false => *world.clipboard.lock().unwrap() = Some(texts.join("\n")),
            }
            let mut unlocked = session.unlocked().unwrap();
            unlocked.propose(read_clipboard(&world, &world).unwrap());
            let mut additions = all(&unlocked);
            additions.truncate(additions.len() - unticked);
            let settled = unlocked.add_candidates(additions).unwrap().leftovers.settle();
            assert_eq!(settled.clipboard_cleared, cleared, "{texts:?}, {picture}");
        }
    }

    // What was wrong with it is not forgotten by what is read next.
    let parts = export("three_parts");
    let world = World::new();
    let mut session = world.open_session();
    *world.clipboard.lock().unwrap() = Some([&parts[0], damaged].join("\n"));
    let mut unlocked = session.unlocked().unwrap();
    unlocked.propose(read_clipboard(&world, &world).unwrap());
    unlocked.propose(read_payload(&parts[1]));
    let additions = all(&unlocked);
    assert!(!unlocked.add_candidates(additions).unwrap().leftovers.settle().clipboard_cleared);
}

#[test]
fn what_was_pasted_leaves_the_clipboard_once_it_is_added_unless_it_has_changed() {
    for (picture, text, changed) in
        [(true, false, false), (false, true, false), (true, false, true), (false, true, true)]
    {
        let world = World::new();
        let mut session = world.open_session();
        *world.clipboard_picture.lock().unwrap() = picture.then(|| screen(&[URI]));
        *world.clipboard.lock().unwrap() = text.then(|| URI.to_owned());
        let mut unlocked = session.unlocked().unwrap();
        unlocked.propose(read_clipboard(&world, &world).unwrap());
        if changed {
            *world.clipboard_picture.lock().unwrap() = picture.then(|| screen(&[SECOND]));
            *world.clipboard.lock().unwrap() = text.then(|| "a shopping list".to_owned());
        }
        let additions = all(&unlocked);
        let settled = unlocked.add_candidates(additions).unwrap().leftovers.settle();
        assert_eq!(settled.clipboard_cleared, !changed);
        let left = (world.clipboard_picture.lock().unwrap().is_some(), world.clipboard.lock().unwrap().is_some());
        assert_eq!(left, (picture && changed, text && changed));
    }
}
