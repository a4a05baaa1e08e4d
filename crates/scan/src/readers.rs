//! The decoders, each behind the same function type, each kept from taking the program down.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rxing::common::HybridBinarizer;
use rxing::multi::MultipleBarcodeReader;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BarcodeFormat, BinaryBitmap, DecodeHints, Luma8Source, RXingResult};
use zeroize::Zeroizing;

use crate::found::FoundCode;
use crate::geometry::Point;
use crate::grey::Grey;

/// Finds every code it can in a brightness picture; corners in that picture's pixels.
pub(crate) type Reader = fn(&Grey) -> Vec<FoundCode>;

/// rxing's port of zxing-cpp: the best pure-Rust reader there is, with a threshold that follows the light.
pub(crate) fn rxing(grey: &Grey) -> Vec<FoundCode> {
    guarded(grey, |grey| {
        let Some(source) = borrowed(grey) else { return Vec::new() };
        let hints = DecodeHints {
            PossibleFormats: Some(HashSet::from([BarcodeFormat::QR_CODE])),
            TryHarder: Some(true),
            ..DecodeHints::default()
        };
        let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
        QrReader
            .decode_multiple_with_hints(&mut bitmap, &hints)
            .unwrap_or_default()
            .iter()
            .filter_map(from_rxing)
            .collect()
    })
}

/// rqrr: finds less on the whole, but also some that rxing misses.
pub(crate) fn rqrr(grey: &Grey) -> Vec<FoundCode> {
    guarded(grey, |grey| {
        rqrr::PreparedImage::prepare_from_greyscale(grey.width, grey.height, |x, y| grey.pixels[y * grey.width + x])
            .detect_grids()
            .iter()
            .filter_map(from_rqrr)
            .collect()
    })
}

/// Decoders index into pictures they did not expect; a panic means that they found nothing.
fn guarded(grey: &Grey, read: impl FnOnce(&Grey) -> Vec<FoundCode>) -> Vec<FoundCode> {
    catch_unwind(AssertUnwindSafe(|| read(grey))).unwrap_or_default()
}

fn borrowed(grey: &Grey) -> Option<Luma8Source<'_>> {
    let (width, height) = (u32::try_from(grey.width).ok()?, u32::try_from(grey.height).ok()?);
    Luma8Source::new_with_slice(&grey.pixels, width, height).ok()
}

fn from_rxing(result: &RXingResult) -> Option<FoundCode> {
    let &[top_left, top_right, bottom_left, bottom_right] = result.getPoints() else { return None };
    // rxing adds half a pixel, for a rounding that it does not do.
    let point = |p: rxing::Point| Point { x: p.x - 0.5, y: p.y - 0.5 };
    let corners = [top_left, top_right, bottom_right, bottom_left].map(point);
    Some(FoundCode::new(corners, text_of(result)))
}

/// Some encoders (the `qrcode` crate among them) spread the bytes of UTF-8 over byte and Kanji segments
/// wherever that saves a bit; read segment by segment, as rxing does, such a text is garbled. Where all
/// bytes together are UTF-8, they were meant as UTF-8. Zero bytes speak for UTF-16, which rxing knows.
fn text_of(result: &RXingResult) -> Zeroizing<String> {
    let bytes = result.getRawBytes();
    let text = match std::str::from_utf8(bytes) {
        Ok(text) if !bytes.contains(&0) => text,
        _ => result.getText(),
    };
    Zeroizing::new(text.to_owned())
}

fn from_rqrr<G: rqrr::BitGrid>(grid: &rqrr::Grid<G>) -> Option<FoundCode> {
    let mut bytes = Zeroizing::new(Vec::new());
    grid.decode_to(&mut *bytes).ok()?;
    let text = Zeroizing::new(std::str::from_utf8(&bytes).ok()?.to_owned());
    let [first, right, opposite, below] = grid.bounds.map(|p| Point { x: p.x as f32, y: p.y as f32 });
    // rqrr gives the corners of a code one module larger to the right and below.
    let size = grid.grid.size() as f32;
    let nearer = |p: Point| Point {
        x: first.x + (p.x - first.x) * size / (size + 1.0),
        y: first.y + (p.y - first.y) * size / (size + 1.0),
    };
    Some(FoundCode::new([first, nearer(right), nearer(opposite), nearer(below)], text))
}
