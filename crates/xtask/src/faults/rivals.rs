//! C1 and C2: programs that save at the same time.

use std::{
    io::{Read, Write},
    path::Path,
    process::{Command, Stdio},
};

use super::{Row, bench::Bench, strace};
use crate::workspace::Done;

/// C1: the system's locks work.
pub fn with_locks(bench: &mut Bench, row: &mut Row) -> Done {
    let saves = bench.times(500, 30);
    compete(bench, row, saves, None)
}

/// C2: each lock says that it is taken, and is not.
pub fn with_locks_that_lie(bench: &mut Bench, row: &mut Row) -> Done {
    let saves = bench.times(500, 15);
    compete(bench, row, saves, Some("flock:retval=0"))
}

/// C2: there are no locks.
pub fn without_locks(bench: &mut Bench, row: &mut Row) -> Done {
    let saves = bench.times(500, 15);
    compete(bench, row, saves, Some("flock:error=EOPNOTSUPP"))
}

const PROGRAMS: usize = 8;

/// Each program renames an account of its own, again and again, and looks whether the name before was still there.
fn compete(bench: &mut Bench, row: &mut Row, saves: usize, locks: Option<&str>) -> Done {
    let place = bench.place_on_disk()?;
    bench.prepare(&place, &["make"])?;
    let before = bench.check(&place)?.revision;
    let name = |number: usize| format!("p{number}");
    let times = saves.to_string();
    let mut children = Vec::new();
    for number in 0..PROGRAMS {
        let mut command = program(bench, &place, &["race", &name(number), &times], locks);
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().map_err(|error| error.to_string())?;
        // All have it open before the first one saves.
        let ready = child.stdout.as_mut().map(|output| output.read_exact(&mut [0; "ready\n".len()]));
        ready.ok_or("no output")?.map_err(|error| format!("{} is not ready: {error}", name(number)))?;
        children.push(child);
    }
    for child in &mut children {
        let _ = child.stdin.take().map(|mut input| input.write_all(b"go\n"));
    }
    // Each in a thread of its own, so that no pipe fills up.
    let readers: Vec<_> =
        children.into_iter().map(|child| std::thread::spawn(move || child.wait_with_output())).collect();
    let mut again = 0;
    for (number, reader) in readers.into_iter().enumerate() {
        let output = reader.join().map_err(|_| "a reader fell over")?.map_err(|error| error.to_string())?;
        let said = String::from_utf8_lossy(&output.stdout);
        let confirmed = said.lines().filter(|line| line.starts_with("saved ")).count();
        again += said.lines().filter(|line| line.starts_with("failed ")).count();
        row.count += confirmed;
        if confirmed != saves || !output.status.success() {
            let errors = String::from_utf8_lossy(&output.stderr);
            let first = errors.lines().find(|line| line.contains("panicked")).unwrap_or_default();
            let next = errors.lines().skip_while(|line| !line.contains("panicked")).nth(1).unwrap_or_default();
            let last = said.lines().last().unwrap_or_default();
            row.failures.push(format!("{} ended after {confirmed} saves: {last} {first} {next}", name(number)));
        }
    }
    let found = bench.check(&place)?;
    row.failures.extend(found.unsound());
    if found.notices.iter().any(|notice| notice == "vault_rolled_back") {
        row.failures.push("a false alarm: nobody has put an older revision in place".into());
    }
    for number in 0..PROGRAMS {
        // An account whose adding was refused, and which a rival had taken up all the same, is there twice.
        let accounts = found.accounts(&name(number));
        if !accounts.contains(&&*times) {
            row.failures.push(format!("{} has {accounts:?}, and {times} was confirmed", name(number)));
        }
    }
    let revisions = found.revision - before;
    row.note = format!("{revisions} revisions, {again} saves refused and made again, no update lost");
    if locks.is_none() && revisions != (PROGRAMS * (saves + 1)) as u64 {
        row.failures.push(format!("{revisions} revisions for {PROGRAMS} times {saves} saves and one account each"));
    }
    if !row.failures.is_empty() {
        row.note = format!("{revisions} revisions, {again} saves refused");
    }
    Ok(())
}

fn program(bench: &Bench, place: &Path, what: &[&str], locks: Option<&str>) -> Command {
    let saver = bench.saver(place, what);
    match locks {
        None => saver,
        Some(inject) => {
            let mut traced = strace::under("flock", inject);
            strace::adopt(traced.arg("--seccomp-bpf"), &saver);
            traced
        }
    }
}
