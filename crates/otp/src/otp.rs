//! The three kinds of one-time password, and what can be asked of them.

use subtle::ConstantTimeEq;

use crate::truncation;
use crate::{Algorithm, Code, Counter, Digits, SharedSecret, TimeStep, UnixTime, Validity};

/// Widest window [`Otp::verify`] searches, in steps to each side; a wider one is taken as this. At 30 s it is
/// more than three days: beyond that a match says nothing, and the work must have an end.
pub const MAX_VERIFY_WINDOW: u64 = 10_000;

/// A time-based one-time password (RFC 6238).
#[derive(Debug)]
pub struct Totp {
    /// The secret shared with the site.
    pub secret: SharedSecret,
    /// Hash under the HMAC.
    pub algorithm: Algorithm,
    /// Length of a code.
    pub digits: Digits,
    /// Life of a code.
    pub time_step: TimeStep,
}

/// A counter-based one-time password (RFC 4226).
#[derive(Debug)]
pub struct Hotp {
    /// The secret shared with the site.
    pub secret: SharedSecret,
    /// Hash under the HMAC. RFC 4226 knows SHA-1 only; the key URI allows all three.
    pub algorithm: Algorithm,
    /// Length of a code.
    pub digits: Digits,
    /// Counter of the next code to be shown.
    pub counter: Counter,
}

/// A Steam Guard code: TOTP with SHA-1 and 30 s, written as 5 characters of Steam's own alphabet.
#[derive(Debug)]
pub struct Steam {
    /// The secret shared with Steam.
    pub secret: SharedSecret,
}

/// A one-time password of any kind.
#[derive(Debug)]
pub enum Otp {
    /// Time-based.
    Totp(Totp),
    /// Counter-based.
    Hotp(Hotp),
    /// Steam Guard.
    Steam(Steam),
}

/// Which kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OtpKind {
    /// Time-based.
    Totp,
    /// Counter-based.
    Hotp,
    /// Steam Guard.
    Steam,
}

impl OtpKind {
    /// The type in a key URI: `totp`, `hotp` or `steam`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Hotp => "hotp",
            Self::Steam => "steam",
        }
    }
}

impl Otp {
    /// Which kind it is.
    #[must_use]
    pub const fn kind(&self) -> OtpKind {
        match self {
            Self::Totp(_) => OtpKind::Totp,
            Self::Hotp(_) => OtpKind::Hotp,
            Self::Steam(_) => OtpKind::Steam,
        }
    }

    /// The shared secret.
    #[must_use]
    pub const fn secret(&self) -> &SharedSecret {
        match self {
            Self::Totp(totp) => &totp.secret,
            Self::Hotp(hotp) => &hotp.secret,
            Self::Steam(steam) => &steam.secret,
        }
    }

    /// Hash under the HMAC; SHA-1 for Steam.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Totp(totp) => totp.algorithm,
            Self::Hotp(hotp) => hotp.algorithm,
            Self::Steam(_) => Algorithm::Sha1,
        }
    }

    /// Length of a code in characters; 5 for Steam.
    #[must_use]
    pub fn digits(&self) -> Digits {
        match self {
            Self::Totp(totp) => totp.digits,
            Self::Hotp(hotp) => hotp.digits,
            Self::Steam(_) => Digits::STEAM,
        }
    }

    /// Life of a code: 30 s for Steam, none for HOTP.
    #[must_use]
    pub const fn time_step(&self) -> Option<TimeStep> {
        match self {
            Self::Totp(totp) => Some(totp.time_step),
            Self::Hotp(_) => None,
            Self::Steam(_) => Some(TimeStep::DEFAULT),
        }
    }

    /// Counter of the next code, for HOTP.
    #[must_use]
    pub const fn counter(&self) -> Option<Counter> {
        match self {
            Self::Hotp(hotp) => Some(hotp.counter),
            Self::Totp(_) | Self::Steam(_) => None,
        }
    }

    /// Sets the counter of the next code. Returns whether there is one: `false` and unchanged for TOTP and Steam.
    #[must_use = "false means that this kind has no counter"]
    pub fn set_counter(&mut self, counter: Counter) -> bool {
        match self {
            Self::Hotp(hotp) => {
                hotp.counter = counter;
                true
            }
            Self::Totp(_) | Self::Steam(_) => false,
        }
    }

    /// Whether both make the same codes: secret, kind and every parameter are the same, and the counter too.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let parameters = |otp: &Self| (otp.kind(), otp.algorithm(), otp.digits(), otp.time_step(), otp.counter());
        parameters(self) == parameters(other) && self.secret().is_same(other.secret())
    }

    /// The same with a second copy of the secret; see [`SharedSecret::duplicate`].
    #[must_use]
    pub fn duplicate(&self) -> Self {
        let secret = self.secret().duplicate();
        match self {
            Self::Totp(totp) => Self::Totp(Totp { secret, ..*totp }),
            Self::Hotp(hotp) => Self::Hotp(Hotp { secret, ..*hotp }),
            Self::Steam(_) => Self::Steam(Steam { secret }),
        }
    }

    /// The code valid at `at`. HOTP ignores the time and uses its counter.
    ///
    /// The time is floored to its step, also before 1970, where the step number is negative and enters the HMAC as two's
    /// complement; so a code changes exactly when its step begins and never half a step early.
    #[must_use]
    pub fn code_at(&self, at: UnixTime) -> Code {
        match self.time_step() {
            None => {
                let counter = self.counter().unwrap_or_default();
                Code::new(self.value_of(counter.get()), Validity::Counter(counter))
            }
            Some(time_step) => {
                let step = time_step.step_of(at);
                let (valid_from, valid_until) = time_step.interval_of(step);
                Code::new(self.value_of(step as u64), Validity::Interval { valid_from, valid_until })
            }
        }
    }

    /// Searches the step whose code is `code`, up to `window` steps away: 0 is the one of `at`, negative is earlier.
    ///
    /// The nearest step wins; at equal distance the earlier, since codes are typed late rather than early. HOTP looks
    /// only ahead of its counter (RFC 4226, section 7.4): a used code never becomes right again. Windows wider than
    /// [`MAX_VERIFY_WINDOW`] are taken as that. The code must be exactly as shown; spaces are the caller's decision. Each
    /// comparison takes the same time whatever it finds.
    #[must_use]
    pub fn verify(&self, code: &str, at: UnixTime, window: u64) -> Option<i64> {
        let window = window.min(MAX_VERIFY_WINDOW) as i64;
        let matches = |counter: u64| bool::from(self.value_of(counter).as_bytes().ct_eq(code.as_bytes()));
        match self.time_step() {
            None => {
                let first = self.counter().unwrap_or_default().get();
                (0..=window).find(|&ahead| first.checked_add_signed(ahead).is_some_and(matches))
            }
            Some(time_step) => {
                let here = time_step.step_of(at);
                let near = (0..=window).flat_map(|distance| [-distance, distance]);
                near.into_iter().find(|&offset| here.checked_add(offset).is_some_and(|step| matches(step as u64)))
            }
        }
    }

    fn value_of(&self, counter: u64) -> zeroize::Zeroizing<String> {
        match self {
            Self::Totp(Totp { secret, algorithm, digits, .. }) | Self::Hotp(Hotp { secret, algorithm, digits, .. }) => {
                truncation::decimal(secret, *algorithm, counter, *digits)
            }
            Self::Steam(Steam { secret }) => truncation::steam(secret, counter),
        }
    }
}
