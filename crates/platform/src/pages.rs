//! The pages of PDF files, drawn by a process of their own.
//!
//! The library that draws them has no limits: a few bytes of a hostile file can make it allocate, work or recurse without end,
//! and nothing in a program can stop a part of it that does. So the program starts itself once more, with [`DRAW_PAGES`] as its
//! only argument, hands the file over, takes pictures back, and ends that process when it has taken too long. The process
//! limits its own memory and time (Linux; elsewhere its time is limited from here, its memory is not). It gets no path and
//! writes no file, and its memory is wiped like that of any program of ours.
//!
//! On the way back each message is nine bytes, the kind and two numbers, and for a page its pixels. They are believed no more
//! than the file is.

use std::{
    io::{self, Read, Write},
    process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio},
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
    time::Duration,
};

use warifu_session::{
    ports::{Clock, Pictures},
    scan::{Document, FILE_BYTES_LIMIT, PAGES_LIMIT, Picture, PictureError},
};
use zeroize::Zeroizing;

use crate::SystemClock;

/// The argument that makes a program of ours draw the pages of a PDF and end.
pub const DRAW_PAGES: &str = "--draw-pages-of-standard-input";

/// How long is waited for a whole document, all in all: fifty scanned pages on a slow machine take half of it.
const PATIENCE: Duration = Duration::from_secs(60);

/// More pixels than the largest page is drawn with.
const PAGE_PIXELS_LIMIT: u64 = 10_000_000;

const PAGE: u8 = 1;
const FAILURE: u8 = 2;
const END: u8 = 3;

type Page = Result<Picture, PictureError>;

/// The pages of a PDF, waiting for them as long as is reasonable.
pub(crate) fn pages_of(pdf: &[u8]) -> Result<Pictures, PictureError> {
    pages_within(pdf, PATIENCE)
}

/// The pages of a PDF, one after the other, waiting for them no longer than this, all in all.
///
/// # Errors
/// [`PictureError::TooDemanding`], then or later, if the process that draws them cannot be started, dies or takes too long; of what it
/// says of the file, every other comes as the first of the pages.
pub fn pages_within(pdf: &[u8], patience: Duration) -> Result<Pictures, PictureError> {
    let started = Command::new(ourselves().map_err(|_| PictureError::TooDemanding)?)
        .arg(DRAW_PAGES)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    // From here on the process is ended whatever happens.
    let mut process = Process(started.map_err(|_| PictureError::TooDemanding)?);
    let (Some(input), Some(output)) = (process.0.stdin.take(), process.0.stdout.take()) else {
        return Err(PictureError::TooDemanding);
    };
    let pdf = Zeroizing::new(pdf.to_vec());
    thread::spawn(move || hand_over(input, &pdf));
    // Without room between: a page is taken when it is wanted, and the process waits with the next.
    let (sender, pages) = sync_channel(0);
    thread::spawn(move || take_back(output, &sender));
    Ok(Box::new(Pages { process, pages, patience, over: false }))
}

#[cfg(target_os = "linux")]
fn ourselves() -> io::Result<std::path::PathBuf> {
    // Also where the file has been replaced by an update since.
    Ok("/proc/self/exe".into())
}

#[cfg(not(target_os = "linux"))]
fn ourselves() -> io::Result<std::path::PathBuf> {
    std::env::current_exe()
}

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

struct Pages {
    #[expect(dead_code, reason = "is ended when this is dropped")]
    process: Process,
    pages: Receiver<Option<Page>>,
    patience: Duration,
    over: bool,
}

impl Iterator for Pages {
    type Item = Page;

    fn next(&mut self) -> Option<Page> {
        if self.over {
            return None;
        }
        let before = SystemClock.boot();
        let page = self.pages.recv_timeout(self.patience);
        self.patience = self.patience.saturating_sub(SystemClock.boot().saturating_sub(before));
        let page = page.unwrap_or(Some(Err(PictureError::TooDemanding)));
        self.over = matches!(page, None | Some(Err(PictureError::TooDemanding)));
        page
    }
}

