//! [`Gate`]: kinds, formats, schemas and rules, loaded and checked.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest as _, Sha256};

use super::load::{Load, Loader, Numbers};
use super::packs;
use crate::config::{Config, Override};
use crate::discover::Input;
use crate::document::{Document, Formats, Kinds, MAX_COMPANIONS};
use crate::expr::Type;
use crate::files::Files;
use crate::finding::{Finding, RuleId, RuleInfo};
use crate::policy::{self, PolicySet};
use crate::schema::Schema;
use crate::source::{FileId, SourceFile, SourceMap};

/// Why there is no gate: input errors (`config/...`, `policy/...`) and the files they lie in.
#[derive(Debug)]
pub struct Refusal {
    /// At least one error.
    pub findings: Vec<Finding>,
    /// The files.
    pub sources: SourceMap,
}

/// What a file holds, before any rule.
#[derive(Clone, Debug)]
pub struct Look {
    /// The file, its sidecar, and what else belongs to its documents.
    pub sources: Vec<Arc<SourceFile>>,
    /// Its documents.
    pub documents: Vec<Document>,
    /// The paths of the files that belong to its documents.
    pub companions: Vec<Utf8PathBuf>,
    /// What is wrong with the text, or with what it claims to be.
    pub findings: Vec<Finding>,
    /// Why a file that was merely come upon is no document.
    pub unrecognized: Option<String>,
}

/// Everything that documents are held against.
#[derive(Debug)]
pub struct Gate {
    pub(super) config: Config,
    pub(super) kinds: Kinds,
    pub(super) formats: Formats,
    pub(super) schemas: BTreeMap<Arc<str>, Schema>,
    pub(super) rules: PolicySet,
    /// The rules with each override alone.
    overrides: Vec<PolicySet>,
    pub(super) digest: String,
    pub(super) sources: SourceMap,
}

impl Gate {
    /// Loads the kinds, formats and packs that a config asks for.
    ///
    /// `sources` holds the config's files; it is handed on, so that findings can show them.
    ///
    /// # Errors
    /// Every error in the config's kinds and settings and in the policies, not only the first.
    pub fn new(config: Config, sources: SourceMap, files: &dyn Files) -> Result<Self, Refusal> {
        Self::load(config, sources, files, false)
    }

    /// As [`Gate::new`], and with the examples of the built-in rules: for pages about rules and for
    /// policy tests. It takes several times as long.
    ///
    /// # Errors
    /// As [`Gate::new`].
    pub fn with_examples(
        config: Config,
        sources: SourceMap,
        files: &dyn Files,
    ) -> Result<Self, Refusal> {
        Self::load(config, sources, files, true)
    }

    fn load(
        mut config: Config,
        mut sources: SourceMap,
        files: &dyn Files,
        examples: bool,
    ) -> Result<Self, Refusal> {
        let mut findings = Vec::new();
        let kinds = packs::kinds(&config, files, &mut sources, &mut findings);
        let formats = packs::formats(&config, &kinds, files, &mut sources, &mut findings);
        let kind_names: Vec<&str> = kinds.names().collect();
        let format_names: Vec<&str> = formats.names().collect();
        findings.extend(config.check_names(&kind_names, &format_names));

        let schemas: BTreeMap<Arc<str>, Schema> = kinds
            .iter()
            .map(|kind| {
                (
                    Arc::clone(&kind.name),
                    Schema::lazy(&kind.name, Arc::clone(&kind.schema)),
                )
            })
            .collect();
        let types: BTreeMap<&str, Type> = schemas
            .iter()
            .map(|(name, schema)| (&**name, schema.object_type()))
            .collect();

        let frameworks = packs::frameworks(&mut config, files, &mut sources, &mut findings);
        let packs = packs::packs(&config, files, &mut sources, &mut findings, examples);
        let loaded = policy::load(
            &packs,
            &Arc::new(frameworks),
            &kinds,
            &|kind| types.get(kind).cloned(),
            &crate::signoff::signatures(),
            &config.settings,
        );
        let rules = match loaded {
            Ok(rules) => rules,
            Err(mut errors) => {
                // A pack that could not be read is unknown too; that is said already.
                errors.retain(|error| {
                    !findings
                        .iter()
                        .any(|known| known.primary.location == error.primary.location)
                });
                findings.extend(errors);
                return Err(Refusal { findings, sources });
            }
        };
        let packs: BTreeSet<&str> = rules.defined().iter().map(|rule| rule.id.pack()).collect();
        let packs: Vec<&str> = packs.into_iter().collect();
        let ids: Vec<&str> = rules
            .defined()
            .iter()
            .map(|rule| rule.id.as_str())
            .collect();
        findings.extend(config.check_approvers(&packs, &ids));
        // Each override is tried by itself, so that an error in one is known before a file needs it.
        let mut overrides = Vec::with_capacity(config.overrides.len());
        for alone in 0..config.overrides.len() {
            match rules.with(&config.settings_with(&[alone])) {
                Ok(rules) => overrides.push(rules),
                Err(errors) => findings.extend(errors),
            }
        }
        if findings.is_empty() {
            Ok(Self {
                digest: digest(&rules, &config, &overrides),
                config,
                kinds,
                formats,
                schemas,
                rules,
                overrides,
                sources,
            })
        } else {
            Err(Refusal { findings, sources })
        }
    }

    /// The rules that hold where no override applies.
    pub fn rules(&self) -> &PolicySet {
        &self.rules
    }

