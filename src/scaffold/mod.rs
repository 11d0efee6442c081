//! New documents: a schema and the rules in use, turned into a text that people fill in.
//!
//! [`Outline::of`] chooses the fields, [`document`] writes them in the kind's own shape, [`foreign`]
//! in that of a format, with a sidecar for what the format has no home for. Every blank is one
//! that the gate names by its line.

mod foreign;
mod outline;
mod text;

pub use foreign::{Foreign, Unsupported, foreign};
pub use outline::Outline;
pub use text::document;
