//! Documents: a picture file holds one picture, a PDF one on each page.

use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro::{
    PixmapSettings, RenderCache, RenderSettings,
    hayro_interpret::InterpreterSettings,
    hayro_syntax::{DecryptionError, LoadPdfError, Pdf, page::Page},
    render,
    vello_cpu::color::palette::css::WHITE,
};
use zeroize::{Zeroize, Zeroizing};

use crate::picture::{self, FILE_BYTES_LIMIT, Picture, PictureError};

/// The most pages of a PDF that are looked at: 50. What a person was sent with a code in it is shorter; a book would keep
/// them waiting for minutes.
pub const PAGES_LIMIT: usize = 50;

/// Pixels to a point (a 72nd of an inch): 200 dots an inch, as a scanner would. The smallest printed codes (modules of a
/// third of a millimetre) get more than two pixels a module.
const SCALE: f32 = 200.0 / 72.0;

/// A page no larger than a stamp or a ticket is drawn larger: its code fills it.
const LONG_SIDE_AT_LEAST: f32 = 1200.0;

/// A page larger than a poster of 200 dots an inch is drawn smaller: 9 million pixels, an A3 page.
const PAGE_PIXELS_LIMIT: f32 = 9_000_000.0;

/// A thin page has at most this many pixels along: the renderer counts in 16 bits.
const SIDE_LIMIT: f32 = 30_000.0;

/// A picture file or a PDF, as one picture after another. A page is rendered when it is asked for.
///
/// A picture file is decoded within this crate's limits. **The renderer of PDF files knows no limits of its own**: it forbids
/// unsafe code and is not known to hang, but a few bytes of a hostile file can make it work and allocate without end, or
/// overflow its stack, which ends the process. Give it bytes from outside in a process that may be killed
/// (`warifu-platform` does); what is checked here is the size of the file, the number of pages and their pixels.
///
/// ```
/// use warifu_scan::{Document, PictureError};
///
/// assert_eq!(Document::open(b"otpauth://").err(), Some(PictureError::NotAPicture));
/// assert_eq!(Document::open(b"%PDF-1.7 and nothing else").err(), Some(PictureError::Broken));
/// ```
pub struct Document(Kind);

enum Kind {
    Picture(Option<Picture>),
    Pdf { pdf: Box<Pdf>, next: usize },
}

impl Document {
    /// Whether the bytes begin as a PDF does, leaving the rest to [`Document::open`].
    #[must_use]
    pub fn is_pdf(bytes: &[u8]) -> bool {
        // A picture may say "%PDF-" in its comment.
        if picture::is_picture(bytes) {
            return false;
        }
        // Readers accept some rubbish before it; mail programs add a line or two.
        bytes[..bytes.len().min(1024)].windows(5).any(|window| window == b"%PDF-")
    }

    /// Opens a picture file or a PDF. A PDF that only forbids printing or changing, with no password for opening it, opens.
    ///
    /// # Errors
    /// Those of [`Picture::decode`], and [`PictureError::Protected`].
    pub fn open(bytes: &[u8]) -> Result<Document, PictureError> {
        if !Document::is_pdf(bytes) {
            return Ok(Document(Kind::Picture(Some(Picture::decode(bytes)?))));
        }
        if bytes.len() > FILE_BYTES_LIMIT {
            return Err(PictureError::TooManyBytes { limit: FILE_BYTES_LIMIT });
        }
        let pdf = caught(|| Pdf::new(bytes.to_vec()).map_err(reason))?;
        let pages = caught(|| Ok(pdf.pages().len()))?;
        if pages == 0 {
            return Err(PictureError::Broken);
        }
        Ok(Document(Kind::Pdf { pdf: Box::new(pdf), next: 0 }))
    }
}

impl Iterator for Document {
    type Item = Result<Picture, PictureError>;

    /// The next picture. A page that cannot be rendered is an error among the others; after [`PAGES_LIMIT`] pages of a longer
    /// PDF comes [`PictureError::TooManyPages`], and nothing more.
    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Kind::Picture(picture) => picture.take().map(Ok),
            Kind::Pdf { pdf, next } => {
                let index = *next;
                let pages = pdf.pages();
                if index >= pages.len() || index > PAGES_LIMIT {
                    return None;
                }
                *next += 1;
                if index == PAGES_LIMIT {
                    return Some(Err(PictureError::TooManyPages { limit: PAGES_LIMIT }));
                }
                Some(caught(|| draw(&pages[index])))
            }
        }
    }
}

/// Draws a page on white paper. No cache is kept from page to page: it would only grow.
fn draw(page: &Page<'_>) -> Result<Picture, PictureError> {
    let (width, height) = page.render_dimensions();
    let scale = scale(width, height).ok_or(PictureError::Broken)?;
    let mut pixels = render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE },
    );
    let (width, height) = (u32::from(pixels.width()), u32::from(pixels.height()));
    // On white paper nothing is transparent, so premultiplied pixels are plain ones.
    let rgba = Zeroizing::new(pixels.data_as_u8_slice().to_vec());
    pixels.data_as_u8_slice_mut().zeroize();
    Picture::from_rgba(width, height, rgba)
}

/// Pixels to a point for a page of this many points; none if its sides are so unlike that nothing of it would be left.
fn scale(width: f32, height: f32) -> Option<f32> {
    let (long, short) = (width.max(height), width.min(height));
    if !long.is_finite() || short.is_nan() || short <= 0.0 {
        return None;
    }
    let wanted = SCALE.max(LONG_SIDE_AT_LEAST / long);
    let fits = (PAGE_PIXELS_LIMIT / long / short).sqrt().min(SIDE_LIMIT / long);
    let scale = wanted.min(fits);
    (short * scale >= 1.0).then_some(scale)
}

fn reason(error: LoadPdfError) -> PictureError {
    match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected | DecryptionError::UnsupportedAlgorithm) => {
            PictureError::Protected
        }
        LoadPdfError::Decryption(_) | LoadPdfError::Invalid => PictureError::Broken,
    }
}

/// A renderer that panics on a damaged file is a damaged file.
fn caught<T>(work: impl FnOnce() -> Result<T, PictureError>) -> Result<T, PictureError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(PictureError::Broken))
}
