//! Codes held before a camera: found, taken, and the camera off again.
#![allow(clippy::unwrap_used)]

#[path = "support/screen.rs"]
mod screen;
mod support;

use std::{sync::mpsc, thread, time::Duration};

use screen::screen;
use support::{Shot, URI, World, beat};
use warifu_session::{
    CameraStart, ErrorCode, Filming, Look, Session, SessionError, Unlocked, ports::CameraError, reading::Reading,
};

/// What the camera sees from now on.
fn shows(world: &World, pictures: impl IntoIterator<Item = Vec<u8>>) {
    *world.camera.lock().unwrap() = pictures.into_iter().map(Shot::Shows).collect();
}

fn started(session: &mut Session) -> Filming {
    let filming = session.unlocked().unwrap().begin_filming();
    filming.started().unwrap();
    filming
}

/// Looks as a window does, and takes what is found.
fn look(session: &mut Session) -> Result<bool, SessionError> {
    let filming = session.unlocked()?.filming()?;
    match filming.look()? {
        Look::Found(reading) => session.unlocked()?.take_filmed(&filming, *reading).map(|taken| taken.is_some()),
        Look::Nothing(..) => Ok(false),
    }
}

fn code_of<T>(outcome: Result<T, SessionError>) -> ErrorCode {
    outcome.err().unwrap().code
}

/// The thread of the camera ends by itself; nothing else is waited for.
fn until_off(world: &World) {
    for _ in 0..10_000 {
        if *world.cameras_on.lock().unwrap() == 0 {
            return;
        }
        thread::sleep(Duration::from_millis(1));
    }
    unreachable!("it stays on");
}

fn reading<'u>(unlocked: &'u Unlocked<'_>) -> &'u Reading {
    unlocked.reading().unwrap()
}

#[test]
fn a_code_before_the_camera_is_proposed_and_the_camera_goes_off() {
    let world = World::new();
    let mut session = world.open_session();
    shows(&world, [screen(&[]), screen(&[]), screen(&[URI])]);
    let filming = session.unlocked().unwrap().begin_filming();
    let start = CameraStart { name: "Camera of memory".into(), width: 800, height: 400 };
    assert_eq!(filming.started(), Ok(start));
    assert_eq!(look(&mut session), Ok(false));
    let preview = filming.take_preview().unwrap();
    assert_eq!((preview.width(), preview.height()), (400, 200));
    assert!(filming.take_preview().is_err(), "it is handed out once");
    shows(&world, [screen(&[]), screen(&[URI])]);
    let filming = started(&mut session);
    assert_eq!((look(&mut session), look(&mut session)), (Ok(false), Ok(true)));
    until_off(&world);
    let unlocked = session.unlocked().unwrap();
    assert_eq!(reading(&unlocked).candidates[0].label.issuer.as_deref(), Some("KOSMO Web"));
    assert_eq!(code_of(filming.look()), ErrorCode::CameraStopped);
    assert_eq!(code_of(look(&mut session)), ErrorCode::CameraStopped, "it does not go on by itself");
}

#[test]
fn a_code_that_is_no_key_says_why_and_ends_the_look() {
    let world = World::new();
    let mut session = world.open_session();
    shows(&world, [screen(&["https://example.com/"]), screen(&["https://example.com/"])]);
    started(&mut session);
    assert_eq!(look(&mut session), Ok(true));
    until_off(&world);
    assert_eq!(world.camera.lock().unwrap().len(), 1, "no second frame was asked for");
    let unlocked = session.unlocked().unwrap();
    assert_eq!(reading(&unlocked).refusals[0].error.code, ErrorCode::CodeIsWebLink);
    assert!(reading(&unlocked).candidates.is_empty());
}

#[test]
fn a_part_that_was_read_before_is_waited_out() {
    let lines = include_str!("../../../tests/fixtures/exports/google_migration/three_parts.txt");
    let lines: Vec<&str> = lines.lines().collect();
    let world = World::new();
    let mut session = world.open_session();
    shows(&world, [lines[2], lines[2], lines[2], lines[0]].map(|line| screen(&[line])));
    started(&mut session);
    assert_eq!(look(&mut session), Ok(true));
    started(&mut session);
    assert_eq!((look(&mut session), look(&mut session)), (Ok(false), Ok(false)), "the camera stays on");
    assert_eq!(look(&mut session), Ok(true));
    let unlocked = session.unlocked().unwrap();
    assert_eq!(reading(&unlocked).exports[0].have(), [1, 3]);
    assert!(reading(&unlocked).refusals.is_empty());
    until_off(&world);
    // Beside something else, it is one reading as ever.
    shows(&world, [screen(&[lines[0], URI])]);
    started(&mut session);
    assert_eq!(look(&mut session), Ok(true));
    let unlocked = session.unlocked().unwrap();
    assert_eq!(reading(&unlocked).refusals[0].error.code, ErrorCode::MigrationPartAgain);
}

