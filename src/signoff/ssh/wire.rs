//! The encoding of SSH: big-endian numbers, and strings with their length before them.

/// Bytes that are not what their format asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The bytes end too early.
    #[error("it ends inside the {0}")]
    Short(&'static str),
    /// Bytes follow where none may.
    #[error("bytes follow after the {0}")]
    Trailing(&'static str),
    /// A text that is not UTF-8, or has a NUL.
    #[error("the {0} is not text")]
    NotText(&'static str),
    /// A field with a value that it cannot have.
    #[error("the {0} cannot be read")]
    Wrong(&'static str),
}

/// Reads fields one after another. Each takes the name that an error gives it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// What was not read yet.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn bytes(
        &mut self,
        count: usize,
        what: &'static str,
    ) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self
            .rest
            .split_at_checked(count)
            .ok_or(Malformed::Short(what))?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], Malformed> {
        let (taken, rest) = self
            .rest
            .split_first_chunk()
            .ok_or(Malformed::Short(what))?;
        self.rest = rest;
        Ok(*taken)
    }

    pub(super) fn u8(&mut self, what: &'static str) -> Result<u8, Malformed> {
        self.array(what).map(u8::from_be_bytes)
    }

    pub(super) fn u32(&mut self, what: &'static str) -> Result<u32, Malformed> {
        self.array(what).map(u32::from_be_bytes)
    }

    pub(super) fn u64(&mut self, what: &'static str) -> Result<u64, Malformed> {
        self.array(what).map(u64::from_be_bytes)
    }

    pub(super) fn string(&mut self, what: &'static str) -> Result<&'a [u8], Malformed> {
        let length = self.u32(what)?;
        self.bytes(usize::try_from(length).unwrap_or(usize::MAX), what)
    }

    pub(super) fn text(&mut self, what: &'static str) -> Result<&'a str, Malformed> {
        let text = std::str::from_utf8(self.string(what)?).map_err(|_| Malformed::NotText(what))?;
        if text.contains('\0') {
            return Err(Malformed::NotText(what));
        }
        Ok(text)
    }

    /// A positive whole number, without leading zeros.
    pub(super) fn natural(&mut self, what: &'static str) -> Result<&'a [u8], Malformed> {
        let bytes = self.string(what)?;
        match bytes {
            [first, ..] if first & 0x80 != 0 => Err(Malformed::Wrong(what)),
            _ => {
                let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
                Ok(bytes.get(zeros..).unwrap_or_default())
            }
        }
    }

    /// Nothing may follow after what was read.
    pub(super) fn end(&self, what: &'static str) -> Result<(), Malformed> {
        if self.is_empty() {
            Ok(())
        } else {
            Err(Malformed::Trailing(what))
        }
    }
}

/// Appends a string with its length.
pub(super) fn put_string(out: &mut Vec<u8>, bytes: &[u8]) {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(bytes);
}

/// The bytes of base64 text as OpenSSH reads it: white space counts for nothing, padding is needed.
pub(super) fn from_base64(text: &str) -> Option<Vec<u8>> {
    use base64ct::{Base64, Encoding as _};
    let dense: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '\t'..='\r'))
        .collect();
    Base64::decode_vec(&dense).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_beyond_the_end_is_an_error() {
        let mut reader = Reader::new(&[0xFF, 0xFF, 0xFF, 0xFF, 1]);
        assert_eq!(reader.string("name"), Err(Malformed::Short("name")));
    }

    #[test]
    fn a_natural_is_not_negative() {
        let read = |bytes: &[u8]| {
            let mut encoded = Vec::new();
            put_string(&mut encoded, bytes);
            Reader::new(&encoded).natural("n").map(<[u8]>::to_vec)
        };
        assert_eq!(read(&[0, 0x80]), Ok(vec![0x80]));
        assert_eq!(read(&[]), Ok(vec![]));
        assert_eq!(read(&[0x80]), Err(Malformed::Wrong("n")));
    }

    #[test]
    fn base64_needs_its_padding_and_no_stray_bits() {
        assert_eq!(from_base64("YQ ==\r\n").as_deref(), Some(&b"a"[..]));
        for wrong in ["YQ", "YR==", "Y!==", "YQ==YQ=="] {
            assert_eq!(from_base64(wrong), None, "{wrong}");
        }
    }
}
