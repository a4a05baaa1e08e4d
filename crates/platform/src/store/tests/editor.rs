//! Who edits: an open vault that adds accounts and merges what others added, without the session.

use std::{collections::BTreeSet, sync::OnceLock};

use warifu_session::{
    otp::{Label, Otp, SharedSecret, Steam, UnixTime},
    ports::{Placed, SealedFile, VaultStore, VaultWriter},
};
use warifu_vault::{Entry, EntryId, KdfParams, LockedVault, Password, SealedVault, UnlockedVault};

use crate::store::FileVaultStore;

/// An open vault and the accounts it is to have.
pub(super) struct Editor {
    vault: UnlockedVault,
    sealed: Option<SealedVault>,
    wanted: BTreeSet<String>,
    /// One bit of the sealed bytes goes wrong on the way to the store.
    pub(super) flip: Option<usize>,
    seconds: i64,
}

impl Editor {
    /// With a vault that was never saved. All have one key, so that no test waits for a derivation.
    pub(super) fn new() -> Editor {
        let vault = open(&first_file()).unwrap();
        Editor { vault, sealed: None, wanted: BTreeSet::new(), flip: None, seconds: 1_767_268_800 }
    }

    /// Another one with the same vault open.
    pub(super) fn duplicate(&self) -> Editor {
        let vault = open(&self.bytes()).unwrap();
        Editor { vault, sealed: None, wanted: self.wanted.clone(), flip: None, seconds: self.seconds }
    }

    /// One who read the file just now.
    pub(super) fn reading(bytes: &[u8]) -> Editor {
        let vault = open(bytes).unwrap();
        let wanted = names(&vault);
        Editor { vault, sealed: None, wanted, flip: None, seconds: 1_767_268_800 }
    }

    pub(super) fn add(&mut self, name: &str) {
        self.wanted.insert(name.to_owned());
    }

    /// Saves until no fork is left, as a session does.
    pub(super) fn save(&mut self, store: &FileVaultStore) -> Result<Placed, String> {
        for _ in 0..20 {
            self.seconds += 1;
            let now = self.now();
            let placed = store.update(now, self).map_err(|error| error.to_string())?;
            self.vault.mark_saved(self.sealed.take().unwrap());
            let before = self.wanted.clone();
            for fork in &placed.forks {
                // One that is gone was given up by its writer, who starts again.
                if let Ok(bytes) = store.read_backup(fork) {
                    self.wanted.extend(accounts(&bytes));
                }
            }
            if self.wanted == before {
                return Ok(placed);
            }
        }
        Err("forks without end".to_owned())
    }

    pub(super) fn now(&self) -> UnixTime {
        UnixTime::from_secs(self.seconds)
    }

    pub(super) fn wanted(&self) -> &BTreeSet<String> {
        &self.wanted
    }

    /// The vault as it is, sealed.
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.vault.seal().unwrap().bytes().to_vec()
    }

    /// Another file with the contents of this one.
    pub(super) fn seal_again(&self, bytes: &[u8]) -> Vec<u8> {
        open(bytes).unwrap().seal().unwrap().bytes().to_vec()
    }

    fn try_seal(&mut self, on_disk: Option<&[u8]>) -> Option<SealedVault> {
        if let Some(bytes) = on_disk {
            let theirs = open(bytes)?;
            self.wanted.extend(names(&theirs));
            if theirs.revision() >= self.vault.revision() {
                self.vault = theirs;
            }
        }
        for name in self.wanted.difference(&names(&self.vault)) {
            self.vault.push(entry(name));
        }
        self.vault.seal().ok()
    }
}

impl VaultWriter for Editor {
    fn seal(&mut self, on_disk: Option<&[u8]>) -> Option<SealedFile> {
        let sealed = self.try_seal(on_disk)?;
        let (mut bytes, revision, digest) = (sealed.bytes().to_vec(), sealed.revision(), sealed.file_digest());
        if let Some(bit) = self.flip {
            let at = bit % (8 * bytes.len());
            bytes[at / 8] ^= 1 << (at % 8);
        }
        self.sealed = Some(sealed);
        Some(SealedFile { bytes, revision, digest })
    }

    fn is_good(&mut self, read_back: &[u8]) -> bool {
        self.sealed.as_ref().is_some_and(|sealed| sealed.verify(read_back, &self.vault).is_ok())
    }

    fn is_good_backup(&mut self, bytes: &[u8]) -> bool {
        open(bytes).is_some()
    }
}

/// The first revision of the vault, empty.
pub(super) fn first_file() -> Vec<u8> {
    static FIRST: OnceLock<Vec<u8>> = OnceLock::new();
    FIRST.get_or_init(|| key().seal().unwrap().bytes().to_vec()).clone()
}

/// The accounts in a vault file, which must open.
#[track_caller]
pub(super) fn accounts(bytes: &[u8]) -> BTreeSet<String> {
    names(&open(bytes).unwrap())
}

/// Each must have its own key.
#[track_caller]
fn names(vault: &UnlockedVault) -> BTreeSet<String> {
    let name = |held: &Entry| {
        let name = &held.label.account_name;
        let (Otp::Steam(held), Otp::Steam(own)) = (&held.otp, entry(name).otp) else {
            panic!("{name} has another kind")
        };
        assert!(held.secret.is_same(&own.secret), "{name} has the key of another");
        name.clone()
    };
    vault.entries().map(name).collect()
}

fn entry(name: &str) -> Entry {
    let otp =
        Otp::Steam(Steam { secret: SharedSecret::from_bytes(format!("the key of {name}").into_bytes()).unwrap() });
    let label = Label { issuer: None, account_name: name.to_owned() };
    Entry::new(EntryId::generate().unwrap(), label, None, otp, UnixTime::from_secs(0))
}

fn open(bytes: &[u8]) -> Option<UnlockedVault> {
    LockedVault::read(bytes).ok()?.open_like(key()).ok()
}

fn key() -> &'static UnlockedVault {
    static KEY: OnceLock<UnlockedVault> = OnceLock::new();
    KEY.get_or_init(|| {
        let password = Password::new("correct horse battery staple".to_owned()).unwrap();
        UnlockedVault::create(&password, KdfParams::MINIMUM, UnixTime::from_secs(0)).unwrap()
    })
}
