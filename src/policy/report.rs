//! From what does not hold to a finding with an address: message, labels, notes, help.

use super::evaluate::ItemResult;
use super::failure::{Failure, Wording};
use super::labels::Labels;
use super::message::{identity, normalized, render};
use super::program::Body;
use super::rule::Rule;
use crate::expr::{Operand, OperandState, Scope, Value};
use crate::finding::{Finding, Label, Outcome};
use crate::source::Location;
use crate::value::{NodeRef, Pointer};

/// Labels beside the primary one that a finding carries at most.
const RELATED: usize = 8;

/// Where a finding belongs.
pub(crate) struct Place<'p, 'a> {
    pub(crate) rule: &'a Rule,
    pub(crate) body: &'a Body,
    pub(crate) root: NodeRef<'a>,
    /// The item, or the document.
    pub(crate) at: At<'a>,
    pub(crate) scope: &'p Scope<'a>,
}

/// What a rule is held against, in a document: a node, or a text that was found around which a node
/// stands.
pub(crate) struct At<'a> {
    pub(crate) node: NodeRef<'a>,
    /// The text that was found, and where.
    found: Option<(Location, Box<str>)>,
}

impl<'a> At<'a> {
    pub(crate) fn node(node: NodeRef<'a>) -> Self {
        Self { node, found: None }
    }

    /// Where a value stands, if it stands in a document.
    pub(crate) fn of(value: &Value<'a>) -> Option<Self> {
        match value.occurrence() {
            Some(found) => Some(Self {
                node: found.node(),
                found: Some((found.location(), found.text().into())),
            }),
            None => value.node().map(Self::node),
        }
    }

    /// Whether it is a text or another scalar, and so all that a rule speaks of.
    pub(crate) fn is_text(&self) -> bool {
        self.found.is_some() || self.node.scalar().is_some()
    }

    fn address(&self) -> Location {
        let found = self.found.as_ref();
        found.map_or_else(|| self.node.address(), |(location, _)| *location)
    }
}

