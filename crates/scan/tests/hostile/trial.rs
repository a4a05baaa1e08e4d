//! The hostile pictures put before the scanner, in a process of their own that may fall over.
//!
//! The process says which picture is next before it looks at it, and afterwards what came of it, how long it took and how much
//! memory the process had at its peak. Whoever started it can so tell what made it fall, or hang.

use std::io::{BufRead, BufReader, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use warifu_scan::{Picture, Region, find_all_codes, find_codes, find_codes_in};

use super::gallery::{self, Input};

/// What came of one picture.
pub struct Verdict {
    pub number: u64,
    pub kind: String,
    pub outcome: Outcome,
    /// The smaller of time passed and of time computed: other programs do not count.
    pub ms: f64,
    /// The most memory the process had, in KiB; 0 where the system does not tell.
    pub peak: u64,
    /// Panics of decoders that the scanner caught, each with its place.
    pub caught: Vec<String>,
}

#[derive(Debug, PartialEq)]
pub enum Outcome {
    Refused,
    /// This many codes.
    Read(usize),
    /// A panic came out.
    Panicked,
    /// The process ended: memory, the stack, an abort.
    Died,
    /// It was ended from outside.
    Hung,
}

impl Verdict {
    pub fn is_bad(&self) -> bool {
        matches!(self.outcome, Outcome::Panicked | Outcome::Died | Outcome::Hung)
    }
}

/// No picture may take longer, or it counts as one that never ends.
const HUNG: Duration = Duration::from_secs(60);

/// Has `command` (with the first number and the one after the last behind it) look at the pictures; again behind each fall.
pub fn run(command: impl Fn(u64, u64) -> Command, first: u64, end: u64, mut each: impl FnMut(Verdict)) {
    let mut next = first;
    while next < end {
        let mut child = command(next, end).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = lines_of(&mut child);
        let mut begun: Option<(u64, String)> = None;
        let fell = loop {
            match lines.recv_timeout(HUNG) {
                Ok(line) => match line.split('\t').collect::<Vec<_>>()[..] {
                    ["begin", number, kind] => begun = Some((number.parse().unwrap(), kind.to_owned())),
                    ["end", outcome, ms, peak, caught] => {
                        let (number, kind) = begun.take().unwrap();
                        next = number + 1;
                        let outcome = match outcome.split_once(' ') {
                            Some((_, codes)) => Outcome::Read(codes.parse().unwrap()),
                            None if outcome == "panicked" => Outcome::Panicked,
                            None => Outcome::Refused,
                        };
                        let (ms, peak) = (ms.parse().unwrap(), peak.parse().unwrap());
                        let caught = caught.split(';').filter(|place| !place.is_empty()).map(str::to_owned).collect();
                        each(Verdict { number, kind, outcome, ms, peak, caught });
                    }
                    // The test runner talks, too.
                    _ => {}
                },
                Err(RecvTimeoutError::Timeout) => break Outcome::Hung,
                Err(RecvTimeoutError::Disconnected) => break Outcome::Died,
            }
        };
        let _ = child.kill();
        let _ = child.wait();
        if next < end {
            // It may fall before its first picture: that is the fault of whoever started it.
            let (number, kind) = begun.expect("the process for the hostile pictures does not begin");
            next = number + 1;
            each(Verdict { number, kind, outcome: fell, ms: 0.0, peak: 0, caught: Vec::new() });
        }
    }
}

fn lines_of(child: &mut Child) -> Receiver<String> {
    let output = BufReader::new(child.stdout.take().unwrap());
    let (sender, lines) = channel();
    std::thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
    lines
}

/// Places of panics since the last question.
static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Looks at the pictures from `first` to before `end`, in the process that was started for it.
pub fn look(seed: u64, first: u64, end: u64) {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| {
            let file = place.file().rsplit("/src/index.").next().unwrap_or_default();
            format!("{}:{}", file.split_once('/').map_or(file, |(_, file)| file), place.line())
        });
        PANICS.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push(place.unwrap_or_default());
    }));
    for number in first..end {
        let (kind, input) = gallery::picture(seed, number);
        say(&format!("begin\t{number}\t{kind}"));
        forget_peak();
        let (start, computed) = (Instant::now(), computed());
        let outcome = catch_unwind(AssertUnwindSafe(|| attempt(input)));
        let ms = start.elapsed().as_secs_f64() * 1000.0;
        let ms = computed.zip(self::computed()).map_or(ms, |(from, to)| ms.min(to - from));
        let outcome = match outcome {
            Ok(Some(codes)) => format!("read {codes}"),
            Ok(None) => "refused".to_owned(),
            Err(_) => "panicked".to_owned(),
        };
        let caught = std::mem::take(&mut *PANICS.lock().unwrap_or_else(|poisoned| poisoned.into_inner()));
        say(&format!("end\t{outcome}\t{ms:.1}\t{}\t{}", peak(), caught.join(";")));
    }
}

/// How many codes there are; none if it is no picture.
fn attempt(input: Input) -> Option<usize> {
    let (picture, search): (_, fn(&Picture) -> _) = match input {
        Input::File(bytes) => (Picture::decode(&bytes).ok()?, find_all_codes),
        Input::Frame(width, height, rgba) => (Picture::from_rgba(width, height, rgba).ok()?, find_codes),
    };
    let found = search(&picture).len();
    // A dragged box is looked at harder; of large pictures that is a part.
    let (width, height) = (picture.width(), picture.height());
    if width < 400 && height < 400 {
        let dragged = Region { x: width / 5, y: height / 7, width: width / 2, height };
        let _ = find_codes_in(&picture, dragged);
    }
    Some(found)
}

fn say(line: &str) {
    let mut output = std::io::stdout().lock();
    writeln!(output, "{line}").and_then(|()| output.flush()).unwrap();
}

/// Lets the peak begin anew; Linux only.
fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// The most memory the process had since then, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or(0)
}

/// Milliseconds this thread has computed for; Linux only.
fn computed() -> Option<f64> {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = times.split_whitespace().next()?.parse().ok()?;
    (nanoseconds > 0.0).then_some(nanoseconds / 1e6)
}
