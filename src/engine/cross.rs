//! The second pass: rules that ask about other documents.
//!
//! Such a rule is evaluated, says which documents it lacks, and is evaluated again when they are
//! loaded, until it lacks none. When all are decided, references that lead in a circle are known;
//! the rules that followed them are evaluated once more and told so.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::sync::{Arc, Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use super::circles::{Edge, circles};
use super::judge::Judgement;
use super::library::{Entry, Library, Shelved};
use super::report::Assembly;
use super::run::Run;
use super::world::{Demand, Inquiry, Loaded, Outside, changed};
use super::{sign_offs, trust};
use crate::discover::{Content, Input};
use crate::document::{self, Document};
use crate::files::FileKind;
use crate::files::paths::{reason, relative};
use crate::finding::{Finding, Label, RuleId};
use crate::policy::{Context, Evaluation};
use crate::source::{SourceFile, SourceMap};
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
    sign_offs::report_strays(run, &library, assembly);
    trust::report(run, &library, assembly);
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
        assembly.judged(
            &document.reference,
            judgement.finish(&document, run.options.today, &run.sign_offs),
        );
    }
}

/// The files of an input that was read again, and those of its documents that are wanted.
type Reread = (Vec<Arc<SourceFile>>, Vec<(Entry, Result<Document, String>)>);

struct Second<'r> {
    run: &'r Run<'r>,
    library: &'r Library,
    /// By entry.
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
            for (question, answer) in answers {
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
                answers
                    .into_iter()
                    .map(|(question, answer)| (question, answer.evaluation)),
            );
        }
        decided
    }

    fn rule(&self, (at, index): Question) -> Option<&RuleId> {
        let rules = self.run.rules_of(&self.pending.get(at)?.document);
        Some(&rules.rules().get(index)?.id)
    }

    fn ask(&self, questions: &[Question], circles: &Circles) -> Vec<(Question, Answer)> {
        questions
            .par_iter()
            .filter_map(|&question| Some((question, self.answer(question, circles)?)))
            .collect()
    }

    fn answer(&self, (at, index): Question, circles: &Circles) -> Option<Answer> {
        let waiting = self.pending.get(at)?;
        let rule = self.run.rules_of(&waiting.document).rules().get(index)?;
        let inquiry = Inquiry {
            library: self.library,
            evidence: &self.run.evidence,
            sign_offs: &self.run.sign_offs,
            loaded: &self.loaded,
            kinds: &self.run.gate.kinds,
            asker: &waiting.document,
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

    /// Loads what is asked for: each input once, however many of its documents are wanted.
    fn load(&mut self, demands: BTreeSet<Demand>) {
        let mut inputs: BTreeMap<usize, Vec<Entry>> = BTreeMap::new();
        let mut files = Vec::new();
        for demand in demands {
            match demand {
                Demand::File(path) => files.push(path),
                Demand::Entry(entry) => {
                    if let Some(document) = self.waiting(entry) {
                        self.loaded.entries.insert(entry, Ok(document));
                    } else if let Some(shelved) = self.library.get(entry) {
                        inputs.entry(shelved.input).or_default().push(entry);
                    }
                }
            }
        }
        let reread: Vec<_> = inputs
            .into_par_iter()
            .map(|(input, entries)| self.reread(input, entries))
            .collect();
        for (sources, documents) in reread {
            for source in &sources {
                self.sources.insert(source);
            }
            self.loaded.entries.extend(documents);
        }
        for path in files {
            let outside = self.outside(&path);
            self.loaded.files.insert(path, outside);
        }
    }

    /// The document of an entry, if it waits itself.
    fn waiting(&self, entry: Entry) -> Option<Document> {
        let at = self
            .pending
            .binary_search_by_key(&entry, |waiting| waiting.entry)
            .ok()?;
        Some(self.pending.get(at)?.document.clone())
    }

    /// Reads documents of one input of the run again.
    fn reread(&self, input: usize, entries: Vec<Entry>) -> Reread {
        let load = self.run.inputs.get(input).map(|found| {
            let numbers = self.run.ids.input(input);
            self.run.loader.load(found, numbers)
        });
        let Some(load) = load else {
            return (Vec::new(), Vec::new());
        };
        let stamp = load.stamp();
        let documents = entries
            .into_iter()
            .filter_map(|entry| {
                let shelved = self.library.get(entry)?;
                // A verdict on two states of one file is a verdict on neither.
                let document = load
                    .documents
                    .get(shelved.ordinal)
                    .filter(|_| stamp == shelved.stamp)
                    .ok_or_else(|| changed(&shelved.reference.path));
                Some((entry, document.cloned().and_then(usable)))
            })
            .collect();
        (load.sources().cloned().collect(), documents)
    }

    /// Looks for what a reference means by a path at which the run has no document. What lies
    /// inside the root is read.
    fn outside(&mut self, path: &Utf8Path) -> Outside {
        let Some(syntax) = Syntax::of_path(path) else {
            return Outside::Unusable(format!(
                "`{path}` is no document: its extension is none of YAML, JSON, TOML and Markdown"
            ));
        };
        let config = &self.run.gate.config;
        let (root, files) = (&config.root, self.run.loader.files);
        let unusable = |why: &str| Outside::Unusable(format!("`{path}` cannot be used: {why}"));
        let absolute = match files.canonical(&root.join(path)) {
            Ok(absolute) => absolute,
            Err(error) => {
                return match error.kind() {
                    ErrorKind::NotFound | ErrorKind::NotADirectory => Outside::Missing,
                    _ => unusable(&reason(&error)),
                };
            }
        };
        if !absolute.starts_with(root) {
            return Outside::Unusable(format!("`{path}` is a link that leads out of the root"));
        }
        let own = relative(&absolute, root);
        if own != path {
            return Outside::Link(own);
        }
        let beside = document::sidecar_path(&absolute);
        let sidecar = files
            .stat(&beside)
            .is_ok_and(|kind| kind == FileKind::File)
            .then(|| files.canonical(&beside).ok())
            .flatten();
        if sidecar
            .as_ref()
            .is_some_and(|beside| !beside.starts_with(root))
        {
            return unusable("its sidecar is a link that leads out of the root");
        }
        let assigned = config.assigned(path);
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
            sidecar,
        };
        let numbers = self.run.ids.outside(self.loaded.files.len());
        let load = self.run.loader.load(&input, numbers);
        load.sources()
            .for_each(|source| self.sources.insert(source));
        if load.documents.is_empty() {
            let first = load.findings.first();
            return unusable(first.map_or("it holds no document", |finding| &finding.message));
        }
        let documents: Result<_, _> = load.documents.into_iter().map(usable).collect();
        documents.map_or_else(Outside::Unusable, Outside::Documents)
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
    let mut inputs = BTreeSet::new();
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
        findings.push(finding);
        inputs.extend([later.input, first.input]);
    }
    super::fingerprint::assign(&mut findings, None);
    assembly.findings.extend(findings);
    for number in inputs {
        if let Some(input) = run.inputs.get(number) {
            let load = run.loader.load(input, run.ids.input(number));
            load.sources()
                .for_each(|source| assembly.sources.insert(source));
        }
    }
}
