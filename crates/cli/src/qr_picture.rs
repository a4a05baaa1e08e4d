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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn four_white_modules_of_eight_pixels_lie_around_the_code() {
        let bytes = png_of("otpauth://totp/a?secret=JBSWY3DPEHPK3PXP").unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes.as_slice())).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let side = reader.next_frame(&mut pixels).unwrap().width as usize;
        let dark = |x: usize, y: usize| pixels[y * side + x] == 0;
        let (first, last) = (32, side - 33);
        for across in 0..side {
            assert!((0..first).all(|inward| !dark(across, inward) && !dark(inward, across)));
            assert!((last + 1..side).all(|inward| !dark(across, inward) && !dark(inward, across)));
        }
        // The finder patterns stand in three corners: a ring of one module around a ring of one white module.
        assert!(dark(first, first) && dark(last, first) && dark(first, last));
        assert!(dark(first + 7, first + 7) && !dark(first + 8, first + 8));
    }

    #[test]
    fn what_no_code_can_hold_is_none() {
        assert!(png_of(&"x".repeat(2_953)).is_some());
        assert!(png_of(&"x".repeat(2_954)).is_none());
    }
}
