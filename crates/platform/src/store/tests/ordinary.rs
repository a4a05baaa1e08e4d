//! What a store does when nothing goes wrong, or only what happens every day.

use std::{fs, sync::Arc};

use warifu_session::ports::{BackupPlace, StoreError, VaultStore};

use super::{
    Place,
    editor::{Editor, accounts},
    faulty::{FULL, Fault, Plan},
};
use crate::store::FileVaultStore;

/// A place with so many revisions, and who saved them.
fn saved(times: usize) -> (Place, Editor) {
    let (place, mut editor) = (Place::empty(), Editor::new());
    for number in 0..times {
        editor.add(&format!("old {number}"));
        let placed = editor.save(&place.store()).unwrap();
        assert!(placed.backup_failed.is_none() && placed.second_failed.is_none() && placed.not_flushed.is_none());
    }
    (place, editor)
}

#[test]
fn a_missing_file_is_none_and_a_folder_in_its_place_is_an_error() {
    let place = Place::empty();
    assert_eq!(place.store().load(), Ok(None));
    assert_eq!(place.store().stamp(), None);
    assert_eq!(place.store().backups(), Ok(vec![]));
    assert!(matches!(FileVaultStore::new(place.folder.path().into()).load(), Err(StoreError::Io { .. })));
}

#[test]
fn each_revision_has_two_copies_beside_the_vault() {
    let (place, _) = saved(2);
    let store = place.store();
    let backups = store.backups().unwrap();
    let revisions: Vec<(u64, BackupPlace)> = backups.iter().map(|backup| (backup.revision, backup.place)).collect();
    let [second, beside] = [BackupPlace::Second, BackupPlace::Beside];
    assert_eq!(revisions.len(), 4);
    for expected in [(3, beside), (3, second), (2, beside), (2, second)] {
        assert!(revisions.contains(&expected), "{revisions:?}");
    }
    assert!(revisions.is_sorted_by(|a, b| a.0 >= b.0));
    assert_eq!(store.read_backup(&backups[0]).unwrap(), place.bytes().unwrap());
    assert_eq!(place.files().len(), 6, "vault, lock and four backups: {:?}", place.files());
}

#[test]
fn backups_are_pruned_in_both_folders_and_what_does_not_open_is_kept() {
    let (place, mut editor) = saved(12);
    let store = place.store();
    let beside = |store: &FileVaultStore| {
        let backups = store.backups().unwrap();
        backups.into_iter().filter(|backup| backup.place == BackupPlace::Beside).collect::<Vec<_>>()
    };
    assert_eq!(store.backups().unwrap().len(), 20);
    // The oldest rots: it is kept, since nobody can say any more whose it was.
    let oldest = beside(&store).pop().unwrap();
    let path = place.vault.with_file_name("backups").join(&oldest.name);
    let mut bytes = fs::read(&path).unwrap();
    bytes[100] ^= 1;
    fs::write(&path, bytes).unwrap();
    for number in 0..3 {
        editor.add(&format!("later {number}"));
        drop(editor.save(&place.store()).unwrap());
    }
    let left = beside(&place.store());
    assert_eq!((left.len(), left.last()), (11, Some(&oldest)));
}

#[test]
fn a_file_set_aside_comes_back_unless_something_is_in_its_place() {
    let (place, editor) = saved(1);
    let (store, bytes) = (place.store(), place.bytes());
    let aside = store.set_aside(editor.now()).unwrap().unwrap();
    assert_eq!(place.bytes(), None);
    store.put_back(&aside).unwrap();
    assert_eq!((place.bytes(), place.vault.with_file_name(&aside).exists()), (bytes.clone(), false));
    let aside = store.set_aside(editor.now()).unwrap().unwrap();
    fs::write(&place.vault, "another").unwrap();
    assert!(store.put_back(&aside).is_err());
    assert_eq!(place.bytes(), Some(b"another".to_vec()));
    assert_eq!(fs::read(place.vault.with_file_name(&aside)).ok(), bytes);
}

