//! Moments and the steps they are counted in (RFC 6238, section 4.1: T0 is always 0 here, as in every key URI).

use crate::ParameterError;

/// A moment: whole seconds since 1970-01-01T00:00:00Z, negative before it. Leap seconds do not count, as in POSIX.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime(i64);

impl UnixTime {
    /// The moment `secs` seconds after (or, negative, before) the epoch.
    #[must_use]
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs)
    }

    /// Seconds since the epoch.
    #[must_use]
    pub const fn as_secs(self) -> i64 {
        self.0
    }
}

/// How long one code lives: RFC 6238's X, the wire's `period`. 1 s to `u32::MAX` s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeStep(u32);

impl TimeStep {
    /// 30 seconds: what a key URI without `period` means.
    pub const DEFAULT: Self = Self(30);

    /// A step of `secs` seconds.
    ///
    /// # Errors
    /// [`ParameterError::TimeStepOutOfRange`] for 0 and for more than `u32::MAX`.
    pub fn from_secs(secs: u64) -> Result<Self, ParameterError> {
        match u32::try_from(secs) {
            Ok(secs) if secs > 0 => Ok(Self(secs)),
            _ => Err(ParameterError::TimeStepOutOfRange),
        }
    }

    /// The length in seconds.
    #[must_use]
    pub const fn as_secs(self) -> u64 {
        self.0 as u64
    }

    /// The number of the step that contains `at`: floor division, so -1 s lies in step -1, not in step 0.
    pub(crate) fn step_of(self, at: UnixTime) -> i64 {
        // The divisor is positive, so Euclid's quotient is the floor and i64::MIN / -1 cannot occur.
        at.0.div_euclid(i64::from(self.0))
    }

    /// First second of step number `step` and first second after it, both held within `i64`.
    pub(crate) fn interval_of(self, step: i64) -> (UnixTime, UnixTime) {
        let within = |secs: i128| UnixTime(secs.clamp(i64::MIN.into(), i64::MAX.into()) as i64);
        let from = i128::from(step) * i128::from(self.0);
        (within(from), within(from + i128::from(self.0)))
    }
}

impl Default for TimeStep {
    fn default() -> Self {
        Self::DEFAULT
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn zero_and_endless_steps_are_refused() {
        assert_eq!(TimeStep::from_secs(0), Err(ParameterError::TimeStepOutOfRange));
        assert_eq!(TimeStep::from_secs(u64::from(u32::MAX) + 1), Err(ParameterError::TimeStepOutOfRange));
        assert_eq!(TimeStep::from_secs(u64::MAX), Err(ParameterError::TimeStepOutOfRange));
        assert_eq!(TimeStep::from_secs(1).unwrap().as_secs(), 1);
        assert_eq!(TimeStep::from_secs(u32::MAX.into()).unwrap().as_secs(), u32::MAX.into());
    }

    #[test]
    fn steps_are_floored_also_before_1970() {
        let step = TimeStep::DEFAULT;
        let number = |secs| step.step_of(UnixTime::from_secs(secs));
        assert_eq!((number(-31), number(-30), number(-1), number(0), number(29), number(30)), (-2, -1, -1, 0, 0, 1));
    }

    #[test]
    fn intervals_saturate_at_the_ends_of_time() {
        let step = TimeStep::from_secs(7).unwrap();
        for at in [i64::MIN, i64::MIN + 1, i64::MAX - 1, i64::MAX].map(UnixTime::from_secs) {
            let (from, until) = step.interval_of(step.step_of(at));
            assert!(from <= at && at <= until);
        }
    }
}
