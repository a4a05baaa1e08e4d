//! Where this system keeps things, and what language it speaks.

use std::path::PathBuf;

use warifu_session::Language;

#[cfg(target_os = "linux")]
const FOLDER: &str = "warifu";
#[cfg(not(target_os = "linux"))]
const FOLDER: &str = "Warifu";

/// The vault file where nobody says otherwise: in the user's own data folder, which roams with the account where the
/// system roams. None if the system names no such folder.
pub fn default_vault_path() -> Option<PathBuf> {
    Some(dirs::data_dir()?.join(FOLDER).join("vault.warifu"))
}

/// The settings file.
pub fn default_settings_path() -> Option<PathBuf> {
    Some(dirs::config_dir()?.join(FOLDER).join("settings.json"))
}

/// What this machine remembers of its vaults; it stays on the machine where the vault roams.
pub fn default_memory_path() -> Option<PathBuf> {
    Some(dirs::state_dir().or_else(dirs::data_local_dir)?.join(FOLDER).join("memory.json"))
}

/// The user's own folder, if the system says.
pub fn home_folder() -> Option<PathBuf> {
    dirs::home_dir().filter(|folder| folder.is_dir())
}

/// Where browsers save pictures, if the system says.
pub fn downloads_folder() -> Option<PathBuf> {
    dirs::download_dir().filter(|folder| folder.is_dir())
}

/// The system's language, as far as Warifu speaks it: Japanese, or else English.
pub fn system_language() -> Language {
    match sys_locale::get_locale() {
        Some(locale) if locale.to_ascii_lowercase().starts_with("ja") => Language::Ja,
        _ => Language::En,
    }
}
