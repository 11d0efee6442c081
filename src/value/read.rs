//! One door to all readers.

use std::sync::Arc;

use crate::finding::Finding;
use crate::source::{SourceFile, Span};

use super::builder::TreeBuilder;
use super::problem::Problems;
use super::syntax::Syntax;
use super::tree::Tree;
use super::{Limits, json, markdown, toml, xml, yaml};

/// A file as read.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The nodes; on a problem, what could be read all the same.
    pub tree: Tree,
    /// Everything that is wrong with the text, in order of place: rules `document/...`.
    ///
    /// Nothing may be concluded from the tree of a file with a problem of severity `error`.
    pub problems: Vec<Finding>,
}

/// Reads a file. Whatever is wrong with it is among the problems; no text makes it fail.
pub fn read(source: &Arc<SourceFile>, syntax: Syntax, limits: &Limits) -> Parsed {
    let mut problems = Problems::new(source);
    if source.text().len() as u64 > limits.file_bytes {
        let finding = problems
            .at(
                "limit",
                Span::default(),
                format!(
                    "the file has {} bytes; the limit is {}",
                    source.text().len(),
                    limits.file_bytes
                ),
            )
            .with_help("Split the file, or keep bulky data in a file of its own");
        problems.fatal(finding);
        return Parsed {
            tree: TreeBuilder::new(Arc::clone(source), limits).finish(),
            problems: problems.into_findings(),
        };
    }
    let tree = match syntax {
        Syntax::Yaml => yaml::read(source, limits, &mut problems),
        Syntax::Json => json::read(source, limits, &mut problems),
        Syntax::Toml => toml::read(source, limits, &mut problems),
        Syntax::Markdown => markdown::read(source, limits, &mut problems),
        Syntax::Xml => xml::read(source, limits, &mut problems),
    };
    let mut problems = problems.into_findings();
    problems.sort_by_key(|finding| finding.primary.location);
    Parsed { tree, problems }
}
