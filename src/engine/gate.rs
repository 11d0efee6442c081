//! [`Gate`]: kinds, formats, schemas and rules, loaded and checked.

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::Utf8Path;

use super::packs;
use crate::config::{Config, Files};
use crate::document::{Formats, Kinds};
use crate::expr::Type;
use crate::finding::Finding;
use crate::policy::{self, PolicySet};
use crate::schema::Schema;
use crate::source::SourceMap;

/// Why there is no gate: input errors (`config/...`, `policy/...`) and the files they lie in.
#[derive(Debug)]
pub struct Refusal {
    /// At least one error.
    pub findings: Vec<Finding>,
    /// The files.
    pub sources: SourceMap,
}

/// Everything that documents are held against.
#[derive(Debug)]
pub struct Gate {
    pub(super) config: Config,
    pub(super) kinds: Kinds,
    pub(super) formats: Formats,
    pub(super) schemas: BTreeMap<Arc<str>, Schema>,
    pub(super) rules: PolicySet,
    pub(super) sources: SourceMap,
}

impl Gate {
    /// Loads the kinds, formats and packs that a config asks for.
    ///
    /// `sources` holds the config's files; it is handed on, so that findings can show them.
    ///
    /// # Errors
    /// Every error in the config's kinds and settings and in the policies, not only the first.
    pub fn new(config: Config, mut sources: SourceMap, files: &dyn Files) -> Result<Self, Refusal> {
        let mut findings = Vec::new();
        let kinds = packs::kinds(&config, files, &mut sources, &mut findings);
        let formats = Formats::builtin();
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

        let packs = packs::packs(&config, files, &mut sources, &mut findings);
        let loaded = policy::load(
            &packs,
            &kinds,
            &|kind| types.get(kind).cloned(),
            &config.settings,
        );
        let rules = match loaded {
            Ok(rules) => rules,
            Err(errors) => {
                findings.extend(errors);
                return Err(Refusal { findings, sources });
            }
        };
        // Each override is tried by itself, so that an error in one is known before a file needs it.
        for alone in 0..config.overrides.len() {
            findings.extend(
                rules
                    .with(&config.settings_with(&[alone]))
                    .err()
                    .into_iter()
                    .flatten(),
            );
        }
        if findings.is_empty() {
            Ok(Self {
                config,
                kinds,
                formats,
                schemas,
                rules,
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

    /// The kinds.
    pub fn kinds(&self) -> &Kinds {
        &self.kinds
    }

    /// The config.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The files of config and policies.
    pub fn sources(&self) -> &SourceMap {
        &self.sources
    }
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
