//! Files: ordinary ones changed, and PNG, GIF and BMP files that nobody would write.

use std::path::Path;

use super::bits::{Bits, PNG, png_chunk, png_header, zlib_stored, zlib_zeros};
use super::draw::{NOTHING, Screen, Seed, Style, WHITE, png_claiming};
use image::ImageFormat;

const FORMATS: [ImageFormat; 5] =
    [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif, ImageFormat::Bmp];

/// A code in one of the formats our own encoders write.
pub fn ordinary(seed: &mut Seed) -> Vec<u8> {
    let page = if seed.below(3) == 0 { NOTHING } else { WHITE };
    let mut screen = Screen::filled(seed.between(100, 160), seed.between(100, 160), page);
    let style = Style { module: seed.between(20, 35) as f32 / 10.0, light: page, ..Style::default() };
    screen.draw("otpauth://totp/a?secret=GEZDGNBV", 60.5, 60.5, style);
    screen.file(FORMATS[seed.below(5) as usize])
}

/// A code in a form that only others' encoders write.
pub fn unusual(seed: &mut Seed) -> Vec<u8> {
    one_of("seeds", seed)
}

/// A picture from others' bug reports.
pub fn public(seed: &mut Seed) -> Vec<u8> {
    one_of("public", seed)
}

fn one_of(folder: &str, seed: &mut Seed) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/hostile").join(folder);
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    std::fs::read(&files[seed.below(files.len() as u32) as usize]).unwrap()
}

/// Some bytes changed, removed, doubled, or made the largest or smallest there are.
pub fn changed(mut file: Vec<u8>, seed: &mut Seed) -> Vec<u8> {
    // Half of the time near the beginning, where the headers are.
    let near = if seed.below(2) == 0 { 64 } else { u32::MAX };
    for _ in 0..seed.between(1, 8) {
        let at = seed.below((file.len() as u32).min(near)) as usize;
        let few = (seed.between(1, 4) as usize).min(file.len() - at);
        match seed.below(7) {
            0 => file[at] = seed.next() as u8,
            1 => file[at] ^= 1 << seed.below(8),
            2 => drop(file.remove(at)),
            3 => file.insert(at, seed.next() as u8),
            4 => file[at..at + few].fill(0xff),
            5 => file[at..at + few].fill(0),
            _ => {
                let end = (at + seed.between(1, 200) as usize).min(file.len());
                let piece = file[at..end].to_vec();
                file.splice(at..at, piece);
            }
        }
    }
    file
}

pub fn cut(mut file: Vec<u8>, seed: &mut Seed) -> Vec<u8> {
    file.truncate(seed.below(file.len() as u32) as usize);
    file
}

/// The beginning of one file and the end of another.
pub fn spliced(seed: &mut Seed) -> Vec<u8> {
    let (first, second) = (unusual(seed), unusual(seed));
    [cut(first, seed), second[seed.below(second.len() as u32) as usize..].to_vec()].concat()
}

/// What stands between the checksums of a PNG changed, so that it is not the checksums that stop the decoder.
pub fn changed_png(seed: &mut Seed) -> Vec<u8> {
    let file = loop {
        let file = if seed.below(2) == 0 { unusual(seed) } else { ordinary(seed) };
        if file.starts_with(PNG) {
            break file;
        }
    };
    let (mut chunks, mut at) = (Vec::new(), PNG.len());
    while let Some(length) = file.get(at..at + 4) {
        let length = u32::from_be_bytes([length[0], length[1], length[2], length[3]]) as usize;
        let kind = [file[at + 4], file[at + 5], file[at + 6], file[at + 7]];
        chunks.push((kind, file[at + 8..at + 8 + length].to_vec()));
        at += length + 12;
    }
    for _ in 0..seed.between(1, 3) {
        let which = seed.below(chunks.len() as u32) as usize;
        match seed.below(5) {
            0 => {
                let again = chunks[which].clone();
                chunks.insert(seed.below(chunks.len() as u32) as usize, again);
            }
            1 if chunks.len() > 2 => drop(chunks.remove(which)),
            _ if chunks[which].1.is_empty() => {}
            _ => chunks[which].1 = changed(std::mem::take(&mut chunks[which].1), seed),
        }
    }
    chunks.iter().fold(PNG.to_vec(), |mut file, (kind, data)| {
        file.extend(png_chunk(kind, data));
        file
    })
}

