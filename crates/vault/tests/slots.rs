//! What opens a vault, and how that is changed, through the public API.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use warifu_otp::{Label, Otp, SharedSecret, Steam, UnixTime};
use warifu_vault::{
    ChangePasswordError, Entry, EntryId, HintTooLong, KdfParams, KeyringKey, LockedVault, MAX_HINT_CHARS, MAX_SLOTS,
    Password, RecoveryKey, RemoveSlotError, SealError, SlotId, SlotInfo, SlotKind, UnlockError, UnlockedVault,
};

const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);
const LATER: UnixTime = UnixTime::from_secs(1_800_000_000);

fn password(text: &str) -> Password {
    Password::new(text.to_owned()).unwrap()
}

fn new_vault() -> UnlockedVault {
    UnlockedVault::create(&password("one"), KdfParams::MINIMUM, NOW).unwrap()
}

fn steam(name: &str) -> Entry {
    let otp = Otp::Steam(Steam { secret: SharedSecret::from_bytes(b"12345678901234567890".to_vec()).unwrap() });
    Entry::new(EntryId::generate().unwrap(), Label { issuer: None, account_name: name.to_owned() }, None, otp, NOW)
}

fn save(vault: &mut UnlockedVault) -> Vec<u8> {
    let sealed = vault.seal().unwrap();
    let bytes = sealed.bytes().to_vec();
    sealed.verify(&bytes, vault).unwrap();
    vault.mark_saved(sealed);
    bytes
}

fn read(bytes: &[u8]) -> LockedVault {
    LockedVault::read(bytes).unwrap()
}

fn by_password(bytes: &[u8], text: &str) -> Option<UnlockError> {
    read(bytes).unlock_with_password(&password(text)).map_err(|(_, error)| error).err()
}

fn by_recovery_key(bytes: &[u8], key: &RecoveryKey) -> Option<UnlockError> {
    read(bytes).unlock_with_recovery_key(key).map_err(|(_, error)| error).err()
}

fn by_keyring_key(bytes: &[u8], slot: SlotId, key: &KeyringKey) -> Option<UnlockError> {
    read(bytes).unlock_with_keyring_key(slot, key).map_err(|(_, error)| error).err()
}

fn kinds(vault: &UnlockedVault) -> Vec<SlotKind> {
    vault.slots().into_iter().map(|slot| slot.kind).collect()
}

fn id_of(vault: &UnlockedVault, kind: SlotKind) -> SlotId {
    vault.slots().into_iter().find(|slot| slot.kind == kind).unwrap().id
}

/// Slots, hint and all but what every save makes new.
fn identity(bytes: &[u8]) -> String {
    let length = u32::from_be_bytes(bytes[12..16].try_into().unwrap()) as usize;
    let mut header: serde_json::Value = serde_json::from_slice(&bytes[16..16 + length]).unwrap();
    for name in ["revision", "previous", "salt", "nonce", "commitment"] {
        header.as_object_mut().unwrap().remove(name);
    }
    header.to_string()
}

#[test]
fn any_slot_opens_it() {
    let mut vault = new_vault();
    vault.push(steam("a"));
    let (recovery_key, keyring_key) = (RecoveryKey::generate().unwrap(), KeyringKey::generate().unwrap());
    vault.set_recovery_key(&recovery_key, LATER).unwrap();
    let slot = vault.add_keyring_key(&keyring_key, LATER).unwrap();
    let bytes = save(&mut vault);

    let locked = read(&bytes);
    let infos: Vec<_> =
        locked.slots().into_iter().map(|SlotInfo { kind, created_at, .. }| (kind, created_at)).collect();
    let expected =
        [(SlotKind::Password, Some(NOW)), (SlotKind::Recovery, Some(LATER)), (SlotKind::Keyring, Some(LATER))];
    assert_eq!(infos, expected);
    assert_eq!(locked.slots(), vault.slots());

    let from_text = RecoveryKey::parse(&recovery_key.reveal_text()).unwrap();
    let opened = [
        read(&bytes).unlock_with_password(&password("one")).unwrap(),
        read(&bytes).unlock_with_recovery_key(&from_text).unwrap(),
        read(&bytes).unlock_with_keyring_key(slot, &KeyringKey::parse(&keyring_key.reveal_text()).unwrap()).unwrap(),
    ];
    for mut vault in opened {
        assert_eq!(vault.entries().next().unwrap().label.account_name, "a");
        // And each can save for all the others.
        let bytes = save(&mut vault);
        assert_eq!(by_password(&bytes, "one"), None);
        assert_eq!(by_recovery_key(&bytes, &recovery_key), None);
        assert_eq!(by_keyring_key(&bytes, slot, &keyring_key), None);
    }
}

