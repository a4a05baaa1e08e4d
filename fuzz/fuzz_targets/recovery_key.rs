//! A recovery key as anyone could type it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use warifu_vault::{KeyringKey, RecoveryKey, RecoveryKeyError};

fuzz_target!(|data: &[u8]| {
    let Ok(typed) = std::str::from_utf8(data) else { return };
    match RecoveryKey::parse(typed) {
        Ok(key) => {
            let text = key.reveal_text();
            assert_eq!(RecoveryKey::parse(&text).unwrap().reveal_text(), text);
        }
        Err(RecoveryKeyError::WrongCharacter { position }) => {
            assert!((1..=typed.chars().count()).contains(&position));
        }
        Err(RecoveryKeyError::WrongGroup { group }) => assert!((1..=RecoveryKey::GROUPS).contains(&group)),
        Err(RecoveryKeyError::Incomplete { symbols }) => assert!((1..40).contains(&symbols)),
        Err(_) => {}
    }
    if let Some(key) = KeyringKey::parse(typed) {
        assert_eq!(*key.reveal_text(), typed, "one spelling");
    }
});
