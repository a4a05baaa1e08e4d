//! The pictures in tests/fixtures/qr, and others' real ones where they are at hand.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::print_stdout, reason = "a skipped test says so")]
#![allow(clippy::disallowed_methods, reason = "the place of others' fixtures is told by the environment")]

use std::path::{Path, PathBuf};

use serde_json::Value;
use warifu_scan::{FoundCode, Picture, find_codes};

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Each picture says what its expectation beside it says.
#[test]
fn our_own_pictures_are_read_as_expected() {
    let mut checked = 0;
    for entry in std::fs::read_dir(workspace().join("tests/fixtures/qr")).unwrap() {
        let expectation = entry.unwrap().path();
        if expectation.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let expected: Value = serde_json::from_slice(&std::fs::read(&expectation).unwrap()).unwrap();
        let file = expectation.with_file_name(expected["file"].as_str().unwrap());
        let is = match Picture::decode(&std::fs::read(&file).unwrap()) {
            Ok(picture) => Value::from(find_codes(&picture).iter().map(FoundCode::expose_text).collect::<Vec<_>>()),
            Err(error) => Value::from(format!("{error:?}").split_whitespace().next().unwrap()),
        };
        let should = if expected["error"].is_null() { &expected["texts"] } else { &expected["error"] };
        assert_eq!(&is, should, "{}", file.display());
        checked += 1;
    }
    assert!(checked >= 15, "{checked}");
}

/// Real exports photographed and captured by others.
#[test]
fn real_migration_screenshots() {
    let folder = std::env::var_os("WARIFU_SHARED_FIXTURES")
        .map_or_else(|| workspace().join("../shared/fixtures"), PathBuf::from);
    let Ok(manifest) = std::fs::read(folder.join("MANIFEST.json")) else {
        println!("skipped: no shared fixtures");
        return;
    };
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    let mut checked = 0;
    let mut visit = vec![&manifest];
    while let Some(value) = visit.pop() {
        match value {
            Value::Array(items) => visit.extend(items),
            Value::Object(fields) => match (&value["file"], &value["qr_text"]) {
                (Value::String(file), Value::String(text)) => {
                    let picture = Picture::decode(&std::fs::read(folder.join(file)).unwrap()).unwrap();
                    let codes = find_codes(&picture);
                    assert_eq!(codes.len(), 1, "{file}");
                    assert_eq!(codes[0].expose_text(), text, "{file}");
                    checked += 1;
                }
                _ => visit.extend(fields.values()),
            },
            _ => {}
        }
    }
    assert!(checked > 0);
}
