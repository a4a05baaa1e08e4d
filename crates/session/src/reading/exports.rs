//! Google Authenticator's exports, which come as so many codes as it takes, in any order.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use warifu_exchange::google_migration::{MigrationEntry, MigrationPart, UnsupportedEntry};
use warifu_otp::{Label, reveal_key_uri};

use super::{Candidate, Reading, Refusal};
use crate::{ErrorCode, SessionError};

/// An export of several parts, as far as it has been read.
///
/// Parts belong together by the number of the export and their count. Newer codes have no such number; there it is the count
/// alone, unless a part is there already that says otherwise.
pub struct Export {
    id: Option<i32>,
    size: u32,
    /// The parts read, from 0.
    parts: BTreeMap<u32, Held>,
}

/// What a part holds: how many accounts, and a digest of all that it says of them.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Held {
    accounts: usize,
    sum: [u8; 32],
}

impl Export {
    /// How many parts it has.
    #[must_use]
    pub fn parts(&self) -> u32 {
        self.size
    }

    /// The parts that were read, from 1.
    #[must_use]
    pub fn have(&self) -> Vec<u32> {
        self.parts.keys().map(|index| index.saturating_add(1)).collect()
    }

    /// The parts that were not, from 1.
    #[must_use]
    pub fn missing(&self) -> Vec<u32> {
        (0..self.size).filter(|index| !self.parts.contains_key(index)).map(|index| index + 1).collect()
    }

    /// How many accounts the parts held that were read, those among them that cannot be taken over.
    #[must_use]
    pub fn accounts(&self) -> usize {
        self.parts.values().map(|held| held.accounts).sum()
    }

    /// Whether its parts say by a number which export they are of. Where they do not, those of two exports look like one.
    #[must_use]
    pub fn is_numbered(&self) -> bool {
        self.id.is_some()
    }

    /// Whether all parts of another one are here.
    fn holds(&self, other: &Export) -> bool {
        self.agrees_with(other) && other.parts.keys().all(|part| self.parts.contains_key(part))
    }

    /// Whether these parts may be of this export: none of them is here as something else.
    fn agrees_with(&self, other: &Export) -> bool {
        let clash = |(index, held): (&u32, &Held)| self.parts.get(index).is_some_and(|known| known != held);
        (self.id, self.size) == (other.id, other.size) && !other.parts.iter().any(clash)
    }
}

/// The exports of which parts were added since the vault was opened, so that what is missing is told truly when the next part is
/// read later. Of an account nothing is in here but the digest.
#[derive(Default)]
pub(crate) struct KnownExports(Vec<Export>);

impl KnownExports {
    /// Remembers the parts of a reading that was added.
    pub(crate) fn remember(&mut self, exports: Vec<Export>) {
        for export in exports {
            match self.0.iter_mut().find(|known| known.agrees_with(&export)) {
                Some(known) => known.parts.extend(export.parts),
                None => self.0.push(export),
            }
        }
    }

    /// Adds the parts that are remembered to those that were read.
    pub(crate) fn recall(&self, exports: &mut [Export]) {
        for export in exports {
            if let Some(known) = self.0.iter().find(|known| known.agrees_with(export)) {
                export.parts.extend(known.parts.iter().map(|(part, held)| (*part, *held)));
            }
        }
    }
}

impl Reading {
    /// Whether another reading is nothing but parts of exports that are all here already.
    pub(crate) fn holds_parts_of(&self, other: &Reading) -> bool {
        let is_here = |export: &Export| self.exports.iter().any(|known| known.holds(export));
        !other.exports.is_empty()
            && other.exports.iter().all(is_here)
            && other.candidates.iter().all(|candidate| candidate.export.is_some())
            && other.refusals.iter().all(|refusal| refusal.of_export)
    }

    /// Takes exports in and says which of ours each of them is now. A part that was here already is said.
    pub(super) fn absorb_exports(&mut self, others: Vec<Export>) -> Vec<usize> {
        others
            .into_iter()
            .map(|other| {
                let Some(index) = self.exports.iter().position(|export| export.agrees_with(&other)) else {
                    self.exports.push(other);
                    return self.exports.len() - 1;
                };
                for (part, held) in other.parts {
                    if self.exports[index].parts.insert(part, held).is_some() {
                        let again = SessionError::new(ErrorCode::MigrationPartAgain);
                        self.refusals.push(again.with("part", part.saturating_add(1)).into());
                    }
                }
                index
            })
            .collect()
    }
}

impl From<MigrationPart> for Reading {
    fn from(part: MigrationPart) -> Self {
        let held = Held { accounts: part.entries.len(), sum: sum_of(&part.entries) };
        let MigrationPart { entries, batch_size, batch_index, batch_id, .. } = part;
        let mut reading = Reading::default();
        if batch_size > 1 {
            let parts = BTreeMap::from([(batch_index, held)]);
            reading.exports.push(Export { id: batch_id, size: batch_size, parts });
        }
        for MigrationEntry { index, label, otp } in entries {
            match otp {
                Ok(otp) => {
                    let export = (batch_size > 1).then_some(0);
                    reading.take(Candidate { export, ..Candidate::new(label, otp) });
                }
                Err(reason) => {
                    let error = SessionError::new(code_of(reason)).with("index", index.saturating_add(1));
                    let error = error.with("part", batch_index.saturating_add(1));
                    reading.refusals.push(Refusal { name: name_of(&label), of_export: true, ..error.into() });
                }
            }
        }
        reading
    }
}

fn sum_of(entries: &[MigrationEntry]) -> [u8; 32] {
    let mut sum = Sha256::new();
    for MigrationEntry { label, otp, .. } in entries {
        match otp {
            Ok(otp) => sum.update(reveal_key_uri(label, otp).as_bytes()),
            Err(reason) => sum.update(format!("{reason} {label:?}")),
        }
        sum.update([0]);
    }
    sum.finalize().into()
}

fn code_of(reason: UnsupportedEntry) -> ErrorCode {
    match reason {
        UnsupportedEntry::Md5 => ErrorCode::MigrationUnsupportedMd5,
        UnsupportedEntry::UnknownAlgorithm => ErrorCode::MigrationUnsupportedAlgorithm,
        UnsupportedEntry::UnknownDigits => ErrorCode::MigrationUnsupportedDigits,
        UnsupportedEntry::UnknownType => ErrorCode::MigrationUnsupportedKind,
        UnsupportedEntry::Secret(_) => ErrorCode::MigrationNoKey,
        _ => ErrorCode::MigrationUnsupported,
    }
}

/// The name of an account that cannot be taken over, for people.
fn name_of(label: &Label) -> Option<String> {
    match (&label.issuer, label.account_name.as_str()) {
        (Some(issuer), "") => Some(issuer.clone()),
        (Some(issuer), account) => Some(format!("{issuer}: {account}")),
        (None, "") => None,
        (None, account) => Some(account.to_owned()),
    }
}
