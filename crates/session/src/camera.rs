//! The camera: on from the press of a button until a code is found, and never longer than it has to be.
//!
//! It has a thread of its own, so that no driver that hangs keeps the session waiting. Frames are handed over one by one, to
//! whoever looks; they are in memory only, and forgotten with the next one or once the camera is stopped.

use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use warifu_scan::Picture;
use zeroize::Zeroizing;

use crate::{
    ErrorCode, SessionError,
    ports::{Camera, CameraError},
    reading::{self, Reading},
    unlocked::Unlocked,
};

/// A system may ask the person whether the camera may be used, and a camera may take seconds to wake.
const START_LIMIT: Duration = Duration::from_secs(30);
/// Sixty frames of most cameras: what has not come by then does not come.
const FRAME_LIMIT: Duration = Duration::from_secs(2);
/// Whoever has found nothing by then has put the paper down.
const FILM_LIMIT: Duration = Duration::from_secs(2 * 60);
/// A page looks several times a second. One that has stopped looking is gone.
const LOOK_LIMIT: Duration = Duration::from_secs(10);
/// What is shown is for holding the paper right, and not for reading it.
const PREVIEW_WIDTH: u32 = 640;

/// Held by the thread of the camera that is on: one that was stopped a moment ago may not have let go yet.
pub(crate) type Turn = Arc<Mutex<()>>;

impl Unlocked<'_> {
    /// Switches the camera on, and one that is on off. It stops when the vault is locked, when a code is found, after two
    /// minutes, and soon after nobody looks any more.
    pub fn begin_filming(&mut self) -> Filming {
        self.end_filming();
        let filming = Filming::begin(self.ports.camera.clone(), self.camera_turn.clone());
        self.open.film = Some(Film { filming: filming.clone(), began: self.ports.clock.boot(), looked: None });
        filming
    }

    /// The camera that is on, to look through it.
    pub fn filming(&mut self) -> Result<Filming, SessionError> {
        let film = self.open.film.as_mut().ok_or(ErrorCode::CameraStopped)?;
        film.looked = Some(self.ports.clock.boot());
        Ok(film.filming.clone())
    }

    /// Takes what was found, and switches the camera off; unless it was switched off meanwhile: then nobody wants it.
    ///
    /// A part of an export that is here already is not taken, and the camera stays on: whoever shows one part after another
    /// still has the last one before it.
    pub fn take_filmed(&mut self, filming: &Filming, found: Reading) -> Result<Option<&Reading>, SessionError> {
        if !self.open.film.as_ref().is_some_and(|film| Arc::ptr_eq(&film.filming.0, &filming.0)) {
            return Err(ErrorCode::CameraStopped.into());
        }
        let unfinished = self.open.reading.as_ref().filter(|reading| reading.is_unfinished());
        if unfinished.is_some_and(|unfinished| unfinished.holds_parts_of(&found)) {
            return Ok(None);
        }
        self.end_filming();
        Ok(Some(self.propose(found)))
    }

    /// Switches the camera off.
    pub fn end_filming(&mut self) {
        self.open.film = None;
    }
}

/// The camera that is on, as the open vault has it. It stops when this is dropped.
pub(crate) struct Film {
    filming: Filming,
    began: Duration,
    looked: Option<Duration>,
}

impl Film {
    /// Whether it has been on for too long, or nobody looks.
    pub(crate) fn is_idle(&self, boot: Duration) -> bool {
        let since = |then: Duration| boot.saturating_sub(then);
        since(self.began) >= FILM_LIMIT || self.looked.is_some_and(|looked| since(looked) >= LOOK_LIMIT)
    }
}

impl Drop for Film {
    fn drop(&mut self) {
        self.filming.0.end(ErrorCode::CameraStopped.into());
    }
}

/// The camera that is on, as whoever looks has it: away from the session. Holding it does not keep the camera on.
#[derive(Clone, Default)]
pub struct Filming(Arc<Shared>);

/// The camera that was switched on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameraStart {
    /// Its name.
    pub name: String,
    /// Width of its pictures in pixels.
    pub width: u32,
    /// Height of its pictures in pixels.
    pub height: u32,
}

/// What came of a look.
pub enum Look {
    /// There were codes, and this is what they say.
    Found(Box<Reading>),
    /// There were none; the preview has this width and height.
    Nothing(u32, u32),
}

impl Filming {
    fn begin(camera: Arc<dyn Camera>, turn: Turn) -> Filming {
        let filming = Filming::default();
        let shared = filming.0.clone();
        thread::spawn(move || film(&*camera, &turn, &shared));
        filming
    }

    /// Waits until it is on.
    pub fn started(&self) -> Result<CameraStart, SessionError> {
        self.0.wait(START_LIMIT, |state| state.started.clone())
    }

    /// Waits for the next frame and looks for codes in it.
    pub fn look(&self) -> Result<Look, SessionError> {
        self.0.change(|state| state.wanted = true);
        let frame = self.0.wait(FRAME_LIMIT, |state| state.frame.take())?;
        if let Some(reading) = reading::read_codes(&warifu_scan::find_codes(&frame)) {
            return Ok(Look::Found(Box::new(reading)));
        }
        let preview = shrunk(frame);
        let (width, height) = (preview.width(), preview.height());
        self.0.change(|state| state.preview = Some(preview));
        Ok(Look::Nothing(width, height))
    }

