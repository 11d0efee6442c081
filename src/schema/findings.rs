//! Turns what the validator says into findings at the right key, in the author's terms.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde_json::Value;

use super::locate::{Lookup, unescape};
use super::{unions, wording};
use crate::finding::{Finding, Label, Stage, did_you_mean, nearest};
use crate::source::Location;
use crate::value::NodeRef;

/// Rule ids, without their prefix.
pub(super) mod rule {
    pub(crate) const UNKNOWN_KEY: &str = "unknown-key";
    pub(crate) const MISSING_KEY: &str = "missing-key";
    pub(crate) const TYPE: &str = "type";
    pub(crate) const VALUE: &str = "value";
    pub(crate) const UNION: &str = "union";
    pub(crate) const AMBIGUOUS: &str = "ambiguous-scalar";
}

/// What is known while one document is reported on.
#[derive(Clone, Copy)]
pub(super) struct Reporter<'s, 't> {
    pub(super) lookup: Lookup<'s>,
    pub(super) root: NodeRef<'t>,
    /// What stands before the slash of the rule ids: `schema`, or `config`, `policy`.
    pub(super) prefix: &'static str,
}

impl<'s, 't> Reporter<'s, 't> {
    /// The findings of a list of errors, in their order, each fact once.
    pub(super) fn report(self, errors: &[ValidationError<'_>]) -> Vec<Finding> {
        let mut findings = Vec::new();
        for error in errors {
            findings.extend(self.findings(error));
        }
        drop_repeated(&mut findings);
        self.fold_misspelt(findings)
    }

    /// The findings of one error: one for each key or value at fault.
    pub(super) fn findings(self, error: &ValidationError<'_>) -> Vec<Finding> {
        let Some(node) = self.node(error.instance_path().as_str()) else {
            return vec![self.at(rule::VALUE, self.root, error.masked().to_string())];
        };
        let holder = self.lookup.holder(error.evaluation_path().as_str());
        let blank = node.as_str() == Some("") && matches!(error.kind(), Kind::MinLength { .. });
        if blank || node.is_null() && complains_of_the_node_itself(error.kind()) {
            return vec![self.empty(node)];
        }
        match error.kind() {
            Kind::AdditionalProperties { unexpected } => {
                self.unknown_keys(node, holder, unexpected, false)
            }
            Kind::UnevaluatedProperties { unexpected } => {
                self.unknown_keys(node, holder, unexpected, true)
            }
            Kind::Required { property } => vec![self.missing_key(node, holder, property)],
            Kind::Type { kind } => vec![self.mistyped(node, holder, kind)],
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
                let keyword = error.kind().keyword();
                unions::none_fits(self, node, holder, keyword, context)
            }
            Kind::OneOfMultipleValid { context } => {
                vec![unions::several_fit(self, node, holder, context)]
            }
            Kind::UniqueItems => vec![self.repeated(node)],
            Kind::PropertyNames { error } => vec![self.misnamed(node, holder, error)],
            kind => vec![self.wrong_value(node, holder, kind, error)],
        }
    }

