//! Mutants: would the examples of a rule notice if the rule were slightly another?
//!
//! Of each rule mutants are made that differ from it in one place: a requirement is negated or left
//! out, `when` or `where` is left out, a list of what is admitted admits everything, a bound lies a
//! step further. Every example is held against each of them.
//!
//! An example notices a mutant if the mutant fails the test: if the document comes to another outcome,
//! or its findings are about other places. All places are compared, whether `at` names them or not.
//! Which requirement a finding shows, and in which words, is not: were a requirement deleted that an
//! example only ever fails together with another at the same place, `launchgate test` would pass as
//! before, and so would the next document that lacks nothing else. A requirement whose absence
//! cannot be noticed at all, such as `present: x` beside an expression that fails without `x`,
//! says nothing that the other does not.
//!
//! That no mutant survives does not make a rule right: its examples pin down every part of it.

mod make;
mod mutant;
mod step;

use super::case::{Case, overall};
use crate::finding::{Finding, Label, Outcome, Severity};
use crate::policy::{Evaluation, Rule, RuleSyntax, locate_first_line};
use mutant::Mutant;

/// What one mutant of a rule came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MutantReport {
    /// What differs, as completes "if ...": `` `<=` becomes `<` ``.
    pub what: String,
    /// The name of the first example that notices; `None` if it survived.
    pub noticed_by: Option<String>,
}

/// Holds the examples of a rule, with what the rule makes of them, against its mutants. What
/// survives is added to `findings`.
pub(super) fn judge(
    rule: &Rule,
    syntax: &RuleSyntax<'_>,
    cases: &[(Case<'_>, Evaluation)],
    findings: &mut Vec<Finding>,
) -> Vec<MutantReport> {
    let cases: Vec<_> = cases
        .iter()
        .map(|(case, evaluation)| (case, Shown::by(evaluation)))
        .collect();
    let mut reports = Vec::new();
    for mutant in make::mutants(rule, syntax) {
        let Some(changed) = mutant.changed(rule) else {
            // It cannot be built, so it is no rule that anybody could have written by mistake.
            continue;
        };
        let noticed_by = cases.iter().find_map(|(case, shown)| {
            let mutated = changed.on(case.today())?;
            let evaluation = case.evaluate(&mutated, &mut ());
            (Shown::by(&evaluation) != *shown).then(|| case.name().to_owned())
        });
        if noticed_by.is_none() {
            findings.push(surviving(&mutant));
        }
        reports.push(MutantReport {
            what: mutant.what,
            noticed_by,
        });
    }
    reports
}

/// That the mutants of a rule say nothing, since an example of it fails already.
pub(super) fn unjudged(syntax: &RuleSyntax<'_>) -> Option<Finding> {
    let at = Label::new(locate_first_line(syntax.id?), "");
    let message = "the mutants of this rule are not judged, since an example of it fails already";
    Some(
        Finding::new("policy/unjudged-mutants", message, at)
            .with_severity(Severity::Warning)
            .with_help("Mend the example or the rule first"),
    )
}

fn surviving(mutant: &Mutant) -> Finding {
    Finding::new(
        "policy/surviving-mutant",
        format!("no example notices if {}", mutant.what),
        Label::new(mutant.at, ""),
    )
    .with_help(&*mutant.help)
}

/// What an example says of a rule, or of a mutant.
#[derive(PartialEq, Eq)]
struct Shown {
    outcome: Outcome,
    /// The places that findings are about, sorted.
    places: Vec<String>,
}

impl Shown {
    fn by(evaluation: &Evaluation) -> Self {
        let findings = evaluation
            .results
            .iter()
            .filter_map(|result| result.finding.as_ref());
        let mut places: Vec<_> = findings.map(|finding| finding.pointer.clone()).collect();
        places.sort_unstable();
        Self {
            outcome: overall(evaluation),
            places,
        }
    }
}
