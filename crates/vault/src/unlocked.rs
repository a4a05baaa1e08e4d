mod copies;
mod slots;

use std::fmt;

use warifu_otp::UnixTime;

pub use self::copies::{KeptContents, KeptFollowing};
pub use self::slots::KeptSlots;

use crate::body;
use crate::contents::{Contents, RemovedEntry, StoredEntry};
use crate::crypto::{self, Key};
use crate::entry::Entry;
use crate::error::{SealError, VerifyError};
use crate::file::{self, VaultFile};
use crate::header::{HeaderJson, Identity, Save};
use crate::id::{EntryId, FileDigest, VaultId};
use crate::json::Extra;
use crate::kdf::KdfParams;
use crate::locked::LockedVault;
use crate::password::Password;
use crate::slot::{PasswordSlot, Slot};
use crate::ways_in::WaysIn;

/// An open vault: the entries, and the key to seal them again.
///
/// Edits live in memory until [`seal`](Self::seal) has made bytes of them, a store has kept those, and
/// [`mark_saved`](Self::mark_saved) has been told so. Locking is dropping: keys and secrets are wiped, and the way back
/// in is to read the file anew.
pub struct UnlockedVault {
    identity: Identity,
    minor: u16,
    content_key: Key,
    contents: Contents,
    saved: Option<Saved>,
}

/// The file this vault was read from or last saved to.
#[derive(Clone)]
struct Saved {
    revision: u64,
    digest: FileDigest,
    previous: Option<FileDigest>,
}

impl UnlockedVault {
    /// A new, empty vault that opens with `password`, made `now`. Runs the key derivation once. Nothing is
    /// saved yet: its revision is 0.
    ///
    /// # Errors
    /// When there is no randomness or not enough memory.
    pub fn create(password: &Password, params: KdfParams, now: UnixTime) -> Result<Self, SealError> {
        let vault_id = VaultId::generate()?;
        let content_key = Key::generate()?;
        let slots = vec![Slot::Password(PasswordSlot::create(vault_id, password, params, &content_key, now)?)];
        let ways_in = WaysIn { slots, ..WaysIn::default() };
        let identity = Identity { vault_id, ways_in, extra: Extra::default() };
        let contents = Contents::default();
        Ok(Self { identity, minor: file::MINOR, content_key, contents, saved: None })
    }

    pub(crate) fn from_file(file: VaultFile, content_key: Key, contents: Contents) -> Self {
        let save = file.header.save;
        let saved = Saved { revision: save.revision, digest: file.digest, previous: save.previous };
        Self {
            identity: file.header.identity,
            // A later minor version only adds what we keep, so the number stays true; an earlier one gets what it
            // did not have.
            minor: file.minor.max(file::MINOR),
            content_key,
            contents,
            saved: Some(saved),
        }
    }

    /// The vault's id.
    pub fn vault_id(&self) -> VaultId {
        self.identity.vault_id
    }

    /// The number of the last save; 0 before the first.
    pub fn revision(&self) -> u64 {
        self.saved.as_ref().map_or(0, |saved| saved.revision)
    }

    /// The digest of the file this vault was read from or last saved to; nothing before the first save. If the file
    /// on disk has another, someone else has written it.
    pub fn file_digest(&self) -> Option<FileDigest> {
        self.saved.as_ref().map(|saved| saved.digest)
    }

    /// The digest of the file before that one: with [`revision`](Self::revision), what it takes to notice an older
    /// copy put in place. Not known between a [`follow`](Self::follow) and the next save.
    pub fn previous(&self) -> Option<FileDigest> {
        self.saved.as_ref().and_then(|saved| saved.previous)
    }

