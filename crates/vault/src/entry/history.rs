use std::cmp::Ordering;
use std::fmt;

use warifu_otp::{Label, Otp, UnixTime};
use zeroize::Zeroizing;

use crate::json::Extra;

/// Most earlier versions that editing an entry leaves behind. (A merge of two copies may leave more, for it drops
/// nothing.)
pub(crate) const MAX_HISTORY: usize = 20;

/// What an entry was before it was renamed or got another key.
pub struct EarlierVersion {
    /// When the next one took its place.
    pub until: UnixTime,
    /// Whose account it was for.
    pub label: Label,
    /// As in [`Entry`](crate::Entry).
    pub issuer_in_label: Option<String>,
    /// What made its codes.
    pub otp: Otp,
    pub(super) extra: Extra,
}

impl EarlierVersion {
    pub(crate) fn new(until: UnixTime, label: Label, issuer_in_label: Option<String>, otp: Otp) -> Self {
        Self { until, label, issuer_in_label, otp, extra: Extra::default() }
    }

    pub(crate) fn duplicate(&self) -> Self {
        Self {
            until: self.until,
            label: self.label.clone(),
            issuer_in_label: self.issuer_in_label.clone(),
            otp: self.otp.duplicate(),
            extra: self.extra.duplicate(),
        }
    }

    /// Takes in the same version as another copy of the vault has it.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.until = self.until.max(other.until);
        self.otp = super::with_counter_of(self.otp.duplicate(), &other.otp);
        self.extra.merge(other.extra, Ordering::Equal);
    }

    /// Whether it is the same account by the same names; when it ended and how far a counter had come do not matter.
    pub(crate) fn is_version(&self, label: &Label, issuer_in_label: Option<&str>, otp: &Otp) -> bool {
        self.label == *label && self.issuer_in_label.as_deref() == issuer_in_label && makes_same_codes(&self.otp, otp)
    }
}

/// Neither secret nor name.
impl fmt::Debug for EarlierVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EarlierVersion").field("until", &self.until).finish_non_exhaustive()
    }
}

/// Puts a version in front of a history, which has each version once and the newest first, even if the clock went back.
pub(super) fn add_newest(history: &mut Vec<EarlierVersion>, mut version: EarlierVersion) {
    version.until = history.first().map_or(version.until, |newest| newest.until.max(version.until));
    let EarlierVersion { label, issuer_in_label, otp, .. } = &version;
    if let Some(at) = history.iter().position(|v| v.is_version(label, issuer_in_label.as_deref(), otp)) {
        version.absorb(history.remove(at));
    }
    history.insert(0, version);
}

/// Keeps a history short: drops the oldest version whose key is also elsewhere, or else the oldest, for a name is lost
/// more easily than a key.
pub(super) fn shorten(history: &mut Vec<EarlierVersion>, present: &Otp) {
    if history.len() <= MAX_HISTORY {
        return;
    }
    let is_elsewhere = |index: usize| {
        let version = &history[index];
        let mut others = history.iter().enumerate().filter(|(other, _)| *other != index);
        makes_same_codes(&version.otp, present) || others.any(|(_, other)| makes_same_codes(&version.otp, &other.otp))
    };
    let index = (0..history.len()).rev().find(|index| is_elsewhere(*index)).unwrap_or(history.len() - 1);
    history.remove(index);
}

/// Whether both are one second factor, but for how far a counter has come.
pub(crate) fn makes_same_codes(a: &Otp, b: &Otp) -> bool {
    a.kind() == b.kind()
        && a.algorithm() == b.algorithm()
        && a.digits() == b.digits()
        && a.time_step() == b.time_step()
        && a.secret().is_same(b.secret())
}

/// The same as text: `totp SHA1 6 30 BASE32`, with 0 for a step that there is not. What makes the same codes has the
/// same text, and nothing else has.
pub(crate) fn otp_text(otp: &Otp) -> Zeroizing<String> {
    let step = otp.time_step().map_or(0, |step| step.as_secs());
    let parameters = format!("{} {} {} {step} ", otp.kind().name(), otp.algorithm().name(), otp.digits().get());
    let base32 = otp.secret().reveal_base32();
    let mut text = Zeroizing::new(String::with_capacity(parameters.len() + base32.len()));
    text.push_str(&parameters);
    text.push_str(&base32);
    text
}
