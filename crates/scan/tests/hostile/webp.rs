//! WebP files that nobody would write.

use super::bits::Bits;
use super::draw::Seed;
use super::files::{large_sides, random};

fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let padding: &[u8] = if body.len() % 2 == 1 { &[0] } else { &[] };
    [&kind[..], &(body.len() as u32).to_le_bytes(), body, padding].concat()
}

fn file(chunks: &[u8]) -> Vec<u8> {
    [b"RIFF", &(chunks.len() as u32 + 4).to_le_bytes()[..], b"WEBP", chunks].concat()
}

fn lossless_header(width: u32, height: u32) -> Bits {
    let mut bits = Bits::from_low();
    bits.put(0x2f, 8);
    bits.put(width - 1, 14);
    bits.put(height - 1, 14);
    bits.put(1, 1);
    bits.put(0, 3);
    bits
}

/// One colour: five codes of one symbol each, and then no bit for any pixel.
fn one_colour(bits: &mut Bits) {
    // No colour cache, no groups of codes.
    bits.put(0, 2);
    for _ in 0..5 {
        // A simple code of one symbol, 0, in one bit.
        bits.put(0b0_0_0_1, 4);
    }
}

pub fn large(seed: &mut Seed) -> Vec<u8> {
    let (width, height) = large_sides(seed);
    let mut bits = lossless_header(width, height);
    match seed.below(3) {
        // Less green.
        0 => bits.put(0b101, 3),
        // Each pixel from its neighbours, in blocks of four.
        1 => {
            bits.put(0b001, 3);
            bits.put(0, 3);
            // The picture of the ways: no colour cache, five simple codes.
            bits.put(0, 1);
            (0..5).for_each(|_| bits.put(0b0001, 4));
        }
        _ => {}
    }
    bits.put(0, 1);
    one_colour(&mut bits);
    file(&chunk(b"VP8L", &bits.bytes))
}

/// Transforms in any order, codes of one or two symbols, and then any bits: or any bits from the beginning.
pub fn random_lossless(seed: &mut Seed) -> Vec<u8> {
    let mut bits = lossless_header(seed.between(1, 200), seed.between(1, 200));
    if seed.below(4) > 0 {
        transforms(&mut bits, seed);
        match seed.below(2) {
            0 => bits.put(0, 1),
            _ => bits.put(1 | seed.between(1, 11) << 1, 5),
        }
        bits.put(0, 1);
        // Of the last code, distances, there are forty.
        for most in [256, 256, 256, 256, 40] {
            let (first, second) = (seed.below(most / 2), seed.below(most / 2) + most / 2);
            let symbols = seed.below(2);
            bits.put(1 | symbols << 1 | 0b100, 3);
            bits.put(first, 8);
            if symbols > 0 {
                bits.put(second, 8);
            }
        }
    }
    let count = seed.between(10, 9_000);
    (0..count).for_each(|_| bits.put(seed.next() as u32, 8));
    file(&chunk(b"VP8L", &bits.bytes))
}

fn transforms(bits: &mut Bits, seed: &mut Seed) {
    // Each may come once; now and then one comes twice.
    let (first, count) = (seed.below(4), if seed.below(10) == 0 { 5 } else { seed.below(5) });
    for at in 0..count {
        let kind = (first + 3 * at) % 4;
        bits.put(1 | kind << 1, 3);
        match kind {
            0 | 1 => bits.put(seed.below(8), 3),
            2 => continue,
            _ => bits.put(seed.next() as u32, 8),
        }
        // The picture of the transform, of one colour: no colour cache.
        bits.put(0, 1);
        for most in [256, 256, 256, 256, 40] {
            bits.put(0b101, 3);
            bits.put(seed.below(most), 8);
        }
    }
    bits.put(0, 1);
}

fn lossy(width: u16, height: u16, seed: &mut Seed) -> Vec<u8> {
    let count = seed.between(20, 20_000);
    let first = seed.below(count / 2);
    // A key frame, its version, shown; the length of the first part.
    let tag = (first << 5) | 0x10 | (seed.below(4) << 1);
    let head = [&tag.to_le_bytes()[..3], &[0x9d, 0x01, 0x2a], &width.to_le_bytes(), &height.to_le_bytes()].concat();
    let mut noise = random(seed, count);
    // The first bit is a colour space, of which there is one.
    noise[0] &= 0x7f;
    [head, noise].concat()
}

/// Any bits are a lossy picture.
pub fn random_lossy(seed: &mut Seed) -> Vec<u8> {
    let side = |seed: &mut Seed| seed.below(200) as u16;
    let (width, height) = (side(seed), side(seed));
    file(&chunk(b"VP8 ", &lossy(width, height, seed)))
}

fn extended(flags: u8, width: u32, height: u32) -> Vec<u8> {
    let sides = [&(width - 1).to_le_bytes()[..3], &(height - 1).to_le_bytes()[..3]].concat();
    chunk(b"VP8X", &[&[flags, 0, 0, 0], &sides[..]].concat())
}

fn animation_frame(width: u32, height: u32, picture: &[u8]) -> Vec<u8> {
    let sides = [&(width - 1).to_le_bytes()[..3], &(height - 1).to_le_bytes()[..3]].concat();
    chunk(b"ANMF", &[&[0; 6], &sides[..], &[10, 0, 0, 0], picture].concat())
}

pub fn animated(seed: &mut Seed) -> Vec<u8> {
    let mut bits = lossless_header(64, 64);
    bits.put(0, 1);
    one_colour(&mut bits);
    let frame = animation_frame(64, 64, &chunk(b"VP8L", &bits.bytes));
    let (width, height) = if seed.below(2) == 0 { (64, 64) } else { large_sides(seed) };
    let frames = frame.repeat(seed.between(5_000, 50_000) as usize);
    file(&[extended(0x02, width, height), chunk(b"ANIM", &[0; 6]), frames].concat())
}

/// A canvas of another size than the picture, transparency of any filter, huge profiles, chunks of any length.
pub fn odd_chunks(seed: &mut Seed) -> Vec<u8> {
    let (width, height) = (seed.between(1, 100), seed.between(1, 100));
    let mut body = extended(
        if seed.below(2) == 0 { 0 } else { seed.next() as u8 },
        width,
        if seed.below(4) == 0 { 1 << 24 } else { height },
    );
    for _ in 0..seed.between(1, 6) {
        let count = seed.between(0, 300);
        let noise = random(seed, count);
        let picture = lossy(width as u16, height as u16, seed);
        body.extend(match seed.below(8) {
            0 => chunk(b"ALPH", &[&[seed.next() as u8], &noise[..]].concat()),
            1 => chunk(b"ICCP", &vec![7; 3_000_000]),
            2 => chunk(b"EXIF", &noise),
            3 => chunk(b"ANIM", &noise),
            4 => animation_frame(width, height, &chunk(b"VP8 ", &picture)),
            5 => [b"VP8L", &u32::MAX.to_le_bytes()[..], &noise].concat(),
            6 => chunk(b"VP8 ", &noise),
            _ => chunk(b"VP8 ", &picture),
        });
    }
    let picture = lossy(width as u16, height as u16, seed);
    body.extend(chunk(b"VP8 ", &picture));
    file(&body)
}
