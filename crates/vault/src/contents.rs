//! What a vault holds: the list of entries, in its order, understood or not.

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use warifu_otp::{Label, UnixTime};
use zeroize::Zeroizing;

use crate::body;
use crate::crypto;
use crate::entry::{self, Entry, EntryJson, UnreadableReason};
use crate::error::{DamagedPart, SealError, UnlockError};
use crate::id::EntryId;
use crate::json::{Extra, Malformed, Members, RawJson, SecretWriter};
use crate::tombstone::Tombstones;

/// One place in the list.
#[allow(clippy::large_enum_variant, reason = "the small variant is the rare one")]
#[derive(Debug)]
pub enum StoredEntry {
    /// An entry this version understands.
    Readable(Entry),
    /// One it does not: shown as such, kept to the letter.
    Unreadable(UnreadableEntry),
}

/// An entry that this version cannot use and will not lose.
pub struct UnreadableEntry {
    reason: UnreadableReason,
    label: Option<Label>,
    raw: RawJson,
}

impl UnreadableEntry {
    /// Why.
    pub fn reason(&self) -> UnreadableReason {
        self.reason
    }

    /// Whose account it is for, if that much can be read.
    pub fn label(&self) -> Option<&Label> {
        self.label.as_ref()
    }

    /// What tells it from another: the digest of its text.
    pub(crate) fn text_digest(&self) -> [u8; 32] {
        self.raw.digest()
    }
}

/// Its text may hold a secret.
impl fmt::Debug for UnreadableEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnreadableEntry").field("reason", &self.reason).finish_non_exhaustive()
    }
}

#[derive(Default)]
pub(crate) struct Contents {
    pub(crate) stored: Vec<StoredEntry>,
    pub(crate) tombstones: Tombstones<EntryId>,
    pub(crate) extra: Extra,
}

/// An entry taken out for good, and what it takes to put it back.
pub struct RemovedEntry {
    entry: Entry,
    index: usize,
    tombstone_before: Option<UnixTime>,
}

impl RemovedEntry {
    /// The entry.
    pub fn entry(&self) -> &Entry {
        &self.entry
    }
}

impl fmt::Debug for RemovedEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.entry.fmt(f)
    }
}

impl From<Malformed> for UnlockError {
    fn from(_: Malformed) -> Self {
        Self::Damaged { part: DamagedPart::Contents }
    }
}

impl Contents {
    pub(crate) fn parse(json: &[u8]) -> Result<Self, UnlockError> {
        let text = std::str::from_utf8(json).map_err(|_| Malformed)?;
        let mut members = Members::parse(text)?;
        let texts = members.required_array("entries")?;
        let mut ids = HashSet::with_capacity(texts.len());
        let stored = texts
            .into_iter()
            .map(|text| match entry::parse(text) {
                Ok(entry) if ids.insert(entry.id) => StoredEntry::Readable(entry),
                Ok(_) => unreadable(text, UnreadableReason::DuplicateId),
                Err(reason) => unreadable(text, reason),
            })
            .collect();
        let tombstones = Tombstones::parse(&members.optional_array("tombstones")?);
        Ok(Self { stored, tombstones, extra: members.into_extra() })
    }

    /// The padded plaintext of a body: a pure function of the contents.
    pub(crate) fn to_plaintext(&self) -> Result<Zeroizing<Vec<u8>>, SealError> {
        body::pad(self.to_unpadded()?)
    }

    /// Whether this is the JSON that the contents are written as, to the byte.
    pub(crate) fn is_written_as(&self, json: &[u8]) -> Result<bool, SealError> {
        Ok(crypto::is_same(&self.to_unpadded()?.into_bytes()[body::LENGTH_LEN..], json))
    }

    /// The JSON, behind room for its length.
    fn to_unpadded(&self) -> Result<SecretWriter, SealError> {
        let mut plaintext = SecretWriter::with_capacity(1024 + 512 * self.stored.len());
        plaintext.push(&[0; body::LENGTH_LEN]);
        serde_json::to_writer(&mut plaintext, self).map_err(|_| SealError::Internal)?;
        Ok(plaintext)
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.stored.iter().filter_map(StoredEntry::as_entry)
    }

    pub(crate) fn entry_mut(&mut self, id: EntryId) -> Option<&mut Entry> {
        self.stored.iter_mut().find_map(|stored| match stored {
            StoredEntry::Readable(entry) if entry.id == id => Some(entry),
            _ => None,
        })
    }

