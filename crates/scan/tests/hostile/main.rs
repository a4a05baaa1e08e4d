//! Pictures made to break, starve or hang whoever looks at them.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::print_stdout, reason = "the process for the pictures reports, and a test says what it left out")]
#![allow(clippy::disallowed_methods, reason = "that process is told its part by the environment")]

mod bits;
mod codes;
#[path = "../scan/draw.rs"]
mod draw;
mod files;
mod gallery;
mod jpeg;
mod scenes;
mod trial;
mod webp;

use std::process::Command;

use trial::Verdict;

const SEED: u64 = 7;
/// `cargo xtask bench hostile` looks at ten thousand.
const SHARE: u64 = 500;
/// What the scanner promises, in KiB.
const MEMORY: u64 = 512 * 1024;

/// This very program, looking at a part of the pictures.
fn looking(first: u64, end: u64) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "the_process_that_looks", "--ignored", "--nocapture", "--test-threads=1"]);
    command.env("WARIFU_HOSTILE", format!("{first} {end}"));
    command
}

#[test]
#[ignore = "started by the test below, in a process of its own"]
fn the_process_that_looks() {
    let Ok(part) = std::env::var("WARIFU_HOSTILE") else { return };
    let part: Vec<u64> = part.split(' ').map(|number| number.parse().unwrap()).collect();
    println!();
    trial::look(SEED, part[0], part[1]);
}

#[test]
fn five_hundred_hostile_pictures_are_answered_within_the_memory() {
    let mut verdicts: Vec<Verdict> = Vec::new();
    trial::run(looking, 0, SHARE, |verdict| verdicts.push(verdict));
    assert_eq!(verdicts.len() as u64, SHARE);
    for verdict in &verdicts {
        let Verdict { number, kind, outcome, peak, .. } = verdict;
        assert!(!verdict.is_bad(), "{kind}, number {number}: {outcome:?}");
        assert!(*peak < MEMORY, "{kind}, number {number}: {peak} KiB");
    }
    // Else nothing was tried: of most files something is decoded, and some codes are codes.
    let read =
        |least: usize| verdicts.iter().filter(move |one| matches!(one.outcome, trial::Outcome::Read(n) if n >= least));
    assert!(read(0).count() > 200 && read(1).count() > 20, "{} {}", read(0).count(), read(1).count());
    if verdicts.iter().all(|verdict| verdict.peak == 0) {
        println!("skipped: this system does not say how much memory was used");
    }
}

/// The trial itself notices what it is there to notice.
#[test]
fn a_process_that_ends_early_is_noticed() {
    let ending = |_, _| {
        let mut command = Command::new("sh");
        command.args(["-c", "printf 'begin\\t3\\tsomething\\n'; exit 1"]);
        command
    };
    if cfg!(unix) {
        let mut outcomes = Vec::new();
        trial::run(ending, 3, 4, |verdict| outcomes.push(verdict.outcome));
        assert_eq!(outcomes, [trial::Outcome::Died]);
    }
}
