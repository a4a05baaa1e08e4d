//! What an open vault does with other copies of itself: merges, restores, seals them again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use warifu_otp::{Algorithm, Counter, Digits, Hotp, Label, Otp, SharedSecret, Steam, UnixTime};
use warifu_vault::{
    Entry, EntryId, KdfParams, KeyringKey, LockedVault, MergeError, MergeReport, Password, RecoveryKey, SealError,
    SlotKind, UnlockError, UnlockedVault,
};

fn at(second: i64) -> UnixTime {
    UnixTime::from_secs(1_700_000_000 + second)
}

fn password(text: &str) -> Password {
    Password::new(text.to_owned()).unwrap()
}

fn name(text: &str) -> Label {
    Label { issuer: Some("Site".to_owned()), account_name: text.to_owned() }
}

fn steam(key: u8) -> Otp {
    Otp::Steam(Steam { secret: SharedSecret::from_bytes(vec![key; 20]).unwrap() })
}

fn entry(text: &str, key: u8) -> Entry {
    Entry::new(EntryId::generate().unwrap(), name(text), None, steam(key), at(0))
}

fn new_vault() -> UnlockedVault {
    UnlockedVault::create(&password("one"), KdfParams::MINIMUM, at(0)).unwrap()
}

fn save(vault: &mut UnlockedVault) -> Vec<u8> {
    let sealed = vault.seal().unwrap();
    let bytes = sealed.bytes().to_vec();
    sealed.verify(&bytes, vault).unwrap();
    vault.mark_saved(sealed);
    bytes
}

fn read(bytes: &[u8]) -> LockedVault {
    LockedVault::read(bytes).unwrap()
}

/// A vault with entries `a` and `b` of keys 1 and 2, saved, and another copy of it.
fn two_copies() -> (UnlockedVault, UnlockedVault, [EntryId; 2]) {
    let mut vault = new_vault();
    [("a", 1), ("b", 2)].into_iter().for_each(|(text, key)| vault.push(entry(text, key)));
    let bytes = save(&mut vault);
    let copy = read(&bytes).open_like(&vault).unwrap();
    let ids: Vec<_> = vault.entries().map(|entry| entry.id).collect();
    (vault, copy, [ids[0], ids[1]])
}

/// Account name and first byte of the key of each entry, in the order of the list.
fn list(vault: &UnlockedVault) -> Vec<(&str, u8)> {
    vault.entries().map(|e| (e.label.account_name.as_str(), e.otp.secret().expose_bytes()[0])).collect()
}

fn history(vault: &UnlockedVault, id: EntryId) -> Vec<(&str, u8)> {
    let versions = vault.entry(id).unwrap().history().iter();
    versions.map(|v| (v.label.account_name.as_str(), v.otp.secret().expose_bytes()[0])).collect()
}

#[test]
fn new_entries_of_both_sides_are_kept() {
    let (mut ours, mut theirs, _) = two_copies();
    ours.push(entry("ours", 3));
    theirs.push(entry("theirs", 4));
    let report = ours.merge(theirs).unwrap();
    assert_eq!(report, MergeReport { added: 1, ..MergeReport::default() });
    assert_eq!(list(&ours), [("a", 1), ("b", 2), ("ours", 3), ("theirs", 4)]);
}

#[test]
fn the_later_edit_wins_field_by_field_and_the_other_name_is_in_the_history() {
    let (mut ours, mut theirs, [a, b]) = two_copies();
    ours.entry_mut(a).unwrap().rename(name("ours"), at(10));
    theirs.entry_mut(a).unwrap().rename(Label { issuer: Some("Theirs".to_owned()), ..name("theirs") }, at(20));
    ours.entry_mut(b).unwrap().rename(name("renamed"), at(10));
    theirs.entry_mut(b).unwrap().delete(at(20));
    let report = ours.merge(theirs).unwrap();
    assert_eq!(report, MergeReport { changed: 2, ..MergeReport::default() });
    assert_eq!(list(&ours), [("theirs", 1), ("renamed", 2)]);
    assert_eq!(ours.entry(a).unwrap().label.issuer.as_deref(), Some("Theirs"));
    assert_eq!(history(&ours, a), [("ours", 1), ("a", 1)]);
    assert_eq!(
        ours.entry(b).unwrap().deleted_at,
        Some(at(20)),
        "a name and the trash have nothing to do with each other"
    );
}

