use std::fs;

use serde_json::{Value, json};

use crate::support::{RFC_SECRET, RFC_URI, picture, run};

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
    assert_eq!(scan.json()[0]["codes"][0]["page"], 1);
    let refused = pdf("user-password-aes-256.pdf");
    let scan = run(&["scan", "--json", &refused]);
    assert_eq!((scan.exit, &scan.json()[0]["error_code"]), (5, &json!("pdf_protected")), "5: it needs a password");
    assert_eq!(run(&["scan", &pdf("chromium.pdf"), &refused]).exit, 5);
    run(&["code", "--image", &refused, "--json"]).failed(5, "pdf_protected");
}

#[test]
fn pages_that_were_not_looked_at_are_said_and_codes_have_their_page() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("long.pdf");
    let scan = |pages: usize| {
        fs::write(&file, pdf_with_a_code_on_page_2(pages)).unwrap();
        run(&["scan", "--json", file.to_str().unwrap()]).done()
    };
    let whole = scan(50);
    assert_eq!((&whole.json()[0]["unseen"], whole.stderr.as_str()), (&Value::Null, ""));
    let cut = scan(51);
    let document = &cut.json()[0];
    assert_eq!((&document["codes"][0]["page"], &document["error"]), (&json!(2), &Value::Null));
    assert_eq!(document["unseen"]["code"], "pdf_too_many_pages");
    assert!(cut.stderr.contains("first 50") && cut.stderr.contains("long.pdf"), "{}", cut.stderr);
    assert!(run(&["scan", file.to_str().unwrap()]).done().stderr.contains("first 50"));
    // A picture has no pages.
    assert_eq!(run(&["scan", "--json", &picture("totp.png")]).json()[0]["codes"][0]["page"], Value::Null);
}

/// A rectangle for each dark module.
fn pdf_with_a_code_on_page_2(pages: usize) -> Vec<u8> {
    let code = qrcode::QrCode::new(RFC_URI).unwrap();
    let (width, modules) = (code.width(), code.to_colors());
    let dark = (0..modules.len()).filter(|at| modules[*at] == qrcode::Color::Dark);
    let drawn: String =
        dark.map(|at| format!("{} {} 4 4 re\n", 40 + 4 * (at % width), 300 - 4 * (at / width))).collect();
    let kids: String = (0..pages).map(|page| format!("{} 0 R ", page + 4)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{kids}] /Count {pages} >>"),
        format!("<< /Length {} >>\nstream\n{drawn}f\nendstream", drawn.len() + 1),
    ];
    objects.extend((1..=pages).map(|page| {
        let contents = if page == 2 { "/Contents 3 0 R" } else { "" };
        format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 400] {contents} >>")
    }));
    let mut file = String::from("%PDF-1.7\n");
    let mut index = String::from("0000000000 65535 f \n");
    for (number, object) in objects.iter().enumerate() {
        index += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    let (at, size) = (file.len(), objects.len() + 1);
    file += &format!("xref\n0 {size}\n{index}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n");
    file.into_bytes()
}
