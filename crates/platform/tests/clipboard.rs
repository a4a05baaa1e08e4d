//! The clipboard of a real X server of the test's own, filled by another program (`xclip`): pictures, files and text as they are
//! copied there, what is taken off it again, and what is left alone.
//!
//! Each call is made by a process of its own, which is this program again: the screen is found through the environment.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a test that starts programs and speaks to itself"
)]

use std::{
    env,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use warifu_platform::DesktopClipboard;
use warifu_session::{
    ports::{Clipboard, Mark, Pasted},
    scan::Picture,
};

/// A screen without a monitor; it ends with the test.
struct Screen {
    server: Child,
    number: String,
}

impl Screen {
    /// None where there is no such server, or nothing to fill its clipboard with.
    fn start() -> Option<Screen> {
        Command::new("xclip").arg("-version").stderr(Stdio::null()).status().ok()?;
        let server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "640x480x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut server = server.ok()?;
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        Some(Screen { server, number: format!(":{}", number.trim()) })
    }

    /// What another program copies.
    fn copy(&self, kind: &str, bytes: &[u8]) {
        let mut xclip = Command::new("xclip")
            .args(["-selection", "clipboard", "-t", kind])
            .env("DISPLAY", &self.number)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        xclip.stdin.take().unwrap().write_all(bytes).unwrap();
        // It returns once it owns the clipboard, and goes on serving it from a child.
        assert!(xclip.wait().unwrap().success());
    }

    /// Makes one call in a process that knows this screen.
    fn call(&self, what: &str) -> String {
        let output = Command::new(env::current_exe().unwrap())
            .args(["--exact", "the_caller", "--nocapture"])
            .env("DISPLAY", &self.number)
            .env_remove("WAYLAND_DISPLAY")
            .env("WARIFU_CLIPBOARD_CALL", what)
            .output()
            .unwrap();
        let output = String::from_utf8(output.stdout).unwrap();
        let answer = output.lines().find_map(|line| line.split_once("answer ")).unwrap_or_else(|| panic!("{output}"));
        answer.1.to_owned()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The other half of [`Screen::call`]; by itself it does nothing.
#[test]
fn the_caller() {
    let Ok(what) = env::var("WARIFU_CLIPBOARD_CALL") else { return };
    let clipboard = DesktopClipboard::default();
    let said = match what.split_once(' ') {
        None => clipboard.read().map(|shapes| shapes.iter().map(told).collect::<Vec<_>>().join(" | ")),
        Some(("clear-text", text)) => clipboard.clear_if_still(&Mark::of_text(text)).map(|done| done.to_string()),
        Some((_, file)) => {
            let picture = Picture::decode(&std::fs::read(file).unwrap()).unwrap();
            clipboard.clear_if_still(&Mark::of_picture(&picture)).map(|done| done.to_string())
        }
    };
    println!("answer {}", said.unwrap_or_else(|error| format!("error: {error}")));
}

fn told(shape: &Pasted) -> String {
    match shape {
        Pasted::Files(files) => format!("files {files:?}"),
        Pasted::Picture(Ok(picture)) => format!("picture {} × {}", picture.width(), picture.height()),
        Pasted::Picture(Err(error)) => format!("no picture: {error}"),
        Pasted::Text(text) => format!("text {}", text.trim()),
    }
}

fn screen() -> Option<Screen> {
    let screen = Screen::start();
    if screen.is_none() {
        eprintln!("skipped: there is no Xvfb or no xclip");
    }
    screen
}

fn fixture(name: &str) -> (PathBuf, Vec<u8>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/qr").join(name);
    let bytes = std::fs::read(&path).unwrap();
    (path, bytes)
}

#[test]
fn what_another_program_copied_is_read() {
    let Some(screen) = screen() else { return };
    assert_eq!(screen.call("read"), "", "nothing was copied yet");
    screen.copy("UTF8_STRING", "  otpauth://totp/花子?secret=JBSWY3DP\n".as_bytes());
    assert_eq!(screen.call("read"), "text otpauth://totp/花子?secret=JBSWY3DP");
    let (_, png) = fixture("totp.png");
    let picture = Picture::decode(&png).unwrap();
    screen.copy("image/png", &png);
    assert_eq!(screen.call("read"), format!("picture {} × {}", picture.width(), picture.height()));
    screen.copy(
        "text/uri-list",
        b"file:///tmp/%E7%94%BB%E5%83%8F%201.png\r\nhttps://example.org/x\r\nfile:///tmp/b.png\r\n",
    );
    assert_eq!(screen.call("read"), r#"files ["/tmp/画像 1.png", "/tmp/b.png"]"#);
    screen.copy("image/png", b"not a picture");
    assert_eq!(screen.call("read"), "no picture: the picture is damaged");
    screen.copy("UTF8_STRING", b" \n");
    assert_eq!(screen.call("read"), "");
}

#[test]
fn a_picture_with_too_many_pixels_is_told_and_not_taken() {
    let Some(screen) = screen() else { return };
    let (_, png) = fixture("huge-header.png");
    screen.copy("image/png", &png);
    assert!(screen.call("read").starts_with("no picture: "), "not even room is made for it");
}

#[test]
fn a_program_that_hangs_is_not_taken_for_an_empty_clipboard() {
    let Some(screen) = screen() else { return };
    let mut xclip = Command::new("xclip")
        .args(["-selection", "clipboard", "-quiet"])
        .env("DISPLAY", &screen.number)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    xclip.stdin.take().unwrap().write_all(b"JBSWY3DP").unwrap();
    while screen.call("read") != "text JBSWY3DP" {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert!(Command::new("kill").args(["-STOP", &xclip.id().to_string()]).status().unwrap().success());
    assert_eq!(screen.call("read"), "error: clipboard occupied by another program");
    xclip.kill().unwrap();
    xclip.wait().unwrap();
}

#[test]
fn only_what_is_still_there_is_taken_off() {
    let Some(screen) = screen() else { return };
    let (ours, png) = fixture("totp.png");
    let (other, _) = fixture("hotp.png");
    let clear = |what: &str| screen.call(what);
    screen.copy("image/png", &png);
    assert_eq!(clear(&format!("clear-picture {}", other.display())), "false");
    assert_eq!(clear("clear-text JBSWY3DP"), "false");
    assert!(screen.call("read").starts_with("picture"));
    assert_eq!(clear(&format!("clear-picture {}", ours.display())), "true");
    assert_eq!(screen.call("read"), "");

    screen.copy("UTF8_STRING", b"JBSWY3DP");
    assert_eq!(clear("clear-text JBSWY3DQ"), "false");
    assert_eq!(screen.call("read"), "text JBSWY3DP");
    assert_eq!(clear("clear-text JBSWY3DP"), "true");
    assert_eq!(screen.call("read"), "");
    assert_eq!(clear("clear-text JBSWY3DP"), "false");
}
