//! Reports of scanners: read into one shape, whatever the format.
//!
//! [`read`] is pure: bytes in, a [`Scan`] or a [`ScanError`] out. It never takes silence for a good
//! answer. What a report does not say is `None`; a report that says nothing at all, such as `{}`, a
//! log without a run or a list without a component, is an error and not a clean result; a finding
//! whose severity cannot be found is open, of the severity [`Severity::Unknown`].

mod cyclonedx;
mod error;
mod junit;
mod licence;
mod openvex;
mod penetration;
mod sarif;
mod scorecard;
mod severity;
mod shape;
mod sniff;
mod spdx;

use std::collections::BTreeSet;
use std::fmt;

use crate::expr::time::Date;

pub use error::ScanError;
pub use licence::Licence;
pub use penetration::PenetrationTest;
pub use severity::{Open, Severity};

/// How many findings a [`Scan`] keeps with their names; all of them are counted.
pub const FINDINGS_KEPT: usize = 50;
/// How many tools are kept.
const TOOLS_KEPT: usize = 50;
/// How many characters of a text of a report are kept.
const TEXT_KEPT: usize = 200;

/// A format of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// SARIF 2.1.0.
    Sarif,
    /// `CycloneDX` 1.2 and later, JSON: a bill of materials, a list of vulnerabilities, or both.
    CycloneDx,
    /// SPDX 2.2, 2.3 and 3.0, JSON: a bill of materials.
    Spdx,
    /// `OpenVEX` 0.2: what is known of vulnerabilities.
    OpenVex,
    /// `JUnit` XML, as test runners write it.
    Junit,
    /// JSON of the `OpenSSF` Scorecard, second version.
    Scorecard,
    /// A record of a penetration test, JSON or YAML, as `schemas/penetration-test.schema.json` has it.
    PenetrationTest,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Sarif,
        Self::CycloneDx,
        Self::Spdx,
        Self::OpenVex,
        Self::Junit,
        Self::Scorecard,
        Self::PenetrationTest,
    ];

    /// The name as documents write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sarif => "sarif",
            Self::CycloneDx => "cyclonedx",
            Self::Spdx => "spdx",
            Self::OpenVex => "openvex",
            Self::Junit => "junit",
            Self::Scorecard => "scorecard",
            Self::PenetrationTest => "penetration-test",
        }
    }

    /// The format of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// What it is, for messages.
    const fn described(self) -> &'static str {
        match self {
            Self::Sarif => "SARIF",
            Self::CycloneDx => "CycloneDX",
            Self::Spdx => "SPDX",
            Self::OpenVex => "OpenVEX",
            Self::Junit => "JUnit XML",
            Self::Scorecard => "a Scorecard",
            Self::PenetrationTest => "a record of a penetration test",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.described())
    }
}

/// What a report says. `None` is what it does not say.
#[derive(Clone, Debug, PartialEq)]
pub struct Scan {
    /// Its format.
    pub format: Format,
    /// What made it, in the order of the report, each once, at most fifty.
    pub tools: Vec<Tool>,
    /// Whether every run came to its end without an error.
    pub succeeded: Option<bool>,
    /// Why [`succeeded`](Self::succeeded) is false.
    pub failure: Option<String>,
    /// How many errors the tools tell of themselves: what they could not look at.
    pub errors: u64,
    /// When it ended, or was made; of several runs the first, and `None` if one does not say.
    pub finished: Option<Date>,
    /// The revisions that it names, sorted, each once.
    pub revisions: BTreeSet<String>,
    /// The one revision that all of it is about; `None` if it names none, several, or not for all.
    pub revision: Option<String>,
    /// The findings that are open; `None` if the report is none of findings.
    pub open: Option<Open>,
    /// How many findings were set aside: suppressed, fixed, or found not to affect.
    pub suppressed: u64,
    /// The open findings, worst first, at most [`FINDINGS_KEPT`].
    pub findings: Vec<ScanFinding>,
    /// How many components a bill of materials lists.
    pub components: Option<u64>,
    /// The licences of the components, sorted by their text, each once.
    pub licences: BTreeSet<Licence>,
    /// How many components state no licence.
    pub unlicensed: u64,
    /// The checks of a Scorecard, by name.
    pub checks: Vec<Check>,
    /// The tests of a `JUnit` report.
    pub tests: Option<Tests>,
    /// The record of a penetration test.
    pub penetration: Option<PenetrationTest>,
}

/// A tool by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
}

