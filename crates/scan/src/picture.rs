//! Pictures: foreign bytes become pixels here, once, or a typed error.

use std::fmt;
use std::io::{self, Cursor};
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use zeroize::{Zeroize, Zeroizing};

use crate::geometry::Region;

/// The largest picture file that is looked at: 64 MiB, above an uncompressed 4K BMP (32 MiB) and
/// any phone photo, and small enough to be read into memory without a thought.
pub const FILE_BYTES_LIMIT: usize = 64 * 1024 * 1024;

/// The most pixels a picture may have: 50 million. An 8K screen has 33, a photo of a 50-megapixel
/// phone 49.9 million; at 4 bytes a pixel, with the decoder's own copy, the whole stays under 512
/// MiB.
pub const PIXELS_LIMIT: u64 = 50_000_000;

/// What an image decoder may allocate: the largest allowed picture at 4 bytes a pixel, and some
/// tables. This also catches pictures within [`PIXELS_LIMIT`] with 8 bytes a pixel or with bombs in
/// their metadata.
const DECODER_BYTES_LIMIT: u64 = 224 * 1024 * 1024;

/// A picture in memory: 8-bit RGBA, rows from the top, wiped on drop.
///
/// No `Clone`, and `Debug` tells only the size: a frame of someone's screen has one owner and is
/// never printed.
pub struct Picture {
    width: u32,
    height: u32,
    rgba: Zeroizing<Vec<u8>>,
}

/// Why bytes did not become a [`Picture`]. Never holds any of the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Nothing known begins like this (or it is empty).
    #[error("not a picture")]
    NotAPicture,
    /// A kind of picture that is recognised but not read, such as HEIC, TIFF or SVG; for [`Picture::decode`], also a PDF.
    #[error("this kind of picture is not supported; PNG, JPEG, WebP, GIF, BMP and PDF are")]
    UnsupportedFormat,
    /// The file is larger than [`FILE_BYTES_LIMIT`].
    #[error("the file is larger than {limit} bytes")]
    TooManyBytes {
        /// The limit in bytes.
        limit: usize,
    },
    /// The header announces more pixels than [`PIXELS_LIMIT`], or pixels so deep that they need
    /// more memory than that many ordinary ones. Found before allocating for them.
    #[error("{width} x {height} is more than the limit of {limit} pixels")]
    TooManyPixels {
        /// Announced width in pixels.
        width: u32,
        /// Announced height in pixels.
        height: u32,
        /// The limit in pixels.
        limit: u64,
    },
    /// The file ends too early, as after an interrupted download or copy.
    #[error("the picture file is cut off")]
    Truncated,
    /// The contents contradict themselves: damage, or (from raw pixels) a buffer of the wrong
    /// length.
    #[error("the picture is damaged")]
    Broken,
    /// A PDF that opens with a password only.
    #[error("the PDF is protected by a password")]
    Protected,
    /// A PDF has more pages than are looked at; those up to the limit were.
    #[error("more than {limit} pages")]
    TooManyPages {
        /// The limit in pages.
        limit: usize,
    },
    /// A PDF needs more time or memory than it may have. This crate cannot tell by itself; whoever limits it does.
    #[error("the PDF needs too much time or memory")]
    TooDemanding,
}

impl Picture {
    /// Reads a PNG, JPEG, WebP, GIF or BMP file; of an animation, the first frame. A photo's EXIF
    /// orientation is applied: the result is as the person sees it.
    ///
    /// # Errors
    /// See [`PictureError`]; limits are checked before pixels are allocated.
    pub fn decode(bytes: &[u8]) -> Result<Picture, PictureError> {
        if bytes.len() > FILE_BYTES_LIMIT {
            return Err(PictureError::TooManyBytes { limit: FILE_BYTES_LIMIT });
        }
        let format = recognise(bytes)?;
        // An image decoder that panics on a damaged file is a damaged file.
        catch_unwind(AssertUnwindSafe(|| decode_as(format, bytes))).unwrap_or(Err(PictureError::Broken))
    }

    /// Takes over pixels that are already in memory, such as a screen capture: 4 bytes (red, green,
    /// blue, alpha) a pixel, rows from the top.
    ///
    /// # Errors
    /// [`PictureError::TooManyPixels`]; [`PictureError::Broken`] if a side is zero or the buffer is
    /// not `width * height * 4` bytes long.
    pub fn from_rgba(width: u32, height: u32, rgba: impl Into<Zeroizing<Vec<u8>>>) -> Result<Picture, PictureError> {
        let rgba = rgba.into();
        let pixels = check_pixels(width, height)?;
        if pixels == 0 || rgba.len() as u64 != pixels * 4 {
            return Err(PictureError::Broken);
        }
        Ok(Picture { width, height, rgba })
    }

