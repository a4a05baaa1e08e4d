//! From candidates to entries.

use warifu_otp::{Code, Otp};
use warifu_vault::{Entry, EntryId};

use crate::{
    ErrorCode, SessionError,
    reading::{self, Candidate, Reading, TypedKey},
    unlocked::Unlocked,
};

impl Unlocked<'_> {
    /// Reads a typed key or an `otpauth` line; what it holds may then be added.
    pub fn propose_key(&mut self, key: &TypedKey<'_>) -> Result<&Reading, SessionError> {
        let reading = reading::read_typed_key(key)?;
        Ok(self.propose(reading))
    }

    /// Puts a reading in the place of the last one.
    pub fn propose(&mut self, reading: Reading) -> &Reading {
        self.open.reading.insert(reading)
    }

    /// What was read last.
    pub fn reading(&self) -> Option<&Reading> {
        self.open.reading.as_ref()
    }

    /// Forgets what was read.
    pub fn discard_reading(&mut self) {
        self.open.reading = None;
    }

    /// A candidate of the last reading.
    pub fn candidate(&self, index: usize) -> Result<&Candidate, SessionError> {
        let candidates = self.open.reading.as_ref().map(|reading| &reading.candidates);
        candidates.and_then(|candidates| candidates.get(index)).ok_or_else(|| ErrorCode::NoSuchCandidate.into())
    }

    /// The code a candidate makes now; none for a counter-based one, whose codes cost a step each.
    pub fn candidate_code(&self, index: usize) -> Result<Option<Code>, SessionError> {
        let otp = &self.candidate(index)?.otp;
        Ok(otp.counter().is_none().then(|| otp.code_at(self.ports.clock.now())))
    }

    /// The entry with the same secret, parameters and kind aside.
    pub fn present_as(&self, otp: &Otp) -> Option<&Entry> {
        self.live().find(|entry| entry.otp.secret().is_same(otp.secret()))
    }

    /// Adds a candidate under the name the person confirmed. An entry with the same secret is never overwritten, and
    /// doubled only where the person says so.
    pub fn add_candidate(
        &mut self,
        index: usize,
        issuer: &str,
        account: &str,
        even_if_present: bool,
    ) -> Result<EntryId, SessionError> {
        let label = reading::label(issuer, account)?;
        let candidate = self.candidate(index)?;
        let issuer_in_label = candidate.issuer_in_label.clone();
        let otp = candidate.otp.duplicate();
        if !even_if_present && self.present_as(&otp).is_some() {
            return Err(ErrorCode::AlreadyPresent.into());
        }
        let id = EntryId::generate()?;
        self.open.vault.push(Entry::new(id, label, issuer_in_label, otp, self.ports.clock.now()));
        self.save_or(|vault| {
            vault.remove(id);
        })?;
        Ok(id)
    }
}
