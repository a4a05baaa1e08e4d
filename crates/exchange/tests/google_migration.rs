//! Google's export codes: built field by field here, and those of other projects where they are at hand.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::disallowed_methods,
    missing_docs
)]

use std::path::Path;

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use proptest::prelude::*;
use serde_json::Value;
use warifu_exchange::google_migration::{
    MAX_MIGRATION_BYTES, MAX_MIGRATION_ENTRIES, MigrationEntry, MigrationError, MigrationPart, UnsupportedEntry, parse,
};
use warifu_otp::{Algorithm, Counter, Label, LabelPart, OtpKind, SecretError, UnixTime};

const SECRET: &[u8] = b"Hello!\xde\xad\xbe\xef";

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

fn number(field: u64, value: u64) -> Vec<u8> {
    [varint(field << 3), varint(value)].concat()
}

fn bytes(field: u64, value: &[u8]) -> Vec<u8> {
    [varint((field << 3) | 2), varint(value.len() as u64), value.to_vec()].concat()
}

/// A TOTP entry named so, with these fields behind.
fn entry(name: &str, issuer: &str, more: &[Vec<u8>]) -> Vec<u8> {
    let fields = [bytes(1, SECRET), bytes(2, name.as_bytes()), bytes(3, issuer.as_bytes()), more.concat()].concat();
    bytes(1, &fields)
}

fn uri(payload: &[u8]) -> String {
    let data = BASE64.encode(payload).replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    format!("otpauth-migration://offline?data={data}")
}

fn part(payload: &[u8]) -> MigrationPart {
    parse(&uri(payload)).unwrap()
}

fn only(payload: &[u8]) -> MigrationEntry {
    let mut entries = part(payload).entries;
    assert_eq!(entries.len(), 1);
    entries.remove(0)
}

fn reason(more: &[Vec<u8>]) -> UnsupportedEntry {
    let entry = only(&entry("hanako", "Portal", more));
    assert_eq!(entry.label.account_name, "hanako");
    entry.otp.unwrap_err()
}

#[test]
fn numbers_mean_what_the_app_means() {
    for (algorithm, expected) in
        [(0, Algorithm::Sha1), (1, Algorithm::Sha1), (2, Algorithm::Sha256), (3, Algorithm::Sha512)]
    {
        for (digits, length) in [(0, 6), (1, 6), (2, 8)] {
            for (kind, expected_kind) in [(0, OtpKind::Totp), (1, OtpKind::Hotp), (2, OtpKind::Totp)] {
                let fields = [number(4, algorithm), number(5, digits), number(6, kind), number(7, 42)];
                let otp = only(&entry("a", "b", &fields)).otp.unwrap();
                assert_eq!((otp.algorithm(), otp.digits().get(), otp.kind()), (expected, length, expected_kind));
                assert_eq!(otp.time_step().map(|step| step.as_secs()), (expected_kind == OtpKind::Totp).then_some(30));
                assert_eq!(otp.counter(), (expected_kind == OtpKind::Hotp).then_some(Counter::new(42)));
                assert_eq!(*otp.secret().expose_bytes(), *SECRET);
            }
        }
    }
}

