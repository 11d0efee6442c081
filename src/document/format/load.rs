//! Reads a format's file.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::check::Check;
use super::companions::{Companions, Group};
use super::lookups::{self, Lookups};
use super::{Documents, Element, Field, Format, Include, Meaning, Origin, Slots};
use crate::expr::{Env, Program, Slot, Type, compile};
use crate::finding::{Finding, Label, RuleId, did_you_mean, sentence};
use crate::source::{SourceFile, Span};
use crate::value::{Limits, NodeRef, Scalar, Style, Syntax, read};

const KEYS: [&str; 20] = [
    "format",
    "title",
    "description",
    "kind",
    "syntax",
    "files",
    "claims",
    "before",
    "detect",
    "documents",
    "companions",
    "include",
    "sections",
    "labels",
    "rows",
    "properties",
    "tables",
    "known",
    "checks",
    "write",
];
const FIELDS: &str = "fields";

/// The keys of the forms in which an origin is written.
const ORIGIN_KEYS: [&str; 10] = [
    "number", "times", "key", "choice", "of", "all", "each", "where", FIELDS, "value",
];

/// Whether a mapping is the description of a format, and so no document although it names a kind:
/// it has what each format has, and no key that a format has not.
pub(crate) fn describes_format(root: NodeRef<'_>) -> bool {
    ["format", "kind", FIELDS, "detect"]
        .iter()
        .all(|key| root.get(key).is_some())
        && root
            .entries()
            .all(|entry| KEYS.contains(&entry.key) || entry.key == FIELDS)
}

/// Reads a format; every mistake in its file is a finding `config/...`.
pub(super) fn load(source: &Arc<SourceFile>) -> Result<Format, Vec<Finding>> {
    let parsed = read(source, Syntax::Yaml, &Limits::default());
    let mut findings: Vec<Finding> = parsed.problems;
    for finding in &mut findings {
        let name = finding.rule.as_str().rsplit('/').next().unwrap_or_default();
        finding.rule = RuleId::new(format!("config/{name}"));
    }
    let Some(root) = parsed.tree.root().filter(|root| root.is_mapping()) else {
        let at = Label::new(source.location(Span::default()), "");
        findings.push(Finding::new("config/format", "a format is a mapping", at));
        return Err(findings);
    };
    let mut loader = Loader {
        findings,
        env: Env::new(),
    };
    let format = loader.format(root);
    match format {
        Some(mut format) if loader.findings.is_empty() => {
            format.tree = Some(parsed.tree);
            Ok(format)
        }
        _ => Err(loader.findings),
    }
}

/// Two formats of one name.
pub(super) fn duplicate(source: &Arc<SourceFile>, name: &str) -> Finding {
    let at = Label::new(source.location(Span::default()), "");
    Finding::new(
        "config/format",
        format!("there is a format `{name}` already"),
        at,
    )
    .with_help("Give it another name")
}

struct Loader {
    findings: Vec<Finding>,
    env: Env,
}

