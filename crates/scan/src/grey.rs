//! Brightness pictures: what decoders look at, and the changes that make codes easier to see.

use zeroize::Zeroizing;

use crate::geometry::{Point, Region};
use crate::picture::Picture;

/// One byte of brightness a pixel, rows from the top; wiped on drop.
pub(crate) struct Grey {
    pub width: usize,
    pub height: usize,
    pub pixels: Zeroizing<Vec<u8>>,
}

/// A [`Grey`] that was shrunk, enlarged or framed, and the way back.
pub(crate) struct View {
    pub grey: Grey,
    /// Pixels of this view per pixel of the original.
    scale: f32,
    /// Pixels of this view added on the left and on top.
    margin: f32,
}

impl View {
    /// Where a point of this view lies in the original.
    pub fn to_original(&self, point: Point) -> Point {
        Point { x: (point.x - self.margin) / self.scale, y: (point.y - self.margin) / self.scale }
    }
}

/// What lies behind the transparent parts of a picture.
#[derive(Clone, Copy)]
pub(crate) enum Backdrop {
    White,
    Black,
}

/// The brightness of a region, once for an opaque one; on white and on black where it is transparent,
/// because black modules on nothing need a light page, and white ones a dark page.
///
/// `region` must lie inside the picture.
pub(crate) fn brightness(picture: &Picture, region: Region) -> Vec<Grey> {
    let alpha = || picture.rows(region).flat_map(|row| row.iter().skip(3).step_by(4));
    let opaque = alpha().all(|&alpha| alpha == u8::MAX);
    // A frame without any opacity is not an invisible picture but a capture whose alpha means nothing.
    if opaque || alpha().all(|&alpha| alpha == 0) {
        return vec![Grey::from_rows(picture, region, |[r, g, b, _]| luma(r, g, b))];
    }
    [Backdrop::White, Backdrop::Black]
        .map(|backdrop| {
            let behind: u32 = match backdrop {
                Backdrop::White => 255,
                Backdrop::Black => 0,
            };
            Grey::from_rows(picture, region, |[r, g, b, alpha]| {
                let alpha = u32::from(alpha);
                ((u32::from(luma(r, g, b)) * alpha + behind * (255 - alpha)) / 255) as u8
            })
        })
        .into()
}

/// ITU-R BT.601 brightness, in integers.
fn luma(r: u8, g: u8, b: u8) -> u8 {
    ((299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b) + 500) / 1000) as u8
}

impl Grey {
    fn new(width: usize, height: usize, fill: u8) -> Grey {
        Grey { width, height, pixels: Zeroizing::new(vec![fill; width * height]) }
    }

    fn from_rows(picture: &Picture, region: Region, brightness: impl Fn([u8; 4]) -> u8) -> Grey {
        let mut grey = Grey::new(region.width as usize, region.height as usize, 0);
        for (target, source) in grey.pixels.chunks_exact_mut(region.width as usize).zip(picture.rows(region)) {
            for (pixel, rgba) in target.iter_mut().zip(source.chunks_exact(4)) {
                *pixel = brightness([rgba[0], rgba[1], rgba[2], rgba[3]]);
            }
        }
        grey
    }

    pub fn len(&self) -> usize {
        self.pixels.len()
    }

    fn map(&self, change: impl Fn(u8) -> u8) -> Grey {
        let mut changed = Grey::new(self.width, self.height, 0);
        for (target, &source) in changed.pixels.iter_mut().zip(self.pixels.iter()) {
            *target = change(source);
        }
        changed
    }

    fn row(&self, y: usize) -> &[u8] {
        &self.pixels[y * self.width..(y + 1) * self.width]
    }

    /// As it is.
    pub fn plain(&self) -> View {
        View { grey: self.map(|value| value), scale: 1.0, margin: 0.0 }
    }

    /// Light for dark: codes of dark pages.
    pub fn inverted(&self) -> View {
        View { grey: self.map(|value| 255 - value), scale: 1.0, margin: 0.0 }
    }

