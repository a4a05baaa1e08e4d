//! The recovery key: 160 random bits as people print, read out and type them.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::crypto;
use crate::error::{NoRandomness, RecoveryKeyError};

const KEY_BYTES: usize = 20;

/// 32 symbols of five bits each; no 0 and O, no 1 and I, which a reader confuses.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// Symbols of a group: four of the key (20 bits), one to check them.
const GROUP_LEN: usize = 5;
const DATA_LEN: usize = GROUP_LEN - 1;
const SYMBOLS: usize = RecoveryKey::GROUPS * GROUP_LEN;

/// A key that opens a vault when the password is forgotten, meant for paper.
///
/// Its text has 8 groups of 5 symbols. The last symbol of each group checks the other four and the group's place, so
/// that every single wrong symbol, every two swapped symbols of a group and every two swapped groups are noticed while
/// typing, and the group is named. Wiped when dropped; never shown.
pub struct RecoveryKey(Box<Zeroizing<[u8; KEY_BYTES]>>);

impl RecoveryKey {
    /// Groups of its text.
    pub const GROUPS: usize = 8;

    /// A new one.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn generate() -> Result<Self, NoRandomness> {
        let mut key = Self::empty();
        crypto::fill_random(key.0.as_mut_slice())?;
        Ok(key)
    }

    /// Two groups, counted from 1, that are to be typed back from a sheet to show that there is one: chosen anew each time, one
    /// of each half, and neither the first nor the last, which are the easiest to see without a sheet.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn generate_question() -> Result<[usize; 2], NoRandomness> {
        let mut random = [0; 2];
        crypto::fill_random(&mut random)?;
        let (half, [first, second]) = (Self::GROUPS / 2, random.map(usize::from));
        Ok([2 + first % (half - 1), half + 1 + second % (half - 1)])
    }

    /// Reads a key as it was typed: in any case and width, with any spaces and hyphens or none. What else is in it is
    /// an error and never repaired: a 0 may have been meant as O, Q or D.
    ///
    /// # Errors
    /// In this order: a character that no key has; the first whole group that is wrong; the wrong length. So a key that
    /// is right as far as it goes is [`RecoveryKeyError::Incomplete`].
    pub fn parse(typed: &str) -> Result<Self, RecoveryKeyError> {
        let mut symbols = Zeroizing::new([0; SYMBOLS]);
        let mut count = 0;
        for (index, character) in typed.chars().enumerate() {
            let symbol = match Typed::of(character) {
                Typed::Symbol(symbol) => symbol,
                Typed::Separator => continue,
                Typed::Other => return Err(RecoveryKeyError::WrongCharacter { position: index + 1 }),
            };
            if let Some(place) = symbols.get_mut(count) {
                *place = symbol;
            }
            count += 1;
        }
        let typed_groups = symbols[..count.min(SYMBOLS)].chunks_exact(GROUP_LEN).enumerate();
        for (index, group) in typed_groups {
            if check_symbol(index, group) != group[DATA_LEN] {
                return Err(RecoveryKeyError::WrongGroup { group: index + 1 });
            }
        }
        match count {
            0 => Err(RecoveryKeyError::Empty),
            SYMBOLS => Ok(Self::from_symbols(&symbols)),
            _ if count < SYMBOLS => Err(RecoveryKeyError::Incomplete { symbols: count }),
            _ => Err(RecoveryKeyError::TooLong),
        }
    }

    /// The key as text, to be printed and kept away from the computer: `ABCDE-...`, 47 characters.
    pub fn reveal_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(SYMBOLS + Self::GROUPS));
        for index in 0..Self::GROUPS {
            if index > 0 {
                text.push('-');
            }
            let mut group = Zeroizing::new([0; GROUP_LEN]);
            for (place, symbol) in group.iter_mut().take(DATA_LEN).enumerate() {
                *symbol = self.symbol(index * DATA_LEN + place);
            }
            group[DATA_LEN] = check_symbol(index, group.as_slice());
            text.extend(group.iter().map(|symbol| char::from(ALPHABET[usize::from(*symbol)])));
        }
        text
    }

    pub(crate) fn expose_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    fn empty() -> Self {
        Self(Box::new(Zeroizing::new([0; KEY_BYTES])))
    }

    /// The `index`-th five bits, the most significant first.
    fn symbol(&self, index: usize) -> u8 {
        let (byte, shift) = (index * 5 / 8, index * 5 % 8);
        let next = self.0.get(byte + 1).copied().unwrap_or_default();
        (u16::from_be_bytes([self.0[byte], next]) >> (11 - shift)) as u8 & 0x1f
    }

    fn from_symbols(symbols: &[u8; SYMBOLS]) -> Self {
        let mut key = Self::empty();
        let data = symbols.chunks_exact(GROUP_LEN).flat_map(|group| &group[..DATA_LEN]);
        for (index, symbol) in data.enumerate() {
            let (byte, shift) = (index * 5 / 8, index * 5 % 8);
            let [front, back] = (u16::from(*symbol) << (11 - shift)).to_be_bytes();
            key.0[byte] |= front;
            if let Some(next) = key.0.get_mut(byte + 1) {
                *next |= back;
            }
        }
        key
    }
}

