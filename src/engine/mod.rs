//! The gate: what was given is loaded once, then documents are checked.
//!
//! A [`Gate`] is immutable and may be shared between threads. [`Gate::check`] runs in two passes.
//! The first reads each file, judges its documents by their schema and by every rule that looks at
//! one document alone, and drops them. Rules that ask about other documents are decided in the
//! second: the documents that ask are kept until then, and those that are asked for are read again.
//! So memory follows the findings and the cross references, not the documents.

mod beside;
mod circles;
mod cross;
mod fingerprint;
mod focus;
mod gate;
mod judge;
mod library;
mod load;
mod packs;
mod quota;
mod recognition;
mod redact;
mod report;
mod review;
mod run;
mod sign_offs;
mod stated;
mod trace;
mod trust;
mod waivers;
mod world;

pub use focus::Changes;
pub use gate::{Gate, Look, Refusal};
pub use report::{CheckOptions, refused};
pub use review::{Acknowledged, Before, Earlier, Question, Review, RoleState, Unclear};
pub use run::Inputs;
pub use sign_offs::places as sign_off_places;
pub use trust::Base;
pub use waivers::{Waived, files_of as waiver_files};
