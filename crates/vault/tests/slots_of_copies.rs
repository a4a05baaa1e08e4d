//! What opens a vault when two copies, each with changes of its own, become one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use warifu_otp::UnixTime;
use warifu_vault::{
    KdfParams, KeyringKey, LockedVault, MergeReport, Password, RecoveryKey, SlotId, SlotKind, UnlockedVault,
};

fn at(second: i64) -> UnixTime {
    UnixTime::from_secs(1_700_000_000 + second)
}

fn password(text: &str) -> Password {
    Password::new(text.to_owned()).unwrap()
}

fn save(vault: &mut UnlockedVault) -> Vec<u8> {
    let sealed = vault.seal().unwrap();
    let bytes = sealed.bytes().to_vec();
    vault.mark_saved(sealed);
    bytes
}

fn read(bytes: &[u8]) -> LockedVault {
    LockedVault::read(bytes).unwrap()
}

/// A vault of the password "one" with a recovery key, and a second copy of it.
fn two_copies() -> (UnlockedVault, UnlockedVault, RecoveryKey) {
    let mut vault = UnlockedVault::create(&password("one"), KdfParams::MINIMUM, at(0)).unwrap();
    let key = RecoveryKey::generate().unwrap();
    vault.set_recovery_key(&key, at(0)).unwrap();
    let bytes = save(&mut vault);
    let copy = read(&bytes).open_like(&vault).unwrap();
    (vault, copy, key)
}

/// What comes out, by way of files, on each of the two sides.
fn merged_both_ways(mut a: UnlockedVault, mut b: UnlockedVault) -> [Vec<u8>; 2] {
    // One side has saved more often: that is no reason to take its slots.
    let (at_a, at_b) = (save(&mut a), (0..3).map(|_| save(&mut b)).last().unwrap());
    let from_a = a.merge(read(&at_b).open_like(&a).unwrap()).unwrap();
    b.merge(read(&at_a).open_like(&b).unwrap()).unwrap();
    assert!(from_a.ways_in && !from_a.is_empty());
    for vault in [&mut a, &mut b] {
        for copy in [&at_a, &at_b] {
            assert_eq!(vault.merge(read(copy).open_like(vault).unwrap()).unwrap(), MergeReport::default());
        }
    }
    [save(&mut a), save(&mut b)]
}

fn by_password(bytes: &[u8], text: &str) -> bool {
    read(bytes).unlock_with_password(&password(text)).is_ok()
}

fn by_recovery_key(bytes: &[u8], key: &RecoveryKey) -> bool {
    read(bytes).unlock_with_recovery_key(key).is_ok()
}

fn id_of(vault: &UnlockedVault, kind: SlotKind) -> SlotId {
    vault.slots().into_iter().find(|slot| slot.kind == kind).unwrap().id
}

#[test]
fn a_new_recovery_key_outlives_a_hint_of_the_other_side() {
    let (mut a, mut b, old) = two_copies();
    let new = RecoveryKey::generate().unwrap();
    a.set_recovery_key(&new, at(10)).unwrap();
    b.set_hint(Some("hint".to_owned()), at(20)).unwrap();
    for bytes in merged_both_ways(a, b) {
        assert_eq!((by_recovery_key(&bytes, &new), by_recovery_key(&bytes, &old)), (true, false));
        assert_eq!((by_password(&bytes, "one"), read(&bytes).hint()), (true, Some("hint")));
    }
}

#[test]
fn a_changed_password_outlives_a_keyring_slot_of_the_other_side() {
    for in_place in [true, false] {
        let (mut a, mut b, _) = two_copies();
        match in_place {
            true => a.change_password(&password("one"), &password("two"), KdfParams::MINIMUM, at(10)).unwrap(),
            false => a.set_password(&password("two"), KdfParams::MINIMUM, at(10)).unwrap(),
        }
        let key = KeyringKey::generate().unwrap();
        let slot = b.add_keyring_key(&key, at(20)).unwrap();
        // Nor is the old one back because it was wrapped anew when it last opened the vault.
        assert!(b.raise_password(&password("one"), KdfParams::DEFAULT_FLOOR).unwrap());
        for bytes in merged_both_ways(a, b) {
            assert_eq!((by_password(&bytes, "two"), by_password(&bytes, "one")), (true, false), "{in_place}");
            assert!(read(&bytes).unlock_with_keyring_key(slot, &key).is_ok());
        }
    }
}

