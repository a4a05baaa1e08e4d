//! The kinds of screens that people show to the program.

#![allow(dead_code, clippy::unwrap_used)]

use qrcode::EcLevel;
use warifu_scan::Picture;

use super::draw::{BLACK, NOTHING, Rgba, Screen, Seed, Style, WHITE};

pub struct Kind {
    pub name: &'static str,
    pub draw: fn(&mut Seed) -> Screen,
    /// Makes the picture of the screen: in memory, or through a file.
    pub take: fn(&Screen) -> Picture,
}

const DARK_PAGE: Rgba = [30, 31, 34, 255];
const LIGHT_INK: Rgba = [220, 220, 220, 255];

pub fn kind(name: &'static str, draw: fn(&mut Seed) -> Screen) -> Kind {
    Kind { name, draw, take: Screen::picture }
}

fn grey(value: u32) -> Rgba {
    let value = value as u8;
    [value, value, value, 255]
}

fn page(seed: &mut Seed) -> Screen {
    Screen::page(1000, 700, BLACK, WHITE, seed)
}

/// One code somewhere on a page.
fn one(mut screen: Screen, seed: &mut Seed, style: Style) -> Screen {
    let text = seed.key_uri();
    one_text(&mut screen, seed, &text, style);
    screen
}

fn one_text(screen: &mut Screen, seed: &mut Seed, text: &str, style: Style) {
    let (width, height) = screen.image.dimensions();
    let (x, y) = (seed.between(width * 2 / 5, width * 3 / 5), seed.between(height * 2 / 5, height * 3 / 5));
    // Browsers put the edges of pictures on pixels.
    let code = qrcode::QrCode::with_error_correction_level(text, style.level).unwrap();
    let side = code.width() as f32 * style.module;
    let half_a_pixel = if side % 2.0 == 1.0 { 0.5 } else { 0.0 };
    screen.draw(text, x as f32 + half_a_pixel, y as f32 + half_a_pixel, style);
}

/// A black code, and one of another style beside it, both of 4 to 16 pixels a module.
fn beside(seed: &mut Seed, style: Style) -> Screen {
    let mut screen = Screen::filled(1700, 900, WHITE);
    for (x, style) in [(425.5, Style::default()), (1275.5, style)] {
        let text = seed.key_uri();
        let module = seed.between(4, 16) as f32;
        screen.draw(&text, x, 450.5, Style { module, ..style });
    }
    screen
}

/// `across` x `down` codes in a grid of 300 pixels.
fn grid(mut screen: Screen, across: u32, down: u32, seed: &mut Seed, style: fn(u32) -> Style) -> Screen {
    for place in 0..across * down {
        let (x, y) = (place % across * 300 + 150, place / across * 300 + 150);
        let text = seed.key_uri();
        screen.draw(&text, x as f32 + 0.5, y as f32 + 0.5, style(place));
    }
    screen
}

