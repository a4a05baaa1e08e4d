//! What is said of the rows: on the terminal, and in docs/RELIABILITY.md.

use std::{fmt::Write, fs};

use super::Row;
use crate::workspace::{Done, Workspace, output};

/// One row on the terminal.
pub fn line(row: &Row) -> String {
    let Row { id, what, count, failures, note, skipped } = row;
    match skipped {
        Some(reason) => format!("{id:<13} skipped: {reason} ({what})"),
        None => format!("{id:<13} {count:>6} times, {} failed  {what}; {note}", failures.len()),
    }
}

/// What is tried, when and where: asked before it begins.
pub fn occasion(workspace: &Workspace) -> String {
    let said = |program: &str, arguments: &[&str]| {
        output(workspace.command(program).args(arguments)).unwrap_or_default().trim().to_owned()
    };
    let changed = !said("git", &["status", "--porcelain", "--untracked-files=no"]).is_empty();
    let commit = said("git", &["rev-parse", "--short=12", "HEAD"]) + if changed { " and changes to it" } else { "" };
    let date = said("date", &["-u", "+%Y-%m-%d"]);
    let system = said("uname", &["-sr"]);
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{date}, commit {commit}, {system}, {processors} processors")
}

/// Writes docs/RELIABILITY.md.
pub fn write(workspace: &Workspace, occasion: &str, rows: &[Row]) -> Done {
    let mut text = format!("{HEAD}Last run: {occasion}.\n\n");
    text.push_str("| row | what was done | times | failed | |\n|---|---|---:|---:|---|\n");
    for Row { id, what, count, failures, note, skipped } in rows {
        let (count, note) = match skipped {
            Some(reason) => ("–".to_owned(), format!("skipped: {reason}")),
            None => (count.to_string(), note.clone()),
        };
        let _ = writeln!(text, "| {id} | {what} | {count} | {} | {note} |", failures.len());
    }
    let total: usize = rows.iter().map(|row| row.count).sum();
    let failed: usize = rows.iter().map(|row| row.failures.len()).sum();
    let _ = writeln!(text, "| | all together | {total} | {failed} | |");
    fs::write(workspace.path("docs/RELIABILITY.md"), text).map_err(|error| format!("docs/RELIABILITY.md: {error}"))
}

const HEAD: &str = "\
# Reliability

What happens to a vault when programs are killed, disks fail or are full, the power goes, or several programs save at once.
`cargo xtask faults` tries it on the real programs and writes this page; `cargo xtask test` runs a share of it each time (step
`faults`).

After each fault the next start looks at what is there. A row has failed where the vault did not open with the old contents or
the new, where something was confirmed and is not there, where a backup is broken, or where a temporary file outlives that start.

";
