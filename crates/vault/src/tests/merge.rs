//! Two copies of one vault, changed at random, are merged: what must hold whatever was done to them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use proptest::prelude::*;
use warifu_otp::{Counter, Hotp};

use super::*;
use crate::entry::{Field, otp_text, version_to_text};
use crate::{LockedVault, MergeReport, StoredEntry};

/// Entries of the vault that the copies are made of.
const ENTRIES: usize = 4;

/// One thing done to a copy: what, to which entry, when, and with which of a few names and keys.
type Edit = (u8, u8, u8, u8);

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    prop::collection::vec((0..9_u8, 0..6_u8, 0..40_u8, 0..4_u8), 0..14)
}

/// A vault, and its file, made once: the copies are opened by its key without any derivation.
fn base() -> &'static (UnlockedVault, Vec<u8>) {
    static BASE: OnceLock<(UnlockedVault, Vec<u8>)> = OnceLock::new();
    BASE.get_or_init(|| {
        let mut vault = UnlockedVault::create(&password(), KdfParams::MINIMUM, time(0)).unwrap();
        for number in 0..ENTRIES {
            let id = EntryId::from_bytes([number as u8; 16]);
            let otp = if number == 0 { hotp(0) } else { key(number as u8) };
            vault.push(Entry::new(id, name(number as u8), None, otp, time(number as u8)));
        }
        let bytes = save(&mut vault);
        (vault, bytes)
    })
}

fn time(at: u8) -> UnixTime {
    UnixTime::from_secs(1_700_000_000 + i64::from(at))
}

fn name(number: u8) -> Label {
    // Few names of few parts, so that both sides often choose the same one.
    Label {
        issuer: number.is_multiple_of(2).then(|| "issuer".to_owned()),
        account_name: format!("account {}", number / 2),
    }
}

fn key(number: u8) -> Otp {
    let secret = SharedSecret::from_bytes(vec![number / 2; 10]).unwrap();
    let digits = Digits::new(6 + u32::from(number % 2)).unwrap();
    Otp::Totp(Totp { secret, algorithm: Algorithm::Sha1, digits, time_step: TimeStep::DEFAULT })
}

fn hotp(counter: u64) -> Otp {
    let secret = SharedSecret::from_bytes(vec![99; 10]).unwrap();
    let counter = Counter::new(counter);
    Otp::Hotp(Hotp { secret, algorithm: Algorithm::Sha1, digits: Digits::DEFAULT, counter })
}

fn copy() -> UnlockedVault {
    let (vault, bytes) = base();
    LockedVault::read(bytes).unwrap().open_like(vault).unwrap()
}

/// The vault again, by way of a file.
fn again(vault: &UnlockedVault) -> UnlockedVault {
    let sealed = vault.seal().unwrap();
    LockedVault::read(sealed.bytes()).unwrap().open_like(vault).unwrap()
}

fn edited(edits: &[Edit]) -> UnlockedVault {
    let mut vault = copy();
    for (what, which, when, value) in edits {
        let now = time(*when);
        let ids: Vec<_> = vault.entries().map(|entry| entry.id).collect();
        let Some(id) = ids.get(usize::from(*which) % ids.len().max(1)).copied() else { continue };
        let entry = vault.entry_mut(id).unwrap();
        match what {
            0 | 1 => entry.rename(name(*value), now),
            2 | 3 => entry.replace_otp(key(*value), None, now),
            4 => entry.delete(now),
            5 => entry.restore(now),
            6 => drop(entry.take_back(usize::from(*value), now)),
            7 => match entry.otp.counter() {
                Some(counter) => {
                    let _ = entry.otp.set_counter(Counter::new(counter.get() + 1));
                    entry.modified_at = now;
                }
                // The same entry may come to both copies from an import of the same file.
                None => {
                    let id = EntryId::from_bytes([100 + value; 16]);
                    if vault.entry(id).is_none() {
                        vault.push(Entry::new(id, name(*value), None, key(*when), now));
                    }
                }
            },
            _ => drop(vault.remove(id, now)),
        }
    }
    vault
}

