#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use image::ImageFormat;
use warifu_scan::{Picture, find_codes};

use crate::draw::{BLACK, Screen, Seed, Style, WHITE};

/// Bytes changed at random, removed and doubled; nothing but an answer may come of it.
#[test]
fn two_thousand_mutated_files_never_panic() {
    let mut seed = Seed::new(42);
    let mut screen = Screen::filled(120, 120, WHITE);
    screen.draw("otpauth://totp/a?secret=GEZDGNBV", 60.5, 60.5, Style { module: 3.0, ..Style::default() });
    let files = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif, ImageFormat::Bmp]
        .map(|format| screen.file(format));
    let mut decoded = 0;
    for round in 0..2000 {
        let mut file = files[round % files.len()].clone();
        seed.damage(&mut file, 8);
        if let Ok(picture) = Picture::decode(&file) {
            decoded += 1;
            let _ = find_codes(&picture);
        }
    }
    // Else the test would test the header check alone.
    assert!(decoded > 200, "{decoded}");
}

/// Walls of finder patterns, on which the decoders alone work for minutes: the test ends. In one of two equally bright colours only rqrr sees anything.
#[test]
fn pictures_full_of_finder_patterns_are_given_up() {
    let (red, green) = ([200, 0, 0, 255], [0, 120, 0, 255]);
    for (dark, light, pitch) in [(BLACK, WHITE, 9), (red, green, 12), (red, green, 8)] {
        for module in [1, 2, 4, 8] {
            let mut screen = Screen::filled(1920, 1080, light);
            let step = pitch * module;
            for (y, x) in (0..1080 / step).flat_map(|y| (0..1920 / step).map(move |x| (y * step, x * step))) {
                screen.rectangle(x, y, 7 * module, 7 * module, dark);
                screen.rectangle(x + module, y + module, 5 * module, 5 * module, light);
                screen.rectangle(x + 2 * module, y + 2 * module, 3 * module, 3 * module, dark);
            }
            assert!(find_codes(&screen.picture()).is_empty());
        }
    }
}

#[test]
fn noise_holds_no_codes() {
    let mut seed = Seed::new(5);
    for cell in [1, 2, 5] {
        let mut screen = Screen::filled(1000, 700, WHITE);
        for y in (0..700).step_by(cell) {
            for x in (0..1000).step_by(cell) {
                let value = seed.next() as u8;
                screen.rectangle(x, y, cell as u32, cell as u32, [value, value, value, 255]);
            }
        }
        assert!(find_codes(&screen.picture()).is_empty());
    }
}

#[test]
fn tiny_and_thin_pictures() {
    for (width, height) in [(1, 1), (1, 3000), (3000, 1), (2, 2), (7, 7), (39, 41), (70_000, 3)] {
        assert!(find_codes(&Screen::filled(width, height, BLACK).picture()).is_empty());
    }
}
