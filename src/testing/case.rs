//! One example, ready to be judged: by its rule, or by a mutant of it.

use std::borrow::Cow;
use std::sync::Arc;

use camino::Utf8Path;
use jiff::civil::Date;

use super::EXAMPLE_DAY;
use super::example::{ExampleFacts, Reader};
use super::files;
use super::fixed::Expected;
use crate::document::{Document, Kinds};
use crate::evidence::{Evidence, Limits};
use crate::expr::time;
use crate::files::Memory;
use crate::finding::{Finding, Label, Outcome, did_you_mean};
use crate::policy::{Context, Evaluation, ExampleSyntax, Observer, ParamValue, Rule};
use crate::signoff::SignOffs;
use crate::value::{Entry, NodeRef, Pointer};

/// An example with its documents read.
pub(super) struct Case<'c> {
    example: &'c ExampleSyntax<'c>,
    expected: Outcome,
    expected_at: Label,
    /// The document that it is about, then the others.
    documents: Vec<Document>,
    files: Memory,
    kinds: &'c Kinds,
    today: Date,
    /// The parameters that it sets, by their index among those of the rule.
    params: Vec<(usize, ParamValue)>,
    /// What the rule's fix is to make of it.
    fixed: Option<Expected<'c>>,
}

/// The outcome that a key of an example stands for.
pub(super) fn outcome_of(key: &str) -> Outcome {
    match key {
        "pass" => Outcome::Pass,
        "fail" => Outcome::Fail,
        "not_applicable" => Outcome::NotApplicable,
        _ => Outcome::Unknown,
    }
}

/// The outcome of a document over all of its items.
pub(super) fn overall(evaluation: &Evaluation) -> Outcome {
    let any = |outcome| {
        evaluation
            .results
            .iter()
            .any(|result| result.outcome == outcome)
    };
    [Outcome::Fail, Outcome::Unknown, Outcome::Pass]
        .into_iter()
        .find(|outcome| any(*outcome))
        .unwrap_or(Outcome::NotApplicable)
}

impl<'c> Case<'c> {
    /// Reads an example, whose outcome and document is `expected`. The findings say why it cannot
    /// be judged.
    pub(super) fn read(
        rule: &Rule,
        example: &'c ExampleSyntax<'c>,
        expected: Entry<'c>,
        reader: &Reader<'c>,
    ) -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        let outcome = outcome_of(expected.key);
        let strict = matches!(outcome, Outcome::Pass | Outcome::NotApplicable);
        let about = (expected.value, strict);
        let documents = documents(rule, example, about, reader, &mut findings);
        let files = files::files(example, &mut findings);
        let params = params(rule, example, &mut findings);
        let number = u32::try_from(documents.len()).unwrap_or(u32::MAX);
        let fixed = Expected::read(rule, example.root, reader, number).unwrap_or_else(|wrong| {
            findings.extend(wrong);
            None
        });
        match today(rule, example, &mut findings) {
            Some(today) if findings.is_empty() => Ok(Self {
                example,
                expected: outcome,
                expected_at: Label::new(expected.key_location, ""),
                documents,
                files,
                kinds: reader.kinds(),
                today,
                params,
                fixed,
            }),
            _ => Err(findings),
        }
    }

    pub(super) fn name(&self) -> &str {
        self.example.name
    }

    /// The document that it is about, then the others.
    pub(super) fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// The day on which it is judged.
    pub(super) fn today(&self) -> Date {
        self.today
    }

    /// Holds its rule, or a mutant of it, against its document.
    pub(super) fn evaluate(&self, rule: &Rule, observer: &mut impl Observer) -> Evaluation {
        match self.documents.first() {
            Some(document) => self.evaluate_on(rule, document, observer),
            None => Evaluation::default(),
        }
    }

    /// What the rule's fix is to make of it.
    pub(super) fn fixed(&self) -> Option<&Expected<'c>> {
        self.fixed.as_ref()
    }

    /// Holds its rule against what the rule's fix made of its document.
    pub(super) fn evaluate_fixed(&self, rule: &Rule, document: &Document) -> Evaluation {
        self.evaluate_on(rule, document, &mut ())
    }

    fn evaluate_on(
        &self,
        rule: &Rule,
        document: &Document,
        observer: &mut impl Observer,
    ) -> Evaluation {
        let root = Utf8Path::new(files::ROOT);
        let facts = ExampleFacts {
            documents: &self.documents,
            document,
            evidence: Evidence::new(&self.files, root, Limits::default(), self.today)
                .with_kinds(self.kinds),
            sign_offs: SignOffs::stated(self.today),
        };
        let cx = Context {
            facts: &facts,
            today: self.today,
        };
        self.with_params(rule)
            .evaluate_observed(document, &cx, observer)
    }

    /// The rule with the parameters that the example sets.
    fn with_params<'r>(&self, rule: &'r Rule) -> Cow<'r, Rule> {
        if self.params.is_empty() {
            return Cow::Borrowed(rule);
        }
        let mut params = rule.params.clone();
        for (index, value) in &self.params {
            if let Some(param) = params.get_mut(*index) {
                param.value = value.clone();
            }
        }
        let mut rule = rule.clone();
        rule.set_params(params);
        Cow::Owned(rule)
    }

    /// What is wrong with the outcome, or with the places of the findings.
    pub(super) fn compare(&self, evaluation: &Evaluation) -> Vec<Finding> {
        let outcome = overall(evaluation);
        if outcome == self.expected {
            self.places(evaluation)
        } else {
            vec![self.wrong_outcome(outcome, evaluation)]
        }
    }

    fn wrong_outcome(&self, outcome: Outcome, evaluation: &Evaluation) -> Finding {
        let name = self.example.name;
        let mut finding = Finding::new(
            "policy/example-outcome",
            format!(
                "example `{name}` should come out as {}, but comes out as {outcome}",
                self.expected
            ),
            self.expected_at.clone(),
        )
        .with_help("Correct the rule if the example is right, else the example");
        for result in &evaluation.results {
            if let Some(found) = &result.finding {
                finding = finding.with_note(format!(
                    "{}: {}{}",
                    found.outcome,
                    found.message,
                    if found.pointer.is_empty() {
                        String::new()
                    } else {
                        format!(" (at {})", found.pointer)
                    }
                ));
            }
        }
        if outcome == Outcome::NotApplicable && self.expected == Outcome::Pass {
            // The trap of policy tests: a rule that matches nothing passes everything.
            finding = finding.with_help(
                "The rule did not look at it: mend `when`, `for_each` or `where`, or expect \
                 `not_applicable`",
            );
        }
        finding
    }

    /// Compares the places that the findings are about with those that the example names.
    fn places(&self, evaluation: &Evaluation) -> Vec<Finding> {
        let Some(at) = self.example.root.get("at") else {
            return Vec::new();
        };
        let wrong = |message: String, node: NodeRef<'_>| {
            Finding::new(
                "policy/example-place",
                message,
                Label::new(node.address(), ""),
            )
        };
        let wanted: Vec<NodeRef<'_>> = if at.is_sequence() {
            at.items().collect()
        } else {
            vec![at]
        };
        let mut found: Vec<&str> = evaluation
            .results
            .iter()
            .filter_map(|result| result.finding.as_ref())
            .map(|finding| finding.pointer.as_str())
            .collect();
        let found_text = found
            .iter()
            .map(|pointer| format!("`{pointer}`"))
            .collect::<Vec<_>>()
            .join(", ");
        for node in wanted {
            let text = node.as_str().unwrap_or_default();
            let pointer = match text.parse::<Pointer>() {
                Ok(pointer) => pointer.to_string(),
                Err(error) => return vec![wrong(format!("`{text}` is no path: {error}"), node)],
            };
            if let Some(index) = found.iter().position(|found| *found == pointer) {
                found.swap_remove(index);
                continue;
            }
            let message = format!(
                "example `{}` is found at {}, not at `{pointer}`",
                self.example.name,
                if found_text.is_empty() {
                    "no place"
                } else {
                    &found_text
                }
            );
            return vec![wrong(message, node)];
        }
        if found.is_empty() {
            return Vec::new();
        }
        found.sort_unstable();
        let message = format!(
            "example `{}` is also found at `{}`",
            self.example.name,
            found.join("`, `")
        );
        vec![wrong(message, at).with_help("Name every place: `at:` takes a list")]
    }
}

