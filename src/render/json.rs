//! The report as JSON: its canonical form, described by `schemas/report.schema.json`.
//!
//! The structs here are the contract; they follow [`Report`] by hand, so that a change inside the
//! crate cannot change what consumers read. Their fields are in the order of the output. A change
//! that is not only an addition raises [`VERSION`].

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::finding::{CitedControl, DocumentRef, Finding, Label, Report, Stage};
use crate::source::{Location, SourceFile, SourceMap, json_safe};

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
    controls: BTreeMap<&'a str, ControlDto<'a>>,
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
    blocking: usize,
    later: usize,
}

#[derive(Serialize)]
struct DocumentDto<'a> {
    kind: &'a str,
    id: &'a str,
    path: &'a str,
    stage: Option<&'static str>,
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
    /// Reserved: no waiver is applied yet.
    waiver: Option<()>,
    document: Option<DocumentRefDto<'a>>,
    location: LocationDto<'a>,
    labels: Vec<LabelDto<'a>>,
    policy: Option<LabelDto<'a>>,
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
                blocking: summary.blocking,
                later: summary.later,
            },
            documents: report
                .outcomes
                .iter()
                .map(|outcomes| DocumentDto {
                    kind: &outcomes.document.kind,
                    id: &outcomes.document.id,
                    path: &outcomes.document.path,
                    stage: outcomes.stage.map(Stage::as_str),
                })
                .collect(),
            findings: report
                .findings
                .iter()
                .map(|finding| FindingDto::new(finding, &report.sources))
                .collect(),
            outcomes: outcomes(report),
            controls: report.controls.iter().map(ControlDto::entry).collect(),
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
            waiver: None,
            document: document.map(DocumentRefDto::new),
            location: LocationDto {
                path: file
                    .map(|file| file.path().as_str())
                    .or(document.map(|document| &*document.path)),
                pointer: &finding.pointer,
                range: file.map(|file| RangeDto::new(file, finding.primary.location)),
            },
            labels: labels.map(|label| LabelDto::new(label, sources)).collect(),
            policy: finding
                .policy
                .as_ref()
                .map(|label| LabelDto::new(label, sources)),
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
pub(super) mod tests {
    use super::*;
    use crate::finding::{Outcome, OutcomeRow};
    use crate::render::fixture::{
        card, document, file, on, outcomes, report, retention, rule, spec, threshold,
    };
    use serde_json::{Value, json};

    const SCHEMA: &str = include_str!("../../schemas/report.schema.json");

    /// Holds a rendered report against the published schema.
    pub(in crate::render) fn assert_valid(value: &Value) {
        thread_local! {
            static VALIDATOR: jsonschema::Validator = {
                let schema = serde_json::from_str(SCHEMA).unwrap();
                jsonschema::meta::validate(&schema).unwrap();
                jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
            };
        }
        VALIDATOR.with(|validator| {
            if let Some(error) = validator.iter_errors(value).next() {
                panic!("{} at {}", error, error.instance_path());
            }
        });
    }

    fn rendered(report: &Report) -> Value {
        let text = render(report);
        assert!(text.ends_with("}\n"));
        let value = serde_json::from_str(&text).unwrap();
        assert_valid(&value);
        value
    }

    #[test]
    fn a_finding_has_the_keys_and_the_order_of_the_format() {
        let report = report(vec![retention()], &[spec(), rule()]);
        let value = rendered(&report);
        let keys: Vec<_> = value.as_object().unwrap().keys().collect();
        assert_eq!(
            keys,
            [
                "schema",
                "as_of",
                "stage",
                "fail_on",
                "policy_digest",
                "summary",
                "documents",
                "findings",
                "outcomes",
                "controls",
                "notices"
            ]
        );
        let finding = &value["findings"][0];
        let expected = json!({
            "rule": "privacy/retention-limit",
            "severity": "error",
            "outcome": "fail",
            "blocking": true,
            "blocks_from": "in-review",
            "message": "`income` is kept for P10Y; the limit is P2Y",
            "help": "Shorten the retention, or record a waiver with counsel's approval.",
            "notes": [],
            "controls": ["gdpr:5(1)(e)"],
            "fingerprint": "",
            "waiver": null,
            "document": { "kind": "feature-spec", "id": "instant-credit", "path": "specs/credit.yaml" },
            "location": {
                "path": "specs/credit.yaml",
                "pointer": "/data/0/retention",
                "start": { "line": 7, "column": 16, "byte": 113 },
                "end": { "line": 7, "column": 20, "byte": 117 }
            },
            "labels": [{
                "path": "specs/credit.yaml",
                "start": { "line": 7, "column": 16, "byte": 113 },
                "end": { "line": 7, "column": 20, "byte": 117 },
                "text": "`retention` is P10Y"
            }],
            "policy": {
                "path": "policies/privacy/retention-limit.yaml",
                "start": { "line": 4, "column": 5, "byte": 71 },
                "end": { "line": 4, "column": 47, "byte": 113 },
                "text": ""
            }
        });
        assert_eq!(
            serde_json::to_string_pretty(finding).unwrap(),
            serde_json::to_string_pretty(&expected).unwrap()
        );
    }

