use std::{fs, process::Command};

use serde_json::json;

use crate::{
    screen::screen,
    support::{PASSWORD, Place, RFC_SECRET, RFC_URI, picture, run},
};

const GITHUB: &str = "otpauth://totp/GitHub:taro?secret=JBSWY3DPEHPK3PXP&algorithm=SHA256&period=60";

#[test]
fn list_and_show_have_the_entry_with_its_id() {
    let place = Place::with(&[RFC_URI, GITHUB]);
    let list = place.call(&["list", "--json"]).done().json();
    let id = list[0]["id"].as_str().unwrap();
    let mut entry = json!({
        "id": id, "type": "totp", "issuer": "Portal", "account": "hanako",
        "algorithm": "SHA1", "digits": 8, "period": 30, "counter": null
    });
    assert_eq!(list[0], entry);
    assert_eq!(list[1]["issuer"], "GitHub");
    assert_eq!(place.call(&["show", id, "--json"]).done().json(), entry);

    entry["secret"] = json!(RFC_SECRET);
    assert_eq!(place.call(&["list", "--json", "--reveal"]).done().json()[0], entry);
    let mut shown = place.call(&["--reveal", "show", "Portal", "--json"]).done().json();
    let uri = shown.as_object_mut().unwrap().remove("uri").unwrap();
    assert_eq!(shown, entry);
    assert_eq!(run(&["code", "--uri", uri.as_str().unwrap(), "--at", "59"]).done().stdout, "94287082\n");

    let people = place.call(&["list"]).done().stdout;
    assert!(people.contains("Portal: hanako") && people.contains(id) && !people.contains(RFC_SECRET), "{people}");
    assert!(place.call(&["show", "Portal", "--reveal"]).done().stdout.contains(RFC_SECRET));
}

#[test]
fn add_tells_what_was_added_and_refuses_a_key_that_is_there() {
    let place = Place::with(&[]);
    let added = place.call(&["add", "--uri", RFC_URI, "--json"]).done().json();
    assert_eq!((&added["added"][0]["issuer"], &added["refused"]), (&json!("Portal"), &json!([])));
    let before = place.bytes();
    let again = RFC_URI.replace("Portal:hanako", "Other");
    place.call(&["add", "--uri", &again, "--json"]).failed(1, "already_present");
    assert_eq!(place.bytes(), before);
    place.call(&["add", "--uri", &again, "--even-if-present"]).done();
    assert_eq!(place.call(&["list", "--json"]).done().json().as_array().unwrap().len(), 2);
}

#[test]
fn a_key_that_is_there_with_other_settings_is_added_and_said() {
    let place = Place::with(&[RFC_URI]);
    let other = RFC_URI.replace("digits=8", "digits=6") + "&period=60";
    let outcome = place.call(&["add", "--uri", &other, "--json"]).done();
    assert_eq!(outcome.json()["added"][0]["period"], 60);
    assert_eq!(outcome.json()["refused"], json!([]));
    assert!(
        outcome.stderr.contains("Portal: hanako") && outcome.stderr.contains("other settings"),
        "{}",
        outcome.stderr
    );
    place.call(&["add", "--uri", &other, "--json"]).failed(1, "already_present");
}

#[test]
fn the_key_is_the_line_after_the_password() {
    let place = Place::with(&[]);
    let typed = format!("{PASSWORD}\r\n gezd gnbv GY3T-QOJQ gezdgnbvgy3tqojq \r\nnot read\n");
    let call = ["add", "--secret-stdin", "--issuer", "みどり銀行", "--account", "花子", "--digits", "8", "--json"];
    let added = place.call_with(&call, &typed).done().json();
    assert_eq!(added["added"][0]["account"], "花子");
    assert_eq!(place.call(&["code", "みどり", "--at", "59"]).done().stdout, "94287082\n");

    let with = |secret: &str, more: &[&str]| {
        let call = [&["add", "--secret-stdin", "--account", "a", "--json"], more].concat();
        place.call_with(&call, &format!("{PASSWORD}\n{secret}\n"))
    };
    let before = place.bytes();
    with("", &[]).failed(1, "secret_missing");
    with("JBSW0", &[]).failed(1, "secret_illegal_character");
    with("JBSWY3DP", &["--digits", "99"]).failed(1, "digits_out_of_range");
    with("JBSWY3DP", &["--period", "0"]).failed(1, "period_out_of_range");
    with("JBSWY3DP", &["--algorithm", "MD5"]).failed(1, "unknown_algorithm");
    with("JBSWY3DP", &["--type", "hotp", "--counter", "x"]).failed(1, "counter_out_of_range");
    place.call_with(&["add", "--secret-stdin", "--json"], &format!("{PASSWORD}\nJBSWY3DP\n")).failed(1, "label_empty");
    assert_eq!(place.bytes(), before);

    let hotp = with("JBSWY3DP", &["--type", "hotp", "--counter", "7", "--algorithm", "sha-512"]).done().json();
    let expected = json!({"type": "hotp", "counter": 7, "period": null, "algorithm": "SHA512", "digits": 6});
    for (key, value) in expected.as_object().unwrap() {
        assert_eq!(&hotp["added"][0][key], value, "{key}");
    }
}

