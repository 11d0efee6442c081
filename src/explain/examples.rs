//! The examples of a rule that are worth showing: one that passes, and one that does not.

use std::fmt::Write as _;

use crate::document::Kinds;
use crate::finding::{Outcome, Severity};
use crate::policy::{PolicySet, Rule};
use crate::testing::{self, Shown};

/// An example, and by which parameters it was judged.
#[derive(Clone, Debug)]
pub struct Example {
    /// The example with what the rule says of it.
    pub shown: Shown,
    /// Whether it comes out as it says only with the severity and the parameters that the policy
    /// gives the rule, and not with those of the config.
    pub by_default: bool,
}

/// One example of `rule` that passes, and one that fails or cannot be decided, as far as it has
/// them. `fail_on` is the severity from which findings block.
///
/// They are judged by the rule as it holds in this run. What the config changed may turn an
/// example; then it is shown as the policy means it.
pub fn examples(set: &PolicySet, rule: &Rule, kinds: &Kinds, fail_on: Severity) -> Vec<Example> {
    let show = |outcome| {
        let shown = testing::show(rule, outcome, kinds, fail_on)?;
        if shown.outcome == Some(outcome) {
            return Some(Example {
                shown,
                by_default: false,
            });
        }
        let defined = set.defined().iter().find(|defined| defined.id == rule.id);
        let defined = defined.and_then(|defined| testing::show(defined, outcome, kinds, fail_on));
        Some(
            match defined.filter(|shown| shown.outcome == Some(outcome)) {
                Some(shown) => Example {
                    shown,
                    by_default: true,
                },
                None => Example {
                    shown,
                    by_default: false,
                },
            },
        )
    };
    let held_up = || show(Outcome::Fail).or_else(|| show(Outcome::Unknown));
    show(Outcome::Pass).into_iter().chain(held_up()).collect()
}

impl Example {
    /// What it comes to, in words: `passes on 2026-01-01`.
    pub fn verdict(&self) -> String {
        let shown = &self.shown;
        let word = match shown.outcome {
            Some(Outcome::Pass) => "passes",
            Some(Outcome::Fail) => "fails",
            Some(Outcome::Unknown) => "cannot be decided",
            Some(Outcome::NotApplicable) => "does not apply",
            None => "cannot be judged; `launchgate test` says why",
        };
        let mut text = word.to_owned();
        if let Some(day) = shown.day {
            // Writing to a string cannot fail.
            let _ = write!(text, " on {day}");
        }
        let params: Vec<_> = shown
            .params
            .iter()
            .map(|(name, value)| format!("`{name}` {value}"))
            .collect();
        if !params.is_empty() {
            let _ = write!(text, " with {}", params.join(" and "));
        } else if self.by_default {
            text.push_str(", with the parameters of the policy");
        }
        if shown
            .outcome
            .is_some_and(|outcome| outcome != shown.expected)
        {
            text.push_str("; it should not, as `launchgate test` says");
        }
        text
    }
}
