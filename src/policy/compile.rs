//! From the expressions of a rule, as they are written, to programs: type-checked against a kind.

use std::sync::Arc;

use super::embedded;
use super::fix;
use super::fragment;
use super::path;
use super::program::{
    Assertion, Body, Condition, MessagePiece, Offer, Requirement, Slots, Vocabulary, environment,
};
use super::syntax::{FixSyntax, RequirementSyntax, RuleSyntax};
use super::template::{self, Piece};
use crate::expr::{self, Env, ExprError, Program, Type};
use crate::finding::{Finding, Label, sentence};
use crate::schema::Schema;
use crate::source::Span;
use crate::value::NodeRef;

/// What the expressions of a rule are compiled against.
pub(crate) struct Target<'c> {
    /// The kind.
    pub(crate) kind: Arc<str>,
    /// The type of its documents.
    pub(crate) doc: Type,
    /// The type of `params`.
    pub(crate) params: Type,
    /// What else they may name.
    pub(crate) names: Vocabulary<'c>,
}

/// Compiles a rule's expressions for one kind. What is wrong is added to `findings`; the body is
/// `None` if anything is.
pub(crate) fn body(
    syntax: &RuleSyntax<'_>,
    schemas: &[Option<Arc<Schema>>],
    target: &Target<'_>,
    findings: &mut Vec<Finding>,
) -> Option<Body> {
    let before = findings.len();
    let mut env = environment(target.doc.clone(), target.params.clone(), target.names);
    let mut compiler = Compiler { findings };

    let when = syntax.when.and_then(|node| compiler.condition(node, &env));
    let for_each = syntax.for_each.and_then(|node| compiler.list(node, &env));
    let mut item = None;
    if syntax.for_each.is_some() {
        // Where the list does not compile, its elements are taken for anything: no false alarms.
        let element = for_each
            .as_ref()
            .and_then(|list| element(list.program.ty()))
            .unwrap_or(Type::Dyn);
        item = Some(env.declare("item", element));
    } else if compiler.item_without_list(syntax) {
        env.declare("item", Type::Dyn);
    }
    let filter = match syntax.filter {
        Some(node) if syntax.for_each.is_some() => compiler.condition(node, &env),
        _ => None,
    };
    let require = syntax
        .require
        .iter()
        .zip(schemas)
        .filter_map(|(requirement, schema)| {
            compiler.requirement(*requirement, schema.as_ref(), &env)
        })
        .map(Arc::new)
        .collect();
    let message = syntax.message.and_then(|node| compiler.message(node, &env));
    let offer = syntax.fix.and_then(|fix| compiler.offer(fix, &env));
    if compiler.findings.len() > before {
        return None;
    }
    let (doc, _) = env.variable("doc")?;
    let (params, _) = env.variable("params")?;
    let (today, _) = env.variable("today")?;
    Some(Body {
        kind: Arc::clone(&target.kind),
        slots: Slots {
            doc,
            params,
            today,
            item,
        },
        env: Arc::new(env),
        when: when.map(Arc::new),
        for_each: for_each.map(Arc::new),
        filter: filter.map(Arc::new),
        require,
        message: message.map(Arc::from),
        offer: offer.map(Arc::new),
    })
}

/// Compiles the fragments of `schema:` requirements, one entry a requirement.
pub(crate) fn schemas(
    syntax: &RuleSyntax<'_>,
    findings: &mut Vec<Finding>,
) -> Vec<Option<Arc<Schema>>> {
    syntax
        .require
        .iter()
        .map(|requirement| {
            let RequirementSyntax::Schema { is, .. } = requirement else {
                return None;
            };
            match fragment::compile(*is) {
                Ok(schema) => Some(schema),
                Err(errors) => {
                    findings.extend(errors);
                    None
                }
            }
        })
        .collect()
}

struct Compiler<'f> {
    findings: &'f mut Vec<Finding>,
}

