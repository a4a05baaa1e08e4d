//! Contents as a holder of the key could write them: refused whole, or opened, saved, edited and merged without loss.

#![no_main]

use libfuzzer_sys::fuzz_target;
use warifu_fuzz::{known, save, with_contents};
use warifu_otp::{Label, UnixTime};
use warifu_vault::{LockedVault, MergeReport, StoredEntry, UnlockedVault};

fuzz_target!(|data: &[u8]| {
    let Some(file) = with_contents(data) else { return };
    let open = |file: &[u8]| LockedVault::read(file).expect("sound").open_like(&known().vault);
    let Ok(mut vault) = open(&file) else { return };
    let first = save(&vault);
    let again = open(&first).expect("what was saved opens");
    assert_eq!(shape(&again), shape(&vault));

    // Itself, and a copy with other entries: the second time nothing happens.
    let mut merged = open(&file).unwrap();
    for other in [&first, &save(&known().vault)] {
        merged.merge(open(other).unwrap()).expect("the same vault");
        assert_eq!(merged.merge(open(other).unwrap()), Ok(MergeReport::default()));
        save(&merged);
    }

    // Every edit, and its undo to the letter.
    let now = UnixTime::from_secs(1_800_000_000);
    let ids: Vec<_> = vault.entries().map(|entry| entry.id).collect();
    for id in ids.into_iter().take(4) {
        let entry = vault.entry_mut(id).unwrap();
        let before = entry.duplicate();
        entry.rename(Label { issuer: None, account_name: "x".to_owned() }, now);
        while entry.history().len() > 3 && entry.take_back(3, now) && entry.history().len() > 20 {}
        entry.delete(now);
        entry.restore(now);
        save(&vault);
        *vault.entry_mut(id).unwrap() = before;
        let removed = vault.remove(id, now).unwrap();
        save(&vault);
        vault.un_remove(removed);
    }
    assert_eq!(shape(&vault), shape(&again));
    let sealed = again.seal().unwrap();
    sealed.verify(sealed.bytes(), &vault).expect("undone to the letter");
});

/// What the list is, without secrets.
fn shape(vault: &UnlockedVault) -> Vec<String> {
    let places = vault.stored().iter();
    places
        .map(|place| match place {
            StoredEntry::Readable(entry) => format!("{} {:?} {:?}", entry.id, entry.label, entry.history()),
            StoredEntry::Unreadable(entry) => format!("{:?} {:?}", entry.reason(), entry.label()),
        })
        .collect()
}
