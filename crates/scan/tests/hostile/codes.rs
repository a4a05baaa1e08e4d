//! Codes that are drawn without fault and hold what no encoder writes; and codes drawn with faults.

use qrcode::bits::Bits as Room;
use qrcode::canvas::{Canvas, MaskPattern};
use qrcode::{Color, EcLevel, Version, ec};

use super::bits::Bits;
use super::draw::Seed;
use super::files::random;
use super::gallery::Input;

const MASKS: [MaskPattern; 8] = [
    MaskPattern::Checkerboard,
    MaskPattern::HorizontalLines,
    MaskPattern::VerticalLines,
    MaskPattern::DiagonalLines,
    MaskPattern::LargeCheckerboard,
    MaskPattern::Fields,
    MaskPattern::Diamonds,
    MaskPattern::Meadow,
];

/// The modules of a code.
struct Modules {
    size: usize,
    dark: Vec<bool>,
}

impl Modules {
    fn flip(&mut self, x: usize, y: usize) {
        self.dark[y * self.size + x] ^= true;
    }
}

fn level(seed: &mut Seed) -> EcLevel {
    [EcLevel::L, EcLevel::M, EcLevel::Q, EcLevel::H][seed.below(4) as usize]
}

fn version(seed: &mut Seed) -> i16 {
    [1, 2, 5, 7, 9, 10, 14, 20, 26, 27, 33, 40][seed.below(12) as usize]
}

/// A whole code around any message, with the error correction it needs.
fn code(version: i16, level: EcLevel, mut message: Vec<u8>, seed: &mut Seed) -> Modules {
    let version = Version::Normal(version);
    let room = Room::new(version).max_len(level).unwrap() / 8;
    let filling = [0xec, 0x11, 0, 0xff][seed.below(4) as usize];
    message.resize(room, filling);
    let (data, correction) = ec::construct_codewords(&message, version, level).unwrap();
    let mut canvas = Canvas::new(version, level);
    canvas.draw_all_functional_patterns();
    canvas.draw_data(&data, &correction);
    canvas.apply_mask(MASKS[seed.below(8) as usize]);
    let dark = canvas.into_colors().into_iter().map(|colour| colour == Color::Dark).collect();
    Modules { size: version.width() as usize, dark }
}

fn painted(modules: &Modules, seed: &mut Seed) -> Input {
    let module = if modules.size > 100 { seed.between(2, 4) } else { seed.between(2, 8) } as usize;
    let quiet = seed.below(6) as usize;
    let mirrored = seed.below(4) == 0;
    let inverted = seed.below(4) == 0;
    let side = (modules.size + 2 * quiet) * module;
    let rgba = (0..side * side).flat_map(|at| {
        let (x, y) = ((at % side / module).wrapping_sub(quiet), (at / side / module).wrapping_sub(quiet));
        let (x, y) = if mirrored { (y, x) } else { (x, y) };
        let dark = x < modules.size && y < modules.size && modules.dark[y * modules.size + x];
        if dark != inverted { [0, 0, 0, 255] } else { [255; 4] }
    });
    Input::Frame(side as u32, side as u32, rgba.collect())
}

/// Modes, lengths and values that are none, character sets that are none, segments of nothing.
pub fn broken_message(seed: &mut Seed) -> Input {
    let (version, level) = (version(seed), level(seed));
    let message = message(version, seed);
    painted(&code(version, level, message, seed), seed)
}

fn message(version: i16, seed: &mut Seed) -> Vec<u8> {
    let mut bits = Bits::from_high();
    // Length fields are of three sizes.
    let size = usize::from(version > 9) + usize::from(version > 26);
    let number = |seed: &mut Seed| [0, 1, 2, 3, 10, 0x3fff, 0xffff][seed.below(7) as usize];
    for _ in 0..seed.between(1, 300) {
        match seed.below(11) {
            // Numbers above 999.
            0 => {
                bits.put(1, 4);
                bits.put(number(seed), [10, 12, 14][size]);
                bits.put(1023, 10);
            }
            // Letters beyond the 45.
            1 => {
                bits.put(2, 4);
                bits.put(number(seed), [9, 11, 13][size]);
                bits.put(2047, 11);
            }
            2 => {
                bits.put(4, 4);
                bits.put(number(seed), [8, 16, 16][size]);
                bits.put(seed.next() as u32, 32);
            }
            // Kanji that are none.
            3 => {
                bits.put(8, 4);
                bits.put(number(seed), [8, 10, 12][size]);
                bits.put(0x1fff, 13);
            }
            // Bytes of no length.
            4 => {
                bits.put(4, 4);
                bits.put(0, [8, 16, 16][size]);
            }
            // Character sets of one, two and three bytes, and of a length that is none.
            5 => {
                bits.put(7, 4);
                let (value, count) = [
                    (seed.below(128), 8),
                    (0x8000 | seed.below(1 << 14), 16),
                    (0xc0_0000 | seed.below(1 << 21), 24),
                    (0xe0, 8),
                ][seed.below(4) as usize];
                bits.put(value, count);
            }
            // A part of several.
            6 => {
                bits.put(3, 4);
                bits.put(seed.next() as u32, 16);
            }
            7 => bits.put(5, 4),
            8 => {
                bits.put(9, 4);
                bits.put(seed.next() as u32, 8);
            }
            // Hanzi, of any set.
            9 => {
                bits.put(13, 4);
                bits.put(seed.below(16), 4);
                bits.put(number(seed), [8, 10, 12][size]);
                bits.put(0x1fff, 13);
            }
            _ => {
                let count = seed.between(1, 40);
                (0..count).for_each(|_| bits.put(seed.next() as u32, 8));
            }
        }
        if seed.below(20) == 0 {
            bits.put(0, 4);
        }
    }
    bits.bytes
}

