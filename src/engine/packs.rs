//! The kinds and packs that a config adds to those that come with launchgate.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;

use crate::config::{Config, KindEntry, PackFolder};
use crate::document::{Formats, Kind, Kinds, Origin};
use crate::expr::Type;
use crate::files::paths::{reason, relative};
use crate::files::{FileKind, Files};
use crate::finding::{Finding, Label, did_you_mean};
use crate::framework::Frameworks;
use crate::policy::{self, PackSource};
use crate::schema::Schema;
use crate::source::{FileId, Location, SourceFile, SourceMap, Span};
use crate::value::{self, Limits, Parsed, Syntax};

/// How deep a pack's folder may nest.
const PACK_DEPTH: usize = 8;

/// The built-in kinds and those of the config.
pub(super) fn kinds(
    config: &Config,
    files: &dyn Files,
    sources: &mut SourceMap,
    findings: &mut Vec<Finding>,
) -> Kinds {
    let mut kinds = Kinds::builtin();
    for entry in &config.kinds {
        match kind(entry, config, files, sources) {
            Ok(kind) => {
                let name = Arc::clone(&kind.name);
                if kinds.add(kind).is_err() {
                    let message = format!("`{name}` is a kind that comes with launchgate");
                    findings.push(at(
                        entry.name.origin,
                        "config/duplicate-kind",
                        message,
                        "Give yours another name",
                    ));
                }
            }
            Err(wrong) => findings.extend(wrong),
        }
    }
    kinds
}

/// The formats of the program, and those that the config names.
pub(super) fn formats(
    config: &Config,
    kinds: &Kinds,
    files: &dyn Files,
    sources: &mut SourceMap,
    findings: &mut Vec<Finding>,
) -> Formats {
    let mut formats = Formats::builtin();
    for named in &config.formats {
        let limit = config.limits.file_bytes.value;
        let id = sources.next_id();
        let file = match text_of(&named.value, &config.root, id, limit, files) {
            Ok(file) => file,
            Err((message, help)) => {
                findings.push(at(named.origin, "config/format", message, help));
                continue;
            }
        };
        sources.insert(&file);
        match formats.add(&file) {
            Ok(format) if kinds.get(&format.kind).is_none() => {
                let message = format!(
                    "the format `{}` is for documents of the kind `{}`, which there is not",
                    format.name, format.kind
                );
                let known: Vec<_> = kinds.names().collect();
                let help = format!("Known are: {}", known.join(", "));
                findings.push(at(named.origin, "config/unknown-kind", message, &help));
            }
            Ok(_) => {}
            Err(wrong) => findings.extend(wrong),
        }
    }
    formats
}

fn kind(
    entry: &KindEntry,
    config: &Config,
    files: &dyn Files,
    sources: &mut SourceMap,
) -> Result<Kind, Vec<Finding>> {
    let path = &entry.schema.value;
    let refuse =
        |message: String, help: &str| vec![at(entry.schema.origin, "config/schema", message, help)];
    let shown = relative(path, &config.root);
    let limit = config.limits.file_bytes.value;
    let bytes = files.read(path, limit).map_err(|error| {
        refuse(
            format!("the schema `{shown}` cannot be read: {}", reason(&error)),
            "Correct the path",
        )
    })?;
    if bytes.len() as u64 > limit {
        return Err(refuse(
            format!("the schema `{shown}` is larger than {limit} bytes"),
            "Split it",
        ));
    }
    let text = value::decode(bytes).map_err(|error| {
        refuse(
            format!("the schema `{shown}`: {error}"),
            "Save the file as UTF-8",
        )
    })?;
    let source = SourceFile::new(sources.next_id(), shown, text);
    sources.insert(&source);
    let schema = schema_of(&source, entry, &config.limits.limits())?;
    let name: Arc<str> = entry.name.value.as_str().into();
    let location = entry.name.origin.unwrap_or_else(|| nowhere(sources));
    let mut kind = Kind::new(name, Arc::new(schema), Origin::Config(location));
    if let Some(stage) = &entry.stage {
        kind = kind.with_stage_field(stage.value.as_str());
    }
    if !entry.identity.is_empty() {
        kind = kind.with_identity(entry.identity.iter().map(|path| path.value.as_str()));
    }
    Ok(kind)
}

