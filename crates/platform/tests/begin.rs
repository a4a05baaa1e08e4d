//! Starting from a file that the person chose, and beginning anew: on the real file system, through the real store.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../../session/tests/support/mod.rs"]
mod support;

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use support::{PASSWORD, URI, World, add, add_one, names, password, told};
use tempfile::TempDir;
use warifu_platform::{FileSettingsStore, FileVaultStore, read_chosen_file};
use warifu_session::{
    ChosenFile, ErrorCode, Here, Phase, Session, SessionError, Unlocking, ports::Ports, reading::read_payload,
};

const OTHER: &str = "otpauth://totp/second?secret=JBSWY3DPEHPK3PXP";
const THIRD: &str = "otpauth://totp/third?secret=MFRGGZDFMZTWQ2LK";
const NEW: &str = "yuyake-minato-77";

/// A computer: a folder with the vault and what is remembered of it, and a clock.
struct Computer {
    folder: TempDir,
    world: World,
}

impl Computer {
    fn new() -> Computer {
        Computer { folder: tempfile::tempdir().unwrap(), world: World::new() }
    }

    fn ports(&self) -> Ports {
        Ports {
            vault: Box::new(FileVaultStore::new(self.vault())),
            memory: Box::new(FileSettingsStore::new(self.folder.path().join("memory.json"))),
            ..self.world.ports()
        }
    }

    /// The program, started.
    fn start(&self) -> Session {
        self.world.pass(Duration::from_secs(60));
        Session::new(self.ports())
    }

    /// With a new vault of one account, and the program ended again.
    fn with_vault(key: &str) -> Computer {
        let computer = Computer::new();
        let mut session = computer.start();
        session.create(password(key), "a bird").unwrap();
        add(&mut session, URI);
        computer
    }

    fn vault(&self) -> PathBuf {
        self.folder.path().join("home/vault.warifu")
    }

    fn bytes(&self) -> Option<Vec<u8>> {
        fs::read(self.vault()).ok()
    }

    /// The files beside the vault that were set aside.
    fn aside(&self) -> Vec<PathBuf> {
        files(self.vault().parent().unwrap(), "-aside-")
    }

    fn backups(&self) -> Vec<PathBuf> {
        files(&self.vault().with_file_name("backups"), "-r")
    }
}

fn files(folder: &Path, with: &str) -> Vec<PathBuf> {
    let names = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> =
        names.filter(|path| path.file_name().unwrap().to_str().unwrap().contains(with)).collect();
    found.sort();
    found
}

fn choose(session: &mut Session, file: &Path) -> Result<ChosenFile, SessionError> {
    session.choose_file(read_chosen_file(file).unwrap())
}

fn take_over(session: &mut Session, unlocking: Unlocking, aside: bool) -> Result<(), SessionError> {
    let taken = session.begin_take_over(unlocking, aside)?.run();
    session.finish_take_over(taken, aside)
}

fn by_password(key: &str) -> Unlocking {
    Unlocking::Password(password(key))
}

fn code<T>(outcome: Result<T, SessionError>) -> ErrorCode {
    outcome.err().unwrap().code
}

