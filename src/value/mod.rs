//! The spanned node tree that every format is read into, and the readers.
//!
//! A [`Tree`] is one arena for one file (or one canonical view). [`NodeRef`] is a cheap handle
//! into it that knows its value, its place, its key's place and its parent, so that whoever holds
//! a value can say where it was written.

mod builder;
pub mod de;
mod decode;
mod extent;
mod json;
mod markdown;
mod node;
mod number;
mod pointer;
mod problem;
mod read;
mod reading;
mod syntax;
mod toml;
mod tree;
mod write;
mod xml;
mod yaml;

pub use builder::{BuildError, TreeBuilder};
pub use decode::{DecodeError, decode};
pub use node::{Entry, Kind, NodeRef, Scalar};
pub use pointer::{Pointer, Segment};
pub use read::{Parsed, read};
pub use reading::Reading;
pub use syntax::Syntax;
pub use tree::{Comment, NodeId, Style, Tree};

/// What a reader will take before it refuses. Every limit that is hit is a finding.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Depth of nesting.
    pub depth: usize,
    /// Nodes of one file, aliases expanded.
    pub nodes: usize,
    /// Nodes of one file that came from expanding aliases and merge keys.
    pub alias_nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 16 << 20,
            depth: 128,
            nodes: 2_000_000,
            alias_nodes: 100_000,
        }
    }
}
