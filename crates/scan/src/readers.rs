//! The decoders, each behind the same function type, each kept from taking the program down or
//! away.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rxing::common::cpp_essentials::{DecoderResult, GetPatternRowTP, PatternRow};
use rxing::common::{BitMatrix, DetectorRXingResult, HybridBinarizer};
use rxing::qrcode::cpp_port::{decoder, detector};
use rxing::{BinaryBitmap, Luma8Source};
use zeroize::Zeroizing;

use crate::found::{FoundCode, Part};
use crate::geometry::{self, Point};
use crate::grey::Grey;
use crate::warp;

/// Finds every code it can in a brightness picture; corners in that picture's pixels.
pub(crate) type Reader = fn(&Grey, &mut Effort) -> Vec<FoundCode>;

/// How much work is left for one picture, over all steps. Pictures full of things that look like
/// parts of codes cost the decoders minutes; a frame of thirty codes tries 34 triples.
pub(crate) struct Effort {
    /// Triples of finder patterns (the squares in a code's corners) that may still be tried.
    triples: usize,
    /// Grids that may still be laid between finder patterns.
    grids: usize,
    /// Modules of such grids that may still be read, as many as those of fifty of the largest
    /// codes, and bent: ten ordinary codes, or one of any size.
    modules: warp::Modules,
    /// The codes that were found already, in pixels of the picture looked at: what lies in them is
    /// explained.
    pub known: Vec<[Point; 4]>,
    /// What was seen of codes that could not be read: the middles of their three finder patterns,
    /// in pixels of the picture looked at.
    pub signs: Vec<[Point; 3]>,
}

impl Effort {
    pub fn full() -> Effort {
        Effort {
            triples: 5_000,
            grids: 1_500,
            modules: warp::Modules { read: 1_500_000, bent: 12_000 },
            known: Vec::new(),
            signs: Vec::new(),
        }
    }

    /// For a box, in which every step is taken: more.
    pub fn for_a_box() -> Effort {
        Effort {
            triples: 20_000,
            grids: 6_000,
            modules: warp::Modules { read: 2_000_000, bent: 24_000 },
            known: Vec::new(),
            signs: Vec::new(),
        }
    }

    fn is_known(&self, middle: Point) -> bool {
        self.known.iter().any(|code| geometry::contains(code, middle))
    }
}

/// As many of them one way of looking may try: the moiré of a photographed screen is full of them
/// until it is shrunk.
const TRIPLES_AT_ONCE: usize = 400;

/// Row crossings that look like a finder pattern, above which a picture is noise: collecting
/// patterns takes time quadratic in them. A 4K screen of dense text has 26,000, one of thirty codes
/// fewer.
const NOISE: usize = 60_000;

/// As [`NOISE`], for rqrr.
const NOISE_FOR_RQRR: usize = 10_000;
/// The most bytes that rqrr may copy, for it copies the picture for each pair that any of its
/// candidates has: some tenths of a second.
const COPIES_FOR_RQRR: usize = 4_000_000_000;

/// rxing's port of zxing-cpp: the best pure-Rust reader there is, with a threshold that follows the
/// light.
///
/// Its parts are called one by one, because its own loop over all triples knows no limit.
pub(crate) fn rxing(grey: &Grey, effort: &mut Effort) -> Vec<FoundCode> {
    guarded(|| {
        let Some(source) = source(grey) else { return Vec::new() };
        let bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
        let matrix = bitmap.get_black_matrix();
        let Some(mut patterns) = finder_patterns(matrix, NOISE) else { return Vec::new() };
        patterns.retain(|pattern| !effort.is_known(Point { x: pattern.p.x, y: pattern.p.y }));
        let (mut used, mut tried) = (Vec::new(), 0);
        let mut found = Vec::new();
        // The likeliest triples come first.
        for triple in detector::GenerateFinderPatternSets(&mut patterns) {
            let parts = [triple.tl, triple.tr, triple.bl];
            if parts.iter().any(|part| used.contains(part)) {
                continue;
            }
            if tried == TRIPLES_AT_ONCE || effort.triples == 0 {
                break;
            }
            tried += 1;
            effort.triples -= 1;
            let Ok(sampled) = detector::SampleQR(matrix, &triple) else { continue };
            let Ok(decoded) = decoder::Decode(sampled.getBits()) else { continue };
            if decoded.isValid()
                && let Some(corners) = corners_of(sampled.getPoints())
            {
                used.extend(parts);
                found.push(code_of(corners, &decoded));
            }
        }
        patterns.retain(|pattern| !used.contains(pattern));
        let left: Vec<_> = patterns.iter().map(warp::Finder::from).collect();
        effort.signs = warp::signs(matrix, &left);
        found
    })
}

