//! From what a person shows us, a picture or a text, to accounts that may be added.

mod exports;
mod typed;
mod why_not;

use warifu_exchange::google_migration;
use warifu_otp::{KeyUri, KeyUriOutline, Label, Otp, SecretNotice};
use warifu_scan::FoundCode;

pub use self::exports::Export;
pub(crate) use self::exports::KnownExports;
pub(crate) use self::typed::label;
pub use self::typed::{TypedKey, read_text, read_typed_key};
use self::why_not::why_not;
use crate::{
    ErrorCode, SessionError,
    pictures::PictureFile,
    ports::{Mark, PictureFiles},
};

/// An account that was read and is not in the vault yet.
pub struct Candidate {
    /// Issuer and account as read.
    pub label: Label,
    /// The issuer in the label, where it disagrees with the issuer parameter.
    pub issuer_in_label: Option<String>,
    /// The secret and its parameters.
    pub otp: Otp,
    /// What was unusual about the key.
    pub notice: SecretNotice,
    /// A counter-based code that did not say its counter; 0 was taken, and may be wrong.
    pub counter_missing: bool,
    /// Which of the reading's exports it belongs to.
    pub export: Option<usize>,
}

impl Candidate {
    pub(crate) fn new(label: Label, otp: Otp) -> Candidate {
        let notice = SecretNotice::default();
        Candidate { label, issuer_in_label: None, otp, notice, counter_missing: false, export: None }
    }

    /// The same account with the same key: what a code that is seen twice gives.
    fn is_double_of(&self, other: &Candidate) -> bool {
        self.label == other.label && self.issuer_in_label == other.issuer_in_label && self.otp.is_same(&other.otp)
    }
}

impl From<KeyUri> for Candidate {
    fn from(uri: KeyUri) -> Self {
        let KeyUri { label, issuer_in_label, otp, notice, counter_missing } = uri;
        Candidate { label, issuer_in_label, otp, notice, counter_missing, export: None }
    }
}

/// Something that was found and cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub error: SessionError,
    /// What it is about: the name of a file, without its folder, or of an account in an export.
    pub name: Option<String>,
    /// What a damaged key URI still says, to begin a form with.
    pub form: Option<KeyUriOutline>,
    /// It is about an account of an export, and stays while the export is read on.
    of_export: bool,
}

impl Refusal {
    /// The same, about something with a name.
    #[must_use]
    pub(crate) fn named(mut self, name: String) -> Refusal {
        self.name.get_or_insert(name);
        self
    }

    /// Whether there is, as far as can be told, no key in what was refused.
    pub(crate) fn is_harmless(&self) -> bool {
        matches!(self.error.code, ErrorCode::CodeIsWebLink | ErrorCode::MigrationPartAgain)
    }
}

impl From<SessionError> for Refusal {
    fn from(error: SessionError) -> Self {
        Refusal { error, name: None, form: None, of_export: false }
    }
}

/// What was read.
#[derive(Default)]
pub struct Reading {
    /// Accounts that may be added.
    pub candidates: Vec<Candidate>,
    /// What was found and cannot be used.
    pub refusals: Vec<Refusal>,
    /// The exports of several parts that parts were read of.
    pub exports: Vec<Export>,
    /// The files they were read from.
    pub(crate) files: Vec<PictureFile>,
    /// What was on the clipboard, where it was read from there.
    pub(crate) pasted: Option<(Mark, Contents)>,
}

/// What was held by something that was read.
#[derive(Clone)]
pub(crate) struct Contents {
    /// Which of the reading's candidates.
    holds: Vec<usize>,
    /// It held something else that may be a key.
    holds_more: bool,
}

impl Contents {
    /// All of a reading.
    pub(crate) fn of(reading: &Reading) -> Contents {
        let holds_more = !reading.refusals.iter().all(Refusal::is_harmless);
        Contents { holds: (0..reading.candidates.len()).collect(), holds_more }
    }

    /// The same, where its candidates have other places.
    fn at(self, indexes: &[usize]) -> Contents {
        let holds = self.holds.iter().filter_map(|index| indexes.get(*index).copied()).collect();
        Contents { holds, ..self }
    }

    /// Whether every key is kept elsewhere by now, and there was nothing else worth keeping.
    fn is_spent(&self, kept: &[bool]) -> bool {
        !self.holds_more && self.holds.iter().all(|index| kept.get(*index).copied().unwrap_or_default())
    }
}

impl Reading {
    /// Whether it holds an export of which parts are missing.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        self.exports.iter().any(|export| !export.missing().is_empty())
    }

    /// Goes on with what was read next. Candidates are only ever added behind the others. What was wrong with the last
    /// picture is forgotten; what is wrong with an account of an export is not.
    pub(crate) fn extend(&mut self, next: Reading) {
        self.refusals.retain(|refusal| refusal.of_export);
        self.absorb(next);
    }

    /// Takes in what was read beside it: no account twice, no part of an export twice, parts of one export together.
    pub fn absorb(&mut self, other: Reading) {
        let Reading { candidates, refusals, exports, files, pasted } = other;
        let exports = self.absorb_exports(exports);
        let indexes: Vec<usize> = candidates
            .into_iter()
            .map(|candidate| {
                let export = candidate.export.and_then(|export| exports.get(export).copied());
                self.take(Candidate { export, ..candidate })
            })
            .collect();
        for refusal in refusals {
            if !self.refusals.contains(&refusal) {
                self.refusals.push(refusal);
            }
        }
        let moved = |file: PictureFile| PictureFile { contents: file.contents.at(&indexes), ..file };
        self.files.extend(files.into_iter().map(moved));
        self.pasted = pasted.map(|(mark, contents)| (mark, contents.at(&indexes))).or(self.pasted.take());
    }

    /// The same, as read from the clipboard.
    pub(crate) fn pasted_as(mut self, mark: Mark) -> Reading {
        self.pasted = Some((mark, Contents::of(&self)));
        self
    }

    /// The files, and what was pasted, of which every key is kept elsewhere by now and that held nothing else worth keeping.
    pub(crate) fn spent(&self, is_kept: impl Fn(&Candidate) -> bool) -> (Vec<PictureFile>, Option<Mark>) {
        let kept: Vec<bool> = self.candidates.iter().map(is_kept).collect();
        let files = self.files.iter().filter(|file| file.contents.is_spent(&kept)).cloned().collect();
        let pasted = self.pasted.as_ref().filter(|(_, contents)| contents.is_spent(&kept));
        (files, pasted.map(|(mark, _)| *mark))
    }

    /// Adds a candidate unless it is there already, and says where it is.
    fn take(&mut self, candidate: Candidate) -> usize {
        let known = self.candidates.iter().position(|known| known.is_double_of(&candidate));
        known.unwrap_or_else(|| {
            self.candidates.push(candidate);
            self.candidates.len() - 1
        })
    }
}

