//! The camera: V4L2 on Linux, Media Foundation and AVFoundation elsewhere. Nothing is touched before it is switched on.

#[cfg(not(target_os = "linux"))]
mod native;
mod pixels;
#[cfg(target_os = "linux")]
mod v4l2;

#[cfg(not(target_os = "linux"))]
use native as system;
#[cfg(target_os = "linux")]
use v4l2 as system;

use std::panic::{AssertUnwindSafe, catch_unwind};

use warifu_session::{
    ports::{Camera, CameraError, CameraStream},
    scan::Picture,
};

/// What is asked of a camera that can do more: enough for the densest code on a sheet of paper, and little enough to look at
/// several times a second.
const WANTED: (u32, u32) = (1280, 720);

/// So many frames in a row that are no picture come from a camera that is not going to give one.
const BAD_FRAMES_LIMIT: u32 = 30;

/// The cameras of this machine; the first that works is used.
#[derive(Debug, Default)]
pub struct DesktopCamera;

impl Camera for DesktopCamera {
    fn start(&self) -> Result<Box<dyn CameraStream>, CameraError> {
        let stream = guarded(system::start)?;
        Ok(Box::new(Guarded(Some(stream))))
    }
}

/// The libraries panic where a driver says something they do not expect.
fn guarded<T>(work: impl FnOnce() -> Result<T, CameraError>) -> Result<T, CameraError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(failed("unexpected answer of the driver")))
}

/// A stream that never panics, not even when it is dropped.
struct Guarded(Option<system::Stream>);

impl CameraStream for Guarded {
    fn name(&self) -> &str {
        self.0.as_ref().map_or("", |stream| &stream.name)
    }

    fn size(&self) -> (u32, u32) {
        self.0.as_ref().map_or((0, 0), |stream| stream.size())
    }

    fn frame(&mut self) -> Result<Picture, CameraError> {
        let Some(stream) = &mut self.0 else { return Err(failed("it is off")) };
        guarded(|| stream.frame())
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        let stream = self.0.take();
        let _ = catch_unwind(AssertUnwindSafe(|| drop(stream)));
    }
}

fn failed(reason: impl ToString) -> CameraError {
    CameraError::Failed { reason: reason.to_string() }
}

/// Of what several cameras say, the answer that helps a person most.
fn more_telling(one: CameraError, other: CameraError) -> CameraError {
    let weight = |error: &CameraError| match error {
        CameraError::NoCamera => 0,
        CameraError::Failed { .. } => 1,
        CameraError::Denied => 2,
        CameraError::Busy => 3,
    };
    if weight(&other) > weight(&one) { other } else { one }
}

/// A device may call itself anything.
fn plain_name(name: &str) -> String {
    const LONGEST: usize = 60;
    name.chars().filter(|letter| !letter.is_control()).take(LONGEST).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_camera_is_told_before_one_that_is_none() {
        let told = [CameraError::NoCamera, failed("x"), CameraError::Busy, CameraError::Denied, CameraError::NoCamera]
            .into_iter()
            .reduce(more_telling);
        assert_eq!(told, Some(CameraError::Busy));
    }

    #[test]
    fn a_name_is_one_short_line() {
        assert_eq!(plain_name("Integrated\n Camera\0\0 "), "Integrated Camera");
        assert_eq!(plain_name(&"あ".repeat(500)).chars().count(), 60);
    }
}
