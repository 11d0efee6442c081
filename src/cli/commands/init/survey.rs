//! What a repository holds already.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use crate::cli::session::Session;
use crate::config;
use crate::discover::{self, Request};
use crate::engine::{CheckOptions, Gate, Inputs};
use crate::files::Files;
use crate::finding::{Finding, Outcome, Report};
use crate::source::SourceMap;

/// A document that was found.
pub(super) struct Found {
    /// Relative to the root.
    pub(super) path: Utf8PathBuf,
    /// Its kind.
    pub(super) kind: Arc<str>,
}

/// What was found.
pub(super) struct Survey {
    /// The documents, by path.
    pub(super) documents: Vec<Found>,
    /// Every file that could be a document, relative to the root.
    pub(super) files: BTreeSet<Utf8PathBuf>,
    /// The jurisdictions that the documents name, sorted.
    pub(super) jurisdictions: BTreeSet<String>,
    /// Packs with their titles, and whether a rule of theirs speaks of a document.
    pub(super) packs: BTreeMap<String, (String, bool)>,
    /// How many errors of the gate's own input there are.
    pub(super) errors: usize,
}

impl Survey {
    /// Looks at a repository; what stands in the way is said, and the exit code given.
    pub(super) fn of(root: &Utf8Path, session: &mut Session<'_>) -> Result<Self, u8> {
        let files = session.files;
        let run = match check(root, files, session.environment.today) {
            Ok(run) => run,
            Err((findings, sources)) => {
                session.sources = sources;
                return Err(session.refuse(&findings));
            }
        };
        let mut packs: BTreeMap<String, (String, bool)> = BTreeMap::new();
        for pack in run.gate.rules().packs() {
            packs.insert(pack.name.to_string(), (pack.title.to_string(), false));
        }
        let mut documents = Vec::new();
        for outcomes in &run.report.outcomes {
            documents.push(Found {
                path: Utf8PathBuf::from(&*outcomes.document.path),
                kind: Arc::clone(&outcomes.document.kind),
            });
            for rule in &outcomes.rules {
                let speaks =
                    |row: &crate::finding::OutcomeRow| row.outcome != Outcome::NotApplicable;
                if let Some((_, fits)) = packs.get_mut(rule.rule.pack())
                    && rule.rows.iter().any(speaks)
                {
                    *fits = true;
                }
            }
        }
        Ok(Self {
            documents,
            files: run.files,
            jurisdictions: run.jurisdictions,
            packs,
            errors: errors(&run.report),
        })
    }
}

/// A run over a repository.
pub(super) struct Run {
    pub(super) gate: Gate,
    pub(super) report: Report,
    files: BTreeSet<Utf8PathBuf>,
    jurisdictions: BTreeSet<String>,
}

/// Errors that are the gate's own and no document's.
pub(super) fn errors(report: &Report) -> usize {
    let findings = report.findings.iter();
    findings
        .filter(|finding| finding.rule.is_input_error())
        .count()
}

/// Checks everything below a folder; else why there is no gate for it.
pub(super) fn check(
    root: &Utf8Path,
    files: &dyn Files,
    today: jiff::civil::Date,
) -> Result<Run, (Vec<Finding>, SourceMap)> {
    let mut sources = SourceMap::default();
    let request = config::Request {
        start: root,
        explicit: None,
        isolated: false,
    };
    let config = match config::load(&request, files, &mut sources) {
        Ok(config) => config,
        Err(findings) => return Err((findings, sources)),
    };
    let request = Request {
        current: root.to_owned(),
        paths: Vec::new(),
        stdin: None,
    };
    let discovered = discover::discover(&request, &config, files, &mut sources);
    let gate =
        Gate::new(config, sources, files).map_err(|refused| (refused.findings, refused.sources))?;
    let mut jurisdictions = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for input in &discovered.inputs {
        seen.insert(input.path.clone());
        for document in gate.documents(input, files) {
            let named = document.root().get("jurisdictions");
            let named = named.iter().flat_map(|list| list.items());
            jurisdictions.extend(named.filter_map(|name| Some(name.as_str()?.to_owned())));
        }
    }
    let inputs = Inputs {
        discovered,
        sources: SourceMap::default(),
        files,
    };
    let mut options = CheckOptions::on(today);
    options.outcomes = true;
    let report = gate.check(inputs, &options);
    Ok(Run {
        gate,
        report,
        files: seen,
        jurisdictions,
    })
}

/// The branch that the remote repository is looked at by, as git has noted it.
pub(super) fn default_branch(root: &Utf8Path, files: &dyn Files) -> Option<String> {
    let bytes = files
        .read(&root.join(".git/refs/remotes/origin/HEAD"), 1024)
        .ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let branch = text.trim().strip_prefix("ref: refs/remotes/origin/")?;
    (!branch.is_empty()).then(|| branch.to_owned())
}
