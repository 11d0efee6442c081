//! The bytes of a file: what kind they are, and their digest while they are read.

use std::fmt;
use std::io::{self, Read, SeekFrom};

use camino::Utf8Path;
use flate2::read::MultiGzDecoder;
use sha2::{Digest as _, Sha256};

use super::error::Cause;
use crate::files::{Content, FileKind, Files, Opened, paths};

/// How a file begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    Gzip,
    Parquet,
}

/// Opens a file and says what it is.
pub(super) fn open(
    files: &dyn Files,
    path: &Utf8Path,
    limit: u64,
) -> Result<(Opened, Form), Cause> {
    let failed = |error: &io::Error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Cause::NotFound,
        io::ErrorKind::InvalidInput => Cause::NotRegular,
        _ => Cause::Unreadable(paths::reason(error)),
    };
    if files.stat(path).map_err(|error| failed(&error))? != FileKind::File {
        return Err(Cause::NotRegular);
    }
    let mut opened = files.open(path).map_err(|error| failed(&error))?;
    if opened.bytes > limit {
        return Err(Cause::TooLarge { what: "it", limit });
    }
    let mut head = Vec::with_capacity(64);
    (&mut opened.content)
        .take(64)
        .read_to_end(&mut head)
        .and_then(|_| opened.content.seek(SeekFrom::Start(0)))
        .map_err(|error| failed(&error))?;
    form(&head).map(|form| (opened, form))
}

fn form(head: &[u8]) -> Result<Form, Cause> {
    Ok(match head {
        [] => return Err(Cause::Empty),
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => return Err(Cause::Encoding("UTF-32")),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => return Err(Cause::Encoding("UTF-16")),
        // ASCII in UTF-16 without a byte order mark.
        [0, first, 0, ..] | [first, 0, _, 0, ..] if *first != 0 => {
            return Err(Cause::Encoding("UTF-16"));
        }
        [b'P', b'A', b'R', b'1', ..] => Form::Parquet,
        [b'P', b'A', b'R', b'E', ..] => {
            return Err(Cause::Parquet("its footer is encrypted".to_owned()));
        }
        [0x1F, 0x8B, ..] => Form::Gzip,
        _ if head.starts_with(b"version https://git-lfs.github.com/spec/") => {
            return Err(Cause::LfsPointer);
        }
        _ => Form::Text,
    })
}

/// Lower-case hexadecimal.
pub(super) fn hex(digest: &[u8]) -> Box<str> {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    digest
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| DIGITS.get(usize::from(digit)))
        .collect::<String>()
        .into()
}

/// The bytes of a file from its beginning, digested as they are read.
pub(super) struct Digested<'f> {
    content: &'f mut dyn Content,
    digest: Sha256,
    /// How many bytes were read.
    pub(super) bytes: u64,
}

impl<'f> Digested<'f> {
    pub(super) fn new(content: &'f mut dyn Content) -> io::Result<Self> {
        content.seek(SeekFrom::Start(0))?;
        Ok(Self {
            content,
            digest: Sha256::new(),
            bytes: 0,
        })
    }

    /// The digest of what was read, in lower-case hexadecimal.
    pub(super) fn sha256(self) -> Box<str> {
        hex(&self.digest.finalize())
    }
}

/// Bytes that are read on and on.
pub(super) trait Source: Read + Sized {
    /// Reads up to so many bytes behind those that are there, and fewer at the end alone.
    fn append(&mut self, most: u64, into: &mut Vec<u8>) -> io::Result<usize> {
        self.by_ref().take(most).read_to_end(into)
    }
}

impl Source for &[u8] {}

impl Source for Digested<'_> {
    // A file fills room that nobody has blanked before; a reader around it cannot.
    fn append(&mut self, most: u64, into: &mut Vec<u8>) -> io::Result<usize> {
        let before = into.len();
        let read = (&mut *self.content)
            .take(most)
            .read_to_end(into)
            .map_err(|error| Fault(Cause::Unreadable(paths::reason(&error))))?;
        self.digest.update(into.get(before..).unwrap_or_default());
        self.bytes += read as u64;
        Ok(read)
    }
}

impl Source for Text<'_> {
    fn append(&mut self, most: u64, into: &mut Vec<u8>) -> io::Result<usize> {
        match self {
            Self::Plain(source) => source.append(most, into),
            Self::Gzip { .. } => self.by_ref().take(most).read_to_end(into),
        }
    }
}

impl Read for Digested<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self
            .content
            .read(buffer)
            .map_err(|error| match error.kind() {
                io::ErrorKind::Interrupted => error,
                _ => Fault(Cause::Unreadable(paths::reason(&error))).into(),
            })?;
        self.digest.update(buffer.get(..read).unwrap_or_default());
        self.bytes += read as u64;
        Ok(read)
    }
}

/// What is in a text file: its bytes, or those that come out of it.
pub(super) enum Text<'f> {
    Plain(Digested<'f>),
    Gzip {
        unpacked: Box<MultiGzDecoder<Digested<'f>>>,
        /// How many more bytes may come out.
        left: u64,
        limit: u64,
    },
}

impl<'f> Text<'f> {
    pub(super) fn new(source: Digested<'f>, form: Form, limit: u64) -> Self {
        if form == Form::Gzip {
            Self::Gzip {
                unpacked: Box::new(MultiGzDecoder::new(source)),
                left: limit,
                limit,
            }
        } else {
            Self::Plain(source)
        }
    }

    /// Bytes of the file that were read so far.
    pub(super) fn bytes(&self) -> u64 {
        match self {
            Self::Plain(source) => source.bytes,
            Self::Gzip { unpacked, .. } => unpacked.get_ref().bytes,
        }
    }

    pub(super) fn into_source(self) -> Digested<'f> {
        match self {
            Self::Plain(source) => source,
            Self::Gzip { unpacked, .. } => unpacked.into_inner(),
        }
    }
}

impl Read for Text<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(source) => source.read(buffer),
            Self::Gzip {
                unpacked,
                left,
                limit,
            } => {
                let read = unpacked.read(buffer).map_err(|error| {
                    let ours = error
                        .get_ref()
                        .and_then(|inner| inner.downcast_ref::<Fault>());
                    let what = match error.kind() {
                        _ if ours.is_some() => return error,
                        io::ErrorKind::Interrupted => return error,
                        io::ErrorKind::UnexpectedEof => "cut short",
                        _ => "broken",
                    };
                    Fault(Cause::Gzip(what)).into()
                })?;
                *left = left.checked_sub(read as u64).ok_or(Fault(Cause::TooLarge {
                    what: "what comes out of it unpacked",
                    limit: *limit,
                }))?;
                Ok(read)
            }
        }
    }
}

/// A cause on its way through `io::Error`.
#[derive(Debug)]
pub(super) struct Fault(pub(super) Cause);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Fault {}

impl From<Fault> for io::Error {
    fn from(fault: Fault) -> Self {
        Self::other(fault)
    }
}

/// The cause that an error of these readers carries.
pub(super) fn cause(error: &io::Error) -> Cause {
    error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<Fault>())
        .map_or_else(
            || Cause::Unreadable(paths::reason(error)),
            |fault| fault.0.clone(),
        )
}
