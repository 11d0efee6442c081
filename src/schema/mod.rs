//! Checks documents against JSON Schemas, in place.
//!
//! [`Schema::check`] validates the nodes of a document as they are and turns each error into a
//! finding at the key it is about; [`Schema::object_type`] gives the type table that policies are
//! checked against at load. Rule ids: `schema/unknown-key`, `schema/missing-key` (blocks from
//! in-review), `schema/type`, `schema/value`, `schema/union`, `schema/ambiguous-scalar` (a warning).

mod adapter;
mod findings;
mod fixes;
mod locate;
mod scalars;
mod types;
mod unions;
mod values;
mod wording;

use std::fmt;
use std::sync::{Arc, OnceLock};

use jsonschema::{Draft, ValidationError, Validator};
use serde_json::Value;

use crate::expr::time::{Date, parse_date, parse_iso_duration};
use crate::expr::{Type, is_answer};
use crate::finding::{Finding, Label, Severity, sentence};
use crate::value::{NodeRef, Syntax};
use adapter::{Instance, Nodes};
use findings::Reporter;
pub(crate) use locate::Lookup;

/// The prefix of the rule ids of findings about documents.
const PREFIX: &str = "schema";

/// Why a JSON Schema cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the schema `{name}` cannot be used: {message}")]
#[non_exhaustive]
pub struct SchemaError {
    /// The schema's name: its kind, or its file.
    pub name: Arc<str>,
    /// What is wrong.
    pub message: String,
    /// JSON Pointer of the part at fault.
    pub pointer: String,
}

/// A JSON Schema (draft 2020-12) that documents can be checked against.
pub struct Schema {
    name: Arc<str>,
    value: Arc<Value>,
    validator: OnceLock<Result<Validator<Nodes>, SchemaError>>,
}

impl Schema {
    /// A schema that is compiled now, so that an error in it is known.
    ///
    /// # Errors
    /// If it is no JSON Schema, or refers to what is not in it: nothing is fetched.
    pub fn compile(name: &str, value: &Value) -> Result<Self, SchemaError> {
        let schema = Self::lazy(name, Arc::new(value.clone()));
        match schema.validator() {
            Ok(_) => Ok(schema),
            Err(error) => Err(error.clone()),
        }
    }

    /// A schema that is compiled when the first document asks for it. Should it not compile, every
    /// check gives a finding `config/schema`.
    pub fn lazy(name: &str, value: Arc<Value>) -> Self {
        Self {
            name: name.into(),
            value,
            validator: OnceLock::new(),
        }
    }

    /// The schema's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The schema as it was given.
    pub fn value(&self) -> &Arc<Value> {
        &self.value
    }

    fn validator(&self) -> Result<&Validator<Nodes>, &SchemaError> {
        self.validator
            .get_or_init(|| {
                jsonschema::options_for::<Nodes>()
                    .with_draft(Draft::Draft202012)
                    .should_validate_formats(true)
                    // What passes here is what policies can calculate with.
                    .with_format("date", |text: &str| {
                        matches!(parse_date(text), Ok(Date::Day(_)))
                    })
                    .with_format("date-time", |text: &str| {
                        matches!(parse_date(text), Ok(Date::Instant(_)))
                    })
                    .with_format("duration", |text: &str| parse_iso_duration(text).is_ok())
                    .with_format("answer", is_answer)
                    .build(&self.value)
                    .map_err(|error| SchemaError {
                        name: Arc::clone(&self.name),
                        message: error.to_string(),
                        pointer: error.instance_path().to_string(),
                    })
            })
            .as_ref()
    }

    /// The findings of a document, or of a part of one, by place.
    pub fn check(&self, root: NodeRef<'_>) -> Vec<Finding> {
        self.check_as(root, PREFIX)
    }

    /// The type of a document of this schema: what policies are checked against at load.
    pub fn object_type(&self) -> Type {
        types::document_type(&self.name, &self.value)
    }

    fn check_as(&self, root: NodeRef<'_>, prefix: &'static str) -> Vec<Finding> {
        let validator = match self.validator() {
            Ok(validator) => validator,
            Err(error) => {
                let label = Label::new(root.address(), "");
                return vec![Finding::new("config/schema", error.to_string(), label)];
            }
        };
        let reporter = Reporter {
            lookup: Lookup::new(&self.value),
            root,
            prefix,
        };
        let markdown = is_markdown(root);
        let instance = if markdown {
            Instance::Markdown(root)
        } else {
            Instance::Node(root)
        };
        let mut findings = scalars::check(reporter, markdown);
        if !validator.is_valid(instance) {
            let errors: Vec<ValidationError<'_>> = validator.iter_errors(instance).collect();
            let reported = reporter.report(&errors);
            // Whatever the words for it, what does not fit is never silent.
            if reported.is_empty() {
                let message = errors.first().map_or_else(
                    || "the document does not fit its schema".to_owned(),
                    |error| error.masked().to_string(),
                );
                findings.push(reporter.at(findings::rule::VALUE, root, message));
            }
            // What is wrong at a place says more than what is doubtful there.
            let same = |a: &Finding, b: &Finding| a.pointer == b.pointer;
            findings.retain(|doubt| {
                doubt.severity == Severity::Error || !reported.iter().any(|f| same(f, doubt))
            });
            let fresh = |f: &Finding| !findings.iter().any(|known| same(f, known));
            let reported: Vec<_> = reported.into_iter().filter(fresh).collect();
            findings.extend(reported);
        }
        for finding in &mut findings {
            finding.help = finding.help.as_deref().map(sentence);
        }
        findings.sort_by_key(|finding| finding.primary.location);
        findings
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Schema({})", self.name)
    }
}

/// The findings of one of the gate's own input files, such as its config; rule ids begin with
/// `prefix` and none waits for a stage.
pub fn check_input(root: NodeRef<'_>, schema: &Schema, prefix: &'static str) -> Vec<Finding> {
    schema.check_as(root, prefix)
}

/// Whether the root is that of a Markdown document, to which its reader added `sections`.
fn is_markdown(root: NodeRef<'_>) -> bool {
    let Some(file) = root.tree().sources().first() else {
        return false;
    };
    root.parent().is_none() && Syntax::of_path(file.path()) == Some(Syntax::Markdown)
}

#[cfg(test)]
mod tests;
