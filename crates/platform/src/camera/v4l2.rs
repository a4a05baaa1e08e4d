//! The cameras of Linux, by V4L2.

use std::{fs, io, path::PathBuf, time::Duration};

use v4l::{
    Device, Format, FourCC,
    buffer::{Flags, Type},
    capability,
    framesize::FrameSizeEnum,
    io::{mmap, traits::CaptureStream},
    video::Capture,
};
use warifu_session::{ports::CameraError, scan::Picture};

use super::{
    BAD_FRAMES_LIMIT, WANTED, failed, more_telling,
    pixels::{self, Layout, PixelFormat},
    plain_name,
};
use crate::reason::reason;

/// Some cameras take seconds to wake.
const FIRST_FRAME_LIMIT: Duration = Duration::from_secs(8);
const FRAME_LIMIT: Duration = Duration::from_secs(2);
/// The fewest that most drivers accept: frames wait in them, and should not be old.
const BUFFERS: u32 = 2;
/// What a camera offers that is tried before it is given up.
const MODES_LIMIT: usize = 6;

/// A camera that is on.
pub(super) struct Stream {
    pub(super) name: String,
    layout: Layout,
    stream: mmap::Stream<'static>,
}

/// Switches on the first camera that works.
pub(super) fn start() -> Result<Stream, CameraError> {
    let mut why_not = CameraError::NoCamera;
    for path in nodes() {
        match open(&path) {
            Ok(stream) => return Ok(stream),
            Err(error) => why_not = more_telling(why_not, error),
        }
    }
    Err(why_not)
}

/// The nodes of all video devices, in their order. Not all of them are cameras.
fn nodes() -> Vec<PathBuf> {
    let entries = fs::read_dir("/dev").into_iter().flatten().flatten();
    let mut nodes: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| Some((entry.file_name().to_str()?.strip_prefix("video")?.parse().ok()?, entry.path())))
        .collect();
    nodes.sort();
    nodes.into_iter().map(|(_, path)| path).collect()
}

fn open(path: &PathBuf) -> Result<Stream, CameraError> {
    let device = Device::with_path(path).map_err(|error| told(&error))?;
    let about = device.query_caps().map_err(|error| told(&error))?;
    // The same camera has a second node for what it says of its pictures, and a processor may have nodes of its own.
    if !about.capabilities.contains(capability::Flags::VIDEO_CAPTURE | capability::Flags::STREAMING) {
        return Err(CameraError::NoCamera);
    }
    let name = plain_name(&about.card);
    let mut why_not = CameraError::NoCamera;
    for mode in modes(&device).into_iter().take(MODES_LIMIT) {
        match begin(&device, mode) {
            Ok((layout, stream)) => return Ok(Stream { name, layout, stream }),
            // A mode that is too much for the cable is refused; the next may not be.
            Err(CameraError::Failed { reason }) => why_not = more_telling(why_not, CameraError::Failed { reason }),
            Err(error) => return Err(error),
        }
    }
    Err(why_not)
}

/// A format and a size that a camera offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mode {
    fourcc: [u8; 4],
    width: u32,
    height: u32,
}

/// What we can read of what a camera offers, the best first.
fn modes(device: &Device) -> Vec<Mode> {
    let mut modes = Vec::new();
    for format in device.enum_formats().unwrap_or_default() {
        if pixel_format(format.fourcc.repr).is_none() {
            continue;
        }
        let sizes = device.enum_framesizes(format.fourcc).unwrap_or_default();
        let mut sizes: Vec<(u32, u32)> = sizes.into_iter().map(|size| wanted(size.size)).collect();
        if sizes.is_empty() {
            // A driver that tells no sizes is asked for ours, and answers with its own.
            sizes.push(WANTED);
        }
        modes.extend(sizes.into_iter().map(|(width, height)| Mode { fourcc: format.fourcc.repr, width, height }));
    }
    sort(&mut modes);
    modes
}

/// One size of those a camera offers.
fn wanted(size: FrameSizeEnum) -> (u32, u32) {
    let nearest = |wanted: u32, least: u32, most: u32, step: u32| {
        let more = wanted.min(most).saturating_sub(least);
        least.saturating_add(more - more.checked_rem(step).unwrap_or(0))
    };
    match size {
        FrameSizeEnum::Discrete(size) => (size.width, size.height),
        FrameSizeEnum::Stepwise(sizes) => (
            nearest(WANTED.0, sizes.min_width, sizes.max_width, sizes.step_width),
            nearest(WANTED.1, sizes.min_height, sizes.max_height, sizes.step_height),
        ),
    }
}

/// Nearest to the wanted size first; of one size, what goes over a slow cable quickly enough.
fn sort(modes: &mut [Mode]) {
    const ORDER: [PixelFormat; 6] = [
        PixelFormat::Mjpeg,
        PixelFormat::Nv12,
        PixelFormat::Yuyv,
        PixelFormat::Rgb,
        PixelFormat::Bgr,
        PixelFormat::Grey,
    ];
    let pixels = |width: u32, height: u32| u64::from(width) * u64::from(height);
    modes.sort_by_key(|mode| {
        let format = pixel_format(mode.fourcc);
        let place = ORDER.iter().position(|known| Some(*known) == format);
        (pixels(mode.width, mode.height).abs_diff(pixels(WANTED.0, WANTED.1)), place)
    });
}

