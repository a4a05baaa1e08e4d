//! Troubles that come together: any two or three of them, each in its own measure, on any page. Nothing in the scanner was made
//! for one of these pictures in particular.

#![allow(dead_code, clippy::unwrap_used)]

use std::f32::consts::TAU;

use image::RgbaImage;
use image::imageops::FilterType;
use qrcode::EcLevel;

use super::draw::{BLACK, Rgba, Screen, Seed, Shape, Style, WHITE};
use super::kinds::{Kind, kind};
use super::photo::Camera;

pub fn mixed() -> Vec<Kind> {
    vec![
        kind("mixture of two", |seed| mixture(seed, 2)),
        kind("mixture of three", |seed| mixture(seed, 3)),
        kind("mixture of four", |seed| mixture(seed, 4)),
        kind("curved paper", |seed| {
            let mut screen = Screen::filled(600, 600, [236, 232, 224, 255]);
            let (text, module) = (seed.key_uri(), part(seed, 60, 90, 10));
            let style = Style { module, light: [236, 232, 224, 255], dark: [40, 36, 34, 255], ..Style::default() };
            screen.draw(&text, 300.0, 300.0, style);
            let (bend, length) = (part(seed, 3, 14, 10) * module, part(seed, 250, 900, 1));
            let noise = seed.between(2, 14);
            waved(screen, bend, length, seed).noisy(noise, seed)
        }),
        kind("small dots", |seed| {
            let (mut screen, text) = (a_page(seed), seed.key_uri());
            let shape = Shape::Dot(part(seed, 48, 66, 100));
            let style = Style { module: part(seed, 50, 90, 10), shape, level: EcLevel::Q, ..Style::default() };
            draw_anywhere(&mut screen, seed, &text, style);
            screen
        }),
        kind("1.3 to 1.8 pixels a module", |seed| small(seed, BLACK, WHITE)),
        kind("light on dark, 1.3 to 1.8 pixels", |seed| small(seed, [225, 225, 225, 255], [28, 29, 33, 255])),
        kind("scaled by means of whole boxes", |seed| {
            let mut screen = Screen::page(1200, 900, BLACK, WHITE, seed);
            let text = seed.key_uri();
            let factor = seed.between(2, 4);
            let module = (factor * 3 + seed.below(5)) as f32 - 1.0;
            screen.draw(&text, 600.0, 450.0, Style { module: module.min(14.0), level: EcLevel::L, ..Style::default() });
            boxed(screen, factor)
        }),
        kind("steep photo", |seed| {
            let (text, module) = (seed.key_uri(), seed.between(8, 11) as f32);
            let mut paper = Screen::filled(700, 700, WHITE);
            paper.draw(&text, 350.0, 350.0, Style { module, ..Style::default() });
            let camera = Camera {
                size: (1000, 900),
                around: [seed.below(200) as u8, 90, 70, 255],
                tilt: part(seed, 9, 15, 100),
                stripes: false,
                corner_light: part(seed, 40, 90, 100),
                noise: seed.between(2, 15),
            };
            camera.shoot(&paper, seed)
        }),
        kind("one with a quiet zone, one without", |seed| {
            let mut screen = Screen::page(1100, 600, BLACK, WHITE, seed);
            let module = seed.between(3, 5) as f32;
            for (x, quiet) in [(300.0, 4.0), (800.0, seed.below(2) as f32)] {
                let text = seed.key_uri();
                screen.draw(&text, x, 300.0, Style { module, quiet, ..Style::default() });
            }
            screen
        }),
        kind("small on a 4K screen", |seed| {
            let mut screen = Screen::page(3840, 2160, [30, 30, 30, 255], [250, 250, 250, 255], seed);
            let text = seed.key_uri();
            let style = Style { module: part(seed, 20, 40, 10), ..Style::default() };
            draw_anywhere(&mut screen, seed, &text, style);
            screen
        }),
    ]
}

/// Shrunk with all around it to fewer than two pixels a module.
fn small(seed: &mut Seed, dark: Rgba, light: Rgba) -> Screen {
    let mut screen = Screen::page(1000, 700, dark, light, seed);
    let text = seed.key_uri();
    let style = Style { module: 4.0, dark, light, level: EcLevel::L, ..Style::default() };
    screen.draw(&text, 500.3, 350.8, style);
    let factor = part(seed, 33, 45, 100);
    screen.resampled(factor, FILTERS[seed.between(1, 3) as usize])
}

const FILTERS: [FilterType; 4] =
    [FilterType::Nearest, FilterType::Triangle, FilterType::CatmullRom, FilterType::Lanczos3];

/// A number between two whole ones divided by a third.
fn part(seed: &mut Seed, low: u32, high: u32, by: u32) -> f32 {
    seed.between(low * 16, high * 16) as f32 / (16 * by) as f32
}

fn grey(value: u32) -> Rgba {
    [value as u8, value as u8, value as u8, 255]
}

fn a_page(seed: &mut Seed) -> Screen {
    let (width, height) = (seed.between(700, 1200), seed.between(500, 800));
    match seed.below(4) {
        0 => Screen::page(width, height, grey(200), grey(seed.between(0, 40)), seed),
        1 => Screen::filled(width, height, grey(seed.between(90, 255))),
        _ => Screen::page(width, height, grey(seed.between(0, 90)), grey(seed.between(200, 255)), seed),
    }
}

