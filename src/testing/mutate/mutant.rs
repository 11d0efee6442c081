//! [`Mutant`]: what differs, and the rule as it then is.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;

use super::step::{self, Moved, Step};
use crate::policy::{Param, ParamType, ParamValue, Part, Rule};
use crate::source::{Location, SourceFile};
use crate::value::{self, Limits, Syntax};

/// A rule that differs from another in one place.
pub(super) struct Mutant {
    /// What differs, as completes "if ...".
    pub(super) what: String,
    /// Which example would notice.
    pub(super) help: String,
    /// The place in the policy file.
    pub(super) at: Location,
    pub(super) change: Change,
}

/// How a rule is changed.
pub(super) enum Change {
    /// A part is left out.
    Without(Part),
    /// A requirement, by its index, is negated.
    Opposite(usize),
    /// A part has another text.
    Text(Part, String),
    /// A parameter, by its index, has another default.
    Param(usize, Step),
}

/// A rule as it is changed.
pub(super) enum Changed<'r> {
    Rule(Box<Rule>),
    Param(&'r Rule, usize, Step),
}

impl Mutant {
    /// The rule as it is changed, compiled; `None` if it cannot be.
    pub(super) fn changed<'r>(&self, rule: &'r Rule) -> Option<Changed<'r>> {
        let changed = match &self.change {
            Change::Without(part) => rule.without(*part),
            Change::Opposite(index) => rule.with_opposite(*index),
            Change::Text(part, text) => rule.with_text(*part, text),
            Change::Param(index, step) => return Some(Changed::Param(rule, *index, *step)),
        };
        changed.map(|rule| Changed::Rule(Box::new(rule)))
    }
}

impl Changed<'_> {
    /// The rule as it is changed on a day: a day less than two years is not the same on every day.
    pub(super) fn on(&self, today: Date) -> Option<Cow<'_, Rule>> {
        match self {
            Self::Rule(rule) => Some(Cow::Borrowed(rule)),
            Self::Param(rule, index, step) => {
                let mut params = rule.params.clone();
                let param = params.get_mut(*index)?;
                let text = match moved(param, *step)? {
                    Moved::To(text) => text,
                    Moved::ByADay => step::by_a_day(written(param), *step, today)?,
                };
                param.value = value_of(rule, text)?;
                let mut rule = (*rule).clone();
                rule.set_params(params);
                Some(Cow::Owned(rule))
            }
        }
    }
}

/// The default of a parameter as it is written, without quotes.
pub(super) fn written(param: &Param) -> &str {
    let node = param.default.node();
    node.as_str().unwrap_or_else(|| node.raw())
}

/// The default of a parameter a step further; `None` if it has no order or the step cannot be made.
pub(super) fn moved(param: &Param, step: Step) -> Option<Moved> {
    let text = written(param);
    match param.ty {
        ParamType::Integer | ParamType::Number => step::decimal(text, step).map(Moved::To),
        ParamType::Date => step::date(text, step).map(Moved::To),
        ParamType::Duration => step::duration(text, step),
        ParamType::String | ParamType::Boolean | ParamType::List(_) => None,
    }
}

/// A scalar as the value of a parameter.
fn value_of(rule: &Rule, text: String) -> Option<ParamValue> {
    let file = SourceFile::new(rule.file.id(), rule.file.path(), text);
    let tree = Arc::new(value::read(&file, Syntax::Yaml, &Limits::default()).tree);
    let node = tree.root()?.id();
    Some(ParamValue { tree, node })
}
