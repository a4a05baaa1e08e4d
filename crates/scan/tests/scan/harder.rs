//! Screens that decoders give up on, every parameter drawn from the seed: for the bench, and for a recall that may not be perfect.

#![allow(dead_code, clippy::unwrap_used)]

use image::imageops::FilterType;
use qrcode::EcLevel;
use warifu_scan::Picture;

use super::draw::{BLACK, NOTHING, Rgba, Screen, Seed, Shape, Style, WHITE};
use super::kinds::{Kind, kind};
use super::photo::Camera;

const DARK_PAGES: [Rgba; 4] = [[0, 0, 0, 255], [18, 18, 18, 255], [30, 31, 34, 255], [13, 17, 43, 255]];
const FILTERS: [FilterType; 4] =
    [FilterType::Nearest, FilterType::Triangle, FilterType::CatmullRom, FilterType::Lanczos3];

pub fn harder() -> Vec<Kind> {
    let mut kinds = screens();
    kinds.extend(photos());
    kinds
}

fn jpeg(low: u32, high: u32) -> impl Fn(&Screen) -> Picture {
    move |screen| {
        // The quality follows from the picture, so that it is another one for each.
        let quality = low + u32::from(screen.image.as_raw()[7]) % (high - low + 1);
        Picture::decode(&screen.jpeg(quality as u8)).unwrap()
    }
}

fn a_page(seed: &mut Seed) -> Screen {
    match seed.below(3) {
        0 => {
            let page = DARK_PAGES[seed.below(4) as usize];
            Screen::page(1000, 700, [200, 200, 205, 255], page, seed)
        }
        _ => Screen::page(1000, 700, [40, 40, 40, 255], WHITE, seed),
    }
}

/// A code somewhere, not on whole pixels.
fn place(screen: &mut Screen, seed: &mut Seed, style: Style) {
    let text = seed.key_uri();
    place_text(screen, seed, &text, style);
}

fn place_text(screen: &mut Screen, seed: &mut Seed, text: &str, style: Style) {
    let (width, height) = screen.image.dimensions();
    let middle = |side: u32, seed: &mut Seed| seed.between(side * 42, side * 58) as f32 / 100.0;
    let (x, y) = (middle(width, seed), middle(height, seed));
    screen.draw(text, x, y, style);
}

fn style(seed: &mut Seed) -> Style {
    let module = seed.between(30, 80) as f32 / 10.0;
    let level = [EcLevel::L, EcLevel::M, EcLevel::Q, EcLevel::H][seed.below(4) as usize];
    Style { module, level, ..Style::default() }
}

fn level(seed: &mut Seed) -> EcLevel {
    [EcLevel::Q, EcLevel::H][seed.below(2) as usize]
}

