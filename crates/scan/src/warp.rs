//! Our own reader, for what the others give up: codes on cloth and curved paper, and codes whose
//! dark edge runs into a dark or busy page.
//!
//! Finder patterns are recognised by their inside alone (light, three dark, light, with something
//! dark beyond), so that nothing has to lie around the code. The grid between them is bent until
//! the modules under it are as even as they get.

mod finders;
mod grid;

use rxing::common::BitMatrix;

use crate::geometry::Point;

use finders::{Corner, FINDERS};
pub(crate) use finders::{Finder, corners, finders};
use grid::Grid;
pub(crate) use grid::Reading;

/// Modules that may still be worked on, over all grids.
pub(crate) struct Modules {
    /// Read from a grid that looks like a code's.
    pub read: usize,
    /// Bent, because that reading failed.
    pub bent: usize,
}

/// Takes as much as is left; nothing if nothing is.
fn take(left: &mut usize, modules: usize) -> Option<()> {
    let any = *left > 0;
    *left = left.saturating_sub(modules);
    any.then_some(())
}

/// The code between three finder patterns (top left, top right, bottom left), if it is one of this
/// size. `left` is what may still be read and bent.
pub(crate) fn read(matrix: &BitMatrix, finders: [Finder; 3], size: u32, left: &mut Modules) -> Option<Reading> {
    let mut grid = Grid::between(matrix, finders, size)?;
    let modules = (size * size) as usize;
    take(&mut left.read, modules)?;
    grid.read(matrix).or_else(|| {
        take(&mut left.bent, modules)?;
        grid.bend(matrix);
        grid.read(matrix)
    })
}

/// The middles of three finder patterns each that look like those of a code, whether or not it can
/// be read: that something is left to look for.
pub(crate) fn signs(matrix: &BitMatrix, finders: &[Finder]) -> Vec<[Point; 3]> {
    /// Letters and pictures make many triples; the likeliest come first.
    const LIKELIEST: usize = 60;
    let finders = &finders[..finders.len().min(FINDERS)];
    let looks_like_a_code = |corner: &Corner| {
        let three = corner.parts().map(|part| finders[part]);
        let mut grids = corner.sizes().into_iter().filter_map(|size| Grid::flat(matrix, three, size));
        grids.any(|grid| grid.is_clearly_a_code(matrix))
    };
    let likeliest = corners(finders).into_iter().take(LIKELIEST).filter(looks_like_a_code);
    likeliest.map(|corner| corner.parts().map(|part| finders[part].middle())).collect()
}

fn dark_at(matrix: &BitMatrix, x: f32, y: f32) -> Option<bool> {
    let inside = x >= 0.0 && y >= 0.0 && x < matrix.width() as f32 && y < matrix.height() as f32;
    inside.then(|| matrix.get(x as u32, y as u32))
}
