//! `cargo xtask test`: every step, whatever the one before it said, and one summary.

use std::time::{Duration, Instant};

use crate::{
    counts::Counts,
    stage::Stage,
    steps::{Outcome, STEPS, Step},
    system,
    workspace::{Done, Workspace},
};

/// One line of the summary.
struct Row {
    name: &'static str,
    result: Done<Outcome>,
    time: Duration,
    counts: Counts,
}

/// Runs the steps; an error when one of them failed.
pub fn test(workspace: &Workspace, arguments: &[String]) -> Done {
    let steps = match chosen(arguments)? {
        Choice::List => {
            STEPS.iter().for_each(|step| println!("{:<9} {}", step.name, step.what));
            return Ok(());
        }
        Choice::Run(steps) => steps,
    };
    let little_room = system::room(&workspace.target(""));
    little_room.iter().for_each(|warning| println!("{warning}"));
    let mut rows = Vec::new();
    let mut needs: Vec<_> = steps.iter().flat_map(|step| step.needs.iter().copied()).collect();
    needs.dedup();
    if !needs.is_empty() {
        let start = Instant::now();
        let result = system::require(&needs);
        println!("{}", result.as_ref().unwrap_or_else(|error| error));
        let result = result.map(|_| Outcome::Passed);
        rows.push(Row { name: "system", result, time: start.elapsed(), counts: Counts::default() });
    }
    for step in steps {
        println!("\n── {} ── {}", step.name, step.what);
        rows.push(row(workspace, step));
    }
    println!("\n{}", summary(&rows));
    // Said again where it may be why.
    if let Some(warning) = little_room.filter(|_| rows.iter().any(|row| row.result.is_err())) {
        eprintln!("{warning}");
    }
    match rows.iter().filter(|row| row.result.is_err()).count() {
        0 => Ok(()),
        1 => Err("one step failed; what it said is in target/xtask".into()),
        failed => Err(format!("{failed} steps failed; what they said is in target/xtask")),
    }
}

enum Choice {
    List,
    Run(Vec<&'static Step>),
}

fn chosen(arguments: &[String]) -> Done<Choice> {
    let mut only = Vec::new();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match (argument.as_str(), argument.strip_prefix("--only=")) {
            ("--list", _) => return Ok(Choice::List),
            (_, Some(name)) => only.push(name),
            ("--only", _) => only.push(arguments.next().ok_or("--only needs the name of a step")?),
            (other, _) => return Err(format!("test does not know {other}")),
        }
    }
    let only: Vec<&str> = only.iter().flat_map(|names| names.split(',')).collect();
    if let Some(unknown) = only.iter().find(|name| !STEPS.iter().any(|step| step.name == **name)) {
        return Err(format!("there is no step {unknown}; --list names them"));
    }
    Ok(Choice::Run(STEPS.iter().filter(|step| only.is_empty() || only.contains(&step.name)).collect()))
}

fn row(workspace: &Workspace, step: &Step) -> Row {
    let start = Instant::now();
    let mut counts = Counts::default();
    let result = Stage::new(workspace, step.name, step.minutes).and_then(|mut stage| {
        let result = (step.body)(&mut stage);
        counts = stage.counts();
        result
    });
    if let Err(error) = &result {
        println!("FAILED: {error}");
    }
    Row { name: step.name, result, time: start.elapsed(), counts }
}

/// The table, the reasons, and as its last line `N passed, M failed`: tests where a step counts them, else the step itself.
fn summary(rows: &[Row]) -> String {
    let mut text = format!("{:<9} {:<8} {:>7}  tests\n", "step", "result", "seconds");
    let mut notes = String::new();
    let mut total = Counts::default();
    for row in rows {
        let Row { name, result, time, counts } = row;
        let word = match result {
            Ok(Outcome::Passed) => "passed",
            Ok(Outcome::Skipped(reason)) => {
                notes.push_str(&format!("{name} was skipped: {reason}\n"));
                "skipped"
            }
            Err(error) => {
                notes.push_str(&format!("{name} failed: {error}\n"));
                "FAILED"
            }
        };
        total += weight(row);
        let tests = match counts {
            counts if counts.is_empty() => String::new(),
            Counts { passed, failed, skipped } => format!("{passed} passed, {failed} failed, {skipped} skipped"),
        };
        let line = format!("{name:<9} {word:<8} {:>7.1}  {tests}", time.as_secs_f64());
        text.push_str(line.trim_end());
        text.push('\n');
    }
    let Counts { passed, failed, skipped } = total;
    if skipped > 0 {
        notes.push_str(&format!("{skipped} were skipped, or said that they left their work out\n"));
    }
    format!("{text}{notes}{passed} passed, {failed} failed")
}

/// What a row adds to the last line. A step that failed fails at least once, whatever its tests say.
fn weight(row: &Row) -> Counts {
    let one = usize::from(row.counts.passed + row.counts.failed == 0);
    let mut counts = row.counts;
    match row.result {
        Ok(Outcome::Passed) => counts.passed += one,
        Ok(Outcome::Skipped(_)) => counts.skipped += one,
        Err(_) => counts.failed = counts.failed.max(1),
    }
    counts
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn row(result: Done<Outcome>, passed: usize, failed: usize) -> Row {
        Row { name: "rust", result, time: Duration::ZERO, counts: Counts { passed, failed, skipped: 0 } }
    }

    fn last_line(rows: &[Row]) -> String {
        summary(rows).lines().next_back().unwrap().to_owned()
    }

    #[test]
    fn the_last_line_adds_tests_and_steps() {
        let rows = [row(Ok(Outcome::Passed), 12, 0), row(Ok(Outcome::Passed), 0, 0)];
        assert_eq!(last_line(&rows), "13 passed, 0 failed");
    }

    #[test]
    fn a_step_that_does_not_compile_fails_without_a_failed_test() {
        assert_eq!(last_line(&[row(Err("no".into()), 12, 0)]), "12 passed, 1 failed");
        assert_eq!(last_line(&[row(Err("no".into()), 12, 3)]), "12 passed, 3 failed");
    }

    #[test]
    fn a_skipped_step_is_never_green() {
        let rows = [row(Ok(Outcome::Skipped("Linux only".into())), 0, 0)];
        let summary = summary(&rows);
        assert!(summary.contains("rust was skipped: Linux only"));
        assert!(summary.ends_with("0 passed, 0 failed"));
    }

    #[test]
    fn an_unknown_step_is_refused() {
        assert!(chosen(&["--only".into(), "tea".into()]).is_err());
        assert!(matches!(chosen(&["--only=fmt,gate".into()]), Ok(Choice::Run(steps)) if steps.len() == 2));
    }
}
