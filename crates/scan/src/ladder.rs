//! The decode ladder: ways of looking at a picture, from the cheapest up.
//!
//! To add a step, add a line to [`LADDER`]; its place follows from its cost and its measured gain.

use std::cell::OnceCell;

use crate::found::{self, FoundCode};
use crate::geometry::{self, Point, Region};
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
    /// Always: together these find every code of a clean picture, light or dark, black, grey or
    /// coloured. (Beside black ones, the others are read by no step that looks at the whole
    /// brightness, and leave no finder patterns in it.)
    Always,
    /// Only as long as nothing has been found, or what was seen of a code could not be read; in a
    /// box always, and in a file nearly all of them.
    SomethingLeft,
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

/// The gains beside the steps are codes that no step before reads, and codes that no other step
/// reads, of 986: drawn with two seeds (7100 and 9100, three of each kind), and zxing's own photos
/// (`cargo xtask bench steps`, 2026-11-25). Some are small because several steps read the same
/// codes; what read nothing before the others has been taken out.
#[rustfmt::skip]
const LADDER: &[Step] = &[
    // clean codes: 732, alone 0
    step("as it is", When::Always, ANY_SIZE, Of::Light, |grey| vec![grey.plain()], readers::rxing),
    // light codes on dark pages, also beside dark ones: 76, alone 0
    step("inverted", When::Always, ANY_SIZE, Of::Light, |grey| vec![grey.inverted()], readers::rxing),
    // cloth and curved paper, no quiet zone on a busy page; also beside codes that are read: 39,
    // alone 0
    step("bent grid", When::Always, SCREEN, Of::Light, |grey| vec![grey.plain()], readers::warped),
    // noise in large modules, large photos of a screen; by far the cheapest: 15, alone 2
    step("quartered", When::SomethingLeft, LARGE, Of::Light, |grey| vec![grey.shrunk(4)], readers::rxing),
    // the same between the sizes: one more of four noisy ones with another seed: 2, alone 0
    step("a third", When::SomethingLeft, LARGE, Of::Light, |grey| vec![grey.shrunk(3)], readers::rxing),
    // low contrast in large modules, grey and coloured ones beside black: 20, alone 3
    step("halved, levelled", When::Always, LARGE, Of::Light, |grey| vec![grey.shrunk(2).then(Grey::levelled)], readers::rxing),
    // the same, light on dark: 12, alone 6
    step("halved, inverted, levelled", When::Always, LARGE, Of::Light, |grey| vec![grey.shrunk(2).then(Grey::inverted).then(Grey::levelled)], readers::rxing),
    // two colours of one brightness, also beside codes that are read
    step("halved colours, levelled or inverted", When::Always, LARGE, Of::Colours, |grey| vec![grey.shrunk(2).then(Grey::levelled), grey.shrunk(2).then(Grey::inverted)], readers::rxing),
    // low contrast: 16, alone 0
    step("levelled", When::SomethingLeft, LARGE, Of::Light, |grey| vec![grey.levelled()], readers::rxing),
    // the same, light on dark, in small modules: 8, alone 6
    step("inverted, levelled", When::SomethingLeft, LARGE, Of::Light, |grey| vec![grey.inverted().then(Grey::levelled)], readers::rxing),
    // light on dark without a quiet zone: 6, alone 0
    step("inverted islands", When::SomethingLeft, LARGE, Of::Light, |grey| islands(&grey.inverted().grey), readers::rxing),
    // two colours of one brightness: 3, alone 0
    step("colours", When::SomethingLeft, LARGE, Of::Colours, |grey| vec![grey.plain()], readers::rxing),
    // the same, where the page is the darker one in that colour: 4, alone 3
    step("inverted colours", When::SomethingLeft, LARGE, Of::Colours, |grey| vec![grey.inverted()], readers::rxing),
    // blurred by two thirds of a module: 4, alone 0
    step("sharpened twice", When::SomethingLeft, SCREEN, Of::Light, |grey| vec![grey.sharpened().then(Grey::sharpened)], readers::rxing),
    // fewer than two pixels a module: 2, alone 0
    step("doubled", When::SomethingLeft, SCREEN, Of::Light, |grey| vec![grey.doubled()], readers::rxing),
    // the same, light on dark: 3, alone 0
    step("inverted, doubled", When::SomethingLeft, SCREEN, Of::Light, |grey| vec![grey.inverted().then(Grey::doubled)], readers::rxing),
    // light on dark, no quiet zone on a busy page: 4, alone 4
    step("inverted, bent grid", When::SomethingLeft, LARGE, Of::Light, |grey| vec![grey.inverted()], readers::warped),
    // faint or shaded, on paper that is not flat: also 1 of zxing's photos: 2, alone 1
    step("levelled, bent grid", When::SomethingLeft, SCREEN, Of::Light, |grey| vec![grey.levelled()], readers::warped),
    // the same in dots and noise: 1 of zxing's photos: 1, alone 1
    step("smoothed, bent grid", When::SomethingLeft, LARGE, Of::Light, |grey| vec![grey.smoothed()], readers::warped),
    // the second opinion: another reader altogether, and no gain where the steps above stand: 0,
    // alone 0
    step("rqrr", When::SomethingLeft, SCREEN, Of::Light, |grey| vec![grey.plain()], readers::rqrr),
    // faint and noisy: 2, alone 1
    step("smoothed, levelled", When::SomethingLeft, BOX, Of::Light, |grey| vec![grey.smoothed().then(Grey::levelled)], readers::rxing),
    // noisier: 1, alone 0
    step("smoothed twice, levelled", When::SomethingLeft, BOX, Of::Light, |grey| vec![grey.smoothed().then(Grey::smoothed).then(Grey::levelled)], readers::rxing),
    // the same, light on dark: 6, alone 6
    step("inverted, smoothed twice, levelled", When::SomethingLeft, BOX, Of::Light, |grey| vec![grey.inverted().then(Grey::smoothed).then(Grey::smoothed).then(Grey::levelled)], readers::rxing),
    // blurred by most of a module: 3, alone 0
    step("sharpened thrice", When::SomethingLeft, BOX, Of::Light, |grey| vec![grey.sharpened().then(Grey::sharpened).then(Grey::sharpened)], readers::rxing),
    // the same in large modules: 2, alone 1
    step("halved, sharpened twice, enlarged", When::SomethingLeft, BOX, Of::Light, |grey| vec![grey.shrunk(2).then(Grey::sharpened).then(Grey::sharpened).then(|grey| grey.enlarged(2))], readers::rxing),
    // 2 of 12 blurred by most of a module that no other step reads, with other seeds: 0, alone 0
    step("sharpened thrice, bent grid", When::SomethingLeft, BOX, Of::Light, |grey| vec![grey.sharpened().then(Grey::sharpened).then(Grey::sharpened)], readers::warped),
    // faint and small: 3, alone 0
    step("enlarged twice, levelled", When::SomethingLeft, BOX, Of::Light, |grey| vec![grey.enlarged(2).then(Grey::levelled)], readers::rxing),
    // about a pixel a module: 2, alone 1
    step("enlarged three times, sharpened", When::SomethingLeft, BOX, Of::Light, |grey| vec![grey.enlarged(3).then(Grey::sharpened)], readers::rxing),
    // the same, light on dark: 5, alone 0
    step("inverted, enlarged three times, sharpened", When::SomethingLeft, BOX, Of::Light, |grey| vec![grey.inverted().then(|grey| grey.enlarged(3)).then(Grey::sharpened)], readers::rxing),
    // about a pixel a module: 9 of 12, of which the one enlarged three times reads 6: 1, alone 1
    step("enlarged four times, sharpened, bent grid", When::SomethingLeft, SMALL, Of::Light, |grey| vec![grey.enlarged(4).then(Grey::sharpened)], readers::warped),
    // the same, light on dark: 6 of 10 in such boxes, with the one enlarged three times: 0, alone 0
    step("inverted, enlarged four times, sharpened, bent grid", When::SomethingLeft, SMALL, Of::Light, |grey| vec![grey.inverted().then(|grey| grey.enlarged(4)).then(Grey::sharpened)], readers::warped),
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
/// For a screen or a camera, where someone waits: stops once something is found and no three finder
/// patterns are left that look like those of another code. For what is still missing, point at it
/// with [`find_codes_in`].
#[must_use]
pub fn find_codes(picture: &Picture) -> Vec<FoundCode> {
    search(picture, picture.bounds(), Effort::full(), |step, something_left| match step.when {
        When::Always => true,
        When::SomethingLeft => something_left,
    })
}

/// Every code of a picture that was handed over whole, such as a file, in reading order: each way
/// of looking that a screen is worth is taken, whatever the others found, and those for a box as
/// long as something is left. It takes no longer than [`find_codes`] does where there is no code.
#[must_use]
pub fn find_all_codes(picture: &Picture) -> Vec<FoundCode> {
    let is_for_screens = |step: &Step| step.up_to > BOX;
    search(picture, picture.bounds(), Effort::full(), |step, something_left| is_for_screens(step) || something_left)
}

/// Every code inside a region, in reading order; corners are in coordinates of the whole picture.
///
/// A person who drags a box says that there is something: each way of looking is taken, whatever
/// the others found, with more effort; and in a box of up to a million pixels also those that are
/// too dear for a screen. A region that reaches over the edge is cut; one outside holds nothing.
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

/// Takes the steps that `takes` says yes to, being told whether something is left to look for.
fn search(
    picture: &Picture,
    region: Region,
    mut effort: Effort,
    takes: impl Fn(&Step, bool) -> bool,
) -> Vec<FoundCode> {
    let mut found = Vec::new();
    let Some(region) = region.clamped(picture.width(), picture.height()) else { return found };
    if region.width.min(region.height) < SMALLEST {
        return found;
    }
    let mut signs = Vec::new();
    let light = grey::brightness(picture, region);
    let colours = OnceCell::new();
    for step in LADDER {
        if !takes(step, found.is_empty() || signs.iter().any(|sign| is_unexplained(sign, &found))) {
            continue;
        }
        let originals = match step.of {
            Of::Light => &light,
            Of::Colours => colours.get_or_init(|| grey::colours(picture, region)),
        };
        for original in originals.iter().filter(|original| original.len() <= step.up_to) {
            look(step, original, region, &mut effort, &mut found, &mut signs);
        }
    }
    found::join_parts(&mut found);
    found::sort_in_reading_order(&mut found);
    found
}

/// Whether three finder patterns belong to no code that was found.
fn is_unexplained(sign: &[Point; 3], found: &[FoundCode]) -> bool {
    !found.iter().any(|code| sign.iter().any(|&middle| geometry::contains(&code.corners, middle)))
}

fn look(
    step: &Step,
    original: &Grey,
    region: Region,
    effort: &mut Effort,
    found: &mut Vec<FoundCode>,
    signs: &mut Vec<[Point; 3]>,
) {
    let (left, top) = (region.x as f32, region.y as f32);
    for view in (step.views)(original) {
        let into_view = |point: Point| view.place_of(Point { x: point.x - left, y: point.y - top });
        let out_of_view = |point: Point| {
            let point = view.to_original(point);
            Point { x: point.x + left, y: point.y + top }
        };
        effort.known = found.iter().map(|code| code.corners.map(into_view)).collect();
        let mut codes = (step.reader)(&view.grey, effort);
        for corner in codes.iter_mut().flat_map(|code| &mut code.corners) {
            *corner = out_of_view(*corner);
        }
        found::merge(found, codes);
        signs.extend(effort.signs.drain(..).map(|sign| sign.map(out_of_view)));
    }
}
