//! One run: the first pass over every file, in batches, then the second.

use std::sync::Arc;

use rayon::prelude::*;

use super::cross::{self, Pending};
use super::fingerprint;
use super::gate::{Gate, RuleSets};
use super::judge::{self, Judgement};
use super::library::Shelved;
use super::load::{Load, Loader};
use super::report::{Assembly, CheckOptions};
use super::world::Unread;
use crate::config::Files;
use crate::discover::{Discovered, Input};
use crate::document::Document;
use crate::finding::{Finding, Report, RuleOutcomes, Stage};
use crate::policy::Context;
use crate::source::{FileId, Location, SourceFile, SourceMap};
use crate::value::{NodeRef, Pointer};

/// How many files are read before their results are put together: enough to keep every thread
/// busy, few enough that what is not needed any more is dropped soon.
const BATCH: usize = 512;

/// What a run is given to check.
pub struct Inputs<'a> {
    /// The files, what is wrong with the paths, and remarks.
    pub discovered: Discovered,
    /// The files that those problems point into.
    pub sources: SourceMap,
    /// Where files are read from.
    pub files: &'a dyn Files,
}

/// One input, judged.
struct Judged {
    documents: Vec<JudgedDocument>,
    findings: Vec<Finding>,
    sources: Vec<Arc<SourceFile>>,
    stranger: bool,
}

struct JudgedDocument {
    shelved: Shelved,
    stage: Option<Stage>,
    outcomes: Vec<RuleOutcomes>,
    findings: Vec<Finding>,
    pending: Option<Box<Pending>>,
}

/// The numbers of the files of a run: inputs first, then their sidecars, so that findings sort by
/// path.
#[derive(Clone, Copy)]
pub(super) struct FileIds {
    base: u32,
    inputs: u32,
}

impl FileIds {
    pub(super) fn input(self, number: usize) -> FileId {
        FileId(
            self.base
                .saturating_add(u32::try_from(number).unwrap_or(u32::MAX)),
        )
    }

    pub(super) fn sidecar(self, number: usize) -> FileId {
        FileId(self.input(number).0.saturating_add(self.inputs))
    }

    /// The first number that no input and no sidecar has.
    pub(super) fn after(self) -> FileId {
        FileId(
            self.base
                .saturating_add(self.inputs)
                .saturating_add(self.inputs),
        )
    }
}

/// What both passes work with.
pub(super) struct Run<'r> {
    pub(super) gate: &'r Gate,
    pub(super) rules: RuleSets<'r>,
    pub(super) loader: Loader<'r>,
    pub(super) inputs: &'r [Input],
    pub(super) ids: FileIds,
    pub(super) options: &'r CheckOptions,
}

impl Gate {
    /// Checks files. The report does not depend on the number of threads.
    pub fn check(&self, given: Inputs<'_>, options: &CheckOptions) -> Report {
        let Inputs {
            discovered,
            sources,
            files,
        } = given;
        let mut assembly = Assembly::new(self, options, sources);
        assembly.findings.extend(discovered.problems);
        assembly.notices.extend(discovered.notices);
        let inputs = discovered.inputs;
        let rules = match RuleSets::new(self, inputs.iter().map(|input| &*input.path)) {
            Ok(rules) => rules,
            Err(errors) => {
                assembly.findings.extend(errors);
                return assembly.finish();
            }
        };
        let base = assembly.sources.next_id().0;
        let run = Run {
            gate: self,
            rules,
            loader: Loader {
                files,
                kinds: &self.kinds,
                formats: &self.formats,
                limits: self.config.limits.limits(),
            },
            ids: FileIds {
                base,
                inputs: u32::try_from(inputs.len()).unwrap_or(u32::MAX),
            },
            inputs: &inputs,
            options,
        };
        let pool = options.jobs.and_then(|jobs| {
            rayon::ThreadPoolBuilder::new()
                .num_threads(jobs.get())
                .build()
                .ok()
        });
        match pool {
            Some(pool) => pool.install(|| run.both_passes(&mut assembly)),
            // Without a pool of its own the run takes the shared one: the answer is the same.
            None => run.both_passes(&mut assembly),
        }
        assembly.finish()
    }
}

