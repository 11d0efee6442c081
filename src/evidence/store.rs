//! [`Evidence`]: what a run has read of the files that documents name.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use jiff::civil::Date;

use super::claim::{self, Assessed};
use super::fields;
use super::file::{self, FileState, FileStatus};
use super::place::Place;
use super::report::Report;
use super::scan::Format;
use super::table::{self, Cause, Counted, Request, TableError};
use crate::document::{Document, Kinds};
use crate::files::{Content, Files};
use crate::finding::{DocumentRef, FairnessCheck};
use crate::source::Location;
use crate::value::NodeRef;

/// How much is read of one file of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a file that is read piece by piece: a table, or a file of which only the digest is
    /// wanted.
    pub evidence_bytes: u64,
    /// Bytes of a file that is read whole: the report of a scanner.
    pub report_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            evidence_bytes: 4 << 30,
            report_bytes: 64 << 20,
        }
    }
}

/// What is read at most once a run, by what it was asked for with.
type Cells<K, V> = Mutex<BTreeMap<K, Arc<OnceLock<Arc<V>>>>>;

/// The evidence of a run. Each file is read once for each thing that is asked of it, however many
/// documents name it, and by whichever thread asks first; the others wait for its answer.
pub struct Evidence<'r> {
    files: &'r dyn Files,
    root: Utf8PathBuf,
    limits: Limits,
    today: Date,
    kinds: Option<&'r Kinds>,
    /// By path relative to the root.
    digests: Cells<Utf8PathBuf, FileState>,
    /// By path relative to the root, and the format that the document states.
    reports: Cells<(Utf8PathBuf, Option<Format>), Report>,
    /// By path and by what was asked of the table.
    tables: Cells<(Utf8PathBuf, String), TableResult>,
    claims: Cells<Asked, Assessed>,
    /// What documents claim of their own, for the report.
    checks: Mutex<BTreeMap<(DocumentRef, Box<str>), FairnessCheck>>,
}

/// A table, counted, or why not.
type TableResult = Result<Arc<Counted>, Uncounted>;

/// Why a table could not be counted.
#[derive(Clone, Debug)]
pub(super) struct Uncounted {
    /// In a sentence without its final period.
    pub(super) reason: String,
    /// The column that was asked for, if it is to blame.
    pub(super) column: Option<String>,
}

impl From<TableError> for Uncounted {
    fn from(error: TableError) -> Self {
        Self {
            reason: error.cause.to_string(),
            column: match *error.cause {
                Cause::ColumnAbsent { column, .. } | Cause::DuplicateColumn { column, .. } => {
                    Some(column)
                }
                _ => None,
            },
        }
    }
}

/// An assessment: its place, and its pointer, since an alias has the place of its anchor.
type Asked = (Location, String);

impl<'r> Evidence<'r> {
    /// The evidence below a root, an absolute path with every link resolved; nothing is read yet.
    pub fn new(files: &'r dyn Files, root: &Utf8Path, limits: Limits, today: Date) -> Self {
        Self {
            files,
            root: root.to_owned(),
            limits,
            today,
            kinds: None,
            digests: Mutex::default(),
            reports: Mutex::default(),
            tables: Mutex::default(),
            claims: Mutex::default(),
            checks: Mutex::default(),
        }
    }

    /// With the kinds of documents, whose schemas say which fields lead to evidence.
    #[must_use]
    pub fn with_kinds(mut self, kinds: &'r Kinds) -> Self {
        self.kinds = Some(kinds);
        self
    }

    /// The fields of a kind that lead to evidence.
    pub(super) fn fields(&self, kind: &str) -> Arc<[Box<str>]> {
        let kind = self.kinds.and_then(|kinds| kinds.get(kind));
        kind.map_or_else(Arc::default, |kind| Arc::clone(&kind.evidence))
    }

    /// What is read of each file that a document names as evidence, by path relative to the root, or
    /// as it is written where it leads out; `None` where it cannot be read. Addresses are left out, and
    /// what names nothing that is there: such fields may hold words, the number of a contract for one.
    pub fn of<T>(
        &self,
        document: &Document,
        read: &dyn Fn(&mut dyn Content) -> io::Result<T>,
    ) -> BTreeMap<String, Option<T>> {
        let mut found = BTreeMap::new();
        let fields = self.fields(document.kind());
        for node in fields::named_below(document.root(), &fields) {
            let Some(target) = node.as_str() else {
                continue;
            };
            // A sidecar speaks for the file that it stands beside: the first of a tree.
            let own = node.tree().sources().first();
            let from = own.unwrap_or(document.source()).path();
            match Place::of(target, from.as_str()) {
                Place::Address => {}
                Place::Outside => {
                    found.insert(target.to_owned(), None);
                }
                Place::Inside(path) if self.is_nothing(&path) => {}
                Place::Inside(path) => {
                    found
                        .entry(path.to_string())
                        .or_insert_with(|| self.read_one(&path, read));
                }
            }
        }
        found
    }

    /// Whether nothing is there, not even a link to nothing; some words can be no name of a file.
    fn is_nothing(&self, path: &Utf8Path) -> bool {
        let found = self.files.stat_link(&self.root.join(path));
        found.is_err_and(|error| {
            matches!(
                error.kind(),
                io::ErrorKind::NotFound
                    | io::ErrorKind::NotADirectory
                    | io::ErrorKind::InvalidFilename
                    | io::ErrorKind::InvalidInput
            )
        })
    }

