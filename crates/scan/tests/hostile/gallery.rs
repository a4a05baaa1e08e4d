//! The hostile pictures, each from its number and a seed.

use super::draw::Seed;
use super::{codes, files, jpeg, scenes, webp};

/// What is handed in.
pub enum Input {
    /// A file's bytes.
    File(Vec<u8>),
    /// A frame: width, height, RGBA.
    Frame(u32, u32, Vec<u8>),
}

/// One way of being hostile.
pub struct Kind {
    pub name: &'static str,
    /// How many of each round are of this kind: the dear ones are few.
    share: u64,
    make: fn(&mut Seed) -> Input,
}

const fn file(share: u64, name: &'static str, make: fn(&mut Seed) -> Input) -> Kind {
    Kind { name, share, make }
}

use file as frame;

#[rustfmt::skip]
const KINDS: &[Kind] = &[
    file(24, "ordinary file, bytes changed", |seed| Input::File(files::changed(files::ordinary(seed), seed))),
    file(12, "ordinary file, cut off", |seed| Input::File(files::cut(files::ordinary(seed), seed))),
    file(24, "unusual file, bytes changed", |seed| Input::File(files::changed(files::unusual(seed), seed))),
    file(6, "unusual file, cut off", |seed| Input::File(files::cut(files::unusual(seed), seed))),
    file(4, "two files grown together", |seed| Input::File(files::spliced(seed))),
    file(3, "public file that made a decoder panic", |seed| Input::File(files::public(seed))),
    file(6, "public file, bytes changed", |seed| Input::File(files::changed(files::public(seed), seed))),
    file(10, "PNG, bytes changed, checksums right", |seed| Input::File(files::changed_png(seed))),
    file(6, "PNG of odd header and palette", |seed| Input::File(files::odd_png(seed))),
    file(1, "PNG as large as allowed", |seed| Input::File(files::large_png(seed))),
    file(2, "PNG that claims a huge size", |seed| Input::File(files::claiming_png(seed))),
    file(1, "PNG that unpacks to more than its pixels", |seed| Input::File(files::overfull_png(seed))),
    file(1, "PNG with a text or profile that unpacks to 1 GB", |seed| Input::File(files::wordy_png(seed))),
    file(1, "PNG of very many chunks", |seed| Input::File(files::chunky_png(seed))),
    file(1, "PNG of thousands of frames", |seed| Input::File(files::animated_png(seed))),
    file(6, "GIF of odd frames", |seed| Input::File(files::odd_gif(seed))),
    file(1, "GIF as large as allowed", |seed| Input::File(files::large_gif(seed))),
    file(1, "GIF of thousands of frames", |seed| Input::File(files::animated_gif(seed))),
    file(8, "BMP of odd header", |seed| Input::File(files::odd_bmp(seed))),
    file(1, "BMP as large as allowed", |seed| Input::File(files::large_bmp(seed))),
    file(10, "JPEG of odd header", |seed| Input::File(jpeg::odd(seed))),
    file(2, "JPEG that claims a size", |seed| Input::File(jpeg::claiming(seed))),
    file(1, "JPEG of very many scans", |seed| Input::File(jpeg::many_scans(seed))),
    file(1, "JPEG of very many segments", |seed| Input::File(jpeg::many_segments(seed))),
    file(8, "WebP, lossless, of random bits", |seed| Input::File(webp::random_lossless(seed))),
    file(8, "WebP, lossy, of random bits", |seed| Input::File(webp::random_lossy(seed))),
    file(1, "WebP as large as allowed", |seed| Input::File(webp::large(seed))),
    file(1, "WebP of thousands of frames", |seed| Input::File(webp::animated(seed))),
    file(2, "WebP of odd chunks", |seed| Input::File(webp::odd_chunks(seed))),
    frame(14, "code with a message that is none", codes::broken_message),
    frame(8, "code with wrong format or version", codes::wrong_format),
    frame(8, "code with wrong modules", codes::wrong_modules),
    frame(6, "finder patterns around random modules", codes::random_modules),
    frame(1, "screen full of codes", codes::very_many),
    frame(1, "screen full of broken codes", codes::very_many_broken),
    frame(3, "screen full of finder patterns", scenes::wall),
    frame(3, "finder patterns anywhere", scenes::scattered),
    frame(3, "bars like finder patterns", scenes::bars),
    frame(3, "noise", scenes::noise),
    frame(2, "coloured noise", scenes::coloured_noise),
    frame(2, "half transparent noise", scenes::transparent_noise),
    frame(2, "dense text", scenes::text),
    frame(1, "4K screen of dense text", scenes::large_text),
    frame(1, "largest picture allowed, of something", scenes::largest),
    frame(2, "thin picture", scenes::thin),
    frame(2, "tiny picture", scenes::tiny),
];

/// The name of the picture's kind, and the picture.
pub fn picture(seed: u64, number: u64) -> (&'static str, Input) {
    let kind = &KINDS[kind_of(number)];
    (kind.name, (kind.make)(&mut Seed::new(seed.wrapping_mul(1_000_003).wrapping_add(number))))
}

/// Every kind once; then as the shares say.
fn kind_of(number: u64) -> usize {
    if let Some(first) = usize::try_from(number).ok().filter(|&first| first < KINDS.len()) {
        return first;
    }
    let whole: u64 = KINDS.iter().map(|kind| kind.share).sum();
    // Far apart numbers follow one another, so that any part of them is a fair sample.
    let mut place = number.wrapping_mul(0x9E37_79B1) % whole;
    KINDS
        .iter()
        .position(|kind| match place.checked_sub(kind.share) {
            Some(left) => {
                place = left;
                false
            }
            None => true,
        })
        .unwrap_or(0)
}
