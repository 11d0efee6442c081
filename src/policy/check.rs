//! Load-time checks of one rule. Whatever is wrong is a finding `policy/...` with the policy
//! file's own place; only a rule without any becomes a [`Rule`].

use std::sync::Arc;

use jiff::civil::Date;

use super::compile::{self, Target};
use super::controls;
use super::embedded;
use super::packs::has_error;
use super::params::{Param, ParamType, ParamValue, mapping};
use super::path::reads_param;
use super::program::Vocabulary;
use super::rule::{Effective, FixText, RequirementText, Rule, RuleTexts};
use super::syntax::{self, RequirementSyntax, RuleSyntax};
use crate::expr::{Type, time};
use crate::finding::{Finding, Label, Outcome, RuleId, Severity, Stage, did_you_mean};
use crate::framework::{Days, Frameworks};
use crate::schema::{self, Schema};
use crate::source::SourceFile;
use crate::value::{NodeRef, Tree};

/// What all rules of a run are checked against.
pub(crate) struct Checker<'c> {
    /// The schema of policy files.
    pub(crate) schema: &'c Schema,
    /// The kinds, and the functions that rules may call.
    pub(crate) names: Vocabulary<'c>,
    /// The pack that the file belongs to.
    pub(crate) pack: &'c str,
    /// Whether the pack comes with launchgate.
    pub(crate) builtin: bool,
    /// Whether its rules come without examples and need not be held against the schema.
    pub(crate) bare: bool,
    /// The control catalogues.
    pub(crate) frameworks: &'c Frameworks,
}

impl Checker<'_> {
    /// Checks one document of a policy file.
    pub(crate) fn rule(
        &self,
        file: &Arc<SourceFile>,
        tree: &Arc<Tree>,
        root: NodeRef<'_>,
        findings: &mut Vec<Finding>,
    ) -> Option<Rule> {
        let before = findings.len();
        if !self.bare {
            findings.extend(schema::check_input(root, self.schema, "policy"));
        }
        let shaped = findings.len();
        let syntax = syntax::read(root);
        self.identity(&syntax, findings);
        let effective = self.effective(&syntax, findings);
        shape(&syntax, findings);
        examples(&syntax, findings);
        self.example_kinds(&syntax, findings);
        let params = params(&syntax, tree, findings);
        let bodies = self.bodies(&syntax, &params, findings);
        if !has_error(findings, before) {
            unused_params(&syntax, findings);
        }
        if has_error(findings, before) {
            one_a_place(findings, before, shaped);
            return None;
        }
        let text = |key: &str| root.get(key).and_then(NodeRef::as_str);
        let severity = text("severity")?.parse::<Severity>().ok()?;
        let id = syntax.id?;
        let mut rule = Rule {
            id: RuleId::new(id.as_str()?),
            title: text("title")?.trim_end().into(),
            description: text("description")?.trim_end().into(),
            severity,
            default_severity: severity,
            applies_to: strings(&syntax.applies_to),
            blocks_from: match text("blocks_from") {
                Some(stage) => stage.parse().ok()?,
                None => Stage::InReview,
            },
            controls: strings(&syntax.controls),
            params: Vec::new(),
            on_empty: match text("on_empty") {
                Some(outcome) => outcome.parse().ok()?,
                None => Outcome::NotApplicable,
            },
            help: text("help").map(|help| help.trim_end().into()),
            references: strings(
                &root
                    .get("references")
                    .map(|list| list.items().collect::<Vec<_>>())
                    .unwrap_or_default(),
            ),
            locked: root.get("locked").and_then(NodeRef::as_bool) == Some(true),
            redact: root.get("redact").and_then(NodeRef::as_bool) == Some(true),
            effective,
            texts: Arc::new(texts(&syntax)),
            file: Arc::clone(file),
            location: id.location(),
            builtin: self.builtin,
            tree: Arc::clone(tree),
            node: root.id(),
            bodies: bodies.into(),
            param_tree: mapping(file, &[]),
        };
        rule.set_params(params);
        Some(rule)
    }

    fn identity(&self, syntax: &RuleSyntax<'_>, findings: &mut Vec<Finding>) {
        let Some((id, text)) = syntax.id.and_then(|id| Some((id, id.as_str()?))) else {
            return;
        };
        if let Some((pack, name)) = text.split_once('/')
            && pack != self.pack
        {
            findings.push(
                error(
                    "policy/wrong-pack",
                    id,
                    format!(
                        "the rule calls itself `{pack}`, but its file is in pack `{}`",
                        self.pack
                    ),
                )
                .with_help(format!("Call it `{}/{name}`", self.pack)),
            );
        }
        for kind in &syntax.applies_to {
            let name = kind.as_str().unwrap_or_default();
            if !self.names.kinds.iter().any(|(known, _)| **known == *name) {
                let names = self.names.kinds.iter().map(|(known, _)| &**known);
                findings.push(
                    error(
                        "policy/unknown-kind",
                        *kind,
                        format!("unknown kind `{name}`{}", did_you_mean(name, names.clone())),
                    )
                    .with_help(format!("Kinds are {}", list(names))),
                );
            }
        }
    }

    /// The days on which the rule holds. The controls that they may hang on are checked as well;
    /// those of a pack that comes with launchgate are held by its tests.
    fn effective(&self, syntax: &RuleSyntax<'_>, findings: &mut Vec<Finding>) -> Effective {
        let Some(word) = syntax.effective_word else {
            if !self.builtin {
                findings.extend(controls::unknown(&syntax.controls, self.frameworks));
            }
            return days(syntax, findings);
        };
        findings.extend(controls::unknown(&syntax.controls, self.frameworks));
        if let Some(days) = controls::in_force(&syntax.controls, self.frameworks) {
            return Effective::Controls(days);
        }
        let finding = error(
            "policy/effective",
            word,
            "no control that the rule serves is ever in force",
        );
        findings.push(finding.with_help(
            "Name under `controls` what the rule follows, or give its own days: \
             `effective: { from: 2026-08-02 }`",
        ));
        Effective::Always
    }

    fn example_kinds(&self, syntax: &RuleSyntax<'_>, findings: &mut Vec<Finding>) {
        if !self.builtin || self.bare {
            return;
        }
        findings.extend(missing_example(syntax));
    }

    fn bodies(
        &self,
        syntax: &RuleSyntax<'_>,
        params: &[Param],
        findings: &mut Vec<Finding>,
    ) -> Vec<super::program::Body> {
        let schemas = compile::schemas(syntax, findings);
        // A parameter whose declaration is broken is taken for anything: one error is enough.
        let fields = syntax.params.iter().map(|declared| {
            let param = params.iter().find(|param| *param.name == *declared.name);
            let ty = param.map_or(Type::Dyn, |param| param.ty.to_expr());
            (Arc::from(declared.name), ty)
        });
        let fields: Vec<(Arc<str>, Type)> = fields.collect();
        let declared = Type::object("params", fields);
        let mut bodies = Vec::new();
        let mut seen: Vec<(crate::source::Location, String)> = Vec::new();
        for name in &syntax.applies_to {
            let name = name.as_str().unwrap_or_default();
            let Some((kind, doc)) = self.names.kinds.iter().find(|(known, _)| **known == *name)
            else {
                continue;
            };
            let target = Target {
                kind: Arc::clone(kind),
                doc: doc.clone(),
                params: declared.clone(),
                names: self.names,
            };
            let mut errors = Vec::new();
            bodies.extend(compile::body(syntax, &schemas, &target, &mut errors));
            for mut error in errors {
                // What is wrong for every kind is said once.
                let key = (error.primary.location, error.message.clone());
                if seen.contains(&key) {
                    continue;
                }
                seen.push(key);
                if syntax.applies_to.len() > 1 {
                    error = error.with_note(format!("for documents of kind `{kind}`"));
                }
                findings.push(error);
            }
        }
        bodies
    }
}

