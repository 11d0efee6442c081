//! A rule with one of its parts replaced, as mutants are made: everything else is shared with the
//! rule, and nothing is checked anew. A mutant must be judged, not accepted: `true` in place of a
//! membership is what no author may write.

use std::sync::Arc;

use super::fragment;
use super::program::{Assertion, Body, Condition, Requirement};
use super::rule::Rule;
use super::syntax::{self, RequirementSyntax};
use crate::expr::Program;
use crate::schema::Schema;

/// A part of a rule that decides something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    When,
    ForEach,
    Where,
    /// An entry of `require`, from 0.
    Requirement(usize),
}

impl Rule {
    /// The rule without `when`, `where` or a requirement; `None` where it cannot be left out.
    pub(crate) fn without(&self, part: Part) -> Option<Self> {
        self.bodies(|body| {
            match part {
                Part::When => body.when = None,
                Part::Where => body.filter = None,
                Part::Requirement(index) if index < body.require.len() => {
                    body.require.remove(index);
                }
                Part::ForEach | Part::Requirement(_) => return None,
            }
            Some(())
        })
    }

    /// The rule with another expression as its condition, list or requirement. A requirement stays
    /// at its place in the policy file. `None` if the text cannot be compiled.
    pub(crate) fn with_text(&self, part: Part, text: &str) -> Option<Self> {
        self.bodies(|body| {
            let program = Program::compile_unchecked(text, &body.env).ok()?;
            let condition = match part {
                Part::When => &mut body.when,
                Part::ForEach => &mut body.for_each,
                Part::Where => &mut body.filter,
                Part::Requirement(index) => {
                    return replace(body, index, Assertion::Expression(program));
                }
            };
            let location = condition.as_ref()?.location;
            *condition = Some(Arc::new(Condition { program, location }));
            Some(())
        })
    }

    /// The rule with a requirement that admits what it refuses, and the other way round: a negated
    /// expression, `blank()` for `present:`, `not` for a schema.
    pub(crate) fn with_opposite(&self, index: usize) -> Option<Self> {
        let syntax = syntax::read(self.source());
        let requirement = *syntax.require.get(index)?;
        let text = requirement.text().as_str()?;
        // On a line of its own, since the text may end in a comment.
        match requirement {
            RequirementSyntax::Expression(_) => {
                self.with_text(Part::Requirement(index), &format!("!(\n{text}\n)"))
            }
            RequirementSyntax::Present(_) => {
                self.with_text(Part::Requirement(index), &format!("blank({text})"))
            }
            RequirementSyntax::Schema { is, .. } => {
                let opposite = serde_json::json!({ "not": fragment::to_json(is) });
                let schema = Arc::new(Schema::compile("requirement", &opposite).ok()?);
                self.bodies(|body| {
                    let path = Program::compile_unchecked(text, &body.env).ok()?;
                    replace(body, index, Assertion::Schema(path, Arc::clone(&schema)))
                })
            }
        }
    }

    fn bodies(&self, mut change: impl FnMut(&mut Body) -> Option<()>) -> Option<Self> {
        let mut bodies = self.bodies.to_vec();
        for body in &mut bodies {
            change(body)?;
        }
        Some(Self {
            bodies: bodies.into(),
            ..self.clone()
        })
    }
}

fn replace(body: &mut Body, index: usize, assertion: Assertion) -> Option<()> {
    let requirement = body.require.get_mut(index)?;
    let location = requirement.location;
    *requirement = Arc::new(Requirement {
        assertion,
        location,
    });
    Some(())
}
