//! Scalars that YAML reads otherwise than many expect.

use super::adapter::SECTIONS;
use super::findings::{Reporter, rule};
use super::wording;
use crate::finding::{Finding, Severity};
use crate::value::{Kind, NodeRef, Scalar, Style};

/// Warnings for plain `yes`, `no`, `on`, `off` where a text is wanted, and for numbers whose
/// notation is lost where a text could stand; an error for numbers that JSON does not have.
///
/// The prose of Markdown is no YAML: its `sections` are not looked at.
pub(super) fn check(reporter: Reporter<'_, '_>, markdown: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut see = |node| findings.extend(judge(reporter, node));
    if markdown {
        let entries = reporter.root.entries();
        for entry in entries.filter(|entry| entry.key != SECTIONS) {
            visit(entry.value, &mut see);
        }
    } else {
        visit(reporter.root, &mut see);
    }
    findings
}

fn visit<'t>(node: NodeRef<'t>, see: &mut impl FnMut(NodeRef<'t>)) {
    if matches!(node.kind(), Kind::Sequence | Kind::Mapping) {
        node.children().for_each(|child| visit(child, see));
    } else {
        see(node);
    }
}

fn judge(reporter: Reporter<'_, '_>, node: NodeRef<'_>) -> Option<Finding> {
    match node.scalar()? {
        Scalar::Float(number) if !number.is_finite() => {
            let message = format!(
                "{} is `{}`, which is no number",
                wording::name(node),
                node.raw()
            );
            Some(
                reporter
                    .at(rule::TYPE, node, message)
                    .with_help("write a finite number, or remove the key"),
            )
        }
        Scalar::Float(number) if node.style() == Style::Plain => {
            let raw = node.raw();
            // `1.10` and 1.1 are one number and two versions.
            let lost = raw.ends_with('0') && raw.contains('.') && number.to_string() != raw;
            (lost && wants_text(reporter, node)).then(|| {
                let message = format!(
                    "{} is the number {number}, not the text `{raw}`",
                    wording::name(node)
                );
                warn(reporter, node, message)
                    .with_help(format!("if a text is meant, write \"{raw}\""))
            })
        }
        Scalar::String(text) if node.style() == Style::Plain && is_old_boolean(text) => {
            (node.raw() == text && wants_text(reporter, node)).then(|| {
                let message = format!("{} is the text `{text}`, not a truth value", wording::name(node));
                warn(reporter, node, message).with_help(format!(
                    "YAML 1.1 reads unquoted `{text}` as a truth value; write \"{text}\" so that every tool reads a text"
                ))
                .with_fix(reporter.quote(node, text))
            })
        }
        _ => None,
    }
}

fn warn(reporter: Reporter<'_, '_>, node: NodeRef<'_>, message: String) -> Finding {
    reporter
        .at(rule::AMBIGUOUS, node, message)
        .with_severity(Severity::Warning)
}

/// YAML 1.1's other booleans.
fn is_old_boolean(text: &str) -> bool {
    const OLD: [&str; 6] = ["yes", "no", "on", "off", "y", "n"];
    text.len() <= 3 && OLD.iter().any(|old| text.eq_ignore_ascii_case(old))
}

/// Whether some schema of this place takes a text, and takes this one.
fn wants_text(reporter: Reporter<'_, '_>, node: NodeRef<'_>) -> bool {
    let schemas = reporter.lookup.at(&node.pointer());
    let names = |schema: &serde_json::Value, name: &str| match schema.get("type") {
        Some(serde_json::Value::String(one)) => one == name,
        Some(serde_json::Value::Array(several)) => several.iter().any(|one| one == name),
        _ => false,
    };
    schemas.iter().any(|schema| names(schema, "string"))
}
