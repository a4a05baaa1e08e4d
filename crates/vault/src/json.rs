//! JSON read strictly and carried along faithfully.
//!
//! An object becomes [`Members`]: our reader takes the members it knows, and the rest goes into
//! [`Extra`], kept as the very text it was written in, so that a later version's fields survive
//! this version's saves. A repeated name is refused, because readers disagree on which one counts.

use std::cmp::Ordering;
use std::fmt;
use std::io;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::ser::{Error as _, SerializeMap};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use warifu_guard::SealedBytes;
use zeroize::Zeroizing;

use crate::crypto;
use crate::id::parse_hex;

/// A text is not the JSON that the format asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

/// The members of an object in their order, each value still unread, all borrowed from the text.
pub(crate) struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Members<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Malformed> {
        serde_json::from_str(text).map_err(|_| Malformed)
    }

    /// Takes a member out; nothing if absent.
    pub(crate) fn take(&mut self, name: &str) -> Option<&'a str> {
        let index = self.0.iter().position(|(n, _)| n == name)?;
        Some(self.0.remove(index).1.get())
    }

    /// Takes a member that must be there.
    pub(crate) fn required<T: Deserialize<'a>>(&mut self, name: &str) -> Result<T, Malformed> {
        let text = self.take(name).ok_or(Malformed)?;
        serde_json::from_str(text).map_err(|_| Malformed)
    }

    /// Takes a member that may be absent or null.
    pub(crate) fn optional<T: Deserialize<'a>>(&mut self, name: &str) -> Result<Option<T>, Malformed> {
        match self.take(name) {
            Some(text) => serde_json::from_str(text).map_err(|_| Malformed),
            None => Ok(None),
        }
    }

    /// Takes a member that must be `N` bytes in hexadecimal.
    pub(crate) fn required_hex<const N: usize>(&mut self, name: &str) -> Result<[u8; N], Malformed> {
        parse_hex(self.required::<&str>(name)?).ok_or(Malformed)
    }

    /// Takes a member that may be absent or null, as `N` bytes in hexadecimal.
    pub(crate) fn optional_hex<const N: usize>(&mut self, name: &str) -> Result<Option<[u8; N]>, Malformed> {
        self.optional::<&str>(name)?.map(|text| parse_hex(text).ok_or(Malformed)).transpose()
    }

    /// Takes a member that must be there, as `N` bytes in hexadecimal or as null.
    pub(crate) fn required_hex_or_null<const N: usize>(&mut self, name: &str) -> Result<Option<[u8; N]>, Malformed> {
        match self.required::<Option<&str>>(name)? {
            Some(text) => parse_hex(text).map(Some).ok_or(Malformed),
            None => Ok(None),
        }
    }

    /// Takes a member that must be an object.
    pub(crate) fn required_object(&mut self, name: &str) -> Result<Self, Malformed> {
        Self::parse(self.take(name).ok_or(Malformed)?)
    }

    /// Takes a member that must be an array, its elements unread.
    pub(crate) fn required_array(&mut self, name: &str) -> Result<Vec<&'a str>, Malformed> {
        let elements = self.required::<Vec<&'a RawValue>>(name)?;
        Ok(elements.into_iter().map(RawValue::get).collect())
    }

    /// Takes a member that may be absent or null, or else an array, its elements unread.
    pub(crate) fn optional_array(&mut self, name: &str) -> Result<Vec<&'a str>, Malformed> {
        let elements = self.optional::<Vec<&'a RawValue>>(name)?.unwrap_or_default();
        Ok(elements.into_iter().map(RawValue::get).collect())
    }

    /// What no one took.
    pub(crate) fn into_extra(self) -> Extra {
        Extra(self.0.into_iter().map(|(name, raw)| (name, RawJson::new(raw.get()))).collect())
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor;

        impl<'de> Visitor<'de> for ObjectVisitor {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object without repeated names")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members: Vec<(String, &'de RawValue)> = Vec::new();
                while let Some(name) = map.next_key::<String>()? {
                    // Quadratic if unbounded.
                    if members.len() >= MAX_MEMBERS || members.iter().any(|(n, _)| *n == name) {
                        return Err(A::Error::custom("a repeated name, or too many names"));
                    }
                    members.push((name, map.next_value()?));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(ObjectVisitor)
    }
}

/// The most members an object may have that this version reads itself.
const MAX_MEMBERS: usize = 256;

/// JSON kept as it was written. May hold secrets: it lies in memory sealed, and is never shown.
pub(crate) struct RawJson(SealedBytes);

impl RawJson {
    /// `text` comes from a [`RawValue`], so it is sound JSON.
    pub(crate) fn new(text: &str) -> Self {
        Self(SealedBytes::seal(text.as_bytes().to_vec()))
    }

    pub(crate) fn digest(&self) -> [u8; 32] {
        crypto::sha256(&self.0.open())
    }

    /// Which of two texts is the larger; how they differ is told by nothing else.
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.open().cmp(&other.0.open())
    }

    /// Appends those of `others` whose text is not there yet.
    pub(crate) fn add_new(texts: &mut Vec<Self>, others: Vec<Self>) {
        for other in others {
            if !texts.iter().any(|text| text.cmp(&other).is_eq()) {
                texts.push(other);
            }
        }
    }

    /// A second copy, wiped on its own.
    pub(crate) fn duplicate(&self) -> Self {
        Self(SealedBytes::seal(self.0.open().to_vec()))
    }
}

