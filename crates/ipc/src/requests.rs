//! What the page asks. Each type is the `request` argument of the command of the same verb.

use serde::Deserialize;
use ts_rs::TS;

use crate::views::{Kind, Language, Theme};

/// Sets language and theme. Allowed while locked: it is needed to read the lock screen.
#[derive(Debug, Deserialize, TS)]
pub struct AppearanceRequest {
    /// The language chosen, or the system's.
    pub language: Language,
    /// The theme chosen, or the system's.
    pub theme: Theme,
}

/// Sets the idle time after which the vault locks.
#[derive(Debug, Deserialize, TS)]
pub struct LockAfterRequest {
    /// Minutes without activity; 0 means never.
    pub minutes: u32,
}

/// A key typed or pasted by a person, or a whole `otpauth` line.
#[derive(Deserialize, TS)]
pub struct KeyRequest {
    /// The key in Base32 as typed, or an `otpauth://` line (then the fields below are ignored).
    pub text: String,
    /// The site's name; empty for none.
    pub issuer: String,
    /// The account's name at the site.
    pub account: String,
    /// What kind of code the key makes.
    pub kind: Kind,
    /// `SHA1`, `SHA256` or `SHA512`.
    pub algorithm: String,
    /// Digits of the code, 1 to 10.
    pub digits: u32,
    /// Seconds a code lives (TOTP).
    pub period: u32,
    /// The next counter (HOTP), as decimal text: JavaScript numbers cannot hold 64 bits.
    pub counter: String,
}

/// Adds a candidate to the vault.
#[derive(Debug, Deserialize, TS)]
pub struct AddRequest {
    /// Which candidate of which reading.
    pub candidate: String,
    /// The site's name as confirmed; empty for none.
    pub issuer: String,
    /// The account's name as confirmed.
    pub account: String,
    /// Add it although the same secret is in the vault already.
    pub even_if_present: bool,
    /// The entry whose key it replaces, instead of becoming an entry of its own.
    pub replaces: Option<String>,
}

/// What becomes of the backups that still open with the old password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OldBackups {
    /// They are sealed anew for the new one.
    Rewrap,
    /// They are deleted.
    Delete,
    /// They stay.
    Keep,
}

/// How an older copy in the vault's place is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RollbackAnswer {
    /// What only the newer backups hold is taken up.
    Merge,
    /// It stays as it is.
    Keep,
}

/// Renames an entry.
#[derive(Debug, Deserialize, TS)]
pub struct EditRequest {
    /// The entry.
    pub entry: String,
    /// The site's new name; empty for none.
    pub issuer: String,
    /// The account's new name.
    pub account: String,
}

/// Moves an entry within the list.
#[derive(Debug, Deserialize, TS)]
pub struct MoveRequest {
    /// The entry.
    pub entry: String,
    /// Its new place, counted from 0 in the whole list (not in a search result).
    pub to: u32,
}

/// A rectangle in the physical pixels of the frozen frame.
#[derive(Debug, Deserialize, TS)]
pub struct RegionRequest {
    /// Left edge.
    pub x: u32,
    /// Top edge.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}
