//! Puts files in the place of the tags that name them (`!include models/router.yaml`), for formats
//! that have such a tag. Everywhere else the tag is an error of the text.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::beside::{Beside, Companion, Refused};
use super::format::Include;
use crate::files::paths::normal;
use crate::finding::{Finding, Label};
use crate::source::{FileId, SourceFile};
use crate::value::{BuildError, Limits, NodeRef, Tree, TreeBuilder};

/// How deep files may include one another.
const MAX_DEPTH: usize = 16;

/// A file with everything that it includes.
pub(super) struct Expanded {
    pub(super) tree: Tree,
    /// What is wrong with it and with what it includes; the tags that were followed are not among it.
    pub(super) problems: Vec<Finding>,
}

/// Follows every `tag` of a file.
pub(super) fn expand(
    tree: &Tree,
    problems: Vec<Finding>,
    tag: &str,
    beside: &dyn Beside,
) -> Option<Expanded> {
    let source = tree.sources().first()?;
    let mut reading = Reading::new(tag, beside, normal(source.path()));
    reading.file(tree, source.path(), problems);
    let Reading {
        mut problems,
        files,
        places,
        ..
    } = reading;
    let included = |node: NodeRef<'_>| places.get(&place(node)).copied();
    let mut builder = TreeBuilder::new(std::sync::Arc::clone(source), &Limits::default());
    for file in &files {
        builder.include(&file.source);
    }
    let replaced = |node: NodeRef<'_>| files.get(included(node)?)?.parsed.tree.root();
    for root in tree.roots() {
        if let Err(error) = builder.copy_replacing(root, &replaced) {
            problems.push(too_large(root, &error));
            break;
        }
    }
    Some(Expanded {
        tree: builder.finish(),
        problems,
    })
}

/// The file that includes this one, by itself or by others that it includes: in its folder, or above.
pub(super) fn owner(
    source: &SourceFile,
    include: &Include,
    beside: &dyn Beside,
) -> Option<Utf8PathBuf> {
    let own = normal(source.path());
    for folder in own.ancestors().skip(1) {
        for name in &include.from {
            let path = folder.join(&**name);
            let Ok(Companion { parsed, .. }) = beside.read(&path) else {
                continue;
            };
            let mut reading = Reading::new(&include.tag, beside, path.clone());
            reading.file(&parsed.tree, &path, parsed.problems);
            if path != own && reading.done.contains_key(&own) {
                return Some(path);
            }
        }
    }
    None
}

/// What a node is known by in all files.
fn place(node: NodeRef<'_>) -> (FileId, u32) {
    (node.source().id(), node.id().index())
}

fn too_large(root: NodeRef<'_>, error: &BuildError) -> Finding {
    let message = format!(
        "with what it includes the document is too large: {}",
        super::format::of(error)
    );
    Finding::new("document/limit", message, Label::new(root.address(), ""))
        .with_help("Include less, or split it")
}

struct Reading<'a> {
    tag: &'a str,
    beside: &'a dyn Beside,
    problems: Vec<Finding>,
    files: Vec<Companion>,
    /// The nodes that stand for a file, with its number.
    places: BTreeMap<(FileId, u32), usize>,
    /// The files that were read with all that they include.
    done: BTreeMap<Utf8PathBuf, usize>,
    /// The files that are being read, the outermost first.
    chain: Vec<Utf8PathBuf>,
}

impl<'a> Reading<'a> {
    fn new(tag: &'a str, beside: &'a dyn Beside, path: Utf8PathBuf) -> Self {
        Self {
            tag,
            beside,
            problems: Vec::new(),
            files: Vec::new(),
            places: BTreeMap::new(),
            done: BTreeMap::new(),
            chain: vec![path],
        }
    }

    fn file(&mut self, tree: &Tree, from: &Utf8Path, problems: Vec<Finding>) {
        for problem in problems {
            let node = self.tagged(tree, &problem);
            let Some((node, name)) = node else {
                self.problems.push(problem);
                continue;
            };
            match self.included(from, name) {
                Ok(number) => {
                    self.places.insert(place(node), number);
                }
                Err(reason) => {
                    let label = Label::new(problem.primary.location, "");
                    let message = format!("`{name}` is not included: {reason}");
                    self.problems.push(
                        Finding::new("document/include", message, label)
                            .with_help("Name a file inside the root, relative to this one")
                            .with_pointer(node.pointer().to_string())
                            .with_subject(name),
                    );
                }
            }
        }
    }

    /// The node that a problem says the tag of, with the name that it is.
    fn tagged<'t>(&self, tree: &'t Tree, problem: &Finding) -> Option<(NodeRef<'t>, &'t str)> {
        let tag = problem.rule.as_str() == "document/tag" && problem.subject == self.tag;
        let pointer = problem.pointer.as_str();
        let at = problem.primary.location.span;
        let nodes = tree.roots().map(|root| root.as_far_as(pointer));
        // Several documents of a file may have the same path.
        let mut nodes = nodes.filter(|node| tag && node.pointer().to_string() == pointer);
        let node = nodes.find(|node| node.span().start >= at.start)?;
        let name = node.as_str().filter(|name| !name.trim().is_empty())?;
        Some((node, name))
    }

    /// The number of a file that `from` includes.
    fn included(&mut self, from: &Utf8Path, name: &str) -> Result<usize, String> {
        let folder = from.parent().unwrap_or(Utf8Path::new(""));
        let path = normal(&folder.join(name));
        if let Some(first) = self.chain.iter().position(|known| *known == path) {
            let circle = self.chain.iter().skip(first).chain([&path]);
            let circle: Vec<_> = circle.map(|path| path.as_str()).collect();
            return Err(format!("it includes itself ({})", circle.join(" -> ")));
        }
        if let Some(number) = self.done.get(&path) {
            return Ok(*number);
        }
        if self.chain.len() > MAX_DEPTH {
            return Err(format!("files include one another {MAX_DEPTH} deep"));
        }
        let mut companion = match self.beside.read(&path) {
            Ok(companion) => companion,
            Err(refused) => {
                let reason = refused.reason();
                if let Refused::Broken(finding) = refused {
                    self.problems.push(*finding);
                }
                return Err(reason);
            }
        };
        let problems = std::mem::take(&mut companion.parsed.problems);
        let roots = companion.parsed.tree.roots().len();
        self.chain.push(path.clone());
        self.file(&companion.parsed.tree, &path, problems);
        self.chain.pop();
        match roots {
            0 => return Err("it is empty".to_owned()),
            1 => {}
            _ => return Err("it holds several documents".to_owned()),
        }
        self.files.push(companion);
        let number = self.files.len() - 1;
        self.done.insert(path, number);
        Ok(number)
    }
}
