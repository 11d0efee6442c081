//! Judges one document: its shape, then each rule that speaks of its kind.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;

use super::fingerprint;
use super::quota::{self, LeftOut};
use super::stated;
use super::trace::Listing;
use crate::document::{self, Document};
use crate::finding::{Finding, Label, Outcome, OutcomeRow, RuleOutcomes, Severity, SignOffState};
use crate::policy::{Context, Evaluation, ItemResult, PolicySet, Rule};
use crate::schema::Schema;
use crate::signoff::{self, SignOffs};
use crate::source::Location;
use crate::value::{NodeRef, Pointer};

/// What the rules came to for one document, as far as they are decided.
#[derive(Debug, Default)]
pub(super) struct Judgement {
    /// Findings of the schema, then those of the rules that were not folded into them.
    findings: Vec<Finding>,
    /// How many of the findings are the schema's.
    shape: usize,
    /// Findings, by index, about something that is absent.
    lacking: Vec<usize>,
    left_out: LeftOut,
    outcomes: Vec<RuleOutcomes>,
    listing: Listing,
    redacted: Vec<Location>,
    /// Rules, by index, that ask about other documents and are still to be decided.
    pub(super) pending: Vec<usize>,
}

impl Judgement {
    /// Judges a document by its schema and by every rule that can be decided without others.
    pub(super) fn first(
        document: &Document,
        schema: &Schema,
        rules: &PolicySet,
        cx: &Context<'_>,
        listing: Listing,
    ) -> Self {
        let mut findings = schema.check(document.root());
        if document.format.is_some() {
            keep_own_fixes(&mut findings, document);
        }
        let left_out = quota::keep(&mut findings, quota::FINDINGS);
        let is_lacking = |(index, finding): (usize, &Finding)| {
            (finding.rule.as_str() == "schema/missing-key").then_some(index)
        };
        let mut judgement = Self {
            shape: findings.len(),
            lacking: findings.iter().enumerate().filter_map(is_lacking).collect(),
            findings,
            left_out,
            listing,
            ..Self::default()
        };
        for (index, rule) in rules.rules().iter().enumerate() {
            if rule.applies_to(&document.reference.kind) {
                let evaluation = rule.evaluate(document, cx);
                if evaluation.deferred {
                    judgement.pending.push(index);
                } else {
                    judgement.take(document.root(), rule, evaluation);
                }
            }
        }
        judgement
    }

    /// Takes over what a rule came to.
    pub(super) fn take(&mut self, root: NodeRef<'_>, rule: &Rule, evaluation: Evaluation) {
        let mut rows = Vec::with_capacity(evaluation.results.len());
        for ItemResult {
            item,
            outcome,
            finding,
            causes,
            redacted,
        } in evaluation.results
        {
            let found = finding.as_ref().map(|finding| finding.primary.location);
            self.redacted.extend(redacted);
            rows.push(OutcomeRow {
                trace: self.listing.trace(rule, root, item.as_ref(), found),
                item: item
                    .filter(|_| self.listing.is_listed())
                    .map(|item| item.to_string().into()),
                outcome,
            });
            let Some(finding) = finding else {
                if matches!(outcome, Outcome::Fail | Outcome::Unknown) {
                    self.left_out
                        .add(rule.severity, Some(rule.blocks_from), None);
                }
                continue;
            };
            let shape = self.findings.get_mut(..self.shape).unwrap_or_default();
            let violation =
                explained(root, shape, &causes).filter(|violation| replaces(violation, &finding));
            if let Some(violation) = violation {
                fold(violation, &finding);
                continue;
            }
            if causes.iter().any(|cause| root.at(cause).is_none()) {
                self.lacking.push(self.findings.len());
            }
            self.findings.push(finding);
        }
        self.outcomes.push(RuleOutcomes {
            rule: rule.id.clone(),
            rows,
        });
    }

    /// The findings with document and fingerprint, how many there were besides, the outcomes in
    /// order of rule id, the verdicts on the roles that rules asked for, and what the document states
    /// of itself.
    pub(super) fn finish(mut self, document: &Document, today: Date, ledger: &SignOffs) -> Judged {
        self.note_format(document);
        self.findings.extend(ledger.warnings(document));
        for finding in &mut self.findings {
            finding.document = Some(document.reference.clone());
        }
        fingerprint::assign(&mut self.findings, Some(document.root()));
        self.outcomes.sort_by(|a, b| a.rule.cmp(&b.rule));
        let mut sign_offs = ledger.states(document);
        sign_offs.extend(stated::sign_offs(document.root(), today));
        Judged {
            title: text_at(document.root(), "title"),
            owner: text_at(document.root(), "owner"),
            authors: signoff::authors(document.root()),
            sign_offs,
            findings: self.findings,
            left_out: self.left_out.about(&document.reference),
            outcomes: self.outcomes,
            redacted: self.redacted,
        }
    }

