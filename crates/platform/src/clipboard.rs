//! The clipboard of the desktop, by arboard.

use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use arboard::Clipboard as Board;
use warifu_session::{
    ports::{Clipboard, ClipboardError, Clock, Mark, Pasted},
    scan::{Picture, PictureError},
};
use zeroize::Zeroizing;

use crate::clock::SystemClock;

/// Programs answer at once or not at all.
const PATIENCE: Duration = Duration::from_secs(3);

/// The clipboard. It must live as long as what was put on it is to be pasted: on X11 and Wayland the owner serves it.
/// The selection made with the mouse (PRIMARY) is never touched.
#[derive(Default)]
pub struct DesktopClipboard {
    board: Mutex<Option<Board>>,
}

impl DesktopClipboard {
    fn with<T>(&self, work: impl FnOnce(&mut Board) -> Result<T, arboard::Error>) -> Result<T, ClipboardError> {
        let mut slot = self.board.lock().unwrap_or_else(PoisonError::into_inner);
        let outcome = match &mut *slot {
            Some(board) => work(board),
            empty => Board::new().and_then(|board| work(empty.insert(board))),
        };
        outcome.map_err(|error| {
            // A connection that failed is not used again.
            *slot = None;
            ClipboardError { reason: reason(&error) }
        })
    }
}

impl Clipboard for DesktopClipboard {
    fn put_code(&self, code: &str) -> Result<(), ClipboardError> {
        self.with(|board| {
            let set = board.set();
            #[cfg(target_os = "linux")]
            let set = arboard::SetExtLinux::exclude_from_history(set);
            #[cfg(target_os = "macos")]
            let set = arboard::SetExtApple::exclude_from_history(set);
            #[cfg(windows)]
            let set = {
                use arboard::SetExtWindows;
                set.exclude_from_monitoring().exclude_from_cloud().exclude_from_history()
            };
            set.text(code)
        })
    }

    fn clear_if_holds(&self, code: &str) -> Result<bool, ClipboardError> {
        self.with(|board| match board.get_text().map(Zeroizing::new) {
            Ok(text) if text.as_str() == code => board.clear().map(|()| true),
            // Something else, no text, or nothing at all: not ours to clear.
            Ok(_) | Err(arboard::Error::ContentNotAvailable | arboard::Error::ConversionFailure) => Ok(false),
            Err(error) => Err(error),
        })
    }

    fn read(&self) -> Result<Vec<Pasted>, ClipboardError> {
        // A program that hangs is waited for with each shape anew, some seconds each.
        let start = SystemClock.boot();
        let in_time = || {
            if SystemClock.boot().saturating_sub(start) < PATIENCE {
                Ok(())
            } else {
                Err(arboard::Error::ClipboardOccupied)
            }
        };
        self.with(|board| {
            let files = files(board).and_then(|files| in_time().map(|()| files));
            // What a file manager shows of its files is no picture of its own.
            let picture = if matches!(files, Ok(Some(_))) { Ok(None) } else { in_time().and_then(|()| picture(board)) };
            let text = in_time().and_then(|()| text(board));
            let shapes = [
                files.map(|files| files.map(Pasted::Files)),
                picture.map(|picture| picture.map(Pasted::Picture)),
                text.map(|text| text.map(Pasted::Text)),
            ];
            Ok(those_that_answer(shapes)?.into_iter().flatten().collect())
        })
    }

    fn clear_if_still(&self, mark: &Mark) -> Result<bool, ClipboardError> {
        self.with(|board| {
            let is_text = text(board).map(|text| text.is_some_and(|text| Mark::of_text(&text) == *mark));
            let is_picture = picture(board)
                .map(|picture| matches!(picture, Some(Ok(picture)) if Mark::of_picture(&picture) == *mark));
            if those_that_answer([is_text, is_picture])?.contains(&true) {
                board.clear().map(|()| true)
            } else {
                Ok(false)
            }
        })
    }
}

/// One shape that cannot be had does not hide the others: programs answer oddly when they are asked for what they do not offer.
/// Where none can be had, the clipboard does not work.
fn those_that_answer<T>(shapes: impl IntoIterator<Item = Result<T, arboard::Error>>) -> Result<Vec<T>, arboard::Error> {
    let (mut answers, mut failed) = (Vec::new(), None);
    for shape in shapes {
        match shape {
            Ok(shape) => answers.push(shape),
            Err(error) => failed = Some(error),
        }
    }
    match failed {
        Some(error) if answers.is_empty() => Err(error),
        _ => Ok(answers),
    }
}

fn files(board: &mut Board) -> Result<Option<Vec<PathBuf>>, arboard::Error> {
    Ok(there(board.get().file_list())?.filter(|files| !files.is_empty()))
}

fn picture(board: &mut Board) -> Result<Option<Result<Picture, PictureError>>, arboard::Error> {
    match board.get_image() {
        // It is decoded by then. What cannot be, or would need half a gigabyte, is a broken picture.
        Err(arboard::Error::ConversionFailure) => Ok(Some(Err(PictureError::Broken))),
        image => Ok(there(image)?.map(|image| {
            let side = |pixels| u32::try_from(pixels).unwrap_or(u32::MAX);
            Picture::from_rgba(side(image.width), side(image.height), image.bytes.into_owned())
        })),
    }
}

fn text(board: &mut Board) -> Result<Option<Zeroizing<String>>, arboard::Error> {
    let text = there(board.get_text())?.map(Zeroizing::new);
    Ok(text.filter(|text| !text.trim().is_empty()))
}

/// Nothing, where the clipboard holds nothing of this shape.
fn there<T>(shape: Result<T, arboard::Error>) -> Result<Option<T>, arboard::Error> {
    match shape {
        Ok(shape) => Ok(Some(shape)),
        Err(arboard::Error::ContentNotAvailable | arboard::Error::ConversionFailure) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A short word for people, without contents.
fn reason(error: &arboard::Error) -> String {
    match error {
        arboard::Error::ContentNotAvailable => "content not available",
        arboard::Error::ClipboardNotSupported => "clipboard not supported",
        arboard::Error::ClipboardOccupied => "clipboard occupied by another program",
        arboard::Error::ConversionFailure => "conversion failure",
        _ => "clipboard error",
    }
    .to_owned()
}