    /// Half the size, each pixel the mean of four: takes away the blur, noise and moiré of huge frames.
    pub fn halved(&self) -> View {
        let (width, height) = (self.width / 2, self.height / 2);
        let mut halved = Grey::new(width, height, 0);
        for y in 0..height {
            let (upper, lower) = (self.row(2 * y), self.row(2 * y + 1));
            for x in 0..width {
                let sum: u32 =
                    [upper[2 * x], upper[2 * x + 1], lower[2 * x], lower[2 * x + 1]].into_iter().map(u32::from).sum();
                halved.pixels[y * width + x] = ((sum + 2) / 4) as u8;
            }
        }
        View { grey: halved, scale: 0.5, margin: 0.0 }
    }

    /// Twice the size, interpolated: modules of one or two pixels become measurable.
    pub fn doubled(&self) -> View {
        let (width, height) = (self.width * 2, self.height * 2);
        let mut doubled = Grey::new(width, height, 0);
        for y in 0..height {
            let (near, far) = neighbours(y, self.height);
            let (near, far) = (self.row(near), self.row(far));
            for x in 0..width {
                let (left, right) = neighbours(x, self.width);
                // The new pixel's middle lies a quarter of an old pixel from the near one's.
                let sum = 9 * u32::from(near[left])
                    + 3 * u32::from(near[right])
                    + 3 * u32::from(far[left])
                    + u32::from(far[right]);
                doubled.pixels[y * width + x] = ((sum + 8) / 16) as u8;
            }
        }
        View { grey: doubled, scale: 2.0, margin: 0.0 }
    }

    /// With a white frame around: the quiet zone a tight crop lacks. A tenth of the longer side covers
    /// the four modules (ISO/IEC 18004, 6.3.8) of a code that fills the picture from version 3 on, and
    /// decoders make do with less.
    pub fn framed(&self) -> View {
        let margin = (self.width.max(self.height) / 10).max(8);
        let (width, height) = (self.width + 2 * margin, self.height + 2 * margin);
        let mut framed = Grey::new(width, height, u8::MAX);
        for y in 0..self.height {
            let start = (y + margin) * width + margin;
            framed.pixels[start..start + self.width].copy_from_slice(self.row(y));
        }
        View { grey: framed, scale: 1.0, margin: margin as f32 }
    }

    /// Contrast stretched to the full range, locally: each tile by the darkest and lightest pixel of
    /// its neighbourhood. Nearly flat neighbourhoods become white, lest noise turn into modules.
    pub fn contrasted(&self) -> View {
        const TILE: usize = 32;
        const FLAT: u8 = 6;
        let (across, down) = (self.width.div_ceil(TILE), self.height.div_ceil(TILE));
        let mut ranges = vec![(u8::MAX, u8::MIN); across * down];
        for y in 0..self.height {
            for (column, part) in self.row(y).chunks(TILE).enumerate() {
                let range = &mut ranges[y / TILE * across + column];
                for &value in part {
                    *range = (range.0.min(value), range.1.max(value));
                }
            }
        }
        let around = |column: usize, row: usize| {
            let mut range = (u8::MAX, u8::MIN);
            for row in row.saturating_sub(1)..(row + 2).min(down) {
                for &(low, high) in &ranges[row * across..][column.saturating_sub(1)..(column + 2).min(across)] {
                    range = (range.0.min(low), range.1.max(high));
                }
            }
            range
        };
        let wide: Vec<(u8, u8)> = (0..across * down).map(|tile| around(tile % across, tile / across)).collect();

        let mut contrasted = Grey::new(self.width, self.height, u8::MAX);
        for y in 0..self.height {
            let source = self.row(y).chunks(TILE);
            let target = contrasted.pixels[y * self.width..(y + 1) * self.width].chunks_mut(TILE);
            for (column, (source, target)) in source.zip(target).enumerate() {
                let (low, high) = wide[y / TILE * across + column];
                if high - low < FLAT {
                    continue;
                }
                for (target, &value) in target.iter_mut().zip(source) {
                    *target = (u32::from(value - low) * 255 / u32::from(high - low)) as u8;
                }
            }
        }
        View { grey: contrasted, scale: 1.0, margin: 0.0 }
    }
}

/// The old pixel that new pixel `at` of a doubled line lies in, and the next one on its side.
fn neighbours(at: usize, length: usize) -> (usize, usize) {
    let near = at / 2;
    let far = if at.is_multiple_of(2) { near.saturating_sub(1) } else { (near + 1).min(length - 1) };
    (near, far)
}
