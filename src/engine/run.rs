//! One run: the first pass over every file, in batches, then the second.

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::Utf8PathBuf;
use rayon::prelude::*;

use super::cross::{self, Pending};
use super::fingerprint;
use super::focus::Focus;
use super::gate::{Gate, RuleSets};
use super::judge::{self, Judgement};
use super::library::Shelved;
use super::load::{Load, Loader, Numbers, Stranger};
use super::report::{Assembly, CheckOptions};
use super::sign_offs;
use super::trace::Listing;
use super::waivers;
use super::world::Unread;
use crate::discover::{Discovered, Input};
use crate::document::{Document, MAX_COMPANIONS};
use crate::evidence::Evidence;
use crate::files::Files;
use crate::finding::{Finding, Report, Stage};
use crate::policy::Context;
use crate::signoff::{self, ContentDigest, SignOffs};
use crate::source::{FileId, Location, SourceFile, SourceMap};
use crate::value::NodeRef;
use crate::waiver;

/// How many files are read before their results are put together: enough to keep every thread
/// busy, few enough that what is not needed any more is dropped soon.
const BATCH: usize = 512;

/// What a run is given to check.
pub struct Inputs<'a> {
    /// The files, what is wrong with the paths, and remarks.
    pub discovered: Discovered,
    /// The files that those problems point into, unless the gate has them already. Their numbers
    /// must be none of the gate's: give discovery the map that [`Gate::new`] takes, or a clone of
    /// [`Gate::sources`].
    pub sources: SourceMap,
    /// Where files are read from.
    pub files: &'a dyn Files,
}

/// One input, judged.
struct Judged {
    documents: Vec<JudgedDocument>,
    findings: Vec<Finding>,
    sources: Vec<Arc<SourceFile>>,
    /// The files that belong to its documents.
    companions: Vec<Utf8PathBuf>,
    stranger: Option<Stranger>,
    waivers: Vec<waiver::Entry>,
    /// Whether the report speaks of its documents.
    concerned: bool,
}

struct JudgedDocument {
    shelved: Shelved,
    /// The foreign format it is written in.
    format: Option<Arc<str>>,
    /// The names that it says and no file here describes.
    elsewhere: Vec<Box<str>>,
    stage: Option<Stage>,
    judged: judge::Judged,
    pending: Option<Box<Pending>>,
    files: BTreeMap<String, Option<ContentDigest>>,
}

/// The numbers of the files of a run: inputs first, then their sidecars, then what else belongs to
/// their documents, so that findings sort by path.
#[derive(Clone, Copy)]
pub(super) struct FileIds {
    base: u32,
    inputs: u32,
}

impl FileIds {
    pub(super) fn input(self, number: usize) -> Numbers {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        let input = self.base.saturating_add(number);
        let companions = self.inputs.saturating_mul(2);
        let companions = companions.saturating_add(number.saturating_mul(MAX_COMPANIONS));
        Numbers {
            input: FileId(input),
            sidecar: FileId(input.saturating_add(self.inputs)),
            companions: FileId(self.base.saturating_add(companions)),
        }
    }

    /// The numbers of a file that is not part of the run.
    pub(super) fn outside(self, number: usize) -> Numbers {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        let files = self.inputs.saturating_mul(2 + MAX_COMPANIONS);
        let behind = self.base.saturating_add(files);
        let first = behind.saturating_add(number.saturating_mul(2 + MAX_COMPANIONS));
        Numbers {
            input: FileId(first),
            sidecar: FileId(first.saturating_add(1)),
            companions: FileId(first.saturating_add(2)),
        }
    }
}

/// What both passes work with.
pub(super) struct Run<'r> {
    pub(super) gate: &'r Gate,
    pub(super) rules: RuleSets<'r>,
    pub(super) loader: Loader<'r>,
    pub(super) evidence: Evidence<'r>,
    pub(super) sign_offs: SignOffs,
    pub(super) inputs: &'r [Input],
    pub(super) ids: FileIds,
    pub(super) options: &'r CheckOptions,
}

