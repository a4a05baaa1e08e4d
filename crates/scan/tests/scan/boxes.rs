//! Screens on which a person would drag a box: what a search of the whole screen does not read.

#![allow(dead_code, clippy::unwrap_used)]

use image::imageops::FilterType;
use qrcode::EcLevel;
use warifu_scan::Region;

use super::draw::{BLACK, Rgba, Screen, Seed, Style, WHITE};
use super::kinds::{Kind, kind};

const DARK_PAGE: Rgba = [30, 31, 34, 255];
const LIGHT_INK: Rgba = [220, 220, 220, 255];
const FILTERS: [FilterType; 3] = [FilterType::Triangle, FilterType::CatmullRom, FilterType::Lanczos3];

pub fn boxes() -> Vec<Kind> {
    vec![
        kind("box: about a pixel a module", |seed| tiny(seed, BLACK, WHITE, (105, 125))),
        kind("box: light on dark, about a pixel a module", |seed| tiny(seed, LIGHT_INK, DARK_PAGE, (108, 130))),
        kind("box: faint and noisy", |seed| {
            let (mut screen, light) = (page(seed), seed.between(120, 250));
            let (dark, light) = (grey(light - seed.between(24, 36)), grey(light));
            draw(&mut screen, seed, Style { module: 4.0, dark, light, ..Style::default() });
            let noise = seed.between(12, 18);
            screen.noisy(noise, seed)
        }),
        kind("box: light on dark, faint and noisy", |seed| {
            let (mut screen, dark) = (page(seed), seed.between(20, 120));
            let (dark, light) = (grey(dark + seed.between(24, 36)), grey(dark));
            draw(&mut screen, seed, Style { module: 4.0, dark, light, ..Style::default() });
            let noise = seed.between(12, 18);
            screen.noisy(noise, seed)
        }),
        kind("box: blurred by most of a module", |seed| {
            let (mut screen, module) = (page(seed), seed.between(3, 6) as f32);
            draw(&mut screen, seed, Style { module, ..Style::default() });
            let by = share(seed, 65, 80);
            screen.blurred(module * by)
        }),
        kind("box: two codes, each with a trouble of its own", |seed| {
            let mut screen = page(seed);
            let first = seed.below(5);
            let second = (first + seed.between(1, 4)) % 5;
            for (trouble, x) in [(first, 810.3), (second, 1090.6)] {
                let (text, style) = (seed.key_uri(), troubled(trouble, seed));
                screen.draw(&text, x, 540.4, style);
            }
            screen
        }),
    ]
}

/// The box around all codes, by hand: a few pixels more on each side.
pub fn dragged(screen: &Screen, seed: &mut Seed) -> Region {
    let corners = || screen.drawn.iter().flat_map(|drawn| drawn.corners);
    let least = |of: fn(warifu_scan::Point) -> f32| corners().map(of).fold(f32::INFINITY, f32::min);
    let most = |of: fn(warifu_scan::Point) -> f32| corners().map(of).fold(0.0, f32::max);
    let mut more = || seed.between(6, 40) as f32;
    let (left, top) = ((least(|p| p.x) - more()).max(0.0) as u32, (least(|p| p.y) - more()).max(0.0) as u32);
    let (right, bottom) = ((most(|p| p.x) + more()) as u32, (most(|p| p.y) + more()) as u32);
    Region { x: left, y: top, width: right - left, height: bottom - top }
}

fn troubled(trouble: u32, seed: &mut Seed) -> Style {
    match trouble {
        0 => Style { dark: grey(243), ..Style::default() },
        1 => Style { dark: LIGHT_INK, light: DARK_PAGE, quiet: 0.0, ..Style::default() },
        2 => Style { module: share(seed, 140, 180), level: EcLevel::L, ..Style::default() },
        3 => Style { dark: [200, 0, 0, 255], light: [30, 110, 30, 255], ..Style::default() },
        _ => Style { quiet: 0.0, turn: share(seed, 0, 36_000), module: 3.0, ..Style::default() },
    }
}

fn page(seed: &mut Seed) -> Screen {
    Screen::page(1920, 1080, [60, 60, 60, 255], WHITE, seed)
}

/// A number of hundredths.
fn share(seed: &mut Seed, low: u32, high: u32) -> f32 {
    seed.between(low, high) as f32 / 100.0
}

fn grey(value: u32) -> Rgba {
    [value as u8, value as u8, value as u8, 255]
}

fn draw(screen: &mut Screen, seed: &mut Seed, style: Style) {
    let text = seed.key_uri();
    let (x, y) = (share(seed, 70_000, 120_000), share(seed, 40_000, 68_000));
    screen.draw(&text, x, y, style);
}

/// A code drawn with four pixels a module, shrunk to so many hundredths of one, on a screen of text.
fn tiny(seed: &mut Seed, dark: Rgba, light: Rgba, (low, high): (u32, u32)) -> Screen {
    let mut window = Screen::page(800, 800, dark, light, seed);
    let text = seed.key_uri();
    window.draw(&text, 400.3, 400.8, Style { module: 4.0, dark, light, level: EcLevel::L, ..Style::default() });
    let factor = share(seed, low, high) / 4.0;
    let window = window.resampled(factor, FILTERS[seed.below(3) as usize]);
    let mut screen = Screen::page(1920, 1080, dark, light, seed);
    let (x, y) = (seed.between(300, 1200), seed.between(200, 600));
    image::imageops::replace(&mut screen.image, &window.image, i64::from(x), i64::from(y));
    screen.drawn = window.drawn;
    for corner in screen.drawn.iter_mut().flat_map(|drawn| &mut drawn.corners) {
        (corner.x, corner.y) = (corner.x + x as f32, corner.y + y as f32);
    }
    screen
}
