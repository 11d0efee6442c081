//! An example as people are shown it: its documents as they are written, and what its rule says.

use jiff::civil::Date;

use super::case::{Case, outcome_of, overall};
use super::example::Reader;
use super::files;
use crate::document::{Document, Kinds};
use crate::finding::{Finding, Outcome, Severity, Stage};
use crate::policy::{ExampleSyntax, Rule, on_one_line, read_rule};
use crate::source::SourceMap;
use crate::value::{Entry, NodeRef};

/// The keys of an example that say more than its document does.
const BESIDES: [&str; 4] = ["documents", "files", "params", "as_of"];

/// An example that was judged, with all that decided it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Its name.
    pub name: String,
    /// The outcome that it says it has.
    pub expected: Outcome,
    /// The outcome that it has; `None` if it cannot be judged.
    pub outcome: Option<Outcome>,
    /// The day on which it was judged.
    pub day: Option<Date>,
    /// The document as it is written: YAML, or Markdown with front matter.
    pub document: String,
    /// The other documents, each with its path.
    pub others: Vec<(String, String)>,
    /// Its files, each with its path: text as it is, of bytes how many there are.
    pub files: Vec<(String, String)>,
    /// The parameters that it sets, each with its value on one line.
    pub params: Vec<(String, String)>,
    /// What the rule says of the document. A run that had no `--stage` would block by the same.
    pub findings: Vec<Finding>,
    /// The files that the findings point into.
    pub sources: SourceMap,
}

/// Judges the plainest example of a rule that expects `outcome`; `None` if it has none.
///
/// The plainest is the first that needs nothing but its document, else the first. `fail_on` is the
/// severity from which findings block.
pub fn show(rule: &Rule, outcome: Outcome, kinds: &Kinds, fail_on: Severity) -> Option<Shown> {
    let syntax = read_rule(rule.source());
    let expecting = || {
        syntax.examples.iter().filter_map(|example| {
            let [expected] = example.expected.as_slice() else {
                return None;
            };
            (outcome_of(expected.key) == outcome).then_some((example, *expected))
        })
    };
    let plain = |(example, _): &(&ExampleSyntax<'_>, Entry<'_>)| {
        BESIDES.iter().all(|key| example.root.get(key).is_none())
    };
    let (example, expected) = expecting().find(plain).or_else(|| expecting().next())?;
    let case = Case::read(rule, example, expected, &Reader::new(kinds)).ok();
    let evaluation = case.as_ref().map(|case| case.evaluate(rule, &mut ()));
    let list = |key: &str| {
        let list = example.root.get(key);
        list.into_iter().flat_map(NodeRef::items)
    };
    let mut shown = Shown {
        name: example.name.to_owned(),
        expected: outcome,
        outcome: evaluation.as_ref().map(overall),
        day: case.as_ref().map(Case::today),
        document: written(expected.value),
        others: list("documents")
            .filter_map(|other| {
                let path = other.get("path")?.as_str()?;
                Some((path.to_owned(), written(other.get("document")?)))
            })
            .collect(),
        files: files::written(example),
        params: example
            .root
            .get("params")
            .into_iter()
            .flat_map(NodeRef::entries)
            .map(|entry| (entry.key.to_owned(), on_one_line(entry.value)))
            .collect(),
        findings: Vec::new(),
        sources: SourceMap::default(),
    };
    if let (Some(case), Some(evaluation)) = (case, evaluation) {
        shown.sources.insert(&rule.file);
        let trees = case.documents().iter().map(Document::tree);
        for file in trees.flat_map(|tree| tree.sources()) {
            shown.sources.insert(file);
        }
        // A document that says no stage is held to the last one.
        let stage = case.documents().first().and_then(|document| document.stage);
        let stage = stage.unwrap_or(Stage::Launched);
        let results = evaluation.results.into_iter();
        shown.findings = results.filter_map(|result| result.finding).collect();
        for finding in &mut shown.findings {
            finding.blocking =
                finding.severity >= fail_on && finding.blocks_from.is_none_or(|from| stage >= from);
        }
    }
    Some(shown)
}

/// A document of an example as it is written: the text, or the lines of the mapping moved to the
/// left together.
fn written(node: NodeRef<'_>) -> String {
    if let Some(text) = node.as_str() {
        return text.to_owned();
    }
    let start = node.source().line_column(node.span().start).column as usize - 1;
    let mut text = String::new();
    for line in node.raw().lines() {
        let indent = line.len() - line.trim_start_matches(' ').len();
        text.push_str(line.get(indent.min(start)..).unwrap_or_default());
        text.push('\n');
    }
    text
}
