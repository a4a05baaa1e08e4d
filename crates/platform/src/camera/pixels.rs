//! From the pixels of a camera to a picture. What is damaged or too short is none.

use warifu_session::scan::Picture;
use zeroize::Zeroizing;

/// How a camera lays its pixels out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PixelFormat {
    /// A JPEG picture a frame.
    Mjpeg,
    /// Two pixels in four bytes: Y, U, Y, V.
    Yuyv,
    /// All of Y, then U and V in turn for each square of four pixels.
    Nv12,
    /// Three bytes a pixel: red, green, blue.
    Rgb,
    /// Three bytes a pixel: blue, green, red.
    Bgr,
    /// One byte a pixel.
    Grey,
}

/// Format and size of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub format: PixelFormat,
    pub width: u32,
    pub height: u32,
    /// Bytes from one row to the next; 0 if there is nothing between them.
    pub stride: u32,
}

/// The picture of a frame.
pub(super) fn picture(layout: Layout, bytes: &[u8]) -> Option<Picture> {
    let Layout { format, width, height, stride } = layout;
    if format == PixelFormat::Mjpeg {
        return jpeg(bytes);
    }
    let (columns, lines) = (width as usize, height as usize);
    let packed = match format {
        PixelFormat::Yuyv => columns.div_ceil(2).checked_mul(4)?,
        PixelFormat::Rgb | PixelFormat::Bgr => columns.checked_mul(3)?,
        PixelFormat::Nv12 => columns.next_multiple_of(2),
        PixelFormat::Grey | PixelFormat::Mjpeg => columns,
    };
    let stride = (stride as usize).max(packed);
    // Before anything is allocated for it: as many rows as were announced. The last one need not be filled up.
    let rows = if format == PixelFormat::Nv12 { lines.checked_add(lines.div_ceil(2))? } else { lines };
    if columns == 0 || bytes.len() < rows.checked_sub(1)?.checked_mul(stride)?.checked_add(packed)? {
        return None;
    }
    let row = |line: usize| &bytes[line * stride..line * stride + packed];
    let mut rgba = Zeroizing::new(Vec::with_capacity(columns.checked_mul(lines)?.checked_mul(4)?));
    for line in 0..lines {
        let pixels = row(line);
        match format {
            PixelFormat::Grey | PixelFormat::Mjpeg => {
                pixels.iter().for_each(|grey| rgba.extend([*grey, *grey, *grey, 255]));
            }
            PixelFormat::Rgb => pixels.chunks_exact(3).for_each(|p| rgba.extend([p[0], p[1], p[2], 255])),
            PixelFormat::Bgr => pixels.chunks_exact(3).for_each(|p| rgba.extend([p[2], p[1], p[0], 255])),
            PixelFormat::Yuyv => {
                let pair = |p: &[u8]| [(p[0], p[1], p[3]), (p[2], p[1], p[3])];
                let pixels = pixels.chunks_exact(4).flat_map(pair).take(columns);
                pixels.for_each(|(y, u, v)| rgba.extend(colour(y, u, v)));
            }
            PixelFormat::Nv12 => {
                let colours = row(lines + line / 2);
                let pixels = pixels.iter().take(columns).enumerate();
                pixels.for_each(|(x, y)| rgba.extend(colour(*y, colours[x & !1], colours[x | 1])));
            }
        }
    }
    Picture::from_rgba(width, height, rgba).ok()
}

/// Many cameras leave out the Huffman tables that everybody knows. A decoder puts them in where it finds the mark of a film's frame.
fn jpeg(bytes: &[u8]) -> Option<Picture> {
    const START: &[u8] = &[0xff, 0xd8];
    const MARK: &[u8] = b"\xff\xe0\0\x07AVI1\0";
    let rest = bytes.strip_prefix(START).filter(|rest| rest.first() == Some(&0xff))?;
    let mut marked = Zeroizing::new(Vec::with_capacity(bytes.len() + MARK.len()));
    [START, MARK, rest].iter().for_each(|part| marked.extend_from_slice(part));
    Picture::decode(&marked).ok()
}

