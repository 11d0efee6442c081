//! The findings as a GitLab Code Quality report, for the widget of a merge request.

use std::fmt::Write as _;

use serde::Serialize;

use crate::finding::{Finding, Report};
use crate::source::one_line;

use super::finding::{Place, Weight, remarks, weight};
use super::json::to_text;

/// One entry a finding, in the order of the report.
///
/// GitLab's severities stand for: `blocker`, the gate's own input is broken; `critical`, it fails
/// the gate; `major`, an error that will block at a later stage; `minor`, a warning; `info`, a note.
pub fn render(report: &Report) -> String {
    let issues: Vec<_> = report
        .findings
        .iter()
        .map(|finding| Issue::new(finding, report))
        .collect();
    to_text(&issues)
}

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: String,
    fingerprint: &'a str,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

impl<'a> Issue<'a> {
    fn new(finding: &'a Finding, report: &'a Report) -> Self {
        let place = Place::of(finding, &report.sources);
        let range = place.and_then(|place| place.range);
        let mut description = one_line(&finding.message);
        if let Some(remarks) = remarks(finding, report.fail_on) {
            // Writing to a string does not fail.
            let _ = write!(description, " ({remarks})");
        }
        if let Some(help) = &finding.help {
            description.push_str(". ");
            description.push_str(&one_line(help));
        }
        Self {
            description,
            check_name: one_line(finding.rule.as_str()),
            fingerprint: finding.fingerprint.as_str(),
            severity: severity(finding),
            location: Location {
                // GitLab drops an entry without a path.
                path: place.map_or(".", |place| place.path),
                lines: Lines {
                    begin: range.map_or(1, |range| range.start.line),
                    end: range.map_or(1, |range| range.end.line),
                },
            },
        }
    }
}

fn severity(finding: &Finding) -> &'static str {
    use crate::finding::Severity;
    match (weight(finding), finding.severity) {
        (Weight::Blocks, _) if finding.rule.is_input_error() => "blocker",
        (Weight::Blocks, _) => "critical",
        (Weight::Notes, _) => "info",
        (Weight::Warns, Severity::Error) => "major",
        (Weight::Warns, _) => "minor",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Severity, Stage};
    use crate::render::fixture::{card, report, retention, spec, threshold};
    use serde_json::{Value, json};

    fn rendered(findings: Vec<Finding>) -> Value {
        serde_json::from_str(&render(&report(findings, &[spec(), card()]))).unwrap()
    }

    #[test]
    fn an_entry_has_the_keys_that_gitlab_reads() {
        assert_eq!(
            rendered(vec![retention()]),
            json!([{
                "description": "`income` is kept for P10Y; the limit is P2Y. Shorten the retention, \
                                or record a waiver with counsel's approval.",
                "check_name": "privacy/retention-limit",
                "fingerprint": "",
                "severity": "critical",
                "location": { "path": "specs/credit.yaml", "lines": { "begin": 7, "end": 7 } }
            }])
        );
        assert_eq!(rendered(Vec::new()), json!([]));
    }

    #[test]
    fn severities_say_what_a_finding_means_for_the_run() {
        let mut input = retention();
        input.rule = "config/unknown-key".into();
        let later = threshold().with_blocks_from(Stage::Launched);
        let warning = threshold().with_severity(Severity::Warning);
        let note = threshold().with_severity(Severity::Note);
        let value = rendered(vec![input, retention(), later, warning, note]);
        let severities: Vec<_> = value
            .as_array()
            .unwrap()
            .iter()
            .map(|issue| issue["severity"].as_str().unwrap())
            .collect();
        assert_eq!(
            severities,
            ["blocker", "critical", "major", "minor", "info"]
        );
    }

    #[test]
    fn what_has_no_file_at_hand_keeps_its_document() {
        let mut finding = retention();
        finding.primary.location.file = crate::source::FileId(99);
        let value = rendered(vec![finding.clone()]);
        assert_eq!(
            value[0]["location"],
            json!({ "path": "specs/credit.yaml", "lines": { "begin": 1, "end": 1 } })
        );
        finding.document = None;
        assert_eq!(rendered(vec![finding])[0]["location"]["path"], ".");
    }
}
