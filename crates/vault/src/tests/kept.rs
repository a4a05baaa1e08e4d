//! What a later version wrote survives this one's saves.

use super::*;
use crate::{DamagedPart, LockedVault, StoredEntry, UnlockError, UnreadableReason};

/// A vault of a later minor version: unknown members at every level, an unknown slot, entries
/// that cannot be read.
fn later_vault() -> (UnlockedVault, String, String) {
    let (vault, bytes) = saved_vault(0);
    let mut later = header(&bytes);
    later["theme"] = Value::from("a later header member");
    later["slots"][0]["last_used"] = Value::from(1_800_000_000_u64);
    later["slots"][0]["kdf"]["calibrated"] = Value::from(true);
    let hardware = r#"{"id":"000102030405060708090a0b0c0d0e0f","type":"hardware","wrapped":"x","n":1e400}"#;
    let text = later.to_string();
    let at = text.rfind(']').unwrap();
    let later = format!("{},{hardware}{}", &text[..at], &text[at..]);
    let json = format!("{{\"entries\":[{READABLE},{UNKNOWN_TYPE},{ODD}{REST}");
    let forged = forge(&vault, 7, &later, &json);
    let locked = LockedVault::read(&forged).unwrap();
    let vault = locked.unlock_with_password(&password()).unwrap();
    (vault, later, hardware.to_owned())
}

const READABLE: &str = r#"{"id":"11111111111111111111111111111111","issuer":"A","account_name":"a","issuer_in_label":null,"type":"totp","secret":"MFRGG","algorithm":"SHA1","digits":6,"period":30,"created_at":1,"modified_at":2,"deleted_at":null,"icon":{"set":"x", "n":12345678901234567890123}}"#;
const UNKNOWN_TYPE: &str = r#"{"type":"motp","account_name":"é\u00e9","issuer":null,"pin":"1234", "x":[1.50]}"#;
const ODD: &str = r#"{"id":"22222222222222222222222222222222","account_name":"b","type":"totp","secret":"MFRGG","algorithm":"SHA1","digits":99,"period":30,"created_at":1,"modified_at":2}"#;

/// Behind the entries in the body.
const REST: &str = r#"],"settings":{"later": [1,2]},"folders":["x"]}"#;

#[test]
fn unknown_members_slots_and_entries_survive_a_save_to_the_letter() {
    let (mut vault, later_header, hardware) = later_vault();
    assert_eq!((vault.entries().count(), vault.unreadable_count()), (1, 2));
    let added = entry(5);
    let added_id = added.id;
    vault.push(added);
    let bytes = save(&mut vault);

    let plaintext = body::open(&file::VaultFile::parse(&bytes).unwrap(), vault.content_key());
    let json = String::from_utf8(plaintext.unwrap().to_vec()).unwrap();
    let start = format!("{{\"entries\":[{READABLE},{UNKNOWN_TYPE},{ODD},{{");
    assert!(json.starts_with(&start), "{json}");
    assert!(json.ends_with(REST), "{json}");

    let before: Value = serde_json::from_str(&later_header.replace(",\"n\":1e400", "")).unwrap();
    let text = std::str::from_utf8(&bytes[HEADER_AT..][..header_len(&bytes)]).unwrap();
    assert!(text.contains(&hardware), "the unknown slot, to the letter");
    let after: Value = serde_json::from_str(&text.replace(",\"n\":1e400", "")).unwrap();
    assert_eq!(before["theme"], after["theme"]);
    assert_eq!(before["slots"], after["slots"], "their members, known and unknown");
    assert_eq!(u16::from_be_bytes([bytes[10], bytes[11]]), 7, "the minor version");

    let again = LockedVault::read(&bytes).unwrap().unlock_with_password(&password()).unwrap();
    assert!(again.entry(added_id).is_some());
    assert_eq!(again.unreadable_count(), 2);
}

