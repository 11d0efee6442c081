//! SARIF 2.1.0 (OASIS), for code scanning and for viewers.
//!
//! A result's `level` says what it means for this run: `error` fails the gate, `warning` does not or
//! not yet, `note` is worth knowing. Every result has the kind `fail`: with any other kind the
//! standard wants the level `none`, and what could not be decided blocks. Input errors are results
//! like any other, since viewers show results and few show notifications.

mod result;
mod rules;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use crate::finding::{Finding, Report, Stage, Verdict};
use crate::source::display_safe;

use super::finding::{Weight, weight, worst_first};
use super::json::to_text;
use super::summary_line;
use rules::Rules;

/// Results of a run that GitHub takes; it shows the 5000 that are worst by their level.
const RESULTS: usize = 25_000;

/// What paths are relative to. The consumer knows where its checkout is; the report does not say.
const ROOT: &str = "%SRCROOT%";

/// The rule of the result that counts those that are left out.
const LIMIT: &str = "launchgate/output-limit";

/// The report as a log of one run, the worst findings first.
pub fn render(report: &Report) -> String {
    render_within(report, RESULTS)
}

/// As [`render`], with at most `limit` results: the last one counts those that are left out.
fn render_within(report: &Report, limit: usize) -> String {
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [run(report, limit)],
    });
    to_text(&log)
}

fn run(report: &Report, limit: usize) -> Value {
    let findings = worst_first(report);
    let kept = if findings.len() > limit {
        limit.saturating_sub(1)
    } else {
        findings.len()
    };
    let (kept, rest) = findings.split_at(kept);
    let mut rules = Rules::of(report);
    let cut = left_out(rest);
    if cut.is_some() {
        rules.add_limit();
    }
    let mut results: Vec<Value> = kept
        .iter()
        .map(|finding| result::result(finding, report, &rules))
        .collect();
    if let (Some(text), Some(first)) = (&cut, rest.first()) {
        results.push(result::limit(text, first, report, &rules));
    }
    json!({
        "tool": { "driver": driver(rules) },
        "invocations": [invocation(report, cut.as_deref())],
        "originalUriBaseIds": {
            ROOT: { "description": { "text": "The root of the repository." } },
        },
        "columnKind": "unicodeCodePoints",
        "results": results,
        "properties": {
            "asOf": report.as_of,
            "stage": report.stage.map(Stage::as_str),
            "failOn": report.fail_on.as_str(),
            "policyDigest": report.policy_digest,
            "verdict": report.verdict.as_str(),
            "summary": summary_line(report),
            "resultsLeftOut": rest.len(),
        },
    })
}

/// What is said of findings that are left out; `None` where none is.
fn left_out(rest: &[&Finding]) -> Option<String> {
    let blocking = rest
        .iter()
        .filter(|finding| weight(finding) == Weight::Blocks)
        .count();
    (!rest.is_empty()).then(|| {
        format!(
            "{} more findings are not in this file, {blocking} of them block: code scanning takes no \
             more than {RESULTS} results. `launchgate check --output json` lists them all.",
            rest.len()
        )
    })
}

fn driver(rules: Rules) -> Value {
    let version = env!("CARGO_PKG_VERSION");
    let mut driver = json!({
        "name": "launchgate",
        "semanticVersion": version,
        "version": version,
    });
    let home = [env!("CARGO_PKG_HOMEPAGE"), env!("CARGO_PKG_REPOSITORY")];
    if let (Some(home), Some(driver)) = (
        home.into_iter().find(|home| !home.is_empty()),
        driver.as_object_mut(),
    ) {
        driver.insert("informationUri".to_owned(), home.into());
    }
    if let Some(driver) = driver.as_object_mut() {
        driver.insert("rules".to_owned(), rules.into_value());
    }
    driver
}

/// How the run went. It did not succeed where nothing may be concluded, so that an empty list of
/// results is not taken for a clean one.
fn invocation(report: &Report, cut: Option<&str>) -> Value {
    let notification = |level: &str, text: &str| json!({ "level": level, "message": { "text": display_safe(text) } });
    let mut of_execution: Vec<Value> = cut
        .iter()
        .map(|text| notification("warning", text))
        .collect();
    let notices = report.notices.iter();
    of_execution.extend(notices.map(|notice| notification("note", notice)));
    let concluded = matches!(report.verdict, Verdict::Pass | Verdict::Fail);
    let of_configuration = if concluded {
        Vec::new()
    } else {
        vec![notification("error", &summary_line(report))]
    };
    json!({
        "executionSuccessful": concluded,
        "exitCode": report.verdict.exit_code(),
        "exitCodeDescription": meaning(report.verdict),
        "toolConfigurationNotifications": of_configuration,
        "toolExecutionNotifications": of_execution,
    })
}

const fn meaning(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "every blocking rule passed, was not applicable, or was waived",
        Verdict::Fail => "the gate failed",
        Verdict::Error => "nothing may be concluded: the gate's own input is broken",
        Verdict::NothingChecked => "nothing was checked: no document, or no rule, matched",
    }
}
