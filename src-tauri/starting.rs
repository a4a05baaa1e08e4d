//! Commands for a start that is not the usual one: from a vault or backup file that the person chooses, or anew.

use tauri::{AppHandle, Runtime, State, async_runtime::spawn_blocking};
use tauri_plugin_dialog::DialogExt;
use warifu_ipc::views::{AppView, BegunAnewView, ChosenFileView, ErrorView};
use warifu_session::{ErrorCode, Session, SessionError, TakeOver, Unlocking};

use crate::{
    Shell,
    vault::{in_parts, view},
};

/// Lets the person choose a vault or backup file, and says what it tells without a key; nothing if none was chosen.
#[tauri::command]
pub(crate) async fn choose_backup_file<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
) -> Result<Option<ChosenFileView>, ErrorView> {
    shell.with(|session| if session.is_open() { Err(ErrorCode::NotLocked.into()) } else { Ok(()) }).await?;
    let (sender, mut receiver) = tauri::async_runtime::channel(1);
    let mut dialog = app.dialog().file().add_filter("*.warifu", &["warifu"]).add_filter("*", &["*"]);
    if let Some(folder) = warifu_platform::home_folder() {
        dialog = dialog.set_directory(folder);
    }
    dialog.pick_file(move |file| {
        let _ = sender.try_send(file);
    });
    let chosen = receiver.recv().await.flatten().and_then(|file| file.into_path().ok());
    let Some(path) = chosen else { return Ok(None) };
    // Away from the session: a stick or a network drive may take its time.
    let read = spawn_blocking(move || warifu_platform::read_chosen_file(&path)).await;
    let file = match read {
        Ok(Ok(file)) => file,
        Ok(Err(error)) => return Err(SessionError::new(ErrorCode::FileUnreadable).with("reason", error).into()),
        Err(_) => return Err(SessionError::new(ErrorCode::Unexpected).with("reason", "a task ended early").into()),
    };
    shell.with(move |session| Ok(Some(session.choose_file(file)?.into()))).await
}

/// Makes the chosen file the vault, opened with its master password.
#[tauri::command]
pub(crate) async fn take_over_file<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    password: String,
    aside: bool,
) -> Result<AppView, ErrorView> {
    take_over(&app, &shell, Unlocking::Password(password.into()), aside).await
}

/// Makes the chosen file the vault, opened with its recovery key, and sets a new password.
#[tauri::command]
pub(crate) async fn take_over_file_recovered<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    key: String,
    replacement: String,
    hint: String,
    aside: bool,
) -> Result<AppView, ErrorView> {
    let unlocking = Unlocking::Recovery { key: key.into(), replacement: replacement.into(), hint };
    take_over(&app, &shell, unlocking, aside).await
}

/// Puts the vault aside, so that a new one can be made in its place.
#[tauri::command]
pub(crate) async fn begin_anew<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
) -> Result<BegunAnewView, ErrorView> {
    let kept = shell.with(Session::begin_anew).await?;
    Ok(BegunAnewView { app: view(&app, &shell, |_| Ok(())).await?, kept })
}

async fn take_over<R: Runtime>(
    app: &AppHandle<R>,
    shell: &Shell,
    unlocking: Unlocking,
    aside: bool,
) -> Result<AppView, ErrorView> {
    let begin = move |session: &mut Session| session.begin_take_over(unlocking, aside);
    in_parts(app, shell, begin, TakeOver::run, move |session, taken| session.finish_take_over(taken, aside)).await
}