#[test]
fn all_codes_of_a_picture_are_added_and_the_rest_is_said() {
    let place = Place::with(&[]);
    let outcome = place.call(&["add", "--image", &picture("two-codes.png")]).done();
    assert!(outcome.stdout.contains("練習ポータル: yamada"), "{}", outcome.stdout);
    assert!(outcome.stderr.contains("opens a web page"), "{}", outcome.stderr);
    place.call(&["add", "--json", "--image", &picture("no-code.png")]).failed(3, "no_code_found");
    place.call(&["add", "--json", "--image", &picture("wifi.png")]).failed(1, "code_is_wifi");
    assert_eq!(place.call(&["list", "--json"]).done().json().as_array().unwrap().len(), 1);

    let place = Place::with(&[]);
    let export = place.call(&["add", "--json", "--even-if-present", "--image", &picture("migration.png")]).done();
    let listed = run(&["scan", "--json", &picture("migration.png")]).done().json();
    let names = |entries: &serde_json::Value| -> Vec<_> {
        entries.as_array().unwrap().iter().map(|entry| entry["account"].clone()).collect()
    };
    assert_eq!(names(&export.json()["added"]), names(&listed[0]["codes"][0]["entries"]));
}

#[test]
fn missing_parts_of_an_export_are_said() {
    let parts = include_str!("../../../../tests/fixtures/exports/google_migration/three_parts.txt");
    let parts: Vec<&str> = parts.lines().collect();
    let place = Place::with(&[]);
    let outcome = place.call(&["add", "--json", "--uri", parts[1]]).done();
    assert_eq!(outcome.json()["added"].as_array().unwrap().len(), 2);
    assert_eq!(outcome.json()["refused"], json!([]));
    assert!(outcome.stderr.contains("3 QR codes") && outcome.stderr.contains("1, 3"), "{}", outcome.stderr);

    // Pictures are put together, whichever comes first.
    let files = [("one.bmp", parts[2]), ("two.bmp", parts[0])].map(|(name, text)| {
        let file = place.folder.path().join(name);
        std::fs::write(&file, screen(&[text])).unwrap();
        file.to_str().unwrap().to_owned()
    });
    let scanned = run(&["scan", "--json", &files[0], &files[1]]).done();
    assert_eq!(scanned.json()[0]["codes"][0]["error"], json!(null));
    assert!(scanned.stderr.contains("Not read yet: 2"), "{}", scanned.stderr);
    let outcome = place.call(&["add", "--image", &files[0], "--image", &files[1]]).done();
    assert!(outcome.stderr.contains("Not read yet: 2"), "{}", outcome.stderr);
    assert_eq!(place.call(&["list", "--json"]).done().json().as_array().unwrap().len(), 5);
    let whole = run(&["scan", "--lang", "ja", &files[0]]).done();
    assert!(whole.stderr.contains("1, 2 枚目"), "{}", whole.stderr);
}

