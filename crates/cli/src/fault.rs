//! How a call ends without its result.

use std::{collections::BTreeMap, io};

use warifu_session::{ErrorCode, SessionError};

/// The exit codes, a contract with scripts.
pub(crate) mod exit {
    pub(crate) const DONE: u8 = 0;
    pub(crate) const FAILED: u8 = 1;
    pub(crate) const USAGE: u8 = 2;
    pub(crate) const NOTHING_FOUND: u8 = 3;
    pub(crate) const WRONG_PASSWORD: u8 = 4;
    pub(crate) const NEEDS_PASSWORD: u8 = 5;
}

/// Why a call failed.
#[derive(Debug)]
pub(crate) enum Fault {
    /// With a sentence.
    Said(Cause),
    /// The standard output takes nothing more: there is nobody to tell.
    Output(io::Error),
}

/// Which sentence, what it fills in, and the exit code.
#[derive(Debug)]
pub(crate) struct Cause {
    pub(crate) code: &'static str,
    pub(crate) detail: BTreeMap<&'static str, String>,
    pub(crate) exit: u8,
}

impl Cause {
    /// A cause that only the command line knows; its sentence stands in `messages/`.
    pub(crate) fn own(code: &'static str, exit: u8) -> Cause {
        Cause { code, detail: BTreeMap::new(), exit }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Cause {
        self.detail.insert(name, value.to_string());
        self
    }
}

impl From<SessionError> for Cause {
    fn from(error: SessionError) -> Cause {
        let exit = match error.code {
            ErrorCode::NoCodeFound | ErrorCode::NoSuchEntry | ErrorCode::BackupNotFound => exit::NOTHING_FOUND,
            ErrorCode::WrongPassword | ErrorCode::BackupWrongPassword => exit::WRONG_PASSWORD,
            ErrorCode::PdfProtected => exit::NEEDS_PASSWORD,
            _ => exit::FAILED,
        };
        Cause { code: error.code.as_str(), detail: error.detail, exit }
    }
}

impl<E: Into<Cause>> From<E> for Fault {
    fn from(cause: E) -> Fault {
        Fault::Said(cause.into())
    }
}

impl From<ErrorCode> for Cause {
    fn from(code: ErrorCode) -> Cause {
        SessionError::new(code).into()
    }
}

/// A file that cannot be read, or written: the system's word without the path.
pub(crate) fn file_error(code: ErrorCode, error: &io::Error) -> SessionError {
    let reason = match error.raw_os_error() {
        Some(number) => format!("{}, OS error {number}", error.kind()),
        None => error.kind().to_string(),
    };
    SessionError::new(code).with("reason", reason)
}