fn hand_over(mut input: ChildStdin, pdf: &[u8]) {
    // A process that does not want it all says so by what it sends back.
    let _ = input.write_all(pdf);
}

/// Passes on what comes, the end as none, until the process or whoever asked for the pages is gone.
fn take_back(mut output: ChildStdout, pages: &SyncSender<Option<Page>>) {
    // A failure each for the document, the pages and what is beyond the limit: more comes from no process of ours.
    for _ in 0..=PAGES_LIMIT + 2 {
        let Ok(message) = receive(&mut output) else { return };
        let is_end = message.is_none();
        if pages.send(message).is_err() || is_end {
            return;
        }
    }
}

fn receive(output: &mut impl Read) -> io::Result<Option<Page>> {
    let mut head = [0; 9];
    output.read_exact(&mut head)?;
    let [kind, a0, a1, a2, a3, b0, b1, b2, b3] = head;
    let (a, b) = (u32::from_le_bytes([a0, a1, a2, a3]), u32::from_le_bytes([b0, b1, b2, b3]));
    match kind {
        PAGE if u64::from(a) * u64::from(b) <= PAGE_PIXELS_LIMIT => {
            let mut rgba = Zeroizing::new(vec![0; a as usize * b as usize * 4]);
            output.read_exact(&mut rgba)?;
            Ok(Some(Picture::from_rgba(a, b, rgba)))
        }
        FAILURE => Ok(Some(Err(failure(a)))),
        END => Ok(None),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

/// Draws the pages of the PDF on the standard input, and sends them to the standard output. For a program's main function, when
/// [`DRAW_PAGES`] is its first argument.
pub fn draw_pages() -> ExitCode {
    limit_ourselves();
    let mut pdf = Zeroizing::new(Vec::new());
    let read = io::stdin().lock().take(FILE_BYTES_LIMIT as u64 + 1).read_to_end(&mut pdf);
    match read.and_then(|_| send(&pdf, &mut io::stdout().lock())) {
        Ok(()) => ExitCode::SUCCESS,
        // Nobody wants them any more.
        Err(_) => ExitCode::FAILURE,
    }
}

fn send(pdf: &[u8], output: &mut impl Write) -> io::Result<()> {
    match Document::open(pdf) {
        Ok(document) => document.into_iter().try_for_each(|page| send_page(page, output))?,
        Err(error) => send_page(Err(error), output)?,
    }
    head(END, 0, 0, output)?;
    output.flush()
}

fn send_page(page: Page, output: &mut impl Write) -> io::Result<()> {
    match page {
        Ok(page) => {
            head(PAGE, page.width(), page.height(), output)?;
            output.write_all(page.expose_rgba())
        }
        Err(error) => head(FAILURE, number(error), 0, output),
    }
}

fn head(kind: u8, a: u32, b: u32, output: &mut impl Write) -> io::Result<()> {
    output.write_all(&[kind])?;
    output.write_all(&a.to_le_bytes())?;
    output.write_all(&b.to_le_bytes())
}

fn number(error: PictureError) -> u32 {
    match error {
        PictureError::Protected => 1,
        PictureError::TooManyPages { .. } => 2,
        PictureError::TooManyBytes { .. } => 3,
        _ => 0,
    }
}

fn failure(number: u32) -> PictureError {
    match number {
        1 => PictureError::Protected,
        2 => PictureError::TooManyPages { limit: PAGES_LIMIT },
        3 => PictureError::TooManyBytes { limit: FILE_BYTES_LIMIT },
        _ => PictureError::Broken,
    }
}

/// 448 MiB of memory of our own, of which a page of 600 dots an inch takes half, and a minute of work. An allocation beyond it
/// ends the process, and so does the next second.
#[cfg(target_os = "linux")]
fn limit_ourselves() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    const MEMORY: u64 = 448 * 1024 * 1024;
    for (resource, limit) in [(Resource::Data, MEMORY), (Resource::Cpu, PATIENCE.as_secs())] {
        // Where it is refused there is a lower one already.
        let _ = setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) });
    }
}

#[cfg(not(target_os = "linux"))]
fn limit_ourselves() {}
