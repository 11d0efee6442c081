//! From an example, as a policy file holds it, to documents.

use std::sync::Arc;

use crate::document::{self, Document, Formats, Kinds};
use crate::evidence::Evidence;
use crate::expr::{FactError, Facts, Value};
use crate::finding::{Finding, Label, Severity};
use crate::policy::{Rule, locate};
use crate::schema::Schema;
use crate::signoff::SignOffs;
use crate::source::{FileId, SourceFile, Span};
use crate::value::{self, Limits, NodeRef, Parsed, Syntax, TreeBuilder};

/// The path that the document of an example is taken to have.
const PATH: &str = "example";

/// Reads the documents of examples.
pub(super) struct Reader<'k> {
    kinds: &'k Kinds,
    schemas: Vec<(Arc<str>, Schema)>,
    formats: Formats,
}

/// A document of an example, or what is wrong with it; the places are those of the policy file.
pub(super) type Read = Result<Document, Vec<Finding>>;

impl<'k> Reader<'k> {
    pub(super) fn new(kinds: &'k Kinds) -> Self {
        let schemas = kinds
            .iter()
            .map(|kind| {
                let schema = Schema::lazy(&kind.name, Arc::clone(&kind.schema));
                (Arc::clone(&kind.name), schema)
            })
            .collect();
        Self {
            kinds,
            schemas,
            formats: Formats::default(),
        }
    }

    /// The kinds that documents may be of.
    pub(super) fn kinds(&self) -> &'k Kinds {
        self.kinds
    }

    /// The document that `node` holds: text, or a mapping. `strict` holds its values to the schema,
    /// too; without, only its keys, since an example that fails may well hold a wrong value.
    pub(super) fn document(
        &self,
        rule: &Rule,
        node: NodeRef<'_>,
        path: Option<&str>,
        number: u32,
        strict: bool,
    ) -> Read {
        let markdown = node.as_str().is_some_and(has_front_matter);
        let path = path.map_or_else(
            || format!("{PATH}.{}", if markdown { "md" } else { "yaml" }),
            str::to_owned,
        );
        let syntax = if markdown {
            Syntax::Markdown
        } else {
            Syntax::Yaml
        };
        // Numbers from the far end: no file of the run has them.
        let id = FileId(u32::MAX - number);
        let (source, parsed) = match node.as_str() {
            Some(text) => {
                let source = SourceFile::new(id, path, text);
                let parsed = value::read(&source, syntax, &Limits::default());
                (source, parsed)
            }
            None => (SourceFile::new(id, path, ""), copied(node)),
        };
        let in_policy = |finding: Finding| placed(finding, node, id);
        let broken: Vec<_> = parsed
            .problems
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
            .cloned()
            .map(in_policy)
            .collect();
        if !broken.is_empty() {
            return Err(broken);
        }
        let implied = match &*rule.applies_to {
            [one] => Some(&**one),
            _ => None,
        };
        let mut found = document::identify(
            document::Input {
                source: &source,
                syntax,
                parsed,
                kind: implied,
                format: None,
                sidecar: None,
            },
            self.kinds,
            &self.formats,
        );
        if !found.findings.is_empty() {
            return Err(found.findings.into_iter().map(in_policy).collect());
        }
        let document = match (found.documents.pop(), found.documents.len()) {
            (Some(document), 0) => document,
            (Some(_), _) => {
                return Err(vec![problem(node, "the example holds several documents")]);
            }
            (None, _) => {
                let finding =
                    problem(node, "the example does not say which kind it is of").with_help(
                        format!("Begin it with `kind: {}`", rule.applies_to.join("` or `")),
                    );
                return Err(vec![finding]);
            }
        };
        let misfits: Vec<_> = self
            .misfits(&document)
            .into_iter()
            .filter(|finding| match finding.rule.as_str() {
                "schema/unknown-key" => true,
                "schema/missing-key" => false,
                _ => strict && finding.severity == Severity::Error,
            })
            .map(in_policy)
            .collect();
        if misfits.is_empty() {
            Ok(document)
        } else {
            Err(misfits)
        }
    }

    fn misfits(&self, document: &Document) -> Vec<Finding> {
        self.schemas
            .iter()
            .find(|(name, _)| *name == document.reference.kind)
            .map(|(_, schema)| schema.check(document.root()))
            .unwrap_or_default()
    }
}

/// A finding about the document of an example as one about the policy file that holds it.
fn placed(finding: Finding, node: NodeRef<'_>, id: FileId) -> Finding {
    let Label { location, text } = finding.primary;
    let location = if location.file == id {
        locate(node, location.span)
    } else {
        location
    };
    let label = Label::new(location, text);
    let mut placed = Finding::new("policy/example-document", finding.message, label);
    placed.help = finding.help;
    placed
}

/// Whether a text is Markdown with front matter.
fn has_front_matter(text: &str) -> bool {
    let mut lines = text.lines();
    lines.next().is_some_and(|line| line.trim_end() == "---")
        && lines.any(|line| line.trim_end() == "---")
}

fn copied(node: NodeRef<'_>) -> Parsed {
    let mut builder = TreeBuilder::new(Arc::clone(node.source()), &Limits::default()).for_a_part();
    let mut problems = Vec::new();
    if builder.copy(node).is_err() {
        problems.push(problem(node, "the example is too large"));
    }
    Parsed {
        tree: builder.finish(),
        problems,
    }
}

fn problem(node: NodeRef<'_>, message: &str) -> Finding {
    Finding::new(
        "policy/example-document",
        message,
        Label::new(locate(node, Span::default()), ""),
    )
}

/// The world of an example: its documents and its files.
pub(super) struct ExampleFacts<'c> {
    /// The document that the example is about, then the others, with their paths.
    pub(super) documents: &'c [Document],
    /// The first of them.
    pub(super) document: &'c Document,
    /// What its files hold.
    pub(super) evidence: Evidence<'c>,
    /// What it states of sign-offs.
    pub(super) sign_offs: SignOffs,
}

impl Facts for ExampleFacts<'_> {
    fn documents<'a>(&'a self, kind: &str) -> Result<Vec<NodeRef<'a>>, FactError> {
        Ok(self
            .documents
            .iter()
            .filter(|document| *document.reference.kind == *kind)
            .map(Document::root)
            .collect())
    }

    fn reference<'a>(
        &'a self,
        target: &str,
        _from: Option<NodeRef<'a>>,
    ) -> Result<NodeRef<'a>, FactError> {
        let path = target.strip_prefix("./").unwrap_or(target);
        let meant: Vec<_> = self
            .documents
            .iter()
            .filter(|document| {
                *document.reference.path == *path || *document.reference.id == *target
            })
            .collect();
        match meant.as_slice() {
            [one] => Ok(one.root()),
            [] => Err(FactError::Dangling {
                target: target.to_owned(),
                nearest: None,
            }),
            several => Err(FactError::Ambiguous {
                target: target.to_owned(),
                candidates: several
                    .iter()
                    .map(|document| document.reference.path.to_string())
                    .collect(),
            }),
        }
    }

    fn call<'a>(&'a self, function: &str, args: &[Value<'a>]) -> Result<Value<'a>, FactError> {
        self.sign_offs
            .call(function, args, self.document, &self.evidence)
    }
}
