//! Commands about the accounts in the list.

use tauri::State;
use warifu_ipc::{
    convert::{clear_after_seconds, code_view, entries_view, history_view, trash_view},
    requests::{EditRequest, MoveRequest},
    views::{CodeView, CodesView, CopiedView, EntriesView, EntryView, ErrorView, HistoryView, TrashView},
};
use warifu_session::{Copying, EntryId, ErrorCode, SessionError, otp::UnixTime};

use crate::Shell;

/// The entries that match a search, in the person's order.
#[tauri::command]
pub(crate) async fn list_entries(shell: State<'_, Shell>, query: String) -> Result<EntriesView, ErrorView> {
    shell.with_unlocked(move |unlocked| Ok(entries_view(unlocked, &query))).await
}

/// The codes of all time-based entries.
#[tauri::command]
pub(crate) async fn current_codes(shell: State<'_, Shell>) -> Result<CodesView, ErrorView> {
    shell
        .with(|session| {
            let now_ms = session.ports().clock.wall_ms();
            let codes = session.unlocked()?.codes_at(UnixTime::from_secs(now_ms.div_euclid(1000)));
            Ok(CodesView { now_ms, codes: codes.iter().map(|(id, code)| code_view(id, code)).collect() })
        })
        .await
}

/// The next counter-based code.
#[tauri::command]
pub(crate) async fn next_code(shell: State<'_, Shell>, entry: String) -> Result<CodeView, ErrorView> {
    shell.with_unlocked(move |unlocked| Ok(code_view(&entry, &unlocked.next_code(id(&entry)?)?))).await
}

/// Copies a code.
#[tauri::command]
pub(crate) async fn copy_code(shell: State<'_, Shell>, entry: String) -> Result<CopiedView, ErrorView> {
    shell
        .with_unlocked(move |unlocked| {
            let (code, next_at) = match unlocked.copy_code(id(&entry)?)? {
                Copying::Copied(code) => (Some(code_view(&entry, &code)), None),
                Copying::NextAt(next) => (None, Some(next.as_secs())),
            };
            Ok(CopiedView { code, next_at, clear_after_seconds: clear_after_seconds() })
        })
        .await
}

/// Renames an entry.
#[tauri::command]
pub(crate) async fn edit_entry(shell: State<'_, Shell>, request: EditRequest) -> Result<EntryView, ErrorView> {
    shell
        .with_unlocked(move |unlocked| {
            let id = id(&request.entry)?;
            unlocked.rename(id, &request.issuer, &request.account)?;
            Ok(unlocked.entry(id)?.into())
        })
        .await
}

/// Deletes an entry.
#[tauri::command]
pub(crate) async fn delete_entry(shell: State<'_, Shell>, entry: String) -> Result<(), ErrorView> {
    shell.with_unlocked(move |unlocked| unlocked.delete(id(&entry)?)).await
}

/// Takes a deletion back.
#[tauri::command]
pub(crate) async fn restore_entry(shell: State<'_, Shell>, entry: String) -> Result<(), ErrorView> {
    shell.with_unlocked(move |unlocked| unlocked.restore(id(&entry)?)).await
}

/// What was deleted and is still there.
#[tauri::command]
pub(crate) async fn list_trash(shell: State<'_, Shell>) -> Result<TrashView, ErrorView> {
    shell.with_unlocked(|unlocked| Ok(trash_view(unlocked))).await
}

/// Removes a deleted entry for good.
#[tauri::command]
pub(crate) async fn remove_entry(shell: State<'_, Shell>, entry: String) -> Result<(), ErrorView> {
    shell.with_unlocked(move |unlocked| unlocked.remove_for_good(id(&entry)?)).await
}

/// What an entry was before.
#[tauri::command]
pub(crate) async fn entry_history(shell: State<'_, Shell>, entry: String) -> Result<HistoryView, ErrorView> {
    shell
        .with_unlocked(move |unlocked| {
            let now = unlocked.ports().clock.now();
            Ok(history_view(unlocked.entry(id(&entry)?)?, now))
        })
        .await
}

/// Makes an entry again what it was before.
#[tauri::command]
pub(crate) async fn take_back(shell: State<'_, Shell>, entry: String, index: u32) -> Result<EntryView, ErrorView> {
    shell
        .with_unlocked(move |unlocked| {
            let id = id(&entry)?;
            unlocked.take_back(id, usize::try_from(index).unwrap_or(usize::MAX))?;
            Ok(unlocked.entry(id)?.into())
        })
        .await
}

/// Moves an entry within the list.
#[tauri::command]
pub(crate) async fn move_entry(shell: State<'_, Shell>, request: MoveRequest) -> Result<(), ErrorView> {
    let to = usize::try_from(request.to).unwrap_or(usize::MAX);
    shell.with_unlocked(move |unlocked| unlocked.move_to(id(&request.entry)?, to)).await
}

fn id(text: &str) -> Result<EntryId, SessionError> {
    text.parse().map_err(|_| ErrorCode::NoSuchEntry.into())
}
