//! `file(path)`: whether the file that a document names is there, how large it is, its digest.

use std::io::{self, ErrorKind, Read as _};

use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest as _, Sha256};

use super::record::Record;
use crate::expr::{Type, Value};
use crate::files::paths::reason;
use crate::files::{FileKind, Files};

/// What begins a pointer file of Git LFS.
const LFS_MARK: &[u8] = b"version https://git-lfs.github.com/spec/";
/// A pointer file is smaller than this, by its specification.
const LFS_MOST: u64 = 1024;
const LFS_REASON: &str =
    "a pointer of Git LFS stands in its place; fetch the file with `git lfs pull`";
/// How much of a file is held in memory at a time.
const CHUNK: usize = 64 << 10;

/// What a path of evidence comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileStatus {
    /// A regular file with content; its digest is known.
    Present,
    /// Nothing is there.
    Missing,
    /// It lies outside the root: an absolute path, one that climbs out, or a link that leads out.
    Outside,
    /// A pointer of Git LFS stands in place of the file.
    LfsPointer,
    /// A folder, a FIFO, a socket or a device.
    NotAFile,
    /// It is over the limit and was not read.
    TooLarge,
    /// It is there and could not be read whole.
    Unreadable,
    /// It is an address; nothing is fetched.
    Address,
    /// A regular file of no bytes.
    Empty,
}

impl FileStatus {
    const ALL: [Self; 9] = [
        Self::Present,
        Self::Missing,
        Self::Outside,
        Self::LfsPointer,
        Self::NotAFile,
        Self::TooLarge,
        Self::Unreadable,
        Self::Address,
        Self::Empty,
    ];

    /// The name as rules and reports have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Missing => "missing",
            Self::Outside => "outside",
            Self::LfsPointer => "lfs-pointer",
            Self::NotAFile => "not-a-file",
            Self::TooLarge => "too-large",
            Self::Unreadable => "unreadable",
            Self::Address => "address",
            Self::Empty => "empty",
        }
    }
}

/// What is known of a file that a document names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileState {
    /// What it comes to.
    pub status: FileStatus,
    /// How many bytes it has, where it is a regular file.
    pub size: Option<u64>,
    /// Its digest in lower-case hexadecimal, where it was read whole.
    pub sha256: Option<String>,
    /// Why it is not [`FileStatus::Present`], in a sentence without its final period.
    pub reason: Option<String>,
}

impl FileState {
    /// A file that cannot be used, and why.
    pub(super) fn refused(status: FileStatus, reason: impl Into<String>) -> Self {
        Self {
            status,
            size: None,
            sha256: None,
            reason: Some(reason.into()),
        }
    }

    /// A file that was read whole.
    pub(super) fn present(size: u64, sha256: &str) -> Self {
        Self {
            status: FileStatus::Present,
            size: Some(size),
            sha256: Some(sha256.to_owned()),
            reason: None,
        }
    }

    /// What an address comes to.
    pub(super) fn address() -> Self {
        let reason = "it is an address, and nothing is fetched";
        Self::refused(FileStatus::Address, reason)
    }

    /// What a path that leads out of the root comes to.
    pub(super) fn outside() -> Self {
        let reason = "it leads out of the root, where nothing is read";
        Self::refused(FileStatus::Outside, reason)
    }

    /// The type of what `file(path)` gives.
    pub(super) fn ty() -> Type {
        let statuses = FileStatus::ALL.map(FileStatus::name);
        Type::object(
            "file",
            [
                ("status", Type::one_of(statuses)),
                ("size", Type::Int),
                ("sha256", Type::String),
                ("reason", Type::String),
            ],
        )
    }

    /// What `file(path)` gives.
    pub(super) fn value<'a>(&self) -> Value<'a> {
        Record::default()
            .text("status", self.status.name())
            .maybe("size", self.size.map(Record::count))
            .maybe_text("sha256", self.sha256.as_deref())
            .maybe_text("reason", self.reason.as_deref())
            .value()
    }
}