#[test]
fn a_wrong_key_and_a_missing_slot_are_told_apart() {
    let mut vault = new_vault();
    let without = save(&mut vault);
    let (key, other) = (RecoveryKey::generate().unwrap(), RecoveryKey::generate().unwrap());
    assert_eq!(by_recovery_key(&without, &key), Some(UnlockError::NoRecoverySlot));
    vault.set_recovery_key(&key, NOW).unwrap();
    let keyring_key = KeyringKey::generate().unwrap();
    let slot = vault.add_keyring_key(&keyring_key, NOW).unwrap();
    let with = save(&mut vault);
    assert_eq!(by_recovery_key(&with, &other), Some(UnlockError::WrongRecoveryKey));
    assert_eq!(by_keyring_key(&with, slot, &KeyringKey::generate().unwrap()), Some(UnlockError::WrongKeyringKey));
    assert_eq!(by_keyring_key(&without, slot, &keyring_key), Some(UnlockError::NoSuchSlot));
    // A slot of another kind is not a keyring slot.
    let password_slot = id_of(&vault, SlotKind::Password);
    assert_eq!(by_keyring_key(&with, password_slot, &keyring_key), Some(UnlockError::NoSuchSlot));
    // The locked vault is given back for another way in.
    let (locked, _) = read(&with).unlock_with_recovery_key(&other).unwrap_err();
    let (locked, _) = locked.unlock_with_keyring_key(slot, &KeyringKey::generate().unwrap()).unwrap_err();
    assert!(locked.unlock_with_recovery_key(&key).is_ok());
}

#[test]
fn a_new_recovery_key_replaces_the_old_one() {
    let mut vault = new_vault();
    let keys = [RecoveryKey::generate().unwrap(), RecoveryKey::generate().unwrap()];
    vault.set_recovery_key(&keys[0], NOW).unwrap();
    vault.add_keyring_key(&KeyringKey::generate().unwrap(), NOW).unwrap();
    vault.set_recovery_key(&keys[1], LATER).unwrap();
    assert_eq!(kinds(&vault), [SlotKind::Password, SlotKind::Recovery, SlotKind::Keyring]);
    let bytes = save(&mut vault);
    assert_eq!(by_recovery_key(&bytes, &keys[0]), Some(UnlockError::WrongRecoveryKey));
    assert_eq!(by_recovery_key(&bytes, &keys[1]), None);
}

#[test]
fn the_last_slot_that_needs_no_device_stays() {
    let mut vault = new_vault();
    let keyring_slot = vault.add_keyring_key(&KeyringKey::generate().unwrap(), NOW).unwrap();
    let password_slot = id_of(&vault, SlotKind::Password);
    assert_eq!(vault.remove_slot(password_slot, LATER), Err(RemoveSlotError::LastSlot));
    vault.set_recovery_key(&RecoveryKey::generate().unwrap(), NOW).unwrap();
    assert_eq!(vault.remove_slot(password_slot, LATER), Ok(()));
    assert_eq!(vault.remove_slot(password_slot, LATER), Err(RemoveSlotError::NoSuchSlot));
    let recovery_slot = id_of(&vault, SlotKind::Recovery);
    assert_eq!(vault.remove_slot(recovery_slot, LATER), Err(RemoveSlotError::LastSlot));
    assert_eq!(vault.remove_slot(keyring_slot, LATER), Ok(()));
    assert_eq!(by_password(&save(&mut vault), "one"), Some(UnlockError::NoPasswordSlot));
    // And a password can come back.
    vault.set_password(&password("two"), KdfParams::MINIMUM, NOW).unwrap();
    assert_eq!(vault.remove_slot(recovery_slot, LATER), Ok(()));
    assert_eq!(by_password(&save(&mut vault), "two"), None);
}

#[test]
fn a_vault_has_room_for_so_many_slots() {
    let mut vault = new_vault();
    for _ in 1..MAX_SLOTS {
        vault.add_keyring_key(&KeyringKey::generate().unwrap(), NOW).unwrap();
    }
    let full = save(&mut vault);
    let too_many = SealError::TooManySlots { limit: MAX_SLOTS };
    assert_eq!(vault.add_keyring_key(&KeyringKey::generate().unwrap(), NOW), Err(too_many));
    assert_eq!(vault.set_recovery_key(&RecoveryKey::generate().unwrap(), NOW), Err(too_many));
    assert_eq!(identity(&save(&mut vault)), identity(&full));
    // Where one is replaced, no room is needed.
    vault.set_password(&password("two"), KdfParams::MINIMUM, NOW).unwrap();
    assert_eq!(by_password(&save(&mut vault), "two"), None);
}

#[test]
fn who_comes_in_by_the_recovery_key_sets_a_password_in_place_of_all_others() {
    let mut vault = new_vault();
    let key = RecoveryKey::generate().unwrap();
    vault.set_recovery_key(&key, NOW).unwrap();
    let bytes = save(&mut vault);
    let mut vault = read(&bytes).unlock_with_recovery_key(&key).unwrap();
    vault.set_password(&password("two"), KdfParams::new(20_000, 2, 1).unwrap(), LATER).unwrap();
    assert_eq!(kinds(&vault), [SlotKind::Password, SlotKind::Recovery]);
    assert_eq!(vault.slots()[0].created_at, Some(LATER));
    let bytes = save(&mut vault);
    assert_eq!(by_password(&bytes, "one"), Some(UnlockError::WrongPassword));
    assert_eq!(by_password(&bytes, "two"), None);
    assert_eq!(by_recovery_key(&bytes, &key), None);
}

