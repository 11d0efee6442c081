//! What the examples of a rule reach.

use crate::policy::Observer;

/// Whether a part of a rule was seen to hold, and not to hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// It held for some document or item.
    pub holding: bool,
    /// It did not hold for some document or item.
    pub failing: bool,
}

impl Seen {
    fn note(&mut self, holds: bool) {
        if holds {
            self.holding = true;
        } else {
            self.failing = true;
        }
    }

    /// Whether both were seen.
    pub const fn both(self) -> bool {
        self.holding && self.failing
    }
}

/// What the examples of a rule reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// `when`; `None` if the rule has none.
    pub when: Option<Seen>,
    /// `where`; `None` if the rule has none.
    pub filter: Option<Seen>,
    /// Each requirement, in order.
    pub requirements: Vec<Seen>,
}

impl Observer for Coverage {
    fn when(&mut self, holds: bool) {
        if let Some(seen) = &mut self.when {
            seen.note(holds);
        }
    }

    fn filter(&mut self, holds: bool) {
        if let Some(seen) = &mut self.filter {
            seen.note(holds);
        }
    }

    fn requirement(&mut self, index: usize, holds: bool) {
        if let Some(seen) = self.requirements.get_mut(index) {
            seen.note(holds);
        }
    }
}
