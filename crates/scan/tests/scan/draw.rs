//! Draws screens with QR codes, from a seed: the same seed gives the same picture on every machine.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbaImage};
use qrcode::{Color, EcLevel, QrCode};
use warifu_scan::{Picture, Point};

pub type Rgba = [u8; 4];
pub const BLACK: Rgba = [0, 0, 0, 255];
pub const WHITE: Rgba = [255, 255, 255, 255];
pub const NOTHING: Rgba = [0, 0, 0, 0];

/// SplitMix64: small, and good enough to scatter rectangles.
pub struct Seed(u64);

impl Seed {
    pub fn new(seed: u64) -> Self {
        Seed(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, limit: u32) -> u32 {
        (self.next() % u64::from(limit)) as u32
    }

    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high - low + 1)
    }

    /// A key URI as sites make them.
    pub fn key_uri(&mut self) -> String {
        let issuer =
            ["Example", "%E7%B7%B4%E7%BF%92%E3%83%9D%E3%83%BC%E3%82%BF%E3%83%AB", "ACME%20Co"][self.below(3) as usize];
        let secret: String = (0..[16, 26, 32][self.below(3) as usize]).map(|_| self.base32()).collect();
        let account = self.below(100_000);
        format!("otpauth://totp/{issuer}:user{account}?secret={secret}&issuer={issuer}")
    }

    fn base32(&mut self) -> char {
        char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[self.below(32) as usize])
    }

    /// As long as a full screen of Google Authenticator's export: version 30 and above.
    pub fn dense_uri(&mut self) -> String {
        let data: String = (0..1100).map(|_| self.base32()).collect();
        format!("otpauth-migration://offline?data={data}")
    }
}

/// A code that was drawn: what a reader must say, and where.
pub struct Drawn {
    pub text: String,
    pub corners: [Point; 4],
    pub module: f32,
}

pub struct Screen {
    pub image: RgbaImage,
    pub drawn: Vec<Drawn>,
}

/// How a code is drawn.
#[derive(Clone, Copy)]
pub struct Style {
    /// Pixels a module.
    pub module: f32,
    /// Modules of quiet zone.
    pub quiet: f32,
    /// Degrees, clockwise.
    pub turn: f32,
    pub dark: Rgba,
    pub light: Rgba,
    pub level: EcLevel,
}

impl Default for Style {
    fn default() -> Self {
        Style { module: 4.0, quiet: 4.0, turn: 0.0, dark: BLACK, light: WHITE, level: EcLevel::M }
    }
}

impl Screen {
    pub fn filled(width: u32, height: u32, colour: Rgba) -> Screen {
        Screen { image: RgbaImage::from_pixel(width, height, image::Rgba(colour)), drawn: Vec::new() }
    }

    /// A page of text lines and boxes.
    pub fn page(width: u32, height: u32, ink: Rgba, paper: Rgba, seed: &mut Seed) -> Screen {
        let mut screen = Screen::filled(width, height, paper);
        let mut y = 20;
        while y + 20 < height {
            let mut x = 20 + seed.below(60);
            let end = width - 20 - seed.below(width / 2);
            while x < end {
                let (letter, tall) = (seed.between(2, 8), seed.between(5, 11));
                screen.rectangle(x, y + 11 - tall, letter.min(3), tall, ink);
                screen.rectangle(x, y + seed.below(10), letter, 2, ink);
                x += letter + if seed.below(6) == 0 { 8 } else { 2 };
            }
            y += seed.between(16, 30);
        }
        screen
    }

    pub fn rectangle(&mut self, x: u32, y: u32, width: u32, height: u32, colour: Rgba) {
        for y in y..(y + height).min(self.image.height()) {
            for x in x..(x + width).min(self.image.width()) {
                self.image.put_pixel(x, y, image::Rgba(colour));
            }
        }
    }

