//! Canonical bytes: big-endian numbers, fixed fields as they are, variable ones behind their length. One value has one
//! encoding, and reading accepts no other.

/// Why bytes are not what they should be. Nothing of the bytes is repeated, so the error may be logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// They end too early.
    #[error("the bytes end too early")]
    Truncated,
    /// Something follows the end.
    #[error("bytes follow the end")]
    Trailing,
    /// They are longer than such a thing may be.
    #[error("this is longer than allowed")]
    TooLong,
    /// They are something else altogether.
    #[error("this is not {expected}")]
    OtherFormat {
        /// What they should be: `an envelope`.
        expected: &'static str,
    },
    /// A format version that this program does not speak. There is no fallback to another.
    #[error("format version {found} is not known")]
    UnknownVersion {
        /// The version found.
        found: u8,
    },
    /// A suite other than the one of the format version.
    #[error("suite {found} is not the one of this format version")]
    UnknownSuite {
        /// The suite found.
        found: u16,
    },
    /// A kind that does not exist.
    #[error("{found} is no kind of {what}")]
    UnknownKind {
        /// Of what: `recipient`.
        what: &'static str,
        /// The kind found.
        found: u8,
    },
    /// A public key that nobody can hold: not a point of the curve, or one of small order.
    #[error("a public key is not usable")]
    WeakKey,
    /// Readable, but not the one way to write it.
    #[error("{0} is not allowed")]
    NotCanonical(&'static str),
}

/// Appends canonical bytes.
#[derive(Default)]
pub(crate) struct Writer(Vec<u8>);

impl Writer {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    pub(crate) fn u8(&mut self, value: u8) {
        self.0.push(value);
    }

    pub(crate) fn u16(&mut self, value: u16) {
        self.raw(&value.to_be_bytes());
    }

    pub(crate) fn u32(&mut self, value: u32) {
        self.raw(&value.to_be_bytes());
    }

    pub(crate) fn u64(&mut self, value: u64) {
        self.raw(&value.to_be_bytes());
    }

    pub(crate) fn i64(&mut self, value: i64) {
        self.raw(&value.to_be_bytes());
    }

    /// Bytes whose length the format fixes.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Bytes behind their length.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.u32(u32::try_from(bytes.len()).expect("every field is bounded far below four gigabytes"));
        self.raw(bytes);
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.0
    }
}

/// Takes canonical bytes apart, never reading past the end.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn raw(&mut self, length: usize) -> Result<&'a [u8], ParseError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(ParseError::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], ParseError> {
        self.raw(N).map(|bytes| bytes.try_into().expect("exactly N bytes were taken"))
    }

    pub(crate) fn u8(&mut self) -> Result<u8, ParseError> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(crate) fn u16(&mut self) -> Result<u16, ParseError> {
        self.array().map(u16::from_be_bytes)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, ParseError> {
        self.array().map(u32::from_be_bytes)
    }

    pub(crate) fn u64(&mut self) -> Result<u64, ParseError> {
        self.array().map(u64::from_be_bytes)
    }

    pub(crate) fn i64(&mut self) -> Result<i64, ParseError> {
        self.array().map(i64::from_be_bytes)
    }

    /// Bytes behind their length, at most so many.
    pub(crate) fn bytes(&mut self, at_most: usize) -> Result<&'a [u8], ParseError> {
        let length = usize::try_from(self.u32()?).map_err(|_| ParseError::TooLong)?;
        if length > at_most {
            return Err(ParseError::TooLong);
        }
        self.raw(length)
    }

    /// Text behind its length, at most so many bytes of it.
    pub(crate) fn text(&mut self, at_most: usize) -> Result<&'a str, ParseError> {
        str::from_utf8(self.bytes(at_most)?).map_err(|_| ParseError::NotCanonical("text that is not UTF-8"))
    }

    /// A part that may be absent: 0, or 1 and the part.
    pub(crate) fn optional<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, ParseError>,
    ) -> Result<Option<T>, ParseError> {
        match self.u8()? {
            0 => Ok(None),
            1 => read(self).map(Some),
            found => Err(ParseError::UnknownKind { what: "presence", found }),
        }
    }

    /// Nothing may follow.
    pub(crate) fn finish(self) -> Result<(), ParseError> {
        if self.rest.is_empty() { Ok(()) } else { Err(ParseError::Trailing) }
    }
}

#[cfg(test)]
mod tests {
    use super::{ParseError, Reader, Writer};

    #[test]
    fn what_is_written_is_read() {
        let mut writer = Writer::new();
        writer.u8(1);
        writer.u16(0x0203);
        writer.u32(0x0405_0607);
        writer.i64(-2);
        writer.u64(u64::MAX);
        writer.bytes(b"abc");
        let bytes = writer.finish();
        assert_eq!(bytes[..7], [1, 2, 3, 4, 5, 6, 7]);
        let mut reader = Reader::new(&bytes);
        assert_eq!(reader.u8(), Ok(1));
        assert_eq!(reader.u16(), Ok(0x0203));
        assert_eq!(reader.u32(), Ok(0x0405_0607));
        assert_eq!(reader.i64(), Ok(-2));
        assert_eq!(reader.u64(), Ok(u64::MAX));
        assert_eq!(reader.text(3), Ok("abc"));
        assert_eq!(reader.finish(), Ok(()));
    }

    #[test]
    fn a_length_is_checked_before_its_bytes() {
        let claims_four_gigabytes = [0xff, 0xff, 0xff, 0xff, b'a'];
        assert_eq!(Reader::new(&claims_four_gigabytes).bytes(1024), Err(ParseError::TooLong));
        assert_eq!(Reader::new(&[0, 0, 0, 2, b'a']).bytes(1024), Err(ParseError::Truncated));
        assert_eq!(Reader::new(&[1]).finish(), Err(ParseError::Trailing));
    }
}
