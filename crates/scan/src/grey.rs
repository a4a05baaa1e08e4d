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
    /// Where the original's top-left corner lies in this view.
    offset: Point,
}

impl View {
    fn in_place(grey: Grey) -> View {
        View::scaled(grey, 1.0)
    }

    fn scaled(grey: Grey, scale: f32) -> View {
        View { grey, scale, offset: Point { x: 0.0, y: 0.0 } }
    }

    /// One change after another.
    pub fn then(&self, change: impl Fn(&Grey) -> View) -> View {
        let next = change(&self.grey);
        let offset =
            Point { x: self.offset.x * next.scale + next.offset.x, y: self.offset.y * next.scale + next.offset.y };
        View { grey: next.grey, scale: self.scale * next.scale, offset }
    }

    /// Where a point of the original lies in this view.
    pub fn place_of(&self, point: Point) -> Point {
        Point { x: point.x * self.scale + self.offset.x, y: point.y * self.scale + self.offset.y }
    }

    /// Where a point of this view lies in the original.
    pub fn to_original(&self, point: Point) -> Point {
        Point { x: (point.x - self.offset.x) / self.scale, y: (point.y - self.offset.y) / self.scale }
    }
}

/// What lies behind the transparent parts of a picture.
#[derive(Clone, Copy)]
pub(crate) enum Backdrop {
    White,
    Black,
}

