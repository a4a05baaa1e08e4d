//! Accounts: their codes, the trash, their history.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
#[derive(Clone, Serialize, TS)]
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
    /// Whether it had the same key with other settings: kind, algorithm, digits or period.
    pub other_settings: bool,
    /// The code that this key makes now, by which keys are told apart; null for the key of now, and for counter-based ones,
    /// whose codes cost a step.
    pub code: Option<CodeView>,
    /// Its parameters then.
    pub parameters: ParametersView,
}

/// What an account was before, the latest first.
#[derive(Clone, Serialize, TS)]
pub struct HistoryView {
    /// The earlier versions.
    pub items: Vec<HistoryItemView>,
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
