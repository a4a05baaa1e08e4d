//! What is looked for: each needle in every spelling in which a program might hold it.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use data_encoding::{BASE32_NOPAD, BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER, HEXLOWER_PERMISSIVE, HEXUPPER};

/// Half a needle is looked for by itself where it has at least this many bytes: fewer turn up by chance, or in a name that begins alike.
const SHORTEST_PIECE: usize = 10;

/// All patterns, in one automaton.
pub struct Needles {
    automaton: AhoCorasick,
    /// For each pattern: name of the needle, spelling, part.
    meanings: Vec<Meaning>,
    /// Bytes of the longest pattern.
    pub longest: usize,
}

/// What a pattern is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Meaning {
    pub needle: String,
    pub spelling: &'static str,
    pub part: &'static str,
}

impl Needles {
    /// Reads lines of `NAME KIND VALUE`. None if one of them is not understood.
    pub fn parse(lines: &str) -> Option<Self> {
        let mut patterns: BTreeMap<Vec<u8>, Meaning> = BTreeMap::new();
        for line in lines.lines().filter(|line| !line.is_empty()) {
            let (name, rest) = line.split_once(' ')?;
            let (kind, value) = rest.split_once(' ')?;
            for (part, spelling, bytes) in spell(kind, value)? {
                // Two spellings may be one (hexadecimal digits alone have no case): the first names it.
                patterns.entry(bytes).or_insert(Meaning { needle: name.to_owned(), spelling, part });
            }
        }
        let longest = patterns.keys().map(Vec::len).max()?;
        let (patterns, meanings): (Vec<_>, Vec<_>) = patterns.into_iter().unzip();
        let automaton = AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(&patterns).ok()?;
        Some(Self { automaton, meanings, longest })
    }

    /// Every pattern in the bytes, with the place of its last byte; those that overlap as well.
    pub fn find<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = (usize, &'a Meaning)> {
        let found = self.automaton.find_overlapping_iter(bytes);
        found.map(|found| (found.end(), &self.meanings[found.pattern().as_usize()]))
    }
}

type Spelt = (&'static str, &'static str, Vec<u8>);

fn spell(kind: &str, value: &str) -> Option<Vec<Spelt>> {
    let mut spelt = Vec::new();
    match kind {
        "text" => {
            for (part, text) in parts_of_text(value) {
                spelt.extend(as_text("text", &text).map(|(spelling, bytes)| (part, spelling, bytes)));
                let escaped = text.replace(' ', "%20");
                spelt.extend(as_text("percent", &escaped).map(|(spelling, bytes)| (part, spelling, bytes)));
                spelt.extend(as_bytes(text.as_bytes()).into_iter().map(|(spelling, bytes)| (part, spelling, bytes)));
            }
        }
        "hex" | "base32" => {
            let bytes = match kind {
                "hex" => HEXLOWER_PERMISSIVE.decode(value.as_bytes()).ok()?,
                _ => BASE32_NOPAD.decode(value.replace(' ', "").to_uppercase().as_bytes()).ok()?,
            };
            for (part, bytes) in parts(&bytes) {
                spelt.push((part, "raw", bytes.to_vec()));
                spelt.extend(as_bytes(bytes).into_iter().map(|(spelling, bytes)| (part, spelling, bytes)));
            }
        }
        _ => return None,
    }
    Some(spelt)
}

/// The whole, and its halves.
fn parts(bytes: &[u8]) -> Vec<(&'static str, &[u8])> {
    let (head, tail) = bytes.split_at(bytes.len() / 2);
    let halves = [("head", head), ("tail", tail)];
    std::iter::once(("whole", bytes))
        .chain(halves.into_iter().filter(|(_, half)| half.len() >= SHORTEST_PIECE))
        .collect()
}

fn parts_of_text(text: &str) -> Vec<(&'static str, String)> {
    let characters: Vec<char> = text.chars().collect();
    let (head, tail) = characters.split_at(characters.len() / 2);
    let halves = [("head", head), ("tail", tail)].map(|(part, half)| (part, half.iter().collect::<String>()));
    let halves = halves.into_iter().filter(|(_, half)| half.len() >= SHORTEST_PIECE);
    std::iter::once(("whole", text.to_owned())).chain(halves).collect()
}

/// The spellings of some bytes in other alphabets.
fn as_bytes(bytes: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let base32 = BASE32_NOPAD.encode(bytes);
    let groups: Vec<&str> = base32.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    let numbers: Vec<String> = bytes.iter().map(u8::to_string).collect();
    let mut texts = vec![
        ("hex", HEXLOWER.encode(bytes)),
        ("hex", HEXUPPER.encode(bytes)),
        ("base32", base32.to_lowercase()),
        ("base32 in groups", groups.join(" ")),
        ("base32 in groups", groups.join(" ").to_lowercase()),
        ("base32", base32),
        ("numbers", numbers.join(",")),
        ("numbers", numbers.join(", ")),
    ];
    for skipped in 0..3 {
        texts.push(("base64", within_base64(bytes, skipped, &BASE64_NOPAD)));
        texts.push(("base64", within_base64(bytes, skipped, &BASE64URL_NOPAD)));
    }
    texts.retain(|(_, text)| text.len() >= SHORTEST_PIECE);
    texts.into_iter().flat_map(|(spelling, text)| as_text(spelling, &text)).collect()
}

/// What is certain of the bytes' Base64 when others stand before and behind: three bytes are four characters, so that the bytes may
/// begin at any of three places.
fn within_base64(bytes: &[u8], skipped: usize, encoding: &data_encoding::Encoding) -> String {
    let rest = bytes.get(skipped..).unwrap_or_default();
    encoding.encode(&rest[..rest.len() / 3 * 3])
}

/// A text as the languages hold it: C and Rust in UTF-8, JavaScript and Windows in UTF-16, some of glib in UTF-32.
fn as_text(spelling: &'static str, text: &str) -> [(&'static str, Vec<u8>); 4] {
    [
        (spelling, text.as_bytes().to_vec()),
        (wide(spelling), text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        (wide(spelling), text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        (wide(spelling), text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect()),
    ]
}

fn wide(spelling: &'static str) -> &'static str {
    match spelling {
        "text" => "text, wide",
        "percent" => "percent, wide",
        "hex" => "hex, wide",
        "base32" => "base32, wide",
        "base32 in groups" => "base32 in groups, wide",
        "base64" => "base64, wide",
        _ => "numbers, wide",
    }
}
