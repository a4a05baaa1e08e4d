//! What keeps a vault from being lost: recovery key, quick unlock, backups, older and cut-off files, trash and history.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../support/mod.rs"]
mod support;

mod backups;
mod copies;
mod forgetting;
mod quick_unlock;
mod trash_and_history;

use std::time::Duration;

use support::{PASSWORD, SECRET, URI, World, add, add_one, names, password, told};
use warifu_session::{
    Addition, Counts, EntryId, ErrorCode, FileToTakeOver, OldBackups, Phase, QuickUnlock, Session, SessionError,
    Soundness, Unlocking, check_recovery_key,
    ports::{Backup, BackupPlace, KeyStoreError, StoreError},
    reading::read_payload,
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const OTHER: &str = "otpauth://totp/second?secret=JBSWY3DPEHPK3PXP";
const NEW: &str = "yuyake-minato-77";

/// What befalls a world behind the session's back.
type Happening<'a> = &'a dyn Fn(&World);

fn code<T>(outcome: Result<T, SessionError>) -> ErrorCode {
    outcome.err().unwrap().code
}

/// A session after a restart of the program.
fn restarted(world: &World, key: &str) -> Session {
    let mut session = world.session();
    session.unlock(password(key)).unwrap();
    session
}

/// Makes a recovery key and confirms it; what stands on the sheet.
fn recovery_sheet(session: &mut Session) -> String {
    let mut unlocked = session.unlocked().unwrap();
    let shown = unlocked.begin_recovery_key(Some(password(PASSWORD))).unwrap();
    let typed: Vec<_> = shown.asked.iter().map(|asked| shown.groups[asked - 1].clone()).collect();
    unlocked.confirm_recovery_key(&typed).unwrap();
    shown.groups.iter().map(|group| group.as_str()).collect::<Vec<_>>().join(" ")
}

fn recover(world: &World, sheet: &str) -> Result<Session, SessionError> {
    let mut session = world.session();
    let (key, replacement) = (password(sheet), password(NEW));
    session.open_by(Unlocking::Recovery { key, replacement, hint: "sunset".into() }).map(|()| session)
}

fn newest(world: &World) -> Backup {
    warifu_session::ports::VaultStore::backups(world).unwrap().remove(0)
}
