//! The application.

mod error;

pub use error::{ErrorCode, SessionError};
