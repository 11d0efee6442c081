//! What `launchgate fairness` found in a file: as JSON, and as claims for a model card. For people see
//! [`terminal::fairness`](super::terminal::render_fairness).

mod claims;
mod json;

pub use claims::{Claims, render as render_claims};
pub use json::{VERSION, render as render_json};

use crate::evidence::fairness::{Breakdown, Choices, Reference, shown};
use crate::evidence::table::{Counted, Request};

/// A file, counted and measured.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'a> {
    /// The file, as it was named.
    pub path: &'a str,
    /// What was asked of it.
    pub request: &'a Request,
    /// What it holds.
    pub counted: &'a Counted,
    /// What was chosen.
    pub choices: &'a Choices<'a>,
    /// By each attribute, and by several together.
    pub breakdowns: &'a [Breakdown],
}

/// A reference as documents write it.
pub(super) fn reference(reference: &Reference) -> String {
    match reference {
        Reference::Highest => "highest".to_owned(),
        Reference::Largest => "largest".to_owned(),
        Reference::Group(key) => shown(key),
    }
}
