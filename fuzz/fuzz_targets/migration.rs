//! What an export code of Google Authenticator holds, without the Base64 around it, which would stop anything a fuzzer makes up.

#![no_main]

use libfuzzer_sys::fuzz_target;
use warifu_exchange::google_migration::{MAX_MIGRATION_ENTRIES, parse};

fuzz_target!(|data: &[u8]| {
    let line = format!("otpauth-migration://offline?data={}", data_encoding::BASE64URL_NOPAD.encode(data));
    let Ok(part) = parse(&line) else { return };
    assert!(part.batch_index < part.batch_size);
    assert!(part.entries.len() <= MAX_MIGRATION_ENTRIES);
    for (index, entry) in part.entries.iter().enumerate() {
        assert_eq!(entry.index, index);
        assert!(!entry.label.issuer.as_deref().is_some_and(|issuer| issuer.trim().is_empty()));
    }
});