/// The schema that a file holds, checked; an error stands at its place in that file.
fn schema_of(
    source: &Arc<SourceFile>,
    entry: &KindEntry,
    limits: &Limits,
) -> Result<Value, Vec<Finding>> {
    let named = entry.schema.origin;
    let named = named.map(|location| Label::new(location, "named here"));
    let refuse = |location: Location, message: String| {
        let mut finding = Finding::new("config/schema", message, Label::new(location, ""));
        finding.related.extend(named.clone());
        finding.with_help("Correct the schema")
    };
    let syntax = match Syntax::of_path(source.path()) {
        Some(Syntax::Json) => Syntax::Json,
        // JSON under another name is YAML as well.
        _ => Syntax::Yaml,
    };
    let Parsed { tree, problems } = value::read(source, syntax, limits);
    if !problems.is_empty() {
        let unread = |problem: Finding| {
            let message = format!("the schema cannot be read: {}", problem.message);
            refuse(problem.primary.location, message)
        };
        return Err(problems.into_iter().map(unread).collect());
    }
    let mut roots = tree.roots();
    let root = match (roots.next(), roots.next()) {
        (Some(root), None) => root,
        (None, _) => {
            let message = "the file holds no schema".to_owned();
            return Err(vec![refuse(source.location(Span::default()), message)]);
        }
        (_, Some(second)) => {
            let message = "the file holds several documents; a schema is one".to_owned();
            return Err(vec![refuse(second.address(), message)]);
        }
    };
    let mut slips = Vec::new();
    policy::schema_slips(root, &mut slips);
    if !slips.is_empty() {
        return Err(slips);
    }
    let schema = policy::schema_to_json(root);
    let compiled = Schema::compile(&entry.name.value, &schema).map_err(|error| {
        let at = root.as_far_as(&error.pointer).address();
        vec![refuse(at, error.to_string())]
    })?;
    fields_exist(entry, &compiled.object_type())?;
    Ok(schema)
}

