//! Traceability as JSON, described by `schemas/traceability.schema.json`.

use serde::Serialize;

use super::{ControlTrace, FrameworkTrace, Row, RowWaiver, Traceability};
use crate::finding::Stage;
use crate::source::json_safe;

/// The version of the format, `schema` in the output.
pub const VERSION: u32 = 1;

/// Every row, indented by two spaces, with a final line end.
pub fn write(trace: &Traceability) -> String {
    let report = ReportDto {
        schema: VERSION,
        as_of: &trace.as_of,
        policy_digest: &trace.policy_digest,
        verdict: trace.verdict.as_str(),
        frameworks: trace.frameworks.iter().map(FrameworkDto::of).collect(),
    };
    match serde_json::to_string_pretty(&report) {
        Ok(json) => json_safe(json) + "\n",
        // Structs of strings and numbers always serialise; if not, it shall not look like a report.
        Err(error) => format!(
            "{{ \"schema\": {VERSION}, \"error\": {:?} }}\n",
            error.to_string()
        ),
    }
}

#[derive(Serialize)]
struct ReportDto<'a> {
    schema: u32,
    as_of: &'a str,
    policy_digest: &'a str,
    verdict: &'static str,
    frameworks: Vec<FrameworkDto<'a>>,
}

#[derive(Serialize)]
struct FrameworkDto<'a> {
    id: &'a str,
    title: &'a str,
    url: Option<&'a str>,
    controls: Vec<ControlDto<'a>>,
}

#[derive(Serialize)]
struct ControlDto<'a> {
    control: &'a str,
    title: &'a str,
    citation: &'a str,
    checked: &'static str,
    status: &'static str,
    standing: String,
    state: &'static str,
    rows: Vec<RowDto<'a>>,
}

#[derive(Serialize)]
struct RowDto<'a> {
    state: &'static str,
    remark: Option<String>,
    rule: Option<RuleDto<'a>>,
    document: Option<DocumentDto<'a>>,
    location: Option<LocationDto<'a>>,
    pass: usize,
    fail: usize,
    unknown: usize,
    not_applicable: usize,
    evidence: Vec<EvidenceDto<'a>>,
    /// Reserved: no sign-off is verified yet.
    sign_off: Option<()>,
    waiver: Vec<WaiverDto<'a>>,
}

#[derive(Serialize)]
struct RuleDto<'a> {
    id: &'a str,
    title: &'a str,
    severity: &'static str,
}

#[derive(Serialize)]
struct DocumentDto<'a> {
    kind: &'a str,
    id: &'a str,
    path: &'a str,
    stage: Option<&'static str>,
}

#[derive(Serialize)]
struct LocationDto<'a> {
    path: &'a str,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct EvidenceDto<'a> {
    pointer: &'a str,
    target: &'a str,
    sha256: Option<&'a str>,
    state: Option<&'static str>,
}

#[derive(Serialize)]
struct WaiverDto<'a> {
    key: &'a str,
    expires: String,
    reason: &'a str,
    owner: Option<&'a str>,
    approver: Option<&'a str>,
}

impl<'a> WaiverDto<'a> {
    fn of(waiver: &'a RowWaiver) -> Self {
        Self {
            key: &waiver.key,
            expires: waiver.expires.to_string(),
            reason: &waiver.reason,
            owner: waiver.owner.as_deref(),
            approver: waiver.approver.as_deref(),
        }
    }
}

impl<'a> FrameworkDto<'a> {
    fn of(framework: &'a FrameworkTrace) -> Self {
        Self {
            id: &framework.id,
            title: &framework.title,
            url: framework.url.as_deref(),
            controls: framework.controls.iter().map(ControlDto::of).collect(),
        }
    }
}

impl<'a> ControlDto<'a> {
    fn of(control: &'a ControlTrace) -> Self {
        Self {
            control: &control.reference,
            title: &control.title,
            citation: &control.citation,
            checked: if control.primary {
                "primary"
            } else {
                "secondary"
            },
            status: control.standing.as_str(),
            standing: control.standing.to_string(),
            state: control.state().as_str(),
            rows: control.rows.iter().map(RowDto::of).collect(),
        }
    }
}

impl<'a> RowDto<'a> {
    fn of(row: &'a Row) -> Self {
        Self {
            state: row.state.as_str(),
            remark: row.state.remark(),
            rule: row.rule.as_ref().map(|rule| RuleDto {
                id: rule.id.as_str(),
                title: &rule.title,
                severity: rule.severity.as_str(),
            }),
            document: row.document.as_ref().map(|(document, stage)| DocumentDto {
                kind: &document.kind,
                id: &document.id,
                path: &document.path,
                stage: stage.map(Stage::as_str),
            }),
            location: row.place.as_ref().map(|place| LocationDto {
                path: &place.path,
                line: place.line,
                column: place.column,
            }),
            pass: row.tally.pass,
            fail: row.tally.fail,
            unknown: row.tally.unknown,
            not_applicable: row.tally.not_applicable,
            evidence: row
                .evidence
                .iter()
                .map(|evidence| EvidenceDto {
                    pointer: &evidence.pointer,
                    target: &evidence.target,
                    sha256: evidence.sha256.as_deref(),
                    state: evidence.state,
                })
                .collect(),
            sign_off: None,
            waiver: row.waivers.iter().map(WaiverDto::of).collect(),
        }
    }
}
