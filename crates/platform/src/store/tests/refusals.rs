//! S3: each call of each operation fails with each error.

use std::{collections::BTreeSet, sync::Arc};

use warifu_session::ports::VaultStore;

use super::{
    editor::accounts,
    faulty::{FULL, Fault, Plan},
    operations,
};

/// EIO, a full disk, EDQUOT, EACCES, EROFS, EINTR, EMFILE as Linux numbers them, elsewhere others; and a write or read that
/// does half.
const FAULTS: [Fault; 8] = [
    Fault::Error(5),
    Fault::Error(FULL),
    Fault::Error(122),
    Fault::Error(13),
    Fault::Error(30),
    Fault::Error(4),
    Fault::Error(24),
    Fault::Short,
];

#[test]
fn an_error_at_any_call_leaves_the_old_vault_whole_and_a_retry_works() {
    let (mut faults, mut failed) = (0, 0);
    for operation in operations() {
        let calls = {
            let (place, plan) = (operation.before.duplicate(), Arc::new(Plan::default()));
            (operation.run)(&place.faulty(&plan), &mut operation.known.duplicate()).unwrap();
            plan.names()
        };
        for (call, fault) in (0..calls.len()).flat_map(|call| FAULTS.map(|fault| (call, fault))) {
            if fault == Fault::Short && !matches!(calls[call], "read" | "write") {
                continue;
            }
            let what = format!("{}, {fault:?} at call {call} ({})", operation.name, calls[call]);
            let (place, plan) = (operation.before.duplicate(), Arc::new(Plan::default()));
            let (store, mut editor) = (place.faulty(&plan), operation.known.duplicate());
            let (before, files) = (place.bytes(), place.files());
            plan.set(call, fault);
            let said = (operation.run)(&store, &mut editor);
            faults += 1;
            assert!(fault != Fault::Short || said.is_ok(), "{what}: {said:?}");
            // One that could not be removed is all that may be left, and the next start takes it.
            if calls[call] != "remove" {
                assert_eq!(place.temporary(), [""; 0], "{what}");
            }
            if said.is_err() && !operation.name.starts_with("set") {
                failed += 1;
                assert_eq!(place.bytes(), before, "{what}");
                // Nothing is among the backups that is not in the vault.
                let old = operation.known.wanted();
                for backup in store.backups().unwrap() {
                    assert!(accounts(&store.read_backup(&backup).unwrap()).is_subset(old), "{what}");
                }
            }
            // The edit is kept: the same again.
            plan.reset();
            if said.is_err() && operation.name.contains("backup") && !operation.name.starts_with("save") {
                // Half of it may have been done.
                continue;
            }
            let again = (operation.run)(&store, &mut editor);
            assert_eq!(again, Ok(()), "{what}");
            if let Some(bytes) = place.bytes() {
                assert_eq!(&accounts(&bytes), editor.wanted(), "{what}");
            }
            let kept: BTreeSet<String> = place.files().into_iter().collect();
            let is_lost =
                |file: &&String| !kept.contains(*file) && !file.contains("backups/") && !file.contains("stick/");
            let lost: Vec<_> = files.iter().filter(is_lost).collect();
            assert!(lost.is_empty() || operation.name.starts_with("set"), "{what}: {lost:?}");
        }
    }
    println!("S3: {faults} faults, {failed} of them reported as a failure");
    assert!(faults > 2000 && failed > 200, "{faults} {failed}");
}