    pub(crate) fn remove(&mut self, id: EntryId, now: UnixTime) -> Option<RemovedEntry> {
        let (index, entry) = self.take_out(id)?;
        // A clock that went back must not let another copy bring the entry back.
        let tombstone_before = self.tombstones.add(id, now.max(entry.last_edit()));
        Some(RemovedEntry { entry, index, tombstone_before })
    }

    pub(crate) fn un_remove(&mut self, removed: RemovedEntry) {
        let RemovedEntry { entry, index, tombstone_before } = removed;
        self.tombstones.put_back(entry.id, tombstone_before);
        // A merge may have brought it back meanwhile, with an edit that is later.
        if self.entries().any(|other| other.id == entry.id) {
            return;
        }
        self.stored.insert(index.min(self.stored.len()), StoredEntry::Readable(entry));
    }

    /// Takes an entry out without a trace.
    pub(crate) fn take_out(&mut self, id: EntryId) -> Option<(usize, Entry)> {
        let index = self.stored.iter().position(|stored| stored.is(id))?;
        match self.stored.remove(index) {
            StoredEntry::Readable(entry) => Some((index, entry)),
            StoredEntry::Unreadable(_) => None,
        }
    }

    /// Inserts an entry right behind the one it was kept beside; at the end if that is not there.
    pub(crate) fn insert_behind(&mut self, entry: Entry) {
        let beside = entry.conflict_of;
        let place = beside.and_then(|id| self.stored.iter().position(|stored| stored.is(id)));
        self.stored.insert(place.map_or(self.stored.len(), |at| at + 1), StoredEntry::Readable(entry));
    }

    /// Makes every field that `before` has otherwise, and every entry that was removed, an edit later than that: for
    /// contents that take the place of `before` although they are older.
    pub(crate) fn supersede(&mut self, before: &Self) {
        let others: HashMap<_, _> = before.entries().map(|entry| (entry.id, entry)).collect();
        self.tombstones.merge(before.tombstones.duplicate());
        let removed = self.tombstones.times();
        for stored in &mut self.stored {
            let StoredEntry::Readable(entry) = stored else { continue };
            if let Some(other) = others.get(&entry.id) {
                entry.supersede(other);
            }
            if let Some(removed_at) = removed.get(&entry.id).filter(|at| **at >= entry.last_edit()) {
                entry.outlive(*removed_at);
            }
        }
    }

    pub(crate) fn move_to(&mut self, id: EntryId, index: usize) -> bool {
        let Some(from) = self.stored.iter().position(|stored| stored.is(id) && stored.is_live()) else {
            return false;
        };
        let moved = self.stored.remove(from);
        let mut live = self.stored.iter().enumerate().filter(|(_, stored)| stored.is_live());
        // In front of the live entry that shall follow it, or right behind the last one.
        let to = match live.nth(index) {
            Some((at, _)) => at,
            None => self.stored.iter().rposition(StoredEntry::is_live).map_or(0, |at| at + 1),
        };
        self.stored.insert(to, moved);
        true
    }
}

impl StoredEntry {
    /// The entry, if it can be used.
    pub fn as_entry(&self) -> Option<&Entry> {
        match self {
            Self::Readable(entry) => Some(entry),
            Self::Unreadable(_) => None,
        }
    }

    fn is(&self, id: EntryId) -> bool {
        self.as_entry().is_some_and(|entry| entry.id == id)
    }

    fn is_live(&self) -> bool {
        self.as_entry().is_some_and(|entry| !entry.is_deleted())
    }
}

fn unreadable(text: &str, reason: UnreadableReason) -> StoredEntry {
    let (label, raw) = (entry::parse_label(text), RawJson::new(text));
    StoredEntry::Unreadable(UnreadableEntry { reason, label, raw })
}

impl Serialize for Contents {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("entries", &EntriesJson(&self.stored))?;
        if !self.tombstones.is_empty() {
            map.serialize_entry("tombstones", &self.tombstones)?;
        }
        self.extra.write(&mut map)?;
        map.end()
    }
}

struct EntriesJson<'a>(&'a [StoredEntry]);

impl Serialize for EntriesJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(StoredJson))
    }
}

struct StoredJson<'a>(&'a StoredEntry);

impl Serialize for StoredJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            StoredEntry::Readable(entry) => EntryJson(entry).serialize(serializer),
            StoredEntry::Unreadable(entry) => entry.raw.serialize(serializer),
        }
    }
}