#[test]
fn nothing_is_pruned_while_three_newer_ones_do_not_open() {
    let (place, mut editor) = saved(10);
    for backup in fs::read_dir(place.vault.with_file_name("backups")).unwrap() {
        let path = backup.unwrap().path();
        if !path.to_str().unwrap().contains("-r2-") {
            fs::write(path, "rotten").unwrap();
        }
    }
    for number in 0..3 {
        // A store of its own each time: it has seen none of them open.
        editor.add(&format!("later {number}"));
        drop(editor.save(&place.store()).unwrap());
        let first = place.files().iter().any(|file| file.contains("backups/") && file.contains("-r2-"));
        assert_eq!(first, number < 2, "after {number}");
    }
}

#[test]
fn a_stick_that_is_away_is_told_and_no_folder_is_made_in_its_place() {
    let (place, mut editor) = saved(1);
    let stick = place.folder.path().join("stick");
    fs::remove_dir_all(&stick).unwrap();
    editor.add("new");
    let placed = editor.save(&place.store()).unwrap();
    assert!(matches!(placed.second_failed, Some(StoreError::Io { .. })));
    assert!(placed.backup_failed.is_none() && !stick.exists());
    assert_eq!(place.store().backups().unwrap().len(), 2);
}

#[test]
fn where_there_is_room_for_one_copy_only_it_is_the_vault() {
    let (before, known) = saved(1);
    let plan = Arc::new(Plan::default());
    let mut editor = known.duplicate();
    editor.add("new");
    drop(editor.save(&before.duplicate().faulty(&plan)).unwrap());
    let writes: Vec<usize> = (0..).zip(plan.names()).filter(|(_, name)| *name == "write").map(|(n, _)| n).collect();
    let (place, mut editor) = (before.duplicate(), known.duplicate());
    editor.add("new");
    plan.set(writes[1], Fault::Error(FULL));
    let placed = editor.save(&place.faulty(&plan)).unwrap();
    assert!(matches!(placed.backup_failed, Some(StoreError::Io { .. })), "{placed:?}");
    assert!(accounts(&place.bytes().unwrap()).contains("new"));
    assert_eq!(place.temporary(), [""; 0]);
}

#[test]
fn a_file_put_there_by_someone_else_has_a_backup_before_it_is_replaced() {
    let (place, mut editor) = saved(1);
    let (elsewhere, mut other) = (place.duplicate(), editor.duplicate());
    other.add("theirs");
    drop(other.save(&elsewhere.store()).unwrap());
    fs::copy(&elsewhere.vault, &place.vault).unwrap();
    let theirs = place.bytes().unwrap();
    editor.add("ours");
    drop(editor.save(&place.store()).unwrap());
    let found = accounts(&place.bytes().unwrap());
    assert!(found.contains("ours") && found.contains("theirs"));
    let store = place.store();
    assert!(store.backups().unwrap().iter().any(|backup| store.read_backup(backup).unwrap() == theirs));
}

#[test]
fn a_backup_sealed_anew_keeps_date_and_revision_and_a_strange_name_is_refused() {
    let (place, editor) = saved(2);
    let store = place.store();
    let old = store.backups().unwrap().pop().unwrap();
    let bytes = editor.seal_again(&store.read_backup(&old).unwrap());
    store.rewrite_backup(&old, &bytes).unwrap();
    assert!(store.read_backup(&old).is_err());
    let same = |b: &&warifu_session::ports::Backup| b.revision == old.revision && b.place == old.place;
    let new = store.backups().unwrap().iter().find(same).unwrap().clone();
    assert_eq!((new.taken_at, store.read_backup(&new).unwrap()), (old.taken_at, bytes));
    let mut strange = new;
    strange.name = "../vault.warifu".to_owned();
    assert!(store.read_backup(&strange).is_err() && store.remove_backup(&strange).is_err());
    assert!(place.vault.exists());
}

