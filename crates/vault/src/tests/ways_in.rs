//! Slots and hints of two copies, made up at random, are merged: what must hold whatever they are. No key is derived:
//! nothing in a merge looks inside a slot.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::MAX_SLOTS;
use crate::id::SlotId;
use crate::merge::merge_ways_in;
use crate::slot::{Slot, SlotKind};
use crate::ways_in::WaysIn;

/// Slots that there are: the last quarter of the numbers is of a type that no one knows.
const SLOTS: u8 = 16;

/// A slot: which, when it changed, and which of two texts it has.
type MadeSlot = (u8, Option<i64>, bool);
/// A whole side: one slot that needs no device, further ones, removals, and the hint with its time.
type Side = (MadeSlot, Vec<MadeSlot>, Vec<(u8, i64)>, (Option<String>, Option<i64>));

fn slot_strategy(numbers: std::ops::Range<u8>) -> impl Strategy<Value = MadeSlot> {
    (numbers, prop::option::of(0..6_i64), any::<bool>())
}

fn sides() -> impl Strategy<Value = Side> {
    let slots = prop::collection::vec(slot_strategy(0..SLOTS), 0..MAX_SLOTS);
    let removed = prop::collection::vec((0..SLOTS, 0..6_i64), 0..6);
    let hint = (prop::option::of("[ab]"), prop::option::of(0..3_i64));
    (slot_strategy(0..SLOTS / 2), slots, removed, hint)
}

fn made((first, others, removed, (hint, hint_at)): &Side) -> WaysIn {
    let mut ways_in = WaysIn { hint: hint.clone(), ..WaysIn::default() };
    ways_in.hint_changed_at = hint_at.map(UnixTime::from_secs);
    for slot in std::iter::once(first).chain(others).map(made_slot) {
        if ways_in.slots.iter().all(|other| other.id() != slot.id()) {
            ways_in.slots.push(slot);
        }
    }
    for (number, at) in removed {
        ways_in.removed.add(SlotId::from_bytes([*number; 16]), UnixTime::from_secs(*at));
    }
    ways_in
}

fn made_slot((number, changed_at, text): &MadeSlot) -> Slot {
    let kind = ["password", "recovery", "keyring", "hardware"][usize::from(number / (SLOTS / 4))];
    let nonce = if *text { "00" } else { "01" }.repeat(12);
    let kdf = json!({
        "algorithm": "argon2id", "version": 19, "memory_kib": 65_536, "time_cost": 3, "lanes": 1,
        "salt": "00".repeat(16),
    });
    let mut slot = json!({
        "id": format!("{number:02x}").repeat(16), "type": kind, "changed_at": changed_at, "nonce": nonce,
        "wrapped_key": "00".repeat(48),
    });
    match kind {
        "password" => slot["kdf"] = kdf,
        _ => slot["salt"] = "00".repeat(16).into(),
    }
    Slot::parse(&slot.to_string()).unwrap()
}

fn merged(ours: &WaysIn, theirs: &WaysIn) -> (WaysIn, bool) {
    let mut ways_in = ours.duplicate();
    let is_other = merge_ways_in(&mut ways_in, theirs.duplicate());
    (ways_in, is_other)
}

type All = (BTreeMap<SlotId, Vec<u8>>, BTreeMap<SlotId, UnixTime>, Option<String>);

/// All there is to it but the order of its lists.
fn all(ways_in: &WaysIn) -> All {
    let slots = ways_in.slots.iter().map(|slot| (slot.id(), slot.text()));
    (slots.collect(), ways_in.removed.times().into_iter().collect(), ways_in.hint.clone())
}

proptest! {
    // More with PROPTEST_CASES.
    #![proptest_config(ProptestConfig {
        cases: ProptestConfig::default().cases.max(2000),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn slots_merge_to_the_same_from_both_sides_and_once(ours in sides(), theirs in sides()) {
        let (ours, theirs) = (made(&ours), made(&theirs));
        let (here, is_other) = merged(&ours, &theirs);
        prop_assert_eq!(all(&here), all(&merged(&theirs, &ours).0), "commutative");
        prop_assert_eq!(is_other, (all(&here).0, &here.hint) != (all(&ours).0, &ours.hint));
        prop_assert!(here.slots.len() <= MAX_SLOTS);
        prop_assert!(here.slots.iter().any(Slot::depends_on_no_device), "a way in is left");
        for side in [&ours, &theirs, &here] {
            let (twice, is_other) = merged(&here, side);
            prop_assert_eq!(all(&twice), all(&here), "idempotent");
            prop_assert!(!is_other);
        }
    }
}

