//! S1 and S6: programs that are killed.

use std::{
    io::{BufRead, BufReader},
    process::Stdio,
    thread::sleep,
    time::Duration,
};

use super::{
    Row, Scale,
    bench::Bench,
    operations::{self, Operation},
    strace::{self, Fault},
};
use crate::workspace::Done;

/// S1: every operation, killed before each of its calls.
pub fn before_each_call(bench: &mut Bench, row: &mut Row) -> Done {
    let operations = operations::of_the_saver(bench)?;
    let share = bench.times(1, 12);
    kill(bench, row, &operations, share)
}

/// S1: the same with the command line.
pub fn before_each_call_of_the_command_line(bench: &mut Bench, row: &mut Row) -> Done {
    let operations = operations::of_the_command_line(bench)?;
    let share = bench.times(1, 30);
    kill(bench, row, &operations, share)
}

/// Kills before one in so many calls.
fn kill(bench: &mut Bench, row: &mut Row, operations: &[Operation], share: usize) -> Done {
    let (mut done, mut offset) = (0, 0);
    for operation in operations {
        let place = bench.duplicate(&operation.before)?;
        let calls = strace::calls(&operation.command(bench, &place), &place)?;
        offset += 1;
        for call in calls.iter().skip(offset % share).step_by(share) {
            let what = format!("{}, killed before {} {}", operation.name, call.name, call.number);
            let place = bench.duplicate(&operation.before)?;
            let run = strace::run_with_fault(&operation.command(bench, &place), call, Fault::Kill)?;
            let said_done = operation.said_done(&run.printed);
            done += usize::from(said_done);
            let wrong = match run.killed {
                true => operation.judge(bench, &place, &run.printed)?,
                false => Some("it was not killed there".into()),
            };
            let wrong = match wrong {
                // And life goes on.
                None if operation.found[0].state == "open" => bench.prepare(&place, &["do", "add"]).err(),
                wrong => wrong,
            };
            if wrong.is_none() {
                let _ = std::fs::remove_dir_all(&place);
            }
            row.tried(&what, wrong);
        }
    }
    row.note = format!("{} operations; {done} had said that they were done", operations.len());
    Ok(())
}

/// S6: a program that saves without end, killed at moments nobody chose.
pub fn at_random_moments(bench: &mut Bench, row: &mut Row) -> Done {
    let place = bench.place_on_disk()?;
    bench.prepare(&place, &["make"])?;
    bench.prepare(&place, &["loop", "bob", "1"])?;
    let (mut account, mut saves, mut stray) = ("1".to_owned(), 0, 0);
    for number in 0..bench.times(2000, 150) {
        let mut command = bench.saver(&place, &["loop", "bob", "1000000"]);
        let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| error.to_string())?;
        sleep(Duration::from_micros(2_000 + bench.random.below(60_000)));
        let _ = child.kill();
        // All that it said before it died is still in the pipe.
        let said = child.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines).map_while(Result::ok);
        let said: Vec<String> = said.collect();
        let _ = child.wait();
        let confirmed = said.iter().filter_map(|line| line.strip_prefix("saved ")?.split_once(' ')).next_back();
        let refused = said.iter().find(|line| !line.starts_with("saved "));
        saves += said.len();

        let found = bench.check(&place)?;
        stray += found.temporary[0];
        let now = found.account("bob").unwrap_or_default().to_owned();
        let next = |account: &str| account.parse::<u64>().map(|number| (number + 1).to_string()).unwrap_or_default();
        let wrong = found.unsound().or_else(|| match confirmed {
            _ if refused.is_some() => Some(format!("it said {refused:?}")),
            Some((revision, _)) if revision.parse::<u64>().is_ok_and(|revision| found.revision < revision) => {
                Some(format!("revision {} after {revision} was confirmed", found.revision))
            }
            // The next one may be there, too: it was cut off after it was safe, and before it was said.
            Some((_, account)) if now != account && now != next(account) => {
                Some(format!("{now} after {account} was confirmed"))
            }
            None if now != account && now != "1" => Some(format!("{now} after {account}, and nothing was confirmed")),
            _ => None,
        });
        account = now;
        row.tried(&format!("kill {number}"), wrong);
    }
    row.note = format!("{saves} confirmed saves, {stray} temporary files left and cleared at the next start");
    if bench.scale == Scale::Full && saves < row.count {
        row.failures.push("hardly any save was reached".into());
    }
    Ok(())
}
