//! `check --since`: which findings are new, and which were there where the branch was made.
//!
//! The gate runs a second time, over the files of that commit and with the config, the policies, the
//! evidence, the sign-offs and the waivers that it had then. So whatever a change causes is new, also in
//! a document that it does not touch: a tightened policy, other evidence, a sign-off that is gone.

use std::path::PathBuf;

use camino::{Utf8Path, Utf8PathBuf};
use rustc_hash::FxHashMap;

use super::git::{Revision, Tree, Unknown};
use super::session::Session;
use crate::config;
use crate::discover::{self, Discovered, Request};
use crate::engine::{CheckOptions, Gate, Inputs};
use crate::files::Files as _;
use crate::finding::{Finding, Fingerprint, Report, Severity, Suppression};
use crate::source::SourceMap;

/// Hexadecimal digits of a commit that are shown.
const SHORT: usize = 12;

/// For each finding at the base whether it failed the gate.
type Before = FxHashMap<Fingerprint, bool>;

/// The commit that a run is compared with.
pub(super) struct Base {
    /// The revision as it was asked for.
    asked: Box<str>,
    revision: Revision,
    tree: Tree,
}

impl Base {
    /// The commit where the current branch left `revision`.
    pub(super) fn at(revision: &str, current: &Utf8Path) -> Result<Self, Unknown> {
        let base = Revision::merge_base(revision, current)?;
        let tree = base.tree()?;
        Ok(Self {
            asked: short(revision).into(),
            revision: base,
            tree,
        })
    }

    /// Marks the findings of a report that were there before. What blocks and did not block then is
    /// new: a rule that became an error, a document that reached the stage, a waiver that is gone.
    pub(super) fn compare(
        &self,
        report: &mut Report,
        gate: &Gate,
        request: &Request,
        options: &CheckOptions,
        session: &Session<'_>,
    ) -> Result<(), Unknown> {
        let before = self.judge(gate, request, options, session);
        if let Some(lost) = self.tree.lost() {
            return Err(lost);
        }
        let commit = short(self.revision.id());
        match before {
            Ok(before) => {
                report.suppress(|finding| {
                    let blocked = *before.get(&finding.fingerprint)?;
                    (blocked || !finding.blocking).then(|| Suppression::Existing {
                        revision: self.asked.clone(),
                    })
                });
                let there = match report.summary.existing {
                    0 => "no finding was there before".to_owned(),
                    1 => "1 finding was there before and does not count".to_owned(),
                    count => format!("{count} findings were there before and do not count"),
                };
                report.notices.push(format!(
                    "compared with {commit}, where this branch left `{}`: {there}",
                    self.asked
                ));
            }
            Err(why) => report.notices.push(format!(
                "every finding counts as new: at {commit}, where this branch left `{}`, {why}",
                self.asked
            )),
        }
        Ok(())
    }

    /// What was found at the base; an error says why nothing was judged there.
    fn judge(
        &self,
        gate: &Gate,
        request: &Request,
        options: &CheckOptions,
        session: &Session<'_>,
    ) -> Result<Before, String> {
        let start = discover::start(request, session.files);
        let folder = self.folder(&start);
        let request = self.request(&folder, request);
        let options = CheckOptions {
            outcomes: false,
            trace: false,
            recognition: false,
            changes: None,
            // As it was then: who has written or approved something since had not.
            base: None,
            history: None,
            reviews: None,
            ..options.clone()
        };
        let check = |gate: &Gate, discovered: Discovered, sources: SourceMap| {
            let inputs = Inputs {
                discovered,
                sources,
                files: &self.tree,
            };
            gate.check(inputs, &options)
        };
        let report = match self.config(gate, &folder, session)? {
            None => {
                let mut sources = gate.sources().clone();
                let config = gate.config();
                let discovered = discover::discover(&request, config, &self.tree, &mut sources);
                check(gate, discovered, sources)
            }
            Some((config, mut sources)) => {
                let discovered = discover::discover(&request, &config, &self.tree, &mut sources);
                let gate = Gate::new(config, sources, &self.tree)
                    .map_err(|refusal| broken(&refusal.findings, &refusal.sources))?;
                check(&gate, discovered, SourceMap::default())
            }
        };
        // What is wrong with the paths leaves the others judged; a waiver file that cannot be read does not.
        let amiss = report.findings.iter().find(|finding| {
            finding.rule.is_input_error()
                && finding.severity == Severity::Error
                && finding.rule.pack() != "input"
        });
        if let Some(amiss) = amiss {
            return Err(broken(std::slice::from_ref(amiss), &report.sources));
        }
        let mut before = Before::default();
        for finding in report.findings {
            *before.entry(finding.fingerprint).or_insert(false) |= finding.blocking;
        }
        Ok(before)
    }

