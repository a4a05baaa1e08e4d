//! Commands about the vault as a whole: where the program stands, opening, locking, passwords, settings.

use tauri::{AppHandle, Runtime, State};
use warifu_ipc::{
    requests::{AppearanceRequest, LockAfterRequest},
    views::{AppView, ErrorView, PasswordRatingView, SettingsView},
};
use warifu_session::Session;
use zeroize::Zeroizing;

use crate::{Shell, shell::ScanEnd, windows::renew_main};

/// Where the program stands.
#[tauri::command]
pub(crate) async fn app_state<R: Runtime>(app: AppHandle<R>, shell: State<'_, Shell>) -> Result<AppView, ErrorView> {
    view(&app, &shell, |_| Ok(())).await
}

/// Sets language and theme.
#[tauri::command]
pub(crate) async fn set_appearance(
    shell: State<'_, Shell>,
    request: AppearanceRequest,
) -> Result<SettingsView, ErrorView> {
    shell.with(move |session| Ok(session.set_appearance(request.language.into(), request.theme.into())?.into())).await
}

/// Sets the idle time after which the vault locks.
#[tauri::command]
pub(crate) async fn set_lock_after(
    shell: State<'_, Shell>,
    request: LockAfterRequest,
) -> Result<SettingsView, ErrorView> {
    shell.with(move |session| Ok(session.set_lock_after(request.minutes)?.into())).await
}

/// Rates a password as it is typed.
#[tauri::command]
pub(crate) async fn rate_password(shell: State<'_, Shell>, password: String) -> Result<PasswordRatingView, ErrorView> {
    let password = Zeroizing::new(password);
    shell.with(move |_| Ok(warifu_session::rate_password(&password).into())).await
}

/// Makes a new vault and leaves it open.
#[tauri::command]
pub(crate) async fn create_vault<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    password: String,
) -> Result<AppView, ErrorView> {
    let password = Zeroizing::new(password);
    view(&app, &shell, move |session| session.create(password)).await
}

/// Opens the vault.
#[tauri::command]
pub(crate) async fn unlock<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    password: String,
) -> Result<AppView, ErrorView> {
    let password = Zeroizing::new(password);
    view(&app, &shell, move |session| session.unlock(password)).await
}

/// Locks the vault.
#[tauri::command]
pub(crate) async fn lock<R: Runtime>(app: AppHandle<R>, shell: State<'_, Shell>) -> Result<AppView, ErrorView> {
    shell.end_scan(ScanEnd::Cancelled);
    let locked = view(&app, &shell, |session| {
        session.lock();
        Ok(())
    })
    .await;
    renew_main(&app);
    locked
}

/// Changes the master password.
#[tauri::command]
pub(crate) async fn change_password(
    shell: State<'_, Shell>,
    current: String,
    replacement: String,
) -> Result<(), ErrorView> {
    let (current, replacement) = (Zeroizing::new(current), Zeroizing::new(replacement));
    shell.with_unlocked(move |unlocked| unlocked.change_password(current, replacement)).await
}

/// Notes that the person is there.
#[tauri::command]
pub(crate) async fn report_activity(shell: State<'_, Shell>) -> Result<(), ErrorView> {
    shell
        .with(|session| {
            session.unlocked()?;
            session.report_activity();
            Ok(())
        })
        .await
}

/// Does something, then says where the program stands.
async fn view<R: Runtime>(
    app: &AppHandle<R>,
    shell: &Shell,
    work: impl FnOnce(&mut Session) -> Result<(), warifu_session::SessionError> + Send + 'static,
) -> Result<AppView, ErrorView> {
    let version = app.package_info().version.to_string();
    let system_language = shell.system_language;
    shell
        .with(move |session| {
            work(session)?;
            Ok(AppView {
                phase: session.phase().into(),
                settings: session.settings().into(),
                system_language,
                version,
                vault_path: session.vault_place(),
            })
        })
        .await
}
