//! The screen as the desktop's portal hands it over, on Wayland: one picture of everything, which a process of our own fetches
//! ([`super::portal_errand`]) and which arrives here through a pipe.

use std::{
    io::{self, Read},
    os::unix::process::CommandExt,
    process::{Command, ExitStatus, Stdio},
};

use warifu_session::{
    ports::{CaptureError, Frame},
    scan::{FILE_BYTES_LIMIT, Picture},
};
use zeroize::Zeroizing;

use super::{
    outputs::{cut, outputs},
    portal_errand::{ARGUMENT, DENIED, UNSUPPORTED},
};

/// Our own program, even where an update has put another one in its place.
const OURSELVES: &str = "/proc/self/exe";

/// A reason is no longer than this.
const REASON_BYTES: usize = 300;

/// Waits for as long as the person takes to answer the desktop.
pub(super) fn capture() -> Result<Vec<Frame>, CaptureError> {
    let (answer, status) = fetch().map_err(|error| failed(error.kind()))?;
    match status.code() {
        Some(0) => {
            let picture = Picture::decode(&answer).map_err(failed)?;
            let all = Frame { x: 0, y: 0, primary: true, picture };
            Ok(cut(&all, &outputs()).unwrap_or_else(|| vec![all]))
        }
        Some(code) if code == i32::from(DENIED) => Err(CaptureError::Denied),
        Some(code) if code == i32::from(UNSUPPORTED) => Err(CaptureError::Unsupported),
        _ => Err(failed(reason(&answer))),
    }
}

/// What the errand brought, and how it ended.
///
/// The errand outlives whoever loses patience with it, Ctrl+C in a terminal included: only then the picture that comes late is removed too.
fn fetch() -> io::Result<(Zeroizing<Vec<u8>>, ExitStatus)> {
    let mut errand = Command::new(OURSELVES)
        .arg(ARGUMENT)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()?;
    // A vector that grows leaves pieces behind, which our allocator wipes. A file of the limit's size is one byte too long.
    let mut answer = Zeroizing::new(Vec::new());
    let read = match errand.stdout.take() {
        Some(pipe) => pipe.take(FILE_BYTES_LIMIT as u64 + 1).read_to_end(&mut answer),
        None => Ok(0),
    };
    let status = errand.wait()?;
    read.map(|_| (answer, status))
}

fn reason(answer: &[u8]) -> &str {
    match str::from_utf8(answer) {
        Ok(text) if text.len() <= REASON_BYTES && !text.is_empty() => text,
        _ => "the picture did not arrive whole",
    }
}

fn failed(reason: impl ToString) -> CaptureError {
    CaptureError::Failed { reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use super::reason;

    #[test]
    fn half_a_picture_is_no_reason() {
        assert_eq!(reason(b"no such folder"), "no such folder");
        for half in [&b""[..], b"\x89PNG\r\n\x1a\n", &[b'a'; 301]] {
            assert_eq!(reason(half), "the picture did not arrive whole");
        }
    }
}
