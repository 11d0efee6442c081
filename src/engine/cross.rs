//! The second pass: rules that ask about other documents.
//!
//! Such a rule is evaluated, says which documents it lacks, and is evaluated again when they are
//! loaded, until it lacks none. When all are decided, references that lead in a circle are known;
//! the rules that followed them are evaluated once more and told so.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use super::judge::Judgement;
use super::library::{Entry, Library, Shelved};
use super::load::Load;
use super::report::Assembly;
use super::run::Run;
use super::world::{Demand, Edge, Inquiry, Loaded, Outside, circles, name};
use crate::discover::{Content, Input};
use crate::document::Document;
use crate::finding::{Finding, Label, RuleId};
use crate::policy::{Context, Evaluation};
use crate::source::SourceMap;
use crate::value::Syntax;

/// A document that waits for others, with what is decided of it.
pub(super) struct Pending {
    pub(super) entry: Entry,
    pub(super) document: Document,
    pub(super) judgement: Judgement,
}

/// One rule for one waiting document: indices into the waiting documents and into their rules.
type Question = (usize, usize);

struct Answer {
    evaluation: Evaluation,
    demands: BTreeSet<Demand>,
    edges: BTreeSet<Edge>,
}

/// The circles of each rule: which edge lies on which.
type Circles = BTreeMap<(RuleId, Edge), Vec<String>>;

/// Decides what is pending and puts it into the report.
pub(super) fn decide(
    run: &Run<'_>,
    shelf: Vec<Shelved>,
    pending: Vec<Pending>,
    assembly: &mut Assembly<'_>,
) {
    let library = Library::new(shelf);
    report_duplicates(run, &library, assembly);
    let mut second = Second {
        run,
        library: &library,
        pending,
        loaded: Loaded::default(),
        sources: SourceMap::default(),
    };
    let evaluations = second.evaluate();
    assembly.sources.extend(std::mem::take(&mut second.sources));
    let mut pending = second.pending;
    for ((at, index), evaluation) in evaluations {
        let Some(waiting) = pending.get_mut(at) else {
            continue;
        };
        if let Some(rule) = run.rules_of(&waiting.document).rules().get(index) {
            waiting
                .judgement
                .take(waiting.document.root(), rule, evaluation);
        }
    }
    for Pending {
        document,
        judgement,
        ..
    } in pending
    {
        assembly.judged(&document.reference, judgement.finish(&document));
    }
}

struct Second<'r> {
    run: &'r Run<'r>,
    library: &'r Library,
    pending: Vec<Pending>,
    loaded: Loaded,
    /// Files that loaded documents lie in: labels may point into them.
    sources: SourceMap,
}

