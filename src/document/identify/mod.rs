//! Tells what documents a file holds. It never guesses: `kind:` in the document, then what the
//! config assigned, then a format's own mark; what merely looks like a document is reported.

mod stranger;
mod wrong;

use std::sync::Arc;

use super::format::{self, Formats, View};
use super::kind::{Kind, Kinds};
use super::{Alone, Beside, Document, Format, include, overlooked};
use crate::finding::{DocumentRef, Finding, Severity, nearest};

use crate::source::{Location, SourceFile, Span};
use crate::value::{NodeRef, Parsed, Syntax, Tree};

pub use stranger::Unrecognized;
use stranger::holds_nothing;

/// The key that names the kind.
pub(super) const KIND: &str = "kind";
/// The key under which Markdown's body is found; no key of the author's.
pub(super) const SECTIONS: &str = "sections";

/// A file to identify.
pub struct Input<'a> {
    /// The file.
    pub source: &'a Arc<SourceFile>,
    /// How it is written.
    pub syntax: Syntax,
    /// The file as read; its problems become findings of its documents.
    pub parsed: Parsed,
    /// The kind that the config's `documents:` assigns to this path.
    pub kind: Option<&'a str>,
    /// The format that the config's `documents:` assigns to this path.
    pub format: Option<&'a str>,
    /// The sidecar beside it ([`super::sidecar_path`]), if there is one.
    pub sidecar: Option<&'a Parsed>,
}

/// What a file holds.
#[derive(Clone, Debug, Default)]
pub struct Identified {
    /// Its documents, in order.
    pub documents: Vec<Document>,
    /// What is wrong with it: problems of its text, kinds that are unknown or missing.
    pub findings: Vec<Finding>,
    /// Set where the file holds neither a document nor a finding: it is not ours.
    pub unrecognized: Option<Unrecognized>,
}

/// Finds the documents of a file by itself: files that belong to them are not looked for.
pub fn identify(input: Input<'_>, kinds: &Kinds, formats: &Formats) -> Identified {
    identify_with(input, kinds, formats, &Alone)
}

/// Finds the documents of a file, and reads the files that belong to them.
pub fn identify_with(
    input: Input<'_>,
    kinds: &Kinds,
    formats: &Formats,
    beside: &dyn Beside,
) -> Identified {
    let Parsed { tree, problems } = input.parsed;
    let tree = Arc::new(tree);
    let mut file = File {
        source: input.source,
        syntax: input.syntax,
        written: Arc::clone(&tree),
        tree,
        kind: input.kind,
        format: input.format,
        sidecar: input.sidecar,
        intact: true,
        kinds,
        formats,
        beside,
    };
    let problems = file.include(problems);
    file.intact = problems.iter().all(|p| p.severity != Severity::Error);
    file.identify(problems)
}

struct File<'a> {
    source: &'a Arc<SourceFile>,
    syntax: Syntax,
    /// The file as it stands.
    written: Arc<Tree>,
    /// The file with what it includes.
    tree: Arc<Tree>,
    kind: Option<&'a str>,
    format: Option<&'a str>,
    sidecar: Option<&'a Parsed>,
    intact: bool,
    kinds: &'a Kinds,
    formats: &'a Formats,
    beside: &'a dyn Beside,
}