    /// The frame that was last looked at, at most 640 pixels wide. It is handed out once.
    pub fn take_preview(&self) -> Result<Picture, SessionError> {
        let mut state = self.0.lock();
        state.preview.take().ok_or_else(|| state.ended.clone().unwrap_or(ErrorCode::CameraStopped.into()))
    }
}

/// What the thread of the camera and those who look have in common.
#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    started: Option<CameraStart>,
    /// Whether somebody waits for a frame.
    wanted: bool,
    frame: Option<Picture>,
    preview: Option<Picture>,
    /// Why it is off, for good.
    ended: Option<SessionError>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something to what is in common, unless it is over.
    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        if state.ended.is_none() {
            change(&mut state);
            self.changed.notify_all();
        }
    }

    /// It is over. What was said of it first stays; frames go.
    fn end(&self, why: SessionError) {
        self.change(|state| *state = State { ended: Some(why), ..State::default() });
    }

    /// Waits until something is there. What takes too long is the end of it.
    fn wait<T>(&self, limit: Duration, take: impl Fn(&mut State) -> Option<T>) -> Result<T, SessionError> {
        let mut taken = None;
        let still_nothing = |state: &mut State| {
            taken = take(state);
            taken.is_none() && state.ended.is_none()
        };
        let waited = self.changed.wait_timeout_while(self.lock(), limit, still_nothing);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let ended = state.ended.clone();
        drop(state);
        match (taken, ended) {
            (Some(taken), _) => Ok(taken),
            (None, Some(ended)) => Err(ended),
            (None, None) => {
                let error = SessionError::from(CameraError::Failed { reason: "no answer in time".into() });
                self.end(error.clone());
                Err(error)
            }
        }
    }

    /// Waits until a frame is wanted. Says no when it is over.
    fn is_wanted(&self) -> bool {
        let still_nothing = |state: &mut State| !state.wanted && state.ended.is_none();
        let waited = self.changed.wait_while(self.lock(), still_nothing);
        waited.unwrap_or_else(PoisonError::into_inner).ended.is_none()
    }
}

/// The thread of a camera.
fn film(camera: &dyn Camera, turn: &Turn, shared: &Shared) {
    let _last_word = LastWord(shared);
    let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
    if shared.lock().ended.is_some() {
        return;
    }
    let mut stream = match camera.start() {
        Ok(stream) => stream,
        Err(error) => return shared.end(error.into()),
    };
    let (width, height) = stream.size();
    let started = CameraStart { name: stream.name().to_owned(), width, height };
    shared.change(|state| state.started = Some(started));
    while shared.is_wanted() {
        match stream.frame() {
            Ok(frame) => shared.change(|state| {
                state.frame = Some(frame);
                state.wanted = false;
            }),
            Err(error) => return shared.end(error.into()),
        }
    }
}

/// However the thread ends, whoever waits for it hears of it.
struct LastWord<'s>(&'s Shared);

impl Drop for LastWord<'_> {
    fn drop(&mut self) {
        self.0.end(CameraError::Failed { reason: "it ended early".into() }.into());
    }
}

/// A picture for the preview: each pixel the mean of a square.
fn shrunk(picture: Picture) -> Picture {
    let side = picture.width().div_ceil(PREVIEW_WIDTH);
    let (width, height) = (picture.width() / side, picture.height() / side);
    if side == 1 || height == 0 {
        return picture;
    }
    let (side, row) = (side as usize, picture.width() as usize * 4);
    let pixels = picture.expose_rgba();
    let mut rgba = Zeroizing::new(Vec::with_capacity(width as usize * height as usize * 4));
    for y in 0..height as usize {
        for x in 0..width as usize {
            for channel in 0..4 {
                let line = |line: usize| (y * side + line) * row + x * side * 4 + channel;
                let square = (0..side).flat_map(|dy| pixels[line(dy)..].iter().step_by(4).take(side));
                let sum: usize = square.map(|value| usize::from(*value)).sum();
                rgba.push(u8::try_from(sum / (side * side)).unwrap_or(u8::MAX));
            }
        }
    }
    Picture::from_rgba(width, height, rgba).unwrap_or(picture)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_preview_is_at_most_640_wide_and_shows_the_whole() {
        // The left half black, the right half white.
        let pixel = |at: usize| if at % 1281 < 641 { [0, 0, 0, 255] } else { [255; 4] };
        let rgba: Vec<u8> = (0..1281 * 722).flat_map(pixel).collect();
        let preview = shrunk(Picture::from_rgba(1281, 722, rgba).unwrap());
        assert_eq!((preview.width(), preview.height()), (427, 240));
        let first_row = &preview.expose_rgba()[..427 * 4];
        assert_eq!((&first_row[..4], &first_row[426 * 4..]), (&[0, 0, 0, 255][..], &[255; 4][..]));
        let small = shrunk(Picture::from_rgba(640, 1, vec![7; 640 * 4]).unwrap());
        assert_eq!((small.width(), small.height(), small.expose_rgba()[0]), (640, 1, 7));
    }
}
