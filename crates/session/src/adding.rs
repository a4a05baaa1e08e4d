//! From candidates to entries.

use std::{fmt, str::FromStr};

use warifu_otp::{Code, Otp};
use warifu_vault::{Entry, EntryId};

use crate::{
    ErrorCode, SessionError,
    reading::{self, Candidate, Reading, TypedKey},
    unlocked::Unlocked,
};

/// Which candidate of which reading. A new reading may come at any moment (a picture dropped, a slow file read to its end);
/// a name that was confirmed must never end up on another reading's secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CandidateId {
    reading: u32,
    index: usize,
}

impl fmt::Display for CandidateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.reading, self.index)
    }
}

impl FromStr for CandidateId {
    type Err = SessionError;

    fn from_str(text: &str) -> Result<Self, SessionError> {
        let (reading, index) = text.split_once('-').ok_or(ErrorCode::NoSuchCandidate)?;
        match (reading.parse(), index.parse()) {
            (Ok(reading), Ok(index)) => Ok(Self { reading, index }),
            _ => Err(ErrorCode::NoSuchCandidate.into()),
        }
    }
}

impl Unlocked<'_> {
    /// Reads a typed key or an `otpauth` line; what it holds may then be added.
    pub fn propose_key(&mut self, key: &TypedKey<'_>) -> Result<&Reading, SessionError> {
        let reading = reading::read_typed_key(key)?;
        Ok(self.propose(reading))
    }

    /// Puts a reading in the place of the last one.
    pub fn propose(&mut self, reading: Reading) -> &Reading {
        self.open.readings = self.open.readings.wrapping_add(1);
        self.open.reading.insert(reading)
    }

    /// What was read last.
    pub fn reading(&self) -> Option<&Reading> {
        self.open.reading.as_ref()
    }

    /// The number of the last reading.
    pub fn reading_number(&self) -> u32 {
        self.open.readings
    }

    /// Forgets what was read, if it is still that reading.
    pub fn discard_reading(&mut self, number: u32) {
        if number == self.open.readings {
            self.open.reading = None;
        }
    }

    /// The candidates of the last reading, in its order.
    pub fn candidates(&self) -> impl Iterator<Item = (CandidateId, &Candidate)> {
        let reading = self.open.readings;
        let candidates = self.open.reading.iter().flat_map(|reading| &reading.candidates);
        candidates.enumerate().map(move |(index, candidate)| (CandidateId { reading, index }, candidate))
    }

    /// One candidate, if its reading is still the last.
    pub fn candidate(&self, id: CandidateId) -> Result<&Candidate, SessionError> {
        let found = self.candidates().find(|(candidate, _)| *candidate == id);
        found.map(|(_, candidate)| candidate).ok_or_else(|| ErrorCode::NoSuchCandidate.into())
    }

    /// The code a candidate makes now; none for a counter-based one, whose codes cost a step each.
    pub fn candidate_code(&self, id: CandidateId) -> Result<Option<Code>, SessionError> {
        let otp = &self.candidate(id)?.otp;
        Ok(otp.counter().is_none().then(|| otp.code_at(self.ports.clock.now())))
    }

    /// The entry with the same secret, parameters and kind aside.
    pub fn present_as(&self, otp: &Otp) -> Option<&Entry> {
        self.live().find(|entry| entry.otp.secret().is_same(otp.secret()))
    }

    /// The entry with the same issuer and account and another secret: most likely the site has given out a new key.
    pub fn same_account(&self, candidate: &Candidate) -> Option<&Entry> {
        let same =
            |entry: &&Entry| entry.label == candidate.label && !entry.otp.secret().is_same(candidate.otp.secret());
        self.live().find(same)
    }

    /// Puts a candidate's key in the place of an entry's, under the name the person confirmed. What the entry was becomes an
    /// earlier version of it.
    pub fn replace_key(
        &mut self,
        entry: EntryId,
        by: CandidateId,
        issuer: &str,
        account: &str,
    ) -> Result<(), SessionError> {
        let label = reading::label(issuer, account)?;
        let candidate = self.candidate(by)?;
        let (issuer_in_label, otp) = (candidate.issuer_in_label.clone(), candidate.otp.duplicate());
        self.entry(entry)?;
        let now = self.ports.clock.now();
        self.open.shown.remove(&entry);
        self.change_entry(entry, |entry| {
            entry.replace_otp(otp, issuer_in_label, now);
            if entry.label != label {
                entry.rename(label, now);
            }
        })
    }

    /// Adds a candidate under the name the person confirmed. An entry with the same secret is never overwritten, and
    /// doubled only where the person says so.
    pub fn add_candidate(
        &mut self,
        id: CandidateId,
        issuer: &str,
        account: &str,
        even_if_present: bool,
    ) -> Result<EntryId, SessionError> {
        let label = reading::label(issuer, account)?;
        let candidate = self.candidate(id)?;
        let issuer_in_label = candidate.issuer_in_label.clone();
        let otp = candidate.otp.duplicate();
        if !even_if_present && self.present_as(&otp).is_some() {
            return Err(ErrorCode::AlreadyPresent.into());
        }
        let entry = EntryId::generate()?;
        self.open.vault.push(Entry::new(entry, label, issuer_in_label, otp, self.ports.clock.now()));
        self.save_or(|vault| {
            vault.un_push(entry);
        })?;
        Ok(entry)
    }
}
