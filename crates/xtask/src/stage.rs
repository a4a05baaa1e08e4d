//! One step of `cargo xtask test` at work: what it calls is shown, kept in a log, counted, and not waited for for ever.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Write},
    process::{Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use crate::{
    counts::Counts,
    workspace::{Done, Workspace, shown},
};

/// What a step has to work with.
pub struct Stage<'a> {
    /// The checkout.
    pub workspace: &'a Workspace,
    counts: Counts,
    log: File,
    deadline: Instant,
}

impl<'a> Stage<'a> {
    /// A stage whose log has the step's name, and which ends after `minutes`.
    pub fn new(workspace: &'a Workspace, name: &str, minutes: u64) -> Done<Self> {
        let path = workspace.target(&format!("xtask/{name}.log"));
        let log = path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| File::create(&path));
        let log = log.map_err(|error| format!("{}: {error}", path.display()))?;
        let deadline = Instant::now() + Duration::from_secs(minutes * 60);
        Ok(Self { workspace, counts: Counts::default(), log, deadline })
    }

    /// What was counted so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Adds to the count.
    pub fn count(&mut self, counts: Counts) {
        self.counts += counts;
    }

    /// Shows a line and keeps it.
    pub fn say(&mut self, line: &str) {
        println!("{line}");
        let _ = writeln!(self.log, "{line}");
    }

    /// Runs a command to its end or to the step's.
    pub fn run(&mut self, command: &mut Command) -> Done {
        let shown = shown(command);
        self.say(&format!("$ {shown}"));
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = child.map_err(|error| format!("`{shown}` could not be started: {error}"))?;
        let (sender, lines) = channel();
        follow(child.stdout.take(), sender.clone());
        follow(child.stderr.take(), sender);
        if !self.listen(&lines) {
            let _ = child.kill();
            let _ = child.wait();
            return Err(format!("`{shown}` took too long and was ended"));
        }
        match child.wait() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("`{shown}` ended with {status}")),
            Err(error) => Err(format!("`{shown}`: {error}")),
        }
    }

    /// Takes lines until there are no more; false when the time was up before.
    fn listen(&mut self, lines: &Receiver<String>) -> bool {
        loop {
            match lines.recv_timeout(self.deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    self.counts += Counts::read(&line);
                    self.say(&line);
                }
                Err(RecvTimeoutError::Disconnected) => return true,
                Err(RecvTimeoutError::Timeout) => return false,
            }
        }
    }
}

fn follow(stream: Option<impl Read + Send + 'static>, lines: Sender<String>) {
    let Some(stream) = stream else { return };
    thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned();
            if lines.send(line).is_err() {
                break;
            }
        }
    });
}
