//! Commands about the ways into the vault: password, recovery key, quick unlock, hint.

use tauri::{State, async_runtime::spawn_blocking};
use warifu_ipc::{
    convert::security_view,
    requests::OldBackups,
    views::{ErrorView, PasswordChangedView, RecoveryKeyView, SecurityView},
};
use warifu_session::{SessionError, Unlocked, keyring_answers};
use zeroize::Zeroizing;

use crate::Shell;

/// The ways into the vault.
#[tauri::command]
pub(crate) async fn security(shell: State<'_, Shell>) -> Result<SecurityView, ErrorView> {
    change(&shell, |_| Ok(())).await
}

/// Changes the master password.
#[tauri::command]
pub(crate) async fn change_password(
    shell: State<'_, Shell>,
    current: String,
    replacement: String,
    hint: String,
    old_backups: OldBackups,
) -> Result<PasswordChangedView, ErrorView> {
    let (current, replacement) = (Zeroizing::new(current), Zeroizing::new(replacement));
    shell
        .with_unlocked(move |unlocked| {
            Ok(unlocked.change_password(current, replacement, &hint, old_backups.into())?.into())
        })
        .await
}

/// Sets the hint.
#[tauri::command]
pub(crate) async fn set_hint(
    shell: State<'_, Shell>,
    hint: String,
    password: String,
) -> Result<SecurityView, ErrorView> {
    let password = Zeroizing::new(password);
    change(&shell, move |unlocked| unlocked.set_hint(&hint, password)).await
}

/// Makes a recovery key and shows it, once.
#[tauri::command]
pub(crate) async fn begin_recovery_key(
    shell: State<'_, Shell>,
    password: Option<String>,
) -> Result<RecoveryKeyView, ErrorView> {
    let password = password.map(Zeroizing::new);
    shell.with_unlocked(move |unlocked| Ok(unlocked.begin_recovery_key(password)?.into())).await
}

/// Takes the recovery key into the vault, if the groups asked for were typed back.
#[tauri::command]
pub(crate) async fn confirm_recovery_key(
    shell: State<'_, Shell>,
    groups: Vec<String>,
) -> Result<SecurityView, ErrorView> {
    let groups: Vec<_> = groups.into_iter().map(Zeroizing::new).collect();
    change(&shell, move |unlocked| unlocked.confirm_recovery_key(&groups)).await
}

/// Forgets a recovery key that was made and not confirmed.
#[tauri::command]
pub(crate) async fn cancel_recovery_key(shell: State<'_, Shell>) -> Result<(), ErrorView> {
    shell
        .with_unlocked(|unlocked| {
            unlocked.cancel_recovery_key();
            Ok(())
        })
        .await
}

/// Takes the recovery key out of the vault.
#[tauri::command]
pub(crate) async fn remove_recovery_key(shell: State<'_, Shell>, password: String) -> Result<SecurityView, ErrorView> {
    let password = Zeroizing::new(password);
    change(&shell, move |unlocked| unlocked.remove_recovery_key(password)).await
}

/// Switches quick unlock on or off.
#[tauri::command]
pub(crate) async fn set_quick_unlock(
    shell: State<'_, Shell>,
    on: bool,
    password: String,
) -> Result<SecurityView, ErrorView> {
    let password = Zeroizing::new(password);
    change(
        &shell,
        move |unlocked| {
            if on { unlocked.switch_quick_unlock_on(password) } else { unlocked.switch_quick_unlock_off() }
        },
    )
    .await
}

/// Takes the keys out of the vault that lie in other keyrings than this machine's.
#[tauri::command]
pub(crate) async fn remove_other_keyrings(
    shell: State<'_, Shell>,
    password: String,
) -> Result<SecurityView, ErrorView> {
    let password = Zeroizing::new(password);
    change(&shell, move |unlocked| unlocked.remove_other_keyrings(password)).await
}

/// Practises the master password.
#[tauri::command]
pub(crate) async fn rehearse(shell: State<'_, Shell>, password: String) -> Result<(), ErrorView> {
    let password = Zeroizing::new(password);
    shell.with_unlocked(move |unlocked| unlocked.rehearse(password)).await
}

/// Does something, then says which ways there are.
async fn change(
    shell: &Shell,
    work: impl FnOnce(&mut Unlocked<'_>) -> Result<(), SessionError> + Send + 'static,
) -> Result<SecurityView, ErrorView> {
    let keys = shell
        .with(move |session| {
            work(&mut session.unlocked()?)?;
            Ok(session.ports().keys.clone())
        })
        .await?;
    // Away from the session: a keyring that hangs keeps no code waiting.
    let available = spawn_blocking(move || keyring_answers(&*keys)).await.unwrap_or(false);
    shell.with_unlocked(move |unlocked| Ok(security_view(unlocked, available))).await
}
