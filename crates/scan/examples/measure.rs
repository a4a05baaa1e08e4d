//! Prints, for each kind of screen, how many codes are found and how long that takes.
//!
//! `cargo run --release -p warifu-scan --example measure [SEEDS [PART_OF_A_KINDS_NAME]]`

#![allow(clippy::print_stdout, clippy::disallowed_methods, clippy::unwrap_used, reason = "a measuring tool")]

#[path = "../tests/scan/draw.rs"]
mod draw;
#[path = "../tests/scan/kinds.rs"]
mod kinds;

use std::time::{Duration, Instant};

fn main() {
    let seeds = std::env::args().nth(1).and_then(|seeds| seeds.parse().ok()).unwrap_or(12);
    println!("{:36} {:>9} {:>6} {:>9} {:>9} {:>7}", "kind", "found", "wrong", "mean ms", "worst ms", "off");
    let part = std::env::args().nth(2).unwrap_or_default();
    for kind in kinds::kinds().into_iter().filter(|kind| kind.name.contains(&part)) {
        let (mut drawn, mut found, mut wrong, mut off) = (0, 0, 0, 0.0_f32);
        let (mut total, mut worst) = (Duration::ZERO, Duration::ZERO);
        for seed in 0..seeds {
            let screen = (kind.draw)(&mut draw::Seed::new(seed));
            let picture = (kind.take)(&screen);
            let start = Instant::now();
            let codes = warifu_scan::find_codes(&picture);
            let taken = start.elapsed();
            (total, worst) = (total + taken, worst.max(taken));
            drawn += screen.drawn.len();
            for code in &codes {
                match screen.drawn.iter().find(|drawn| drawn.text == code.expose_text()) {
                    Some(drawn) => {
                        found += 1;
                        let distance = |(a, b): (&warifu_scan::Point, &warifu_scan::Point)| {
                            (a.x - b.x).hypot(a.y - b.y) / drawn.module
                        };
                        off = code.corners.iter().zip(&drawn.corners).map(distance).fold(off, f32::max);
                    }
                    None => wrong += 1,
                }
            }
        }
        let mean = total.as_secs_f64() * 1000.0 / seeds as f64;
        println!(
            "{:36} {found:>4}/{drawn:<4} {wrong:>6} {mean:>9.1} {:>9.1} {off:>7.2}",
            kind.name,
            worst.as_secs_f64() * 1000.0
        );
    }
}
