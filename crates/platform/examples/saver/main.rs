//! A program without a window or a terminal that does to a vault what the app does, through the same session and the same
//! store, so that `cargo xtask faults` can end it, cheat it and starve it at any of its calls. Not shipped.
//!
//! ```text
//! saver make PLACE          a new vault, with a key in a stand-in for the keyring, and one account
//! saver do PLACE WHAT       one operation; says "saved N" with the revision, or "failed CODE"; and before that
//!                           "recovery key KEY" where it shows a new one
//! saver loop PLACE NAME N   saves N times, renaming an account of its own each time; says "saved N NAME" after each
//! saver race PLACE NAME N   the same, but says "ready" when the vault is open, and waits for a line
//! saver check               reads places, one a line, and says what is there, one line of JSON each; a line that ends
//!                           in " with passwords" has it also try which password opens the vault, and one that ends in
//!                           " with recovery key KEY" whether that key does
//! ```
//!
//! The keyring's stand-in spares the key derivation: of a thousand runs, each must take milliseconds.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program of the tests for the terminal"
)]

mod check;
mod operations;
mod ports;

use std::{
    env, fs,
    io::{self, BufRead, Write},
    path::Path,
    process::ExitCode,
};

use warifu_session::{EntryId, ErrorCode, Session, SessionError, Unlocking};
use zeroize::Zeroizing;

/// The passwords of the vault: the one it is made with, and the one it is changed to.
const PASSWORDS: [&str; 2] = ["kamome suido 42", "sakura tetsudo 77"];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match *words {
        ["make", place] => operations::make(Path::new(place)),
        ["do", place, what] => do_once(Path::new(place), what),
        ["loop", place, name, times] => save_again_and_again(Path::new(place), name, times.parse().unwrap(), || {}),
        ["race", place, name, times] => save_again_and_again(Path::new(place), name, times.parse().unwrap(), || {
            say("ready");
            let _ = io::stdin().lock().read_line(&mut String::new());
        }),
        ["check", ..] => {
            for line in io::stdin().lock().lines().map_while(Result::ok) {
                let (line, key) = line.split_once(" with recovery key ").unwrap_or((&line, ""));
                let (place, passwords) =
                    line.strip_suffix(" with passwords").map_or((line, false), |place| (place, true));
                say(&check::check(Path::new(place), passwords, key));
            }
            Ok(())
        }
        _ => panic!("see the head of this file"),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("failed {}", error.code.as_str()));
            ExitCode::FAILURE
        }
    }
}

/// Says that it is done while the app would still be open, and then does what the app does next: looks at the file, and ends
/// its session. What was said must outlive whatever goes wrong there.
fn do_once(place: &Path, what: &str) -> Result<(), SessionError> {
    let mut session = operations::run(place, what)?;
    say(&format!("saved {}", ports::revision(place)));
    let _ = session.tick();
    let _ = fs::read(ports::vault(place));
    session.lock();
    Ok(())
}

/// Each save is confirmed on the output before the next begins. An error is said and the same save tried again, as a person
/// would.
fn save_again_and_again(place: &Path, name: &str, times: usize, wait: impl Fn()) -> Result<(), SessionError> {
    let mut session = ports::session(place);
    open(&mut session)?;
    wait();
    let mut unlocked = session.unlocked()?;
    let id = match find(&unlocked, name) {
        Some(id) => id,
        None => until_it_works(|| operations::add(&mut unlocked, name, "0"))?,
    };
    for number in 1..=times {
        let account = format!("{number}");
        until_it_works(|| unlocked.rename(id, name, &account))?;
        // Whoever saved at the same time has not put back what we wrote before.
        assert_eq!(unlocked.entry(id)?.label.account_name, account);
        say(&format!("saved {} {account}", ports::revision(place)));
    }
    Ok(())
}

/// Tries again what the vault's rivals or its disk did not let through, a hundred times.
fn until_it_works<T>(mut save: impl FnMut() -> Result<T, SessionError>) -> Result<T, SessionError> {
    for _ in 0..100 {
        match save() {
            // In the vault all the same, so that trying again would do it twice.
            Err(error) if error.code == ErrorCode::VaultNotFlushed => return Err(error),
            Err(error) => say(&format!("failed {}", error.code.as_str())),
            done => return done,
        }
    }
    save()
}

/// Opens by the keyring's stand-in, and where that is off by a password.
fn open(session: &mut Session) -> Result<(), SessionError> {
    let opened = session.open_by(Unlocking::Keyring).or_else(|_| session.unlock(password(0)));
    opened.or_else(|_| session.unlock(password(1)))
}

/// The account of an issuer.
fn find(unlocked: &warifu_session::Unlocked<'_>, issuer: &str) -> Option<EntryId> {
    unlocked.entries("").into_iter().find(|entry| entry.label.issuer.as_deref() == Some(issuer)).map(|entry| entry.id)
}

fn password(number: usize) -> Zeroizing<String> {
    Zeroizing::new(PASSWORDS[number].to_owned())
}

/// One line, out at once: what was said before the end counts.
fn say(line: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
