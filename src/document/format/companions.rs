//! Files that belong to a document of a format: which ones, and what expressions see of them.
//!
//! `companion.<name>` is a list, in the order of the files' paths, of `{name, path, raw}`: the text
//! for which the file was looked for (else its own name), its path, and what it holds.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::{Format, lookups};
use crate::document::beside::{Beside, Companion, Refused};
use crate::document::is_sidecar;
use crate::expr::{Program, Truth, Type, Value};
use crate::files::paths::normal;
use crate::finding::{Finding, Label, Severity};
use crate::source::{Location, SourceFile};
use crate::value::{BuildError, Limits, NodeRef, Scalar, Style, Syntax, Tree, TreeBuilder};

/// Where a pattern has the text for which a file is looked for.
const TEXT: &str = "{}";

/// The companions of a format.
#[derive(Default)]
pub(super) struct Companions {
    pub(super) groups: Vec<Group>,
    /// What any of them may be called.
    names: GlobSet,
}

/// Files under one name.
pub(super) struct Group {
    pub(super) name: Box<str>,
    /// Paths from the folder of the document, or from the root behind a `/`; wildcards in the last
    /// part alone.
    pub(super) files: Vec<Box<str>>,
    /// Texts for each of which a file is looked for.
    pub(super) of: Option<Program>,
    /// Whether its tables count as the document's own.
    pub(super) tables: bool,
    /// Where it holds, a file that is not there is said.
    pub(super) expected: Option<Program>,
}

impl Companions {
    /// # Errors
    /// The pattern that is no glob, and why.
    pub(super) fn new(groups: Vec<Group>) -> Result<Self, String> {
        let mut names = GlobSetBuilder::new();
        for pattern in groups.iter().flat_map(|group| &group.files) {
            let below = pattern.replace(TEXT, "*");
            let below = below.trim_start_matches(['.', '/']);
            // `.eval_results` keeps its dot.
            let dot = if pattern.starts_with('.')
                && !pattern.starts_with("./")
                && !pattern.starts_with("..")
            {
                "."
            } else {
                ""
            };
            for glob in [format!("{dot}{below}"), format!("**/{dot}{below}")] {
                names.add(glob_of(&glob)?);
            }
        }
        let names = names.build().map_err(|error| error.to_string())?;
        Ok(Self { groups, names })
    }

    /// The type of `companion`.
    pub(super) fn ty(names: &[Box<str>]) -> Type {
        Type::object("companion", names.iter().map(|name| (&**name, Type::Dyn)))
    }

    /// Whether a file may be one of them.
    pub(super) fn may_be(&self, path: &Utf8Path) -> bool {
        self.names.is_match(path)
    }
}

fn glob_of(pattern: &str) -> Result<globset::Glob, String> {
    GlobBuilder::new(pattern)
        .case_insensitive(true)
        .literal_separator(true)
        .build()
        .map_err(|error| format!("`{pattern}` is no glob: {}", error.kind()))
}

/// A companion that was read.
struct Item<'a> {
    group: &'a Group,
    name: String,
    companion: Companion,
}

/// The companions of one document.
pub(super) struct Gathered<'a> {
    items: Vec<Item<'a>>,
    /// What was looked for and is not there: the text, and where it stands.
    lacking: Vec<(&'a Group, Option<String>, Location)>,
    pub(super) findings: Vec<Finding>,
    /// Whether everything that is there could be read.
    pub(super) whole: bool,
}

impl Format {
    /// Reads what belongs to a document.
    pub(super) fn gather<'a>(
        &'a self,
        source: &SourceFile,
        (root, raw): (NodeRef<'_>, NodeRef<'_>),
        beside: &dyn Beside,
    ) -> Gathered<'a> {
        let mut gathered = Gathered {
            items: Vec::new(),
            lacking: Vec::new(),
            findings: Vec::new(),
            whole: true,
        };
        let folder = source.path().parent().unwrap_or(Utf8Path::new(""));
        for group in &self.companions.groups {
            let Some(of) = &group.of else {
                gathered.files(group, folder, raw.address(), beside);
                continue;
            };
            let none = lookups::Lookups::none(source);
            let scope = self.scope(source, root, raw, &none);
            let found = of.eval(&scope);
            let mut texts = Vec::new();
            collect(&found, raw.address(), &mut texts);
            for (text, at) in texts {
                gathered.file_for(group, folder, (&text, at), beside);
            }
        }
        gathered
    }
}

/// The texts that a value is or holds, with their places.
fn collect(value: &Value<'_>, home: Location, texts: &mut Vec<(String, Location)>) {
    match value {
        Value::Node(node) => match node.as_str() {
            Some(text) => texts.push((text.to_owned(), node.address())),
            None => node
                .items()
                .for_each(|item| collect(&Value::Node(item), home, texts)),
        },
        Value::List(list) => list.iter().for_each(|value| collect(value, home, texts)),
        Value::String(text) => texts.push((text.as_str().to_owned(), home)),
        _ => {}
    }
}

/// A path of a pattern, relative to the root.
fn place(folder: &Utf8Path, pattern: &str) -> Utf8PathBuf {
    match pattern.strip_prefix('/') {
        Some(below) => normal(Utf8Path::new(below)),
        None => normal(&folder.join(pattern)),
    }
}

