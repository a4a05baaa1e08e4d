//! S1: the process ends before each call of each operation.

use std::{collections::BTreeSet, sync::Arc};

use warifu_session::ports::{SealedFile, VaultStore, VaultWriter, identify};

use super::{
    Place,
    editor::{Editor, accounts, first_file},
    faulty::{Fault, Plan},
    operations,
};
use crate::store::FileVaultStore;

#[test]
fn a_process_that_ends_before_any_call_leaves_the_old_vault_or_the_new_one() {
    let mut deaths = 0;
    for operation in operations() {
        let calls = {
            let (place, plan) = (operation.before.duplicate(), Arc::new(Plan::default()));
            (operation.run)(&place.faulty(&plan), &mut operation.known.duplicate()).unwrap();
            plan.names()
        };
        for (call, name) in calls.iter().enumerate() {
            let what = format!("{}, dead before call {call} ({name})", operation.name);
            let (place, plan) = (operation.before.duplicate(), Arc::new(Plan::default()));
            let store = place.faulty(&plan);
            let mut editor = operation.known.duplicate();
            plan.set(call, Fault::Death);
            let said = (operation.run)(&store, &mut editor);
            drop(store);
            deaths += 1;

            // The next start.
            let old = operation.known.wanted();
            let store = place.store();
            assert!(place.temporary().len() <= 1, "{what}: {:?}", place.temporary());
            store.tidy().unwrap();
            assert_eq!(place.temporary(), [""; 0], "{what}");
            let found = store.load().unwrap();
            let is_aside = operation.name.starts_with("set");
            match &found {
                Some(bytes) => {
                    let found = accounts(bytes);
                    assert!(found.is_superset(old), "{what}: {found:?}");
                    if said.is_ok() && !is_aside {
                        assert_eq!(&found, editor.wanted(), "{what}");
                    }
                }
                // Whoever had a vault still has it, if under another name.
                None if is_aside => assert!(place.files().iter().any(|file| file.contains("-aside-")), "{what}"),
                // A new vault that did not come to be leaves nothing that looks like a lost one.
                None => assert!(old.is_empty() && said.is_err() && store.backups().unwrap().is_empty(), "{what}"),
            }
            for backup in store.backups().unwrap() {
                let found = accounts(&store.read_backup(&backup).unwrap());
                assert!(found.is_subset(editor.wanted()), "{what}: {found:?}");
            }

            // And the next save.
            let mut editor = found.as_deref().map_or_else(Editor::new, Editor::reading);
            editor.add("next");
            drop(editor.save(&store).unwrap());
            assert!(accounts(&place.bytes().unwrap()).contains("next"), "{what}");
        }
    }
    println!("S1: {deaths} deaths");
    assert!(deaths > 300, "{deaths}");
}

#[test]
fn a_new_vault_that_did_not_come_to_be_leaves_nothing_beside_the_backups_of_one_that_was_left_behind() {
    let before = Place::empty();
    let mut old = Editor::new();
    for name in ["a", "b", "c"] {
        old.add(name);
        drop(old.save(&before.store()).unwrap());
    }
    before.store().set_aside(old.now()).unwrap();
    let backups = before.store().backups().unwrap();
    let save = |store: &FileVaultStore| store.update(old.now(), &mut FirstSave).map(drop);
    let calls = {
        let (place, plan) = (before.duplicate(), Arc::new(Plan::default()));
        save(&place.faulty(&plan)).unwrap();
        plan.names().len()
    };
    for call in 0..calls {
        let (place, plan) = (before.duplicate(), Arc::new(Plan::default()));
        plan.set(call, Fault::Death);
        let said = save(&place.faulty(&plan));
        let store = place.store();
        store.tidy().unwrap();
        match store.load().unwrap() {
            Some(bytes) => assert_eq!(accounts(&bytes), BTreeSet::new(), "dead before call {call}"),
            None => {
                assert!(said.is_err(), "dead before call {call}");
                assert_eq!(store.backups().unwrap(), backups, "dead before call {call}");
            }
        }
        let left = store.backups().unwrap();
        assert!(backups.iter().all(|backup| left.contains(backup)), "dead before call {call}");
    }
}

/// Who makes a new vault.
struct FirstSave;

impl VaultWriter for FirstSave {
    fn seal(&mut self, on_disk: Option<&[u8]>) -> Option<SealedFile> {
        let bytes = first_file();
        let (revision, digest) = identify(&bytes)?;
        on_disk.is_none().then_some(SealedFile { bytes, revision, digest })
    }

    fn is_good(&mut self, read_back: &[u8]) -> bool {
        read_back == first_file()
    }

    fn is_good_backup(&mut self, bytes: &[u8]) -> bool {
        bytes == first_file()
    }
}