    fn read_one<T>(
        &self,
        path: &Utf8Path,
        read: &dyn Fn(&mut dyn Content) -> io::Result<T>,
    ) -> Option<T> {
        let absolute = file::locate(self.files, &self.root, path).ok()?;
        let mut opened = self.files.open(&absolute).ok()?;
        if opened.bytes > self.limits.evidence_bytes {
            return None;
        }
        read(&mut *opened.content).ok()
    }

    /// The day that stands for now.
    pub fn today(&self) -> Date {
        self.today
    }

    /// What `target` comes to, as the document in the file `from` names it; `from` is relative to
    /// the root.
    pub fn file(&self, target: &str, from: &str) -> Arc<FileState> {
        let path = match Place::of(target, from) {
            Place::Inside(path) => path,
            Place::Address => return Arc::new(FileState::address()),
            Place::Outside => return Arc::new(FileState::outside()),
        };
        once(&self.digests, path.clone(), || {
            match file::locate(self.files, &self.root, &path) {
                Ok(absolute) => file::digest(self.files, &absolute, self.limits.evidence_bytes),
                Err(refused) => refused,
            }
        })
    }

    /// What is known of a file that a document names with a digest or without, if somebody asked for
    /// it: `verified`, `differs`, or the name of its status.
    pub fn known(&self, target: &str, from: &str, sha256: Option<&str>) -> Option<&'static str> {
        let path = match Place::of(target, from) {
            Place::Inside(path) => path,
            Place::Address => return Some(FileStatus::Address.name()),
            Place::Outside => return Some(FileStatus::Outside.name()),
        };
        let cells = self.digests.lock().unwrap_or_else(PoisonError::into_inner);
        let state = cells.get(&path).and_then(|cell| cell.get().cloned())?;
        Some(match (sha256, &state.sha256) {
            (Some(stated), Some(own)) if stated.eq_ignore_ascii_case(own) => "verified",
            (Some(_), Some(_)) => "differs",
            _ => state.status.name(),
        })
    }

    /// The report of a scanner at `target`, as the document in the file `from` names it. `format` is
    /// the one that the document states; without it the content decides.
    pub fn report(&self, target: &str, from: &str, format: Option<Format>) -> Arc<Report> {
        let path = match Place::of(target, from) {
            Place::Inside(path) => path,
            Place::Address => return Arc::new(Report::refused(FileState::address())),
            Place::Outside => return Arc::new(Report::refused(FileState::outside())),
        };
        once(
            &self.reports,
            (path.clone(), format),
            || match file::locate(self.files, &self.root, &path) {
                Ok(absolute) => {
                    Report::read(self.files, &absolute, format, self.limits.report_bytes)
                }
                Err(refused) => Report::refused(refused),
            },
        )
    }

    /// The table that `target` leads to, counted.
    pub(super) fn table(&self, target: &str, from: &str, request: &Request) -> Arc<TableResult> {
        let refused = |state: &FileState| {
            let reason = state.reason.clone();
            Arc::new(Err(Uncounted {
                reason: reason.unwrap_or_else(|| state.status.name().to_owned()),
                column: None,
            }))
        };
        let path = match Place::of(target, from) {
            Place::Inside(path) => path,
            Place::Address => return refused(&FileState::address()),
            Place::Outside => return refused(&FileState::outside()),
        };
        let absolute = match file::locate(self.files, &self.root, &path) {
            Ok(absolute) => absolute,
            Err(state) => return refused(&state),
        };
        let limits = table::Limits {
            bytes: self.limits.evidence_bytes,
            ..table::Limits::default()
        };
        // A request has no order; its text tells it from others.
        once(&self.tables, (path.clone(), format!("{request:?}")), || {
            let counted = table::count(self.files, &absolute, request, &limits, &|_| {})?;
            // The same pass has told the digest.
            let state = FileState::present(counted.bytes, &counted.sha256);
            once(&self.digests, path, || state);
            Ok(Arc::new(counted))
        })
    }

    /// What an assessment comes to that is written in the file `from`; of an own one of `document`
    /// the report tells as well.
    pub(super) fn assessed(
        &self,
        item: NodeRef<'_>,
        from: &str,
        document: Option<&DocumentRef>,
    ) -> Arc<Assessed> {
        let pointer = item.pointer();
        let asked = (item.location(), pointer.to_string());
        let assessed = once(&self.claims, asked, || claim::assess(self, item, from));
        if let Some(document) = document {
            let pointer = pointer.to_string().into_boxed_str();
            let mut checks = self.checks.lock().unwrap_or_else(PoisonError::into_inner);
            checks
                .entry((document.clone(), pointer.clone()))
                .or_insert_with(|| assessed.check(document.clone(), &pointer));
        }
        assessed
    }

    /// The claims that were held against their evidence, each once, in any order.
    pub fn checks(&self) -> Vec<FairnessCheck> {
        let checks = self.checks.lock().unwrap_or_else(PoisonError::into_inner);
        checks.values().cloned().collect()
    }
}

/// The answer for a key, worked out by the first who asks.
fn once<K: Ord, V>(cells: &Cells<K, V>, key: K, answer: impl FnOnce() -> V) -> Arc<V> {
    let cell = Arc::clone(
        cells
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(key)
            .or_default(),
    );
    Arc::clone(cell.get_or_init(|| Arc::new(answer())))
}
