//! Our own reader, for what the others give up: codes on cloth and curved paper, and codes whose dark
//! edge runs into a dark or busy page.
//!
//! Finder patterns are recognised by their inside alone (light, three dark, light, with something dark
//! beyond), so that nothing has to lie around the code. The grid between them is bent until the modules
//! under it are as even as they get.

use rxing::common::cpp_essentials::{GetPatternRowTP, PatternRow};
use rxing::common::{BitMatrix, PerspectiveTransform, Quadrilateral};
use rxing::qrcode::cpp_port::decoder;

use crate::geometry::Point;

/// The square in a code's corner.
#[derive(Clone, Copy)]
pub(crate) struct Finder {
    x: f32,
    y: f32,
    /// Pixels a module, along the rows and columns of the picture.
    module: f32,
    /// How many rows ran through it.
    rows: u32,
}

impl Finder {
    pub fn middle(&self) -> Point {
        Point { x: self.x, y: self.y }
    }
}

/// The most finder patterns that are combined with each other.
const FINDERS: usize = 24;

/// The finder patterns of a picture, those seen by the most rows first.
pub(crate) fn finders(matrix: &BitMatrix) -> Vec<Finder> {
    let mut found: Vec<Finder> = Vec::new();
    let mut row = PatternRow::default();
    for y in (0..matrix.height()).step_by(2) {
        GetPatternRowTP(matrix, y, &mut row, false);
        let mut x = 0.0;
        // Lengths alternate, beginning with light; `at` is the dark middle.
        for at in 0..row.len() {
            let length = f32::from(row[at]);
            if at % 2 == 1
                && at >= 3
                && at + 2 < row.len()
                && is_inside([row[at - 2], row[at - 1], row[at], row[at + 1], row[at + 2]].map(f32::from))
                && let Some(finder) = crossed(matrix, x + length / 2.0, y as f32 + 0.5)
            {
                let near = |other: &Finder| (other.x - finder.x).hypot(other.y - finder.y) < 2.0 * finder.module;
                match found.iter().position(near) {
                    Some(known) => found[known].rows += 1,
                    // More are noise.
                    None if found.len() < 500 => found.push(finder),
                    None => return Vec::new(),
                }
            }
            x += length;
        }
    }
    found.retain(|finder| finder.rows >= 2 || finder.module < 3.0);
    found.sort_by_key(|finder| std::cmp::Reverse(finder.rows));
    found.truncate(FINDERS);
    found
}

/// Whether lengths are those of a finder pattern's inside: light 1, dark 3, light 1, between dark ones.
fn is_inside([before, left, core, right, after]: [f32; 5]) -> bool {
    let module = (left + core + right) / 5.0;
    let near = |length: f32, modules: f32| (length - modules * module).abs() < 0.5 * module + 0.5;
    core >= 3.0 && near(core, 3.0) && near(left, 1.0) && near(right, 1.0) && before.min(after) > 0.4 * module
}

/// Looks at a likely middle along its column and its row.
fn crossed(matrix: &BitMatrix, x: f32, y: f32) -> Option<Finder> {
    let (middle, down) = through(matrix, x, y, (0.0, 1.0))?;
    let y = y + middle;
    let (middle, across) = through(matrix, x, y, (1.0, 0.0))?;
    let alike = down < 1.7 * across && across < 1.7 * down;
    alike.then_some(Finder { x: x + middle, y, module: (down + across) / 2.0, rows: 1 })
}

/// The middle, relative to the starting point, and the module of a finder pattern along a line.
fn through(matrix: &BitMatrix, x: f32, y: f32, (dx, dy): (f32, f32)) -> Option<(f32, f32)> {
    const FURTHEST: usize = 400;
    let dark = |step: f32| dark_at(matrix, x + step * dx, y + step * dy);
    let half = |sign: f32| {
        let mut lengths = [0.0_f32; 3];
        let (mut part, mut step) = (0, 0.0);
        while part < 3 {
            if step > FURTHEST as f32 {
                return None;
            }
            if dark(sign * step)? == (part % 2 == 0) {
                lengths[part] += 1.0;
                step += 1.0;
                // What lies beyond may be as dark as it likes.
                if part == 2 && lengths[2] > lengths[1] {
                    break;
                }
            } else {
                part += 1;
            }
        }
        Some(lengths)
    };
    let [core, left, before] = half(-1.0)?;
    let [core_too, right, after] = half(1.0)?;
    // The starting pixel was counted twice.
    let whole = core + core_too - 1.0;
    is_inside([before, left, whole, right, after]).then(|| ((core_too - core) / 2.0, (left + whole + right) / 5.0))
}