#[test]
fn every_change_of_slots_and_hint_is_taken_back_bit_for_bit() {
    let mut vault = new_vault();
    let (key, keyring_key) = (RecoveryKey::generate().unwrap(), KeyringKey::generate().unwrap());
    vault.set_recovery_key(&key, NOW).unwrap();
    let keyring_slot = vault.add_keyring_key(&keyring_key, NOW).unwrap();
    vault.set_hint(Some("hint".to_owned()), LATER).unwrap();
    let before = save(&mut vault);

    type Change = fn(&mut UnlockedVault, SlotId);
    let changes: [Change; 7] = [
        |vault, _| vault.change_password(&password("one"), &password("x"), KdfParams::MINIMUM, LATER).unwrap(),
        |vault, _| vault.set_password(&password("x"), KdfParams::MINIMUM, LATER).unwrap(),
        |vault, _| assert!(vault.raise_password(&password("one"), KdfParams::DEFAULT_FLOOR).unwrap()),
        |vault, _| vault.set_recovery_key(&RecoveryKey::generate().unwrap(), LATER).unwrap(),
        |vault, _| assert!(vault.add_keyring_key(&KeyringKey::generate().unwrap(), LATER).is_ok()),
        |vault, slot| vault.remove_slot(slot, LATER).unwrap(),
        |vault, _| assert_eq!(vault.set_hint(None, LATER).unwrap().as_deref(), Some("hint")),
    ];
    for (index, change) in changes.into_iter().enumerate() {
        let kept = vault.keep_slots();
        change(&mut vault, keyring_slot);
        assert_ne!(identity(&save_aside(&vault)), identity(&before), "change {index} did something");
        vault.put_slots_back(kept);
        assert_eq!(identity(&save_aside(&vault)), identity(&before), "change {index}");
    }
    let bytes = save(&mut vault);
    assert_eq!(by_password(&bytes, "one"), None);
    assert_eq!(by_recovery_key(&bytes, &key), None);
    assert_eq!(by_keyring_key(&bytes, keyring_slot, &keyring_key), None);
}

fn save_aside(vault: &UnlockedVault) -> Vec<u8> {
    vault.seal().unwrap().bytes().to_vec()
}

#[test]
fn a_weak_password_slot_is_raised_and_a_strong_one_left_alone() {
    let mut vault = new_vault();
    assert!(vault.has_weak_password_slot());
    let wrong = vault.raise_password(&password("two"), KdfParams::DEFAULT_FLOOR);
    assert_eq!(wrong, Err(ChangePasswordError::Current(UnlockError::WrongPassword)));
    // Never to less than the floor, whatever is asked for.
    assert_eq!(vault.raise_password(&password("one"), KdfParams::MINIMUM), Ok(true));
    assert!(!vault.has_weak_password_slot());
    let bytes = save(&mut vault);
    assert!(String::from_utf8_lossy(&bytes).contains(r#""memory_kib":65536,"time_cost":3,"lanes":1"#));
    assert_eq!(by_password(&bytes, "one"), None);
    assert_eq!(vault.raise_password(&password("one"), KdfParams::MAXIMUM), Ok(false));
    assert_eq!(identity(&save(&mut vault)), identity(&bytes));
}

#[test]
fn weaker_is_what_is_weaker_in_any_way() {
    let params = |memory, time, lanes| KdfParams::new(memory, time, lanes).unwrap();
    let floor = params(65_536, 3, 2);
    for (other, is_weaker) in [
        (floor, false),
        (params(65_535, 16, 8), true),
        (params(1_048_576, 2, 8), true),
        (params(1_048_576, 16, 1), true),
        (params(1_048_576, 16, 8), false),
    ] {
        assert_eq!(other.is_weaker_than(floor), is_weaker, "{other:?}");
    }
    assert_eq!(KdfParams::MINIMUM.run_once(), Ok(()));
}

#[test]
fn a_hint_is_read_without_a_password_and_has_its_limit() {
    let mut vault = new_vault();
    assert_eq!(vault.hint(), None);
    assert_eq!(read(&save(&mut vault)).hint(), None);
    let longest = "割".repeat(MAX_HINT_CHARS);
    assert_eq!(vault.set_hint(Some(longest.clone()), LATER), Ok(None));
    assert_eq!(vault.set_hint(Some(format!("{longest}!")), LATER), Err(HintTooLong { limit: MAX_HINT_CHARS }));
    assert_eq!(read(&save(&mut vault)).hint(), Some(longest.as_str()));
    assert_eq!(vault.set_hint(None, LATER), Ok(Some(longest)));
    assert_eq!(read(&save(&mut vault)).hint(), None);
}
