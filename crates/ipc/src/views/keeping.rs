//! What keeps the vault: ways in, recovery key, backups.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AppView, ErrorView};

/// Whether the keyring of this machine may open the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum QuickUnlock {
    /// It was not asked for on this machine.
    Off,
    /// It may.
    Ready,
    /// It may again once the master password has been typed.
    PasswordDue,
}

/// A recovery key that was just made: the one view that shows a key, once, after the password was typed.
#[derive(Clone, Serialize, TS)]
pub struct RecoveryKeyView {
    /// Its groups, in order.
    pub groups: Vec<String>,
    /// Which of them have to be typed back, from 1.
    pub ask: Vec<u32>,
    /// When it was made, Unix time.
    #[ts(type = "number")]
    pub made_at: i64,
}

/// How far a recovery key has been typed.
#[derive(Debug, Clone, Serialize, TS)]
pub struct RecoveryTypedView {
    /// How many whole groups are right, from the first.
    pub groups_right: u32,
    /// Whether it is a whole key.
    pub complete: bool,
    /// What is wrong so far; null while it is only unfinished.
    pub error: Option<ErrorView>,
}

/// The ways into the open vault.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SecurityView {
    /// Whether a recovery key opens it.
    pub has_recovery_key: bool,
    /// When that was made, Unix time, where it is known.
    #[ts(type = "number | null")]
    pub recovery_made_at: Option<i64>,
    /// Whether quick unlock is on, on this machine.
    pub quick_unlock: bool,
    /// Whether this system has a keyring that answers.
    pub quick_unlock_available: bool,
    /// The keys in other keyrings that open the vault, by when each was let in, Unix time, where that is known.
    #[ts(type = "(number | null)[]")]
    pub other_keyrings: Vec<Option<i64>>,
    /// After how many days the password is asked for while it is on.
    pub password_every_days: u32,
    /// The hint to the password.
    pub hint: Option<String>,
}

/// What became of the older backups when the password was changed.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PasswordChangedView {
    /// How many open with the new password now.
    pub rewrapped: u32,
    /// How many were deleted.
    pub removed: u32,
    /// How many are as they were, because they could not be read or written.
    pub failed: u32,
}

/// Where a backup lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BackupPlace {
    /// In the folder beside the vault.
    Beside,
    /// In the second folder the person chose.
    Second,
}

/// How sound a backup is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BackupState {
    /// It was opened just now.
    Verified,
    /// Its digests are right; it was not opened.
    Intact,
    /// It is cut off, altered or not to be read.
    Damaged,
    /// It is intact, and the key of the open vault does not open it.
    Other,
}

/// One backup.
#[derive(Debug, Clone, Serialize, TS)]
pub struct BackupView {
    /// Where it lies.
    pub place: BackupPlace,
    /// The name of its file.
    pub name: String,
    /// When it was written, Unix time.
    #[ts(type = "number")]
    pub taken_at: i64,
    /// Its revision.
    #[ts(type = "number")]
    pub revision: u64,
    /// How many accounts it holds, where it was opened.
    pub accounts: Option<u32>,
    /// How sound it is.
    pub state: BackupState,
}

/// The backups, the newest first.
#[derive(Debug, Clone, Serialize, TS)]
pub struct BackupsView {
    /// The backups.
    pub backups: Vec<BackupView>,
    /// The folder beside the vault that holds them.
    pub folder: String,
    /// The second folder, if one was chosen.
    pub second_folder: Option<String>,
    /// Whether it is known to lie on the disk of the vault, and would be lost with it.
    pub second_shares_disk: bool,
    /// Why it has no copy of the newest revision.
    pub second_error: Option<ErrorView>,
    /// When a backup was last opened for practice, Unix time.
    #[ts(type = "number | null")]
    pub last_drill: Option<i64>,
}

/// What is in the vault's place when a chosen file is to become the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Here {
    /// No file.
    Nothing,
    /// The vault that the chosen file is a copy of. It stays; the chosen file is a way into it.
    SameVault,
    /// Another vault, or one that this version cannot judge. It is put aside only if the person says so.
    OtherVault,
    /// A file that cannot be used. It is put aside.
    Unusable,
}

/// A vault or backup file that was chosen. It was read and not opened.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ChosenFileView {
    /// Its name, without any folder.
    pub name: String,
    /// When it was written, as far as anyone can tell, Unix time.
    #[ts(type = "number | null")]
    pub written_at: Option<i64>,
    /// Its revision.
    #[ts(type = "number")]
    pub revision: u64,
    /// The hint to its password.
    pub hint: Option<String>,
    /// Whether a recovery key was made for it.
    pub has_recovery_key: bool,
    /// What is in the vault's place.
    pub here: Here,
}

/// The old vault was put aside.
#[derive(Debug, Clone, Serialize, TS)]
pub struct BegunAnewView {
    /// Where the program stands.
    pub app: AppView,
    /// What the old vault file is called now, in the same folder; none if there was no file.
    pub kept: Option<String>,
}

/// A backup that was opened for practice.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DrillView {
    /// Which.
    pub backup: BackupView,
    /// How many accounts are in it.
    pub accounts: u32,
}

/// How well a password withstands guessing.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PasswordRatingView {
    /// 0 (guessed at once) to 4 (very strong), by zxcvbn.
    pub score: u8,
    /// Time to guess it from a stolen vault: how many of `crack_time_unit`.
    #[ts(type = "number")]
    pub crack_time_amount: u64,
    /// The unit of `crack_time_amount`.
    pub crack_time_unit: TimeUnit,
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum TimeUnit {
    Seconds,
    Minutes,
    Hours,
    Days,
    Months,
    Years,
    Centuries,
}