fn dark_at(matrix: &BitMatrix, x: f32, y: f32) -> Option<bool> {
    let inside = x >= 0.0 && y >= 0.0 && x < matrix.width() as f32 && y < matrix.height() as f32;
    inside.then(|| matrix.get(x as u32, y as u32))
}

/// Three finder patterns that may belong to one code: top left, top right, bottom left.
pub(crate) struct Corner {
    parts: [usize; 3],
    /// Modules from the middle of one to the middle of the next.
    modules: f32,
    doubt: f32,
}

/// Likely triples, the likeliest first.
pub(crate) fn corners(finders: &[Finder]) -> Vec<Corner> {
    let mut corners = Vec::new();
    for (a, tl) in finders.iter().enumerate() {
        for (b, tr) in finders.iter().enumerate().filter(|&(b, _)| b != a) {
            for (c, bl) in finders.iter().enumerate().filter(|&(c, _)| c != a && c != b) {
                let (ux, uy, vx, vy) = (tr.x - tl.x, tr.y - tl.y, bl.x - tl.x, bl.y - tl.y);
                // Turning clockwise; a mirrored code is told by its format information.
                if ux * vy - uy * vx <= 0.0 {
                    continue;
                }
                let (across, down) = (ux.hypot(uy), vx.hypot(vy));
                let cosine = ((ux * vx + uy * vy) / (across * down)).abs();
                let legs = across.max(down) / across.min(down);
                let sizes = [tl.module, tr.module, bl.module];
                let (largest, smallest) =
                    (sizes.iter().copied().fold(0.0, f32::max), sizes.iter().copied().fold(f32::INFINITY, f32::min));
                if cosine > 0.5 || legs > 1.8 || largest > 1.7 * smallest {
                    continue;
                }
                // A slanted row crosses a module in more pixels than a straight one.
                let count =
                    |x: f32, y: f32, length: f32, module: f32| length * length / (module * x.abs().max(y.abs()));
                let modules = (count(ux, uy, across, (tl.module + tr.module) / 2.0)
                    + count(vx, vy, down, (tl.module + bl.module) / 2.0))
                    / 2.0;
                if (11.0..190.0).contains(&modules) {
                    corners.push(Corner {
                        parts: [a, b, c],
                        modules,
                        doubt: cosine + (legs - 1.0) + (largest / smallest - 1.0),
                    });
                }
            }
        }
    }
    corners.sort_by(|a, b| a.doubt.total_cmp(&b.doubt));
    corners
}

impl Corner {
    /// Whether one of its finder patterns is taken.
    pub fn touches(&self, used: &[usize]) -> bool {
        self.parts.iter().any(|part| used.contains(part))
    }

    pub fn parts(&self) -> [usize; 3] {
        self.parts
    }

    /// The sizes the code may have, in modules, the likeliest first.
    pub fn sizes(&self) -> Vec<u32> {
        let version = (self.modules + 7.0 - 17.0) / 4.0;
        let nearest = version.round();
        let second = if version > nearest { nearest + 1.0 } else { nearest - 1.0 };
        [nearest, second].into_iter().filter(|v| (1.0..=40.0).contains(v)).map(|v| 17 + 4 * v as u32).collect()
    }

    /// The code, if it is one of this size. `modules` is what may still be bent.
    pub fn read(&self, matrix: &BitMatrix, finders: &[Finder], size: u32, modules: &mut usize) -> Option<Reading> {
        let mut grid = Grid::between(matrix, self.parts.map(|part| finders[part]), size)?;
        grid.read(matrix).or_else(|| {
            if *modules == 0 {
                return None;
            }
            *modules = modules.saturating_sub((size * size) as usize);
            grid.bend(matrix);
            grid.read(matrix)
        })
    }
}

pub(crate) type Reading = (rxing::common::cpp_essentials::DecoderResult<bool>, [Point; 4]);

/// Where the modules of a code lie.
struct Grid {
    size: u32,
    flat: PerspectiveTransform,
    module: f32,
    /// How far the grid is bent, in pixels, at knots laid evenly over the code.
    bent: [[(f32, f32); KNOTS]; KNOTS],
}

const KNOTS: usize = 6;

