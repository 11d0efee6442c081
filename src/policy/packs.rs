//! Packs: folders of rules with a `pack.yaml`. Reads them, chooses among them, finds cycles.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use super::check::Checker;
use super::program::Vocabulary;
use super::rule::Rule;
use super::settings::Named;
use crate::finding::{Finding, Label, RuleId, Severity, did_you_mean};
use crate::framework::Frameworks;
use crate::schema::{self, Schema};
use crate::source::{Location, SourceFile, Span};
use crate::value::{self, Limits, NodeRef, Syntax, Tree};

/// The files of a pack, not read yet.
#[derive(Clone, Debug)]
pub struct PackSource {
    /// The folder's name, which the pack and the ids of its rules must bear.
    pub name: String,
    /// Whether it came with launchgate.
    pub builtin: bool,
    /// Whether its rules come without their examples and are known to have the shape of rules.
    pub bare: bool,
    /// `pack.yaml` and the policy files, sorted by path.
    pub files: Vec<Arc<SourceFile>>,
}

/// Whether a file of a pack's folder belongs to the pack: `pack.yaml` and other YAML files.
pub fn is_rule_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    !name.starts_with('.') && Syntax::of_path(name.as_ref()) == Some(Syntax::Yaml)
}

/// Whether a text that lies in a pack's folder reads as a rule: one of its lines begins with the key
/// `rule`, as YAML, JSON or TOML write it.
pub(crate) fn reads_as_rule(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim().trim_start_matches(['{', '"', '\'']);
        let rest = line.strip_prefix("rule").map(str::trim_start);
        let rest = rest.map(|rest| rest.trim_start_matches(['"', '\'']).trim_start());
        let value = rest.and_then(|rest| rest.strip_prefix([':', '=']));
        // An id has a slash; `rule: of thumb` is prose.
        value.is_some_and(|value| value.contains('/') && !value.trim().contains(' '))
    })
}

/// A pack as its `pack.yaml` describes it.
#[derive(Clone, Debug)]
pub struct Pack {
    /// Its name.
    pub name: Arc<str>,
    /// Its version.
    pub version: Arc<str>,
    /// Its title.
    pub title: Arc<str>,
    /// What it is for.
    pub description: Option<Arc<str>>,
    /// Frameworks whose controls its rules serve.
    pub frameworks: Arc<[Arc<str>]>,
    /// Whether it came with launchgate.
    pub builtin: bool,
    /// How many rules it has, those included that are turned off.
    pub rules: usize,
    /// Its `pack.yaml`.
    pub file: Arc<SourceFile>,
    includes: Vec<(Arc<str>, Location)>,
}

/// What a run's packs came to.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    pub(crate) packs: Vec<Pack>,
    pub(crate) rules: Vec<Rule>,
    /// The names of all packs that there are, chosen or not.
    pub(crate) known: Vec<Arc<str>>,
    pub(crate) findings: Vec<Finding>,
}

/// Reads the chosen packs and those that they include; `None` chooses all.
pub(crate) fn load(
    sources: &[PackSource],
    chosen: Option<&[Named]>,
    names: Vocabulary<'_>,
    frameworks: &Frameworks,
) -> Loaded {
    let mut loaded = Loaded::default();
    let mut by_name: BTreeMap<&str, &PackSource> = BTreeMap::new();
    for source in sources {
        if let Some(first) = by_name.insert(&source.name, source) {
            loaded.findings.extend(duplicate_pack(first, source));
        }
    }
    loaded.known = by_name.keys().map(|name| Arc::from(*name)).collect();

    let mut queue: Vec<(Arc<str>, Option<Location>)> = match chosen {
        None => loaded
            .known
            .iter()
            .map(|name| (Arc::clone(name), None))
            .collect(),
        Some(names) => names
            .iter()
            .map(|named| (Arc::from(named.text.as_str()), Some(named.location)))
            .collect(),
    };
    queue.reverse();
    let mut seen: BTreeSet<Arc<str>> = BTreeSet::new();
    let mut included: BTreeMap<Arc<str>, Pack> = BTreeMap::new();
    while let Some((name, asked_at)) = queue.pop() {
        let Some(&source) = by_name.get(&*name) else {
            if let Some(location) = asked_at {
                let rule = if included
                    .values()
                    .any(|pack| pack.file.id() == location.file)
                {
                    "policy/unknown-pack"
                } else {
                    "config/unknown-pack"
                };
                let names = by_name.keys().copied();
                let near = did_you_mean(&name, names.clone());
                loaded.findings.push(
                    Finding::new(
                        rule,
                        format!("unknown pack `{name}`{near}"),
                        Label::new(location, ""),
                    )
                    .with_help(format!(
                        "Packs are {}",
                        names.collect::<Vec<_>>().join(", ")
                    )),
                );
            }
            continue;
        };
        if !seen.insert(Arc::clone(&name)) {
            continue;
        }
        if let (true, Some(location)) = (source.files.is_empty(), asked_at) {
            loaded.findings.push(
                Finding::new(
                    "config/empty-pack",
                    format!("pack `{name}` holds no files"),
                    Label::new(location, ""),
                )
                .with_help("A pack is a folder with a `pack.yaml` and policy files (`.yaml`)"),
            );
        }
        if let Some(pack) = read_pack(source, frameworks, &mut loaded.findings) {
            for (include, location) in &pack.includes {
                queue.push((Arc::clone(include), Some(*location)));
            }
            included.insert(name, pack);
        }
    }
    loaded.findings.extend(cycles(&included));
    for (name, mut pack) in included {
        let Some(&source) = by_name.get(&*name) else {
            continue;
        };
        let checker = Checker {
            schema: policy_schema(),
            names,
            pack: &source.name,
            builtin: source.builtin,
            bare: source.bare,
            frameworks,
        };
        let before = loaded.rules.len();
        read_rules(source, &checker, &mut loaded);
        pack.rules = loaded.rules.len() - before;
        if source.files.iter().all(|file| is_pack_file(file)) {
            loaded.findings.push(
                Finding::new(
                    "policy/empty-pack",
                    format!("pack `{name}` has no rules"),
                    Label::new(pack.file.location(first_line(&pack.file)), ""),
                )
                .with_help("Put at least one policy file beside `pack.yaml`, or remove the pack"),
            );
        }
        loaded.packs.push(pack);
    }
    duplicates(&mut loaded);
    loaded.rules.sort_by(|a, b| a.id.cmp(&b.id));
    loaded
}

