//! One line a finding: `path:line:column: severity[rule] message`, as editors and `grep` take it.

use std::fmt::Write as _;

use crate::finding::Report;
use crate::source::one_line;

use super::finding::{listed, place, remarks};
use super::summary_line;

/// The findings in the order of the report, notices, and last the [summary line](summary_line).
pub fn render(report: &Report) -> String {
    let mut out = String::new();
    for finding in listed(report) {
        let remarks = remarks(finding, report.fail_on)
            .map_or_else(String::new, |remarks| format!(" ({remarks})"));
        // Writing to a string does not fail.
        let _ = writeln!(
            out,
            "{}: {}[{}]{remarks} {}",
            place(finding, &report.sources),
            finding.severity,
            one_line(finding.rule.as_str()),
            one_line(&finding.message),
        );
    }
    for notice in &report.notices {
        let _ = writeln!(out, "notice: {}", one_line(notice));
    }
    out.push_str(&summary_line(report));
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Finding, Outcome, Stage};
    use crate::render::fixture::{card, file, on, report, retention, rule, spec, threshold};

    #[test]
    fn a_finding_is_a_line() {
        let mut later = threshold().with_blocks_from(Stage::Launched);
        later.outcome = Outcome::Unknown;
        let mut report = report(vec![retention(), later], &[spec(), rule(), card()]);
        report.notices.push("a/b is turned off: no need".to_owned());
        insta::assert_snapshot!(render(&report), @r#"
        specs/credit.yaml:7:16: error[privacy/retention-limit] `income` is kept for P10Y; the limit is P2Y
        cards/score.yaml:6:14: error[fairness/threshold] (could not be decided; will block at launched) the demographic parity ratio of 0.72 is below its threshold of 0.8
        notice: a/b is turned off: no need
        launchgate: FAIL  2 documents, 24 rules: 31 passed, 2 failed, 0 unknown, 7 not applicable, 0 waived; 2 blocking, 1 later (as of 2026-11-22, stage: each document's own, policies sha256:1234abcd1234)
        "#);
    }

    #[test]
    fn a_path_begins_no_command() {
        let source = file(0, "::error::x\ny.yaml", "a: 1\n");
        let finding = Finding::new("a/b", "m\n::error::z", on(&source, "1", ""));
        let text = render(&report(vec![finding], &[source]));
        assert!(
            text.starts_with("./::error::x y.yaml:1:4: error[a/b] m ::error::z\n"),
            "{text}"
        );
    }
}
