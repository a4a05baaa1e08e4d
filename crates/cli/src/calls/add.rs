//! `add`.

use serde::Serialize;
use warifu_platform::DiskPictures;
use warifu_session::{
    Addition, CandidateId, EntryId, ErrorCode, SessionError, Unlocked,
    otp::{Label, OtpKind},
    reading::{self, Reading, TypedKey},
};
use zeroize::Zeroizing;

use super::{Telling, code::read_uri, locked};
use crate::{
    args::{AddArgs, Common},
    console::{Console, ErrorView, read_picture_file, shown},
    entry::{EntryView, name_of},
    fault::{Fault, exit},
};

#[derive(Serialize)]
struct AddView<'a> {
    added: Vec<EntryView<'a>>,
    refused: Vec<ErrorView>,
}

/// Adds all that was read. What cannot be added is said; the call fails if nothing was added.
pub(crate) fn add(console: &Console, common: &Common, args: AddArgs) -> Result<u8, Fault> {
    let mut session = Telling::new(console, locked(common)?);
    // The password is the first line, so it is read before what may be the second.
    let from_input = args.secret_stdin || args.uri.as_deref() == Some("-");
    let (reading, password) = if from_input {
        let password = console.password(common.password_stdin)?;
        (read(console, &args)?, password)
    } else {
        (read(console, &args)?, console.password(common.password_stdin)?)
    };
    if let (true, Some(error)) = (reading.candidates.is_empty(), reading.refusals.first()) {
        return Err(error.error.clone().into());
    }
    session.open(password)?;
    let mut vault = session.unlocked()?;
    say_what_is_missing(console, &reading);
    vault.propose(reading);
    let (added, refused) = add_all(console, &mut vault, &args)?;
    let shown = added.iter().map(|id| vault.entry(*id)).collect::<Result<Vec<_>, _>>()?;
    if console.json && !added.is_empty() {
        let added = shown.iter().map(|entry| EntryView::of_entry(console, entry)).collect();
        console
            .document(&AddView { added, refused: refused.iter().map(|(_, error)| console.error(error)).collect() })?;
    } else {
        for entry in shown {
            console.line(&console.say_with("added", [("name", name_of(console, &entry.label))]))?;
        }
    }
    match (added.is_empty(), refused) {
        (true, mut refused) if !refused.is_empty() => Err(refused.swap_remove(0).1.into()),
        (true, _) => Err(ErrorCode::CodeIsOther.into()),
        (false, refused) => {
            for (name, error) in refused {
                if let Some(name) = name {
                    console.note(&console.say_with("not_added", [("name", name)]));
                }
                console.note(&console.error(&error).message);
            }
            Ok(exit::DONE)
        }
    }
}

fn read(console: &Console, args: &AddArgs) -> Result<Reading, Fault> {
    if !args.image.is_empty() {
        let mut whole = Reading::default();
        for image in &args.image {
            whole.absorb(reading::read_picture(&DiskPictures, &Zeroizing::new(read_picture_file(image)?))?);
        }
        return Ok(whole);
    }
    if let Some(uri) = &args.uri {
        return read_uri(console, uri.clone());
    }
    let parameters = &args.parameters;
    Ok(reading::read_typed_key(&TypedKey {
        text: &console.input_line()?,
        issuer: args.issuer.as_deref().unwrap_or_default(),
        account: args.account.as_deref().unwrap_or_default(),
        kind: parameters.kind.map_or(OtpKind::Totp, Into::into),
        algorithm: parameters.algorithm.as_deref().unwrap_or("SHA1"),
        digits: parameters.digits.unwrap_or(6),
        period: parameters.period.unwrap_or(30),
        counter: parameters.counter.as_deref().unwrap_or("0"),
    })?)
}

/// What was not added, by name, and why.
type Refused = Vec<(Option<String>, SessionError)>;

/// Adds the candidates under their own names, or the one that was given. What is wrong with one does not keep the others out;
/// what is wrong with the vault does.
fn add_all(
    console: &Console,
    vault: &mut Unlocked<'_>,
    args: &AddArgs,
) -> Result<(Vec<EntryId>, Refused), SessionError> {
    let refusals = vault.reading().map(|reading| reading.refusals.clone()).unwrap_or_default();
    let mut refused: Refused =
        refusals.into_iter().map(|refusal| (refusal.name.as_deref().map(shown), refusal.error)).collect();
    let mut wanted: Vec<(CandidateId, Label)> =
        vault.candidates().map(|(id, candidate)| (id, candidate.label.clone())).collect();
    say_other_settings(console, vault);
    while !wanted.is_empty() {
        match vault.add_candidates(wanted.iter().map(|(id, label)| addition(*id, label, args)).collect()) {
            Ok(added) => {
                // Pictures and clipboards are the window's business.
                drop(added.leftovers);
                return Ok((added.entries, refused));
            }
            Err(error) if matches!(error.code, ErrorCode::AlreadyPresent | ErrorCode::LabelEmpty) => {
                let which = error.detail.get("candidate").and_then(|id| id.parse().ok());
                let Some(index) = wanted.iter().position(|(id, _)| Some(*id) == which) else { return Err(error) };
                refused.push((Some(name_of(console, &wanted.remove(index).1)), error));
            }
            Err(error) => return Err(error),
        }
    }
    Ok((Vec::new(), refused))
}

fn addition(candidate: CandidateId, read: &Label, args: &AddArgs) -> Addition {
    Addition {
        candidate,
        issuer: args.issuer.as_deref().or(read.issuer.as_deref()).unwrap_or_default().to_owned(),
        account: args.account.as_deref().unwrap_or(&read.account_name).to_owned(),
        even_if_present: args.even_if_present,
        replaces: None,
    }
}

/// Says which keys are there already with other settings. They are added all the same: which of the two is right only the site knows.
fn say_other_settings(console: &Console, vault: &Unlocked<'_>) {
    for compared in vault.compared() {
        if let Some(entry) = compared.same_secret {
            let names = [("name", &compared.candidate.label), ("known", &entry.label)];
            console
                .note(&console.say_with("other_settings", names.map(|(hole, label)| (hole, name_of(console, label)))));
        }
    }
}

/// Says which parts of exports were not read.
pub(super) fn say_what_is_missing(console: &Console, reading: &Reading) {
    for export in &reading.exports {
        let missing: Vec<String> = export.missing().iter().map(u32::to_string).collect();
        if !missing.is_empty() {
            let detail = [("parts", export.parts().to_string()), ("missing", missing.join(", "))];
            console.note(&console.say_with("parts_missing", detail));
        }
    }
}
