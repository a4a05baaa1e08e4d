//! What crosses to the webview: views, requests, error codes.
//!
//! **No type of this crate can carry an account's secret out.** A secret comes in once, in a [`requests::KeyRequest`] or a
//! password argument, and none of the views has a field for one. The one key that is shown, because it has to be written down, is
//! a recovery key that was just made ([`views::RecoveryKeyView`]).
//!
//! The TypeScript of these types is generated: `cargo xtask bindings` writes `ui/src/ipc/bindings.ts`, and a test compares.

pub mod convert;
pub mod requests;
pub mod typescript;
pub mod views;