#[allow(clippy::too_many_lines, reason = "a list")]
fn screens() -> Vec<Kind> {
    vec![
        kind("any module size, any place", |seed| {
            let (mut screen, style) = (a_page(seed), style(seed));
            place(&mut screen, seed, style);
            screen
        }),
        kind("rounded modules", |seed| {
            let (mut screen, style) = (a_page(seed), style(seed));
            place(&mut screen, seed, Style { shape: Shape::Rounded, ..style });
            screen
        }),
        kind("dots", |seed| {
            let (mut screen, style) = (a_page(seed), style(seed));
            let shape = Shape::Dot(seed.between(60, 100) as f32 / 100.0);
            place(&mut screen, seed, Style { shape, ..style });
            screen
        }),
        kind("dots with a logo", |seed| {
            let (mut screen, style) = (a_page(seed), style(seed));
            let shape = Shape::Dot(seed.between(70, 100) as f32 / 100.0);
            let logo = seed.between(15, 25) as f32 / 100.0;
            place(&mut screen, seed, Style { shape, logo, level: EcLevel::H, ..style });
            screen
        }),
        kind("logo in the middle", |seed| {
            let (mut screen, style) = (a_page(seed), style(seed));
            let logo = seed.between(15, 30) as f32 / 100.0;
            place(&mut screen, seed, Style { logo, level: EcLevel::H, ..style });
            screen
        }),
        kind("gradient", |seed| {
            let (mut screen, style) = (a_page(seed), style(seed));
            let colour = |seed: &mut Seed| [seed.below(150) as u8, seed.below(120) as u8, seed.below(150) as u8, 255];
            let (dark, end) = (colour(seed), colour(seed));
            place(&mut screen, seed, Style { dark, dark_end: Some(end), ..style });
            screen
        }),
        kind("strong colours", |seed| {
            let (mut screen, style) = (a_page(seed), style(seed));
            // Pairs whose brightness is close: 0.299 R + 0.587 G + 0.114 B.
            let pairs: [(Rgba, Rgba); 4] = [
                ([200, 0, 0, 255], [120, 200, 120, 255]),
                ([0, 0, 255, 255], [60, 60, 60, 255]),
                ([220, 30, 120, 255], [120, 190, 60, 255]),
                ([0, 110, 0, 255], [230, 90, 30, 255]),
            ];
            let (dark, light) = pairs[seed.below(4) as usize];
            place(&mut screen, seed, Style { dark, light, ..style });
            screen
        }),
        kind("two colours of one brightness", |seed| {
            let (mut screen, style) = (a_page(seed), style(seed));
            let (red, blue) = (seed.between(150, 220), seed.below(60));
            let green = (299 * red + 114 * blue) / 587;
            let (dark, light) = ([red as u8, 0, blue as u8, 255], [0, green as u8, 0, 255]);
            place(&mut screen, seed, Style { dark, light, ..style });
            screen
        }),
        kind("at the edge", |seed| {
            let (mut screen, style) = (a_page(seed), style(seed));
            let text = seed.key_uri();
            let side = qrcode::QrCode::with_error_correction_level(&text, style.level).unwrap().width() as f32;
            let half = side * style.module / 2.0 + seed.below(3) as f32;
            let (x, y) = match seed.below(4) {
                0 => (half, half),
                1 => (1000.0 - half, half),
                2 => (half, 700.0 - half),
                _ => (1000.0 - half, 700.0 - half),
            };
            screen.draw(&text, x, y, style);
            screen
        }),
        kind("partly covered quiet zone", |seed| {
            let (mut screen, style) = (a_page(seed), style(seed));
            place(&mut screen, seed, Style { quiet: 2.0, ..style });
            let (code, gap) = (&screen.drawn[0], (style.module * seed.below(8) as f32 / 10.0) as u32);
            let (left, top) = (code.corners[0].x as u32, code.corners[0].y as u32);
            let (right, bottom) = (code.corners[2].x as u32, code.corners[2].y as u32);
            let ink = [seed.below(90) as u8, seed.below(90) as u8, seed.below(90) as u8, 255];
            match seed.below(4) {
                0 => screen.rectangle(left.saturating_sub(40), top, 40 - gap.min(39), bottom - top, ink),
                1 => screen.rectangle(right + 1 + gap, top, 40, bottom - top, ink),
                2 => screen.rectangle(left, bottom + 1 + gap, right - left, 30, ink),
                _ => screen.rectangle(left, top.saturating_sub(40), right - left, 40 - gap.min(39), ink),
            }
            screen
        }),
        kind("no quiet zone, busy page", |seed| {
            let mut screen = Screen::page(1000, 700, BLACK, WHITE, seed);
            let module = seed.between(3, 7) as f32;
            place(&mut screen, seed, Style { module, quiet: 0.0, ..Style::default() });
            screen
        }),
        kind("inverted, no quiet zone, busy page", |seed| {
            let ink = [seed.between(140, 255) as u8; 3];
            let (dark, light) = ([ink[0], ink[1], ink[2], 255], DARK_PAGES[seed.below(4) as usize]);
            let mut screen = Screen::page(1000, 700, dark, light, seed);
            let module = seed.between(3, 7) as f32;
            place(&mut screen, seed, Style { module, dark, light, quiet: 0.0, ..Style::default() });
            screen
        }),
        kind("no quiet zone, any dark page", |seed| {
            let page = DARK_PAGES[seed.below(4) as usize];
            let mut screen = Screen::page(1000, 700, [200, 200, 205, 255], page, seed);
            screen.rectangle(200, 100, 600, 500, page);
            let module = seed.between(3, 7) as f32;
            place(&mut screen, seed, Style { module, quiet: 0.0, ..Style::default() });
            screen
        }),
        kind("inverted, any dark page", |seed| {
            let page = DARK_PAGES[seed.below(4) as usize];
            let mut screen = Screen::page(1000, 700, [200, 200, 205, 255], page, seed);
            let quiet = seed.below(5) as f32;
            let ink = [seed.between(140, 255) as u8; 3];
            let dark = [ink[0], ink[1], ink[2], 255];
            let (style, light) = (style(seed), page);
            place(&mut screen, seed, Style { dark, light, quiet, ..style });
            screen
        }),
        kind("low contrast", |seed| {
            let difference = seed.between(10, 40);
            let light = seed.between(50 + difference, 255);
            let grey = |value: u32| [value as u8, value as u8, value as u8, 255];
            let mut screen = Screen::page(1000, 700, grey(light - difference), grey(light), seed);
            let style = style(seed);
            place(&mut screen, seed, Style { dark: grey(light - difference), light: grey(light), ..style });
            screen
        }),
        kind("transparent", |seed| {
            let style = style(seed);
            let mut screen = Screen::filled(500, 500, NOTHING);
            let dark = if seed.below(2) == 0 { BLACK } else { WHITE };
            let light = [dark[0], dark[1], dark[2], 0];
            let quiet = seed.below(5) as f32;
            place(&mut screen, seed, Style { module: style.module.min(6.0), dark, light, quiet, ..style });
            screen
        }),
        kind("80 to 400 %, as a browser scales", |seed| {
            let mut screen = Screen::page(500, 350, BLACK, WHITE, seed);
            let module = seed.between(2, 4) as f32;
            let text = seed.key_uri();
            screen.draw(&text, 250.0, 175.0, Style { module, level: EcLevel::L, ..Style::default() });
            let factor = if module < 3.0 { seed.between(100, 400) } else { seed.between(80, 400) };
            screen.resampled(factor as f32 / 100.0, FILTERS[seed.below(4) as usize])
        }),
        kind("shrunk below two pixels a module", |seed| {
            let mut screen = Screen::page(1000, 700, BLACK, WHITE, seed);
            let text = seed.key_uri();
            screen.draw(&text, 500.0, 350.0, Style { module: 4.0, level: level(seed), ..Style::default() });
            let factor = seed.between(38, 55) as f32 / 100.0;
            screen.resampled(factor, FILTERS[1 + seed.below(3) as usize])
        }),
        kind("blurred more", |seed| {
            let (mut screen, style) = (a_page(seed), style(seed));
            place(&mut screen, seed, style);
            let sigma = style.module * seed.between(30, 65) as f32 / 100.0;
            screen.blurred(sigma)
        }),
        Kind {
            take: |screen| jpeg(12, 40)(screen),
            ..kind("JPEG, quality 12 to 40", |seed| {
                let (mut screen, style) = (a_page(seed), style(seed));
                place(&mut screen, seed, Style { module: style.module.min(5.0), ..style });
                screen
            })
        },
        kind("noisy background", |seed| {
            let (mut screen, style) = (Screen::filled(1000, 700, WHITE), style(seed));
            for pixel in screen.image.pixels_mut() {
                let value = seed.next() as u8;
                pixel.0 = [value, value.wrapping_mul(3), value.rotate_left(3), 255];
            }
            let quiet = seed.between(1, 4) as f32;
            place(&mut screen, seed, Style { quiet, ..style });
            screen
        }),
        kind("ten codes of any kind", |seed| {
            let mut screen = Screen::filled(1600, 700, WHITE);
            for at in 0..10 {
                let text = seed.key_uri();
                let module = seed.between(30, 42) as f32 / 10.0;
                let style = if seed.below(3) == 0 {
                    Style { dark: WHITE, light: DARK_PAGES[2], ..Style::default() }
                } else {
                    Style::default()
                };
                let (x, y) = (at % 5 * 310 + 170, at / 5 * 320 + 180);
                screen.draw(&text, x as f32 + 0.3, y as f32 + 0.6, Style { module, ..style });
            }
            screen
        }),
        kind("version 30 and more", |seed| {
            let mut screen = Screen::filled(1000, 1000, WHITE);
            let text = seed.dense_uri();
            let module = seed.between(20, 45) as f32 / 10.0;
            screen.draw(&text, 500.3, 500.6, Style { module, level: EcLevel::L, ..Style::default() });
            screen
        }),
        kind("turned any way", |seed| {
            let (mut screen, style) = (a_page(seed), style(seed));
            let turn = seed.below(360) as f32;
            place(&mut screen, seed, Style { turn, module: style.module.min(4.5), ..style });
            screen
        }),
        kind("1080p without a code", |seed| Screen::page(1920, 1080, BLACK, WHITE, seed)),
        kind("4K without a code", |seed| Screen::page(3840, 2160, BLACK, WHITE, seed)),
        kind("mirrored", |seed| {
            let (mut screen, style) = (Screen::page(1000, 700, BLACK, WHITE, seed), style(seed));
            place(&mut screen, seed, style);
            image::imageops::flip_horizontal_in_place(&mut screen.image);
            screen
        }),
    ]
}

