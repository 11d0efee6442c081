//! What the caller named: files, folders, standard input.

use std::path::{Path, PathBuf};

use camino::{Utf8Path, Utf8PathBuf};

use super::own::document_of;
use super::{Content, Request, Search, Stdin};
use crate::config::argument;
use crate::files::paths::{normal, reason, relative};
use crate::files::{FileKind, Files};
use crate::finding::{Finding, Label, nearest};
use crate::source::SourceMap;
use crate::value::Syntax;

/// Something that was named.
pub(super) struct Target {
    /// As it was named.
    text: String,
    /// What stands there.
    found: Found,
}

/// What stands at a named path.
enum Found {
    /// A file: absolute, links resolved.
    File(Utf8PathBuf),
    /// A folder: absolute, links resolved.
    Folder(Utf8PathBuf),
    /// Neither.
    Other,
    /// A link that leads away from where it was named.
    Outside,
    /// Nothing; the path is absolute.
    Nothing(Utf8PathBuf),
    /// Something that cannot be looked at, and why.
    Unreadable(String),
    /// A path that is not UTF-8.
    NonUtf8,
}

/// What stands at the named paths, in the order in which they were named; the current folder where
/// none is named.
pub(super) fn targets(current: &Utf8Path, paths: &[PathBuf], files: &dyn Files) -> Vec<Target> {
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here } else { paths };
    paths
        .iter()
        .map(|path| Target {
            text: path.to_string_lossy().into_owned(),
            found: look(current, path, files),
        })
        .collect()
}

fn look(current: &Utf8Path, path: &Path, files: &dyn Files) -> Found {
    let Some(path) = Utf8Path::from_path(path) else {
        return Found::NonUtf8;
    };
    let absolute = current.join(path);
    let found = files
        .stat(&absolute)
        .and_then(|kind| Ok((kind, files.canonical(&absolute)?)));
    match found {
        Ok((_, canonical)) if leads_away(current, &absolute, &canonical, files) => Found::Outside,
        Ok((FileKind::File, canonical)) => Found::File(canonical),
        Ok((FileKind::Folder, canonical)) => Found::Folder(canonical),
        Ok(_) => Found::Other,
        Err(error) => match error.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
                if files.stat_link(&absolute).is_err() =>
            {
                Found::Nothing(normal(&absolute))
            }
            std::io::ErrorKind::NotFound => Found::Unreadable("the link leads nowhere".to_owned()),
            std::io::ErrorKind::InvalidData => Found::NonUtf8,
            _ => Found::Unreadable(reason(&error)),
        },
    }
}

/// Whether a path that reads as if it lay below the current folder lies outside the repository,
/// or without one outside the current folder: then a link leads out. What is named outside
/// outright, such as `../shared`, is the caller's own choice.
fn leads_away(
    current: &Utf8Path,
    named: &Utf8Path,
    canonical: &Utf8Path,
    files: &dyn Files,
) -> bool {
    let fence = current
        .ancestors()
        .find(|folder| files.stat_link(&folder.join(".git")).is_ok())
        .unwrap_or(current);
    normal(named).starts_with(current) && !canonical.starts_with(fence)
}

/// The folder where the search for a config starts: the deepest folder that holds everything that
/// was named. What is not there counts with the nearest folder above it that is.
pub fn start(request: &Request, files: &dyn Files) -> Utf8PathBuf {
    let current = &request.current;
    if let Some(stdin) = &request.stdin {
        let mut above = stdin.path.iter().flat_map(|path| path.ancestors().skip(1));
        return above
            .find_map(|folder| files.canonical(folder).ok())
            .unwrap_or_else(|| current.clone());
    }
    let targets = targets(current, &request.paths, files);
    let folders = targets.into_iter().filter_map(|target| match target.found {
        Found::Folder(path) => Some(path),
        Found::File(path) => path.parent().map(Utf8Path::to_owned),
        Found::Nothing(path) => path
            .ancestors()
            .skip(1)
            .find_map(|folder| files.canonical(folder).ok()),
        Found::Other | Found::Outside | Found::Unreadable(_) | Found::NonUtf8 => None,
    });
    folders
        .reduce(|common, folder| {
            common
                .ancestors()
                .find(|ancestor| folder.starts_with(ancestor))
                .unwrap_or(&common)
                .to_owned()
        })
        .unwrap_or_else(|| current.to_owned())
}

