//! Every rule that a document was held against, also those that passed or did not apply.

use maud::{Markup, html};

use super::icon::Icon;
use super::page::{Document, Page};
use super::{Section, words};
use crate::finding::{Outcome, RuleOutcomes, Tally};

/// The order in which outcomes are listed.
const ORDER: [Outcome; 4] = [
    Outcome::Fail,
    Outcome::Unknown,
    Outcome::Pass,
    Outcome::NotApplicable,
];

pub(super) fn section(page: &Page<'_>) -> Option<Section> {
    let listed: Vec<_> = page.listed().collect();
    if listed.is_empty() {
        return None;
    }
    Some(Section {
        id: "outcomes",
        title: "Every rule, document by document",
        lead: Some(
            "What passed, and what does not apply, so that nobody has to ask whether it was looked at."
                .to_owned(),
        ),
        body: html! {
            @for (index, document) in listed { (rules(page, index, document)) }
        },
    })
}

/// The rules of one document in groups by what they came to.
fn rules(page: &Page<'_>, index: usize, document: &Document<'_>) -> Markup {
    let rules = &document.outcomes.rules;
    let groups = ORDER.map(|outcome| {
        let of_group = rules.iter().filter(|rule| worst(rule) == outcome);
        (outcome, of_group.collect::<Vec<_>>())
    });
    let counts: Vec<String> = groups
        .iter()
        .filter(|(_, rules)| !rules.is_empty())
        .map(|(outcome, rules)| format!("{} {}", rules.len(), words::outcome(*outcome)))
        .collect();
    html! {
        details.outcomes open {
            summary {
                span.name { (document.name()) }
                span.about { (words::count(rules.len(), "rule")) ": " (counts.join(", ")) }
            }
            p.path { code { (document.outcomes.document.path) } }
            @for (outcome, rules) in groups.iter().filter(|(_, rules)| !rules.is_empty()) {
                h3.(class(*outcome)) { (Icon::of(*outcome)) (heading(*outcome)) }
                ul.rules { @for rule in rules { (line(page, index, rule)) } }
            }
        }
    }
}

const fn heading(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "Passed",
        Outcome::Fail => "Failed",
        Outcome::Unknown => "Undecided",
        Outcome::NotApplicable => "Not applicable",
    }
}

const fn class(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "pass",
        Outcome::Fail => "fail",
        Outcome::Unknown => "unknown",
        Outcome::NotApplicable => "quiet",
    }
}

/// The worst that a rule came to.
fn worst(rule: &RuleOutcomes) -> Outcome {
    let came_to = |outcome: &Outcome| rule.rows.iter().any(|row| row.outcome == *outcome);
    // A rule without a row was not decided.
    ORDER.into_iter().find(came_to).unwrap_or(Outcome::Unknown)
}

fn line(page: &Page<'_>, index: usize, rule: &RuleOutcomes) -> Markup {
    let tally = Tally::of(std::slice::from_ref(rule));
    let items = rule.rows.iter().any(|row| row.item.is_some());
    let counts: Vec<String> = [
        (tally.fail, Outcome::Fail),
        (tally.unknown, Outcome::Unknown),
        (tally.pass, Outcome::Pass),
        (tally.not_applicable, Outcome::NotApplicable),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, outcome)| format!("{count} {}", words::outcome(outcome)))
    .collect();
    let open = matches!(worst(rule), Outcome::Fail | Outcome::Unknown);
    let finding = page.finding_of(&rule.rule, index).filter(|_| open);
    html! {
        li {
            @match finding {
                Some(entry) => { a href={ "#" (entry.anchor) } { code { (rule.rule) } } },
                None => { code { (rule.rule) } },
            }
            @if let Some(title) = page.rule_title(&rule.rule) { " " (words::prose(title)) }
            @if items { " " span.about { "(items: " (counts.join(", ")) ")" } }
        }
    }
}
