//! Everything that changes a vault file, from a state before it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;

use super::bench::{Bench, Found};
use crate::workspace::Done;

/// One operation of one of the programs.
pub struct Operation {
    pub name: &'static str,
    /// The state before it.
    pub before: PathBuf,
    /// What is found in the state before, and after it.
    pub found: [Found; 2],
    /// What was there before the vault was lost, where it was: bringing that back loses nothing either.
    lost: Option<Value>,
    /// Whether which password opens the vault is part of what it changes.
    passwords: bool,
    program: Program,
}

#[derive(Clone, Copy)]
enum Program {
    Saver(&'static str),
    Cli(&'static [&'static str]),
}

impl Operation {
    /// The operation at a place, not yet begun.
    pub fn command(&self, bench: &Bench, place: &Path) -> Command {
        command(bench, self.program, place)
    }

    /// Whether a program that printed this has said that it is done.
    pub fn said_done(&self, printed: &str) -> bool {
        match self.program {
            Program::Saver(_) => printed.lines().any(|line| line.starts_with("saved ")),
            Program::Cli(_) => !printed.trim().is_empty(),
        }
    }

    /// What is wrong with what is found at a place after it, whatever became of it and of the program that printed this.
    pub fn judge(&self, bench: &mut Bench, place: &Path, printed: &str) -> Done<Option<String>> {
        let said_done = self.said_done(printed);
        let found = self.check(bench, place, printed)?;
        let [before, after] = &self.found;
        if before.state != "open" && !said_done && found.state == before.state {
            // What was to be made or brought back is not there yet.
            return Ok((found.temporary[1] > 0).then(|| "a temporary file outlives the next start".into()));
        }
        Ok(found.unsound().or_else(|| match () {
            () if found.contents == after.contents => None,
            () if said_done => Some(format!("it said done, and there is {}", found.contents)),
            () if found.contents == before.contents => None,
            () if self.lost.as_ref() == Some(&found.contents) => None,
            () => Some(format!("neither the old contents nor the new: {}", found.contents)),
        }))
    }

    /// What the next start finds at a place after a program that printed this.
    pub fn check(&self, bench: &mut Bench, place: &Path, printed: &str) -> Done<Found> {
        bench.check_after(place, self.passwords, printed)
    }
}

fn command(bench: &Bench, program: Program, place: &Path) -> Command {
    match program {
        Program::Saver(what) => bench.saver(place, &["do", what]),
        Program::Cli(arguments) => {
            let mut command = Command::new(&bench.cli);
            command.arg("--vault").arg(place.join("vault.warifu")).arg("--password-stdin").args(arguments);
            // What it remembers of vaults goes with the place.
            for name in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"] {
                command.env(name, place.join("home"));
            }
            command.env("LC_ALL", "C.UTF-8").stdin(Stdio::null());
            command
        }
    }
}

/// Every operation of the saver.
pub fn of_the_saver(bench: &mut Bench) -> Done<Vec<Operation>> {
    let base = bench.place()?;
    bench.prepare(&base, &["make"])?;
    let mut operations = Vec::new();
    for (name, preparations, passwords) in [
        ("create", None, false),
        ("add", Some(&[][..]), false),
        ("rename", Some(&[]), false),
        ("delete", Some(&[]), false),
        ("undelete", Some(&["delete"]), false),
        ("remove", Some(&["delete"]), false),
        ("import", Some(&[]), false),
        ("change password", Some(&[]), true),
        ("add slot", Some(&[]), false),
        ("remove slot", Some(&["add slot"]), false),
        ("merge", Some(&["rename"]), false),
        ("restore", Some(&["rename"]), false),
        ("restore over nothing", Some(&["rename"]), false),
        ("take over", Some(&["rename"]), false),
        ("raise", None, false),
        ("second folder", Some(&[]), false),
        ("add with a second folder", Some(&["second folder"]), false),
        ("add and prune", Some(&["add"; 9]), false),
    ] {
        let before = match preparations {
            Some(_) => bench.duplicate(&base)?,
            None => bench.place()?,
        };
        if name.contains("second folder") {
            fs::create_dir(before.join("stick")).map_err(|error| error.to_string())?;
        }
        for what in preparations.unwrap_or_default() {
            bench.prepare(&before, &["do", what])?;
        }
        let whole = bench.duplicate(&before)?;
        let lies_about = |error: std::io::Error| format!("{name}: {error}");
        match name {
            "raise" => bench.prepare(&before, &["do", "create weak"])?,
            "take over" => {
                let other = bench.place()?;
                bench.prepare(&other, &["do", "create weak"])?;
                fs::copy(other.join("vault.warifu"), before.join("other.warifu")).map_err(lies_about)?;
            }
            "restore over nothing" => fs::remove_file(before.join("vault.warifu")).map_err(lies_about)?,
            "merge" => {
                let other = bench.duplicate(&base)?;
                bench.prepare(&other, &["do", "add"])?;
                fs::copy(other.join("vault.warifu"), before.join("copy.warifu")).map_err(lies_about)?;
            }
            _ => {}
        }
        let what = if name.starts_with("add ") && name != "add slot" { "add" } else { name };
        let mut operation = operation(bench, name, before, Program::Saver(what), passwords)?;
        if name == "restore over nothing" {
            operation.lost = Some(operation.check(bench, &whole, "")?.contents);
        }
        operations.push(operation);
    }
    Ok(operations)
}

/// What the command line changes.
pub fn of_the_command_line(bench: &mut Bench) -> Done<Vec<Operation>> {
    // The key that the saver gives this issuer's accounts, and expects them to have.
    const URI: &str = "otpauth://totp/new:taro?secret=OMFDB2YWPNLECAZXVOMKDB7YWUNLJCA6";
    let base = bench.place()?;
    bench.prepare(&base, &["make"])?;
    let mut operations = Vec::new();
    for (name, arguments) in [
        ("warifu-cli init", &["init"][..]),
        ("warifu-cli add", &["add", "--uri", URI, "--even-if-present"]),
        ("warifu-cli edit", &["edit", "first", "--account", "yamada"]),
        ("warifu-cli rm", &["rm", "first"]),
    ] {
        let before = if name.ends_with("init") { bench.place()? } else { bench.duplicate(&base)? };
        operations.push(operation(bench, name, before, Program::Cli(arguments), false)?);
    }
    Ok(operations)
}

/// Does it once, to know what it leads to.
fn operation(
    bench: &mut Bench,
    name: &'static str,
    before: PathBuf,
    program: Program,
    passwords: bool,
) -> Done<Operation> {
    let unharmed = bench.duplicate(&before)?;
    let mut operation = Operation { name, before, found: [nothing(), nothing()], lost: None, passwords, program };
    let mut command = operation.command(bench, &unharmed);
    let run = super::strace::run_with_password(&mut command)?;
    if !run.success {
        return Err(format!("{name} fails by itself: {}", run.printed));
    }
    // Looking changes what this machine remembers, so a copy is looked at.
    let look = bench.duplicate(&operation.before)?;
    operation.found = [operation.check(bench, &look, "")?, operation.check(bench, &unharmed, &run.printed)?];
    match operation.found[1].unsound() {
        None => Ok(operation),
        Some(wrong) => Err(format!("{name} by itself: {wrong}")),
    }
}

fn nothing() -> Found {
    Found {
        state: String::new(),
        contents: Value::Null,
        notices: vec![],
        temporary: [0, 0],
        revision: 0,
        bad_backups: 0,
        wrong_keys: vec![],
    }
}
