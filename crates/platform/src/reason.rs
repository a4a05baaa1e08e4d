//! What an error of the system says, without the path or content it was about.

use std::io;

use warifu_session::ports::StoreError;

pub(crate) fn io_error(error: &io::Error) -> StoreError {
    StoreError::Io { reason: reason(error) }
}

pub(crate) fn reason(error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(number) => format!("{}, OS error {number}", error.kind()),
        None => error.kind().to_string(),
    }
}
