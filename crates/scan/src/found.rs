//! What was found, without doubles and in reading order.

use std::fmt;

use zeroize::Zeroizing;

use crate::geometry::{self, Point};

/// A code that says that it is one of several, which hold a text only together (ISO/IEC 18004, structured append).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Which of them, from 0.
    pub index: usize,
    /// How many there are.
    pub of: usize,
    /// All bytes of the whole text, XORed.
    pub(crate) parity: u8,
}

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
    /// Which part it is, and its bytes.
    part: Option<(Part, Zeroizing<Vec<u8>>)>,
}

impl FoundCode {
    pub(crate) fn new(corners: [Point; 4], text: Zeroizing<String>) -> Self {
        FoundCode { corners: geometry::clockwise(corners), text, part: None }
    }

    pub(crate) fn of_part(corners: [Point; 4], part: Part, bytes: Zeroizing<Vec<u8>>) -> Self {
        FoundCode { part: Some((part, bytes)), ..FoundCode::new(corners, Zeroizing::default()) }
    }

    /// Which part of a text it is, where the other parts were not found. A part has no text of its own: half a secret makes
    /// codes, too, and wrong ones.
    #[must_use]
    pub fn part(&self) -> Option<Part> {
        self.part.as_ref().map(|(part, _)| *part)
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
        self.text == other.text && self.part == other.part && self.is_at(other)
    }

    fn is_at(&self, other: &FoundCode) -> bool {
        geometry::contains(&self.corners, geometry::centre(&other.corners))
            || geometry::contains(&other.corners, geometry::centre(&self.corners))
    }
}

impl fmt::Debug for FoundCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FoundCode").field("corners", &self.corners).finish_non_exhaustive()
    }
}

/// Adds what is new; of two sightings of one code the first, made by the cheaper step, stays. What one reader takes for a part
/// and another for the whole is a part.
pub(crate) fn merge(found: &mut Vec<FoundCode>, more: Vec<FoundCode>) {
    for code in more {
        if code.part.is_some() {
            found.retain(|known| known.part.is_some() || !known.is_at(&code));
        } else if found.iter().any(|known| known.part.is_some() && known.is_at(&code)) {
            continue;
        }
        if !found.iter().any(|known| known.is_same_sighting(&code)) {
            found.push(code);
        }
    }
}

/// Gives parts the text that they make together, each the whole one, where every part is there and the bytes are as many and as
/// right as the parts say. (As two sightings of one text they are told apart by nobody.)
///
/// For parts on several pages: of one picture they are together already.
pub fn join_parts(found: &mut [FoundCode]) {
    let wholes: Vec<(Part, Zeroizing<String>)> = found
        .iter()
        .filter_map(FoundCode::part)
        .filter(|part| part.index == 0)
        .filter_map(|first| Some((first, joined(found, first)?)))
        .collect();
    for code in found {
        let whole = code.part().and_then(|part| wholes.iter().find(|(first, _)| first.is_beside(part)));
        if let Some((_, text)) = whole {
            (code.text, code.part) = (text.clone(), None);
        }
    }
}

impl Part {
    /// Whether both say that they belong to one text.
    fn is_beside(self, other: Part) -> bool {
        self.of == other.of && self.parity == other.parity
    }
}

/// The text of all parts beside this one; none if one is missing, or there are two.
fn joined(found: &[FoundCode], first: Part) -> Option<Zeroizing<String>> {
    let mut parts: Vec<Option<&[u8]>> = vec![None; first.of];
    for (part, bytes) in found.iter().filter_map(|code| code.part.as_ref()).filter(|(part, _)| part.is_beside(first)) {
        let place = parts.get_mut(part.index)?;
        if place.is_some_and(|other| other != bytes.as_slice()) {
            return None;
        }
        *place = Some(bytes);
    }
    let parts: Vec<&[u8]> = parts.into_iter().collect::<Option<_>>()?;
    let bytes = Zeroizing::new(parts.concat());
    let is_whole = bytes.iter().fold(0, |parity, byte| parity ^ byte) == first.parity;
    let text = std::str::from_utf8(&bytes).ok().filter(|_| is_whole)?;
    Some(Zeroizing::new(text.to_owned()))
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

    fn part(bytes: &[u8], index: usize, of: usize, whole: &[u8], x: f32) -> FoundCode {
        let parity = whole.iter().fold(0, |parity, byte| parity ^ byte);
        let corners = code("", x, 0.0, 100.0).corners;
        FoundCode::of_part(corners, Part { index, of, parity }, Zeroizing::new(bytes.to_vec()))
    }

    #[test]
    fn parts_speak_once_they_are_whole() {
        let whole = "鍵 and lock".as_bytes();
        // Cut within a character.
        let (first, second) = whole.split_at(2);
        let mut found = vec![part(second, 1, 2, whole, 0.0), part(first, 0, 2, whole, 200.0)];
        join_parts(&mut found);
        assert_eq!(texts(&found), ["鍵 and lock", "鍵 and lock"]);
        assert!(found.iter().all(|code| code.part().is_none()));
    }

    #[test]
    fn parts_that_do_not_fit_together_stay_parts() {
        let whole = b"secret";
        for mut found in [
            vec![part(b"sec", 0, 2, whole, 0.0)],
            vec![part(b"sec", 0, 3, whole, 0.0), part(b"ret", 1, 3, whole, 200.0)],
            vec![part(b"sec", 0, 2, whole, 0.0), part(b"rat", 1, 2, whole, 200.0)],
            vec![part(b"sec", 0, 2, whole, 0.0), part(b"ret", 1, 2, b"another", 200.0)],
            vec![part(b"sec", 0, 2, whole, 0.0), part(b"ret", 1, 2, whole, 200.0), part(b"rot", 1, 2, whole, 400.0)],
            vec![part(b"sec", 0, 2, whole, 0.0), part(b"ret", 5, 2, whole, 200.0)],
        ] {
            let count = found.len();
            join_parts(&mut found);
            assert_eq!(found.iter().filter(|code| code.part().is_some()).count(), count);
            assert!(found.iter().all(|code| code.expose_text().is_empty()));
        }
    }

    #[test]
    fn what_one_reader_takes_for_a_part_is_none_of_the_others_wholes() {
        let (whole, half) = (|| code("sec", 0.0, 0.0, 100.0), || part(b"sec", 0, 2, b"secret", 1.0));
        for (first, second) in [(whole(), half()), (half(), whole())] {
            let mut found = vec![first];
            merge(&mut found, vec![second]);
            assert_eq!(texts(&found), [""]);
            assert!(found[0].part().is_some());
        }
    }

    #[test]
    fn debug_hides_the_payload() {
        let shown = format!("{:?}", code("otpauth://totp/x?secret=ABC", 0.0, 0.0, 1.0));
        assert!(!shown.contains("otpauth"), "{shown}");
    }
}