/// The document that an example is about, then the others. Of the first is said whether its values
/// must be those of its schema.
fn documents(
    rule: &Rule,
    example: &ExampleSyntax<'_>,
    (about, strict): (NodeRef<'_>, bool),
    reader: &Reader<'_>,
    findings: &mut Vec<Finding>,
) -> Vec<Document> {
    let mut documents = Vec::new();
    let mut read =
        |node, path, number, strict| match reader.document(rule, node, path, number, strict) {
            Ok(document) => documents.push(document),
            Err(wrong) => findings.extend(
                wrong
                    .into_iter()
                    .map(|finding| finding.with_note(format!("in example `{}`", example.name))),
            ),
        };
    read(about, None, 0, strict);
    let others = example.root.get("documents");
    for (number, other) in (1..).zip(others.into_iter().flat_map(NodeRef::items)) {
        let path = other.get("path").and_then(NodeRef::as_str);
        if let Some(node) = other.get("document") {
            read(node, path, number, false);
        }
    }
    documents
}

/// The parameters that an example sets.
fn params(
    rule: &Rule,
    example: &ExampleSyntax<'_>,
    findings: &mut Vec<Finding>,
) -> Vec<(usize, ParamValue)> {
    let mut params = Vec::new();
    let set = example.root.get("params");
    for entry in set.into_iter().flat_map(NodeRef::entries) {
        let mut known = rule.params.iter().enumerate();
        let Some((index, param)) = known.find(|(_, param)| *param.name == *entry.key) else {
            let near = did_you_mean(entry.key, rule.params.iter().map(|param| &*param.name));
            findings.push(Finding::new(
                "policy/example-params",
                format!("the rule has no parameter `{}`{near}", entry.key),
                Label::new(entry.key_location, ""),
            ));
            continue;
        };
        if let Some((node, message)) = param.ty.mismatch(entry.value) {
            findings.push(Finding::new(
                "policy/example-params",
                format!("`{}` is no {}: {message}", entry.key, param.ty.name()),
                Label::new(node.address(), ""),
            ));
            continue;
        }
        let value = ParamValue {
            tree: Arc::clone(&rule.tree),
            node: entry.value.id(),
        };
        params.push((index, value));
    }
    params
}

/// The day on which an example is judged.
fn today(rule: &Rule, example: &ExampleSyntax<'_>, findings: &mut Vec<Finding>) -> Option<Date> {
    let Some(node) = example.root.get("as_of") else {
        return Some(rule.effective.nearest(EXAMPLE_DAY));
    };
    let text = node.as_str().unwrap_or_default();
    if let Ok(time::Date::Day(day)) = time::parse_date(text) {
        return Some(day);
    }
    let label = Label::new(node.address(), "");
    findings.push(
        Finding::new(
            "policy/example-document",
            format!("`{text}` is no day"),
            label,
        )
        .with_help("Write a day such as 2026-08-02"),
    );
    None
}