impl Grid {
    fn between(matrix: &BitMatrix, [tl, tr, bl]: [Finder; 3], size: u32) -> Option<Grid> {
        let point = |x: f32, y: f32| rxing::Point { x, y };
        let far = size as f32 - 3.5;
        let flat = |inset: f32, last: rxing::Point| {
            let code = [point(3.5, 3.5), point(far, 3.5), point(far - inset, far - inset), point(3.5, far)];
            let picture = [point(tl.x, tl.y), point(tr.x, tr.y), last, point(bl.x, bl.y)];
            PerspectiveTransform::quadrilateralToQuadrilateral(Quadrilateral::from(code), Quadrilateral::from(picture))
                .ok()
        };
        let mut grid = Grid {
            size,
            flat: flat(0.0, point(tr.x + bl.x - tl.x, tr.y + bl.y - tl.y))?,
            module: (tr.x - tl.x).hypot(tr.y - tl.y) / (far - 3.5),
            bent: [[(0.0, 0.0); KNOTS]; KNOTS],
        };
        if !grid.looks_like_a_code(matrix) {
            return None;
        }
        if size > 21
            && let Some(found) = grid.alignment(matrix)
        {
            grid.flat = flat(3.0, found)?;
        }
        Some(grid)
    }

    /// The alignment pattern nearest to the corner without a finder pattern, where a flat grid is
    /// furthest off.
    fn alignment(&self, matrix: &BitMatrix) -> Option<rxing::Point> {
        /// Modules by which it may lie elsewhere, in halves.
        const REACH: i32 = 10;
        let middle = self.size as f32 - 6.5;
        let fit = |x: f32, y: f32| {
            (-2..=2_i32)
                .flat_map(|dy| (-2..=2_i32).map(move |dx| (dx, dy)))
                .filter(|&(dx, dy)| {
                    self.is_dark(matrix, x + dx as f32, y + dy as f32) == Some(dx.abs().max(dy.abs()) != 1)
                })
                .count()
        };
        let (fits, _, x, y) = (-REACH..=REACH)
            .flat_map(|dy| (-REACH..=REACH).map(move |dx| (dx, dy)))
            .map(|(dx, dy)| {
                let (x, y) = (middle + dx as f32 / 2.0, middle + dy as f32 / 2.0);
                (fit(x, y), -(dx * dx + dy * dy), x, y)
            })
            .max_by_key(|&(fits, nearness, ..)| (fits, nearness))?;
        (fits >= 23).then(|| self.place(x, y))
    }

    /// Where a point of the code, in modules, lies in the picture.
    fn place(&self, x: f32, y: f32) -> rxing::Point {
        let flat = self.flat.transform_point(rxing::Point { x, y });
        let cells = (KNOTS - 1) as f32;
        let along = |value: f32| (value / self.size as f32 * cells).clamp(0.0, cells);
        let (u, v) = (along(x), along(y));
        let (i, j) = ((u as usize).min(KNOTS - 2), (v as usize).min(KNOTS - 2));
        let (u, v) = (u - i as f32, v - j as f32);
        let mix = |of: fn((f32, f32)) -> f32| {
            let [upper, lower] = [j, j + 1].map(|j| of(self.bent[j][i]) * (1.0 - u) + of(self.bent[j][i + 1]) * u);
            upper * (1.0 - v) + lower * v
        };
        rxing::Point { x: flat.x + mix(|bent| bent.0), y: flat.y + mix(|bent| bent.1) }
    }

    fn is_dark(&self, matrix: &BitMatrix, x: f32, y: f32) -> Option<bool> {
        let place = self.place(x, y);
        dark_at(matrix, place.x, place.y)
    }

    /// How much darker than lighter a module is, in sampled points; none of it outside the picture.
    fn darkness(&self, matrix: &BitMatrix, x: u32, y: u32) -> i32 {
        self.sampled(matrix, (x, y), &[(0.5, 0.5), (0.2, 0.2), (0.8, 0.2), (0.2, 0.8), (0.8, 0.8)])
    }

    fn sampled(&self, matrix: &BitMatrix, (x, y): (u32, u32), within: &[(f32, f32)]) -> i32 {
        within
            .iter()
            .map(|(dx, dy)| match self.is_dark(matrix, x as f32 + dx, y as f32 + dy) {
                Some(true) => 1,
                Some(false) => -1,
                None => 0,
            })
            .sum()
    }

    /// Whether its three finder patterns lie where a grid of this size has them.
    fn looks_like_a_code(&self, matrix: &BitMatrix) -> bool {
        /// Of 147 modules.
        const ENOUGH: usize = 110;
        let fits = |left: u32, top: u32| {
            (0..49_u32)
                .map(|at| (at % 7, at / 7))
                .filter(|&(x, y)| {
                    let ring = x.abs_diff(3).max(y.abs_diff(3));
                    let (x, y) = ((left + x) as f32 + 0.5, (top + y) as f32 + 0.5);
                    self.is_dark(matrix, x, y) == Some(ring != 2)
                })
                .count()
        };
        let far = self.size - 7;
        fits(0, 0) + fits(far, 0) + fits(0, far) >= ENOUGH
    }

