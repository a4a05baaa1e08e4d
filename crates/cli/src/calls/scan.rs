//! `scan`: what the QR codes of pictures hold.

use std::path::{Path, PathBuf};

use serde::Serialize;
use warifu_platform::DiskPictures;
use warifu_session::{
    ErrorCode, SessionError,
    reading::{self, PayloadKind, Reading},
    scan::FoundCode,
};
use zeroize::Zeroizing;

use super::add::say_what_is_missing;
use crate::{
    console::{Console, ErrorView, read_picture_file, shown},
    entry::{EntryView, name_of},
    fault::{Fault, exit},
};

/// A picture, or why it could not be read.
#[derive(Serialize)]
struct FileView<'a> {
    file: String,
    codes: Vec<CodeView<'a>>,
    /// The sentence; null for a picture without any code too, which is no error of the file.
    error: Option<String>,
    error_code: Option<&'static str>,
}

/// A code of a picture.
#[derive(Serialize)]
struct CodeView<'a> {
    kind: &'static str,
    points: [[f32; 2]; 4],
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    entries: Vec<EntryView<'a>>,
    /// Why the code cannot be used; of several reasons the first.
    error: Option<ErrorView>,
    /// All that cannot be used, or is worth knowing.
    refusals: Vec<ErrorView>,
}

/// Reads pictures, each on its own. Exit code 1 if a file could not be read, else 3 if no code was found in any, else 0.
pub(crate) fn scan(console: &Console, files: &[PathBuf]) -> Result<u8, Fault> {
    let scans: Vec<(&PathBuf, Result<Vec<Code>, SessionError>)> =
        files.iter().map(|file| (file, read_codes(file))).collect();
    if console.json {
        let views: Vec<FileView> = scans.iter().map(|(file, codes)| file_view(console, file, codes)).collect();
        console.document(&views)?;
    } else {
        for (file, codes) in &scans {
            print_file(console, file, codes, files.len() > 1)?;
        }
    }
    let codes = scans.iter().filter_map(|(_, codes)| codes.as_ref().ok()).flatten();
    if let Some(whole) = reading::read_codes(codes.map(|code| &code.found)) {
        say_what_is_missing(console, &whole);
    }
    Ok(if scans.iter().any(|(_, codes)| codes.is_err()) {
        exit::FAILED
    } else if scans.iter().all(|(_, codes)| codes.as_ref().is_ok_and(Vec::is_empty)) {
        exit::NOTHING_FOUND
    } else {
        exit::DONE
    })
}

/// A code found, and what it says.
struct Code {
    found: FoundCode,
    reading: Reading,
}

fn read_codes(file: &Path) -> Result<Vec<Code>, SessionError> {
    let bytes = Zeroizing::new(read_picture_file(file)?);
    // Pages that could not be seen are an error only where nothing was found: here the file is the question, not the page.
    let seen = reading::look_at(&DiskPictures, &bytes)?;
    let read = |found: FoundCode| Code { reading: reading::read_code(&found), found };
    Ok(seen.codes.into_iter().map(read).collect())
}

fn file_view<'a>(console: &Console, file: &Path, codes: &'a Result<Vec<Code>, SessionError>) -> FileView<'a> {
    let error = codes.as_ref().err().map(|error| console.error(error));
    FileView {
        file: file.to_string_lossy().into_owned(),
        codes: codes.iter().flatten().map(|code| code_view(console, code)).collect(),
        error_code: error.as_ref().map(|error| error.code),
        error: error.map(|error| error.message),
    }
}

fn code_view<'a>(console: &Console, code: &'a Code) -> CodeView<'a> {
    let text = code.found.expose_text();
    let refusals = || code.reading.refusals.iter().map(|refusal| console.error(&refusal.error));
    CodeView {
        kind: kind_of(text),
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
    codes: &Result<Vec<Code>, SessionError>,
    one_of_many: bool,
) -> Result<(), Fault> {
    let file = shown(&file.to_string_lossy());
    let named = |text: String| if one_of_many { format!("{file}: {text}") } else { text };
    match codes {
        Err(error) => console.note(&named(console.error(error).message)),
        Ok(codes) if codes.is_empty() => console.note(&named(console.error(&ErrorCode::NoCodeFound.into()).message)),
        Ok(codes) => {
            for code in codes {
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