#[test]
fn an_edit_wins_over_what_it_was_made_from_even_if_the_clock_went_back() {
    let (mut ours, theirs, [a, _]) = two_copies();
    ours.entry_mut(a).unwrap().rename(name("renamed"), at(-1_000_000));
    ours.merge(theirs).unwrap();
    assert_eq!(list(&ours)[0], ("renamed", 1));
}

#[test]
fn a_key_that_one_side_replaced_is_replaced_and_in_the_history() {
    let (mut ours, mut theirs, [a, _]) = two_copies();
    theirs.entry_mut(a).unwrap().replace_otp(steam(7), None, at(10));
    let report = ours.merge(theirs).unwrap();
    assert_eq!(report, MergeReport { changed: 1, ..MergeReport::default() });
    assert_eq!((list(&ours)[0], history(&ours, a)), (("a", 7), vec![("a", 1)]));
}

#[test]
fn a_key_that_both_sides_replaced_is_kept_twice() {
    let (mut ours, mut theirs, [a, b]) = two_copies();
    ours.entry_mut(a).unwrap().replace_otp(steam(7), None, at(10));
    theirs.entry_mut(a).unwrap().replace_otp(steam(8), None, at(20));
    let (ours_file, theirs_file) = (save(&mut ours), save(&mut theirs));
    let report = ours.merge(read(&theirs_file).open_like(&ours).unwrap()).unwrap();
    assert_eq!(report, MergeReport { changed: 1, conflicts: vec![a], ..MergeReport::default() });
    assert_eq!(list(&ours), [("a", 8), ("a", 7), ("b", 2)], "side by side");
    let halves = |vault: &UnlockedVault| {
        let mut halves: Vec<_> = vault.entries().map(|entry| (entry.id, entry.conflict_of())).collect();
        halves.sort();
        halves
    };
    assert_eq!(halves(&ours).iter().filter(|(_, of)| *of == Some(a)).count(), 1);

    // The other machine makes the same of it, so that nothing is kept a third time when they meet again.
    theirs.merge(read(&ours_file).open_like(&theirs).unwrap()).unwrap();
    assert_eq!(halves(&theirs), halves(&ours));
    let merged = save(&mut theirs);
    assert_eq!(ours.merge(read(&merged).open_like(&ours).unwrap()).unwrap(), MergeReport::default());

    // Who has looked at them and removed one is not asked again.
    let half = ours.entries().find(|entry| entry.conflict_of() == Some(a)).unwrap().id;
    ours.remove(half, at(30)).unwrap();
    let report = ours.merge(read(&ours_file).open_like(&ours).unwrap()).unwrap();
    assert_eq!(report, MergeReport::default());
    assert_eq!(ours.entries().map(|entry| entry.id).collect::<Vec<_>>(), [a, b]);
}

#[test]
fn a_key_with_other_parameters_is_no_conflict() {
    let (mut ours, mut theirs, [a, _]) = two_copies();
    let hotp = |digits, counter| {
        let secret = SharedSecret::from_bytes(vec![9; 20]).unwrap();
        let (digits, counter) = (Digits::new(digits).unwrap(), Counter::new(counter));
        Otp::Hotp(Hotp { secret, algorithm: Algorithm::Sha1, digits, counter })
    };
    ours.entry_mut(a).unwrap().replace_otp(hotp(6, 7), None, at(10));
    theirs.entry_mut(a).unwrap().replace_otp(hotp(8, 3), None, at(20));
    let report = ours.merge(theirs).unwrap();
    assert_eq!(report, MergeReport { changed: 1, ..MergeReport::default() });
    let entry = ours.entry(a).unwrap();
    assert_eq!((entry.otp.digits().get(), entry.otp.counter()), (8, Some(Counter::new(7))), "the larger counter");
    assert_eq!(history(&ours, a), [("a", 9), ("a", 1)]);
}