    /// Moves the knots to where the modules around them are evenest, beginning at the finder patterns.
    fn bend(&mut self, matrix: &BitMatrix) {
        let last = KNOTS - 1;
        let from_finders = |&(i, j): &(usize, usize)| (i + j).min(last - i + j).min(i + last - j);
        let mut knots: Vec<_> = (0..KNOTS).flat_map(|j| (0..KNOTS).map(move |i| (i, j))).collect();
        knots.sort_by_key(from_finders);
        for step in [0.5, 0.5, 0.25, 0.25, 0.12] {
            let step = step * self.module;
            for &(i, j) in &knots {
                let (x, y) = self.bent[j][i];
                let mut best = (self.evenness(matrix, i, j), x, y);
                for (dx, dy) in [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)] {
                    let moved = (x + dx as f32 * step, y + dy as f32 * step);
                    self.bent[j][i] = moved;
                    let evenness = self.evenness(matrix, i, j);
                    if evenness > best.0 {
                        best = (evenness, moved.0, moved.1);
                    }
                }
                self.bent[j][i] = (best.1, best.2);
            }
        }
    }

    /// How even the modules around a knot are.
    fn evenness(&self, matrix: &BitMatrix, i: usize, j: usize) -> i32 {
        let range = |knot: usize| {
            let at = |knot: usize| (knot as u32 * self.size) / (KNOTS as u32 - 1);
            at(knot.saturating_sub(1))..at((knot + 1).min(KNOTS - 1))
        };
        range(j).flat_map(|y| range(i).map(move |x| (x, y))).map(|(x, y)| self.darkness(matrix, x, y).abs()).sum()
    }

    fn read(&self, matrix: &BitMatrix) -> Option<Reading> {
        const MIDDLE: [(f32, f32); 5] = [(0.5, 0.5), (0.3, 0.5), (0.7, 0.5), (0.5, 0.3), (0.5, 0.7)];
        let mut bits = BitMatrix::with_single_dimension(self.size).ok()?;
        for y in 0..self.size {
            for x in 0..self.size {
                if self.sampled(matrix, (x, y), &MIDDLE) > 0 {
                    bits.set(x, y);
                }
            }
        }
        let decoded = decoder::Decode(&bits).ok().filter(|decoded| decoded.isValid())?;
        let side = self.size as f32;
        let corners = [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)].map(|(x, y)| {
            let place = self.place(x, y);
            Point { x: place.x, y: place.y }
        });
        Some((decoded, corners))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Dark wherever `dark` says so, in modules of four pixels.
    fn drawn(side: u32, dark: impl Fn(u32, u32) -> bool) -> BitMatrix {
        let mut matrix = BitMatrix::with_single_dimension(side * 4).unwrap();
        for y in 0..side * 4 {
            for x in 0..side * 4 {
                if dark(x / 4, y / 4) {
                    matrix.set(x, y);
                }
            }
        }
        matrix
    }

    #[test]
    fn a_finder_pattern_in_a_dark_page_is_one() {
        let ring = |x: u32, y: u32| x.abs_diff(10).max(y.abs_diff(10));
        let found = finders(&drawn(21, |x, y| ring(x, y) != 2));
        assert_eq!(found.len(), 1);
        assert!((found[0].x - 42.0).abs() < 1.0 && (found[0].y - 42.0).abs() < 1.0);
        assert!((found[0].module - 4.0).abs() < 0.3);
    }

    #[test]
    fn rings_of_other_proportions_are_none() {
        let ring = |x: u32, y: u32| x.abs_diff(10).max(y.abs_diff(10));
        assert!(finders(&drawn(21, |x, y| !matches!(ring(x, y), 1..=4))).is_empty());
        assert!(finders(&drawn(21, |x, y| ring(x, y) > 2)).is_empty());
    }

    #[test]
    fn three_finder_patterns_tell_the_size() {
        let finder = |x, y| Finder { x, y, module: 4.0, rows: 9 };
        let finders = [finder(14.0, 14.0), finder(118.0, 14.0), finder(14.0, 118.0)];
        let corners = corners(&finders);
        assert_eq!(corners[0].parts(), [0, 1, 2]);
        assert_eq!(corners[0].sizes()[0], 33);
    }
}
