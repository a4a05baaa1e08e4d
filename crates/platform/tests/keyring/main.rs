//! R1: the keyring of the system as it should be (a real gnome-keyring on a bus of its own) and as it should not: absent,
//! hanging, refusing, lying. Whatever it does, the answer comes within two seconds and nothing is deleted.
//!
//! Each call is made by a process of its own, which is this program again: the bus is found through the environment.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test that starts programs and takes the time"
)]

mod bus;
mod mock;

use std::{
    env,
    process::Command,
    time::{Duration, Instant},
};

use warifu_platform::OsKeyring;
use warifu_session::ports::{KeyStore, KeyStoreError};
use zeroize::Zeroizing;

use crate::{
    bus::{Bus, GnomeKeyring},
    mock::{Mock, Mood},
};

const TEXT: &str = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA";
const LIMIT: Duration = Duration::from_secs(2);

/// What a call says, as text, and how long it took.
struct Said {
    text: String,
    took: Duration,
}

/// Makes one call in a process that knows this bus only.
fn call(address: &str, what: &[&str]) -> Said {
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", "the_caller", "--nocapture"])
        .env("DBUS_SESSION_BUS_ADDRESS", address)
        .env_remove("XDG_RUNTIME_DIR")
        .env("WARIFU_KEYRING_CALL", what.join(" "))
        .output()
        .unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let answer = output.lines().find_map(|line| line.split_once("answer ")).unwrap_or_else(|| panic!("{output}")).1;
    let (millis, text) = answer.split_once(' ').unwrap();
    Said { text: text.to_owned(), took: Duration::from_millis(millis.parse().unwrap()) }
}

/// The other half of [`call`]; by itself it does nothing.
#[test]
fn the_caller() {
    let Ok(what) = env::var("WARIFU_KEYRING_CALL") else { return };
    let keyring = OsKeyring::default();
    let start = Instant::now();
    let answer = match *what.split(' ').collect::<Vec<_>>() {
        ["get", name] => shown(keyring.get(name).map(|text| format!("got {}", *text))),
        ["set", name, text] => shown(keyring.set(name, &Zeroizing::new(text.to_owned())).map(|()| "set".to_owned())),
        ["remove", name] => shown(keyring.remove(name).map(|()| "removed".to_owned())),
        // Two of them from one process, the second while the first still hangs.
        ["twice", name] => format!("{}, {}", shown(keyring.get(name).map(drop).map(|()| String::new())), {
            shown(keyring.remove(name).map(|()| "removed".to_owned()))
        }),
        _ => panic!("{what}"),
    };
    println!("answer {} {answer}", start.elapsed().as_millis());
}

fn shown(outcome: Result<String, KeyStoreError>) -> String {
    match outcome {
        Ok(text) => text,
        Err(KeyStoreError::NoEntry) => "no entry".to_owned(),
        Err(KeyStoreError::TimedOut) => "timed out".to_owned(),
        Err(KeyStoreError::Unavailable { reason }) => format!("unavailable: {reason}"),
    }
}

#[track_caller]
fn assert_unavailable(said: &Said) {
    println!("{} ms: {}", said.took.as_millis(), said.text);
    assert!(said.text.starts_with("unavailable: ") && !said.text.contains(TEXT), "{}", said.text);
    assert!(said.took < LIMIT, "{:?}", said.took);
}

#[test]
fn a_real_keyring_keeps_a_line_and_forgets_it() {
    let Some(keyring) = GnomeKeyring::start() else { return println!("skipped: no gnome-keyring-daemon here") };
    let say = |what: &[&str]| call(keyring.address(), what).text;
    assert_eq!(say(&["get", "slot"]), "no entry");
    assert_eq!(say(&["remove", "slot"]), "removed", "there being nothing is no error");
    assert_eq!(say(&["set", "slot", TEXT]), "set");
    assert_eq!(say(&["get", "slot"]), format!("got {TEXT}"));
    assert_eq!(say(&["get", "other"]), "no entry");
    assert_eq!(say(&["set", "slot", "short"]), "set", "replaced, not added");
    assert_eq!(say(&["get", "slot"]), "got short");
    assert_eq!(say(&["set", "other", TEXT]), "set");
    assert_eq!(say(&["remove", "slot"]), "removed");
    assert_eq!(say(&["get", "slot"]), "no entry");
    assert_eq!(say(&["get", "other"]), format!("got {TEXT}"), "nothing else is forgotten");
}

#[test]
fn a_keyring_that_was_killed_and_started_again_is_found_again() {
    let Some(mut keyring) = GnomeKeyring::start() else { return println!("skipped: no gnome-keyring-daemon here") };
    assert_eq!(call(keyring.address(), &["set", "slot", TEXT]).text, "set");
    keyring.kill();
    assert_unavailable(&call(keyring.address(), &["get", "slot"]));
    keyring.unlock();
    assert_eq!(call(keyring.address(), &["get", "slot"]).text, format!("got {TEXT}"));
}

