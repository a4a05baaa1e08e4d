//! `cargo xtask faults`: what the vault promises about crashes, failing disks and rivals, tried on real programs from outside.
//!
//! Each row does something bad to `warifu-cli` or to `saver` (crates/platform/examples/saver, which saves through the same
//! session and store) many times, and looks each time at what the next start finds. A row says how often, and what went
//! wrong. Each row that was done in full is kept under target/faults/rows; docs/RELIABILITY.md is written as soon as all of
//! them are there from one commit, so that parts (`--only`) can run one after another or two at once. `--quick` is the share
//! that the tests run each time.

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

use self::{bench::Bench, report::Occasion};
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

    /// Notes that it cannot be done here.
    fn skip(&mut self, reason: &str) -> Done {
        self.skipped = Some(reason.to_owned());
        Ok(())
    }

    /// Counts one more time, and what is wrong with it if something is.
    fn tried(&mut self, what: &str, wrong: Option<String>) {
        self.count += 1;
        self.failures.extend(wrong.map(|wrong| format!("{what}: {wrong}")));
    }
}

/// A row of the campaign.
struct Part {
    id: &'static str,
    what: &'static str,
    /// Whether it leans on strace, which some containers do not allow.
    traces: bool,
    /// Does it, and fills the row.
    body: fn(&mut Bench, &mut Row) -> Done,
}

const fn part(id: &'static str, what: &'static str, traces: bool, body: fn(&mut Bench, &mut Row) -> Done) -> Part {
    Part { id, what, traces, body }
}

const PARTS: &[Part] = &[
    part("S1", "each operation killed before each of its calls", true, kills::before_each_call),
    part("S1-cli", "warifu-cli killed before each call of a save", true, kills::before_each_call_of_the_command_line),
    part("S3", "one error at each call of each operation", true, refusals::an_error_at_each_call),
    part("S3-for-good", "errors from each writing call on", true, refusals::errors_from_each_call_on),
    part("S3-lies", "writes that say they have written, and have not", true, refusals::writes_that_lie),
    part("S4", "each operation on a disk with room for 0, 4, 8 .. KiB", false, full_disk::nearly_full),
    part("S4-read-only", "each operation where nothing, or no backup, may be written", false, full_disk::read_only),
    part("S6", "a loop of saves on a disk, killed at random moments", false, kills::at_random_moments),
    part(
        "S8",
        "the vault file deleted, damaged or unreadable, the newest good backup put back",
        false,
        older::deleted_or_damaged,
    ),
    part("V8", "older revisions put in place, and ordinary saves", false, older::older_revisions),
    part("C1", "8 programs that save at the same time", false, rivals::with_locks),
    part("C2", "the same with locks that do nothing and say they do", true, rivals::with_locks_that_lie),
    part("C2-none", "the same where there are no locks", true, rivals::without_locks),
    part("power", "the power fails at random moments of a loop of saves", false, power::power_cuts),
    part("power-control", "the same with flushes that do nothing", true, power::power_cuts_with_flushes_that_lie),
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
    if let Some(unknown) = only.iter().find(|name| !PARTS.iter().any(|part| part.id == **name)) {
        return Err(format!("there is no row {unknown}"));
    }
    if !cfg!(target_os = "linux") {
        return Err("the campaign leans on strace and on mounts, which are Linux only".into());
    }
    println!("{}", system::require(&[Need::Build, Need::Judges])?);
    let occasion = Occasion::of(workspace);
    // Two that run at once have a log each.
    let log = ["faults"].into_iter().chain(only.iter().copied()).collect::<Vec<_>>().join("-");
    let mut stage = Stage::new(workspace, &log, 240)?;
    let keep = |row: &Row| match scale {
        Scale::Full => report::keep(workspace, &occasion, row),
        Scale::Quick => Ok(()),
    };
    let rows = run(&mut stage, scale, &only, keep)?;
    if scale == Scale::Full {
        stage.say(&report::write(workspace, &occasion)?);
    }
    outcome(&rows)
}

/// The step of `cargo xtask test`.
pub fn step(stage: &mut Stage) -> Done<Outcome> {
    if !cfg!(target_os = "linux") {
        return Ok(Outcome::Skipped("the campaign leans on strace and on mounts, which are Linux only".into()));
    }
    let rows = run(stage, Scale::Quick, &[], |_| Ok(()))?;
    outcome(&rows).map(|()| Outcome::Passed)
}

fn run(stage: &mut Stage, scale: Scale, only: &[&str], keep: impl Fn(&Row) -> Done) -> Done<Vec<Row>> {
    let mut bench = Bench::new(stage, scale)?;
    let mut rows = Vec::new();
    for part in PARTS.iter().filter(|part| only.is_empty() || only.contains(&part.id)) {
        let start = Instant::now();
        let mut row = Row::new(part.id, part.what);
        let done = match part.traces && !bench.can_trace {
            true => row.skip("strace may not trace here"),
            false => (part.body)(&mut bench, &mut row),
        };
        if let Err(error) = done {
            // One that cannot be done does not keep the others from being done.
            row.failures.push(error);
        }
        let seconds = start.elapsed().as_secs_f64();
        stage.say(&format!("{} {seconds:6.1} s", report::line(&row)));
        row.failures.iter().take(20).for_each(|failure| stage.say(&format!("    {failure}")));
        stage.count(Counts {
            passed: usize::from(row.failures.is_empty() && row.skipped.is_none()),
            failed: usize::from(!row.failures.is_empty()),
            skipped: usize::from(row.skipped.is_some()),
        });
        keep(&row)?;
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