#[test]
fn unsupported_entries_have_their_reason_and_lose_no_other() {
    assert_eq!(reason(&[number(4, 4)]), UnsupportedEntry::Md5);
    assert_eq!(reason(&[number(4, 5)]), UnsupportedEntry::UnknownAlgorithm);
    assert_eq!(reason(&[number(5, 3)]), UnsupportedEntry::UnknownDigits);
    assert_eq!(reason(&[number(6, 3)]), UnsupportedEntry::UnknownType);
    assert_eq!(reason(&[number(6, 1), number(7, -1_i64 as u64)]), UnsupportedEntry::NegativeCounter);
    assert_eq!(reason(&[bytes(1, b"")]), UnsupportedEntry::Secret(SecretError::Empty));
    assert_eq!(reason(&[bytes(1, &[7; 1025])]), UnsupportedEntry::Secret(SecretError::TooLong));

    let not_text = only(&entry("a", "b", &[bytes(2, b"\xff")]));
    assert_eq!((not_text.otp.unwrap_err(), not_text.label), (UnsupportedEntry::NameNotText, Label::default()));
    let too_long = only(&entry(&"a".repeat(1025), "b", &[])).otp.unwrap_err();
    let UnsupportedEntry::LabelTooLong(too_long) = too_long else { panic!("{too_long:?}") };
    assert_eq!(too_long.part, LabelPart::AccountName);

    let payload = [entry("1", "", &[]), entry("2", "", &[number(4, 4)]), entry("3", "", &[])].concat();
    let seen: Vec<_> =
        part(&payload).entries.iter().map(|e| (e.index, e.label.account_name.clone(), e.otp.is_ok())).collect();
    assert_eq!(seen, [(0, "1".to_owned(), true), (1, "2".to_owned(), false), (2, "3".to_owned(), true)]);
}

#[test]
fn issuer_and_name() {
    for (name, issuer, expected) in [
        ("hanako", "Portal", (Some("Portal"), "hanako")),
        ("Portal:hanako", "Portal", (Some("Portal"), "hanako")),
        ("Portal : hanako", "Portal", (Some("Portal"), "hanako")),
        ("Te:xt:hanako", "Te:xt", (Some("Te:xt"), "hanako")),
        ("portal:hanako", "Portal", (Some("Portal"), "portal:hanako")),
        ("Contoso:hanako", "Microsoft", (Some("Microsoft"), "Contoso:hanako")),
        ("Portal:hanako", "", (Some("Portal"), "hanako")),
        ("encoding: ¿äÄéÉ? (demo)", "", (None, "encoding: ¿äÄéÉ? (demo)")),
        ("hanako", " ", (None, "hanako")),
        ("", "", (None, "")),
    ] {
        let label = only(&entry(name, issuer, &[])).label;
        assert_eq!((label.issuer.as_deref(), label.account_name.as_str()), expected, "{name} of {issuer}");
    }
}

#[test]
fn parts_say_where_they_belong() {
    let fields = |part: &MigrationPart| (part.batch_index, part.batch_size, part.batch_id, part.version);
    let one = entry("a", "", &[]);
    assert_eq!(fields(&part(&one)), (0, 1, None, 0));
    let negative = number(5, (-1_924_112_597_i64) as u64);
    let numbered = [one.clone(), number(2, 1), number(3, 3), number(4, 2), negative].concat();
    assert_eq!(fields(&part(&numbered)), (2, 3, Some(-1_924_112_597), 1));
    // Version 2: no batch id, and a field 8 in each entry that nobody has described.
    let newer = [entry("a", "", &[bytes(8, b"7d0c")]), number(2, 2), number(3, 2), number(4, 1)].concat();
    assert_eq!(fields(&part(&newer)), (1, 2, None, 2));
    assert!(part(&newer).entries[0].otp.is_ok());

    for (size, index) in [(2, 2), (0, 1), (1001, 0), (u64::MAX, 0), (3, u64::MAX)] {
        let impossible = [one.clone(), number(3, size), number(4, index)].concat();
        assert_eq!(parse(&uri(&impossible)).unwrap_err(), MigrationError::ImpossiblePart, "{index} of {size}");
    }
}

#[test]
fn base64_as_it_arrives() {
    // Three bytes of ones make both characters that the alphabets write differently.
    let payload = [entry("a", "", &[]), bytes(9, b"\xfb\xff\xbf\xfb\xff\xbf\xfb")].concat();
    let plain = BASE64.encode(&payload);
    assert!(plain.contains('+') && plain.contains('/') && plain.ends_with('='));
    let encoded = uri(&payload);
    for data in [
        plain.clone(),
        plain.replace('+', " "),
        plain.replace('+', "%20").replace('/', "%2f"),
        plain.trim_end_matches('=').to_owned(),
        BASE64URL_NOPAD.encode(&payload),
    ] {
        for text in [
            format!("otpauth-migration://offline?data={data}"),
            format!(" OTPAUTH-MIGRATION://Offline/?x=1&data={data}&y\n"),
        ] {
            assert_eq!(parse(&text).unwrap().entries.len(), 1, "{text}");
        }
    }
    assert_eq!(parse(&encoded).unwrap().entries.len(), 1);
}

