//! What an example says that the rule's fix leaves of it.

use super::case::{Case, overall};
use super::example::Reader;
use crate::document::Document;
use crate::finding::{Edit, Finding, Label, Outcome, Severity, edited};
use crate::policy::{Evaluation, Rule, RuleSyntax};
use crate::value::NodeRef;

/// The text that an example is to have when it is fixed, and the document that it then is.
pub(super) struct Expected<'c> {
    node: NodeRef<'c>,
    document: Document,
}

impl<'c> Expected<'c> {
    /// Reads `fixed` of an example. `number` is of no other document of it.
    pub(super) fn read(
        rule: &Rule,
        example: NodeRef<'c>,
        reader: &Reader<'c>,
        number: u32,
    ) -> Result<Option<Self>, Vec<Finding>> {
        let Some(node) = example.get("fixed") else {
            return Ok(None);
        };
        let document = reader.document(rule, node, None, number, false)?;
        Ok(Some(Self { node, document }))
    }
}

/// What is wrong with the fixes that a rule offers for an example: they have to make of it what it says,
/// and the rule has to pass then.
pub(super) fn compare(case: &Case<'_>, rule: &Rule, evaluation: &Evaluation) -> Vec<Finding> {
    let Some(expected) = case.fixed() else {
        return Vec::new();
    };
    let wrong = |message: String| {
        let label = Label::new(expected.node.address(), "");
        let finding = Finding::new("policy/example-fixed", message, label);
        vec![finding.with_help("Correct `fix` if the example is right, else the example")]
    };
    let name = case.name();
    let text = case
        .documents()
        .first()
        .map(|document| document.source().text());
    let found = evaluation
        .results
        .iter()
        .filter_map(|result| result.finding.as_ref());
    let edits: Vec<&Edit> = found
        .filter_map(|finding| finding.fixes.first())
        .flat_map(|fix| &fix.edits)
        .collect();
    let Some(text) = text.filter(|_| !edits.is_empty()) else {
        return wrong(format!("no fix is offered for example `{name}`"));
    };
    let now = edited(text, edits);
    if now.as_deref() != expected.node.as_str() {
        let now = now.unwrap_or_default();
        return wrong(format!("the fix makes another text of example `{name}`"))
            .into_iter()
            .map(|finding| finding.with_note(format!("it becomes: {}", now.trim_end())))
            .collect();
    }
    let outcome = overall(&case.evaluate_fixed(rule, &expected.document));
    if outcome == Outcome::Pass {
        Vec::new()
    } else {
        wrong(format!(
            "example `{name}` comes out as {outcome} when it is fixed"
        ))
    }
}

/// A rule that offers a fix and shows it by no example.
pub(super) fn missing(syntax: &RuleSyntax<'_>) -> Option<Finding> {
    let fix = syntax.fix.as_ref()?;
    let shown = |example: &NodeRef<'_>| example.get("fixed").is_some();
    if syntax.examples.iter().any(|example| shown(&example.root)) {
        return None;
    }
    let label = Label::new(fix.set.address(), "");
    let finding = Finding::new(
        "policy/untested",
        "no example shows what the fix makes of it",
        label,
    );
    Some(
        finding
            .with_severity(Severity::Warning)
            .with_help("Give an example that fails and say under `fixed` what becomes of it"),
    )
}
