//! What the targets share: one vault whose keys are known, so that nothing slow is derived.

use std::sync::OnceLock;

use warifu_vault::fuzzing::forge;
use warifu_vault::{KeyringKey, LockedVault, RecoveryKey, SlotId, SlotKind, UnlockError, UnlockedVault};

const FILE: &[u8] = include_bytes!("../../tests/fixtures/vaults/v1/all_slots.warifu");
const FACTS: &str = include_str!("../../tests/fixtures/vaults/v1/all_slots.json");

/// A vault with slots of all types and the keys that open it but for the password.
pub struct Known {
    /// The vault, open.
    pub vault: UnlockedVault,
    /// Its recovery key.
    pub recovery_key: RecoveryKey,
    /// The key of its keyring slot.
    pub keyring_key: KeyringKey,
}

/// The vault of this process.
pub fn known() -> &'static Known {
    static KNOWN: OnceLock<Known> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let facts: serde_json::Value = serde_json::from_str(FACTS).unwrap();
        let text = |name: &str| facts[name].as_str().unwrap().to_owned();
        let recovery_key = RecoveryKey::parse(&text("recovery_key")).unwrap();
        let keyring_key = KeyringKey::parse(&text("keyring_key")).unwrap();
        let vault = LockedVault::read(FILE).unwrap().unlock_with_recovery_key(&recovery_key).unwrap();
        Known { vault, recovery_key, keyring_key }
    })
}

/// The header of the known vault, its slots as given.
pub fn header_with_slots(slots: &[u8]) -> Vec<u8> {
    let header = header();
    let start = header.find("\"slots\":[").unwrap() + "\"slots\":[".len();
    let end = header.find("],\"hint\"").unwrap();
    [header[..start].as_bytes(), slots, header[end..].as_bytes()].concat()
}

/// The header of the known vault.
pub fn header() -> &'static str {
    let length = u32::from_be_bytes(FILE[12..16].try_into().unwrap()) as usize;
    std::str::from_utf8(&FILE[16..16 + length]).unwrap()
}

/// A genuine file of the known vault with other contents; none if they are too large.
pub fn with_contents(json: &[u8]) -> Option<Vec<u8>> {
    forge(&known().vault, 1, header().as_bytes(), json).ok()
}

/// Asks all there is to ask of a locked vault, and tries the ways in that cost no derivation.
pub fn probe(locked: LockedVault) {
    let keyring: Option<SlotId> =
        locked.slots().iter().find(|slot| slot.kind == SlotKind::Keyring).map(|slot| slot.id);
    let _ = (locked.hint().map(str::len), locked.revision(), locked.previous(), locked.file_digest());
    let locked = match locked.unlock_with_recovery_key(&known().recovery_key) {
        Ok(_) => return,
        Err((locked, error)) => {
            assert!(!matches!(error, UnlockError::Internal));
            locked
        }
    };
    if let Some(slot) = keyring {
        let _ = locked.unlock_with_keyring_key(slot, &known().keyring_key);
    }
}

/// Whatever opens is sealed, read back and found to be the same.
pub fn save(vault: &UnlockedVault) -> Vec<u8> {
    let sealed = vault.seal().expect("what could be read can be written");
    sealed.verify(sealed.bytes(), vault).expect("what was written is what is there");
    sealed.bytes().to_vec()
}
