//! The report as JSON: its canonical form, described by `schemas/report.schema.json`.
//!
//! The structs here are the contract; they follow [`Report`] by hand, so that a change inside the
//! crate cannot change what consumers read. Their fields are in the order of the output. A change
//! that is not only an addition raises [`VERSION`].

mod evidence;
mod suppression;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::finding::{
    CitedControl, DocumentRef, Finding, Fix, Label, Report, RuleId, RuleInfo, Stage, Suppression,
};
use crate::source::{Location, SourceFile, SourceMap, json_safe};

use super::waivers::WaiverStateDto;
use evidence::{FairnessDto, SignOffDto};
use suppression::{BaselineDto, ExistingDto, WaiverDto};

/// The version of the format, `schema` in the output.
pub const VERSION: u32 = 1;

/// The report, indented by two spaces, with a final line end.
///
/// Control, bidirectional and invisible characters are written as `\u` escapes, so that the output
/// can be shown at a terminal and read in a review as what it is.
pub fn render(report: &Report) -> String {
    to_text(&ReportDto::new(report))
}

/// Any value as [`render`] writes reports.
pub(crate) fn to_text(value: &impl Serialize) -> String {
    match serde_json::to_string_pretty(value) {
        Ok(json) => json_safe(json) + "\n",
        // Structs of strings and numbers always serialise; if not, it shall not look like a pass.
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
    stage: Option<&'static str>,
    fail_on: &'static str,
    policy_digest: &'a str,
    summary: SummaryDto,
    documents: Vec<DocumentDto<'a>>,
    findings: Vec<FindingDto<'a>>,
    outcomes: Vec<OutcomeDto<'a>>,
    rules: BTreeMap<&'a str, RuleDto<'a>>,
    controls: BTreeMap<&'a str, ControlDto<'a>>,
    fairness: Vec<FairnessDto<'a>>,
    waivers: Vec<WaiverStateDto<'a>>,
    notices: &'a [String],
}

#[derive(Serialize)]
struct SummaryDto {
    verdict: &'static str,
    documents: usize,
    rules: usize,
    pass: usize,
    fail: usize,
    unknown: usize,
    not_applicable: usize,
    waived: usize,
    baselined: usize,
    existing: usize,
    blocking: usize,
    later: usize,
    fixed: usize,
}

#[derive(Serialize)]
struct DocumentDto<'a> {
    kind: &'a str,
    id: &'a str,
    path: &'a str,
    stage: Option<&'static str>,
    sign_offs: Vec<SignOffDto<'a>>,
}

#[derive(Serialize)]
struct RuleDto<'a> {
    title: &'a str,
    description: &'a str,
    help: Option<&'a str>,
    severity: &'static str,
    controls: Vec<&'a str>,
}

#[derive(Serialize)]
struct ControlDto<'a> {
    title: &'a str,
    citation: &'a str,
    url: Option<&'a str>,
    status: &'static str,
    standing: &'a str,
}

#[derive(Serialize)]
struct FindingDto<'a> {
    rule: &'a str,
    severity: &'static str,
    outcome: &'static str,
    blocking: bool,
    blocks_from: Option<&'static str>,
    message: &'a str,
    help: Option<&'a str>,
    notes: &'a [String],
    controls: Vec<&'a str>,
    fingerprint: &'a str,
    waiver: Option<WaiverDto<'a>>,
    baseline: Option<BaselineDto<'a>>,
    existing: Option<ExistingDto<'a>>,
    document: Option<DocumentRefDto<'a>>,
    location: LocationDto<'a>,
    labels: Vec<LabelDto<'a>>,
    policy: Option<LabelDto<'a>>,
    fixes: Vec<FixDto<'a>>,
}

#[derive(Serialize)]
struct FixDto<'a> {
    title: &'a str,
    safety: &'static str,
    edits: Vec<EditDto<'a>>,
}

#[derive(Serialize)]
struct EditDto<'a> {
    path: Option<&'a str>,
    #[serde(flatten)]
    range: Option<RangeDto>,
    replacement: &'a str,
}

#[derive(Serialize)]
struct DocumentRefDto<'a> {
    kind: &'a str,
    id: &'a str,
    path: &'a str,
}

#[derive(Serialize)]
struct LocationDto<'a> {
    path: Option<&'a str>,
    pointer: &'a str,
    key: &'a str,
    #[serde(flatten)]
    range: Option<RangeDto>,
}

#[derive(Serialize)]
struct LabelDto<'a> {
    path: Option<&'a str>,
    #[serde(flatten)]
    range: Option<RangeDto>,
    text: &'a str,
}

#[derive(Serialize)]
struct RangeDto {
    start: PositionDto,
    end: PositionDto,
}

#[derive(Serialize)]
struct PositionDto {
    line: u32,
    column: u32,
    byte: u32,
}

#[derive(Serialize)]
struct OutcomeDto<'a> {
    rule: &'a str,
    document: &'a str,
    path: &'a str,
    item: Option<&'a str>,
    outcome: &'static str,
}

