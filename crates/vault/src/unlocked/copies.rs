//! What an open vault does with other copies of itself: backups, conflict copies, the file on disk.

use std::fmt;

use warifu_otp::Otp;

use super::{Saved, UnlockedVault};
use crate::contents::{Contents, StoredEntry};
use crate::entry::with_counter_of;
use crate::error::{MergeError, SealError};
use crate::id::FileDigest;
use crate::merge::{self, ConflictIds, MergeReport};

/// The contents of a vault as they were, for [`UnlockedVault::put_contents_back`]. Wiped when dropped.
#[must_use]
pub struct KeptContents(Contents);

/// Which file a vault was read from or saved to at one moment.
#[derive(Clone)]
#[must_use]
pub struct KeptFollowing(Option<Saved>);

impl fmt::Debug for KeptFollowing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeptFollowing(..)")
    }
}

impl fmt::Debug for KeptContents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeptContents(..)")
    }
}

impl UnlockedVault {
    /// Takes the contents of another copy, such as a backup, in place of ours; slots, hint and the chain of revisions
    /// stay. Returns ours, for [`put_contents_back`](Self::put_contents_back).
    ///
    /// What is taken counts as edited later than what it replaces, or else the next [`merge`](Self::merge) would undo
    /// it.
    pub fn replace_contents(&mut self, from: Self) -> KeptContents {
        let mut contents = from.contents;
        contents.supersede(&self.contents);
        KeptContents(std::mem::replace(&mut self.contents, contents))
    }

    /// Takes a [`replace_contents`](Self::replace_contents) back, bit for bit.
    pub fn put_contents_back(&mut self, kept: KeptContents) {
        self.contents = kept.0;
    }

    /// Takes in what another copy of this vault has and this one has not, entry by entry and field by field. The later
    /// edit wins; a name that loses goes into the entry's history; a key that loses does too, if the other side knew
    /// it, and otherwise becomes an entry of its own. So does nothing get lost but what one side removed for good and
    /// the other did not edit since. A copy merged twice changes nothing the second time, and both sides come to the
    /// same, whatever the time.
    ///
    /// So are slots merged, one by one, and the hint by itself: an old copy brings neither an old password back nor a
    /// slot that was removed, and a new slot of either side stays. At the end there are at most [`MAX_SLOTS`](crate::MAX_SLOTS), and one
    /// at least that needs no device.
    ///
    /// The revision chain stays ours: see [`follow`](Self::follow).
    ///
    /// # Errors
    /// [`MergeError::OtherVault`]. Then nothing has changed.
    pub fn merge(&mut self, theirs: Self) -> Result<MergeReport, MergeError> {
        if !self.is_same_vault(&theirs) {
            return Err(MergeError::OtherVault);
        }
        let ids = ConflictIds::new(self.vault_id(), &self.content_key).map_err(|_| MergeError::Internal)?;
        let theirs_against_ours = theirs.revision().cmp(&self.revision());
        self.minor = self.minor.max(theirs.minor);
        let ways_in = merge::merge_ways_in(&mut self.identity.ways_in, theirs.identity.ways_in);
        self.identity.extra.merge(theirs.identity.extra, theirs_against_ours);
        let merged = merge::merge(&mut self.contents, theirs.contents, theirs_against_ours, &ids);
        Ok(MergeReport { ways_in, ..merged })
    }

    /// Raises our counters to where another copy of this vault has counted the same secrets further, in the entries and in what
    /// they were, and takes nothing else.
    pub fn raise_counters(&mut self, of: &Self) {
        let counting = |otp: &&Otp| otp.counter().is_some();
        let earlier = of.contents.entries().flat_map(|entry| entry.history.iter().map(|version| &version.otp));
        let reached: Vec<&Otp> =
            of.contents.entries().map(|entry| &entry.otp).chain(earlier).filter(counting).collect();
        let raise = |otp: &mut Otp| {
            if otp.counter().is_some() {
                *otp = reached.iter().fold(otp.duplicate(), |otp, reached| with_counter_of(otp, reached));
            }
        };
        for stored in &mut self.contents.stored {
            if let StoredEntry::Readable(entry) = stored {
                raise(&mut entry.otp);
                entry.history.iter_mut().for_each(|version| raise(&mut version.otp));
            }
        }
    }

    /// Notes which file the next save will replace, when that is not the one this vault was read from or last saved to:
    /// the one on disk that was just merged. The next revision then is above both, and names that file as the one
    /// before it.
    pub fn follow(&mut self, file: FileDigest, revision: u64) {
        let revision = revision.max(self.revision());
        self.saved = Some(Saved { revision, digest: file, previous: None });
    }

    /// Which file the next save will replace, for [`put_following_back`](Self::put_following_back).
    pub fn keep_following(&self) -> KeptFollowing {
        KeptFollowing(self.saved.clone())
    }

    /// Takes a [`follow`](Self::follow) back: what was merged may have been undone since, so the file it came from has to be
    /// merged anew before it is replaced.
    pub fn put_following_back(&mut self, kept: KeptFollowing) {
        self.saved = kept.0;
    }

    /// Seals another copy, such as a backup, again as it is, revision and all, but under the slots and the hint this
    /// vault has now: after a change of password, so that the old one opens it no more.
    ///
    /// # Errors
    /// [`SealError::OtherVault`], or as for [`seal`](Self::seal).
    pub fn reseal_copy(&self, copy: Self) -> Result<Vec<u8>, SealError> {
        if !self.is_same_vault(&copy) {
            return Err(SealError::OtherVault);
        }
        // A copy that was never saved has no revision yet.
        let revision = copy.revision().max(1);
        Ok(self.seal_contents(&copy.contents, revision, copy.previous())?.bytes)
    }

    fn is_same_vault(&self, other: &Self) -> bool {
        self.vault_id() == other.vault_id() && self.content_key.is_same(&other.content_key)
    }
}