#[test]
fn unknown_members_survive_a_change_of_password_and_of_the_entry() {
    let (mut vault, ..) = later_vault();
    let new = Password::new("new".to_owned()).unwrap();
    vault.change_password(&password(), &new, KdfParams::MINIMUM, NOW).unwrap();
    let id = "1".repeat(32).parse().unwrap();
    vault.entry_mut(id).unwrap().label.account_name = "renamed".to_owned();
    let bytes = save(&mut vault);
    let after = std::str::from_utf8(&bytes[HEADER_AT..][..header_len(&bytes)]).unwrap();
    assert!(after.contains("\"last_used\":1800000000") && after.contains("\"calibrated\":true"));
    let plaintext = body::open(&file::VaultFile::parse(&bytes).unwrap(), vault.content_key());
    let json = String::from_utf8(plaintext.unwrap().to_vec()).unwrap();
    assert!(json.contains("renamed") && json.contains(r#""icon":{"set":"x", "n":12345678901234567890123}"#));
}

#[test]
fn what_cannot_be_read_is_shown_with_what_can_be_said_of_it() {
    let (vault, ..) = later_vault();
    let unreadable: Vec<_> = vault
        .stored()
        .iter()
        .filter_map(|stored| match stored {
            StoredEntry::Unreadable(entry) => Some((entry.reason(), entry.label().unwrap().account_name.as_str())),
            StoredEntry::Readable(_) => None,
        })
        .collect();
    assert_eq!(unreadable, [(UnreadableReason::UnknownType, "éé"), (UnreadableReason::Malformed, "b")]);
}

#[test]
fn an_entry_is_read_strictly_or_kept_unread() {
    let edits = [
        ("", "", None),
        (r#""issuer":"A","#, "", None),
        (r#","deleted_at":null"#, "", None),
        (r#""type":"totp""#, r#""type":"TOTP""#, Some(UnreadableReason::UnknownType)),
        ("MFRGG", "mfrgg", Some(UnreadableReason::Malformed)),
        ("MFRGG", "MFRGG===", Some(UnreadableReason::Malformed)),
        ("MFRGG", "MFRGH", Some(UnreadableReason::Malformed)), // left-over bits
        ("MFRGG", "MFRG\\u0047", Some(UnreadableReason::Malformed)),
        ("MFRGG", "", Some(UnreadableReason::Malformed)),
        ("SHA1", "SHA-1", Some(UnreadableReason::Malformed)),
        ("SHA1", "MD5", Some(UnreadableReason::Malformed)),
        (r#""digits":6"#, r#""digits":11"#, Some(UnreadableReason::Malformed)),
        (r#""digits":6"#, r#""digits":0"#, Some(UnreadableReason::Malformed)),
        (r#""digits":6"#, r#""digits":6.0"#, Some(UnreadableReason::Malformed)),
        (r#""period":30"#, r#""period":0"#, Some(UnreadableReason::Malformed)),
        (r#""period":30"#, r#""period":30,"counter":1"#, Some(UnreadableReason::Malformed)),
        (r#""period":30,"#, "", Some(UnreadableReason::Malformed)),
        (r#""type":"totp""#, r#""type":"steam""#, Some(UnreadableReason::Malformed)),
        (r#""created_at":1,"#, "", Some(UnreadableReason::Malformed)),
        (r#""created_at":1"#, r#""created_at":1,"created_at":1"#, Some(UnreadableReason::Malformed)),
        ("1111", "XXXX", Some(UnreadableReason::Malformed)),
    ];
    for (from, to, expected) in edits {
        let text = READABLE.replacen(from, to, 1);
        assert_eq!(crate::entry::parse(&text).err(), expected, "{from} -> {to}");
    }
}

#[test]
fn of_two_entries_with_one_id_both_are_kept_and_one_is_used() {
    let (vault, bytes) = saved_vault(0);
    let text = header(&bytes).to_string();
    let twice = format!("{{\"entries\":[{READABLE},{}]}}", READABLE.replace("MFRGG", "MZXW6"));
    let forged = forge(&vault, 0, &text, &twice);
    let mut vault = LockedVault::read(&forged).unwrap().unlock_with_password(&password()).unwrap();
    assert_eq!((vault.entries().count(), vault.unreadable_count()), (1, 1));
    let saved = save(&mut vault);
    let plaintext = body::open(&file::VaultFile::parse(&saved).unwrap(), vault.content_key());
    assert_eq!(*plaintext.unwrap(), *twice.as_bytes());
}

/// Found by fuzzing: such a vault could never be saved again.
#[test]
fn where_the_first_of_two_with_one_id_is_removed_the_second_is_there_after_the_save() {
    let (vault, bytes) = saved_vault(0);
    // Written with other spaces than ours.
    let twice = format!("{{\"entries\":[{READABLE},{}]}}", READABLE.replace("MFRGG\",", "MZXW6\", "));
    let forged = forge(&vault, 1, &header(&bytes).to_string(), &twice);
    let mut vault = LockedVault::read(&forged).unwrap().open_like(&vault).unwrap();
    let id = vault.entries().next().unwrap().id;
    vault.remove(id, NOW).unwrap();
    let saved = save(&mut vault);
    let again = LockedVault::read(&saved).unwrap().open_like(&vault).unwrap();
    assert_eq!((again.entries().count(), again.unreadable_count()), (1, 0));
    assert_eq!(*again.entry(id).unwrap().otp.secret().reveal_base32(), "MZXW6");
}

#[test]
fn genuine_files_with_nonsense_inside_are_damaged_not_wrong_passwords() {
    let (vault, bytes) = saved_vault(0);
    let text = header(&bytes).to_string();
    for json in ["", "[]", "{}", r#"{"entries":{}}"#, r#"{"entries":[],"entries":[]}"#, r#"{"entries":[]}x"#, "\u{0}"] {
        let forged = forge(&vault, 0, &text, json);
        let locked = LockedVault::read(&forged).unwrap();
        let (_, error) = locked.unlock_with_password(&password()).unwrap_err();
        assert_eq!(error, UnlockError::Damaged { part: DamagedPart::Contents }, "{json}");
    }
}
