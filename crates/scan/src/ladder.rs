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
    name: &'static str,
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
    /// Only as long as nothing has been found; in a box always.
    NothingYet,
}

const ANY_SIZE: usize = usize::MAX;
/// A 4K screen, or a photo of 12 megapixels.
const LARGE: usize = 13_000_000;
/// A 1080p screen.
const SCREEN: usize = 2_500_000;

/// A box around a code or two, such as a person drags, or a picture cut out like one.
const BOX: usize = 1_000_000;
/// A box around one small code.
const SMALL: usize = 300_000;

/// The fewest pixels across that hold a code: the modules of the smallest one.
const SMALLEST: u32 = 21;

// @DOC
#[rustfmt::skip]
const LADDER: &[Step] = &[
    //@asitis
    step("as it is", When::Always, ANY_SIZE, Of::Light, |grey| vec![grey.plain()], readers::rxing),
    //@inverted
    step("inverted", When::Always, ANY_SIZE, Of::Light, |grey| vec![grey.inverted()], readers::rxing),
    //@bent
    step("bent grid", When::Always, SCREEN, Of::Light, |grey| vec![grey.plain()], readers::warped),
    //@quartered
    step("quartered", When::NothingYet, LARGE, Of::Light, |grey| vec![grey.shrunk(4)], readers::rxing),
    //@third
    step("a third", When::NothingYet, LARGE, Of::Light, |grey| vec![grey.shrunk(3)], readers::rxing),
    //@halvedlevelled
    step("halved, levelled", When::NothingYet, LARGE, Of::Light, |grey| vec![grey.shrunk(2).then(Grey::levelled)], readers::rxing),
    step("halved, inverted, levelled", When::NothingYet, LARGE, Of::Light, |grey| vec![grey.shrunk(2).then(Grey::inverted).then(Grey::levelled)], readers::rxing),
    //@levelled
    step("levelled", When::NothingYet, LARGE, Of::Light, |grey| vec![grey.levelled()], readers::rxing),
    step("inverted, levelled", When::NothingYet, LARGE, Of::Light, |grey| vec![grey.inverted().then(Grey::levelled)], readers::rxing),
    //@islands
    step("inverted islands", When::NothingYet, LARGE, Of::Light, |grey| islands(&grey.inverted().grey), readers::rxing),
    //@colours
    step("colours", When::NothingYet, LARGE, Of::Colours, |grey| vec![grey.plain()], readers::rxing),
    step("inverted colours", When::NothingYet, LARGE, Of::Colours, |grey| vec![grey.inverted()], readers::rxing),
    //@sharp2
    step("sharpened twice", When::NothingYet, SCREEN, Of::Light, |grey| vec![grey.sharpened().then(Grey::sharpened)], readers::rxing),
    //@doubled
    step("doubled", When::NothingYet, SCREEN, Of::Light, |grey| vec![grey.doubled()], readers::rxing),
    //@invdoubled
    step("inverted, doubled", When::NothingYet, SCREEN, Of::Light, |grey| vec![grey.inverted().then(Grey::doubled)], readers::rxing),
    //@invbent
    step("inverted, bent grid", When::NothingYet, LARGE, Of::Light, |grey| vec![grey.inverted()], readers::warped),
    //@levbent
    step("levelled, bent grid", When::NothingYet, SCREEN, Of::Light, |grey| vec![grey.levelled()], readers::warped),
    //@smobent
    step("smoothed, bent grid", When::NothingYet, LARGE, Of::Light, |grey| vec![grey.smoothed()], readers::warped),
    //@rqrr
    step("rqrr", When::NothingYet, SCREEN, Of::Light, |grey| vec![grey.plain()], readers::rqrr),
    //@smolev
    step("smoothed, levelled", When::NothingYet, BOX, Of::Light, |grey| vec![grey.smoothed().then(Grey::levelled)], readers::rxing),
    step("smoothed twice, levelled", When::NothingYet, BOX, Of::Light, |grey| vec![grey.smoothed().then(Grey::smoothed).then(Grey::levelled)], readers::rxing),
    //@invsmo
    step("inverted, smoothed twice, levelled", When::NothingYet, BOX, Of::Light, |grey| vec![grey.inverted().then(Grey::smoothed).then(Grey::smoothed).then(Grey::levelled)], readers::rxing),
    //@blur
    step("sharpened thrice", When::NothingYet, BOX, Of::Light, |grey| vec![grey.sharpened().then(Grey::sharpened).then(Grey::sharpened)], readers::rxing),
    step("halved, sharpened twice, enlarged", When::NothingYet, BOX, Of::Light, |grey| vec![grey.shrunk(2).then(Grey::sharpened).then(Grey::sharpened).then(|grey| grey.enlarged(2))], readers::rxing),
    step("sharpened thrice, bent grid", When::NothingYet, BOX, Of::Light, |grey| vec![grey.sharpened().then(Grey::sharpened).then(Grey::sharpened)], readers::warped),
    //@2lev
    step("enlarged twice, levelled", When::NothingYet, BOX, Of::Light, |grey| vec![grey.enlarged(2).then(Grey::levelled)], readers::rxing),
    //@3sharp
    step("enlarged three times, sharpened", When::NothingYet, BOX, Of::Light, |grey| vec![grey.enlarged(3).then(Grey::sharpened)], readers::rxing),
    //@inv3
    step("inverted, enlarged three times, sharpened", When::NothingYet, BOX, Of::Light, |grey| vec![grey.inverted().then(|grey| grey.enlarged(3)).then(Grey::sharpened)], readers::rxing),
    //@4bent
    step("enlarged four times, sharpened, bent grid", When::NothingYet, SMALL, Of::Light, |grey| vec![grey.enlarged(4).then(Grey::sharpened)], readers::warped),
    step("inverted, enlarged four times, sharpened, bent grid", When::NothingYet, SMALL, Of::Light, |grey| vec![grey.inverted().then(|grey| grey.enlarged(4)).then(Grey::sharpened)], readers::warped),
];

