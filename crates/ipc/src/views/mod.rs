//! What the page is told. No view has a field for an account's secret or a password. One shows a key: a recovery key that was
//! just made ([`RecoveryKeyView`]), because the person has to write it down.

mod accounts;
mod keeping;
mod readings;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use self::{accounts::*, keeping::*, readings::*};

/// The language of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// As the system is set.
    System,
    /// Japanese.
    Ja,
    /// English.
    En,
}

/// The colours of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system is set.
    System,
    /// Ink on paper.
    Light,
    /// Paper on ink.
    Dark,
}

/// Where the program stands. It decides the screen.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum PhaseView {
    /// There is no vault yet and no trace of one.
    FirstStart,
    /// There is a vault, locked.
    Locked {
        /// Whether the keyring of this machine may be asked.
        quick_unlock: QuickUnlock,
        /// The hint to the password.
        hint: Option<String>,
        /// Whether a recovery key was made.
        has_recovery_key: bool,
    },
    /// The vault is open.
    Unlocked,
    /// There is a vault file, and it cannot be used; or there are only backups of one. Nothing is touched.
    Unreadable {
        /// Why.
        error: ErrorView,
    },
}

/// The whole of what the page must know to draw its first screen.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AppView {
    /// Where the program stands.
    pub phase: PhaseView,
    /// The settings in force.
    pub settings: SettingsView,
    /// The system's language: `ja` or `en`.
    pub system_language: Language,
    /// The program's version.
    pub version: String,
    /// Where the vault file is.
    pub vault_path: String,
    /// What the person should be told, the newest last.
    pub notices: Vec<NoticeView>,
    /// Whether the desktop will ask the person before it shows us the screen.
    pub scan_asks: bool,
}

/// Something to be told without having been asked; shown until it is put away. The sentence is the page's, as of an error.
#[derive(Debug, Clone, Serialize, TS)]
pub struct NoticeView {
    /// Which sentence.
    #[ts(type = "ErrorCode")]
    pub code: String,
    /// What the sentence has to fill in.
    #[ts(type = "Record<string, string>")]
    pub detail: BTreeMap<String, String>,
}

/// The settings in force.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SettingsView {
    /// The language chosen, or the system's.
    pub language: Language,
    /// The theme chosen, or the system's.
    pub theme: Theme,
    /// Minutes without activity until the vault locks; 0 means never.
    pub lock_after_minutes: u32,
    /// Seconds after which a copied code is cleared from the clipboard.
    pub clear_clipboard_after_seconds: u32,
}

/// What went wrong. The sentence is the page's: `ui/src/messages/errors.*.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ErrorView {
    /// Which sentence.
    #[ts(type = "ErrorCode")]
    pub code: String,
    /// What the sentence has to fill in.
    #[ts(type = "Record<string, string>")]
    pub detail: BTreeMap<String, String>,
}
