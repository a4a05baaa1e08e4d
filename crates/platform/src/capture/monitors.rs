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

/// Where a monitor lies on the desktop, in the desktop's own unit: the one in which all of its monitors are laid out.
struct Extent {
    x: i32,
    y: i32,
    width: u32,
    height: u32,
}

impl Extent {
    fn of(monitor: &Monitor) -> Result<Extent, XCapError> {
        Ok(Extent { x: monitor.x()?, y: monitor.y()?, width: monitor.width()?, height: monitor.height()? })
    }

    fn area(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    fn lies_within(&self, outer: &Extent) -> bool {
        let right = |extent: &Extent| i64::from(extent.x) + i64::from(extent.width);
        let bottom = |extent: &Extent| i64::from(extent.y) + i64::from(extent.height);
        self.x >= outer.x && self.y >= outer.y && right(self) <= right(outer) && bottom(self) <= bottom(outer)
    }
}

/// Drops the frame of a monitor that lies within another one: of monitors that mirror each other, one is enough. Two windows over
/// one place would hide one another.
fn without_mirrors(mut frames: Vec<(Extent, Frame)>) -> Vec<Frame> {
    frames.sort_by_key(|(extent, _)| Reverse(extent.area()));
    let mut kept: Vec<(Extent, Frame)> = Vec::new();
    for (extent, frame) in frames {
        match kept.iter_mut().find(|(other, _)| extent.lies_within(other)) {
            Some((_, other)) => other.primary |= frame.primary,
            None => kept.push((extent, frame)),
        }
    }
    kept.into_iter().map(|(_, frame)| frame).collect()
}

fn frame_of(monitor: &Monitor) -> Result<(Extent, Frame), CaptureError> {
    let image = monitor.capture_image().map_err(|error| failed(&error))?;
    let extent = Extent::of(monitor).map_err(|error| failed(&error))?;
    let (width, height) = image.dimensions();
    // That unit is a point or a scaled pixel on some systems; the picture tells how many physical pixels it is.
    let physical = |place: i32| (f64::from(place) * f64::from(width) / f64::from(extent.width.max(1))).round() as i32;
    let picture = Picture::from_rgba(width, height, image.into_raw())
        .map_err(|error| CaptureError::Failed { reason: error.to_string() })?;
    let frame = Frame {
        x: physical(extent.x),
        y: physical(extent.y),
        // A system that does not say which one is the main monitor still has its pictures.
        primary: monitor.is_primary().unwrap_or(false),
        picture,
    };
    Ok((extent, frame))
}

fn failed(error: &XCapError) -> CaptureError {
    CaptureError::Failed { reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn frame(x: i32, y: i32, width: u32, height: u32, primary: bool) -> (Extent, Frame) {
        scaled(Extent { x, y, width, height }, 1, primary)
    }

    /// A monitor that has `scale` pixels to each unit of the desktop.
    fn scaled(extent: Extent, scale: i32, primary: bool) -> (Extent, Frame) {
        let (width, height) = (extent.width * scale.unsigned_abs(), extent.height * scale.unsigned_abs());
        let pixels = vec![0; (width * height * 4) as usize];
        let picture = Picture::from_rgba(width, height, pixels).unwrap();
        let (x, y) = (extent.x * scale, extent.y * scale);
        (extent, Frame { x, y, primary, picture })
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

    #[test]
    fn a_neighbour_with_fewer_pixels_to_a_point_is_no_mirror() {
        // 192 points by 108 at two pixels a point, and beside it the same points at one: in pixels the second lies within the first.
        let dense = scaled(Extent { x: 0, y: 0, width: 192, height: 108 }, 2, true);
        let plain = scaled(Extent { x: 192, y: 0, width: 192, height: 108 }, 1, false);
        assert_eq!(places(&without_mirrors(vec![dense, plain])), [(0, 0, true), (192, 0, false)]);
    }
}