/// A rule without an example that passes, or without one that is held up: a rule of which nobody
/// has seen both is not known to work. A rule may well hold up only what it cannot decide.
pub(crate) fn missing_example(syntax: &RuleSyntax<'_>) -> Option<Finding> {
    let has = |outcome: &str| {
        let mut expected = syntax.examples.iter().flat_map(|example| &example.expected);
        expected.any(|entry| entry.key == outcome)
    };
    let missing = match (has("pass"), has("fail") || has("unknown")) {
        (true, true) => return None,
        (true, false) => "that fails",
        (false, true) => "that passes",
        (false, false) => "at all",
    };
    let message = format!("the rule has no example {missing}");
    let help = "Add under `examples:` a document that passes and one that fails";
    Some(error("policy/missing-example", syntax.id?, message).with_help(help))
}

fn error(rule: &str, node: NodeRef<'_>, message: impl Into<String>) -> Finding {
    Finding::new(rule, message, Label::new(embedded::first_line(node), ""))
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

fn strings(nodes: &[NodeRef<'_>]) -> Arc<[Arc<str>]> {
    nodes
        .iter()
        .filter_map(|node| node.as_str())
        .map(Arc::from)
        .collect()
}

/// Keys that need another key.
fn shape(syntax: &RuleSyntax<'_>, findings: &mut Vec<Finding>) {
    if syntax.for_each.is_some() {
        return;
    }
    let help = "Add `for_each:` with the list to go over";
    if let Some(filter) = syntax.root.entry("where") {
        findings.push(
            Finding::new(
                "policy/no-for-each",
                "`where` filters items, but the rule has no `for_each`",
                Label::new(filter.key_location, ""),
            )
            .with_help(format!(
                "{help}, or use `when` for a condition on the document"
            )),
        );
    }
    if let Some(on_empty) = syntax.on_empty {
        findings.push(
            Finding::new(
                "policy/no-for-each",
                "`on_empty` speaks of a list, but the rule has no `for_each`",
                Label::new(on_empty.key_location, ""),
            )
            .with_help(help),
        );
    }
}

/// Examples that give no outcome, or several.
fn examples(syntax: &RuleSyntax<'_>, findings: &mut Vec<Finding>) {
    for example in &syntax.examples {
        if !example.root.is_mapping() || example.expected.len() == 1 {
            continue;
        }
        let message = if example.expected.is_empty() {
            format!("example `{}` has no document", example.name)
        } else {
            format!("example `{}` has several outcomes", example.name)
        };
        findings.push(
            Finding::new(
                "policy/example",
                message,
                Label::new(example.root.address(), ""),
            )
            .with_help("Give one of `pass`, `fail`, `not_applicable` and `unknown`"),
        );
    }
}

fn params(syntax: &RuleSyntax<'_>, tree: &Arc<Tree>, findings: &mut Vec<Finding>) -> Vec<Param> {
    let mut params = Vec::new();
    for param in &syntax.params {
        let Some(ty) = param
            .ty
            .and_then(|name| ParamType::from_names(name, param.element))
        else {
            continue;
        };
        let Some(default) = param.default else {
            continue;
        };
        if let Some((at, message)) = ty.mismatch(default) {
            findings.push(
                error(
                    "policy/param",
                    at,
                    format!(
                        "the default of `{}` is no {}: {message}",
                        param.name,
                        ty.name()
                    ),
                )
                .with_help("Change the default, or the parameter's `type`"),
            );
        }
        let value = ParamValue {
            tree: Arc::clone(tree),
            node: default.id(),
        };
        params.push(Param {
            name: param.name.into(),
            ty,
            description: param.description.trim_end().into(),
            default: value.clone(),
            value,
        });
    }
    params
}

/// Parameters that nothing reads: whoever sets one would be deceived.
fn unused_params(syntax: &RuleSyntax<'_>, findings: &mut Vec<Finding>) {
    let conditions = [syntax.when, syntax.for_each, syntax.filter];
    let requirements = syntax.require.iter().map(|requirement| requirement.text());
    let texts: Vec<&str> = conditions
        .into_iter()
        .flatten()
        .chain(requirements)
        .filter_map(NodeRef::as_str)
        .collect();
    for param in &syntax.params {
        if texts.iter().any(|text| reads_param(text, param.name)) {
            continue;
        }
        findings.push(
            Finding::new(
                "policy/unused-param",
                format!("nothing is decided by the parameter `{}`", param.name),
                Label::new(param.name_location, ""),
            )
            .with_help(format!(
                "Read it as `params.{}` in a requirement or a condition, or remove it",
                param.name
            )),
        );
    }
}

/// Of the findings from `shaped` on, keeps the first of each place that has none from `before` on:
/// what follows from a wrong shape is not worth another.
fn one_a_place(findings: &mut Vec<Finding>, before: usize, shaped: usize) {
    let mut places = Vec::new();
    let mut index = 0;
    findings.retain(|finding| {
        let place = finding.primary.location;
        let kept = index < shaped || !places.contains(&place);
        if index >= before && finding.severity == Severity::Error {
            places.push(place);
        }
        index += 1;
        kept
    });
}

fn days(syntax: &RuleSyntax<'_>, findings: &mut Vec<Finding>) -> Effective {
    let mut day = |node: Option<NodeRef<'_>>| -> Option<Date> {
        let node = node?;
        let text = node.as_str()?;
        if let Ok(time::Date::Day(day)) = time::parse_date(text) {
            return Some(day);
        }
        findings.push(
            error("policy/effective", node, format!("`{text}` is no day"))
                .with_help("Write a day such as 2026-08-02"),
        );
        None
    };
    let days = Days {
        from: day(syntax.effective_from),
        until: day(syntax.effective_until),
    };
    if let (Some(from), Some(until), Some(node)) = (days.from, days.until, syntax.effective_until)
        && from > until
    {
        findings.push(
            error(
                "policy/effective",
                node,
                format!("the rule ends on {until}, before it begins on {from}"),
            )
            .with_help("It would never hold; swap the two days, or correct one"),
        );
    }
    if days == Days::default() {
        Effective::Always
    } else {
        Effective::Days(days)
    }
}

fn texts(syntax: &RuleSyntax<'_>) -> RuleTexts {
    let owned = |node: Option<NodeRef<'_>>| Some(node?.as_str()?.trim_end().to_owned());
    RuleTexts {
        when: owned(syntax.when),
        for_each: owned(syntax.for_each),
        filter: owned(syntax.filter),
        require: syntax
            .require
            .iter()
            .map(|requirement| {
                let text = requirement.text().as_str().unwrap_or_default().to_owned();
                match requirement {
                    RequirementSyntax::Expression(_) => RequirementText::Expression(text),
                    RequirementSyntax::Present(_) => RequirementText::Present(text),
                    RequirementSyntax::Schema { is, .. } => RequirementText::Schema {
                        at: text,
                        is: super::fragment::to_json(*is).to_string(),
                    },
                }
            })
            .collect(),
        message: owned(syntax.message),
        fix: syntax.fix.and_then(|fix| {
            Some(FixText {
                set: owned(Some(fix.set))?,
                to: owned(Some(fix.to))?,
                safety: fix.safety,
            })
        }),
    }
}