/// Stage and identity of a kind have to be fields that its documents can have.
fn fields_exist(entry: &KindEntry, document: &Type) -> Result<(), Vec<Finding>> {
    let mut wrong = Vec::new();
    for path in entry.stage.iter().chain(&entry.identity) {
        let mut ty = document;
        for step in path.value.split('.') {
            let Type::Object(object) = ty else { break };
            let Some(field) = object.fields.get(step) else {
                if !object.open {
                    let near = did_you_mean(step, object.fields.keys().map(|key| &**key));
                    let message = format!("`{}` has no field `{step}`{near}", object.name);
                    let help = "Name a field that the kind's schema has";
                    wrong.push(at(path.origin, "config/unknown-field", message, help));
                }
                break;
            };
            ty = field;
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// The built-in packs, with or without their examples, and those of the config; their files are put
/// into `sources`.
pub(super) fn packs(
    config: &Config,
    files: &dyn Files,
    sources: &mut SourceMap,
    findings: &mut Vec<Finding>,
    examples: bool,
) -> Vec<PackSource> {
    let mut next = sources.next_id().0;
    let mut packs = if examples {
        policy::builtin_packs(&mut next)
    } else {
        policy::bare_packs(&mut next)
    };
    if config.shadow_builtin {
        let named = |pack: &PackSource| {
            let mut folders = config.pack_folders.iter();
            folders.any(|folder| folder.path.file_name() == Some(&pack.name))
        };
        packs.retain(|pack| !named(pack));
    }
    for folder in &config.pack_folders {
        match pack(folder, config, files, &mut next) {
            Ok(pack) => packs.push(pack),
            Err(finding) => findings.push(*finding),
        }
    }
    for file in packs.iter().flat_map(|pack| &pack.files) {
        sources.insert(file);
    }
    packs
}

/// The built-in control catalogues and those of the config; their files are put into `sources`.
pub(super) fn frameworks(
    config: &mut Config,
    files: &dyn Files,
    sources: &mut SourceMap,
    findings: &mut Vec<Finding>,
) -> Frameworks {
    let mut next = sources.next_id().0;
    let mut frameworks = policy::builtin_frameworks(&mut next);
    for file in frameworks.files() {
        sources.insert(file);
    }
    let Some(chosen) = &mut config.frameworks else {
        return frameworks;
    };
    for named in chosen {
        let catalogue = config
            .framework_files
            .iter()
            .find(|own| own.name.location == named.location);
        let Some(catalogue) = catalogue else {
            if frameworks.names().all(|known| known != named.text) {
                let unknown = frameworks.unknown(&named.text);
                findings.push(at(
                    Some(named.location),
                    "config/unknown-framework",
                    unknown.message,
                    &unknown.help,
                ));
            }
            continue;
        };
        let limit = config.limits.file_bytes.value;
        let id = FileId(next);
        next = next.saturating_add(1);
        match text_of(&catalogue.path, &config.root, id, limit, files) {
            Ok(file) => {
                sources.insert(&file);
                match frameworks.add(&file, named.location) {
                    Ok(id) => named.text = id.to_string(),
                    Err(wrong) => findings.extend(wrong),
                }
            }
            Err((message, help)) => {
                findings.push(at(Some(named.location), "config/framework", message, help));
            }
        }
    }
    frameworks
}

/// A file of the policies; else what stands in the way, and what to do.
fn text_of(
    path: &Utf8Path,
    root: &Utf8Path,
    id: FileId,
    limit: u64,
    files: &dyn Files,
) -> Result<Arc<SourceFile>, (String, &'static str)> {
    let shown = relative(path, root);
    let bytes = files.read(path, limit).map_err(|error| {
        let message = format!("`{shown}` cannot be read: {}", reason(&error));
        (message, "Make it readable")
    })?;
    if bytes.len() as u64 > limit {
        return Err((
            format!("`{shown}` is larger than {limit} bytes"),
            "Split it",
        ));
    }
    let text = value::decode(bytes)
        .map_err(|error| (format!("`{shown}`: {error}"), "Save the file as UTF-8"))?;
    Ok(SourceFile::new(id, shown, text))
}

fn pack(
    folder: &PackFolder,
    config: &Config,
    files: &dyn Files,
    next: &mut u32,
) -> Result<PackSource, Box<Finding>> {
    let refuse = |message: String, help: &str| {
        Box::new(at(Some(folder.name.location), "config/pack", message, help))
    };
    let mut paths = Vec::new();
    let limit = config.limits.file_bytes.value;
    let folders = Folders {
        files,
        limit,
        root: &config.root,
    };
    folders
        .collect(&folder.path, PACK_DEPTH, &mut paths)
        .map_err(|message| refuse(message, "Correct the folder"))?;
    paths.sort_unstable();
    let mut texts = Vec::new();
    for path in paths {
        let file = text_of(&path, &config.root, FileId(*next), limit, files)
            .map_err(|(message, help)| refuse(message, help))?;
        texts.push(file);
        *next = next.saturating_add(1);
    }
    let name = folder.path.file_name().unwrap_or_default().to_owned();
    Ok(PackSource {
        name,
        builtin: false,
        bare: false,
        files: texts,
    })
}

/// Looks for the files of packs.
struct Folders<'f> {
    files: &'f dyn Files,
    /// Bytes that a file may have.
    limit: u64,
    /// What paths are shown relative to.
    root: &'f Utf8Path,
}

impl Folders<'_> {
    /// The files of a pack below a folder. What could be a rule and would be left out is an error.
    fn collect(
        &self,
        folder: &Utf8Path,
        depth: usize,
        found: &mut Vec<Utf8PathBuf>,
    ) -> Result<(), String> {
        let shown = relative(folder, self.root);
        if depth == 0 {
            return Err(format!(
                "`{shown}` nests more than {PACK_DEPTH} folders deep"
            ));
        }
        let entries = self
            .files
            .list(folder)
            .map_err(|error| format!("`{shown}` cannot be read: {}", reason(&error)))?;
        for entry in entries {
            let Some(name) = entry.name.to_str() else {
                return Err(format!("a name in `{shown}` is not UTF-8"));
            };
            let path = folder.join(name);
            let shown = shown.join(name);
            let hidden = name.starts_with('.');
            match entry.kind {
                FileKind::Folder if !hidden => self.collect(&path, depth - 1, found)?,
                FileKind::File if policy::is_rule_file(name) => found.push(path),
                FileKind::File if self.is_lost_rule(&path) => {
                    return Err(format!(
                        "`{shown}` reads as a rule, and its name is not that of one: rules end in .yaml or .yml and are not hidden"
                    ));
                }
                FileKind::Link if !hidden && self.is_needed(&path) => {
                    return Err(format!(
                        "`{shown}` is a link; a pack holds its files itself"
                    ));
                }
                FileKind::Other if policy::is_rule_file(name) => {
                    return Err(format!("`{shown}` is no regular file"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether a link leads to a folder, or bears the name of a rule.
    fn is_needed(&self, link: &Utf8Path) -> bool {
        policy::is_rule_file(link.as_str())
            || self
                .files
                .stat(link)
                .is_ok_and(|kind| kind == FileKind::Folder)
    }

    /// Whether a file that is none of the pack's is a rule under a wrong name. Prose about rules is
    /// none.
    fn is_lost_rule(&self, path: &Utf8Path) -> bool {
        Syntax::of_path(path) != Some(Syntax::Markdown)
            && self
                .files
                .read(path, self.limit)
                .is_ok_and(|bytes| policy::reads_as_rule(&String::from_utf8_lossy(&bytes)))
    }
}

fn at(location: Option<Location>, rule: &str, message: String, help: &str) -> Finding {
    let location = location.unwrap_or(Location {
        file: FileId(0),
        span: Span::default(),
    });
    Finding::new(rule, message, Label::new(location, "")).with_help(help)
}

fn nowhere(sources: &SourceMap) -> Location {
    Location {
        file: sources.next_id(),
        span: Span::default(),
    }
}