    /// The node at an instance path, which begins at the root that was checked.
    pub(super) fn node(self, path: &str) -> Option<NodeRef<'t>> {
        path.split('/').skip(1).try_fold(self.root, |node, step| {
            if node.is_sequence() {
                node.item(step.parse().ok()?)
            } else {
                node.get(&unescape(step))
            }
        })
    }

    /// A finding about a node that is there, labelled where it stands.
    pub(super) fn at(self, rule: &str, node: NodeRef<'_>, message: String) -> Finding {
        self.place(rule, node.address(), node, message)
            .with_subject(wording::value(node))
    }

    /// A finding about a node that is labelled elsewhere, such as on its key.
    pub(super) fn place(
        self,
        rule: &str,
        at: Location,
        node: NodeRef<'_>,
        message: String,
    ) -> Finding {
        let mut finding = Finding::new(
            format!("{}/{rule}", self.prefix).as_str(),
            message,
            Label::new(at, ""),
        )
        .with_pointer(node.pointer().to_string());
        if let Some(anchor) = node.anchor() {
            finding
                .related
                .push(Label::new(anchor, "what the alias stands for"));
        }
        finding
    }

    /// A key with nothing behind it is as good as missing, and blocks no earlier.
    fn empty(self, node: NodeRef<'_>) -> Finding {
        let schemas = self.lookup.at(&node.pointer());
        let key = node.own_entry().map(|entry| entry.key);
        let help = schemas
            .first()
            .and_then(|schema| wording::meaning(self.lookup, key.unwrap_or_default(), schema));
        let what = if key.is_some() { "key" } else { "entry" };
        let message = format!("{} is empty", wording::name(node));
        let finding = self
            .at(rule::MISSING_KEY, node, message)
            .with_help(help.map_or_else(
                || format!("give it a value, or remove the {what}"),
                |help| format!("give it a value: {help}"),
            ));
        self.blocks_from_review(finding)
    }

    fn blocks_from_review(self, finding: Finding) -> Finding {
        if self.prefix == super::PREFIX {
            finding.with_blocks_from(Stage::InReview)
        } else {
            finding
        }
    }

    fn unknown_keys(
        self,
        node: NodeRef<'_>,
        holder: Option<&'s Value>,
        unexpected: &[String],
        unevaluated: bool,
    ) -> Vec<Finding> {
        let known = holder
            .map(|h| self.lookup.properties(h))
            .unwrap_or_default();
        let names = || known.iter().map(|(name, _)| *name);
        let mut findings = Vec::new();
        for key in unexpected {
            let Some(entry) = node.entry(key) else {
                continue;
            };
            // A branch that failed elsewhere leaves its keys unevaluated; they are not unknown.
            if unevaluated && names().any(|name| name == key) {
                continue;
            }
            let finding = self
                .place(
                    rule::UNKNOWN_KEY,
                    entry.key_location,
                    entry.value,
                    format!("unknown key `{key}`{}", did_you_mean(key, names())),
                )
                .with_subject(key.as_str())
                .with_fix(self.key_fix(node, &entry, &known));
            findings.push(match self.unknown_key_help(node, key, &known) {
                Some(help) => finding.with_help(help),
                None => finding,
            });
        }
        findings
    }

    fn unknown_key_help(
        self,
        node: NodeRef<'_>,
        key: &str,
        known: &[(&'s str, &'s Value)],
    ) -> Option<String> {
        let names = || known.iter().map(|(name, _)| *name);
        if let Some(near) = nearest(key, names()) {
            let (_, schema) = known.iter().find(|(name, _)| *name == near)?;
            return wording::description(self.lookup, schema)
                .map(|text| format!("`{near}`: {text}"));
        }
        let here = wording::general_path(node);
        let mut homes = self.lookup.homes(key);
        homes.retain(|home| *home != here);
        if !homes.is_empty() {
            let homes = wording::list(homes.iter().take(3).map(String::as_str), "or");
            return Some(format!("`{key}` belongs in {homes}"));
        }
        let own = "keys of your own begin with `x-`";
        Some(if known.is_empty() {
            own.to_owned()
        } else {
            format!("known here: {}; {own}", wording::list(names(), "and"))
        })
    }

    fn missing_key(
        self,
        node: NodeRef<'_>,
        holder: Option<&'s Value>,
        property: &Value,
    ) -> Finding {
        let key = property.as_str().unwrap_or_default();
        let schema = holder.and_then(|holder| {
            self.lookup.property(holder, key).or_else(|| {
                let here = self.lookup.at(&node.pointer());
                here.into_iter()
                    .find_map(|part| self.lookup.property(part, key))
            })
        });
        let help = schema.and_then(|schema| wording::meaning(self.lookup, key, schema));
        let mut finding = Finding::new(
            format!("{}/{}", self.prefix, rule::MISSING_KEY).as_str(),
            format!("missing `{key}`"),
            Label::new(
                node.address(),
                format!("{} has no `{key}`", wording::place(node)),
            ),
        )
        .with_pointer(node.pointer().key(key).to_string())
        .with_subject(key);
        finding = finding.with_help(match help {
            Some(help) => format!("add `{key}`: {help}"),
            None => format!("add `{key}`"),
        });
        self.blocks_from_review(finding)
    }

    fn mistyped(self, node: NodeRef<'_>, holder: Option<&'s Value>, kind: &TypeKind) -> Finding {
        let wants: Vec<String> = match kind {
            TypeKind::Single(one) => vec![one.as_str().to_owned()],
            TypeKind::Multiple(set) => set.iter().map(|one| one.as_str().to_owned()).collect(),
        };
        self.wrong_type(node, &wants, holder)
    }

    /// "`retention` is an integer, not a string".
    pub(super) fn wrong_type(
        self,
        node: NodeRef<'_>,
        wants: &[String],
        holder: Option<&'s Value>,
    ) -> Finding {
        let words: Vec<String> = wants
            .iter()
            .filter(|name| *name != "null")
            .map(|name| wording::type_name(name).to_owned())
            .collect();
        let message = format!(
            "{} is {}, not {}",
            wording::name(node),
            wording::is(node),
            wording::alternatives(&words)
        );
        let wants: Vec<&str> = wants.iter().map(String::as_str).collect();
        let finding = self
            .at(rule::TYPE, node, message)
            .with_fix(self.type_fix(node, &wants));
        let help = wording::yaml_hint(node, &wants).or_else(|| self.shape_help(node, holder?));
        match help {
            Some(help) => finding.with_help(help),
            None => finding,
        }
    }

    /// What a place wants, from its schema.
    pub(super) fn shape_help(self, node: NodeRef<'_>, holder: &'s Value) -> Option<String> {
        let known = self.lookup.properties(holder);
        let example = wording::example(self.lookup, holder);
        let wants_mapping = wording::wanted(self.lookup, holder)
            .is_some_and(|wanted| wanted.starts_with("a mapping"));
        if wants_mapping && !known.is_empty() && !node.is_mapping() {
            let keys = wording::list(known.iter().map(|(name, _)| *name), "and");
            return Some(format!("write a mapping; it can have {keys}"));
        }
        match (wording::description(self.lookup, holder), example) {
            (Some(text), Some(example)) => Some(format!("{text}; such as `{example}`")),
            (Some(text), None) => Some(text.to_owned()),
            (None, Some(example)) => Some(format!("such as `{example}`")),
            (None, None) => None,
        }
    }

    fn misnamed(
        self,
        node: NodeRef<'_>,
        holder: Option<&'s Value>,
        error: &ValidationError<'_>,
    ) -> Finding {
        let key = error.instance().as_str().unwrap_or_default().to_owned();
        let names = holder.and_then(|h| h.get("propertyNames"));
        let mut fix = None;
        let message = match error.kind() {
            Kind::Enum { options } => {
                let words: Vec<_> = options
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(wording::literal)
                    .collect();
                fix = node
                    .entry(&key)
                    .and_then(|entry| self.name_fix(node, &entry, &words));
                let near = did_you_mean(&key, words.iter().map(String::as_str));
                format!("unknown key `{key}`{near}")
            }
            _ => format!("`{key}` is no key that {} can have", wording::name(node)),
        };
        let (at, about) = match node.entry(&key) {
            Some(entry) => (entry.key_location, entry.value),
            None => (node.address(), node),
        };
        let finding = self
            .place(rule::UNKNOWN_KEY, at, about, message)
            .with_subject(key)
            .with_fix(fix);
        let help = names.and_then(|schema| {
            wording::description(self.lookup, schema)
                .map(str::to_owned)
                .or_else(|| wording::wanted(self.lookup, schema))
        });
        match help {
            Some(help) => finding.with_help(help),
            None => finding,
        }
    }

    /// A misspelt key is one mistake, not an unknown key and a missing one.
    fn fold_misspelt(self, findings: Vec<Finding>) -> Vec<Finding> {
        let unknown = format!("{}/{}", self.prefix, rule::UNKNOWN_KEY);
        let missing = format!("{}/{}", self.prefix, rule::MISSING_KEY);
        let parent = |pointer: &str| {
            pointer
                .rsplit_once('/')
                .map(|(parent, _)| parent.to_owned())
        };
        let (mut kept, absent): (Vec<_>, Vec<_>) = findings.into_iter().partition(|finding| {
            finding.rule.as_str() != missing || finding.message.ends_with("is empty")
        });
        for finding in absent {
            let suggestion = format!("did you mean `{}`?", finding.subject);
            let cause = kept.iter_mut().find(|other| {
                other.rule.as_str() == unknown
                    && other.message.ends_with(&suggestion)
                    && parent(&other.pointer) == parent(&finding.pointer)
            });
            match cause {
                Some(cause) => cause
                    .notes
                    .push(format!("so `{}` is missing", finding.subject)),
                None => kept.push(finding),
            }
        }
        kept
    }
}

/// Whether an error speaks of the node's own value and not of what it holds.
fn complains_of_the_node_itself(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Type { .. }
            | Kind::AnyOf { .. }
            | Kind::OneOfNotValid { .. }
            | Kind::Enum { .. }
            | Kind::Constant { .. }
    )
}

fn drop_repeated(findings: &mut Vec<Finding>) {
    let mut seen: Vec<(String, String, String)> = Vec::new();
    findings.retain(|finding| {
        let fact = (
            finding.rule.to_string(),
            finding.pointer.clone(),
            finding.message.clone(),
        );
        let fresh = !seen.contains(&fact);
        if fresh {
            seen.push(fact);
        }
        fresh
    });
}
