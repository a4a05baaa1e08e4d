//! V8 and S8: an older file in the vault's place, a damaged one, none.

use std::{fs, path::Path, process::Command};

use super::{Row, bench::Bench, strace};
use crate::workspace::Done;

/// So many older revisions are put in place.
const OLDER: usize = 10;

/// V8: each of ten older revisions put in place is noticed, and no ordinary save is taken for one.
pub fn older_revisions(bench: &mut Bench, row: &mut Row) -> Done {
    let place = bench.place()?;
    bench.prepare(&place, &["make"])?;
    // Eleven revisions; the last one is the vault as it is.
    let older = bench.place()?;
    for number in 0..=OLDER {
        bench.prepare(&place, &["loop", "bob", "1"])?;
        fs::copy(place.join("vault.warifu"), older.join(number.to_string())).map_err(|error| error.to_string())?;
    }
    bench.check(&place)?;
    let mut warnings = 0;
    for number in 0..OLDER {
        let place = bench.duplicate(&place)?;
        fs::copy(older.join(number.to_string()), place.join("vault.warifu")).map_err(|error| error.to_string())?;
        let found = bench.check(&place)?;
        let told = found.notices.iter().any(|notice| notice == "vault_rolled_back");
        warnings += usize::from(told);
        row.tried(&format!("older revision {number}"), (!told).then(|| format!("{:?}", found.notices)));
    }
    let saves = bench.times(1000, 60);
    for number in 0..saves {
        bench.prepare(&place, &["loop", "bob", "1"])?;
        let found = bench.check(&place)?;
        let alarm = (!found.notices.is_empty()).then(|| format!("{:?}", found.notices));
        row.tried(&format!("ordinary save {number}"), alarm.or(found.unsound()));
    }
    row.note = format!("{warnings} warnings for {OLDER} older revisions, {saves} ordinary saves");
    Ok(())
}

/// S8: whatever happened to the file, it is not taken for a first start, and the newest good backup brings all of it back.
pub fn deleted_or_damaged(bench: &mut Bench, row: &mut Row) -> Done {
    let base = bench.place()?;
    bench.prepare(&base, &["make"])?;
    bench.prepare(&base, &["loop", "bob", "5"])?;
    let bytes = fs::read(base.join("vault.warifu")).map_err(|error| error.to_string())?;
    let flips = bench.times(60, 6);
    let mut damages: Vec<(String, Damage)> = vec![
        ("deleted".into(), Damage::Deleted),
        ("empty".into(), Damage::Bytes(vec![])),
        ("zeros".into(), Damage::Bytes(vec![0; bytes.len()])),
        ("another file".into(), Damage::Bytes(b"PK\x03\x04 not a vault at all".repeat(100))),
        ("too long".into(), Damage::Bytes([&bytes[..], b"x"].concat())),
        ("a folder in its place".into(), Damage::Folder),
    ];
    damages.extend([64, 65, 3000].map(|size| (format!("{size} MiB and a byte"), Damage::Size((size << 20) + 1))));
    damages.extend(
        (1..8).map(|eighth| {
            (format!("cut off at {eighth}/8"), Damage::Bytes(bytes[..bytes.len() * eighth / 8].to_vec()))
        }),
    );
    for _ in 0..flips {
        let bit = bench.random.below(8 * bytes.len() as u64) as usize;
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        damages.push((format!("bit {bit} flipped"), Damage::Bytes(flipped)));
    }
    if bench.can_trace {
        damages.push(("a disk that does not read it".into(), Damage::Unreadable));
    } else {
        row.note = "not with a disk that does not read it: strace may not trace here".into();
    }
    for (what, damage) in damages {
        let place = bench.duplicate(&base)?;
        damage.do_to(&place.join("vault.warifu")).map_err(|error| error.to_string())?;
        let wrong = brought_back(bench, &place, matches!(damage, Damage::Unreadable))?;
        row.tried(&what, wrong);
        fs::remove_dir_all(&place).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// What becomes of a vault file.
enum Damage {
    Deleted,
    Bytes(Vec<u8>),
    /// The vault, and zeros up to so many bytes.
    Size(u64),
    Folder,
    /// The file is as it was, but each read of it fails.
    Unreadable,
}

impl Damage {
    fn do_to(&self, vault: &Path) -> std::io::Result<()> {
        match self {
            Damage::Deleted => fs::remove_file(vault),
            Damage::Bytes(bytes) => fs::write(vault, bytes),
            Damage::Size(size) => fs::OpenOptions::new().write(true).open(vault)?.set_len(*size),
            Damage::Folder => fs::remove_file(vault).and_then(|()| fs::create_dir(vault)),
            Damage::Unreadable => Ok(()),
        }
    }
}

/// What is wrong with how the vault of a place is lost and brought back.
fn brought_back(bench: &mut Bench, place: &Path, is_unreadable: bool) -> Done<Option<String>> {
    let command = |bench: &Bench, what: &[&str]| {
        let saver = bench.saver(place, what);
        match is_unreadable {
            true => unreadable(&saver, &place.join("vault.warifu")),
            false => saver,
        }
    };
    let state = match is_unreadable {
        true => bench.look_with(command(bench, &["check"]), place)?.state,
        false => bench.check(place)?.state,
    };
    if !state.starts_with("unreadable") {
        return Ok(Some(state));
    }
    if strace::run_with_password(&mut command(bench, &["do", "create"]))?.success {
        return Ok(Some("a new vault was made in its place".into()));
    }
    let run = strace::run_with_password(&mut command(bench, &["do", "restore newest"]))?;
    if !run.success {
        return Ok(Some(format!("it is not brought back: {}", run.printed.trim())));
    }
    let found = bench.check(place)?;
    Ok(found.unsound().or((found.account("bob") != Some("5")).then(|| found.contents.to_string())))
}

/// A program that cannot read a file: the file which lies there now, not one that takes its place.
fn unreadable(command: &Command, file: &Path) -> Command {
    let mut traced = Command::new("strace");
    traced.args(["-f", "-qq", "-o", "/dev/null", "-P"]).arg(file).args(["-e", "trace=read,pread64"]);
    traced.args(["-e", "inject=read,pread64:error=EIO"]);
    strace::adopt(&mut traced, command);
    traced
}