impl Place<'_, '_> {
    /// Where the values stand that the failures speak of, if the rule redacts them.
    pub(crate) fn redacted(&self, failures: &[Failure<'_>]) -> Vec<Location> {
        if !self.rule.redact {
            return Vec::new();
        }
        let mut redacted = Vec::new();
        match &self.at.found {
            Some((location, _)) => redacted.push(*location),
            None if self.at.node.scalar().is_some() => redacted.push(self.at.node.location()),
            None => {}
        }
        for failure in failures {
            let operands = failure.operands.iter();
            for operand in operands.filter(|operand| operand.state != OperandState::Absent) {
                let node = operand.pointer.as_ref().and_then(|at| self.root.at(at));
                redacted.extend(match (operand.location, node) {
                    // A collection is labelled at its key.
                    (Some(place), Some(node)) if place == node.address() => Some(node.location()),
                    (place, _) => place,
                });
            }
            redacted.extend(
                failure
                    .schema
                    .iter()
                    .map(|finding| finding.primary.location),
            );
            redacted.extend(failure.node.map(NodeRef::location));
        }
        redacted.retain(|place| in_document(self.root, Some(*place)));
        redacted
    }
}

/// The result of a document or an item for which something does not hold: one finding that says
/// all of it.
pub(crate) fn result(
    place: &Place<'_, '_>,
    item: Option<Pointer>,
    mut failures: Vec<Failure<'_>>,
) -> ItemResult {
    let outcome = outcome(&failures);
    let first = failures
        .iter()
        .position(|failure| failure.outcome == outcome)
        .unwrap_or(0);
    failures.swap(0, first);
    let causes = causes(place.root, &failures);
    let finding = finding(place, outcome, &failures);
    ItemResult {
        item,
        outcome,
        finding: Some(finding),
        causes,
        redacted: Vec::new(),
    }
}

/// What several failures come to: what fails for certain is the verdict, whatever else cannot be
/// decided.
pub(crate) fn outcome(failures: &[Failure<'_>]) -> Outcome {
    let fails = |failure: &Failure<'_>| failure.outcome == Outcome::Fail;
    if failures.iter().any(fails) {
        Outcome::Fail
    } else {
        Outcome::Unknown
    }
}

fn finding(place: &Place<'_, '_>, outcome: Outcome, failures: &[Failure<'_>]) -> Finding {
    let rule = place.rule;
    let Some((first, others)) = failures.split_first() else {
        let label = Label::new(place.at.address(), "");
        return Finding::new(&rule.id, "the rule does not hold", label).with_outcome(outcome);
    };
    let mut labels = Labels::default();
    let (primary, pointer, value) = primary(place, first);
    // What fails only because of the same absence or error says nothing new.
    let others: Vec<_> = others
        .iter()
        .filter(|other| other.certain || self::primary(place, other).1 != pointer)
        .collect();
    labels.related.push(primary.clone());
    for failure in std::iter::once(first).chain(others.iter().copied()) {
        for operand in &failure.operands {
            labels.operand(operand, &pointer);
        }
        for finding in &failure.schema {
            labels.add(Some(finding.primary.location), &finding.message);
        }
    }
    labels.related.remove(0);
    let mut finding = Finding::new(&rule.id, words(place, first), primary)
        .with_outcome(outcome)
        .with_severity(rule.severity)
        .with_blocks_from(rule.blocks_from)
        .with_pointer(pointer.to_string())
        .with_subject(subject(place, value.as_deref()));
    finding.redacted = rule.redact;
    finding.controls = rule.controls.to_vec();
    finding.policy = Some(first.policy.clone());
    let hidden = labels.related.len().saturating_sub(RELATED);
    labels.related.truncate(RELATED);
    let missing = labels.missing();
    finding.related = labels.related;
    finding.notes = labels.notes;
    match hidden {
        0 => {}
        1 => finding.notes.push("and one more place".to_owned()),
        more => finding.notes.push(format!("and {more} more places")),
    }
    finding.notes.extend(missing);
    match first.more {
        0 => {}
        1 => finding
            .notes
            .push("one more element does not hold".to_owned()),
        more => finding
            .notes
            .push(format!("{more} more elements do not hold")),
    }
    // What is absent or empty is said by its label or among what is missing.
    for other in others.iter().filter(|other| other.says_more()) {
        let note = format!("also: {}", other.fact);
        if !finding.notes.contains(&note) {
            finding.notes.push(note);
        }
    }
    finding.notes.retain(|note| *note != finding.message);
    finding.help = help(rule, outcome, first);
    finding
}

/// The message: the rule's own where it fits what happened.
fn words(place: &Place<'_, '_>, failure: &Failure<'_>) -> String {
    let Some(pieces) = place
        .body
        .message
        .as_ref()
        .filter(|_| failure.wording != Wording::Fact)
    else {
        return failure.fact.clone();
    };
    let rendered = render(pieces, place.scope);
    if rendered.complete || failure.wording == Wording::Message {
        rendered.text
    } else {
        failure.fact.clone()
    }
}

/// What to do where no place is at fault.
const NO_PLACE: &str = "Correct what stands in the way; what cannot be decided does not pass";

/// The next action: the rule's own help, else what can be told from the operands. The rule's help
/// says how to meet it; where a condition cannot be decided, what stands in the way goes first.
fn help(rule: &Rule, outcome: Outcome, failure: &Failure<'_>) -> Option<String> {
    let own = rule.help.as_deref();
    if failure.undecided.is_none()
        && let Some(own) = own
    {
        return Some(own.to_owned());
    }
    let at_fault = failure
        .operands
        .iter()
        .find(|operand| operand.state != OperandState::Present);
    let path = at_fault
        .and_then(|operand| operand.pointer.as_ref())
        .map(Pointer::to_path)
        .filter(|path| !path.is_empty());
    let absent = at_fault.is_some_and(|operand| operand.state == OperandState::Absent);
    let action = match (absent, path) {
        (true, Some(path)) => format!("Fill in `{path}`"),
        (_, _) if outcome == Outcome::Fail => return None,
        (_, Some(path)) => format!("Correct `{path}`"),
        (_, None) => return Some(own.unwrap_or(NO_PLACE).to_owned()),
    };
    Some(if outcome == Outcome::Fail {
        action
    } else {
        format!("{action}; what cannot be decided does not pass")
    })
}

/// The place at fault that is nearest to the item, its pointer, and the value there.
fn primary(place: &Place<'_, '_>, failure: &Failure<'_>) -> (Label, Pointer, Option<String>) {
    let own = place.at.node.pointer();
    if let Some(finding) = failure.schema.first() {
        let pointer = resolve(place.root, &finding.pointer);
        return (
            Label::new(finding.primary.location, finding.primary.text.clone()),
            pointer,
            Some(finding.subject.clone()),
        );
    }
    let rank = |operand: &&Operand| {
        let inside = operand
            .pointer
            .as_ref()
            .is_some_and(|pointer| pointer.starts_with(&own));
        let blameless = !failure.certain && operand.state == OperandState::Present;
        // Of operands alike, the first of the expression.
        (blameless, !inside)
    };
    let best = failure
        .operands
        .iter()
        .filter(|operand| in_document(place.root, operand.location))
        .min_by_key(rank);
    if let Some(operand) = best
        && let Some(location) = operand.location
    {
        let pointer = operand.pointer.clone().unwrap_or(own);
        let value = match &place.at.found {
            Some((at, found)) if *at == location => Some(found.to_string()),
            _ => place.root.at(&pointer).and_then(normalized),
        };
        return (Label::new(location, operand.text.clone()), pointer, value);
    }
    let at_fault = failure
        .node
        .filter(|node| in_document(place.root, Some(node.location())));
    match at_fault {
        Some(node) => (Label::new(node.address(), ""), node.pointer(), None),
        None => (Label::new(place.at.address(), ""), own, None),
    }
}

/// The path form of a JSON Pointer into the document.
fn resolve(root: NodeRef<'_>, json_pointer: &str) -> Pointer {
    let mut node = Some(root);
    let mut pointer = Pointer::default();
    for token in json_pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        let index = node
            .filter(|node| node.is_sequence())
            .and_then(|_| token.parse().ok());
        pointer = match index {
            Some(index) => pointer.index(index),
            None => pointer.key(&token),
        };
        node = node.and_then(|node| match index {
            Some(index) => node.item(index),
            None => node.get(&token),
        });
    }
    pointer
}

fn in_document(root: NodeRef<'_>, location: Option<Location>) -> bool {
    location.is_some_and(|location| {
        root.tree()
            .sources()
            .iter()
            .any(|file| file.id() == location.file)
    })
}

/// What tells this finding from others of its rule, whatever the order of the items: which item,
/// and the value at fault. What is redacted is not part of it: a fingerprint is shown, and a short
/// number could be found by trying all of them.
fn subject(place: &Place<'_, '_>, value: Option<&str>) -> String {
    if place.rule.redact {
        return String::new();
    }
    let at = place.at.node;
    let item = if at.parent().is_some() && place.at.found.is_none() {
        identity(at)
    } else {
        None
    };
    match (item, value) {
        (Some(item), Some(value)) => format!("{item} = {value}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => String::new(),
    }
}

/// What is absent or of the wrong type in the document and alone decided every failure; empty if
/// anything else did, for then the finding says more than that.
fn causes(root: NodeRef<'_>, failures: &[Failure<'_>]) -> Vec<Pointer> {
    let mut causes = Vec::new();
    for failure in failures {
        match failure.causes(|location| in_document(root, Some(location))) {
            Some(more) => causes.extend(more),
            None => return Vec::new(),
        }
    }
    causes.sort();
    causes.dedup();
    causes
}
