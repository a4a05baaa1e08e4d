//! The ports of [`warifu_session`] for real: files, keyring, clipboard, screens, clocks, and what the system says of itself.
//!
//! **The only place that touches the operating system; it decides nothing.** Whether a file may be replaced, when a code
//! leaves the clipboard and what is found on a screen is the session's to say.
//!
//! Deliberately absent: windows (the shell's) and the network (nobody's).
//!
//! ```
//! use warifu_platform::{FileVaultStore, default_vault_path};
//! use warifu_session::ports::VaultStore;
//!
//! let folder = std::env::temp_dir().join("warifu-doctest-of-nothing");
//! assert_eq!(FileVaultStore::new(folder.join("vault.warifu")).load(), Ok(None));
//! assert!(default_vault_path().is_none_or(|path| path.ends_with("vault.warifu")));
//! ```

mod atomic;
mod camera;
mod capture;
mod clipboard;
mod clock;
mod disk;
mod keyring;
mod pages;
mod panics;
mod pictures;
mod places;
mod reason;
mod settings;
mod store;

pub use atomic::write_new;
pub use camera::DesktopCamera;
pub use capture::{DesktopScreens, run_errand};
pub use clipboard::DesktopClipboard;
pub use clock::SystemClock;
pub use disk::read_limited;
pub use keyring::OsKeyring;
pub use pages::{DRAW_PAGES, draw_pages, pages_within};
pub use panics::print_panics_without_their_message;
pub use pictures::DiskPictures;
pub use places::{
    default_memory_path, default_settings_path, default_vault_path, downloads_folder, home_folder, system_language,
};
pub use settings::FileSettingsStore;
pub use store::{FileVaultStore, read_chosen_file};