#[test]
fn a_camera_that_does_not_start_says_why() {
    let world = World::new();
    let mut session = world.open_session();
    let failed = CameraError::Failed { reason: "broken pipe".into() };
    for (error, code) in [
        (CameraError::NoCamera, ErrorCode::CameraNone),
        (CameraError::Busy, ErrorCode::CameraBusy),
        (CameraError::Denied, ErrorCode::CameraDenied),
        (failed, ErrorCode::CameraFailed),
    ] {
        *world.camera_fails.lock().unwrap() = Some(error);
        let filming = session.unlocked().unwrap().begin_filming();
        assert_eq!(code_of(filming.started()), code);
        assert_eq!(code_of(look(&mut session)), code, "and goes on to say it");
    }
    // Plugged in meanwhile, it works.
    *world.camera_fails.lock().unwrap() = None;
    shows(&world, [screen(&[URI])]);
    started(&mut session);
    assert_eq!(look(&mut session), Ok(true));
}

#[test]
fn a_camera_that_is_unplugged_says_so_once_it_is_looked_through() {
    let world = World::new();
    let mut session = world.open_session();
    shows(&world, [screen(&[])]);
    started(&mut session);
    assert_eq!(look(&mut session), Ok(false));
    let error = look(&mut session).unwrap_err();
    assert_eq!((error.code, error.detail["reason"].as_str()), (ErrorCode::CameraFailed, "unplugged"));
    until_off(&world);
}

#[test]
fn a_camera_that_hangs_keeps_nobody_waiting_for_long() {
    let world = World::new();
    let mut session = world.open_session();
    let (hold, hangs) = mpsc::channel();
    world.camera.lock().unwrap().push_back(Shot::Hangs(hangs));
    started(&mut session);
    // Two seconds by a real clock; while it hangs, locking and all else goes on.
    let filming = session.unlocked().unwrap().filming().unwrap();
    let looking = thread::spawn(move || filming.look());
    session.lock();
    assert_eq!(code_of(looking.join().unwrap()), ErrorCode::CameraStopped);
    session.unlock(support::password(support::PASSWORD)).unwrap();
    let next = session.unlocked().unwrap().begin_filming();
    drop(hold);
    assert!(next.started().is_ok(), "the next one waits until the last has let go");

    let (_hold, hangs) = mpsc::channel();
    world.camera.lock().unwrap().push_back(Shot::Hangs(hangs));
    assert_eq!(code_of(look(&mut session)), ErrorCode::CameraFailed);
}

#[test]
fn locking_stops_the_camera_and_forgets_the_frame() {
    let world = World::new();
    let mut session = world.open_session();
    shows(&world, [screen(&[])]);
    let filming = started(&mut session);
    assert_eq!(look(&mut session), Ok(false));
    session.lock();
    until_off(&world);
    assert_eq!(filming.take_preview().err().unwrap().code, ErrorCode::CameraStopped);
    assert_eq!(code_of(look(&mut session)), ErrorCode::Locked);
}

#[test]
fn what_is_found_after_the_person_left_is_not_proposed() {
    let world = World::new();
    let mut session = world.open_session();
    shows(&world, [screen(&[URI])]);
    let filming = started(&mut session);
    let found = match filming.look() {
        Ok(Look::Found(found)) => *found,
        other => unreachable!("{:?}", other.is_ok()),
    };
    let mut unlocked = session.unlocked().unwrap();
    unlocked.end_filming();
    unlocked.begin_filming();
    assert_eq!(code_of(unlocked.take_filmed(&filming, found)), ErrorCode::CameraStopped);
    assert!(unlocked.reading().is_none());
    assert!(unlocked.filming().is_ok(), "the one that is on now stays on");
}

#[test]
fn after_two_minutes_without_a_code_the_camera_stops() {
    let world = World::new();
    let mut session = world.open_session();
    shows(&world, (0..15).map(|_| screen(&[])));
    started(&mut session);
    for _ in 0..14 {
        assert_eq!(look(&mut session), Ok(false));
        world.pass(Duration::from_secs(8));
        assert_eq!(beat(&mut session), (false, false));
    }
    assert_eq!(*world.cameras_on.lock().unwrap(), 1);
    assert_eq!(look(&mut session), Ok(false));
    world.pass(Duration::from_secs(8));
    beat(&mut session);
    until_off(&world);
    assert_eq!(code_of(look(&mut session)), ErrorCode::CameraStopped);
}

#[test]
fn a_camera_that_nobody_looks_through_stops() {
    let world = World::new();
    let mut session = world.open_session();
    shows(&world, [screen(&[])]);
    started(&mut session);
    assert_eq!(look(&mut session), Ok(false));
    world.pass(Duration::from_secs(10));
    beat(&mut session);
    until_off(&world);
    assert_eq!(code_of(look(&mut session)), ErrorCode::CameraStopped);
}