fn duplicate_pack(first: &PackSource, second: &PackSource) -> Option<Finding> {
    let at = |source: &PackSource| {
        let file = pack_file(source).or_else(|| source.files.first())?;
        Some(file.location(first_line(file)))
    };
    Some(
        Finding::new(
            "policy/duplicate-pack",
            format!("there are two packs `{}`", second.name),
            Label::new(at(second)?, "one is here"),
        )
        .with_related(Label::new(at(first)?, "the other is here"))
        .with_help("Rename the folder of one, and the ids of its rules"),
    )
}

fn pack_file(source: &PackSource) -> Option<&Arc<SourceFile>> {
    source.files.iter().find(|file| is_pack_file(file))
}

fn is_pack_file(file: &SourceFile) -> bool {
    matches!(file.path().file_name(), Some("pack.yaml" | "pack.yml"))
}

fn first_line(file: &SourceFile) -> Span {
    file.line_span(1).unwrap_or_default()
}

/// Reads a file of policies; its problems are the gate's own input errors.
fn read_file(file: &Arc<SourceFile>, findings: &mut Vec<Finding>) -> (Arc<Tree>, bool) {
    let parsed = value::read(file, Syntax::Yaml, &Limits::default());
    let broken = parsed
        .problems
        .iter()
        .any(|problem| problem.severity == Severity::Error);
    findings.extend(parsed.problems.into_iter().map(|mut problem| {
        if let Some(name) = problem.rule.as_str().strip_prefix("document/") {
            problem.rule = RuleId::new(format!("policy/{name}"));
        }
        problem
    }));
    (Arc::new(parsed.tree), broken)
}

fn read_pack(
    source: &PackSource,
    frameworks: &Frameworks,
    findings: &mut Vec<Finding>,
) -> Option<Pack> {
    let Some(file) = pack_file(source) else {
        if let Some(file) = source.files.first() {
            findings.push(
                Finding::new(
                    "policy/missing-pack-file",
                    format!("pack `{}` has no `pack.yaml`", source.name),
                    Label::new(file.location(first_line(file)), "this file is in the pack"),
                )
                .with_help(format!(
                    "Put a `pack.yaml` beside it with `name: {}`, `version: 0.1.0` and `title:`",
                    source.name
                )),
            );
        }
        return None;
    };
    let before = findings.len();
    let (tree, _) = read_file(file, findings);
    let Some(root) = tree.root().filter(|root| !root.is_null()) else {
        findings.push(empty_file(file));
        return None;
    };
    if !source.bare {
        findings.extend(schema::check_input(root, pack_schema(), "policy"));
    }
    for node in root.get("frameworks").into_iter().flat_map(NodeRef::items) {
        let id = node.as_str().unwrap_or_default();
        if !id.is_empty() && frameworks.names().all(|known| known != id) {
            let unknown = frameworks.unknown(id);
            let label = Label::new(node.location(), "");
            findings
                .push(Finding::new(unknown.rule, unknown.message, label).with_help(unknown.help));
        }
    }
    let text = |key: &str| root.get(key).and_then(NodeRef::as_str);
    if let Some(name) = root.get("name").filter(|name| name.as_str().is_some())
        && name.as_str() != Some(&source.name)
    {
        findings.push(
            Finding::new(
                "policy/pack-name",
                format!(
                    "the pack calls itself `{}`, but its folder is `{}`",
                    name.as_str().unwrap_or_default(),
                    source.name
                ),
                Label::new(name.location(), ""),
            )
            .with_help("Give both the same name"),
        );
    }
    if has_error(findings, before) {
        return None;
    }
    let texts = |key: &str| root.get(key).into_iter().flat_map(NodeRef::items);
    Some(Pack {
        name: source.name.as_str().into(),
        version: text("version").unwrap_or_default().into(),
        title: text("title").unwrap_or_default().into(),
        description: text("description").map(|text| text.trim_end().into()),
        frameworks: texts("frameworks")
            .filter_map(NodeRef::as_str)
            .map(Arc::from)
            .collect(),
        builtin: source.builtin,
        rules: 0,
        file: Arc::clone(file),
        includes: texts("includes")
            .filter_map(|node| Some((Arc::from(node.as_str()?), node.location())))
            .collect(),
    })
}

