//! The errand: a process of our own program that asks the desktop's portal for a picture of the screen and hands it back through
//! its output.
//!
//! The portal looks at whoever asks it (`/proc/PID/root`, to tell whether it is in a sandbox) and refuses a process that cannot be looked
//! at, as ours cannot (`guard::keep_out_of_dumps`). This one can, and holds no secret but the picture, of which it reads not one byte: the
//! kernel moves it from the file into the pipe.
//!
//! The portal leaves the picture in a file. The errand removes it before anything else is done with it, so it is gone whether or not
//! the picture can be read, and whether or not anybody still waits for it.

use std::{
    ffi::OsStr,
    fs::{self, File, Metadata},
    io,
    os::unix::{
        ffi::OsStrExt,
        fs::{MetadataExt, OpenOptionsExt},
    },
    path::{Path, PathBuf},
    process::ExitCode,
    thread,
    time::{Duration, SystemTime},
};

use ashpd::{
    Error, PortalError,
    desktop::screenshot::Screenshot,
    zbus::{self, fdo},
};
use percent_encoding::percent_decode_str;
use rustix::{
    fs::{OFlags, sendfile},
    io::Errno,
    process::geteuid,
};

/// Starts the program as an errand.
pub(super) const ARGUMENT: &str = "--fetch-screen-from-portal";

/// The errand ends so if the person, or what they told their desktop before, refuses.
pub(super) const DENIED: u8 = 3;
/// The errand ends so if there is no portal that gives pictures of the screen.
pub(super) const UNSUPPORTED: u8 = 4;
/// The errand ends so if anything else went wrong; its output then says what.
const FAILED: u8 = 5;

/// A portal that has not answered by then never will. A person was told long before.
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// A file older than this at the time of the question is not what the portal made for us. Clocks of network drives differ.
const SKEW: Duration = Duration::from_secs(60);

/// How much the kernel moves at once.
const CHUNK: usize = 1 << 20;

/// Why there is no picture.
enum Refusal {
    Denied,
    Unsupported,
    Failed(String),
}

/// Runs the errand.
pub(super) fn run() -> ExitCode {
    thread::spawn(|| {
        thread::sleep(LIMIT);
        std::process::exit(i32::from(FAILED));
    });
    match picture().and_then(|picture| hand_back(picture).map_err(failed)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Refusal::Denied) => ExitCode::from(DENIED),
        Err(Refusal::Unsupported) => ExitCode::from(UNSUPPORTED),
        Err(Refusal::Failed(reason)) => {
            let _ = io::Write::write_all(&mut io::stdout(), reason.as_bytes());
            ExitCode::from(FAILED)
        }
    }
}

/// Asks, waits, and takes the picture out of its folder.
fn picture() -> Result<File, Refusal> {
    let before = now().checked_sub(SKEW).unwrap_or(SystemTime::UNIX_EPOCH);
    let uri = async_io::block_on(ask()).map_err(refusal)?;
    let path = path_of(&uri).ok_or_else(|| failed("the portal names no file"))?;
    take_out(&path, before).map_err(failed)
}

/// Moves the picture into the pipe.
fn hand_back(mut picture: File) -> io::Result<()> {
    let mut pipe = io::stdout().lock();
    loop {
        match sendfile(&pipe, &picture, None, CHUNK) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            // A file system the kernel does not do this for.
            Err(Errno::INVAL | Errno::NOSYS) => return io::copy(&mut picture, &mut pipe).map(drop),
            Err(error) => return Err(error.into()),
        }
    }
}

/// The address of the file with the picture.
async fn ask() -> Result<String, Error> {
    let request = Screenshot::request().interactive(false).modal(false).send().await?;
    request.response().map(|screenshot| screenshot.uri().as_str().to_owned())
}

fn refusal(error: Error) -> Refusal {
    match error {
        Error::Response(_) | Error::Portal(PortalError::NotAllowed(_) | PortalError::Cancelled(_)) => Refusal::Denied,
        Error::PortalNotFound(_) => Refusal::Unsupported,
        Error::Zbus(error) | Error::Portal(PortalError::ZBus(error)) if is_absent(&error) => Refusal::Unsupported,
        // Whatever it quotes, it has seen no picture.
        error => failed(error),
    }
}

