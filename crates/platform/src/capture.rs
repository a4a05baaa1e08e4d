//! The screens of the desktop, by xcap.

use warifu_session::{
    ports::{CaptureError, Frame, ScreenCapture},
    scan::Picture,
};
use xcap::{Monitor, XCapError};

/// All monitors, in physical pixels. Nothing is written to disk.
#[derive(Debug, Default)]
pub struct DesktopScreens;

impl ScreenCapture for DesktopScreens {
    fn capture(&self) -> Result<Vec<Frame>, CaptureError> {
        let monitors = Monitor::all().map_err(|error| reason(&error))?;
        monitors.iter().map(capture).collect()
    }
}

fn capture(monitor: &Monitor) -> Result<Frame, CaptureError> {
    let image = monitor.capture_image().map_err(|error| reason(&error))?;
    let (width, height) = image.dimensions();
    let picture = Picture::from_rgba(width, height, image.into_raw())
        .map_err(|error| CaptureError { reason: error.to_string() })?;
    Ok(Frame {
        x: monitor.x().map_err(|error| reason(&error))?,
        y: monitor.y().map_err(|error| reason(&error))?,
        // A system that does not say which one is the main monitor still has its pictures.
        primary: monitor.is_primary().unwrap_or(false),
        picture,
    })
}

fn reason(error: &XCapError) -> CaptureError {
    CaptureError { reason: error.to_string() }
}