#[test]
fn without_a_bus_it_is_unavailable() {
    for address in ["", "unix:path=/nonexistent/bus", "nonsense"] {
        assert_unavailable(&call(address, &["get", "slot"]));
        assert_unavailable(&call(address, &["set", "slot", TEXT]));
        assert_unavailable(&call(address, &["remove", "slot"]));
    }
}

#[test]
fn on_a_bus_without_a_keyring_it_is_unavailable() {
    let Some(bus) = Bus::start() else { return println!("skipped: no dbus-daemon here") };
    assert_unavailable(&call(&bus.address, &["get", "slot"]));
    assert_unavailable(&call(&bus.address, &["set", "slot", TEXT]));
}

#[test]
fn a_bus_that_hangs_is_left_after_two_seconds() {
    // A socket that accepts, and says nothing.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bus");
    let _listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
    let said = call(&format!("unix:path={}", path.display()), &["get", "slot"]);
    assert_eq!(said.text, "timed out");
    assert!(said.took < LIMIT, "{:?}", said.took);
}

#[test]
fn a_keyring_that_hangs_is_left_after_two_seconds_wherever_it_hangs() {
    let Some(bus) = Bus::start() else { return println!("skipped: no dbus-daemon here") };
    for mood in [Mood::Silent, Mood::SilentWhenSearched, Mood::SilentWhenRead, Mood::PromptWithoutEnd] {
        let mock = Mock::start(&bus, mood);
        for what in [&["get", "slot"][..], &["set", "slot", TEXT], &["remove", "slot"]] {
            let said = call(&bus.address, what);
            // What is only read may be written all the same.
            if mood != Mood::SilentWhenRead || what[0] == "get" {
                assert_eq!(said.text, "timed out", "{mood:?} {what:?}");
            }
            assert!(said.took < LIMIT, "{mood:?} {what:?} {:?}", said.took);
        }
        drop(mock);
    }
}

#[test]
fn while_one_call_hangs_the_next_asks_nothing_and_is_answered_in_time() {
    let Some(bus) = Bus::start() else { return println!("skipped: no dbus-daemon here") };
    let mock = Mock::start(&bus, Mood::PromptWithoutEnd);
    let said = call(&bus.address, &["twice", "slot"]);
    assert_eq!(said.text, "timed out, timed out");
    assert!(said.took < 2 * LIMIT);
    assert_eq!((mock.count("Prompt"), mock.count("Delete")), (1, 0), "one dialog, and nothing deleted");
}

#[test]
fn a_keyring_that_refuses_is_unavailable_and_nothing_is_made_or_deleted() {
    let Some(bus) = Bus::start() else { return println!("skipped: no dbus-daemon here") };
    for mood in [Mood::RefusesSessions, Mood::RefusesSearches, Mood::RefusesItems, Mood::PromptDismissed] {
        let mock = Mock::start(&bus, mood);
        for what in [&["get", "slot"][..], &["set", "slot", TEXT], &["remove", "slot"]] {
            assert_unavailable(&call(&bus.address, what));
        }
        assert_eq!((mock.count("CreateItem"), mock.count("CreateCollection")), (0, 0), "{mood:?}");
        let asked = if mood == Mood::RefusesItems { 1 } else { 0 };
        assert_eq!(
            (mock.count("Delete"), mock.count("SetSecret")),
            (asked, asked),
            "{mood:?}: what was asked, no more"
        );
    }
}

#[test]
fn a_keyring_that_lies_gives_what_it_gives_or_is_unavailable() {
    let Some(bus) = Bus::start() else { return println!("skipped: no dbus-daemon here") };
    for (mood, expected) in [
        (Mood::OtherText, Some("got another text")),
        (Mood::NoText, Some("got ")),
        (Mood::Empty, Some("got ")),
        (Mood::Garbled, None),
        (Mood::Truncated, None),
        (Mood::NoVector, None),
        (Mood::ItemGone, None),
        (Mood::Two, None),
    ] {
        let mock = Mock::start(&bus, mood);
        let said = call(&bus.address, &["get", "slot"]);
        match expected {
            Some(expected) => assert_eq!(said.text, expected, "{mood:?}"),
            None => assert_unavailable(&said),
        }
        assert!(said.took < LIMIT, "{mood:?}");
        assert_eq!((mock.count("Delete"), mock.count("SetSecret"), mock.count("CreateItem")), (0, 0, 0), "{mood:?}");
    }
}

#[test]
fn more_than_one_line_is_refused_before_anybody_is_asked() {
    let outcome = OsKeyring::default().set("slot", &Zeroizing::new("two\nlines".to_owned()));
    assert!(matches!(outcome, Err(KeyStoreError::Unavailable { .. })));
}
