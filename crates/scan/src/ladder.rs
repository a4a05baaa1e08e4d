//! The decode ladder: ways of looking at a picture, from the cheapest up.
//!
//! To add a step, add a line to [`LADDER`]; its place follows from its cost and its measured gain.

use std::cell::OnceCell;

use crate::found::{self, FoundCode};
use crate::geometry::{Point, Region};
use crate::grey::{self, Grey, View};
use crate::islands::islands;
use crate::picture::Picture;
use crate::readers::{self, Effort, Reader};

/// One way of looking.
struct Step {
    when: When,
    /// The largest original, in pixels, that this step is worth its time for.
    up_to: usize,
    of: Of,
    views: fn(&Grey) -> Vec<View>,
    reader: Reader,
}

/// What is looked at.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    /// The picture's brightness.
    Light,
    /// Its red, green and blue.
    Colours,
}

/// When a step is taken.
#[derive(Clone, Copy, PartialEq)]
enum When {
    /// Always: together these find every code of a clean picture, light or dark.
    Always,
    /// Only as long as nothing has been found.
    NothingYet,
}

const ANY_SIZE: usize = usize::MAX;
/// A 4K screen, or a photo of 12 megapixels.
const LARGE: usize = 13_000_000;
/// A 1080p screen.
const SCREEN: usize = 2_500_000;

/// Gains, in codes out of six, are of the whole ladder without and with the step, by the
/// `measure` example on the kind named; where other numbers stand, by the `folder` example on that many
/// drawn pictures or photos. (Enlarging twofold gained nothing by itself.)
#[rustfmt::skip]
const LADDER: &[Step] = &[
    step(When::Always, ANY_SIZE, Of::Light, |grey| vec![grey.plain()], readers::rxing),
    // light and dark codes side by side: 12 -> 24 of 24
    step(When::Always, ANY_SIZE, Of::Light, |grey| vec![grey.inverted()], readers::rxing),
    // codes on cloth: 40 -> 45 of 48 photos; no quiet zone, busy page: 1 -> 8 of 8; also beside codes
    // that the steps above read
    step(When::Always, SCREEN, Of::Light, |grey| vec![grey.plain()], readers::warped),
    // cheap, and also takes away the noise of photos
    step(When::NothingYet, ANY_SIZE, Of::Light, |grey| vec![grey.shrunk(2)], readers::rxing),
    // no quiet zone, dark page: 0 -> 6
    step(When::NothingYet, LARGE, Of::Light, |grey| vec![grey.lightened()], readers::rxing),
    // no quiet zone, black page: 0 -> 6
    step(When::NothingYet, LARGE, Of::Light, |grey| vec![grey.trimmed()], readers::rxing),
    // the same inverted: 0 -> 6
    step(When::NothingYet, LARGE, Of::Light, |grey| vec![grey.inverted().then(Grey::trimmed)], readers::rxing),
    // contrast of 12: 2 -> 6
    step(When::NothingYet, LARGE, Of::Light, |grey| vec![grey.levelled()], readers::rxing),
    // inverted, contrast of 12, 2 pixels: 5 -> 6
    step(When::NothingYet, LARGE, Of::Light, |grey| vec![grey.inverted().then(Grey::levelled)], readers::rxing),
    // contrast of 12, 9-pixel modules: 1 -> 6
    step(When::NothingYet, LARGE, Of::Light, |grey| vec![grey.shrunk(2).then(Grey::levelled)], readers::rxing),
    // the same inverted: 3 -> 6
    step(When::NothingYet, LARGE, Of::Light, |grey| vec![grey.shrunk(2).then(Grey::inverted).then(Grey::levelled)], readers::rxing),
    // noisy 12-pixel modules: 0 -> 6
    step(When::NothingYet, LARGE, Of::Light, |grey| vec![grey.shrunk(4)], readers::rxing),
    // no quiet zone, a dark page as black as the modules
    step(When::NothingYet, LARGE, Of::Light, islands, readers::rxing),
    // the same inverted
    step(When::NothingYet, LARGE, Of::Light, |grey| islands(&grey.inverted().grey), readers::rxing),
    // strong colours
    step(When::NothingYet, LARGE, Of::Colours, |grey| vec![grey.plain()], readers::rxing),
    step(When::NothingYet, LARGE, Of::Colours, |grey| vec![grey.inverted()], readers::rxing),
    // large photo of a screen
    step(When::NothingYet, ANY_SIZE, Of::Light, |grey| vec![grey.shrunk(3)], readers::rxing),
    // blurred by half a module: 0 -> 8 of 8; shrunk to 1.3 pixels a module: 5 -> 8 of 8
    step(When::NothingYet, LARGE, Of::Light, |grey| vec![grey.sharpened()], readers::rxing),
    // blurred by two thirds of a module: 0 -> 12 of 12
    step(When::NothingYet, SCREEN, Of::Light, |grey| vec![grey.sharpened().then(Grey::sharpened)], readers::rxing),
    // codes on cloth: 45 -> 46 of 48 photos
    step(When::NothingYet, LARGE, Of::Light, |grey| vec![grey.smoothed()], readers::warped),
    // inverted, no quiet zone, busy page: 1 -> 8 of 8
    step(When::NothingYet, LARGE, Of::Light, |grey| vec![grey.inverted()], readers::warped),
    // the second opinion: nothing in these kinds once the steps above are there; codes that rxing misses in photos
    step(When::NothingYet, SCREEN, Of::Light, |grey| vec![grey.plain()], readers::rqrr),
    step(When::NothingYet, SCREEN, Of::Light, |grey| vec![grey.inverted()], readers::rqrr),
];

