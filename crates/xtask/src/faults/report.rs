//! What is said of the rows: on the terminal, in target/faults/rows, and in docs/RELIABILITY.md.

use std::{fmt::Write, fs, path::PathBuf};

use serde_json::{Value, json};

use super::{PARTS, Row};
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
pub struct Occasion {
    /// None where there are changes to it.
    commit: Option<String>,
    date: String,
    machine: String,
}

impl Occasion {
    pub fn of(workspace: &Workspace) -> Self {
        let said = |program: &str, arguments: &[&str]| {
            output(workspace.command(program).args(arguments)).unwrap_or_default().trim().to_owned()
        };
        let commit = said("git", &["rev-parse", "--short=12", "HEAD"]);
        // The page is what comes of it, and may be there already from a part that ended before.
        let changes = ["status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs/RELIABILITY.md"];
        let is_clean = said("git", &changes).is_empty() && !commit.is_empty();
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            commit: is_clean.then_some(commit),
            date: said("date", &["-u", "+%Y-%m-%d"]),
            machine: format!("{}, {processors} processors", said("uname", &["-sr"])),
        }
    }
}

/// Keeps a row that was done in full, so that the campaign can be done in parts.
pub fn keep(workspace: &Workspace, occasion: &Occasion, row: &Row) -> Done {
    let Row { id, count, failures, note, skipped, .. } = row;
    let Occasion { commit, date, machine } = occasion;
    let kept = json!({
        "id": id, "count": count, "failures": failures, "note": note, "skipped": skipped,
        "commit": commit, "date": date, "machine": machine,
    });
    let path = path(workspace, id);
    let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, kept.to_string()));
    written.map_err(|error| format!("{}: {error}", path.display()))
}

/// Writes docs/RELIABILITY.md if each row is there from this commit, and says whether it did.
pub fn write(workspace: &Workspace, occasion: &Occasion) -> Done<String> {
    let Some(commit) = &occasion.commit else {
        return Ok("docs/RELIABILITY.md stays as it is: there are changes that are not committed".into());
    };
    let (mut rows, mut missing) = (Vec::new(), Vec::new());
    for part in PARTS {
        let text = fs::read_to_string(path(workspace, part.id)).unwrap_or_default();
        match serde_json::from_str::<Value>(&text) {
            Ok(row) if row["commit"] == **commit => rows.push((part, row)),
            _ => missing.push(part.id),
        }
    }
    if !missing.is_empty() {
        return Ok(format!("docs/RELIABILITY.md waits for {} at {commit}", missing.join(", ")));
    }
    let mut text = format!("{HEAD}Last run: {}, {}, commit {commit}.\n\n", occasion.date, occasion.machine);
    text.push_str("| row | what was done | times | failed | |\n|---|---|---:|---:|---|\n");
    let (mut total, mut failed) = (0, 0);
    for (part, row) in &rows {
        let count = row["count"].as_u64().unwrap_or_default();
        let failures = row["failures"].as_array().map_or(0, Vec::len);
        let (times, note) = match row["skipped"].as_str() {
            Some(reason) => ("–".to_owned(), format!("skipped: {reason}")),
            None => (count.to_string(), row["note"].as_str().unwrap_or_default().to_owned()),
        };
        let _ = writeln!(text, "| {} | {} | {times} | {failures} | {note} |", part.id, part.what);
        (total, failed) = (total + count, failed + failures);
    }
    let _ = writeln!(text, "| | all together | {total} | {failed} | |");
    fs::write(workspace.path("docs/RELIABILITY.md"), text).map_err(|error| format!("docs/RELIABILITY.md: {error}"))?;
    Ok("docs/RELIABILITY.md is written".into())
}

fn path(workspace: &Workspace, id: &str) -> PathBuf {
    workspace.target(&format!("faults/rows/{id}.json"))
}

const HEAD: &str = "\
# Reliability

What happens to a vault when programs are killed, disks fail or are full, the power goes, or several programs save at once.
`cargo xtask faults` tries it on the real programs and writes this page; `cargo xtask test` runs a share of it each time (step
`faults`).

After each fault the next start looks at what is there. A row has failed where the vault did not open with the old contents or
the new, where an account has not its own key, where the recovery key that was shown does not open the vault, where something was
confirmed and is not there, where a backup is broken, or where a temporary file outlives that start.

";