#[test]
fn what_was_removed_for_good_stays_away_unless_it_was_edited_since() {
    let (mut ours, mut theirs, [a, b]) = two_copies();
    let old = save(&mut ours);
    theirs.remove(a, at(10)).unwrap();
    theirs.remove(b, at(10)).unwrap();
    ours.entry_mut(b).unwrap().rename(name("edited"), at(20));
    let report = ours.merge(theirs).unwrap();
    assert_eq!(report, MergeReport { removed: 1, ..MergeReport::default() });
    assert_eq!(list(&ours), [("edited", 2)]);
    // Nor does an old copy bring it back, also by way of a file.
    let bytes = save(&mut ours);
    let mut ours = read(&bytes).open_like(&ours).unwrap();
    assert_eq!(ours.merge(read(&old).open_like(&ours).unwrap()).unwrap(), MergeReport::default());
    assert_eq!(list(&ours), [("edited", 2)]);
}

#[test]
fn what_was_removed_stays_away_even_if_the_clock_went_back() {
    for removed_at in [0, -1_000_000] {
        let (mut ours, theirs, [a, b]) = two_copies();
        ours.remove(a, at(removed_at)).unwrap();
        assert_eq!(ours.merge(theirs).unwrap(), MergeReport::default());
        assert_eq!(ours.entries().map(|entry| entry.id).collect::<Vec<_>>(), [b]);
    }
}

#[test]
fn another_vault_is_not_merged_nor_opened_nor_sealed() {
    let (mut ours, ..) = two_copies();
    let mut other = new_vault();
    let other_file = save(&mut other);
    let before = list(&ours).len();
    assert_eq!(ours.merge(other).unwrap_err(), MergeError::OtherVault);
    assert_eq!(list(&ours).len(), before);
    let (locked, error) = read(&other_file).open_like(&ours).unwrap_err();
    assert_eq!(error, UnlockError::OtherVault);
    let other = locked.unlock_with_password(&password("one")).unwrap();
    assert_eq!(ours.reseal_copy(other).unwrap_err(), SealError::OtherVault);
}

#[test]
fn a_merged_file_is_the_one_that_the_next_revision_replaces() {
    let (mut ours, mut theirs, _) = two_copies();
    theirs.push(entry("theirs", 4));
    let on_disk = (0..3).map(|_| save(&mut theirs)).last().unwrap();
    let (revision, digest) = (theirs.revision(), theirs.file_digest().unwrap());
    ours.merge(read(&on_disk).open_like(&ours).unwrap()).unwrap();
    assert_eq!((ours.revision(), revision), (1, 4));
    ours.follow(digest, revision);
    assert_eq!((ours.revision(), ours.file_digest()), (4, Some(digest)));
    let next = read(&save(&mut ours));
    assert_eq!((next.revision(), next.previous()), (5, Some(digest)));

    // Above both, also where ours is the newer.
    ours.follow(digest, revision);
    assert_eq!(read(&save(&mut ours)).revision(), 6);
}

#[test]
fn slots_and_hint_are_those_changed_last_whichever_side_has_the_later_revision() {
    let (mut ours, mut theirs, _) = two_copies();
    let old = save(&mut ours);
    ours.change_password(&password("one"), &password("two"), KdfParams::MINIMUM, at(5)).unwrap();
    ours.set_hint(Some("second".to_owned()), at(5)).unwrap();
    save(&mut ours);
    (0..10).for_each(|_| drop(save(&mut theirs)));
    let much_later = save(&mut theirs);

    // Not given up for those of a copy that never heard of them, nor for an old one put back in place.
    for other in [&much_later, &old] {
        ours.merge(read(other).open_like(&ours).unwrap()).unwrap();
        assert_eq!((ours.verify_password(&password("two")), ours.hint()), (Ok(()), Some("second")));
    }
    let merged = save(&mut ours);
    theirs.merge(read(&merged).open_like(&theirs).unwrap()).unwrap();
    assert_eq!((theirs.verify_password(&password("two")), theirs.hint()), (Ok(()), Some("second")));

    // A later change counts before it is saved.
    theirs.set_hint(Some("third".to_owned()), at(5)).unwrap();
    theirs.merge(read(&merged).open_like(&theirs).unwrap()).unwrap();
    assert_eq!(theirs.hint(), Some("third"));
}

