//! Files with other texts in the places of some.

use std::collections::BTreeMap;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use super::{FileKind, Files, FolderEntry, Opened};

/// Files of which some are taken to hold another text than they do: what would be so if it were
/// written. Nothing is written.
pub struct Overlay<'f> {
    below: &'f dyn Files,
    /// By path, absolute and with every link resolved.
    texts: BTreeMap<Utf8PathBuf, Vec<u8>>,
}

impl<'f> Overlay<'f> {
    /// The files as they are.
    pub fn new(below: &'f dyn Files) -> Self {
        Self {
            below,
            texts: BTreeMap::new(),
        }
    }

    /// Gives the file at an absolute path, links resolved, another text.
    pub fn put(&mut self, path: &Utf8Path, text: impl Into<Vec<u8>>) {
        self.texts.insert(path.to_owned(), text.into());
    }

    /// Gives a file back the text that it has.
    pub fn lift(&mut self, path: &Utf8Path) {
        self.texts.remove(path);
    }

    /// The text that stands in the place of a file's own, whatever links lead there.
    fn text(&self, path: &Utf8Path) -> Option<&Vec<u8>> {
        if self.texts.is_empty() {
            return None;
        }
        self.texts.get(path).or_else(|| {
            let path = self.below.canonical(path).ok()?;
            self.texts.get(&path)
        })
    }
}

impl Files for Overlay<'_> {
    fn stat(&self, path: &Utf8Path) -> io::Result<FileKind> {
        self.below.stat(path)
    }

    fn stat_link(&self, path: &Utf8Path) -> io::Result<FileKind> {
        self.below.stat_link(path)
    }

    fn canonical(&self, path: &Utf8Path) -> io::Result<Utf8PathBuf> {
        self.below.canonical(path)
    }

    fn read(&self, path: &Utf8Path, limit: u64) -> io::Result<Vec<u8>> {
        match self.text(path) {
            Some(text) => {
                let limit = usize::try_from(limit.saturating_add(1)).unwrap_or(usize::MAX);
                Ok(text.iter().copied().take(limit).collect())
            }
            None => self.below.read(path, limit),
        }
    }

    fn open(&self, path: &Utf8Path) -> io::Result<Opened> {
        match self.text(path) {
            Some(text) => Ok(Opened {
                bytes: text.len() as u64,
                content: Box::new(io::Cursor::new(text.clone())),
            }),
            None => self.below.open(path),
        }
    }

    fn list(&self, path: &Utf8Path) -> io::Result<Vec<FolderEntry>> {
        self.below.list(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Memory;

    #[test]
    fn a_text_stands_in_the_place_of_another_until_it_is_lifted() {
        let memory = Memory::new([("/r/a.yaml", "a: 1\n"), ("/r/b.yaml", "b: 1\n")]);
        let mut files = Overlay::new(&memory);
        let read = |files: &Overlay<'_>, path: &str| {
            String::from_utf8(files.read(path.into(), 99).unwrap()).unwrap()
        };
        files.put("/r/a.yaml".into(), "a: 22\n");
        assert_eq!(read(&files, "/r/a.yaml"), "a: 22\n");
        assert_eq!(read(&files, "/r/./a.yaml"), "a: 22\n");
        assert_eq!(read(&files, "/r/b.yaml"), "b: 1\n");
        assert_eq!(files.read("/r/a.yaml".into(), 2).unwrap().len(), 3);
        assert_eq!(files.open("/r/a.yaml".into()).unwrap().bytes, 6);
        files.lift("/r/a.yaml".into());
        assert_eq!(read(&files, "/r/a.yaml"), "a: 1\n");
    }
}