impl Search<'_> {
    pub(super) fn target(&mut self, target: &Target) {
        let text = &target.text;
        match &target.found {
            Found::File(path) if !path.starts_with(&self.config.root) => self.outside(text),
            Found::Folder(path) if !path.starts_with(&self.config.root) => self.outside(text),
            Found::File(path) => self.named_file(text, path),
            Found::Folder(path) => {
                let before = self.found.len();
                if self.config.excluded(&self.shown(path)).is_some() {
                    self.left_out(text, path);
                    return;
                }
                self.folder(path);
                if self.found.len() == before && !self.covered(path) {
                    self.notices
                        .push(format!("`{text}` holds no file that could be a document"));
                }
            }
            Found::Other => self.problem(
                "input/not-a-file",
                format!("`{text}` is neither a file nor a folder"),
                text,
                "Name a file or a folder; standard input is `-`",
            ),
            Found::Outside => self.outside(text),
            Found::Nothing(path) => self.nothing(text, path),
            Found::Unreadable(why) => self.problem(
                "input/unreadable",
                format!("`{text}` cannot be read: {why}"),
                text,
                "Make it readable, or leave it out",
            ),
            Found::NonUtf8 => self.problem(
                "input/non-utf8-path",
                format!("the path `{text}` is not UTF-8"),
                text,
                "Rename the file; reports can only show paths that are text",
            ),
        }
    }

    /// Whether an input found earlier lies below a folder.
    fn covered(&self, folder: &Utf8Path) -> bool {
        self.found
            .keys()
            .any(|path| Utf8Path::new(path).starts_with(folder))
    }

    fn named_file(&mut self, text: &str, path: &Utf8Path) {
        // Whoever names a sidecar means the document that it belongs to.
        if let Some(document) = document_of(path)
            && self
                .files
                .stat(&document)
                .is_ok_and(|kind| kind == FileKind::File)
        {
            self.named_file(text, &document);
            return;
        }
        if let Some(role) = self.own.role(path) {
            self.notices
                .push(format!("`{text}` is not checked: it is {role}"));
            return;
        }
        let shown = self.shown(path);
        if self.config.excluded(&shown).is_some() {
            self.left_out(text, path);
            return;
        }
        let Some(syntax) = Syntax::of_path(path) else {
            self.problem(
                "input/unknown-syntax",
                format!("`{text}` has no extension that says how it is written"),
                text,
                "Documents end in .yaml, .yml, .json, .toml, .md, .markdown or .xml",
            );
            return;
        };
        let input = self.input(shown, Content::File(path.to_owned()), syntax, true);
        self.found.insert(path.as_str().to_owned(), input);
        let sidecar = Utf8PathBuf::from(format!("{path}{}", super::own::SIDECAR));
        if self.files.stat_link(&sidecar).is_ok() {
            self.sidecars.insert(sidecar);
        }
    }

    fn left_out(&mut self, text: &str, path: &Utf8Path) {
        let shown = self.shown(path);
        let Some(glob) = self.config.excluded(&shown) else {
            return;
        };
        let place = self
            .sources
            .file(glob.location)
            .map_or_else(String::new, |file| {
                let at = file.line_column(glob.location.span.start);
                format!(" in {}:{}:{}", file.path(), at.line, at.column)
            });
        self.notices.push(format!(
            "`{text}` is not checked: `exclude: {}`{place} leaves it out",
            glob.text
        ));
    }

    fn nothing(&mut self, text: &str, path: &Utf8Path) {
        // The first part that is not there is the one that was misspelt.
        let missing = path
            .ancestors()
            .take_while(|part| self.files.stat_link(part).is_err())
            .last()
            .unwrap_or(path);
        let near = missing.parent().and_then(|folder| {
            let entries = self.files.list(folder).ok()?;
            let names: Vec<_> = entries.iter().filter_map(|e| e.name.to_str()).collect();
            let near = folder.join(nearest(missing.file_name()?, names)?);
            let rest = path.strip_prefix(missing).ok()?;
            Some(
                rest.components()
                    .fold(near, |near, part| near.join(part.as_str())),
            )
        });
        let help = near.map_or_else(
            || "Check the path".to_owned(),
            |near| {
                let near = if Utf8Path::new(text).is_absolute() {
                    near
                } else {
                    relative(&near, self.current)
                };
                format!("Did you mean `{near}`?")
            },
        );
        self.problem(
            "input/not-found",
            format!("there is no file or folder `{text}`"),
            text,
            &help,
        );
    }

    fn outside(&mut self, text: &str) {
        self.problem(
            "input/outside-root",
            format!("`{text}` lies outside the root"),
            text,
            "A link that leaves the root is not followed; name what it leads to",
        );
    }

    pub(super) fn problem(&mut self, rule: &str, message: String, text: &str, help: &str) {
        let label = argument(self.sources, text);
        self.problems
            .push(Finding::new(rule, message, label).with_help(help));
    }

    pub(super) fn stdin(&mut self, stdin: &Stdin) {
        let (path, syntax) = match &stdin.path {
            None => (self.current.join("<stdin>"), Syntax::Yaml),
            Some(path) => {
                let path = normal(path);
                let path = self.files.canonical(&path).unwrap_or(path);
                let Some(syntax) = Syntax::of_path(&path) else {
                    self.problem(
                        "input/unknown-syntax",
                        format!("`{path}` has no extension that says how it is written"),
                        "--stdin-filename",
                        "Give a name that ends in .yaml, .yml, .json, .toml, .md, .markdown or .xml",
                    );
                    return;
                };
                if let Some(role) = self.own.role(&path) {
                    self.notices
                        .push(format!("standard input is not checked: it is {role}"));
                    return;
                }
                if self.config.excluded(&self.shown(&path)).is_some() {
                    self.left_out("-", &path);
                    return;
                }
                (path, syntax)
            }
        };
        let shown = if stdin.path.is_some() {
            self.shown(&path)
        } else {
            Utf8PathBuf::from("<stdin>")
        };
        let content = Content::Bytes(std::sync::Arc::clone(&stdin.bytes));
        let input = self.input(shown, content, syntax, true);
        self.found.insert(path.into_string(), input);
    }
}

/// A label on a file as a whole, for what cannot be read.
pub(super) fn whole_file(sources: &mut SourceMap, shown: &Utf8Path) -> Label {
    let source = crate::source::SourceFile::new(sources.next_id(), shown, "");
    sources.insert(&source);
    Label::new(source.location(crate::source::Span::default()), "")
}
