//! The monitors, one by one, by xcap: X11, Windows, macOS.

use std::cmp::Reverse;

use warifu_session::{
    ports::{CaptureError, Frame},
    scan::Picture,
};
use xcap::{Monitor, XCapError};

/// All of them, in physical pixels and in memory alone.
pub(super) fn capture() -> Result<Vec<Frame>, CaptureError> {
    #[cfg(target_os = "macos")]
    ask_for_permission()?;
    let monitors = Monitor::all().map_err(|error| failed(&error))?;
    monitors.iter().map(frame_of).collect::<Result<_, _>>().map(without_mirrors)
}

/// macOS gives a program that may not record the screen a picture of the wallpaper alone, and no error. The first time this puts Warifu
/// into the system's list and asks the person; what they answer counts once Warifu is started anew.
#[cfg(target_os = "macos")]
fn ask_for_permission() -> Result<(), CaptureError> {
    use objc2_core_graphics::{CGPreflightScreenCaptureAccess, CGRequestScreenCaptureAccess};
    if CGPreflightScreenCaptureAccess() || CGRequestScreenCaptureAccess() {
        return Ok(());
    }
    Err(CaptureError::NotPermitted)
}

/// Drops a frame that lies within another one: of monitors that mirror each other, one is enough. Two windows over one place would
/// hide one another.
fn without_mirrors(mut frames: Vec<Frame>) -> Vec<Frame> {
    frames.sort_by_key(|frame| Reverse(u64::from(frame.picture.width()) * u64::from(frame.picture.height())));
    let mut kept: Vec<Frame> = Vec::new();
    for frame in frames {
        match kept.iter_mut().find(|other| lies_within(&frame, other)) {
            Some(other) => other.primary |= frame.primary,
            None => kept.push(frame),
        }
    }
    kept
}

fn lies_within(inner: &Frame, outer: &Frame) -> bool {
    let right = |frame: &Frame| i64::from(frame.x) + i64::from(frame.picture.width());
    let bottom = |frame: &Frame| i64::from(frame.y) + i64::from(frame.picture.height());
    inner.x >= outer.x && inner.y >= outer.y && right(inner) <= right(outer) && bottom(inner) <= bottom(outer)
}

fn frame_of(monitor: &Monitor) -> Result<Frame, CaptureError> {
    let image = monitor.capture_image().map_err(|error| failed(&error))?;
    let (width, height) = image.dimensions();
    // xcap gives places in the desktop's own unit, which is a point or a scaled pixel on some; the picture tells how many
    // physical pixels that is.
    let logical_width = monitor.width().map_err(|error| failed(&error))?.max(1);
    let physical = |place: i32| (f64::from(place) * f64::from(width) / f64::from(logical_width)).round() as i32;
    let picture = Picture::from_rgba(width, height, image.into_raw())
        .map_err(|error| CaptureError::Failed { reason: error.to_string() })?;
    Ok(Frame {
        x: physical(monitor.x().map_err(|error| failed(&error))?),
        y: physical(monitor.y().map_err(|error| failed(&error))?),
        // A system that does not say which one is the main monitor still has its pictures.
        primary: monitor.is_primary().unwrap_or(false),
        picture,
    })
}

fn failed(error: &XCapError) -> CaptureError {
    CaptureError::Failed { reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn frame(x: i32, y: i32, width: u32, height: u32, primary: bool) -> Frame {
        let pixels = vec![0; (width * height * 4) as usize];
        Frame { x, y, primary, picture: Picture::from_rgba(width, height, pixels).unwrap() }
    }

    fn places(frames: &[Frame]) -> Vec<(i32, i32, bool)> {
        frames.iter().map(|frame| (frame.x, frame.y, frame.primary)).collect()
    }

    #[test]
    fn a_mirror_is_captured_once_and_stays_the_main_monitor() {
        let frames = vec![frame(0, 0, 8, 6, true), frame(0, 0, 16, 10, false), frame(0, 0, 16, 10, false)];
        assert_eq!(places(&without_mirrors(frames)), [(0, 0, true)]);
    }

    #[test]
    fn neighbours_are_no_mirrors() {
        let frames = vec![frame(-8, 2, 8, 6, false), frame(0, 0, 16, 10, true), frame(16, 0, 8, 6, false)];
        assert_eq!(places(&without_mirrors(frames)), [(0, 0, true), (-8, 2, false), (16, 0, false)]);
    }
}
