//! The mutants of a rule: which places there are, and what each becomes.

use super::mutant::{Change, Mutant, moved, written};
use super::step::{self, Moved, Step};
use crate::expr::{Line, Relation, Side, What, lines};
use crate::policy::{
    Param, Part, RequirementSyntax, Rule, RuleSyntax, locate, locate_first_line, shorten,
};
use crate::source::{Location, Span};
use crate::value::NodeRef;

const ORDINALS: [&str; 12] = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth",
];

const WITHOUT_WHEN: &str = "Add an example that is `not_applicable` and would fail without it";
const WITHOUT_WHERE: &str = "Add an example with an element that it leaves out and that would fail";
const WITHOUT_REQUIREMENT: &str =
    "Add an example that this requirement alone holds up; or remove it, if another says the same";
const OPPOSITE: &str = "Add an example that passes";
const EVERYTHING: &str = "Add an example with a value that is not in the list";
const AT_THE_BOUND: &str = "Add an example exactly at the bound";
const BETWEEN: &str = "Add an example that the one admits and the other does not";

/// The mutants of a rule, in the order in which their places stand in it, parameters last.
pub(super) fn mutants(rule: &Rule, syntax: &RuleSyntax<'_>) -> Vec<Mutant> {
    let mut maker = Maker {
        mutants: Vec::new(),
        uses: rule.params.iter().map(|_| Vec::new()).collect(),
        rule,
    };
    if let Some(when) = syntax.when {
        maker.left_out(Part::When, when, "`when`", WITHOUT_WHEN);
        maker.expression(Part::When, when);
    }
    if let Some(for_each) = syntax.for_each {
        maker.expression(Part::ForEach, for_each);
    }
    if let Some(filter) = syntax.filter {
        maker.left_out(Part::Where, filter, "`where`", WITHOUT_WHERE);
        maker.expression(Part::Where, filter);
    }
    let several = syntax.require.len() > 1;
    for (index, requirement) in syntax.require.iter().enumerate() {
        let name = match ORDINALS.get(index) {
            _ if !several => "the requirement".to_owned(),
            Some(ordinal) => format!("the {ordinal} requirement"),
            None => format!("requirement {}", index + 1),
        };
        maker.requirement(index, *requirement, &name);
    }
    for (index, param) in rule.params.iter().enumerate() {
        maker.param(index, param);
    }
    maker.mutants
}

/// An expression of the rule.
#[derive(Clone, Copy)]
struct Code<'t> {
    part: Part,
    node: NodeRef<'t>,
    text: &'t str,
}

impl<'t> Code<'t> {
    fn of(self, span: Span) -> &'t str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// The change to an expression that has something else in place of `span`.
    fn with(self, span: Span, instead: &str) -> Change {
        let range = span.range();
        let before = self.text.get(..range.start).unwrap_or_default();
        let after = self.text.get(range.end..).unwrap_or_default();
        Change::Text(self.part, format!("{before}{instead}{after}"))
    }
}

/// A comparison that a parameter decides.
#[derive(Clone, Copy)]
struct Use {
    /// How what is compared with it is to stand to it.
    relation: Relation,
    /// Whether nothing but the parameter stands on its side.
    alone: bool,
}

struct Maker<'r> {
    rule: &'r Rule,
    mutants: Vec<Mutant>,
    /// Where the parameter of each index is compared.
    uses: Vec<Vec<Use>>,
}

