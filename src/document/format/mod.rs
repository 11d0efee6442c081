//! Foreign formats: data that says how to tell them and where each canonical field lies.
//!
//! A format is a file `schemas/formats/<name>.yaml` (shape: `schemas/format.schema.json`). Its
//! expressions see `raw` (one foreign document), `root` (the whole file), `file` (the file's
//! name), and what the format itself names under `sections`, `labels`, `rows`, `properties`,
//! `tables` and `companions`: `section.uses.text`, `label.developed_by`, `row.model_type`,
//! `property.privacy_policy`, `table.data`, `companion.eval_results`.

mod check;
mod companions;
mod load;
mod lookups;
mod sidecar;
mod view;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use camino::Utf8Path;
use globset::GlobSet;
use jiff::civil;

use super::builtin;
use crate::expr::{Env, NoFacts, Program, Scope, Slot, Truth, Value};
use crate::finding::Finding;
use crate::source::{FileId, SourceFile};
use crate::value::{NodeRef, Syntax, Tree};

pub(super) use load::describes_format;
pub use sidecar::{is_sidecar, sidecar_path};
pub(super) use view::{View, of};

static NO_FACTS: NoFacts = NoFacts;

/// A foreign format of documents.
pub struct Format {
    /// Its name, such as `huggingface`.
    pub name: Arc<str>,
    /// What people call it.
    pub title: String,
    /// The kind that its documents are mapped onto.
    pub kind: Arc<str>,
    syntax: Option<Syntax>,
    /// What its files are called.
    files: GlobSet,
    /// What files are called that are taken for its own even if they cannot be read.
    claims: Option<GlobSet>,
    marks: Vec<Program>,
    /// Whether only a config says that a document is of it.
    only_assigned: bool,
    /// The formats that its documents bear the marks of as well; it says more of them.
    before: Vec<Box<str>>,
    documents: Documents,
    lookups: lookups::Lookups,
    companions: companions::Companions,
    include: Option<Include>,
    fields: Vec<Field>,
    checks: Vec<check::Check>,
    env: Env,
    slots: Slots,
    /// Whether any document was of it.
    used: AtomicBool,
    /// Its own file, in which the lists of `known` stand.
    tree: Option<Tree>,
}

#[derive(Clone, Copy)]
struct Slots {
    raw: Slot,
    root: Slot,
    file: Slot,
    found: [Slot; lookups::KEYS.len()],
    known: Slot,
    companion: Slot,
    /// The text for which a companion is looked for.
    wanted: Slot,
}

/// How files of a format include others.
pub(super) struct Include {
    /// The tag behind which the name of a file stands that is to be put there.
    pub(super) tag: Box<str>,
    /// What the files are called that include others.
    pub(super) from: Vec<Box<str>>,
}

/// Where the documents of a file lie.
enum Documents {
    /// The root is the only one.
    Root,
    /// A node, or a list of them.
    At(Program),
    /// Every mapping, for which a condition holds, that is reached from the root by these keys alone.
    Through { keys: Vec<Box<str>>, mark: Program },
}

/// Where one canonical field lies.
struct Field {
    /// The keys that lead to it.
    path: Vec<Box<str>>,
    /// Where it may lie, best first; the first that gives something is taken.
    origins: Vec<Origin>,
    /// Whether it was found in any document.
    seen: AtomicBool,
}

enum Origin {
    Expression(Program),
    /// As a number, where its text is one, times a factor.
    Number(Program, Option<f64>),
    /// The key under which a value stands.
    Key(Program),
    /// What a text stands for, letter case aside; one that is not listed stays as it is.
    Choice(Program, Vec<(String, Meaning)>),
    /// A list: one element for each round of the loops, the later loops inside the earlier.
    Each {
        loops: Vec<(Slot, Program)>,
        /// Rounds for which it does not hold give none.
        only: Option<Program>,
        element: Element,
    },
    /// What all of these give, in one list.
    All(Vec<Origin>),
}

enum Element {
    Fields(Vec<Field>),
    Value(Vec<Origin>),
}

/// What a word of a format is in our fields.
enum Meaning {
    /// Nothing: the format has a word for what it does not say.
    Absent,
    Bool(bool),
    Text(Box<str>),
}

impl Format {
    /// Whether a root of a file bears the format's mark.
    fn marks(&self, source: &SourceFile, syntax: Syntax, root: NodeRef<'_>) -> bool {
        if self.syntax.is_some_and(|own| own != syntax) || !root.is_mapping() {
            return false;
        }
        // XML is only looked at where it is called so, or was named: then its name does not matter.
        if syntax != Syntax::Xml && !self.is_named(source.path()) {
            return false;
        }
        let found = match syntax {
            Syntax::Markdown => self.lookups.find(source, root, &[], &[]),
            _ => lookups::Lookups::none(source),
        };
        let scope = self.scope(source, root, root, &found);
        self.marks
            .iter()
            .any(|mark| mark.eval(&scope).truth() == Truth::True)
    }

