//! Picture files and the clipboard after everything in them was added, or not everything.

use super::*;

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