/// Any depth with any colour type, a palette too short, transparency of another type, random pixels.
pub fn odd_png(seed: &mut Seed) -> Vec<u8> {
    // The ones there are, and now and then one of the others.
    let (depth, colour) = match seed.below(5) {
        0 => ([1, 2, 4, 8, 16][seed.below(5) as usize], [0, 2, 3, 4, 6][seed.below(5) as usize]),
        1 => ([1, 2, 4, 8][seed.below(4) as usize], 3),
        2 => ([1, 2, 4, 8, 16][seed.below(5) as usize], 0),
        _ => ([8, 16][seed.below(2) as usize], [2, 4, 6][seed.below(3) as usize]),
    };
    let (width, height) = (seed.between(1, 70), seed.between(1, 70));
    let mut file = PNG.to_vec();
    file.extend(png_header(width, height, depth, colour, seed.below(2) as u8));
    if seed.below(3) > 0 {
        file.extend(png_chunk(b"PLTE", &random(seed, 3 * 40)));
    }
    if seed.below(3) > 0 {
        file.extend(png_chunk(b"tRNS", &random(seed, 300)));
    }
    let bytes = (width as usize * height as usize * 8 + height as usize) * 3 / 2;
    let mut rows = random(seed, bytes as u32);
    // Filters are 0 to 4, wherever rows begin; another value ends the decoding.
    if seed.below(4) > 0 {
        rows.iter_mut().for_each(|byte| *byte %= 5);
    }
    file.extend(png_chunk(b"IDAT", &zlib_stored(&rows)));
    file.extend(png_chunk(b"IEND", &[]));
    file
}

/// Sides of a picture that is (nearly) as large as one may be.
pub fn large_sides(seed: &mut Seed) -> (u32, u32) {
    [(7_000, 7_000), (7_071, 7_071), (12_500, 4_000), (3_000, 16_000), (10_000, 5_000)][seed.below(5) as usize]
}

/// All zeros, in any of the types: a few hundred kilobytes for up to 400 MB.
pub fn large_png(seed: &mut Seed) -> Vec<u8> {
    let (width, height) = large_sides(seed);
    let (depth, colour, bits) =
        [(1, 0, 1), (8, 0, 8), (8, 3, 8), (8, 2, 24), (8, 6, 32), (16, 0, 16), (16, 2, 48), (16, 6, 64)]
            [seed.below(8) as usize];
    let bytes = (u64::from(width) * bits).div_ceil(8) * u64::from(height) + u64::from(height);
    let mut file = PNG.to_vec();
    file.extend(png_header(width, height, depth, colour, u8::from(seed.below(3) == 0)));
    if colour == 3 {
        file.extend(png_chunk(b"PLTE", &[200; 6]));
        file.extend(png_chunk(b"tRNS", &[100; 1]));
    }
    // Interlaced rows are more, each with a filter byte.
    file.extend(png_chunk(b"IDAT", &zlib_zeros(bytes + 2 * u64::from(height))));
    file.extend(png_chunk(b"IEND", &[]));
    file
}

pub fn claiming_png(seed: &mut Seed) -> Vec<u8> {
    let side = |seed: &mut Seed| [1, 6_000, 65_535, 1 << 20, u32::MAX >> 1, u32::MAX][seed.below(6) as usize];
    png_claiming(side(seed), side(seed), [1, 8, 16][seed.below(3) as usize])
}

pub fn overfull_png(seed: &mut Seed) -> Vec<u8> {
    let mut file = PNG.to_vec();
    file.extend(png_header(seed.between(1, 64), seed.between(1, 64), 8, 6, 0));
    file.extend(png_chunk(b"IDAT", &zlib_zeros(1 << 30)));
    file.extend(png_chunk(b"IEND", &[]));
    file
}

pub fn wordy_png(seed: &mut Seed) -> Vec<u8> {
    let bomb = zlib_zeros(1 << 30);
    let (kind, before): (&[u8; 4], &[u8]) = match seed.below(4) {
        0 => (b"zTXt", b"Comment\0\0"),
        1 => (b"iTXt", b"Comment\0\x01\0en\0\0"),
        2 => (b"iCCP", b"profile\0\0"),
        _ => (b"tEXt", b"Comment\0"),
    };
    let mut file = PNG.to_vec();
    file.extend(png_header(8, 8, 8, 0, 0));
    file.extend(png_chunk(kind, &[before, &bomb].concat()));
    file.extend(png_chunk(b"IDAT", &zlib_stored(&[0; 72])));
    file.extend(png_chunk(kind, &[before, &bomb].concat()));
    file.extend(png_chunk(b"IEND", &[]));
    file
}

