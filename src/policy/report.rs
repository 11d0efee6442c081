//! From what does not hold to a finding with an address: message, labels, notes, help.

use super::evaluate::ItemResult;
use super::failure::{Failure, Wording};
use super::message::{identity, render};
use super::program::Body;
use super::rule::Rule;
use crate::expr::{Operand, OperandState, Scope};
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
    pub(crate) at: NodeRef<'a>,
    pub(crate) scope: &'p Scope<'a>,
}

/// The result of a document or an item for which something does not hold: one finding that says
/// all of it.
pub(crate) fn result(
    place: &Place<'_, '_>,
    item: Option<Pointer>,
    mut failures: Vec<Failure<'_>>,
) -> ItemResult {
    // What fails for certain is the verdict, whatever else cannot be decided.
    let first = failures
        .iter()
        .position(|failure| failure.outcome == Outcome::Fail)
        .unwrap_or(0);
    failures.swap(0, first);
    let causes = causes(place, &failures);
    let outcome = failures
        .first()
        .map_or(Outcome::Unknown, |failure| failure.outcome);
    let finding = finding(place, outcome, &failures);
    ItemResult {
        item,
        outcome,
        finding: Some(finding),
        causes,
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
    for failure in std::iter::once(first).chain(others.iter().copied()) {
        for operand in &failure.operands {
            labels.add(operand.location, &operand.text);
        }
        for finding in &failure.schema {
            labels.add(Some(finding.primary.location), &finding.message);
        }
    }
    labels.notes.retain(|note| *note != primary.text);
    labels.related.retain(|label| *label != primary);
    let mut finding = Finding::new(&rule.id, words(place, first), primary)
        .with_outcome(outcome)
        .with_severity(rule.severity)
        .with_blocks_from(rule.blocks_from)
        .with_pointer(pointer.to_string())
        .with_subject(subject(place.at, value.as_deref()));
    finding.controls = rule.controls.to_vec();
    finding.policy = Some(first.policy.clone());
    let primary_location = finding.primary.location;
    for label in labels.related {
        if overlaps(label.location, primary_location) {
            labels.notes.push(label.text);
        } else if finding.related.len() < RELATED {
            finding.related.push(label);
        } else {
            labels.hidden += 1;
        }
    }
    finding.notes = labels.notes;
    if labels.hidden > 0 {
        finding
            .notes
            .push(format!("and {} more places", labels.hidden));
    }
    finding.notes.extend(first.notes.iter().cloned());
    for other in &others {
        finding.notes.push(format!("also: {}", other.fact));
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

fn help(rule: &Rule, outcome: Outcome, failure: &Failure<'_>) -> Option<String> {
    if outcome == Outcome::Fail {
        if let Some(help) = &rule.help {
            return Some(help.to_string());
        }
        let absent = failure
            .operands
            .iter()
            .find(|o| o.state == OperandState::Absent)?;
        let path = absent.pointer.as_ref()?.to_path();
        return Some(format!("Fill in `{path}`"));
    }
    let at_fault = failure
        .operands
        .iter()
        .find(|operand| operand.state != OperandState::Present);
    let path = at_fault
        .and_then(|operand| operand.pointer.as_ref())
        .map(Pointer::to_path)
        .filter(|path| !path.is_empty());
    let action = match (at_fault.map(|operand| &operand.state), path) {
        (Some(OperandState::Absent), Some(path)) => format!("Fill in `{path}`"),
        (_, Some(path)) => format!("Correct `{path}`"),
        (_, None) => "Correct what stands in the way".into(),
    };
    Some(format!("{action}; what cannot be decided does not pass"))
}

/// The place at fault that is nearest to the item, its pointer, and the value there.
fn primary(place: &Place<'_, '_>, failure: &Failure<'_>) -> (Label, Pointer, Option<String>) {
    let own = place.at.pointer();
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
        let value = place.root.at(&pointer).map(|node| node.raw().to_owned());
        return (Label::new(location, operand.text.clone()), pointer, value);
    }
    let node = failure
        .node
        .filter(|node| in_document(place.root, Some(node.location())))
        .unwrap_or(place.at);
    (Label::new(node.address(), ""), node.pointer(), None)
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
/// and the value at fault.
fn subject(at: NodeRef<'_>, value: Option<&str>) -> String {
    let item = if at.parent().is_some() {
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

fn causes(place: &Place<'_, '_>, failures: &[Failure<'_>]) -> Vec<Pointer> {
    let mut causes: Vec<Pointer> = failures
        .iter()
        .filter(|failure| !failure.certain)
        .flat_map(|failure| &failure.operands)
        .filter(|operand| {
            matches!(
                operand.state,
                OperandState::Absent | OperandState::Mistyped(_)
            ) && in_document(place.root, operand.location)
        })
        .filter_map(|operand| operand.pointer.clone())
        .collect();
    causes.extend(
        failures
            .iter()
            .filter_map(|failure| failure.node)
            .filter(|node| in_document(place.root, Some(node.location())))
            .map(NodeRef::pointer),
    );
    causes.sort();
    causes.dedup();
    causes
}

/// Labels of which no two cover the same bytes; what has no place of its own becomes a note.
#[derive(Default)]
struct Labels {
    related: Vec<Label>,
    notes: Vec<String>,
    hidden: usize,
}

impl Labels {
    fn add(&mut self, location: Option<Location>, text: &str) {
        let known = |label: &Label| Some(label.location) == location && label.text == text;
        if self.related.iter().any(known) || self.notes.iter().any(|note| note == text) {
            return;
        }
        match location {
            Some(location) if !self.related.iter().any(|l| overlaps(l.location, location)) => {
                self.related.push(Label::new(location, text));
            }
            _ => self.notes.push(text.to_owned()),
        }
    }
}

fn overlaps(a: Location, b: Location) -> bool {
    a.file == b.file && a.span.start < b.span.end && b.span.start < a.span.end
}