#[test]
fn slots_of_unknown_types_are_kept_from_both_sides_until_they_are_removed() {
    let side = |numbers: &[u8]| {
        let slots = numbers.iter().map(|number| made_slot(&(*number, Some(1), false))).collect();
        WaysIn { slots, ..WaysIn::default() }
    };
    let (ours, mut theirs) = (side(&[0, 12, 13]), side(&[0, 12, 14]));
    let ids = |ways_in: &WaysIn| ways_in.slots.iter().map(|slot| slot.id().as_bytes()[0]).collect::<Vec<_>>();
    assert_eq!(ids(&merged(&ours, &theirs).0), [0, 12, 13, 14]);
    theirs.remove(1, UnixTime::from_secs(5));
    assert_eq!(ids(&merged(&ours, &theirs).0), [0, 13, 14]);
    // Of too many the keyring slots go first, the oldest of them ahead.
    let mut many = side(&[0, 4, 8, 9, 10, 11]);
    many.slots[3].set_changed_at(UnixTime::from_secs(0));
    let (merged, _) = merged(&many, &side(&[0, 12, 13, 14]));
    assert_eq!((ids(&merged), merged.slots.len()), (vec![0, 4, 8, 10, 11, 12, 13, 14], MAX_SLOTS));
}

#[test]
fn two_slots_of_one_kind_that_both_sides_have_are_no_replacement() {
    let both = |further: Option<u8>| {
        let slots = [0, 1].into_iter().chain(further).map(|number| made_slot(&(number, Some(1), false))).collect();
        WaysIn { slots, ..WaysIn::default() }
    };
    assert_eq!(merged(&both(None), &both(None)).0.slots.len(), 2);
    let (merged, is_other) = merged(&both(None), &both(Some(2)));
    assert_eq!((merged.slots.len(), is_other), (3, true));
    assert!(merged.slots.iter().all(|slot| slot.kind() == SlotKind::Password));
}

#[test]
fn so_many_removals_are_noted_and_no_more() {
    let mut ways_in = WaysIn::default();
    let slots = [0, 0, 0].map(|number| made_slot(&(number, None, false)));
    for number in 0..200_u8 {
        ways_in.removed.add(SlotId::from_bytes([number; 16]), UnixTime::from_secs(number.into()));
    }
    ways_in.note_removed(&slots[0], UnixTime::from_secs(1000));
    let times: BTreeMap<_, _> = ways_in.removed.times().into_iter().collect();
    let (first, last) = (SlotId::from_bytes([0; 16]), SlotId::from_bytes([137; 16]));
    assert_eq!((times.len(), times[&first], times.keys().nth(1)), (64, UnixTime::from_secs(1000), Some(&last)));
}

#[test]
fn removals_that_cannot_be_read_and_the_revision_of_older_builds_are_kept() {
    let (vault, bytes) = saved_vault(1);
    let mut edited = header(&bytes);
    edited["slots_revision"] = 7.into();
    edited["removed_slots"] = json!(["x", {"id": "00".repeat(16), "removed_at": 5, "why": [1]}]);
    edited["hint_changed_at"] = 9.into();
    let forged = forge(&vault, 1, &edited.to_string(), r#"{"entries":[]}"#);
    let mut vault = crate::LockedVault::read(&forged).unwrap().open_like(&vault).unwrap();
    let saved = header(&save(&mut vault));
    assert_eq!((&saved["slots_revision"], &saved["hint_changed_at"]), (&7.into(), &9.into()));
    assert_eq!(saved["removed_slots"], json!([{"id": "00".repeat(16), "removed_at": 5, "why": [1]}, "x"]));
}
