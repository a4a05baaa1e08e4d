//! `init`, `list`, `show`, `edit`, `rm` and `qr`.

use std::{collections::BTreeMap, io, path::Path};

use warifu_session::{ErrorCode, Phase, otp::reveal_key_uri};
use zeroize::Zeroizing;

use super::{Telling, session, unlocked};
use crate::{
    args::Common,
    console::{Console, shown},
    entry::{EntryView, name_of},
    fault::{Cause, Fault, exit, file_error},
    qr_picture,
};

/// Makes a new vault where there is none and no trace of one.
pub(crate) fn init(console: &Console, common: &Common) -> Result<u8, Fault> {
    let mut session = Telling::new(console, session(common)?);
    match session.phase() {
        Phase::FirstStart => {}
        Phase::Unreadable(error) => return Err(error.into()),
        Phase::Locked(_) | Phase::Unlocked => return Err(ErrorCode::VaultExists.into()),
    }
    session.create(console.new_password(common.password_stdin)?, "")?;
    let place = session.vault_place();
    if console.json {
        console.document(&BTreeMap::from([("vault", place)]))?;
    } else {
        console.line(&console.say_with("vault_made", [("place", shown(&place))]))?;
    }
    Ok(exit::DONE)
}

/// Lists the accounts in the person's order.
pub(crate) fn list(console: &Console, common: &Common) -> Result<u8, Fault> {
    let mut session = unlocked(console, common)?;
    let vault = session.unlocked()?;
    let entries = vault.entries("");
    if vault.unreadable() > 0 {
        console.note(&console.say_with("some_unreadable", [("count", vault.unreadable().to_string())]));
    }
    if console.json {
        let views: Vec<EntryView> = entries.iter().map(|entry| EntryView::of_entry(console, entry)).collect();
        console.document(&views)?;
        return Ok(exit::DONE);
    }
    if entries.is_empty() {
        console.note(&console.say("vault_empty"));
    }
    for entry in entries {
        let view = EntryView::of_entry(console, entry);
        let secret = view.secret.as_ref().map(|secret| format!("\t{}", secret.as_str())).unwrap_or_default();
        let name = name_of(console, &entry.label);
        console.line(&format!("{name}\t{}\t{}{secret}", view.parameters(console), view.id()))?;
    }
    Ok(exit::DONE)
}

/// Shows one account.
pub(crate) fn show(console: &Console, common: &Common, name: &str) -> Result<u8, Fault> {
    let mut session = unlocked(console, common)?;
    let vault = session.unlocked()?;
    let entry = vault.find(name)?;
    let view = EntryView::of_entry(console, entry).with_uri(console, entry);
    if console.json {
        console.document(&view)?;
        return Ok(exit::DONE);
    }
    console.line(&name_of(console, &entry.label))?;
    console.line(&view.parameters(console))?;
    console.line(&format!("id: {}", view.id()))?;
    if let (Some(secret), Some(uri)) = (&view.secret, &view.uri) {
        console.line(&format!("{}: {}", console.say("secret"), secret.as_str()))?;
        console.line(uri.as_str())?;
    }
    Ok(exit::DONE)
}

/// Renames an account; a part that is not given stays.
pub(crate) fn edit(
    console: &Console,
    common: &Common,
    name: &str,
    issuer: Option<String>,
    account: Option<String>,
) -> Result<u8, Fault> {
    let mut session = unlocked(console, common)?;
    let mut vault = session.unlocked()?;
    let entry = vault.find(name)?;
    let (id, label) = (entry.id, entry.label.clone());
    let issuer = issuer.or(label.issuer).unwrap_or_default();
    vault.rename(id, &issuer, &account.unwrap_or(label.account_name))?;
    let entry = vault.entry(id)?;
    if console.json {
        console.document(&EntryView::of_entry(console, entry))?;
    } else {
        console.line(&console.say_with("changed", [("name", name_of(console, &entry.label))]))?;
    }
    Ok(exit::DONE)
}

/// Deletes an account. The vault keeps it in its trash for some weeks.
pub(crate) fn rm(console: &Console, common: &Common, name: &str) -> Result<u8, Fault> {
    let mut session = unlocked(console, common)?;
    let mut vault = session.unlocked()?;
    let entry = vault.find(name)?;
    let id = entry.id;
    let said = if console.json {
        console.document_text(&EntryView::of_entry(console, entry))?
    } else {
        Zeroizing::new(console.say_with("deleted", [("name", name_of(console, &entry.label))]))
    };
    vault.delete(id)?;
    console.line(&said)?;
    Ok(exit::DONE)
}

/// Writes the QR picture of an account, over nothing.
pub(crate) fn qr(console: &Console, common: &Common, name: &str, out: &Path) -> Result<u8, Fault> {
    let mut session = unlocked(console, common)?;
    let vault = session.unlocked()?;
    let entry = vault.find(name)?;
    let picture = qr_picture::png_of(&reveal_key_uri(&entry.label, &entry.otp))
        .ok_or_else(|| Cause::own("qr_too_long", exit::FAILED))?;
    warifu_platform::write_new(out, &picture).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => ErrorCode::FileExists.into(),
        _ => file_error(ErrorCode::FileNotWritten, &error),
    })?;
    console.note(&console.say("qr_holds_secret"));
    let file = out.to_string_lossy().into_owned();
    if console.json {
        console.document(&BTreeMap::from([("file", file)]))?;
    } else {
        console.line(&console.say_with("picture_made", [("file", shown(&file))]))?;
    }
    Ok(exit::DONE)
}
