//! PDF files through the process that draws them. This program is its own drawing process, as ours are, and so has a main function
//! instead of a test harness.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]
#![allow(clippy::disallowed_methods, reason = "a program's main function")]

#[path = "../../scan/tests/documents/pdf.rs"]
mod pdf;

use std::{panic, process::ExitCode, time::Duration};

use pdf::{Pdf, Way, deflated};
use warifu_platform::{DRAW_PAGES, DiskPictures, draw_pages, pages_within};
use warifu_session::{
    ports::PictureFiles,
    scan::{PAGES_LIMIT, PictureError, find_codes},
};

const TEXT: &str = "otpauth://totp/Example:yamada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Example";
const A4: &str = "/MediaBox [0 0 595 842]";

type Test = (&'static str, fn());

const TESTS: &[Test] = &[
    ("a_code_on_the_third_page", a_code_on_the_third_page),
    ("a_scan_of_600_dots_an_inch_fits", a_scan_of_600_dots_an_inch_fits),
    ("what_is_wrong_with_a_file_comes_back_by_its_name", what_is_wrong_with_a_file_comes_back_by_its_name),
    ("memory_without_end_ends_the_process_only", memory_without_end_ends_the_process_only),
    ("work_without_end_is_given_up", work_without_end_is_given_up),
    ("nesting_without_end_ends_the_process_at_most", nesting_without_end_ends_the_process_at_most),
    ("nobody_is_left_behind", nobody_is_left_behind),
];

fn main() -> ExitCode {
    let first = std::env::args().nth(1).unwrap_or_default();
    if first == DRAW_PAGES {
        return draw_pages();
    }
    let chosen: Vec<&Test> = TESTS.iter().filter(|(name, _)| first.starts_with('-') || name.contains(&first)).collect();
    let failed = chosen.iter().filter(|(name, test)| {
        let failed = panic::catch_unwind(test).is_err();
        println!("test {name} ... {}", if failed { "FAILED" } else { "ok" });
        failed
    });
    let failed = failed.count();
    let (word, passed) = (if failed == 0 { "ok" } else { "FAILED" }, chosen.len() - failed);
    println!("\ntest result: {word}. {passed} passed; {failed} failed; 0 ignored; 0 measured; 0 filtered out");
    ExitCode::from(u8::from(failed > 0))
}

fn outcome(file: &[u8]) -> Vec<Result<usize, PictureError>> {
    DiskPictures.open(file).unwrap().map(|page| page.map(|page| find_codes(&page).len())).collect()
}

fn a_code_on_the_third_page() {
    let file = Pdf::with_codes(Way::Rectangles, &[&[], &[], &[TEXT], &[]]);
    assert_eq!(outcome(&file), [Ok(0), Ok(0), Ok(1), Ok(0)]);
}

fn a_scan_of_600_dots_an_inch_fits() {
    let (width, height) = (4960, 7016);
    let mut pdf = Pdf::default();
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new(&mut jpeg)
        .encode(&vec![200; width * height * 3], width as u32, height as u32, image::ExtendedColorType::Rgb8)
        .unwrap();
    let image = pdf.stream(
        &format!(
            "/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceRGB /BitsPerComponent 8 \
             /Filter /DCTDecode"
        ),
        &jpeg,
    );
    pdf.page_of(&format!("{A4} /Resources << /XObject << /X {image} 0 R >> >>"), "595 0 0 842 0 0 cm /X Do");
    let pages: Vec<_> = DiskPictures.open(&pdf.bytes()).unwrap().collect();
    // Drawn, and not left white.
    assert_eq!(pages[0].as_ref().map(|page| page.expose_rgba()[0]), Ok(200));
}

fn what_is_wrong_with_a_file_comes_back_by_its_name() {
    let protected = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/pdf/user-password-aes-256.pdf");
    assert_eq!(outcome(&std::fs::read(protected).unwrap()), [Err(PictureError::Protected)]);
    assert_eq!(outcome(b"%PDF-1.7"), [Err(PictureError::Broken)]);
    let mut book = Pdf::default();
    for _ in 0..=PAGES_LIMIT {
        book.page_of("/MediaBox [0 0 9 9]", "");
    }
    let pages: Vec<_> = DiskPictures.open(&book.bytes()).unwrap().collect();
    assert_eq!(pages.len(), PAGES_LIMIT + 1);
    assert_eq!(pages[PAGES_LIMIT].as_ref().err(), Some(&PictureError::TooManyPages { limit: PAGES_LIMIT }));
}

/// A megabyte that becomes a gigabyte, as a picture and as a page's text.
fn memory_without_end_ends_the_process_only() {
    let bomb = deflated(&vec![b' '; 1 << 30]);
    let mut text = Pdf::default();
    let content = text.stream("/Filter /FlateDecode", &bomb);
    text.page_of(A4, "");
    let page = text.object(format!("<< /Type /Page /Parent 2 0 R {A4} /Contents {content} 0 R >>"));
    let tree = format!("<< /Type /Pages /Kids [ {page} 0 R ] /Count 1 >>");
    assert_eq!(outcome(&text.with_tree(&tree).bytes()), [Err(PictureError::TooDemanding)]);
    let mut picture = Pdf::default();
    let image = picture.stream(
        "/Type /XObject /Subtype /Image /Width 32768 /Height 32768 /ColorSpace /DeviceGray /BitsPerComponent 8 \
         /Filter /FlateDecode",
        &bomb,
    );
    picture.page_of(&format!("{A4} /Resources << /XObject << /X {image} 0 R >> >>"), "595 0 0 842 0 0 cm /X Do");
    assert_eq!(outcome(&picture.bytes()), [Err(PictureError::TooDemanding)]);
}

/// Forms that name each other tenfold, twelve deep; the page in front of it is seen all the same.
fn work_without_end_is_given_up() {
    let mut pdf = Pdf::default();
    pdf.page(A4, Way::Image, &[TEXT], 110.0);
    let mut inner = pdf.stream("/Type /XObject /Subtype /Form /BBox [0 0 600 900]", b"0 0 5 5 re f");
    for _ in 0..12 {
        inner = pdf.stream(
            &format!(
                "/Type /XObject /Subtype /Form /BBox [0 0 600 900] /Resources << /XObject << /X {inner} 0 R >> >>"
            ),
            "/X Do ".repeat(10).as_bytes(),
        );
    }
    pdf.page_of(&format!("{A4} /Resources << /XObject << /X {inner} 0 R >> >>"), "/X Do");
    let pages = pages_within(&pdf.bytes(), Duration::from_secs(5)).unwrap();
    let pages: Vec<_> = pages.map(|page| page.map(|page| find_codes(&page).len())).collect();
    assert_eq!(pages, [Ok(1), Err(PictureError::TooDemanding)]);
}

fn nesting_without_end_ends_the_process_at_most() {
    for content in ["[".repeat(2_000_000), "<<".repeat(2_000_000), "q ".repeat(500_000), "BT ".repeat(500_000)] {
        let mut pdf = Pdf::default();
        pdf.page_of(A4, &content);
        let pages = outcome(&pdf.bytes());
        assert!(matches!(pages[..], [Ok(0) | Err(PictureError::TooDemanding | PictureError::Broken)]), "{pages:?}");
    }
}

/// A document that is let go after its first page leaves no process.
fn nobody_is_left_behind() {
    let file = Pdf::with_codes(Way::Rectangles, &[&[TEXT], &[TEXT], &[TEXT]]);
    let mut pages = DiskPictures.open(&file).unwrap();
    assert!(pages.next().unwrap().is_ok());
    assert!(children() > 0 || !cfg!(target_os = "linux"));
    drop(pages);
    assert_eq!(children(), 0);
}

/// The processes this one has started and not seen the end of.
fn children() -> usize {
    let mut count = 0;
    for task in std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten() {
        let children = std::fs::read_to_string(task.path().join("children")).unwrap_or_default();
        count += children.split_whitespace().count();
    }
    count
}
