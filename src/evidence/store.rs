//! [`Evidence`]: what a run has read of the files that documents name.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use jiff::civil::Date;

use super::file::{self, FileState};
use super::place::Place;
use super::report::Report;
use super::scan::Format;
use crate::files::Files;

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
    /// By path relative to the root.
    digests: Cells<Utf8PathBuf, FileState>,
    /// By path relative to the root, and the format that the document states.
    reports: Cells<(Utf8PathBuf, Option<Format>), Report>,
}

impl<'r> Evidence<'r> {
    /// The evidence below a root, an absolute path with every link resolved; nothing is read yet.
    pub fn new(files: &'r dyn Files, root: &Utf8Path, limits: Limits, today: Date) -> Self {
        Self {
            files,
            root: root.to_owned(),
            limits,
            today,
            digests: Mutex::default(),
            reports: Mutex::default(),
        }
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