/// The brightness of a region, once for an opaque one; on white and on black where it is
/// transparent, because black modules on nothing need a light page, and white ones a dark page.
///
/// `region` must lie inside the picture.
pub(crate) fn brightness(picture: &Picture, region: Region) -> Vec<Grey> {
    let alpha = || picture.rows(region).flat_map(|row| row.iter().skip(3).step_by(4));
    let opaque = alpha().all(|&alpha| alpha == u8::MAX);
    // A frame without any opacity is not an invisible picture but a capture whose alpha means
    // nothing.
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

/// Red, green and blue of a region, each as a brightness of its own: two colours that are equally
/// bright differ in one of them. Nothing where the region is (next to) grey.
pub(crate) fn colours(picture: &Picture, region: Region) -> Vec<Grey> {
    /// Less is the fringe of smoothed letters.
    const COLOURFUL: u8 = 48;
    let is_colourful = |pixel: &[u8]| {
        let (low, high) = (pixel[0].min(pixel[1]).min(pixel[2]), pixel[0].max(pixel[1]).max(pixel[2]));
        high - low > COLOURFUL
    };
    // A code of 21 modules of 2 pixels has 1,764.
    let enough = picture.rows(region).flat_map(|row| row.chunks_exact(4)).filter(|pixel| is_colourful(pixel)).nth(800);
    if enough.is_none() {
        return Vec::new();
    }
    (0..3).map(|part| Grey::from_rows(picture, region, |rgba| rgba[part])).collect()
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

    pub fn row(&self, y: usize) -> &[u8] {
        &self.pixels[y * self.width..(y + 1) * self.width]
    }

    /// As it is.
    pub fn plain(&self) -> View {
        View::in_place(self.map(|value| value))
    }

    /// Light for dark: codes of dark pages.
    pub fn inverted(&self) -> View {
        View::in_place(self.map(|value| 255 - value))
    }

    /// So many times smaller, each pixel the mean of a square: takes away the blur, noise and moiré
    /// of huge frames.
    pub fn shrunk(&self, by: usize) -> View {
        let (width, height) = (self.width / by, self.height / by);
        let mut shrunk = Grey::new(width, height, 0);
        let mut sums = vec![0_u32; width];
        for (y, target) in shrunk.pixels.chunks_exact_mut(width.max(1)).enumerate() {
            sums.fill(0);
            for row in (by * y..by * (y + 1)).map(|y| self.row(y)) {
                for (sum, square) in sums.iter_mut().zip(row.chunks_exact(by)) {
                    *sum += square.iter().map(|&value| u32::from(value)).sum::<u32>();
                }
            }
            let count = (by * by) as u32;
            target.iter_mut().zip(&sums).for_each(|(value, sum)| *value = ((sum + count / 2) / count) as u8);
        }
        View::scaled(shrunk, 1.0 / by as f32)
    }

    /// Twice as large, each new pixel between the four nearest: modules of one pixel and a half
    /// become three.
    pub fn doubled(&self) -> View {
        let (width, height) = (2 * self.width, 2 * self.height);
        let mut doubled = Grey::new(width, height, 0);
        // The nearer one counts three times, the other once.
        let other = |at: usize, side: usize| {
            let half = at / 2;
            if at.is_multiple_of(2) { half.saturating_sub(1) } else { (half + 1).min(side - 1) }
        };
        let mut between = vec![0_u16; self.width];
        for (y, target) in doubled.pixels.chunks_exact_mut(width.max(1)).enumerate() {
            let rows = self.row(y / 2).iter().zip(self.row(other(y, self.height)));
            between.iter_mut().zip(rows).for_each(|(sum, (&near, &far))| *sum = 3 * u16::from(near) + u16::from(far));
            for (x, pixel) in target.iter_mut().enumerate() {
                *pixel = ((3 * between[x / 2] + between[other(x, self.width)] + 8) / 16) as u8;
            }
        }
        View::scaled(doubled, 2.0)
    }

    /// So many times as large, along smooth curves through the pixels (Catmull and Rom's): of
    /// modules little larger than a pixel that shows where they end.
    pub fn enlarged(&self, by: usize) -> View {
        View::scaled(self.lengthened_and_turned(by).lengthened_and_turned(by), by as f32)
    }

    /// Each row so many times as long, and a column of what comes out.
    fn lengthened_and_turned(&self, by: usize) -> Grey {
        let mut turned = Grey::new(self.height, by * self.width, 0);
        for part in 0..by {
            // Between the pixels `first` and the one after it, at `t`.
            let off = (2 * part + 1) as f32 / (2 * by) as f32 - 0.5;
            let (back, t) = if off < 0.0 { (1, off + 1.0) } else { (0, off) };
            let weights = [
                t * (t * (1.0 - 0.5 * t) - 0.5),
                t * t * (1.5 * t - 2.5) + 1.0,
                t * (t * (2.0 - 1.5 * t) + 0.5),
                t * t * (0.5 * t - 0.5),
            ];
            for y in 0..self.height {
                let row = self.row(y);
                for x in 0..self.width {
                    let pixel = |at: usize| f32::from(row[(x + at).saturating_sub(back + 1).min(self.width - 1)]);
                    let value: f32 = weights.iter().enumerate().map(|(at, weight)| weight * pixel(at)).sum();
                    turned.pixels[(by * x + part) * self.height + y] = value.round() as u8;
                }
            }
        }
        turned
    }

    /// With a white frame around: the quiet zone a tight crop lacks. No code is larger than the
    /// shorter side; a tenth of that covers the four modules (ISO/IEC 18004, 6.3.8) of a code that
    /// fills the picture from version 3 on, and decoders make do with less. (A tenth of the longer
    /// side would turn a line of a million pixels into a square of them.)
    pub fn framed(&self) -> View {
        let margin = (self.width.min(self.height) / 10).max(8);
        let (width, height) = (self.width + 2 * margin, self.height + 2 * margin);
        let mut framed = Grey::new(width, height, u8::MAX);
        for y in 0..self.height {
            let start = (y + margin) * width + margin;
            framed.pixels[start..start + self.width].copy_from_slice(self.row(y));
        }
        View { grey: framed, scale: 1.0, offset: Point { x: margin as f32, y: margin as f32 } }
    }

    /// Edges made steeper: each pixel is pushed away from the mean around it, against blur.
    pub fn sharpened(&self) -> View {
        const STRENGTH: i32 = 3;
        let around = self.smoothed().grey.smoothed().grey;
        let mut sharp = Grey::new(self.width, self.height, 0);
        for ((target, &value), &mean) in sharp.pixels.iter_mut().zip(self.pixels.iter()).zip(around.pixels.iter()) {
            let (value, mean) = (i32::from(value), i32::from(mean));
            *target = (value + STRENGTH * (value - mean)).clamp(0, 255) as u8;
        }
        View::in_place(sharp)
    }

    /// Each pixel the mean of itself and its neighbours: joins dots, and takes away fine noise and
    /// moiré.
    pub fn smoothed(&self) -> View {
        let mut smooth = Grey::new(self.width, self.height, 0);
        let mut columns = vec![0_u32; self.width];
        for y in 0..self.height {
            let rows = [self.row(y.saturating_sub(1)), self.row(y), self.row((y + 1).min(self.height - 1))];
            for (x, sum) in columns.iter_mut().enumerate() {
                *sum = rows.iter().map(|row| u32::from(row[x])).sum();
            }
            let target = &mut smooth.pixels[y * self.width..(y + 1) * self.width];
            for (x, pixel) in target.iter_mut().enumerate() {
                let sum = columns[x.saturating_sub(1)] + columns[x] + columns[(x + 1).min(self.width - 1)];
                *pixel = ((sum + 4) / 9) as u8;
            }
        }
        View::in_place(smooth)
    }

    /// A part of it; it must lie inside.
    pub fn cut(&self, left: usize, top: usize, width: usize, height: usize) -> View {
        let mut inner = Grey::new(width, height, 0);
        for (target, y) in inner.pixels.chunks_exact_mut(width).zip(top..) {
            target.copy_from_slice(&self.row(y)[left..left + width]);
        }
        View { grey: inner, scale: 1.0, offset: Point { x: -(left as f32), y: -(top as f32) } }
    }

    /// Black where darker than the surroundings, white elsewhere, however small the difference: low
    /// contrast. The window is narrower than two quiet zones of 4-pixel modules, so that a page of
    /// another brightness does not reach into the code; larger modules come into its range by
    /// halving.
    pub fn levelled(&self) -> View {
        const REACH: usize = 15;
        /// Smaller differences are noise of a camera or of JPEG.
        const DIFFERENCE: u8 = 2;
        let mut means = self.means(REACH);
        for (mean, &value) in means.pixels.iter_mut().zip(self.pixels.iter()) {
            *mean = if value.saturating_add(DIFFERENCE) < *mean { 0 } else { u8::MAX };
        }
        View::in_place(means)
    }

    /// For each pixel, the mean of the square that reaches so far around it.
    fn means(&self, reach: usize) -> Grey {
        let mut means = Grey::new(self.width, self.height, u8::MAX);
        // Sums over the window's rows for each column, moved down row by row.
        let mut columns = vec![0_u32; self.width];
        let mut rows = 0;
        for y in 0..self.height + reach {
            if y < self.height {
                columns.iter_mut().zip(self.row(y)).for_each(|(sum, &value)| *sum += u32::from(value));
                rows += 1;
            }
            if y > 2 * reach {
                let gone = self.row(y - 2 * reach - 1);
                columns.iter_mut().zip(gone).for_each(|(sum, &value)| *sum -= u32::from(value));
                rows -= 1;
            }
            if y < reach {
                continue;
            }
            let start = (y - reach) * self.width;
            let mut sum: u32 = columns.iter().take(reach).sum();
            for x in 0..self.width {
                sum += columns.get(x + reach).copied().unwrap_or_default();
                if x > reach {
                    sum -= columns[x - reach - 1];
                }
                let width = (x + reach + 1).min(self.width) - x.saturating_sub(reach);
                means.pixels[start + x] = (sum / (rows * width as u32)) as u8;
            }
        }
        means
    }
}
