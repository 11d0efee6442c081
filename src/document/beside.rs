//! Files that belong to a document: read for it, and documents of their own to nobody.
//!
//! A format says which ones (`companions`, `include`). Where they come from is the caller's: the
//! library reads no disk by itself.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use globset::GlobMatcher;

use crate::finding::Finding;
use crate::source::SourceFile;
use crate::value::Parsed;

/// A file that was read for a document.
#[derive(Clone, Debug)]
pub struct Companion {
    /// The file, by its path relative to the root.
    pub source: Arc<SourceFile>,
    /// What it holds.
    pub parsed: Parsed,
}

/// Why a file was not read.
#[derive(Clone, Debug)]
pub enum Refused {
    /// Nothing is there.
    Missing,
    /// It lies outside the root, or is a link that leads out.
    Outside,
    /// The document has as many files as one may have.
    TooMany,
    /// Another reason, as a fact.
    Because(String),
    /// It was found, and its text cannot be used; the finding points into it.
    Broken(Box<Finding>),
}

impl Refused {
    /// The reason, behind the name of the file.
    pub(super) fn reason(&self) -> String {
        match self {
            Self::Missing => "nothing is there".to_owned(),
            Self::Outside => "it lies outside the root".to_owned(),
            Self::TooMany => format!("a document has at most {MAX_COMPANIONS} files"),
            Self::Because(reason) => reason.clone(),
            Self::Broken(finding) => finding.message.clone(),
        }
    }
}

/// How many files may be read for the documents of one file, beside its sidecar.
pub const MAX_COMPANIONS: u32 = 256;

/// Reads files for a document. Every path is relative to the root, with `/`.
pub trait Beside {
    /// The files of a folder whose names match, sorted; none where there is no such folder.
    ///
    /// # Errors
    /// If the folder is there and cannot be looked into.
    fn find(&self, folder: &Utf8Path, name: &GlobMatcher) -> Result<Vec<Utf8PathBuf>, Refused>;

    /// Reads a file.
    ///
    /// # Errors
    /// If nothing is there, or nothing that may or can be read.
    fn read(&self, path: &Utf8Path) -> Result<Companion, Refused>;
}

/// No files: for a text by itself.
#[derive(Clone, Copy, Debug)]
pub struct Alone;

impl Beside for Alone {
    fn find(&self, _: &Utf8Path, _: &GlobMatcher) -> Result<Vec<Utf8PathBuf>, Refused> {
        Ok(Vec::new())
    }

    fn read(&self, _: &Utf8Path) -> Result<Companion, Refused> {
        Err(Refused::Missing)
    }
}
