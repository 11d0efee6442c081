//! Values that may take several forms: which form was meant, and what is wrong with it.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde_json::Value;

use super::findings::{Reporter, rule};
use super::wording;
use crate::finding::Finding;
use crate::value::NodeRef;

/// The value fits no form: the errors of the nearest one, the others as a note.
pub(super) fn none_fits<'s>(
    reporter: Reporter<'s, '_>,
    node: NodeRef<'_>,
    holder: Option<&'s Value>,
    keyword: &str,
    branches: &[Vec<ValidationError<'static>>],
) -> Vec<Finding> {
    let path = |error: &ValidationError<'_>| error.instance_path().as_str().to_owned();
    let own = branches
        .iter()
        .flatten()
        .map(path)
        .min_by_key(String::len)
        .unwrap_or_default();
    if let Some(options) = constants(branches, &own) {
        return vec![reporter.none_of(node, holder, &options)];
    }
    if let Some(wants) = types(branches, &own) {
        return vec![reporter.wrong_type(node, &wants, holder)];
    }
    if let Some((path, options)) = discriminator(branches) {
        if let Some(node) = reporter.node(path) {
            return vec![reporter.none_of(node, None, &options)];
        }
    }
    let forms: Vec<&Value> = holder
        .and_then(|holder| holder.get(keyword)?.as_array())
        .into_iter()
        .flatten()
        .collect();
    let nearest = branches.iter().enumerate().min_by_key(|(_, errors)| {
        errors
            .iter()
            .map(|error| weight(error, &own))
            .sum::<usize>()
    });
    let Some((chosen, errors)) = nearest else {
        return vec![reporter.at(rule::UNION, node, no_form(node))];
    };
    let mut findings: Vec<Finding> = errors
        .iter()
        .flat_map(|error| reporter.findings(error))
        .collect();
    if findings.is_empty() {
        findings.push(reporter.at(rule::UNION, node, no_form(node)));
    }
    let others: Vec<String> = forms
        .iter()
        .enumerate()
        .filter(|&(at, _)| at != chosen)
        .filter_map(|(_, form)| wording::wanted(reporter.lookup, form))
        .filter(|form| form != "null")
        .collect();
    if let (Some(first), false) = (findings.first_mut(), others.is_empty()) {
        first.notes.push(format!(
            "{} may also be {}",
            wording::name(node),
            wording::alternatives(&others)
        ));
    }
    findings
}

/// The value fits several forms of which exactly one must fit.
pub(super) fn several_fit<'s>(
    reporter: Reporter<'s, '_>,
    node: NodeRef<'_>,
    holder: Option<&'s Value>,
    branches: &[Vec<ValidationError<'static>>],
) -> Finding {
    let forms = holder.and_then(|holder| holder.get("oneOf")?.as_array());
    let fitting: Vec<String> = forms
        .into_iter()
        .flatten()
        .zip(branches)
        .filter(|(_, errors)| errors.is_empty())
        .filter_map(|(form, _)| {
            let title = form.get("title").and_then(Value::as_str).map(str::to_owned);
            title.or_else(|| wording::wanted(reporter.lookup, form))
        })
        .collect();
    let message = format!("{} can be read in more than one way", wording::name(node));
    let finding = reporter.at(rule::UNION, node, message);
    if fitting.is_empty() {
        finding
    } else {
        finding.with_help(format!(
            "make it either {}",
            wording::alternatives(&fitting)
        ))
    }
}

fn no_form(node: NodeRef<'_>) -> String {
    format!("{} has none of the forms it can have", wording::name(node))
}

/// Every value that a form allows, where all forms name values for the node itself.
fn constants<'e>(
    branches: &'e [Vec<ValidationError<'static>>],
    own: &str,
) -> Option<Vec<&'e Value>> {
    let mut options = Vec::new();
    for errors in branches {
        let mut found = false;
        for error in errors
            .iter()
            .filter(|error| error.instance_path().as_str() == own)
        {
            match error.kind() {
                Kind::Constant { expected_value } => {
                    options.push(&**expected_value);
                    found = true;
                }
                Kind::Enum { options: several } => {
                    options.extend(several.as_array()?);
                    found = true;
                }
                _ => {}
            }
        }
        if !found {
            return None;
        }
    }
    (!options.is_empty()).then_some(options)
}

/// The place of a key such as `type` whose value picks the form, and the values that it can have.
fn discriminator<'e>(
    branches: &'e [Vec<ValidationError<'static>>],
) -> Option<(&'e str, Vec<&'e Value>)> {
    let constant =
        |error: &'_ ValidationError<'static>| matches!(error.kind(), Kind::Constant { .. });
    let first = branches.first()?.iter().find(|error| constant(error))?;
    let path = first.instance_path().as_str();
    let mut options = Vec::new();
    for errors in branches {
        let error = errors
            .iter()
            .find(|e| constant(e) && e.instance_path().as_str() == path)?;
        if let Kind::Constant { expected_value } = error.kind() {
            options.push(&**expected_value);
        }
    }
    Some((path, options))
}

/// Every type that a form wants, where no form has the node's type.
fn types(branches: &[Vec<ValidationError<'static>>], own: &str) -> Option<Vec<String>> {
    let mut wants: Vec<String> = Vec::new();
    for errors in branches {
        let kind = errors.iter().find_map(|error| match error.kind() {
            Kind::Type { kind } if error.instance_path().as_str() == own => Some(kind),
            _ => None,
        })?;
        let mut add = |name: &str| {
            if !wants.iter().any(|known| known == name) {
                wants.push(name.to_owned());
            }
        };
        match kind {
            TypeKind::Single(one) => add(one.as_str()),
            TypeKind::Multiple(set) => set.iter().for_each(|one| add(one.as_str())),
        }
    }
    (!wants.is_empty()).then_some(wants)
}

/// How far an error puts a form from what was written.
fn weight(error: &ValidationError<'_>, own: &str) -> usize {
    let here = error.instance_path().as_str() == own;
    match error.kind() {
        // The form is of another shape altogether.
        Kind::Type { .. } if here => 10_000,
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } if here => context
            .iter()
            .map(|errors| errors.iter().map(|error| weight(error, own)).sum::<usize>())
            .min()
            .unwrap_or(1),
        // A key such as `type` says that another form was meant.
        Kind::Constant { .. } => 1_000,
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            30 * unexpected.len()
        }
        Kind::Required { .. } => 20,
        _ => 10,
    }
}
