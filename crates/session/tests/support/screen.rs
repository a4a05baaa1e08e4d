//! Screens with codes on them, for tests that have the `qrcode` crate.

/// A BMP of a white screen with QR codes side by side, 6 pixels a module.
pub fn screen(texts: &[&str]) -> Vec<u8> {
    const MODULE: usize = 6;
    const MARGIN: usize = 60;
    let codes: Vec<qrcode::QrCode> = texts.iter().map(|text| qrcode::QrCode::new(text).unwrap()).collect();
    let side = codes.iter().map(|code| code.width() * MODULE).max().unwrap_or(0) + 2 * MARGIN;
    let (width, height) = ((side * codes.len()).max(800), side.max(400));
    // Rows of a bitmap are filled up to four bytes.
    let width = width.next_multiple_of(4);
    let mut pixels = vec![255u8; width * height * 3];
    for (index, code) in codes.iter().enumerate() {
        for (at, color) in code.to_colors().iter().enumerate() {
            if *color == qrcode::Color::Dark {
                let (left, top) = (MARGIN + index * side, MARGIN);
                let (x, y) = (left + at % code.width() * MODULE, top + at / code.width() * MODULE);
                for row in y..y + MODULE {
                    pixels[(row * width + x) * 3..(row * width + x + MODULE) * 3].fill(0);
                }
            }
        }
    }
    // A bitmap header: BITMAPFILEHEADER and BITMAPINFOHEADER, rows from the top (negative height).
    let mut bmp = b"BM".to_vec();
    bmp.extend(u32::try_from(54 + pixels.len()).unwrap().to_le_bytes());
    bmp.extend([0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0]);
    bmp.extend(i32::try_from(width).unwrap().to_le_bytes());
    bmp.extend((-i32::try_from(height).unwrap()).to_le_bytes());
    bmp.extend([1, 0, 24, 0]);
    bmp.extend([0; 24]);
    bmp.extend(pixels);
    bmp
}
