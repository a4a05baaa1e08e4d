//! What every row works with: the programs, places for vaults, and who looks at them afterwards.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::Value;

use super::Scale;
use crate::{
    stage::Stage,
    workspace::{Done, output},
};

/// The first line of the command line's input: the password `saver` makes vaults with.
pub const PASSWORD: &str = "kamome suido 42\n";

/// The workbench.
pub struct Bench {
    pub scale: Scale,
    /// The program that saves as the app does.
    pub saver: PathBuf,
    /// The command line.
    pub cli: PathBuf,
    /// Whether strace works here.
    pub can_trace: bool,
    pub random: Random,
    /// On the disk.
    slow: PathBuf,
    /// In memory, where nothing waits for a disk; what is tried there does not depend on one.
    fast: PathBuf,
    next: usize,
    checker: Checker,
}

/// What the next start finds in a place.
#[derive(Debug, Clone)]
pub struct Found {
    pub state: String,
    /// All that an operation may change.
    pub contents: Value,
    pub notices: Vec<String>,
    /// Temporary files before and after the start.
    pub temporary: [u64; 2],
    pub revision: u64,
    pub bad_backups: u64,
    /// Accounts that have not the key they were added with.
    pub wrong_keys: Vec<String>,
}

impl Found {
    /// The names of an issuer's accounts.
    pub fn accounts(&self, issuer: &str) -> Vec<&str> {
        let accounts = self.contents["accounts"].as_array().into_iter().flatten().filter_map(Value::as_str);
        accounts.filter_map(|account| account.strip_prefix(issuer)?.strip_prefix(' ')).collect()
    }

    /// The name of an issuer's one account.
    pub fn account(&self, issuer: &str) -> Option<&str> {
        self.accounts(issuer).first().copied()
    }

    /// What is wrong whatever happened: it does not open, a backup is broken, something was left lying about.
    pub fn unsound(&self) -> Option<String> {
        match self {
            found if found.state != "open" => Some(found.state.clone()),
            found if !found.wrong_keys.is_empty() => Some(format!("wrong keys: {}", found.wrong_keys.join(", "))),
            found if found.contents["recovery key"] == false => {
                Some("the recovery key that was shown does not open it".into())
            }
            found if found.bad_backups > 0 => Some(format!("{} bad backups", found.bad_backups)),
            found if found.temporary[0] > 1 => Some(format!("{} temporary files", found.temporary[0])),
            found if found.temporary[1] > 0 => Some("a temporary file outlives the next start".into()),
            _ => None,
        }
    }
}

impl Bench {
    /// Builds the programs and makes a place for vaults.
    pub fn new(stage: &mut Stage, scale: Scale) -> Done<Self> {
        let workspace = stage.workspace;
        stage.run(workspace.cargo(["build", "--locked", "--package", "warifu-cli"]).arg("--quiet"))?;
        let mut build = workspace.cargo(["build", "--locked", "--package", "warifu-platform", "--example", "saver"]);
        stage.run(build.arg("--quiet"))?;
        let (saver, cli) = (workspace.target("debug/examples/saver"), workspace.target("debug/warifu-cli"));
        // A place of its own, with its own programs: another campaign may run, and what it is built from may change meanwhile.
        let slow = scratch(&workspace.target("faults"))?;
        let [saver, cli] = [("saver", saver), ("warifu-cli", cli)].map(|(name, built)| {
            let own = slow.join(name);
            fs::copy(&built, &own).map(|_| own).map_err(|error| format!("{}: {error}", built.display()))
        });
        let (saver, cli) = (saver?, cli?);
        let memory = Path::new("/dev/shm");
        let fast = match memory.is_dir() {
            true => memory.join(format!("warifu-faults-{}", std::process::id())),
            false => slow.join("fast"),
        };
        make(&fast)?;
        let seed = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |time| time.as_nanos() as u64);
        let can_trace = output(Command::new("strace").args(["-o", "/dev/null", "true"])).is_some();
        let checker = Checker::start(&saver)?;
        Ok(Self { scale, saver, cli, can_trace, random: Random(seed | 1), slow, fast, next: 0, checker })
    }

    /// One of two numbers, by how much is to be done.
    pub fn times(&self, full: usize, quick: usize) -> usize {
        if self.scale == Scale::Full { full } else { quick }
    }

    /// An empty place in memory.
    pub fn place(&mut self) -> Done<PathBuf> {
        self.next += 1;
        let place = self.fast.join(self.next.to_string());
        make(&place)?;
        Ok(place)
    }

    /// An empty place on the disk.
    pub fn place_on_disk(&mut self) -> Done<PathBuf> {
        self.next += 1;
        let place = self.slow.join(self.next.to_string());
        make(&place)?;
        Ok(place)
    }

    /// The same files at another place, in memory.
    pub fn duplicate(&mut self, place: &Path) -> Done<PathBuf> {
        let copy = self.place()?;
        copy_all(place, &copy)?;
        Ok(copy)
    }

    /// Does something to a vault, and expects it to succeed.
    pub fn prepare(&self, place: &Path, what: &[&str]) -> Done {
        let output = self.saver(place, what).output().map_err(|error| error.to_string())?;
        let printed = String::from_utf8_lossy(&output.stdout);
        match output.status.success() {
            true => match recovery_key(&printed) {
                Some(key) => fs::write(place.join("recovery-key"), key).map_err(|error| error.to_string()),
                None => Ok(()),
            },
            false => Err(format!("{what:?} failed: {}", printed.trim())),
        }
    }

    /// The program that saves: `["make"]`, `["do", "add"]`, `["loop", "bob", "100"]`.
    pub fn saver(&self, place: &Path, what: &[&str]) -> Command {
        let mut command = Command::new(&self.saver);
        command.arg(what[0]).arg(place).args(&what[1..]).stdin(Stdio::null());
        command
    }

    /// What the next start finds.
    pub fn check(&mut self, place: &Path) -> Done<Found> {
        self.ask(place, "")
    }

    /// The same after a program that printed something, and with which password opens the vault if that matters.
    pub fn check_after(&mut self, place: &Path, passwords: bool, printed: &str) -> Done<Found> {
        let passwords = if passwords { " with passwords" } else { "" };
        let key = recovery_key(printed).map(|key| format!(" with recovery key {key}"));
        self.ask(place, &format!("{passwords}{}", key.unwrap_or_default()))
    }

    /// What a start finds that is made by a command of one's own: a `saver check` to which something is done.
    pub fn look_with(&self, command: Command, place: &Path) -> Done<Found> {
        Checker::of(command)?.ask(&place.display().to_string())
    }

    fn ask(&mut self, place: &Path, how: &str) -> Done<Found> {
        let answer = self.checker.ask(&format!("{}{how}", place.display()));
        if answer.is_err() {
            // It fell over what it found; the next one gets a new one.
            self.checker = Checker::start(&self.saver)?;
        }
        answer
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.fast);
        let _ = fs::remove_dir_all(&self.slow);
    }
}