    /// `sha256:` and the digest of the rules with their parameters and severities, those included
    /// that overrides change for some paths. Two runs with the same digest judged by the same
    /// policy.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The kinds.
    pub fn kinds(&self) -> &Kinds {
        &self.kinds
    }

    /// The ids of the frameworks that reports are about: those of the config, else all, sorted.
    pub fn frameworks(&self) -> Vec<&str> {
        match &self.config.frameworks {
            Some(chosen) => chosen.iter().map(|named| named.text.as_str()).collect(),
            None => self.rules.frameworks().names().collect(),
        }
    }

    /// The documents of an input, as far as it can be read, judged by nothing.
    pub fn documents(&self, input: &Input, files: &dyn Files) -> Vec<Document> {
        self.read(input, files, 0).documents
    }

    fn read(&self, input: &Input, files: &dyn Files, first: u32) -> Load {
        let loader = Loader {
            files,
            root: &self.config.root,
            kinds: &self.kinds,
            formats: &self.formats,
            limits: self.config.limits.limits(),
        };
        let number = |offset: u32| FileId(first.saturating_add(offset));
        let numbers = Numbers {
            input: number(0),
            sidecar: number(1),
            companions: number(2),
        };
        loader.load(input, numbers)
    }

    /// An input, looked at and judged by nothing: the `number`th of those that are looked at
    /// together, by which its files are told from theirs.
    pub fn look(&self, input: &Input, files: &dyn Files, number: u32) -> Look {
        let first = number.saturating_mul(2 + MAX_COMPANIONS);
        let load = self.read(input, files, first);
        Look {
            sources: load.sources().cloned().collect(),
            companions: load
                .companions
                .iter()
                .map(|file| file.path().to_owned())
                .collect(),
            unrecognized: load.stranger.map(|stranger| match stranger.broken {
                Some(broken) => format!("it cannot be read: {broken}"),
                None => stranger.reason,
            }),
            documents: load.documents,
            findings: load.findings,
        }
    }

    /// The config.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The files of config and policies.
    pub fn sources(&self) -> &SourceMap {
        &self.sources
    }

    /// Whether waivers are refused for a rule at a path.
    pub(super) fn is_locked(&self, rule: &RuleId, path: Option<&str>) -> bool {
        let locks = |rules: &PolicySet| rules.rule(rule.as_str()).is_some_and(|rule| rule.locked);
        let applying = path.map(|path| self.config.overrides_for(Utf8Path::new(path)));
        let applying = applying.into_iter().flatten();
        locks(&self.rules) || applying.filter_map(|at| self.overrides.get(at)).any(locks)
    }

    /// What each rule is about that is in use for some path.
    pub(super) fn described(&self) -> BTreeMap<RuleId, RuleInfo> {
        let sets = self.overrides.iter().rev().chain([&self.rules]);
        let rules = sets.flat_map(PolicySet::rules);
        rules.map(|rule| (rule.id.clone(), rule.info())).collect()
    }

    /// What these overrides turn off for their paths, in sentences.
    pub(super) fn off_by(&self, overrides: &BTreeSet<usize>) -> Vec<String> {
        let mut said = Vec::new();
        for &at in overrides {
            let (Some(entry), Some(rules)) =
                (self.config.overrides.get(at), self.overrides.get(at))
            else {
                continue;
            };
            let paths = globs(entry).join(", ");
            let everywhere = self.rules.off();
            for off in rules.off().iter().filter(|off| !everywhere.contains(off)) {
                said.push(format!(
                    "{} is turned off for {paths}: {}",
                    off.id, off.reason
                ));
            }
        }
        said
    }
}

fn globs(entry: &Override) -> Vec<&str> {
    entry.paths.iter().map(|glob| glob.text.as_str()).collect()
}

/// The digest of the rules and of what each override makes of them.
fn digest(rules: &PolicySet, config: &Config, overrides: &[PolicySet]) -> String {
    if overrides.is_empty() {
        return rules.digest().to_owned();
    }
    let mut hash = Sha256::new();
    let mut part = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    };
    part(rules.digest());
    for (entry, rules) in config.overrides.iter().zip(overrides) {
        for glob in globs(entry) {
            part(glob);
        }
        part(rules.digest());
    }
    let bytes = hash.finalize();
    bytes.iter().fold("sha256:".to_owned(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The rules of a run: those of the gate, and those for paths that overrides apply to.
pub(super) struct RuleSets<'g> {
    gate: &'g Gate,
    overridden: BTreeMap<Vec<usize>, PolicySet>,
}

impl<'g> RuleSets<'g> {
    /// The rules that these paths need.
    pub(super) fn new<'p>(
        gate: &'g Gate,
        paths: impl Iterator<Item = &'p Utf8Path>,
    ) -> Result<Self, Vec<Finding>> {
        let mut overridden = BTreeMap::new();
        if !gate.config.overrides.is_empty() {
            for path in paths {
                let applying = gate.config.overrides_for(path);
                if !applying.is_empty() && !overridden.contains_key(&applying) {
                    let rules = gate.rules.with(&gate.config.settings_with(&applying))?;
                    overridden.insert(applying, rules);
                }
            }
        }
        Ok(Self { gate, overridden })
    }

    /// The overrides that apply to one of the paths.
    pub(super) fn applying(&self) -> BTreeSet<usize> {
        self.overridden.keys().flatten().copied().collect()
    }

    /// The rules for a path.
    pub(super) fn of(&self, path: &Utf8Path) -> &PolicySet {
        if self.overridden.is_empty() {
            return &self.gate.rules;
        }
        self.overridden
            .get(&self.gate.config.overrides_for(path))
            .unwrap_or(&self.gate.rules)
    }
}