impl Loader {
    fn format(&mut self, root: NodeRef<'_>) -> Option<Format> {
        for entry in root.entries() {
            if !KEYS.contains(&entry.key) && entry.key != FIELDS {
                let near = did_you_mean(entry.key, KEYS.into_iter().chain([FIELDS]));
                let label = Label::new(entry.key_location, "");
                let message = format!("unknown key `{}`{near}", entry.key);
                self.findings
                    .push(Finding::new("config/unknown-key", message, label));
            }
        }
        let name = self.text(root, "format")?;
        let title = self.text(root, "title")?;
        let kind = self.text(root, "kind")?;
        let syntax = match root.get("syntax") {
            None => None,
            Some(node) => {
                let known = Syntax::ALL.into_iter();
                let wanted = node.as_str().unwrap_or_default();
                let found = known
                    .into_iter()
                    .find(|s| s.name().eq_ignore_ascii_case(wanted));
                if found.is_none() {
                    self.wrong(
                        node,
                        "`syntax` is none of yaml, json, toml, markdown and xml",
                    );
                }
                found
            }
        };
        let files = self.globs(root, "files").unwrap_or_default();
        let claims = root.get("claims").and_then(|_| self.globs(root, "claims"));
        let before = root.get("before").into_iter().flat_map(NodeRef::items);
        let before = before.filter_map(NodeRef::as_str).map(Into::into).collect();
        let lookups = Lookups::load(root);
        let slots = Slots {
            raw: self.env.declare("raw", Type::Dyn),
            root: self.env.declare("root", Type::Dyn),
            file: self.env.declare("file", Type::String),
            found: {
                let mut types = lookups.types().into_iter();
                lookups::KEYS.map(|name| {
                    let of = types.next().unwrap_or(Type::Dyn);
                    self.env.declare(name, of)
                })
            },
            known: self.env.declare("known", Type::Dyn),
            companion: {
                let groups = root.get("companions").into_iter();
                let names = groups
                    .flat_map(NodeRef::entries)
                    .map(|entry| entry.key.into());
                let names: Vec<_> = names.collect();
                self.env.declare("companion", Companions::ty(&names))
            },
            wanted: self.env.declare("wanted", Type::String),
        };
        let companions = self.companions(root);
        let include = match root.get("include") {
            Some(node) => Some(self.include(node)?),
            None => None,
        };
        let marks = match root.get("detect") {
            Some(node) => self.expressions(node),
            None => Vec::new(),
        };
        let documents = match root.get("documents") {
            Some(node) => self.documents(node)?,
            None => Documents::Root,
        };
        let fields = match root.get(FIELDS) {
            Some(node) if node.is_mapping() => self.fields(node),
            Some(node) => {
                self.wrong(node, "`fields` is no mapping");
                Vec::new()
            }
            None => {
                self.wrong(root, "missing `fields`");
                Vec::new()
            }
        };
        let checks = root.get("checks").into_iter().flat_map(NodeRef::items);
        let checks = checks.filter_map(|node| self.check(node)).collect();
        Some(Format {
            name: name.into(),
            title: title.to_owned(),
            kind: kind.into(),
            syntax,
            files,
            claims,
            before,
            only_assigned: root.get("detect").is_some_and(|marks| {
                marks.is_sequence() && marks.items().all(|mark| mark.as_str() == Some("false"))
            }),
            marks,
            documents,
            lookups,
            companions,
            include,
            fields,
            checks,
            tree: None,
            used: AtomicBool::new(false),
            env: std::mem::take(&mut self.env),
            slots,
        })
    }

    fn wrong(&mut self, node: NodeRef<'_>, message: impl Into<String>) {
        let label = Label::new(node.address(), "");
        let finding = Finding::new("config/format", message, label);
        self.findings
            .push(finding.with_pointer(node.pointer().to_string()));
    }

