use warifu_otp::UnixTime;

use crate::header::MAX_SLOTS;
use crate::slot::{Slot, SlotKind};
use crate::ways_in::{WaysIn, later_than};

/// Merges slots one by one, and the hint by itself. Says whether ours became others.
pub(crate) fn merge(ours: &mut WaysIn, mut theirs: WaysIn) -> bool {
    let before: Vec<_> = ours.slots.iter().map(Slot::text).collect();
    ours.merge_removed(std::mem::take(&mut theirs.removed));
    let candidates = by_id(std::mem::take(&mut ours.slots), theirs.slots);
    let mut candidates = without_removed(ours, candidates);
    for kind in [SlotKind::Password, SlotKind::Recovery] {
        settle_replaced(ours, &mut candidates, kind);
    }
    ours.slots = candidates.into_iter().map(|candidate| candidate.slot).collect();
    drop_surplus(ours);
    let is_hint_other = merge_hint(ours, theirs.hint, theirs.hint_changed_at);
    let after: Vec<_> = ours.slots.iter().map(Slot::text).collect();
    is_hint_other || after != before
}

/// A slot, and the sides it is on.
struct Candidate {
    slot: Slot,
    is_ours: bool,
    is_theirs: bool,
}

/// The slots of both sides. Of one that both have, the version that was changed later.
fn by_id(ours: Vec<Slot>, theirs: Vec<Slot>) -> Vec<Candidate> {
    let ours = ours.into_iter().map(|slot| Candidate { slot, is_ours: true, is_theirs: false });
    let mut candidates: Vec<_> = ours.collect();
    for slot in theirs {
        match candidates.iter_mut().find(|candidate| candidate.slot.id() == slot.id()) {
            Some(candidate) => {
                candidate.is_theirs = true;
                if age(&slot) > age(&candidate.slot) {
                    candidate.slot = slot;
                }
            }
            None => candidates.push(Candidate { slot, is_ours: false, is_theirs: true }),
        }
    }
    candidates
}

/// Those that were not removed since they last changed.
fn without_removed(ours: &WaysIn, candidates: Vec<Candidate>) -> Vec<Candidate> {
    let times = ours.removed.times();
    let is_kept = |candidate: &Candidate| {
        let slot = &candidate.slot;
        times.get(&slot.id()).is_none_or(|removed_at| slot.changed_at() > *removed_at)
    };
    let (mut kept, removed): (Vec<_>, Vec<_>) = candidates.into_iter().partition(is_kept);
    // One side gave up the password, say, and the other the recovery key: each left a way in that the other took away.
    // One of them stays, and counts as made since, or else the next merge would take it away again.
    if !kept.iter().any(|candidate| candidate.slot.depends_on_no_device()) {
        let may_stay = |candidate: &Candidate| kept.is_empty() || candidate.slot.depends_on_no_device();
        let last = removed.into_iter().filter(may_stay).max_by_key(|candidate| rank(&candidate.slot));
        kept.extend(last.map(|mut candidate| {
            if let Some(removed_at) = times.get(&candidate.slot.id()) {
                candidate.slot.set_changed_at(later_than(*removed_at, *removed_at));
            }
            candidate
        }));
    }
    kept
}

/// Where each side has a slot of this kind that the other has not, both have put a new one in place of the old: the
/// later one stays. (Beside one that both have, a further one is no replacement.)
fn settle_replaced(ours: &mut WaysIn, candidates: &mut Vec<Candidate>, kind: SlotKind) {
    let of_one_side = |candidate: &Candidate| candidate.slot.kind() == kind && candidate.is_ours != candidate.is_theirs;
    let rivals = || candidates.iter().filter(|candidate| of_one_side(candidate));
    if !rivals().any(|rival| rival.is_ours) || !rivals().any(|rival| rival.is_theirs) {
        return;
    }
    let Some((id, replaced_at)) =
        rivals().map(|rival| &rival.slot).max_by_key(|slot| age(slot)).map(|slot| (slot.id(), slot.changed_at()))
    else {
        return;
    };
    candidates.retain(|candidate| {
        let stays = !of_one_side(candidate) || candidate.slot.id() == id;
        if !stays {
            ours.note_removed(&candidate.slot, replaced_at);
        }
        stays
    });
}

/// Takes out the slots that are too many, the one that is missed least first.
fn drop_surplus(ours: &mut WaysIn) {
    while ours.slots.len() > MAX_SLOTS {
        let Some((index, slot)) = ours.slots.iter().enumerate().min_by_key(|(_, slot)| rank(slot)) else { return };
        let changed_at = slot.changed_at();
        ours.remove(index, changed_at);
    }
}

/// The hint that was changed later; of two of one time the larger. Says whether it is not ours.
fn merge_hint(ours: &mut WaysIn, hint: Option<String>, changed_at: Option<UnixTime>) -> bool {
    if (changed_at, &hint) <= (ours.hint_changed_at, &ours.hint) {
        return false;
    }
    ours.hint_changed_at = changed_at;
    std::mem::replace(&mut ours.hint, hint) != ours.hint
}

/// The order of two slots in time, and by their text where that is the same, so that both sides agree.
fn age(slot: &Slot) -> (UnixTime, Vec<u8>) {
    (slot.changed_at(), slot.text())
}

/// The order of slots by how much they would be missed: what needs no device; then what this version can neither make
/// again nor tell the age of; then the later ones.
fn rank(slot: &Slot) -> (u8, (UnixTime, Vec<u8>)) {
    let class = match slot.kind() {
        SlotKind::Password | SlotKind::Recovery => 2,
        SlotKind::Unknown => 1,
        SlotKind::Keyring => 0,
    };
    (class, age(slot))
}
