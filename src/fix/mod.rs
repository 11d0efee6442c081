//! Applies the fixes of findings to texts, and never to files: what is written where is for the
//! caller.
//!
//! [`apply`] takes the fixes of a report that may be applied, makes their edits in memory and looks at each
//! file again. What it keeps has been seen to mend: the file can be read as before, the finding
//! is gone, nothing that held before has ceased to hold, and no check finds something new (but for what
//! stands below a key that had no meaning before it was renamed). Then it begins anew with what is
//! found now, until nothing is left to do; so a second run changes nothing.
//!
//! Fixes that cannot be made together are made one after the other, in the order of their places.

mod plan;
mod verify;

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use crate::discover::{Content, Discovered};
use crate::engine::{CheckOptions, Gate, Inputs};
use crate::files::{Files, Overlay};
use crate::finding::{Fix, Report, Safety, Verdict, edited};
use crate::source::SourceMap;
use plan::{Planned, Target, Targets};
use verify::Seen;

/// How often a report is gone over. Each time mends at least one thing, and what is behind a slip
/// seldom hides a third.
const PASSES: usize = 16;

/// How many fixes of a file a notice names.
const NAMED: usize = 4;

/// What came of the fixes.
#[derive(Debug)]
pub struct Fixed {
    /// The report on the files as they would be, with [`crate::finding::Summary::fixed`] and a notice for each file
    /// and for each fix that was not applied.
    pub report: Report,
    /// The files that change, by path.
    pub files: Vec<FixedFile>,
    /// What was not applied, with the reason, in sentences; they are among the notices.
    pub left: Vec<String>,
}

/// A file that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixedFile {
    /// Relative to the root, as reports show it.
    pub path: Utf8PathBuf,
    /// Where it lies: absolute, links resolved, inside of the root. `None` for standard input.
    pub target: Option<Utf8PathBuf>,
    /// Its text as it is.
    pub before: String,
    /// Its text as it would be.
    pub after: String,
    /// Both with stars in place of what a rule keeps out of every output, for showing; `None` if they
    /// cannot be shown so.
    pub shown: Option<(String, String)>,
}

/// The files of a run, under change.
struct Run<'r> {
    gate: &'r Gate,
    options: &'r CheckOptions,
    discovered: Discovered,
    sources: SourceMap,
    files: Overlay<'r>,
    level: Safety,
    /// What was applied, by the path of its file.
    applied: Vec<(Utf8PathBuf, String)>,
    changed: Vec<FixedFile>,
}

/// Checks files, applies fixes up to `level` to their texts, and checks again. Nothing is written.
pub fn apply(gate: &Gate, inputs: Inputs<'_>, options: &CheckOptions, level: Safety) -> Fixed {
    let mut run = Run {
        gate,
        options,
        discovered: inputs.discovered,
        sources: inputs.sources,
        files: Overlay::new(inputs.files),
        level,
        applied: Vec::new(),
        changed: Vec::new(),
    };
    let mut report = run.check();
    let first = report.sources.clone();
    let mut left = Vec::new();
    for _ in 0..PASSES {
        if report.verdict == Verdict::Error {
            // Where nothing may be concluded, nothing is mended either.
            break;
        }
        let before = run.applied.len();
        left = run.pass(&report);
        if run.applied.len() == before {
            break;
        }
        report = run.check();
    }
    run.finish(report, &first, left)
}