#[test]
fn other_texts_are_told_apart() {
    for text in [
        "",
        "hello",
        "otpauth://totp/a?secret=JBSWY3DP",
        "otpauth-migration://online?data=AAAA",
        "xotpauth-migration://offline?data=",
    ] {
        assert_eq!(parse(text).unwrap_err(), MigrationError::NotAMigration, "{text}");
    }
    for text in [
        "otpauth-migration://offline",
        "otpauth-migration://offline?data=",
        "otpauth-migration://offline?date=AAAA",
        "otpauth-migration://offline?data=%3D%3D",
    ] {
        assert_eq!(parse(text).unwrap_err(), MigrationError::NoData, "{text}");
    }
    for text in [
        "otpauth-migration://offline?data=A",
        "otpauth-migration://offline?data=AA*A",
        "otpauth-migration://offline?data=%ZZ",
        "otpauth-migration://offline?data=CgM",
    ] {
        assert_eq!(parse(text).unwrap_err(), MigrationError::Damaged, "{text}");
    }
}

#[test]
fn limits() {
    let long = |length: usize| {
        let start = uri(&entry("a", "", &[])) + "&x=";
        start.clone() + &"y".repeat(length - start.len())
    };
    assert!(parse(&long(MAX_MIGRATION_BYTES)).is_ok());
    assert_eq!(parse(&long(MAX_MIGRATION_BYTES + 1)).unwrap_err(), MigrationError::TooLong);

    let many = bytes(1, &bytes(1, b"x")).repeat(MAX_MIGRATION_ENTRIES);
    assert_eq!(part(&many).entries.len(), MAX_MIGRATION_ENTRIES);
    let more = [many, bytes(1, b"")].concat();
    assert_eq!(parse(&uri(&more)).unwrap_err(), MigrationError::TooManyEntries);
}

#[test]
fn a_code_cut_off_anywhere_is_damaged_or_shorter() {
    let whole = [entry("a", "b", &[number(4, 1)]), entry("c", "d", &[])].concat();
    for length in 1..whole.len() {
        match parse(&uri(&whole[..length])) {
            Ok(part) => assert!(part.entries.len() == 1 && length == entry("a", "b", &[number(4, 1)]).len()),
            Err(error) => assert_eq!(error, MigrationError::Damaged),
        }
    }
}

#[test]
fn a_known_field_of_another_type_is_damage() {
    for fields in [number(1, 5), bytes(4, b"x"), bytes(7, b"x")] {
        assert_eq!(parse(&uri(&entry("a", "", &[fields]))).unwrap_err(), MigrationError::Damaged);
    }
    for payload in [number(1, 5), bytes(3, b"x")] {
        assert_eq!(parse(&uri(&payload)).unwrap_err(), MigrationError::Damaged);
    }
}

proptest! {
    #[test]
    fn any_payload_is_read_or_refused(payload in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse(&uri(&payload));
        let _ = parse(&uri(&bytes(1, &payload)));
    }

    #[test]
    fn any_data_is_read_or_refused(data in ".{0,80}") {
        let _ = parse(&data);
        let _ = parse(&format!("otpauth-migration://offline?data={data}"));
    }
}

/// Each export of the folder, line by line, against what lies beside it.
#[test]
fn our_own_files() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/exports/google_migration");
    let mut checked = 0;
    for file in std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()) {
        if file.extension().is_none_or(|end| end != "json") {
            continue;
        }
        let expected: Vec<Value> = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        let text = std::fs::read_to_string(file.with_extension("txt")).unwrap();
        assert_eq!(text.lines().count(), expected.len(), "{}", file.display());
        for (line, expected) in text.lines().zip(&expected) {
            let part = parse(line).unwrap();
            assert_eq!(Some(u64::from(part.batch_size)), expected["size"].as_u64());
            assert_eq!(Some(u64::from(part.batch_index)), expected["index"].as_u64());
            assert_eq!(part.batch_id.map(i64::from), expected["id"].as_i64());
            assert_eq!(Some(part.version), expected["version"].as_u64());
            let entries = expected["entries"].as_array().unwrap();
            assert_eq!(part.entries.len(), entries.len());
            for (entry, expected) in part.entries.iter().zip(entries) {
                check(entry, expected);
                checked += 1;
            }
        }
    }
    assert!(checked >= 19, "only {checked}");
}

