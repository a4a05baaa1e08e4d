//! S7: a bit goes wrong between sealing and writing.

use std::{fs, sync::Arc};

use warifu_session::{
    otp::UnixTime,
    ports::{StoreError, VaultStore},
};

use super::{
    Place,
    editor::{Editor, accounts},
    faulty::{Fault, Plan},
};

const TIMES: usize = 1000;

/// A store with one revision on a disk with a plan, its editor, and which calls of a save write the backup and the vault.
fn saved() -> (Place, Arc<Plan>, Editor, [usize; 2]) {
    let (place, plan, mut editor) = (Place::empty(), Arc::new(Plan::default()), Editor::new());
    let store = place.faulty(&plan);
    editor.add("old");
    drop(editor.save(&store).unwrap());
    plan.reset();
    drop(editor.duplicate().save(&place.duplicate().faulty(&plan)).unwrap());
    let writes: Vec<usize> =
        plan.names().iter().enumerate().filter(|(_, name)| **name == "write").map(|(number, _)| number).collect();
    let [backup, vault, _second] = writes[..] else { panic!("{writes:?}") };
    (place, plan, editor, [backup, vault])
}

/// Bits all over a file, the same at each run.
fn bits() -> impl Iterator<Item = usize> {
    (0..TIMES).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20)
}

#[test]
fn a_bit_that_flips_on_the_way_to_the_vault_is_found_before_the_rename() {
    let (place, plan, editor, [_, vault]) = saved();
    let store = place.faulty(&plan);
    let (before, files) = (place.bytes(), place.files());
    for bit in bits() {
        let mut editor = editor.duplicate();
        editor.add("new");
        plan.set(vault, Fault::FlippedBit { bit });
        assert_eq!(editor.save(&store).map(drop), Err(StoreError::ReadBackDiffers.to_string()), "{bit}");
        assert_eq!((place.bytes(), place.files()), (before.clone(), files.clone()), "{bit}");
    }
    println!("S7: {TIMES} bits flipped while the vault was written");
}

#[test]
fn a_bit_that_flips_on_the_way_to_the_backup_costs_that_backup_alone() {
    let (place, plan, editor, [backup, _]) = saved();
    let before = place.duplicate();
    for bit in bits().take(TIMES / 10) {
        let place = before.duplicate();
        let mut editor = editor.duplicate();
        editor.add("new");
        plan.set(backup, Fault::FlippedBit { bit });
        let placed = editor.save(&place.faulty(&plan)).unwrap();
        assert_eq!(placed.backup_failed, Some(StoreError::ReadBackDiffers), "{bit}");
        assert!(accounts(&place.bytes().unwrap()).contains("new"));
        let store = place.store();
        for backup in store.backups().unwrap() {
            accounts(&store.read_backup(&backup).unwrap());
        }
    }
    drop(place);
}

#[test]
fn a_bit_that_flips_on_the_way_to_a_copy_beside_the_vault_is_found_and_the_copy_is_none() {
    let (place, plan, _, _) = saved();
    let store = place.faulty(&plan);
    let (bytes, files, now) = (place.bytes().unwrap(), place.files(), UnixTime::from_secs(1_700_000_000));
    let copies: [&dyn Fn() -> Result<String, StoreError>; 2] =
        [&|| store.write_conflict_copy(now, &bytes), &|| store.write_aside(now, &bytes)];
    for copy in copies {
        plan.reset();
        fs::remove_file(place.vault.with_file_name(copy().unwrap())).unwrap();
        let write = plan.names().iter().position(|name| *name == "write").unwrap();
        plan.set(write, Fault::FlippedBit { bit: 12_345 });
        assert_eq!(copy(), Err(StoreError::ReadBackDiffers));
        assert_eq!(place.files(), files);
    }
}

#[test]
fn a_bit_that_flips_in_memory_after_sealing_is_found_before_the_rename() {
    let (place, plan, editor, _) = saved();
    let store = place.faulty(&plan);
    let (before, files) = (place.bytes(), place.files());
    for bit in bits() {
        let mut editor = editor.duplicate();
        editor.add("new");
        editor.flip = Some(bit);
        assert_eq!(editor.save(&store).map(drop), Err(StoreError::ReadBackDiffers.to_string()), "{bit}");
        assert_eq!((place.bytes(), place.files()), (before.clone(), files.clone()), "{bit}");
    }
    println!("S7: {TIMES} bits flipped between sealing and writing");
}