    /// Draws a code with its quiet zone around the given middle, each pixel the mean of 4 x 4 samples.
    pub fn draw(&mut self, text: &str, middle_x: f32, middle_y: f32, style: Style) {
        let code = QrCode::with_error_correction_level(text, style.level).unwrap();
        let (size, colours) = (code.width() as f32, code.to_colors());
        let (sin, cos) = style.turn.to_radians().sin_cos();
        let half = size / 2.0;
        let whole = half + style.quiet;
        let reach = whole * style.module * (sin.abs() + cos.abs()) + 1.0;
        let rows = (middle_y - reach).max(0.0) as u32..((middle_y + reach) as u32).min(self.image.height());
        for y in rows {
            for x in (middle_x - reach).max(0.0) as u32..((middle_x + reach) as u32).min(self.image.width()) {
                let mut sum = [0.0_f32; 4];
                let under = self.image.get_pixel(x, y).0;
                for sample in 0..16 {
                    let dx = (x as f32 + ((sample % 4) as f32 + 0.5) / 4.0 - middle_x) / style.module;
                    let dy = (y as f32 + ((sample / 4) as f32 + 0.5) / 4.0 - middle_y) / style.module;
                    let (u, v) = (dx * cos + dy * sin, dy * cos - dx * sin);
                    let colour = if u.abs() < half && v.abs() < half {
                        let at = (v + half) as usize * size as usize + (u + half) as usize;
                        if colours[at] == Color::Dark { style.dark } else { style.light }
                    } else if u.abs() < whole && v.abs() < whole {
                        style.light
                    } else {
                        under
                    };
                    for (sum, part) in sum.iter_mut().zip(colour) {
                        *sum += f32::from(part) / 16.0;
                    }
                }
                self.image.put_pixel(x, y, image::Rgba(sum.map(|part| part.round() as u8)));
            }
        }
        let corner = |u: f32, v: f32| Point {
            x: middle_x + (u * cos - v * sin) * half * style.module,
            y: middle_y + (u * sin + v * cos) * half * style.module,
        };
        self.drawn.push(Drawn {
            text: text.to_owned(),
            corners: [corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0)],
            module: style.module,
        });
    }

    /// Shrinks or enlarges everything, as a browser or a remote desktop does.
    pub fn resized(mut self, factor: f32) -> Screen {
        let (width, height) =
            ((self.image.width() as f32 * factor) as u32, (self.image.height() as f32 * factor) as u32);
        self.image = image::imageops::resize(&self.image, width, height, image::imageops::FilterType::Triangle);
        for drawn in &mut self.drawn {
            drawn.module *= factor;
            for corner in &mut drawn.corners {
                (corner.x, corner.y) = (corner.x * factor, corner.y * factor);
            }
        }
        self
    }

    pub fn blurred(mut self, sigma: f32) -> Screen {
        self.image = image::imageops::blur(&self.image, sigma);
        self
    }

    pub fn picture(&self) -> Picture {
        Picture::from_rgba(self.image.width(), self.image.height(), self.image.as_raw().clone()).unwrap()
    }

    /// As a file; JPEG, which knows no transparency, gets the colours alone.
    pub fn file(&self, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let image = DynamicImage::ImageRgba8(self.image.clone());
        let image = match format {
            ImageFormat::Jpeg | ImageFormat::Bmp => DynamicImage::ImageRgb8(image.to_rgb8()),
            _ => image,
        };
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    pub fn jpeg(&self, quality: u8) -> Vec<u8> {
        let mut bytes = Vec::new();
        let rgb = DynamicImage::ImageRgba8(self.image.clone()).to_rgb8();
        image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(&rgb).unwrap();
        bytes
    }
}

/// A PNG that claims a size, with a valid header checksum, and next to nothing in it.
pub fn png_claiming(width: u32, height: u32, bits: u8) -> Vec<u8> {
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([bits, 6, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [(b"IHDR", &header[..]), (b"IDAT", b"\x78\x9c\x03\x00\x00\x00\x00\x01"), (b"IEND", b"")] {
        png.extend((data.len() as u32).to_be_bytes());
        let chunk = [kind, data].concat();
        png.extend(&chunk);
        png.extend(crc32(&chunk).to_be_bytes());
    }
    png
}

/// ISO 3309, as PNG wants it.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    })
}
