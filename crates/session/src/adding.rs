//! From candidates to entries: all in one save or none, and read back from the disk.

use std::collections::HashSet;

use warifu_otp::{Label, Otp};
use warifu_vault::{Entry, EntryId, UnlockedVault};

use crate::{
    ErrorCode, SessionError, candidates::CandidateId, leftovers::Leftovers, ports::Mark, reading, saving::open_copy,
    unlocked::Unlocked,
};

impl Unlocked<'_> {
    /// Adds candidates under the names the person confirmed: all of them in one save, or none. An entry with the same key is
    /// overwritten only where the person says so, and doubled likewise; one with other settings is another one. The vault file is
    /// then read back from the disk and looked through; and the reading is over.
    ///
    /// # Errors
    /// Where one of them cannot be added, with its `candidate`, and where the vault cannot be saved.
    pub fn add_candidates(&mut self, additions: Vec<Addition>) -> Result<Added, SessionError> {
        let wanted = self.check(additions)?;
        if wanted.is_empty() {
            return Ok(self.read_back(&[], 0));
        }
        let now = self.ports.clock.now();
        let (mut pushed, mut replaced) = (Vec::new(), Vec::new());
        let ids: Vec<EntryId> = wanted.iter().map(|wanted| wanted.entry).collect();
        for Wanted { entry: id, replaces, label, issuer_in_label, otp } in wanted {
            if !replaces {
                self.open.vault.push(Entry::new(id, label, issuer_in_label, otp, now));
                pushed.push(id);
                continue;
            }
            self.open.shown.remove(&id);
            if let Some(entry) = self.open.vault.entry_mut(id) {
                replaced.push((id, entry.duplicate()));
                entry.replace_otp(otp, issuer_in_label, now);
                if entry.label != label {
                    entry.rename(label, now);
                }
            }
        }
        let count = replaced.len();
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
        let mut keys: HashSet<Mark> = self.by_key().into_keys().collect();
        let mut wanted: Vec<Wanted> = Vec::with_capacity(additions.len());
        for Addition { candidate: id, issuer, account, even_if_present, replaces } in additions {
            let refuse = |error: SessionError| error.with("candidate", id);
            let candidate = self.candidate(id)?;
            let label = reading::label(&issuer, &account).map_err(refuse)?;
            let is_new = keys.insert(Mark::of_key(&candidate.otp));
            let entry = match replaces {
                None if !is_new && !even_if_present => return Err(refuse(ErrorCode::AlreadyPresent.into())),
                None => EntryId::generate()?,
                Some(entry) if wanted.iter().any(|other| other.entry == entry) => {
                    return Err(refuse(ErrorCode::ReplacedTwice.into()));
                }
                Some(entry) => self.entry(entry).map_err(refuse)?.id,
            };
            let (issuer_in_label, otp) = (candidate.issuer_in_label.clone(), candidate.otp.duplicate());
            wanted.push(Wanted { entry, replaces: replaces.is_some(), label, issuer_in_label, otp });
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
        let keys: HashSet<Mark> = on_disk().map(|entry| Mark::of_key(&entry.otp)).collect();
        let over = self.open.reading.take_if(|_| !ids.is_empty());
        // What is not on the disk is perhaps nowhere but in the picture.
        let (mut spent, mut pasted) = (Vec::new(), None);
        if let Some(reading) = over.filter(|_| saved == ids.len()) {
            (spent, pasted) = reading.spent(|candidate| keys.contains(&Mark::of_key(&candidate.otp)));
            self.open.exports.remember(reading.exports);
        }
        let leftovers = Leftovers {
            clipboard: self.ports.clipboard.clone(),
            files: self.ports.pictures.clone(),
            pictures: self.open.pictures.add(spent),
            pasted,
        };
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
    /// Add it although the same key, with the same settings, is in the vault already or among the others.
    pub even_if_present: bool,
    /// The entry whose key it replaces, instead of becoming an entry of its own. What that was becomes an earlier version of it.
    pub replaces: Option<EntryId>,
}

/// An addition that can be made.
struct Wanted {
    /// The entry it makes, or the one whose key it replaces.
    entry: EntryId,
    replaces: bool,
    label: Label,
    issuer_in_label: Option<String>,
    otp: Otp,
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
