//! What says that an entry or a slot was removed for good, so that another copy of the vault does not bring it back.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::fmt::Display;
use std::hash::Hash;

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use warifu_otp::UnixTime;

use crate::json::{Extra, Malformed, Members, RawJson};

/// The name of what can be removed.
pub(crate) trait Id: Copy + Ord + Hash + Display + From<[u8; 16]> {}

impl<T: Copy + Ord + Hash + Display + From<[u8; 16]>> Id for T {}

/// The tombstones of a vault's entries, or of its slots: at most one for each.
pub(crate) struct Tombstones<T> {
    readable: Vec<Tombstone<T>>,
    /// Those that cannot be read: kept, and written behind the others.
    unreadable: Vec<RawJson>,
}

struct Tombstone<T> {
    id: T,
    removed_at: UnixTime,
    extra: Extra,
}

impl<T> Default for Tombstones<T> {
    fn default() -> Self {
        Self { readable: vec![], unreadable: vec![] }
    }
}

impl<T: Id> Tombstones<T> {
    pub(crate) fn parse(texts: &[&str]) -> Self {
        let mut tombstones = Self::default();
        let mut ids = HashSet::new();
        for text in texts {
            match Tombstone::parse(text) {
                Ok(tombstone) if ids.insert(tombstone.id) => tombstones.readable.push(tombstone),
                _ => tombstones.unreadable.push(RawJson::new(text)),
            }
        }
        tombstones
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.readable.is_empty() && self.unreadable.is_empty()
    }

    /// When each was removed.
    pub(crate) fn times(&self) -> HashMap<T, UnixTime> {
        self.readable.iter().map(|tombstone| (tombstone.id, tombstone.removed_at)).collect()
    }

    /// Notes a removal. Returns when an earlier one was, for [`put_back`](Self::put_back).
    pub(crate) fn add(&mut self, id: T, removed_at: UnixTime) -> Option<UnixTime> {
        match self.readable.iter_mut().find(|tombstone| tombstone.id == id) {
            Some(tombstone) => {
                let before = tombstone.removed_at;
                tombstone.removed_at = before.max(removed_at);
                Some(before)
            }
            None => {
                self.readable.push(Tombstone { id, removed_at, extra: Extra::default() });
                None
            }
        }
    }

    /// Takes an [`add`](Self::add) back.
    pub(crate) fn put_back(&mut self, id: T, before: Option<UnixTime>) {
        match before {
            Some(before) => {
                let tombstone = self.readable.iter_mut().find(|tombstone| tombstone.id == id);
                tombstone.into_iter().for_each(|tombstone| tombstone.removed_at = before);
            }
            None => self.readable.retain(|tombstone| tombstone.id != id),
        }
    }

    /// Those of both, the later of two for one.
    pub(crate) fn merge(&mut self, theirs: Self) {
        let mut places: HashMap<_, _> = self.readable.iter().enumerate().map(|(at, t)| (t.id, at)).collect();
        for tombstone in theirs.readable {
            match places.get(&tombstone.id) {
                Some(at) => {
                    let ours = &mut self.readable[*at];
                    ours.extra.merge(tombstone.extra, tombstone.removed_at.cmp(&ours.removed_at));
                    ours.removed_at = ours.removed_at.max(tombstone.removed_at);
                }
                None => {
                    places.insert(tombstone.id, self.readable.len());
                    self.readable.push(tombstone);
                }
            }
        }
        RawJson::add_new(&mut self.unreadable, theirs.unreadable);
    }

    /// Forgets all but the `count` latest, and as many that cannot be read.
    pub(crate) fn keep_newest(&mut self, count: usize) {
        if self.readable.len() > count {
            self.readable.sort_by_key(|tombstone| Reverse((tombstone.removed_at, tombstone.id)));
            self.readable.truncate(count);
        }
        self.unreadable.truncate(count);
    }

    pub(crate) fn duplicate(&self) -> Self {
        let duplicate = |tombstone: &Tombstone<T>| Tombstone { extra: tombstone.extra.duplicate(), ..*tombstone };
        Self {
            readable: self.readable.iter().map(duplicate).collect(),
            unreadable: self.unreadable.iter().map(RawJson::duplicate).collect(),
        }
    }
}

impl<T: Id> Tombstone<T> {
    fn parse(text: &str) -> Result<Self, Malformed> {
        let mut members = Members::parse(text)?;
        Ok(Self {
            id: T::from(members.required_hex("id")?),
            removed_at: UnixTime::from_secs(members.required("removed_at")?),
            extra: members.into_extra(),
        })
    }
}

impl<T: Id> Serialize for Tombstones<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(None)?;
        self.readable.iter().try_for_each(|tombstone| sequence.serialize_element(tombstone))?;
        self.unreadable.iter().try_for_each(|raw| sequence.serialize_element(raw))?;
        sequence.end()
    }
}

impl<T: Id> Serialize for Tombstone<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.id.to_string())?;
        map.serialize_entry("removed_at", &self.removed_at.as_secs())?;
        self.extra.write(&mut map)?;
        map.end()
    }
}
