//! Tells what documents a file holds. It never guesses: `kind:` in the document, then what the
//! config assigned, then a format's own mark; what merely looks like a document is reported.

use std::sync::Arc;

use super::format::{self, Formats, View};
use super::kind::{Kind, Kinds};
use super::{Alone, Beside, Document, Format, include, overlooked};
use crate::finding::{DocumentRef, Finding, Label, Severity, nearest};
use crate::source::{Location, SourceFile, Span};
use crate::value::{Kind as Shape, NodeRef, Parsed, Syntax, Tree};

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

/// A file that is no document, as far as can be told.
#[derive(Clone, Debug)]
pub struct Unrecognized {
    /// Why it was not recognized, as a fact without a final full stop.
    pub reason: String,
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
        let message = format!(
            "{} is not recognized as a document: {}",
            source.path(),
            self.reason
        );
        findings.push(
            Finding::new("input/unrecognized", message, Label::new(self.location, "")).with_help(format!(
                "Say what it is with {}, or give its path a kind under `documents` in launchgate.yaml",
                names.join(" or ")
            )),
        );
        findings
    }
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
            let part_of = part_of.map(|path| format!("it is a part of {path}, which includes it"));
            let without = || without.map_or_else(|| self.reason(), holds_nothing);
            found.unrecognized = Some(Unrecognized {
                reason: part_of.unwrap_or_else(without),
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
            } = format.view(self.source, (root, raw), self.sidecar, self.beside);
            let tree = Arc::new(tree);
            let Some(view) = tree.root() else {
                continue;
            };
            let number = found.documents.len();
            let mut document = self.document(kind, Some(format), Arc::clone(&tree), view, number);
            // What looks absent may stand in the part that could not be read.
            document.intact &= whole;
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

    fn finding(&self, rule: &str, kind: Option<&Arc<Kind>>, at: Label, message: String) -> Finding {
        let mut finding = Finding::new(rule, message, at);
        let kind = kind.map_or("unknown", |kind| &*kind.name);
        finding.document = Some(self.reference(kind, None));
        finding
    }

    fn unknown_kind(
        &self,
        named: NodeRef<'_>,
        near: Option<&str>,
        resembled: Option<&Arc<Kind>>,
    ) -> Finding {
        let suggested = near.or(resembled.map(|kind| &*kind.name)).or(self.kind);
        let kind = suggested.and_then(|name| self.kinds.get(name));
        let message = match (named.kind(), named.as_str()) {
            (_, Some(name)) if !name.trim().is_empty() => {
                let near = near.map(|near| format!("; did you mean `{near}`?"));
                format!("unknown kind `{name}`{}", near.unwrap_or_default())
            }
            (Shape::Null | Shape::String, _) => "`kind` is empty".to_owned(),
            (shape, _) => format!("`kind` is {}, not the name of a kind", shape.described()),
        };
        let help = match suggested {
            Some(name) => format!("write `kind: {name}`"),
            None => format!("write one of {}", self.kind_names()),
        };
        self.finding(
            "document/unknown-kind",
            kind,
            Label::new(named.address(), ""),
            message,
        )
        .with_help(help)
        .with_pointer("/kind")
        .with_subject(named.as_str().unwrap_or_default())
    }

    /// A key that is nearly `kind` and holds what is, or nearly is, a kind.
    fn misspelt_key(&self, root: NodeRef<'_>) -> Option<Finding> {
        root.entries().find_map(|entry| {
            nearest(entry.key, [KIND])?;
            let name = nearest(entry.value.as_str()?, self.kinds.names())?;
            let message = format!("unknown key `{}`; did you mean `kind`?", entry.key);
            let label = Label::new(entry.key_location, "");
            let finding = self
                .finding(
                    "document/missing-kind",
                    self.kinds.get(name),
                    label,
                    message,
                )
                .with_help(format!("Write `kind: {name}`"))
                .with_pointer("/kind")
                .with_subject(entry.key);
            Some(finding)
        })
    }

    fn missing_kind(&self, root: NodeRef<'_>, kind: &Arc<Kind>) -> Finding {
        let article = if kind.name.starts_with(['a', 'e', 'i', 'o', 'u']) {
            "an"
        } else {
            "a"
        };
        let message = format!(
            "missing `kind`; its keys are those of {article} `{}`",
            kind.name
        );
        let label = Label::new(root.address(), "no `kind` here");
        self.finding("document/missing-kind", Some(kind), label, message)
            .with_help(format!("Add `kind: {}`", kind.name))
            .with_pointer("/kind")
            .with_subject(KIND)
    }

    /// A root that is nothing we know, in a file of which another root is a document.
    fn stray(&self, root: NodeRef<'_>) -> Finding {
        let message = "this document of the file says no `kind` that is known".to_owned();
        let at = root.get(KIND).map_or(root.address(), NodeRef::address);
        self.finding("document/missing-kind", None, Label::new(at, ""), message)
            .with_help(format!(
                "Give it a `kind` ({}), or move it to a file of its own",
                self.kind_names()
            ))
            .with_pointer("/kind")
    }

    fn nothing(&self, kind: &str) -> Finding {
        let label = Label::new(self.start(), "");
        let message = "the file is empty".to_owned();
        self.finding("document/empty", self.kinds.get(kind), label, message)
            .with_help(format!(
                "Write a `{kind}`, or take the file out of `documents`"
            ))
    }

    /// A sidecar beside a file that is written in a kind's own fields says what nobody reads.
    fn unused_sidecar(&self, found: &mut Identified) {
        let mapped = found
            .documents
            .iter()
            .any(|document| document.format.is_some());
        let root = self.sidecar.and_then(|sidecar| sidecar.tree.root());
        if let (Some(root), false) = (root, mapped) {
            let message = format!("the sidecar is not used: {} needs none", self.source.path());
            let mut finding = self
                .finding(
                    "document/sidecar-unused",
                    None,
                    Label::new(root.address(), ""),
                    message,
                )
                .with_help("Write these fields into the document itself");
            finding.document = found.documents.first().map(|d| d.reference.clone());
            found.findings.push(finding);
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

    /// The kind that a file is probably of whose text could not be read: one that the config
    /// assigns, one that stands behind `kind` somewhere in the text, or nearly, or that of a format
    /// whose files are called so.
    fn probable_kind(&self) -> Option<&'a str> {
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

    fn reason(&self) -> String {
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

    fn kind_names(&self) -> String {
        let names: Vec<_> = self.kinds.names().map(|name| format!("`{name}`")).collect();
        names.join(", ")
    }

    fn start(&self) -> Location {
        let first_line = self.source.line_span(1).unwrap_or_default();
        self.source
            .location(Span::new(first_line.start, first_line.end))
    }
}

/// Why a file of a format is no document: a bill of materials may list no model.
fn holds_nothing(format: &Format) -> String {
    let Format { name, kind, .. } = format;
    format!("it is of the format `{name}`, and holds no `{kind}`")
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
