//! The `launchgate.yaml` that `launchgate init` writes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use super::survey::{self, Survey};
use crate::cli::session::Session;
use crate::config::NAMES;
use crate::files::{FileKind, Files, FolderEntry, Opened};

/// With more globs than this, whole folders are named.
const MANY: usize = 8;

/// The config for what was found. It is tried before it is given: what it promises holds.
pub(super) fn text(survey: &Survey, root: &Utf8Path, session: &Session<'_>) -> String {
    let each: Vec<_> = survey
        .documents
        .iter()
        .filter(|document| is_plain(&document.path))
        .map(|document| (document.path.to_string(), document.kind.to_string()))
        .collect();
    for globs in [globs(survey), each, Vec::new()] {
        let text = written(survey, &globs);
        let path = root.join(NAMES.first().copied().unwrap_or_default());
        let files = Beside {
            files: session.files,
            path: &path,
            text: &text,
        };
        let run = survey::check(root, &files, session.environment.today);
        if run.is_ok_and(|run| survey::errors(&run.report) <= survey.errors) {
            return text;
        }
    }
    written(survey, &[])
}

/// A glob and the kinds of what it finds, for every document whose neighbours are documents too; the
/// others by their names.
fn globs(survey: &Survey) -> Vec<(String, String)> {
    let mut globs = by_folder(survey, &|path| {
        path.parent().map(|folder| (folder.to_owned(), "*"))
    });
    if globs.len() > MANY {
        globs = by_folder(survey, &|path| {
            let top = path
                .components()
                .next()
                .map(|top| Utf8PathBuf::from(top.as_str()));
            top.filter(|top| top != path).map(|top| (top, "**/*"))
        });
    }
    globs
}

fn by_folder(
    survey: &Survey,
    folder_of: &dyn Fn(&Utf8Path) -> Option<(Utf8PathBuf, &'static str)>,
) -> Vec<(String, String)> {
    let documents: BTreeSet<&Utf8Path> = survey
        .documents
        .iter()
        .map(|document| &*document.path)
        .collect();
    let mut globs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for document in survey
        .documents
        .iter()
        .filter(|document| is_plain(&document.path))
    {
        let path = &document.path;
        let extension = path.extension().unwrap_or_default();
        let group = folder_of(path).filter(|(folder, stars)| {
            let in_group = |file: &&Utf8PathBuf| {
                file.extension() == Some(extension)
                    && folder_of(file) == Some((folder.clone(), *stars))
            };
            let mut group = survey.files.iter().filter(in_group);
            !folder.as_str().is_empty() && group.all(|file| documents.contains(&**file))
        });
        let glob = match group {
            Some((folder, stars)) => format!("{folder}/{stars}.{extension}"),
            None => path.to_string(),
        };
        globs
            .entry(glob)
            .or_default()
            .insert(document.kind.to_string());
    }
    let kinds = |kinds: BTreeSet<String>| kinds.into_iter().collect::<Vec<_>>().join(", ");
    globs
        .into_iter()
        .map(|(glob, found)| (glob, kinds(found)))
        .collect()
}

/// Whether a path can be written as a glob that means it alone.
fn is_plain(path: &Utf8Path) -> bool {
    !path
        .as_str()
        .contains(['*', '?', '[', ']', '{', '}', '!', '\\', '\n'])
}

fn written(survey: &Survey, globs: &[(String, String)]) -> String {
    let mut text = "\
# What launchgate checks, and by which policies. `launchgate config show` prints what holds and why,
# `launchgate schema config` every key that can stand here.

"
    .to_owned();
    documents(&mut text, globs);
    packs(&mut text, survey);
    text.push_str(
        "
# The severity from which a finding fails the gate: error, warning or note.
fail_on: error

# Rules can be adjusted: another value, another severity, or off with a reason that every report names.
# `launchgate explain RULE` says what a rule asks for and which values it takes.
# params:
#   privacy/retention-limit: { limit: P5Y }
# rules:
#   core/references-resolve: warning
#   privacy/children-answered: { off: true, reason: Sold to companies only }
",
    );
    text
}

fn documents(text: &mut String, globs: &[(String, String)]) {
    text.push_str(
        "\
# Files that must be there and must be documents, so that none is lost by a slip in its first lines.
# What is not listed is found all the same, if it says what it is.
",
    );
    if globs.is_empty() {
        text.push_str("# documents:\n#   - paths: specs/*.md\n");
        return;
    }
    text.push_str("documents:\n");
    for (glob, kind) in globs {
        let glob = serde_yaml::to_string(glob).unwrap_or_default();
        let _ = writeln!(text, "  - paths: {} # {kind}", glob.trim_end());
    }
}

fn packs(text: &mut String, survey: &Survey) {
    text.push_str(
        "
# The packs of rules in use; without this key every built-in pack is. What is taken out is not held
# against any more, whatever a document says.
packs:
",
    );
    let named: Vec<&str> = survey.jurisdictions.iter().map(String::as_str).collect();
    let places = match named.as_slice() {
        [] => String::new(),
        named => format!(", which name {}", named.join(", ")),
    };
    let fitting = format!("These have something to say of the documents that are here{places}.");
    let quiet = "These say nothing of any document yet. Each begins to where a document comes up that it is about.";
    for (fits, comment) in [(true, fitting.as_str()), (false, quiet)] {
        let packs: Vec<_> = survey
            .packs
            .iter()
            .filter(|(_, pack)| pack.1 == fits)
            .collect();
        if packs.is_empty() {
            continue;
        }
        let _ = writeln!(text, "  # {}", crate::source::display_safe(comment));
        let width = packs.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        for (name, (title, _)) in packs {
            let _ = writeln!(text, "  - {name:width$} # {title}");
        }
    }
}

/// The files that there are, and one more.
struct Beside<'a> {
    files: &'a dyn Files,
    path: &'a Utf8Path,
    text: &'a str,
}

impl Files for Beside<'_> {
    fn stat(&self, path: &Utf8Path) -> io::Result<FileKind> {
        if path == self.path {
            return Ok(FileKind::File);
        }
        self.files.stat(path)
    }

    fn stat_link(&self, path: &Utf8Path) -> io::Result<FileKind> {
        if path == self.path {
            return Ok(FileKind::File);
        }
        self.files.stat_link(path)
    }

    fn canonical(&self, path: &Utf8Path) -> io::Result<Utf8PathBuf> {
        if path == self.path {
            return Ok(path.to_owned());
        }
        self.files.canonical(path)
    }

    fn read(&self, path: &Utf8Path, limit: u64) -> io::Result<Vec<u8>> {
        if path == self.path {
            let limit = usize::try_from(limit.saturating_add(1)).unwrap_or(usize::MAX);
            return Ok(self.text.bytes().take(limit).collect());
        }
        self.files.read(path, limit)
    }

    fn open(&self, path: &Utf8Path) -> io::Result<Opened> {
        if path == self.path {
            return Ok(Opened {
                content: Box::new(io::Cursor::new(self.text.as_bytes().to_vec())),
                bytes: self.text.len() as u64,
            });
        }
        self.files.open(path)
    }

    fn list(&self, path: &Utf8Path) -> io::Result<Vec<FolderEntry>> {
        self.files.list(path)
    }
}
