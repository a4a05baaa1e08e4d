#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::print_stdout, reason = "a skipped test says so")]

use std::process::{Command, Stdio};

use warifu_scan::{FoundCode, find_codes};

use crate::draw::{Screen, Seed};
use crate::kinds::kinds;

const SEEDS: u64 = 5;

/// Other seeds than the bench begins with.
fn seed(number: u64) -> Seed {
    Seed::new(1000 + number)
}

fn texts(codes: &[FoundCode]) -> Vec<&str> {
    codes.iter().map(FoundCode::expose_text).collect()
}

fn drawn(screen: &Screen) -> Vec<&str> {
    screen.drawn.iter().map(|drawn| drawn.text.as_str()).collect()
}

#[test]
fn every_code_of_every_kind_is_found_in_reading_order() {
    for kind in kinds() {
        for number in 0..SEEDS {
            let screen = (kind.draw)(&mut seed(number));
            let codes = find_codes(&(kind.take)(&screen));
            assert_eq!(texts(&codes), drawn(&screen), "{}, seed {number}", kind.name);
        }
    }
}

#[test]
fn corners_are_within_a_module_clockwise_from_the_codes_own_top_left() {
    for kind in kinds() {
        let screen = (kind.draw)(&mut seed(7));
        for (code, drawn) in find_codes(&(kind.take)(&screen)).iter().zip(&screen.drawn) {
            for (is, should) in code.corners.iter().zip(&drawn.corners) {
                let off = (is.x - should.x).hypot(is.y - should.y) / drawn.module;
                assert!(off < 1.0, "{}: {is:?} instead of {should:?}", kind.name);
            }
        }
    }
}

/// An independent reader: what we read in its picture is what it reads, too.
#[test]
fn zbar_reads_the_same_texts() {
    let Ok(version) = Command::new("zbarimg").arg("--version").stdout(Stdio::null()).status() else {
        println!("skipped: zbarimg is not installed");
        return;
    };
    assert!(version.success());
    let mut judged = 0;
    for kind in kinds().iter().filter(|kind| ["plain", "coloured", "dense", "ten codes"].contains(&kind.name)) {
        let screen = (kind.draw)(&mut seed(3));
        let file = tempfile::Builder::new().suffix(".png").tempfile().unwrap();
        std::fs::write(file.path(), screen.file(image::ImageFormat::Png)).unwrap();
        let output =
            Command::new("zbarimg").args(["-q", "--raw", "-Sdisable", "-Sqrcode.enable"]).arg(file.path()).output();
        let output = String::from_utf8(output.unwrap().stdout).unwrap();
        let mut theirs: Vec<&str> = output.lines().collect();
        let codes = find_codes(&screen.picture());
        let mut ours = texts(&codes);
        theirs.sort_unstable();
        ours.sort_unstable();
        assert_eq!(ours, theirs, "{}", kind.name);
        judged += ours.len();
    }
    assert_eq!(judged, 13);
}
