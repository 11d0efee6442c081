//! What a reader has to say about a text: findings of the rules `document/...`.

use std::sync::Arc;

use crate::finding::{Finding, Label};
use crate::source::{SourceFile, Span};

use super::builder::{BuildError, TreeBuilder};

/// A file with more problems than this is not read further.
const MAX_PROBLEMS: usize = 100;

/// The reader shall read no further; why is among the problems.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stop;

/// Collects the problems of one file.
pub(super) struct Problems {
    source: Arc<SourceFile>,
    found: Vec<Finding>,
}

impl Problems {
    pub(super) fn new(source: &Arc<SourceFile>) -> Self {
        Self {
            source: Arc::clone(source),
            found: Vec::new(),
        }
    }

    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.found
    }

    /// A finding at bytes of the file. An empty span is widened to the nearest visible character.
    pub(super) fn at(&self, rule: &str, span: Span, message: impl Into<String>) -> Finding {
        let span = if span.is_empty() {
            visible(self.source.text(), span.start)
        } else {
            span
        };
        Finding::new(
            format!("document/{rule}").as_str(),
            message,
            Label::new(self.source.location(span), ""),
        )
    }

    /// A further place for a finding.
    pub(super) fn label(&self, span: Span, text: impl Into<String>) -> Label {
        Label::new(self.source.location(span), text)
    }

    /// Keeps a finding; too many of them stop the reader.
    pub(super) fn push(&mut self, finding: Finding) -> Result<(), Stop> {
        let span = finding.primary.location.span;
        self.found.push(finding);
        if self.found.len() < MAX_PROBLEMS {
            return Ok(());
        }
        let rest = self
            .at(
                "limit",
                span,
                format!("the file has {MAX_PROBLEMS} problems up to here; the rest was not read"),
            )
            .with_help("Repair these first, then check again");
        self.found.push(rest);
        Err(Stop)
    }

    /// Keeps a finding after which nothing can be read.
    pub(super) fn fatal(&mut self, finding: Finding) -> Stop {
        // The place may have been reported already by what read on past it.
        let known = self.found.last().is_some_and(|last| {
            last.rule == finding.rule && last.primary.location == finding.primary.location
        });
        if !known {
            self.found.push(finding);
        }
        Stop
    }

    /// Says which limit was hit at `span`; that ends the reading.
    pub(super) fn refused(&mut self, error: BuildError, span: Span) -> Stop {
        let finding = match error {
            BuildError::Depth(limit) => self
                .at(
                    "limit",
                    span,
                    format!("nesting is deeper than {limit} levels"),
                )
                .with_help("Flatten the document"),
            BuildError::Nodes(limit) => self
                .at(
                    "limit",
                    span,
                    format!("the file holds more than {limit} values"),
                )
                .with_help("Split the file"),
            BuildError::AliasNodes(limit) => self
                .at(
                    "limit",
                    span,
                    format!("aliases and merge keys expand to more than {limit} values"),
                )
                .with_help("Write the values out, or use fewer aliases of aliases"),
            BuildError::DuplicateKey(first) => {
                let key = self.source.slice(span).to_owned();
                self.duplicate(&key, span, first)
            }
        };
        self.fatal(finding)
    }

    /// The finding for a key that its mapping has already.
    pub(super) fn duplicate(&self, key: &str, span: Span, first: Span) -> Finding {
        self.at(
            "duplicate-key",
            span,
            format!("the key `{key}` stands twice in one mapping"),
        )
        .with_help("Remove or rename one of the two")
        .with_related(self.label(first, format!("`{key}` stands here first")))
        .with_subject(key)
    }
}

/// Puts a key, or reports that it is there already. `false`: the value shall not be kept.
pub(super) fn put_key(
    builder: &mut TreeBuilder,
    problems: &mut Problems,
    text: &str,
    span: Span,
) -> Result<bool, Stop> {
    match builder.key(text, span) {
        Ok(()) => Ok(true),
        Err(BuildError::DuplicateKey(first)) => {
            let pointer = builder.pointer().to_string();
            let finding = problems.duplicate(text, span, first).with_pointer(pointer);
            problems.push(finding)?;
            Ok(false)
        }
        Err(error) => Err(problems.refused(error, span)),
    }
}

/// The visible character at `at`, or else the nearest before it.
///
/// Errors are often found at a line's or the file's end, where there is nothing to underline.
fn visible(text: &str, at: u32) -> Span {
    let mut at = (at as usize).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let (before, after) = text.split_at(at);
    let char_span = |start: usize, c: char| Span::from_range(&(start..start + c.len_utf8()));
    if let Some(c) = after.chars().next().filter(|c| !c.is_whitespace()) {
        return char_span(at, c);
    }
    before
        .char_indices()
        .rev()
        .find(|(_, c)| !c.is_whitespace())
        .map_or(Span::from_range(&(at..at)), |(start, c)| {
            char_span(start, c)
        })
}
