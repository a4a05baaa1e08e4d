//! Exports of Google Authenticator: their parts, and what of them cannot be taken over.

use super::*;

fn shapes(unlocked: &Unlocked<'_>) -> Vec<(u32, Vec<u32>, Vec<u32>, usize)> {
    let shape = |export: &Export| (export.parts(), export.have(), export.missing(), export.accounts());
    unlocked.reading().unwrap().exports.iter().map(shape).collect()
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