    /// Where a document is written in a foreign format, its first finding about something absent
    /// says where that goes.
    fn note_format(&mut self, document: &Document) {
        let Some(format) = &document.format else {
            return;
        };
        let findings = &self.findings;
        let first = self.lacking.iter().copied().min_by_key(|&index| {
            findings
                .get(index)
                .map(|finding| (finding.primary.location, finding.rule.clone()))
        });
        if let Some(finding) = first.and_then(|index| self.findings.get_mut(index)) {
            let path = document.source().path();
            let sidecar = document::sidecar_path(path);
            let name = sidecar.file_name().unwrap_or(sidecar.as_str());
            finding.notes.push(format!(
                "`{path}` is read as `{format}`; what that format has no place for goes into \
                 `{name}` beside it, under the keys of a `{}`",
                document.kind()
            ));
        }
    }
}

/// Of a foreign document only what stands in its sidecar is written in the kind's own fields, so
/// only there is it known what to write instead.
fn keep_own_fixes(findings: &mut [Finding], document: &Document) {
    let foreign = document.source().id();
    for finding in findings {
        finding
            .fixes
            .retain(|fix| fix.edits.iter().all(|edit| edit.at.file != foreign));
    }
}

/// What is decided of a document.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub(super) title: Option<Arc<str>>,
    pub(super) owner: Option<Arc<str>>,
    pub(super) authors: Vec<String>,
    pub(super) sign_offs: Vec<SignOffState>,
    pub(super) findings: Vec<Finding>,
    pub(super) left_out: LeftOut,
    pub(super) outcomes: Vec<RuleOutcomes>,
    /// What the report may not show.
    pub(super) redacted: Vec<Location>,
}

/// The text that a document has under a key of its root.
fn text_at(root: NodeRef<'_>, key: &str) -> Option<Arc<str>> {
    let text = root.get(key)?.as_str()?.trim();
    (!text.is_empty()).then(|| Arc::from(text))
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
                trace: None,
            }],
        })
        .collect();
    let about_text = |finding: &Finding| {
        finding.severity == Severity::Error && finding.rule.pack() == "document"
    };
    let own = |finding: &Finding| {
        about_text(finding) && finding.document.as_ref() == Some(&document.reference)
    };
    let known = findings
        .iter()
        .position(own)
        .or_else(|| findings.iter().position(about_text));
    let mut said = Vec::new();
    if known.is_none() {
        // What is unknown is never silent.
        said.push(unjudged(document));
    }
    let about = known.map_or_else(|| said.first_mut(), |at| findings.get_mut(at));
    if let Some(finding) = about {
        let rules = outcomes.iter().map(|outcome| outcome.rule.clone());
        finding.folded.extend(rules);
    }
    Judgement {
        findings: said,
        outcomes,
        ..Judgement::default()
    }
}

fn unjudged(document: &Document) -> Finding {
    let label = Label::new(document.root().address(), "");
    Finding::new("document/syntax", "the document cannot be judged", label)
        .with_help("Repair what the other findings name; until then no rule can be decided")
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
    let Some((parent, _)) = violation.pointer.rsplit_once('/') else {
        return false;
    };
    let Some(meant) = cause
        .strip_prefix(parent)
        .and_then(|rest| rest.strip_prefix('/'))
    else {
        return false;
    };
    let meant = unescape(meant.split('/').next().unwrap_or_default());
    let suggested = format!("did you mean `{meant}`?");
    violation.message.ends_with(&suggested) && !has_key(root, parent, &meant)
}

fn has_key(root: NodeRef<'_>, parent: &str, key: &str) -> bool {
    let mut steps = parent.split('/').skip(1);
    let mapping = steps.try_fold(root, NodeRef::step);
    mapping.and_then(|node| node.get(key)).is_some()
}

fn unescape(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

fn is_below(pointer: &str, top: &str) -> bool {
    pointer
        .strip_prefix(top)
        .is_some_and(|rest| rest.starts_with('/'))
}

/// Whether a schema finding, folded with a rule's, fails the gate whenever the rule's would. An
/// error always counts; if the rule is less, the finding must not have to block earlier for it.
fn replaces(violation: &Finding, rule: &Finding) -> bool {
    let as_early = match (violation.blocks_from, rule.blocks_from) {
        (None, _) => true,
        (Some(own), Some(other)) => own <= other,
        (Some(_), None) => false,
    };
    rule.severity >= violation.severity || as_early
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