fn recovery_sheet(session: &mut Session) -> String {
    let mut unlocked = session.unlocked().unwrap();
    let shown = unlocked.begin_recovery_key(Some(password(PASSWORD))).unwrap();
    let typed: Vec<_> = shown.asked.iter().map(|asked| shown.groups[asked - 1].clone()).collect();
    unlocked.confirm_recovery_key(&typed).unwrap();
    shown.groups.iter().map(|group| group.as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_backup_from_another_computer_becomes_the_vault_of_a_new_one_and_stays_what_it_is() {
    let (old, new) = (Computer::with_vault(PASSWORD), Computer::new());
    let file = old.backups().pop().unwrap();
    let before = fs::read(&file).unwrap();
    let mut session = new.start();
    assert_eq!(session.phase(), Phase::FirstStart);
    let chosen = choose(&mut session, &file).unwrap();
    assert_eq!((chosen.revision, chosen.hint.as_deref(), chosen.has_recovery_key), (2, Some("a bird"), false));
    assert_eq!((chosen.here, chosen.written_at.unwrap().as_secs()), (Here::Nothing, 1_700_000_060), "as its name says");
    assert_eq!(code(take_over(&mut session, by_password("wrong"), false)), ErrorCode::BackupWrongPassword);
    assert_eq!((new.bytes(), new.aside().len()), (None, 0), "a wrong password changes nothing");
    take_over(&mut session, by_password(PASSWORD), false).unwrap();
    assert_eq!(names(&mut session), ["12345678"]);
    add(&mut session, OTHER);
    drop(session);

    let mut session = new.start();
    session.unlock(password(PASSWORD)).unwrap();
    assert_eq!((names(&mut session).len(), told(&mut session)), (2, vec![]));
    assert_eq!(session.backups().unwrap().states.len(), 2, "each revision here, above the chosen one");
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn its_recovery_key_opens_a_chosen_file_and_the_password_is_a_new_one() {
    let (old, new) = (Computer::with_vault(PASSWORD), Computer::new());
    let mut session = old.start();
    session.unlock(password(PASSWORD)).unwrap();
    let sheet = recovery_sheet(&mut session);
    drop(session);
    let mut session = new.start();
    assert!(choose(&mut session, &old.vault()).unwrap().has_recovery_key);
    let recovery =
        |key: &str| Unlocking::Recovery { key: password(key), replacement: password(NEW), hint: "sea".into() };
    assert_eq!(code(take_over(&mut session, recovery("AAAAA"), false)), ErrorCode::RecoveryKeyGroup);
    take_over(&mut session, recovery(&sheet), false).unwrap();
    drop(session);
    let mut session = new.start();
    let Phase::Locked(door) = session.phase() else { panic!("the vault is locked") };
    assert_eq!(door.hint.as_deref(), Some("sea"));
    assert_eq!(code(session.unlock(password(PASSWORD))), ErrorCode::WrongPassword);
    session.unlock(password(NEW)).unwrap();
    assert_eq!(names(&mut session), ["12345678"]);
}

#[test]
fn a_file_that_is_no_vault_or_not_whole_or_too_new_says_so_and_touches_nothing() {
    let (old, new) = (Computer::with_vault(PASSWORD), Computer::new());
    let good = fs::read(old.vault()).unwrap();
    let file = new.folder.path().join("file.warifu");
    let with = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] ^= byte;
        bytes
    };
    let too_new = {
        use sha2::Digest;
        let mut bytes = good.clone();
        bytes[9] = 2;
        let body = bytes.len() - 32;
        let digest = sha2::Sha256::digest(&bytes[..body]);
        bytes[body..].copy_from_slice(&digest);
        bytes
    };
    let mut session = new.start();
    for (bytes, expected) in [
        (
            b"PK\x03\x04 this is something else, and long enough to be told from a vault".to_vec(),
            ErrorCode::FileNotAVault,
        ),
        (Vec::new(), ErrorCode::FileDamaged),
        (good[..good.len() - 1].to_vec(), ErrorCode::FileDamaged),
        (with(good.len() / 2, 1), ErrorCode::FileDamaged),
        (too_new, ErrorCode::FileTooNew),
        (vec![0; 64 * 1024 * 1024 + 1], ErrorCode::FileTooLarge),
    ] {
        fs::write(&file, bytes).unwrap();
        assert_eq!(code(choose(&mut session, &file)), expected);
        assert_eq!(code(take_over(&mut session, by_password(PASSWORD), false)), ErrorCode::NoFileChosen);
    }
    assert!(read_chosen_file(new.folder.path()).is_err(), "a folder");
    assert!(read_chosen_file(&new.folder.path().join("gone")).is_err());
    assert_eq!((session.phase(), new.bytes()), (Phase::FirstStart, None));
}

#[test]
fn an_older_copy_of_the_vault_that_is_here_is_a_way_into_it_and_takes_nothing_from_it() {
    let computer = Computer::with_vault(PASSWORD);
    let stick = computer.folder.path().join("old.warifu");
    fs::copy(computer.vault(), &stick).unwrap();
    let mut session = computer.start();
    session.unlock(password(PASSWORD)).unwrap();
    add(&mut session, OTHER);
    session
        .unlocked()
        .unwrap()
        .change_password(password(PASSWORD), password("forgotten-9"), "", warifu_session::OldBackups::Rewrap)
        .unwrap();
    drop(session);

    let mut session = computer.start();
    assert_eq!(choose(&mut session, &stick).unwrap().here, Here::SameVault);
    take_over(&mut session, by_password(PASSWORD), false).unwrap();
    assert_eq!(names(&mut session).len(), 2, "as it is now");
    assert_eq!(computer.aside(), [] as [PathBuf; 0]);
    drop(session);
    let mut session = computer.start();
    assert_eq!(code(session.unlock(password("forgotten-9"))), ErrorCode::WrongPassword);
    session.unlock(password(PASSWORD)).unwrap();
    assert_eq!((names(&mut session).len(), told(&mut session)), (2, vec![]));
    let oldest = session.backups().unwrap().states.pop().unwrap().backup;
    session.restore_backup(oldest.place, &oldest.name, PASSWORD).unwrap();
}

#[test]
fn a_copy_of_the_vault_that_knows_more_is_brought_together_with_it() {
    let (here, there) = (Computer::with_vault(PASSWORD), Computer::new());
    fs::create_dir_all(there.vault().parent().unwrap()).unwrap();
    fs::copy(here.vault(), there.vault()).unwrap();
    for (computer, uri) in [(&here, OTHER), (&there, THIRD)] {
        let mut session = computer.start();
        session.unlock(password(PASSWORD)).unwrap();
        add(&mut session, uri);
    }
    let mut session = here.start();
    choose(&mut session, &there.vault()).unwrap();
    take_over(&mut session, by_password(PASSWORD), false).unwrap();
    assert_eq!(names(&mut session), ["12345678", "second", "third"]);
    assert!(told(&mut session).contains(&ErrorCode::VaultMerged));
    drop(session);
    let mut session = here.start();
    session.unlock(password(PASSWORD)).unwrap();
    assert_eq!((names(&mut session).len(), told(&mut session)), (3, vec![]));
}

#[test]
fn a_damaged_vault_makes_way_for_a_chosen_file_and_is_kept() {
    let (old, here) = (Computer::with_vault(PASSWORD), Computer::with_vault(NEW));
    let mut damaged = here.bytes().unwrap();
    damaged[600] ^= 1;
    fs::write(here.vault(), &damaged).unwrap();
    let mut session = here.start();
    assert_eq!(choose(&mut session, &old.vault()).unwrap().here, Here::Unusable);
    take_over(&mut session, by_password(PASSWORD), false).unwrap();
    assert_eq!(fs::read(&here.aside()[0]).unwrap(), damaged);
    drop(session);

    // Whatever it is, and longer than anything that is read.
    let (here, length) = (Computer::new(), 64 * 1024 * 1024 + 5000);
    fs::create_dir_all(here.vault().parent().unwrap()).unwrap();
    fs::write(here.vault(), vec![7; length]).unwrap();
    let mut session = here.start();
    assert_eq!(choose(&mut session, &old.vault()).unwrap().here, Here::OtherVault);
    take_over(&mut session, by_password(PASSWORD), true).unwrap();
    assert_eq!(fs::metadata(&here.aside()[0]).unwrap().len(), length as u64);
}

#[test]
fn a_backup_takes_the_place_of_whatever_cannot_be_read_and_that_is_kept() {
    const LARGE: u64 = 65 * 1024 * 1024;
    for expected in [ErrorCode::VaultUnreadable, ErrorCode::VaultTooLarge] {
        let computer = Computer::with_vault(PASSWORD);
        fs::remove_file(computer.vault()).unwrap();
        match expected {
            ErrorCode::VaultUnreadable => fs::create_dir(computer.vault()).unwrap(),
            _ => fs::File::create(computer.vault()).unwrap().set_len(LARGE).unwrap(),
        }
        let mut session = computer.start();
        let Phase::Unreadable(error) = session.phase() else { panic!("{expected:?}") };
        assert_eq!(error.code, expected);
        let newest = session.backups().unwrap().states[0].backup.clone();
        session.restore_backup(newest.place, &newest.name, PASSWORD).unwrap();
        assert_eq!((names(&mut session), told(&mut session)), (vec!["12345678".to_owned()], vec![]));
        let kept = fs::metadata(&computer.aside()[0]).unwrap();
        assert_eq!((kept.is_dir(), kept.len() == LARGE), (expected == ErrorCode::VaultUnreadable, !kept.is_dir()));
        drop(session);
        let mut session = computer.start();
        session.unlock(password(PASSWORD)).unwrap();
        assert_eq!(told(&mut session), []);
    }
}

#[cfg(unix)]
#[test]
fn a_vault_that_is_away_with_its_drive_makes_way_for_nothing() {
    let computer = Computer::with_vault(PASSWORD);
    let away = computer.folder.path().join("drive/vault.warifu");
    fs::remove_file(computer.vault()).unwrap();
    std::os::unix::fs::symlink(&away, computer.vault()).unwrap();
    let mut session = computer.start();
    let newest = session.backups().unwrap().states[0].backup.clone();
    assert!(session.restore_backup(newest.place, &newest.name, PASSWORD).is_err());
    assert_eq!((fs::read_link(computer.vault()).unwrap(), computer.aside().len()), (away, 0));
}

#[test]
fn another_sound_vault_is_put_aside_only_if_the_person_says_so_and_not_at_all_if_the_save_fails() {
    let (old, here) = (Computer::with_vault(PASSWORD), Computer::with_vault(NEW));
    let before = here.bytes().unwrap();
    let mut session = here.start();
    assert_eq!(choose(&mut session, &old.vault()).unwrap().here, Here::OtherVault);
    assert_eq!(code(take_over(&mut session, by_password(PASSWORD), false)), ErrorCode::VaultInTheWay);
    assert_eq!(code(take_over(&mut session, by_password(NEW), true)), ErrorCode::BackupWrongPassword);
    assert_eq!((here.bytes().unwrap(), here.aside().len()), (before.clone(), 0));
    let taken = session.begin_take_over(by_password(PASSWORD), true).unwrap().run();
    session.finish_take_over(taken, true).unwrap();
    assert_eq!(names(&mut session), ["12345678"]);
    assert_eq!(fs::read(&here.aside()[0]).unwrap(), before);
    let shown = session.backups().unwrap().states;
    assert_eq!((shown.len(), here.backups().len()), (1, 3), "those of the other vault lie there and are not its own");

    // In memory, where a save can be made to fail.
    let world = World::new();
    drop(world.open_session());
    let before = world.file.lock().unwrap().clone();
    let mut session = world.session();
    choose(&mut session, &old.vault()).unwrap();
    *world.disk_fails.lock().unwrap() = Some(warifu_session::ports::StoreError::Io { reason: "no space".into() });
    assert_eq!(code(take_over(&mut session, by_password(PASSWORD), true)), ErrorCode::VaultNotSaved);
    assert_eq!(*world.file.lock().unwrap(), before, "back in its place");
    *world.disk_fails.lock().unwrap() = None;
    take_over(&mut session, by_password(PASSWORD), true).unwrap();
}

#[test]
fn guessing_at_a_chosen_file_slows_down_like_guessing_at_the_door() {
    let (old, new) = (Computer::with_vault(PASSWORD), Computer::new());
    let mut session = new.start();
    choose(&mut session, &old.vault()).unwrap();
    for _ in 0..5 {
        assert_eq!(code(take_over(&mut session, by_password("wrong"), false)), ErrorCode::BackupWrongPassword);
    }
    assert_eq!(code(take_over(&mut session, by_password(PASSWORD), false)), ErrorCode::TooManyAttempts);
}

#[test]
fn whoever_begins_anew_gets_a_first_start_and_keeps_the_old_vault_with_all_its_backups() {
    let computer = Computer::with_vault(PASSWORD);
    let (before, backups) = (computer.bytes().unwrap(), computer.backups());
    let mut session = computer.start();
    let kept = session.begin_anew().unwrap().unwrap();
    assert_eq!(fs::read(computer.vault().with_file_name(&kept)).unwrap(), before);
    drop(session);
    let mut session = computer.start();
    assert_eq!(session.phase(), Phase::FirstStart, "after a restart too");
    session.create(password(NEW), "").unwrap();
    for number in 0..40 {
        let uri = format!("otpauth://totp/n{number}?secret=JBSWY3DPEHPK3PXP{}", char::from(b'A' + number % 26));
        let mut unlocked = session.unlocked().unwrap();
        unlocked.propose(read_payload(&uri));
        let (id, _) = unlocked.candidates().next().unwrap();
        add_one(&mut unlocked, id, "", &format!("n{number}"), true).unwrap();
        computer.world.pass(Duration::from_secs(60 * 60));
    }
    let left = computer.backups();
    assert!(left.len() < 40, "the new vault's own are pruned: {}", left.len());
    assert!(backups.iter().all(|backup| left.contains(backup)), "{left:?}");
    assert_eq!(session.backups().unwrap().states.len() + backups.len(), left.len(), "and none of the old is shown");
    drop(session);

    // The new file goes missing: its own backups count, and are what is offered.
    fs::remove_file(computer.vault()).unwrap();
    let mut session = computer.start();
    assert!(matches!(session.phase(), Phase::Unreadable(error) if error.code == ErrorCode::VaultMissing));
    let states = session.backups().unwrap().states;
    assert_eq!(states.len() + backups.len(), left.len());
    let newest = states[0].backup.clone();
    session.restore_backup(newest.place, &newest.name, NEW).unwrap();
    drop(session);

    // The password came to mind: the old vault is the vault again, and the new one is kept.
    let new = computer.bytes().unwrap();
    let mut session = computer.start();
    choose(&mut session, &computer.vault().with_file_name(&kept)).unwrap();
    take_over(&mut session, by_password(PASSWORD), true).unwrap();
    assert_eq!(names(&mut session), ["12345678"]);
    assert!(computer.aside().iter().any(|file| fs::read(file).unwrap() == new));
    drop(session);
    fs::remove_file(computer.vault()).unwrap();
    let session = computer.start();
    assert!(matches!(session.phase(), Phase::Unreadable(_)), "and is missed if it goes");
    let shown = session.backups().unwrap().states;
    assert_eq!(shown.len(), backups.len() + 1, "{shown:?}");
}

#[test]
fn the_backups_one_process_opened_with_the_old_key_are_not_pruned_with_the_new() {
    let computer = Computer::new();
    let mut session = computer.start();
    session.create(password(PASSWORD), "").unwrap();
    let save = |session: &mut Session, key: &str, number: usize| {
        computer.world.pass(Duration::from_secs(1));
        session.unlocked().unwrap().set_hint(&format!("hint {number}"), password(key)).unwrap();
    };
    for number in 0..9 {
        save(&mut session, PASSWORD, number);
    }
    let old = computer.backups();
    session.lock();
    session.begin_anew().unwrap();
    session.create(password(NEW), "").unwrap();
    for number in 0..15 {
        save(&mut session, NEW, number);
    }
    let left = computer.backups();
    assert!(old.iter().all(|backup| left.contains(backup)), "{left:?}");
}

#[test]
fn beginning_anew_where_the_file_is_damaged_or_missing_forgets_no_backup_and_asks_for_none() {
    for damage in [true, false] {
        let computer = Computer::with_vault(PASSWORD);
        // One of the backups does not even say whose it is.
        let rotten = computer.backups().remove(0);
        fs::write(&rotten, "rotten").unwrap();
        match damage {
            true => fs::write(computer.vault(), "damaged").unwrap(),
            false => fs::remove_file(computer.vault()).unwrap(),
        }
        let mut session = computer.start();
        assert!(matches!(session.phase(), Phase::Unreadable(_)));
        assert_eq!(session.begin_anew().unwrap().is_some(), damage);
        assert_eq!((session.phase(), computer.start().phase()), (Phase::FirstStart, Phase::FirstStart));
        assert_eq!((computer.backups().len(), computer.aside().len()), (2, usize::from(damage)));
        session.create(password(NEW), "").unwrap();
    }
}

#[test]
fn a_vault_that_is_gone_with_all_its_copies_is_missed_and_not_forgotten() {
    for remembered in [true, false] {
        let computer = Computer::with_vault(PASSWORD);
        let stick = computer.folder.path().join("stick");
        fs::create_dir(&stick).unwrap();
        let mut session = computer.start();
        session.unlock(password(PASSWORD)).unwrap();
        session.set_second_folder(Some(stick.clone())).unwrap();
        drop(session);
        let unplugged = stick.with_extension("unplugged");
        fs::rename(&stick, &unplugged).unwrap();
        fs::remove_dir_all(computer.vault().parent().unwrap()).unwrap();
        if !remembered {
            fs::remove_file(computer.folder.path().join("memory.json")).unwrap();
        }
        let mut session = computer.start();
        assert_eq!(session.phase(), Phase::Unreadable(ErrorCode::VaultMissing.into()), "{remembered}");
        assert_eq!(code(session.create(password(NEW), "")), ErrorCode::VaultMissing);
        fs::rename(&unplugged, &stick).unwrap();
        assert_eq!(session.backups().unwrap().states.len(), 1);
        fs::rename(&stick, &unplugged).unwrap();

        // Unless the person says so.
        assert_eq!(session.begin_anew(), Ok(None));
        assert_eq!((session.phase(), computer.start().phase()), (Phase::FirstStart, Phase::FirstStart));
        session.create(password(NEW), "").unwrap();
        drop(session);
        fs::remove_dir_all(computer.vault().parent().unwrap()).unwrap();
        assert!(matches!(computer.start().phase(), Phase::Unreadable(_)), "the new one is missed, too");
    }
}

#[test]
fn where_no_file_of_a_vault_is_left_it_is_missed_and_whoever_asks_gets_a_new_one() {
    let computer = Computer::with_vault(PASSWORD);
    let folder = computer.vault().parent().unwrap().to_path_buf();
    computer.start().unlock(password(PASSWORD)).unwrap();
    let elsewhere = folder.with_extension("elsewhere");
    fs::rename(&folder, &elsewhere).unwrap();
    let mut session = computer.start();
    assert_eq!(session.phase(), Phase::Unreadable(ErrorCode::VaultMissing.into()));
    session.create(password(NEW), "").unwrap();
    drop(session);
    fs::remove_dir_all(&folder).unwrap();
    fs::rename(&elsewhere, &folder).unwrap();
    computer.start().unlock(password(PASSWORD)).unwrap();
}

#[test]
fn a_copy_beside_a_vault_that_is_gone_is_no_first_start() {
    for name in ["vault-aside-20231114-221320.warifu", "vault-conflict-20231114-221320.warifu"] {
        let computer = Computer::new();
        fs::create_dir(computer.vault().parent().unwrap()).unwrap();
        fs::write(computer.vault().with_file_name(name), "a copy").unwrap();
        let mut session = computer.start();
        assert_eq!(session.phase(), Phase::Unreadable(ErrorCode::VaultMissing.into()));
        session.begin_anew().unwrap();
        assert_eq!((session.phase(), computer.start().phase()), (Phase::FirstStart, Phase::FirstStart));
    }
}

#[test]
fn an_open_vault_is_not_left_behind_and_where_nothing_is_nothing_happens() {
    let computer = Computer::with_vault(PASSWORD);
    let mut session = computer.start();
    session.unlock(password(PASSWORD)).unwrap();
    assert_eq!(code(session.begin_anew()), ErrorCode::NotLocked);
    assert_eq!(code(choose(&mut session, &computer.vault())), ErrorCode::NotLocked);
    let mut nothing = Computer::new().start();
    assert_eq!((nothing.begin_anew(), nothing.phase()), (Ok(None), Phase::FirstStart));
}

#[test]
fn a_vault_that_was_left_behind_and_unlocked_again_by_hand_is_missed_like_any_other() {
    let computer = Computer::with_vault(PASSWORD);
    let kept = computer.start().begin_anew().unwrap().unwrap();
    fs::rename(computer.vault().with_file_name(kept), computer.vault()).unwrap();
    let mut session = computer.start();
    assert_eq!(session.backups().unwrap().states.len(), 2, "its backups are its own");
    session.unlock(password(PASSWORD)).unwrap();
    drop(session);
    fs::remove_file(computer.vault()).unwrap();
    assert!(matches!(computer.start().phase(), Phase::Unreadable(_)));
}
