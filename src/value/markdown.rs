//! Reads TOML.
use std::sync::Arc;

use super::Limits;
use super::builder::TreeBuilder;
use super::problem::Problems;
use super::tree::Tree;
use crate::source::SourceFile;

pub(super) fn read(source: &Arc<SourceFile>, limits: &Limits, problems: &mut Problems) -> Tree {
    let _ = problems;
    TreeBuilder::new(Arc::clone(source), limits).finish()
}
