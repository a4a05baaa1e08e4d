//! The application: what a person can do with Warifu, whatever shell they do it from.
//!
//! A [`Session`] is locked or unlocked. Everything that needs the vault lives on [`Unlocked`], which only
//! [`Session::unlocked`] hands out: **there is no way to ask a locked session for a name or a code, and nothing is said
//! to be done before it is on the disk.**
//!
//! The operating system stands behind the small traits of [`ports`]. Deliberately absent: windows, files, the clipboard
//! and clocks themselves (`warifu-platform`), the wire to the page (`warifu-ipc`), sentences (the view's).
//!
//! ```
//! use warifu_session::{reading, ErrorCode};
//!
//! let reading = reading::read_payload("otpauth://totp/KOSMO:12345678?secret=GEZDGNBVGY3TQOJQ&issuer=KOSMO");
//! assert_eq!(reading.candidates[0].label.account_name, "12345678");
//!
//! let reading = reading::read_payload("https://example.org/");
//! assert_eq!(reading.refusals[0].error.code, ErrorCode::CodeIsWebLink);
//! ```

mod adding;
mod attempts;
mod backups;
mod camera;
mod candidates;
mod causes;
mod clipping;
mod error;
mod hint;
mod left_behind;
mod leftovers;
mod memory;
mod notices;
mod old_backups;
mod opening;
mod password;
mod pasting;
pub mod pictures;
pub mod ports;
mod quick_unlock;
pub mod reading;
mod recovery;
mod saving;
mod scanning;
mod search;
mod session;
mod settings;
mod taking_in;
mod taking_over;
mod trash;
mod unlocked;

pub use adding::{Added, Addition, Counts};
pub use backups::{BackupState, Backups, Soundness};
pub use camera::{CameraStart, Filming, Look};
pub use candidates::{CandidateId, Compared};
pub use clipping::{CLEAR_CLIPBOARD_AFTER, Clearing};
pub use error::{ErrorCode, SessionError};
pub use leftovers::{Leftovers, Settled};
pub use old_backups::{OldBackups, OldBackupsReport};
pub use opening::{Opened, Opening, Unlocking};
pub use password::{PasswordRating, rate_password};
pub use pasting::read_clipboard;
pub use quick_unlock::{QuickUnlock, keyring_answers};
pub use recovery::{ShownRecoveryKey, TypedRecoveryKey, check_recovery_key};
pub use scanning::{Monitor, Scan};
pub use session::{Door, Phase, Session, Tick};
pub use settings::{Language, Settings, Theme};
pub use taking_over::{ChosenFile, FileToTakeOver, Here, TakeOver, TakenOver};
pub use trash::{TRASH_DAYS, Trashed};
pub use unlocked::{Copying, Unlocked};
pub use warifu_otp as otp;
pub use warifu_scan as scan;
pub use warifu_vault::{EarlierVersion, Entry, EntryId, MergeReport};
