//! S4: a disk that is nearly full, or may only be read.

use std::fs;

use super::{
    Row,
    bench::{Bench, copy_all, leftovers},
    mounts::Mount,
    operations, strace,
};
use crate::workspace::Done;

const PAGE: u64 = 4096;
const ROOM: u64 = 64 * 1024 * 1024;
const NO_MOUNTS: &str = "mounting needs an administrator";

/// S4: every operation with room for 0, 1, 2 .. pages of 4 KiB.
pub fn nearly_full(bench: &mut Bench, row: &mut Row) -> Done {
    let operations = operations::of_the_saver(bench)?;
    let folder = bench.place()?;
    let Some(mount) = Mount::memory(&folder, ROOM)? else { return row.skip(NO_MOUNTS) };
    let place = folder.join("place");
    let (pages, every) = (bench.times(24, 12) as u64, bench.times(1, 4));
    let mut saved = 0;
    for (number, operation) in operations.iter().enumerate() {
        for free in (0..pages).skip(number % every).step_by(every) {
            let what = format!("{} with {} KiB free", operation.name, free * PAGE / 1024);
            mount.remount(&format!("size={ROOM}"));
            let _ = fs::remove_dir_all(&place);
            copy_all(&operation.before, &place)?;
            let full = (1..ROOM / PAGE).find(|pages| mount.remount(&format!("size={}", pages * PAGE)));
            let full = full.ok_or("the file system has no smallest size")?;
            mount.remount(&format!("size={}", (full + free) * PAGE));
            let run = strace::run_with_password(&mut operation.command(bench, &place))?;
            let said_done = operation.said_done(&run.printed);
            saved += usize::from(said_done);
            let left = leftovers(&place);
            // It is looked at while the disk is still full.
            let wrong = match operation.judge(bench, &place, &run.printed)? {
                _ if run.panicked => Some(format!("it fell over: {}", run.printed.trim())),
                None if left > 0 => Some(format!("{left} temporary files are left")),
                None if operation.found[0].state == "open" => {
                    mount.remount(&format!("size={ROOM}"));
                    bench.prepare(&place, &["do", "add"]).err()
                }
                wrong => wrong,
            };
            row.tried(&what, wrong);
        }
    }
    row.note = format!("{saved} found room");
    mount.end()?;
    Ok(())
}

/// S4: every operation on a file system that may only be read, and with backups that may only be read.
pub fn read_only(bench: &mut Bench, row: &mut Row) -> Done {
    let operations = operations::of_the_saver(bench)?;
    let folder = bench.place()?;
    let Some(mount) = Mount::memory(&folder, ROOM)? else { return row.skip(NO_MOUNTS) };
    let place = folder.join("place");
    for operation in &operations {
        let _ = fs::remove_dir_all(&place);
        copy_all(&operation.before, &place)?;
        mount.remount("ro");
        let run = strace::run_with_password(&mut operation.command(bench, &place))?;
        let said_done = operation.said_done(&run.printed);
        let found = operation.check(bench, &place, &run.printed)?;
        mount.remount("rw");
        let [before, _] = &operation.found;
        let wrong = match () {
            // What only opens has nothing to write: a weaker slot can be raised another time.
            () if said_done && operation.name != "raise" => Some("it said done".into()),
            () if run.panicked => Some(format!("it fell over: {}", run.printed.trim())),
            () if (&found.state, &found.contents) != (&before.state, &before.contents) => {
                Some(format!("{} {}", found.state, found.contents))
            }
            () if before.state == "open" => bench.prepare(&place, &["do", "add"]).err(),
            () => None,
        };
        row.tried(operation.name, wrong);
    }
    mount.end()?;

    for operation in operations.iter().filter(|operation| operation.before.join("backups").is_dir()) {
        let place = bench.duplicate(&operation.before)?;
        let Some(mount) = Mount::memory(&place.join("backups"), ROOM)? else { return row.skip(NO_MOUNTS) };
        copy_all(&operation.before.join("backups"), &place.join("backups"))?;
        mount.remount("ro");
        let run = strace::run_with_password(&mut operation.command(bench, &place))?;
        let said_done = operation.said_done(&run.printed);
        let wrong = match operation.judge(bench, &place, &run.printed)? {
            None if !said_done => {
                Some(format!("a backup that cannot be written keeps it from saving: {}", run.printed))
            }
            wrong => wrong,
        };
        row.tried(&format!("{}, read-only backups", operation.name), wrong);
        mount.end()?;
    }
    Ok(())
}
