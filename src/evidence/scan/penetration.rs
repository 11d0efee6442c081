//! A record of a penetration test: no standard has one, so it is ours.

use std::sync::{Arc, OnceLock};

use serde::Deserialize;

use super::shape::{Object, Shaped};
use super::{Format, Open, Scan, ScanError, one_line};
use crate::document;
use crate::expr::time::parse_date;
use crate::schema::Schema;
use crate::value::de;

/// What a record says. Days as documents write them.
#[derive(Clone, Debug, PartialEq)]
pub struct PenetrationTest {
    /// Who tested.
    pub vendor: String,
    /// What was tested.
    pub scope: String,
    /// Digest of the report, in lower-case hexadecimal.
    pub report_sha256: String,
    /// First day.
    pub started_on: String,
    /// Last day.
    pub ended_on: String,
    /// Day on which the repairs were tested.
    pub retested_on: Option<String>,
    /// Day from which a new test is due.
    pub expires: String,
}

#[derive(Deserialize)]
struct Record {
    vendor: String,
    scope: String,
    report_sha256: String,
    started_on: String,
    ended_on: String,
    retested_on: Option<String>,
    expires: String,
    revision: Option<String>,
    open: Counts,
}

#[derive(Deserialize)]
struct Counts {
    critical: u64,
    high: u64,
    medium: u64,
    low: u64,
}

fn schema() -> Shaped<&'static Schema> {
    static SCHEMA: OnceLock<Option<Schema>> = OnceLock::new();
    let schema = SCHEMA.get_or_init(|| {
        let text = document::builtin::text("penetration-test.schema.json")?;
        let value = serde_json::from_str(text).ok()?;
        Some(Schema::lazy("penetration-test", Arc::new(value)))
    });
    schema.as_ref().ok_or_else(|| ScanError::NotOne {
        format: Format::PenetrationTest,
        message: "its schema cannot be read".to_owned(),
    })
}

pub(super) fn read(root: Object<'_>) -> Shaped<Scan> {
    let node = root.node();
    if let Some(finding) = schema()?.check(node).into_iter().next() {
        let line = node
            .source()
            .line_column(finding.primary.location.span.start)
            .line;
        return Err(ScanError::NotOne {
            format: Format::PenetrationTest,
            message: format!("line {line}: {}", finding.message),
        });
    }
    let record: Record = de::from_node(node).map_err(|error| ScanError::NotOne {
        format: Format::PenetrationTest,
        message: error.message,
    })?;
    let mut scan = Scan::new(Format::PenetrationTest);
    scan.tool(&record.vendor, None);
    // What is open was counted by the last who looked.
    let last = record.retested_on.as_ref().unwrap_or(&record.ended_on);
    scan.finished = parse_date(last)
        .ok()
        .or_else(|| parse_date(&record.ended_on).ok());
    scan.about(record.revision.as_deref().map(Some));
    scan.open = Some(Open {
        critical: record.open.critical,
        high: record.open.high,
        medium: record.open.medium,
        low: record.open.low,
        unknown: 0,
    });
    scan.penetration = Some(PenetrationTest {
        vendor: one_line(&record.vendor),
        scope: record.scope,
        report_sha256: record.report_sha256,
        started_on: record.started_on,
        ended_on: record.ended_on,
        retested_on: record.retested_on,
        expires: record.expires,
    });
    Ok(scan)
}
