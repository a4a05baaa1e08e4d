//! Looks for secrets in the memory of running processes. For the journey that shows that locking leaves none behind.
//!
//! Usage: `memory-search PID... < NEEDLES`, where each line of the needles is `NAME KIND VALUE` and the kind is `text`, `hex` or
//! `base32` (spaces within it are passed over). Every needle is looked for in many spellings ([`needles`]) and, where it is long
//! enough, by halves, since a field that is typed into leaves all the beginnings of its text behind.
//!
//! Prints one JSON document a line: what was searched of each process, then what was found. **Never what was looked for.** Reading
//! another process's memory is a matter for root: the app keeps all others out.

#![allow(clippy::print_stdout)] // What it is there for.

#[cfg(target_os = "linux")]
mod needles;
#[cfg(target_os = "linux")]
mod process;

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    use std::{io::Read, process::ExitCode};

    #[allow(clippy::disallowed_methods)] // A program's main may read its arguments.
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let pids: Option<Vec<u32>> = arguments.iter().map(|pid| pid.parse().ok()).collect();
    let mut lines = String::new();
    let read = std::io::stdin().read_to_string(&mut lines);
    let needles = needles::Needles::parse(&lines);
    match (pids, read, needles) {
        (Some(pids), Ok(_), Some(needles)) if !pids.is_empty() => {
            // A process that cannot be read was not found clean.
            let unread = pids.into_iter().filter(|pid| !process::search(*pid, &needles)).count();
            if unread == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        _ => ExitCode::from(2),
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {}