/// Whether nobody is there to be asked: no bus, nobody of that name on it, or somebody who does not know about pictures.
fn is_absent(error: &zbus::Error) -> bool {
    match error {
        zbus::Error::Address(_) | zbus::Error::InputOutput(_) | zbus::Error::InterfaceNotFound => true,
        zbus::Error::MethodError(name, _, _) => {
            let name = name.strip_prefix("org.freedesktop.DBus.Error.").unwrap_or_default();
            name.starts_with("Unknown")
                || name.starts_with("Spawn.")
                || matches!(name, "ServiceUnknown" | "NameHasNoOwner")
        }
        zbus::Error::FDO(error) => matches!(
            **error,
            fdo::Error::ServiceUnknown(_)
                | fdo::Error::NameHasNoOwner(_)
                | fdo::Error::UnknownMethod(_)
                | fdo::Error::UnknownInterface(_)
                | fdo::Error::UnknownObject(_)
        ),
        _ => false,
    }
}

/// The path in a `file:` address of this machine.
fn path_of(uri: &str) -> Option<PathBuf> {
    let path = uri.strip_prefix("file://").map(|rest| rest.strip_prefix("localhost").unwrap_or(rest))?;
    let bytes: Vec<u8> = percent_decode_str(path).collect();
    let path = Path::new(OsStr::from_bytes(&bytes));
    (path.is_absolute() && !bytes.contains(&0)).then(|| path.to_owned())
}

/// Opens a file and removes it from its folder: what was opened is then all there is of it. Only a file of our own that was written
/// since `since`: nothing that lay there before is ever removed.
fn take_out(path: &Path, since: SystemTime) -> io::Result<File> {
    let facts = fs::symlink_metadata(path)?;
    let is_ours = facts.is_file() && facts.uid() == geteuid().as_raw();
    if !is_ours || facts.modified()? < since {
        return Err(io::Error::other("the portal names a file it cannot have made"));
    }
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let opened = fs::OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path);
    fs::remove_file(path)?;
    let file = opened?;
    if !is_same(&facts, &file.metadata()?) {
        return Err(io::Error::other("the picture was replaced while it was opened"));
    }
    Ok(file)
}

fn is_same(one: &Metadata, other: &Metadata) -> bool {
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[allow(clippy::disallowed_methods)] // When the file was made, compared with the clock that stamps files.
fn now() -> SystemTime {
    SystemTime::now()
}

fn failed(reason: impl ToString) -> Refusal {
    Refusal::Failed(reason.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::{io::Read, os::unix::fs::symlink};

    use super::*;

    #[test]
    fn a_picture_is_taken_out_of_its_folder_and_still_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Screenshot from 2026.png");
        fs::write(&path, b"pixels").unwrap();
        let mut text = String::new();
        take_out(&path, now() - SKEW).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "pixels");
        assert!(!path.exists());
    }

    #[test]
    fn what_the_portal_cannot_have_made_stays() {
        let folder = tempfile::tempdir().unwrap();
        let old = folder.path().join("letter.png");
        fs::write(&old, b"a year old").unwrap();
        let link = folder.path().join("link.png");
        symlink(&old, &link).unwrap();
        assert!(take_out(&old, now() + SKEW).is_err(), "older than the question");
        assert!(take_out(&link, now() - SKEW).is_err(), "a link");
        assert!(take_out(folder.path(), now() - SKEW).is_err(), "a folder");
        assert!(old.exists() && link.exists());
    }

    #[test]
    fn an_address_is_a_path_of_this_machine_or_nothing() {
        let path = |uri| path_of(uri);
        assert_eq!(path("file:///tmp/out.png"), Some("/tmp/out.png".into()));
        assert_eq!(path("file://localhost/tmp/a%20b/%E7%94%BB%E9%9D%A2.png"), Some("/tmp/a b/画面.png".into()));
        for foreign in ["http://example.org/a.png", "file://other/tmp/a.png", "file:///tmp/a%00.png", "/tmp/a.png", ""]
        {
            assert_eq!(path(foreign), None, "{foreign}");
        }
    }
}
