//! The report as `JUnit` XML: a suite a document, for the test views of CI systems.
//!
//! A test case fails where its finding fails the gate, and is an error where that could not be
//! decided. A finding that does not block, or not yet, is skipped with its message, since a failed
//! case would turn a build red that the gate lets pass. Where outcomes are listed, what passed and
//! what does not apply are cases as well.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::finding::{DocumentOutcomes, Finding, Outcome, Report, RuleId, Verdict};
use crate::source::one_line;

use super::finding::{Weight, facts, place, remarks, weight};
use super::{summary, summary_line};

type Xml = Writer<Vec<u8>>;

/// The name of the suite for what is about no document.
const GATE: &str = "launchgate";

/// The report, a suite for the gate first, then one a document.
pub fn render(report: &Report) -> String {
    let suites = suites(report);
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    // Writing to memory does not fail.
    let _ = write(&mut xml, &suites);
    let mut text = String::from_utf8_lossy(&xml.into_inner()).into_owned();
    text.push('\n');
    text
}

/// A suite: its name, its cases, and what it says beside them.
struct Suite {
    name: String,
    cases: Vec<Case>,
    said: Vec<String>,
}

struct Case {
    class: String,
    name: String,
    state: State,
}

/// What a case came to.
enum State {
    Passed,
    Skipped(Told),
    Failed(Told),
    Undecided(Told),
}

/// What a case that did not pass says.
struct Told {
    message: String,
    /// The rule that speaks, where one does.
    rule: Option<String>,
    lines: Vec<String>,
}

impl State {
    fn skipped(why: &str) -> Self {
        Self::Skipped(Told {
            message: why.to_owned(),
            rule: None,
            lines: Vec::new(),
        })
    }
}

fn suites(report: &Report) -> Vec<Suite> {
    let mut by_path: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    let mut cases = Vec::new();
    for finding in &report.findings {
        match &finding.document {
            Some(document) => by_path.entry(&document.path).or_default().push(finding),
            None => cases.push(of_finding(finding, report)),
        }
    }
    match report.verdict {
        Verdict::NothingChecked => {
            let (reason, help) = summary::nothing_checked(report);
            cases.push(Case {
                class: GATE.to_owned(),
                name: "something is checked".to_owned(),
                state: State::Undecided(Told {
                    message: format!("nothing was checked: {reason}"),
                    rule: None,
                    lines: vec![format!("help: {help}")],
                }),
            });
        }
        Verdict::Pass if report.findings.is_empty() => cases.push(Case {
            class: GATE.to_owned(),
            name: "no findings".to_owned(),
            state: State::Passed,
        }),
        Verdict::Pass | Verdict::Fail | Verdict::Error => {}
    }
    let mut said = vec![summary_line(report)];
    said.extend(
        report
            .notices
            .iter()
            .map(|notice| format!("notice: {notice}")),
    );
    let mut suites = vec![Suite::new(GATE, cases, said)];
    for document in &report.outcomes {
        let found: Vec<&Finding> = by_path
            .get(&*document.document.path)
            .into_iter()
            .flatten()
            .copied()
            .filter(|finding| finding.document.as_ref() == Some(&document.document))
            .collect();
        suites.push(of_document(document, &found, report));
    }
    // A finding about a document that could not be counted is not lost.
    let counted: BTreeSet<_> = report
        .outcomes
        .iter()
        .map(|known| &known.document)
        .collect();
    for (path, findings) in by_path {
        let cases: Vec<_> = findings
            .into_iter()
            .filter(|finding| {
                !finding
                    .document
                    .as_ref()
                    .is_some_and(|of| counted.contains(of))
            })
            .map(|finding| of_finding(finding, report))
            .collect();
        if !cases.is_empty() {
            suites.push(Suite::new(path, cases, Vec::new()));
        }
    }
    suites
}

fn of_document(document: &DocumentOutcomes, findings: &[&Finding], report: &Report) -> Suite {
    let reference = &document.document;
    let speaking: BTreeSet<&RuleId> = findings.iter().map(|finding| &finding.rule).collect();
    let folded: BTreeSet<&RuleId> = findings
        .iter()
        .flat_map(|finding| &finding.folded)
        .collect();
    let mut cases: Vec<Case> = findings
        .iter()
        .map(|finding| of_finding(finding, report))
        .collect();
    for rule in &document.rules {
        for row in &rule.rows {
            let state = match row.outcome {
                Outcome::Pass => State::Passed,
                Outcome::NotApplicable => State::skipped("not applicable"),
                Outcome::Fail | Outcome::Unknown if speaking.contains(&rule.rule) => continue,
                Outcome::Fail | Outcome::Unknown if folded.contains(&rule.rule) => {
                    State::skipped("hinges on another finding about this document")
                }
                // Its finding was left out, and another one says so.
                Outcome::Fail | Outcome::Unknown => State::skipped(&format!(
                    "{}; its finding is not listed",
                    row.outcome.as_str()
                )),
            };
            let item = row.item.as_deref();
            let rule = rule.rule.as_str();
            cases.push(Case {
                class: one_line(&reference.path),
                name: item.map_or_else(
                    || one_line(rule),
                    |item| one_line(&format!("{rule} {item}")),
                ),
                state,
            });
        }
    }
    let name = format!("{} {} {}", reference.path, reference.kind, reference.id);
    Suite::new(&name, cases, Vec::new())
}

