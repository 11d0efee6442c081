//! Judges one document: its shape, then each rule that speaks of its kind.

use std::collections::BTreeSet;

use super::fingerprint;
use crate::document::Document;
use crate::finding::{Finding, Outcome, OutcomeRow, RuleId, RuleOutcomes, Severity, nearest};
use crate::policy::{Context, Evaluation, ItemResult, PolicySet};
use crate::schema::Schema;
use crate::value::{NodeRef, Pointer};

/// What the rules came to for one document, as far as they are decided.
#[derive(Debug, Default)]
pub(super) struct Judgement {
    /// Findings of the schema, then those of the rules that were not folded into them.
    findings: Vec<Finding>,
    /// How many of the findings are the schema's.
    shape: usize,
    outcomes: Vec<RuleOutcomes>,
    /// Whether the outcomes are to be listed, and not only counted: then they name their items.
    listed: bool,
    /// Rules, by index, that ask about other documents and are still to be decided.
    pub(super) pending: Vec<usize>,
}

impl Judgement {
    /// Judges a document by its schema and by every rule that can be decided without others.
    pub(super) fn first(
        document: &Document,
        schema: Option<&Schema>,
        rules: &PolicySet,
        cx: &Context<'_>,
        listed: bool,
    ) -> Self {
        let findings = schema
            .map(|schema| schema.check(document.root()))
            .unwrap_or_default();
        let mut judgement = Self {
            shape: findings.len(),
            findings,
            listed,
            ..Self::default()
        };
        for (index, rule) in rules.rules().iter().enumerate() {
            if rule.applies_to(&document.reference.kind) {
                let evaluation = rule.evaluate(document, cx);
                if evaluation.deferred {
                    judgement.pending.push(index);
                } else {
                    judgement.take(document.root(), &rule.id, evaluation);
                }
            }
        }
        judgement
    }

    /// Takes over what a rule came to.
    pub(super) fn take(&mut self, root: NodeRef<'_>, rule: &RuleId, evaluation: Evaluation) {
        let mut rows = Vec::with_capacity(evaluation.results.len());
        for ItemResult {
            item,
            outcome,
            finding,
            causes,
        } in evaluation.results
        {
            rows.push(OutcomeRow {
                item: item
                    .filter(|_| self.listed)
                    .map(|item| item.to_string().into()),
                outcome,
            });
            let Some(finding) = finding else { continue };
            let shape = self.findings.get_mut(..self.shape).unwrap_or_default();
            match explained(root, shape, &causes) {
                Some(violation) => fold(violation, &finding),
                None => self.findings.push(finding),
            }
        }
        self.outcomes.push(RuleOutcomes {
            rule: rule.clone(),
            rows,
        });
    }

    /// The findings with document and fingerprint, and the outcomes in order of rule id.
    pub(super) fn finish(mut self, document: &Document) -> (Vec<Finding>, Vec<RuleOutcomes>) {
        for finding in &mut self.findings {
            finding.document = Some(document.reference.clone());
        }
        fingerprint::assign(&mut self.findings, Some(document.root()));
        self.outcomes.sort_by(|a, b| a.rule.cmp(&b.rule));
        (self.findings, self.outcomes)
    }
}

/// The judgement on a document whose file could not be read whole: no rule can be decided, and
/// the finding about the text says so.
pub(super) fn unreadable(
    document: &Document,
    rules: &PolicySet,
    findings: &mut [Finding],
) -> Judgement {
    let speaking = rules
        .rules()
        .iter()
        .filter(|rule| rule.applies_to(&document.reference.kind));
    let outcomes: Vec<RuleOutcomes> = speaking
        .map(|rule| RuleOutcomes {
            rule: rule.id.clone(),
            rows: vec![OutcomeRow {
                item: None,
                outcome: Outcome::Unknown,
            }],
        })
        .collect();
    let about_text = |finding: &&mut Finding| {
        finding.severity == Severity::Error && finding.rule.pack() == "document"
    };
    if let Some(finding) = findings.iter_mut().find(about_text) {
        finding
            .folded
            .extend(outcomes.iter().map(|outcome| outcome.rule.clone()));
    }
    Judgement {
        outcomes,
        ..Judgement::default()
    }
}

/// The schema finding that says already why a rule does not hold: every node that decided it is
/// what a schema finding is about, or is hidden by it.
fn explained<'f>(
    root: NodeRef<'_>,
    shape: &'f mut [Finding],
    causes: &[Pointer],
) -> Option<&'f mut Finding> {
    let known = |cause: &Pointer| {
        shape
            .iter()
            .position(|violation| speaks_of(root, violation, cause))
    };
    let first = known(causes.first()?)?;
    if !causes.iter().all(|cause| known(cause).is_some()) {
        return None;
    }
    shape.get_mut(first)
}

/// Whether a schema finding is about the node at `cause`: at it, above it, or about a misspelt key
/// that was meant to be it.
fn speaks_of(root: NodeRef<'_>, violation: &Finding, cause: &Pointer) -> bool {
    let cause = cause.to_string();
    if violation.severity != Severity::Error {
        return false;
    }
    if cause == violation.pointer {
        return true;
    }
    // Below what is missing or of the wrong type nothing can be read; below a mapping that breaks
    // some other keyword, everything can.
    let hides = matches!(
        violation.rule.as_str(),
        "schema/missing-key" | "schema/type"
    );
    if hides && is_below(&cause, &violation.pointer) {
        return true;
    }
    if violation.rule.as_str() != "schema/unknown-key" {
        return false;
    }
    let Some((parent, key)) = violation.pointer.rsplit_once('/') else {
        return false;
    };
    let Some(meant) = cause
        .strip_prefix(parent)
        .and_then(|rest| rest.strip_prefix('/'))
    else {
        return false;
    };
    let meant = meant.split('/').next().unwrap_or_default();
    nearest(key, [meant]).is_some() && !has_key(root, parent, meant)
}

fn has_key(root: NodeRef<'_>, parent: &str, key: &str) -> bool {
    let step = |node: NodeRef<'_>, step: &str| {
        let step = step.replace("~1", "/").replace("~0", "~");
        if node.is_sequence() {
            node.item(step.parse().ok()?)
        } else {
            node.get(&step)
        }
        .map(|node| node.id())
    };
    let tree = root.tree();
    let mut node = Some(root);
    for part in parent.split('/').skip(1) {
        node = node
            .and_then(|node| step(node, part))
            .map(|id| tree.node(id));
    }
    node.and_then(|node| node.get(key)).is_some()
}

fn is_below(pointer: &str, top: &str) -> bool {
    pointer
        .strip_prefix(top)
        .is_some_and(|rest| rest.starts_with('/'))
}

/// Says in the schema finding that a rule hinges on it; the finding blocks as early as that rule.
fn fold(violation: &mut Finding, rule: &Finding) {
    violation.folded.insert(rule.rule.clone());
    let controls: BTreeSet<_> = violation
        .controls
        .iter()
        .chain(&rule.controls)
        .cloned()
        .collect();
    violation.controls = controls.into_iter().collect();
    if rule.severity >= violation.severity {
        violation.blocks_from = match (violation.blocks_from, rule.blocks_from) {
            (Some(own), Some(other)) => Some(own.min(other)),
            _ => None,
        };
    }
}