const fn step(when: When, up_to: usize, of: Of, views: fn(&Grey) -> Vec<View>, reader: Reader) -> Step {
    Step { when, up_to, of, views, reader }
}

/// Every code of a picture, in reading order (rows from the top, each from the left).
///
/// Stops at the first way of looking that finds something, after having looked for light and dark
/// codes, and (up to the size of a 1080p screen) among finder patterns not yet explained; for what is still missing, point at it with [`find_codes_in`].
#[must_use]
pub fn find_codes(picture: &Picture) -> Vec<FoundCode> {
    find_codes_in(picture, picture.bounds())
}

/// Every code inside a region, in reading order; corners are in coordinates of the whole picture.
/// A region is smaller than a picture, so that the more expensive ways of looking come into reach.
/// A region that reaches over the edge is cut; one outside holds nothing.
#[must_use]
pub fn find_codes_in(picture: &Picture, region: Region) -> Vec<FoundCode> {
    let mut found = Vec::new();
    let Some(region) = region.clamped(picture.width(), picture.height()) else { return found };
    let light = grey::brightness(picture, region);
    let colours = OnceCell::new();
    let mut effort = Effort::full();
    for step in LADDER {
        if step.when == When::NothingYet && !found.is_empty() {
            continue;
        }
        let originals = match step.of {
            Of::Light => &light,
            Of::Colours => colours.get_or_init(|| grey::colours(picture, region)),
        };
        let (left, top) = (region.x as f32, region.y as f32);
        let inside = |corner: Point| Point { x: corner.x - left, y: corner.y - top };
        effort.known = found.iter().map(|code| code.corners.map(inside)).collect();
        for original in originals.iter().filter(|original| original.len() <= step.up_to) {
            found::merge(&mut found, look(step, original, region, &mut effort));
        }
    }
    found::sort_in_reading_order(&mut found);
    found
}

fn look(step: &Step, original: &Grey, region: Region, effort: &mut Effort) -> Vec<FoundCode> {
    let mut found = Vec::new();
    for view in (step.views)(original) {
        let mut codes = (step.reader)(&view.grey, effort);
        for corner in codes.iter_mut().flat_map(|code| &mut code.corners) {
            let point = view.to_original(*corner);
            corner.x = point.x + region.x as f32;
            corner.y = point.y + region.y as f32;
        }
        found.append(&mut codes);
    }
    found
}
