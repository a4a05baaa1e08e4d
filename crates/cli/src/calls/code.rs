//! `code` and `verify`.

use serde::Serialize;
use warifu_platform::DiskPictures;
use warifu_session::{
    ErrorCode,
    otp::{Code, Label, Otp, Validity},
    reading::{self, Candidate, Reading},
};
use zeroize::Zeroizing;

use super::unlocked;
use crate::{
    args::{CodeArgs, Common},
    console::{Console, read_picture_file},
    fault::{Cause, Fault, exit},
    ports,
};

/// Steps to each side: a code read at the end of its time and typed a little later is right.
const TIME_WINDOW: u64 = 1;
/// Steps ahead: codes that were made and not used.
const COUNTER_WINDOW: u64 = 10;

#[derive(Serialize)]
struct CodeView<'a> {
    code: &'a str,
    #[serde(flatten)]
    validity: ValidityView,
    issuer: Option<&'a str>,
    account: &'a str,
}

#[derive(Serialize)]
#[serde(untagged)]
enum ValidityView {
    Interval { valid_from: i64, valid_until: i64 },
    Counter { counter: u64 },
}

#[derive(Serialize)]
struct VerifyView {
    valid: bool,
    offset: Option<i64>,
}

/// Prints the code of a line, a picture or an account in the vault.
pub(crate) fn code(console: &Console, common: &Common, args: CodeArgs) -> Result<u8, Fault> {
    let reading = match (args.uri, args.image, args.name) {
        (Some(uri), ..) => read_uri(console, uri)?,
        (_, Some(image), _) => reading::read_picture(&DiskPictures, &Zeroizing::new(read_picture_file(&image)?))?,
        (_, _, name) => return code_of_entry(console, common, &name.unwrap_or_default()),
    };
    let candidate = the_only(reading)?;
    let code = candidate.otp.code_at(ports::clock(common.at).now());
    print(console, &code, &candidate.label)
}

/// Says whether a code is right for an account. Nothing is changed, a counter neither.
pub(crate) fn verify(
    console: &Console,
    common: &Common,
    name: &str,
    code: &str,
    window: Option<u64>,
) -> Result<u8, Fault> {
    let mut session = unlocked(console, common)?;
    let now = session.ports().clock.now();
    let vault = session.unlocked()?;
    let otp = &vault.find(name)?.otp;
    let window = window.unwrap_or(if matches!(otp, Otp::Hotp(_)) { COUNTER_WINDOW } else { TIME_WINDOW });
    let offset = otp.verify(&plain(code), now, window);
    if console.json {
        console.document(&VerifyView { valid: offset.is_some(), offset })?;
    } else {
        console.line(&match offset {
            Some(offset) => console.say_with("code_right", [("offset", offset.to_string())]),
            None => console.say("code_wrong"),
        })?;
    }
    Ok(if offset.is_some() { exit::DONE } else { exit::FAILED })
}

/// What an otpauth line holds, from the argument or, for `-`, from the standard input.
pub(crate) fn read_uri(console: &Console, uri: String) -> Result<Reading, Fault> {
    let uri = Zeroizing::new(uri);
    let uri = if *uri == "-" { console.input_line()? } else { uri };
    Ok(reading::read_payload(&uri))
}

fn code_of_entry(console: &Console, common: &Common, name: &str) -> Result<u8, Fault> {
    let mut session = unlocked(console, common)?;
    let now = session.ports().clock.now();
    let mut vault = session.unlocked()?;
    let entry = vault.find(name)?;
    let (id, label, counts) = (entry.id, entry.label.clone(), entry.otp.counter().is_some());
    let code = if counts { vault.next_code(id)? } else { vault.code_at(id, now)? };
    print(console, &code, &label)
}

fn print(console: &Console, code: &Code, label: &Label) -> Result<u8, Fault> {
    let code_text = code.expose_value();
    if console.json {
        let validity = match code.validity {
            Validity::Interval { valid_from, valid_until } => {
                ValidityView::Interval { valid_from: valid_from.as_secs(), valid_until: valid_until.as_secs() }
            }
            Validity::Counter(counter) => ValidityView::Counter { counter: counter.get() },
        };
        let (issuer, account) = (label.issuer.as_deref(), label.account_name.as_str());
        console.document(&CodeView { code: code_text, validity, issuer, account })?;
    } else {
        console.line(code_text)?;
    }
    Ok(exit::DONE)
}

/// The one account that was read: with several there is no telling whose code is wanted.
fn the_only(reading: Reading) -> Result<Candidate, Fault> {
    let count = reading.candidates.len();
    match (reading.candidates.into_iter().next(), reading.refusals.into_iter().next()) {
        (Some(candidate), _) if count == 1 => Ok(candidate),
        (Some(_), _) => Err(Cause::own("several_codes", exit::FAILED).with("count", count).into()),
        (None, Some(refusal)) => Err(refusal.error.into()),
        (None, None) => Err(ErrorCode::CodeIsOther.into()),
    }
}

/// A code as it was meant: without spaces, in plain characters.
fn plain(code: &str) -> Zeroizing<String> {
    // Full-width characters lie at a fixed distance above ASCII.
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    };
    Zeroizing::new(code.chars().filter(|c| !c.is_whitespace()).map(narrow).collect())
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn spaces_and_width_do_not_matter() {
        assert_eq!(*plain(" １２３\u{3000}456\u{a0}"), "123456");
        assert_eq!(*plain("ｖｗＸ29"), "vwX29");
        assert_eq!(*plain("12-34"), "12-34");
    }
}