impl Compiler<'_> {
    fn error(
        &mut self,
        rule: &str,
        node: NodeRef<'_>,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let label = Label::new(embedded::locate(node, span), "");
        self.findings
            .push(Finding::new(rule, message, label).with_help(help));
    }

    /// Reports the first use of `item` in a rule that goes over no list.
    fn item_without_list(&mut self, syntax: &RuleSyntax<'_>) -> bool {
        let requirements = syntax.require.iter().map(|requirement| requirement.text());
        let mut texts = requirements.chain(syntax.filter).chain(syntax.message);
        let uses = |node: &NodeRef<'_>| {
            let names = path::identifiers(node.as_str().unwrap_or_default());
            names.contains(&"item")
        };
        let Some(node) = texts.find(uses) else {
            return false;
        };
        let text = node.as_str().unwrap_or_default();
        let at = text.find("item").unwrap_or(0);
        let span = Span::from_range(&(at..at + "item".len()));
        self.error(
            "policy/no-for-each",
            node,
            span,
            "the rule speaks of an `item`, but it has no `for_each`",
            "Add `for_each:` with the list to go over, or read from `doc`",
        );
        true
    }

    fn compile(&mut self, node: NodeRef<'_>, env: &Env) -> Option<Program> {
        let text = node.as_str()?;
        match expr::compile(text, env) {
            Ok(program) => Some(program),
            Err(errors) => {
                self.expression_errors(node, 0, errors);
                None
            }
        }
    }

    fn expression_errors(&mut self, node: NodeRef<'_>, offset: u32, errors: Vec<ExprError>) {
        for error in errors {
            let location = embedded::locate(node, error.span.shifted(offset));
            let mut finding =
                Finding::new("policy/expression", error.message, Label::new(location, ""));
            finding.help = error.help.as_deref().map(sentence);
            self.findings.push(finding);
        }
    }

    fn boolean(&mut self, node: NodeRef<'_>, env: &Env) -> Option<Program> {
        match expr::compile_condition(node.as_str()?, env) {
            Ok(program) => Some(program),
            Err(errors) => {
                self.expression_errors(node, 0, errors);
                None
            }
        }
    }

    fn condition(&mut self, node: NodeRef<'_>, env: &Env) -> Option<Condition> {
        Some(Condition {
            program: self.boolean(node, env)?,
            location: embedded::first_line(node),
        })
    }

    fn list(&mut self, node: NodeRef<'_>, env: &Env) -> Option<Condition> {
        let program = self.compile(node, env)?;
        if element(program.ty()).is_none() {
            let message = format!("`for_each` goes over a list, but this is {}", program.ty());
            let help = "Name a list, such as `doc.data`; for the keys of a mapping, \
                        write `doc.mapping.map(key, key)`";
            self.error("policy/not-a-list", node, whole(node), message, help);
            return None;
        }
        Some(Condition {
            program,
            location: embedded::first_line(node),
        })
    }

    fn requirement(
        &mut self,
        requirement: RequirementSyntax<'_>,
        schema: Option<&Arc<Schema>>,
        env: &Env,
    ) -> Option<Requirement> {
        let node = requirement.text();
        let assertion = match requirement {
            RequirementSyntax::Expression(_) => {
                let program = self.boolean(node, env)?;
                self.not_constant(node)?;
                Assertion::Expression(program)
            }
            RequirementSyntax::Present(_) => Assertion::Present(self.path(node, "present:", env)?),
            RequirementSyntax::Schema { .. } => {
                let path = self.path(node, "at:", env);
                Assertion::Schema(path?, Arc::clone(schema?))
            }
        };
        Some(Requirement {
            assertion,
            location: embedded::first_line(node),
        })
    }

    fn path(&mut self, node: NodeRef<'_>, key: &str, env: &Env) -> Option<Program> {
        if let Some((span, message)) = path::path_error(node.as_str()?) {
            let message = format!("`{key}` takes a path; {message}");
            let help = "Write a path such as `doc.launch.date`; what is computed belongs into an \
                        expression of its own";
            self.error("policy/not-a-path", node, span, message, help);
            return None;
        }
        self.compile(node, env)
    }

    /// What the rule offers to write. It has to be something that could stand there.
    fn offer(&mut self, fix: FixSyntax<'_>, env: &Env) -> Option<Offer> {
        let set = self.path(fix.set, "set:", env)?;
        let to = self.compile(fix.to, env)?;
        let texts = (fix.set.as_str()?, fix.to.as_str()?);
        let same = format!("({}) == ({})", texts.0, texts.1);
        if let Err(errors) = expr::compile_condition(&same, env) {
            let why = errors.first().map(|error| error.message.as_str());
            let message = format!(
                "`to` is never a value of `{}`: {}",
                texts.0,
                why.unwrap_or_default()
            );
            let help = "Give an expression of the type that the path has";
            self.error("policy/fix", fix.to, whole(fix.to), message, help);
            return None;
        }
        let paths = set.paths();
        Some(Offer {
            last: paths.first().and_then(|path| fix::last_key(&path.pointer)),
            set,
            to,
            safety: fix.safety,
        })
    }

    /// A requirement that reads nothing of a document holds always or never.
    fn not_constant(&mut self, node: NodeRef<'_>) -> Option<()> {
        // A sign-off is one of the document, whatever the role.
        const READS: [&str; 5] = ["doc", "item", "docs", "ref", "signoff"];
        let names = path::identifiers(node.as_str()?);
        if names.iter().any(|name| READS.contains(name)) {
            return Some(());
        }
        self.error(
            "policy/constant",
            node,
            whole(node),
            "the requirement reads nothing of the document, so every document would come out alike",
            "Read `doc` or `item` in it",
        );
        None
    }

    fn message(&mut self, node: NodeRef<'_>, env: &Env) -> Option<Vec<MessagePiece>> {
        let pieces = match template::split(node.as_str()?) {
            Ok(pieces) => pieces,
            Err(error) => {
                self.error(
                    "policy/message",
                    node,
                    error.span,
                    error.message,
                    error.help,
                );
                return None;
            }
        };
        let mut compiled = Vec::with_capacity(pieces.len());
        for piece in pieces {
            match piece {
                Piece::Text(text) => compiled.push(MessagePiece::Text(text)),
                Piece::Expression(text, span) => match expr::compile(text, env) {
                    Ok(program) => compiled.push(MessagePiece::Value(Box::new(program))),
                    Err(errors) => {
                        self.expression_errors(node, span.start, errors);
                    }
                },
            }
        }
        Some(compiled)
    }
}

/// The type of the elements that `for_each` goes over; an optional list counts as a list.
fn element(ty: &Type) -> Option<Type> {
    let lists: Vec<_> = ty
        .members()
        .iter()
        .filter_map(|member| match member {
            Type::Optional(inner) => element(inner),
            other => other.element(),
        })
        .collect();
    (!lists.is_empty()).then(|| Type::union(lists))
}

fn whole(node: NodeRef<'_>) -> Span {
    Span::from_range(&(0..node.as_str().unwrap_or_default().len()))
}
