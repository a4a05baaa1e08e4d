//! What opens a vault, what no longer does, and the reminder of the password: all of it public, in the header.

use warifu_otp::UnixTime;

use crate::id::SlotId;
use crate::slot::{Slot, SlotKind};
use crate::tombstone::Tombstones;

/// How many removals of slots are noted: more than anyone makes between two looks at a copy, and little in a header.
const MAX_REMOVED: usize = 64;

/// Slots and hint.
#[derive(Default)]
pub(crate) struct WaysIn {
    pub(crate) slots: Vec<Slot>,
    /// The slots that were removed or replaced, so that another copy does not bring them back.
    pub(crate) removed: Tombstones<SlotId>,
    /// A reminder of the password, readable by all.
    pub(crate) hint: Option<String>,
    /// When that last changed, where it was noted.
    pub(crate) hint_changed_at: Option<UnixTime>,
}

impl WaysIn {
    /// Takes a slot out and notes it.
    pub(crate) fn remove(&mut self, index: usize, now: UnixTime) {
        let slot = self.slots.remove(index);
        self.note_removed(&slot, now);
    }

    /// Notes that a slot is gone. A clock that went back must not let another copy bring it back.
    pub(crate) fn note_removed(&mut self, slot: &Slot, now: UnixTime) {
        self.removed.add(slot.id(), now.max(slot.changed_at()));
        self.removed.keep_newest(MAX_REMOVED);
    }

    /// Takes in the removals that another copy has noted.
    pub(crate) fn merge_removed(&mut self, theirs: Tombstones<SlotId>) {
        self.removed.merge(theirs);
        self.removed.keep_newest(MAX_REMOVED);
    }

    /// Sets the hint. Returns the one before.
    pub(crate) fn set_hint(&mut self, hint: Option<String>, now: UnixTime) -> Option<String> {
        if hint != self.hint {
            self.hint_changed_at = Some(self.hint_changed_at.map_or(now, |before| later_than(before, now)));
        }
        std::mem::replace(&mut self.hint, hint)
    }

    /// The time of a slot that takes the place of all of its kind: later than any of theirs.
    pub(crate) fn time_to_replace(&self, kind: SlotKind, now: UnixTime) -> UnixTime {
        let replaced = self.slots.iter().filter(|slot| slot.kind() == kind);
        replaced.fold(now, |time, slot| later_than(slot.changed_at(), time))
    }

    /// The same again, for an undo.
    pub(crate) fn duplicate(&self) -> Self {
        Self {
            slots: self.slots.iter().map(Slot::duplicate).collect(),
            removed: self.removed.duplicate(),
            hint: self.hint.clone(),
            ..*self
        }
    }
}

/// The time of a change made `now`: later than the one it takes the place of, even if the clock stood still or went
/// back.
pub(crate) fn later_than(before: UnixTime, now: UnixTime) -> UnixTime {
    now.max(UnixTime::from_secs(before.as_secs().saturating_add(1)))
}
