//! The calls, one function each. Each returns its exit code.

mod add;
mod backups;
mod code;
mod scan;
mod vault;

use std::path::PathBuf;

use warifu_session::{ErrorCode, Phase, Session};

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

/// A session with its vault open.
fn unlocked(console: &Console, common: &Common) -> Result<Session, Fault> {
    let mut session = locked(common)?;
    session.unlock(console.password(common.password_stdin)?)?;
    for notice in session.unlocked()?.notices() {
        console.note(&console.error(&notice).message);
    }
    Ok(session)
}
