//! The verdict of a run as an attestation: an in-toto Statement v1 with a Simple Verification
//! Result, in a DSSE envelope that SSH keys sign.
//!
//! [`Statement::of`] makes one of a report that passes, [`Envelope`] carries it, and [`verify`] says
//! whether such an envelope is worth what is demanded of it. Nothing here signs, or reads a clock.

mod envelope;
mod materials;
mod statement;
#[cfg(test)]
mod tests;
mod verify;

pub use envelope::{Envelope, Signature, Unreadable};
pub use materials::materials;
pub use statement::{
    Material, PREDICATE_TYPE, STATEMENT_TYPE, Statement, Subject, VERIFIER, property,
};
pub use verify::{Demands, Held, verify};

/// The namespace of the signatures, which are over [`Envelope::signed_bytes`].
pub const NAMESPACE: &str = "launchgate/attestation@v1";

/// What the payload is.
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