impl Second<'_> {
    fn evaluate(&mut self) -> BTreeMap<Question, Evaluation> {
        let mut open: Vec<Question> = Vec::new();
        for (at, waiting) in self.pending.iter().enumerate() {
            open.extend(waiting.judgement.pending.iter().map(|&index| (at, index)));
        }
        let mut decided = BTreeMap::new();
        let mut followed: BTreeMap<Question, BTreeSet<Edge>> = BTreeMap::new();
        let none = Circles::new();
        while !open.is_empty() {
            let answers = self.ask(&open, &none);
            let mut demands = BTreeSet::new();
            let mut still = Vec::new();
            for (question, answer) in open.into_iter().zip(answers) {
                if answer.demands.is_empty() {
                    followed.insert(question, answer.edges);
                    decided.insert(question, answer.evaluation);
                } else {
                    demands.extend(answer.demands);
                    still.push(question);
                }
            }
            // Each demand is for something that is not loaded and is loaded now, so this ends.
            self.load(demands);
            open = still;
        }
        let circles = self.circles(&followed);
        if !circles.is_empty() {
            let on_circle = |(question, edges): (&Question, &BTreeSet<Edge>)| {
                let rule = self.rule(*question)?;
                edges
                    .iter()
                    .any(|edge| circles.contains_key(&(rule.clone(), edge.clone())))
                    .then_some(*question)
            };
            let again: Vec<Question> = followed.iter().filter_map(on_circle).collect();
            let answers = self.ask(&again, &circles);
            decided.extend(
                again
                    .into_iter()
                    .zip(answers)
                    .map(|(question, answer)| (question, answer.evaluation)),
            );
        }
        decided
    }

    fn rule(&self, (at, index): Question) -> Option<&RuleId> {
        let rules = self.run.rules_of(&self.pending.get(at)?.document);
        Some(&rules.rules().get(index)?.id)
    }

    fn ask(&self, questions: &[Question], circles: &Circles) -> Vec<Answer> {
        questions
            .par_iter()
            .filter_map(|question| self.answer(*question, circles))
            .collect()
    }

    fn answer(&self, (at, index): Question, circles: &Circles) -> Option<Answer> {
        let waiting = self.pending.get(at)?;
        let rule = self.run.rules_of(&waiting.document).rules().get(index)?;
        let inquiry = Inquiry {
            library: self.library,
            loaded: &self.loaded,
            asker: name(&waiting.document),
            kind: Arc::clone(&waiting.document.reference.kind),
            circles,
            rule: &rule.id,
            demands: Mutex::default(),
            edges: Mutex::default(),
        };
        let cx = Context {
            facts: &inquiry,
            today: self.run.options.today,
        };
        let evaluation = rule.evaluate(&waiting.document, &cx);
        let Inquiry { demands, edges, .. } = inquiry;
        Some(Answer {
            evaluation,
            demands: demands.into_inner().unwrap_or_else(PoisonError::into_inner),
            edges: edges.into_inner().unwrap_or_else(PoisonError::into_inner),
        })
    }

    /// The circles that each rule's references make by themselves.
    fn circles(&self, followed: &BTreeMap<Question, BTreeSet<Edge>>) -> Circles {
        let mut by_rule: BTreeMap<&RuleId, BTreeSet<Edge>> = BTreeMap::new();
        for (question, edges) in followed {
            if let Some(rule) = self.rule(*question) {
                by_rule
                    .entry(rule)
                    .or_default()
                    .extend(edges.iter().cloned());
            }
        }
        let mut found = Circles::new();
        for (rule, edges) in by_rule {
            found.extend(
                circles(&edges)
                    .into_iter()
                    .map(|(edge, way)| ((rule.clone(), edge), way)),
            );
        }
        found
    }

    fn load(&mut self, demands: BTreeSet<Demand>) {
        let demands: Vec<Demand> = demands.into_iter().collect();
        let (entries, files): (Vec<_>, Vec<_>) = demands
            .into_iter()
            .partition(|demand| matches!(demand, Demand::Entry(_)));
        let entries: Vec<_> = entries
            .par_iter()
            .filter_map(|demand| match demand {
                Demand::Entry(entry) => Some((*entry, self.reread(*entry))),
                Demand::File(_) => None,
            })
            .collect();
        for (entry, document) in entries {
            if let Ok(document) = &document {
                self.sources.insert(document.source());
            }
            self.loaded.entries.insert(entry, document);
        }
        for demand in files {
            if let Demand::File(path) = demand {
                let outside = self.outside(&path);
                for document in outside.iter().flatten() {
                    self.sources.insert(document.source());
                }
                self.loaded.files.insert(path, outside);
            }
        }
    }

    /// Reads a document of the run again.
    fn reread(&self, entry: Entry) -> Result<Document, String> {
        if let Some(waiting) = self.pending.iter().find(|waiting| waiting.entry == entry) {
            return Ok(waiting.document.clone());
        }
        let gone = || "it changed while it was read; run the check again".to_owned();
        let shelved = self.library.get(entry).ok_or_else(gone)?;
        let input = self.run.inputs.get(shelved.input).ok_or_else(gone)?;
        let ids = self.run.ids;
        let load =
            self.run
                .loader
                .load(input, ids.input(shelved.input), ids.sidecar(shelved.input));
        let document = load
            .documents
            .into_iter()
            .nth(shelved.ordinal)
            .ok_or_else(gone)?;
        if document.reference != shelved.reference {
            return Err(gone());
        }
        usable(document)
    }

    /// Reads a file that is not part of the run but lies inside the root. An empty message stands
    /// for a file that is not there.
    fn outside(&self, path: &Utf8Path) -> Outside {
        let syntax = Syntax::of_path(path).ok_or_else(|| {
            format!(
                "`{path}` is no document: its extension is none of YAML, JSON, TOML and Markdown"
            )
        })?;
        let root = &self.run.gate.config.root;
        let files = self.run.loader.files;
        let absolute = files
            .canonical(&root.join(path))
            .map_err(|_| String::new())?;
        if !absolute.starts_with(root) {
            return Err(format!("`{path}` is a link that leads out of the root"));
        }
        let assigned = self.run.gate.config.assigned(path);
        let name = |setting: Option<&crate::config::Setting<String>>| {
            setting.map(|name| name.value.as_str().into())
        };
        let input = Input {
            path: path.to_owned(),
            content: Content::File(absolute),
            syntax,
            named: true,
            kind: assigned.and_then(|assigned| name(assigned.kind)),
            format: assigned.and_then(|assigned| name(assigned.format)),
            sidecar: None,
        };
        let number = u32::try_from(self.loaded.files.len()).unwrap_or(u32::MAX);
        let mut id = self.run.ids.after();
        id.0 = id.0.saturating_add(number);
        let Load {
            documents,
            findings,
            ..
        } = self.run.loader.load(&input, id, id);
        if documents.is_empty() {
            let reason = findings
                .first()
                .map_or("it holds no document", |finding| finding.message.as_str());
            return Err(format!("`{path}` cannot be used: {reason}"));
        }
        documents.into_iter().map(usable).collect()
    }
}

fn usable(document: Document) -> Result<Document, String> {
    if document.intact {
        Ok(document)
    } else {
        Err(format!(
            "`{}` cannot be read whole",
            document.reference.path
        ))
    }
}

impl Run<'_> {
    fn rules_of(&self, document: &Document) -> &crate::policy::PolicySet {
        self.rules.of(&Utf8PathBuf::from(&*document.reference.path))
    }
}

/// Two documents of a kind with one id cannot be told apart by references, waivers or sign-offs.
fn report_duplicates(run: &Run<'_>, library: &Library, assembly: &mut Assembly<'_>) {
    let mut findings = Vec::new();
    for (later, first) in library.duplicates() {
        let message = format!(
            "the id `{}` is that of another `{}`, in {}",
            later.reference.id, later.reference.kind, first.reference.path
        );
        let mut finding = Finding::new(
            "document/duplicate-id",
            message,
            Label::new(later.identity, "used again here"),
        )
        .with_related(Label::new(first.identity, "first used here"))
        .with_help("Give one of them an id of its own")
        .with_pointer("/id")
        .with_subject(&*later.reference.path);
        finding.document = Some(later.reference.clone());
        super::fingerprint::assign(std::slice::from_mut(&mut finding), None);
        findings.push(finding);
        for shelved in [later, first] {
            if let Some(input) = run.inputs.get(shelved.input) {
                let (Ok(source) | Err(source)) = input
                    .read(
                        run.ids.input(shelved.input),
                        run.loader.limits.file_bytes,
                        run.loader.files,
                    )
                    .map_err(|refused| refused.0);
                assembly.sources.insert(&source);
            }
        }
    }
    assembly.findings.extend(findings);
}