/// ITU-R BT.601 with Y from 16 to 235, as cameras have it.
fn colour(y: u8, u: u8, v: u8) -> [u8; 4] {
    let (y, u, v) = (298 * (i32::from(y) - 16), i32::from(u) - 128, i32::from(v) - 128);
    let channel = |sum: i32| ((sum + 128) >> 8).clamp(0, 255) as u8;
    [channel(y + 409 * v), channel(y - 100 * u - 208 * v), channel(y + 516 * u), 255]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const ALL: [PixelFormat; 6] = [
        PixelFormat::Mjpeg,
        PixelFormat::Yuyv,
        PixelFormat::Nv12,
        PixelFormat::Rgb,
        PixelFormat::Bgr,
        PixelFormat::Grey,
    ];

    fn layout(format: PixelFormat, width: u32, height: u32, stride: u32) -> Layout {
        Layout { format, width, height, stride }
    }

    fn rgba(format: PixelFormat, width: u32, height: u32, stride: u32, bytes: &[u8]) -> Vec<u8> {
        picture(layout(format, width, height, stride), bytes).unwrap().expose_rgba().to_vec()
    }

    const RED: (u8, u8, u8) = (82, 90, 240);
    const WHITE: (u8, u8, u8) = (235, 128, 128);

    #[test]
    fn colours_are_those_of_bt_601() {
        let cases: [((u8, u8, u8), [u8; 3]); 7] = [
            ((16, 128, 128), [0, 0, 0]),
            (WHITE, [255, 255, 255]),
            (RED, [255, 0, 0]),
            ((145, 54, 34), [0, 255, 0]),
            ((41, 240, 110), [0, 0, 255]),
            // Beyond what there is, it is the brightest there is.
            ((255, 128, 128), [255, 255, 255]),
            ((0, 0, 0), [0, 135, 0]),
        ];
        for ((y, u, v), [red, green, blue]) in cases {
            let made = colour(y, u, v);
            let near = [red, green, blue].iter().zip(made).all(|(wanted, made)| wanted.abs_diff(made) <= 1);
            assert!(near && made[3] == 255, "{y} {u} {v}: {made:?}");
        }
    }

    #[test]
    fn two_pixels_of_yuyv_share_their_colour() {
        let bytes = [82, 90, 235, 240, 0xEE, 0xEE, 16, 128, 235, 128];
        // The second row has no filling behind it.
        let made = rgba(PixelFormat::Yuyv, 2, 2, 6, &bytes);
        assert_eq!(made[8..], [0, 0, 0, 255, 255, 255, 255, 255]);
        assert!(made[0] > 250 && made[1] < 5, "{made:?}");
    }

    #[test]
    fn an_odd_width_of_yuyv_leaves_half_a_pair() {
        let made = rgba(PixelFormat::Yuyv, 1, 2, 0, &[235, 128, 0, 128, 16, 128, 0, 128]);
        assert_eq!(made, [255, 255, 255, 255, 0, 0, 0, 255]);
    }

    #[test]
    fn four_pixels_of_nv12_share_their_colour() {
        // Three by three: the last column and row have colours of their own.
        let bytes = [82, 82, 235, 0, 82, 82, 235, 0, 235, 235, 16, 0, 90, 240, 128, 128, 128, 128, 128, 128];
        let made = rgba(PixelFormat::Nv12, 3, 3, 4, &bytes);
        let pixel = |at: usize| &made[at * 4..at * 4 + 3];
        assert!([0, 1, 3, 4].iter().all(|at| pixel(*at)[0] > 250 && pixel(*at)[1] < 5), "{made:?}");
        assert_eq!([pixel(2), pixel(5), pixel(6), pixel(7)], [&[255; 3][..]; 4]);
        assert_eq!(pixel(8), [0; 3]);
    }

    #[test]
    fn plain_pixels_are_taken_as_they_are() {
        assert_eq!(rgba(PixelFormat::Rgb, 1, 2, 4, &[1, 2, 3, 0, 4, 5, 6]), [1, 2, 3, 255, 4, 5, 6, 255]);
        assert_eq!(rgba(PixelFormat::Bgr, 2, 1, 0, &[1, 2, 3, 4, 5, 6]), [3, 2, 1, 255, 6, 5, 4, 255]);
        assert_eq!(rgba(PixelFormat::Grey, 1, 2, 2, &[7, 0, 9]), [7, 7, 7, 255, 9, 9, 9, 255]);
    }

    #[test]
    fn a_frame_that_is_too_short_is_none() {
        for (format, bytes) in [
            (PixelFormat::Yuyv, 16),
            (PixelFormat::Nv12, 12),
            (PixelFormat::Rgb, 24),
            (PixelFormat::Bgr, 24),
            (PixelFormat::Grey, 8),
        ] {
            assert!(picture(layout(format, 4, 2, 0), &vec![0; bytes]).is_some(), "{format:?}");
            assert!(picture(layout(format, 4, 2, 0), &vec![0; bytes - 1]).is_none(), "{format:?}");
        }
    }

    #[test]
    fn a_size_that_no_frame_has_is_none() {
        for format in ALL {
            for (width, height) in [(0, 0), (0, 4), (4, 0), (u32::MAX, 1), (1, u32::MAX), (u32::MAX, u32::MAX)] {
                for stride in [0, 1, u32::MAX] {
                    assert!(picture(layout(format, width, height, stride), &[0xff; 64]).is_none(), "{width} {height}");
                }
            }
        }
    }

    const FRAME: &[u8] = include_bytes!("frame.jpg");

    #[test]
    fn a_jpeg_picture_is_a_frame() {
        let made = picture(layout(PixelFormat::Mjpeg, 16, 8, 0), FRAME).unwrap();
        assert_eq!((made.width(), made.height()), (16, 8));
        // Many cameras fill the rest of their buffer with zeros.
        let filled = [FRAME, &[0; 300]].concat();
        assert!(picture(layout(PixelFormat::Mjpeg, 16, 8, 0), &filled).is_some());
    }

    #[test]
    fn a_jpeg_picture_without_its_usual_tables_is_a_frame() {
        let mut bytes = FRAME.to_vec();
        while let Some(at) = bytes.windows(2).position(|marker| marker == [0xff, 0xc4]) {
            let length = usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]));
            bytes.drain(at..at + 2 + length);
        }
        assert!(bytes.len() < FRAME.len());
        let made = |bytes: &[u8]| rgba(PixelFormat::Mjpeg, 16, 8, 0, bytes);
        assert_eq!(made(&bytes), made(FRAME));
    }

    #[test]
    fn a_damaged_jpeg_picture_is_none_and_no_panic() {
        for cut in 0..FRAME.len() / 2 {
            assert!(picture(layout(PixelFormat::Mjpeg, 16, 8, 0), &FRAME[..cut]).is_none(), "{cut}");
        }
        for at in 0..FRAME.len() {
            let mut bytes = FRAME.to_vec();
            bytes[at] ^= 0xff;
            let _ = picture(layout(PixelFormat::Mjpeg, 16, 8, 0), &bytes);
        }
        // Another kind of picture is none either, whatever else can be read.
        assert!(picture(layout(PixelFormat::Mjpeg, 1, 1, 0), b"BM").is_none());
    }
}