impl Run<'_> {
    fn check(&self) -> Report {
        let inputs = Inputs {
            discovered: self.discovered.clone(),
            sources: self.sources.clone(),
            files: &self.files,
        };
        self.gate.check(inputs, self.options)
    }

    /// Applies what can be applied at once. What was not applied, with the reason, in sentences.
    fn pass(&mut self, report: &Report) -> Vec<String> {
        let mut left = Vec::new();
        let targets = Targets::of(&self.discovered, &self.gate.config().root, &self.files);
        for (path, planned) in plan::by_file(report, self.level) {
            let target = match targets.find(&path) {
                Ok(target) => target,
                Err(why) => {
                    left.extend(planned.iter().map(|one| not_fixed(&path, one.fix, &why)));
                    continue;
                }
            };
            let Some(text) = self.text(&target) else {
                continue;
            };
            let (kept, refused) = self.try_all(&target, &text, &planned);
            left.extend(refused.iter().map(|(fix, why)| not_fixed(&path, fix, why)));
            let edits = kept.iter().flat_map(|fix| &fix.edits);
            if let Some(after) = edited(&text, edits).filter(|after| *after != text) {
                for fix in &kept {
                    self.applied.push((path.clone(), fix.title.clone()));
                }
                self.put(&target, &after);
                self.note(path, &target, text, after);
            }
        }
        left
    }

    /// The fixes that hold together, and the others with the reason.
    fn try_all<'p>(
        &mut self,
        target: &Target,
        text: &str,
        planned: &[Planned<'p>],
    ) -> (Vec<&'p Fix>, Vec<(&'p Fix, String)>) {
        let before = self.see(target);
        let mut refused = Vec::new();
        let mut apart: Vec<&Planned<'p>> = Vec::new();
        for one in planned {
            match apart.iter().find(|taken| taken.fix.collides(one.fix)) {
                // Two findings may ask for the same.
                Some(taken) if taken.fix.edits == one.fix.edits => {}
                Some(taken) => refused.push((
                    one.fix,
                    format!("it is in conflict with another fix, {}", taken.fix.title),
                )),
                None => apart.push(one),
            }
        }
        if self.holds(target, text, &before, &apart).is_ok() {
            return (apart.iter().map(|one| one.fix).collect(), refused);
        }
        let mut kept: Vec<&Planned<'p>> = Vec::new();
        for one in apart {
            kept.push(one);
            if let Err(why) = self.holds(target, text, &before, &kept) {
                kept.pop();
                refused.push((one.fix, why));
            }
        }
        (kept.iter().map(|one| one.fix).collect(), refused)
    }

    /// Whether a text with these fixes is better and in nothing worse.
    fn holds(
        &mut self,
        target: &Target,
        text: &str,
        before: &Seen,
        planned: &[&Planned<'_>],
    ) -> Result<(), String> {
        if planned.is_empty() {
            return Ok(());
        }
        let edits = planned.iter().flat_map(|one| &one.fix.edits);
        let after = edited(text, edits)
            .ok_or_else(|| "the file changed while it was looked at".to_owned())?;
        self.put(target, &after);
        let seen = self.see(target);
        self.put(target, text);
        seen.is_better_than(before, planned)
    }

    /// What the gate says of one file by itself.
    fn see(&self, target: &Target) -> Seen {
        let input = self.discovered.inputs.get(target.input).cloned();
        let options = CheckOptions {
            outcomes: true,
            trace: false,
            recognition: false,
            changes: None,
            ..self.options.clone()
        };
        let inputs = Inputs {
            discovered: Discovered {
                inputs: input.into_iter().collect(),
                ..Discovered::default()
            },
            sources: SourceMap::default(),
            files: &self.files,
        };
        Seen::of(&self.gate.check(inputs, &options))
    }

    fn text(&self, target: &Target) -> Option<String> {
        let bytes = match &target.absolute {
            Some(path) => {
                let limit = self.gate.config().limits.file_bytes.value;
                self.files.read(path, limit).ok()?
            }
            None => match &self.discovered.inputs.get(target.input)?.content {
                Content::Bytes(bytes) => bytes.to_vec(),
                Content::File(_) => return None,
            },
        };
        String::from_utf8(bytes).ok()
    }

    /// Gives a file another text, in memory.
    fn put(&mut self, target: &Target, text: &str) {
        if let Some(path) = &target.absolute {
            self.files.put(path, text);
        } else if let Some(input) = self.discovered.inputs.get_mut(target.input) {
            input.content = Content::Bytes(text.as_bytes().into());
        }
    }

    fn note(&mut self, path: Utf8PathBuf, target: &Target, before: String, after: String) {
        let known = self.changed.iter_mut().find(|file| file.path == path);
        if let Some(file) = known {
            file.after = after;
        } else {
            self.changed.push(FixedFile {
                path,
                target: target.absolute.clone(),
                before,
                after,
                shown: None,
            });
        }
    }

    fn finish(mut self, mut report: Report, first: &SourceMap, left: Vec<String>) -> Fixed {
        self.changed.retain(|file| file.before != file.after);
        self.changed
            .sort_by(|a, b| a.path.as_str().cmp(b.path.as_str()));
        for file in &mut self.changed {
            file.shown = shown(file, first, &report.sources);
        }
        report.summary.fixed = self.applied.len();
        let paths: BTreeSet<&str> = self.applied.iter().map(|(path, _)| path.as_str()).collect();
        let mut notices: Vec<String> = paths
            .into_iter()
            .map(|path| {
                let own = self.applied.iter().filter(|(own, _)| own == path);
                let titles: Vec<&str> = own.map(|(_, title)| title.as_str()).collect();
                let more = titles.len().saturating_sub(NAMED);
                let named = titles
                    .into_iter()
                    .take(NAMED)
                    .collect::<Vec<_>>()
                    .join("; ");
                match more {
                    0 => format!("fixed {path}: {named}"),
                    more => format!("fixed {path}: {named}; and {more} more"),
                }
            })
            .collect();
        notices.extend(left.iter().cloned());
        notices.append(&mut report.notices);
        report.notices = notices;
        Fixed {
            report,
            files: self.changed,
            left,
        }
    }
}

fn not_fixed(path: &Utf8Path, fix: &Fix, why: &str) -> String {
    format!("not fixed in {path}: {}: {why}", fix.title)
}

/// The two texts as they may be shown. Where a report hides something of the file it has its text with
/// stars.
fn shown(file: &FixedFile, first: &SourceMap, last: &SourceMap) -> Option<(String, String)> {
    let text = |sources: &SourceMap| {
        let found = sources.iter().find(|source| source.path() == file.path);
        found.map(|source| source.text().to_owned())
    };
    let (before, after) = (text(first), text(last));
    let hides = before.as_ref().is_some_and(|text| *text != file.before);
    match after {
        Some(after) => Some((before.unwrap_or_else(|| file.before.clone()), after)),
        None if hides => None,
        None => Some((file.before.clone(), file.after.clone())),
    }
}