    fn text<'t>(&mut self, root: NodeRef<'t>, key: &str) -> Option<&'t str> {
        let Some(node) = root.get(key) else {
            self.wrong(root, format!("missing `{key}`"));
            return None;
        };
        if node.as_str().is_none() {
            self.wrong(node, format!("`{key}` is no text"));
        }
        node.as_str()
    }

    fn documents(&mut self, node: NodeRef<'_>) -> Option<Documents> {
        if !node.is_mapping() {
            return self.expression(node).map(Documents::At);
        }
        let (Some(through), Some(mark)) = (node.get("through"), node.get("where")) else {
            self.wrong(
                node,
                "`documents` is an expression, or `through` with `where`",
            );
            return None;
        };
        let keys = through.items().filter_map(NodeRef::as_str);
        let keys: Vec<Box<str>> = keys.map(Into::into).collect();
        if keys.is_empty() {
            self.wrong(through, "`through` is no list of keys");
        }
        let mark = self.expression(mark)?;
        Some(Documents::Through { keys, mark })
    }

    fn include(&mut self, node: NodeRef<'_>) -> Option<Include> {
        self.only(node, &["tag", "from"]);
        let tag = self.text(node, "tag")?.into();
        let from = node.get("from").into_iter().flat_map(NodeRef::items);
        let from: Vec<_> = from.filter_map(NodeRef::as_str).map(Into::into).collect();
        if from.is_empty() {
            self.wrong(node, "`from` is no list of names");
        }
        Some(Include { tag, from })
    }

    fn companions(&mut self, root: NodeRef<'_>) -> Companions {
        const KNOWN: [&str; 4] = ["files", "of", "tables", "expected"];
        let Some(node) = root.get("companions") else {
            return Companions::default();
        };
        let mut groups = Vec::new();
        for entry in node.entries() {
            self.only(entry.value, &KNOWN);
            let expression = |loader: &mut Self, key: &str| {
                let node = entry.value.get(key)?;
                loader.expression(node)
            };
            let files = entry.value.get("files").into_iter();
            let files = files.flat_map(NodeRef::items).filter_map(NodeRef::as_str);
            let files: Vec<Box<str>> = files.map(Into::into).collect();
            if files.is_empty() {
                self.wrong(entry.value, "`files` is no list of paths");
            }
            groups.push(Group {
                name: entry.key.into(),
                files,
                of: expression(self, "of"),
                tables: entry.value.get("tables").and_then(NodeRef::as_bool) == Some(true),
                expected: expression(self, "expected"),
            });
        }
        Companions::new(groups).unwrap_or_else(|error| {
            self.wrong(node, error);
            Companions::default()
        })
    }

    fn globs(&mut self, root: NodeRef<'_>, key: &str) -> Option<GlobSet> {
        let node = root.get(key);
        let mut set = GlobSetBuilder::new();
        let patterns: Vec<_> = match node {
            Some(node) => node.items().collect(),
            None => Vec::new(),
        };
        for item in &patterns {
            let glob = GlobBuilder::new(item.as_str().unwrap_or_default())
                .case_insensitive(true)
                .literal_separator(true)
                .build();
            match glob {
                Ok(glob) => {
                    set.add(glob);
                }
                Err(error) => self.wrong(*item, format!("no glob: {}", error.kind())),
            }
        }
        if let (Some(node), true) = (node, patterns.is_empty()) {
            self.wrong(node, format!("`{key}` is no list of globs"));
        }
        set.build().ok()
    }

    fn expressions(&mut self, node: NodeRef<'_>) -> Vec<Program> {
        if node.is_sequence() {
            return node
                .items()
                .filter_map(|item| self.expression(item))
                .collect();
        }
        self.expression(node).into_iter().collect()
    }

    fn expression(&mut self, node: NodeRef<'_>) -> Option<Program> {
        let Some(text) = node.as_str() else {
            self.wrong(node, "an expression is a text");
            return None;
        };
        match compile(text, &self.env) {
            Ok(program) => Some(program),
            Err(errors) => {
                for error in errors {
                    let mut location = node.location();
                    // The text stands in the file as it is, behind a quote if it has one.
                    let skip = u32::from(node.style() == Style::Quoted);
                    let span = error.span.shifted(location.span.start + skip);
                    if node
                        .raw()
                        .get(skip as usize..)
                        .is_some_and(|raw| raw.starts_with(text))
                    {
                        location.span = span;
                    }
                    let label = Label::new(location, "");
                    let mut finding = Finding::new("config/expression", error.message, label);
                    finding.help = error.help.as_deref().map(sentence);
                    self.findings.push(finding);
                }
                None
            }
        }
    }

    fn fields(&mut self, node: NodeRef<'_>) -> Vec<Field> {
        let mut fields = Vec::new();
        for entry in node.entries() {
            let path: Vec<Box<str>> = entry.key.split('.').map(Into::into).collect();
            if path.iter().any(|step| step.is_empty()) {
                let label = Label::new(entry.key_location, "");
                let message = format!("`{}` is no path of a field", entry.key);
                self.findings
                    .push(Finding::new("config/format", message, label));
                continue;
            }
            let origins = self.origins(entry.value);
            fields.push(Field {
                path,
                origins,
                seen: AtomicBool::new(false),
            });
        }
        fields
    }

    /// One origin, or a list of them.
    fn origins(&mut self, node: NodeRef<'_>) -> Vec<Origin> {
        let written: Vec<_> = if node.is_sequence() {
            node.items().collect()
        } else {
            vec![node]
        };
        written
            .into_iter()
            .filter_map(|node| self.origin(node))
            .collect()
    }

    fn origin(&mut self, node: NodeRef<'_>) -> Option<Origin> {
        if !node.is_mapping() {
            return self.expression(node).map(Origin::Expression);
        }
        self.only(node, &ORIGIN_KEYS);
        if let Some(number) = node.get("number") {
            let times = node.get("times").and_then(NodeRef::as_f64);
            let number = self.expression(number)?;
            return Some(Origin::Number(number, times));
        }
        if let Some(key) = node.get("key") {
            return self.expression(key).map(Origin::Key);
        }
        if let (Some(choice), Some(of)) = (node.get("choice"), node.get("of")) {
            let meanings = of
                .entries()
                .map(|entry| (entry.key.to_lowercase(), self.meaning(entry.value)));
            let meanings: Vec<_> = meanings.collect();
            let choice = self.expression(choice)?;
            return Some(Origin::Choice(choice, meanings));
        }
        if let Some(all) = node.get("all") {
            return Some(Origin::All(self.origins(all)));
        }
        let element = (node.get(FIELDS), node.get("value"));
        let (Some(each), (Some(element), None) | (None, Some(element))) =
            (node.get("each"), element)
        else {
            self.wrong(
                node,
                "a field is an expression, a list of them, `number`, `key`, `choice` with `of`, `all`, or `each` with `fields` or `value`",
            );
            return None;
        };
        let loops = self.loops(each)?;
        let only = node.get("where").and_then(|node| self.expression(node));
        let element = if node.get(FIELDS).is_some() {
            Element::Fields(self.fields(element))
        } else {
            Element::Value(self.origins(element))
        };
        Some(Origin::Each {
            loops,
            only,
            element,
        })
    }

    /// Reports keys that are none of these.
    fn only(&mut self, node: NodeRef<'_>, known: &[&str]) {
        for entry in node.entries().filter(|entry| !known.contains(&entry.key)) {
            let near = did_you_mean(entry.key, known.iter().copied());
            let label = Label::new(entry.key_location, "");
            let message = format!("unknown key `{}`{near}", entry.key);
            self.findings
                .push(Finding::new("config/unknown-key", message, label));
        }
    }

    fn check(&mut self, node: NodeRef<'_>) -> Option<Check> {
        const KNOWN: [&str; 6] = ["each", "when", "require", "at", "message", "help"];
        self.only(node, &KNOWN);
        let loops = match node.get("each") {
            Some(each) => self.loops(each)?,
            None => Vec::new(),
        };
        let when = match node.get("when") {
            Some(when) => Some(self.expression(when)?),
            None => None,
        };
        let (require, at) = (node.get("require"), node.get("at"));
        let (Some(require), Some(at)) = (require, at) else {
            self.wrong(node, "a check has `require`, `at`, `message` and `help`");
            return None;
        };
        Some(Check {
            loops,
            when,
            require: self.expression(require)?,
            at: self.expression(at)?,
            message: self.text(node, "message")?.into(),
            help: self.text(node, "help")?.into(),
        })
    }

    /// The variables of `each`, with what they run through.
    fn loops(&mut self, each: NodeRef<'_>) -> Option<Vec<(Slot, Program)>> {
        let mut loops = Vec::new();
        for entry in each.entries() {
            let expression = self.expression(entry.value);
            let slot = self.env.declare(entry.key, Type::Dyn);
            loops.push((slot, expression?));
        }
        if loops.is_empty() {
            self.wrong(each, "`each` names no variable");
        }
        Some(loops)
    }

    fn meaning(&mut self, node: NodeRef<'_>) -> Meaning {
        match node.scalar() {
            Some(Scalar::Null) => Meaning::Absent,
            Some(Scalar::Bool(value)) => Meaning::Bool(value),
            Some(Scalar::String(text)) => Meaning::Text(text.into()),
            _ => {
                self.wrong(
                    node,
                    "a word stands for a text, a boolean, or null for nothing",
                );
                Meaning::Absent
            }
        }
    }
}