#[test]
fn contents_of_a_backup_take_the_place_of_ours_and_go_again() {
    let (mut ours, backup, [a, b]) = two_copies();
    ours.entry_mut(a).unwrap().rename(name("renamed"), at(10));
    ours.remove(b, at(10)).unwrap();
    ours.push(entry("new", 3));
    ours.set_hint(Some("hint".to_owned()), at(5)).unwrap();
    let before = ours.seal().unwrap();

    let kept = ours.replace_contents(backup);
    assert_eq!((list(&ours), ours.hint()), (vec![("a", 1), ("b", 2)], Some("hint")));
    ours.put_contents_back(kept);
    assert_eq!(before.verify(before.bytes(), &ours), Ok(()), "bit for bit");
}

#[test]
fn a_restored_backup_is_not_undone_by_the_next_merge() {
    let (mut ours, backup, [a, b]) = two_copies();
    ours.entry_mut(a).unwrap().rename(name("mistake"), at(10));
    ours.remove(b, at(10)).unwrap();
    let mistaken = save(&mut ours);
    let _ = ours.replace_contents(backup);
    assert_eq!(list(&ours), [("a", 1), ("b", 2)]);
    let restored = save(&mut ours);

    ours.merge(read(&mistaken).open_like(&ours).unwrap()).unwrap();
    assert_eq!(list(&ours), [("a", 1), ("b", 2)]);
    assert_eq!(history(&ours, a), [("mistake", 1), ("a", 1)]);
    let mut other = read(&mistaken).open_like(&ours).unwrap();
    other.merge(read(&restored).open_like(&other).unwrap()).unwrap();
    assert_eq!(list(&other), [("a", 1), ("b", 2)]);
}

#[test]
fn a_backup_is_sealed_again_under_the_present_slots_and_nothing_else_changes() {
    let mut vault = new_vault();
    let first = save(&mut vault);
    vault.push(entry("a", 1));
    let backup = save(&mut vault);
    vault.push(entry("b", 2));
    vault.change_password(&password("one"), &password("two"), KdfParams::MINIMUM, at(5)).unwrap();
    vault.set_hint(Some("hint".to_owned()), at(5)).unwrap();
    let key = RecoveryKey::generate().unwrap();
    vault.set_recovery_key(&key, at(0)).unwrap();
    save(&mut vault);

    let again = vault.reseal_copy(read(&backup).open_like(&vault).unwrap()).unwrap();
    assert_ne!(again, backup);
    let locked = read(&again);
    assert_eq!((locked.revision(), locked.previous()), (2, Some(read(&first).file_digest())));
    assert_eq!((locked.hint(), locked.slots()), (Some("hint"), vault.slots()));
    let (locked, error) = locked.unlock_with_password(&password("one")).unwrap_err();
    assert_eq!(error, UnlockError::WrongPassword);
    assert_eq!(list(&locked.unlock_with_password(&password("two")).unwrap()), [("a", 1)]);
    assert_eq!(list(&read(&again).unlock_with_recovery_key(&key).unwrap()), [("a", 1)]);
}

#[test]
fn a_copy_opens_by_the_open_vault_whatever_its_slots() {
    let (mut vault, ..) = two_copies();
    let old = save(&mut vault);
    vault.set_password(&password("two"), KdfParams::MINIMUM, at(0)).unwrap();
    vault.add_keyring_key(&KeyringKey::generate().unwrap(), at(0)).unwrap();
    let copy = read(&old).open_like(&vault).unwrap();
    assert_eq!(copy.slots().iter().map(|slot| slot.kind).collect::<Vec<_>>(), [SlotKind::Password]);
    assert_eq!(list(&copy), list(&vault));
}
