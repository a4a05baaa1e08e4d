//! Places in a picture. The origin is the top-left corner, x grows to the right, y downwards.

/// A point in picture pixels; pixel (0, 0) covers the square from (0.0, 0.0) to (1.0, 1.0).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Pixels from the left edge.
    pub x: f32,
    /// Pixels from the top edge.
    pub y: f32,
}

/// A rectangle of whole pixels, for instance the box a person dragged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// Left edge, in pixels.
    pub x: u32,
    /// Top edge, in pixels.
    pub y: u32,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

impl Region {
    /// The part of this region that lies inside a picture of the given size; `None` if nothing
    /// does.
    #[must_use]
    pub fn clamped(self, width: u32, height: u32) -> Option<Region> {
        let right = self.x.saturating_add(self.width).min(width);
        let bottom = self.y.saturating_add(self.height).min(height);
        (right > self.x && bottom > self.y).then(|| Region {
            x: self.x,
            y: self.y,
            width: right - self.x,
            height: bottom - self.y,
        })
    }
}

/// Corners in a fixed turning sense, whichever way round the decoder gave them (a mirrored code is
/// found turning the other way): clockwise as seen on the screen, first corner kept.
pub(crate) fn clockwise([a, b, c, d]: [Point; 4]) -> [Point; 4] {
    if twice_signed_area(&[a, b, c, d]) < 0.0 { [a, d, c, b] } else { [a, b, c, d] }
}

/// Shoelace formula; positive for clockwise corners because y grows downwards.
fn twice_signed_area(corners: &[Point; 4]) -> f32 {
    sides(corners).map(|(p, q)| p.x * q.y - q.x * p.y).sum()
}

/// The mean of the corners.
pub(crate) fn centre(corners: &[Point; 4]) -> Point {
    Point { x: corners.iter().map(|p| p.x).sum::<f32>() / 4.0, y: corners.iter().map(|p| p.y).sum::<f32>() / 4.0 }
}

/// Top and bottom of the upright box around the corners.
pub(crate) fn vertical_extent(corners: &[Point; 4]) -> (f32, f32) {
    corners.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(top, bottom), p| (top.min(p.y), bottom.max(p.y)))
}

/// Whether a point lies within a convex, clockwise quadrilateral.
pub(crate) fn contains(corners: &[Point; 4], point: Point) -> bool {
    sides(corners).all(|(p, q)| (q.x - p.x) * (point.y - p.y) - (q.y - p.y) * (point.x - p.x) >= 0.0)
}

fn sides(corners: &[Point; 4]) -> impl Iterator<Item = (Point, Point)> {
    (0..4).map(|i| (corners[i], corners[(i + 1) % 4]))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const SQUARE: [Point; 4] = [
        Point { x: 10.0, y: 10.0 },
        Point { x: 30.0, y: 10.0 },
        Point { x: 30.0, y: 30.0 },
        Point { x: 10.0, y: 30.0 },
    ];

    #[test]
    fn a_mirrored_code_turns_clockwise_too() {
        let [a, b, c, d] = SQUARE;
        assert_eq!(clockwise([a, d, c, b]), SQUARE);
        assert_eq!(clockwise(SQUARE), SQUARE);
    }

    #[test]
    fn inside_and_outside() {
        assert!(contains(&SQUARE, centre(&SQUARE)));
        assert!(!contains(&SQUARE, Point { x: 31.0, y: 20.0 }));
        assert!(!contains(&SQUARE, Point { x: 20.0, y: 9.0 }));
    }

    #[test]
    fn a_box_dragged_beyond_the_edge_is_cut() {
        let region = Region { x: 90, y: 5, width: u32::MAX, height: 10 };
        let cut = region.clamped(100, 100).unwrap();
        assert_eq!(cut, Region { x: 90, y: 5, width: 10, height: 10 });
        assert_eq!(region.clamped(90, 100), None);
        assert_eq!(Region { x: 0, y: 0, width: 0, height: 4 }.clamped(9, 9), None);
    }
}
