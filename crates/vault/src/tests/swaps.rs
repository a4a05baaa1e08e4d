//! V5: parts of genuine files put together by someone who can repair digests but has no key.

use super::*;
use crate::{LockedVault, SlotKind, TamperedPart, UnlockError};

/// Where in the header each part lies.
const PARTS: [&str; 13] = [
    "/vault_id",
    "/revision",
    "/previous",
    "/salt",
    "/nonce",
    "/commitment",
    "/slots",
    "/slots/0/id",
    "/slots/0/kdf",
    "/slots/0/kdf/salt",
    "/slots/0/nonce",
    "/slots/0/wrapped_key",
    "",
];

fn opens(bytes: &[u8]) -> bool {
    let locked = LockedVault::read(bytes).unwrap();
    locked.unlock_with_password(&password()).is_ok()
}

#[test]
fn v5_no_part_of_one_file_fits_another() {
    let mut files = vec![];
    for entries in [1, 2, 3] {
        let (mut vault, first) = saved_vault(entries);
        files.push(first);
        // A second revision of the same vault: same content key, same slots.
        files.push(save(&mut vault));
    }
    let (mut tried, mut same) = (0, 0);
    for (a, b) in (0..files.len()).flat_map(|a| (0..files.len()).map(move |b| (a, b))) {
        let (to, from) = (&files[a], &files[b]);
        for part in PARTS {
            let mut mixed = header(to);
            *mixed.pointer_mut(part).unwrap() = header(from).pointer(part).unwrap().clone();
            if mixed == header(to) {
                // The header as it was, re-written by another JSON writer: not the very bytes
                // the body is bound to either.
                same += 1;
            }
            assert!(!opens(&assemble(&mixed.to_string(), body_of(to))), "{part} of {b} in {a}");
            tried += 1;
        }
        if a != b {
            let original = std::str::from_utf8(&to[HEADER_AT..][..header_len(to)]).unwrap();
            assert!(!opens(&assemble(original, body_of(from))), "body of {b} in {a}");
            tried += 1;
        } else {
            // The control: put together from its own parts, it opens.
            let original = std::str::from_utf8(&to[HEADER_AT..][..header_len(to)]).unwrap();
            assert!(opens(&assemble(original, body_of(to))));
        }
    }
    println!("V5: {tried} swaps among {} files, none opened ({same} re-spelt only)", files.len());
}

/// Parts of a slot that have a place in slots of other types, too; the whole slot at last.
const SLOT_PARTS: [&str; 6] = ["/id", "/type", "/salt", "/nonce", "/wrapped_key", ""];

#[test]
fn v5_no_slot_of_any_type_fits_another_place() {
    // Two vaults with the same password, recovery key and keyring key, and two revisions of one of them.
    let (mut vault, first) = full_vault(2);
    let files = [first, save(&mut vault), full_vault(2).1];
    let (mut tried, mut unreadable) = (0, 0);
    let indices = || (0..3).flat_map(|a| (0..3).map(move |b| (a, b)));
    for ((to, from), (at, of)) in indices().flat_map(|files| indices().map(move |slots| (files, slots))) {
        for part in SLOT_PARTS {
            let mut mixed = header(&files[to]);
            let Some(other) = header(&files[from])["slots"][of].pointer(part).cloned() else { continue };
            let Some(place) = mixed["slots"][at].pointer_mut(part) else { continue };
            if *place == other {
                continue;
            }
            *place = other;
            tried += 1;
            match LockedVault::read(&assemble(&mixed.to_string(), body_of(&files[to]))) {
                Err(_) => unreadable += 1,
                Ok(locked) => {
                    // The slot itself does not open any more, whatever the header's own seal would say to the rest.
                    let (locked, error) = open_one_way(locked, at).unwrap_err();
                    assert!(!matches!(error, UnlockError::Tampered { .. }), "slot {at}: {part:?}: {error:?}");
                    let error = open_any_way(locked, at == 0 || of == 0).err();
                    assert!(error.is_some(), "slot {of} of {from} in place of slot {at} of {to}: {part:?}");
                }
            }
        }
    }
    println!("V5: {tried} swaps among slots of all types, none opened ({unreadable} not even readable)");

    // The control: what has not been swapped opens, each way.
    for file in &files {
        for way in 0..3 {
            let locked = LockedVault::read(file).unwrap();
            assert!(open_one_way(locked, way).is_ok(), "way {way}");
        }
    }
}

/// Tries the password (where that can make a difference: it costs a derivation), the recovery key and the keyring key.
fn open_any_way(mut locked: LockedVault, with_password: bool) -> Result<(), LockedVault> {
    for way in usize::from(!with_password)..3 {
        match open_one_way(locked, way) {
            Ok(_) => return Ok(()),
            Err((still_locked, _)) => locked = still_locked,
        }
    }
    Err(locked)
}

fn open_one_way(locked: LockedVault, way: usize) -> Result<UnlockedVault, (LockedVault, UnlockError)> {
    match way {
        0 => locked.unlock_with_password(&password()),
        1 => locked.unlock_with_recovery_key(&recovery_key()),
        _ => match locked.slots().iter().find(|slot| slot.kind == SlotKind::Keyring).map(|slot| slot.id) {
            Some(slot) => locked.unlock_with_keyring_key(slot, &keyring_key()),
            None => Err((locked, UnlockError::NoSuchSlot)),
        },
    }
}

#[test]
fn an_old_password_cannot_be_put_back() {
    let new_password = Password::new("something new".to_owned()).unwrap();
    let (mut vault, old) = saved_vault(1);
    vault.change_password(&password(), &new_password, KdfParams::MINIMUM, NOW).unwrap();
    let new = save(&mut vault);

    let mut mixed = header(&new);
    mixed["slots"] = header(&old)["slots"].clone();
    let mixed = LockedVault::read(&assemble(&mixed.to_string(), body_of(&new))).unwrap();
    let (_, error) = mixed.unlock_with_password(&password()).unwrap_err();
    assert_eq!(error, UnlockError::Tampered { part: TamperedPart::Body });
}

#[test]
fn a_key_the_file_is_not_committed_to_is_tampering() {
    let (_vault, bytes) = saved_vault(1);
    let mut mixed = header(&bytes);
    mixed["commitment"] = Value::from("00".repeat(32));
    let mixed = LockedVault::read(&assemble(&mixed.to_string(), body_of(&bytes))).unwrap();
    let (_, error) = mixed.unlock_with_password(&password()).unwrap_err();
    assert_eq!(error, UnlockError::Tampered { part: TamperedPart::Commitment });
}
