//! [`Covered`]: what a sign-off of a document is bound to.

use std::collections::BTreeMap;

use super::digest::ContentDigest;
use super::statement::Identity;
use crate::document::Document;
use crate::evidence::Evidence;

/// What a sign-off of a document is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// The document.
    pub document: Identity,
    /// The content of its file.
    pub content: ContentDigest,
    /// Its sidecar, what else belongs to it, and its evidence, by path; `None` where a file cannot be
    /// read.
    pub files: BTreeMap<String, Option<ContentDigest>>,
}

impl Covered {
    /// Reads what a sign-off of a document has to be bound to.
    pub fn of(document: &Document, evidence: &Evidence<'_>) -> Self {
        Self {
            document: identity(document),
            content: ContentDigest::of(document.source().text().as_bytes()),
            files: named_files(document, evidence),
        }
    }
}

pub(super) fn identity(document: &Document) -> Identity {
    Identity {
        kind: document.kind().to_owned(),
        id: document.id().to_owned(),
    }
}

/// The files that a sign-off covers beside the document's own: its sidecar, and its evidence.
pub(super) fn named_files(
    document: &Document,
    evidence: &Evidence<'_>,
) -> BTreeMap<String, Option<ContentDigest>> {
    let mut files = evidence.of(document, &|content| ContentDigest::read(content));
    let own = document.source().id();
    for source in document.tree().sources() {
        if source.id() != own {
            let digest = ContentDigest::of(source.text().as_bytes());
            files.insert(source.path().to_string(), Some(digest));
        }
    }
    files
}

/// The files that a document is made of, as they were read, and those that it names as evidence, by
/// path; `None` where such a file cannot be read.
pub fn files_of(
    document: &Document,
    evidence: &Evidence<'_>,
) -> BTreeMap<String, Option<ContentDigest>> {
    let mut files = named_files(document, evidence);
    let own = document.source();
    let digest = ContentDigest::of(own.text().as_bytes());
    files.insert(own.path().to_string(), Some(digest));
    files
}
