//! A rule compiled for one kind of document.

use std::sync::Arc;

use super::rule::Rule;
use crate::expr::{Env, Program, ReadPath, Signature, Slot, Type};
use crate::finding::Safety;
use crate::schema::Schema;
use crate::source::Location;

/// What the expressions of all rules may name beside their variables.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Vocabulary<'c> {
    /// Every kind with the type of its documents, sorted by name: for `docs(kind)`.
    pub(crate) kinds: &'c [(Arc<str>, Type)],
    /// The functions that evidence and sign-offs answer.
    pub(crate) functions: &'c [Signature],
}

/// The variables of a rule's expressions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slots {
    pub(crate) doc: Slot,
    pub(crate) params: Slot,
    pub(crate) today: Slot,
    /// Declared only where there is a `for_each`.
    pub(crate) item: Option<Slot>,
}

/// A rule's expressions, compiled against the type of one kind. Cheap to clone: a mutant of a rule
/// shares all but the part that differs.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(crate) kind: Arc<str>,
    pub(crate) env: Arc<Env>,
    pub(crate) slots: Slots,
    pub(crate) when: Option<Arc<Condition>>,
    pub(crate) for_each: Option<Arc<Condition>>,
    pub(crate) filter: Option<Arc<Condition>>,
    pub(crate) require: Vec<Arc<Requirement>>,
    pub(crate) message: Option<Arc<[MessagePiece]>>,
    pub(crate) offer: Option<Arc<Offer>>,
}

/// What a rule offers to write: `fix`.
#[derive(Debug)]
pub(crate) struct Offer {
    /// The path that gets another value.
    pub(crate) set: Program,
    /// The key that the path ends in.
    pub(crate) last: Option<Box<str>>,
    /// The value.
    pub(crate) to: Program,
    pub(crate) safety: Safety,
}

/// An expression that decides whether a rule applies, or to what.
#[derive(Debug)]
pub(crate) struct Condition {
    pub(crate) program: Program,
    /// Where it stands in the policy file.
    pub(crate) location: Location,
}

/// One entry of `require`.
#[derive(Debug)]
pub(crate) struct Requirement {
    pub(crate) assertion: Assertion,
    /// Where it stands in the policy file.
    pub(crate) location: Location,
}

/// What a requirement asserts.
#[derive(Debug)]
pub(crate) enum Assertion {
    /// The expression is true.
    Expression(Program),
    /// What the path leads to is there.
    Present(Program),
    /// What the path leads to satisfies the schema.
    Schema(Program, Arc<Schema>),
}

impl Requirement {
    pub(crate) fn program(&self) -> &Program {
        match &self.assertion {
            Assertion::Expression(program)
            | Assertion::Present(program)
            | Assertion::Schema(program, _) => program,
        }
    }
}

/// A piece of a message.
#[derive(Debug)]
pub(crate) enum MessagePiece {
    /// Text as it is.
    Text(String),
    /// An expression whose value stands here.
    Value(Box<Program>),
}

impl Rule {
    /// The paths that its requirements read, as far as they are known before evaluation: sorted,
    /// none twice.
    pub fn reads(&self) -> Vec<ReadPath> {
        let requirements = self.bodies.iter().flat_map(|body| &body.require);
        let mut paths: Vec<_> = requirements
            .flat_map(|requirement| requirement.program().paths())
            .collect();
        paths.sort();
        paths.dedup();
        paths
    }
}

/// The environment of a rule's expressions: `doc`, `params`, `today`, and `item` where there is one.
///
/// `item` is declared last, so that an expression about the document is compiled with the same
/// slots as one about an item.
pub(crate) fn environment(doc: Type, params: Type, names: Vocabulary<'_>) -> Env {
    let mut env = Env::new();
    env.declare("doc", doc);
    env.declare("params", params);
    env.declare("today", Type::Timestamp);
    for (name, ty) in names.kinds {
        env.declare_kind(name, ty.clone());
    }
    for function in names.functions {
        env.declare_function(function.clone());
    }
    env
}
