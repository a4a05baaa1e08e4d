//! Commands that bring accounts in: from a picture, from a key, and into the vault.

use std::path::PathBuf;

use tauri::{AppHandle, Runtime, State, async_runtime::spawn_blocking};
use tauri_plugin_dialog::DialogExt;
use warifu_guard::on_clean_stack;
use warifu_ipc::{
    convert::{added_view, cancelled_view, code_view, reading_view},
    requests::{AddRequest, KeyRequest},
    views::{AddedView, CodeView, DeletedView, ErrorView, ReadingView, Source},
};
use warifu_session::{
    Added, Addition, ErrorCode, SessionError, Unlocked, pictures, read_clipboard,
    reading::{Reading, TypedKey},
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
    let mut dialog = app
        .dialog()
        .file()
        .add_filter("PNG, JPEG, WebP, GIF, BMP, PDF", &["png", "jpg", "jpeg", "webp", "gif", "bmp", "pdf"]);
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
    let files = shell.with_unlocked(|unlocked| Ok(unlocked.ports().pictures.clone())).await?;
    // A slow drive or a large picture must not keep the codes waiting.
    let reading = away(move || pictures::read_files(&*files, &paths)).await?;
    propose(shell, reading, Source::Picture).await
}

/// Reads what is on the clipboard.
#[tauri::command]
pub(crate) async fn paste(shell: State<'_, Shell>) -> Result<ReadingView, ErrorView> {
    let ports = |unlocked: &mut Unlocked<'_>| {
        let ports = unlocked.ports();
        Ok((ports.clipboard.clone(), ports.pictures.clone()))
    };
    let (clipboard, files) = shell.with_unlocked(ports).await?;
    // The owner of the clipboard may take its time.
    let reading = away(move || read_clipboard(&*clipboard, &*files)).await??;
    propose(&shell, reading, Source::Clipboard).await
}

async fn propose(shell: &Shell, reading: Reading, source: Source) -> Result<ReadingView, ErrorView> {
    shell
        .with_unlocked(move |unlocked| {
            unlocked.propose(reading);
            Ok(reading_view(unlocked, source))
        })
        .await
}

/// Does something away from the session, of which nothing stays on the stack.
pub(crate) async fn away<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, SessionError> {
    let ended_early = |_| SessionError::new(ErrorCode::Unexpected).with("reason", "a task ended early");
    spawn_blocking(|| on_clean_stack(work)).await.map_err(ended_early)
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

/// Adds candidates to the vault: all of them, or none.
#[tauri::command]
pub(crate) async fn add_candidates(shell: State<'_, Shell>, requests: Vec<AddRequest>) -> Result<AddedView, ErrorView> {
    let added = shell
        .with_unlocked(move |unlocked| {
            let additions = requests.into_iter().map(addition).collect::<Result<_, SessionError>>()?;
            unlocked.add_candidates(additions)
        })
        .await?;
    let Added { entries, counts, leftovers } = added;
    let settled = away(move || leftovers.settle()).await?;
    Ok(added_view(&entries, counts, settled))
}

fn addition(request: AddRequest) -> Result<Addition, SessionError> {
    let AddRequest { candidate, issuer, account, even_if_present, replaces } = request;
    let replaces = replaces.map(|entry| entry.parse().map_err(|_| ErrorCode::NoSuchEntry)).transpose()?;
    Ok(Addition { candidate: candidate.parse()?, issuer, account, even_if_present, replaces })
}

/// Deletes picture files whose keys are in the vault. A page knows them by number and by no path.
#[tauri::command]
pub(crate) async fn delete_pictures(shell: State<'_, Shell>, pictures: Vec<String>) -> Result<DeletedView, ErrorView> {
    // What is no number is none of ours.
    let numbers: Vec<usize> = pictures.iter().map(|number| number.parse().unwrap_or(usize::MAX)).collect();
    let deleting = shell.with_unlocked(move |unlocked| Ok(unlocked.begin_deleting(&numbers))).await?;
    Ok(away(|| deleting.run()).await?.into())
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
