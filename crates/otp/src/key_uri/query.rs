//! The part of a key URI behind the `?`, and the label that only it explains.

use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use super::{KeyUriError, UriParameter};
use crate::{Algorithm, Digits, Label, ParameterError, TimeStep};

/// The parameters by name, values still encoded.
#[derive(Default)]
pub(super) struct Query<'a> {
    values: [Option<&'a str>; UriParameter::ALL.len()],
    bare_steam: bool,
}

impl<'a> Query<'a> {
    pub(super) fn split(query: &'a str) -> Result<Self, KeyUriError> {
        let mut split = Self::default();
        for part in query.split('&') {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let name = decode(name)?.to_ascii_lowercase();
            if name.starts_with("amp;") {
                return Err(KeyUriError::MalformedEscape);
            }
            split.bare_steam |= name == "steam" && value.is_empty();
            if let Some(which) = UriParameter::ALL.into_iter().find(|which| which.name() == name) {
                match split.values[which as usize].replace(value) {
                    Some(earlier) if earlier != value => return Err(KeyUriError::ConflictingParameter { which }),
                    _ => {}
                }
            }
        }
        Ok(split)
    }

    /// The same, without what is damaged or contradicts itself.
    pub(super) fn split_leniently(query: &'a str) -> Self {
        let mut split = Self::default();
        for which in UriParameter::ALL {
            let mut values = query.split('&').filter_map(|part| {
                let (name, value) = part.split_once('=')?;
                let is_it = decode(name).is_ok_and(|name| name.eq_ignore_ascii_case(which.name()));
                (is_it && decode(value).is_ok()).then_some(value)
            });
            if let Some(first) = values.next()
                && values.all(|value| value == first)
            {
                split.values[which as usize] = Some(first);
            }
        }
        split
    }

    pub(super) fn get(&self, which: UriParameter) -> Option<&'a str> {
        self.values[which as usize]
    }

    /// The label and, if it differs from `issuer=`, the issuer it began with.
    pub(super) fn label(&self, label: &str) -> Result<(Label, Option<String>), KeyUriError> {
        let text = decode(label)?;
        let issuer = self.issuer(&text)?;
        let issuer = issuer.as_deref().map(|issuer| issuer.trim()).filter(|issuer| !issuer.is_empty());

        if let Some((issuer, account_name)) = issuer.and_then(|issuer| Some((issuer, after_issuer(&text, issuer)?))) {
            return Ok((Label::new(Some(issuer), account_name)?, None));
        }
        let (prefix, account_name) = text.split_once(':').unwrap_or(("", &text));
        // Made for its trimming and its limit.
        let prefix = Label::new(Some(prefix), "")?.issuer;
        match issuer {
            Some(issuer) => Ok((Label::new(Some(issuer), account_name)?, prefix)),
            None => Ok((Label { issuer: prefix, ..Label::new(None, account_name)? }, None)),
        }
    }

    fn issuer(&self, label: &str) -> Result<Option<Zeroizing<String>>, KeyUriError> {
        let Some(value) = self.get(UriParameter::Issuer) else { return Ok(None) };
        let literal = decode(value)?;
        let form_encoded = value.contains('+')
            && !value.contains("%20")
            && !value.contains(' ')
            && after_issuer(label, &literal).is_none();
        if form_encoded { decode(&value.replace('+', " ")).map(Some) } else { Ok(Some(literal)) }
    }

    pub(super) fn says_steam(&self) -> Result<bool, KeyUriError> {
        match self.get(UriParameter::Encoder) {
            Some(encoder) if decode(encoder)?.eq_ignore_ascii_case("steam") => Ok(true),
            Some(encoder) if !encoder.is_empty() => Err(KeyUriError::UnsupportedType),
            _ => Ok(self.bare_steam),
        }
    }

    pub(super) fn algorithm(&self) -> Result<Algorithm, KeyUriError> {
        match self.get(UriParameter::Algorithm) {
            None | Some("null") => Ok(Algorithm::default()),
            Some(value) => Ok(Algorithm::parse(&decode(value)?)?),
        }
    }

    pub(super) fn digits(&self) -> Result<Digits, KeyUriError> {
        let digits = self.number(UriParameter::Digits)?;
        digits.map_or(Ok(Digits::DEFAULT), |digits| Ok(Digits::new(digits.try_into().unwrap_or(u32::MAX))?))
    }

    pub(super) fn time_step(&self) -> Result<TimeStep, KeyUriError> {
        let period = self.number(UriParameter::Period)?;
        period.map_or(Ok(TimeStep::DEFAULT), |secs| Ok(TimeStep::from_secs(secs)?))
    }

    pub(super) fn number(&self, which: UriParameter) -> Result<Option<u64>, KeyUriError> {
        let value = match self.get(which) {
            None | Some("null") => return Ok(None),
            Some(value) => decode(value)?,
        };
        if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(KeyUriError::MalformedNumber { which });
        }
        // Digits only, so the one thing that can go wrong is the size.
        let out_of_range = match which {
            UriParameter::Digits => ParameterError::DigitsOutOfRange,
            UriParameter::Period => ParameterError::TimeStepOutOfRange,
            _ => ParameterError::CounterOutOfRange,
        };
        value.parse().map(Some).map_err(|_| out_of_range.into())
    }
}

/// The rest of a label that begins with this issuer and a colon.
fn after_issuer<'a>(label: &'a str, issuer: &str) -> Option<&'a str> {
    label.trim_start().strip_prefix(issuer)?.trim_start().strip_prefix(':')
}

/// Undoes percent-encoding, strictly.
pub(super) fn decode(text: &str) -> Result<Zeroizing<String>, KeyUriError> {
    let escapes_whole = text.split('%').skip(1).all(|after| {
        let hex = after.as_bytes();
        hex.len() >= 2 && hex[0].is_ascii_hexdigit() && hex[1].is_ascii_hexdigit()
    });
    if !escapes_whole {
        return Err(KeyUriError::MalformedEscape);
    }
    // Sized beforehand, since it may be the secret that is decoded.
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    bytes.extend(percent_decode_str(text));
    match str::from_utf8(&bytes) {
        Ok(decoded) => Ok(Zeroizing::new(decoded.to_owned())),
        Err(_) => Err(KeyUriError::MalformedEscape),
    }
}
