//! One-time codes and the key URI: HOTP (RFC 4226), TOTP (RFC 6238), Steam, and the `otpauth:` line that a QR code holds.
//!
//! **The same secret, parameters and time always give the same code, or an error said beforehand; never a guessed code.**
//! Whatever could make a code silently wrong (an unknown algorithm, a zero period, a stray character in a key, two
//! different secrets in one line) is refused with a typed error while parsing; once a value of these types exists,
//! deriving a code from it cannot fail, overflow or panic.
//!
//! Deliberately absent: a clock (time is an argument), randomness, files, any other app's format (crate `exchange`), Yandex
//! and mOTP codes, and every repair of malformed input.
//!
//! ```
//! use warifu_otp::{KeyUri, UnixTime};
//!
//! let uri = KeyUri::parse("otpauth://totp/Portal:hanako?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&digits=8")?;
//! assert_eq!(uri.label.issuer.as_deref(), Some("Portal"));
//! assert_eq!(uri.label.account_name, "hanako");
//!
//! // RFC 6238, appendix B.
//! let code = uri.otp.code_at(UnixTime::from_secs(59));
//! assert_eq!(code.expose_value(), "94287082");
//! # Ok::<(), warifu_otp::KeyUriError>(())
//! ```

mod code;
mod key_uri;
mod label;
mod otp;
mod parameters;
mod secret;
mod time;
mod truncation;

pub use code::{Code, Validity};
pub use key_uri::{KeyUri, KeyUriError, KeyUriOutline, MAX_KEY_URI_BYTES, UriParameter, reveal_key_uri};
pub use label::{Label, LabelPart, LabelTooLong, MAX_LABEL_CHARS};
pub use otp::{Hotp, MAX_VERIFY_WINDOW, Otp, OtpKind, Steam, Totp};
pub use parameters::{Algorithm, Counter, Digits, ParameterError};
pub use secret::{MAX_SECRET_BYTES, SecretError, SecretNotice, SharedSecret};
pub use time::{TimeStep, UnixTime};