fn of_finding(finding: &Finding, report: &Report) -> Case {
    let at = place(finding, &report.sources);
    let rule = one_line(finding.rule.as_str());
    let mut message = one_line(&finding.message);
    if let Some(remarks) = remarks(finding, report.fail_on) {
        message = format!("({remarks}) {message}");
    }
    let mut lines = vec![at];
    let facts = facts(finding, &report.sources).into_iter();
    lines.extend(facts.map(|fact| format!("note: {fact}")));
    if !finding.controls.is_empty() {
        lines.push(format!("controls: {}", finding.controls.join(", ")));
    }
    lines.extend(finding.help.iter().map(|help| format!("help: {help}")));
    let document = finding.document.as_ref();
    let blocks = weight(finding) == Weight::Blocks;
    if !blocks {
        message = format!("{}: {message}", finding.severity);
    }
    let name = one_line(&format!("{rule} {}", finding.pointer));
    let told = Told {
        message,
        rule: Some(rule),
        lines,
    };
    Case {
        class: document.map_or_else(|| GATE.to_owned(), |document| one_line(&document.path)),
        name,
        state: match finding.outcome {
            _ if !blocks => State::Skipped(told),
            Outcome::Unknown => State::Undecided(told),
            _ => State::Failed(told),
        },
    }
}

impl Suite {
    /// A suite whose cases have names of their own: some CI systems drop the second of two.
    fn new(name: &str, mut cases: Vec<Case>, said: Vec<String>) -> Self {
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        for case in &mut cases {
            let count = known.entry(case.name.clone()).or_insert(0);
            *count += 1;
            if *count > 1 {
                case.name = format!("{} ({count})", case.name);
            }
        }
        Self {
            name: one_line(name),
            cases,
            said,
        }
    }

    fn count(&self, wanted: fn(&State) -> bool) -> usize {
        self.cases.iter().filter(|case| wanted(&case.state)).count()
    }

    fn failures(&self) -> usize {
        self.count(|state| matches!(state, State::Failed(..)))
    }

    fn errors(&self) -> usize {
        self.count(|state| matches!(state, State::Undecided(..)))
    }
}

fn write(xml: &mut Xml, suites: &[Suite]) -> io::Result<()> {
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let total = |of: &dyn Fn(&Suite) -> usize| suites.iter().map(of).sum::<usize>().to_string();
    xml.create_element("testsuites")
        .with_attributes([
            ("name", GATE),
            ("tests", &total(&|suite| suite.cases.len())),
            ("failures", &total(&Suite::failures)),
            ("errors", &total(&Suite::errors)),
        ])
        .write_inner_content(|xml| {
            for suite in suites {
                write_suite(xml, suite)?;
            }
            Ok(())
        })?;
    Ok(())
}

fn write_suite(xml: &mut Xml, suite: &Suite) -> io::Result<()> {
    let skipped = suite.count(|state| matches!(state, State::Skipped(..)));
    xml.create_element("testsuite")
        .with_attributes([
            ("name", &*suite.name),
            ("tests", &suite.cases.len().to_string()),
            ("failures", &suite.failures().to_string()),
            ("errors", &suite.errors().to_string()),
            ("skipped", &skipped.to_string()),
        ])
        .write_inner_content(|xml| {
            for case in &suite.cases {
                write_case(xml, case)?;
            }
            if !suite.said.is_empty() {
                xml.create_element("system-out")
                    .write_text_content(BytesText::new(&lines(&suite.said)))?;
            }
            Ok(())
        })?;
    Ok(())
}

fn write_case(xml: &mut Xml, case: &Case) -> io::Result<()> {
    let element = xml
        .create_element("testcase")
        .with_attributes([("classname", &*case.class), ("name", &*case.name)]);
    let (tag, told) = match &case.state {
        State::Passed => return element.write_empty().map(drop),
        State::Skipped(told) => ("skipped", told),
        State::Failed(told) => ("failure", told),
        State::Undecided(told) => ("error", told),
    };
    element.write_inner_content(|xml| {
        let message = one_line(&told.message);
        let mut element = xml
            .create_element(tag)
            .with_attribute(("message", &*message));
        if let Some(rule) = &told.rule {
            element = element.with_attribute(("type", &**rule));
        }
        if told.lines.is_empty() {
            element.write_empty()?;
        } else {
            element.write_text_content(BytesText::new(&lines(&told.lines)))?;
        }
        Ok(())
    })?;
    Ok(())
}

