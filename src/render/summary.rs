//! The closing line, the same in every format and with or without colour.

use std::fmt::Write as _;

use crate::finding::{Report, Severity, Summary, Verdict};
use crate::source::display_safe;

/// Hexadecimal digits of the policy digest that are shown; the JSON report has all.
const DIGEST_DIGITS: usize = 12;

/// The last line of a run, without a line end: verdict, documents, rules, outcomes, waivers,
/// blocking findings, as-of date, stage and policy digest.
pub fn summary_line(report: &Report) -> String {
    format!(
        "launchgate: {}  {}",
        verdict_word(report.verdict),
        counts(report)
    )
}

/// The verdict as the closing line writes it.
pub(super) const fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "PASS",
        Verdict::Fail => "FAIL",
        Verdict::Error => "ERROR",
        Verdict::NothingChecked => "NOTHING CHECKED",
    }
}

/// What stands behind the verdict.
pub(super) fn counts(report: &Report) -> String {
    let summary = &report.summary;
    let reason = match report.verdict {
        Verdict::Pass | Verdict::Fail => String::new(),
        Verdict::Error => match report
            .findings
            .iter()
            .filter(|finding| finding.rule.is_input_error())
            .count()
        {
            0 => "nothing may be concluded; ".to_owned(),
            1 => "nothing may be concluded until 1 input error is mended; ".to_owned(),
            errors => format!("nothing may be concluded until {errors} input errors are mended; "),
        },
        Verdict::NothingChecked => format!("{}; ", nothing_checked(report).0),
    };
    let fixed = match summary.fixed {
        0 => String::new(),
        fixed => format!("{fixed} fixed; "),
    };
    format!(
        "{reason}{fixed}{}, {}: {} passed, {} failed, {} unknown, {} not applicable, {} waived{}; \
         {} blocking, {} later ({})",
        plural(summary.documents, "document"),
        plural(summary.rules, "rule"),
        summary.pass,
        summary.fail,
        summary.unknown,
        summary.not_applicable,
        summary.waived,
        suppressed(summary),
        summary.blocking,
        summary.later,
        circumstances(report),
    )
}

/// The findings that do not count for other reasons than a waiver, where there are some.
fn suppressed(summary: &Summary) -> String {
    let mut text = String::new();
    for (count, what) in [
        (summary.baselined, "in the baseline"),
        (summary.existing, "there before"),
    ] {
        if count > 0 {
            let _ = write!(text, ", {count} {what}");
        }
    }
    text
}

/// Why nothing was checked, and what to do.
pub(super) fn nothing_checked(report: &Report) -> (&'static str, &'static str) {
    if report.summary.documents == 0 {
        (
            "no document was recognized",
            "Name a file or folder with a feature spec or a model card, or write `kind: feature-spec` or \
             `kind: model-card` into the document; `launchgate schema feature-spec` shows its keys",
        )
    } else if report.summary.rules == 0 {
        (
            "no rule is active",
            "See `packs` and `rules` in `launchgate.yaml`; `launchgate rules` lists the rules there are",
        )
    } else {
        (
            "no rule applies to any document",
            "See `applies_to` of the rules that `launchgate rules` lists, and `packs` in `launchgate.yaml`",
        )
    }
}

fn circumstances(report: &Report) -> String {
    let stage = report
        .stage
        .map_or("each document's own", |stage| stage.as_str());
    let mut text = format!("as of {}, stage: {stage}", safe(&report.as_of));
    if report.fail_on != Severity::Error {
        let _ = write!(text, ", fail on: {}", report.fail_on);
    }
    let digest = safe(&report.policy_digest);
    if digest.is_empty() {
        text.push_str(", no policies");
    } else {
        let (name, digits) = digest.split_once(':').unwrap_or(("sha256", &digest));
        let digits: String = digits.chars().take(DIGEST_DIGITS).collect();
        let _ = write!(text, ", policies {name}:{digits}");
    }
    text
}

fn safe(text: &str) -> String {
    display_safe(text).replace(['\n', '\t'], " ")
}

fn plural(count: usize, what: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {what}{ending}")
}
