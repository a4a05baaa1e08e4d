//! JPEG files that nobody would write.

use super::bits::Bits;
use super::draw::Seed;
use super::files::{large_sides, ordinary, random, unusual};

const START: [u8; 2] = [0xff, 0xd8];
const END: [u8; 2] = [0xff, 0xd9];

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    [&[0xff, marker], &((body.len() + 2) as u16).to_be_bytes()[..], body].concat()
}

fn quantisation() -> Vec<u8> {
    segment(0xdb, &[&[0], &[8; 64][..]].concat())
}

/// `frame` 0 is an ordinary picture, 2 a progressive one. One component (grey) unless more are given.
fn frame(kind: u8, width: u32, height: u32, components: &[[u8; 3]]) -> Vec<u8> {
    let (width, height) = (width as u16, height as u16);
    let head = [&[8], &height.to_be_bytes()[..], &width.to_be_bytes(), &[components.len() as u8]].concat();
    segment(0xc0 + kind, &[&head[..], &components.concat()].concat())
}

/// A table with four codes of two bits, less one that may not be used.
fn huffman(class: u8, values: [u8; 3]) -> Vec<u8> {
    let mut counts = [0; 16];
    counts[1] = 3;
    segment(0xc4, &[&[class << 4], &counts[..], &values].concat())
}

/// Real ones with the fields of their headers changed, and only those.
pub fn odd(seed: &mut Seed) -> Vec<u8> {
    let mut file = loop {
        let file = if seed.below(3) == 0 { ordinary(seed) } else { unusual(seed) };
        if file.starts_with(&START) {
            break file;
        }
    };
    let markers: Vec<usize> = (2..file.len() - 1)
        .filter(|&at| file[at] == 0xff && matches!(file[at + 1], 0xc0..=0xcf | 0xda..=0xdd | 0xe0..=0xef))
        .collect();
    for _ in 0..seed.between(1, 4) {
        let at = markers[seed.below(markers.len() as u32) as usize] + seed.between(1, 24) as usize;
        if let Some(byte) = file.get_mut(at) {
            *byte = match seed.below(4) {
                0 => 0,
                1 => 0xff,
                2 => byte.wrapping_add(1),
                _ => seed.next() as u8,
            };
        }
    }
    file
}

/// A large size, and next to nothing behind it.
pub fn claiming(seed: &mut Seed) -> Vec<u8> {
    let (width, height) = if seed.below(3) == 0 { (65_535, 65_535) } else { large_sides(seed) };
    let kind = [0, 1, 2, 3, 9][seed.below(5) as usize];
    let few = seed.between(0, 60);
    let components: &[[u8; 3]] = match seed.below(3) {
        0 => &[[1, 0x11, 0]],
        1 => &[[1, 0x22, 0], [2, 0x11, 0], [3, 0x11, 0]],
        _ => &[[1, 0x44, 0], [2, 0x11, 0], [3, 0x41, 0], [4, 0x11, 0]],
    };
    let scan: Vec<u8> = components.iter().flat_map(|component| [component[0], 0]).collect();
    let scan = [&[components.len() as u8], &scan[..], &[0, if kind == 2 { 0 } else { 63 }, 0]].concat();
    [
        START.to_vec(),
        quantisation(),
        frame(kind, width, height, components),
        huffman(0, [0, 1, 2]),
        huffman(1, [0, 1, 2]),
        segment(0xda, &scan),
        random(seed, few),
        END.to_vec(),
    ]
    .concat()
}

/// A progressive picture that is gone through from end to end a thousand times, at a hundred bytes each: runs of up to 32,767
/// blocks without anything in them (libjpeg-turbo's "two issues with the JPEG standard").
pub fn many_scans(seed: &mut Seed) -> Vec<u8> {
    let (width, height) = [(7_000, 7_000), (3_000, 2_000), (1_000, 1_000)][seed.below(3) as usize];
    let mut file =
        [START.to_vec(), quantisation(), frame(2, width, height, &[[1, 0x11, 0]]), huffman(0, [0, 1, 2])].concat();
    // First the constant part of each block: code 00, no difference.
    let blocks = u64::from(width.div_ceil(8)) * u64::from(height.div_ceil(8));
    file.extend(segment(0xda, &[1, 1, 0, 0, 0, 0]));
    file.extend(vec![0; (blocks as usize * 2).div_ceil(8)]);
    // 0xe0: an end that holds for the next 2^14 blocks and as many as the 14 bits behind it say.
    file.extend(huffman(1, [0xe0, 0, 1]));
    let mut scan = Bits::from_high();
    let mut left = blocks;
    while left > 0 {
        scan.put(0, 2);
        // A byte 0xff would begin a marker: ask for less than all.
        scan.put(0b11_1011_1101_1101, 14);
        left = left.saturating_sub(16_384 + 0b11_1011_1101_1101);
    }
    let scan = [segment(0xda, &[1, 1, 0, 1, 63, 0]), scan.bytes].concat();
    // The decoder refuses more than a hundred.
    file.extend(scan.repeat([98, 98, 2_000][seed.below(3) as usize]));
    file.extend(END);
    file
}

/// Hundreds of thousands of comments, profiles in pieces, restarts.
pub fn many_segments(seed: &mut Seed) -> Vec<u8> {
    let (width, height) = (seed.between(1, 100), seed.between(1, 100));
    let one = match seed.below(4) {
        0 => segment(0xfe, b""),
        1 => segment(0xe2, b"ICC_PROFILE\0\x01\xff"),
        2 => segment(0xe1, b"Exif\0\0MM\0*\0\0\0\x08\xff\xff"),
        _ => vec![0xff, 0xd0],
    };
    let many = one.repeat(seed.between(100_000, 1_000_000) as usize);
    let head = [START.to_vec(), quantisation(), huffman(0, [0, 1, 2]), huffman(1, [0, 1, 2])].concat();
    let body = [frame(0, width, height, &[[1, 0x11, 0]]), segment(0xda, &[1, 1, 0, 0, 63, 0])].concat();
    match seed.below(2) {
        0 => [head, many, body, vec![0; 400], END.to_vec()].concat(),
        _ => [head, body, many, END.to_vec()].concat(),
    }
}