impl Maker<'_> {
    fn push(&mut self, what: String, help: impl Into<String>, at: Location, change: Change) {
        self.mutants.push(Mutant {
            what,
            help: help.into(),
            at,
            change,
        });
    }

    fn left_out(&mut self, part: Part, node: NodeRef<'_>, name: &str, help: &str) {
        let what = format!("{name} is left out");
        self.push(what, help, locate_first_line(node), Change::Without(part));
    }

    fn requirement(&mut self, index: usize, requirement: RequirementSyntax<'_>, name: &str) {
        let node = requirement.text();
        let part = Part::Requirement(index);
        self.left_out(part, node, name, WITHOUT_REQUIREMENT);
        let what = match requirement {
            RequirementSyntax::Present(_) => {
                format!("{name} wants `{}` blank", one_line(node.as_str()))
            }
            RequirementSyntax::Expression(_) | RequirementSyntax::Schema { .. } => {
                format!("{name} is negated")
            }
        };
        let at = locate_first_line(node);
        self.push(what, OPPOSITE, at, Change::Opposite(index));
        if let RequirementSyntax::Expression(_) = requirement {
            self.expression(part, node);
        }
    }

    /// The lines that an expression draws, each elsewhere.
    fn expression(&mut self, part: Part, node: NodeRef<'_>) {
        let text = node.as_str().unwrap_or_default();
        let code = Code { part, node, text };
        for line in lines(text).unwrap_or_default() {
            match line {
                Line::Membership { span, needle, list } => {
                    let what = format!("`in {}` admits everything", one_line(Some(code.of(list))));
                    // All that is there: what is missing is in no list, so it stays absent.
                    let needle = code.of(needle);
                    let change = code.with(span, &format!("((\n{needle}\n) == (\n{needle}\n))"));
                    self.push(what, EVERYTHING, locate(node, list), change);
                }
                Line::Bound {
                    relation,
                    operator,
                    sides,
                } => self.bound(code, relation, operator, &sides),
            }
        }
    }

    fn bound(&mut self, code: Code<'_>, relation: Relation, operator: Span, sides: &[Side; 2]) {
        let [left, right] = sides;
        // Of whole numbers against a literal the other strictness is the same as a step.
        let counted = matches!(
            (&left.what, &right.what),
            (What::Count, What::Number) | (What::Number, What::Count)
        );
        if !counted {
            let other = relation.with_other_strictness().as_str();
            let what = format!("`{}` becomes `{other}`", relation.as_str());
            let at = locate(code.node, operator);
            self.push(what, AT_THE_BOUND, at, code.with(operator, other));
        }
        for (side, relation) in [(left, relation.mirrored()), (right, relation)] {
            self.literal(code, relation, side);
            for name in &side.params {
                let mut params = self.rule.params.iter();
                let index = params.position(|param| *param.name == **name);
                if let Some(uses) = index.and_then(|index| self.uses.get_mut(index)) {
                    uses.push(Use {
                        relation,
                        alone: side.what == What::Param,
                    });
                }
            }
        }
    }

    /// A side that is written as a number, a duration or a date, a step further.
    fn literal(&mut self, code: Code<'_>, relation: Relation, side: &Side) {
        let old = code.of(side.span);
        let to = |new: String| (format!("`{old}` becomes `{new}`"), new);
        for step in Step::BOTH {
            let moved = match &side.what {
                What::Number => step::decimal(old, step).map(to),
                What::Date(day) => step::date(day, step).map(|day| to(format!("date('{day}')"))),
                What::Days(length) => step::duration(length, step).map(|moved| match moved {
                    Moved::To(length) => to(format!("days('{length}')")),
                    Moved::ByADay => (
                        format!("`{old}` is {}", step.a_day()),
                        format!("({old} {} 1.0)", step.sign()),
                    ),
                }),
                What::Param | What::Count | What::Other => None,
            };
            let Some((what, new)) = moved else { continue };
            let help = exactly_at(relation, step, old, &new);
            let at = locate(code.node, side.span);
            self.push(what, help, at, code.with(side.span, &new));
        }
    }

    /// The default of a parameter that is compared, a step further.
    fn param(&mut self, index: usize, param: &Param) {
        let uses = self.uses.get(index).cloned().unwrap_or_default();
        if uses.is_empty() {
            return;
        }
        let old = written(param);
        for step in Step::BOTH {
            let (new, is) = match moved(param, step) {
                Some(Moved::To(new)) => (new.clone(), format!("{new} instead of {old}")),
                Some(Moved::ByADay) => {
                    let new = format!("{} than {old}", step.a_day());
                    (new.clone(), new)
                }
                None => continue,
            };
            let help = match uses.as_slice() {
                [one] if one.alone => exactly_at(one.relation, step, old, &new),
                _ => BETWEEN.to_owned(),
            };
            let what = format!("`params.{}` is {is}", param.name);
            let at = param.default.node().address();
            self.push(what, help, at, Change::Param(index, step));
        }
    }
}

/// Which value tells two bounds apart: `x <= 3` refuses 4 and `x <= 4` admits it, while `x < 3`
/// refuses 3 and `x < 4` admits it.
fn exactly_at(relation: Relation, step: Step, old: &str, new: &str) -> String {
    let upper = matches!(relation, Relation::LessEqual | Relation::Greater);
    let value = if upper == (step == Step::Up) {
        new
    } else {
        old
    };
    format!("Add an example exactly at {value}")
}

fn one_line(text: Option<&str>) -> String {
    let words: Vec<_> = text.unwrap_or_default().split_whitespace().collect();
    shorten(&words.join(" "))
}
