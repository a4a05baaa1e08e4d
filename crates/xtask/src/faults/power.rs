//! Power cuts: what is on the disk at some moment is all that is left.
//!
//! A loop of saves runs on an ext4 file system in a file. At random moments the program is stopped and the file copied, until
//! a copy is the same as the file (the kernel may still be writing). What the kernel had only in memory is not in the copy.
//! Then the copy is mounted, its journal replayed, and the vault looked at. In half of the rounds the file system gives away
//! every kindness that is not promised (`data=writeback,noauto_da_alloc`).

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread::{sleep, spawn},
    time::Duration,
};

use super::{
    Row,
    bench::{Bench, copy_all},
    mounts::Mount,
    strace,
};
use crate::workspace::{Done, run};

/// Bytes of the file with the file system.
const SIZE: u64 = 16 * 1024 * 1024;
const PER_ROUND: usize = 10;
const MODES: [&str; 2] = ["", "data=writeback,noauto_da_alloc"];

/// Power cuts in a loop of saves.
pub fn power_cuts(bench: &mut Bench, row: &mut Row) -> Done {
    let rounds = bench.times(24, 2);
    cut(bench, row, rounds, false)
}

/// The same while each flush only says that it flushed: if this lost nothing, the row before would show nothing.
pub fn power_cuts_with_flushes_that_lie(bench: &mut Bench, row: &mut Row) -> Done {
    let rounds = bench.times(2, 1);
    cut(bench, row, rounds, true)?;
    if row.skipped.is_none() {
        row.note = format!("{} of {} lost something, as they should", row.failures.len(), row.count);
        row.failures = match row.failures.is_empty() {
            true => vec!["nothing was lost: the power cuts show nothing".into()],
            false => vec![],
        };
    }
    Ok(())
}

fn cut(bench: &mut Bench, row: &mut Row, rounds: usize, flushes_lie: bool) -> Done {
    let base = bench.place()?;
    bench.prepare(&base, &["make"])?;
    bench.prepare(&base, &["loop", "bob", "1"])?;
    let mut confirmed = 0;
    for round in 0..rounds {
        let work = bench.place_on_disk()?;
        let image = work.join("image");
        fs::File::create(&image).and_then(|file| file.set_len(SIZE)).map_err(|error| error.to_string())?;
        let Some(mount) = Mount::new_image(&work.join("disk"), &image, MODES[round % 2])? else {
            return row.skip("mounting needs an administrator");
        };
        let place = mount.folder.join("place");
        copy_all(&base, &place)?;
        run(Command::new("sync").arg("--file-system").arg(&place))?;
        let saver = bench.saver(&place, &["loop", "bob", "1000000"]);
        let mut saver = match flushes_lie {
            true => {
                let mut traced = strace::under("fsync", "fsync:retval=0");
                strace::adopt(traced.arg("--seccomp-bpf"), &saver);
                traced
            }
            false => saver,
        };
        let mut child = saver.stdout(Stdio::piped()).spawn().map_err(|error| error.to_string())?;
        let lines = follow(&mut child);
        for number in 0..PER_ROUND {
            sleep(Duration::from_micros(bench.random.below(80_000)));
            let copy = work.join("copy");
            let last = while_stopped(&mut child, &lines, || copy_until_same(&image, &copy))?;
            confirmed += usize::from(last.is_some());
            let wrong = look(bench, &work, &copy, last)?;
            row.tried(&format!("round {round}, cut {number}, {:?}", MODES[round % 2]), wrong);
        }
        end(&mut child);
        mount.end()?;
        fs::remove_dir_all(&work).map_err(|error| error.to_string())?;
    }
    row.note = format!("in {confirmed} something had been confirmed since the cut before");
    Ok(())
}

/// The numbers of the confirmed saves, as they come.
fn follow(child: &mut Child) -> Receiver<u64> {
    let (sender, lines) = channel();
    let output = child.stdout.take();
    spawn(move || {
        let lines = output.map(BufReader::new).into_iter().flat_map(BufRead::lines).map_while(Result::ok);
        for line in lines {
            let number = line.rsplit(' ').next().and_then(|number| number.parse().ok());
            if number.is_none_or(|number| sender.send(number).is_err()) {
                break;
            }
        }
    });
    lines
}

/// Stops the program, does something, lets it go on. Returns the last number it had confirmed.
fn while_stopped(child: &mut Child, lines: &Receiver<u64>, work: impl FnOnce() -> Done) -> Done<Option<u64>> {
    signal(child, "STOP")?;
    // What it had printed is on its way here.
    sleep(Duration::from_millis(30));
    let outcome = work();
    let last = lines.try_iter().last();
    signal(child, "CONT")?;
    outcome.map(|()| last)
}

/// The program, and what runs under it where it is a strace.
fn signal(child: &Child, signal: &str) -> Done {
    let pid = child.id().to_string();
    let below = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    let mut command = Command::new("kill");
    // The one below first: a stopped strace would not let it stop.
    command.arg(format!("-{signal}")).args(below.split_whitespace()).arg(&pid);
    run(&mut command)
}

fn end(child: &mut Child) {
    let _ = signal(child, "KILL");
    let _ = child.wait();
}

fn copy_until_same(image: &Path, copy: &Path) -> Done {
    let read = |path: &Path| fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
    let mut before = read(image)?;
    for _ in 0..200 {
        let now = read(image)?;
        if now == before {
            return fs::write(copy, now).map_err(|error| error.to_string());
        }
        before = now;
    }
    Err("the disk does not come to rest".into())
}

/// Mounts a copy, which replays its journal, and looks at the vault.
fn look(bench: &mut Bench, work: &Path, copy: &Path, confirmed: Option<u64>) -> Done<Option<String>> {
    let Some(mount) = Mount::image(&work.join("after"), copy, "")? else {
        return Ok(Some("the file system cannot be mounted".into()));
    };
    let found = bench.check(&mount.folder.join("place"))?;
    let account = found.account("bob").and_then(|number| number.parse::<u64>().ok());
    mount.end()?;
    Ok(found.unsound().or_else(|| match (account, confirmed) {
        (None, _) => Some("an account is gone".into()),
        (Some(account), Some(confirmed)) if account < confirmed => {
            Some(format!("{account} after {confirmed} was confirmed"))
        }
        _ => None,
    }))
}
