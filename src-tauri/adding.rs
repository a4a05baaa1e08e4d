//! Commands that bring accounts in: from a picture, from a key, and into the vault.

use std::path::{Path, PathBuf};

use tauri::{AppHandle, Runtime, State, async_runtime::spawn_blocking};
use tauri_plugin_dialog::DialogExt;
use warifu_guard::on_clean_stack;
use warifu_ipc::{
    convert::{cancelled_view, code_view, reading_view},
    requests::{AddRequest, KeyRequest},
    views::{AddedView, CodeView, DeletedView, ErrorView, ReadingView, Source},
};
use warifu_session::{
    ErrorCode, SessionError,
    reading::{TypedKey, read_pictures},
    scan::FILE_BYTES_LIMIT,
};
use zeroize::Zeroizing;

use crate::Shell;

/// Lets the person choose pictures, and reads them.
#[tauri::command]
pub(crate) async fn open_picture<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
) -> Result<ReadingView, ErrorView> {
    shell.with_unlocked(|_| Ok(())).await?;
    let (sender, mut receiver) = tauri::async_runtime::channel(1);
    let mut dialog =
        app.dialog().file().add_filter("PNG, JPEG, WebP, GIF, BMP", &["png", "jpg", "jpeg", "webp", "gif", "bmp"]);
    if let Some(folder) = warifu_platform::downloads_folder() {
        dialog = dialog.set_directory(folder);
    }
    dialog.pick_files(move |files| {
        let _ = sender.try_send(files);
    });
    let Some(Some(files)) = receiver.recv().await else { return Ok(cancelled_view(Source::Picture)) };
    let paths = files.into_iter().filter_map(|file| file.into_path().ok()).collect();
    read_files(&shell, paths).await
}

/// Reads picture files. What cannot be read is among the refusals, each with its own sentence.
pub(crate) async fn read_files(shell: &Shell, paths: Vec<PathBuf>) -> Result<ReadingView, ErrorView> {
    shell.with_unlocked(|_| Ok(())).await?;
    // Away from the session: a slow drive or a large picture must not keep the codes waiting.
    let reading =
        spawn_blocking(move || on_clean_stack(|| read_pictures(paths.iter().map(|path| read_file(path))))).await;
    let reading = reading.map_err(|_| SessionError::new(ErrorCode::Unexpected).with("reason", "a task ended early"))?;
    shell
        .with_unlocked(move |unlocked| {
            unlocked.propose(reading);
            Ok(reading_view(unlocked, Source::Picture))
        })
        .await
}

fn read_file(path: &Path) -> Result<Vec<u8>, SessionError> {
    // One byte more than allowed tells a file that is too large from one that just fits.
    warifu_platform::read_limited(path, FILE_BYTES_LIMIT as u64 + 1)
        .map_err(|error| SessionError::new(ErrorCode::FileUnreadable).with("reason", error.kind()))
}

/// Reads a typed key, or a pasted `otpauth` line.
#[tauri::command]
pub(crate) async fn propose_key(shell: State<'_, Shell>, request: KeyRequest) -> Result<ReadingView, ErrorView> {
    shell
        .with_unlocked(move |unlocked| {
            let text = Zeroizing::new(request.text);
            unlocked.propose_key(&TypedKey {
                text: &text,
                issuer: &request.issuer,
                account: &request.account,
                kind: request.kind.into(),
                algorithm: &request.algorithm,
                digits: request.digits.into(),
                period: request.period.into(),
                counter: &request.counter,
            })?;
            Ok(reading_view(unlocked, Source::Text))
        })
        .await
}

/// The code a candidate makes now.
#[tauri::command]
pub(crate) async fn candidate_code(shell: State<'_, Shell>, candidate: String) -> Result<Option<CodeView>, ErrorView> {
    shell
        .with_unlocked(move |unlocked| {
            Ok(unlocked.candidate_code(candidate.parse()?)?.map(|code| code_view(&candidate, &code)))
        })
        .await
}

/// Reads what is on the clipboard.
#[tauri::command]
pub(crate) async fn paste(shell: State<'_, Shell>) -> Result<ReadingView, ErrorView> {
    shell.with_unlocked(|_| Err(ErrorCode::ClipboardEmpty.into())).await
}

/// Adds candidates to the vault: all of them, or none.
#[tauri::command]
pub(crate) async fn add_candidates(shell: State<'_, Shell>, requests: Vec<AddRequest>) -> Result<AddedView, ErrorView> {
    shell
        .with_unlocked(move |unlocked| {
            let (mut entries, mut replaced) = (Vec::new(), 0);
            for AddRequest { candidate, issuer, account, even_if_present, replaces } in requests {
                let candidate = candidate.parse()?;
                entries.push(match replaces {
                    None => unlocked.add_candidate(candidate, &issuer, &account, even_if_present)?,
                    Some(entry) => {
                        let entry = entry.parse().map_err(|_| ErrorCode::NoSuchEntry)?;
                        unlocked.replace_key(entry, candidate, &issuer, &account)?;
                        replaced += 1;
                        entry
                    }
                });
            }
            let count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
            Ok(AddedView {
                entries: entries.iter().map(ToString::to_string).collect(),
                added: count - replaced,
                replaced,
                saved: count,
                total: u32::try_from(unlocked.total()).unwrap_or(u32::MAX),
                pictures: vec![],
                clipboard_cleared: false,
            })
        })
        .await
}

/// Deletes picture files whose keys are in the vault.
#[tauri::command]
pub(crate) async fn delete_pictures(shell: State<'_, Shell>, pictures: Vec<String>) -> Result<DeletedView, ErrorView> {
    shell
        .with_unlocked(move |_| {
            drop(pictures);
            Ok(DeletedView { deleted: vec![], kept: vec![] })
        })
        .await
}

/// Forgets what was read, unless something else has been read since.
#[tauri::command]
pub(crate) async fn discard_reading(shell: State<'_, Shell>, number: u32) -> Result<(), ErrorView> {
    shell
        .with_unlocked(move |unlocked| {
            unlocked.discard_reading(number);
            Ok(())
        })
        .await
}
