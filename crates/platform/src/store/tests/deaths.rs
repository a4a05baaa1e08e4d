//! S1: the process ends before each call of each operation.

use std::sync::Arc;

use warifu_session::ports::VaultStore;

use super::{
    editor::{Editor, accounts},
    faulty::{Fault, Plan},
    operations,
};

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