#[test]
fn conflict_copies_never_overwrite_one_another() {
    let (place, editor) = saved(1);
    let store = place.store();
    let first = store.write_conflict_copy(editor.now(), b"one").unwrap();
    let second = store.write_conflict_copy(editor.now(), b"two").unwrap();
    assert_ne!(first, second);
    assert_eq!(fs::read(place.vault.with_file_name(first)).unwrap(), b"one");
    assert_eq!(fs::read(place.vault.with_file_name(second)).unwrap(), b"two");
}

#[test]
fn what_is_set_aside_is_out_of_the_way_and_not_lost() {
    let (place, editor) = saved(1);
    let (store, bytes) = (place.store(), place.bytes().unwrap());
    let name = store.set_aside(editor.now()).unwrap().unwrap();
    assert_eq!((store.load(), fs::read(place.vault.with_file_name(name)).unwrap()), (Ok(None), bytes));
    assert_eq!(store.set_aside(editor.now()), Ok(None));
}

#[test]
fn tidying_leaves_a_save_under_way_alone_and_touches_nothing_where_nothing_is() {
    let place = Place::empty();
    place.store().tidy().unwrap();
    assert_eq!(place.files(), [""; 0]);
    let (place, _) = saved(1);
    let temp = place.vault.with_file_name(".vault.warifu.0123456789abcdef.warifu-tmp");
    fs::write(&temp, "half").unwrap();
    let lock = fs::File::open(place.vault.with_file_name("vault.warifu.lock")).unwrap();
    lock.lock().unwrap();
    place.store().tidy().unwrap();
    assert!(temp.exists());
    drop(lock);
    place.store().tidy().unwrap();
    assert!(!temp.exists());
}

#[test]
fn a_stamp_changes_with_the_file() {
    let (place, mut editor) = saved(1);
    let before = place.store().stamp();
    assert!(before.is_some() && before == place.store().stamp());
    editor.add("new");
    drop(editor.save(&place.store()).unwrap());
    assert_ne!(place.store().stamp(), before);
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_and_stays_and_a_dangling_one_is_never_a_first_start() {
    let (place, mut editor) = saved(1);
    let real = place.folder.path().join("cloud.warifu");
    fs::rename(&place.vault, &real).unwrap();
    std::os::unix::fs::symlink(&real, &place.vault).unwrap();
    let store = FileVaultStore::new(place.vault.clone());
    editor.add("new");
    drop(editor.save(&store).unwrap());
    assert!(accounts(&fs::read(&real).unwrap()).contains("new"));
    assert!(fs::symlink_metadata(&place.vault).unwrap().is_symlink());
    assert_eq!(store.backups_place(), real.with_file_name("backups").canonicalize().unwrap().to_str().unwrap());
    let aside = store.set_aside(editor.now()).unwrap().unwrap();
    assert_eq!(store.load(), Ok(None), "the link is aside, not what it leads to");
    assert!(real.exists() && fs::read(place.vault.with_file_name(&aside)).unwrap() == fs::read(&real).unwrap());
    store.put_back(&aside).unwrap();
    assert_eq!(store.load().unwrap(), fs::read(&real).ok());
    fs::remove_file(&real).unwrap();
    assert!(matches!(store.load(), Err(StoreError::Io { .. })));
    assert!(matches!(store.set_aside(editor.now()), Err(StoreError::Io { .. })));
    assert!(editor.save(&store).is_err());
}

#[cfg(unix)]
#[test]
fn the_vault_its_folder_and_its_backups_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (place, mut editor) = saved(1);
    // One that another program has made is made so.
    fs::set_permissions(place.vault.with_file_name("backups"), fs::Permissions::from_mode(0o755)).unwrap();
    drop(editor.save(&place.store()).unwrap());
    let mode = |path: &str| fs::metadata(place.folder.path().join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("home"), mode("home/backups")), (0o700, 0o700));
    for file in place.files() {
        assert_eq!(mode(&file), 0o600, "{file}");
    }
}
