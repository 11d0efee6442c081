//! What a rule asks of the documents of a kind, told from its text alone: for new documents.

use super::program::{Assertion, Body};
use super::rule::Rule;
use crate::expr::{Program, ReadPath};
use crate::value::{Pointer, Segment};

/// A field that a rule needs in order to pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// JSON Pointer of the field, `*` for every index.
    pub field: Box<str>,
    /// The document's fields that decide whether the rule applies at all, as JSON Pointers.
    pub when: Vec<Box<str>>,
    /// Whether the rule leaves some elements of its list out.
    pub filtered: bool,
}

impl Rule {
    /// The fields that it asks of documents of a kind, as far as they are known before evaluation.
    pub fn asks(&self, kind: &str) -> Vec<Ask> {
        let Some(body) = self.bodies.iter().find(|body| *body.kind == *kind) else {
            return Vec::new();
        };
        let when = body.when.as_ref().map(|when| &when.program);
        let when: Vec<Box<str>> = when
            .into_iter()
            .flat_map(Program::paths)
            .filter(|path| path.variable == "doc")
            .map(|path| field(&path.pointer))
            .collect();
        let list = self.list(body);
        let ask = |field: Box<str>, filtered: bool| Ask {
            field,
            when: when.clone(),
            filtered,
        };
        let mut asks: Vec<Ask> = list.iter().map(|list| ask(list.clone(), false)).collect();
        for requirement in &body.require {
            let read = match &requirement.assertion {
                Assertion::Present(program) => program.paths(),
                Assertion::Expression(program) => program.demands(),
                // A fragment says what holds of a field that is there.
                Assertion::Schema(..) => Vec::new(),
            };
            let fields = read
                .iter()
                .filter_map(|path| of_document(path, list.as_deref()));
            asks.extend(fields.map(|field| ask(field, body.filter.is_some())));
        }
        asks.retain(|ask| !ask.field.is_empty());
        asks
    }

    /// The list that the rule goes over, where that is a field as it is.
    fn list(&self, body: &Body) -> Option<Box<str>> {
        let path = self
            .texts
            .for_each
            .as_deref()?
            .trim()
            .strip_prefix("doc.")?;
        let pointer: Pointer = path.parse().ok()?;
        let read = body.for_each.as_ref()?.program.paths();
        let plain = read
            .iter()
            .any(|read| read.variable == "doc" && read.pointer == pointer);
        plain.then(|| field(&pointer))
    }
}

fn of_document(path: &ReadPath, list: Option<&str>) -> Option<Box<str>> {
    match path.variable.as_str() {
        "doc" => Some(field(&path.pointer)),
        "item" => Some(format!("{}/*{}", list?, field(&path.pointer)).into()),
        _ => None,
    }
}

fn field(pointer: &Pointer) -> Box<str> {
    let general = pointer
        .segments()
        .iter()
        .fold(Pointer::default(), |path, segment| {
            path.key(match segment {
                Segment::Key(key) => key,
                Segment::Index(_) => "*",
            })
        });
    general.to_string().into()
}
