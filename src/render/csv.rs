//! The findings as CSV (RFC 4180), one line a finding, for spreadsheets.

use crate::finding::{Finding, Report, Stage, Suppression};
use crate::source::csv_table;

use super::finding::{Place, Range};

/// The columns: the keys of a finding in the JSON report.
pub const COLUMNS: [&str; 25] = [
    "rule",
    "severity",
    "outcome",
    "blocking",
    "blocks_from",
    "message",
    "help",
    "notes",
    "controls",
    "fingerprint",
    "waiver",
    "baseline",
    "existing",
    "document_kind",
    "document_id",
    "document_path",
    "path",
    "pointer",
    "key",
    "start_line",
    "start_column",
    "end_line",
    "end_column",
    "labels",
    "policy",
];

/// Every finding below a line of column names.
pub fn render(report: &Report) -> String {
    csv_table(
        &COLUMNS,
        report
            .findings
            .iter()
            .map(|finding| record(finding, report)),
    )
}

fn record(finding: &Finding, report: &Report) -> [String; COLUMNS.len()] {
    let document = finding.document.as_ref();
    let place = Place::of(finding, &report.sources);
    let range = place.and_then(|place| place.range);
    let of_range = |number: fn(Range) -> u32| {
        range.map_or_else(String::new, |range| number(range).to_string())
    };
    let labels: Vec<String> = std::iter::once(&finding.primary)
        .chain(&finding.related)
        .filter(|label| !label.text.is_empty())
        .map(|label| match Place::of_label(label, &report.sources) {
            Some(place) => format!("{place} {}", label.text),
            None => label.text.clone(),
        })
        .collect();
    let policy = finding
        .policy
        .as_ref()
        .and_then(|policy| Place::of_label(policy, &report.sources));
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    [
        finding.rule.to_string(),
        finding.severity.to_string(),
        finding.outcome.to_string(),
        finding.blocking.to_string(),
        text(finding.blocks_from.map(Stage::as_str)),
        finding.message.clone(),
        text(finding.help.as_deref()),
        finding.notes.join("; "),
        finding.controls.join(", "),
        finding.fingerprint.as_str().to_owned(),
        waiver(finding),
        finding
            .suppressed
            .as_ref()
            .filter(|reason| reason.baseline().is_some())
            .map_or_else(String::new, Suppression::remark),
        text(finding.suppressed.as_ref().and_then(Suppression::revision)),
        text(document.map(|document| &*document.kind)),
        text(document.map(|document| &*document.id)),
        text(document.map(|document| &*document.path)),
        text(place.map(|place| place.path)),
        finding.pointer.clone(),
        finding.key.clone(),
        of_range(|range| range.start.line),
        of_range(|range| range.start.column),
        of_range(|range| range.end.line),
        of_range(|range| range.end.column),
        labels.join("; "),
        policy.map_or_else(String::new, |place| place.to_string()),
    ]
}

/// The waiver in a cell: until when, by whom and why.
fn waiver(finding: &Finding) -> String {
    let Some(reason) = &finding.suppressed else {
        return String::new();
    };
    let Some(waiver) = reason.waiver() else {
        return String::new();
    };
    let said = |word: &str, name: Option<&str>| {
        name.map_or_else(String::new, |name| format!("; {word} {name}"))
    };
    format!(
        "{}{}{}: {}",
        reason.remark(),
        said("owner", waiver.owner.as_deref()),
        said("approved by", waiver.approver.as_deref()),
        waiver.reason
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture::{report, retention, rule, spec};

    #[test]
    fn a_finding_is_a_line_with_the_keys_of_the_json_report() {
        let mut finding = retention().with_note("one\ntwo");
        finding.help = Some("=1+1".to_owned());
        let text = render(&report(vec![finding], &[spec(), rule()]));
        assert_eq!(text.matches("\r\n").count(), 2, "{text}");
        insta::assert_snapshot!(text.lines().last().unwrap(), @r#"privacy/retention-limit,error,fail,true,in-review,`income` is kept for P10Y; the limit is P2Y,'=1+1,one two,gdpr:5(1)(e),,,,,feature-spec,instant-credit,specs/credit.yaml,specs/credit.yaml,/data/0/retention,,7,16,7,20,specs/credit.yaml:7:16 `retention` is P10Y,policies/privacy/retention-limit.yaml:4:5"#);
    }

    #[test]
    fn without_findings_there_are_the_columns_alone() {
        let text = render(&report(Vec::new(), &[]));
        assert_eq!(text.lines().count(), 1);
        assert!(text.starts_with("rule,severity,"));
    }
}