impl Gate {
    /// Checks files. The report does not depend on the number of threads.
    pub fn check(&self, given: Inputs<'_>, options: &CheckOptions) -> Report {
        self.check_with(given, options).0
    }

    /// As [`Gate::check`], with the sign-offs as the run came to know them.
    pub(super) fn check_with(
        &self,
        given: Inputs<'_>,
        options: &CheckOptions,
    ) -> (Report, SignOffs) {
        let Inputs {
            discovered,
            sources,
            files,
        } = given;
        let mut assembly = Assembly::new(self, options, sources);
        let mut problems = discovered.problems;
        fingerprint::assign(&mut problems, None);
        assembly.findings.extend(problems);
        assembly.notices.extend(discovered.notices);
        let inputs = discovered.inputs;
        let rules = match RuleSets::new(self, inputs.iter().map(|input| &*input.path)) {
            Ok(rules) => rules,
            Err(mut errors) => {
                fingerprint::assign(&mut errors, None);
                assembly.findings.extend(errors);
                return (assembly.finish(), SignOffs::stated(options.today));
            }
        };
        assembly.overrides = rules.applying();
        let sign_offs = sign_offs::read(self, files, options, &mut assembly);
        let waivers = waivers::read(self, files, sign_offs.store(), &mut assembly);
        let base = assembly.sources.next_id().0;
        let run = Run {
            gate: self,
            rules,
            loader: Loader {
                files,
                root: &self.config.root,
                kinds: &self.kinds,
                formats: &self.formats,
                limits: self.config.limits.limits(),
            },
            evidence: Evidence::new(
                files,
                &self.config.root,
                self.config.limits.evidence(),
                options.today,
            )
            .with_kinds(&self.kinds),
            sign_offs,
            ids: FileIds {
                base,
                inputs: u32::try_from(inputs.len()).unwrap_or(u32::MAX),
            },
            inputs: &inputs,
            options,
        };
        assembly.focus = Focus::new(options.changes.as_ref(), self, &run.loader, run.inputs);
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
        assembly.notices.extend(run.sign_offs.notices());
        assembly.claims(run.evidence.checks());
        assembly.verified(&run.evidence);
        waivers.apply(self, options, run.sign_offs.store(), &mut assembly);
        (assembly.finish(), run.sign_offs)
    }
}