impl<'a> ReportDto<'a> {
    fn new(report: &'a Report) -> Self {
        let summary = &report.summary;
        Self {
            schema: VERSION,
            as_of: &report.as_of,
            stage: report.stage.map(Stage::as_str),
            fail_on: report.fail_on.as_str(),
            policy_digest: &report.policy_digest,
            summary: SummaryDto {
                verdict: report.verdict.as_str(),
                documents: summary.documents,
                rules: summary.rules,
                pass: summary.pass,
                fail: summary.fail,
                unknown: summary.unknown,
                not_applicable: summary.not_applicable,
                waived: summary.waived,
                baselined: summary.baselined,
                existing: summary.existing,
                blocking: summary.blocking,
                later: summary.later,
                fixed: summary.fixed,
            },
            documents: report
                .outcomes
                .iter()
                .map(|outcomes| DocumentDto {
                    kind: &outcomes.document.kind,
                    id: &outcomes.document.id,
                    path: &outcomes.document.path,
                    stage: outcomes.stage.map(Stage::as_str),
                    sign_offs: outcomes.sign_offs.iter().map(SignOffDto::new).collect(),
                })
                .collect(),
            findings: report
                .findings
                .iter()
                .map(|finding| FindingDto::new(finding, &report.sources))
                .collect(),
            outcomes: outcomes(report),
            rules: report.rules.iter().map(RuleDto::entry).collect(),
            controls: report.controls.iter().map(ControlDto::entry).collect(),
            fairness: report.fairness.iter().map(FairnessDto::new).collect(),
            waivers: report
                .waivers
                .iter()
                .map(|waiver| WaiverStateDto::new(waiver, &report.sources))
                .collect(),
            notices: &report.notices,
        }
    }
}

fn outcomes(report: &Report) -> Vec<OutcomeDto<'_>> {
    let mut rows = Vec::new();
    for document in &report.outcomes {
        for rule in &document.rules {
            rows.extend(rule.rows.iter().map(|row| OutcomeDto {
                rule: rule.rule.as_str(),
                document: &document.document.id,
                path: &document.document.path,
                item: row.item.as_deref(),
                outcome: row.outcome.as_str(),
            }));
        }
    }
    rows
}

impl<'a> RuleDto<'a> {
    fn entry((id, about): (&'a RuleId, &'a RuleInfo)) -> (&'a str, Self) {
        let rule = Self {
            title: &about.title,
            description: &about.description,
            help: about.help.as_deref(),
            severity: about.severity.as_str(),
            controls: about.controls.iter().map(|id| &**id).collect(),
        };
        (id.as_str(), rule)
    }
}

impl<'a> ControlDto<'a> {
    fn entry((id, cited): (&'a Arc<str>, &'a CitedControl)) -> (&'a str, Self) {
        let control = Self {
            title: &cited.title,
            citation: &cited.citation,
            url: cited.url.as_deref(),
            status: cited.status,
            standing: &cited.standing,
        };
        (id, control)
    }
}

impl<'a> FindingDto<'a> {
    fn new(finding: &'a Finding, sources: &'a SourceMap) -> Self {
        let file = sources.file(finding.primary.location);
        let document = finding.document.as_ref();
        let why = finding.suppressed.as_ref();
        let labels = std::iter::once(&finding.primary)
            .filter(|label| !label.text.is_empty())
            .chain(&finding.related);
        Self {
            rule: finding.rule.as_str(),
            severity: finding.severity.as_str(),
            outcome: finding.outcome.as_str(),
            blocking: finding.blocking,
            blocks_from: finding.blocks_from.map(Stage::as_str),
            message: &finding.message,
            help: finding.help.as_deref(),
            notes: &finding.notes,
            controls: finding.controls.iter().map(|control| &**control).collect(),
            fingerprint: finding.fingerprint.as_str(),
            waiver: why
                .and_then(Suppression::waiver)
                .map(|waiver| WaiverDto::new(waiver, sources)),
            baseline: why
                .and_then(Suppression::baseline)
                .map(|frozen| BaselineDto::new(frozen, sources)),
            existing: why
                .and_then(Suppression::revision)
                .map(|revision| ExistingDto { revision }),
            document: document.map(DocumentRefDto::new),
            location: LocationDto {
                path: file
                    .map(|file| file.path().as_str())
                    .or(document.map(|document| &*document.path)),
                pointer: &finding.pointer,
                key: &finding.key,
                range: file.map(|file| RangeDto::new(file, finding.primary.location)),
            },
            labels: labels.map(|label| LabelDto::new(label, sources)).collect(),
            policy: finding
                .policy
                .as_ref()
                .map(|label| LabelDto::new(label, sources)),
            fixes: finding
                .fixes
                .iter()
                .map(|fix| FixDto::new(fix, sources))
                .collect(),
        }
    }
}

impl<'a> FixDto<'a> {
    fn new(fix: &'a Fix, sources: &'a SourceMap) -> Self {
        let edits = fix.edits.iter().map(|edit| {
            let file = sources.file(edit.at);
            EditDto {
                path: file.map(|file| file.path().as_str()),
                range: file.map(|file| RangeDto::new(file, edit.at)),
                replacement: &edit.replacement,
            }
        });
        Self {
            title: &fix.title,
            safety: fix.safety.as_str(),
            edits: edits.collect(),
        }
    }
}

impl<'a> DocumentRefDto<'a> {
    fn new(document: &'a DocumentRef) -> Self {
        Self {
            kind: &document.kind,
            id: &document.id,
            path: &document.path,
        }
    }
}

impl<'a> LabelDto<'a> {
    fn new(label: &'a Label, sources: &'a SourceMap) -> Self {
        let file = sources.file(label.location);
        Self {
            path: file.map(|file| file.path().as_str()),
            range: file.map(|file| RangeDto::new(file, label.location)),
            text: &label.text,
        }
    }
}

impl RangeDto {
    fn new(file: &SourceFile, location: Location) -> Self {
        let span = file.clamp(location.span);
        let position = |byte| {
            let place = file.line_column(byte);
            PositionDto {
                line: place.line,
                column: place.column,
                byte,
            }
        };
        Self {
            start: position(span.start),
            end: position(span.end),
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