fn draw_anywhere(screen: &mut Screen, seed: &mut Seed, text: &str, style: Style) {
    let (width, height) = screen.image.dimensions();
    let size = qrcode::QrCode::with_error_correction_level(text, style.level).unwrap().width() as f32;
    // Turned, it reaches further.
    let reach = ((size / 2.0 + 4.5) * style.module * if style.turn == 0.0 { 1.0 } else { 1.42 }) as u32;
    let mut along = |side: u32| seed.between(reach.min(side / 2), (side - reach.min(side / 2)).max(side / 2)) as f32;
    let (x, y) = (along(width), along(height));
    screen.draw(text, x + 0.37, y + 0.61, style);
}

/// One code with several troubles, all different.
fn mixture(seed: &mut Seed, troubles: usize) -> Screen {
    let mut chosen: Vec<u32> = Vec::new();
    while chosen.len() < troubles {
        let trouble = seed.below(13);
        if !chosen.contains(&trouble) {
            chosen.push(trouble);
        }
    }
    let has = |trouble: u32| chosen.contains(&trouble);
    let mut style = Style { module: part(seed, 28, 60, 10), light: grey(seed.between(225, 255)), ..Style::default() };
    style.level = [EcLevel::L, EcLevel::M, EcLevel::Q, EcLevel::H][seed.below(4) as usize];
    if has(0) {
        style.shape = if seed.below(2) == 0 { Shape::Rounded } else { Shape::Dot(part(seed, 70, 100, 100)) };
    }
    if has(1) {
        style.dark = [seed.below(170) as u8, seed.below(80) as u8, seed.below(170) as u8, 255];
        style.light = [seed.between(190, 255) as u8, seed.between(190, 255) as u8, seed.between(120, 255) as u8, 255];
    }
    if has(2) {
        style.dark_end = Some([seed.below(140) as u8, seed.below(110) as u8, seed.below(140) as u8, 255]);
    }
    if has(3) {
        (style.logo, style.level) = (part(seed, 14, 26, 100), EcLevel::H);
    }
    if has(4) {
        style.quiet = part(seed, 0, 2, 1);
    }
    if has(5) {
        style.turn = if seed.below(2) == 0 { part(seed, 1, 14, 1) } else { part(seed, 0, 359, 1) };
    }
    if has(6) {
        let light = seed.between(120, 255);
        (style.light, style.dark) = (grey(light), grey(light - seed.between(30, 60)));
        style.dark_end = None;
    }
    if has(7) {
        (style.light, style.dark) = (style.dark, style.light);
    }
    if has(8) {
        style.module = part(seed, 20, 26, 10);
    }
    let mut screen = a_page(seed);
    let text = seed.key_uri();
    draw_anywhere(&mut screen, seed, &text, style);
    let mut module = style.module;
    if has(9) {
        // Never below 1.8 pixels a module.
        let factor = part(seed, 65, 190, 100).max(1.8 / module);
        let least = if factor < 1.0 { 1 } else { 0 };
        screen = screen.resampled(factor, FILTERS[seed.between(least, 3) as usize]);
        module *= factor;
    }
    if has(10) {
        screen = screen.blurred(module * part(seed, 20, 42, 100));
    }
    if has(11) {
        let noise = seed.between(8, 40);
        screen = screen.noisy(noise, seed);
    }
    if has(12) {
        let quality = seed.between(25, 60) as u8;
        let bytes = screen.jpeg(quality);
        screen.image = image::load_from_memory(&bytes).unwrap().to_rgba8();
    }
    screen
}

/// As if it lay on waves.
fn waved(screen: Screen, bend: f32, length: f32, seed: &mut Seed) -> Screen {
    let (width, height) = screen.image.dimensions();
    let (phase, other) = (part(seed, 0, 6, 1), part(seed, 0, 6, 1));
    let mut image = RgbaImage::new(width, height);
    for (x, y, pixel) in image.enumerate_pixels_mut() {
        let (across, down) = (x as f32 / length * TAU, y as f32 / length * TAU);
        let (u, v) = (x as f32 + bend * (down + phase).sin(), y as f32 + bend * (across + other).cos());
        let light = 0.8 + 0.2 * (across + down + phase).sin();
        let inside = |value: f32, side: u32| (value.max(0.0) as u32).min(side - 1);
        let [r, g, b, alpha] = screen.image.get_pixel(inside(u, width), inside(v, height)).0;
        pixel.0 = [(f32::from(r) * light) as u8, (f32::from(g) * light) as u8, (f32::from(b) * light) as u8, alpha];
    }
    Screen { image, ..screen }.blurred(0.7)
}

/// Each pixel the mean of a square of them.
fn boxed(screen: Screen, by: u32) -> Screen {
    let whole = screen.image.clone();
    let mut smaller = screen.resampled(1.0 / by as f32, FilterType::Nearest);
    for (x, y, pixel) in smaller.image.enumerate_pixels_mut() {
        let mut sum = [0_u32; 4];
        for at in 0..by * by {
            let from = whole.get_pixel(x * by + at % by, y * by + at / by).0;
            sum.iter_mut().zip(from).for_each(|(sum, value)| *sum += u32::from(value));
        }
        pixel.0 = sum.map(|sum| (sum / (by * by)) as u8);
    }
    smaller
}
