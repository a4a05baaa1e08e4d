//! PDF files as people are sent them, as their makers break them, and as an enemy would write them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../scan/draw.rs"]
mod draw;
mod pdf;

use draw::Seed;
use pdf::{Pdf, WAYS, Way};
use warifu_scan::{Document, FILE_BYTES_LIMIT, FoundCode, PAGES_LIMIT, Picture, PictureError, find_codes};

const TEXT: &str = "otpauth://totp/Example:yamada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Example";
const OTHER: &str = "otpauth://totp/Portal:suzuki?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Portal";

fn pictures(bytes: &[u8]) -> Vec<Result<Picture, PictureError>> {
    Document::open(bytes).expect("opens").collect()
}

/// What is found on each page.
fn texts(bytes: &[u8]) -> Vec<Vec<String>> {
    let texts = |codes: Vec<FoundCode>| codes.iter().map(|code| code.expose_text().to_owned()).collect();
    pictures(bytes).into_iter().map(|page| texts(find_codes(&page.expect("is drawn")))).collect()
}

#[test]
fn a_code_is_read_however_it_got_onto_the_page() {
    for way in WAYS {
        assert_eq!(texts(&Pdf::with_codes(way, &[&[TEXT]])), [[TEXT]], "{way:?}");
    }
}

#[test]
fn two_codes_on_a_page_and_one_on_a_later_page() {
    let file = Pdf::with_codes(Way::Rectangles, &[&[], &[TEXT, OTHER], &[], &[], &[OTHER]]);
    let none: [&str; 0] = [];
    assert_eq!(texts(&file), [&none[..], &[TEXT, OTHER], &none, &none, &[OTHER]]);
}

#[test]
fn turned_cropped_and_tiny_pages() {
    for attributes in ["/MediaBox [0 0 595 842] /Rotate 90", "/MediaBox [0 0 595 842] /Rotate 180"] {
        let mut pdf = Pdf::default();
        pdf.page(attributes, Way::Image, &[TEXT], 110.0);
        assert_eq!(texts(&pdf.bytes()), [[TEXT]], "{attributes}");
    }
    let mut pdf = Pdf::default();
    pdf.page("/MediaBox [0 0 595 842] /CropBox [60 680 220 830]", Way::Image, &[TEXT], 110.0);
    // A ticket of 42 points, 15 millimetres.
    pdf.page("/MediaBox [79 699 121 741]", Way::Rectangles, &[TEXT], 40.0);
    assert_eq!(texts(&pdf.bytes()), [[TEXT], [TEXT]]);
}

/// A code of 15 millimetres on a sheet has modules of a third of a millimetre.
#[test]
fn a_small_printed_code() {
    let mut pdf = Pdf::default();
    pdf.page("/MediaBox [0 0 595 842]", Way::Rectangles, &[TEXT], 43.0);
    assert_eq!(texts(&pdf.bytes()), [[TEXT]]);
}

#[test]
fn a_picture_file_is_a_document_of_one_picture() {
    let mut screen = draw::Screen::filled(300, 300, draw::WHITE);
    screen.draw(TEXT, 150.5, 150.5, draw::Style::default());
    assert_eq!(texts(&screen.file(image::ImageFormat::Png)), [[TEXT]]);
}

/// Written as any program may that notes where a picture came from.
#[test]
fn a_picture_that_speaks_of_a_pdf_is_a_picture() {
    let mut screen = draw::Screen::filled(300, 300, draw::WHITE);
    screen.draw(TEXT, 150.5, 150.5, draw::Style::default());
    let comment = b"tEXtComment\0page 1 of %PDF-1.7";
    let length = (comment.len() as u32 - 4).to_be_bytes();
    let chunk = [&length[..], comment, &draw::crc32(comment).to_be_bytes()].concat();
    let mut png = screen.file(image::ImageFormat::Png);
    // Behind the signature and the header.
    png.splice(33..33, chunk);
    assert!(!Document::is_pdf(&png));
    assert_eq!(texts(&png), [[TEXT]]);
}

#[test]
fn a_broken_table_and_rubbish_in_front_are_put_up_with() {
    let good = Pdf::with_codes(Way::Rectangles, &[&[TEXT]]);
    let text = String::from_utf8_lossy(&good).into_owned();
    let at = text.find("startxref").unwrap();
    let cut = &good[..good.len() - (text.len() - at)];
    assert_eq!(texts(cut), [[TEXT]], "no table at all");
    let mut moved = b"Content-Type: application/pdf\r\n\r\n".to_vec();
    moved.extend(&good);
    assert_eq!(texts(&moved), [[TEXT]], "every place is wrong");
}

