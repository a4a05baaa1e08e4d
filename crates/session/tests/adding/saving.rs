//! What is added: all or nothing, the same key once, and counted as the disk shows it.

use super::*;

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
