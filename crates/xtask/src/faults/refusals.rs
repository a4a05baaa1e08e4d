//! S3: calls that fail, once or for good, and writes that lie.

use super::{
    Row, Scale,
    bench::{Bench, leftovers},
    operations::{self, Operation},
    strace::{self, Call, Fault},
};
use crate::workspace::Done;

const ERRORS: [&str; 7] = ["EIO", "ENOSPC", "EDQUOT", "EACCES", "EROFS", "EINTR", "EMFILE"];

/// The operations of which each pair is tried.
const WHOLE: [&str; 2] = ["create", "add with a second folder"];

/// S3: each operation with one error at each of its calls.
pub fn an_error_at_each_call(bench: &mut Bench, row: &mut Row) -> Done {
    // Each pair of a call and an error where a vault is made and where it is saved with all that goes with a save; elsewhere
    // a third of the pairs.
    let share = |bench: &Bench, name: &str| bench.times(if WHOLE.contains(&name) { 1 } else { 3 }, 140);
    // Not the end of a folder's listing, of whose failure the standard library makes a panic: no system is known where it fails.
    refuse(bench, row, share, |call| !call.ends_listing, ERRORS.map(Fault::Error).as_slice())?;
    if bench.scale == Scale::Full {
        row.note +=
            &format!(" (all for {}, every third elsewhere)", WHOLE.map(|name| format!("“{name}”")).join(" and "));
    }
    Ok(())
}

/// S3: a disk that dies for good.
pub fn errors_from_each_call_on(bench: &mut Bench, row: &mut Row) -> Done {
    let share = |bench: &Bench, _: &str| bench.times(1, 30);
    refuse(bench, row, share, is_writing, ["EIO", "ENOSPC", "EROFS"].map(Fault::ErrorsFrom).as_slice())?;
    Ok(())
}

/// S3: a write says that it has taken everything, or one byte, and has taken nothing.
pub fn writes_that_lie(bench: &mut Bench, row: &mut Row) -> Done {
    let share = |bench: &Bench, _: &str| bench.times(1, 8);
    let concerns = |call: &Call| call.name == "write" && !call.is_said;
    refuse(bench, row, share, concerns, ["1", "100"].map(Fault::Lie).as_slice())?;
    Ok(())
}

fn is_writing(call: &Call) -> bool {
    ["write", "fsync", "rename", "link", "unlink", "mkdir"].iter().any(|name| call.name.starts_with(name))
}

/// Tries one in so many pairs of a call and a fault.
fn refuse(
    bench: &mut Bench,
    row: &mut Row,
    share: impl Fn(&Bench, &str) -> usize,
    concerns: impl Fn(&Call) -> bool,
    faults: &[Fault],
) -> Done {
    let operations = operations::of_the_saver(bench)?;
    let (mut failed, mut turn) = (0, 0);
    for operation in &operations {
        let place = bench.duplicate(&operation.before)?;
        let calls = strace::calls(&operation.command(bench, &place), &place)?;
        let calls = calls.iter().filter(|call| concerns(call));
        for (call, fault) in calls.flat_map(|call| faults.iter().map(move |fault| (call, *fault))) {
            turn += 1;
            if turn % share(bench, operation.name) != 0 {
                continue;
            }
            let what = format!("{}, {fault:?} at {} {}", operation.name, call.name, call.number);
            let (said_done, wrong) = one(bench, operation, call, fault)?;
            failed += usize::from(!said_done);
            row.tried(&what, wrong);
        }
    }
    row.note = format!("{failed} said that they failed; {} of {turn} pairs of a call and a fault", row.count);
    Ok(())
}

fn one(bench: &mut Bench, operation: &Operation, call: &Call, fault: Fault) -> Done<(bool, Option<String>)> {
    let place = bench.duplicate(&operation.before)?;
    let run = strace::run_with_fault(&operation.command(bench, &place), call, fault)?;
    let said_done = operation.said_done(&run.printed);
    if run.panicked || run.killed {
        return Ok((said_done, Some(format!("it fell over: {}", run.printed.trim()))));
    }
    let may_leave = call.name.starts_with("unlink");
    let left = leftovers(&place);
    let wrong = match operation.judge(bench, &place, &run.printed)? {
        None if left > 0 && !may_leave => Some(format!("{left} temporary files are left")),
        // The edit is kept, and trying again works.
        None if operation.found[0].state == "open" => bench.prepare(&place, &["do", "add"]).err(),
        wrong => wrong,
    };
    if wrong.is_none() {
        let _ = std::fs::remove_dir_all(&place);
    }
    Ok((said_done, wrong))
}
