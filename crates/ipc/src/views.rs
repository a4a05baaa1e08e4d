//! What the page is told. No view has a field for an account's secret or a password. One shows a key: a recovery key that was
//! just made ([`RecoveryKeyView`]), because the person has to write it down.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

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

/// What kind of code an entry makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Time-based, RFC 6238.
    Totp,
    /// Counter-based, RFC 4226.
    Hotp,
    /// Steam Guard.
    Steam,
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

/// A deleted account that is still in the vault.
#[derive(Debug, Clone, Serialize, TS)]
pub struct TrashedView {
    /// The account.
    pub entry: EntryView,
    /// When it was deleted, Unix time.
    #[ts(type = "number")]
    pub deleted_at: i64,
    /// Days until it is removed for good.
    pub days_left: u32,
}

/// The trash, the latest first.
#[derive(Debug, Clone, Serialize, TS)]
pub struct TrashView {
    /// What is in it.
    pub entries: Vec<TrashedView>,
    /// For how many days things stay in it.
    pub keep_days: u32,
}

/// What an account was before.
#[derive(Debug, Clone, Serialize, TS)]
pub struct HistoryItemView {
    /// Its place in the history, 0 the latest.
    pub index: u32,
    /// Until when it was so, Unix time.
    #[ts(type = "number")]
    pub until: i64,
    /// The site's name then.
    pub issuer: Option<String>,
    /// The account's name then.
    pub account: String,
    /// Whether it had another name than now.
    pub other_name: bool,
    /// Whether it had another key than now.
    pub other_key: bool,
    /// Its parameters then.
    pub parameters: ParametersView,
}

/// What an account was before, the latest first.
#[derive(Debug, Clone, Serialize, TS)]
pub struct HistoryView {
    /// The earlier versions.
    pub items: Vec<HistoryItemView>,
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

/// Something mildly wrong with an entry, worth a word in its details.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// The secret is shorter than the 128 bits RFC 4226 asks for.
    ShortSecret,
    /// The key's length is one no Base32 encoder writes: perhaps a character is missing.
    UnusualKeyLength,
    /// The line did not say its counter, and 0 was taken: the first codes may be refused.
    CounterMissing,
    /// Issuer or account holds invisible or direction-changing characters.
    HiddenCharacters,
}

/// The parameters of an entry.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ParametersView {
    /// What kind of code it makes.
    pub kind: Kind,
    /// `SHA1`, `SHA256` or `SHA512`.
    pub algorithm: String,
    /// Length of the code.
    pub digits: u8,
    /// Seconds a code lives (TOTP and Steam).
    pub period: Option<u32>,
    /// The next counter (HOTP), as decimal text.
    pub counter: Option<String>,
    /// Length of the secret in bits.
    pub secret_bits: u32,
    /// Mild warnings.
    pub warnings: Vec<Warning>,
    /// The issuer in the label, where it disagrees with the issuer parameter.
    pub issuer_in_label: Option<String>,
}

/// One account of the list.
#[derive(Debug, Clone, Serialize, TS)]
pub struct EntryView {
    /// Its identifier.
    pub id: String,
    /// The site's name.
    pub issuer: Option<String>,
    /// The account's name at the site.
    pub account: String,
    /// Its parameters.
    pub parameters: ParametersView,
    /// The account it was kept beside when two copies of the vault had different keys for it.
    pub conflict_of: Option<String>,
    /// Whether it was something else before.
    pub has_history: bool,
}

/// The list, in the person's order.
#[derive(Debug, Clone, Serialize, TS)]
pub struct EntriesView {
    /// The entries that match the search.
    pub entries: Vec<EntryView>,
    /// How many entries there are in all.
    pub total: u32,
    /// How many entries of the vault this version cannot understand. They are kept.
    pub unreadable: u32,
}

/// A code and when it is valid.
#[derive(Clone, Serialize, TS)]
pub struct CodeView {
    /// The entry or the candidate.
    pub entry: String,
    /// The code: no spaces.
    pub code: String,
    /// First second it is valid, Unix time; null for counter-based codes.
    #[ts(type = "number | null")]
    pub valid_from: Option<i64>,
    /// First second it is not valid any more, Unix time; null for counter-based codes.
    #[ts(type = "number | null")]
    pub valid_until: Option<i64>,
}

/// The codes of all time-based entries, and the clock they were made by.
#[derive(Clone, Serialize, TS)]
pub struct CodesView {
    /// The wall clock when the codes were derived, in Unix milliseconds: the page animates from it.
    #[ts(type = "number")]
    pub now_ms: i64,
    /// One code an entry.
    pub codes: Vec<CodeView>,
}

/// What came of copying a code.
#[derive(Clone, Serialize, TS)]
pub struct CopiedView {
    /// The code now on the clipboard; null if it was about to die and nothing was copied.
    pub code: Option<CodeView>,
    /// When the next code begins, Unix time: ask again then.
    #[ts(type = "number | null")]
    pub next_at: Option<i64>,
    /// Seconds after which it is cleared if it is still there.
    pub clear_after_seconds: u32,
}

/// Where a reading came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The frozen screen.
    Screen,
    /// A picture file.
    Picture,
    /// What was on the clipboard.
    Clipboard,
    /// The camera.
    Camera,
    /// A typed key.
    Text,
}

