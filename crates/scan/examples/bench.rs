//! The Rust half of `cargo xtask bench scan`.
//!
//! `bench draw DIR SEED COUNT PART` draws COUNT screens of each kind whose name holds PART; `bench take DIR PICTURES` takes real pictures, each with what it
//! says beside it (NAME.txt). Both write `N.grey` (width and height as 32-bit little-endian numbers, then one byte of brightness a
//! pixel) for other programs, `N.rgba` the same in colour, and `pictures.jsonl`. `bench read DIR` reads them with our ladder (as a screen and as a
//! file), rqrr and rxing alone, and prints one JSON line for each picture and reader: the others do the same. `bench steps DIR` prints what each
//! step of the ladder is worth on them, `bench boxes SEED COUNT` what a dragged box is.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a measuring tool"
)]

#[path = "../tests/scan/boxes.rs"]
mod boxes;
#[path = "../tests/scan/draw.rs"]
mod draw;
#[path = "../tests/scan/harder.rs"]
mod harder;
#[path = "../tests/scan/kinds.rs"]
mod kinds;
#[path = "../tests/scan/mixed.rs"]
mod mixed;
#[path = "../tests/scan/photo.rs"]
mod photo;

use std::{
    collections::BTreeMap,
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
        ["draw", folder, seed, count, part] => {
            draw(Path::new(folder), seed.parse().unwrap(), count.parse().unwrap(), part);
        }
        ["take", folder, pictures] => take(Path::new(folder), Path::new(pictures)),
        ["read", folder] => read(Path::new(folder)),
        ["steps", folder] => steps(Path::new(folder)),
        ["boxes", seed, count] => boxes(seed.parse().unwrap(), count.parse().unwrap()),
        _ => panic!("bench draw|take|read|steps|boxes"),
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

fn draw(folder: &Path, first: u64, count: u64, part: &str) {
    let mut album = Album::new(folder);
    let kinds = kinds::kinds().into_iter().chain(harder::harder()).chain(mixed::mixed()).chain(boxes::boxes());
    for kind in kinds.filter(|kind| kind.name.contains(part)) {
        for number in first..first + count {
            let seed = &mut draw::Seed::new(number);
            let screen = (kind.draw)(seed);
            let wanted: Vec<&str> = screen.drawn.iter().map(|drawn| &*drawn.text).collect();
            let mut picture = (kind.take)(&screen);
            if is_box(kind.name) {
                picture = picture.crop(boxes::dragged(&screen, seed)).unwrap();
            }
            album.add(kind.name, &format!("{}, seed {number}", kind.name), &picture, &wanted);
        }
    }
}

/// Whether all readers get the box alone, and ours knows that it is one.
fn is_box(kind: &str) -> bool {
    kind.starts_with("box")
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

/// The numbers of the pictures of a folder, what each says, and the picture.
fn pictures(folder: &Path) -> impl Iterator<Item = (Value, Picture)> {
    let list = fs::read_to_string(folder.join("pictures.jsonl")).unwrap();
    let lines: Vec<Value> = list.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let folder = folder.to_owned();
    lines.into_iter().map(move |line| {
        let rgba = fs::read(folder.join(format!("{}.rgba", line["picture"]))).unwrap();
        let side = |at: usize| u32::from_le_bytes([rgba[at], rgba[at + 1], rgba[at + 2], rgba[at + 3]]);
        let picture = Picture::from_rgba(side(0), side(4), rgba[8..].to_vec()).unwrap();
        (line, picture)
    })
}

/// What a box around a code finds and the search of the whole screen does not.
fn boxes(first: u64, count: u64) {
    println!("{:48} {:>6} {:>6} {:>6} {:>9} {:>8}", "kind", "codes", "screen", "box", "median ms", "worst ms");
    for kind in boxes::boxes() {
        let (mut codes, mut on_screen, mut in_box, mut times) = (0, 0, 0, Vec::new());
        for seed in first..first + count {
            let seed = &mut draw::Seed::new(seed);
            let screen = (kind.draw)(seed);
            let picture = (kind.take)(&screen);
            let region = boxes::dragged(&screen, seed);
            let right = |found: &[warifu_scan::FoundCode]| {
                let is_found = |text: &str| found.iter().any(|code| code.expose_text() == text);
                screen.drawn.iter().filter(|drawn| is_found(&drawn.text)).count()
            };
            codes += screen.drawn.len();
            on_screen += right(&warifu_scan::find_codes(&picture));
            let start = Instant::now();
            let found = warifu_scan::find_codes_in(&picture, region);
            times.push(start.elapsed().as_secs_f64() * 1000.0);
            in_box += right(&found);
            if right(&found) < screen.drawn.len() {
                println!("    missed: {} of {}, {:?}", right(&found), kind.name, region);
            }
        }
        times.sort_by(f64::total_cmp);
        let (median, worst) = (times[times.len() / 2], times[times.len() - 1]);
        println!("{:48} {codes:>6} {on_screen:>6} {in_box:>6} {median:>9.1} {worst:>8.1}", kind.name);
    }
}

#[derive(Default)]
struct Worth {
    /// Codes that it reads.
    reads: usize,
    /// Codes that no step before it reads, and that no other step reads.
    first: usize,
    alone: usize,
    /// The kinds of picture that these codes are in.
    kinds: BTreeMap<String, usize>,
    times: Vec<(f64, String)>,
}

/// What each step of the ladder reads by itself, what it alone reads, and what that costs. What a step alone reads is missed by a
/// ladder without it.
fn steps(folder: &Path) {
    let names: Vec<&str> = warifu_scan::measuring::steps().collect();
    let mut worths: Vec<Worth> = names.iter().map(|_| Worth::default()).collect();
    for (line, picture) in pictures(folder) {
        let wanted: Vec<&str> = line["wanted"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let read: Vec<Vec<bool>> = names
            .iter()
            .zip(&mut worths)
            .map(|(name, worth)| {
                let start = Instant::now();
                let codes = warifu_scan::measuring::find_codes_by(&picture, name);
                worth.times.push((start.elapsed().as_secs_f64() * 1000.0, line["name"].as_str().unwrap().to_owned()));
                let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
                let texts: Vec<String> = codes.iter().map(|code| plain(code.expose_text())).collect();
                wanted.iter().map(|wanted| texts.contains(&plain(wanted))).collect()
            })
            .collect();
        for (code, _) in wanted.iter().enumerate() {
            let readers: Vec<usize> = (0..names.len()).filter(|&step| read[step][code]).collect();
            readers.iter().for_each(|&step| worths[step].reads += 1);
            readers.iter().take(1).for_each(|&step| worths[step].first += 1);
            if let &[only] = &readers[..] {
                worths[only].alone += 1;
                *worths[only].kinds.entry(line["kind"].as_str().unwrap().to_owned()).or_default() += 1;
            }
        }
    }
    println!("{:34} {:>6} {:>6} {:>6} {:>9} {:>8}", "step", "reads", "first", "alone", "median ms", "worst ms");
    for (name, mut worth) in names.iter().zip(worths) {
        worth.times.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (median, (worst, of)) = (worth.times[worth.times.len() / 2].0, &worth.times[worth.times.len() - 1]);
        let Worth { reads, first, alone, kinds, .. } = worth;
        println!("{name:34} {reads:>6} {first:>6} {alone:>6} {median:>9.1} {worst:>8.1}  ({of}) {kinds:?}");
    }
}

type Reader = fn(&Picture, u32, u32, &[u8]) -> Vec<String>;

fn read(folder: &Path) {
    let readers: [(&str, Reader); 4] =
        [("ours", ours), ("ours, of a file", ours_of_a_file), ("rxing", rxing), ("rqrr", rqrr)];
    for (line, picture) in pictures(folder) {
        let grey = fs::read(folder.join(format!("{}.grey", line["picture"]))).unwrap();
        let (width, height) = (picture.width(), picture.height());
        for (name, reader) in readers {
            let reader = if name == "ours" && is_box(line["kind"].as_str().unwrap()) { ours_in_a_box } else { reader };
            let start = Instant::now();
            let texts = std::panic::catch_unwind(|| reader(&picture, width, height, &grey[8..])).unwrap_or_default();
            let ms = start.elapsed().as_secs_f64() * 1000.0;
            println!("{}", json!({ "picture": line["picture"], "reader": name, "ms": ms, "texts": texts }));
        }
    }
}

fn ours(picture: &Picture, _: u32, _: u32, _: &[u8]) -> Vec<String> {
    warifu_scan::find_codes(picture).iter().map(|code| code.expose_text().to_owned()).collect()
}

fn ours_of_a_file(picture: &Picture, _: u32, _: u32, _: &[u8]) -> Vec<String> {
    warifu_scan::find_all_codes(picture).iter().map(|code| code.expose_text().to_owned()).collect()
}

/// A box that a person has dragged, and nothing around it.
fn ours_in_a_box(picture: &Picture, width: u32, height: u32, _: &[u8]) -> Vec<String> {
    let whole = warifu_scan::Region { x: 0, y: 0, width, height };
    warifu_scan::find_codes_in(picture, whole).iter().map(|code| code.expose_text().to_owned()).collect()
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
