//! Policy tests: every example of every rule is evaluated, and its outcome and place compared with
//! what it says.
//!
//! An example is judged by its own rule alone, on the day that its `as_of` gives; without one, on
//! [`EXAMPLE_DAY`] or the day nearest to it on which the rule holds. So tests come out
//! alike on every day.
//!
//! Whether the examples would notice if a rule were slightly another is what [`mutate`] asks.

mod case;
mod coverage;
mod example;
mod files;
mod fixed;
mod mutate;
mod shown;

use jiff::civil::{Date, date};
use rayon::prelude::*;

use crate::document::Kinds;
use crate::finding::{Finding, Label, Outcome, RuleId, Severity};
use crate::framework::Frameworks;
use crate::policy::{
    Rule, RuleSyntax, locate_first_line, missing_example, read_rule, unknown_controls,
};
use crate::value::NodeRef;
use case::Case;
pub use coverage::{Coverage, Seen};
use example::Reader;
pub use mutate::MutantReport;
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

    /// How many mutants were judged.
    pub fn mutants(&self) -> usize {
        self.judged().count()
    }

    /// How many of them no example notices.
    pub fn survived(&self) -> usize {
        self.judged()
            .filter(|mutant| mutant.noticed_by.is_none())
            .count()
    }

    fn judged(&self) -> impl Iterator<Item = &MutantReport> {
        self.rules.iter().flat_map(|rule| &rule.mutants).flatten()
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
    /// Its mutants, in order; `None` if they were not asked for, or an example fails already.
    pub mutants: Option<Vec<MutantReport>>,
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
    tests(rules, kinds, false)
}

/// Runs the examples of `rules`, and then those of each rule against the rule's mutants: a mutant
/// that no example notices is an error `policy/surviving-mutant`.
pub fn mutate(rules: &[Rule], kinds: &Kinds) -> TestReport {
    tests(rules, kinds, true)
}

fn tests(rules: &[Rule], kinds: &Kinds, mutated: bool) -> TestReport {
    let reader = Reader::new(kinds);
    let tested = rules
        .par_iter()
        .map(|rule| test_rule(rule, &reader, mutated));
    let (rules, findings): (Vec<_>, Vec<_>) = tested.unzip();
    let mut findings: Vec<_> = findings.into_iter().flatten().collect();
    findings.sort_by_key(|finding| finding.primary.location);
    TestReport { rules, findings }
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
        Some(Finding::new(unknown.rule, unknown.message, label).with_help(unknown.help))
    }));
    findings
}

/// What the tests of one rule came to, and what is wrong.
fn test_rule(rule: &Rule, reader: &Reader<'_>, mutated: bool) -> (RuleReport, Vec<Finding>) {
    let syntax = read_rule(rule.source());
    let mut coverage = Coverage {
        when: rule.texts.when.as_ref().map(|_| Seen::default()),
        filter: rule.texts.filter.as_ref().map(|_| Seen::default()),
        requirements: vec![Seen::default(); rule.texts.require.len()],
    };
    let mut findings = Vec::new();
    let mut examples = Vec::new();
    let mut cases = Vec::new();
    for example in &syntax.examples {
        let [expected] = example.expected.as_slice() else {
            continue;
        };
        let mut outcome = None;
        let wrong = match Case::read(rule, example, *expected, reader) {
            Ok(case) => {
                let evaluation = case.evaluate(rule, &mut coverage);
                outcome = Some(case::overall(&evaluation));
                let mut wrong = case.compare(&evaluation);
                wrong.extend(fixed::compare(&case, rule, &evaluation));
                cases.push((case, evaluation));
                wrong
            }
            Err(wrong) => wrong,
        };
        examples.push(ExampleReport {
            name: example.name.to_owned(),
            expected: case::outcome_of(expected.key),
            outcome,
            passed: wrong.is_empty(),
        });
        findings.extend(wrong);
    }
    let missing = missing_example(&syntax);
    findings.extend(missing.map(|finding| finding.with_severity(Severity::Warning)));
    findings.extend(fixed::missing(&syntax));
    if !examples.is_empty() {
        findings.extend(uncovered(&syntax, &coverage));
    }
    let mut mutants = None;
    if mutated {
        if examples.iter().all(|example| example.passed) {
            mutants = Some(mutate::judge(rule, &syntax, &cases, &mut findings));
        } else {
            findings.extend(mutate::unjudged(&syntax));
        }
    }
    let report = RuleReport {
        rule: rule.id.clone(),
        examples,
        coverage,
        mutants,
    };
    (report, findings)
}

/// Parts of a rule that no example shows both ways.
fn uncovered(syntax: &RuleSyntax<'_>, coverage: &Coverage) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut warn = |node: NodeRef<'_>, what: &str, lacking: &str| {
        findings.push(
            Finding::new(
                "policy/untested",
                format!("no example shows {what} {lacking}"),
                Label::new(locate_first_line(node), ""),
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