pub fn chunky_png(seed: &mut Seed) -> Vec<u8> {
    let mut file = PNG.to_vec();
    file.extend(png_header(8, 8, 8, 0, 0));
    let data = zlib_stored(&[0; 72]);
    let (kind, body): (&[u8; 4], &[u8]) =
        [(b"tEXt", &b"a\0b"[..]), (b"IDAT", b""), (b"zzZz", b"1234"), (b"iTXt", b"a\0\0\0\0\0b")]
            [seed.below(4) as usize];
    file.extend(png_chunk(kind, body).repeat(seed.between(100_000, 1_000_000) as usize));
    file.extend(png_chunk(b"IDAT", &data));
    file.extend(png_chunk(b"IEND", &[]));
    file
}

pub fn animated_png(seed: &mut Seed) -> Vec<u8> {
    let frames = seed.between(2_000, 20_000);
    let mut file = PNG.to_vec();
    file.extend(png_header(64, 64, 8, 0, 0));
    file.extend(png_chunk(b"acTL", &[frames.to_be_bytes(), [0; 4]].concat()));
    let pixels = zlib_zeros(65 * 64);
    for number in 0..frames {
        let place = [2 * number, 64, 64, 0, 0].map(u32::to_be_bytes).concat();
        file.extend(png_chunk(b"fcTL", &[&place[..], &[0, 1, 0, 10, 0, 0]].concat()));
        match number {
            0 => file.extend(png_chunk(b"IDAT", &pixels)),
            _ => file.extend(png_chunk(b"fdAT", &[&(2 * number + 1).to_be_bytes()[..], &pixels].concat())),
        }
    }
    file.extend(png_chunk(b"IEND", &[]));
    file
}

fn gif_header(width: u16, height: u16, flags: u8) -> Vec<u8> {
    [b"GIF89a", &width.to_le_bytes()[..], &height.to_le_bytes(), &[flags, 0, 0]].concat()
}

fn gif_frame([left, top, width, height]: [u16; 4], flags: u8, code_bits: u8, data: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x2c];
    [left, top, width, height].iter().for_each(|side| frame.extend(side.to_le_bytes()));
    frame.push(flags);
    if flags & 0x80 > 0 {
        frame.extend(vec![0x55; 3 << ((flags & 7) + 1)]);
    }
    frame.push(code_bits);
    for block in data.chunks(255) {
        frame.push(block.len() as u8);
        frame.extend(block);
    }
    frame.push(0);
    frame
}

/// Zeros as GIF packs them: each code one zero longer than the one before.
fn lzw_zeros(count: u64) -> Vec<u8> {
    let (clear, end) = (4, 5);
    let mut bits = Bits::from_low();
    let mut left = count as i64;
    while left > 0 {
        bits.put(clear, 3);
        let (mut width, mut next, mut length) = (3, 6, 1);
        bits.put(0, width);
        left -= 1;
        while left > 0 && next < 4095 {
            bits.put(next, width);
            length += 1;
            left -= length;
            next += 1;
            if next == 1 << width && width < 12 {
                width += 1;
            }
        }
        // The table is full: once more from the beginning, in codes of the last width.
        if left > 0 {
            bits.put(clear, width);
        } else {
            bits.put(end, width);
        }
    }
    bits.bytes
}

/// Frames outside the screen, of no size, without colours, with code sizes that cannot be, of random codes.
pub fn odd_gif(seed: &mut Seed) -> Vec<u8> {
    let side = |seed: &mut Seed| [0, 1, 30, 64, 65, 1_000, 65_535][seed.below(7) as usize];
    let colours = seed.below(2) as u8 * 0x91;
    let screen = |seed: &mut Seed| seed.between(0, 80) as u16;
    let mut file = gif_header(screen(seed), screen(seed), colours);
    if colours > 0 {
        file.extend(random(seed, 12));
    }
    for _ in 0..seed.between(1, 4) {
        if seed.below(2) == 0 {
            file.extend([0x21, 0xf9, 4, seed.next() as u8, 0, 0, seed.below(6) as u8, 0]);
        }
        let place = [side(seed), side(seed), side(seed), side(seed)].map(|side: u16| side);
        let flags = [0, 0x80, 0xc1, 0x87, 0x40][seed.below(5) as usize];
        let length = seed.between(0, 2_000);
        let noise = random(seed, length);
        file.extend(match seed.below(3) {
            0 => gif_frame(place, flags, seed.below(14) as u8, &noise),
            // Fewer pixels than the frame has, or more.
            _ => gif_frame(place, flags, 2, &lzw_zeros(u64::from(seed.below(70 * 70)))),
        });
    }
    file.push(0x3b);
    file
}

