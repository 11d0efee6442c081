//! The files that a report speaks of.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{FileId, Location, SourceFile};

/// Source files by number: those that a finding, a label or a policy line points into.
///
/// A run reads far more files than it reports on; what no finding mentions is dropped, so a
/// report's memory follows its findings.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: BTreeMap<FileId, Arc<SourceFile>>,
}

impl SourceMap {
    /// Adds a file; adding it again changes nothing.
    pub fn insert(&mut self, file: &Arc<SourceFile>) {
        self.files
            .entry(file.id())
            .or_insert_with(|| Arc::clone(file));
    }

    /// Puts a file in the place of the one with its number.
    pub fn replace(&mut self, file: Arc<SourceFile>) {
        self.files.insert(file.id(), file);
    }

    /// Drops every file that is not wanted.
    pub fn retain(&mut self, wanted: impl Fn(FileId) -> bool) {
        self.files.retain(|&id, _| wanted(id));
    }

    /// The file with this number.
    pub fn get(&self, id: FileId) -> Option<&Arc<SourceFile>> {
        self.files.get(&id)
    }

    /// The file in which a location lies.
    pub fn file(&self, location: Location) -> Option<&Arc<SourceFile>> {
        self.get(location.file)
    }

    /// Takes over every file of `other`.
    pub fn extend(&mut self, other: Self) {
        for file in other.files.into_values() {
            self.insert(&file);
        }
    }

    /// The number after the highest one here: free for the next file that is read.
    pub fn next_id(&self) -> FileId {
        let highest = self.files.keys().next_back();
        FileId(highest.map_or(0, |id| id.0.saturating_add(1)))
    }

    /// The files in order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<SourceFile>> {
        self.files.values()
    }
}
