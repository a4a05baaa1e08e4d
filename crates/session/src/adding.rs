//! From candidates to entries.

use std::{collections::HashMap, fmt, str::FromStr, sync::Arc};

use warifu_otp::{Code, Label, Otp};
use warifu_vault::{Entry, EntryId, UnlockedVault};

use crate::{
    ErrorCode, SessionError,
    pictures::{PictureFile, SpentPicture},
    ports::{Clipboard, Mark, PictureFiles},
    reading::{self, Candidate, Reading, TypedKey},
    saving::open_copy,
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
    pub fn propose(&mut self, reading: Reading) -> &Reading {
        match self.open.reading.take() {
            Some(mut unfinished) if unfinished.is_unfinished() => {
                unfinished.extend(reading);
                self.open.reading.insert(unfinished)
            }
            _ => {
                self.open.readings = self.open.readings.wrapping_add(1);
                self.open.reading.insert(reading)
            }
        }
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

    /// For each candidate, the first before it with the same key, under another name.
    pub fn same_keys(&self) -> Vec<Option<CandidateId>> {
        let mut first: HashMap<Mark, CandidateId> = HashMap::new();
        let mut same = |(id, candidate): (CandidateId, &Candidate)| {
            let earlier = *first.entry(Mark::of_file(&candidate.otp.secret().expose_bytes())).or_insert(id);
            (earlier != id).then_some(earlier)
        };
        self.candidates().map(&mut same).collect()
    }

    /// The entry with the same issuer and account and another secret: most likely the site has given out a new key.
    pub fn same_account(&self, candidate: &Candidate) -> Option<&Entry> {
        let same =
            |entry: &&Entry| entry.label == candidate.label && !entry.otp.secret().is_same(candidate.otp.secret());
        self.live().find(same)
    }

    /// Adds candidates under the names the person confirmed: all of them in one save, or none. An entry with the same secret is
    /// never overwritten, and doubled only where the person says so. The vault file is then read back from the disk and looked
    /// through; and the reading is over.
    ///
    /// # Errors
    /// Where one of them cannot be added, with its `candidate`, and where the vault cannot be saved.
    pub fn add_candidates(&mut self, additions: Vec<Addition>) -> Result<Added, SessionError> {
        let wanted = self.check(additions)?;
        if wanted.is_empty() {
            return Ok(self.read_back(&[], 0));
        }
        let now = self.ports.clock.now();
        let mut replaced = Vec::new();
        let mut ids = Vec::with_capacity(wanted.len());
        for Wanted { label, issuer_in_label, otp, replaces } in wanted {
            ids.push(match replaces {
                None => {
                    let id = EntryId::generate()?;
                    self.open.vault.push(Entry::new(id, label, issuer_in_label, otp, now));
                    id
                }
                Some(id) => {
                    self.open.shown.remove(&id);
                    if let Some(entry) = self.open.vault.entry_mut(id) {
                        replaced.push((id, entry.duplicate()));
                        entry.replace_otp(otp, issuer_in_label, now);
                        if entry.label != label {
                            entry.rename(label, now);
                        }
                    }
                    id
                }
            });
        }
        let count = replaced.len();
        let pushed: Vec<EntryId> =
            ids.iter().copied().filter(|id| replaced.iter().all(|(other, _)| other != id)).collect();
        self.save_or(|vault| {
            for (id, before) in replaced {
                if let Some(entry) = vault.entry_mut(id) {
                    *entry = before;
                }
            }
            for id in pushed {
                vault.un_push(id);
            }
        })?;
        Ok(self.read_back(&ids, count))
    }

    /// Looks at all that is to be added before anything is changed.
    fn check(&self, additions: Vec<Addition>) -> Result<Vec<Wanted>, SessionError> {
        let mut wanted: Vec<Wanted> = Vec::with_capacity(additions.len());
        for Addition { candidate: id, issuer, account, even_if_present, replaces } in additions {
            let refuse = |error: SessionError| error.with("candidate", id);
            let candidate = self.candidate(id)?;
            let label = reading::label(&issuer, &account).map_err(refuse)?;
            if let Some(entry) = replaces {
                self.entry(entry).map_err(refuse)?;
                if wanted.iter().any(|other| other.replaces == Some(entry)) {
                    return Err(refuse(ErrorCode::ReplacedTwice.into()));
                }
            } else if !even_if_present {
                let asked_for = |other: &Wanted| other.otp.secret().is_same(candidate.otp.secret());
                if self.present_as(&candidate.otp).is_some() || wanted.iter().any(asked_for) {
                    return Err(refuse(ErrorCode::AlreadyPresent.into()));
                }
            }
            let issuer_in_label = candidate.issuer_in_label.clone();
            wanted.push(Wanted { label, issuer_in_label, otp: candidate.otp.duplicate(), replaces });
        }
        Ok(wanted)
    }

    /// Reads the vault file back from the disk, counts what is in it, and ends the reading if something was added.
    fn read_back(&mut self, ids: &[EntryId], replaced: usize) -> Added {
        let bytes = self.ports.vault.load().ok().flatten();
        let copy = bytes.and_then(|bytes| open_copy(&bytes, &self.open.vault).ok());
        let on_disk = || copy.iter().flat_map(UnlockedVault::entries).filter(|entry| entry.deleted_at.is_none());
        let is_saved = |id: &&EntryId| {
            let ours = self.open.vault.entry(**id);
            ours.is_some_and(|ours| on_disk().any(|entry| entry.id == ours.id && entry.otp.is_same(&ours.otp)))
        };
        let (saved, total) = (ids.iter().filter(is_saved).count(), on_disk().count());
        let mut leftovers = Leftovers {
            clipboard: self.ports.clipboard.clone(),
            files: self.ports.pictures.clone(),
            pictures: Vec::new(),
            pasted: None,
        };
        let over = self.open.reading.take_if(|_| !ids.is_empty());
        // What is not on the disk is perhaps nowhere but in the picture.
        if let Some(reading) = over.filter(|_| saved == ids.len()) {
            let is_kept = |index: &usize| {
                let otp = reading.candidates.get(*index).map(|candidate| &candidate.otp);
                otp.is_some_and(|otp| on_disk().any(|entry| entry.otp.secret().is_same(otp.secret())))
            };
            let spent = |file: &PictureFile| !file.holds_more && file.holds.iter().all(is_kept);
            let files: Vec<PictureFile> = reading.files.iter().filter(|file| spent(file)).cloned().collect();
            leftovers.pictures = self.open.pictures.add(files);
            leftovers.pasted = reading.pasted;
        }
        let counts = Counts { added: ids.len() - replaced, replaced, saved, total };
        Added { entries: ids.to_vec(), counts, leftovers }
    }
}

/// A candidate that the person wants to add.
pub struct Addition {
    /// Which.
    pub candidate: CandidateId,
    /// The site's name as confirmed; empty for none.
    pub issuer: String,
    /// The account's name as confirmed.
    pub account: String,
    /// Add it although the same secret is in the vault already, or among the others.
    pub even_if_present: bool,
    /// The entry whose key it replaces, instead of becoming an entry of its own. What that was becomes an earlier version of it.
    pub replaces: Option<EntryId>,
}

/// An addition that can be made.
struct Wanted {
    label: Label,
    issuer_in_label: Option<String>,
    otp: Otp,
    replaces: Option<EntryId>,
}

/// What came of adding.
#[must_use]
pub struct Added {
    /// The entries, in the order they were asked for.
    pub entries: Vec<EntryId>,
    /// How many there are, here and on the disk.
    pub counts: Counts,
    /// What still holds the keys outside of the vault.
    pub leftovers: Leftovers,
}

/// How much was added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// New entries.
    pub added: usize,
    /// Entries that were there, and got another key.
    pub replaced: usize,
    /// How many of both were found, with the same key, in the vault file as it was read back from the disk.
    pub saved: usize,
    /// How many accounts that file holds, without the trash.
    pub total: usize,
}

/// What still holds keys outside of the vault that were just added. Looking after it means waiting for drives and for the owner of
/// the clipboard: do it away from the session.
#[must_use]
pub struct Leftovers {
    clipboard: Arc<dyn Clipboard>,
    files: Arc<dyn PictureFiles>,
    pictures: Vec<(usize, PictureFile)>,
    pasted: Option<Mark>,
}

/// What became of it.
pub struct Settled {
    /// Picture files that may be deleted.
    pub pictures: Vec<SpentPicture>,
    /// What was pasted was still on the clipboard, and was taken off it.
    pub clipboard_cleared: bool,
}

impl Leftovers {
    /// Takes what was pasted off the clipboard if it is still there, and finds the picture files that are.
    pub fn settle(self) -> Settled {
        let clear = |mark: Mark| self.clipboard.clear_if_still(&mark).unwrap_or(false);
        let clipboard_cleared = self.pasted.is_some_and(clear);
        let still_there = self.pictures.into_iter().filter(|(_, file)| self.files.is_still(&file.path, &file.mark));
        let pictures = still_there.map(|(id, file)| SpentPicture { id, path: file.path }).collect();
        Settled { pictures, clipboard_cleared }
    }
}
