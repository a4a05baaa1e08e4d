//! The calls, one function each. Each returns its exit code.

mod add;
mod backups;
mod code;
mod scan;
mod vault;

use std::{
    ops::{Deref, DerefMut},
    path::PathBuf,
};

use warifu_session::{ErrorCode, Phase, Session, SessionError};
use zeroize::Zeroizing;

use crate::{
    args::{Call, Cli, Common},
    console::Console,
    fault::{Cause, Fault, exit},
    ports,
};

/// Does what was asked.
pub(crate) fn run(console: &Console, cli: Cli) -> Result<u8, Fault> {
    let common = cli.common;
    match cli.call {
        Call::Scan { files } => scan::scan(console, &files),
        Call::Code(args) => code::code(console, &common, args),
        Call::Init => vault::init(console, &common),
        Call::Add(args) => add::add(console, &common, args),
        Call::List => vault::list(console, &common),
        Call::Show { name } => vault::show(console, &common, &name.name),
        Call::Edit { name, issuer, account } => vault::edit(console, &common, &name.name, issuer, account),
        Call::Rm { name } => vault::rm(console, &common, &name.name),
        Call::Qr { name, out } => vault::qr(console, &common, &name.name, &out),
        Call::Merge { file } => backups::merge(console, &common, &file),
        Call::Backups => backups::list(console, &common),
        Call::Restore { backup } => backups::restore(console, &common, &backup),
        Call::Verify { name, code, window } => code::verify(console, &common, &name.name, &code, window),
    }
}

/// A session over the vault that was named.
fn session(common: &Common) -> Result<Session, Fault> {
    let place = common.vault.clone().or_else(warifu_platform::default_vault_path);
    let place: PathBuf = place.ok_or_else(|| Cause::own("no_vault_place", exit::USAGE))?;
    Ok(ports::session(place, common.at))
}

/// A session whose vault is there and can be read: said before anybody is asked for a password.
fn locked(common: &Common) -> Result<Session, Fault> {
    let session = session(common)?;
    match session.phase() {
        Phase::FirstStart => Err(ErrorCode::NoVault.into()),
        Phase::Unreadable(error) => Err(error.into()),
        Phase::Locked(_) | Phase::Unlocked => Ok(session),
    }
}

/// A session with its vault open, by the password that is asked for.
fn unlocked<'c>(console: &'c Console, common: &Common) -> Result<Telling<'c>, Fault> {
    let mut session = Telling::new(console, locked(common)?);
    session.open(console.password(common.password_stdin)?)?;
    Ok(session)
}

/// A session that says beside the answer what its vault has to tell: what there is when it is opened, and at the end of the call
/// what came of the call.
struct Telling<'c> {
    console: &'c Console,
    session: Session,
    told: Vec<String>,
}

impl<'c> Telling<'c> {
    fn new(console: &'c Console, session: Session) -> Self {
        Self { console, session, told: Vec::new() }
    }

    fn open(&mut self, password: Zeroizing<String>) -> Result<(), SessionError> {
        self.session.unlock(password)?;
        self.tell();
        Ok(())
    }

    fn tell(&mut self) {
        let notices = self.session.unlocked().map(|vault| vault.notices()).unwrap_or_default();
        for message in notices.iter().map(|notice| self.console.error(notice).message) {
            if !self.told.contains(&message) {
                self.console.note(&message);
                self.told.push(message);
            }
        }
    }
}

impl Deref for Telling<'_> {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}

impl DerefMut for Telling<'_> {
    fn deref_mut(&mut self) -> &mut Session {
        &mut self.session
    }
}

impl Drop for Telling<'_> {
    fn drop(&mut self) {
        self.tell();
    }
}
