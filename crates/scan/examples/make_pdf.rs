//! Writes a PDF with a QR code to a file: the beginnings of the fixtures in tests/fixtures/pdf.
//!
//! `cargo run -p warifu-scan --example make_pdf -- TEXT FILE`

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a tool for developers")]

#[path = "../tests/documents/pdf.rs"]
mod pdf;

fn main() {
    let [text, file] = std::env::args().skip(1).collect::<Vec<_>>().try_into().unwrap();
    std::fs::write(file, pdf::Pdf::with_codes(pdf::Way::Grey, &[&[&text]])).unwrap();
}
