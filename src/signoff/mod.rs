//! Who signed off what: declared sign-offs, and what they are worth.

pub mod ssh;
