//! How an entry is edited: what goes into its history, what comes back, and what another version's program keeps.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use warifu_otp::{Algorithm, Counter, Digits, Hotp, Label, Otp, SharedSecret, Steam, UnixTime};
use warifu_vault::{Entry, EntryId, KdfParams, LockedVault, Password, UnlockedVault};

fn at(second: i64) -> UnixTime {
    UnixTime::from_secs(1_700_000_000 + second)
}

fn name(text: &str) -> Label {
    Label { issuer: Some("Site".to_owned()), account_name: text.to_owned() }
}

fn steam(key: u8) -> Otp {
    Otp::Steam(Steam { secret: SharedSecret::from_bytes(vec![key; 20]).unwrap() })
}

fn hotp(key: u8, counter: u64) -> Otp {
    let secret = SharedSecret::from_bytes(vec![key; 20]).unwrap();
    let counter = Counter::new(counter);
    Otp::Hotp(Hotp { secret, algorithm: Algorithm::Sha1, digits: Digits::DEFAULT, counter })
}

fn entry(otp: Otp) -> Entry {
    Entry::new(EntryId::generate().unwrap(), name("first"), None, otp, at(0))
}

/// The entry as a vault's file gives it back.
fn through_a_file(entry: &Entry) -> Entry {
    let password = Password::new("x".to_owned()).unwrap();
    let mut vault = UnlockedVault::create(&password, KdfParams::MINIMUM, at(0)).unwrap();
    vault.push(entry.duplicate());
    let sealed = vault.seal().unwrap();
    sealed.verify(sealed.bytes(), &vault).unwrap();
    let vault = LockedVault::read(sealed.bytes()).unwrap().open_like(&vault).unwrap();
    assert_eq!(vault.unreadable_count(), 0);
    vault.entries().next().unwrap().duplicate()
}

/// Account name and first byte of the key of each version, and when it ended.
fn history(entry: &Entry) -> Vec<(&str, u8, UnixTime)> {
    let versions = entry.history().iter();
    versions.map(|v| (v.label.account_name.as_str(), v.otp.secret().expose_bytes()[0], v.until)).collect()
}

#[test]
fn what_an_entry_was_goes_into_its_history_and_survives_a_save() {
    let mut entry = entry(steam(1));
    entry.rename(name("second"), at(10));
    entry.replace_otp(steam(2), Some("Other".to_owned()), at(20));
    for entry in [&entry, &through_a_file(&entry)] {
        assert_eq!(history(entry), [("second", 1, at(20)), ("first", 1, at(10))]);
        assert_eq!((entry.label.account_name.as_str(), entry.issuer_in_label.as_deref()), ("second", Some("Other")));
        assert_eq!((entry.otp.secret().expose_bytes()[0], entry.modified_at, entry.created_at), (2, at(20), at(0)));
        assert_eq!(entry.conflict_of(), None);
    }
}

#[test]
fn an_edit_that_changes_nothing_is_none() {
    let mut entry = entry(steam(1));
    entry.rename(name("first"), at(10));
    entry.replace_otp(steam(1), None, at(10));
    entry.restore(at(10));
    assert_eq!((entry.history().len(), entry.modified_at), (0, at(0)));
    entry.delete(at(20));
    entry.delete(at(30));
    assert_eq!((entry.deleted_at, entry.modified_at), (Some(at(20)), at(20)), "in the trash since it was put there");
    entry.restore(at(40));
    assert_eq!((entry.deleted_at, entry.modified_at), (None, at(40)));
}

#[test]
fn a_version_taken_back_changes_places_with_the_present_one() {
    let mut entry = entry(steam(1));
    entry.rename(name("second"), at(10));
    entry.replace_otp(steam(2), None, at(20));
    assert!(entry.take_back(1, at(30)));
    assert_eq!((entry.label.account_name.as_str(), entry.otp.secret().expose_bytes()[0]), ("first", 1));
    assert_eq!(history(&entry), [("second", 2, at(30)), ("second", 1, at(20))]);
    assert!(entry.take_back(0, at(40)));
    assert_eq!((entry.label.account_name.as_str(), entry.otp.secret().expose_bytes()[0]), ("second", 2));
    assert_eq!(history(&entry), [("first", 1, at(40)), ("second", 1, at(20))]);
    assert!(!entry.take_back(2, at(50)));
    assert_eq!(entry.modified_at, at(40));
}