impl fmt::Debug for RecoveryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryKey(..)")
    }
}

/// The check symbol of a group: in GF(32) with x⁵ + x² + 1 and α = x, the sum of αⁱ⁺¹ times data symbol i, and of α to
/// the power of 5 plus the group's index.
///
/// Factors that differ, and differ from 0 and 1, let no single wrong symbol and no swap of two pass, the check symbol
/// included; the last term differs from group to group, so that no two groups can change places.
fn check_symbol(group: usize, symbols: &[u8]) -> u8 {
    let terms = symbols.iter().take(DATA_LEN).enumerate().map(|(index, symbol)| times_power(*symbol, index + 1));
    terms.fold(times_power(1, DATA_LEN + 1 + group), |sum, term| sum ^ term)
}

/// `value` · αᵖᵒʷᵉʳ.
fn times_power(mut value: u8, power: usize) -> u8 {
    for _ in 0..power {
        value <<= 1;
        if value & 0x20 != 0 {
            value ^= 0b10_0101;
        }
    }
    value
}

/// What one character of a typed key means.
enum Typed {
    Symbol(u8),
    Separator,
    Other,
}

impl Typed {
    fn of(character: char) -> Self {
        let plain = if character.is_ascii() { character } else { compatible(character) };
        let upper = plain.to_ascii_uppercase();
        match ALPHABET.iter().position(|symbol| char::from(*symbol) == upper) {
            Some(symbol) => Self::Symbol(symbol as u8),
            None if is_separator(plain) => Self::Separator,
            None => Self::Other,
        }
    }
}

/// The character's NFKC form when that is a single character, else the character itself.
fn compatible(character: char) -> char {
    let mut form = std::iter::once(character).nfkc();
    match (form.next(), form.next()) {
        (Some(plain), None) => plain,
        _ => character,
    }
}

