//! Puts hostile pictures before the scanner, and prints what came of them: `cargo xtask bench hostile`.
//!
//! `cargo run --release -p warifu-scan --example hostile COUNT [SEED]`. To see one again: `hostile --look SEED NUMBER NUMBER+1`; to
//! have it as a file (a frame as PNG): `hostile --keep SEED NUMBER FILE`.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a measuring tool")]
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a measuring tool")]

#[path = "../tests/hostile/bits.rs"]
mod bits;
#[path = "../tests/hostile/codes.rs"]
mod codes;
#[path = "../tests/scan/draw.rs"]
mod draw;
#[path = "../tests/hostile/files.rs"]
mod files;
#[path = "../tests/hostile/gallery.rs"]
mod gallery;
#[path = "../tests/hostile/jpeg.rs"]
mod jpeg;
#[path = "../tests/hostile/scenes.rs"]
mod scenes;
#[path = "../tests/hostile/trial.rs"]
mod trial;
#[path = "../tests/hostile/webp.rs"]
mod webp;

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Instant;

use trial::{Outcome, Verdict};

const SLOW_MS: f64 = 2_000.0;
const MEMORY_KIB: u64 = 512 * 1024;
/// Pictures between two words of progress: about half a minute.
const EVERY: u64 = 200;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse::<u64>().unwrap();
    match arguments[..] {
        ["--look", seed, first, end] => trial::look(number(seed), number(first), number(end)),
        ["--keep", seed, which, file] => keep(gallery::picture(number(seed), number(which)).1, file),
        [count] => trial_of(number(count), 1),
        [count, seed] => trial_of(number(count), number(seed)),
        _ => println!("hostile COUNT [SEED]"),
    }
}

fn keep(input: gallery::Input, file: &str) {
    match input {
        gallery::Input::File(bytes) => std::fs::write(file, bytes).unwrap(),
        gallery::Input::Frame(width, height, rgba) => {
            let frame = image::RgbaImage::from_raw(width, height, rgba).unwrap();
            frame.save_with_format(file, image::ImageFormat::Png).unwrap();
        }
    }
}

#[derive(Default)]
struct Tally {
    count: usize,
    refused: usize,
    with_codes: usize,
    bad: usize,
    slow: usize,
    times: Vec<f64>,
    peak: u64,
}

fn trial_of(count: u64, seed: u64) {
    let program = std::env::current_exe().unwrap();
    let looking = |first: u64, end: u64| {
        let mut command = Command::new(&program);
        command.args(["--look".to_owned(), seed.to_string(), first.to_string(), end.to_string()]);
        command
    };
    let mut kinds: BTreeMap<String, Tally> = BTreeMap::new();
    let mut caught: BTreeMap<String, usize> = BTreeMap::new();
    let (began, mut worst) = (Instant::now(), (0.0_f64, 0_u64));
    trial::run(looking, 0, count, |verdict| {
        let tally = kinds.entry(verdict.kind.clone()).or_default();
        tally.count += 1;
        tally.refused += usize::from(verdict.outcome == Outcome::Refused);
        tally.with_codes += usize::from(matches!(verdict.outcome, Outcome::Read(1..)));
        tally.bad += usize::from(verdict.is_bad() || verdict.peak >= MEMORY_KIB);
        tally.slow += usize::from(verdict.ms > SLOW_MS);
        tally.times.push(verdict.ms);
        tally.peak = tally.peak.max(verdict.peak);
        let mut places = verdict.caught.clone();
        places.sort();
        places.dedup();
        places.into_iter().for_each(|place| *caught.entry(place).or_default() += 1);
        report(&verdict, seed);
        worst = (worst.0.max(verdict.ms), worst.1.max(verdict.peak));
        let done = verdict.number + 1;
        if done.is_multiple_of(EVERY) {
            let (ms, peak) = (worst.0, worst.1 / 1024);
            println!("{done} of {count} after {:.0} s: at most {ms:.0} ms, {peak} MiB", began.elapsed().as_secs_f64());
        }
    });
    println!(
        "\n{:49} {:>6} {:>8} {:>6} {:>10} {:>9} {:>6} {:>9}",
        "kind", "count", "refused", "codes", "median ms", "worst ms", "slow", "peak MiB"
    );
    let mut whole = Tally::default();
    for (kind, mut tally) in kinds {
        line(&kind, &mut tally);
        whole.count += tally.count;
        whole.refused += tally.refused;
        whole.with_codes += tally.with_codes;
        whole.bad += tally.bad;
        whole.slow += tally.slow;
        whole.peak = whole.peak.max(tally.peak);
        whole.times.extend(tally.times);
    }
    line("all", &mut whole);
    println!("\npanics of decoders that the scanner caught: {}", caught.values().sum::<usize>());
    caught.iter().for_each(|(place, times)| println!("  {times:>5} {place}"));
    println!(
        "{}: no panic came out, no process fell, none had 512 MiB or more ({} did)",
        verdict(whole.bad == 0),
        whole.bad
    );
    println!("{}: each within 2 s ({} were not)", verdict(whole.slow == 0), whole.slow);
}

/// What is worth a line before the table.
fn report(Verdict { number, kind, outcome, ms, peak, .. }: &Verdict, seed: u64) {
    let again = format!("(--look {seed} {number} {})", number + 1);
    match outcome {
        Outcome::Panicked | Outcome::Died | Outcome::Hung => println!("BAD: {kind} {outcome:?} {again}"),
        _ if *peak >= MEMORY_KIB => println!("BAD: {kind} had {} MiB {again}", peak / 1024),
        _ if *ms > SLOW_MS => println!("slow: {kind} took {ms:.0} ms {again}"),
        _ => {}
    }
}

fn line(kind: &str, tally: &mut Tally) {
    tally.times.sort_by(f64::total_cmp);
    let median = tally.times.get(tally.times.len() / 2).copied().unwrap_or_default();
    let worst = tally.times.last().copied().unwrap_or_default();
    println!(
        "{kind:49} {:>6} {:>8} {:>6} {median:>10.1} {worst:>9.0} {:>6} {:>9}",
        tally.count,
        tally.refused,
        tally.with_codes,
        tally.slow,
        tally.peak / 1024
    );
}

fn verdict(reached: bool) -> &'static str {
    if reached { "reached" } else { "MISSED" }
}