    #[test]
    fn outcomes_are_rows_and_documents_have_their_stage() {
        let mut report = report(Vec::new(), &[]);
        report.outcomes = vec![outcomes(
            document("model-card", "score", "cards/score.yaml"),
            &[
                ("core/owner", Outcome::Pass),
                ("fairness/threshold", Outcome::NotApplicable),
            ],
        )];
        report.outcomes[0].rules[1].rows[0] = OutcomeRow {
            item: Some("/fairness/assessments/0".into()),
            outcome: Outcome::Unknown,
            trace: None,
        };
        let value = rendered(&report);
        assert_eq!(
            value["outcomes"],
            json!([
                { "rule": "core/owner", "document": "score", "path": "cards/score.yaml", "item": null, "outcome": "pass" },
                { "rule": "fairness/threshold", "document": "score", "path": "cards/score.yaml",
                  "item": "/fairness/assessments/0", "outcome": "unknown" },
            ])
        );
        assert_eq!(
            value["documents"],
            json!([{ "kind": "model-card", "id": "score", "path": "cards/score.yaml", "stage": "in-review" }])
        );
    }

    #[test]
    fn every_verdict_is_named_as_the_schema_names_it() {
        use crate::finding::Verdict::{Error, Fail, NothingChecked, Pass};
        let mut report = report(Vec::new(), &[]);
        for verdict in [Pass, Fail, Error, NothingChecked] {
            report.verdict = verdict;
            rendered(&report);
        }
        report.policy_digest.clear();
        rendered(&report);
    }

    #[test]
    fn a_place_that_is_not_at_hand_has_a_path_at_most() {
        let mut finding = threshold();
        finding.document = Some(document("model-card", "score", "cards/score.yaml"));
        finding.policy = Some(on(&rule(), "rule", "x"));
        let value = rendered(&report(vec![finding], &[]));
        let finding = &value["findings"][0];
        assert_eq!(
            finding["location"],
            json!({ "path": "cards/score.yaml", "pointer": "/fairness/assessments/0" })
        );
        assert_eq!(
            finding["labels"][1],
            json!({ "path": null, "text": "`threshold.min` is 0.8" })
        );
        assert_eq!(finding["policy"], json!({ "path": null, "text": "x" }));
    }

    #[test]
    fn characters_count_and_unsafe_ones_are_escaped() {
        let source = file(0, "é\u{202E}.yaml", "é: 你 x\u{7f}\n");
        let finding = Finding::new(
            "a/b",
            "\u{1b}\u{9b}\u{2028}\u{E0041}\u{7f}é",
            on(&source, "x", ""),
        );
        let text = render(&report(vec![finding], &[source]));
        assert!(
            text.contains(r#""message": "\u001b\u009b\u2028\udb40\udc41\u007fé""#),
            "{text}"
        );
        assert!(text.contains(r#""path": "é\u202e.yaml""#), "{text}");
        let value: Value = serde_json::from_str(&text).unwrap();
        let start = &value["findings"][0]["location"]["start"];
        assert_eq!(*start, json!({ "line": 1, "column": 6, "byte": 8 }));
    }

    #[test]
    fn the_schema_is_closed() {
        let value = rendered(&report(vec![threshold()], &[card()]));
        let schema: Value = serde_json::from_str(SCHEMA).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        for pointer in [
            "",
            "/summary",
            "/findings/0",
            "/findings/0/location",
            "/findings/0/labels/0",
        ] {
            let mut more = value.clone();
            more.pointer_mut(pointer).unwrap()["surprise"] = json!(1);
            assert!(!validator.is_valid(&more), "{pointer}");
        }
    }
}
