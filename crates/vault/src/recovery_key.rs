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
/// Its text has 8 groups of 5 symbols. The last symbol of each group checks the other four and the group's place, so that
/// every single wrong symbol, every two swapped symbols of a group and every two swapped groups are noticed while typing, and
/// the group is named. Wiped when dropped; never shown.
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

    /// Reads a key as it was typed: in any case and width, with any spaces and hyphens or none. What else is in it is an
    /// error and never repaired: a 0 may have been meant as O, Q or D.
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

/// The check symbol of a group: in GF(32) with x⁵ + x² + 1 and α = x, the sum of αⁱ⁺¹ times data symbol i, and of α to the
/// power of 5 plus the group's index.
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
