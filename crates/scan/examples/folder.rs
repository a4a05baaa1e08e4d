//! Prints, for each picture of the folders given, whether it reads as the text file beside it says, and how long it took.
//!
//! `cargo run --release -p warifu-scan --example folder FOLDER...`

#![allow(clippy::print_stdout, clippy::disallowed_methods, clippy::unwrap_used, reason = "a measuring tool")]

use std::path::PathBuf;
use std::time::Instant;

use warifu_scan::Picture;

fn main() {
    let (mut all, mut right) = (0, 0);
    for folder in std::env::args().skip(1) {
        let (mut of, mut read, mut worst, mut total) = (0, 0, 0.0_f64, 0.0);
        let mut files: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        for file in files {
            let Ok(bytes) = std::fs::read(&file) else { continue };
            let Ok(picture) = Picture::decode(&bytes) else { continue };
            let start = Instant::now();
            let codes = warifu_scan::find_codes(&picture);
            let taken = start.elapsed().as_secs_f64() * 1000.0;
            (worst, total) = (worst.max(taken), total + taken);
            of += 1;
            let text = std::fs::read(file.with_extension("txt")).unwrap_or_default();
            let same = codes.iter().any(|code| code.expose_text().as_bytes().trim_ascii() == text.trim_ascii());
            match (codes.is_empty(), same || text.is_empty()) {
                (true, _) => println!("missed  {} {taken:.0} ms", file.display()),
                (false, true) => read += 1,
                (false, false) => {
                    println!("other   {} {taken:.0} ms", file.display());
                    read += 1;
                }
            }
        }
        println!("{folder}: {read}/{of}, mean {:.0} ms, worst {worst:.0} ms", total / f64::from(of.max(1)));
        (all, right) = (all + of, right + read);
    }
    println!("all: {right}/{all}");
}