    /// The config that the base had. `None` where it had none: a gate that is adopted with the change
    /// judges the documents of then as it judges those of now, so that old ones do not turn red.
    fn config(
        &self,
        gate: &Gate,
        start: &Utf8Path,
        session: &Session<'_>,
    ) -> Result<Option<(config::Config, SourceMap)>, String> {
        let explicit = session
            .global
            .config
            .as_deref()
            .and_then(Utf8Path::from_path);
        let explicit = explicit.map(|path| session.environment.current.join(path));
        if let Some(path) = &explicit
            && self.tree.stat_link(path).is_err()
        {
            return Ok(None);
        }
        let request = config::Request {
            start,
            explicit: explicit.as_deref(),
            isolated: session.global.isolated,
        };
        let mut sources = SourceMap::default();
        let config = config::load(&request, &self.tree, &mut sources)
            .map_err(|findings| broken(&findings, &sources))?;
        let adopted = config.files.is_empty() && !gate.config().files.is_empty();
        Ok((!adopted).then_some((config, sources)))
    }

    /// The nearest folder, from one of the work tree upwards, that was there.
    fn folder(&self, start: &Utf8Path) -> Utf8PathBuf {
        let top = self.revision.top();
        start
            .ancestors()
            .take_while(|folder| folder.starts_with(top))
            .find(|folder| self.tree.list(folder).is_ok())
            .unwrap_or(top)
            .to_owned()
    }

    /// What to look at: all of the folder, so that a document that was renamed or moved is found
    /// under its former name, and what was named, as far as it was there.
    fn request(&self, folder: &Utf8Path, asked: &Request) -> Request {
        let stdin = asked.stdin.iter().filter_map(|stdin| stdin.path.clone());
        let named: Vec<Utf8PathBuf> = match asked.stdin {
            Some(_) => stdin.collect(),
            None => asked
                .paths
                .iter()
                .filter_map(|path| Utf8Path::from_path(path))
                .map(|path| asked.current.join(path))
                .collect(),
        };
        let there = named
            .into_iter()
            .filter(|path| self.tree.stat(path).is_ok());
        let paths = std::iter::once(folder.to_owned()).chain(there);
        Request {
            current: self.revision.top().to_owned(),
            paths: paths.map(PathBuf::from).collect(),
            stdin: None,
        }
    }
}

/// A commit by its first digits; the name of a branch as it is.
fn short(revision: &str) -> &str {
    let is_id = revision.len() >= 40 && revision.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_id {
        revision.get(..SHORT).unwrap_or(revision)
    } else {
        revision
    }
}

/// Why the gate of the base has no verdict.
fn broken(findings: &[Finding], sources: &SourceMap) -> String {
    let Some(first) = findings.first() else {
        return "the config cannot be read".to_owned();
    };
    let place = sources
        .file(first.primary.location)
        .map_or_else(String::new, |file| {
            let at = file.line_column(first.primary.location.span.start);
            format!(" ({}:{}:{})", file.path(), at.line, at.column)
        });
    format!("the gate itself was broken: {}{place}", first.message)
}