    /// How its files include others.
    pub(super) fn include(&self) -> Option<&Include> {
        self.include.as_ref()
    }

    /// Whether the file is called as the format's documents are.
    fn is_named(&self, path: &Utf8Path) -> bool {
        let name = path.file_name().unwrap_or_default();
        self.files.is_match(name) || self.files.is_match(path)
    }

    /// Whether a file of this name is the format's even if it cannot be read.
    fn claims(&self, path: &Utf8Path) -> bool {
        let name = path.file_name().unwrap_or_default();
        match &self.claims {
            Some(claims) => claims.is_match(name) || claims.is_match(path),
            None => self.is_named(path),
        }
    }

    /// The foreign documents that a file's root holds.
    pub(super) fn documents<'t>(&self, source: &SourceFile, root: NodeRef<'t>) -> Vec<NodeRef<'t>> {
        let documents = match &self.documents {
            Documents::Root => return vec![root],
            Documents::Through { keys, mark } => {
                let mut nodes = Vec::new();
                self.through(source, root, keys, mark, root, &mut nodes);
                return nodes;
            }
            Documents::At(documents) => documents,
        };
        let found = lookups::Lookups::none(source);
        // What is found lies in the file's tree, which outlives the scope; it is found again there.
        let tree = root.tree();
        let scope = self.scope(source, root, root, &found);
        match documents.eval(&scope) {
            Value::Node(node) if node.is_sequence() => {
                node.items().map(|item| tree.node(item.id())).collect()
            }
            Value::Node(node) => vec![tree.node(node.id())],
            Value::List(list) => list
                .iter()
                .filter_map(|value| match value {
                    Value::Node(node) => Some(tree.node(node.id())),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    fn through<'t>(
        &self,
        source: &SourceFile,
        root: NodeRef<'t>,
        keys: &[Box<str>],
        mark: &Program,
        at: NodeRef<'t>,
        nodes: &mut Vec<NodeRef<'t>>,
    ) {
        if at.is_mapping() {
            let none = lookups::Lookups::none(source);
            let scope = self.scope(source, root, at, &none);
            if mark.eval(&scope).truth() == Truth::True {
                nodes.push(at);
            }
        }
        let below = at.items().chain(
            at.entries()
                .filter(|entry| keys.iter().any(|key| **key == *entry.key))
                .map(|entry| entry.value),
        );
        for node in below.collect::<Vec<_>>() {
            self.through(source, root, keys, mark, node, nodes);
        }
    }

    /// The keys behind which lie other documents than the one at hand.
    fn ways(&self) -> &[Box<str>] {
        match &self.documents {
            Documents::Through { keys, .. } => keys,
            Documents::Root | Documents::At(_) => &[],
        }
    }

    fn scope<'a>(
        &'a self,
        source: &'a SourceFile,
        root: NodeRef<'a>,
        raw: NodeRef<'a>,
        found: &'a Tree,
    ) -> Scope<'a> {
        // Formats say where fields lie; they ask for no date and no facts.
        let mut scope = Scope::new(&self.env, &NO_FACTS, civil::Date::ZERO);
        let name = source.path().file_name().unwrap_or_default();
        scope.set(self.slots.root, Value::Node(root));
        scope.set(self.slots.raw, Value::Node(raw));
        scope.set(self.slots.file, Value::from(name));
        let own = self.tree.as_ref().and_then(Tree::root);
        if let Some(known) = own.and_then(|root| root.get("known")) {
            scope.set(self.slots.known, Value::Node(known));
        }
        if let Some(found) = found.root() {
            for (slot, key) in self.slots.found.into_iter().zip(lookups::KEYS) {
                if let Some(node) = found.get(key) {
                    scope.set(slot, Value::Node(node));
                }
            }
        }
        scope
    }
}

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Format({} -> {})", self.name, self.kind)
    }
}

/// A format, read when it is first asked for: most runs meet no foreign document.
#[derive(Debug)]
struct Known {
    name: Arc<str>,
    source: Arc<SourceFile>,
    /// Whether it is the user's.
    own: bool,
    format: OnceLock<Option<Format>>,
}

impl Known {
    /// `None` if its file cannot be used; then no document is of it.
    fn format(&self) -> Option<&Format> {
        self.format
            .get_or_init(|| load::load(&self.source).ok())
            .as_ref()
    }
}

/// The formats of a run, by name.
#[derive(Debug, Default)]
pub struct Formats {
    formats: Vec<Known>,
}