    /// Width in pixels, at least 1.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels, at least 1.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The pixels: `width * height * 4` bytes, red, green, blue, alpha (not premultiplied), rows
    /// from the top.
    #[must_use]
    pub fn expose_rgba(&self) -> &[u8] {
        &self.rgba
    }

    /// A copy of the part of the picture inside `region`; `None` if the region lies wholly outside.
    #[must_use]
    pub fn crop(&self, region: Region) -> Option<Picture> {
        let region = region.clamped(self.width, self.height)?;
        // Exact capacity: a growing vector would leave unwiped copies behind.
        let mut rgba = Zeroizing::new(Vec::with_capacity(region.width as usize * region.height as usize * 4));
        for row in self.rows(region) {
            rgba.extend_from_slice(row);
        }
        Some(Picture { width: region.width, height: region.height, rgba })
    }

    /// The whole picture as a region.
    pub(crate) fn bounds(&self) -> Region {
        Region { x: 0, y: 0, width: self.width, height: self.height }
    }

    /// The RGBA rows of a region that lies inside the picture.
    pub(crate) fn rows(&self, region: Region) -> impl Iterator<Item = &[u8]> {
        let (left, width) = (region.x as usize * 4, region.width as usize * 4);
        self.rgba
            .chunks_exact(self.width as usize * 4)
            .skip(region.y as usize)
            .take(region.height as usize)
            .map(move |row| &row[left..left + width])
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Picture").field("width", &self.width).field("height", &self.height).finish_non_exhaustive()
    }
}

fn check_pixels(width: u32, height: u32) -> Result<u64, PictureError> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels > PIXELS_LIMIT {
        return Err(PictureError::TooManyPixels { width, height, limit: PIXELS_LIMIT });
    }
    Ok(pixels)
}

/// Whether the bytes begin as one of the pictures that are read.
pub(crate) fn is_picture(bytes: &[u8]) -> bool {
    recognise(bytes).is_ok()
}

fn recognise(bytes: &[u8]) -> Result<ImageFormat, PictureError> {
    match image::guess_format(bytes) {
        Ok(
            format @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP | ImageFormat::Gif | ImageFormat::Bmp),
        ) => Ok(format),
        Ok(_) => Err(PictureError::UnsupportedFormat),
        Err(_) if is_known_but_unread(bytes) => Err(PictureError::UnsupportedFormat),
        Err(_) => Err(PictureError::NotAPicture),
    }
}

/// What people do try to open besides pictures we read: PDF, SVG, an iPhone's HEIC, JPEG XL.
fn is_known_but_unread(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(1024)];
    let contains = |needle: &[u8]| head.windows(needle.len()).any(|window| window == needle);
    head.starts_with(b"%PDF-")
        || head.get(4..8) == Some(b"ftyp")
        || head.starts_with(b"\xff\x0a")
        || head.starts_with(b"\0\0\0\x0cJXL ")
        || (head.trim_ascii_start().starts_with(b"<") && contains(b"<svg"))
}

fn decode_as(format: ImageFormat, bytes: &[u8]) -> Result<Picture, PictureError> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODER_BYTES_LIMIT);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits.clone());

    let mut decoder = reader.into_decoder().map_err(|error| reason(&error, (0, 0)))?;
    let (width, height) = decoder.dimensions();
    if check_pixels(width, height)? == 0 {
        return Err(PictureError::Broken);
    }
    let size = (width, height);
    limits.reserve(decoder.total_bytes()).map_err(|error| reason(&error, size))?;
    decoder.set_limits(limits).map_err(|error| reason(&error, size))?;
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);

    let mut decoded = DynamicImage::from_decoder(decoder).map_err(|error| reason(&error, size))?;
    decoded.apply_orientation(orientation);
    let (width, height) = (decoded.width(), decoded.height());
    let rgba = match decoded {
        DynamicImage::ImageRgba8(buffer) => buffer.into_raw(),
        other => {
            let rgba = other.to_rgba8().into_raw();
            other.into_bytes().zeroize();
            rgba
        }
    };
    Picture::from_rgba(width, height, rgba)
}

fn reason(error: &ImageError, (width, height): (u32, u32)) -> PictureError {
    match error {
        ImageError::Limits(_) => PictureError::TooManyPixels { width, height, limit: PIXELS_LIMIT },
        ImageError::Unsupported(_) => PictureError::UnsupportedFormat,
        error if ends_too_early(error) => PictureError::Truncated,
        _ => PictureError::Broken,
    }
}

/// Whether an unexpected end of file lies anywhere at the bottom of an error.
fn ends_too_early(error: &(dyn std::error::Error + 'static)) -> bool {
    let io = error.downcast_ref::<io::Error>();
    let image_io = match error.downcast_ref::<ImageError>() {
        Some(ImageError::IoError(error)) => Some(error),
        _ => None,
    };
    if io.or(image_io).is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof) {
        return true;
    }
    error.source().is_some_and(ends_too_early)
}
