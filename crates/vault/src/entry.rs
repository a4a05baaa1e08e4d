//! An entry, and how it is edited.

mod history;
mod json;
mod stamps;

use std::fmt;

use warifu_otp::{Label, Otp, UnixTime};

pub use self::history::EarlierVersion;
pub(crate) use self::history::{makes_same_codes, otp_text};
#[cfg(test)]
pub(crate) use self::json::version_to_text;
pub(crate) use self::json::{EntryJson, parse, parse_label, to_text};
pub(crate) use self::stamps::{Field, Stamps};

use crate::id::EntryId;
use crate::json::{Extra, RawJson};

/// One account's second factor.
///
/// Edit it by its methods: they note when each part changed, which is how two copies of a vault are merged, and keep
/// what was before. What a later version wrote beside these fields is kept and written back.
pub struct Entry {
    /// Its name within the vault; unique, and fixed for its life.
    pub id: EntryId,
    /// Whose account it is for, as shown.
    pub label: Label,
    /// The issuer that stood in the label of the key URI, where it disagreed with the parameter.
    pub issuer_in_label: Option<String>,
    /// What makes its codes.
    pub otp: Otp,
    /// When it was added.
    pub created_at: UnixTime,
    /// When any of its fields last changed; whoever raises a counter sets it.
    pub modified_at: UnixTime,
    /// When it went to the trash; nothing while it is in use.
    pub deleted_at: Option<UnixTime>,
    pub(crate) stamps: Stamps,
    /// The newest first.
    pub(crate) history: Vec<EarlierVersion>,
    /// Earlier versions that cannot be read: kept, and written behind the others.
    pub(crate) unreadable_history: Vec<RawJson>,
    pub(crate) conflict_of: Option<EntryId>,
    pub(crate) extra: Extra,
}

impl Entry {
    /// A new entry, created and modified `now`.
    pub fn new(id: EntryId, label: Label, issuer_in_label: Option<String>, otp: Otp, now: UnixTime) -> Self {
        Self {
            id,
            label,
            issuer_in_label,
            otp,
            created_at: now,
            modified_at: now,
            deleted_at: None,
            stamps: Stamps::default(),
            history: vec![],
            unreadable_history: vec![],
            conflict_of: None,
            extra: Extra::default(),
        }
    }

    /// Whether it is in the trash.
    pub fn is_deleted(&self) -> bool {
        self.deleted_at.is_some()
    }

    /// Gives it another name. The one before goes into its history.
    pub fn rename(&mut self, label: Label, now: UnixTime) {
        self.become_version(label, self.issuer_in_label.clone(), None, now);
    }

    /// Gives it another key, or the same with other parameters. The one before goes into its history. Whoever gives a key to
    /// what is in the trash uses it: it comes out.
    pub fn replace_otp(&mut self, otp: Otp, issuer_in_label: Option<String>, now: UnixTime) {
        self.become_version(self.label.clone(), issuer_in_label, Some(otp), now);
        self.restore(now);
    }

    /// Puts it into the trash; if it is there already, it stays since when it was.
    pub fn delete(&mut self, now: UnixTime) {
        if !self.is_deleted() {
            let key_set_at = self.changed_at(Field::Otp);
            self.touch(&[Field::Deleted], now);
            // Later than its key, whatever the clock says: a key set later takes it out of the trash again.
            self.stamp_after(Field::Deleted, key_set_at, self.changed_at(Field::Deleted));
            self.deleted_at = Some(now);
        }
    }

    /// Takes it out of the trash.
    pub fn restore(&mut self, now: UnixTime) {
        if self.is_deleted() {
            self.touch(&[Field::Deleted], now);
            self.deleted_at = None;
        }
    }

    /// What it was before, the newest first.
    pub fn history(&self) -> &[EarlierVersion] {
        &self.history
    }

    /// Makes it again what it was at `index` of its history; what it is goes there in turn. A counter never goes back,
    /// for its codes are used up. False, and nothing changed, if there is no such version.
    pub fn take_back(&mut self, index: usize, now: UnixTime) -> bool {
        if index >= self.history.len() {
            return false;
        }
        let EarlierVersion { label, issuer_in_label, otp, .. } = self.history.remove(index);
        self.become_version(label, issuer_in_label, Some(otp), now);
        true
    }

    /// The entry that this one was kept beside when two copies of the vault were merged in which its key differed.
    pub fn conflict_of(&self) -> Option<EntryId> {
        self.conflict_of
    }