fn pixel_format(fourcc: [u8; 4]) -> Option<PixelFormat> {
    match &fourcc {
        b"MJPG" | b"JPEG" => Some(PixelFormat::Mjpeg),
        b"YUYV" => Some(PixelFormat::Yuyv),
        b"NV12" => Some(PixelFormat::Nv12),
        b"RGB3" => Some(PixelFormat::Rgb),
        b"BGR3" => Some(PixelFormat::Bgr),
        b"GREY" => Some(PixelFormat::Grey),
        _ => None,
    }
}

/// Begins, and waits for a first frame: only then it is known that there are any.
fn begin(device: &Device, mode: Mode) -> Result<(Layout, mmap::Stream<'static>), CameraError> {
    let asked = Format::new(mode.width, mode.height, FourCC::new(&mode.fourcc));
    let given = device.set_format(&asked).map_err(|error| told(&error))?;
    let format = pixel_format(given.fourcc.repr).ok_or_else(|| failed("unknown pixels"))?;
    let layout = Layout { format, width: given.width, height: given.height, stride: given.stride };
    let mut stream = mmap::Stream::with_buffers(device, Type::VideoCapture, BUFFERS).map_err(|error| told(&error))?;
    stream.set_timeout(FIRST_FRAME_LIMIT);
    stream.next().map_err(|error| told(&error))?;
    stream.set_timeout(FRAME_LIMIT);
    Ok((layout, stream))
}

/// What an error of the system means for a person.
fn told(error: &io::Error) -> CameraError {
    match error.kind() {
        io::ErrorKind::ResourceBusy => CameraError::Busy,
        io::ErrorKind::PermissionDenied => CameraError::Denied,
        _ => failed(reason(error)),
    }
}

impl Stream {
    pub(super) fn size(&self) -> (u32, u32) {
        (self.layout.width, self.layout.height)
    }

    /// The next frame that is a picture.
    pub(super) fn frame(&mut self) -> Result<Picture, CameraError> {
        for _ in 0..BAD_FRAMES_LIMIT {
            let (bytes, about) = self.stream.next().map_err(|error| told(&error))?;
            let used = bytes.get(..about.bytesused as usize).unwrap_or(bytes);
            if about.flags.contains(Flags::ERROR) {
                continue;
            }
            if let Some(picture) = pixels::picture(self.layout, used) {
                return Ok(picture);
            }
        }
        Err(failed("no picture in the frames"))
    }
}

#[cfg(test)]
mod tests {
    use v4l::framesize::{Discrete, Stepwise};

    use super::*;

    fn mode(fourcc: &[u8; 4], width: u32, height: u32) -> Mode {
        Mode { fourcc: *fourcc, width, height }
    }

    #[test]
    fn the_mode_nearest_to_what_is_wanted_comes_first() {
        let mut modes = [
            mode(b"YUYV", 640, 480),
            mode(b"YUYV", 1280, 720),
            mode(b"MJPG", 1920, 1080),
            mode(b"MJPG", 1280, 720),
            mode(b"MJPG", 640, 480),
        ];
        sort(&mut modes);
        let widths = modes.map(|mode| (mode.fourcc, mode.width));
        let wanted = [(*b"MJPG", 1280), (*b"YUYV", 1280), (*b"MJPG", 640), (*b"YUYV", 640), (*b"MJPG", 1920)];
        assert_eq!(widths, wanted);
    }

    #[test]
    fn of_a_range_of_sizes_the_nearest_is_taken() {
        let range = |least: (u32, u32), most: (u32, u32), step: u32| {
            wanted(FrameSizeEnum::Stepwise(Stepwise {
                min_width: least.0,
                max_width: most.0,
                step_width: step,
                min_height: least.1,
                max_height: most.1,
                step_height: step,
            }))
        };
        assert_eq!(range((2, 1), (8192, 8192), 1), (1280, 720));
        assert_eq!(range((48, 32), (640, 480), 16), (640, 480));
        assert_eq!(range((50, 50), (4000, 4000), 100), (1250, 650));
        // What no driver should say.
        assert_eq!(range((50, 50), (4000, 4000), 0), (1280, 720));
        assert_eq!(range((4000, 4000), (50, 50), 7), (4000, 4000));
        assert_eq!(wanted(FrameSizeEnum::Discrete(Discrete { width: 7, height: 5 })), (7, 5));
    }

    #[test]
    fn what_the_system_says_is_told() {
        let told = |number: i32| told(&io::Error::from_raw_os_error(number));
        let [eacces, ebusy, enodev] = [13, 16, 19];
        assert_eq!((told(ebusy), told(eacces)), (CameraError::Busy, CameraError::Denied));
        assert!(matches!(told(enodev), CameraError::Failed { reason } if reason.ends_with("OS error 19")));
    }
}