#[test]
fn accounts_that_cannot_be_taken_over_are_said_and_the_others_added() {
    let line = include_str!("../../../../tests/fixtures/exports/google_migration/unsupported.txt");
    let place = Place::with(&[]);
    let outcome = place.call(&["add", "--json", "--uri", line.trim()]).done();
    let refused: Vec<String> = outcome.json()["refused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|refused| refused["code"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(refused[..2], ["migration_unsupported_md5", "migration_unsupported_algorithm"]);
    assert_eq!((refused.len(), outcome.json()["added"].as_array().unwrap().len()), (6, 2));
    let told = place.call(&["add", "--even-if-present", "--uri", line.trim()]).done();
    assert!(told.stderr.contains("Not added: Old VPN: md5\n"), "{}", told.stderr);
}

#[test]
fn a_name_given_with_the_line_counts() {
    let place = Place::with(&[]);
    let bare = format!("otpauth://totp/?secret={RFC_SECRET}");
    place.call(&["add", "--uri", &bare, "--json"]).failed(1, "label_empty");
    place.call(&["add", "--uri", &bare, "--issuer", "Portal"]).done();
    assert_eq!(place.call(&["show", "Portal", "--json"]).done().json()["account"], "");
}

#[test]
fn edit_changes_what_is_given_and_keeps_the_rest() {
    let place = Place::with(&[RFC_URI, GITHUB]);
    let edited = place.call(&["edit", "Portal", "--account", "次郎", "--json"]).done().json();
    assert_eq!((&edited["issuer"], &edited["account"]), (&json!("Portal"), &json!("次郎")));
    let edited = place.call(&["edit", "次郎", "--issuer", "", "--json"]).done().json();
    assert_eq!((&edited["issuer"], &edited["account"]), (&json!(null), &json!("次郎")));
    assert_eq!(place.call(&["code", "次郎", "--at", "59"]).done().stdout, "94287082\n");
    place.call(&["edit", "次郎", "--account", "", "--json"]).failed(1, "label_empty");
    place.call(&["edit", "nobody", "--account", "x", "--json"]).failed(3, "no_such_entry");
}

#[test]
fn rm_deletes_the_one_that_is_meant() {
    let place = Place::with(&[RFC_URI, GITHUB, "otpauth://totp/GitHub:jiro?secret=GEZDGNBV"]);
    place.call(&["rm", "GitHub", "--json"]).failed(1, "ambiguous_entry");
    assert_eq!(place.call(&["rm", "GitHub:taro", "--json"]).done().json()["account"], "taro");
    place.call(&["show", "taro", "--json"]).failed(3, "no_such_entry");
    assert!(place.call(&["rm", "jiro"]).done().stdout.contains("GitHub: jiro"));
    assert_eq!(place.call(&["list", "--json"]).done().json().as_array().unwrap().len(), 1);
}

#[test]
fn the_picture_of_an_entry_reads_back_and_overwrites_nothing() {
    let place = Place::with(&[&format!("otpauth://totp/割符 店:花子?secret={RFC_SECRET}&digits=8&algorithm=SHA512")]);
    let out = place.folder.path().join("qr.png");
    let file = out.to_str().unwrap();
    let made = place.call(&["qr", "花子", "--out", file, "--json"]).done();
    assert_eq!(made.json(), json!({"file": file}));
    assert!(made.stderr.contains("secret key"), "the picture is a secret, and that is said: {}", made.stderr);

    let uri = place.call(&["show", "花子", "--json", "--reveal"]).done().json()["uri"].clone();
    let read = run(&["scan", "--json", "--reveal", file]).done().json();
    assert_eq!(read[0]["codes"][0]["text"], uri);
    match Command::new("zbarimg").args(["-q", "--raw", file]).output() {
        Ok(other) => assert_eq!(String::from_utf8(other.stdout).unwrap().trim_end(), uri.as_str().unwrap()),
        Err(_) => println!("skipped: zbarimg is not installed"),
    }

    let before = fs::read(&out).unwrap();
    place.call(&["qr", "花子", "--out", file, "--json"]).failed(1, "file_exists");
    assert_eq!(fs::read(&out).unwrap(), before);
    let nowhere = place.folder.path().join("none/qr.png");
    place.call(&["qr", "花子", "--out", nowhere.to_str().unwrap(), "--json"]).failed(1, "file_not_written");

    let long = "長".repeat(1000);
    place.call(&["edit", "花子", "--account", &long]).done();
    let out = place.folder.path().join("long.png");
    place.call(&["qr", "割符 店", "--out", out.to_str().unwrap(), "--json"]).failed(1, "qr_too_long");
    assert!(!out.exists());
}
