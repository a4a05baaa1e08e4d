//! The screens of the desktop, by xcap.

use warifu_session::{
    ports::{CaptureError, Frame, ScreenCapture},
    scan::Picture,
};
use xcap::{Monitor, XCapError};

/// All monitors, in physical pixels. Nothing is written to disk: on Wayland, where xcap's ways lead through a picture file,
/// the screen is not captured at all.
#[derive(Debug, Default)]
pub struct DesktopScreens;

impl ScreenCapture for DesktopScreens {
    fn capture(&self) -> Result<Vec<Frame>, CaptureError> {
        if is_wayland() {
            return Err(CaptureError::Unsupported);
        }
        let monitors = Monitor::all().map_err(|error| failed(&error))?;
        monitors.iter().map(capture).collect()
    }
}

fn capture(monitor: &Monitor) -> Result<Frame, CaptureError> {
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

#[cfg(target_os = "linux")]
#[allow(clippy::disallowed_methods)] // What kind of desktop this is, only the environment tells.
fn is_wayland() -> bool {
    std::env::var_os("WAYLAND_DISPLAY").is_some_and(|display| !display.is_empty())
        || std::env::var("XDG_SESSION_TYPE").is_ok_and(|kind| kind.eq_ignore_ascii_case("wayland"))
}

#[cfg(not(target_os = "linux"))]
fn is_wayland() -> bool {
    false
}

fn failed(error: &XCapError) -> CaptureError {
    CaptureError::Failed { reason: error.to_string() }
}