fn check(entry: &MigrationEntry, expected: &Value) {
    assert_eq!(entry.label.issuer.as_deref().unwrap_or_default(), expected["issuer"]);
    assert_eq!(entry.label.account_name, expected["name"]);
    let reason = match &entry.otp {
        Ok(otp) => {
            assert_eq!(otp.kind().name(), expected["type"]);
            assert_eq!(otp.algorithm().name(), expected["algorithm"]);
            assert_eq!(u64::from(otp.digits().get()), expected["digits"]);
            assert_eq!(otp.counter().map(Counter::get), expected["counter"].as_u64());
            assert_eq!(HEXLOWER.encode(&otp.secret().expose_bytes()), expected["secret"]);
            None
        }
        Err(UnsupportedEntry::Md5) => Some("md5"),
        Err(UnsupportedEntry::UnknownAlgorithm) => Some("algorithm"),
        Err(UnsupportedEntry::UnknownDigits) => Some("digits"),
        Err(UnsupportedEntry::UnknownType) => Some("kind"),
        Err(UnsupportedEntry::Secret(SecretError::Empty)) => Some("no_key"),
        Err(_) => Some("other"),
    };
    assert_eq!(reason, expected["unsupported"].as_str(), "{}", entry.label.account_name);
}

/// The files of other projects and what they hold: in the folder named by `WARIFU_SHARED_FIXTURES`, or in
/// `shared/fixtures` beside the workspace.
#[test]
fn files_of_other_projects() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures");
    let folder = std::env::var_os("WARIFU_SHARED_FIXTURES").map_or(beside, Into::into);
    let Ok(manifest) = std::fs::read(folder.join("MANIFEST.json")) else {
        eprintln!("skipped: the files of other projects are not at hand");
        return;
    };
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut checked = 0;
    for fixture in manifest["fixtures"].as_array().unwrap() {
        let Some(expected) = fixture["expected"].as_array().filter(|_| fixture["app"] == "google_migration") else {
            continue;
        };
        let file = std::fs::read_to_string(folder.join(fixture["file"].as_str().unwrap())).unwrap();
        let lines = file.lines().filter(|line| line.starts_with("otpauth-migration:"));
        let entries: Vec<_> = lines.flat_map(|line| parse(line).unwrap().entries).collect();
        assert_eq!(entries.len(), expected.len(), "{}", fixture["file"]);
        for (entry, expected) in entries.iter().zip(expected) {
            let otp = entry.otp.as_ref().unwrap();
            assert_eq!(otp.kind().name(), text(&expected["type"]));
            assert_eq!(entry.label.issuer.clone().unwrap_or_default(), text(&expected["issuer"]));
            assert_eq!(entry.label.account_name, text(&expected["name"]));
            assert_eq!(HEXLOWER.encode(&otp.secret().expose_bytes()), text(&expected["secret_hex"]));
            assert_eq!(otp.algorithm().name(), text(&expected["algo"]));
            assert_eq!(Some(u64::from(otp.digits().get())), expected["digits"].as_u64());
            assert_eq!(otp.counter().map(Counter::get), expected["counter"].as_u64());
            let code = otp.code_at(UnixTime::from_secs(1_700_000_000));
            let theirs = if otp.kind() == OtpKind::Hotp { "code_at_counter" } else { "code_at_1700000000" };
            assert_eq!(code.expose_value(), text(&expected[theirs]));
            checked += 1;
        }
    }
    assert!(checked >= 18, "only {checked}");
}
