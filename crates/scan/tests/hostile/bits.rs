//! Bits in a row, and the checksums of the formats.

/// Bits, put into bytes from the lowest (Deflate, GIF, lossless WebP) or from the highest (JPEG, QR codes).
pub struct Bits {
    pub bytes: Vec<u8>,
    used: u32,
    from_high: bool,
}

impl Bits {
    pub fn from_low() -> Bits {
        Bits { bytes: Vec::new(), used: 8, from_high: false }
    }

    pub fn from_high() -> Bits {
        Bits { from_high: true, ..Bits::from_low() }
    }

    /// The `count` lowest bits of a number, in the order of the format.
    pub fn put(&mut self, value: u32, count: u32) {
        for at in 0..count {
            let bit = if self.from_high { value >> (count - 1 - at) & 1 } else { value >> at & 1 };
            if self.used == 8 {
                self.bytes.push(0);
                self.used = 0;
            }
            let place = if self.from_high { 7 - self.used } else { self.used };
            if let Some(last) = self.bytes.last_mut() {
                *last |= (bit as u8) << place;
            }
            self.used += 1;
        }
    }
}

/// A zlib stream of `count` zero bytes, 158 of them to a byte: fixed codes, lengths of 258 at distance 1.
pub fn zlib_zeros(count: u64) -> Vec<u8> {
    let reversed = |bits: &mut Bits, code: u32, length: u32| (0..length).rev().for_each(|at| bits.put(code >> at, 1));
    let zero = |bits: &mut Bits| reversed(bits, 0b0011_0000, 8);
    let many = |bits: &mut Bits| {
        reversed(bits, 0b1100_0101, 8);
        reversed(bits, 0, 5);
    };
    let Some(left) = count.checked_sub(259) else { return zlib_stored(&vec![0; count as usize]) };
    // 3 + 8 + 13 bits: what follows begins on a whole byte.
    let mut bits = Bits::from_low();
    bits.put(0b011, 3);
    zero(&mut bits);
    many(&mut bits);
    let mut eight = Bits::from_low();
    (0..8).for_each(|_| many(&mut eight));
    let mut end = Bits::from_low();
    (0..left % 2064).for_each(|_| zero(&mut end));
    end.put(0, 7);
    let checksum = ((count % 65_521) << 16 | 1) as u32;
    let repeated = eight.bytes.repeat((left / 2064) as usize);
    [&[0x78, 0x01], &bits.bytes[..], &repeated, &end.bytes, &checksum.to_be_bytes()].concat()
}

/// A zlib stream that holds bytes as they are.
pub fn zlib_stored(bytes: &[u8]) -> Vec<u8> {
    let mut packed = vec![0x78, 0x01];
    let mut blocks = bytes.chunks(0xffff).peekable();
    if bytes.is_empty() {
        packed.extend([1, 0, 0, 0xff, 0xff]);
    }
    while let Some(block) = blocks.next() {
        packed.push(u8::from(blocks.peek().is_none()));
        let length = block.len() as u16;
        packed.extend(length.to_le_bytes());
        packed.extend((!length).to_le_bytes());
        packed.extend(block);
    }
    let (a, b) = bytes.iter().fold((1_u32, 0_u32), |(a, b), &byte| {
        let a = (a + u32::from(byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    packed.extend((b << 16 | a).to_be_bytes());
    packed
}

/// A chunk of a PNG.
pub fn png_chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let chunk = [&kind[..], data].concat();
    [&(data.len() as u32).to_be_bytes()[..], &chunk, &super::draw::crc32(&chunk).to_be_bytes()].concat()
}

pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

pub fn png_header(width: u32, height: u32, bits: u8, colour: u8, interlaced: u8) -> Vec<u8> {
    let fields = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[bits, colour, 0, 0, interlaced]].concat();
    png_chunk(b"IHDR", &fields)
}
