//! Makes the pictures in tests/fixtures/qr, and beside each what it says.
//!
//! `cargo run -p warifu-scan --example make_fixtures`
//!
//! Only `part-1-of-2.png` and `parts-together.png` are of another maker: qrencode 4.1.1 (`-8 -S -v 4 -l L -s 5`), because the
//! encoder used here cuts no text into several codes.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a tool for developers")]

#[path = "../tests/scan/draw.rs"]
mod draw;

use std::path::{Path, PathBuf};

use data_encoding::BASE64;
use draw::{BLACK, NOTHING, Screen, Seed, Style, WHITE};
use image::ImageFormat;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

/// RFC 6238's own secret, "12345678901234567890": everybody can compute its codes.
const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/qr");
    std::fs::create_dir_all(&folder).unwrap();
    let save = |name: &str, bytes: &[u8], expected: Value| save(&folder, name, bytes, expected);

    let portal = format!(
        "otpauth://totp/%E7%B7%B4%E7%BF%92%E3%83%9D%E3%83%BC%E3%82%BF%E3%83%AB:yamada?secret={SECRET}\
         &issuer=%E7%B7%B4%E7%BF%92%E3%83%9D%E3%83%BC%E3%82%BF%E3%83%AB&digits=6&period=30"
    );
    let plain = one(&portal, Style::default(), WHITE);
    save("totp.png", &plain.file(ImageFormat::Png), json!({ "texts": [portal] }));
    save("totp.jpg", &plain.jpeg(80), json!({ "texts": [portal] }));
    save("totp.webp", &plain.file(ImageFormat::WebP), json!({ "texts": [portal] }));
    save("totp.gif", &plain.file(ImageFormat::Gif), json!({ "texts": [portal] }));
    let small = one(&portal, Style { module: 2.0, ..Style::default() }, WHITE);
    save("totp.bmp", &small.file(ImageFormat::Bmp), json!({ "texts": [portal] }));

    let dark = [24, 26, 27, 255];
    let style = Style { dark: [230, 230, 230, 255], light: dark, ..Style::default() };
    save("totp-dark-page.png", &one(&portal, style, dark).file(ImageFormat::Png), json!({ "texts": [portal] }));
    let style = Style { light: NOTHING, ..Style::default() };
    let transparent = one(&portal, style, NOTHING).file(ImageFormat::Png);
    save("totp-transparent.png", &transparent, json!({ "texts": [portal] }));

    let migration = migration();
    for (name, text) in [
        ("web-link", "https://example.com/login"),
        ("wifi", "WIFI:T:WPA;S:Practice;P:not a secret;;"),
        ("microsoft-push", "phonefactor://activate_account?code=123456789&url=https%3A%2F%2Fexample.com%2Fpad"),
        ("no-secret", "otpauth://totp/Example:yamada?issuer=Example"),
        ("illegal-secret", "otpauth://totp/Example:yamada?secret=GEZD1NBV&issuer=Example"),
        ("digits-99", &format!("otpauth://totp/Example:yamada?secret={SECRET}&digits=99")),
        ("period-0", &format!("otpauth://totp/Example:yamada?secret={SECRET}&period=0")),
        ("hotp", &format!("otpauth://hotp/Example:yamada?secret={SECRET}&counter=0")),
        ("migration", &migration),
    ] {
        let file = one(text, Style::default(), WHITE).file(ImageFormat::Png);
        save(&format!("{name}.png"), &file, json!({ "texts": [text] }));
    }

    let link = "https://example.com/app";
    let mut two = Screen::filled(640, 320, WHITE);
    two.draw(&portal, 160.0, 160.0, Style::default());
    two.draw(link, 480.0, 160.0, Style::default());
    save("two-codes.png", &two.file(ImageFormat::Png), json!({ "texts": [portal, link] }));

    let page = Screen::page(480, 320, BLACK, WHITE, &mut Seed::new(1));
    save("no-code.png", &page.file(ImageFormat::Png), json!({ "texts": [] }));
    save("not-a-picture.png", b"This is a text file that was renamed.\n", json!({ "error": "NotAPicture" }));
    let file = plain.file(ImageFormat::Png);
    save("truncated.png", &file[..file.len() / 2], json!({ "error": "Truncated" }));
    save("huge-header.png", &draw::png_claiming(60_000, 60_000, 8), json!({ "error": "TooManyPixels" }));
}

fn save(folder: &Path, name: &str, bytes: &[u8], mut expected: Value) {
    expected["file"] = json!(name);
    let path: PathBuf = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    let text = serde_json::to_string_pretty(&expected).unwrap() + "\n";
    std::fs::write(folder.join(format!("{name}.json")), text).unwrap();
}

fn one(text: &str, style: Style, page: draw::Rgba) -> Screen {
    let size = qrcode::QrCode::with_error_correction_level(text, style.level).unwrap().width() as f32;
    let side = ((size + 10.0) * style.module) as u32;
    let mut screen = Screen::filled(side, side, page);
    screen.draw(text, side as f32 / 2.0, side as f32 / 2.0, style);
    screen
}

/// What Google Authenticator shows as "transfer accounts": two accounts, one part of one.
fn migration() -> String {
    let account = |name: &str, issuer: &str, algorithm: u8, digits: u8| {
        let mut fields = bytes_field(1, b"12345678901234567890");
        fields.extend(bytes_field(2, name.as_bytes()));
        fields.extend(bytes_field(3, issuer.as_bytes()));
        // Algorithm, digits, type TOTP.
        fields.extend([4 << 3, algorithm, 5 << 3, digits, 6 << 3, 2]);
        bytes_field(1, &fields)
    };
    let mut payload = account("yamada", "練習ポータル", 1, 1);
    payload.extend(account("Example:sato", "Example", 2, 2));
    // Version 1, batch size 1, batch index 0, batch id 77.
    payload.extend([2 << 3, 1, 3 << 3, 1, 4 << 3, 0, 5 << 3, 77]);
    let data = BASE64.encode(&payload);
    format!("otpauth-migration://offline?data={}", utf8_percent_encode(&data, NON_ALPHANUMERIC))
}

/// A length-delimited protobuf field, shorter than 128 bytes.
fn bytes_field(number: u8, bytes: &[u8]) -> Vec<u8> {
    [&[number << 3 | 2, bytes.len() as u8], bytes].concat()
}