fn merged(ours: &UnlockedVault, theirs: &UnlockedVault) -> (UnlockedVault, MergeReport) {
    let mut vault = again(ours);
    let report = vault.merge(again(theirs)).unwrap();
    (vault, report)
}

/// All there is to a vault's contents but the order of its list.
fn contents(vault: &UnlockedVault) -> BTreeMap<String, String> {
    let entries = vault.entries().map(|entry| {
        let mut entry = entry.duplicate();
        entry.history.sort_by_key(|version| version_to_text(version).to_vec());
        (entry.id.to_string(), String::from_utf8(crate::entry::to_text(&entry).to_vec()).unwrap())
    });
    let tombstones = vault.contents().tombstones.times().into_iter();
    entries.chain(tombstones.map(|(id, at)| (format!("removed {id}"), format!("{at:?}")))).collect()
}

/// Everything an entry is or was: names and key together.
fn versions(entry: &Entry) -> BTreeSet<(Label2, String)> {
    let present = [(&entry.label, &entry.issuer_in_label, &entry.otp)];
    let earlier = entry.history().iter().map(|version| (&version.label, &version.issuer_in_label, &version.otp));
    let all = present.into_iter().chain(earlier);
    all.map(|(label, in_label, otp)| {
        ((label.issuer.clone(), label.account_name.clone(), in_label.clone()), otp_text(otp).to_string())
    })
    .collect()
}

type Label2 = (Option<String>, String, Option<String>);

/// What of `side` is nowhere in `merged`: neither in its entry, nor beside it, nor removed for good since it was
/// edited.
fn lost(side: &UnlockedVault, merged: &UnlockedVault) -> Vec<String> {
    let removed = merged.contents().tombstones.times();
    let ids = crate::merge::ConflictIds::new(merged.vault_id(), merged.content_key()).unwrap();
    let is_removed = |id: EntryId, last_edit: UnixTime| removed.get(&id).is_some_and(|at| *at >= last_edit);
    let mut lost = vec![];
    for entry in side.entries() {
        let kept = merged.entries().filter(|kept| kept.id == entry.id || kept.conflict_of() == Some(entry.id));
        let found: BTreeSet<_> = kept.flat_map(versions).collect();
        let missing = versions(entry).difference(&found).count();
        let half = ids.id_of(entry.id, &entry.otp);
        if missing > 0 && !is_removed(entry.id, entry.last_edit()) && !is_removed(half, entry.changed_at(Field::Otp)) {
            lost.push(format!("{missing} of {}", entry.id));
        }
    }
    lost
}

proptest! {
    // More with PROPTEST_CASES.
    #![proptest_config(ProptestConfig {
        cases: ProptestConfig::default().cases.max(500),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_merge_is_the_same_from_both_sides_and_done_once_and_loses_nothing(ours in edits(), theirs in edits()) {
        let (ours, theirs) = (edited(&ours), edited(&theirs));
        let (merged_here, _) = merged(&ours, &theirs);
        let (merged_there, _) = merged(&theirs, &ours);
        prop_assert_eq!(contents(&merged_here), contents(&merged_there), "commutative");

        for side in [&ours, &theirs, &merged_here] {
            let (twice, report) = merged(&merged_here, side);
            prop_assert_eq!(contents(&twice), contents(&merged_here), "idempotent");
            prop_assert_eq!(report, MergeReport::default());
            prop_assert_eq!(lost(side, &merged_here), Vec::<String>::new());
        }
    }

    #[test]
    fn three_copies_come_to_the_same_entries_in_any_order(a in edits(), b in edits(), c in edits()) {
        let (a, b, c) = (edited(&a), edited(&b), edited(&c));
        let left = merged(&merged(&a, &b).0, &c).0;
        let right = merged(&a, &merged(&b, &c).0).0;
        // An entry that was removed may or may not be older than a later edit it is first merged with.
        let removed = left.contents().tombstones.times();
        // Of what is kept beside an entry there may be more in one order: in the other, a later merge knows it as given
        // up.
        let present = |vault: &UnlockedVault| -> BTreeMap<_, _> {
            let is_compared = |entry: &&Entry| entry.conflict_of().is_none() && !removed.contains_key(&entry.id);
            let value = |entry: &Entry| {
                let names = (entry.label.issuer.clone(), entry.label.account_name.clone());
                (names, otp_text(&entry.otp).to_string(), entry.otp.counter(), entry.deleted_at)
            };
            vault.entries().filter(is_compared).map(|entry| (entry.id, value(entry))).collect()
        };
        prop_assert_eq!(present(&left), present(&right));
        for side in [&a, &b, &c] {
            prop_assert_eq!(lost(side, &left), Vec::<String>::new());
            prop_assert_eq!(lost(side, &right), Vec::<String>::new());
        }
    }
}