/// rqrr: finds less on the whole, but also some that rxing misses. Codes that are one of several it does not read at all.
pub(crate) fn rqrr(grey: &Grey, _: &mut Effort) -> Vec<FoundCode> {
    guarded(|| {
        let brightness = |x, y| grey.pixels[y * grey.width + x];
        let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(grey.width, grey.height, brightness);
        // Judged by its own black and white: where others see an even grey, it may see a wall of
        // patterns.
        let mut matrix = match BitMatrix::new(grey.width as u32, grey.height as u32) {
            Ok(matrix) => matrix,
            Err(_) => return Vec::new(),
        };
        for y in 0..grey.height {
            for x in 0..grey.width {
                if u8::from(prepared.get_pixel_at(x, y)) == 1 {
                    matrix.set(x as u32, y as u32);
                }
            }
        }
        let copies = |rings: usize| rings.pow(3) / 4 * grey.len();
        let most = (0..).take_while(|&rings| copies(rings) <= COPIES_FOR_RQRR).count();
        if crossings(&matrix) > NOISE_FOR_RQRR || has_more_rings(&matrix, most) {
            return Vec::new();
        }
        prepared.detect_grids().iter().filter_map(from_rqrr).collect()
    })
}

/// Our own: finds patterns without surroundings and bends its grid; see [`crate::warp`].
pub(crate) fn warped(grey: &Grey, effort: &mut Effort) -> Vec<FoundCode> {
    guarded(|| {
        let Some(source) = source(grey) else { return Vec::new() };
        let bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
        let matrix = bitmap.get_black_matrix();
        let mut finders = warp::finders(matrix);
        finders.retain(|finder| !effort.is_known(finder.middle()));
        let (mut used, mut found) = (Vec::new(), Vec::new());
        for corner in warp::corners(&finders) {
            if corner.touches(&used) {
                continue;
            }
            for size in corner.sizes() {
                let Some(left) = effort.grids.checked_sub(1) else { return found };
                effort.grids = left;
                let three = corner.parts().map(|part| finders[part]);
                if let Some((decoded, corners)) = warp::read(matrix, three, size, &mut effort.modules) {
                    used.extend(corner.parts());
                    found.push(code_of(corners, &decoded));
                    break;
                }
            }
        }
        let mut left = 0..;
        finders.retain(|_| left.next().is_some_and(|part| !used.contains(&part)));
        effort.signs = warp::signs(matrix, &finders);
        found
    })
}

/// Decoders index into pictures they did not expect; a panic means that they found nothing.
fn guarded(read: impl FnOnce() -> Vec<FoundCode>) -> Vec<FoundCode> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_default()
}

fn source(grey: &Grey) -> Option<Luma8Source<'_>> {
    let (width, height) = (u32::try_from(grey.width).ok()?, u32::try_from(grey.height).ok()?);
    Luma8Source::new_with_slice(&grey.pixels, width, height).ok()
}

/// The finder patterns of a picture; `None` if it is noise.
fn finder_patterns(matrix: &BitMatrix, noise: usize) -> Option<detector::FinderPatterns> {
    (crossings(matrix) <= noise).then(|| detector::FindFinderPatterns(matrix, true, 0))
}

/// About how often rows run through something like a finder pattern, dark and light lengths in
/// proportions of roughly 1:1:3:1:1. A sample of the rows, extrapolated.
fn crossings(matrix: &BitMatrix) -> usize {
    const EVERY: usize = 13;
    let mut row = PatternRow::default();
    let mut count = 0;
    for y in (EVERY as u32 / 2..matrix.height()).step_by(EVERY) {
        GetPatternRowTP(matrix, y, &mut row, false);
        // Lengths alternate, beginning with light.
        count += (1..row.len().saturating_sub(4)).step_by(2).filter(|&at| looks_like_finder(&row, at)).count();
    }
    count * EVERY
}

/// As rxing judges: each length within half a module and half a pixel of what it should be.
fn looks_like_finder(row: &PatternRow, at: usize) -> bool {
    let lengths = [0, 1, 2, 3, 4].map(|offset| f32::from(row[at + offset]));
    let module = lengths.iter().sum::<f32>() / 7.0;
    let near = |length: f32, modules: f32| (length - modules * module).abs() < 0.5 * module + 0.5;
    let [outer, ring, core, ring_too, outer_too] = lengths;
    core >= 3.0 && near(core, 3.0) && [outer, ring, ring_too, outer_too].iter().all(|&length| near(length, 1.0))
}

