//! Files that hold no document: why, and what was looked for.

use std::sync::Arc;

use super::super::format::{self, Format};
use super::super::kind::Kinds;
use super::{File, KIND};
use crate::finding::{Finding, Label, nearest};
use crate::source::{Location, SourceFile};

/// A file that is no document, as far as can be told.
#[derive(Clone, Debug)]
pub struct Unrecognized {
    /// Why it was not recognized, as a fact without a final full stop.
    pub reason: String,
    /// The formats whose marks it does not bear, of those that are written as it is; sorted. None if
    /// it is known what it is.
    pub looked_for: Vec<Arc<str>>,
    /// What is wrong with its text. Of a file that was merely come upon it does not matter.
    pub problems: Vec<Finding>,
    /// The beginning of the file.
    pub location: Location,
}

impl Unrecognized {
    /// The error for a file that the user named: it is no document, so nothing can be concluded.
    pub fn into_findings(self, source: &SourceFile, kinds: &Kinds) -> Vec<Finding> {
        let names: Vec<_> = kinds
            .names()
            .map(|name| format!("`kind: {name}`"))
            .collect();
        let mut findings = self.problems;
        let names = names.join(" or ");
        let formats = self.looked_for.iter().map(|name| format!("`{name}`"));
        let formats: Vec<_> = formats.collect();
        let help = match formats.as_slice() {
            [] => "Name a file that holds a document, or leave this one out".to_owned(),
            formats => format!(
                "Looked for {names}, and for the marks of {}. Write its `kind` into it, or give its \
                 path a `kind` or a `format` under `documents` in launchgate.yaml",
                formats.join(", ")
            ),
        };
        let message = format!(
            "{} is not recognized as a document: {}",
            source.path(),
            self.reason
        );
        findings.push(
            Finding::new("input/unrecognized", message, Label::new(self.location, ""))
                .with_help(help),
        );
        findings
    }
}

impl<'a> File<'a> {
    /// The kind that a file is probably of whose text could not be read: one that the config
    /// assigns, one that stands behind `kind` somewhere in the text, or nearly, or that of a format
    /// whose files are called so.
    pub(super) fn probable_kind(&self) -> Option<&'a str> {
        if self.intact {
            return None;
        }
        if let Some(kind) = self.assigned() {
            return Some(&kind.name);
        }
        let text = self.source.text();
        // Kubernetes manifests have a `kind` of their own.
        let manifest = text.contains("apiVersion");
        let named = text.match_indices(KIND).find_map(|(at, _)| {
            let (before, after) = (text.get(..at)?, text.get(at + KIND.len()..)?);
            if before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.')) {
                return None;
            }
            let value = after
                .trim_start_matches(['"', '\''])
                .trim_start()
                .strip_prefix([':', '='])?
                .trim_start()
                .trim_start_matches(['"', '\'']);
            let end = value.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')));
            let name = value.get(..end.unwrap_or(value.len()))?;
            let meant = if manifest {
                name
            } else {
                nearest(name, self.kinds.names())?
            };
            Some(&*self.kinds.get(meant)?.name)
        });
        named.or_else(|| self.formats.claims(self.source, self.syntax))
    }

    pub(super) fn reason(&self) -> String {
        let Some(root) = self.tree.root() else {
            return "it is empty".to_owned();
        };
        if format::describes_format(root) {
            return "it describes a format".to_owned();
        }
        match root.get(KIND) {
            Some(named) => match named.as_str() {
                Some(name) => format!("its `kind` is `{name}`"),
                None => "its `kind` is not a name".to_owned(),
            },
            None if root.is_mapping() => "it has no `kind`, and no format's mark".to_owned(),
            None => format!("it is {}", root.kind().described()),
        }
    }
}

/// Why a file of a format is no document: a bill of materials may list no model.
pub(super) fn holds_nothing(format: &Format) -> String {
    let Format { name, kind, .. } = format;
    format!("it is of the format `{name}`, and holds no `{kind}`")
}
