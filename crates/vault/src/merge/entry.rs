use std::cmp::{Ordering, Reverse};

use warifu_otp::{Label, Otp};

use super::ConflictIds;
use crate::entry::{EarlierVersion, Entry, Field, makes_same_codes, otp_text, with_counter_of};
use crate::id::EntryId;
use crate::json::RawJson;

/// Merges another copy of an entry into ours. Where both sides gave it a key of their own, the one that does not stay
/// is returned as an entry to be kept beside it; `is_kept` says whether one of that id is there already.
pub(super) fn merge(
    ours: &mut Entry,
    mut theirs: Entry,
    ids: &ConflictIds,
    is_kept: impl Fn(EntryId) -> bool,
) -> Option<Entry> {
    let theirs_win = |field| their_edit_wins(ours, &theirs, field);
    let [issuer, account_name, otp, deleted] = Field::ALL.map(theirs_win);
    let (winner, loser) = if otp { (&theirs, &*ours) } else { (&*ours, &theirs) };
    let second_half = second_half(winner, loser, ids, is_kept);
    let (our_version, their_version) = (Version::of(ours), Version::of(&theirs));
    let theirs_against_ours = theirs.modified_at.cmp(&ours.modified_at);

    if issuer {
        ours.label.issuer = theirs.label.issuer.take();
    }
    if account_name {
        ours.label.account_name = std::mem::take(&mut theirs.label.account_name);
    }
    if deleted {
        ours.deleted_at = theirs.deleted_at;
    }
    if otp {
        ours.issuer_in_label = theirs.issuer_in_label.take();
        std::mem::swap(&mut ours.otp, &mut theirs.otp);
    }
    ours.otp = with_counter_of(ours.otp.duplicate(), &theirs.otp);

    merge_times(ours, &mut theirs, theirs_against_ours);
    bring_back_with_later_key(ours);
    merge_history(ours, &mut theirs);
    // What each side was must be found again: in what it is now, in its history, or beside it.
    let (winning, losing) = if otp { (their_version, our_version) } else { (our_version, their_version) };
    remember(ours, winning);
    if second_half.is_none() {
        remember(ours, losing);
    }
    for version in &ours.history {
        ours.otp = with_counter_of(ours.otp.duplicate(), &version.otp);
    }
    ours.conflict_of = ours.conflict_of.into_iter().chain(theirs.conflict_of).min();
    ours.extra.merge(theirs.extra, theirs_against_ours);
    second_half
}

/// Whoever gives a new key to what was thrown away uses it: it comes out of the trash. Says whether it did.
pub(super) fn bring_back_with_later_key(entry: &mut Entry) -> bool {
    let key_set_at = entry.changed_at(Field::Otp);
    let comes_back = entry.deleted_at.is_some() && key_set_at > entry.changed_at(Field::Deleted);
    if comes_back {
        entry.deleted_at = None;
        entry.stamps.set(Field::Deleted, key_set_at);
    }
    comes_back
}

/// The later edit of a field wins, and the larger value of two made at one time.
fn their_edit_wins(ours: &Entry, theirs: &Entry, field: Field) -> bool {
    let by_value = || match field {
        Field::Issuer => theirs.label.issuer.cmp(&ours.label.issuer),
        Field::AccountName => theirs.label.account_name.cmp(&ours.label.account_name),
        Field::Otp => otp_text(&theirs.otp)
            .cmp(&otp_text(&ours.otp))
            .then_with(|| theirs.issuer_in_label.cmp(&ours.issuer_in_label)),
        Field::Deleted => theirs.deleted_at.cmp(&ours.deleted_at),
    };
    theirs.changed_at(field).cmp(&ours.changed_at(field)).then_with(by_value).is_gt()
}

/// The losing side as an entry of its own, if its key is one that the winner has not. One that the winning side had and
/// gave up needs none: that was the person's own doing, and it is in the history.
fn second_half(winner: &Entry, loser: &Entry, ids: &ConflictIds, is_kept: impl Fn(EntryId) -> bool) -> Option<Entry> {
    let secret = loser.otp.secret();
    if winner.otp.secret().is_same(secret) {
        return None;
    }
    let id = ids.id_of(loser.id, &loser.otp);
    let was_given_up = winner.history.iter().any(|version| version.otp.secret().is_same(secret));
    // Once it is kept, a history that came from the loser is no sign of having been given up.
    if was_given_up && !is_kept(id) {
        return None;
    }
    let (history, unreadable_history) = Default::default();
    let conflict_of = Some(loser.id);
    let mut half = Entry { id, history, unreadable_history, conflict_of, ..loser.duplicate() };
    for field in Field::ALL {
        half.stamps.set(field, loser.changed_at(field));
    }
    Some(half)
}

/// One side as it was: what makes it an account.
struct Version {
    label: Label,
    issuer_in_label: Option<String>,
    otp: Otp,
}

impl Version {
    fn of(entry: &Entry) -> Self {
        Self { label: entry.label.clone(), issuer_in_label: entry.issuer_in_label.clone(), otp: entry.otp.duplicate() }
    }
}

fn merge_times(ours: &mut Entry, theirs: &mut Entry, theirs_against_ours: Ordering) {
    for field in Field::ALL {
        let later = ours.changed_at(field).max(theirs.changed_at(field));
        ours.stamps.set(field, later);
    }
    ours.stamps.extra_mut().merge(std::mem::take(theirs.stamps.extra_mut()), theirs_against_ours);
    ours.created_at = ours.created_at.min(theirs.created_at);
    ours.modified_at = ours.modified_at.max(theirs.modified_at);
}

/// Both histories, each version once, whenever it was there last.
fn merge_history(ours: &mut Entry, theirs: &mut Entry) {
    let mut history: Vec<EarlierVersion> = Vec::with_capacity(ours.history.len() + theirs.history.len());
    for version in ours.history.drain(..).chain(theirs.history.drain(..)) {
        let EarlierVersion { label, issuer_in_label, otp, .. } = &version;
        match history.iter_mut().find(|known| known.is_version(label, issuer_in_label.as_deref(), otp)) {
            Some(known) => known.absorb(version),
            None => history.push(version),
        }
    }
    sort(&mut history);
    ours.history = history;
    RawJson::add_new(&mut ours.unreadable_history, std::mem::take(&mut theirs.unreadable_history));
}

/// Puts what one side was into the history, unless the entry still is that or the history has it.
fn remember(entry: &mut Entry, version: Version) {
    let Version { label, issuer_in_label, otp } = version;
    let in_label = issuer_in_label.as_deref();
    let is_present =
        entry.label == label && entry.issuer_in_label.as_deref() == in_label && makes_same_codes(&entry.otp, &otp);
    if is_present {
        return;
    }
    if let Some(earlier) = entry.history.iter_mut().find(|earlier| earlier.is_version(&label, in_label, &otp)) {
        earlier.otp = with_counter_of(earlier.otp.duplicate(), &otp);
        return;
    }
    let names_and_key = [Field::Issuer, Field::AccountName, Field::Otp].map(|field| entry.changed_at(field));
    let until = names_and_key.into_iter().fold(names_and_key[0], Ord::max);
    // In front of those that ended when it did: it was made of them.
    entry.history.insert(0, EarlierVersion::new(until, label, issuer_in_label, otp));
    sort(&mut entry.history);
}

/// The newest first.
fn sort(history: &mut [EarlierVersion]) {
    history.sort_by_key(|version| Reverse(version.until));
}