#[test]
fn the_random_copies_do_meet_what_a_merge_is_for() {
    // A control of the properties above: their edits do lead to conflicts, removals and histories.
    let mut dice = Dice(7);
    let mut edit = || -> Vec<Edit> {
        let mut below = |limit| dice.below(limit) as u8;
        (0..12).map(|_| (below(9), below(6), below(40), below(4))).collect()
    };
    let mut totals = [0; 4];
    for _ in 0..200 {
        let (vault, report) = merged(&edited(&edit()), &edited(&edit()));
        let histories = vault.entries().filter(|entry| !entry.history().is_empty()).count();
        for (total, count) in totals.iter_mut().zip([report.changed, report.removed, report.conflicts.len(), histories])
        {
            *total += count;
        }
    }
    println!("200 merges: {totals:?} entries changed, removed, kept twice, with a history");
    assert!(totals.into_iter().all(|total| total > 30), "{totals:?}");
}

#[test]
fn what_cannot_be_read_is_kept_once_from_both_sides() {
    let (vault, bytes) = base();
    let header = header(bytes).to_string();
    let open = |entries: &str, rest: &str| {
        let json = format!("{{\"entries\":[{entries}]{rest}}}");
        LockedVault::read(&forge(vault, 1, &header, &json)).unwrap().open_like(vault).unwrap()
    };
    let (both, a, b) = (r#"{"type":"motp","x":1.0}"#, r#"{"type":"motp","x":1.00}"#, r#"[7]"#);
    let mut ours = open(&format!("{both},{a}"), r#","tombstones":["x",{"id":1}],"settings":{"a":1},"z":1"#);
    let theirs = open(&format!("{b},{both}"), r#","tombstones":[{"id":1},"y"],"settings":{"a":2},"y":2"#);
    assert_eq!(ours.merge(theirs).unwrap(), MergeReport { added: 1, ..MergeReport::default() });
    let unreadable: Vec<_> =
        ours.stored().iter().filter(|stored| matches!(stored, StoredEntry::Unreadable(_))).collect();
    assert_eq!((unreadable.len(), ours.unreadable_count()), (3, 3));
    let plaintext = ours.contents().to_plaintext().unwrap();
    let text = String::from_utf8_lossy(&plaintext);
    assert!(text.contains(&format!(r#"{{"entries":[{both},{a},{b}],"tombstones":["x",{{"id":1}},"y"]"#)), "{text}");
    assert!(text.contains(r#","settings":{"a":2},"z":1,"y":2}"#), "{text}");
}

#[test]
fn what_only_one_copy_has_comes_out_of_the_trash_with_a_key_that_was_taken_back_later() {
    // An account that came to one copy alone, was given another key, thrown away, and its first key taken back.
    let new = 100 + 1;
    let edits = [(7, 1, 5, 1), (2, 4, 10, 2), (4, 4, 20, 0), (6, 4, 30, 0)];
    let (ours, theirs) = (edited(&edits), copy());
    let id = EntryId::from_bytes([new; 16]);
    let (before, otp_at) = (ours.entry(id).unwrap(), ours.entry(id).unwrap().changed_at(Field::Otp));
    assert!(before.is_deleted() && otp_at > before.changed_at(Field::Deleted));
    for (one, other) in [(&ours, &theirs), (&theirs, &ours)] {
        let (once, _) = merged(one, other);
        let (twice, report) = merged(&once, &ours);
        assert_eq!((contents(&twice), report), (contents(&once), MergeReport::default()));
        assert!(!once.entry(id).unwrap().is_deleted());
    }
}
