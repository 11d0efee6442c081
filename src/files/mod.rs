//! Access to files, behind a trait: the disk for users, a map in memory for tests and editors.

mod overlay;
pub mod paths;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Read as _};

use camino::{Utf8Path, Utf8PathBuf};

pub use overlay::Overlay;

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link; only [`Files::list`] and [`Files::stat_link`] tell it.
    Link,
    /// A FIFO, a socket or a device: nothing that has an end or a content.
    Other,
}

/// One entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderEntry {
    /// The name as the file system has it; it need not be UTF-8.
    pub name: OsString,
    /// What it is, links not followed.
    pub kind: FileKind,
}

/// A file that is open for reading.
pub struct Opened {
    /// Its content.
    pub content: Box<dyn Content>,
    /// How many bytes it had when it was opened.
    pub bytes: u64,
}

/// What can be read at any place.
pub trait Content: io::Read + io::Seek + Send {}

impl<T: io::Read + io::Seek + Send> Content for T {}

/// Reads files. Every path is absolute; errors are those of the file system.
pub trait Files: Sync {
    /// What stands at a path, links followed.
    fn stat(&self, path: &Utf8Path) -> io::Result<FileKind>;

    /// What stands at a path, a link told as such.
    fn stat_link(&self, path: &Utf8Path) -> io::Result<FileKind>;

    /// The path with every link resolved. An error where nothing is there, or where the resolved
    /// path is not UTF-8.
    fn canonical(&self, path: &Utf8Path) -> io::Result<Utf8PathBuf>;

    /// The bytes of a regular file, at most `limit` and one more: whoever gets more than `limit`
    /// bytes knows that the file is over it. Never waits for a FIFO or a device.
    fn read(&self, path: &Utf8Path, limit: u64) -> io::Result<Vec<u8>>;

    /// A regular file, to be read piece by piece. Never waits for a FIFO or a device.
    fn open(&self, path: &Utf8Path) -> io::Result<Opened>;

    /// The entries of a folder, sorted by the bytes of their names.
    fn list(&self, path: &Utf8Path) -> io::Result<Vec<FolderEntry>>;
}

/// The file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Files for Disk {
    fn stat(&self, path: &Utf8Path) -> io::Result<FileKind> {
        fs::metadata(path).map(|found| kind_of(found.file_type()))
    }

    fn stat_link(&self, path: &Utf8Path) -> io::Result<FileKind> {
        fs::symlink_metadata(path).map(|found| kind_of(found.file_type()))
    }

    fn canonical(&self, path: &Utf8Path) -> io::Result<Utf8PathBuf> {
        path.canonicalize_utf8()
    }

    fn read(&self, path: &Utf8Path, limit: u64) -> io::Result<Vec<u8>> {
        let (file, length) = open(path)?;
        let most = limit.saturating_add(1);
        // One byte more than there should be, so that the end is found without growing.
        let room = length.saturating_add(1).min(most);
        let mut bytes = Vec::with_capacity(usize::try_from(room).unwrap_or(0));
        file.take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn open(&self, path: &Utf8Path) -> io::Result<Opened> {
        let (file, bytes) = open(path)?;
        Ok(Opened {
            content: Box::new(file),
            bytes,
        })
    }

    fn list(&self, path: &Utf8Path) -> io::Result<Vec<FolderEntry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            entries.push(FolderEntry {
                name: entry.file_name(),
                kind: kind_of(entry.file_type()?),
            });
        }
        entries.sort_by(|a, b| a.name.as_encoded_bytes().cmp(b.name.as_encoded_bytes()));
        Ok(entries)
    }
}

/// A regular file and its length.
fn open(path: &Utf8Path) -> io::Result<(fs::File, u64)> {
    // Opening a FIFO would wait for a writer.
    let found = fs::metadata(path)?;
    if kind_of(found.file_type()) != FileKind::File {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "not a regular file",
        ));
    }
    Ok((fs::File::open(path)?, found.len()))
}

fn kind_of(found: fs::FileType) -> FileKind {
    if found.is_symlink() {
        FileKind::Link
    } else if found.is_dir() {
        FileKind::Folder
    } else if found.is_file() {
        FileKind::File
    } else {
        FileKind::Other
    }
}

/// Files in memory, by absolute path: for tests and for texts that an editor has not saved.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    files: BTreeMap<Utf8PathBuf, Vec<u8>>,
}

impl Memory {
    /// Files from pairs of absolute path and content. Their folders are there by themselves.
    pub fn new<P: Into<Utf8PathBuf>, C: Into<Vec<u8>>>(
        files: impl IntoIterator<Item = (P, C)>,
    ) -> Self {
        Self {
            files: files
                .into_iter()
                .map(|(path, content)| (path.into(), content.into()))
                .collect(),
        }
    }
}

impl Files for Memory {
    fn stat(&self, path: &Utf8Path) -> io::Result<FileKind> {
        let path = paths::normal(path);
        if self.files.contains_key(&path) {
            return Ok(FileKind::File);
        }
        if self.files.keys().any(|file| file.starts_with(&path)) {
            return Ok(FileKind::Folder);
        }
        Err(io::ErrorKind::NotFound.into())
    }

    fn stat_link(&self, path: &Utf8Path) -> io::Result<FileKind> {
        self.stat(path)
    }

    fn canonical(&self, path: &Utf8Path) -> io::Result<Utf8PathBuf> {
        self.stat(path).map(|_| paths::normal(path))
    }

    fn read(&self, path: &Utf8Path, limit: u64) -> io::Result<Vec<u8>> {
        let content = self
            .files
            .get(&paths::normal(path))
            .ok_or(io::ErrorKind::NotFound)?;
        let limit = usize::try_from(limit.saturating_add(1)).unwrap_or(usize::MAX);
        Ok(content.iter().copied().take(limit).collect())
    }

    fn open(&self, path: &Utf8Path) -> io::Result<Opened> {
        let content = self.read(path, u64::MAX)?;
        let bytes = content.len() as u64;
        Ok(Opened {
            content: Box::new(io::Cursor::new(content)),
            bytes,
        })
    }

    fn list(&self, path: &Utf8Path) -> io::Result<Vec<FolderEntry>> {
        let path = paths::normal(path);
        let mut entries: Vec<FolderEntry> = Vec::new();
        for below in self
            .files
            .keys()
            .filter_map(|file| file.strip_prefix(&path).ok())
        {
            let mut parts = below.components();
            let Some(name) = parts.next() else {
                return Err(io::ErrorKind::NotADirectory.into());
            };
            let kind = if parts.next().is_some() {
                FileKind::Folder
            } else {
                FileKind::File
            };
            let name = OsString::from(name.as_str());
            if entries.iter().all(|entry| entry.name != name) {
                entries.push(FolderEntry { name, kind });
            }
        }
        if entries.is_empty() {
            return Err(io::ErrorKind::NotFound.into());
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }
}
