use std::process::Command;

use crate::support::{PASSWORD, Place, RFC_URI, picture, run, run_command, run_with};

#[test]
fn wrong_usage_is_exit_2_with_a_json_error_too() {
    let cases: &[&[&str]] = &[
        &[],
        &["open"],
        &["import", "file", "--dry-run"],
        &["scan"],
        &["code"],
        &["code", "name", "--uri", RFC_URI],
        &["code", "--uri", RFC_URI, "--image", "x.png"],
        &["code", "--uri", RFC_URI, "--at", "noon"],
        &["code", "--uri", RFC_URI, "--lang", "fr"],
        &["show"],
        &["edit", "name"],
        &["qr", "name"],
        &["verify", "name"],
        &["add"],
        &["add", "--uri", RFC_URI, "--digits", "8"],
        &["add", "--image", "x.png", "--issuer", "x"],
        &["add", "--secret-stdin", "--digits", "six"],
        &["add", "--secret-stdin", "--type", "motp"],
        &["list", "--secret"],
    ];
    for case in cases {
        let outcome = run(case);
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (2, ""), "{case:?}");
        assert!(!outcome.stderr.is_empty(), "{case:?}");
        run(&[case, &["--json"][..]].concat()).failed(2, "usage");
    }
}

#[test]
fn help_and_version_are_no_errors() {
    for args in [&["--help"][..], &["--version"], &["code", "--help"]] {
        let outcome = run(args).done();
        assert!(!outcome.stdout.is_empty() && outcome.stderr.is_empty(), "{args:?}");
    }
}

#[test]
fn common_options_stand_before_or_after_the_call() {
    let common = ["--at", "59", "--json", "--lang", "ja"];
    let call = ["code", "--uri", RFC_URI];
    let before = run(&[&common[..], &call].concat()).done();
    let after = run(&[&call[..], &common].concat()).done();
    assert_eq!(before.stdout, after.stdout);
    assert_eq!(before.json()["code"], "94287082");

    let place = Place::with(&[]);
    let vault = place.vault.to_str().unwrap();
    for args in [
        ["--vault", vault, "--password-stdin", "--json", "list"],
        ["list", "--json", "--password-stdin", "--vault", vault],
    ] {
        assert_eq!(run_with(&args, PASSWORD).done().stdout, "[]\n");
    }
}

#[test]
fn sentences_come_in_both_languages() {
    let web_link = picture("web-link.png");
    let said = |language: &str| run(&["code", "--image", &web_link, "--lang", language]);
    let (ja, en) = (said("ja"), said("en"));
    assert_eq!((ja.exit, en.exit), (1, 1));
    assert!(ja.stderr.contains("ホームページ"), "{}", ja.stderr);
    assert!(en.stderr.contains("opens a web page"), "{}", en.stderr);
    assert_eq!((ja.stdout.as_str(), en.stdout.as_str()), ("", ""));
    // Wrong usage too, where the option had to be found without the parser.
    assert!(run(&["--lang=ja", "open"]).stderr.contains("コマンドの書き方"));
    assert!(run(&["open", "--lang", "en"]).stderr.contains("not written correctly"));
}

#[cfg(target_os = "linux")]
#[test]
fn language_and_place_are_the_systems_unless_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_warifu-cli"));
    command.args(["init", "--password-stdin"]).env("LC_ALL", "ja_JP.UTF-8").env("XDG_DATA_HOME", folder.path());
    let outcome = run_command(&mut command, PASSWORD).done();
    assert!(outcome.stdout.contains("新しい保管庫を作りました"), "{}", outcome.stdout);
    assert!(folder.path().join("warifu/vault.warifu").is_file());
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_is_no_panic() {
    let uri = "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP";
    let script = format!("{} code --uri '{uri}' | true; {} --help | true", exe(), exe());
    let outcome = run_command(Command::new("sh").args(["-c", &script]), "");
    assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, ""));
    // A full disk, on the other hand, is said.
    if std::path::Path::new("/dev/full").exists() {
        let outcome =
            run_command(Command::new("sh").args(["-c", &format!("{} code --uri '{uri}' >/dev/full", exe())]), "");
        assert_eq!(outcome.exit, 1);
        assert!(outcome.stderr.contains("could not be written"), "{}", outcome.stderr);
    }
}

#[cfg(unix)]
fn exe() -> String {
    format!("'{}'", env!("CARGO_BIN_EXE_warifu-cli"))
}