fn photos() -> Vec<Kind> {
    let photo = |name, draw| Kind { take: |screen| jpeg(50, 85)(screen), ..kind(name, draw) };
    vec![
        photo("photo of paper", |seed| {
            let tilt = seed.between(2, 9) as f32 / 100.0;
            let camera = Camera {
                size: (1200, 900),
                around: [70, 52, 40, 255],
                tilt,
                stripes: false,
                corner_light: seed.between(35, 90) as f32 / 100.0,
                noise: seed.between(4, 20),
            };
            let mut paper = Screen::filled(800, 800, [236, 232, 224, 255]);
            let (text, module) = (seed.key_uri(), seed.between(8, 12) as f32);
            let (dark, light) = ([40, 36, 34, 255], [236, 232, 224, 255]);
            paper.draw(&text, 400.0, 400.0, Style { module, dark, light, ..Style::default() });
            camera.shoot(&paper, seed).blurred(0.8)
        }),
        photo("photo of a screen", |seed| photo_of_a_screen(seed, (85, 220), 6, 16)),
        photo("large photo of a screen", |seed| photo_of_a_screen(seed, (400, 600), 8, 20)),
    ]
}

/// So many hundredths of the screen's size.
fn photo_of_a_screen(seed: &mut Seed, (low, high): (u32, u32), tilt: u32, noise: u32) -> Screen {
    let share = seed.between(low, high) as f32 / 100.0;
    let camera = Camera {
        size: ((520.0 * share) as u32, (400.0 * share) as u32),
        around: [20, 20, 22, 255],
        tilt: seed.between(2, tilt) as f32 / 100.0,
        stripes: true,
        corner_light: seed.between(50, 90) as f32 / 100.0,
        noise: seed.between(4, noise),
    };
    let mut screen = Screen::page(520, 400, [60, 60, 60, 255], WHITE, seed);
    let (text, module) = (seed.key_uri(), seed.between(4, 6) as f32);
    screen.draw(&text, 260.0, 200.0, Style { module, ..Style::default() });
    camera.shoot(&screen, seed)
}