impl<'a> Gathered<'a> {
    /// The files of a group by their names.
    fn files(&mut self, group: &'a Group, folder: &Utf8Path, at: Location, beside: &dyn Beside) {
        let mut paths = Vec::new();
        for pattern in &group.files {
            let path = place(folder, pattern);
            let name = path.file_name().unwrap_or_default();
            let Ok(name) = glob_of(name) else { continue };
            let folder = path.parent().unwrap_or(Utf8Path::new(""));
            match beside.find(folder, &name.compile_matcher()) {
                Ok(found) => paths.extend(found),
                Err(refused) => self.refuse(folder.as_str(), at, refused),
            }
        }
        paths.retain(|path| is_sidecar(path).is_none());
        paths.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        paths.dedup();
        if paths.is_empty() {
            self.lacking.push((group, None, at));
        }
        for path in paths {
            match beside.read(&path) {
                Ok(companion) => {
                    let name = path.file_stem().unwrap_or_default().to_owned();
                    self.take(group, name, companion);
                }
                Err(refused) => self.refuse(path.as_str(), at, refused),
            }
        }
    }

    /// The first file that is there for a text.
    fn file_for(
        &mut self,
        group: &'a Group,
        folder: &Utf8Path,
        (text, at): (&str, Location),
        beside: &dyn Beside,
    ) {
        // An address is no path.
        if text.trim().is_empty() || text.contains("://") {
            return;
        }
        for pattern in &group.files {
            let path = place(folder, &pattern.replace(TEXT, text.trim()));
            if Syntax::of_path(&path).is_none() {
                continue;
            }
            match beside.read(&path) {
                Ok(companion) => {
                    self.take(group, text.to_owned(), companion);
                    return;
                }
                Err(Refused::Missing) => {}
                Err(refused) => {
                    self.refuse(path.as_str(), at, refused);
                    return;
                }
            }
        }
        self.lacking.push((group, Some(text.to_owned()), at));
    }

    fn take(&mut self, group: &'a Group, name: String, companion: Companion) {
        let problems = &companion.parsed.problems;
        self.findings.extend(problems.iter().cloned());
        if problems.iter().any(|it| it.severity == Severity::Error) {
            // What could be read of it would only look wrong.
            self.whole = false;
            return;
        }
        if let Some(second) = companion.parsed.tree.roots().nth(1) {
            self.whole = false;
            self.findings.push(
                Finding::new(
                    "document/companion",
                    "a file that belongs to a document holds one document",
                    Label::new(second.address(), "another begins here"),
                )
                .with_help("Move it to a file of its own"),
            );
        }
        self.items.push(Item {
            group,
            name,
            companion,
        });
    }

    fn refuse(&mut self, path: &str, at: Location, refused: Refused) {
        self.whole = false;
        let reason = refused.reason();
        self.findings.push(match refused {
            Refused::Broken(finding) => *finding,
            _ => Finding::new(
                "document/companion",
                format!("`{path}` belongs to this document and cannot be read: {reason}"),
                Label::new(at, ""),
            )
            .with_help("Make it a file inside the root that can be read, or remove it")
            .with_subject(path),
        });
    }

    /// What was looked for and is not there: findings of what should be, and the names of what may
    /// lie elsewhere.
    pub(super) fn missing<'s>(
        &'s self,
        expected: &mut dyn FnMut(&Program, &'s str) -> Truth,
    ) -> (Vec<Finding>, Vec<Box<str>>) {
        let (lacking, others): (Vec<_>, Vec<_>) =
            self.lacking.iter().partition(|(group, text, _)| {
                let program = group.expected.as_ref();
                let text = text.as_deref().unwrap_or_default();
                program.is_some_and(|program| expected(program, text) == Truth::True)
            });
        let elsewhere = others
            .into_iter()
            .filter_map(|(_, text, _)| text.as_deref());
        let said = lacking.into_iter().map(|(group, text, at)| {
            let files = group.files.iter();
            let files = files.map(|file| {
                text.as_ref()
                    .map_or(file.to_string(), |text| file.replace(TEXT, text))
            });
            let files: Vec<_> = files.map(|file| format!("`{file}`")).collect();
            let message = match text {
                Some(text) => format!(
                    "there is no file for `{text}`: looked for {}",
                    files.join(", ")
                ),
                None => format!("{} is missing beside this document", files.join(" or ")),
            };
            Finding::new("document/companion", message, Label::new(*at, ""))
                .with_severity(Severity::Warning)
                .with_help("Add the file, or say here what it would say")
                .with_subject(text.as_deref().unwrap_or(&group.name))
        });
        (said.collect(), elsewhere.map(Box::from).collect())
    }

    /// The files, in the order in which they were read.
    pub(super) fn sources(&self) -> impl Iterator<Item = &Arc<SourceFile>> {
        self.items.iter().map(|item| &item.companion.source)
    }

    /// What they hold whose tables count as the document's own.
    pub(super) fn tables(&self) -> Vec<NodeRef<'_>> {
        let items = self.items.iter().filter(|item| item.group.tables);
        items
            .filter_map(|item| item.companion.parsed.tree.root())
            .collect()
    }

    /// What `companion` is.
    pub(super) fn tree(
        &self,
        format: &Format,
        source: &Arc<SourceFile>,
        raw: NodeRef<'_>,
    ) -> Result<Tree, BuildError> {
        let mut builder = TreeBuilder::new(Arc::clone(source), &Limits::default());
        let at = raw.address().span;
        builder.begin_mapping(at)?;
        for group in &format.companions.groups {
            builder.key(&group.name, at)?;
            builder.begin_sequence(at)?;
            for item in self
                .items
                .iter()
                .filter(|item| *item.group.name == *group.name)
            {
                builder.begin_mapping(at)?;
                builder.key("name", at)?;
                builder.scalar(Scalar::String(&item.name), at, Style::Plain)?;
                builder.key("path", at)?;
                let path = item.companion.source.path().as_str();
                builder.scalar(Scalar::String(path), at, Style::Plain)?;
                if let Some(root) = item.companion.parsed.tree.root() {
                    builder.key("raw", at)?;
                    builder.copy(root)?;
                }
                builder.end(None);
            }
            builder.end(None);
        }
        Ok(builder.finish())
    }
}
