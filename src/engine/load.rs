//! From an input to its documents.

use std::hash::{Hash as _, Hasher as _};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use rustc_hash::FxHasher;

use super::beside::{Looked, Reader};
use crate::discover::{Content, Input};
use crate::document::{self, Document, Formats, Identified, Kinds, Unrecognized};
use crate::files::Files;
use crate::finding::Finding;
use crate::source::{FileId, SourceFile};
use crate::value::{self, Limits, Parsed, Syntax};
use crate::waiver::{self, inline};

/// What is needed to load an input.
pub(super) struct Loader<'g> {
    pub(super) files: &'g dyn Files,
    /// Nothing is read for a document that lies outside of it.
    pub(super) root: &'g Utf8Path,
    pub(super) kinds: &'g Kinds,
    pub(super) formats: &'g Formats,
    pub(super) limits: Limits,
}

/// The numbers of the files of an input.
#[derive(Clone, Copy)]
pub(super) struct Numbers {
    pub(super) input: FileId,
    pub(super) sidecar: FileId,
    /// The first of [`document::MAX_COMPANIONS`].
    pub(super) companions: FileId,
}

/// An input as loaded.
pub(super) struct Load {
    pub(super) source: Arc<SourceFile>,
    pub(super) sidecar: Option<Arc<SourceFile>>,
    /// The files that belong to its documents.
    pub(super) companions: Vec<Arc<SourceFile>>,
    looked: Looked,
    pub(super) documents: Vec<Document>,
    /// What is wrong with the text or with what it claims to be.
    pub(super) findings: Vec<Finding>,
    /// Waivers in its comments.
    pub(super) waivers: Vec<waiver::Entry>,
    /// Set where the file was merely come upon and is none of ours.
    pub(super) stranger: Option<Stranger>,
}

/// A file that was come upon and was taken for no document.
pub(super) struct Stranger {
    pub(super) path: Utf8PathBuf,
    /// Why it was taken for none.
    pub(super) reason: String,
    /// Line, column and what is wrong there, if its text is broken: then it cannot be told what the
    /// file is.
    pub(super) broken: Option<String>,
}

impl Load {
    /// A number that another text of its files does not have, by all likelihood:
    /// how a run sees that a file changed while it went on.
    pub(super) fn stamp(&self) -> u64 {
        let mut hasher = FxHasher::default();
        for source in [Some(&self.source), self.sidecar.as_ref()] {
            source.map(|source| source.text()).hash(&mut hasher);
        }
        for source in &self.companions {
            (source.path().as_str(), source.text()).hash(&mut hasher);
        }
        hasher.finish()
    }

    /// Whether it cannot be said for certain what the file holds.
    pub(super) fn is_broken(&self) -> bool {
        let unread = |stranger: &Stranger| stranger.broken.is_some();
        !self.findings.is_empty()
            || self.documents.iter().any(|document| !document.intact)
            || self.stranger.as_ref().is_some_and(unread)
    }

    /// The files it was read from.
    pub(super) fn sources(&self) -> impl Iterator<Item = &Arc<SourceFile>> {
        let own = std::iter::once(&self.source).chain(&self.sidecar);
        own.chain(&self.companions)
    }

    /// Whether a file of this path belongs to its documents, or would if it were there.
    pub(super) fn has_companion(&self, path: &Utf8Path) -> bool {
        self.looked.for_path(path)
    }
}

impl Stranger {
    fn new(source: &SourceFile, file: &Unrecognized) -> Self {
        let broken = file.problems.first().map(|problem| {
            let at = source.line_column(problem.primary.location.span.start);
            format!("{}:{}: {}", at.line, at.column, problem.message)
        });
        Self {
            path: source.path().to_owned(),
            reason: file.reason.clone(),
            broken,
        }
    }
}

impl Loader<'_> {
    /// Loads an input with the files that belong to it.
    pub(super) fn load(&self, input: &Input, numbers: Numbers) -> Load {
        let source = match input.read(numbers.input, self.limits.file_bytes, self.files) {
            Ok(source) => source,
            Err(refused) => {
                let (source, finding) = *refused;
                return Load {
                    source,
                    sidecar: None,
                    companions: Vec::new(),
                    looked: Looked::default(),
                    documents: Vec::new(),
                    findings: vec![finding],
                    waivers: Vec::new(),
                    stranger: None,
                };
            }
        };
        let mut findings = Vec::new();
        let sidecar = self.sidecar(input, numbers.sidecar, &mut findings);
        let whole = findings.is_empty();
        let parsed = value::read(&source, input.syntax, &self.limits);
        let (mut waivers, mut malformed) = inline::read(&source, &parsed.tree);
        if let Some((source, parsed)) = &sidecar {
            let (more, wrong) = inline::read(source, &parsed.tree);
            waivers.extend(more);
            malformed.extend(wrong);
        }
        let reader = Reader::new(self.files, self.root, self.limits, numbers.companions);
        let identified = document::identify_with(
            document::Input {
                source: &source,
                syntax: input.syntax,
                parsed,
                kind: input.kind.as_deref(),
                format: input.format.as_deref(),
                sidecar: sidecar.as_ref().map(|(_, parsed)| parsed),
            },
            self.kinds,
            self.formats,
            &reader,
        );
        let (companions, looked) = reader.finish();
        let Identified {
            mut documents,
            findings: found,
            unrecognized,
        } = identified;
        if !whole {
            // What the document lacks may stand in the sidecar that could not be read.
            for document in &mut documents {
                document.intact = false;
            }
        }
        findings.extend(found);
        // What is no document may speak of waivers as it likes.
        if !documents.is_empty() {
            findings.extend(malformed);
        }
        let mut stranger = None;
        if let Some(unrecognized) = unrecognized {
            if input.named {
                findings.extend(unrecognized.into_findings(&source, self.kinds));
            } else {
                stranger = Some(Stranger::new(&source, &unrecognized));
            }
        }
        Load {
            source,
            sidecar: sidecar.map(|(source, _)| source),
            companions,
            looked,
            documents,
            findings,
            waivers,
            stranger,
        }
    }

    fn sidecar(
        &self,
        input: &Input,
        id: FileId,
        findings: &mut Vec<Finding>,
    ) -> Option<(Arc<SourceFile>, Parsed)> {
        let absolute = input.sidecar.as_ref()?;
        let beside = Input {
            path: document::sidecar_path(&input.path),
            content: Content::File(absolute.clone()),
            syntax: Syntax::Yaml,
            named: true,
            kind: None,
            format: None,
            sidecar: None,
        };
        match beside.read(id, self.limits.file_bytes, self.files) {
            Ok(source) => {
                let parsed = value::read(&source, Syntax::Yaml, &self.limits);
                Some((source, parsed))
            }
            Err(refused) => {
                let (source, finding) = *refused;
                findings.push(finding);
                let empty = value::read(&source, Syntax::Yaml, &self.limits);
                Some((source, empty))
            }
        }
    }
}
