//! `cargo xtask faults`: what the vault promises about crashes, failing disks and rivals, tried on real programs from outside.
//!
//! Each row does something bad to `warifu-cli` or to `saver` (crates/platform/examples/saver, which saves through the same
//! session and store) many times, and looks each time at what the next start finds. A row says how often, and what went
//! wrong. The whole campaign writes docs/RELIABILITY.md; `--quick` is the share of it that the tests run each time.

mod bench;
mod full_disk;
mod kills;
mod mounts;
mod older;
mod operations;
mod power;
mod refusals;
mod report;
mod rivals;
mod strace;

use std::time::Instant;

use self::bench::Bench;
use crate::{
    counts::Counts,
    stage::Stage,
    steps::Outcome,
    system::{self, Need},
    workspace::{Done, Workspace},
};

/// How much is done.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// All of it: half an hour or so.
    Full,
    /// A share of each row: some minutes.
    Quick,
}

/// What one row of the campaign found.
pub struct Row {
    /// The name of the figure it shows.
    pub id: &'static str,
    /// What is done, in one line.
    pub what: &'static str,
    /// How often it was done.
    pub count: usize,
    /// What went wrong, each in one line.
    pub failures: Vec<String>,
    /// What else is worth knowing.
    pub note: String,
    /// Why it was not done here.
    pub skipped: Option<String>,
}

impl Row {
    fn new(id: &'static str, what: &'static str) -> Self {
        Self { id, what, count: 0, failures: vec![], note: String::new(), skipped: None }
    }

    fn skipped(mut self, reason: &str) -> Self {
        self.skipped = Some(reason.to_owned());
        self
    }

    /// Counts one more time, and what is wrong with it if something is.
    fn tried(&mut self, what: &str, wrong: Option<String>) {
        self.count += 1;
        self.failures.extend(wrong.map(|wrong| format!("{what}: {wrong}")));
    }
}

/// A row of the campaign: its name, and what does it.
type Part = (&'static str, fn(&mut Bench) -> Done<Row>);

const PARTS: &[Part] = &[
    ("S1", kills::before_each_call),
    ("S1-cli", kills::before_each_call_of_the_command_line),
    ("S3", refusals::an_error_at_each_call),
    ("S3-for-good", refusals::errors_from_each_call_on),
    ("S3-lies", refusals::writes_that_lie),
    ("S4", full_disk::nearly_full),
    ("S4-read-only", full_disk::read_only),
    ("power", power::power_cuts),
    ("power-control", power::power_cuts_with_flushes_that_lie),
    ("S6", kills::at_random_moments),
    ("S8", older::deleted_or_damaged),
    ("V8", older::older_revisions),
    ("C1", rivals::with_locks),
    ("C2", rivals::with_locks_that_lie),
    ("C2-none", rivals::without_locks),
];

/// The command.
pub fn faults(workspace: &Workspace, arguments: &[String]) -> Done {
    let mut scale = Scale::Full;
    let mut only: Vec<&str> = Vec::new();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--quick" => scale = Scale::Quick,
            "--only" => only.extend(arguments.next().ok_or("--only needs the name of a row")?.split(',')),
            other => return Err(format!("faults does not know {other}")),
        }
    }
    if let Some(unknown) = only.iter().find(|name| !PARTS.iter().any(|(id, _)| id == *name)) {
        return Err(format!("there is no row {unknown}"));
    }
    if !cfg!(target_os = "linux") {
        return Err("the campaign leans on strace and on mounts, which are Linux only".into());
    }
    println!("{}", system::require(&[Need::Build, Need::Judges])?);
    let occasion = report::occasion(workspace);
    let mut stage = Stage::new(workspace, "faults", 240)?;
    let rows = run(&mut stage, scale, &only)?;
    if scale == Scale::Full && only.is_empty() {
        report::write(workspace, &occasion, &rows)?;
    }
    outcome(&rows)
}

/// The step of `cargo xtask test`.
pub fn step(stage: &mut Stage) -> Done<Outcome> {
    if !cfg!(target_os = "linux") {
        return Ok(Outcome::Skipped("the campaign leans on strace and on mounts, which are Linux only".into()));
    }
    let rows = run(stage, Scale::Quick, &[])?;
    outcome(&rows).map(|()| Outcome::Passed)
}

fn run(stage: &mut Stage, scale: Scale, only: &[&str]) -> Done<Vec<Row>> {
    let mut bench = Bench::new(stage, scale)?;
    let mut rows = Vec::new();
    for (id, part) in PARTS.iter().filter(|(id, _)| only.is_empty() || only.contains(id)) {
        let start = Instant::now();
        // One that cannot be done does not keep the others from being done.
        let row =
            part(&mut bench).unwrap_or_else(|error| Row { failures: vec![error], ..Row::new(id, "could not be done") });
        let seconds = start.elapsed().as_secs_f64();
        stage.say(&format!("{} {seconds:6.1} s", report::line(&row)));
        row.failures.iter().take(20).for_each(|failure| stage.say(&format!("    {failure}")));
        stage.count(Counts {
            passed: usize::from(row.failures.is_empty() && row.skipped.is_none()),
            failed: usize::from(!row.failures.is_empty()),
            skipped: usize::from(row.skipped.is_some()),
        });
        rows.push(row);
    }
    Ok(rows)
}

fn outcome(rows: &[Row]) -> Done {
    match rows.iter().filter(|row| !row.failures.is_empty()).count() {
        0 => Ok(()),
        failed => Err(format!("{failed} of {} rows failed", rows.len())),
    }
}
