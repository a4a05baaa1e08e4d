//! An account as it is shown: the ENTRY of the contract, and a line for people.

use serde::{Serialize, Serializer};
use warifu_session::{
    Entry,
    otp::{Label, Otp, reveal_key_uri},
    reading::Candidate,
};
use zeroize::Zeroizing;

use crate::console::{Console, shown};

/// A secret on its way out. Made where `--reveal` was given, and only here.
pub(crate) struct Revealed(Zeroizing<String>);

impl Revealed {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for Revealed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// ENTRY.
#[derive(Serialize)]
pub(crate) struct EntryView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(rename = "type")]
    kind: &'static str,
    issuer: Option<&'a str>,
    account: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer_in_label: Option<&'a str>,
    algorithm: &'static str,
    digits: u8,
    period: Option<u64>,
    counter: Option<u64>,
    /// What was unusual, and may mean wrong codes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notices: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) secret: Option<Revealed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) uri: Option<Revealed>,
}

impl<'a> EntryView<'a> {
    /// An account of the vault.
    pub(crate) fn of_entry(console: &Console, entry: &'a Entry) -> EntryView<'a> {
        let view = Self::new(console, &entry.label, entry.issuer_in_label.as_deref(), &entry.otp);
        EntryView { id: Some(entry.id.to_string()), ..view }
    }

    /// An account that was read.
    pub(crate) fn of_candidate(console: &Console, candidate: &'a Candidate) -> EntryView<'a> {
        let unusual =
            [(candidate.notice.unusual_length, "unusual_length"), (candidate.counter_missing, "counter_missing")];
        let notices = unusual.into_iter().filter_map(|(is_so, name)| is_so.then_some(name)).collect();
        let view = Self::new(console, &candidate.label, candidate.issuer_in_label.as_deref(), &candidate.otp);
        EntryView { notices, ..view }
    }

    /// The same with its key URI, where secrets are shown.
    pub(crate) fn with_uri(self, console: &Console, entry: &Entry) -> EntryView<'a> {
        let uri = console.reveal.then(|| Revealed(reveal_key_uri(&entry.label, &entry.otp)));
        EntryView { uri, ..self }
    }

    fn new(console: &Console, label: &'a Label, issuer_in_label: Option<&'a str>, otp: &Otp) -> EntryView<'a> {
        EntryView {
            id: None,
            kind: otp.kind().name(),
            issuer: label.issuer.as_deref(),
            account: &label.account_name,
            issuer_in_label,
            algorithm: otp.algorithm().name(),
            digits: otp.digits().get(),
            period: otp.time_step().map(|step| step.as_secs()),
            counter: otp.counter().map(|counter| counter.get()),
            notices: Vec::new(),
            secret: console.reveal.then(|| Revealed(otp.secret().reveal_base32())),
            uri: None,
        }
    }

    /// For people: what the code depends on.
    pub(crate) fn parameters(&self, console: &Console) -> String {
        let fixed = format!("{}, {}, {}", self.kind, self.algorithm, self.digits);
        match (self.period, self.counter) {
            (Some(period), _) => format!("{fixed}, {period} s"),
            (None, Some(counter)) => {
                format!("{fixed}, {}", console.say_with("counter_code", [("counter", counter.to_string())]))
            }
            (None, None) => fixed,
        }
    }

    /// For people: the identifier.
    pub(crate) fn id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }
}

/// For people: whose account it is.
pub(crate) fn name_of(console: &Console, label: &Label) -> String {
    match (label.issuer.as_deref(), label.account_name.as_str()) {
        (None, "") => console.say("without_name"),
        (None, only) | (Some(only), "") => shown(only),
        (Some(issuer), account) => format!("{}: {}", shown(issuer), shown(account)),
    }
}
