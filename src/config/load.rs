//! Finds, reads and merges the config of a run.

use std::collections::BTreeSet;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::layer::{self, Layer};
use super::{Config, ConfigFile, argument, find};
use crate::files::paths::{normal, reason, relative};
use crate::files::{FileKind, Files};
use crate::finding::{Finding, Label, RuleId, Severity};
use crate::schema::Schema;
use crate::source::{Location, SourceFile, SourceMap, Span};
use crate::value::{Limits, NodeRef, Syntax, Tree};

/// Bytes that a config may have.
const MAX_BYTES: u64 = 1 << 20;

/// The schema of `launchgate.yaml`.
const SCHEMA: &str = include_str!("../../schemas/config.schema.json");

/// Which config is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The folder where the search starts: absolute, links resolved.
    pub start: &'a Utf8Path,
    /// The file of `--config`, absolute.
    pub explicit: Option<&'a Utf8Path>,
    /// `--isolated`: no config at all.
    pub isolated: bool,
}

/// The config of a run, or everything that is wrong with it: rules `config/...`.
///
/// Every file that is read, and every file that a finding points into, is put into `sources`.
pub fn load(
    request: &Request<'_>,
    files: &dyn Files,
    sources: &mut SourceMap,
) -> Result<Config, Vec<Finding>> {
    let search = find::search(request.start, files, &|path| says_root(path, files));
    let root = if request.isolated || request.explicit.is_some() {
        find::repository(request.start, files).unwrap_or_else(|| request.start.to_owned())
    } else {
        search.root
    };
    let mut loader = Loader {
        files,
        sources,
        problems: Vec::new(),
        config: Config::empty(root),
        loaded: BTreeSet::new(),
        layers: 0,
        schema: None,
    };
    request.start.clone_into(&mut loader.config.start);
    loader.config.explicit = request.isolated || request.explicit.is_some();
    if request.isolated {
        return Ok(loader.config);
    }
    if let Some(path) = request.explicit {
        loader.explicit(path);
    } else {
        loader.chain(&search.found);
    }
    if loader.problems.is_empty() {
        Ok(loader.config)
    } else {
        Err(loader.problems)
    }
}

/// Whether a config says `root: true`, as far as it can be read; what is wrong with it is
/// reported when it is loaded.
fn says_root(path: &Utf8Path, files: &dyn Files) -> bool {
    let tree = skim(path, files);
    let root = tree.as_ref().and_then(|tree| tree.root()?.get("root"));
    root.and_then(NodeRef::as_bool) == Some(true)
}

/// Whether a file has a key that only configs have.
pub(super) fn reads_as_config(path: &Utf8Path, files: &dyn Files) -> bool {
    const KEYS: [&str; 11] = [
        "packs",
        "frameworks",
        "documents",
        "rules",
        "params",
        "overrides",
        "extends",
        "kinds",
        "formats",
        "fail_on",
        "sign_offs",
    ];
    let tree = skim(path, files);
    let root = tree.as_ref().and_then(Tree::root);
    root.is_some_and(|root| KEYS.iter().any(|key| root.get(key).is_some()))
}

/// A file's tree, as far as it can be read.
fn skim(path: &Utf8Path, files: &dyn Files) -> Option<Tree> {
    let bytes = files.read(path, MAX_BYTES).ok()?;
    let text = crate::value::decode(bytes).ok()?;
    let source = SourceFile::new(crate::source::FileId(u32::MAX), path, text);
    Some(crate::value::read(&source, Syntax::Yaml, &limits()).tree)
}

fn limits() -> Limits {
    Limits {
        file_bytes: MAX_BYTES,
        ..Limits::default()
    }
}

/// What a config file is read in view of.
pub(super) struct Place<'a> {
    /// Where its globs are relative to, itself relative to the root.
    pub(super) globs: &'a Utf8Path,
    /// Where its paths are relative to.
    pub(super) folder: &'a Utf8Path,
    /// What its paths may not leave.
    pub(super) fence: &'a Utf8Path,
}

