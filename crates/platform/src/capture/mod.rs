//! The screen.

mod monitors;
#[cfg(target_os = "linux")]
mod outputs;
#[cfg(target_os = "linux")]
mod portal;
#[cfg(target_os = "linux")]
mod portal_errand;

use std::{ffi::OsString, process::ExitCode};

use warifu_session::ports::{CaptureError, Frame, ScreenCapture};

/// The screen of this desktop: every monitor by xcap, or, on Wayland, what the desktop's portal hands over.
#[derive(Debug, Default)]
pub struct DesktopScreens;

impl ScreenCapture for DesktopScreens {
    fn capture(&self) -> Result<Vec<Frame>, CaptureError> {
        #[cfg(target_os = "linux")]
        if is_wayland() {
            return portal::capture();
        }
        monitors::capture()
    }

    fn asks(&self) -> bool {
        is_wayland()
    }
}

/// What this process was started for, if it was started by [`DesktopScreens`] to run an errand and not by a person. **Ask it first thing
/// in `main`**, before anything that keeps others from looking at the process: a portal looks at whoever asks it.
///
/// `arguments` are those after the program's name.
pub fn run_errand(arguments: impl IntoIterator<Item = OsString>) -> Option<ExitCode> {
    #[cfg(target_os = "linux")]
    if arguments.into_iter().eq([portal_errand::ARGUMENT]) {
        return Some(portal_errand::run());
    }
    #[cfg(not(target_os = "linux"))]
    let _ = arguments;
    None
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
