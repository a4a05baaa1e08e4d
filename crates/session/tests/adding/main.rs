//! From codes to entries: exports in parts, several at once, and what is left lying about afterwards.
#![allow(clippy::unwrap_used)]

#[path = "../support/screen.rs"]
mod screen;
#[path = "../support/mod.rs"]
mod support;

mod exports;
mod leftovers;
mod saving;

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use screen::screen;
use support::{PASSWORD, SECRET, URI, World, password};
use warifu_session::{
    Added, Addition, CandidateId, Counts, EntryId, ErrorCode, Session, SessionError, Unlocked,
    otp::Label,
    pictures::{self, FILES_LIMIT},
    ports::StoreError,
    read_clipboard,
    reading::{Export, Reading, read_payload, read_text},
};

const SECOND: &str = "otpauth://totp/Second:me?secret=JBSWY3DPEHPK3PXP&issuer=Second";
const THIRD: &str = "otpauth://totp/Third:me?secret=MFRGGZDFMZTWQ2LK&issuer=Third";

/// The lines of an export among the fixtures, each a part.
fn export(name: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/exports/google_migration");
    std::fs::read_to_string(folder.join(name).with_extension("txt")).unwrap().lines().map(str::to_owned).collect()
}

fn accounts(unlocked: &Unlocked<'_>) -> Vec<String> {
    unlocked.candidates().map(|(_, candidate)| candidate.label.account_name.clone()).collect()
}

fn refusals(reading: &Reading) -> Vec<ErrorCode> {
    reading.refusals.iter().map(|refusal| refusal.error.code).collect()
}

/// Every candidate under its own name, or one made up.
fn all(unlocked: &Unlocked<'_>) -> Vec<Addition> {
    let named = |(candidate, read): (CandidateId, &warifu_session::reading::Candidate)| {
        let issuer = read.label.issuer.clone().unwrap_or_else(|| "Site".to_owned());
        let account = read.label.account_name.clone();
        Addition { candidate, issuer, account, even_if_present: false, replaces: None }
    };
    unlocked.candidates().map(named).collect()
}

fn add_all(session: &mut Session, texts: &[&str]) -> Vec<EntryId> {
    let mut unlocked = session.unlocked().unwrap();
    unlocked.propose(read_text(&texts.join("\n")));
    let additions = all(&unlocked);
    unlocked.add_candidates(additions).unwrap().entries
}

fn code<T>(outcome: Result<T, SessionError>) -> ErrorCode {
    outcome.err().unwrap().code
}

/// Puts a picture of codes where a person might have saved one.
fn put(world: &World, path: &str, texts: &[&str]) {
    world.pictures.lock().unwrap().insert(PathBuf::from(path), screen(texts));
}
