//! Commands about the vault as a whole: where the program stands, making it, opening it, locking it, its settings.

use tauri::{AppHandle, Runtime, State, async_runtime::spawn_blocking};
use warifu_guard::on_clean_stack;
use warifu_ipc::{
    requests::{AppearanceRequest, LockAfterRequest, RollbackAnswer},
    views::{AppView, ErrorView, PasswordRatingView, RecoveryTypedView, SettingsView},
};
use warifu_session::{ErrorCode, Phase, Session, SessionError, Unlocking};
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
    hint: String,
) -> Result<AppView, ErrorView> {
    let password = Zeroizing::new(password);
    view(&app, &shell, move |session| session.create(password, &hint)).await
}

/// Opens the vault.
#[tauri::command]
pub(crate) async fn unlock<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    password: String,
) -> Result<AppView, ErrorView> {
    open(&app, &shell, Unlocking::Password(password.into())).await
}

/// Opens the vault by the keyring of this machine.
#[tauri::command]
pub(crate) async fn quick_unlock<R: Runtime>(app: AppHandle<R>, shell: State<'_, Shell>) -> Result<AppView, ErrorView> {
    open(&app, &shell, Unlocking::Keyring).await
}

/// Opens the vault by its recovery key, and sets a new password.
#[tauri::command]
pub(crate) async fn recover<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    key: String,
    replacement: String,
    hint: String,
) -> Result<AppView, ErrorView> {
    open(&app, &shell, Unlocking::Recovery { key: key.into(), replacement: replacement.into(), hint }).await
}

/// Looks at a recovery key as it is typed.
#[tauri::command]
pub(crate) async fn check_recovery_key(text: String) -> Result<RecoveryTypedView, ErrorView> {
    let text = Zeroizing::new(text);
    Ok(warifu_session::check_recovery_key(&text).into())
}

/// Gives an unlocking up that is under way.
#[tauri::command]
pub(crate) async fn cancel_unlock(shell: State<'_, Shell>) -> Result<(), ErrorView> {
    shell.unlockings.cancel();
    Ok(())
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

/// Settles that an older copy stands in the vault's place.
#[tauri::command]
pub(crate) async fn resolve_rollback<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    how: RollbackAnswer,
) -> Result<AppView, ErrorView> {
    view(&app, &shell, move |session| session.unlocked()?.resolve_rollback(how.merges())).await
}

/// Puts a notice away.
#[tauri::command]
pub(crate) async fn dismiss_notice<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    code: String,
) -> Result<AppView, ErrorView> {
    view(&app, &shell, move |session| {
        session.unlocked()?.dismiss_notice(&code);
        Ok(())
    })
    .await
}

/// Opens the vault: the key is derived away from the session, and the person may give up meanwhile. What comes of a given-up
/// derivation is dropped, and with that wiped.
async fn open<R: Runtime>(app: &AppHandle<R>, shell: &Shell, unlocking: Unlocking) -> Result<AppView, ErrorView> {
    let (sender, mut outcome) = tauri::async_runtime::channel(2);
    // First of all: a person may be quick.
    shell.unlockings.begin(sender.clone());
    let opening = shell.with(move |session| session.begin_unlock(unlocking)).await;
    let opening = opening.inspect_err(|_| shell.unlockings.end())?;
    tauri::async_runtime::spawn(async move {
        let ended_early = |_| SessionError::new(ErrorCode::Unexpected).with("reason", "a task ended early");
        let _ = sender.try_send(spawn_blocking(|| on_clean_stack(|| opening.run())).await.map_err(ended_early));
    });
    let opened = outcome.recv().await.unwrap_or_else(|| Err(ErrorCode::Cancelled.into()));
    shell.unlockings.end();
    let opened = opened?;
    view(app, shell, move |session| session.finish_unlock(opened)).await
}

/// Does something, then says where the program stands.
pub(crate) async fn view<R: Runtime>(
    app: &AppHandle<R>,
    shell: &Shell,
    work: impl FnOnce(&mut Session) -> Result<(), SessionError> + Send + 'static,
) -> Result<AppView, ErrorView> {
    let version = app.package_info().version.to_string();
    let system_language = shell.system_language;
    shell
        .with(move |session| {
            work(session)?;
            let phase = session.phase();
            let notices = if phase == Phase::Unlocked { session.unlocked()?.notices() } else { Vec::new() };
            Ok(AppView {
                phase: phase.into(),
                settings: session.settings().into(),
                system_language,
                version,
                vault_path: session.vault_place(),
                notices: notices.into_iter().map(Into::into).collect(),
                scan_asks: false,
            })
        })
        .await
}