/// Each text on a line of its own.
fn lines(texts: &[String]) -> String {
    let lines: Vec<String> = texts.iter().map(|text| one_line(text)).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Severity, Stage};
    use crate::render::fixture::{card, document, outcomes, report, retention, spec, threshold};

    #[test]
    fn a_document_is_a_suite_and_an_outcome_a_case() {
        let mut unknown = threshold();
        unknown.outcome = Outcome::Unknown;
        unknown.blocking = true;
        unknown.document = Some(document("model-card", "score", "cards/score.yaml"));
        unknown.folded = ["fairness/folded".into()].into();
        let later = Finding {
            outcome: Outcome::Fail,
            blocking: false,
            ..unknown.clone()
        }
        .with_blocks_from(Stage::Launched);
        let mut warning = threshold().with_severity(Severity::Warning);
        warning.rule = "config/soft".into();
        let mut report = report(
            vec![retention(), unknown, later, warning],
            &[spec(), card()],
        );
        report
            .notices
            .push("a/b is turned off: no <need>".to_owned());
        report.outcomes = vec![outcomes(
            document("model-card", "score", "cards/score.yaml"),
            &[
                ("core/owner", Outcome::Pass),
                ("core/x", Outcome::NotApplicable),
                ("fairness/folded", Outcome::Unknown),
                ("fairness/hidden", Outcome::Fail),
                ("fairness/threshold", Outcome::Unknown),
            ],
        )];
        insta::assert_snapshot!(render(&report), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="launchgate" tests="8" failures="1" errors="1">
          <testsuite name="launchgate" tests="1" failures="0" errors="0" skipped="1">
            <testcase classname="launchgate" name="config/soft /fairness/assessments/0">
              <skipped message="warning: the demographic parity ratio of 0.72 is below its threshold of 0.8" type="config/soft">cards/score.yaml:6:14
        note: `value` is 0.72
        note: `threshold.min` is 0.8 (cards/score.yaml:7:25)</skipped>
            </testcase>
            <system-out>launchgate: FAIL  2 documents, 24 rules: 31 passed, 2 failed, 0 unknown, 7 not applicable, 0 waived; 2 blocking, 1 later (as of 2026-11-22, stage: each document&apos;s own, policies sha256:1234abcd1234)
        notice: a/b is turned off: no &lt;need&gt;</system-out>
          </testsuite>
          <testsuite name="cards/score.yaml model-card score" tests="6" failures="0" errors="1" skipped="4">
            <testcase classname="cards/score.yaml" name="fairness/threshold /fairness/assessments/0">
              <error message="(could not be decided) the demographic parity ratio of 0.72 is below its threshold of 0.8" type="fairness/threshold">cards/score.yaml:6:14
        note: `value` is 0.72
        note: `threshold.min` is 0.8 (cards/score.yaml:7:25)</error>
            </testcase>
            <testcase classname="cards/score.yaml" name="fairness/threshold /fairness/assessments/0 (2)">
              <skipped message="error: (will block at launched) the demographic parity ratio of 0.72 is below its threshold of 0.8" type="fairness/threshold">cards/score.yaml:6:14
        note: `value` is 0.72
        note: `threshold.min` is 0.8 (cards/score.yaml:7:25)</skipped>
            </testcase>
            <testcase classname="cards/score.yaml" name="core/owner"/>
            <testcase classname="cards/score.yaml" name="core/x">
              <skipped message="not applicable"/>
            </testcase>
            <testcase classname="cards/score.yaml" name="fairness/folded">
              <skipped message="hinges on another finding about this document"/>
            </testcase>
            <testcase classname="cards/score.yaml" name="fairness/hidden">
              <skipped message="fail; its finding is not listed"/>
            </testcase>
          </testsuite>
          <testsuite name="specs/credit.yaml" tests="1" failures="1" errors="0" skipped="0">
            <testcase classname="specs/credit.yaml" name="privacy/retention-limit /data/0/retention">
              <failure message="`income` is kept for P10Y; the limit is P2Y" type="privacy/retention-limit">specs/credit.yaml:7:16
        note: `retention` is P10Y
        controls: gdpr:5(1)(e)
        help: Shorten the retention, or record a waiver with counsel&apos;s approval.</failure>
            </testcase>
          </testsuite>
        </testsuites>
        "#);
    }

    #[test]
    fn a_clean_run_has_a_case_and_a_run_that_checked_nothing_an_error() {
        let mut report = report(Vec::new(), &[]);
        report.verdict = Verdict::Pass;
        let text = render(&report);
        assert!(
            text.contains(r#"<testcase classname="launchgate" name="no findings"/>"#),
            "{text}"
        );
        report.verdict = Verdict::NothingChecked;
        let text = render(&report);
        assert!(text.contains(r#"errors="1""#), "{text}");
        assert!(
            text.contains(r#"<error message="nothing was checked: "#),
            "{text}"
        );
    }
}
