//! Workflow commands of GitHub Actions: annotations on the changed files of a pull request.
//!
//! GitHub shows no more than ten annotations of a kind for a step and drops the others without a
//! word. So the worst nine are written, and a tenth that counts the rest and says where they are.

use std::fmt::Write as _;

use crate::finding::{Finding, Report, Verdict};
use crate::source::{display_safe, one_line};

use super::finding::{Place, Range, Weight, facts, is_listed, place, remarks, weight, worst_first};
use super::summary;

/// Annotations with a finding of their own.
const SHOWN: usize = 9;

/// The worst findings as commands, errors first; then notices as plain lines of the log.
pub fn render(report: &Report) -> String {
    let mut out = String::new();
    let mut findings = worst_first(report);
    findings.retain(|finding| is_listed(finding));
    // The tenth is as good as one that says that there is one more.
    let shown = if findings.len() > SHOWN + 1 {
        SHOWN
    } else {
        findings.len()
    };
    let (shown, rest) = findings.split_at(shown);
    for finding in shown {
        command(&mut out, finding, report);
    }
    if !rest.is_empty() {
        count(&mut out, rest);
    }
    if report.verdict == Verdict::NothingChecked {
        let (reason, help) = summary::nothing_checked(report);
        let text = format!("nothing was checked: {reason}\nhelp: {help}");
        let _ = writeln!(out, "::error title=launchgate::{}", data(&text));
    }
    for notice in &report.notices {
        let _ = writeln!(out, "notice: {}", one_line(notice));
    }
    out
}

/// Writing to a string does not fail, so results of `write!` are dropped.
fn command(out: &mut String, finding: &Finding, report: &Report) {
    let name = match weight(finding) {
        Weight::Blocks => "error",
        Weight::Warns => "warning",
        Weight::Notes => "notice",
    };
    let _ = write!(out, "::{name} ");
    if let Some(place) = Place::of(finding, &report.sources) {
        let _ = write!(out, "file={},", property(place.path));
        if let Some(Range { start, end }) = place.range {
            let _ = write!(out, "line={},endLine={},", start.line, end.line);
            // GitHub refuses columns of a range that spans lines.
            if start.line == end.line {
                let _ = write!(out, "col={},endColumn={},", start.column, end.column);
            }
        }
    }
    // The place is repeated: a log shows the message alone.
    let remarks = remarks(finding, report.fail_on)
        .map_or_else(String::new, |remarks| format!(" ({remarks})"));
    let mut text = format!(
        "{}:{remarks} {}",
        place(finding, &report.sources),
        one_line(&finding.message)
    );
    for fact in facts(finding, &report.sources) {
        let _ = write!(text, "\nnote: {fact}");
    }
    if !finding.controls.is_empty() {
        let _ = write!(text, "\ncontrols: {}", finding.controls.join(", "));
    }
    if let Some(help) = &finding.help {
        let _ = write!(text, "\nhelp: {help}");
    }
    let _ = writeln!(
        out,
        "title={}::{}",
        property(finding.rule.as_str()),
        data(&text)
    );
}

/// Says how many findings have no annotation.
fn count(out: &mut String, rest: &[&Finding]) {
    let blocking = rest.iter().filter(|finding| finding.blocking).count();
    let name = if blocking > 0 { "warning" } else { "notice" };
    let _ = writeln!(
        out,
        "::{name} title=launchgate::{} more findings have no annotation, {blocking} of them block; \
         the job summary and `launchgate check` list them all",
        rest.len(),
    );
}

/// The text of a command.
fn data(text: &str) -> String {
    display_safe(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property, which ends at `,` and `:` as well.
///
/// A path with characters that are not shown raw points to no file any more; there is no escape
/// for them.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Outcome, Severity, Stage};
    use crate::render::fixture::{at, card, file, on, report, retention, spec, threshold};

    #[test]
    fn a_finding_is_a_command_with_its_place_twice() {
        let mut later = threshold().with_blocks_from(Stage::Launched);
        later.outcome = Outcome::Unknown;
        insta::assert_snapshot!(
            render(&report(vec![later, retention()], &[spec(), card()])),
            @r#"
        ::error file=specs/credit.yaml,line=7,endLine=7,col=16,endColumn=20,title=privacy/retention-limit::specs/credit.yaml:7:16: `income` is kept for P10Y; the limit is P2Y%0Anote: `retention` is P10Y%0Acontrols: gdpr:5(1)(e)%0Ahelp: Shorten the retention, or record a waiver with counsel's approval.
        ::warning file=cards/score.yaml,line=6,endLine=6,col=14,endColumn=18,title=fairness/threshold::cards/score.yaml:6:14: (could not be decided; will block at launched) the demographic parity ratio of 0.72 is below its threshold of 0.8%0Anote: `value` is 0.72%0Anote: `threshold.min` is 0.8 (cards/score.yaml:7:25)
        "#
        );
    }

    #[test]
    fn texts_and_properties_are_escaped_by_their_own_rules() {
        let source = file(0, "a,b:c%0A.yaml", "a: 1\nb: 2\n");
        let finding = Finding::new("a/b", "50%: x, y\r\n::error::z %0A", on(&source, "1", ""));
        let text = render(&report(vec![finding], &[source]));
        assert_eq!(
            text,
            "::warning file=a%2Cb%3Ac%250A.yaml,line=1,endLine=1,col=4,endColumn=5,title=a/b::\
             a,b:c%250A.yaml:1:4: 50%25: x, y\u{FFFD} ::error::z %250A\n"
        );
    }

    #[test]
    fn a_range_over_lines_has_no_columns() {
        let source = file(0, "a.yaml", "a: 1\nb: 2\n");
        let finding = Finding::new("a/b", "m", at(&source, 0, 9, ""));
        let text = render(&report(vec![finding], &[source]));
        assert!(
            text.starts_with("::warning file=a.yaml,line=1,endLine=2,title=a/b::a.yaml:1:1: m"),
            "{text}"
        );
    }

    #[test]
    fn nine_are_shown_and_one_counts_the_rest() {
        let mut findings = vec![threshold().with_severity(Severity::Note); 3];
        findings.extend(vec![retention(); 7]);
        let lines = |findings: &[Finding]| -> Vec<String> {
            let text = render(&report(findings.to_vec(), &[spec(), card()]));
            text.lines().map(str::to_owned).collect()
        };
        let ten = lines(&findings);
        assert_eq!(ten.len(), 10);
        assert!(ten[..7].iter().all(|line| line.starts_with("::error ")));
        assert!(ten[7..].iter().all(|line| line.starts_with("::notice ")));
        findings.push(threshold());
        let cut = lines(&findings);
        assert_eq!(cut.len(), 10);
        assert!(cut[7].starts_with("::warning file="));
        assert!(
            cut[9]
                .starts_with("::notice title=launchgate::2 more findings have no annotation, 0 of"),
            "{}",
            cut[9]
        );
        findings.extend(vec![retention(); 20]);
        let cut = lines(&findings);
        assert!(
            cut[9].starts_with(
                "::warning title=launchgate::22 more findings have no annotation, 18 of"
            ),
            "{}",
            cut[9]
        );
    }

    #[test]
    fn nothing_checked_is_no_silence() {
        let mut report = report(Vec::new(), &[]);
        assert_eq!(render(&report), "");
        report.verdict = Verdict::NothingChecked;
        report.notices.push("::error::x".to_owned());
        let text = render(&report);
        assert!(
            text.starts_with("::error title=launchgate::nothing was checked: "),
            "{text}"
        );
        assert!(text.ends_with("\nnotice: ::error::x\n"), "{text}");
    }
}
