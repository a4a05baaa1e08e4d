//! The QR picture of a key URI.

use png::{BitDepth, ColorType, Encoder};
use qrcode::{Color, EcLevel, QrCode};
use zeroize::Zeroizing;

/// White modules around the code (ISO/IEC 18004, 6.3.8).
const QUIET_ZONE: usize = 4;
/// Pixels of a module: sharp on a screen, and still there after a messenger has shrunk the picture.
const MODULE: usize = 8;

/// The text as a black-on-white PNG; none if it is longer than a QR code can hold.
pub(crate) fn png_of(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    // What does not fit with the usual error correction may fit with less.
    let code =
        [EcLevel::M, EcLevel::L].iter().find_map(|level| QrCode::with_error_correction_level(text, *level).ok())?;
    let (width, modules) = (code.width(), code.to_colors());
    let side = (width + 2 * QUIET_ZONE) * MODULE;
    let module_at = |x: usize, y: usize| {
        let (x, y) = ((x / MODULE).checked_sub(QUIET_ZONE)?, (y / MODULE).checked_sub(QUIET_ZONE)?);
        (x < width && y < width).then(|| modules[y * width + x])
    };
    let grey = |x, y| if module_at(x, y) == Some(Color::Dark) { 0 } else { 255 };
    let pixels: Zeroizing<Vec<u8>> =
        Zeroizing::new((0..side).flat_map(|y| (0..side).map(move |x| (x, y))).map(|(x, y)| grey(x, y)).collect());
    encode(side, &pixels).ok()
}

fn encode(side: usize, pixels: &[u8]) -> Result<Zeroizing<Vec<u8>>, png::EncodingError> {
    let mut bytes = Zeroizing::new(Vec::new());
    // 185 modules and 16 pixels are far below u32.
    let mut encoder = Encoder::new(&mut *bytes, side as u32, side as u32);
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(bytes)
}
