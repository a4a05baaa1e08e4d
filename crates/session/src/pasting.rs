//! What was copied elsewhere, pasted here.

use crate::{
    ErrorCode, SessionError,
    pictures::read_files,
    ports::{Clipboard, Mark, Pasted, PictureFiles},
    reading::{Reading, read_codes, read_text},
};

/// Reads what is on the clipboard. Asking a clipboard can mean waiting for whatever program owns it: do it away from the session.
///
/// A spreadsheet puts what was copied there as a picture as well as text, and a browser the address of a picture beside it: the
/// first that holds an account counts, else the first of all.
///
/// # Errors
/// [`ErrorCode::ClipboardEmpty`], [`ErrorCode::ClipboardUnreadable`], and [`ErrorCode::ClipboardIsCode`] where the text is what
/// somebody copied here to paste it elsewhere.
pub fn read_clipboard(clipboard: &dyn Clipboard, files: &dyn PictureFiles) -> Result<Reading, SessionError> {
    let pasted =
        clipboard.read().map_err(|error| SessionError::new(ErrorCode::ClipboardUnreadable).with("reason", error))?;
    let mut first = None;
    for pasted in pasted {
        if matches!(&pasted, Pasted::Text(text) if is_code(text)) {
            return Err(ErrorCode::ClipboardIsCode.into());
        }
        let reading = read(pasted, files);
        if !reading.candidates.is_empty() {
            return Ok(reading);
        }
        first.get_or_insert(reading);
    }
    first.ok_or_else(|| ErrorCode::ClipboardEmpty.into())
}

/// Digits alone are a one-time password, never a key, though some keys could be written with them.
fn is_code(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (4..=10).contains(&digits) && text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace())
}

fn read(pasted: Pasted, files: &dyn PictureFiles) -> Reading {
    match pasted {
        Pasted::Files(paths) => read_files(files, &paths),
        Pasted::Picture(Err(error)) => SessionError::from(error).into(),
        Pasted::Picture(Ok(picture)) => {
            let codes = warifu_scan::find_all_codes(&picture);
            match read_codes(&codes) {
                Some(reading) => reading.pasted_as(Mark::of_picture(&picture)),
                None => SessionError::new(ErrorCode::NoCodeFound).into(),
            }
        }
        Pasted::Text(text) => read_text(&text).pasted_as(Mark::of_text(&text)),
    }
}
