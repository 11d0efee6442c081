//! Which fixes are to be tried, and in which files.

use camino::{Utf8Path, Utf8PathBuf};

use crate::discover::{Content, Discovered};
use crate::document::sidecar_path;
use crate::files::Files;
use crate::finding::{Finding, Fix, Report, Safety};
use crate::source::Span;

/// A fix and what it is for.
#[derive(Clone, Copy)]
pub(super) struct Planned<'r> {
    pub(super) finding: &'r Finding,
    pub(super) fix: &'r Fix,
}

/// The fixes of a report up to a level, the first of each finding, by the path of the file that they
/// change and in the order of their places.
pub(super) fn by_file(report: &Report, level: Safety) -> Vec<(Utf8PathBuf, Vec<Planned<'_>>)> {
    let mut files: Vec<(Utf8PathBuf, Vec<Planned<'_>>)> = Vec::new();
    for finding in &report.findings {
        let Some(fix) = finding.fixes.iter().find(|fix| fix.safety <= level) else {
            continue;
        };
        // One file a fix: half of one is none.
        let mut places = fix.edits.iter().map(|edit| edit.at);
        let Some(first) = places.next() else {
            continue;
        };
        if places.any(|place| place.file != first.file) {
            continue;
        }
        let Some(file) = report.sources.file(first) else {
            continue;
        };
        let planned = Planned { finding, fix };
        match files.iter_mut().find(|(path, _)| path == file.path()) {
            Some((_, fixes)) => fixes.push(planned),
            None => files.push((file.path().to_owned(), vec![planned])),
        }
    }
    files.sort_by(|(a, _), (b, _)| a.as_str().cmp(b.as_str()));
    for (_, fixes) in &mut files {
        fixes.sort_by_key(|one| place(one.fix));
    }
    files
}

fn place(fix: &Fix) -> Option<Span> {
    fix.edits.iter().map(|edit| edit.at.span).min()
}

/// A file that may be changed.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// The input that it is, or is the sidecar of, as an index.
    pub(super) input: usize,
    /// Where it lies: absolute, links resolved. `None` for standard input.
    pub(super) absolute: Option<Utf8PathBuf>,
}

/// The files that may be changed: the inputs and their sidecars, as far as they lie inside of the root.
pub(super) struct Targets {
    root: Utf8PathBuf,
    all: Vec<(Utf8PathBuf, Target)>,
}

impl Targets {
    pub(super) fn of(discovered: &Discovered, root: &Utf8Path, files: &dyn Files) -> Self {
        let mut all = Vec::new();
        for (number, input) in discovered.inputs.iter().enumerate() {
            let target = |absolute| Target {
                input: number,
                absolute,
            };
            let own = match &input.content {
                Content::File(path) => Some(path.clone()),
                Content::Bytes(_) => None,
            };
            all.push((input.path.clone(), target(own)));
            if let Some(sidecar) = &input.sidecar {
                let absolute = files.canonical(sidecar).ok();
                let absolute = absolute.unwrap_or_else(|| sidecar.clone());
                all.push((sidecar_path(&input.path), target(Some(absolute))));
            }
        }
        Self {
            root: files.canonical(root).unwrap_or_else(|_| root.to_owned()),
            all,
        }
    }

    /// The file that reports show as `path`, or why it is not changed.
    pub(super) fn find(&self, path: &Utf8Path) -> Result<Target, String> {
        let (_, target) = self
            .all
            .iter()
            .find(|(shown, _)| shown == path)
            .ok_or("the file is none of those that are checked")?;
        match &target.absolute {
            Some(absolute) if !absolute.starts_with(&self.root) => {
                Err("the file lies outside of the root".to_owned())
            }
            _ => Ok(target.clone()),
        }
    }
}