/// What kind of text a code holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayloadKind {
    /// A key URI, or what wants to be one.
    KeyUri,
    /// Google Authenticator's export.
    Migration,
    /// Anything else.
    Text,
}

/// Tells the kind of a payload by its scheme.
pub fn payload_kind(text: &str) -> PayloadKind {
    let text = visible(text);
    if has_scheme(text, "otpauth-migration") {
        PayloadKind::Migration
    } else if ["otpauth", "apple-otpauth", "steam"].iter().any(|scheme| has_scheme(text, scheme)) {
        PayloadKind::KeyUri
    } else {
        PayloadKind::Text
    }
}

/// A text without what cannot be seen at its ends: spaces, and the marks that editors and web pages leave there.
fn visible(text: &str) -> &str {
    let is_mark = |c: char| {
        let soft_hyphen_or_order = matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}');
        soft_hyphen_or_order || matches!(c, '\u{2060}'..='\u{206F}' | '\u{FEFF}')
    };
    text.trim_matches(|c: char| c.is_whitespace() || c.is_control() || is_mark(c))
}

/// Reads one code that was found. A part of a text is none: half a secret makes codes, too, and wrong ones.
pub fn read_code(code: &FoundCode) -> Reading {
    match code.part() {
        Some(part) => SessionError::new(ErrorCode::CodeIsPart).with("part", part.index + 1).with("of", part.of).into(),
        None => read_payload(code.expose_text()),
    }
}

/// Reads one payload.
pub fn read_payload(text: &str) -> Reading {
    let text = visible(text);
    match payload_kind(text) {
        PayloadKind::KeyUri => match KeyUri::parse(text) {
            Ok(uri) => Reading { candidates: vec![uri.into()], ..Reading::default() },
            Err(error) => refused(Refusal { form: KeyUriOutline::of(text), ..SessionError::from(error).into() }),
        },
        PayloadKind::Migration => match google_migration::parse(text) {
            Ok(part) => part.into(),
            Err(error) => refused(SessionError::from(error).into()),
        },
        PayloadKind::Text => refused(why_not(text).into()),
    }
}

/// Reads every code of a picture file or a PDF. A file without any is an error; a code that cannot be used, or a page that cannot
/// be seen, is a refusal.
pub fn read_picture(files: &dyn PictureFiles, bytes: &[u8]) -> Result<Reading, SessionError> {
    let Seen { codes, unseen, .. } = look_at(files, bytes)?;
    let mut reading = read_codes(&codes).ok_or(SessionError::new(ErrorCode::NoCodeFound))?;
    reading.refusals.extend(unseen.map(Refusal::from));
    Ok(reading)
}

/// What was found in a file.
pub struct Seen {
    /// The codes, page by page.
    pub codes: Vec<FoundCode>,
    /// The page of each of them, from 1.
    pub pages: Vec<usize>,
    /// Why some of its pages could not be looked at.
    pub unseen: Option<SessionError>,
}

/// Looks for codes in a picture file, or on every page of a PDF. A file of which nothing was found and not everything was seen is
/// an error.
pub fn look_at(files: &dyn PictureFiles, bytes: &[u8]) -> Result<Seen, SessionError> {
    let (mut codes, mut pages) = (Vec::new(), Vec::new());
    let mut unseen = None;
    for (index, picture) in files.open(bytes)?.enumerate() {
        match picture {
            Ok(picture) => codes.extend(warifu_scan::find_all_codes(&picture)),
            Err(error) => unseen = unseen.or(Some(SessionError::from(error))),
        }
        pages.resize(codes.len(), index + 1);
    }
    // The parts of one text may stand on several pages.
    warifu_scan::join_parts(&mut codes);
    match unseen {
        Some(error) if codes.is_empty() => Err(error),
        unseen => Ok(Seen { codes, pages, unseen }),
    }
}

/// Reads the codes found in a picture; none if there are none.
pub fn read_codes<'a>(codes: impl IntoIterator<Item = &'a FoundCode>) -> Option<Reading> {
    let mut codes = codes.into_iter().peekable();
    codes.peek()?;
    let mut whole = Reading::default();
    for code in codes {
        whole.absorb(read_code(code));
    }
    Some(whole)
}

impl From<SessionError> for Reading {
    fn from(error: SessionError) -> Self {
        refused(error.into())
    }
}

fn has_scheme(text: &str, scheme: &str) -> bool {
    text.split_once(':').is_some_and(|(start, _)| start.eq_ignore_ascii_case(scheme))
}

fn refused(refusal: Refusal) -> Reading {
    Reading { refusals: vec![refusal], ..Reading::default() }
}
