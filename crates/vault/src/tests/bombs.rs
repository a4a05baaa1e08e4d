//! K5 and the strictness of the header: refused by reading, before a password is asked for.

use super::*;
use crate::{DamagedPart, KdfBoundsError, KdfParameter, LockedVault, ReadError, UnlockError};

/// Reads a vault whose header text was edited, all digests right.
fn read_edited(edit: impl FnOnce(&str) -> String) -> Result<LockedVault, ReadError> {
    let (_vault, bytes) = saved_vault(1);
    let original = std::str::from_utf8(&bytes[HEADER_AT..][..header_len(&bytes)]).unwrap();
    let edited = edit(original);
    assert_ne!(edited, original, "the edit did nothing");
    let before = kdf_runs();
    let read = LockedVault::read(&assemble(&edited, body_of(&bytes)));
    assert_eq!(kdf_runs(), before);
    read
}

#[test]
fn k5_kdf_bombs_are_refused_by_name_before_any_work() {
    let minimum = KdfParams::MINIMUM;
    let was = |parameter| match parameter {
        KdfParameter::MemoryKib => format!("\"memory_kib\":{}", minimum.memory_kib()),
        KdfParameter::TimeCost => format!("\"time_cost\":{}", minimum.time_cost()),
        KdfParameter::Lanes => format!("\"lanes\":{}", minimum.lanes()),
    };
    let bombs = [
        (KdfParameter::MemoryKib, 1 << 32, 1 << 20), // 4 TiB
        (KdfParameter::MemoryKib, (1 << 20) + 1, 1 << 20),
        (KdfParameter::MemoryKib, (1 << 32) + 65536, 1 << 20), // 64 MiB in 32 bits
        (KdfParameter::MemoryKib, u64::MAX, 1 << 20),
        (KdfParameter::TimeCost, (1 << 32) - 1, 16),
        (KdfParameter::TimeCost, 17, 16),
        (KdfParameter::Lanes, 1 << 24, 8),
        (KdfParameter::Lanes, 9, 8),
    ];
    for (parameter, required, limit) in bombs {
        let now = was(parameter).split(':').next().unwrap().to_owned() + &format!(":{required}");
        let error = read_edited(|header| header.replace(&was(parameter), &now)).unwrap_err();
        let expected = KdfBoundsError::ExcessiveWork { parameter, required, limit };
        assert_eq!(error, ReadError::KdfOutOfBounds(expected));
    }
    let weak = read_edited(|header| header.replace("\"memory_kib\":19456", "\"memory_kib\":8"));
    assert_eq!(
        weak.unwrap_err(),
        ReadError::KdfOutOfBounds(KdfBoundsError::TooWeak {
            parameter: KdfParameter::MemoryKib,
            found: 8,
            minimum: 19 * 1024
        })
    );
    println!("K5: {} bombs refused, 0 key derivations", bombs.len());
}

#[test]
fn k5_a_bomb_hides_behind_no_other_slot() {
    let (_vault, bytes) = full_vault(2);
    let mut edited = header(&bytes);
    let mut bomb = edited["slots"][0].clone();
    bomb["id"] = Value::from("0".repeat(32));
    bomb["kdf"]["memory_kib"] = Value::from(1_u64 << 32);
    edited["slots"].as_array_mut().unwrap().push(bomb);
    let error = LockedVault::read(&assemble(&edited.to_string(), body_of(&bytes))).unwrap_err();
    assert!(matches!(error, ReadError::KdfOutOfBounds(_)), "{error:?}");
}

#[test]
fn a_slot_of_a_random_key_that_is_not_as_specified_is_damage() {
    let (_vault, bytes) = full_vault(2);
    let mut tried = 0;
    for slot in ["/slots/1", "/slots/2"] {
        let wrong_values = [Value::Null, Value::from(7), Value::from("00"), Value::from("AA".repeat(16))];
        for member in ["id", "salt", "nonce", "wrapped_key"] {
            for wrong in &wrong_values {
                let mut edited = header(&bytes);
                edited.pointer_mut(slot).unwrap()[member] = wrong.clone();
                let read = LockedVault::read(&assemble(&edited.to_string(), body_of(&bytes)));
                assert_eq!(
                    read.err(),
                    Some(ReadError::Damaged { part: DamagedPart::Header }),
                    "{slot} {member} {wrong}"
                );
                tried += 1;
            }
        }
    }
    let mut with = |pointer: &str, value: Value| {
        let mut edited = header(&bytes);
        let (place, name) = pointer.rsplit_once('/').unwrap();
        edited.pointer_mut(place).unwrap()[name] = value;
        tried += 1;
        LockedVault::read(&assemble(&edited.to_string(), body_of(&bytes))).err()
    };
    let damaged = Some(ReadError::Damaged { part: DamagedPart::Header });
    for place in
        ["/slots/0/created_at", "/slots/1/created_at", "/slots/0/changed_at", "/slots/1/changed_at", "/hint_changed_at"]
    {
        assert_eq!(with(place, Value::from("1")), damaged, "{place}");
        assert_eq!(with(place, Value::from(1.5)), damaged, "{place}");
        assert_eq!(with(place, Value::Null), None, "{place} may be null");
    }
    assert_eq!(with("/hint", Value::from(1)), damaged);
    assert_eq!(with("/hint", Value::from("x".repeat(crate::MAX_HINT_CHARS + 1))), damaged);
    assert_eq!(with("/hint", Value::Null), None);
    println!("{tried} wrong slots and hints, refused as specified");
}