impl Run<'_> {
    fn both_passes(&self, assembly: &mut Assembly<'_>) {
        let mut shelf = Vec::new();
        let mut pending = Vec::new();
        let mut number = 0;
        for batch in self.inputs.chunks(BATCH) {
            let focus = &assembly.focus;
            let judge = |(at, input)| self.judge(number + at, input, focus);
            let judged: Vec<Judged> = match batch {
                // One file is not worth the threads.
                [input] => vec![judge((0, input))],
                _ => batch.par_iter().enumerate().map(judge).collect(),
            };
            number += batch.len();
            for (input, judged) in batch.iter().zip(judged) {
                let aside = !judged.concerned;
                for source in &judged.sources {
                    assembly.sources.insert(source);
                }
                for companion in &judged.companions {
                    assembly.recognition.companion(companion, &input.path);
                }
                if judged.concerned {
                    assembly.recognition.strangers.extend(judged.stranger);
                    assembly.inline.extend(judged.waivers);
                }
                assembly.file(&input.path, judged.findings);
                for document in judged.documents {
                    if aside {
                        assembly.aside += 1;
                        shelf.push(document.shelved);
                        continue;
                    }
                    assembly.recognition.document(
                        &input.path,
                        &document.shelved.reference,
                        document.format.as_ref(),
                        document.elsewhere,
                    );
                    assembly.document(document.shelved.reference.clone(), document.stage);
                    assembly.digests(document.files);
                    match document.pending {
                        Some(mut waiting) => {
                            waiting.entry = shelf.len();
                            pending.push(*waiting);
                        }
                        None => assembly.judged(&document.shelved.reference, document.judged),
                    }
                    shelf.push(document.shelved);
                }
            }
        }
        cross::decide(self, shelf, pending, assembly);
    }

    /// Reads one input and judges its documents as far as each can be by itself.
    fn judge(&self, number: usize, input: &Input, focus: &Focus) -> Judged {
        let load = self.loader.load(input, self.ids.input(number));
        let stamp = load.stamp();
        let concerned = focus.takes(input, &load);
        let Load {
            source,
            sidecar,
            companions,
            documents,
            mut findings,
            waivers,
            stranger,
            ..
        } = load;
        let rules = self.rules.of(&input.path);
        let mut judged = Vec::with_capacity(documents.len());
        for (ordinal, document) in documents.into_iter().enumerate() {
            let kind = &document.reference.kind;
            let listing = self.listing(kind);
            let facts = Unread {
                evidence: &self.evidence,
                sign_offs: &self.sign_offs,
                asker: &document,
            };
            let cx = Context {
                facts: &facts,
                today: self.options.today,
            };
            let judgement = match self.gate.schemas.get(kind) {
                Some(schema) if document.intact => {
                    Judgement::first(&document, schema, rules, &cx, listing)
                }
                _ => judge::unreadable(&document, rules, &mut findings),
            };
            judged.push(self.shelve((number, ordinal, stamp), document, judgement));
        }
        let speaks = |document: &JudgedDocument| {
            concerned && (document.pending.is_some() || !document.judged.findings.is_empty())
        };
        let belonging = companions.iter();
        let belonging = belonging.map(|file| file.path().to_owned()).collect();
        let mut sources = Vec::new();
        if !findings.is_empty() || !waivers.is_empty() || judged.iter().any(speaks) {
            sources.extend([Some(source), sidecar].into_iter().flatten());
            sources.extend(companions);
        }
        fingerprint::assign_to_file(&mut findings, &input.path);
        Judged {
            documents: judged,
            findings,
            sources,
            companions: belonging,
            stranger,
            waivers,
            concerned,
        }
    }

    fn shelve(
        &self,
        (input, ordinal, stamp): (usize, usize, u64),
        document: Document,
        judgement: Judgement,
    ) -> JudgedDocument {
        let reference = document.reference.clone();
        let shelved = Shelved {
            reference,
            input,
            ordinal,
            identity: self.identity(&document),
            stamp,
        };
        let stage = document.stage;
        let format = document.format.clone();
        let files = if self.options.digests {
            signoff::files_of(&document, &self.evidence)
        } else {
            BTreeMap::new()
        };
        let elsewhere = document.elsewhere.clone();
        if judgement.pending.is_empty() {
            JudgedDocument {
                shelved,
                format,
                elsewhere,
                stage,
                judged: judgement.finish(&document, self.options.today, &self.sign_offs),
                pending: None,
                files,
            }
        } else {
            let pending = Some(Box::new(Pending {
                entry: 0,
                document,
                judgement,
            }));
            JudgedDocument {
                shelved,
                format,
                elsewhere,
                stage,
                judged: judge::Judged::default(),
                pending,
                files,
            }
        }
    }

    /// How much is kept of the outcomes of documents of a kind.
    fn listing(&self, kind: &str) -> Listing {
        if self.options.trace {
            let kind = self.gate.kinds.get(kind);
            Listing::Traced(kind.map_or_else(Arc::default, |kind| Arc::clone(&kind.evidence)))
        } else if self.options.outcomes {
            Listing::Listed
        } else {
            Listing::Counted
        }
    }

    /// Where a document says who it is.
    fn identity(&self, document: &Document) -> Location {
        let root = document.root();
        let kind = self.gate.kinds.get(document.kind());
        let named = kind.and_then(|kind| kind.identity_of(root));
        named.map_or_else(|| root.address(), NodeRef::address)
    }
}
