//! What says that an entry was removed for good, so that another copy of the vault does not bring it back.

use std::collections::HashMap;

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use warifu_otp::UnixTime;

use crate::id::EntryId;
use crate::json::{Extra, Malformed, Members, RawJson};

/// The tombstones of a vault, at most one for an entry.
#[derive(Default)]
pub(crate) struct Tombstones {
    of_entries: Vec<Tombstone>,
    /// Those that cannot be read: kept, and written behind the others.
    unreadable: Vec<RawJson>,
}

struct Tombstone {
    id: EntryId,
    removed_at: UnixTime,
    extra: Extra,
}

impl Tombstones {
    pub(crate) fn parse(texts: &[&str]) -> Self {
        let mut tombstones = Self::default();
        let mut ids = std::collections::HashSet::new();
        for text in texts {
            match Tombstone::parse(text) {
                Ok(tombstone) if ids.insert(tombstone.id) => tombstones.of_entries.push(tombstone),
                _ => tombstones.unreadable.push(RawJson::new(text)),
            }
        }
        tombstones
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.of_entries.is_empty() && self.unreadable.is_empty()
    }

    /// When each entry was removed.
    pub(crate) fn times(&self) -> HashMap<EntryId, UnixTime> {
        self.of_entries.iter().map(|tombstone| (tombstone.id, tombstone.removed_at)).collect()
    }

    /// Notes a removal. Returns when an earlier one was, for [`put_back`](Self::put_back).
    pub(crate) fn add(&mut self, id: EntryId, removed_at: UnixTime) -> Option<UnixTime> {
        match self.of_entries.iter_mut().find(|tombstone| tombstone.id == id) {
            Some(tombstone) => {
                let before = tombstone.removed_at;
                tombstone.removed_at = before.max(removed_at);
                Some(before)
            }
            None => {
                self.of_entries.push(Tombstone { id, removed_at, extra: Extra::default() });
                None
            }
        }
    }

    /// Takes an [`add`](Self::add) back.
    pub(crate) fn put_back(&mut self, id: EntryId, before: Option<UnixTime>) {
        match before {
            Some(before) => {
                let tombstone = self.of_entries.iter_mut().find(|tombstone| tombstone.id == id);
                tombstone.into_iter().for_each(|tombstone| tombstone.removed_at = before);
            }
            None => self.of_entries.retain(|tombstone| tombstone.id != id),
        }
    }

    /// Those of both, the later of two for one entry.
    pub(crate) fn merge(&mut self, theirs: Self) {
        let mut places: HashMap<_, _> = self.of_entries.iter().enumerate().map(|(at, t)| (t.id, at)).collect();
        for tombstone in theirs.of_entries {
            match places.get(&tombstone.id) {
                Some(at) => {
                    let ours = &mut self.of_entries[*at];
                    ours.extra.merge(tombstone.extra, tombstone.removed_at.cmp(&ours.removed_at));
                    ours.removed_at = ours.removed_at.max(tombstone.removed_at);
                }
                None => {
                    places.insert(tombstone.id, self.of_entries.len());
                    self.of_entries.push(tombstone);
                }
            }
        }
        RawJson::add_new(&mut self.unreadable, theirs.unreadable);
    }

    pub(crate) fn duplicate(&self) -> Self {
        let duplicate = |tombstone: &Tombstone| Tombstone { extra: tombstone.extra.duplicate(), ..*tombstone };
        Self {
            of_entries: self.of_entries.iter().map(duplicate).collect(),
            unreadable: self.unreadable.iter().map(RawJson::duplicate).collect(),
        }
    }
}

impl Tombstone {
    fn parse(text: &str) -> Result<Self, Malformed> {
        let mut members = Members::parse(text)?;
        Ok(Self {
            id: EntryId::from_bytes(members.required_hex("id")?),
            removed_at: UnixTime::from_secs(members.required("removed_at")?),
            extra: members.into_extra(),
        })
    }
}

impl Serialize for Tombstones {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(None)?;
        self.of_entries.iter().try_for_each(|tombstone| sequence.serialize_element(tombstone))?;
        self.unreadable.iter().try_for_each(|raw| sequence.serialize_element(raw))?;
        sequence.end()
    }
}

impl Serialize for Tombstone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.id.to_string())?;
        map.serialize_entry("removed_at", &self.removed_at.as_secs())?;
        self.extra.write(&mut map)?;
        map.end()
    }
}
