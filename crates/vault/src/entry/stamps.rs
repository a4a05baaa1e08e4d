use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use warifu_otp::UnixTime;

use crate::json::{Extra, Malformed, Members};

/// What of an entry changes, and is merged, by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Issuer,
    AccountName,
    /// What makes the codes, and the issuer in the label of its key URI.
    Otp,
    /// Whether it is in the trash.
    Deleted,
}

impl Field {
    pub(crate) const ALL: [Self; 4] = [Self::Issuer, Self::AccountName, Self::Otp, Self::Deleted];

    fn name(self) -> &'static str {
        match self {
            Self::Issuer => "issuer",
            Self::AccountName => "account_name",
            Self::Otp => "otp",
            Self::Deleted => "deleted",
        }
    }
}

/// When each field last changed; what is not noted changed when the entry did.
#[derive(Default)]
pub(crate) struct Stamps {
    at: [Option<UnixTime>; 4],
    extra: Extra,
}

impl Stamps {
    pub(super) fn parse(text: &str) -> Result<Self, Malformed> {
        let mut members = Members::parse(text)?;
        let mut at = [None; 4];
        for field in Field::ALL {
            at[field as usize] = members.optional(field.name())?.map(UnixTime::from_secs);
        }
        Ok(Self { at, extra: members.into_extra() })
    }

    pub(crate) fn get(&self, field: Field) -> Option<UnixTime> {
        self.at[field as usize]
    }

    pub(crate) fn set(&mut self, field: Field, at: UnixTime) {
        self.at[field as usize] = Some(at);
    }

    pub(crate) fn duplicate(&self) -> Self {
        Self { at: self.at, extra: self.extra.duplicate() }
    }

    pub(crate) fn extra_mut(&mut self) -> &mut Extra {
        &mut self.extra
    }

    /// Whether there is something to write that `modified_at` does not say already.
    pub(super) fn says_more_than(&self, modified_at: UnixTime) -> bool {
        !self.extra.is_empty() || self.at.iter().flatten().any(|at| *at != modified_at)
    }
}

/// Written beside the entry's `modified_at`, which stands for every stamp that is the same.
pub(super) struct StampsJson<'a>(pub(super) &'a Stamps, pub(super) UnixTime);

impl Serialize for StampsJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for field in Field::ALL {
            if let Some(at) = self.0.get(field).filter(|at| *at != self.1) {
                map.serialize_entry(field.name(), &at.as_secs())?;
            }
        }
        self.0.extra.write(&mut map)?;
        map.end()
    }
}
