//! Against the test vectors of other projects, where they are at hand: the folder named by `WARIFU_SHARED_FIXTURES`, or
//! `shared/fixtures` beside the workspace. Where the folder is missing, the tests say so and pass.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::disallowed_methods,
    missing_docs
)]

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;
use warifu_otp::{Algorithm, Counter, Digits, Hotp, KeyUri, Otp, SharedSecret, Steam, TimeStep, Totp, UnixTime};

/// Cases whose expectation is not met on purpose: what is done instead, and why. A case that begins to meet its
/// expectation must leave this list.
#[rustfmt::skip]
const CHOSEN: &[(&str, Choice, &str)] = &[
    ("u055", Choice::Refuse, "Yandex codes are not supported"),
    ("u027", Choice::Refuse, "Yandex codes are not supported"),
    ("u028", Choice::Refuse, "mOTP codes are not supported"),
    // issuer-mismatch: issuer= wins, the other is kept beside it and not in the account name.
    ("u005", Choice::Differ(&["issuer"]), "Stratum: the label wins"),
    ("u321", Choice::Differ(&["issuer"]), "Aegis: the label wins"),
    ("u069", Choice::Accept, "totp-rs refuses"),
    ("u081", Choice::Accept, "totp-rs refuses"),
    ("u316", Choice::Accept, "2FAuth refuses"),
    ("u232", Choice::Differ(&["account_starts_with"]), "mattrubin keeps the whole label as account"),
    ("u235", Choice::Differ(&["account_starts_with"]), "as u232"),
    ("u238", Choice::Differ(&["account_starts_with"]), "as u232"),
    ("u241", Choice::Differ(&["account_starts_with"]), "as u232"),
    ("u244", Choice::Differ(&["account_starts_with"]), "as u232"),
    ("u247", Choice::Differ(&["account_starts_with"]), "as u232"),
    ("u265", Choice::Differ(&["account"]), "Proton keeps the whole label as account"),
    ("u280", Choice::Differ(&["account"]), "Proton keeps the whole label as account"),
    // bare-label, empty-label: the account name, accepted.
    ("u008", Choice::Differ(&["account", "issuer"]), "Stratum takes it for the issuer"),
    ("u023", Choice::Differ(&["account", "digits", "issuer", "type"]), "Stratum takes it for the issuer, and that for Steam"),
    ("u050", Choice::Differ(&["account"]), "Stratum writes the issuer as label when there is no account"),
    ("u300", Choice::Accept, "2FAGuard demands an issuer"),
    ("u030", Choice::Accept, "Stratum refuses"),
    ("u299", Choice::Differ(&["account", "issuer"]), "2FAGuard knows how Meraki writes labels; a slash is no separator"),
    // empty-label-issuer: the colon goes.
    ("u020", Choice::Differ(&["account", "issuer"]), "Stratum takes it for the issuer"),
    ("u155", Choice::Differ(&["account"]), "andOTP keeps the colon"),
    // encoded-colon, many-colons: %3A separates; the first colon does.
    ("u101", Choice::Differ(&["account", "issuer"]), "pyotp does not see %3A as separator"),
    ("u281", Choice::Differ(&["account", "issuer"]), "Proton splits at the last"),
    ("u320", Choice::Differ(&["account", "issuer"]), "Aegis does not split at all"),
    // long-fields: kept whole.
    ("u019", Choice::Differ(&["account"]), "Stratum cuts at 40 characters"),
    // hotp-no-counter: 0, and said.
    ("u153", Choice::Accept, "andOTP refuses"),
    ("u322", Choice::Accept, "Aegis refuses"),
    // digits-range, period-range, counter-range: everything computable, nothing clamped.
    ("u169", Choice::Differ(&["digits"]), "OTPClient replaces 3 by 6"),
    ("u170", Choice::Refuse, "OTPClient replaces 11 by 6"),
    ("u191", Choice::Accept, "FreeOTP warns of 5 digits"),
    ("u192", Choice::Accept, "FreeOTP warns of 10 digits"),
    ("u225", Choice::Accept, "2 digits are computable"),
    ("u109", Choice::Differ(&["period"]), "clamped to a day there"),
    ("u165", Choice::Refuse, "OTPClient replaces 0 by 30"),
    ("u166", Choice::Differ(&["period"]), "OTPClient replaces 999 by 30"),
    ("u167", Choice::Differ(&["period"]), "OTPClient replaces 150 by 30"),
    ("u194", Choice::Accept, "FreeOTP wants 5 s"),
    ("u195", Choice::Accept, "FreeOTP stops below 2^31"),
    ("u189", Choice::Accept, "FreeOTP stops below 2^63"),
    // unknown-algorithm, algorithm-spelling: spellings yes, replacing no.
    ("u164", Choice::Refuse, "OTPClient replaces MD5 by SHA1: wrong codes"),
    ("u262", Choice::Accept, "Proton refuses SHA-1"),
    // short-secret: any whole byte will do.
    ("u068", Choice::Accept, "totp-rs wants 128 bits"),
    ("u185", Choice::Accept, "FreeOTP wants 128 bits"),
    ("u229", Choice::Refuse, "one character is less than a byte"),
    ("u330", Choice::Accept, "cotp refuses lengths no encoder writes"),
    // bad-base32: named, not replaced.
    ("u065", Choice::Refuse, "not Base32; GNOME only writes it"),
    ("u293", Choice::Refuse, "not Base32"),
    // duplicate-param: equal ones pass, others are an error.
    ("u094", Choice::Refuse, "pyotp takes the last: wrong codes for those who take the first"),
    ("u095", Choice::Refuse, "as u094"),
    // extension-param: not ours.
    ("u196", Choice::Accept, "FreeOTP checks colours"),
    ("u197", Choice::Accept, "as u196"),
    ("u198", Choice::Accept, "as u196"),
    ("u199", Choice::Accept, "as u196"),
    // steam-detect: the issuer alone does not make Steam.
    ("u024", Choice::Differ(&["digits", "type"]), "Stratum goes by the issuer"),
    ("u053", Choice::Differ(&["digits", "type"]), "Stratum goes by the issuer"),
    ("u200", Choice::Accept, "FreeOTP goes by the issuer and wants 5 digits"),
    ("u201", Choice::Accept, "as u200"),
];

