//! The grid of modules between three finder patterns: laid flat, bent where it does not fit, and
//! read.

use rxing::common::{BitMatrix, PerspectiveTransform, Quadrilateral};
use rxing::qrcode::cpp_port::decoder;

use super::{Finder, dark_at};
use crate::geometry::Point;

pub(crate) type Reading = (rxing::common::cpp_essentials::DecoderResult<bool>, [Point; 4]);

/// Where the modules of a code lie.
pub(super) struct Grid {
    size: u32,
    flat: PerspectiveTransform,
    module: f32,
    /// How far the grid is bent, in pixels, at knots laid evenly over the code.
    bent: [[(f32, f32); KNOTS]; KNOTS],
}

const KNOTS: usize = 6;

impl Grid {
    /// The grid between three finder patterns, laid through the alignment pattern where there is one; none where it is no
    /// code's.
    pub fn between(matrix: &BitMatrix, finders: [Finder; 3], size: u32) -> Option<Grid> {
        let mut grid = Grid::flat(matrix, finders, size)?;
        if size > 21
            && let Some(found) = grid.alignment(matrix)
        {
            grid.flat = projection(finders, size, 3.0, found)?;
        }
        Some(grid)
    }

    /// The same as if it lay flat before the camera.
    pub fn flat(matrix: &BitMatrix, finders: [Finder; 3], size: u32) -> Option<Grid> {
        let [tl, tr, bl] = finders;
        let last = rxing::Point { x: tr.x + bl.x - tl.x, y: tr.y + bl.y - tl.y };
        let grid = Grid {
            size,
            flat: projection(finders, size, 0.0, last)?,
            module: (tr.x - tl.x).hypot(tr.y - tl.y) / (size as f32 - 7.0),
            bent: [[(0.0, 0.0); KNOTS]; KNOTS],
        };
        (grid.looks_like_a_code(matrix) && grid.is_balanced(matrix)).then_some(grid)
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
        self.finders_fit(matrix) >= ENOUGH
    }

    /// The same, beyond doubt: the moiré of a photographed screen makes many that nearly look like codes.
    pub fn is_clearly_a_code(&self, matrix: &BitMatrix) -> bool {
        const ENOUGH: usize = 130;
        self.finders_fit(matrix) >= ENOUGH
    }

    /// How many modules of the three finder patterns are as they should be.
    fn finders_fit(&self, matrix: &BitMatrix) -> usize {
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
        fits(0, 0) + fits(far, 0) + fits(0, far)
    }

    /// Whether about as much is dark as in a code, whose mask sees to it that it is half. A page of
    /// text between three of its letters is nearly all paper, and reading and bending such grids is
    /// what took longest on a screen without a code.
    fn is_balanced(&self, matrix: &BitMatrix) -> bool {
        /// Points along each side.
        const POINTS: u32 = 24;
        // In the middle of modules: of a small dot the rest is light.
        let at = |point: u32| (point * self.size / POINTS) as f32 + 0.5;
        let points = (0..POINTS).flat_map(|y| (0..POINTS).map(move |x| (x, y)));
        let dark = points.filter(|&(x, y)| self.is_dark(matrix, at(x), at(y)) == Some(true)).count() as u32;
        // A logo may hide a fifth.
        (POINTS * POINTS / 5..POINTS * POINTS * 4 / 5).contains(&dark)
    }

    /// Moves the knots to where the modules around them are evenest, beginning at the finder
    /// patterns.
    pub fn bend(&mut self, matrix: &BitMatrix) {
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

    /// How even the modules around a knot are; of large codes a sample of them is enough.
    fn evenness(&self, matrix: &BitMatrix, i: usize, j: usize) -> i32 {
        let every = self.size.div_ceil(60) as usize;
        let range = |knot: usize| {
            let at = |knot: usize| (knot as u32 * self.size) / (KNOTS as u32 - 1);
            at(knot.saturating_sub(1))..at((knot + 1).min(KNOTS - 1))
        };
        let modules = range(j).step_by(every).flat_map(|y| range(i).step_by(every).map(move |x| (x, y)));
        modules.map(|(x, y)| self.darkness(matrix, x, y).abs()).sum()
    }

    pub fn read(&self, matrix: &BitMatrix) -> Option<Reading> {
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

/// From modules to pixels, through the middles of three finder patterns and a point so many modules before where a fourth would be.
fn projection([tl, tr, bl]: [Finder; 3], size: u32, inset: f32, last: rxing::Point) -> Option<PerspectiveTransform> {
    let point = |x: f32, y: f32| rxing::Point { x, y };
    let far = size as f32 - 3.5;
    let code = [point(3.5, 3.5), point(far, 3.5), point(far - inset, far - inset), point(3.5, far)];
    let picture = [point(tl.x, tl.y), point(tr.x, tr.y), last, point(bl.x, bl.y)];
    PerspectiveTransform::quadrilateralToQuadrilateral(Quadrilateral::from(code), Quadrilateral::from(picture)).ok()
}
