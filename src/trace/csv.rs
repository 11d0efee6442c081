//! Traceability as CSV (RFC 4180), one line a (control, rule, document).

use super::{ControlTrace, FrameworkTrace, Row, Traceability};
use crate::finding::{EvidenceRef, Stage};
use crate::source::csv_table;

/// The columns.
pub const COLUMNS: [&str; 25] = [
    "framework",
    "control",
    "control_title",
    "citation",
    "checked",
    "status",
    "standing",
    "rule",
    "rule_title",
    "severity",
    "document",
    "kind",
    "stage",
    "path",
    "line",
    "column",
    "outcome",
    "remark",
    "pass",
    "fail",
    "unknown",
    "not_applicable",
    "evidence",
    "sign_off",
    "waiver",
];

/// Every row below a line of column names.
pub fn write(trace: &Traceability) -> String {
    let rows = trace.rows();
    csv_table(
        &COLUMNS,
        rows.map(|(framework, control, row)| record(framework, control, row)),
    )
}

fn record(
    framework: &FrameworkTrace,
    control: &ControlTrace,
    row: &Row,
) -> [String; COLUMNS.len()] {
    let rule = row.rule.as_ref();
    let document = row.document.as_ref();
    let place = row.place.as_ref();
    let count = |count: usize| document.map_or_else(String::new, |_| count.to_string());
    let checked = if control.primary {
        "primary"
    } else {
        "secondary"
    };
    let path = place.map(|place| &place.path);
    let path = path.or_else(|| document.map(|(document, _)| &document.path));
    [
        framework.id.to_string(),
        control.reference.to_string(),
        control.title.to_string(),
        control.citation.to_string(),
        checked.to_owned(),
        control.standing.as_str().to_owned(),
        control.standing.to_string(),
        rule.map_or_else(String::new, |rule| rule.id.to_string()),
        rule.map_or_else(String::new, |rule| rule.title.to_string()),
        rule.map_or_else(String::new, |rule| rule.severity.to_string()),
        document.map_or_else(String::new, |(document, _)| document.id.to_string()),
        document.map_or_else(String::new, |(document, _)| document.kind.to_string()),
        document
            .and_then(|(_, stage)| stage.map(Stage::as_str))
            .unwrap_or_default()
            .to_owned(),
        path.map_or_else(String::new, ToString::to_string),
        place.map_or_else(String::new, |place| place.line.to_string()),
        place.map_or_else(String::new, |place| place.column.to_string()),
        row.state.as_str().to_owned(),
        row.state.remark().unwrap_or_default(),
        count(row.tally.pass),
        count(row.tally.fail),
        count(row.tally.unknown),
        count(row.tally.not_applicable),
        row.evidence
            .iter()
            .map(evidence)
            .collect::<Vec<_>>()
            .join("; "),
        "none".to_owned(),
        match row.waivers.as_slice() {
            [] => "none".to_owned(),
            waivers => waivers
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("; "),
        },
    ]
}

fn evidence(evidence: &EvidenceRef) -> String {
    let digest = evidence
        .sha256
        .as_ref()
        .map(|digest| format!("sha256:{digest}"));
    let known: Vec<String> = digest
        .into_iter()
        .chain(evidence.state.map(str::to_owned))
        .collect();
    if known.is_empty() {
        return evidence.target.to_string();
    }
    format!("{} ({})", evidence.target, known.join(", "))
}
