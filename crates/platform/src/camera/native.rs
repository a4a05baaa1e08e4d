//! The cameras of Windows (Media Foundation) and macOS (AVFoundation), by nokhwa.

use nokhwa::{
    Camera, NokhwaError, nokhwa_check, nokhwa_initialize, query,
    utils::{ApiBackend, CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType, Resolution},
};
use warifu_session::{ports::CameraError, scan::Picture};

use super::{
    BAD_FRAMES_LIMIT, WANTED, failed, more_telling,
    pixels::{self, Layout, PixelFormat},
    plain_name,
};

/// In this order: nokhwa takes the first that a camera has.
const FORMATS: [FrameFormat; 6] = [
    FrameFormat::YUYV,
    FrameFormat::NV12,
    FrameFormat::MJPEG,
    FrameFormat::RAWRGB,
    FrameFormat::RAWBGR,
    FrameFormat::GRAY,
];

/// A camera that is on.
pub(super) struct Stream {
    pub(super) name: String,
    camera: Camera,
}

/// Switches on the first camera that works.
pub(super) fn start() -> Result<Stream, CameraError> {
    ask_for_permission()?;
    let cameras = query(ApiBackend::Auto).map_err(|error| told(&error))?;
    let mut why_not = CameraError::NoCamera;
    for about in cameras {
        match open(about.index()) {
            Ok(camera) => return Ok(Stream { name: plain_name(&about.human_name()), camera }),
            Err(error) => why_not = more_telling(why_not, error),
        }
    }
    Err(why_not)
}

/// macOS asks the person, the first time. It is waited for: the session gives up before they do.
fn ask_for_permission() -> Result<(), CameraError> {
    if nokhwa_check() {
        return Ok(());
    }
    let (sender, answer) = std::sync::mpsc::channel();
    nokhwa_initialize(move |allowed| {
        let _ = sender.send(allowed);
    });
    match answer.recv() {
        Ok(true) => Ok(()),
        Ok(false) | Err(_) => Err(CameraError::Denied),
    }
}

fn open(index: &CameraIndex) -> Result<Camera, CameraError> {
    let mut why_not = failed("no known pixels");
    let sizes = [WANTED, (640, 480)];
    let near = sizes.into_iter().flat_map(|(width, height)| {
        FORMATS.map(|format| {
            let wanted = CameraFormat::new(Resolution::new(width, height), format, 30);
            RequestedFormat::with_formats(RequestedFormatType::Closest(wanted), &FORMATS)
        })
    });
    let any = RequestedFormat::with_formats(RequestedFormatType::None, &FORMATS);
    for request in near.chain([any]) {
        let opened = Camera::new(index.clone(), request).and_then(|mut camera| {
            camera.open_stream()?;
            camera.frame()?;
            Ok(camera)
        });
        match opened.map_err(|error| told(&error)) {
            Ok(camera) => return Ok(camera),
            Err(error @ CameraError::Failed { .. }) => why_not = error,
            Err(error) => return Err(error),
        }
    }
    Err(why_not)
}

/// nokhwa tells what the system said as text alone: the numbers in it are Windows', and never translated.
fn told(error: &NokhwaError) -> CameraError {
    const DENIED: &str = "0x80070005";
    // The device is in use; the session was preempted; the hardware does not start streaming.
    const BUSY: [&str; 3] = ["0x80070020", "0xC00D3EA3", "0xC00D3704"];
    let text = error.to_string();
    if text.contains(DENIED) {
        CameraError::Denied
    } else if BUSY.iter().any(|number| text.contains(number)) {
        CameraError::Busy
    } else {
        failed(text)
    }
}

impl Stream {
    pub(super) fn size(&self) -> (u32, u32) {
        let size = self.camera.resolution();
        (size.width(), size.height())
    }

    /// The next frame that is a picture.
    pub(super) fn frame(&mut self) -> Result<Picture, CameraError> {
        for _ in 0..BAD_FRAMES_LIMIT {
            let frame = self.camera.frame().map_err(|error| told(&error))?;
            let (size, bytes) = (frame.resolution(), frame.buffer());
            let layout = Layout {
                format: pixel_format(frame.source_frame_format()),
                width: size.width(),
                height: size.height(),
                stride: 0,
            };
            if let Some(picture) = pixels::picture(layout, bytes) {
                return Ok(picture);
            }
        }
        Err(failed("no picture in the frames"))
    }
}

fn pixel_format(format: FrameFormat) -> PixelFormat {
    match format {
        FrameFormat::MJPEG => PixelFormat::Mjpeg,
        FrameFormat::YUYV => PixelFormat::Yuyv,
        FrameFormat::NV12 => PixelFormat::Nv12,
        FrameFormat::GRAY => PixelFormat::Grey,
        FrameFormat::RAWRGB => PixelFormat::Rgb,
        FrameFormat::RAWBGR => PixelFormat::Bgr,
    }
}
