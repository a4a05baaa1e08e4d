//! What was read, from where, and what became of it.

use serde::Serialize;
use ts_rs::TS;

use super::{EntryView, ErrorView, Kind, Language, ParametersView};

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
    /// Whether its codes say by a number which export they are of. Where not, those of another export would look the same.
    pub numbered: bool,
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
    /// The entry that has the same key already: the same secret, kind, algorithm, digits and period.
    pub present_as: Option<EntryView>,
    /// Where there is none: the entry that has the same secret with other settings. Adding it beside that one is allowed.
    pub same_secret: Option<EntryView>,
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
    /// It cannot be used as it is, and taking it opens a form with all that could be read.
    pub form: bool,
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