pub(super) struct Loader<'a> {
    pub(super) files: &'a dyn Files,
    sources: &'a mut SourceMap,
    pub(super) problems: Vec<Finding>,
    pub(super) config: Config,
    loaded: BTreeSet<Utf8PathBuf>,
    layers: u32,
    schema: Option<Schema>,
}

impl Loader<'_> {
    fn explicit(&mut self, path: &Utf8Path) {
        let shown = relative(&normal(path), &self.config.root);
        let canonical = match (self.files.stat(path), self.files.canonical(path)) {
            (Ok(FileKind::File), Ok(canonical)) => canonical,
            (Ok(FileKind::Folder), _) => {
                let label = argument(self.sources, path.as_str());
                self.problems.push(
                    Finding::new(
                        "config/not-a-file",
                        format!("the config `{shown}` is a folder"),
                        label,
                    )
                    .with_help("Name the file, such as `--config launchgate.yaml`"),
                );
                return;
            }
            (Err(error), _) | (_, Err(error)) => {
                let label = argument(self.sources, path.as_str());
                let near = self.sibling(path);
                let help = near.map_or_else(
                    || "Check the path behind `--config`".to_owned(),
                    |near| format!("Did you mean `{near}`?"),
                );
                self.problems.push(
                    Finding::new(
                        "config/not-found",
                        format!("the config `{shown}` cannot be read: {}", reason(&error)),
                        label,
                    )
                    .with_help(help),
                );
                return;
            }
            _ => {
                let label = argument(self.sources, path.as_str());
                self.problems.push(
                    Finding::new(
                        "config/not-a-file",
                        format!("the config `{shown}` is not a regular file"),
                        label,
                    )
                    .with_help("Name a file; `/dev/stdin` and the like are not read"),
                );
                return;
            }
        };
        let folder = canonical.parent().unwrap_or(&canonical).to_owned();
        let root = self.config.root.clone();
        let (globs, fence) = match folder.strip_prefix(&root) {
            Ok(below) => (below.to_owned(), root),
            Err(_) => (
                Utf8PathBuf::new(),
                find::repository(&folder, self.files).unwrap_or(folder),
            ),
        };
        self.file(&canonical, &globs, &fence, &mut Vec::new());
    }

    fn chain(&mut self, found: &[find::Found]) {
        let root = self.config.root.clone();
        for here in found.iter().rev() {
            for wrong in &here.wrong {
                let label = self.whole_file(wrong);
                self.problems.push(
                    Finding::new(
                        "config/name",
                        format!("`{}` would be passed over", relative(wrong, &root)),
                        label,
                    )
                    .with_help(
                        "A config is YAML and is called `launchgate.yaml`; rename or remove this file",
                    ),
                );
            }
            if let [first, second, ..] = here.configs.as_slice() {
                let label = self.whole_file(second);
                self.problems.push(
                    Finding::new(
                        "config/two-files",
                        format!(
                            "`{}` and `{}` stand in one folder",
                            relative(first, &root),
                            relative(second, &root)
                        ),
                        label,
                    )
                    .with_help("Keep one of them"),
                );
                continue;
            }
            for path in &here.configs {
                let folder = path.parent().unwrap_or(path);
                let globs = folder.strip_prefix(&root).unwrap_or(folder).to_owned();
                match self.files.canonical(path) {
                    Ok(canonical) if canonical.starts_with(&root) => {
                        self.file(&canonical, &globs, &root, &mut Vec::new());
                    }
                    Ok(_) => {
                        let label = self.whole_file(path);
                        self.problems.push(
                            Finding::new(
                                "config/outside-root",
                                format!(
                                    "`{}` is a link that leads out of the root",
                                    relative(path, &root)
                                ),
                                label,
                            )
                            .with_help("Put the file itself there, or name it with `--config`"),
                        );
                    }
                    Err(error) => {
                        let label = self.whole_file(path);
                        self.unreadable(path, &reason(&error), label);
                    }
                }
            }
        }
    }

    /// Reads a config with its base configs, and puts it on top of what was read so far.
    fn file(
        &mut self,
        path: &Utf8Path,
        globs: &Utf8Path,
        fence: &Utf8Path,
        chain: &mut Vec<Utf8PathBuf>,
    ) {
        if !self.loaded.insert(path.to_owned()) {
            return;
        }
        let Some((source, tree)) = self.read(path) else {
            return;
        };
        let folder = path.parent().unwrap_or(path).to_owned();
        let place = Place {
            globs,
            folder: &folder,
            fence,
        };
        chain.push(path.to_owned());
        for (text, location) in layer::bases(&tree) {
            let Some(base) = self.resolve(text, location, &place, FileKind::File) else {
                continue;
            };
            if let Some(at) = chain.iter().position(|known| *known == base) {
                let root = &self.config.root;
                let mut names: Vec<_> = chain
                    .iter()
                    .skip(at)
                    .map(|known| relative(known, root).into_string())
                    .collect();
                names.push(relative(&base, root).into_string());
                self.problems.push(
                    Finding::new(
                        "config/cycle",
                        format!("configs extend each other: {}", names.join(" -> ")),
                        Label::new(location, "closes the cycle"),
                    )
                    .with_help("Remove one of these `extends`"),
                );
                continue;
            }
            self.file(&base, globs, fence, chain);
        }
        chain.pop();
        self.config.files.push(ConfigFile {
            path: path.to_owned(),
            source,
        });
        let number = self.layers;
        self.layers += 1;
        let layer = Layer::of(&tree, number, &place, self);
        layer.merge_into(&mut self.config);
    }

    /// The tree of a config; `None` where it is broken or says nothing.
    fn read(&mut self, path: &Utf8Path) -> Option<(Arc<SourceFile>, Arc<Tree>)> {
        let shown = relative(path, &self.config.root);
        let id = self.sources.next_id();
        let bytes = match self.files.read(path, MAX_BYTES) {
            Ok(bytes) => bytes,
            Err(error) => {
                let label = self.whole_file(path);
                self.unreadable(path, &reason(&error), label);
                return None;
            }
        };
        if bytes.len() as u64 > MAX_BYTES {
            let label = self.whole_file(path);
            self.problems.push(
                Finding::new(
                    "config/limit",
                    format!("`{shown}` is larger than {MAX_BYTES} bytes"),
                    label,
                )
                .with_help("Split it with `extends`"),
            );
            return None;
        }
        let text = match crate::value::decode(bytes) {
            Ok(text) => text,
            Err(error) => {
                let (source, finding) = error.into_finding(id, shown);
                self.sources.insert(&source);
                self.problems.push(as_config(finding));
                return None;
            }
        };
        let source = SourceFile::new(id, shown, text);
        self.sources.insert(&source);
        let parsed = crate::value::read(&source, Syntax::Yaml, &limits());
        let broken = !parsed.problems.is_empty();
        self.problems
            .extend(parsed.problems.into_iter().map(as_config));
        if broken {
            return None;
        }
        let tree = Arc::new(parsed.tree);
        if let Some(second) = tree.roots().nth(1) {
            self.problems.push(
                Finding::new(
                    "config/several-documents",
                    "a config is one YAML document, and here begins another",
                    Label::new(second.address(), ""),
                )
                .with_help("Remove the `---` line, or the second document"),
            );
            return None;
        }
        let Some(root) = tree.root().filter(|root| !root.is_null()) else {
            let label = Label::new(source.location(Span::default()), "");
            self.problems.push(
                Finding::new(
                    "config/empty",
                    format!("the config `{}` says nothing", source.path()),
                    label,
                )
                .with_help(
                    "Write in it what shall hold, or `{}` if it only marks the folder; or remove it",
                ),
            );
            return None;
        };
        match self.schema() {
            Ok(schema) => {
                let mut found = crate::schema::check_input(root, schema, "config");
                // `off` is a word of this file, whatever YAML 1.1 took it for.
                found.retain(|finding| {
                    finding.rule.as_str() != "config/ambiguous-scalar"
                        || source.slice(finding.primary.location.span) != "off"
                });
                // What is only doubtful in a document is refused in the gate's own input.
                for finding in &mut found {
                    finding.severity = Severity::Error;
                }
                self.problems.extend(found);
            }
            Err(message) => self.problems.push(Finding::new(
                "config/schema",
                message,
                Label::new(root.address(), ""),
            )),
        }
        Some((source, tree))
    }

    fn schema(&mut self) -> Result<&Schema, String> {
        if self.schema.is_none() {
            let json = serde_json::from_str(SCHEMA).map_err(|error| error.to_string())?;
            let schema = Schema::compile("config", &json).map_err(|error| error.to_string())?;
            self.schema = Some(schema);
        }
        self.schema
            .as_ref()
            .ok_or_else(|| "the schema of configs is missing".to_owned())
    }

    /// The file or folder that a config names: absolute, links resolved, inside the fence.
    pub(super) fn resolve(
        &mut self,
        text: &str,
        location: Location,
        place: &Place<'_>,
        wanted: FileKind,
    ) -> Option<Utf8PathBuf> {
        let label = Label::new(location, "");
        let path = normal(&place.folder.join(text));
        let noun = if wanted == FileKind::Folder {
            "folder"
        } else {
            "file"
        };
        let outside = |label| {
            Finding::new(
                "config/outside-root",
                format!("`{text}` lies outside the root"),
                label,
            )
            .with_help(format!(
                "Keep the {noun} inside the root; nothing outside is read"
            ))
        };
        if !path.starts_with(place.fence) {
            self.problems.push(outside(label));
            return None;
        }
        let found = self
            .files
            .canonical(&path)
            .and_then(|canonical| Ok((self.files.stat(&canonical)?, canonical)));
        match found {
            Ok((_, canonical)) if !canonical.starts_with(place.fence) => {
                self.problems.push(outside(label));
                None
            }
            Ok((kind, canonical)) if kind == wanted => Some(canonical),
            Ok(_) => {
                self.problems.push(
                    Finding::new("config/not-found", format!("`{text}` is no {noun}"), label)
                        .with_help(format!("Name a {noun}")),
                );
                None
            }
            Err(error) => {
                let help = self.sibling(&path).map_or_else(
                    || "Paths are relative to the config that names them".to_owned(),
                    |near| format!("Did you mean `{near}`?"),
                );
                self.problems.push(
                    Finding::new(
                        "config/not-found",
                        format!("the {noun} `{text}` cannot be read: {}", reason(&error)),
                        label,
                    )
                    .with_help(help),
                );
                None
            }
        }
    }

    /// The folder that a config names, by its text: absolute, inside the fence. It need not be there.
    pub(super) fn below(
        &mut self,
        text: &str,
        location: Location,
        place: &Place<'_>,
    ) -> Option<Utf8PathBuf> {
        let path = normal(&place.folder.join(text));
        if path.starts_with(place.fence) && path != place.fence {
            return Some(path);
        }
        self.problems.push(
            Finding::new(
                "config/outside-root",
                format!("`{text}` is no folder below the root"),
                Label::new(location, ""),
            )
            .with_help(
                "Name a folder inside the root, such as `signoffs`; nothing outside is read",
            ),
        );
        None
    }

    /// The name in the path's folder that is nearest to the path's own.
    fn sibling(&self, path: &Utf8Path) -> Option<String> {
        let entries = self.files.list(path.parent()?).ok()?;
        let names: Vec<_> = entries
            .iter()
            .filter_map(|entry| entry.name.to_str())
            .collect();
        crate::finding::nearest(path.file_name()?, names).map(str::to_owned)
    }

    /// A label on a file as a whole, for what cannot be read.
    fn whole_file(&mut self, path: &Utf8Path) -> Label {
        let shown = relative(path, &self.config.root);
        let source = SourceFile::new(self.sources.next_id(), shown, "");
        self.sources.insert(&source);
        Label::new(source.location(Span::default()), "")
    }

    fn unreadable(&mut self, path: &Utf8Path, why: &str, label: Label) {
        let shown = relative(path, &self.config.root);
        self.problems.push(
            Finding::new(
                "config/unreadable",
                format!("the config `{shown}` cannot be read: {why}"),
                label,
            )
            .with_help("Make the file readable, or remove it"),
        );
    }
}

/// A reader's finding about a config.
fn as_config(mut finding: Finding) -> Finding {
    let id = finding.rule.as_str();
    let name = id.strip_prefix("document/").unwrap_or(id);
    finding.rule = RuleId::new(format!("config/{name}"));
    finding
}
