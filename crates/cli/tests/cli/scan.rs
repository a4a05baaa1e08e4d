use std::fs;

use serde_json::{Value, json};

use crate::support::{RFC_SECRET, picture, run};

/// Each picture of the folder, with the texts in it or the error beside it.
#[test]
fn every_fixture_is_read_as_its_expectation_says() {
    let mut seen = 0;
    for entry in fs::read_dir(picture("")).unwrap() {
        let path = entry.unwrap().path();
        let (Some(name), true) = (path.to_str(), path.extension().is_some_and(|end| end == "json")) else { continue };
        let expected: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let file = name.strip_suffix(".json").unwrap();
        let outcome = run(&["scan", "--json", "--reveal", file]);
        let document = outcome.json();
        let scan = &document[0];
        assert_eq!(scan["file"], *file);
        let texts: Vec<&Value> = scan["codes"].as_array().unwrap().iter().map(|code| &code["text"]).collect();
        match expected["texts"].as_array() {
            Some(expected) => {
                assert_eq!(texts, expected.iter().collect::<Vec<_>>(), "{file}");
                assert_eq!(scan["error"], Value::Null, "{file}");
                assert_eq!(outcome.exit, if expected.is_empty() { 3 } else { 0 }, "{file}");
            }
            None => {
                assert_eq!((texts.len(), outcome.exit), (0, 1), "{file}");
                assert!(scan["error"].is_string() && scan["error_code"].is_string(), "{file}");
            }
        }
        seen += 1;
    }
    assert!(seen >= 15, "{seen} fixtures");
}

#[test]
fn a_code_has_kind_corners_entries_and_no_secret_unless_revealed() {
    let scan =
        |more: &[&str]| run(&[&["scan", "--json", &picture("two-codes.png")], more].concat()).done().json()[0].clone();
    let hidden = scan(&[]);
    let code = &hidden["codes"][0];
    assert_eq!(code["kind"], "otpauth");
    assert_eq!(code["error"], Value::Null);
    let points = code["points"].as_array().unwrap();
    assert_eq!(points.len(), 4);
    assert!(points.iter().all(|point| point.as_array().unwrap().iter().all(Value::is_number)));
    assert!(points[0][0].as_f64() < points[1][0].as_f64(), "clockwise from the top left: {points:?}");
    let mut entry = json!({
        "type": "totp", "issuer": "練習ポータル", "account": "yamada",
        "algorithm": "SHA1", "digits": 6, "period": 30, "counter": null
    });
    assert_eq!(code["entries"], json!([entry]));
    assert!(code.get("text").is_none());

    let link = &hidden["codes"][1];
    assert_eq!((&link["kind"], &link["entries"]), (&json!("text"), &json!([])));
    assert_eq!(link["error"]["code"], "code_is_web_link");
    assert!(!hidden.to_string().contains(RFC_SECRET));

    let revealed = scan(&["--reveal"]);
    entry["secret"] = json!(RFC_SECRET);
    assert_eq!(revealed["codes"][0]["entries"], json!([entry]));
    assert!(revealed["codes"][0]["text"].as_str().unwrap().contains(RFC_SECRET));
}

#[test]
fn an_export_code_lists_its_accounts() {
    let document = run(&["scan", "--json", &picture("migration.png")]).done().json();
    let code = &document[0]["codes"][0];
    assert_eq!(code["kind"], "migration");
    let entries = code["entries"].as_array().unwrap();
    assert!(entries.len() >= 2, "{entries:?}");
    assert!(entries.iter().all(|entry| entry.get("secret").is_none()));
}

#[test]
fn bad_codes_each_have_an_error_of_their_own() {
    for (file, code) in [
        ("web-link.png", "code_is_web_link"),
        ("wifi.png", "code_is_wifi"),
        ("microsoft-push.png", "code_is_microsoft_push"),
        ("part-1-of-2.png", "code_is_part"),
        ("no-secret.png", "secret_missing"),
        ("illegal-secret.png", "secret_illegal_character"),
        ("digits-99.png", "digits_out_of_range"),
        ("period-0.png", "period_out_of_range"),
    ] {
        let document = run(&["scan", "--json", &picture(file)]).done().json();
        assert_eq!(document[0]["codes"][0]["error"]["code"], code, "{file}");
        run(&["code", "--json", "--image", &picture(file)]).failed(1, code);
    }
    for (file, exit, code) in [
        ("no-code.png", 3, "no_code_found"),
        ("not-a-picture.png", 1, "not_a_picture"),
        ("huge-header.png", 1, "picture_too_large"),
        ("truncated.png", 1, "picture_truncated"),
        ("there-is-no-such-file.png", 1, "file_unreadable"),
    ] {
        run(&["code", "--json", "--image", &picture(file)]).failed(exit, code);
    }
}

#[test]
fn one_bad_file_does_not_stop_the_others() {
    let files = ["not-a-picture.png", "totp.png", "no-code.png"].map(picture);
    let call = |json: &[&str], files: &[&String]| {
        let files: Vec<&str> = files.iter().map(|file| file.as_str()).collect();
        run(&[&["scan"], json, &files].concat())
    };
    let outcome = call(&["--json"], &[&files[0], &files[1], &files[2]]);
    let document = outcome.json();
    assert_eq!((outcome.exit, document[0]["error_code"].as_str()), (1, Some("not_a_picture")));
    let counts: Vec<usize> =
        document.as_array().unwrap().iter().map(|file| file["codes"].as_array().unwrap().len()).collect();
    assert_eq!(counts, [0, 1, 0]);

    assert_eq!(call(&[], &[&files[1], &files[2]]).exit, 0);
    let nothing = call(&[], &[&files[2]]);
    assert_eq!((nothing.exit, nothing.stdout.as_str()), (3, ""));
    assert!(nothing.stderr.contains("No QR code"), "{}", nothing.stderr);
}

/// Through the process that draws them, which is this program started once more.
#[test]
fn a_pdf_is_read_and_one_with_a_password_is_refused() {
    let pdf = |name: &str| picture(&format!("../pdf/{name}"));
    let scan = run(&["scan", "--json", &pdf("chromium.pdf")]).done();
    assert_eq!(scan.json()[0]["codes"][0]["entries"][0]["account"], "yamada");
    let refused = run(&["scan", "--json", &pdf("user-password-aes-256.pdf")]);
    assert_eq!((refused.exit, &refused.json()[0]["error_code"]), (1, &json!("pdf_protected")));
}
