//! What was found, without doubles and in reading order.

use std::fmt;

use zeroize::Zeroizing;

use crate::geometry::{self, Point};

/// One QR code of a picture.
///
/// The payload is treated as a secret (it usually holds one): no `Clone`, no `Debug`, wiped on
/// drop.
pub struct FoundCode {
    /// The code's corners in picture pixels, quiet zone excluded: clockwise as seen, starting at
    /// the corner that is the *code's* top-left (the one opposite the corner without a finder
    /// pattern).
    pub corners: [Point; 4],
    text: Zeroizing<String>,
}

impl FoundCode {
    pub(crate) fn new(corners: [Point; 4], text: Zeroizing<String>) -> Self {
        FoundCode { corners: geometry::clockwise(corners), text }
    }

    /// The payload as text. Bytes that form UTF-8 are given exactly; others are read in the
    /// character set the code declares or, undeclared, the likeliest one (Shift_JIS, ISO 8859-1).
    #[must_use]
    pub fn expose_text(&self) -> &str {
        &self.text
    }

    /// The same code seen twice: same payload, same place. The same payload at two places is two
    /// codes.
    fn is_same_sighting(&self, other: &FoundCode) -> bool {
        self.text == other.text
            && (geometry::contains(&self.corners, geometry::centre(&other.corners))
                || geometry::contains(&other.corners, geometry::centre(&self.corners)))
    }
}

impl fmt::Debug for FoundCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FoundCode").field("corners", &self.corners).finish_non_exhaustive()
    }
}

/// Adds what is new; of two sightings of one code the first, made by the cheaper step, stays.
pub(crate) fn merge(found: &mut Vec<FoundCode>, more: Vec<FoundCode>) {
    for code in more {
        if !found.iter().any(|known| known.is_same_sighting(&code)) {
            found.push(code);
        }
    }
}

/// Sorts as one reads: rows from the top, each from the left. A code belongs to the row whose first
/// (topmost) code's middle lies within its own height: slightly uneven rows stay rows.
pub(crate) fn sort_in_reading_order(found: &mut Vec<FoundCode>) {
    found.sort_by(|a, b| middle(a).y.total_cmp(&middle(b).y));
    let mut rows: Vec<Vec<FoundCode>> = Vec::new();
    for code in found.drain(..) {
        let (top, _) = geometry::vertical_extent(&code.corners);
        match rows.last_mut() {
            Some(row) if row.first().is_some_and(|first| middle(first).y > top) => row.push(code),
            _ => rows.push(vec![code]),
        }
    }
    for mut row in rows {
        row.sort_by(|a, b| middle(a).x.total_cmp(&middle(b).x));
        found.extend(row);
    }
}

fn middle(code: &FoundCode) -> Point {
    geometry::centre(&code.corners)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str, x: f32, y: f32, size: f32) -> FoundCode {
        let corner = |dx: f32, dy: f32| Point { x: x + dx * size, y: y + dy * size };
        let corners = [corner(0.0, 0.0), corner(1.0, 0.0), corner(1.0, 1.0), corner(0.0, 1.0)];
        FoundCode::new(corners, Zeroizing::new(text.to_owned()))
    }

    fn texts(found: &[FoundCode]) -> Vec<&str> {
        found.iter().map(FoundCode::expose_text).collect()
    }

    #[test]
    fn uneven_rows_are_read_from_the_left() {
        let mut found = vec![
            code("below", 0.0, 300.0, 100.0),
            code("right", 400.0, 0.0, 100.0),
            code("left", 0.0, 20.0, 100.0),
            code("mid", 200.0, 35.0, 60.0),
        ];
        sort_in_reading_order(&mut found);
        assert_eq!(texts(&found), ["left", "mid", "right", "below"]);
    }

    #[test]
    fn the_same_payload_at_two_places_is_two_codes() {
        let mut found = vec![code("a", 0.0, 0.0, 100.0)];
        merge(&mut found, vec![code("a", 3.0, 2.0, 98.0), code("a", 150.0, 0.0, 100.0), code("b", 0.0, 0.0, 100.0)]);
        assert_eq!(texts(&found), ["a", "a", "b"]);
    }

    #[test]
    fn debug_hides_the_payload() {
        let shown = format!("{:?}", code("otpauth://totp/x?secret=ABC", 0.0, 0.0, 1.0));
        assert!(!shown.contains("otpauth"), "{shown}");
    }
}