/// The recovery key that was shown to somebody who is to write it down.
fn recovery_key(printed: &str) -> Option<&str> {
    printed.lines().find_map(|line| line.strip_prefix("recovery key "))
}

/// A new folder of this process; what processes that are gone have left goes.
fn scratch(folder: &Path) -> Done<PathBuf> {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let left = entry.file_name().to_str().and_then(|name| name.strip_prefix("scratch-").map(str::to_owned));
        if left.is_some_and(|process| !Path::new("/proc").join(process).exists()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    let scratch = folder.join(format!("scratch-{}", std::process::id()));
    make(&scratch)?;
    Ok(scratch)
}

/// A `saver check` that is asked again and again.
struct Checker {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Checker {
    fn start(saver: &Path) -> Done<Checker> {
        let mut command = Command::new(saver);
        command.arg("check");
        Self::of(command)
    }

    fn of(mut command: Command) -> Done<Checker> {
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = spawned.map_err(|error| format!("saver check: {error}"))?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(questions), Some(answers)) => Ok(Checker { child, questions, answers: BufReader::new(answers) }),
            _ => Err("saver check has no pipes".into()),
        }
    }

    fn ask(&mut self, question: &str) -> Done<Found> {
        let mut answer = String::new();
        let asked = writeln!(self.questions, "{question}").and_then(|()| self.answers.read_line(&mut answer));
        asked.map_err(|error| format!("saver check: {error}"))?;
        let answer: Value =
            serde_json::from_str(&answer).map_err(|error| format!("saver check said {answer:?}: {error}"))?;
        let number = |value: &Value| value.as_u64().unwrap_or(u64::MAX);
        let texts = |value: &Value| {
            value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        Ok(Found {
            state: answer["state"].as_str().unwrap_or_default().to_owned(),
            contents: answer["contents"].clone(),
            notices: texts(&answer["notices"]),
            temporary: [number(&answer["temporary"][0]), number(&answer["temporary"][1])],
            revision: number(&answer["revision"]),
            bad_backups: number(&answer["bad_backups"]),
            wrong_keys: texts(&answer["wrong_keys"]),
        })
    }
}

impl Drop for Checker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Numbers nobody chose (xorshift64).
pub struct Random(u64);

impl Random {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit.max(1)
    }
}

/// A command as an administrator: by itself as root, through a sudo that asks nothing otherwise. None if neither is there.
pub fn as_root(program: &str) -> Option<Command> {
    if output(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0") {
        return Some(Command::new(program));
    }
    output(Command::new("sudo").args(["-n", "true"]))?;
    let mut command = Command::new("sudo");
    command.args(["-n", program]);
    Some(command)
}

fn make(folder: &Path) -> Done {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))
}

/// Temporary files in a place, before anybody starts again.
pub fn leftovers(place: &Path) -> usize {
    let folders = [place.to_owned(), place.join("backups"), place.join("stick")];
    let entries = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
    entries.filter(|entry| entry.file_name().to_string_lossy().ends_with(".warifu-tmp")).count()
}

/// Copies a folder with all that is in it.
pub fn copy_all(from: &Path, to: &Path) -> Done {
    let failed = |error: std::io::Error| format!("{}: {error}", from.display());
    make(to)?;
    for entry in fs::read_dir(from).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let to = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy_all(&entry.path(), &to)?,
            false => drop(fs::copy(entry.path(), to).map_err(failed)?),
        }
    }
    Ok(())
}
