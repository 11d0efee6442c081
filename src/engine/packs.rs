//! The kinds and packs that a config adds to those that come with launchgate.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;

use crate::config::paths::{reason, relative};
use crate::config::{Config, FileKind, Files, KindEntry, PackFolder};
use crate::document::{Kind, Kinds, Origin};
use crate::finding::{Finding, Label, Severity};
use crate::policy::{self, PackSource};
use crate::schema::Schema;
use crate::source::{FileId, Location, SourceFile, SourceMap, Span};
use crate::value::de::from_node;
use crate::value::{self, Limits, NodeRef, Parsed, Syntax};

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
            Err(finding) => findings.push(*finding),
        }
    }
    kinds
}

fn kind(
    entry: &KindEntry,
    config: &Config,
    files: &dyn Files,
    sources: &mut SourceMap,
) -> Result<Kind, Box<Finding>> {
    let path = &entry.schema.value;
    let refuse = |message: String, help: &str| {
        Box::new(at(entry.schema.origin, "config/schema", message, help))
    };
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
    let source = SourceFile::new(sources.next_id(), shown.clone(), text);
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
) -> Result<Value, Box<Finding>> {
    let named = entry
        .schema
        .origin
        .map(|location| Label::new(location, "named here"));
    let refuse = |location: Location, message: String| {
        let label = Label::new(location, "");
        let mut finding = Finding::new("config/schema", message, label);
        finding.related.extend(named.clone());
        Box::new(finding.with_help("Correct the schema"))
    };
    // JSON is YAML, so one reader would serve both; JSON's own is stricter and says more.
    let syntax = match Syntax::of_path(source.path()) {
        Some(Syntax::Json) => Syntax::Json,
        _ => Syntax::Yaml,
    };
    let Parsed { tree, problems } = value::read(source, syntax, limits);
    if let Some(problem) = problems
        .into_iter()
        .find(|problem| problem.severity == Severity::Error)
    {
        let message = format!("the schema cannot be read: {}", problem.message);
        return Err(refuse(problem.primary.location, message));
    }
    let whole = source.location(Span::default());
    let &[root] = tree.roots().collect::<Vec<_>>().as_slice() else {
        let message = "the file holds no schema, or several".to_owned();
        return Err(refuse(whole, message));
    };
    let schema: Value = from_node(root)
        .map_err(|error| refuse(error.location.unwrap_or(whole), error.message.clone()))?;
    Schema::compile(&entry.name.value, &schema).map_err(|error| {
        let at = place(root, &error.pointer).unwrap_or(root);
        refuse(at.address(), error.to_string())
    })?;
    Ok(schema)
}

/// The node at a JSON Pointer.
fn place<'t>(root: NodeRef<'t>, pointer: &str) -> Option<NodeRef<'t>> {
    pointer.split('/').skip(1).try_fold(root, |node, step| {
        let step = step.replace("~1", "/").replace("~0", "~");
        if node.is_sequence() {
            node.item(step.parse().ok()?)
        } else {
            node.get(&step)
        }
    })
}

/// The built-in packs and those of the config; their files are put into `sources`.
pub(super) fn packs(
    config: &Config,
    files: &dyn Files,
    sources: &mut SourceMap,
    findings: &mut Vec<Finding>,
) -> Vec<PackSource> {
    let mut next = sources.next_id().0;
    let mut packs = policy::builtin_packs(&mut next);
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
    collect(&folder.path, files, PACK_DEPTH, &mut paths)
        .map_err(|message| refuse(message, "Correct the folder"))?;
    paths.sort_unstable();
    let limit = config.limits.file_bytes.value;
    let mut texts = Vec::new();
    for path in paths {
        let shown = relative(&path, &config.root);
        let bytes = files.read(&path, limit).map_err(|error| {
            refuse(
                format!("`{shown}` cannot be read: {}", reason(&error)),
                "Make it readable",
            )
        })?;
        if bytes.len() as u64 > limit {
            return Err(refuse(
                format!("`{shown}` is larger than {limit} bytes"),
                "Split it",
            ));
        }
        let text = value::decode(bytes)
            .map_err(|error| refuse(format!("`{shown}`: {error}"), "Save the file as UTF-8"))?;
        texts.push(SourceFile::new(FileId(*next), shown, text));
        *next = next.saturating_add(1);
    }
    let name = folder.path.file_name().unwrap_or_default().to_owned();
    Ok(PackSource {
        name,
        builtin: false,
        files: texts,
    })
}

/// The files of a pack below a folder.
fn collect(
    folder: &Utf8Path,
    files: &dyn Files,
    depth: usize,
    found: &mut Vec<Utf8PathBuf>,
) -> Result<(), String> {
    if depth == 0 {
        return Err(format!(
            "`{folder}` nests more than {PACK_DEPTH} folders deep"
        ));
    }
    let entries = files
        .list(folder)
        .map_err(|error| format!("`{folder}` cannot be read: {}", reason(&error)))?;
    for entry in entries {
        if entry.name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        // What may be a rule, or may hold one, is never left out in silence.
        let Some(name) = entry.name.to_str() else {
            let name = entry.name.to_string_lossy();
            return Err(format!("the name of `{folder}/{name}` is not UTF-8"));
        };
        let path = folder.join(name);
        match entry.kind {
            FileKind::Folder => collect(&path, files, depth - 1, found)?,
            FileKind::File if policy::is_rule_file(name) => found.push(path),
            FileKind::Link
                if policy::is_rule_file(name)
                    || files
                        .stat(&path)
                        .map_or(true, |kind| kind == FileKind::Folder) =>
            {
                return Err(format!("`{path}` is a link; a pack holds its files itself"));
            }
            _ => {}
        }
    }
    Ok(())
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
