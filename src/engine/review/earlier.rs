//! What was signed before, and what has changed since.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::{Reviewing, RoleState};
use crate::discover::{Content, Input};
use crate::document::{self, Difference, Document, MAX_COMPANIONS};
use crate::engine::load::{Load, Loader, Numbers};
use crate::files::{FileKind, Files, FolderEntry, Opened};
use crate::finding::Report;
use crate::signoff::ContentDigest;
use crate::signoff::scope::{self, Part};
use crate::signoff::statement::{Statement, Subject};
use crate::signoff::store::Found;
use crate::signoff::verdict::{self, Change, Standing};
use crate::source::FileId;
use crate::value::Pointer;

/// A statement that is there already.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// What it says.
    pub statement: Statement,
    /// SHA-256 of its bytes, by which another supersedes it.
    pub digest: String,
    /// Its file, relative to the root.
    pub path: Utf8PathBuf,
    /// What it is worth now.
    pub standing: Option<Standing>,
    /// What is not as it was signed, of what it is bound to.
    pub changed: Vec<Change>,
    /// Whether other policies were in force.
    pub policies_changed: bool,
    /// What is known of the document as it was signed.
    pub before: Before,
}

/// What is known of the document as it was signed.
#[derive(Clone, Debug)]
pub enum Before {
    /// It is still the same.
    Unchanged,
    /// What was signed is there to compare with.
    Known {
        /// What differs.
        differences: Vec<Difference>,
        /// The parts whose text differs, though no value and no line that is shown: by comments or by
        /// layout.
        layout: Vec<Part>,
        /// The git blob of what was signed.
        blob: String,
    },
    /// It cannot be compared, and why.
    Unknown(String),
}

impl Earlier {
    /// Whether somebody who may sign did, whatever has become of it since.
    pub fn is_authentic(&self) -> bool {
        self.standing.as_ref().is_some_and(Standing::is_authentic)
    }
}

impl Reviewing<'_> {
    /// The statements of a role, in any order.
    pub(super) fn earlier(
        &self,
        role: &RoleState,
        policies: &str,
        report: &Report,
    ) -> Vec<Earlier> {
        let hidden: Vec<Pointer> = report
            .findings
            .iter()
            .filter(|it| it.redacted && it.document.as_ref() == Some(&self.document.reference))
            .map(|finding| pointer(&finding.pointer))
            .collect();
        let found = self.ledger.store().of(self.document.id()).iter();
        found
            .filter(|found| found.statement.predicate.role == role.name)
            .map(|found| {
                let given = &found.statement.predicate;
                let mut votes = role.verdict.votes.iter();
                let own = votes.find(|(principal, _)| *principal == given.principal);
                Earlier {
                    statement: found.statement.clone(),
                    digest: found.digest.clone(),
                    path: found.source.path().to_owned(),
                    standing: own.map(|(_, standing)| standing.clone()),
                    changed: verdict::changes(
                        &found.statement,
                        &self.covered.content,
                        &self.covered.files,
                        &|part| scope::digest(self.document.root(), part),
                    ),
                    policies_changed: given.policies.sha256 != policies,
                    before: self.before(found, &hidden),
                }
            })
            .collect()
    }

    /// Compares the document with what was signed. Values below `hidden` places are not shown.
    fn before(&self, found: &Found, hidden: &[Pointer]) -> Before {
        let Some(subject) = found.statement.subjects.first() else {
            return Before::Unknown("the statement names no document".to_owned());
        };
        // Its sidecar, and what else it is put together from.
        let belonging: Vec<&str> = self
            .document
            .tree()
            .sources()
            .iter()
            .map(|source| source.path().as_str())
            .collect();
        let others = found.statement.subjects.iter().skip(1).filter(|subject| {
            let now = self.covered.files.get(&subject.name);
            let changed = now.is_none_or(|now| now.as_ref() != Some(&subject.digest));
            let sidecar = document::sidecar_path(&self.input.path);
            let is_part = belonging.contains(&&*subject.name) || sidecar == *subject.name;
            changed && is_part
        });
        let others: Vec<&Subject> = others.collect();
        if subject.digest == self.covered.content && others.is_empty() {
            return Before::Unchanged;
        }
        let mut texts = BTreeMap::new();
        for subject in others {
            let Some(bytes) = self.signed(&subject.digest) else {
                return Before::Unknown(format!("git has no `{}` as it was signed", subject.name));
            };
            texts.insert(self.gate.config.root.join(&subject.name), bytes);
        }
        let Some(bytes) = self.signed(&subject.digest) else {
            return Before::Unknown("git has not got the document as it was signed".to_owned());
        };
        let Some(former) = self.load(bytes, texts, found) else {
            return Before::Unknown("what was signed is no such document any more".to_owned());
        };
        let (before, now) = (former.root(), self.document.root());
        let mut differences = document::differences(before, now);
        for difference in &mut differences {
            if let Difference::Field {
                path, before, now, ..
            } = difference
                && document::is_at_or_below(path, hidden)
            {
                for value in [before, now].into_iter().flatten() {
                    "(not shown)".clone_into(value);
                }
            }
        }
        // A section holds those below it, whose lines are shown.
        let in_sections = differences
            .iter()
            .any(|it| matches!(it, Difference::Section { .. }));
        let is_shown = |part: &Part| match part {
            Part::Section(_) => in_sections,
            Part::Field(field) => differences.iter().any(|it| is_in(it, field)),
        };
        let layout = scope::changed(before, now)
            .into_iter()
            .filter(|part| !is_shown(part))
            .collect();
        Before::Known {
            differences,
            layout,
            blob: subject.digest.git_blob.clone(),
        }
    }

    /// A content that git has, if it is what was signed: the id of a blob proves nothing.
    fn signed(&self, digest: &ContentDigest) -> Option<Arc<[u8]>> {
        let bytes = (self.question.former)(&digest.git_blob)?;
        (ContentDigest::of(&bytes) == *digest).then(|| Arc::from(bytes))
    }

    /// The document as it was.
    fn load(
        &self,
        bytes: Arc<[u8]>,
        texts: BTreeMap<Utf8PathBuf, Arc<[u8]>>,
        found: &Found,
    ) -> Option<Document> {
        let config = &self.gate.config;
        let sidecar = document::sidecar_path(&self.input.path);
        let had = found.statement.subjects.iter();
        let had = had.skip(1).any(|subject| sidecar == *subject.name);
        let input = Input {
            content: Content::Bytes(bytes),
            sidecar: had.then(|| config.root.join(&sidecar)),
            ..self.input.clone()
        };
        let files = AsSigned {
            files: self.files,
            texts,
        };
        let loader = Loader {
            files: &files,
            root: &config.root,
            kinds: &self.gate.kinds,
            formats: &self.gate.formats,
            limits: config.limits.limits(),
        };
        let first = u32::MAX - 2 - MAX_COMPANIONS;
        let numbers = Numbers {
            input: FileId(first),
            sidecar: FileId(first + 1),
            companions: FileId(first + 2),
        };
        let Load { documents, .. } = loader.load(&input, numbers);
        let id = &found.statement.predicate.document.id;
        documents
            .into_iter()
            .find(|document| document.intact && document.id() == id)
    }
}

