//! Programs whose calls of the system are counted, killed and made to fail, from outside, by strace.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, ExitStatus, Stdio},
};

use super::bench::PASSWORD;
use crate::workspace::Done;

/// Every call by which a program touches a file. Those a kind of machine does not have are left out there.
const CALLS: &str = "?open,openat,?creat,read,pread64,write,pwrite64,writev,close,fsync,fdatasync,?rename,renameat,\
                     renameat2,?unlink,unlinkat,?mkdir,mkdirat,?link,linkat,?stat,?lstat,?fstat,?newfstatat,statx,\
                     getdents64,flock,lseek,?fadvise64,?readlink,readlinkat,ftruncate,fcntl,fchmod";

/// One call that a program makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub name: String,
    /// The how manieth of its name, from 1, as strace counts.
    pub number: usize,
    /// It goes to the terminal, not to a file.
    pub is_said: bool,
    /// It closes a folder whose names were asked for.
    pub ends_listing: bool,
}

/// What strace does to a call.
#[derive(Debug, Clone, Copy)]
pub enum Fault {
    /// The program is killed before it.
    Kill,
    /// It fails with this error, and does nothing.
    Error(&'static str),
    /// It and every later one of its name fail with this error.
    ErrorsFrom(&'static str),
    /// It says that it returned this, and does nothing.
    Lie(&'static str),
}

/// How a program ended.
pub struct Run {
    pub printed: String,
    pub success: bool,
    pub killed: bool,
    pub panicked: bool,
}

/// The calls of a program's main thread in their order, from the first that names `place`: before that, it has touched nothing of ours.
pub fn calls(command: &Command, place: &Path) -> Done<Vec<Call>> {
    let log = place.with_extension("strace");
    let mut traced = Command::new("strace");
    traced.args(["-f", "--seccomp-bpf", "-qq", "-o"]).arg(&log).args(["-e", &format!("trace={CALLS}")]);
    let run = run_with_password(adopt(&mut traced, command))?;
    let text = fs::read_to_string(&log).map_err(|error| format!("{}: {error}", log.display()))?;
    if !run.success {
        return Err(format!("under strace it failed: {}", run.printed));
    }
    parse(&text, &place.display().to_string())
}

fn parse(log: &str, place: &str) -> Done<Vec<Call>> {
    let mut calls: Vec<Call> = Vec::new();
    let (mut from, mut main) = (None, None);
    let mut listed = "";
    for line in log.lines() {
        let Some((thread, rest)) = line.split_once(char::is_whitespace) else { continue };
        let Some((name, what)) = rest.trim_start().split_once('(') else { continue };
        if name.contains([' ', '+', '-']) {
            continue;
        }
        // strace counts for each thread, and what another one does (ask a folder whether it is there) comes as it comes.
        if *main.get_or_insert(thread) != thread {
            continue;
        }
        if line.contains(place) {
            from.get_or_insert(calls.len());
        }
        let number = calls.iter().filter(|call| call.name == name).count() + 1;
        let descriptor = what.split([',', ')']).next().unwrap_or_default();
        let ends_listing = name == "close" && descriptor == listed;
        match name {
            "getdents64" => listed = descriptor,
            "close" if ends_listing => listed = "",
            _ => {}
        }
        let is_said = matches!((name, descriptor), ("write" | "writev", "1" | "2"));
        calls.push(Call { name: name.to_owned(), number, is_said, ends_listing });
    }
    Ok(calls.split_off(from.ok_or("it touches nothing")?))
}

/// Runs a program with a fault at one call.
pub fn run_with_fault(command: &Command, call: &Call, fault: Fault) -> Done<Run> {
    let Call { name, number, .. } = call;
    let inject = match fault {
        Fault::Kill => format!("{name}:signal=KILL:when={number}"),
        Fault::Error(error) => format!("{name}:error={error}:when={number}"),
        Fault::ErrorsFrom(error) => format!("{name}:error={error}:when={number}+"),
        Fault::Lie(value) => format!("{name}:retval={value}:when={number}"),
    };
    let mut traced = under(name, &inject);
    if !matches!(fault, Fault::Kill) {
        // Much quicker, but then no signal arrives.
        traced.arg("--seccomp-bpf");
    }
    run_with_password(adopt(&mut traced, command))
}

/// A strace, without its program, under which calls of one name go wrong.
pub fn under(name: &str, inject: &str) -> Command {
    let mut traced = Command::new("strace");
    traced.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={name}")]);
    traced.args(["-e", &format!("inject={inject}")]);
    traced
}

/// Puts a program under a strace.
pub fn adopt<'t>(traced: &'t mut Command, command: &Command) -> &'t mut Command {
    traced.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => traced.env(name, value),
            None => traced.env_remove(name),
        };
    }
    traced
}

/// Runs a program to its end with the password on its input.
pub fn run_with_password(command: &mut Command) -> Done<Run> {
    let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    // One that reads nothing may be gone already.
    let _ = child.stdin.take().map(|mut input| input.write_all(PASSWORD.as_bytes()));
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    let errors = String::from_utf8_lossy(&output.stderr);
    Ok(Run {
        printed: String::from_utf8_lossy(&output.stdout).into_owned(),
        success: output.status.success(),
        killed: was_killed(output.status),
        panicked: errors.contains("panicked at") || errors.contains("internal error"),
    })
}

/// strace ends as its program did.
#[cfg(unix)]
fn was_killed(status: ExitStatus) -> bool {
    std::os::unix::process::ExitStatusExt::signal(&status) == Some(9)
}

#[cfg(not(unix))]
fn was_killed(_: ExitStatus) -> bool {
    false
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn calls_are_counted_from_the_beginning_and_told_from_the_first_of_ours_on() {
        let log = "7 openat(AT_FDCWD, \"/etc/ld.so.cache\", O_RDONLY) = 3\n\
                   7 read(3, \"...\", 832) = 832\n\
                   7 openat(AT_FDCWD, \"/a/place/vault\", O_RDONLY) = 3\n\
                   7 read(3, \"...\", 10) = 10\n\
                   7 --- SIGCHLD {si_signo=SIGCHLD} ---\n\
                   7 write(1, \"saved\", 5) = 5\n\
                   7 +++ exited with 0 +++\n";
        let calls = parse(log, "/a/place").unwrap();
        let told: Vec<_> = calls.iter().map(|call| (&*call.name, call.number, call.is_said)).collect();
        assert_eq!(told, [("openat", 2, false), ("read", 2, false), ("write", 1, true)]);
        assert!(parse(log, "/elsewhere").is_err());
        assert_eq!(parse(&format!("{log}8 close(3) = 0\n"), "/a/place").unwrap().len(), 3, "another thread");
    }
}