/// White space, hyphens and dashes (ー is what a Japanese keyboard gives for the hyphen), and what cannot be seen.
fn is_separator(character: char) -> bool {
    character.is_whitespace()
        || matches!(character,
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{30FC}'
            | '\u{00AD}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::print_stdout)]
    use super::*;

    /// Worked out by hand and by another program: docs/vault-format.md has it, too.
    const BYTES: [u8; KEY_BYTES] = *b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\xfe\xff";
    const TEXT: &str = "222JA-62S6Q-2N52Q-G42BX-3A7JX-S5AGT-3WA32-5ZRZN";

    fn key(bytes: [u8; KEY_BYTES]) -> RecoveryKey {
        RecoveryKey(Box::new(Zeroizing::new(bytes)))
    }

    fn generated(count: usize) -> impl Iterator<Item = Vec<u8>> {
        (0..count).map(|_| RecoveryKey::generate().unwrap().reveal_text().replace('-', "").into_bytes())
    }

    /// What is said of a key whose symbols are in this order.
    fn error(symbols: &[u8]) -> RecoveryKeyError {
        RecoveryKey::parse(std::str::from_utf8(symbols).unwrap()).unwrap_err()
    }

    #[test]
    fn a_key_has_one_text_and_comes_back_from_it() {
        assert_eq!(*key(BYTES).reveal_text(), TEXT);
        assert_eq!(RecoveryKey::parse(TEXT).unwrap().expose_bytes(), BYTES);
        for bytes in [[0; KEY_BYTES], [0xff; KEY_BYTES]] {
            assert_eq!(RecoveryKey::parse(&key(bytes).reveal_text()).unwrap().expose_bytes(), bytes);
        }
        for _ in 0..1_000 {
            let key = RecoveryKey::generate().unwrap();
            let text = key.reveal_text();
            assert_eq!(text.len(), 47);
            assert_eq!(RecoveryKey::parse(&text).unwrap().expose_bytes(), key.expose_bytes());
        }
    }

    #[test]
    fn every_wrong_symbol_is_noticed_and_its_group_named() {
        let mut tried = 0;
        for mut symbols in generated(20) {
            for place in 0..SYMBOLS {
                let right = symbols[place];
                for wrong in ALPHABET.iter().filter(|symbol| **symbol != right) {
                    symbols[place] = *wrong;
                    assert_eq!(error(&symbols), RecoveryKeyError::WrongGroup { group: place / GROUP_LEN + 1 });
                    tried += 1;
                }
                symbols[place] = right;
            }
        }
        println!("recovery key: {tried} single wrong symbols, all noticed");
    }

    #[test]
    fn every_swap_of_two_symbols_in_a_group_is_noticed_and_the_group_named() {
        let mut tried = 0;
        for mut symbols in generated(500) {
            for group in 0..RecoveryKey::GROUPS {
                let places = group * GROUP_LEN..(group + 1) * GROUP_LEN;
                for (a, b) in places.clone().flat_map(|a| (a + 1..places.end).map(move |b| (a, b))) {
                    if symbols[a] != symbols[b] {
                        symbols.swap(a, b);
                        assert_eq!(error(&symbols), RecoveryKeyError::WrongGroup { group: group + 1 });
                        symbols.swap(a, b);
                        tried += 1;
                    }
                }
            }
        }
        println!("recovery key: {tried} swaps within a group, all noticed");
    }

    #[test]
    fn every_swap_of_two_groups_is_noticed_even_of_the_same_symbols() {
        let mut tried = 0;
        let zero = key([0; KEY_BYTES]).reveal_text().replace('-', "").into_bytes();
        for symbols in generated(200).chain([zero]) {
            for (a, b) in (0..RecoveryKey::GROUPS).flat_map(|a| (a + 1..RecoveryKey::GROUPS).map(move |b| (a, b))) {
                let mut swapped = symbols.clone();
                for place in 0..GROUP_LEN {
                    swapped.swap(a * GROUP_LEN + place, b * GROUP_LEN + place);
                }
                assert_eq!(error(&swapped), RecoveryKeyError::WrongGroup { group: a + 1 });
                tried += 1;
            }
        }
        println!("recovery key: {tried} swaps of groups, all noticed");
    }

    #[test]
    fn a_key_is_taken_however_it_is_typed() {
        let symbols = TEXT.replace('-', "");
        let full_width: String = TEXT.chars().filter_map(|c| char::from_u32(u32::from(c) + 0xfee0)).collect();
        for typed in [
            symbols.clone(),
            symbols.to_lowercase(),
            TEXT.to_lowercase(),
            TEXT.replace('-', " "),
            TEXT.replace('-', "ー"),
            TEXT.replace('-', "—\n"),
            TEXT.replace('-', "\u{2212}"),
            format!("\u{feff} {TEXT}\r\n"),
            full_width.to_lowercase(),
            full_width,
            symbols.chars().flat_map(|c| [c, '-']).collect(),
        ] {
            assert_eq!(RecoveryKey::parse(&typed).unwrap().expose_bytes(), BYTES, "{typed}");
        }
    }

    #[test]
    fn what_no_key_has_is_named_by_its_place_and_never_repaired() {
        for (typed, position) in
            [("0", 1), ("22-2O", 5), ("2 I", 3), ("２１", 2), ("2\u{2003}鍵", 3), ("2_", 2), ("㍿", 1)]
        {
            let expected = RecoveryKeyError::WrongCharacter { position };
            assert_eq!(RecoveryKey::parse(typed).unwrap_err(), expected, "{typed}");
        }
        // Said first, even where a group before it is wrong.
        let late = format!("{TEXT}0").replacen('2', "3", 1);
        assert_eq!(RecoveryKey::parse(&late).unwrap_err(), RecoveryKeyError::WrongCharacter { position: 48 });
    }

    #[test]
    fn a_key_being_typed_is_incomplete_until_a_whole_group_is_wrong() {
        let symbols = TEXT.replace('-', "");
        for typed in ["", " ", "--"] {
            assert_eq!(RecoveryKey::parse(typed).unwrap_err(), RecoveryKeyError::Empty);
        }
        for count in 1..SYMBOLS {
            assert_eq!(error(&symbols.as_bytes()[..count]), RecoveryKeyError::Incomplete { symbols: count });
        }
        let mut wrong = symbols.clone().into_bytes();
        wrong[7] = if wrong[7] == b'Z' { b'Y' } else { b'Z' };
        assert_eq!(error(&wrong[..9]), RecoveryKeyError::Incomplete { symbols: 9 });
        assert_eq!(error(&wrong[..10]), RecoveryKeyError::WrongGroup { group: 2 });
        assert_eq!(error(&[symbols.as_bytes(), b"2"].concat()), RecoveryKeyError::TooLong);
        assert_eq!(error(&symbols.as_bytes().repeat(1_000)), RecoveryKeyError::TooLong);
    }

    #[test]
    fn debug_says_nothing() {
        assert_eq!(format!("{:?}", key([0; KEY_BYTES])), "RecoveryKey(..)");
    }
}
