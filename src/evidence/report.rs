//! `scan(item)`: the report of a scanner that a document names, as it was read.

use camino::Utf8Path;

use super::file::{FileState, FileStatus, content};
use super::record::Record;
use super::scan::{self, Format, Open, Scan, ScanError, Severity};
use crate::expr::time::Date;
use crate::expr::{Type, Value};
use crate::files::Files;

/// What a report comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportStatus {
    /// It was read, and does not say that its tool failed.
    Read,
    /// It was read, and says that its tool failed or did not look.
    Unsuccessful,
    /// Its digest is another than the document states. Nothing else is told of it.
    Tampered,
    /// It holds nothing: no text, no run, no component, no test.
    Empty,
    /// It is no report of its format.
    Unparsable,
    /// The document names no file.
    Unnamed,
    /// It could not be read as a file; why is a [`FileStatus`].
    File(FileStatus),
}

impl ReportStatus {
    /// The name as rules have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Unsuccessful => "unsuccessful",
            Self::Tampered => "tampered",
            Self::Empty | Self::File(FileStatus::Empty) => "empty",
            Self::Unparsable => "unparsable",
            Self::Unnamed => "unnamed",
            Self::File(status) => status.name(),
        }
    }
}

/// All that a status can be.
const STATUSES: [&str; 13] = [
    "read",
    "unsuccessful",
    "tampered",
    "empty",
    "unparsable",
    "unnamed",
    "missing",
    "outside",
    "lfs-pointer",
    "not-a-file",
    "too-large",
    "unreadable",
    "address",
];

/// A report as it was read, before it is held against what a document says of it.
#[derive(Clone, Debug)]
pub struct Report {
    /// The file.
    file: FileState,
    /// What is in it; `None` where the file could not be read.
    scan: Option<Result<Scan, ScanError>>,
}

impl Report {
    /// A report whose file cannot be used.
    pub(super) fn refused(file: FileState) -> Self {
        Self { file, scan: None }
    }

    /// Reads a file that was located, of at most `limit` bytes.
    pub(super) fn read(
        files: &dyn Files,
        absolute: &Utf8Path,
        format: Option<Format>,
        limit: u64,
    ) -> Self {
        match content(files, absolute, limit) {
            Ok((file, bytes)) => Self {
                file,
                scan: Some(scan::read(format, &bytes)),
            },
            Err(file) => Self::refused(file),
        }
    }

    /// What it comes to for a document that states this digest of it.
    fn status(&self, sha256: Option<&str>) -> (ReportStatus, Option<String>) {
        let Some(scan) = &self.scan else {
            return (
                ReportStatus::File(self.file.status),
                self.file.reason.clone(),
            );
        };
        let found = self.file.sha256.as_deref().unwrap_or_default();
        if sha256.is_some_and(|stated| !stated.eq_ignore_ascii_case(found)) {
            let why = format!("its SHA-256 is {found}");
            return (ReportStatus::Tampered, Some(why));
        }
        match scan {
            Ok(scan) if scan.succeeded == Some(false) => {
                (ReportStatus::Unsuccessful, scan.failure.clone())
            }
            Ok(_) => (ReportStatus::Read, None),
            Err(error) if error.is_empty() => (ReportStatus::Empty, Some(error.to_string())),
            Err(error) => (ReportStatus::Unparsable, Some(error.to_string())),
        }
    }

    /// What `scan(item)` gives for an item that states this digest.
    pub(super) fn value<'a>(&self, sha256: Option<&str>) -> Value<'a> {
        let (status, why) = self.status(sha256);
        let record = Record::default()
            .text("status", status.name())
            .maybe_text("reason", why.as_deref())
            .maybe("size", self.file.size.map(Record::count))
            .maybe_text("sha256", self.file.sha256.as_deref());
        match (&self.scan, status) {
            (Some(Ok(scan)), ReportStatus::Read | ReportStatus::Unsuccessful) => told(record, scan),
            _ => record,
        }
        .value()
    }

    /// What `scan(item)` gives for an item that names no file.
    pub(super) fn unnamed<'a>() -> Value<'a> {
        Record::default()
            .text("status", ReportStatus::Unnamed.name())
            .text("reason", "no report is named")
            .value()
    }