    /// The same again with its secrets, for an undo. Each copy is wiped on its own; each one more is one more to lose,
    /// hence a method with a name instead of `Clone`.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self {
            label: self.label.clone(),
            issuer_in_label: self.issuer_in_label.clone(),
            otp: self.otp.duplicate(),
            stamps: self.stamps.duplicate(),
            history: self.history.iter().map(EarlierVersion::duplicate).collect(),
            unreadable_history: self.unreadable_history.iter().map(RawJson::duplicate).collect(),
            extra: self.extra.duplicate(),
            ..*self
        }
    }

    /// When a field last changed.
    pub(crate) fn changed_at(&self, field: Field) -> UnixTime {
        self.stamps.get(field).unwrap_or(self.modified_at)
    }

    /// When anything of it last changed.
    pub(crate) fn last_edit(&self) -> UnixTime {
        Field::ALL.into_iter().map(|field| self.changed_at(field)).fold(self.modified_at, UnixTime::max)
    }

    /// Notes that a field changed: later than before even if the clock went back or stood still, so that an edit wins
    /// over what it was made from.
    pub(crate) fn stamp_after(&mut self, field: Field, before: UnixTime, now: UnixTime) {
        self.stamps.set(field, now.max(UnixTime::from_secs(before.as_secs().saturating_add(1))));
    }

    /// Makes every field that `before` has otherwise an edit later than that.
    pub(crate) fn supersede(&mut self, before: &Self) {
        let is_other = |field| match field {
            Field::Issuer => self.label.issuer != before.label.issuer,
            Field::AccountName => self.label.account_name != before.label.account_name,
            Field::Otp => !makes_same_codes(&self.otp, &before.otp) || self.issuer_in_label != before.issuer_in_label,
            Field::Deleted => self.deleted_at != before.deleted_at,
        };
        for field in Field::ALL.into_iter().filter(|field| is_other(*field)).collect::<Vec<_>>() {
            self.stamp_after(field, before.changed_at(field), self.changed_at(field));
        }
        self.otp = with_counter_of(self.otp.duplicate(), &before.otp);
    }

    /// Makes its being there an edit later than its removal.
    pub(crate) fn outlive(&mut self, removed_at: UnixTime) {
        self.stamp_after(Field::Deleted, removed_at, self.changed_at(Field::Deleted));
    }

    fn touch(&mut self, fields: &[Field], now: UnixTime) {
        // Fields without a stamp of their own go by the time that is about to change.
        for field in Field::ALL {
            self.stamps.set(field, self.changed_at(field));
        }
        for field in fields {
            self.stamp_after(*field, self.changed_at(*field), now);
        }
        self.modified_at = now;
    }

    fn become_version(&mut self, label: Label, issuer_in_label: Option<String>, otp: Option<Otp>, now: UnixTime) {
        // How far its counter had come may stand in any version with the same key.
        let otp = otp.map(|otp| {
            let known = self.history.iter().map(|version| &version.otp).chain([&self.otp]);
            known.fold(otp, with_counter_of)
        });
        let other_otp = otp.as_ref().is_some_and(|otp| !makes_same_codes(otp, &self.otp));
        let changed = [
            (Field::Issuer, label.issuer != self.label.issuer),
            (Field::AccountName, label.account_name != self.label.account_name),
            (Field::Otp, other_otp || issuer_in_label != self.issuer_in_label),
        ];
        let changed: Vec<_> = changed.into_iter().filter(|(_, changed)| *changed).map(|(field, _)| field).collect();
        if changed.is_empty() {
            return;
        }
        self.touch(&changed, now);
        let label = std::mem::replace(&mut self.label, label);
        let issuer_in_label = std::mem::replace(&mut self.issuer_in_label, issuer_in_label);
        let before = match otp {
            Some(otp) => std::mem::replace(&mut self.otp, otp),
            None => self.otp.duplicate(),
        };
        history::add_newest(&mut self.history, EarlierVersion::new(now, label, issuer_in_label, before));
        history::shorten(&mut self.history, &self.otp);
    }
}

/// `otp` with the counter of `other` if that counts the same key further.
pub(crate) fn with_counter_of(mut otp: Otp, other: &Otp) -> Otp {
    if let (Some(counter), Some(reached)) = (otp.counter(), other.counter())
        && reached > counter
        && otp.secret().is_same(other.secret())
    {
        let _ = otp.set_counter(reached);
    }
    otp
}

/// Neither secret nor name: an entry may end up in a log by way of its id only.
impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Why an entry of the file cannot be used. It is kept to the letter and written back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UnreadableReason {
    /// Its type is one this version does not know: most likely a later version's.
    UnknownType,
    /// Its type is known, but something in it is missing, superfluous or out of range.
    Malformed,
    /// An entry before it has the same id.
    DuplicateId,
}