/// One open finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanFinding {
    /// The rule, the vulnerability or the test; empty where the report does not say.
    pub id: String,
    /// How bad it is.
    pub severity: Severity,
    /// What was found, in one line.
    pub title: String,
    /// Where: a file with its line, or a component.
    pub place: Option<String>,
}

/// One check of a Scorecard.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Its name.
    pub name: String,
    /// Its score from 0 to 10; `None` where the check was inconclusive, which the file writes as -1.
    pub score: Option<f64>,
}

/// How many tests there were, and how they ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tests {
    /// Passed.
    pub passed: u64,
    /// Failed: an assertion did not hold.
    pub failed: u64,
    /// Ended with an error.
    pub errors: u64,
    /// Not run.
    pub skipped: u64,
}

impl Scan {
    /// A report that says nothing yet.
    fn new(format: Format) -> Self {
        Self {
            format,
            tools: Vec::new(),
            succeeded: None,
            failure: None,
            errors: 0,
            finished: None,
            revisions: BTreeSet::new(),
            revision: None,
            open: None,
            suppressed: 0,
            findings: Vec::new(),
            components: None,
            licences: BTreeSet::new(),
            unlicensed: 0,
            checks: Vec::new(),
            tests: None,
            penetration: None,
        }
    }

    /// Counts an open finding, and keeps it if it is among the worst.
    fn found(&mut self, finding: ScanFinding) {
        self.open
            .get_or_insert_with(Open::default)
            .count(finding.severity);
        // Stable and short: what does not get in is at the end.
        let at = self
            .findings
            .partition_point(|known| known.severity >= finding.severity);
        if at < FINDINGS_KEPT {
            self.findings.insert(at, finding);
            self.findings.truncate(FINDINGS_KEPT);
        }
    }

    /// Names a tool, once.
    fn tool(&mut self, name: &str, version: Option<&str>) {
        let tool = Tool {
            name: one_line(name),
            version: version.map(one_line),
        };
        if self.tools.len() < TOOLS_KEPT && !self.tools.contains(&tool) {
            self.tools.push(tool);
        }
    }

    /// The report is about these revisions, one for each part of it; `None` where a part does not
    /// say.
    fn about<'r>(&mut self, revisions: impl IntoIterator<Item = Option<&'r str>>) {
        let mut all_said = true;
        for revision in revisions {
            match revision {
                Some(revision) => {
                    self.revisions.insert(cut(revision));
                }
                None => all_said = false,
            }
        }
        let mut named = self.revisions.iter();
        self.revision = match (named.next(), named.next()) {
            (Some(one), None) if all_said => Some(one.clone()),
            _ => None,
        };
    }
}

/// Reads a report.
///
/// `stated` is the format that a document says it has; without one the content decides. The size
/// of `bytes` is for the caller to limit; nesting deeper than 128 levels and more than eight million
/// values are refused here.
///
/// # Errors
/// Whatever is not a report of that format, or a report of nothing.
pub fn read(stated: Option<Format>, bytes: &[u8]) -> Result<Scan, ScanError> {
    let content = sniff::open(bytes)?;
    let seen = content.format();
    let format = match (stated, seen) {
        (Some(stated), Some(seen)) if stated != seen => {
            return Err(ScanError::OtherFormat { stated, seen });
        }
        (Some(format), _) | (None, Some(format)) => format,
        (None, None) => return Err(ScanError::NoFormat),
    };
    match (format, &content) {
        (Format::Junit, sniff::Content::Xml(text)) => junit::read(text),
        (Format::Junit, sniff::Content::Tree(_)) => Err(ScanError::NotXml),
        (format, sniff::Content::Xml(_)) => Err(ScanError::Xml { stated: format }),
        (format, sniff::Content::Tree(tree)) => {
            let root = shape::root(tree, format)?;
            match format {
                Format::Sarif => sarif::read(root),
                Format::CycloneDx => cyclonedx::read(root),
                Format::Spdx => spdx::read(root),
                Format::OpenVex => openvex::read(root),
                Format::Scorecard => scorecard::read(root),
                Format::PenetrationTest => penetration::read(root),
                Format::Junit => Err(ScanError::NotXml),
            }
        }
    }
}

/// The first line of a text, without control characters, cut to what is kept.
fn one_line(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default().trim_end();
    cut(&line.replace(char::is_control, ""))
}

/// A text, cut to what is kept. What was cut is equal to nothing that a document states.
fn cut(text: &str) -> String {
    match text.char_indices().nth(TEXT_KEPT) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