pub fn kinds() -> Vec<Kind> {
    vec![
        kind("plain", |seed| one(page(seed), seed, Style::default())),
        kind("2-pixel modules", |seed| one(page(seed), seed, Style { module: 2.0, ..Style::default() })),
        kind("1.5-pixel modules", |seed| one(page(seed), seed, Style { module: 1.5, ..Style::default() })),
        kind("two codes", |seed| grid(Screen::filled(600, 300, WHITE), 2, 1, seed, |_| Style::default())),
        kind("ten codes", |seed| {
            grid(Screen::filled(1500, 600, WHITE), 5, 2, seed, |_| Style { module: 4.0, ..Style::default() })
        }),
        kind("a brand's colour beside black", |seed| {
            let brands: [Rgba; 6] = [
                [0x2E, 0x9B, 0xFF, 255],
                [0xFF, 0x7A, 0x00, 255],
                [0xE0, 0x1E, 0x5A, 255],
                [0x1D, 0xB9, 0x54, 255],
                [0x00, 0xA4, 0xEF, 255],
                [0xF2, 0xB1, 0x34, 255],
            ];
            let dark = brands[seed.below(6) as usize];
            beside(seed, Style { dark, ..Style::default() })
        }),
        kind("grey beside black", |seed| {
            let dark = grey([0x80, 0x90, 0xB0][seed.below(3) as usize]);
            beside(seed, Style { dark, ..Style::default() })
        }),
        kind("colours of one brightness beside black", |seed| {
            let (blue, red) = (seed.between(180, 255), seed.below(40));
            let green = (299 * red + 114 * blue) / 587;
            let (dark, light) = ([red as u8, 0, blue as u8, 255], [0, green as u8, 0, 255]);
            beside(seed, Style { dark, light, ..Style::default() })
        }),
        kind("thirty codes", |seed| {
            grid(Screen::filled(1800, 1500, WHITE), 6, 5, seed, |_| Style { module: 4.0, ..Style::default() })
        }),
        kind("light and dark ones", |seed| {
            grid(Screen::filled(1200, 300, WHITE), 4, 1, seed, |place| match place % 2 {
                0 => Style::default(),
                _ => Style { dark: WHITE, light: DARK_PAGE, ..Style::default() },
            })
        }),
        kind("inverted", |seed| {
            let screen = Screen::page(1000, 700, LIGHT_INK, DARK_PAGE, seed);
            one(screen, seed, Style { dark: LIGHT_INK, light: DARK_PAGE, ..Style::default() })
        }),
        kind("white box, dark page", |seed| {
            let screen = Screen::page(1000, 700, LIGHT_INK, DARK_PAGE, seed);
            one(screen, seed, Style::default())
        }),
        kind("black on nothing", |seed| {
            one(Screen::filled(400, 400, NOTHING), seed, Style { light: NOTHING, ..Style::default() })
        }),
        kind("white on nothing", |seed| {
            let style = Style { dark: WHITE, light: [255, 255, 255, 0], ..Style::default() };
            one(Screen::filled(400, 400, NOTHING), seed, style)
        }),
        kind("contrast of 24", |seed| {
            let light = seed.between(60, 250);
            let style = Style { dark: grey(light - 24), light: grey(light), ..Style::default() };
            one(Screen::filled(1000, 700, grey(light)), seed, style)
        }),
        kind("contrast of 12", |seed| {
            let light = seed.between(60, 250);
            let style = Style { dark: grey(light - 12), light: grey(light), ..Style::default() };
            one(Screen::filled(1000, 700, WHITE), seed, style)
        }),
        kind("inverted, contrast of 16", |seed| {
            let dark = seed.between(10, 200);
            let style = Style { dark: grey(dark + 16), light: grey(dark), ..Style::default() };
            one(Screen::filled(1000, 700, grey(dark)), seed, style)
        }),
        kind("contrast of 12, 2-pixel modules", |seed| {
            let light = seed.between(60, 250);
            let style = Style { module: 2.0, dark: grey(light - 12), light: grey(light), ..Style::default() };
            one(Screen::filled(1000, 700, grey(light)), seed, style)
        }),
        kind("inverted, contrast of 12, 2 pixels", |seed| {
            let dark = seed.between(10, 200);
            let style = Style { module: 2.0, dark: grey(dark + 12), light: grey(dark), ..Style::default() };
            one(Screen::filled(1000, 700, grey(dark)), seed, style)
        }),
        kind("contrast of 12, 9-pixel modules", |seed| {
            let light = seed.between(60, 250);
            let style = Style { module: 9.0, dark: grey(light - 12), light: grey(light), ..Style::default() };
            one(Screen::filled(1000, 700, grey(light)), seed, style)
        }),
        kind("inverted, contrast of 12, 9 pixels", |seed| {
            let dark = seed.between(10, 200);
            let style = Style { module: 9.0, dark: grey(dark + 12), light: grey(dark), ..Style::default() };
            one(Screen::filled(1000, 700, grey(dark)), seed, style)
        }),
        kind("noisy 12-pixel modules", |seed| {
            let mut screen = Screen::filled(1000, 900, WHITE);
            let text = seed.key_uri();
            one_text(&mut screen, seed, &text, Style { module: 12.0, ..Style::default() });
            for pixel in screen.image.pixels_mut() {
                let value = (u32::from(pixel.0[0]) * 2 / 5 + seed.below(153)) as u8;
                pixel.0 = [value, value, value, 255];
            }
            screen
        }),
        kind("no quiet zone, black page, cropped wide", |seed| {
            let mut screen = Screen::filled(300, 300, BLACK);
            let text = seed.key_uri();
            screen.draw(&text, 140.0, 150.0, Style { quiet: 0.0, ..Style::default() });
            screen
        }),
        kind("inverted, no quiet zone, white page", |seed| {
            let mut screen = Screen::filled(300, 300, WHITE);
            let text = seed.key_uri();
            let style = Style { quiet: 0.0, dark: WHITE, light: BLACK, ..Style::default() };
            screen.draw(&text, 140.0, 150.0, style);
            screen
        }),
        kind("cropped to the modules", |seed| {
            let text = seed.key_uri();
            let side = code_side(&text) * 5;
            let mut screen = Screen::filled(side, side, WHITE);
            let middle = side as f32 / 2.0;
            screen.draw(&text, middle, middle, Style { module: 5.0, quiet: 0.0, ..Style::default() });
            screen
        }),
        kind("inverted, cropped to the modules", |seed| {
            let text = seed.key_uri();
            let side = code_side(&text) * 5;
            let mut screen = Screen::filled(side, side, BLACK);
            let middle = side as f32 / 2.0;
            let style = Style { module: 5.0, quiet: 0.0, dark: WHITE, light: BLACK, ..Style::default() };
            screen.draw(&text, middle, middle, style);
            screen
        }),
        kind("no quiet zone, dark page", |seed| {
            let mut screen = Screen::page(1000, 700, LIGHT_INK, DARK_PAGE, seed);
            screen.rectangle(250, 150, 500, 400, DARK_PAGE);
            one(screen, seed, Style { quiet: 0.0, ..Style::default() })
        }),
        kind("1 module of quiet zone", |seed| {
            one(Screen::filled(1000, 700, DARK_PAGE), seed, Style { quiet: 1.0, ..Style::default() })
        }),
        kind("quarter turns", |seed| {
            let turn = seed.between(1, 3) as f32 * 90.0;
            one(page(seed), seed, Style { turn, ..Style::default() })
        }),
        kind("slightly turned", |seed| {
            let turn = seed.between(1, 15) as f32;
            one(page(seed), seed, Style { turn, ..Style::default() })
        }),
        kind("turned", |seed| {
            let turn = seed.between(16, 75) as f32;
            one(page(seed), seed, Style { turn, ..Style::default() })
        }),
        kind("scaled 110 to 190 %", |seed| {
            let factor = seed.between(110, 190) as f32 / 100.0;
            one(page(seed), seed, Style { module: 3.0, ..Style::default() }).resized(factor)
        }),
        kind("shrunk to 60 %", |seed| one(page(seed), seed, Style::default()).resized(0.6)),
        kind("blurred", |seed| one(page(seed), seed, Style::default()).blurred(1.8)),
        kind("coloured", |seed| {
            let style = Style { dark: [20, 60, 160, 255], light: [255, 240, 200, 255], ..Style::default() };
            one(page(seed), seed, style)
        }),
        kind("dense", |seed| {
            let mut screen = Screen::filled(900, 900, WHITE);
            let text = seed.dense_uri();
            let module = seed.between(3, 5) as f32;
            screen.draw(&text, 450.5, 450.5, Style { module, level: EcLevel::L, ..Style::default() });
            screen
        }),
        Kind {
            take: |screen| Picture::decode(&screen.jpeg(35)).unwrap(),
            ..kind("JPEG, quality 35", |seed| one(page(seed), seed, Style { module: 3.0, ..Style::default() }))
        },
        kind("1080p", |seed| one(Screen::page(1920, 1080, BLACK, WHITE, seed), seed, Style::default())),
        kind("4K", |seed| {
            one(Screen::page(3840, 2160, BLACK, WHITE, seed), seed, Style { module: 6.0, ..Style::default() })
        }),
    ]
}

fn code_side(text: &str) -> u32 {
    qrcode::QrCode::new(text).unwrap().width() as u32
}