#[test]
fn a_raised_password_slot_wins_over_the_weak_one() {
    let (mut a, mut b, _) = two_copies();
    assert!(a.raise_password(&password("one"), KdfParams::DEFAULT_FLOOR).unwrap());
    b.set_hint(Some("hint".to_owned()), at(20)).unwrap();
    for bytes in merged_both_ways(a, b) {
        let vault = read(&bytes).unlock_with_password(&password("one")).unwrap();
        assert!(!vault.has_weak_password_slot());
    }
}

#[test]
fn a_removed_slot_stays_away_even_if_the_clock_went_back() {
    for removed_at in [10, 0, -1_000_000] {
        let (mut a, mut b, key) = two_copies();
        a.remove_slot(id_of(&a, SlotKind::Recovery), at(removed_at)).unwrap();
        b.set_hint(Some("hint".to_owned()), at(20)).unwrap();
        for bytes in merged_both_ways(a, b) {
            assert_eq!((by_recovery_key(&bytes, &key), by_password(&bytes, "one")), (false, true));
        }
    }
}

#[test]
fn of_two_passwords_or_recovery_keys_set_on_both_sides_the_later_stays() {
    let (mut a, mut b, old) = two_copies();
    a.set_password(&password("a"), KdfParams::MINIMUM, at(10)).unwrap();
    b.set_password(&password("b"), KdfParams::MINIMUM, at(20)).unwrap();
    let keys = [RecoveryKey::generate().unwrap(), RecoveryKey::generate().unwrap()];
    a.set_recovery_key(&keys[0], at(40)).unwrap();
    b.set_recovery_key(&keys[1], at(30)).unwrap();
    for bytes in merged_both_ways(a, b) {
        assert_eq!(["one", "a", "b"].map(|text| by_password(&bytes, text)), [false, false, true]);
        assert_eq!([&old, &keys[0], &keys[1]].map(|key| by_recovery_key(&bytes, key)), [false, true, false]);
        assert_eq!(read(&bytes).slots().len(), 2);
    }
}

#[test]
fn a_password_changed_after_the_other_side_replaced_it_is_the_one() {
    let (mut a, mut b, _) = two_copies();
    a.set_password(&password("a"), KdfParams::MINIMUM, at(10)).unwrap();
    b.change_password(&password("one"), &password("b"), KdfParams::MINIMUM, at(20)).unwrap();
    for bytes in merged_both_ways(a, b) {
        assert_eq!(["one", "a", "b"].map(|text| by_password(&bytes, text)), [false, false, true]);
    }
}

#[test]
fn a_change_counts_as_later_than_what_it_changed_even_if_the_clock_went_back() {
    let (mut a, mut b, old) = two_copies();
    a.change_password(&password("one"), &password("two"), KdfParams::MINIMUM, at(-1_000_000)).unwrap();
    let new = RecoveryKey::generate().unwrap();
    a.set_recovery_key(&new, at(-1_000_000)).unwrap();
    b.set_hint(Some("hint".to_owned()), at(20)).unwrap();
    for bytes in merged_both_ways(a, b) {
        assert_eq!((by_password(&bytes, "two"), by_password(&bytes, "one")), (true, false));
        assert_eq!((by_recovery_key(&bytes, &new), by_recovery_key(&bytes, &old)), (true, false));
    }
}

#[test]
fn a_way_in_is_left_when_each_side_removed_the_other() {
    let (mut a, mut b, key) = two_copies();
    a.remove_slot(id_of(&a, SlotKind::Password), at(10)).unwrap();
    b.remove_slot(id_of(&b, SlotKind::Recovery), at(20)).unwrap();
    for bytes in merged_both_ways(a, b) {
        assert!(by_password(&bytes, "one") != by_recovery_key(&bytes, &key), "one, and the same on both sides");
        let mut vault = read(&bytes).open_like(&two_ways(&bytes, &key)).unwrap();
        assert_eq!(vault.merge(two_ways(&bytes, &key)).unwrap(), MergeReport::default());
    }
}

/// The vault, by whichever of its ways in is left.
fn two_ways(bytes: &[u8], key: &RecoveryKey) -> UnlockedVault {
    let by_password = read(bytes).unlock_with_password(&password("one"));
    by_password.or_else(|(locked, _)| locked.unlock_with_recovery_key(key)).unwrap()
}
