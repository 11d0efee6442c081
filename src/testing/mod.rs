//! Policy tests: every example of every rule is evaluated, and its outcome and place compared with
//! what it says.
//!
//! An example is judged by its own rule alone, on the day that its `as_of` gives; without one, on
//! [`EXAMPLE_DAY`] or the day nearest to it on which the rule holds. So tests come out
//! alike on every day.

mod coverage;
mod example;
mod shown;

use jiff::civil::{Date, date};

use crate::document::{Document, Kinds};
use crate::expr::time;
use crate::finding::{Finding, Label, Outcome, RuleId, Severity};
use crate::framework::Frameworks;
use crate::policy::{
    Context, Evaluation, ExampleSyntax, Observer, ParamValue, Rule, missing_example, read_rule,
    unknown_controls,
};
use crate::value::{NodeRef, Pointer};
pub use coverage::{Coverage, Seen};
use example::{ExampleFacts, Reader};
pub use shown::{Shown, show};

/// The day on which examples are judged that name no other.
pub const EXAMPLE_DAY: Date = date(2026, 1, 1);

/// What the tests of a set of rules came to.
#[derive(Clone, Debug, Default)]
pub struct TestReport {
    /// The rules, in their order.
    pub rules: Vec<RuleReport>,
    /// What is wrong, at its place in the policy files: errors `policy/example-...`, and warnings on
    /// what no example shows.
    pub findings: Vec<Finding>,
}

impl TestReport {
    /// How many examples there are.
    pub fn examples(&self) -> usize {
        self.rules.iter().map(|rule| rule.examples.len()).sum()
    }

    /// How many of them came out otherwise than they say.
    pub fn failed(&self) -> usize {
        let examples = self.rules.iter().flat_map(|rule| &rule.examples);
        examples.filter(|example| !example.passed).count()
    }

    /// Whether every example came out as it says and nothing else is wrong.
    pub fn is_success(&self) -> bool {
        self.findings
            .iter()
            .all(|finding| finding.severity != Severity::Error)
    }
}

/// What the tests of one rule came to.
#[derive(Clone, Debug)]
pub struct RuleReport {
    /// The rule.
    pub rule: RuleId,
    /// Its examples, in order.
    pub examples: Vec<ExampleReport>,
    /// What they reached.
    pub coverage: Coverage,
}

/// What one example came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleReport {
    /// Its name.
    pub name: String,
    /// The outcome that it says it has.
    pub expected: Outcome,
    /// The outcome that it has; `None` if its document could not be read.
    pub outcome: Option<Outcome>,
    /// Whether outcome and places are as it says.
    pub passed: bool,
}

/// Runs the examples of `rules`.
pub fn run(rules: &[Rule], kinds: &Kinds) -> TestReport {
    let reader = Reader::new(kinds);
    let mut report = TestReport::default();
    for rule in rules {
        let tested = test_rule(rule, &reader, &mut report.findings);
        report.rules.push(tested);
    }
    report
        .findings
        .sort_by_key(|finding| finding.primary.location);
    report
}

/// Every reference to a control that leads nowhere: those of `rules`, and the successors that the
/// catalogues name.
pub fn references(rules: &[Rule], frameworks: &Frameworks) -> Vec<Finding> {
    let mut findings: Vec<Finding> = rules
        .iter()
        .flat_map(|rule| unknown_controls(&read_rule(rule.source()).controls, frameworks))
        .collect();
    let controls = frameworks.iter().flat_map(|framework| &framework.controls);
    findings.extend(controls.filter_map(|control| {
        let unknown = frameworks.resolve(control.superseded_by.as_ref()?).err()?;
        let label = Label::new(control.location, "its successor is not there");
        let rule = format!("policy/{}", unknown.what);
        Some(Finding::new(rule.as_str(), unknown.message, label).with_help(unknown.help))
    }));
    findings
}

fn test_rule(rule: &Rule, reader: &Reader<'_>, findings: &mut Vec<Finding>) -> RuleReport {
    let syntax = read_rule(rule.source());
    let mut coverage = Coverage {
        when: rule.texts.when.as_ref().map(|_| Seen::default()),
        filter: rule.texts.filter.as_ref().map(|_| Seen::default()),
        requirements: vec![Seen::default(); rule.texts.require.len()],
    };
    let mut examples = Vec::new();
    for example in &syntax.examples {
        let [expected] = example.expected.as_slice() else {
            continue;
        };
        let mut case = Case {
            rule,
            example,
            expected_at: Label::new(expected.key_location, ""),
            expected: outcome_of(expected.key),
            findings: Vec::new(),
        };
        let outcome = case.run(expected.value, reader, &mut coverage);
        examples.push(ExampleReport {
            name: example.name.to_owned(),
            expected: case.expected,
            outcome,
            passed: case.findings.is_empty(),
        });
        findings.extend(case.findings);
    }
    let missing = missing_example(&syntax);
    findings.extend(missing.map(|finding| finding.with_severity(Severity::Warning)));
    if !examples.is_empty() {
        findings.extend(uncovered(&syntax, &coverage));
    }
    RuleReport {
        rule: rule.id.clone(),
        examples,
        coverage,
    }
}

