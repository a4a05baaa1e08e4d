//! Pixels in, QR payloads out.
//!
//! A [`Picture`] is what a person sees: a frame taken off the screen, or the file they opened.
//! [`find_codes`] returns every QR code in it, with its corners, in reading order;
//! [`find_codes_in`] looks harder at the part they dragged a box around. A [`Document`] is one
//! picture after another: a picture file, or the pages of a PDF.
//!
//! **Whatever the bytes, this crate answers: it never panics, never allocates for a picture whose
//! header claims more than the limits allow, and keeps pixels and payloads in memory that is
//! wiped.** For a PDF this holds only in a process that may be ended; see [`Document`].
//!
//! Deliberately absent: what a payload *means* (an `otpauth` line, a web link; see `warifu-otp` and
//! `warifu-session`), files and screens (`warifu-platform`), time (work is limited by pixels, not
//! by a clock), and a panic hook. A decoder that panics on a hostile picture is caught and counts
//! as having found nothing, but the hook that prints panics belongs to the process: the shell that
//! owns the process decides what it prints, and must not print messages, which could quote what was
//! decoded.
//!
//! The decoders are rxing and rqrr; neither wipes its own working memory. What comes out of them is
//! wiped here.
//!
//! ```
//! use warifu_scan::{Picture, PictureError, find_codes};
//!
//! // A white picture holds no code ...
//! let picture = Picture::from_rgba(64, 64, vec![255; 64 * 64 * 4])?;
//! assert!(find_codes(&picture).is_empty());
//!
//! // ... and a text is not a picture.
//! assert_eq!(Picture::decode(b"otpauth://").unwrap_err(), PictureError::NotAPicture);
//! # Ok::<(), PictureError>(())
//! ```

mod document;
mod found;
mod geometry;
mod grey;
mod islands;
mod ladder;
mod picture;
mod readers;
mod warp;

pub use document::{Document, PAGES_LIMIT};
pub use found::{FoundCode, Part, join_parts};
pub use geometry::{Point, Region};
pub use ladder::{find_all_codes, find_codes, find_codes_in, measuring};
pub use picture::{FILE_BYTES_LIMIT, PIXELS_LIMIT, Picture, PictureError};
