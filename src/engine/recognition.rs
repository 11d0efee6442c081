//! What the files of a run were taken for: which format each was read as, which are no documents.

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::load::Stranger;
use crate::finding::DocumentRef;

/// How many files or names a notice says before it counts the rest.
const NAMED: usize = 6;

/// What the files of a run were taken for, in the making.
#[derive(Default)]
pub(super) struct Recognition {
    /// Files that were come upon and were taken for no documents.
    pub(super) strangers: Vec<Stranger>,
    /// What each document's file was taken for.
    recognised: Vec<(Utf8PathBuf, String)>,
    /// How many documents are of each foreign format.
    formats: BTreeMap<Arc<str>, usize>,
    /// The files that belong to documents, each with the first file that they belong to.
    companions: BTreeMap<Utf8PathBuf, Utf8PathBuf>,
    /// The names that no file here describes, each with the first file that says it.
    elsewhere: BTreeMap<Box<str>, Utf8PathBuf>,
}

impl Recognition {
    /// Takes a document of a file.
    pub(super) fn document(
        &mut self,
        path: &Utf8Path,
        reference: &DocumentRef,
        format: Option<&Arc<str>>,
        elsewhere: Vec<Box<str>>,
    ) {
        let name = format.map_or("own fields", |format| &**format);
        let DocumentRef { kind, id, .. } = reference;
        let what = format!("{kind} {id} ({name})");
        self.recognised.push((path.to_owned(), what));
        if let Some(format) = format {
            *self.formats.entry(Arc::clone(format)).or_default() += 1;
        }
        for name in elsewhere {
            let said = self.elsewhere.entry(name);
            said.or_insert_with(|| path.to_owned());
        }
    }

    /// Takes a file that belongs to the documents of another.
    pub(super) fn companion(&mut self, path: &Utf8Path, of: &Utf8Path) {
        let owner = self.companions.entry(path.to_owned());
        owner.or_insert_with(|| of.to_owned());
    }

    /// The notices: of each file if `all`, else as counts with the first names.
    pub(super) fn notices(mut self, all: bool) -> Vec<String> {
        let mut notices = Vec::new();
        for (path, owner) in &self.companions {
            self.strangers.retain(|stranger| stranger.path != *path);
            if all {
                let what = format!("belongs to {owner}");
                self.recognised.push((path.clone(), what));
            }
        }
        notices.extend(self.unreadable());
        self.strangers.retain(|stranger| stranger.broken.is_none());
        if all {
            let others = self.strangers.drain(..);
            let others = others.map(|it| (it.path, format!("no document: {}", it.reason)));
            self.recognised.extend(others);
            self.recognised
                .sort_by(|(a, _), (b, _)| a.as_str().cmp(b.as_str()));
            let said = self.recognised.iter();
            notices.extend(said.map(|(path, what)| format!("{path}: {what}")));
        } else {
            notices.extend(self.read_as());
        }
        let strangers: Vec<&str> = self.strangers.iter().map(|it| it.path.as_str()).collect();
        if !strangers.is_empty() {
            let said = match strangers.len() {
                1 => "1 file is no document and was not checked".to_owned(),
                count => format!("{count} files are no documents and were not checked"),
            };
            notices.push(format!("{said}: {}", first(&strangers)));
        }
        notices.extend(self.lacking());
        notices
    }

    /// Files of which it cannot be told what they are.
    fn unreadable(&self) -> Option<String> {
        let broken = self.strangers.iter().filter_map(|stranger| {
            let why = stranger.broken.as_ref()?;
            Some(format!("{}:{why}", stranger.path))
        });
        let broken: Vec<String> = broken.collect();
        let first = broken.first()?;
        Some(match broken.len() {
            1 => format!("1 file cannot be read and was taken for no document: {first}"),
            count => format!(
                "{count} files cannot be read and were taken for no documents: {first}; and {} more",
                count - 1
            ),
        })
    }

    /// How many documents are written in which foreign format.
    fn read_as(&self) -> Option<String> {
        if self.formats.is_empty() {
            return None;
        }
        let counts = self.formats.iter();
        let mut counts: Vec<_> = counts
            .map(|(name, count)| format!("{count} `{name}`"))
            .collect();
        let foreign: usize = self.formats.values().sum();
        if self.recognised.len() > foreign {
            let own = self.recognised.len() - foreign;
            counts.push(format!("{own} in own fields"));
        }
        Some(format!(
            "documents by format: {}; `--verbose` says which file is what",
            counts.join(", ")
        ))
    }

    /// What is described elsewhere, if anywhere.
    fn lacking(&self) -> Option<String> {
        let said = self.elsewhere.iter();
        let said: Vec<_> = said
            .map(|(name, path)| format!("{name} (of {path})"))
            .collect();
        let said: Vec<&str> = said.iter().map(String::as_str).collect();
        (!said.is_empty()).then(|| {
            format!(
                "no file here describes {}; of what is only named, nothing else is known",
                first(&said)
            )
        })
    }
}

fn first(names: &[&str]) -> String {
    let named = names.get(..NAMED).unwrap_or(names);
    match names.len() - named.len() {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}