/// Parts of a rule that no example shows both ways.
fn uncovered(syntax: &crate::policy::RuleSyntax<'_>, coverage: &Coverage) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut warn = |node: NodeRef<'_>, what: &str, lacking: &str| {
        findings.push(
            Finding::new(
                "policy/untested",
                format!("no example shows {what} {lacking}"),
                Label::new(crate::policy::locate_first_line(node), ""),
            )
            .with_severity(Severity::Warning)
            .with_help("Add an example that does"),
        );
    };
    let lacking = |seen: &Seen| match (seen.holding, seen.failing) {
        (true, true) => None,
        (false, _) => Some("holding"),
        (true, false) => Some("failing"),
    };
    for (requirement, seen) in syntax.require.iter().zip(&coverage.requirements) {
        if let Some(lacking) = lacking(seen) {
            warn(requirement.text(), "this requirement", lacking);
        }
    }
    let conditions = [
        (syntax.when, coverage.when, "`when`"),
        (syntax.filter, coverage.filter, "`where`"),
    ];
    for (node, seen, what) in conditions {
        if let (Some(node), Some(lacking)) = (node, seen.as_ref().and_then(lacking)) {
            warn(node, what, lacking);
        }
    }
    findings
}

fn outcome_of(key: &str) -> Outcome {
    match key {
        "pass" => Outcome::Pass,
        "fail" => Outcome::Fail,
        "not_applicable" => Outcome::NotApplicable,
        _ => Outcome::Unknown,
    }
}

struct Case<'c> {
    rule: &'c Rule,
    example: &'c ExampleSyntax<'c>,
    expected: Outcome,
    expected_at: Label,
    findings: Vec<Finding>,
}

/// An example that was judged.
struct Judged {
    evaluation: Evaluation,
    /// The document that it is about, then the others.
    documents: Vec<Document>,
    today: Date,
}

