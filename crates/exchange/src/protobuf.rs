//! The few lines of the protocol buffers wire format (protobuf.dev, "Encoding") that a foreign code needs.
//!
//! A reader of our own, because the generated kind hides the two things that matter here: it borrows instead of copying
//! secrets, and it stops at the first byte that cannot be.

/// The bytes are not a protocol buffers message: cut off, or never one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// One field's value, by wire type. The fixed-width types are told apart only to be passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    /// Wire type 0: numbers and enumerations.
    Varint(u64),
    /// Wire type 2: bytes, text, messages.
    Bytes(&'a [u8]),
    /// Wire types 1 and 5.
    Fixed,
}

impl<'a> Value<'a> {
    pub(crate) fn varint(self) -> Result<u64, Malformed> {
        if let Self::Varint(value) = self { Ok(value) } else { Err(Malformed) }
    }

    pub(crate) fn bytes(self) -> Result<&'a [u8], Malformed> {
        if let Self::Bytes(bytes) = self { Ok(bytes) } else { Err(Malformed) }
    }
}

/// The fields of a message in their order, as (number, value). After an error it ends.
pub(crate) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(crate) const fn of(message: &'a [u8]) -> Self {
        Self { rest: message }
    }

    fn field(&mut self) -> Result<(u64, Value<'a>), Malformed> {
        let tag = self.varint()?;
        let number = tag >> 3;
        if number == 0 || tag > u64::from(u32::MAX) {
            return Err(Malformed);
        }
        let value = match tag & 7 {
            0 => Value::Varint(self.varint()?),
            1 => self.take(8).map(|_| Value::Fixed)?,
            2 => {
                let length = self.varint()?;
                Value::Bytes(self.take(length)?)
            }
            5 => self.take(4).map(|_| Value::Fixed)?,
            _ => return Err(Malformed), // groups: gone since proto3
        };
        Ok((number, value))
    }

    fn varint(&mut self) -> Result<u64, Malformed> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            // The tenth byte has room for one bit.
            if shift == 63 && byte > 1 {
                return Err(Malformed);
            }
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Malformed)
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], Malformed> {
        let length = usize::try_from(length).map_err(|_| Malformed)?;
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Malformed)?;
        self.rest = rest;
        Ok(taken)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Value<'a>), Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(message: &[u8]) -> Vec<Result<(u64, Value<'_>), Malformed>> {
        Fields::of(message).collect()
    }

    #[test]
    fn fields_of_every_wire_type() {
        let message =
            [0x08, 0x96, 0x01, 0x12, 2, b'h', b'i', 0x19, 0, 0, 0, 0, 0, 0, 0, 0, 0x25, 0, 0, 0, 0, 0xf8, 0x01, 7];
        let fields = [
            (1, Value::Varint(150)),
            (2, Value::Bytes(b"hi")),
            (3, Value::Fixed),
            (4, Value::Fixed),
            (31, Value::Varint(7)),
        ];
        assert_eq!(read(&message), fields.map(Ok));
        assert_eq!(read(&[]), []);
    }

    #[test]
    fn the_largest_varint_and_none_larger() {
        let longest = [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
        assert_eq!(read(&longest), [Ok((1, Value::Varint(u64::MAX)))]);
        let mut larger = longest;
        larger[10] = 0x02;
        assert_eq!(read(&larger), [Err(Malformed)]);
        assert_eq!(read(&[[0x08].as_slice(), &[0x80; 10], &[0]].concat()), [Err(Malformed)]);
    }

    #[test]
    fn what_cannot_be_ends_the_reading() {
        for message in [
            &[0x08][..],                                       // number missing
            &[0x08, 0x80],                                     // number cut off
            &[0x12, 3, b'h', b'i'],                            // text cut off
            &[0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], // longer than memory
            &[0x19, 0],                                        // fixed width cut off
            &[0x00, 0],                                        // field 0
            &[0x0b],                                           // group
            &[0x0f],                                           // wire type 7
            &[0x88, 0x80, 0x80, 0x80, 0x80, 0x01, 0],          // field number beyond 32 bits
        ] {
            assert_eq!(read(message), [Err(Malformed)], "{message:?}");
        }
    }
}
