use std::{fs, process::Command};

use crate::support::{PASSWORD, Place, RFC_URI, run, run_command};

const CANARY: &str = "CANARYCANARYCANARYCANARYCANARY23";

#[test]
fn no_secret_in_any_output_without_reveal() {
    let uri = format!("otpauth://totp/Portal:hanako?secret={CANARY}");
    let place = Place::with(&[&uri, "otpauth://hotp/Bank:a?secret=GEZDGNBV"]);
    let out = place.folder.path().join("qr.png");
    let out = out.to_str().unwrap();
    let bad = format!("{uri}&digits=99");
    let made = place.call(&["qr", "Portal", "--out", out]).done();
    assert!(!format!("{}{}", made.stdout, made.stderr).contains(CANARY));
    let opened: &[&[&str]] = &[
        &["scan", out],
        &["code", "--image", out],
        &["list"],
        &["show", "Portal"],
        &["code", "Portal"],
        &["add", "--uri", &uri],
        &["add", "--uri", &uri, "--even-if-present"],
        &["add", "--uri", &bad],
        &["code", "--uri", &uri],
        &["code", "--uri", &bad],
        &["edit", "Bank", "--account", "b"],
        &["verify", "Bank", CANARY],
        &["show", CANARY],
        &["show", &uri],
        &["rm", "Bank"],
        // Slips that a parser would quote.
        &[&uri],
        &["list", &uri],
        &["add", &uri],
        &["add", "--secret", CANARY],
        &["add", &format!("--url={uri}")],
        &["add", &format!("--{CANARY}")],
        &["add", "--secret-stdin", "--digits", CANARY],
        &["add", "--secret-stdin", "--type", CANARY],
        &["list", "--at", CANARY],
        &["list", "--lang", CANARY],
        &["list", "--vault", CANARY],
    ];
    let mut calls = 0;
    for call in opened {
        for more in [&[][..], &["--json"], &["--lang", "ja"]] {
            let outcome = place.call_with(&[call, more].concat(), &format!("{PASSWORD}\n{CANARY}1\n"));
            let output = format!("{}{}", outcome.stdout, outcome.stderr).to_uppercase();
            assert!(!output.contains(CANARY), "{call:?} {more:?}: {output}");
            assert!(!output.contains(&PASSWORD.to_uppercase()), "{call:?} {more:?}: {output}");
            calls += 1;
        }
    }
    assert!(calls > 60);
    // And the bird sings where it is asked to.
    for call in [&["list", "--reveal"][..], &["list", "--reveal", "--json"], &["scan", out, "--reveal"]] {
        assert!(place.call(call).done().stdout.contains(CANARY), "{call:?}");
    }
}

#[test]
fn a_wrong_password_is_exit_4_and_changes_nothing() {
    let place = Place::with(&[RFC_URI]);
    let (before, names) = (place.bytes(), place.names());
    let out = place.folder.path().join("qr.png");
    let calls: &[&[&str]] = &[
        &["list"],
        &["show", "Portal"],
        &["code", "Portal"],
        &["add", "--uri", "otpauth://totp/x?secret=JBSWY3DP"],
        &["edit", "Portal", "--account", "x"],
        &["rm", "Portal"],
        &["verify", "Portal", "94287082"],
        &["qr", "Portal", "--out", out.to_str().unwrap()],
    ];
    for call in calls {
        place.call_with(&[call, &["--json"][..]].concat(), "not the password\n").failed(4, "wrong_password");
    }
    assert_eq!((place.bytes(), place.names()), (before, names));
    // Only the line ending is no part of a password.
    place.call_with(&["list", "--json"], &format!(" {PASSWORD}\n")).failed(4, "wrong_password");
    place.call_with(&["list", "--json"], &format!("{PASSWORD}\r\n")).done();
    place.call_with(&["list", "--json"], "").failed(1, "password_empty");
}

#[test]
fn a_damaged_vault_is_said_before_a_password_is_read_and_left_alone() {
    let place = Place::with(&[RFC_URI]);
    let whole = place.bytes();
    let mut flipped = whole.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    for damaged in [&whole[..whole.len() - 7], &flipped, b"PK\x03\x04 not a vault", b""] {
        fs::write(&place.vault, damaged).unwrap();
        for call in [&["list"][..], &["init"], &["rm", "Portal"], &["add", "--uri", RFC_URI]] {
            place.call(&[call, &["--json"]].concat()).failed(1, "vault_damaged");
            assert_eq!(place.bytes(), damaged, "{call:?}");
        }
    }
}

#[test]
fn init_never_overwrites_and_nothing_else_makes_a_vault() {
    let place = Place::empty();
    for call in [&["list"][..], &["code", "x"], &["add", "--uri", RFC_URI], &["rm", "x"]] {
        place.call(&[call, &["--json"]].concat()).failed(1, "no_vault");
    }
    place.call_with(&["init", "--json"], "").failed(1, "password_empty");
    assert!(place.names().is_empty(), "{:?}", place.names());

    let made = place.call(&["init", "--json"]).done().json();
    assert_eq!(made["vault"].as_str(), place.vault.to_str());
    let before = place.bytes();
    place.call_with(&["init", "--json"], "another password\n").failed(1, "vault_exists");
    assert_eq!(place.bytes(), before);
    place.call(&["list"]).done();
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_terminal_and_without_the_option_no_password_is_read() {
    let place = Place::with(&[]);
    // A new session has no terminal to ask on.
    let mut command = Command::new("setsid");
    command.args(["--wait", env!("CARGO_BIN_EXE_warifu-cli"), "list", "--json", "--vault"]).arg(&place.vault);
    if Command::new("setsid").arg("--version").output().is_err() {
        println!("skipped: setsid is not installed");
        return;
    }
    run_command(&mut command, PASSWORD).failed(1, "no_terminal");
}

#[test]
fn a_hostile_name_commands_no_terminal() {
    let uri = "otpauth://totp/%1B%5B2J%C2%9B2J%E2%80%AEevil%0Aname:a?secret=JBSWY3DPEHPK3PXP";
    let place = Place::with(&[uri]);
    for call in [&["list"][..], &["list", "--json"], &["show", "a"], &["show", "a", "--json"]] {
        let shown = place.call(call).done().stdout;
        assert!(!shown.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{call:?}: {shown:?}");
    }
    // Nothing is lost in the document.
    let issuer = place.call(&["show", "a", "--json"]).done().json()["issuer"].clone();
    assert_eq!(issuer, "\u{1b}[2J\u{9b}2J\u{202e}evil\nname");
    let code = run(&["code", "--json", "--uri", uri]).done();
    assert!(!code.stdout.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{:?}", code.stdout);
}
