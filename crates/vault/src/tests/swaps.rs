//! V5: parts of genuine files put together by someone who can repair digests but has no key.

use super::*;
use crate::{LockedVault, TamperedPart, UnlockError};

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

#[test]
fn an_old_password_cannot_be_put_back() {
    let new_password = Password::new("something new".to_owned()).unwrap();
    let (mut vault, old) = saved_vault(1);
    vault.change_password(&password(), &new_password, KdfParams::MINIMUM).unwrap();
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
