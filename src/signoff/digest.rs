//! Digests of what was signed.

use std::io;

use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::files::Content;

/// How far git looks for a NUL before it takes a file for text.
const TEXT_PROBE: usize = 8000;
const CHUNK: usize = 64 << 10;

/// The digests of a file, in lower-case hexadecimal.
///
/// CR LF counts as LF in a text, that is, in a file without a NUL in its first 8000 bytes: so a
/// checkout with CR LF matches what was signed on another machine, and the blob is the one that git
/// knows, unless CR LF was committed. Both digests are of the same bytes; SHA-1 is there to find the
/// blob, what holds is SHA-256.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct ContentDigest {
    /// SHA-256 of the content.
    pub sha256: String,
    /// The id of the git blob: SHA-1 of `blob <length>\0` and the content.
    #[serde(rename = "gitBlob")]
    pub git_blob: String,
}

impl ContentDigest {
    /// The digests of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        // Reading from memory does not fail.
        Self::read(&mut io::Cursor::new(bytes)).unwrap_or_else(|_| Self {
            sha256: String::new(),
            git_blob: String::new(),
        })
    }

    /// The digests of a file of any size. Reads it twice: the length stands before the content.
    pub fn read(content: &mut (impl Content + ?Sized)) -> io::Result<Self> {
        let mut length: u64 = 0;
        let text = each_chunk(content, None, |part| length += part.len() as u64)?;
        let mut sha256 = Sha256::new();
        let mut blob = Sha1::new();
        blob.update(format!("blob {length}\0"));
        each_chunk(content, Some(text), |part| {
            sha256.update(part);
            blob.update(part);
        })?;
        Ok(Self {
            sha256: hex(&sha256.finalize()),
            git_blob: hex(&blob.finalize()),
        })
    }
}

/// Gives the content from its beginning, CR LF as LF where it is text. Whether it is text is found
/// out, unless it is known.
fn each_chunk(
    content: &mut (impl Content + ?Sized),
    known: Option<bool>,
    mut give: impl FnMut(&[u8]),
) -> io::Result<bool> {
    content.rewind()?;
    let mut buffer = vec![0; CHUNK];
    let mut text = known;
    let mut held = false;
    loop {
        let count = fill(content, &mut buffer)?;
        let chunk = buffer.get(..count).unwrap_or_default();
        let text = *text.get_or_insert_with(|| !chunk.iter().take(TEXT_PROBE).any(|&b| b == 0));
        if chunk.is_empty() {
            if held {
                give(b"\r");
            }
            return Ok(text);
        }
        if !text {
            give(chunk);
            continue;
        }
        if std::mem::take(&mut held) && chunk.first() != Some(&b'\n') {
            give(b"\r");
        }
        let body = match chunk.split_last() {
            Some((b'\r', body)) => {
                held = true;
                body
            }
            _ => chunk,
        };
        give(&without_cr(body));
    }
}

/// Reads until the buffer is full or the file ends.
fn fill(content: &mut (impl io::Read + ?Sized), buffer: &mut [u8]) -> io::Result<usize> {
    let mut count = 0;
    while let Some(rest) = buffer.get_mut(count..).filter(|rest| !rest.is_empty()) {
        match content.read(rest) {
            Ok(0) => break,
            Ok(more) => count += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(count)
}

fn without_cr(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter().peekable();
    while let Some(&byte) = rest.next() {
        if byte != b'\r' || rest.peek() != Some(&&b'\n') {
            out.push(byte);
        }
    }
    out
}

/// The SHA-256 of a part of a text, CR LF as LF, in lower-case hexadecimal.
pub(super) fn of_text(text: &str) -> String {
    hex(&Sha256::digest(without_cr(text.as_bytes())))
}

/// The bytes of a statement that its signature covers: those of the file with CR LF as LF, so that a
/// checkout does not break it. JSON has line ends between its parts alone, never within a text.
pub fn signed_bytes(file: &[u8]) -> Vec<u8> {
    without_cr(file)
}

/// The SHA-256 by which another statement supersedes this one, in lower-case hexadecimal.
pub fn of_statement(file: &[u8]) -> String {
    hex(&Sha256::digest(signed_bytes(file)))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_blob_is_that_of_git() {
        // `printf 'hello\n' | git hash-object --stdin`
        let digest = ContentDigest::of(b"hello\n");
        assert_eq!(digest.git_blob, "ce013625030ba8dba906f756967f9e9ca394464a");
        assert_eq!(
            digest.sha256,
            "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
        );
        assert_eq!(
            ContentDigest::of(b"").git_blob,
            "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
        );
    }

    #[test]
    fn line_ends_of_a_text_do_not_matter_and_bytes_do() {
        let same = |a: &[u8], b: &[u8]| ContentDigest::of(a) == ContentDigest::of(b);
        assert!(same(b"a\r\nb\r\n", b"a\nb\n"));
        assert!(!same(b"a\rb", b"a\nb"));
        assert!(!same(b"a\r", b"a"));
        assert!(!same(b"a\r\r\n", b"a\n"));
        assert!(!same(b"a \nb", b"a\nb"));
        assert!(!same(b"\0a\r\n", b"\0a\n"));
    }

    #[test]
    fn a_line_end_across_chunks_is_one() {
        for before in [CHUNK - 2, CHUNK - 1, CHUNK] {
            let lines = |end: &str| format!("{}{end}b", "a".repeat(before)).into_bytes();
            assert_eq!(
                ContentDigest::of(&lines("\r\n")),
                ContentDigest::of(&lines("\n"))
            );
            assert_ne!(
                ContentDigest::of(&lines("\r")),
                ContentDigest::of(&lines(""))
            );
        }
    }
}