    /// The type of what `scan(item)` gives.
    pub(super) fn ty() -> Type {
        let counts = |name: &str, keys: &[&str]| {
            Type::object(name, keys.iter().map(|key| (*key, Type::Int)))
        };
        let severities = Severity::ALL.map(Severity::name);
        let finding = Type::object(
            "scan.finding",
            [
                ("id", Type::String),
                ("severity", Type::one_of(severities)),
                ("title", Type::String),
                ("place", Type::String),
            ],
        );
        let licence = Type::object(
            "scan.licence",
            [
                ("text", Type::String),
                ("choices", Type::list(Type::list(Type::String))),
            ],
        );
        let check = Type::object(
            "scan.check",
            [("name", Type::String), ("score", Type::Double)],
        );
        let penetration = Type::object(
            "scan.penetration",
            PENETRATION_DAYS
                .map(|key| (key, Type::Date))
                .into_iter()
                .chain(["vendor", "scope", "report_sha256"].map(|key| (key, Type::String))),
        );
        Type::object(
            "scan",
            [
                ("status", Type::one_of(STATUSES)),
                ("reason", Type::String),
                ("size", Type::Int),
                ("sha256", Type::String),
                ("format", Type::one_of(Format::ALL.map(Format::name))),
                ("tool", Type::String),
                ("tools", Type::list(Type::String)),
                ("version", Type::String),
                ("succeeded", Type::Bool),
                ("errors", Type::Int),
                ("finished", Type::Date),
                ("finished_on", Type::Date),
                ("revision", Type::String),
                ("revisions", Type::list(Type::String)),
                ("open", counts("scan.open", &severities)),
                ("suppressed", Type::Int),
                ("findings", Type::list(finding)),
                ("components", Type::Int),
                ("licences", Type::list(licence)),
                ("unlicensed", Type::Int),
                ("checks", Type::list(check)),
                (
                    "tests",
                    counts("scan.tests", &["passed", "failed", "errors", "skipped"]),
                ),
                ("penetration", penetration),
            ],
        )
    }
}

/// The days of a record of a penetration test.
const PENETRATION_DAYS: [&str; 4] = ["started_on", "ended_on", "retested_on", "expires"];

fn told<'a>(record: Record<'a>, scan: &Scan) -> Record<'a> {
    let tool = scan.tools.first();
    let names: Vec<_> = scan.tools.iter().map(|tool| tool.name.as_str()).collect();
    let revisions: Vec<_> = scan.revisions.iter().map(String::as_str).collect();
    let record = record
        .text("format", scan.format.name())
        .maybe_text("tool", tool.map(|tool| tool.name.as_str()))
        .with("tools", texts(&names))
        .maybe_text("version", tool.and_then(|tool| tool.version.as_deref()))
        .maybe("succeeded", scan.succeeded.map(Value::Bool))
        .with("errors", Record::count(scan.errors))
        .maybe_text("finished", scan.finished.map(written).as_deref())
        .maybe_text(
            "finished_on",
            scan.finished.map(|date| date.day().to_string()).as_deref(),
        )
        .maybe_text("revision", scan.revision.as_deref())
        .with("revisions", texts(&revisions))
        .maybe("open", scan.open.as_ref().map(open))
        .with("suppressed", Record::count(scan.suppressed));
    let findings: Vec<_> = scan
        .findings
        .iter()
        .map(|finding| {
            Record::default()
                .text("id", &finding.id)
                .text("severity", finding.severity.name())
                .text("title", &finding.title)
                .maybe_text("place", finding.place.as_deref())
                .value()
        })
        .collect();
    let record = record.with("findings", Value::list(findings));
    inventory(record, scan)
}

/// What lists other than of findings hold.
fn inventory<'a>(record: Record<'a>, scan: &Scan) -> Record<'a> {
    let licences: Vec<_> = scan
        .licences
        .iter()
        .map(|licence| {
            let choices: Vec<_> = licence
                .choices
                .iter()
                .map(|all| texts(&all.iter().map(String::as_str).collect::<Vec<_>>()))
                .collect();
            Record::default()
                .text("text", &licence.text)
                .with("choices", Value::list(choices))
                .value()
        })
        .collect();
    let checks: Vec<_> = scan
        .checks
        .iter()
        .map(|check| {
            Record::default()
                .text("name", &check.name)
                .maybe("score", check.score.map(Value::Double))
                .value()
        })
        .collect();
    let tests = scan.tests.map(|tests| {
        Record::default()
            .with("passed", Record::count(tests.passed))
            .with("failed", Record::count(tests.failed))
            .with("errors", Record::count(tests.errors))
            .with("skipped", Record::count(tests.skipped))
            .value()
    });
    let penetration = scan.penetration.as_ref().map(|test| {
        Record::default()
            .text("vendor", &test.vendor)
            .text("scope", &test.scope)
            .text("report_sha256", &test.report_sha256)
            .text("started_on", &test.started_on)
            .text("ended_on", &test.ended_on)
            .maybe_text("retested_on", test.retested_on.as_deref())
            .text("expires", &test.expires)
            .value()
    });
    record
        .maybe("components", scan.components.map(Record::count))
        .with("licences", Value::list(licences))
        .with("unlicensed", Record::count(scan.unlicensed))
        .with("checks", Value::list(checks))
        .maybe("tests", tests)
        .maybe("penetration", penetration)
}

fn open<'a>(open: &Open) -> Value<'a> {
    let record = Severity::ALL
        .into_iter()
        .fold(Record::default(), |record, severity| {
            record.with(severity.name(), Record::count(open.of(severity)))
        });
    record.value()
}

fn texts<'a>(texts: &[&str]) -> Value<'a> {
    Value::list(
        texts
            .iter()
            .map(|text| Value::string(*text))
            .collect::<Vec<_>>(),
    )
}

/// As documents write it.
fn written(date: Date) -> String {
    match date {
        Date::Day(day) => day.to_string(),
        Date::Instant(instant) => format!("{instant}Z"),
    }
}