/// Reads the rules of a pack.
fn read_rules(source: &PackSource, checker: &Checker<'_>, loaded: &mut Loaded) {
    for file in source.files.iter().filter(|file| !is_pack_file(file)) {
        let (tree, broken) = read_file(file, &mut loaded.findings);
        // What a broken file says of its rules would be guesswork.
        if broken {
            continue;
        }
        let mut empty = true;
        for root in tree.roots() {
            empty = empty && root.is_null();
            if root.is_null() {
                continue;
            }
            let rule = checker.rule(file, &tree, root, &mut loaded.findings);
            loaded.rules.extend(rule);
        }
        if empty {
            loaded.findings.push(empty_file(file));
        }
    }
}

fn empty_file(file: &SourceFile) -> Finding {
    Finding::new(
        "policy/empty-file",
        "the policy file is empty",
        Label::new(file.location(first_line(file)), ""),
    )
    .with_help("Write a rule in it, or remove it")
}

/// Two rules with one id, wherever they stand.
fn duplicates(loaded: &mut Loaded) {
    let mut first: BTreeMap<RuleId, Location> = BTreeMap::new();
    for rule in &loaded.rules {
        let Some(&other) = first.get(&rule.id) else {
            first.insert(rule.id.clone(), rule.location);
            continue;
        };
        loaded.findings.push(
            Finding::new(
                "policy/duplicate-rule",
                format!("there are two rules `{}`", rule.id),
                Label::new(rule.location, "again here"),
            )
            .with_related(Label::new(other, "first here"))
            .with_help("Give one of them another name"),
        );
    }
}

/// Packs that include each other, each circle reported once, at the inclusion that closes it.
fn cycles(packs: &BTreeMap<Arc<str>, Pack>) -> Vec<Finding> {
    let mut done: BTreeSet<&str> = BTreeSet::new();
    let mut findings = Vec::new();
    for name in packs.keys() {
        let mut chain: Vec<&str> = Vec::new();
        visit(name, packs, &mut chain, &mut done, &mut findings);
    }
    findings
}

fn visit<'p>(
    name: &'p str,
    packs: &'p BTreeMap<Arc<str>, Pack>,
    chain: &mut Vec<&'p str>,
    done: &mut BTreeSet<&'p str>,
    findings: &mut Vec<Finding>,
) {
    let Some(pack) = packs.get(name).filter(|_| !done.contains(name)) else {
        return;
    };
    chain.push(name);
    for (include, location) in &pack.includes {
        if let Some(start) = chain.iter().position(|link| **link == **include) {
            let circle = chain.get(start..).unwrap_or_default().join("` -> `");
            findings.push(
                Finding::new(
                    "policy/pack-cycle",
                    format!("packs include each other: `{circle}` -> `{include}`"),
                    Label::new(*location, "this closes the circle"),
                )
                .with_help("Remove one of the inclusions"),
            );
        } else {
            visit(include, packs, chain, done, findings);
        }
    }
    chain.pop();
    done.insert(name);
}

/// Whether an error was added since there were `before` findings.
pub(crate) fn has_error(findings: &[Finding], before: usize) -> bool {
    findings
        .iter()
        .skip(before)
        .any(|finding| finding.severity == Severity::Error)
}

fn embedded_schema(name: &str, text: &str) -> Schema {
    // A schema that cannot be read admits nothing, so a broken build cannot pass anything.
    let value = serde_json::from_str(text).unwrap_or(serde_json::Value::Bool(false));
    Schema::lazy(name, Arc::new(value))
}

fn policy_schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA
        .get_or_init(|| embedded_schema("policy", include_str!("../../schemas/policy.schema.json")))
}

fn pack_schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| embedded_schema("pack", include_str!("../../schemas/pack.schema.json")))
}