impl Case<'_> {
    /// Judges the example and says what it came to.
    fn run(
        &mut self,
        node: NodeRef<'_>,
        reader: &Reader<'_>,
        coverage: &mut Coverage,
    ) -> Option<Outcome> {
        let judged = self.judge(node, reader, coverage)?;
        let outcome = overall(&judged.evaluation);
        if outcome == self.expected {
            self.places(&judged.evaluation);
        } else {
            self.findings
                .push(self.wrong_outcome(outcome, &judged.evaluation));
        }
        Some(outcome)
    }

    /// Holds the rule against the example; `None` where it cannot be, and the findings say why.
    fn judge(
        &mut self,
        node: NodeRef<'_>,
        reader: &Reader<'_>,
        observer: &mut impl Observer,
    ) -> Option<Judged> {
        let strict = matches!(self.expected, Outcome::Pass | Outcome::NotApplicable);
        let mut documents = Vec::new();
        let mut read =
            |case: &mut Self, node, path, number, strict| match reader
                .document(case.rule, node, path, number, strict)
            {
                Ok(document) => documents.push(document),
                Err(findings) => case.findings.extend(findings.into_iter().map(|finding| {
                    finding.with_note(format!("in example `{}`", case.example.name))
                })),
            };
        read(self, node, None, 0, strict);
        let others = self.example.root.get("documents");
        for (number, other) in (1..).zip(others.into_iter().flat_map(NodeRef::items)) {
            let path = other.get("path").and_then(NodeRef::as_str);
            if let Some(node) = other.get("document") {
                read(self, node, path, number, false);
            }
        }
        let rule = self.with_params();
        let today = self.today();
        if !self.findings.is_empty() {
            return None;
        }
        let facts = ExampleFacts { documents };
        let document = facts.documents.first()?;
        let today = today?;
        let cx = Context {
            facts: &facts,
            today,
        };
        let evaluation = rule.evaluate_observed(document, &cx, observer);
        Some(Judged {
            evaluation,
            documents: facts.documents,
            today,
        })
    }

    /// The rule with the parameters that the example sets.
    fn with_params(&mut self) -> Rule {
        let mut rule = self.rule.clone();
        let mut params = rule.params.clone();
        let set = self.example.root.get("params");
        for entry in set.into_iter().flat_map(NodeRef::entries) {
            let Some(param) = params.iter_mut().find(|param| *param.name == *entry.key) else {
                let near = crate::finding::did_you_mean(
                    entry.key,
                    self.rule.params.iter().map(|param| &*param.name),
                );
                self.findings.push(Finding::new(
                    "policy/example-params",
                    format!("the rule has no parameter `{}`{near}", entry.key),
                    Label::new(entry.key_location, ""),
                ));
                continue;
            };
            if let Some((node, message)) = param.ty.mismatch(entry.value) {
                self.findings.push(Finding::new(
                    "policy/example-params",
                    format!("`{}` is no {}: {message}", entry.key, param.ty.name()),
                    Label::new(node.address(), ""),
                ));
                continue;
            }
            param.value = ParamValue {
                tree: std::sync::Arc::clone(&self.rule.tree),
                node: entry.value.id(),
            };
        }
        rule.set_params(params);
        rule
    }

    fn today(&mut self) -> Option<Date> {
        let Some(node) = self.example.root.get("as_of") else {
            return Some(self.rule.effective.nearest(EXAMPLE_DAY));
        };
        let text = node.as_str().unwrap_or_default();
        if let Ok(time::Date::Day(day)) = time::parse_date(text) {
            return Some(day);
        }
        self.findings.push(
            Finding::new(
                "policy/example-document",
                format!("`{text}` is no day"),
                Label::new(node.address(), ""),
            )
            .with_help("Write a day such as 2026-08-02"),
        );
        None
    }

    fn wrong_outcome(&self, outcome: Outcome, evaluation: &Evaluation) -> Finding {
        let name = self.example.name;
        let mut finding = Finding::new(
            "policy/example-outcome",
            format!(
                "example `{name}` should come out as {}, but comes out as {outcome}",
                self.expected
            ),
            self.expected_at.clone(),
        )
        .with_help("Correct the rule if the example is right, else the example");
        for result in &evaluation.results {
            if let Some(found) = &result.finding {
                finding = finding.with_note(format!(
                    "{}: {}{}",
                    found.outcome,
                    found.message,
                    if found.pointer.is_empty() {
                        String::new()
                    } else {
                        format!(" (at {})", found.pointer)
                    }
                ));
            }
        }
        if outcome == Outcome::NotApplicable && self.expected == Outcome::Pass {
            // The trap of policy tests: a rule that matches nothing passes everything.
            finding = finding.with_help(
                "The rule did not look at it: mend `when`, `for_each` or `where`, or expect \
                 `not_applicable`",
            );
        }
        finding
    }

    /// Compares the places that the findings are about with those that the example names.
    fn places(&mut self, evaluation: &Evaluation) {
        let Some(at) = self.example.root.get("at") else {
            return;
        };
        let wanted: Vec<NodeRef<'_>> = if at.is_sequence() {
            at.items().collect()
        } else {
            vec![at]
        };
        let mut found: Vec<&str> = evaluation
            .results
            .iter()
            .filter_map(|result| result.finding.as_ref())
            .map(|finding| finding.pointer.as_str())
            .collect();
        let found_text = found
            .iter()
            .map(|pointer| format!("`{pointer}`"))
            .collect::<Vec<_>>()
            .join(", ");
        for node in wanted {
            let text = node.as_str().unwrap_or_default();
            let pointer = match text.parse::<Pointer>() {
                Ok(pointer) => pointer.to_string(),
                Err(error) => {
                    self.findings.push(Finding::new(
                        "policy/example-place",
                        format!("`{text}` is no path: {error}"),
                        Label::new(node.address(), ""),
                    ));
                    return;
                }
            };
            if let Some(index) = found.iter().position(|found| *found == pointer) {
                found.swap_remove(index);
                continue;
            }
            self.findings.push(Finding::new(
                "policy/example-place",
                format!(
                    "example `{}` is found at {}, not at `{pointer}`",
                    self.example.name,
                    if found_text.is_empty() {
                        "no place"
                    } else {
                        &found_text
                    }
                ),
                Label::new(node.address(), ""),
            ));
            return;
        }
        if !found.is_empty() {
            found.sort_unstable();
            self.findings.push(
                Finding::new(
                    "policy/example-place",
                    format!(
                        "example `{}` is also found at `{}`",
                        self.example.name,
                        found.join("`, `")
                    ),
                    Label::new(at.address(), ""),
                )
                .with_help("Name every place: `at:` takes a list"),
            );
        }
    }
}

/// The outcome of a document over all of its items.
fn overall(evaluation: &Evaluation) -> Outcome {
    let any = |outcome| {
        evaluation
            .results
            .iter()
            .any(|result| result.outcome == outcome)
    };
    [Outcome::Fail, Outcome::Unknown, Outcome::Pass]
        .into_iter()
        .find(|outcome| any(*outcome))
        .unwrap_or(Outcome::NotApplicable)
}
