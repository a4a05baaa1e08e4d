//! `merge`, `backups` and `restore`.

use std::{collections::BTreeMap, path::Path};

use serde::Serialize;
use warifu_session::{BackupState, ErrorCode, Phase, Soundness, ports::BackupPlace};

use super::{Telling, session, unlocked};
use crate::{
    args::Common,
    console::{Console, shown},
    fault::{Fault, exit, file_error},
};

/// More than any vault has, so that the session can say that it is too large.
const FILE_LIMIT: u64 = 64 * 1024 * 1024 + 1;

/// What came of a merge.
#[derive(Serialize)]
struct MergedView {
    added: usize,
    changed: usize,
    removed: usize,
    /// Accounts that are kept twice, because their keys differ.
    conflicts: Vec<String>,
}

/// A backup, for a script.
#[derive(Serialize)]
struct BackupView {
    name: String,
    place: &'static str,
    /// Unix seconds.
    taken_at: i64,
    revision: u64,
    accounts: Option<usize>,
    state: &'static str,
}

/// Brings another copy of the vault into it.
pub(crate) fn merge(console: &Console, common: &Common, file: &Path) -> Result<u8, Fault> {
    let bytes = warifu_platform::read_limited(file, FILE_LIMIT)
        .map_err(|error| file_error(ErrorCode::FileUnreadable, &error))?;
    let mut session = unlocked(console, common)?;
    let report = session.unlocked()?.merge_copy(&bytes)?;
    if console.json {
        let conflicts = report.conflicts.iter().map(ToString::to_string).collect();
        let (added, changed, removed) = (report.added, report.changed, report.removed);
        console.document(&MergedView { added, changed, removed, conflicts })?;
    } else {
        let details = [
            ("added", report.added.to_string()),
            ("changed", report.changed.to_string()),
            ("removed", report.removed.to_string()),
            ("conflicts", report.conflicts.len().to_string()),
        ];
        console.line(&console.say_with("merged", details))?;
    }
    Ok(exit::DONE)
}

/// Lists the backups. Those that open with the vault's key are counted.
pub(crate) fn list(console: &Console, common: &Common) -> Result<u8, Fault> {
    let session = unlocked(console, common)?;
    let backups = session.backups()?;
    let views: Vec<BackupView> = backups.states.iter().map(view).collect();
    if console.json {
        console.document(&views)?;
        return Ok(exit::DONE);
    }
    if views.is_empty() {
        console.note(&console.error(&ErrorCode::NoBackup.into()).message);
    }
    for view in views {
        let accounts = view.accounts.map_or_else(|| "-".to_owned(), |accounts| accounts.to_string());
        console.line(&format!("{}\t{}\t{}\t{}", shown(&view.name), view.revision, accounts, view.state))?;
    }
    Ok(exit::DONE)
}

/// Goes back to a backup.
pub(crate) fn restore(console: &Console, common: &Common, name: &str) -> Result<u8, Fault> {
    let mut session = Telling::new(console, session(common)?);
    let backups = session.backups()?;
    let found = backups.states.iter().find(|state| state.backup.name == name).ok_or(ErrorCode::BackupNotFound)?;
    let place = found.backup.place;
    let password = console.password(common.password_stdin)?;
    // Where the vault is sound, its accounts are replaced and its password stays.
    if let Phase::Locked(_) = session.phase() {
        session.open(password.clone())?;
    }
    session.restore_backup(place, name, &password)?;
    if console.json {
        console.document(&BTreeMap::from([("restored", name)]))?;
    } else {
        console.line(&console.say_with("restored", [("name", shown(name))]))?;
    }
    Ok(exit::DONE)
}

fn view(state: &BackupState) -> BackupView {
    BackupView {
        name: state.backup.name.clone(),
        place: match state.backup.place {
            BackupPlace::Beside => "beside",
            BackupPlace::Second => "second",
        },
        taken_at: state.backup.taken_at.as_secs(),
        revision: state.backup.revision,
        accounts: state.accounts,
        state: match state.soundness {
            Soundness::Verified => "verified",
            Soundness::Intact => "intact",
            Soundness::Damaged => "damaged",
            Soundness::Other => "other",
        },
    }
}