impl Run<'_> {
    fn both_passes(&self, assembly: &mut Assembly<'_>) {
        let mut shelf = Vec::new();
        let mut pending = Vec::new();
        let mut number = 0;
        for batch in self.inputs.chunks(BATCH) {
            let judge = |(at, input)| self.judge(number + at, input);
            let judged: Vec<Judged> = match batch {
                // One file is not worth the threads.
                [input] => vec![judge((0, input))],
                _ => batch.par_iter().enumerate().map(judge).collect(),
            };
            number += batch.len();
            for (input, judged) in batch.iter().zip(judged) {
                for source in &judged.sources {
                    assembly.sources.insert(source);
                }
                if judged.stranger {
                    assembly.strangers.push(input.path.clone());
                }
                assembly.findings.extend(judged.findings);
                for document in judged.documents {
                    assembly.document(document.shelved.reference.clone(), document.stage);
                    match document.pending {
                        Some(mut waiting) => {
                            waiting.entry = shelf.len();
                            pending.push(*waiting);
                        }
                        None => assembly.judged(
                            &document.shelved.reference,
                            document.findings,
                            document.outcomes,
                        ),
                    }
                    shelf.push(document.shelved);
                }
            }
        }
        cross::decide(self, shelf, pending, assembly);
    }

    /// Reads one input and judges its documents as far as each can be by itself.
    fn judge(&self, number: usize, input: &Input) -> Judged {
        let Load {
            source,
            sidecar,
            documents,
            mut findings,
            stranger,
        } = self
            .loader
            .load(input, self.ids.input(number), self.ids.sidecar(number));
        let rules = self.rules.of(&input.path);
        let cx = Context {
            facts: &Unread,
            today: self.options.today,
        };
        let mut judged = Vec::with_capacity(documents.len());
        for (ordinal, document) in documents.into_iter().enumerate() {
            let kind = &document.reference.kind;
            let judgement = if document.intact {
                let schema = self.gate.schemas.get(kind);
                Judgement::first(&document, schema, rules, &cx, self.options.outcomes)
            } else {
                judge::unreadable(&document, rules, &mut findings)
            };
            judged.push(self.shelve(number, ordinal, document, judgement));
        }
        let speaks =
            |document: &JudgedDocument| document.pending.is_some() || !document.findings.is_empty();
        let mut sources = Vec::new();
        if !findings.is_empty() || judged.iter().any(speaks) {
            sources.extend([Some(source), sidecar].into_iter().flatten());
        }
        fingerprint::assign(&mut findings, None);
        Judged {
            documents: judged,
            findings,
            sources,
            stranger: stranger.is_some(),
        }
    }

    fn shelve(
        &self,
        input: usize,
        ordinal: usize,
        document: Document,
        judgement: Judgement,
    ) -> JudgedDocument {
        let reference = document.reference.clone();
        let shelved = Shelved {
            reference,
            input,
            ordinal,
            identity: self.identity(&document),
        };
        let stage = document.stage;
        if judgement.pending.is_empty() {
            let (findings, outcomes) = judgement.finish(&document);
            JudgedDocument {
                shelved,
                stage,
                outcomes,
                findings,
                pending: None,
            }
        } else {
            let pending = Some(Box::new(Pending {
                entry: 0,
                document,
                judgement,
            }));
            JudgedDocument {
                shelved,
                stage,
                outcomes: Vec::new(),
                findings: Vec::new(),
                pending,
            }
        }
    }

    /// Where a document says who it is.
    fn identity(&self, document: &Document) -> Location {
        let root = document.root();
        let paths = self
            .gate
            .kinds
            .get(document.kind())
            .map_or(&[][..], |kind| kind.identity.as_slice());
        let named = paths
            .iter()
            .find_map(|path| root.at(&path.parse::<Pointer>().ok()?));
        named.map_or_else(|| root.address(), NodeRef::address)
    }
}
