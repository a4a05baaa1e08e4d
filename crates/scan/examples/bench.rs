//! The Rust half of `cargo xtask bench scan`.
//!
//! `bench draw DIR SEED COUNT` draws COUNT screens of each kind; `bench take DIR PICTURES` takes real pictures, each with what it
//! says beside it (NAME.txt). Both write `N.grey` (width and height as 32-bit little-endian numbers, then one byte of brightness a
//! pixel) for other programs, `N.rgba` the same in colour, and `pictures.jsonl`. `bench read DIR` reads them with our ladder, rqrr
//! and rxing alone, and prints one JSON line for each picture and reader: the others do the same.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a measuring tool"
)]

#[path = "../tests/scan/draw.rs"]
mod draw;
#[path = "../tests/scan/harder.rs"]
mod harder;
#[path = "../tests/scan/kinds.rs"]
mod kinds;
#[path = "../tests/scan/photo.rs"]
mod photo;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    time::Instant,
};

use serde_json::{Value, json};
use warifu_scan::Picture;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match *arguments {
        ["draw", folder, seed, count] => draw(Path::new(folder), seed.parse().unwrap(), count.parse().unwrap()),
        ["take", folder, pictures] => take(Path::new(folder), Path::new(pictures)),
        ["read", folder] => read(Path::new(folder)),
        _ => panic!("bench draw|take|read"),
    }
}

/// Where pictures are put down, one after the other.
struct Album {
    folder: PathBuf,
    list: fs::File,
    count: usize,
}

impl Album {
    fn new(folder: &Path) -> Album {
        Album { folder: folder.to_owned(), list: fs::File::create(folder.join("pictures.jsonl")).unwrap(), count: 0 }
    }

    fn add(&mut self, kind: &str, name: &str, picture: &Picture, wanted: &[&str]) {
        let (number, rgba) = (self.count, picture.expose_rgba());
        let size = [picture.width().to_le_bytes(), picture.height().to_le_bytes()].concat();
        let luma = |p: &[u8]| (299 * u32::from(p[0]) + 587 * u32::from(p[1]) + 114 * u32::from(p[2]) + 500) / 1000;
        let grey: Vec<u8> = rgba.chunks_exact(4).map(|pixel| luma(pixel) as u8).collect();
        fs::write(self.folder.join(format!("{number}.grey")), [&size[..], &grey].concat()).unwrap();
        fs::write(self.folder.join(format!("{number}.rgba")), [&size[..], rgba].concat()).unwrap();
        let pixels = u64::from(picture.width()) * u64::from(picture.height());
        let line = json!({ "picture": number, "kind": kind, "name": name, "pixels": pixels, "wanted": wanted });
        writeln!(self.list, "{line}").unwrap();
        self.count += 1;
    }
}

fn draw(folder: &Path, first: u64, count: u64) {
    let mut album = Album::new(folder);
    for kind in kinds::kinds().into_iter().chain(harder::harder()) {
        for seed in first..first + count {
            let screen = (kind.draw)(&mut draw::Seed::new(seed));
            let wanted: Vec<&str> = screen.drawn.iter().map(|drawn| &*drawn.text).collect();
            album.add(kind.name, &format!("{}, seed {seed}", kind.name), &(kind.take)(&screen), &wanted);
        }
    }
}

fn take(folder: &Path, pictures: &Path) {
    let mut album = Album::new(folder);
    let mut files = Vec::new();
    walk(pictures, &mut files);
    for file in files {
        let Ok(said) = fs::read(file.with_extension("txt")).or_else(|_| fs::read(file.with_extension("bin"))) else {
            continue;
        };
        // Older expectations are in ISO 8859-1.
        let said =
            String::from_utf8(said).unwrap_or_else(|error| error.into_bytes().into_iter().map(char::from).collect());
        let Ok(picture) = Picture::decode(&fs::read(&file).unwrap()) else { continue };
        let kind = file.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
        let name = file.strip_prefix(pictures).unwrap_or(&file).display().to_string();
        album.add(&kind, &name, &picture, &[&said]);
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() { walk(&entry, files) } else { files.push(entry) }
    }
}

type Reader = fn(&Picture, u32, u32, &[u8]) -> Vec<String>;

fn read(folder: &Path) {
    let list = fs::read_to_string(folder.join("pictures.jsonl")).unwrap();
    let readers: [(&str, Reader); 3] = [("ours", ours), ("rxing", rxing), ("rqrr", rqrr)];
    for line in list.lines() {
        let number = serde_json::from_str::<Value>(line).unwrap()["picture"].clone();
        let load = |kind: &str| fs::read(folder.join(format!("{number}.{kind}"))).unwrap();
        let (grey, rgba) = (load("grey"), load("rgba"));
        let side = |at: usize| u32::from_le_bytes([grey[at], grey[at + 1], grey[at + 2], grey[at + 3]]);
        let (width, height) = (side(0), side(4));
        let picture = Picture::from_rgba(width, height, rgba[8..].to_vec()).unwrap();
        for (name, reader) in readers {
            let start = Instant::now();
            let texts = std::panic::catch_unwind(|| reader(&picture, width, height, &grey[8..])).unwrap_or_default();
            let ms = start.elapsed().as_secs_f64() * 1000.0;
            println!("{}", json!({ "picture": number, "reader": name, "ms": ms, "texts": texts }));
        }
    }
}

fn ours(picture: &Picture, _: u32, _: u32, _: &[u8]) -> Vec<String> {
    warifu_scan::find_codes(picture).iter().map(|code| code.expose_text().to_owned()).collect()
}

/// As its helpers call it, with all that makes it look harder.
fn rxing(_: &Picture, width: u32, height: u32, grey: &[u8]) -> Vec<String> {
    let mut hints = rxing::DecodeHints { TryHarder: Some(true), AlsoInverted: Some(true), ..Default::default() };
    hints.PossibleFormats = Some(std::iter::once(rxing::BarcodeFormat::QR_CODE).collect());
    let found = rxing::helpers::detect_multiple_in_luma_with_hints(grey.to_vec(), width, height, &mut hints);
    found.unwrap_or_default().iter().map(|code| code.getText().to_owned()).collect()
}

fn rqrr(_: &Picture, width: u32, height: u32, grey: &[u8]) -> Vec<String> {
    let (width, height) = (width as usize, height as usize);
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| grey[y * width + x]);
    let grids = prepared.detect_grids();
    let mut texts = std::collections::HashSet::new();
    grids.iter().filter_map(|grid| grid.decode().ok()).for_each(|(_, text)| {
        texts.insert(text);
    });
    texts.into_iter().collect()
}