    /// The entries that can be used, those in the trash among them, in the order of the list.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.contents.entries()
    }

    /// The whole list, in its order.
    pub fn stored(&self) -> &[StoredEntry] {
        &self.contents.stored
    }

    /// How many entries this version cannot use. They are kept.
    pub fn unreadable_count(&self) -> usize {
        self.contents.stored.len() - self.entries().count()
    }

    /// An entry by its id.
    pub fn entry(&self, id: EntryId) -> Option<&Entry> {
        self.entries().find(|entry| entry.id == id)
    }

    /// An entry by its id, to edit it. Leave its `id` alone.
    pub fn entry_mut(&mut self, id: EntryId) -> Option<&mut Entry> {
        self.contents.entry_mut(id)
    }

    /// Appends an entry to the list. Its id must be new to the vault; of two entries with one id, a
    /// reader would keep both but use only the first.
    pub fn push(&mut self, entry: Entry) {
        self.contents.stored.push(StoredEntry::Readable(entry));
    }

    /// Takes an entry out that was just [pushed](Self::push), without a trace. For a save that failed.
    pub fn un_push(&mut self, id: EntryId) -> Option<Entry> {
        self.contents.take_out(id).map(|(_, entry)| entry)
    }

    /// Takes an entry out for good, and leaves a note of that, so that no other copy of the vault brings it back in a
    /// [`merge`](Self::merge). (The trash is [`Entry::delete`].)
    pub fn remove(&mut self, id: EntryId, now: UnixTime) -> Option<RemovedEntry> {
        self.contents.remove(id, now)
    }

    /// Takes a [`remove`](Self::remove) back: the entry is where it was, and nothing tells that it was gone.
    pub fn un_remove(&mut self, removed: RemovedEntry) {
        self.contents.un_remove(removed);
    }

    /// Moves an entry so that it is the `index`-th, counted from 0, of those that are readable and
    /// not in the trash; last if there are not as many. All others keep their order. False, and
    /// nothing moved, if there is no such entry or it is in the trash.
    pub fn move_to(&mut self, id: EntryId, index: usize) -> bool {
        self.contents.move_to(id, index)
    }

    /// Makes the bytes of the next revision, under a key of their own. Needs no password and runs no key derivation.
    /// The vault itself does not change until [`mark_saved`](Self::mark_saved).
    ///
    /// # Errors
    /// When there is no randomness, or the vault has outgrown the format.
    pub fn seal(&self) -> Result<SealedVault, SealError> {
        self.seal_contents(&self.contents, self.next_revision()?, self.file_digest())
    }

    fn next_revision(&self) -> Result<u64, SealError> {
        self.revision().checked_add(1).ok_or(SealError::RevisionsExhausted)
    }

    /// Seals any contents under our key, slots and hint.
    fn seal_contents(
        &self,
        contents: &Contents,
        revision: u64,
        previous: Option<FileDigest>,
    ) -> Result<SealedVault, SealError> {
        let (vault_id, salt) = (self.identity.vault_id, crypto::random_bytes()?);
        let save = Save {
            revision,
            previous,
            salt,
            nonce: crypto::random_bytes()?,
            commitment: body::commitment(&self.content_key, vault_id, &salt)?,
        };
        let header = HeaderJson { identity: &self.identity, save: &save };
        let header = serde_json::to_vec(&header).map_err(|_| SealError::Internal)?;
        let preamble = file::write_preamble(self.minor, &header)?;
        let plaintext = contents.to_plaintext()?;
        let body = body::seal(&self.content_key, vault_id, &salt, &save.nonce, &preamble, plaintext)?;
        let (bytes, digest) = file::write_file(preamble, &body)?;
        Ok(SealedVault { bytes, saved: Saved { revision, digest, previous } })
    }

    #[cfg(test)]
    pub(crate) fn contents(&self) -> &Contents {
        &self.contents
    }

    pub(crate) fn content_key(&self) -> &Key {
        &self.content_key
    }

    /// Notes that the store keeps `sealed`, durably and verified. Say it only then: the next revision will name this
    /// one as the file it replaces.
    pub fn mark_saved(&mut self, sealed: SealedVault) {
        self.saved = Some(sealed.saved);
    }
}

impl fmt::Debug for UnlockedVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnlockedVault")
            .field("vault_id", &self.vault_id())
            .field("revision", &self.revision())
            .finish_non_exhaustive()
    }
}

/// The bytes of one revision, ready to be stored. Nothing in them is secret.
pub struct SealedVault {
    bytes: Vec<u8>,
    saved: Saved,
}

impl SealedVault {
    /// The whole file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its digest, by which a store tells this file from another.
    pub fn file_digest(&self) -> FileDigest {
        self.saved.digest
    }

    /// Its revision.
    pub fn revision(&self) -> u64 {
        self.saved.revision
    }

    /// Checks what was read back from the store, before the old file is given up: that it is this file, that it opens
    /// with the vault's key, and that it holds what the vault holds (so seal, store and verify without an edit
    /// between). No key derivation runs.
    ///
    /// # Errors
    /// [`VerifyError`]: do not replace anything by what was read.
    pub fn verify(&self, read_back: &[u8], vault: &UnlockedVault) -> Result<(), VerifyError> {
        let file = LockedVault::read(read_back)?;
        if file.file_digest() != self.saved.digest {
            return Err(VerifyError::OtherFile);
        }
        // To the byte: of two entries with one id, say, the second would be read otherwise once the first is gone.
        let found = file.open_json(&vault.content_key)?;
        Contents::parse(&found)?;
        match vault.contents.is_written_as(&found) {
            Ok(true) => Ok(()),
            _ => Err(VerifyError::OtherContents),
        }
    }
}

impl fmt::Debug for SealedVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedVault")
            .field("revision", &self.revision())
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}
