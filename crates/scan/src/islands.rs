//! Islands: what stands apart on an even page, each cut out and given the quiet zone it may lack.
//!
//! A code without a quiet zone on a page of the colour of its modules is invisible to decoders: its
//! finder patterns run into the page. The page around it is even, though, and the code's own box is
//! where that ends.

use crate::grey::{Grey, View};

/// Pixels a side of the squares in which islands are looked for; what is nearer to one another is
/// one island.
const CELL: usize = 8;
/// Brightness levels by which pixels of the page may differ.
const EVEN: u8 = 8;
/// A code of 21 modules at 1.5 pixels is 32 pixels wide.
const SMALLEST: usize = 32;
/// More are a page of pictures; the largest come first.
const MOST: usize = 12;

/// A rectangle of pixels, from its first to before its last.
#[derive(Clone, Copy)]
struct Span {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

impl Span {
    fn sides(self) -> (usize, usize) {
        (self.right - self.left, self.bottom - self.top)
    }

    /// As square as a code that is not photographed.
    fn may_be_code(self) -> bool {
        let (width, height) = self.sides();
        width.min(height) >= SMALLEST && 4 * width.min(height) >= 3 * width.max(height)
    }
}

/// The islands of a picture, largest first, each without the page around it and in a white frame.
pub(crate) fn islands(grey: &Grey) -> Vec<View> {
    let page = commonest(grey);
    let mut spans: Vec<Span> = clusters(grey, page).into_iter().filter(|span| span.may_be_code()).collect();
    spans.sort_by_key(|span| std::cmp::Reverse(span.sides().0 * span.sides().1));
    spans.truncate(MOST);
    spans
        .into_iter()
        .map(|span| {
            let (width, height) = span.sides();
            grey.cut(span.left, span.top, width, height).then(Grey::framed)
        })
        .collect()
}

/// The brightness that most pixels have.
fn commonest(grey: &Grey) -> u8 {
    let mut counts = [0_u32; 256];
    grey.pixels.iter().for_each(|&value| counts[usize::from(value)] += 1);
    (0..=u8::MAX).max_by_key(|&value| counts[usize::from(value)]).unwrap_or_default()
}

/// The boxes around all that touches.
fn clusters(grey: &Grey, page: u8) -> Vec<Span> {
    let (across, down) = (grey.width.div_ceil(CELL), grey.height.div_ceil(CELL));
    let mut boxes: Vec<Option<Span>> = vec![None; across * down];
    for y in 0..grey.height {
        for (x, value) in grey.row(y).iter().enumerate() {
            if value.abs_diff(page) > EVEN {
                let cell = &mut boxes[y / CELL * across + x / CELL];
                let span = cell.get_or_insert(Span { left: x, top: y, right: x, bottom: y });
                *span = joined(*span, Span { left: x, top: y, right: x + 1, bottom: y + 1 });
            }
        }
    }
    let mut found = Vec::new();
    let mut next = Vec::new();
    for start in 0..boxes.len() {
        let Some(first) = boxes[start].take() else { continue };
        let mut whole = first;
        next.push(start);
        while let Some(cell) = next.pop() {
            let (x, y) = (cell % across, cell / across);
            for near_y in y.saturating_sub(1)..(y + 2).min(down) {
                for near_x in x.saturating_sub(1)..(x + 2).min(across) {
                    if let Some(span) = boxes[near_y * across + near_x].take() {
                        whole = joined(whole, span);
                        next.push(near_y * across + near_x);
                    }
                }
            }
        }
        found.push(whole);
    }
    found
}

fn joined(a: Span, b: Span) -> Span {
    Span {
        left: a.left.min(b.left),
        top: a.top.min(b.top),
        right: a.right.max(b.right),
        bottom: a.bottom.max(b.bottom),
    }
}
