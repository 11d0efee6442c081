//! What one evaluation sees: the values of variables, facts, the date, and how much it may cost.

use std::cell::Cell;

use jiff::civil;

use super::env::{Env, Slot};
use super::facts::Facts;
use super::value::{EvalError, Value};

/// How many steps one evaluation may take: about one for each operation and element.
pub const DEFAULT_BUDGET: u32 = 1_000_000;

/// The values that an expression is evaluated over.
pub struct Scope<'a> {
    slots: Vec<Option<Value<'a>>>,
    facts: &'a dyn Facts,
    today: civil::Date,
    redacts: bool,
    budget: u32,
    left: Cell<u32>,
    exhausted: Cell<bool>,
    deferred: Cell<bool>,
}

impl<'a> Scope<'a> {
    /// A scope for programs that were compiled against `env`. Reading a variable that is not
    /// [`set`](Self::set) is an error of the evaluation.
    pub fn new(env: &Env, facts: &'a dyn Facts, today: civil::Date) -> Self {
        Self {
            slots: vec![None; env.slots()],
            facts,
            today,
            redacts: false,
            budget: DEFAULT_BUDGET,
            left: Cell::new(DEFAULT_BUDGET),
            exhausted: Cell::new(false),
            deferred: Cell::new(false),
        }
    }

    /// The same scope with another budget, in steps, for each evaluation.
    #[must_use]
    pub fn with_budget(mut self, steps: u32) -> Self {
        self.budget = steps;
        self
    }

    /// The same scope for expressions whose values are not to be shown: blame says what they are,
    /// not what they say.
    #[must_use]
    pub fn redacting(mut self, redacts: bool) -> Self {
        self.redacts = redacts;
        self
    }

    /// Whether values are not to be shown.
    pub fn redacts(&self) -> bool {
        self.redacts
    }

    /// Gives a variable its value.
    pub fn set(&mut self, slot: Slot, value: impl Into<Value<'a>>) {
        if slot.index() >= self.slots.len() {
            self.slots.resize(slot.index() + 1, None);
        }
        if let Some(place) = self.slots.get_mut(slot.index()) {
            *place = Some(value.into());
        }
    }

    /// The value of a variable, if it was given one.
    pub fn get(&self, slot: Slot) -> Option<&Value<'a>> {
        self.slots.get(slot.index())?.as_ref()
    }

    /// The facts.
    pub fn facts(&self) -> &'a dyn Facts {
        self.facts
    }

    /// The date that stands for now.
    pub fn today(&self) -> civil::Date {
        self.today
    }

    /// Whether an evaluation asked for a fact that is still to be loaded, even if the result does
    /// not show it. Such a result is not final.
    pub fn deferred(&self) -> bool {
        self.deferred.get()
    }

    pub(super) fn set_deferred(&self) {
        self.deferred.set(true);
    }

    /// Fills the budget up again.
    pub(super) fn begin(&self) {
        self.left.set(self.budget);
        self.exhausted.set(false);
    }

    /// Takes steps from the budget; `Err` once it is spent.
    pub(super) fn charge(&self, steps: usize) -> Result<(), Box<EvalError<'a>>> {
        let left = u32::try_from(steps)
            .ok()
            .and_then(|steps| self.left.get().checked_sub(steps));
        match left {
            Some(left) if !self.exhausted.get() => {
                self.left.set(left);
                Ok(())
            }
            _ => {
                self.exhausted.set(true);
                Err(self.budget_error().into())
            }
        }
    }

    pub(super) fn exhausted(&self) -> bool {
        self.exhausted.get()
    }

    pub(super) fn budget_error(&self) -> EvalError<'a> {
        EvalError::budget(self.budget)
    }
}
