//! `scan`: what the QR codes of pictures hold.

use std::path::{Path, PathBuf};

use serde::Serialize;
use warifu_platform::DiskPictures;
use warifu_session::{
    ErrorCode, SessionError,
    reading::{self, PayloadKind, Reading, Seen},
    scan::{Document, FoundCode},
};
use zeroize::Zeroizing;

use super::add::say_what_is_missing;
use crate::{
    console::{Console, ErrorView, read_picture_file, shown},
    entry::{EntryView, name_of},
    fault::{Cause, Fault, exit},
};

/// A picture, or why it could not be read.
#[derive(Serialize)]
struct FileView<'a> {
    file: String,
    codes: Vec<CodeView<'a>>,
    /// Why some pages of a PDF were not looked at.
    unseen: Option<ErrorView>,
    /// The sentence; null for a picture without any code too, which is no error of the file.
    error: Option<String>,
    error_code: Option<&'static str>,
}

/// A code of a picture.
#[derive(Serialize)]
struct CodeView<'a> {
    kind: &'static str,
    /// The page of a PDF, from 1; null for a picture.
    page: Option<usize>,
    /// On that page.
    points: [[f32; 2]; 4],
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    entries: Vec<EntryView<'a>>,
    /// Why the code cannot be used; of several reasons the first.
    error: Option<ErrorView>,
    /// All that cannot be used, or is worth knowing.
    refusals: Vec<ErrorView>,
}

/// Reads pictures, each on its own. If a file could not be read the exit code says why (1; 5 if it needs a password), else it is 3
/// if no code was found in any, else 0.
pub(crate) fn scan(console: &Console, files: &[PathBuf]) -> Result<u8, Fault> {
    let scans: Vec<(&PathBuf, Result<Found, SessionError>)> =
        files.iter().map(|file| (file, read_codes(file))).collect();
    if console.json {
        let views: Vec<FileView> = scans.iter().map(|(file, codes)| file_view(console, file, codes)).collect();
        console.document(&views)?;
    } else {
        for (file, codes) in &scans {
            print_file(console, file, codes, files.len() > 1)?;
        }
    }
    for (file, unseen) in scans.iter().filter_map(|(file, found)| Some((file, found.as_ref().ok()?.unseen.as_ref()?))) {
        console.note(&format!("{}: {}", shown(&file.to_string_lossy()), console.error(unseen).message));
    }
    let codes = scans.iter().filter_map(|(_, found)| found.as_ref().ok()).flat_map(|found| &found.codes);
    if let Some(whole) = reading::read_codes(codes.map(|code| &code.found)) {
        say_what_is_missing(console, &whole);
    }
    Ok(match scans.iter().find_map(|(_, found)| found.as_ref().err()) {
        Some(error) => Cause::from(error.clone()).exit,
        None if scans.iter().flat_map(|(_, found)| found).all(|found| found.codes.is_empty()) => exit::NOTHING_FOUND,
        None => exit::DONE,
    })
}

/// What was found in a file.
struct Found {
    codes: Vec<Code>,
    unseen: Option<SessionError>,
}

/// A code found, and what it says.
struct Code {
    page: Option<usize>,
    found: FoundCode,
    reading: Reading,
}

fn read_codes(file: &Path) -> Result<Found, SessionError> {
    let bytes = Zeroizing::new(read_picture_file(file)?);
    // Pages that could not be seen are an error only where nothing was found: here the file is the question, not the page.
    let Seen { codes, pages, unseen } = reading::look_at(&DiskPictures, &bytes)?;
    let is_pdf = Document::is_pdf(&bytes);
    let read = |(found, page): (FoundCode, usize)| Code {
        page: is_pdf.then_some(page),
        reading: reading::read_code(&found),
        found,
    };
    Ok(Found { codes: codes.into_iter().zip(pages).map(read).collect(), unseen })
}

fn file_view<'a>(console: &Console, file: &Path, found: &'a Result<Found, SessionError>) -> FileView<'a> {
    let error = found.as_ref().err().map(|error| console.error(error));
    FileView {
        file: file.to_string_lossy().into_owned(),
        codes: found.iter().flat_map(|found| &found.codes).map(|code| code_view(console, code)).collect(),
        unseen: found.iter().find_map(|found| found.unseen.as_ref()).map(|error| console.error(error)),
        error_code: error.as_ref().map(|error| error.code),
        error: error.map(|error| error.message),
    }
}

fn code_view<'a>(console: &Console, code: &'a Code) -> CodeView<'a> {
    let text = code.found.expose_text();
    let refusals = || code.reading.refusals.iter().map(|refusal| console.error(&refusal.error));
    CodeView {
        kind: kind_of(text),
        page: code.page,
        points: code.found.corners.map(|corner| [corner.x, corner.y]),
        text: console.reveal.then_some(text),
        entries: code.reading.candidates.iter().map(|found| EntryView::of_candidate(console, found)).collect(),
        error: refusals().next(),
        refusals: refusals().collect(),
    }
}

fn print_file(
    console: &Console,
    file: &Path,
    found: &Result<Found, SessionError>,
    one_of_many: bool,
) -> Result<(), Fault> {
    let file = shown(&file.to_string_lossy());
    let named = |text: String| if one_of_many { format!("{file}: {text}") } else { text };
    match found {
        Err(error) => console.note(&named(console.error(error).message)),
        Ok(found) if found.codes.is_empty() => {
            console.note(&named(console.error(&ErrorCode::NoCodeFound.into()).message))
        }
        Ok(found) => {
            for code in &found.codes {
                print_code(console, code, &named)?;
            }
        }
    }
    Ok(())
}

fn print_code(console: &Console, code: &Code, named: &dyn Fn(String) -> String) -> Result<(), Fault> {
    let kind = kind_of(code.found.expose_text());
    for candidate in &code.reading.candidates {
        let view = EntryView::of_candidate(console, candidate);
        let name = name_of(console, &candidate.label);
        console.line(&named(format!("{kind}\t{name}\t{}", view.parameters(console))))?;
    }
    for refusal in &code.reading.refusals {
        let about = refusal.name.as_deref().map(|name| format!("{}: ", shown(name))).unwrap_or_default();
        console.line(&named(format!("{kind}\t{about}{}", console.error(&refusal.error).message)))?;
    }
    if console.reveal {
        console.line(&Zeroizing::new(shown(code.found.expose_text())))?;
    }
    Ok(())
}

fn kind_of(text: &str) -> &'static str {
    match reading::payload_kind(text) {
        PayloadKind::KeyUri => "otpauth",
        PayloadKind::Migration => "migration",
        PayloadKind::Text => "text",
    }
}
