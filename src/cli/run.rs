//! Where the engine is called: the one file of the command line that knows it.

use std::num::NonZeroUsize;

use camino::Utf8PathBuf;
use jiff::civil::Date;

use crate::config::Config;
use crate::discover::Discovered;
use crate::finding::{Finding, Report, Severity, Stage, Summary, Verdict};
use crate::source::SourceMap;

/// What a check is given.
pub(super) struct CheckJob {
    pub(super) config: Config,
    pub(super) discovered: Discovered,
    /// Every file that was read so far.
    pub(super) sources: SourceMap,
    pub(super) as_of: Date,
    pub(super) stage: Option<Stage>,
    pub(super) fail_on: Severity,
    /// Whether an output shows every outcome.
    pub(super) outcomes: bool,
    pub(super) jobs: Option<NonZeroUsize>,
}

/// What a test is given.
pub(super) struct TestJob {
    pub(super) config: Config,
    pub(super) sources: SourceMap,
    /// Absolute paths of packs and policy files; none stands for the packs of the config.
    pub(super) paths: Vec<Utf8PathBuf>,
    pub(super) as_of: Date,
    pub(super) verbose: bool,
}

/// What a command has to say.
pub(super) struct Answer {
    pub(super) text: String,
    pub(super) verdict: Verdict,
}

/// Why a command cannot be carried out.
pub(super) enum Refusal {
    /// With places.
    Findings(Vec<Finding>, SourceMap),
    /// Without.
    Message {
        message: String,
        help: Option<String>,
    },
}

/// Checks documents.
pub(super) fn check(job: CheckJob) -> Report {
    let CheckJob {
        config,
        discovered,
        sources,
        as_of,
        stage,
        fail_on,
        outcomes: _,
        jobs: _,
    } = job;
    let mut report = broken(
        discovered.problems,
        sources,
        config.root.as_str(),
        as_of,
        stage,
        fail_on,
    );
    report.notices = discovered.notices;
    report.notices.push("this build has no engine".to_owned());
    report
}

/// Runs the examples of policies.
pub(super) fn test(job: TestJob) -> Result<Answer, Refusal> {
    let TestJob {
        config: _,
        sources: _,
        paths: _,
        as_of: _,
        verbose: _,
    } = job;
    Err(no_engine())
}

/// The page of a rule.
pub(super) fn explain(config: Config, _sources: SourceMap, _rule: &str) -> Result<Answer, Refusal> {
    drop(config);
    Err(no_engine())
}

/// The list of the rules in use.
pub(super) fn rules(config: Config, _sources: SourceMap) -> Result<Answer, Refusal> {
    drop(config);
    Err(no_engine())
}

fn no_engine() -> Refusal {
    Refusal::Message {
        message: "this build has no engine".to_owned(),
        help: None,
    }
}

/// The report of a run that could not begin.
pub(super) fn broken(
    findings: Vec<Finding>,
    sources: SourceMap,
    root: &str,
    as_of: Date,
    stage: Option<Stage>,
    fail_on: Severity,
) -> Report {
    Report {
        as_of: as_of.to_string(),
        stage,
        fail_on,
        policy_digest: String::new(),
        verdict: Verdict::Error,
        summary: Summary::default(),
        findings,
        outcomes: Vec::new(),
        notices: Vec::new(),
        sources,
        root: root.into(),
    }
}
