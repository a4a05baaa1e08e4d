//! Frames that hold no code and much that looks like parts of one.

use super::draw::{BLACK, NOTHING, Rgba, Screen, Seed, WHITE};
use super::gallery::Input;

const SCREENS: [(u32, u32); 4] = [(800, 600), (1920, 1080), (2560, 1440), (3840, 2160)];

fn frame(screen: Screen) -> Input {
    let (width, height) = screen.image.dimensions();
    Input::Frame(width, height, screen.image.into_raw())
}

fn blank(seed: &mut Seed, page: Rgba) -> Screen {
    let (width, height) = SCREENS[seed.below(4) as usize];
    Screen::filled(width, height, page)
}

fn finder(screen: &mut Screen, x: u32, y: u32, module: u32, dark: Rgba, light: Rgba) {
    screen.rectangle(x, y, 7 * module, 7 * module, dark);
    screen.rectangle(x + module, y + module, 5 * module, 5 * module, light);
    screen.rectangle(x + 2 * module, y + 2 * module, 3 * module, 3 * module, dark);
}

/// Colours of modules and page.
fn colours(seed: &mut Seed) -> (Rgba, Rgba) {
    match seed.below(5) {
        0 => (WHITE, BLACK),
        1 => ([120, 120, 120, 255], [130, 130, 130, 255]),
        2 => ([200, 0, 0, 255], [0, 120, 0, 255]),
        3 => (BLACK, NOTHING),
        _ => (BLACK, WHITE),
    }
}

/// Finder patterns side by side.
pub fn wall(seed: &mut Seed) -> Input {
    let (dark, light) = colours(seed);
    let mut screen = blank(seed, light);
    let (width, height) = screen.image.dimensions();
    let module = [1, 2, 3, 4, 8, 13][seed.below(6) as usize];
    let step = (7 + seed.between(1, 5)) * module;
    for y in (0..height).step_by(step as usize) {
        for x in (0..width).step_by(step as usize) {
            finder(&mut screen, x, y, module, dark, light);
        }
    }
    frame(screen)
}

/// Finder patterns of any size anywhere, over one another.
pub fn scattered(seed: &mut Seed) -> Input {
    let (dark, light) = colours(seed);
    let mut screen = blank(seed, light);
    let (width, height) = screen.image.dimensions();
    for _ in 0..seed.between(30, 3_000) {
        let module = seed.between(1, 6);
        let (x, y) = (seed.below(width), seed.below(height));
        finder(&mut screen, x, y, module, dark, light);
    }
    frame(screen)
}

/// Widths of 1:1:3:1:1 along whole rows, or along rows and columns.
pub fn bars(seed: &mut Seed) -> Input {
    let (dark, light) = colours(seed);
    let mut screen = blank(seed, light);
    let (width, height) = screen.image.dimensions();
    let module = seed.between(1, 6);
    let both = seed.below(2) == 0;
    let is_bar = |at: u32| matches!(at / module % 8, 0 | 2..=4 | 6);
    for y in 0..height {
        for x in 0..width {
            if is_bar(x) && (!both || is_bar(y)) {
                screen.image.put_pixel(x, y, image::Rgba(dark));
            }
        }
    }
    frame(screen)
}

fn cells(seed: &mut Seed, colour: fn(&mut Seed) -> Rgba) -> Input {
    let mut screen = blank(seed, WHITE);
    let (width, height) = screen.image.dimensions();
    let cell = [1, 1, 2, 3, 4, 6][seed.below(6) as usize];
    for y in (0..height).step_by(cell) {
        for x in (0..width).step_by(cell) {
            let colour = colour(seed);
            screen.rectangle(x, y, cell as u32, cell as u32, colour);
        }
    }
    frame(screen)
}

pub fn noise(seed: &mut Seed) -> Input {
    match seed.below(2) {
        0 => cells(seed, |seed| if seed.below(2) == 0 { BLACK } else { WHITE }),
        _ => cells(seed, |seed| {
            let value = seed.next() as u8;
            [value, value, value, 255]
        }),
    }
}

pub fn coloured_noise(seed: &mut Seed) -> Input {
    cells(seed, |seed| [seed.next() as u8, seed.next() as u8, seed.next() as u8, 255])
}

pub fn transparent_noise(seed: &mut Seed) -> Input {
    cells(seed, |seed| [seed.next() as u8, seed.next() as u8, seed.next() as u8, seed.next() as u8])
}

fn page(width: u32, height: u32, seed: &mut Seed) -> Input {
    let (ink, paper) = match seed.below(3) {
        0 => ([200, 200, 205, 255], [18, 18, 18, 255]),
        1 => ([160, 40, 30, 255], [230, 240, 220, 255]),
        _ => ([40, 40, 40, 255], WHITE),
    };
    frame(Screen::page(width, height, ink, paper, seed))
}

pub fn text(seed: &mut Seed) -> Input {
    let (width, height) = SCREENS[seed.below(3) as usize];
    page(width, height, seed)
}

pub fn large_text(seed: &mut Seed) -> Input {
    page(3840, 2160, seed)
}

/// 49 million pixels: of one colour, of stripes, of noise, of patterns.
pub fn largest(seed: &mut Seed) -> Input {
    let (width, height) = [(7_000, 7_000), (12_500, 4_000), (4_000, 12_500)][seed.below(3) as usize];
    let kind = seed.below(5);
    let module = seed.between(1, 12);
    let mut rgba = Vec::with_capacity(width as usize * height as usize * 4);
    for y in 0..height {
        for x in 0..width {
            let value = match kind {
                0 => 255,
                1 => (x / module % 2 * 255) as u8,
                2 => seed.next() as u8,
                3 if seed.below(2) == 0 => 0,
                3 => 255,
                _ => {
                    let ring = (x / module % 9).abs_diff(4).max((y / module % 9).abs_diff(4));
                    if ring == 2 || ring == 4 { 255 } else { 0 }
                }
            };
            rgba.extend([value, value, value, 255]);
        }
    }
    Input::Frame(width, height, rgba)
}

pub fn thin(seed: &mut Seed) -> Input {
    let (length, across) = [(70_000, 3), (1_000_000, 1), (49_000_000, 1), (20_000, 40)][seed.below(4) as usize];
    let (width, height) = if seed.below(2) == 0 { (length, across) } else { (across, length) };
    let rgba = (0..width * height).flat_map(|_| if seed.below(2) == 0 { BLACK } else { WHITE });
    Input::Frame(width, height, rgba.collect())
}

pub fn tiny(seed: &mut Seed) -> Input {
    let (width, height) = (seed.between(1, 40), seed.between(1, 40));
    let rgba = (0..width * height * 4).map(|_| seed.next() as u8);
    Input::Frame(width, height, rgba.collect())
}
