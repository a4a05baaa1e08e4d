//! What goes out and what comes in: results on the standard output, messages beside it, passwords unseen.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::{self, BufRead, Read, Write},
    path::Path,
};

use serde::Serialize;
use warifu_session::{ErrorCode, Language, SessionError, scan::FILE_BYTES_LIMIT};
use zeroize::Zeroizing;

use crate::{
    fault::{Cause, Fault, exit, file_error},
    sentences::Sentences,
};

/// Longest line read from the standard input, in bytes: as long as the longest key URI, far above any password.
const LINE_LIMIT: usize = 16 * 1024;

/// The person or program that called.
pub(crate) struct Console {
    pub(crate) json: bool,
    pub(crate) reveal: bool,
    sentences: Sentences,
}

/// A sentence with its code, as it stands in a JSON document.
#[derive(Serialize)]
pub(crate) struct ErrorView {
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl Console {
    pub(crate) fn new(json: bool, reveal: bool, language: Language) -> Console {
        Console { json, reveal, sentences: Sentences::of(language) }
    }

    /// One line of a result.
    pub(crate) fn line(&self, text: &str) -> Result<(), Fault> {
        let mut out = io::stdout().lock();
        writeln!(out, "{text}").and_then(|()| out.flush()).map_err(Fault::Output)
    }

    /// The one JSON document.
    pub(crate) fn document(&self, document: &impl Serialize) -> Result<(), Fault> {
        self.line(&self.document_text(document)?)
    }

    /// The one JSON document, to be printed later.
    pub(crate) fn document_text(&self, document: &impl Serialize) -> Result<Zeroizing<String>, Fault> {
        let text = serde_json::to_string(document)
            .map(Zeroizing::new)
            .map_err(|_| SessionError::new(ErrorCode::Unexpected).with("reason", "JSON"))?;
        // All of these stand within strings, where JSON takes an escape instead: a terminal that shows the document
        // must not obey a name out of somebody's QR code.
        let mut safe = Zeroizing::new(String::with_capacity(text.len()));
        for c in text.chars() {
            match c {
                c if deceives(c) => _ = write!(safe, "\\u{:04x}", u32::from(c)),
                c => safe.push(c),
            }
        }
        Ok(safe)
    }

    /// A message beside the result.
    pub(crate) fn note(&self, text: &str) {
        // Where nobody listens, nothing is lost.
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// A sentence that fills nothing in.
    pub(crate) fn say(&self, code: &str) -> String {
        self.sentences.get(code)
    }

    /// A sentence with names, each filled in as it may be shown.
    pub(crate) fn say_with<const N: usize>(&self, code: &str, details: [(&'static str, String); N]) -> String {
        self.sentences.fill(code, &BTreeMap::from(details))
    }

    /// An error with its sentence.
    pub(crate) fn error(&self, error: &SessionError) -> ErrorView {
        ErrorView { code: error.code.as_str(), message: self.sentences.fill(error.code.as_str(), &error.detail) }
    }

    /// Tells why a call failed; its exit code.
    pub(crate) fn end(&self, fault: Fault) -> u8 {
        match fault {
            Fault::Said(cause) => {
                let message = self.sentences.fill(cause.code, &cause.detail);
                if self.json {
                    let error = ErrorView { code: cause.code, message };
                    // The exit code still tells where the document cannot.
                    let _ = self.document(&BTreeMap::from([("error", error)]));
                } else {
                    self.note(&message);
                }
                cause.exit
            }
            // Whoever reads has seen enough (`warifu-cli list | head -1`).
            Fault::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => exit::DONE,
            Fault::Output(error) => {
                self.note(&self.error(&file_error(ErrorCode::FileNotWritten, &error)).message);
                exit::FAILED
            }
        }
    }

    /// The password of an existing vault.
    pub(crate) fn password(&self, from_stdin: bool) -> Result<Zeroizing<String>, Fault> {
        if from_stdin { self.input_line() } else { self.ask("ask_password") }
    }

    /// The password of a new vault: at a terminal twice, since a slip would lock its owner out.
    pub(crate) fn new_password(&self, from_stdin: bool) -> Result<Zeroizing<String>, Fault> {
        if from_stdin {
            return self.input_line();
        }
        let password = self.ask("ask_new_password")?;
        if *self.ask("ask_password_again")? == *password {
            Ok(password)
        } else {
            Err(Cause::own("passwords_differ", exit::FAILED).into())
        }
    }

    /// The next line of the standard input, without its line ending; empty after the last.
    pub(crate) fn input_line(&self) -> Result<Zeroizing<String>, Fault> {
        let unreadable = || Cause::own("input_unreadable", exit::FAILED);
        // Room for all of it: a growing Vec would leave copies behind that nobody wipes.
        let mut line = Zeroizing::new(Vec::with_capacity(LINE_LIMIT + 1));
        let mut input = io::stdin().lock().take(LINE_LIMIT as u64 + 1);
        input.read_until(b'\n', &mut line).map_err(|_| unreadable())?;
        if line.len() > LINE_LIMIT {
            return Err(unreadable().into());
        }
        let text = std::str::from_utf8(&line).map_err(|_| unreadable())?;
        let text = text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text));
        Ok(Zeroizing::new(text.to_owned()))
    }

    fn ask(&self, question: &str) -> Result<Zeroizing<String>, Fault> {
        let answer = rpassword::prompt_password(self.say(question));
        answer.map(Zeroizing::new).map_err(|_| Cause::own("no_terminal", exit::FAILED).into())
    }
}

/// The bytes of a picture file; of one that is too large, enough for the session to say so.
pub(crate) fn read_picture_file(path: &Path) -> Result<Vec<u8>, SessionError> {
    warifu_platform::read_limited(path, FILE_BYTES_LIMIT as u64 + 1)
        .map_err(|error| file_error(ErrorCode::FileUnreadable, &error))
}

/// A foreign text as it may be shown on a terminal: what would move the cursor, turn the direction of writing or break
/// the line is shown as its number.
pub(crate) fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || deceives(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    shown
}

/// Control characters that JSON does not escape by itself, line separators, and what turns the direction of writing.
fn deceives(c: char) -> bool {
    matches!(c, '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_command_the_terminal() {
        assert_eq!(shown("a\u{1b}[2Jb\n割符"), "a\\u{1b}[2Jb\\u{a}割符");
        assert_eq!(shown("x\u{202e}y\u{9b}z"), "x\\u{202e}y\\u{9b}z");
    }
}
