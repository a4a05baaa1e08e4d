//! Slots in a genuine header: what can be read is kept, and what is not understood is kept to the letter.

#![no_main]

use libfuzzer_sys::fuzz_target;
use warifu_fuzz::{header_with_slots, known, probe, save};
use warifu_otp::UnixTime;
use warifu_vault::fuzzing::forge;
use warifu_vault::{LockedVault, SlotKind};

fuzz_target!(|data: &[u8]| {
    let Ok(file) = forge(&known().vault, 1, &header_with_slots(data), br#"{"entries":[]}"#) else { return };
    let locked = LockedVault::read(&file).expect("what was forged is sound");
    let infos = locked.slots();
    probe(locked);
    let locked = LockedVault::read(&file).unwrap();
    let mut vault = match locked.open_like(&known().vault) {
        Ok(vault) => vault,
        // The data may have closed the array and written members of the header of its own.
        Err(_) => return,
    };
    let saved = save(&vault);
    let again = LockedVault::read(&saved).expect("what was written can be read");
    assert_eq!((again.slots(), vault.slots()), (infos.clone(), infos.clone()));
    if infos.len() == 1 && infos[0].kind == SlotKind::Unknown && data.starts_with(b"{") && data.ends_with(b"}") {
        let text = data.trim_ascii();
        assert!(saved.windows(text.len()).any(|window| window == text), "kept to the letter");
    }
    // Edits and their undo.
    let now = UnixTime::from_secs(1_700_000_000);
    let kept = vault.keep_slots();
    for info in &infos {
        let _ = vault.remove_slot(info.id, now);
    }
    let _ = vault.set_hint(None, now);
    vault.put_slots_back(kept);
    assert_eq!(vault.slots(), infos);
});
