#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use image::ImageFormat;
use warifu_scan::{FILE_BYTES_LIMIT, PIXELS_LIMIT, Picture, PictureError, find_codes};

use crate::draw::{NOTHING, Screen, Style, WHITE, png_claiming};

const TEXT: &str = "otpauth://totp/Example:a?secret=GEZDGNBVGY3TQOJQ";
const FORMATS: [ImageFormat; 5] =
    [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif, ImageFormat::Bmp];

fn screen() -> Screen {
    let mut screen = Screen::filled(200, 180, WHITE);
    screen.draw(TEXT, 100.5, 90.5, Style { module: 3.0, ..Style::default() });
    screen
}

fn refused(bytes: &[u8]) -> PictureError {
    Picture::decode(bytes).expect_err("must be refused")
}

#[test]
fn all_five_formats_are_read() {
    for format in FORMATS {
        let picture = Picture::decode(&screen().file(format)).unwrap();
        assert_eq!((picture.width(), picture.height()), (200, 180), "{format:?}");
        let codes = find_codes(&picture);
        assert_eq!(codes.len(), 1, "{format:?}");
        assert_eq!(codes[0].expose_text(), TEXT, "{format:?}");
    }
}

#[test]
fn transparent_files_are_read() {
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
        for dark in [[0, 0, 0, 255], WHITE] {
            let mut screen = Screen::filled(300, 300, NOTHING);
            screen.draw(TEXT, 150.5, 150.5, Style { dark, light: NOTHING, ..Style::default() });
            let codes = find_codes(&Picture::decode(&screen.file(format)).unwrap());
            assert_eq!(codes.len(), 1, "{format:?} {dark:?}");
        }
    }
}

/// Some capture interfaces leave the alpha byte empty.
#[test]
fn a_capture_without_any_alpha_is_opaque() {
    let mut screen = screen();
    screen.image.pixels_mut().for_each(|pixel| pixel.0[3] = 0);
    assert_eq!(find_codes(&screen.picture()).len(), 1);
}

#[test]
fn what_is_not_a_picture_is_told_from_what_is_not_supported() {
    for bytes in [&b""[..], b"otpauth://totp/x", b"\0", b"<html></html>", &[0x89, b'P', b'N'], &[0xff; 4096]] {
        assert_eq!(refused(bytes), PictureError::NotAPicture, "{:?}", &bytes[..bytes.len().min(8)]);
    }
    for bytes in [
        &b"%PDF-1.7\n"[..],
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<?xml version='1.0'?>\n<svg/>",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        b"II*\0\x08\0\0\0",
    ] {
        assert_eq!(refused(bytes), PictureError::UnsupportedFormat);
    }
}

#[test]
fn a_huge_header_is_refused_before_allocating() {
    let limit = PIXELS_LIMIT;
    let huge = png_claiming(60_000, 60_000, 8);
    assert_eq!(refused(&huge), PictureError::TooManyPixels { width: 60_000, height: 60_000, limit });
    // Few enough pixels, but 8 bytes each.
    let deep = png_claiming(7_000, 7_000, 16);
    assert_eq!(refused(&deep), PictureError::TooManyPixels { width: 7_000, height: 7_000, limit });
    // Just claims, and holds nothing.
    assert!(matches!(refused(&png_claiming(100, 100, 8)), PictureError::Truncated | PictureError::Broken));
    assert_eq!(refused(&png_claiming(0, 5, 8)), PictureError::Broken);
}

/// The size fields of real files, set to (nearly) as much as they can hold.
#[test]
fn huge_sizes_in_every_format_are_refused() {
    let patched = |format, at: usize, bytes: &[u8]| {
        let mut file = screen().file(format);
        file[at..at + bytes.len()].copy_from_slice(bytes);
        refused(&file)
    };
    let sof = screen().file(ImageFormat::Jpeg).windows(2).position(|marker| marker == b"\xff\xc0").unwrap();
    for error in [
        patched(ImageFormat::Gif, 6, &[0xff; 4]),
        patched(ImageFormat::Jpeg, sof + 5, &[0xff; 4]),
        patched(ImageFormat::Bmp, 18, &[0x60, 0xea, 0, 0, 0x60, 0xea, 0, 0]),
        patched(ImageFormat::WebP, 21, &[0xfe, 0xbf, 0xff, 0x0f]),
    ] {
        assert!(matches!(error, PictureError::TooManyPixels { .. }), "{error:?}");
    }
}

#[test]
fn a_huge_file_is_refused() {
    let mut file = screen().file(ImageFormat::Png);
    file.resize(FILE_BYTES_LIMIT + 1, 0);
    assert_eq!(refused(&file), PictureError::TooManyBytes { limit: FILE_BYTES_LIMIT });
}

#[test]
fn a_png_cut_off_anywhere_is_said_to_be_cut_off() {
    let file = screen().file(ImageFormat::Png);
    // The last 12 bytes are the empty end marker, without which the pixels are still whole.
    for length in (9..file.len() - 12).step_by(7) {
        assert_eq!(refused(&file[..length]), PictureError::Truncated, "{length} of {}", file.len());
    }
}

/// Whatever is cut, the answer is a picture or an error, and what is read from it is never wrong.
#[test]
fn files_cut_off_at_every_length() {
    for format in FORMATS {
        let file = screen().file(format);
        for length in (0..file.len()).step_by((file.len() / 300).max(1)) {
            if let Ok(picture) = Picture::decode(&file[..length]) {
                assert!(find_codes(&picture).iter().all(|code| code.expose_text() == TEXT));
            }
        }
    }
}

#[test]
fn raw_pixels_must_fit_their_size() {
    for (width, height, bytes) in [(2, 2, 15), (2, 2, 17), (0, 2, 0), (2, 0, 0)] {
        assert_eq!(Picture::from_rgba(width, height, vec![0; bytes]).unwrap_err(), PictureError::Broken);
    }
    let limit = PIXELS_LIMIT;
    let (width, height) = (u32::MAX, u32::MAX);
    let refused = Picture::from_rgba(width, height, Vec::new()).unwrap_err();
    assert_eq!(refused, PictureError::TooManyPixels { width, height, limit });
}

/// A photo taken with the camera on its side is as the person sees it.
#[test]
fn exif_orientation_is_applied() {
    let jpeg = screen().file(ImageFormat::Jpeg);
    // APP1 with a big-endian TIFF of one entry: orientation (0x0112), short, 1 value: 6 (turn by 90 degrees).
    let exif = b"\xff\xe1\x00\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let turned = [&jpeg[..2], exif, &jpeg[2..]].concat();
    let picture = Picture::decode(&turned).unwrap();
    assert_eq!((picture.width(), picture.height()), (180, 200));
    let top_left = find_codes(&picture)[0].corners[0];
    // Turned clockwise, the code's own top left lies at the right.
    assert!(top_left.x > 90.0 && top_left.y < 100.0, "{top_left:?}");
}