impl Formats {
    /// The formats that are part of the program, named as their files are. A test holds that each
    /// of them can be used.
    pub fn builtin() -> Self {
        let mut formats = Vec::new();
        let folder = builtin::SCHEMAS.get_dir("formats");
        let mut files: Vec<_> = folder
            .into_iter()
            .flat_map(include_dir::Dir::files)
            .collect();
        files.sort_by_key(|file| file.path().file_stem());
        for (number, file) in (0..).zip(files) {
            let text = file.contents_utf8().unwrap_or_default();
            let name = file.path().file_stem().unwrap_or_default();
            let path = format!("schemas/{}", file.path().display());
            formats.push(Known {
                name: name.to_string_lossy().into(),
                source: SourceFile::new(FileId(u32::MAX - number), path, text),
                own: false,
                format: OnceLock::new(),
            });
        }
        Self { formats }
    }

    /// Adds a format from its file.
    ///
    /// # Errors
    /// Findings `config/...` with places in that file.
    pub fn add(&mut self, source: &Arc<SourceFile>) -> Result<&Format, Vec<Finding>> {
        let format = load::load(source)?;
        let name = Arc::clone(&format.name);
        let at = self.formats.partition_point(|known| known.name < name);
        if self.formats.get(at).is_some_and(|known| known.name == name) {
            return Err(vec![load::duplicate(source, &name)]);
        }
        let known = Known {
            name: Arc::clone(&name),
            source: Arc::clone(source),
            own: true,
            format: OnceLock::from(Some(format)),
        };
        self.formats.insert(at, known);
        self.get(&name).ok_or_else(Vec::new)
    }

    /// The format with this name.
    pub fn get(&self, name: &str) -> Option<&Format> {
        self.formats
            .iter()
            .find(|known| &*known.name == name)?
            .format()
    }

    /// Every format, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Format> {
        self.formats.iter().filter_map(Known::format)
    }

    /// The fields of the user's formats that no document has given, of formats that any document
    /// has: `format: field`. Of the program's own formats nobody has every field.
    pub fn stale(&self) -> Vec<String> {
        let own = self.formats.iter().filter(|known| known.own);
        own.filter_map(Known::format)
            .filter(|format| format.used.load(Ordering::Relaxed))
            .flat_map(|format| {
                let unseen = format.fields.iter();
                let unseen = unseen.filter(|field| !field.seen.load(Ordering::Relaxed));
                unseen.map(|field| format!("{}: {}", format.name, field.path.join(".")))
            })
            .collect()
    }

    /// Every name, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.formats.iter().map(|known| &*known.name)
    }

    /// The formats that are written like this, by name.
    pub(super) fn written_in(&self, syntax: Syntax) -> Vec<Arc<str>> {
        let like = |format: &&Format| format.syntax.is_none_or(|own| own == syntax);
        let formats = self.iter().filter(like);
        // What no mark tells is not looked for.
        let told = formats.filter(|format| !format.only_assigned);
        told.map(|format| Arc::clone(&format.name)).collect()
    }

    /// Whether a file is called as the documents of a format are that are written like this.
    pub fn name(&self, path: &Utf8Path, syntax: Syntax) -> bool {
        let written = |format: &Format| format.syntax == Some(syntax);
        self.iter()
            .any(|format| written(format) && format.is_named(path))
    }

    /// Whether a file may belong to a document of a format, by its name.
    pub fn is_companion(&self, path: &Utf8Path) -> bool {
        self.iter().any(|format| {
            let included = format.include.is_some() && Syntax::of_path(path) == Some(Syntax::Yaml);
            included || format.companions.may_be(path)
        })
    }

    /// The kind of the format whose documents are called so, for a file that cannot be read.
    pub(super) fn claims(&self, source: &SourceFile, syntax: Syntax) -> Option<&str> {
        let format = self.iter().find(|format| {
            format.syntax.is_none_or(|own| own == syntax) && format.claims(source.path())
        })?;
        Some(&format.kind)
    }

    /// The format of a root: the first whose mark it bears, unless another of these says that it
    /// comes before it.
    pub(super) fn detect(
        &self,
        source: &SourceFile,
        syntax: Syntax,
        root: NodeRef<'_>,
    ) -> Option<&Format> {
        let borne = |format: &&Format| format.marks(source, syntax, root);
        let first = self.iter().find(borne)?;
        let names_first = |format: &&Format| format.before.contains(&Box::from(&*first.name));
        let better = self.iter().filter(names_first).find(borne);
        Some(better.unwrap_or(first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_of_the_program_can_be_used_and_is_named_as_its_file() {
        let formats = Formats::builtin();
        for known in &formats.formats {
            match load::load(&known.source) {
                Ok(format) => assert_eq!(format.name, known.name),
                Err(findings) => panic!("{}: {findings:?}", known.name),
            }
        }
        assert!(!formats.formats.is_empty());
        assert!(formats.names().is_sorted());
    }
}
