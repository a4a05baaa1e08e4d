//! The frame and the header, as any stranger could write them.

#![no_main]

use libfuzzer_sys::fuzz_target;
use warifu_fuzz::probe;
use warifu_vault::LockedVault;
use warifu_vault::fuzzing::frame;

fuzz_target!(|data: &[u8]| {
    // The bytes themselves, and the same as a header with right lengths and digests.
    if let Ok(locked) = LockedVault::read(data) {
        probe(locked);
    }
    if let Ok(file) = frame(1, data, &[0; 16])
        && let Ok(locked) = LockedVault::read(&file)
    {
        probe(locked);
    }
});