#[test]
fn a_counter_never_goes_back() {
    let mut entry = entry(hotp(1, 5));
    entry.rename(name("second"), at(10));
    assert!(entry.otp.set_counter(Counter::new(9)));
    entry.replace_otp(hotp(2, 0), None, at(20));
    // The older version stopped at 5, the younger one at 9.
    assert!(entry.take_back(1, at(30)));
    assert_eq!(entry.otp.counter(), Some(Counter::new(9)));
    // Not even by the same key scanned again.
    entry.replace_otp(hotp(1, 0), Some("x".to_owned()), at(40));
    assert_eq!(entry.otp.counter(), Some(Counter::new(9)));
    entry.replace_otp(hotp(2, 7), None, at(50));
    assert_eq!(entry.otp.counter(), Some(Counter::new(7)), "another key's counter is its own");
}

#[test]
fn a_long_history_drops_names_before_keys() {
    let mut entry = entry(steam(1));
    entry.replace_otp(steam(2), None, at(1));
    for number in 2..60 {
        entry.rename(name(&number.to_string()), at(number));
    }
    assert_eq!(entry.history().len(), 20);
    assert_eq!(history(&entry)[0], ("58", 2, at(59)));
    assert_eq!(history(&entry)[19], ("first", 1, at(1)), "the only one with this key");
    for key in 3..40 {
        entry.replace_otp(steam(key), None, at(i64::from(key) + 100));
    }
    assert_eq!(entry.history().len(), 20);
    assert_eq!(history(&entry)[19].1, 19, "the oldest keys, when there is nothing else to drop");
}

#[test]
fn a_duplicate_puts_an_edit_back_to_the_letter() {
    let mut vault = {
        let password = Password::new("x".to_owned()).unwrap();
        UnlockedVault::create(&password, KdfParams::MINIMUM, at(0)).unwrap()
    };
    let mut first = entry(hotp(1, 5));
    first.rename(name("second"), at(10));
    let id = first.id;
    vault.push(first);
    let sealed = vault.seal().unwrap();
    let before = vault.entry(id).unwrap().duplicate();
    let entry = vault.entry_mut(id).unwrap();
    entry.rename(name("third"), at(20));
    entry.delete(at(30));
    entry.replace_otp(steam(9), None, at(40));
    assert!(sealed.verify(sealed.bytes(), &vault).is_err(), "the edits show");
    *vault.entry_mut(id).unwrap() = before;
    assert_eq!(sealed.verify(sealed.bytes(), &vault), Ok(()));
}

#[test]
fn a_removal_and_an_addition_are_taken_back_to_the_letter() {
    let password = Password::new("x".to_owned()).unwrap();
    let mut vault = UnlockedVault::create(&password, KdfParams::MINIMUM, at(0)).unwrap();
    (1..4).for_each(|key| vault.push(entry(steam(key))));
    let ids: Vec<_> = vault.entries().map(|entry| entry.id).collect();
    let sealed = vault.seal().unwrap();
    let is_as_before = |vault: &UnlockedVault| sealed.verify(sealed.bytes(), vault).is_ok();

    let removed = vault.remove(ids[1], at(10)).unwrap();
    assert_eq!(removed.entry().id, ids[1]);
    assert!(!is_as_before(&vault) && vault.entry(ids[1]).is_none());
    vault.un_remove(removed);
    assert!(is_as_before(&vault));

    let new = entry(steam(7));
    let id = new.id;
    vault.push(new);
    assert!(!is_as_before(&vault));
    assert_eq!(vault.un_push(id).unwrap().id, id);
    assert!(is_as_before(&vault));
    assert!(vault.un_push(id).is_none() && vault.remove(id, at(10)).is_none());
    assert!(is_as_before(&vault));
}
