//! Commands about the backups.

use tauri::{AppHandle, Runtime, State};
use tauri_plugin_dialog::DialogExt;
use warifu_ipc::views::{AppView, BackupPlace, BackupsView, DrillView, ErrorView};
use warifu_session::{Session, SessionError};
use zeroize::Zeroizing;

use crate::{Shell, vault::view};

/// The backups.
#[tauri::command]
pub(crate) async fn list_backups(shell: State<'_, Shell>) -> Result<BackupsView, ErrorView> {
    change(&shell, |_| Ok(())).await
}

/// Goes back to a backup.
#[tauri::command]
pub(crate) async fn restore_backup<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    place: BackupPlace,
    name: String,
    password: String,
) -> Result<AppView, ErrorView> {
    let key = Zeroizing::new(password);
    view(&app, &shell, move |session| session.restore_backup(place.into(), &name, &key)).await
}

/// Opens the newest backup with what is typed now, and changes nothing.
#[tauri::command]
pub(crate) async fn restore_drill(shell: State<'_, Shell>, password: String) -> Result<DrillView, ErrorView> {
    let key = Zeroizing::new(password);
    shell
        .with(move |session| {
            let opened = session.restore_drill(&key)?;
            let accounts = opened.accounts.unwrap_or(0);
            Ok(DrillView { backup: opened.into(), accounts: u32::try_from(accounts).unwrap_or(u32::MAX) })
        })
        .await
}

/// Lets the person choose a second folder for backups.
#[tauri::command]
pub(crate) async fn choose_second_folder<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
) -> Result<BackupsView, ErrorView> {
    shell.with_unlocked(|_| Ok(())).await?;
    let (sender, mut receiver) = tauri::async_runtime::channel(1);
    let mut dialog = app.dialog().file();
    if let Some(folder) = warifu_platform::home_folder() {
        dialog = dialog.set_directory(folder);
    }
    dialog.pick_folder(move |folder| {
        let _ = sender.try_send(folder);
    });
    let chosen = receiver.recv().await.flatten().and_then(|folder| folder.into_path().ok());
    change(&shell, move |session| match chosen {
        Some(folder) => session.set_second_folder(Some(folder)),
        None => Ok(()),
    })
    .await
}

/// Forgets the second folder. What lies in it stays there.
#[tauri::command]
pub(crate) async fn clear_second_folder(shell: State<'_, Shell>) -> Result<BackupsView, ErrorView> {
    change(&shell, |session| session.set_second_folder(None)).await
}

/// Does something, then says which backups there are.
async fn change(
    shell: &Shell,
    work: impl FnOnce(&mut Session) -> Result<(), SessionError> + Send + 'static,
) -> Result<BackupsView, ErrorView> {
    shell
        .with(move |session| {
            work(session)?;
            Ok(session.backups()?.into())
        })
        .await
}