/// The absolute path of a file inside the root with every link resolved, or why it is not to be
/// read. `path` is relative to the root.
pub(super) fn locate(
    files: &dyn Files,
    root: &Utf8Path,
    path: &Utf8Path,
) -> Result<Utf8PathBuf, FileState> {
    let refused = |status, reason: &str| Err(FileState::refused(status, reason));
    let named = root.join(path);
    let absolute = match files.canonical(&named) {
        Ok(absolute) => absolute,
        Err(error) => {
            let is_link = files
                .stat_link(&named)
                .is_ok_and(|kind| kind == FileKind::Link);
            return match error.kind() {
                ErrorKind::NotFound | ErrorKind::NotADirectory if is_link => {
                    refused(FileStatus::Missing, "it is a link to nothing")
                }
                ErrorKind::NotFound | ErrorKind::NotADirectory => {
                    refused(FileStatus::Missing, "nothing is there")
                }
                _ => refused(FileStatus::Unreadable, &reason(&error)),
            };
        }
    };
    if !absolute.starts_with(root) {
        return refused(
            FileStatus::Outside,
            "it is a link that leads out of the root",
        );
    }
    match files.stat(&absolute) {
        Ok(FileKind::File) => Ok(absolute),
        Ok(FileKind::Folder) => refused(FileStatus::NotAFile, "it is a folder"),
        Ok(_) => refused(FileStatus::NotAFile, "it is not a regular file"),
        Err(error) => refused(FileStatus::Unreadable, &reason(&error)),
    }
}

/// Reads a file that [`locate`] found, of at most `limit` bytes.
pub(super) fn digest(files: &dyn Files, absolute: &Utf8Path, limit: u64) -> FileState {
    read(files, absolute, limit)
        .unwrap_or_else(|error| FileState::refused(FileStatus::Unreadable, reason(&error)))
}

/// The bytes of a file that [`locate`] found, of at most `limit` bytes, or why there are none.
pub(super) fn content(
    files: &dyn Files,
    absolute: &Utf8Path,
    limit: u64,
) -> Result<(FileState, Vec<u8>), FileState> {
    let refused = |status, reason: String| Err(FileState::refused(status, reason));
    let bytes = match files.read(absolute, limit) {
        Ok(bytes) => bytes,
        Err(error) => return refused(FileStatus::Unreadable, reason(&error)),
    };
    let size = bytes.len() as u64;
    if size == 0 {
        return refused(FileStatus::Empty, "it is empty".to_owned());
    }
    if size > limit {
        let reason = format!("it has more than {limit} bytes, which is the limit");
        return refused(FileStatus::TooLarge, reason);
    }
    if size < LFS_MOST && bytes.starts_with(LFS_MARK) {
        return refused(FileStatus::LfsPointer, LFS_REASON.to_owned());
    }
    let state = FileState::present(size, &hex(&Sha256::digest(&bytes)));
    Ok((state, bytes))
}

fn read(files: &dyn Files, absolute: &Utf8Path, limit: u64) -> io::Result<FileState> {
    let mut opened = files.open(absolute)?;
    let size = opened.bytes;
    let state = |status, reason: String| FileState {
        size: Some(size),
        ..FileState::refused(status, reason)
    };
    if size == 0 {
        return Ok(state(FileStatus::Empty, "it is empty".to_owned()));
    }
    if size > limit {
        let reason = format!("it has {size} bytes; the limit is {limit}");
        return Ok(state(FileStatus::TooLarge, reason));
    }
    let mut hash = Sha256::new();
    let mut chunk = vec![0; CHUNK];
    let mut read = 0;
    let mut is_pointer = false;
    loop {
        let count = match opened.content.read(&mut chunk) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let bytes = chunk.get(..count).unwrap_or_default();
        if read == 0 {
            is_pointer = size < LFS_MOST && bytes.starts_with(LFS_MARK);
        }
        read += count as u64;
        if read > size {
            break;
        }
        hash.update(bytes);
    }
    if read != size {
        let reason = "it changed while it was read; run the check again";
        return Ok(state(FileStatus::Unreadable, reason.to_owned()));
    }
    if is_pointer {
        return Ok(state(FileStatus::LfsPointer, LFS_REASON.to_owned()));
    }
    Ok(FileState::present(size, &hex(&hash.finalize())))
}

/// Bytes in lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or_default();
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}
