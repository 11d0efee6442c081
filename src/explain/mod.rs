//! What the gate has to say about its own rules: the catalogue, and the pages of rules, of the
//! [`checks`] that need none, of controls, frameworks and packs.
//!
//! Pure functions from a [`PolicySet`](crate::policy::PolicySet) to data and plain text; the command line prints them.

pub mod catalogue;
mod examples;
#[cfg(test)]
mod fixture;
mod look_up;
pub mod markdown;
mod page;

pub use crate::finding::checks;
pub use examples::{Example, examples};
pub use look_up::{Subject, Unknown, look_up, unchosen};
pub use page::{
    ControlPage, FrameworkPage, RulePage, check_page, control_page, framework_page, pack_page,
    rule_page,
};

#[cfg(test)]
mod tests;