const fn step(
    name: &'static str,
    when: When,
    up_to: usize,
    of: Of,
    views: fn(&Grey) -> Vec<View>,
    reader: Reader,
) -> Step {
    Step { name, when, up_to, of, views, reader }
}

/// Every code of a picture, in reading order (rows from the top, each from the left).
///
/// Stops at the first way of looking that finds something, after having looked for light and dark codes,
/// and (up to the size of a 1080p screen) among finder patterns not yet explained; for what is still
/// missing, point at it with [`find_codes_in`].
#[must_use]
pub fn find_codes(picture: &Picture) -> Vec<FoundCode> {
    search(picture, picture.bounds(), Effort::full(), |step, found| match step.when {
        When::Always => true,
        When::NothingYet => found.is_empty(),
    })
}

/// Every code inside a region, in reading order; corners are in coordinates of the whole picture.
///
/// A person who drags a box says that there is something: each way of looking is taken, whatever the others found, with four
/// times the effort; and in a box of up to a million pixels also those that are too dear for a screen.
/// A region that reaches over the edge is cut; one outside holds nothing.
#[must_use]
pub fn find_codes_in(picture: &Picture, region: Region) -> Vec<FoundCode> {
    search(picture, region, Effort::for_a_box(), |_, _| true)
}

/// For measuring what each step is worth: all by their names, and what one of them finds alone.
#[doc(hidden)]
pub mod measuring {
    use super::{Effort, FoundCode, LADDER, Picture, search};

    /// The steps, in their order.
    pub fn steps() -> impl Iterator<Item = &'static str> {
        LADDER.iter().map(|step| step.name)
    }

    /// What the step of this name finds in a picture, if it stands alone.
    pub fn find_codes_by(picture: &Picture, name: &str) -> Vec<FoundCode> {
        search(picture, picture.bounds(), Effort::full(), |step, _| step.name == name)
    }
}

/// Takes the steps that `takes` says yes to, being told what was found before.
fn search(
    picture: &Picture,
    region: Region,
    mut effort: Effort,
    takes: impl Fn(&Step, &[FoundCode]) -> bool,
) -> Vec<FoundCode> {
    let mut found = Vec::new();
    let Some(region) = region.clamped(picture.width(), picture.height()) else { return found };
    if region.width.min(region.height) < SMALLEST {
        return found;
    }
    let (left, top) = (region.x as f32, region.y as f32);
    let inside = |corner: Point| Point { x: corner.x - left, y: corner.y - top };
    let light = grey::brightness(picture, region);
    let colours = OnceCell::new();
    for step in LADDER {
        if !takes(step, &found) {
            continue;
        }
        let originals = match step.of {
            Of::Light => &light,
            Of::Colours => colours.get_or_init(|| grey::colours(picture, region)),
        };
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