impl Serialize for RawJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.open();
        let raw: &RawValue = serde_json::from_slice(&text).map_err(S::Error::custom)?;
        raw.serialize(serializer)
    }
}

/// Members of an object that this version does not know, in their order.
#[derive(Default)]
pub(crate) struct Extra(Vec<(String, RawJson)>);

impl Extra {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds what only `others` have. Of a member that both have, the one of the newer side is taken, and the larger
    /// text where they are of one age.
    pub(crate) fn merge(&mut self, others: Self, theirs_against_ours: Ordering) {
        for (name, raw) in others.0 {
            match self.0.iter_mut().find(|(n, _)| *n == name) {
                Some((_, ours)) if theirs_against_ours.then_with(|| raw.cmp(ours)).is_gt() => *ours = raw,
                Some(_) => {}
                None => self.0.push((name, raw)),
            }
        }
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }

    /// A second copy, wiped on its own.
    pub(crate) fn duplicate(&self) -> Self {
        Self(self.0.iter().map(|(name, raw)| (name.clone(), raw.duplicate())).collect())
    }

    /// Writes them behind the members already written.
    pub(crate) fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        for (name, raw) in &self.0 {
            map.serialize_entry(name, raw)?;
        }
        Ok(())
    }
}

/// Bytes in the making that may hold secrets: when it grows, what it leaves behind is wiped.
pub(crate) struct SecretWriter(Zeroizing<Vec<u8>>);

impl SecretWriter {
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self(Zeroizing::new(Vec::with_capacity(capacity)))
    }

    /// Makes room for `additional` more bytes.
    pub(crate) fn reserve_exact(&mut self, additional: usize) {
        let needed = self.0.len() + additional;
        if needed > self.0.capacity() {
            let mut larger = Zeroizing::new(Vec::with_capacity(needed));
            larger.extend_from_slice(&self.0);
            // The assignment drops, and so wipes, the old one.
            self.0 = larger;
        }
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        if self.0.len() + bytes.len() > self.0.capacity() {
            self.reserve_exact(bytes.len().max(self.0.capacity()));
        }
        self.0.extend_from_slice(bytes);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn into_bytes(self) -> Zeroizing<Vec<u8>> {
        self.0
    }
}

impl io::Write for SecretWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.push(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn repeated_names_are_refused_however_they_are_spelt() {
        assert!(Members::parse(r#"{"a":1,"b":2}"#).is_ok());
        assert!(Members::parse(r#"{"a":1,"a":1}"#).is_err());
        assert!(Members::parse(r#"{"a":1,"\u0061":1}"#).is_err());
        assert!(Members::parse(r#"{"a":1} "#).is_ok());
        assert!(Members::parse(r#"{"a":1}x"#).is_err());
        assert!(Members::parse("[]").is_err());
    }

    #[test]
    fn what_is_not_known_is_written_back_to_the_letter() {
        let text = r#"{"known":1,"n":1e400,"big":123456789012345678901234567890,"o":{ "x" : [1, 2] },"s":"\u0041"}"#;
        let mut members = Members::parse(text).unwrap();
        assert_eq!(members.required::<u64>("known"), Ok(1));
        let extra = members.into_extra();
        struct Rest(Extra);
        impl Serialize for Rest {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(None)?;
                self.0.write(&mut map)?;
                map.end()
            }
        }
        let written = serde_json::to_string(&Rest(extra)).unwrap();
        assert_eq!(written, text.replace(r#""known":1,"#, ""));
    }

    #[test]
    fn numbers_are_whole_or_nothing() {
        for wrong in ["1.0", "1e2", "-1", "18446744073709551616", "\"1\"", "null"] {
            let text = format!("{{\"n\":{wrong}}}");
            assert!(Members::parse(&text).unwrap().required::<u64>("n").is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_growing_buffer_keeps_its_bytes() {
        let mut writer = SecretWriter::with_capacity(1);
        for i in 0..=255u8 {
            writer.push(&[i; 3]);
        }
        let bytes = writer.into_bytes();
        assert_eq!(bytes.len(), 768);
        assert!(bytes.chunks(3).zip(0..=255u8).all(|(chunk, i)| chunk == [i; 3]));
    }
}