/// The format around the first finder pattern, and the version beside the others, of another code or of none.
pub fn wrong_format(seed: &mut Seed) -> Input {
    let (version, level) = (version(seed), level(seed));
    let text = random(seed, 40);
    let mut modules = code(version, level, text, seed);
    let far = modules.size - 11;
    for _ in 0..seed.between(1, 30) {
        let (near, along) = (seed.below(9) as usize, seed.below(6) as usize);
        match seed.below(3) {
            0 => modules.flip(8, near),
            1 => modules.flip(near, 8),
            _ => {
                let across = far + seed.below(3) as usize;
                modules.flip(along, across);
                modules.flip(across, along);
            }
        }
    }
    painted(&modules, seed)
}

/// As many modules wrong as can be put right, about; or many more.
pub fn wrong_modules(seed: &mut Seed) -> Input {
    let (version, level) = (version(seed), level(seed));
    let text = message(version, seed);
    let mut modules = code(version, level, text, seed);
    let size = modules.size as u32;
    for _ in 0..seed.below(size * size / 10) {
        modules.flip(seed.below(size) as usize, seed.below(size) as usize);
    }
    painted(&modules, seed)
}

/// Finder and timing patterns in their places, chance everywhere else, in sizes that no version has, too.
pub fn random_modules(seed: &mut Seed) -> Input {
    painted(&random_field(seed), seed)
}

fn random_field(seed: &mut Seed) -> Modules {
    let size = seed.between(19, 190) as usize;
    let mut dark: Vec<bool> = (0..size * size).map(|_| seed.below(2) == 0).collect();
    for (left, top) in [(0, 0), (size - 7, 0), (0, size - 7)] {
        for y in 0..size {
            for x in 0..size {
                let ring = (x as i32 - left as i32 - 3).abs().max((y as i32 - top as i32 - 3).abs());
                if ring <= 4 {
                    dark[y * size + x] = ring != 2 && ring != 4;
                }
            }
        }
    }
    for along in 8..size - 8 {
        dark[6 * size + along] = along % 2 == 0;
        dark[along * size + 6] = along % 2 == 0;
    }
    Modules { size, dark }
}

/// A screen that holds nothing but small codes, hundreds of them.
pub fn very_many(seed: &mut Seed) -> Input {
    tiled(seed, |seed| {
        let text = [&[0x40, 0x80 | seed.below(16) as u8], &random(seed, 10)[..]].concat();
        code(1, EcLevel::L, text, seed)
    })
}

pub fn very_many_broken(seed: &mut Seed) -> Input {
    tiled(seed, random_field)
}

fn tiled(seed: &mut Seed, make: fn(&mut Seed) -> Modules) -> Input {
    let (width, height) = [(1920, 1080), (3840, 2160)][seed.below(2) as usize];
    let module = seed.between(2, 4) as usize;
    let mut rgba = vec![255; width * height * 4];
    let (mut left, mut top, mut tallest) = (8, 8, 0);
    loop {
        let modules = make(seed);
        let side = modules.size * module;
        if left + side > width {
            (left, top, tallest) = (8, top + tallest + 4 * module, 0);
        }
        if top + side > height {
            return Input::Frame(width as u32, height as u32, rgba);
        }
        for y in 0..side {
            for x in 0..side {
                if modules.dark[y / module * modules.size + x / module] {
                    let at = ((top + y) * width + left + x) * 4;
                    rgba[at..at + 3].fill(0);
                }
            }
        }
        (left, tallest) = (left + side + 4 * module, tallest.max(side));
    }
}