#[test]
fn what_is_no_pdf_inside_is_broken() {
    for bytes in [&b"%PDF-1.7"[..], b"%PDF-1.7\n%%EOF", b"%PDF-", b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj"] {
        assert_eq!(Document::open(bytes).err(), Some(PictureError::Broken));
    }
}

/// Written by qpdf 11: 40-bit RC4, 128-bit AES and 256-bit AES.
#[test]
fn a_password_that_only_forbids_changing_keeps_nobody_from_reading() {
    for kind in ["rc4-40", "aes-128", "aes-256"] {
        assert_eq!(texts(&fixture(&format!("owner-password-{kind}.pdf"))), [[TEXT]], "{kind}");
    }
}

#[test]
fn a_pdf_with_a_password_is_refused_by_that_name() {
    for kind in ["rc4-40", "aes-128", "aes-256"] {
        let file = fixture(&format!("user-password-{kind}.pdf"));
        assert_eq!(Document::open(&file).err(), Some(PictureError::Protected), "{kind}");
    }
}

/// Printed by Chromium, and the same with its objects in compressed streams.
#[test]
fn pdf_files_of_real_programs() {
    for name in ["chromium.pdf", "chromium-object-streams.pdf"] {
        assert_eq!(texts(&fixture(name)), [[TEXT]], "{name}");
    }
}

fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/../../tests/fixtures/pdf/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn a_book_is_read_as_far_as_the_limit() {
    let mut pdf = Pdf::default();
    for _ in 0..PAGES_LIMIT + 20 {
        pdf.page_of("/MediaBox [0 0 50 50]", "");
    }
    let pages = pictures(&pdf.bytes());
    assert_eq!(pages.len(), PAGES_LIMIT + 1);
    assert!(pages[..PAGES_LIMIT].iter().all(Result::is_ok));
    assert_eq!(pages[PAGES_LIMIT].as_ref().err(), Some(&PictureError::TooManyPages { limit: PAGES_LIMIT }));
}

#[test]
fn a_page_is_drawn_within_the_limits_whatever_it_claims() {
    for media_box in
        ["0 0 1e9 1e9", "0 0 200000 3", "0 0 0 0", "0 0 1 1", "-1e30 -1e30 1e30 1e30", "5 5 5 900", "0 0 14400 14400"]
    {
        let mut pdf = Pdf::default();
        pdf.page_of(&format!("/MediaBox [{media_box}]"), "0 0 10 10 re f");
        let pages = match Document::open(&pdf.bytes()) {
            Ok(document) => document.collect(),
            Err(error) => vec![Err(error)],
        };
        for page in pages {
            match page {
                Ok(page) => assert!(page.width() * page.height() <= 9_100_000, "{media_box}"),
                Err(error) => assert_eq!(error, PictureError::Broken, "{media_box}"),
            }
        }
    }
}

#[test]
fn a_file_beyond_the_limit_is_not_looked_into() {
    let mut file = b"%PDF-1.7\n".to_vec();
    file.resize(FILE_BYTES_LIMIT + 1, b' ');
    assert_eq!(Document::open(&file).err(), Some(PictureError::TooManyBytes { limit: FILE_BYTES_LIMIT }));
}

#[test]
fn a_tree_of_pages_that_bites_its_tail() {
    let mut pdf = Pdf::default();
    pdf.page("/MediaBox [0 0 595 842]", Way::Image, &[TEXT], 110.0);
    let tree = format!("<< /Type /Pages /Kids [ 2 0 R 2 0 R {} 2 0 R ] /Count 4 >>", pdf.kids());
    assert_eq!(texts(&pdf.with_tree(&tree).bytes()), [[TEXT]]);
}

/// Bytes changed at random, removed and doubled; nothing but an answer may come of it.
#[test]
fn three_hundred_mutated_files_never_panic() {
    let mut seed = Seed::new(7);
    let files: Vec<Vec<u8>> = WAYS.iter().map(|way| Pdf::with_codes(*way, &[&[TEXT]])).collect();
    let mut drawn = 0;
    for round in 0..300 {
        let mut file = files[round % files.len()].clone();
        seed.damage(&mut file, 12);
        drawn += Document::open(&file).into_iter().flatten().flatten().count();
    }
    // Else the test would test the header check alone.
    assert!(drawn > 150, "{drawn}");
}