/// Whether more places than this look like a finder pattern to rqrr, which is less strict than the
/// others: lengths along a row within three quarters of a module, and a dark stone in something
/// dark.
fn has_more_rings(matrix: &BitMatrix, most: usize) -> bool {
    let mut rings: Vec<(u32, u32, u32)> = Vec::new();
    let mut row = PatternRow::default();
    for y in 0..matrix.height() {
        GetPatternRowTP(matrix, y, &mut row, false);
        let mut x = 0;
        for at in 0..row.len().saturating_sub(4) {
            let lengths = [0, 1, 2, 3, 4].map(|offset| u32::from(row[at + offset]));
            let module = (lengths[0] + lengths[1] + lengths[3] + lengths[4]) / 4;
            let alike = |(length, modules): (u32, u32)| length.abs_diff(modules * module) <= module * 3 / 4;
            let middle = x + lengths[0] + lengths[1] + lengths[2] / 2;
            x += lengths[0];
            if at % 2 == 0 || !lengths.into_iter().zip([1, 1, 3, 1, 1]).all(alike) {
                continue;
            }
            let known =
                |&(x, y_too, reach): &(u32, u32, u32)| x.abs_diff(middle) <= reach && y_too.abs_diff(y) <= reach;
            if !rings.iter().any(known) && is_enclosed(matrix, middle, y, 5 * module) {
                rings.push((middle, y, 3 * module));
            }
            if rings.len() > most {
                return true;
            }
        }
    }
    false
}

/// Whether above or below a dark pixel something light comes, and then something dark.
fn is_enclosed(matrix: &BitMatrix, x: u32, y: u32, reach: u32) -> bool {
    let ends = |column: &mut dyn Iterator<Item = u32>| {
        let mut light = column.skip_while(|&y| matrix.get(x, y)).skip_while(|&y| !matrix.get(x, y));
        light.next().is_some()
    };
    ends(&mut (y.saturating_sub(reach)..=y).rev()) || ends(&mut (y..(y + reach).min(matrix.height())))
}

/// rxing's order is top left, top right, bottom left, bottom right, and it adds half a pixel, for a
/// rounding that it does not do.
fn corners_of(points: &[rxing::Point]) -> Option<[Point; 4]> {
    let &[top_left, top_right, bottom_left, bottom_right] = points else { return None };
    let point = |p: rxing::Point| Point { x: p.x - 0.5, y: p.y - 0.5 };
    Some([top_left, top_right, bottom_right, bottom_left].map(point))
}

/// What was decoded, as a part where it says that it is one of several.
fn code_of(corners: [Point; 4], decoded: &DecoderResult<bool>) -> FoundCode {
    let append = decoded.structuredAppend();
    let number = |value: i32| usize::try_from(value).unwrap_or_default();
    match number(append.count) {
        0 | 1 => FoundCode::new(corners, text_of(decoded)),
        of => {
            let part = Part { index: number(append.index), of, parity: append.id.parse().unwrap_or_default() };
            FoundCode::of_part(corners, part, Zeroizing::new(decoded.content().bytes().to_vec()))
        }
    }
}

/// Some encoders (the `qrcode` crate among them) spread the bytes of UTF-8 over byte and Kanji
/// segments wherever that saves a bit; read segment by segment, as rxing does, such a text is
/// garbled. Where all bytes together are UTF-8, they were meant as UTF-8. Zero bytes speak for
/// UTF-16, which rxing knows.
fn text_of(decoded: &DecoderResult<bool>) -> Zeroizing<String> {
    let bytes = decoded.content().bytes();
    Zeroizing::new(match std::str::from_utf8(bytes) {
        Ok(text) if !bytes.contains(&0) => text.to_owned(),
        _ => decoded.text(),
    })
}

fn from_rqrr<G: rqrr::BitGrid>(grid: &rqrr::Grid<G>) -> Option<FoundCode> {
    let mut bytes = Zeroizing::new(Vec::new());
    grid.decode_to(&mut *bytes).ok()?;
    let text = Zeroizing::new(std::str::from_utf8(&bytes).ok()?.to_owned());
    let [first, right, opposite, below] = grid.bounds.map(|p| Point { x: p.x as f32, y: p.y as f32 });
    // rqrr gives the corners of a code one module larger to the right and below.
    let size = grid.grid.size() as f32;
    let nearer = |p: Point| Point {
        x: first.x + (p.x - first.x) * size / (size + 1.0),
        y: first.y + (p.y - first.y) * size / (size + 1.0),
    };
    Some(FoundCode::new([first, nearer(right), nearer(opposite), nearer(below)], text))
}
