#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use qrcode::bits::Bits;
use qrcode::{EcLevel, QrCode, Version};
use warifu_scan::{Picture, find_codes};

use crate::draw::{Screen, Style, WHITE};

fn read(text: &str) -> String {
    let mut screen = Screen::filled(1000, 1000, WHITE);
    screen.draw(text, 500.0, 500.0, Style { level: EcLevel::L, ..Style::default() });
    let codes = find_codes(&screen.picture());
    assert_eq!(codes.len(), 1);
    codes[0].expose_text().to_owned()
}

/// Draws a code whose segments were put together by hand.
fn read_segments(fill: impl FnOnce(&mut Bits)) -> String {
    let mut bits = Bits::new(Version::Normal(5));
    fill(&mut bits);
    bits.push_terminator(EcLevel::L).unwrap();
    let code = QrCode::with_bits(bits, EcLevel::L).unwrap();
    let (size, colours) = (code.width(), code.to_colors());
    let side = (size + 8) * 4;
    let rgba = (0..side * side).flat_map(|at| {
        let (x, y) = ((at % side / 4).wrapping_sub(4), (at / side / 4).wrapping_sub(4));
        let dark = x < size && y < size && colours[y * size + x] == qrcode::Color::Dark;
        if dark { [0, 0, 0, 255] } else { [255; 4] }
    });
    let picture = Picture::from_rgba(side as u32, side as u32, rgba.collect::<Vec<u8>>()).unwrap();
    let codes = find_codes(&picture);
    assert_eq!(codes.len(), 1);
    codes[0].expose_text().to_owned()
}

/// Of some of these the encoder puts parts into Kanji segments; the text must come back byte for byte.
#[test]
fn utf8_comes_back_exactly() {
    for text in [
        "otpauth://totp/練習ポータル:山田太郎?secret=GEZDGNBVGY3TQOJQ&issuer=練習ポータル",
        "otpauth://totp/Zürich%20é?secret=GEZDGNBVGY3TQOJQ",
        "齠齡齢齣齤 日本語日本語日本語",
        "ああああああああ",
        "🗝️ emoji",
        "0123456789",
        "ALPHANUMERIC $%*+-./:",
        "tab\tand\r\nline",
        " ",
    ] {
        assert_eq!(read(text), text);
    }
}

#[test]
fn kanji_mode_is_shift_jis() {
    // The example of ISO/IEC 18004, 7.4.6.
    assert_eq!(read_segments(|bits| bits.push_kanji_data(b"\x93\x5f\xe4\xaa").unwrap()), "点茗");
}

#[test]
fn undeclared_shift_jis_bytes_are_recognised() {
    // 練習ポータル in Shift_JIS.
    let bytes = b"\x97\xfb\x8f\x4b\x83\x7c\x81\x5b\x83\x5e\x83\x8b";
    assert_eq!(read_segments(|bits| bits.push_byte_data(bytes).unwrap()), "練習ポータル");
}

#[test]
fn declared_utf8_is_taken_at_its_word() {
    let read = read_segments(|bits| {
        bits.push_eci_designator(26).unwrap();
        bits.push_byte_data("é".as_bytes()).unwrap();
    });
    assert_eq!(read, "é");
}

#[test]
fn the_densest_code_there_is() {
    // Version 40-L holds 2,953 bytes.
    let text: String = (0..2953).map(|i| char::from(b'a' + (i * 7 % 26) as u8)).collect();
    assert_eq!(read(&text), text);
}
