//! A code and the time it is good for.

use std::fmt;

use zeroize::Zeroizing;

use crate::{Counter, UnixTime};

/// When a code is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// TOTP and Steam: from `valid_from` to just before `valid_until`, which is `valid_from` plus the time step.
    ///
    /// Both are held within `i64`: in the first and last step of representable time an end is cut off.
    Interval {
        /// First second of the code.
        valid_from: UnixTime,
        /// First second of the next code.
        valid_until: UnixTime,
    },
    /// HOTP: until it is used; the counter it belongs to.
    Counter(Counter),
}

/// A one-time code: its characters, without spaces, and when it is valid. Wiped when dropped, redacted in `Debug`.
pub struct Code {
    value: Zeroizing<String>,
    /// When it is valid.
    pub validity: Validity,
}

impl Code {
    pub(crate) fn new(value: Zeroizing<String>, validity: Validity) -> Self {
        Self { value, validity }
    }

    /// The characters to type: decimal digits, for Steam five of `23456789BCDFGHJKMNPQRTVWXY`.
    #[must_use]
    pub fn expose_value(&self) -> &str {
        &self.value
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Code").field("validity", &self.validity).finish_non_exhaustive()
    }
}