fn pointer(text: &str) -> Pointer {
    let mut pointer = Pointer::default();
    for step in text.split('/').skip(1) {
        pointer = match step.parse() {
            Ok(index) => pointer.index(index),
            Err(_) => pointer.key(&step.replace("~1", "/").replace("~0", "~")),
        };
    }
    pointer
}

/// Whether a difference lies in a field.
fn is_in(difference: &Difference, field: &str) -> bool {
    match difference {
        Difference::Field { path, .. } => document::is_at_or_below(path, &[pointer(field)]),
        Difference::Section { .. } => false,
    }
}

/// The files with some of them as they were signed.
struct AsSigned<'f> {
    files: &'f dyn Files,
    texts: BTreeMap<Utf8PathBuf, Arc<[u8]>>,
}

impl Files for AsSigned<'_> {
    fn stat(&self, path: &Utf8Path) -> io::Result<FileKind> {
        match self.texts.get(path) {
            Some(_) => Ok(FileKind::File),
            None => self.files.stat(path),
        }
    }

    fn stat_link(&self, path: &Utf8Path) -> io::Result<FileKind> {
        self.stat(path)
    }

    fn canonical(&self, path: &Utf8Path) -> io::Result<Utf8PathBuf> {
        match self.texts.get(path) {
            Some(_) => Ok(path.to_owned()),
            None => self.files.canonical(path),
        }
    }

    fn read(&self, path: &Utf8Path, limit: u64) -> io::Result<Vec<u8>> {
        match self.texts.get(path) {
            Some(bytes) => {
                let most = usize::try_from(limit.saturating_add(1)).unwrap_or(usize::MAX);
                Ok(bytes.iter().take(most).copied().collect())
            }
            None => self.files.read(path, limit),
        }
    }

    fn open(&self, path: &Utf8Path) -> io::Result<Opened> {
        match self.texts.get(path) {
            Some(text) => Ok(Opened {
                bytes: text.len() as u64,
                content: Box::new(io::Cursor::new(Arc::clone(text))),
            }),
            None => self.files.open(path),
        }
    }

    fn list(&self, path: &Utf8Path) -> io::Result<Vec<FolderEntry>> {
        self.files.list(path)
    }
}
