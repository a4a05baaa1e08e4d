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

    /// Changes up to so many bytes of a file, takes some out and puts some in.
    pub fn damage(&mut self, file: &mut Vec<u8>, most: u32) {
        for _ in 0..self.between(1, most) {
            let at = self.below(file.len() as u32) as usize;
            match self.below(4) {
                0 => file[at] = self.next() as u8,
                1 => file[at] ^= 1 << self.below(8),
                2 => drop(file.remove(at)),
                _ => file.insert(at, self.next() as u8),
            }
        }
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

/// The shape of a dark module.
#[derive(Clone, Copy, PartialEq)]
pub enum Shape {
    Square,
    /// Corners are round where no dark neighbour touches them.
    Rounded,
    /// A circle of this diameter, in modules; the finder patterns stay whole.
    Dot(f32),
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
    /// What `dark` turns into towards the lower right.
    pub dark_end: Option<Rgba>,
    pub light: Rgba,
    pub level: EcLevel,
    pub shape: Shape,
    /// The side of a picture in the middle, as a share of the code's side; 0 for none.
    pub logo: f32,
}

impl Default for Style {
    fn default() -> Self {
        Style {
            module: 4.0,
            quiet: 4.0,
            turn: 0.0,
            dark: BLACK,
            dark_end: None,
            light: WHITE,
            level: EcLevel::M,
            shape: Shape::Square,
            logo: 0.0,
        }
    }
}

/// A code as a field of colours, in modules from its top-left corner.
struct Field {
    size: i32,
    colours: Vec<Color>,
    style: Style,
}

impl Field {
    fn is_dark(&self, x: i32, y: i32) -> bool {
        let inside = (0..self.size).contains(&x) && (0..self.size).contains(&y);
        inside && self.colours[(y * self.size + x) as usize] == Color::Dark
    }

    fn is_finder(&self, x: i32, y: i32) -> bool {
        let far = self.size - 8;
        (x < 8 && (y < 8 || y > far)) || (x > far && y < 8)
    }

    /// The colour at a point; none where what was there before shows.
    fn at(&self, u: f32, v: f32) -> Option<Rgba> {
        let (size, style) = (self.size as f32, &self.style);
        let quiet = style.quiet;
        if u < -quiet || v < -quiet || u >= size + quiet || v >= size + quiet {
            return None;
        }
        let from_middle = (u - size / 2.0).abs().max((v - size / 2.0).abs());
        if from_middle < style.logo * size / 2.0 {
            let rim = from_middle > style.logo * size / 2.0 - 0.7;
            return Some(if rim { style.light } else { [210, 60, 40, 255] });
        }
        let (x, y) = (u.floor() as i32, v.floor() as i32);
        if !self.is_dark(x, y) || !self.covers(x, y, u - x as f32 - 0.5, v - y as f32 - 0.5) {
            return Some(style.light);
        }
        let Some(end) = style.dark_end else { return Some(style.dark) };
        let share = ((u + v) / (2.0 * size)).clamp(0.0, 1.0);
        let mix = |(from, to): (u8, u8)| (f32::from(from) * (1.0 - share) + f32::from(to) * share).round() as u8;
        Some([0, 1, 2, 3].map(|at| mix((style.dark[at], end[at]))))
    }

    /// Whether a dark module covers the point `(dx, dy)` from its middle.
    fn covers(&self, x: i32, y: i32, dx: f32, dy: f32) -> bool {
        match self.style.shape {
            Shape::Square => true,
            Shape::Dot(_) if self.is_finder(x, y) => true,
            Shape::Dot(diameter) => dx.hypot(dy) < diameter / 2.0,
            Shape::Rounded => {
                let (side, up) = (dx.signum() as i32, dy.signum() as i32);
                let free = !self.is_dark(x + side, y) && !self.is_dark(x, y + up);
                !free || dx.hypot(dy) < 0.5
            }
        }
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
        let field = Field { size: code.width() as i32, colours: code.to_colors(), style };
        let (sin, cos) = style.turn.to_radians().sin_cos();
        let half = code.width() as f32 / 2.0;
        let reach = (half + style.quiet) * style.module * (sin.abs() + cos.abs()) + 1.0;
        let rows = (middle_y - reach).max(0.0) as u32..((middle_y + reach).max(0.0) as u32).min(self.image.height());
        for y in rows {
            let columns =
                (middle_x - reach).max(0.0) as u32..((middle_x + reach).max(0.0) as u32).min(self.image.width());
            for x in columns {
                let mut sum = [0.0_f32; 4];
                let under = self.image.get_pixel(x, y).0;
                for sample in 0..16 {
                    let dx = (x as f32 + ((sample % 4) as f32 + 0.5) / 4.0 - middle_x) / style.module;
                    let dy = (y as f32 + ((sample / 4) as f32 + 0.5) / 4.0 - middle_y) / style.module;
                    let (u, v) = (dx * cos + dy * sin, dy * cos - dx * sin);
                    let colour = field.at(u + half, v + half).unwrap_or(under);
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
    pub fn resized(self, factor: f32) -> Screen {
        self.resampled(factor, image::imageops::FilterType::Triangle)
    }

    /// The same, with a filter of one's choice.
    pub fn resampled(mut self, factor: f32, filter: image::imageops::FilterType) -> Screen {
        let (width, height) =
            ((self.image.width() as f32 * factor) as u32, (self.image.height() as f32 * factor) as u32);
        self.image = image::imageops::resize(&self.image, width, height, filter);
        for drawn in &mut self.drawn {
            drawn.module *= factor;
            for corner in &mut drawn.corners {
                (corner.x, corner.y) = (corner.x * factor, corner.y * factor);
            }
        }
        self
    }

    /// Each pixel brighter or darker by up to so much.
    pub fn noisy(mut self, most: u32, seed: &mut Seed) -> Screen {
        for pixel in self.image.pixels_mut() {
            let off = seed.below(2 * most + 1) as i32 - most as i32;
            let [r, g, b, alpha] = pixel.0;
            let moved = |value: u8| (i32::from(value) + off).clamp(0, 255) as u8;
            pixel.0 = [moved(r), moved(g), moved(b), alpha];
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
pub fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    })
}