pub fn large_gif(seed: &mut Seed) -> Vec<u8> {
    let (width, height) = large_sides(seed);
    let mut file = gif_header(width as u16, height as u16, 0x80);
    file.extend([0, 0, 0, 255, 255, 255]);
    let data = lzw_zeros(u64::from(width) * u64::from(height));
    file.extend(gif_frame([0, 0, width as u16, height as u16], seed.below(2) as u8 * 0x40, 2, &data));
    file.push(0x3b);
    file
}

pub fn animated_gif(seed: &mut Seed) -> Vec<u8> {
    let mut file = gif_header(64, 64, 0x80);
    file.extend([0, 0, 0, 255, 255, 255]);
    let frame = gif_frame([0, 0, 64, 64], 0, 2, &lzw_zeros(64 * 64));
    file.extend(frame.repeat(seed.between(5_000, 50_000) as usize));
    file.push(0x3b);
    file
}

fn bmp([width, height]: [i32; 2], bits: u16, compression: u32, colours: u32, body: &[u8]) -> Vec<u8> {
    let numbers = |numbers: &[u32]| numbers.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>();
    let whole = 54 + body.len() as u32;
    let start = 54 + 4 * colours.min(256);
    let planes = [1_u16.to_le_bytes(), bits.to_le_bytes()].concat();
    [
        b"BM",
        &numbers(&[whole, 0, start, 40, width as u32, height as u32])[..],
        &planes,
        &numbers(&[compression, 0, 2_835, 2_835, colours, 0]),
        body,
    ]
    .concat()
}

pub fn odd_bmp(seed: &mut Seed) -> Vec<u8> {
    let width = [1, 3, 40, 41, 64, 64, 65_535, 65_536, -1, i32::MIN, 0][seed.below(11) as usize];
    let height = [1, 3, 40, 41, 64, -1, -40, -64, -65_536, i32::MIN, 0][seed.below(11) as usize];
    // Runs go with 8 and 4 bits, masks with 16 and 32.
    let (bits, compression) = match seed.below(5) {
        0 => ([0, 1, 2, 4, 8, 16, 24, 32, 64][seed.below(9) as usize], [0, 1, 2, 3, 4, 6, 11][seed.below(7) as usize]),
        1 => (8, 1),
        2 => (4, 2),
        3 => ([16, 32][seed.below(2) as usize], 3),
        _ => ([1, 4, 8, 16, 24, 32][seed.below(6) as usize], 0),
    };
    let colours = [0, 1, 2, 16, 256, 300, u32::MAX][seed.below(7) as usize];
    let (sides, length) = ([width, height], seed.between(0, 20_000));
    bmp(sides, bits, compression, colours, &random(seed, length))
}

/// Runs that end at once: millions of pixels in a few bytes.
pub fn large_bmp(seed: &mut Seed) -> Vec<u8> {
    let (width, height) = large_sides(seed);
    let sides = [width as i32, height as i32];
    let palette = vec![0x66; 1024];
    match seed.below(3) {
        0 => bmp(sides, 8, 1, 256, &[&palette[..], &[5, 1, 0, 1]].concat()),
        1 => bmp(sides, 4, 2, 16, &[&palette[..64], &[0, 2, 255, 255, 4, 1].repeat(100), &[0, 1]].concat()),
        _ => bmp(
            sides,
            1,
            0,
            2,
            &[&palette[..8], &vec![0x0f; (width as usize).div_ceil(32) * 4 * height as usize]].concat(),
        ),
    }
}

pub fn random(seed: &mut Seed, count: u32) -> Vec<u8> {
    (0..count).map(|_| seed.next() as u8).collect()
}
