//! The store on a real file system, with and without faults.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod deaths;
mod editor;
mod faulty;
mod flips;
mod ordinary;
mod refusals;
mod rivals;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use tempfile::TempDir;
use warifu_session::ports::VaultStore;

use self::{
    editor::Editor,
    faulty::{FaultyDisk, Plan},
};
use super::FileVaultStore;

/// A folder with a vault's place in it, and a second folder.
struct Place {
    folder: TempDir,
    vault: PathBuf,
}

impl Place {
    fn empty() -> Place {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("stick")).unwrap();
        let vault = folder.path().join("home/vault.warifu");
        Place { folder, vault }
    }

    /// The same files at another place.
    fn duplicate(&self) -> Place {
        let folder = tempfile::tempdir().unwrap();
        copy(self.folder.path(), folder.path());
        let vault = folder.path().join("home/vault.warifu");
        Place { folder, vault }
    }

    /// A store on the real disk.
    fn store(&self) -> FileVaultStore {
        self.with_stick(FileVaultStore::new(self.vault.clone()))
    }

    /// A store on a disk with a plan.
    fn faulty(&self, plan: &Arc<Plan>) -> FileVaultStore {
        self.with_stick(FileVaultStore::on(Box::new(FaultyDisk(plan.clone())), self.vault.clone()))
    }

    fn with_stick(&self, mut store: FileVaultStore) -> FileVaultStore {
        store.set_second_folder(Some(self.folder.path().join("stick")));
        store
    }

    fn bytes(&self) -> Option<Vec<u8>> {
        fs::read(&self.vault).ok()
    }

    /// All files below the folder, by their paths in it.
    fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        list(self.folder.path(), "", &mut files);
        files.sort();
        files
    }

    fn temporary(&self) -> Vec<String> {
        self.files().into_iter().filter(|file| file.ends_with(".warifu-tmp")).collect()
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to.join(entry.file_name())),
            false => drop(fs::copy(entry.path(), to.join(entry.file_name())).unwrap()),
        }
    }
}

fn list(folder: &Path, below: &str, files: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = format!("{below}{}", entry.file_name().to_str().unwrap());
        match entry.file_type().unwrap().is_dir() {
            true => list(&entry.path(), &format!("{name}/"), files),
            false => files.push(name),
        }
    }
}

/// What is done to a store, from one state to another.
struct Operation {
    name: &'static str,
    before: Place,
    /// As the editor was when it last saved.
    known: Editor,
    run: fn(&FileVaultStore, &mut Editor) -> Result<(), String>,
}

/// Every operation that writes, from each state that makes it do something else.
fn operations() -> Vec<Operation> {
    fn save(store: &FileVaultStore, editor: &mut Editor) -> Result<(), String> {
        editor.add("new");
        editor.save(store).map(drop)
    }
    fn rewrite(store: &FileVaultStore, editor: &mut Editor) -> Result<(), String> {
        let backups = store.backups().map_err(|error| error.to_string())?;
        let oldest = backups.last().unwrap();
        let bytes = store.read_backup(oldest).map_err(|error| error.to_string())?;
        store.rewrite_backup(oldest, &editor.seal_again(&bytes)).map_err(|error| error.to_string())
    }
    fn remove(store: &FileVaultStore, _: &mut Editor) -> Result<(), String> {
        let backups = store.backups().map_err(|error| error.to_string())?;
        store.remove_backup(backups.last().unwrap()).map_err(|error| error.to_string())
    }
    fn conflict(store: &FileVaultStore, editor: &mut Editor) -> Result<(), String> {
        let bytes = editor.bytes();
        store.write_conflict_copy(editor.now(), &bytes).map(drop).map_err(|error| error.to_string())
    }
    fn aside(store: &FileVaultStore, editor: &mut Editor) -> Result<(), String> {
        store.set_aside(editor.now()).map(drop).map_err(|error| error.to_string())
    }
    fn aside_and_back(store: &FileVaultStore, editor: &mut Editor) -> Result<(), String> {
        let aside = store.set_aside(editor.now()).map_err(|error| error.to_string())?;
        aside.map_or(Ok(()), |aside| store.put_back(&aside).map_err(|error| error.to_string()))
    }
    let saved = |times: usize| {
        let (place, mut editor) = (Place::empty(), Editor::new());
        let store = place.store();
        for number in 0..times {
            editor.add(&format!("old {number}"));
            drop(editor.save(&store).unwrap());
        }
        (place, editor)
    };
    let unknown_to_backups = || {
        let (place, editor) = saved(1);
        fs::remove_dir_all(place.vault.with_file_name("backups")).unwrap();
        (place, editor)
    };
    let operation = |name, (before, known), run| Operation { name, before, known, run };
    vec![
        operation("create", (Place::empty(), Editor::new()), save),
        operation("save", saved(1), save),
        operation("save over a file without a backup", unknown_to_backups(), save),
        operation("save and prune", saved(11), save),
        operation("rewrite a backup", saved(3), rewrite),
        operation("remove a backup", saved(3), remove),
        operation("write a conflict copy", saved(1), conflict),
        operation("set the file aside", saved(1), aside),
        operation("set the file aside and put it back", saved(1), aside_and_back),
    ]
}
