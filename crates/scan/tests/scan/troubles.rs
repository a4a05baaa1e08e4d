//! The kinds of pictures that decoders give up on: how much of each is read, so that none of it is lost unnoticed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use warifu_scan::{FoundCode, find_codes};

use crate::draw::Seed;
use crate::harder::harder;
use crate::kinds::Kind;
use crate::mixed::mixed;

/// Other seeds than the bench begins with.
const SEEDS: std::ops::Range<u64> = 3000..3004;

/// How many codes of a kind are there, and how many are read. What is read must be there.
fn read(kind: &Kind) -> (usize, usize) {
    let (mut there, mut read) = (0, 0);
    for seed in SEEDS {
        let screen = (kind.draw)(&mut Seed::new(seed));
        let codes = find_codes(&(kind.take)(&screen));
        let texts: Vec<&str> = codes.iter().map(FoundCode::expose_text).collect();
        let drawn: Vec<&str> = screen.drawn.iter().map(|drawn| drawn.text.as_str()).collect();
        assert!(texts.iter().all(|text| drawn.contains(text)), "{}, seed {seed}: {texts:?}", kind.name);
        there += drawn.len();
        read += drawn.iter().filter(|text| texts.contains(text)).count();
    }
    (there, read)
}

#[test]
fn every_code_of_the_harder_kinds_is_read() {
    for kind in harder() {
        let (there, read) = read(&kind);
        assert_eq!(read, there, "{}", kind.name);
    }
}

/// Of curved paper the strongest waves are too much; all else is read.
#[test]
fn troubles_that_come_together_hide_no_code_on_flat_paper() {
    for kind in mixed() {
        let (there, read) = read(&kind);
        let least = if kind.name == "curved paper" { 2 } else { there };
        assert!(read >= least, "{}: {read} of {there}", kind.name);
    }
}
