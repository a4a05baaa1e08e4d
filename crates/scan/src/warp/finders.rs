//! The squares in the corners of codes, and which three of them may belong together.

use rxing::common::BitMatrix;
use rxing::common::cpp_essentials::{ConcentricPattern, GetPatternRowTP, PatternRow};

use super::dark_at;
use crate::geometry::Point;

/// The square in a code's corner.
#[derive(Clone, Copy)]
pub(crate) struct Finder {
    pub(super) x: f32,
    pub(super) y: f32,
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

impl From<&ConcentricPattern> for Finder {
    fn from(pattern: &ConcentricPattern) -> Finder {
        let module = pattern.size as f32 / 7.0;
        Finder { x: pattern.p.x, y: pattern.p.y, module, rows: pattern.size.unsigned_abs() }
    }
}

/// The most finder patterns that are combined with each other.
pub(super) const FINDERS: usize = 24;

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

/// Whether lengths are those of a finder pattern's inside: light 1, dark 3, light 1, between dark
/// ones.
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

    /// Their places among the finder patterns: top left, top right, bottom left.
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
