//! Other apps' files and codes, read into entries and written from them. **One module is one format.**
//!
//! **Foreign bytes become entries or a named reason, never a guess and never a panic: one bad entry loses no good one.** A
//! module checks its limits before it works, returns what it could read in the order of the source, and gives each entry that
//! it could not take a reason of its own, with its place and its name, so that a person can see what is missing.
//!
//! Deliberately absent: the vault (entries here have no identity yet), files and paths (bytes come in, bytes go out), the
//! search for duplicates (crate `session`), and the key URI itself (`warifu_otp::KeyUri`).
//!
//! ```
//! use warifu_exchange::google_migration;
//!
//! let part = google_migration::parse(
//!     "otpauth-migration://offline?data=ChwKCkhlbGxvId6tvu8SBmhhbmFrbxoGUG9ydGFsEAEYASAA",
//! )?;
//! assert_eq!((part.batch_index, part.batch_size), (0, 1));
//! let entry = &part.entries[0];
//! assert_eq!(entry.label.issuer.as_deref(), Some("Portal"));
//! assert_eq!(entry.label.account_name, "hanako");
//! assert!(entry.otp.is_ok());
//! # Ok::<(), google_migration::MigrationError>(())
//! ```

pub mod google_migration;
mod protobuf;
