use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::{Place, RFC_SECRET, RFC_URI, picture, run, run_with};

fn code_at(uri: &str, at: i64) -> String {
    run(&["code", "--uri", uri, "--at", &at.to_string()]).done().stdout
}

#[test]
fn rfc6238_appendix_b_sha1() {
    for (at, code) in [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ] {
        assert_eq!(code_at(RFC_URI, at), format!("{code}\n"), "at {at}");
    }
}

#[test]
fn the_step_is_floored_before_1970_and_at_the_ends_of_time() {
    let interval = |at: i64| {
        let code = run(&["code", "--json", "--uri", RFC_URI, "--at", &at.to_string()]).done().json();
        (code["valid_from"].as_i64().unwrap(), code["valid_until"].as_i64().unwrap())
    };
    assert_eq!(interval(59), (30, 60));
    assert_eq!(interval(60), (60, 90));
    assert_eq!(interval(-1), (-30, 0));
    assert_eq!(interval(-30), (-30, 0));
    assert_eq!(interval(-31), (-60, -30));
    for end in [i64::MIN, i64::MAX] {
        let (from, until) = interval(end);
        assert!(from <= end && end <= until && until - from <= 30, "{from} {until}");
    }
}

#[test]
fn the_keys_of_the_document() {
    let totp = run(&["code", "--json", "--at", "59", "--uri", RFC_URI]).done().json();
    assert_eq!(
        totp,
        json!({"code": "94287082", "valid_from": 30, "valid_until": 60, "issuer": "Portal", "account": "hanako"})
    );
    let hotp = run(&["code", "--json", "--uri", &format!("otpauth://hotp/a?secret={RFC_SECRET}&counter=9")]).done();
    assert_eq!(hotp.json(), json!({"code": "520489", "counter": 9, "issuer": null, "account": "a"}));
}

#[test]
fn oathtool_agrees() {
    let quiet = |command: &mut Command| command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    if quiet(Command::new("oathtool").arg("--version")).is_err() {
        println!("skipped: oathtool is not installed");
        return;
    }
    for secret in ["JBSWY3DPEHPK3PXP", RFC_SECRET, "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43UOV3HO6DZPIYDAMJSGM2DKNRXHA4TAMBR"] {
        for (algorithm, digits, period) in [("SHA1", 6, 30), ("SHA256", 8, 60), ("SHA512", 7, 1)] {
            for at in [0_i64, 59, 1_700_000_000, 2_147_483_648] {
                let judged = Command::new("oathtool")
                    .arg(format!("--totp={}", algorithm.to_lowercase()))
                    .args([
                        "-b",
                        "-d",
                        &digits.to_string(),
                        "-s",
                        &format!("{period}s"),
                        "-N",
                        &format!("@{at}"),
                        secret,
                    ])
                    .output()
                    .unwrap();
                let uri =
                    format!("otpauth://totp/a?secret={secret}&algorithm={algorithm}&digits={digits}&period={period}");
                assert_eq!(code_at(&uri, at), String::from_utf8(judged.stdout).unwrap(), "{uri} at {at}");
            }
        }
    }
}

#[test]
fn the_code_of_a_picture_is_that_of_its_only_account() {
    let of_picture = |file: &str| run(&["code", "--at", "59", "--image", &picture(file)]).done().stdout;
    // Beside it is a web link.
    assert_eq!(of_picture("two-codes.png"), "287082\n");
    assert_eq!(of_picture("totp.png"), "287082\n");
    run(&["code", "--json", "--image", &picture("migration.png")]).failed(1, "several_codes");
}

#[test]
fn a_line_may_come_from_the_standard_input() {
    assert_eq!(run_with(&["code", "--uri", "-", "--at", "59"], &format!("{RFC_URI}\r\n")).done().stdout, "94287082\n");
    run_with(&["code", "--json", "--uri", "-"], "").failed(1, "code_is_other");
    run_with(&["code", "--json", "--uri", "-"], &"x".repeat(20_000)).failed(1, "input_unreadable");
}

#[test]
fn steam_codes_are_letters() {
    let code = code_at("otpauth://steam/Steam:a?secret=JBSWY3DPEHPK3PXP", 1_700_000_000);
    assert_eq!(code.trim().len(), 5);
    assert!(code.trim().chars().all(|c| "23456789BCDFGHJKMNPQRTVWXY".contains(c)), "{code}");
}

#[test]
fn a_counter_is_raised_on_the_disk_with_each_code() {
    let place = Place::with(&[&format!("otpauth://hotp/Bank:a?secret={RFC_SECRET}")]);
    // RFC 4226, appendix D.
    for (counter, code) in ["755224", "287082", "359152"].iter().enumerate() {
        let shown = place.call(&["code", "Bank", "--json"]).done().json();
        assert_eq!(shown, json!({"code": code, "counter": counter, "issuer": "Bank", "account": "a"}));
        let stored = place.call(&["show", "Bank", "--json"]).done().json();
        assert_eq!(stored["counter"], counter + 1);
    }
}

#[test]
fn the_code_of_an_account_in_the_vault() {
    let place = Place::with(&[RFC_URI]);
    for name in ["Portal", "hanako", "portal:HANAKO", "ＰＯＲＴ"] {
        assert_eq!(place.call(&["code", name, "--at", "59"]).done().stdout, "94287082\n", "{name}");
    }
    let before = place.bytes();
    place.call(&["code", "nobody", "--json"]).failed(3, "no_such_entry");
    assert_eq!(place.bytes(), before);
}

#[test]
fn verify_says_the_offset_and_its_exit_code() {
    let place = Place::with(&[RFC_URI]);
    let verify = |at: &str, code: &str, more: &[&str]| {
        let outcome = place.call(&[&["verify", "Portal", code, "--json", "--at", at], more].concat());
        (outcome.exit, outcome.json())
    };
    let right = |offset: i64| (0, json!({"valid": true, "offset": offset}));
    let wrong = (1, json!({"valid": false, "offset": Value::Null}));
    assert_eq!(verify("59", "94287082", &[]), right(0));
    assert_eq!(verify("60", "94287082", &[]), right(-1));
    assert_eq!(verify("29", "94287082", &[]), right(1));
    assert_eq!(verify("90", "94287082", &[]), wrong);
    assert_eq!(verify("90", "94287082", &["--window", "2"]), right(-2));
    assert_eq!(verify("60", "94287082", &["--window", "0"]), wrong);
    assert_eq!(verify("59", "94287083", &[]), wrong);
    assert_eq!(verify("59", "4287082", &[]), wrong);
    assert_eq!(verify("59", "", &[]), wrong);
    for as_typed in ["9428 7082", "９４２８\u{3000}７０８２", " 94287082"] {
        assert_eq!(verify("59", as_typed, &[]), right(0), "{as_typed}");
    }
    let said = place.call(&["verify", "Portal", "94287082", "--at", "60"]).done();
    assert!(said.stdout.contains("right") && said.stdout.contains("-1"), "{}", said.stdout);
}

#[test]
fn verifying_a_counter_based_code_looks_ahead_and_raises_nothing() {
    let place = Place::with(&[&format!("otpauth://hotp/Bank:a?secret={RFC_SECRET}&counter=1")]);
    let before = place.bytes();
    let offset = |code: &str| place.call(&["verify", "Bank", code, "--json"]).json()["offset"].clone();
    // RFC 4226, appendix D: counters 1, 9 and the used 0.
    assert_eq!((offset("287082"), offset("520489"), offset("755224")), (json!(0), json!(8), Value::Null));
    assert_eq!(place.bytes(), before);
}