/// What one root of a file is.
enum Verdict<'a> {
    Own(&'a Arc<Kind>),
    Foreign(&'a Format),
    Wrong(Box<Finding>),
    Stranger,
}

impl<'a> File<'a> {
    /// Puts what the file includes in its places, if it is of a format that includes files. Gives
    /// the problems that are left.
    fn include(&mut self, problems: Vec<Finding>) -> Vec<Finding> {
        let is_tag = |problem: &Finding| problem.rule.as_str() == "document/tag";
        if !problems.iter().any(is_tag) {
            return problems;
        }
        let tag = self.tree.roots().find_map(|root| match self.judge(root) {
            Verdict::Foreign(format) => format.include(),
            _ => None,
        });
        let Some(tag) = tag.map(|include| &*include.tag) else {
            return problems;
        };
        match include::expand(&self.written, problems.clone(), tag, self.beside) {
            Some(expanded) => {
                self.tree = Arc::new(expanded.tree);
                expanded.problems
            }
            None => problems,
        }
    }

    fn identify(&self, problems: Vec<Finding>) -> Identified {
        let mut found = Identified::default();
        let mut strangers = Vec::new();
        let mut without = None;
        let mut part_of = None;
        for root in self.tree.roots() {
            match self.judge(root) {
                Verdict::Own(kind) => {
                    let tree = Arc::clone(&self.tree);
                    let number = found.documents.len();
                    let document = self.document(kind, None, tree, root, number);
                    found.documents.push(document);
                }
                Verdict::Foreign(format) => {
                    if let Some(include) = format.include()
                        && let Some(path) = include::owner(self.source, include, self.beside)
                    {
                        part_of = Some(path);
                        continue;
                    }
                    let before = found.documents.len();
                    self.map(format, root, &mut found);
                    if found.documents.len() == before {
                        without = Some(format);
                    }
                }
                Verdict::Wrong(finding) => found.findings.push(*finding),
                Verdict::Stranger => strangers.push(root),
            }
        }
        let ours = !found.documents.is_empty() || !found.findings.is_empty();
        if ours {
            let strangers = strangers.into_iter().filter(|root| !root.is_null());
            found
                .findings
                .extend(strangers.map(|root| self.stray(root)));
            self.unused_sidecar(&mut found);
            self.adopt(problems, &mut found);
        } else if let Some(kind) = self.probable_kind() {
            // The error hides the document, so the text has to do.
            found.findings = problems;
            for finding in &mut found.findings {
                finding.document = Some(self.reference(kind, None));
            }
        } else if let (Some(kind), 0) = (self.assigned(), self.tree.roots().len()) {
            found.findings.push(self.nothing(&kind.name));
            self.adopt(problems, &mut found);
        } else {
            let looked_for = match (&part_of, without) {
                (None, None) => self.formats.written_in(self.syntax),
                _ => Vec::new(),
            };
            let part_of = part_of.map(|path| format!("it is a part of {path}, which includes it"));
            let without = || without.map_or_else(|| self.reason(), holds_nothing);
            found.unrecognized = Some(Unrecognized {
                reason: part_of.unwrap_or_else(without),
                looked_for,
                problems,
                location: self.start(),
            });
        }
        found
    }

    fn judge(&self, root: NodeRef<'_>) -> Verdict<'a> {
        let keys: Vec<&str> = root
            .entries()
            .map(|entry| entry.key)
            .filter(|key| *key != KIND && !key.starts_with("x-"))
            .filter(|key| !(self.syntax == Syntax::Markdown && *key == SECTIONS))
            .collect();
        let resembled = root
            .is_mapping()
            .then(|| self.kinds.resembled_by(root, &keys))
            .flatten();
        if self.kind.is_none() && format::describes_format(root) {
            return Verdict::Stranger;
        }
        let named = root.get(KIND);
        if let Some(named) = named {
            if let Some(kind) = named.as_str().and_then(|name| self.kinds.get(name)) {
                return Verdict::Own(kind);
            }
            // Kubernetes manifests have a `kind` of their own.
            let manifest = root.get("apiVersion").is_some();
            let near = named
                .as_str()
                .and_then(|name| nearest(name, self.kinds.names()));
            let ours = near.is_some() || self.kind.is_some() || resembled.is_some();
            if ours && !(manifest && self.kind.is_none()) {
                return Verdict::Wrong(Box::new(self.unknown_kind(named, near, resembled)));
            }
        } else if let Some(finding) = self.misspelt_key(root) {
            return Verdict::Wrong(Box::new(finding));
        }
        // Whoever assigns a format says more than who assigns a kind: how to get there.
        let assigned = self.format.and_then(|name| self.formats.get(name));
        if let Some(format) = assigned {
            return Verdict::Foreign(format);
        }
        if let Some(kind) = self.assigned() {
            return Verdict::Own(kind);
        }
        if let Some(format) = self.formats.detect(self.source, self.syntax, root) {
            return Verdict::Foreign(format);
        }
        match resembled {
            Some(kind) if named.is_none() => {
                return Verdict::Wrong(Box::new(self.missing_kind(root, kind)));
            }
            _ => {}
        }
        if let Some((kind, mut finding)) =
            overlooked::find(root, self.source, self.syntax, self.kinds)
        {
            finding.document = Some(self.reference(&kind.name, None));
            return Verdict::Wrong(Box::new(finding));
        }
        Verdict::Stranger
    }

    fn assigned(&self) -> Option<&'a Arc<Kind>> {
        self.kinds.get(self.kind?)
    }

    fn document(
        &self,
        kind: &Kind,
        format: Option<&Format>,
        tree: Arc<Tree>,
        root: NodeRef<'_>,
        number: usize,
    ) -> Document {
        let mut reference = self.reference(&kind.name, kind.id_of(root));
        // Two documents of one file that name themselves nowhere are still two.
        if number > 0 && reference.id == reference.path {
            reference.id = format!("{}#{}", reference.path, number + 1).into();
        }
        Document {
            reference,
            stage: kind.stage_of(root),
            format: format.map(|format| Arc::clone(&format.name)),
            intact: self.intact,
            elsewhere: Vec::new(),
            root: root.id(),
            tree,
            written: Arc::clone(&self.written),
            source: Arc::clone(self.source),
        }
    }

    fn map(&self, format: &Format, root: NodeRef<'_>, found: &mut Identified) {
        let Some(kind) = self.kinds.get(&format.kind) else {
            return;
        };
        for raw in format.documents(self.source, root) {
            let View {
                tree,
                findings,
                whole,
                elsewhere,
            } = format.view(self.source, (root, raw), self.sidecar, self.beside);
            let tree = Arc::new(tree);
            let Some(view) = tree.root() else {
                continue;
            };
            let number = found.documents.len();
            let mut document = self.document(kind, Some(format), Arc::clone(&tree), view, number);
            // What looks absent may stand in the part that could not be read.
            document.intact &= whole;
            document.elsewhere = elsewhere;
            found
                .findings
                .extend(findings.into_iter().map(|mut finding| {
                    finding.document = Some(document.reference.clone());
                    finding
                }));
            found.documents.push(document);
        }
    }

    fn reference(&self, kind: &str, id: Option<Arc<str>>) -> DocumentRef {
        let path: Arc<str> = self.source.path().as_str().into();
        DocumentRef {
            kind: kind.into(),
            id: id.unwrap_or_else(|| Arc::clone(&path)),
            path,
        }
    }

    /// Gives each problem of the text to the document in which it stands.
    fn adopt(&self, problems: Vec<Finding>, found: &mut Identified) {
        for mut problem in problems {
            let at = problem.primary.location.span.start;
            let before = |document: &&Document| document.written_at() <= at;
            let holder = found.documents.iter().rev().find(before);
            let holder = holder.or(found.documents.first());
            problem.document = Some(match holder {
                Some(document) => document.reference.clone(),
                None => self.reference("unknown", None),
            });
            found.findings.push(problem);
        }
        found
            .findings
            .sort_by_key(|finding| finding.primary.location);
    }

    fn start(&self) -> Location {
        let first_line = self.source.line_span(1).unwrap_or_default();
        self.source
            .location(Span::new(first_line.start, first_line.end))
    }
}

impl Document {
    /// The byte where the document begins in its file.
    fn written_at(&self) -> u32 {
        if self.format.is_some() {
            return 0;
        }
        self.root().span().start
    }
}