/// What was read: accounts that may be added, and codes that cannot be used.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ReadingView {
    /// Its number: a later reading takes its place.
    pub number: u32,
    /// Where from.
    pub source: Source,
    /// The person left without choosing.
    pub cancelled: bool,
    /// Accounts that may be added.
    pub candidates: Vec<CandidateView>,
    /// What was found and cannot be used.
    pub refusals: Vec<RefusalView>,
    /// The exports of several parts that it holds parts of.
    pub exports: Vec<ExportView>,
}

/// Something that cannot be used, and why.
#[derive(Debug, Clone, Serialize, TS)]
pub struct RefusalView {
    /// Why.
    pub error: ErrorView,
    /// What it is about: the name of a file, without its folder, or of an account in an export.
    pub name: Option<String>,
    /// What could be read of a damaged key URI, to begin a form with.
    pub form: Option<FormView>,
}

/// A key form, filled in but for the key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FormView {
    /// The site's name; empty for none.
    pub issuer: String,
    /// The account's name.
    pub account: String,
    /// What kind of code the key makes.
    pub kind: Kind,
    /// `SHA1`, `SHA256` or `SHA512`.
    pub algorithm: String,
    /// Digits of the code.
    pub digits: u32,
    /// Seconds a code lives (TOTP).
    pub period: u32,
    /// The next counter (HOTP), as decimal text.
    pub counter: String,
}

/// An export of Google Authenticator that consists of several codes, as far as it has been read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ExportView {
    /// How many codes it consists of.
    pub parts: u32,
    /// Which have been read, from 1.
    pub have: Vec<u32>,
    /// Which have not, from 1.
    pub missing: Vec<u32>,
    /// How many accounts were read so far.
    pub accounts: u32,
}

/// An account that may be added. Its secret stays behind.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CandidateView {
    /// Which candidate of which reading. Only ever handed back.
    pub id: String,
    /// The site's name as read.
    pub issuer: Option<String>,
    /// The account's name as read.
    pub account: String,
    /// Its parameters.
    pub parameters: ParametersView,
    /// The entry that has the same secret already.
    pub present_as: Option<EntryView>,
    /// The entry of the same issuer and account with another key: the site may have given out a new one.
    pub same_account: Option<EntryView>,
    /// Which of the reading's exports it belongs to.
    pub export: Option<u32>,
    /// An earlier candidate of the reading with the same key under another name. Adding both needs `even_if_present`.
    pub same_key_as: Option<String>,
}

/// What came of adding.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AddedView {
    /// The entries, in the order they were asked for.
    pub entries: Vec<String>,
    /// How many of them are new.
    pub added: u32,
    /// How many of them were there, and got another key.
    pub replaced: u32,
    /// How many of them were found, with the same key, in the vault file as it was read back from the disk.
    pub saved: u32,
    /// How many accounts that file holds, without the trash.
    pub total: u32,
    /// Picture files of which every key is in the vault now, and that may be deleted.
    pub pictures: Vec<PictureView>,
    /// What was pasted was still on the clipboard, and was taken off it.
    pub clipboard_cleared: bool,
}

/// A picture file that holds keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PictureView {
    /// Only ever handed back.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its folder.
    pub folder: String,
}

/// What came of deleting picture files.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DeletedView {
    /// The names of those that are gone.
    pub deleted: Vec<String>,
    /// Those that are still there, and why.
    pub kept: Vec<RefusalView>,
}

/// The camera that was switched on.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CameraView {
    /// Its name.
    pub name: String,
    /// Width of its pictures in pixels.
    pub width: u32,
    /// Height of its pictures in pixels.
    pub height: u32,
}

/// What came of one look through the camera.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CameraLookView {
    /// What was found, if there were codes. Then the camera is off, and there is no preview.
    pub reading: Option<ReadingView>,
    /// There is only a part of an export that was read before. The camera is on, and there is no preview.
    pub known: bool,
    /// Width of the preview; `camera_preview` gives width × height × 4 bytes of RGBA.
    pub width: u32,
    /// Height of the preview.
    pub height: u32,
}

/// A picture was dropped on the window: the reading, or why there is none.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DroppedView {
    /// What was read.
    pub reading: Option<ReadingView>,
    /// Why nothing was read.
    pub error: Option<ErrorView>,
}

/// The frozen picture of one monitor.
#[derive(Debug, Clone, Serialize, TS)]
pub struct FrameView {
    /// Width in physical pixels. `frame_pixels` gives width × height × 4 bytes of RGBA.
    pub width: u32,
    /// Height in physical pixels.
    pub height: u32,
    /// The codes found on it.
    pub codes: Vec<FrameCodeView>,
    /// Whether this is the monitor that shows the hint.
    pub primary: bool,
    /// The language in force: `ja` or `en`.
    pub language: Language,
}

/// A code found on the frozen picture.
#[derive(Debug, Clone, Serialize, TS)]
pub struct FrameCodeView {
    /// Its number on this monitor.
    pub index: u32,
    /// Its corners in physical pixels, clockwise from the code's own top left.
    pub corners: [[f32; 2]; 4],
    /// Issuer and account of each account in it.
    pub labels: Vec<FrameLabelView>,
    /// Why it cannot be used.
    pub error: Option<ErrorView>,
}

/// Issuer and account of a code on the frozen picture.
#[derive(Debug, Clone, Serialize, TS)]
pub struct FrameLabelView {
    /// The site's name.
    pub issuer: Option<String>,
    /// The account's name.
    pub account: String,
}

/// What came of a box dragged on the frozen picture.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PickedView {
    /// Whether a code was found in it. Then the frozen picture closes.
    pub found: bool,
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