enum Choice {
    /// Reads what the source refuses.
    Accept,
    /// Refuses what the source reads.
    Refuse,
    /// Reads it, but these fields, in alphabetical order, come out otherwise.
    Differ(&'static [&'static str]),
}

/// What may be left out of a case: nothing to do with a code.
const NOT_OURS: &[&str] = &["icon", "tags", "pin_length", "secret_encoding", "secret_text"];

fn fixture(name: &str) -> Option<Value> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures");
    let folder = std::env::var_os("WARIFU_SHARED_FIXTURES").map_or(beside, Into::into);
    let Ok(bytes) = std::fs::read(folder.join(name)) else {
        eprintln!("skipped: {name} is not at hand");
        return None;
    };
    Some(serde_json::from_slice(&bytes).unwrap())
}

/// The fields in which what was read differs from what is expected.
fn differing(read: &Read, case: &Value) -> Vec<String> {
    let expected = case["expected"].as_object().unwrap();
    let policy: Vec<&str> = case["policy_fields"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut differing: Vec<String> = expected
        .iter()
        .filter(|(field, _)| !policy.contains(&field.as_str()) && !NOT_OURS.contains(&field.as_str()))
        .filter(|(field, value)| match field.as_str() {
            "type" => read.otp.kind().name() != text(value),
            "issuer" => read.issuer != text(value),
            "account" => read.account != text(value),
            "account_starts_with" => !read.account.starts_with(&text(value)),
            "account_ends_with" => !read.account.ends_with(&text(value)),
            "algorithm" => read.otp.algorithm().name() != text(value),
            "digits" => u64::from(read.otp.digits().get()) != value.as_u64().unwrap(),
            "period" => read.otp.time_step().map(TimeStep::as_secs) != value.as_u64(),
            // A TOTP has no counter; Stratum calls that 0.
            "counter" => read.otp.counter().map_or(0, Counter::get) != value.as_u64().unwrap(),
            "secret_hex" => hex(&read.otp.secret().expose_bytes()) != text(value),
            // Our Base32 of a key whose text has left-over bits is another text of the same bytes.
            "secret" => {
                let theirs = SharedSecret::parse_base32(&text(value)).unwrap();
                !theirs.is_same(read.otp.secret())
            }
            other => panic!("{}: what is {other}?", case["id"]),
        })
        .map(|(field, _)| field.clone())
        .collect();
    if wrong_codes(read, case) {
        differing.push("codes".to_owned());
    }
    differing
}

fn wrong_codes(read: &Read, case: &Value) -> bool {
    let Some(at) = case["codes"]["at"].as_object() else { return false };
    at.iter().any(|(moment, code)| {
        let made = match case["codes"]["unit"].as_str().unwrap() {
            "unix_seconds" => read.otp.code_at(UnixTime::from_secs(moment.parse().unwrap())),
            _ => {
                let mut otp = read.otp.duplicate();
                assert!(otp.set_counter(Counter::new(moment.parse().unwrap())));
                otp.code_at(UnixTime::from_secs(0))
            }
        };
        made.expose_value() != code.as_str().unwrap()
    })
}

struct Read {
    issuer: String,
    account: String,
    otp: Otp,
}

/// As the add form does: a key URI, else a typed key with every parameter at its default.
fn read(kind: &str, text: &str) -> Option<Read> {
    match KeyUri::parse(text) {
        Ok(uri) => {
            Some(Read { issuer: uri.label.issuer.unwrap_or_default(), account: uri.label.account_name, otp: uri.otp })
        }
        Err(_) if kind == "otpauth_uri" => None,
        Err(_) => Some(Read {
            issuer: String::new(),
            account: String::new(),
            otp: Otp::Totp(Totp {
                secret: SharedSecret::parse_base32(text).ok()?,
                algorithm: Algorithm::default(),
                digits: Digits::DEFAULT,
                time_step: TimeStep::DEFAULT,
            }),
        }),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn key_uris_and_typed_keys_of_other_projects() {
    let Some(fixture) = fixture("otpauth_uris.json") else { return };
    let chosen: BTreeMap<&str, &Choice> = CHOSEN.iter().map(|(id, choice, _)| (*id, choice)).collect();
    assert_eq!(chosen.len(), CHOSEN.len(), "a case is listed twice");
    let (mut problems, mut met) = (Vec::new(), BTreeMap::<&str, u32>::new());
    for case in fixture["cases"].as_array().unwrap() {
        let (id, kind, tier) =
            (case["id"].as_str().unwrap(), case["kind"].as_str().unwrap(), case["tier"].as_str().unwrap());
        // Bitwarden's field may hold a bare key, from which it strips what is not Base32; KeePass's have formats of their own.
        let ours =
            matches!(kind, "otpauth_uri" | "base32_secret") || (kind == "bitwarden_totp_field" && tier != "policy");
        // SHA-224, SHA-384, SHA-3 and GOST: refused, whatever else the case says.
        let rare = case["conflict_group"] == "rare-algorithm";
        if !ours {
            continue;
        }
        let read = read(kind, case["uri"].as_str().unwrap());
        let refused = case["expected"] == "reject";
        let outcome = match (chosen.get(id), read) {
            (None, None) if refused || rare => Ok(()),
            (None, Some(read)) if !refused && !rare => match differing(&read, case) {
                fields if fields.is_empty() => Ok(()),
                fields => Err(format!("differs in {fields:?}")),
            },
            (Some(Choice::Accept), Some(_)) if refused => Ok(()),
            (Some(Choice::Refuse), None) if !refused => Ok(()),
            (Some(Choice::Differ(allowed)), Some(read)) if !refused => match differing(&read, case) {
                fields if fields == *allowed => Ok(()),
                fields => Err(format!("differs in {fields:?} instead of {allowed:?}")),
            },
            (_, Some(_)) => Err("was read".to_owned()),
            (_, None) => Err("was refused".to_owned()),
        };
        match outcome {
            Ok(()) => *met.entry(tier).or_default() += 1,
            Err(problem) => problems.push(format!("{id} ({tier}) {problem}: {}", case["topic"])),
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    eprintln!("cases as expected or as chosen: {met:?}");
    assert!(met.values().sum::<u32>() > 400);
}

#[test]
fn codes_of_other_projects() {
    let Some(fixture) = fixture("otp_vectors.json") else { return };
    let mut checked = 0;
    for vector in fixture["vectors"].as_array().unwrap() {
        let number = |field: &str| vector[field].as_u64();
        let kind = vector["type"].as_str().unwrap();
        if !matches!(kind, "totp" | "hotp" | "steam") {
            continue;
        }
        let secret = data_encoding::HEXLOWER.decode(vector["secret_hex"].as_str().unwrap().as_bytes()).unwrap();
        let secret = SharedSecret::from_bytes(secret).unwrap();
        let algorithm = Algorithm::parse(vector["algorithm"].as_str().unwrap()).unwrap();
        let digits = Digits::new(number("digits").unwrap().try_into().unwrap()).unwrap();
        let otp = match kind {
            "hotp" => {
                let counter = Counter::new(number("counter").unwrap());
                Otp::Hotp(Hotp { secret, algorithm, digits, counter })
            }
            "totp" => {
                let time_step = TimeStep::from_secs(number("period").unwrap()).unwrap();
                Otp::Totp(Totp { secret, algorithm, digits, time_step })
            }
            _ => Otp::Steam(Steam { secret }),
        };
        let at = UnixTime::from_secs(vector["unix"].as_i64().unwrap_or(0));
        assert_eq!(Some(otp.code_at(at).expose_value()), vector["code"].as_str(), "{vector}");
        checked += 1;
    }
    assert!(checked > 50, "only {checked}");
}
