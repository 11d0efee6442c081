//! A rule as it is written: every part with its node, nothing decided yet.
//!
//! A policy file is held against `schemas/policy.schema.json` before it is read, so a part of the
//! wrong shape has a finding already; here it is left out.

use crate::finding::Safety;
use crate::source::Location;
use crate::value::{Entry, NodeRef};

/// One document of a policy file.
#[derive(Clone, Debug)]
pub(crate) struct RuleSyntax<'t> {
    pub(crate) root: NodeRef<'t>,
    pub(crate) id: Option<NodeRef<'t>>,
    pub(crate) applies_to: Vec<NodeRef<'t>>,
    pub(crate) controls: Vec<NodeRef<'t>>,
    pub(crate) params: Vec<ParamSyntax<'t>>,
    pub(crate) when: Option<NodeRef<'t>>,
    pub(crate) for_each: Option<NodeRef<'t>>,
    pub(crate) on_empty: Option<Entry<'t>>,
    pub(crate) filter: Option<NodeRef<'t>>,
    pub(crate) require: Vec<RequirementSyntax<'t>>,
    pub(crate) message: Option<NodeRef<'t>>,
    pub(crate) fix: Option<FixSyntax<'t>>,
    /// `effective: controls`, the word.
    pub(crate) effective_word: Option<NodeRef<'t>>,
    pub(crate) effective_from: Option<NodeRef<'t>>,
    pub(crate) effective_until: Option<NodeRef<'t>>,
    pub(crate) examples: Vec<ExampleSyntax<'t>>,
}

/// One entry of `params`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ParamSyntax<'t> {
    pub(crate) name: &'t str,
    pub(crate) name_location: Location,
    pub(crate) ty: Option<&'t str>,
    pub(crate) element: Option<&'t str>,
    pub(crate) default: Option<NodeRef<'t>>,
    pub(crate) description: &'t str,
}

/// `fix: { set: path, to: expression, safe: true }`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FixSyntax<'t> {
    pub(crate) set: NodeRef<'t>,
    pub(crate) to: NodeRef<'t>,
    pub(crate) safety: Safety,
}

/// One entry of `require`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RequirementSyntax<'t> {
    /// An expression.
    Expression(NodeRef<'t>),
    /// `present: path`.
    Present(NodeRef<'t>),
    /// `schema: { at: path, is: fragment }`.
    Schema { at: NodeRef<'t>, is: NodeRef<'t> },
}

impl<'t> RequirementSyntax<'t> {
    /// The scalar that says what is required; for a schema, its path.
    pub(crate) fn text(self) -> NodeRef<'t> {
        match self {
            Self::Expression(node) | Self::Present(node) => node,
            Self::Schema { at, .. } => at,
        }
    }
}

/// One entry of `examples`.
#[derive(Clone, Debug)]
pub(crate) struct ExampleSyntax<'t> {
    pub(crate) root: NodeRef<'t>,
    pub(crate) name: &'t str,
    /// The outcomes that are given, with their documents; exactly one is right.
    pub(crate) expected: Vec<Entry<'t>>,
}

/// The keys of an example that hold its document.
pub(crate) const OUTCOME_KEYS: [&str; 4] = ["pass", "fail", "not_applicable", "unknown"];

/// Reads one document of a policy file.
pub(crate) fn read(root: NodeRef<'_>) -> RuleSyntax<'_> {
    let text = |key: &str| root.get(key).filter(|node| node.as_str().is_some());
    let effective = root.get("effective");
    let applies_to = match root.get("applies_to") {
        Some(list) if list.is_sequence() => list.items().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    };
    RuleSyntax {
        root,
        id: text("rule"),
        applies_to: applies_to
            .into_iter()
            .filter(|node| node.as_str().is_some())
            .collect(),
        controls: texts(root.get("controls")),
        params: root
            .get("params")
            .into_iter()
            .flat_map(NodeRef::entries)
            .map(read_param)
            .collect(),
        when: text("when"),
        for_each: text("for_each"),
        on_empty: root.entry("on_empty"),
        filter: text("where"),
        require: root
            .get("require")
            .into_iter()
            .flat_map(NodeRef::items)
            .filter_map(read_requirement)
            .collect(),
        message: text("message"),
        fix: root.get("fix").and_then(read_fix),
        effective_word: effective.filter(|node| node.as_str().is_some()),
        effective_from: effective.and_then(|node| node.get("from")),
        effective_until: effective.and_then(|node| node.get("until")),
        examples: root
            .get("examples")
            .into_iter()
            .flat_map(NodeRef::items)
            .map(read_example)
            .collect(),
    }
}

fn read_fix(node: NodeRef<'_>) -> Option<FixSyntax<'_>> {
    let text = |key: &str| node.get(key).filter(|node| node.as_str().is_some());
    Some(FixSyntax {
        set: text("set")?,
        to: text("to")?,
        safety: match node.get("safe").and_then(NodeRef::as_bool) {
            Some(true) => Safety::Safe,
            _ => Safety::Unsafe,
        },
    })
}

fn texts(list: Option<NodeRef<'_>>) -> Vec<NodeRef<'_>> {
    list.into_iter()
        .flat_map(NodeRef::items)
        .filter(|node| node.as_str().is_some())
        .collect()
}

fn read_param(entry: Entry<'_>) -> ParamSyntax<'_> {
    let text = |key: &str| entry.value.get(key).and_then(NodeRef::as_str);
    ParamSyntax {
        name: entry.key,
        name_location: entry.key_location,
        ty: text("type"),
        element: text("of"),
        default: entry.value.get("default"),
        description: text("description").unwrap_or_default(),
    }
}

fn read_requirement(node: NodeRef<'_>) -> Option<RequirementSyntax<'_>> {
    if node.as_str().is_some() {
        return Some(RequirementSyntax::Expression(node));
    }
    if let Some(path) = node.get("present") {
        return path.as_str().map(|_| RequirementSyntax::Present(path));
    }
    let schema = node.get("schema")?;
    let at = schema.get("at").filter(|at| at.as_str().is_some())?;
    Some(RequirementSyntax::Schema {
        at,
        is: schema.get("is")?,
    })
}

fn read_example(root: NodeRef<'_>) -> ExampleSyntax<'_> {
    ExampleSyntax {
        root,
        name: root
            .get("name")
            .and_then(NodeRef::as_str)
            .unwrap_or_default(),
        expected: OUTCOME_KEYS
            .iter()
            .filter_map(|key| root.entry(key))
            .collect(),
    }
}