#[test]
fn a_header_that_is_not_as_specified_is_damage() {
    let value = |edit: &dyn Fn(&mut Value)| {
        read_edited(|text| {
            let mut header = serde_json::from_str(text).unwrap();
            edit(&mut header);
            header.to_string()
        })
    };
    let mut errors = vec![];
    for member in ["vault_id", "revision", "previous", "salt", "nonce", "commitment", "slots"] {
        errors.push((format!("no {member}"), value(&|h| drop(h.as_object_mut().unwrap().remove(member)))));
    }
    for member in ["id", "type", "kdf", "nonce", "wrapped_key"] {
        let edit = |h: &mut Value| drop(h["slots"][0].as_object_mut().unwrap().remove(member));
        errors.push((format!("no {member} in the slot"), value(&edit)));
    }
    for member in ["algorithm", "version", "memory_kib", "time_cost", "lanes", "salt"] {
        let edit = |h: &mut Value| drop(h["slots"][0]["kdf"].as_object_mut().unwrap().remove(member));
        errors.push((format!("no {member} in the kdf"), value(&edit)));
    }
    let set = |pointer: &str, to: Value| value(&move |h| *h.pointer_mut(pointer).unwrap() = to.clone());
    for (pointer, to) in [
        ("/revision", Value::from(0)),
        ("/revision", Value::from(-1)),
        ("/revision", Value::from(1.5)),
        ("/revision", Value::from("1")),
        ("/vault_id", Value::from("00")),
        ("/vault_id", Value::from("AA".repeat(16))),
        ("/salt", Value::from("00".repeat(33))),
        ("/slots", Value::from(Vec::<Value>::new())),
        ("/slots/0", Value::Null),
        ("/slots/0/kdf/algorithm", Value::from("argon2i")),
        ("/slots/0/kdf/version", Value::from(16)),
        ("/slots/0/kdf/memory_kib", Value::from(-1)),
        ("/slots/0/kdf/memory_kib", Value::from(1e30)),
    ] {
        errors.push((format!("{pointer} = {to}"), set(pointer, to)));
    }
    errors.push(("twice".into(), read_edited(|t| t.replacen('{', "{\"revision\":1,", 1))));
    errors.push(("twice in a slot".into(), read_edited(|t| t.replace("{\"id\"", "{\"type\":\"x\",\"id\""))));
    errors.push(("trailing".into(), read_edited(|t| format!("{t}{{}}"))));
    errors.push((
        "one slot twice".into(),
        value(&|h| {
            let slot = h["slots"][0].clone();
            h["slots"].as_array_mut().unwrap().push(slot);
        }),
    ));
    errors.push((
        "nine slots".into(),
        value(&|h| {
            for number in 1..9 {
                let mut slot = h["slots"][0].clone();
                slot["id"] = Value::from(format!("{number:032x}"));
                h["slots"].as_array_mut().unwrap().push(slot);
            }
        }),
    ));
    for (what, result) in &errors {
        let expected = Some(ReadError::Damaged { part: DamagedPart::Header });
        assert_eq!(result.as_ref().err().copied(), expected, "{what}");
    }
    println!("{} wrong headers refused", errors.len());
}

#[test]
fn a_vault_without_a_password_slot_says_so() {
    let locked = read_edited(|text| text.replace("\"type\":\"password\"", "\"type\":\"hardware\""));
    let before = kdf_runs();
    let (_, error) = locked.unwrap().unlock_with_password(&password()).unwrap_err();
    assert_eq!(error, UnlockError::NoPasswordSlot);
    assert_eq!(kdf_runs(), before);
}
