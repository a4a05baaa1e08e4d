//! What was read last, held against the vault.

use std::{collections::HashMap, fmt, str::FromStr};

use warifu_otp::{Code, Otp};
use warifu_vault::Entry;

use crate::{
    ErrorCode, SessionError,
    ports::Mark,
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

    /// Puts a reading in the place of the last one; or, if an export is not whole yet, behind it: then it is what was read next.
    pub fn propose(&mut self, mut reading: Reading) -> &Reading {
        match self.open.reading.take() {
            Some(mut unfinished) if unfinished.is_unfinished() => {
                unfinished.extend(reading);
                reading = unfinished;
            }
            _ => self.open.readings = self.open.readings.wrapping_add(1),
        }
        self.open.exports.recall(&mut reading.exports);
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

    /// Every candidate, held against the vault and against those before it.
    pub fn compared(&self) -> Vec<Compared<'_>> {
        let (present, secrets) = (self.by_key(), self.by_mark(Mark::of_secret));
        let mut first: HashMap<Mark, CandidateId> = HashMap::new();
        self.candidates()
            .map(|(id, candidate)| {
                let key = Mark::of_key(&candidate.otp);
                let earlier = *first.entry(key).or_insert(id);
                Compared {
                    id,
                    candidate,
                    present_as: present.get(&key).copied(),
                    same_secret: secrets
                        .get(&Mark::of_secret(&candidate.otp))
                        .copied()
                        .filter(|_| !present.contains_key(&key)),
                    same_account: self.same_account(candidate),
                    same_key_as: (earlier != id).then_some(earlier),
                }
            })
            .collect()
    }

    /// The entries by their keys, for many questions at once: each opening of a sealed secret costs.
    pub(crate) fn by_key(&self) -> HashMap<Mark, &Entry> {
        self.by_mark(Mark::of_key)
    }

    fn by_mark(&self, mark: fn(&Otp) -> Mark) -> HashMap<Mark, &Entry> {
        let mut entries = HashMap::new();
        for entry in self.live() {
            entries.entry(mark(&entry.otp)).or_insert(entry);
        }
        entries
    }

    /// The entry with the same issuer and account and another secret: most likely the site has given out a new key.
    fn same_account(&self, candidate: &Candidate) -> Option<&Entry> {
        let same =
            |entry: &&Entry| entry.label == candidate.label && !entry.otp.secret().is_same(candidate.otp.secret());
        self.live().find(same)
    }
}

/// A candidate beside what is there already.
pub struct Compared<'a> {
    /// Which.
    pub id: CandidateId,
    /// What was read.
    pub candidate: &'a Candidate,
    /// The entry with the same key: the same secret, kind, algorithm, digits and period.
    pub present_as: Option<&'a Entry>,
    /// Where there is none, the entry with the same secret and other settings, of which one makes codes that the site refuses.
    pub same_secret: Option<&'a Entry>,
    /// The entry with the same issuer and account and another secret.
    pub same_account: Option<&'a Entry>,
    /// An earlier candidate with the same key, under another name.
    pub same_key_as: Option<CandidateId>,
}
