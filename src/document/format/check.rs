//! What a format asks of its documents by itself, whatever the policies: rules that its home
//! applies, as data.

use super::Format;
use super::view::Mapper;
use crate::expr::{Program, Slot, Truth};
use crate::finding::{Finding, Label, Severity};
use crate::value::NodeRef;

/// Characters of a value that a message shows.
const MAX_SHOWN: usize = 60;

/// Something that must hold of each document of a format.
pub(super) struct Check {
    /// It is asked in each round of these.
    pub(super) loops: Vec<(Slot, Program)>,
    /// It is asked where this holds.
    pub(super) when: Option<Program>,
    /// What must hold; what cannot be said does not.
    pub(super) require: Program,
    /// What the finding points at.
    pub(super) at: Program,
    /// The fact; `{}` stands for what `at` is.
    pub(super) message: Box<str>,
    pub(super) help: Box<str>,
}

impl Format {
    /// Whatever the mapped document breaks of the format's own rules.
    pub(super) fn check<'a>(&'a self, mapper: &mut Mapper<'a>) {
        for check in &self.checks {
            mapper.rounds(&check.loops, &mut |mapper| {
                let asked = check.when.as_ref().is_none_or(|when| mapper.holds(when));
                if asked && !mapper.holds(&check.require) {
                    let finding = finding(check, mapper);
                    mapper.findings.push(finding);
                }
            });
        }
    }
}

fn finding(check: &Check, mapper: &Mapper<'_>) -> Finding {
    let found = check.at.eval(&mapper.scope).node();
    let at = found.map_or_else(|| mapper.read_by(&check.at), NodeRef::address);
    let shown = found.map_or("it", NodeRef::raw).lines().next();
    let shown: String = shown.unwrap_or_default().chars().take(MAX_SHOWN).collect();
    let pointer = found.map(|node| node.pointer().to_string());
    Finding::new(
        "document/metadata",
        check.message.replace("{}", &shown),
        Label::new(at, ""),
    )
    .with_severity(Severity::Warning)
    .with_help(&*check.help)
    .with_pointer(pointer.unwrap_or_default())
}

impl Mapper<'_> {
    fn holds(&self, condition: &Program) -> bool {
        condition.eval(&self.scope).truth() == Truth::True
    }
}
