//! Two copies of one vault, both changed, become one: entry by entry, field by field, the later edit winning and
//! nothing lost; what opens the vault, slot by slot. What comes out is the same whichever side is asked, but for the order of the list.

mod entry;
mod ways_in;

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet, VecDeque};

use warifu_otp::{Otp, UnixTime};
use zeroize::Zeroizing;

pub(crate) use self::ways_in::merge as merge_ways_in;

use crate::contents::{Contents, StoredEntry, UnreadableEntry};
use crate::crypto::{self, KEY_LEN, Key, PrimitiveFailed};
use crate::entry::{self as entries, Entry, Field};
use crate::id::{EntryId, VaultId};

const CONFLICT_DOMAIN: &[u8] = b"warifu/1/conflict";

/// What a merge did to our side.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MergeReport {
    /// Entries that only they had.
    pub added: usize,
    /// Entries of ours that are not what they were.
    pub changed: usize,
    /// Entries of ours that they had removed for good.
    pub removed: usize,
    /// Entries whose key differs on both sides, by no more than a later edit: it has one of them now, and an entry of
    /// its own behind it has the other ([`Entry::conflict_of`]).
    pub conflicts: Vec<EntryId>,
    /// Whether our slots or our hint are not what they were.
    pub ways_in: bool,
}

impl MergeReport {
    /// Whether the merge changed nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds what a further merge did.
    pub fn absorb(&mut self, further: Self) {
        self.added += further.added;
        self.changed += further.changed;
        self.removed += further.removed;
        self.conflicts.extend(further.conflicts);
        self.ways_in |= further.ways_in;
    }
}

/// Gives entries that are kept twice the ids of their second halves: the same on every machine that holds the vault's
/// key, and saying nothing of the secret to anyone else.
pub(crate) struct ConflictIds(Key);

impl ConflictIds {
    pub(crate) fn new(vault_id: VaultId, content_key: &Key) -> Result<Self, PrimitiveFailed> {
        crypto::hkdf(vault_id.as_bytes(), content_key, &[CONFLICT_DOMAIN]).map(Self)
    }

    pub(crate) fn id_of(&self, entry: EntryId, otp: &Otp) -> EntryId {
        let text = entries::otp_text(otp);
        let mut bytes = Zeroizing::new(Vec::with_capacity(KEY_LEN + 16 + text.len()));
        bytes.extend_from_slice(self.0.expose_bytes());
        bytes.extend_from_slice(entry.as_bytes());
        bytes.extend_from_slice(text.as_bytes());
        let digest = crypto::sha256(&bytes);
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        EntryId::from_bytes(id)
    }
}

/// Merges `theirs` into `ours`. `theirs_against_ours` says which side is newer as a whole; it decides on members that
/// carry no time.
pub(crate) fn merge(
    ours: &mut Contents,
    theirs: Contents,
    theirs_against_ours: Ordering,
    ids: &ConflictIds,
) -> MergeReport {
    let mut report = MergeReport::default();
    ours.tombstones.merge(theirs.tombstones);
    ours.extra.merge(theirs.extra, theirs_against_ours);
    let removed = ours.tombstones.times();
    let is_removed = |id: EntryId, last_edit: UnixTime| removed.get(&id).is_some_and(|at| *at >= last_edit);

    let is_ours = ours.entries().map(|entry| entry.id);
    let is_theirs = theirs.stored.iter().filter_map(|place| Some(place.as_entry()?.id));
    let present: HashSet<_> = is_ours.chain(is_theirs).collect();
    let is_kept = |id: EntryId| present.contains(&id);

    let (mut their_entries, their_order, unreadable) = by_id(theirs.stored);
    let (mut second_halves, mut stored) = (VecDeque::new(), Vec::with_capacity(ours.stored.len()));
    for place in std::mem::take(&mut ours.stored) {
        let StoredEntry::Readable(mut entry) = place else {
            stored.push(place);
            continue;
        };
        if let Some(other) = their_entries.remove(&entry.id) {
            let before = entries::to_text(&entry);
            second_halves.extend(entry::merge(&mut entry, other, ids, is_kept));
            report.changed += usize::from(entries::to_text(&entry) != before);
        } else {
            // What only one side has must be as it would be on both: the next merge has to find nothing to do.
            report.changed += usize::from(entry::bring_back_with_later_key(&mut entry));
        }
        if is_removed(entry.id, entry.last_edit()) {
            report.removed += 1;
        } else {
            stored.push(StoredEntry::Readable(entry));
        }
    }
    let only_theirs = their_order.into_iter().filter_map(|id| their_entries.remove(&id));
    for mut entry in only_theirs.filter(|entry| !is_removed(entry.id, entry.last_edit())) {
        entry::bring_back_with_later_key(&mut entry);
        report.added += 1;
        stored.push(StoredEntry::Readable(entry));
    }
    report.added += add_unreadable(&mut stored, unreadable);
    ours.stored = stored;

    while let Some(mut half) = second_halves.pop_front() {
        // Judged by its key alone: a later edit of the other half's name is no reason to bring this one back.
        if is_removed(half.id, half.changed_at(Field::Otp)) {
            continue;
        }
        match ours.entry_mut(half.id) {
            Some(present) => {
                let before = entries::to_text(present);
                second_halves.extend(entry::merge(present, half, ids, is_kept));
                report.changed += usize::from(entries::to_text(present) != before);
            }
            None => {
                entry::bring_back_with_later_key(&mut half);
                report.conflicts.extend(half.conflict_of());
                ours.insert_behind(half);
            }
        }
    }
    report
}

type ById = (HashMap<EntryId, Entry>, Vec<EntryId>, Vec<UnreadableEntry>);

fn by_id(stored: Vec<StoredEntry>) -> ById {
    let (mut entries, mut order, mut unreadable) = (HashMap::with_capacity(stored.len()), vec![], vec![]);
    for place in stored {
        match place {
            StoredEntry::Readable(entry) => {
                order.push(entry.id);
                entries.insert(entry.id, entry);
            }
            StoredEntry::Unreadable(entry) => unreadable.push(entry),
        }
    }
    (entries, order, unreadable)
}

/// Appends those whose text is not there yet. Says how many.
fn add_unreadable(stored: &mut Vec<StoredEntry>, theirs: Vec<UnreadableEntry>) -> usize {
    let ours = stored.iter().filter_map(|place| match place {
        StoredEntry::Readable(_) => None,
        StoredEntry::Unreadable(entry) => Some(entry.text_digest()),
    });
    let mut known: HashSet<_> = ours.collect();
    let new = theirs.into_iter().filter(|entry| known.insert(entry.text_digest()));
    let before = stored.len();
    stored.extend(new.collect::<Vec<_>>().into_iter().map(StoredEntry::Unreadable));
    stored.len() - before
}
