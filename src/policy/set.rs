//! [`PolicySet`]: the rules of a run, with what its config makes of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::packs::{self, Loaded, Pack, PackSource, has_error};
use super::params::ParamValue;
use super::program::Vocabulary;

use super::rule::Rule;
use super::settings::{Named, Settings};
use crate::document::Kinds;
use crate::expr::{Signature, Type};
use crate::finding::{Finding, Label, RuleId, Severity, did_you_mean};
use crate::framework::Frameworks;
use crate::source::SourceFile;

/// The rules of a run: checked, compiled, with the parameters and severities that hold.
#[derive(Clone, Debug)]
pub struct PolicySet {
    /// Every rule of the chosen packs as its policy has it, sorted by id.
    defined: Arc<[Rule]>,
    packs: Arc<[Pack]>,
    known_packs: Arc<[Arc<str>]>,
    warnings: Arc<[Finding]>,
    frameworks: Arc<Frameworks>,
    rules: Vec<Rule>,
    off: Vec<OffRule>,
    digest: String,
}

/// A rule that a config turned off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OffRule {
    /// The rule.
    pub id: RuleId,
    /// Why, in the config's words.
    pub reason: String,
}

/// Loads packs and applies a config's settings to their rules.
///
/// `types` gives the type of the documents of a kind, `functions` are those that expressions may
/// call beside the language's own, `frameworks` says what the rules' controls mean. The errors are
/// findings `policy/...` about policy files and `config/...` about the settings; each ends the run
/// with exit code 2.
pub fn load(
    packs: &[PackSource],
    frameworks: &Arc<Frameworks>,
    kinds: &Kinds,
    types: &dyn Fn(&str) -> Option<Type>,
    functions: &[Signature],
    settings: &Settings,
) -> Result<PolicySet, Vec<Finding>> {
    let mut table: Vec<(Arc<str>, Type)> = kinds
        .names()
        .map(|name| (Arc::from(name), types(name).unwrap_or(Type::Dyn)))
        .collect();
    table.sort_by(|(a, _), (b, _)| a.cmp(b));
    let names = Vocabulary {
        kinds: &table,
        functions,
    };
    let Loaded {
        packs,
        rules,
        known,
        mut findings,
    } = packs::load(packs, settings.packs.as_deref(), names, frameworks);
    findings.sort_by_key(|finding| finding.primary.location);
    let set = PolicySet {
        rules: rules.clone(),
        defined: rules.into(),
        packs: packs.into(),
        known_packs: known.into(),
        warnings: findings
            .iter()
            .filter(|finding| finding.severity != Severity::Error)
            .cloned()
            .collect(),
        frameworks: Arc::clone(frameworks),
        off: Vec::new(),
        digest: String::new(),
    };
    if has_error(&findings, 0) {
        return Err(findings);
    }
    set.with(settings)
}

impl PolicySet {
    /// The rules that are active, sorted by id.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The active rule of this id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        find(&self.rules, id)
    }

    /// Every rule of the chosen packs, those included that are turned off; as their policies have
    /// them.
    pub fn defined(&self) -> &[Rule] {
        &self.defined
    }

    /// The chosen packs, sorted by name.
    pub fn packs(&self) -> &[Pack] {
        &self.packs
    }

    /// The names of all packs that there are, chosen or not, sorted.
    pub fn known_packs(&self) -> &[Arc<str>] {
        &self.known_packs
    }

    /// The rules that a config turned off, sorted by id.
    pub fn off(&self) -> &[OffRule] {
        &self.off
    }

    /// The control catalogues.
    pub fn frameworks(&self) -> &Frameworks {
        &self.frameworks
    }

    /// What is odd about the policy files without being an error.
    pub fn warnings(&self) -> &[Finding] {
        &self.warnings
    }

    /// `sha256:` and the digest of the active rules with their parameters and severities. Two runs
    /// with the same digest judged by the same policy.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The files of the packs and rules, sorted by their numbers.
    pub fn sources(&self) -> Vec<Arc<SourceFile>> {
        let files = self
            .packs
            .iter()
            .map(|pack| &pack.file)
            .chain(self.defined.iter().map(|rule| &rule.file));
        let unique: BTreeMap<_, _> = files.map(|file| (file.id(), Arc::clone(file))).collect();
        unique.into_values().collect()
    }

    /// The same rules under other settings: for the overrides of a path. Which packs are chosen is
    /// not changed.
    pub fn with(&self, settings: &Settings) -> Result<Self, Vec<Finding>> {
        let mut apply = Apply {
            set: self,
            settings,
            rules: self.defined.to_vec(),
            findings: Vec::new(),
        };
        apply.params();
        apply.severities();
        let off = apply.off();
        apply.locks();
        let Apply {
            rules,
            mut findings,
            ..
        } = apply;
        if !findings.is_empty() {
            findings.sort_by_key(|finding| finding.primary.location);
            // An entry may be asked about more than once: for its severity and for its lock.
            findings.dedup_by(|a, b| {
                (&a.rule, a.primary.location, &a.message)
                    == (&b.rule, b.primary.location, &b.message)
            });
            return Err(findings);
        }
        let rules: Vec<Rule> = rules
            .into_iter()
            .filter(|rule| !off.contains_key(&rule.id))
            .collect();
        Ok(Self {
            digest: digest(&rules),
            rules,
            off: off
                .into_iter()
                .map(|(id, reason)| OffRule { id, reason })
                .collect(),
            defined: Arc::clone(&self.defined),
            packs: Arc::clone(&self.packs),
            known_packs: Arc::clone(&self.known_packs),
            warnings: Arc::clone(&self.warnings),
            frameworks: Arc::clone(&self.frameworks),
        })
    }
}

fn find<'r>(rules: &'r [Rule], id: &str) -> Option<&'r Rule> {
    let at = rules
        .binary_search_by(|rule| rule.id.as_str().cmp(id))
        .ok()?;
    rules.get(at)
}

struct Apply<'s> {
    set: &'s PolicySet,
    settings: &'s Settings,
    rules: Vec<Rule>,
    findings: Vec<Finding>,
}

impl Apply<'_> {
    fn error(&mut self, rule: &str, at: &Named, message: String, help: impl Into<String>) {
        self.findings
            .push(Finding::new(rule, message, Label::new(at.location, "")).with_help(help));
    }

    /// The rule's place among the rules; an error if there is none of this name.
    fn rule(&mut self, named: &Named) -> Option<usize> {
        let id = named.text.as_str();
        if let Ok(at) = self.rules.binary_search_by(|rule| rule.id.as_str().cmp(id)) {
            return Some(at);
        }
        let pack = id.split_once('/').map_or(id, |(pack, _)| pack);
        let chosen = self.set.packs.iter().any(|known| *known.name == *pack);
        let exists = self.set.known_packs.iter().any(|known| **known == *pack);
        if exists && !chosen {
            let message = format!("rule `{id}` is of pack `{pack}`, which is not chosen");
            let help = format!("Add `{pack}` to `packs`, or remove this entry");
            self.error("config/unknown-rule", named, message, help);
            return None;
        }
        let near = did_you_mean(id, self.rules.iter().map(|rule| rule.id.as_str()));
        let message = format!("there is no rule `{id}`{near}");
        let help = "`launchgate rules` lists the rules; ids match exactly";
        self.error("config/unknown-rule", named, message, help);
        None
    }

    fn params(&mut self) {
        let settings = self.settings;
        let mut changed: BTreeMap<usize, Vec<super::params::Param>> = BTreeMap::new();
        for setting in &settings.params {
            let Some(at) = self.rule(&setting.rule) else {
                continue;
            };
            let Some(rule) = self.rules.get(at) else {
                continue;
            };
            let id = rule.id.clone();
            let params = changed.entry(at).or_insert_with(|| rule.params.clone());
            let name = setting.param.text.as_str();
            let Some(param) = params.iter_mut().find(|param| *param.name == *name) else {
                let names: Vec<_> = params.iter().map(|param| param.name.to_string()).collect();
                let near = did_you_mean(name, names.iter().map(String::as_str));
                let message = format!("rule `{id}` has no parameter `{name}`{near}");
                let help = if names.is_empty() {
                    "The rule has no parameters".to_owned()
                } else {
                    format!("Its parameters are {}", names.join(", "))
                };
                self.error("config/unknown-param", &setting.param, message, help);
                continue;
            };
            let ty = param.ty.clone();
            let description = Arc::clone(&param.description);
            if let Some((node, message)) = ty.mismatch(setting.value.node()) {
                self.findings.push(
                    Finding::new(
                        "config/param",
                        format!("`{name}` of rule `{id}` is no {}: {message}", ty.name()),
                        Label::new(node.address(), ""),
                    )
                    .with_help(format!("`{name}`: {description}")),
                );
                continue;
            }
            param.value = ParamValue {
                tree: Arc::clone(&setting.value.tree),
                node: setting.value.node,
            };
        }
        for (at, params) in changed {
            if let Some(rule) = self.rules.get_mut(at) {
                rule.set_params(params);
            }
        }
    }

    fn severities(&mut self) {
        let settings = self.settings;
        for setting in &settings.severities {
            let Some(at) = self.rule(&setting.rule) else {
                continue;
            };
            let Some(rule) = self.rules.get_mut(at) else {
                continue;
            };
            if rule.locked && setting.severity < rule.default_severity {
                let message = format!(
                    "rule `{}` is locked; its severity cannot be lowered from {} to {}",
                    rule.id, rule.default_severity, setting.severity
                );
                let help = format!(
                    "Remove the entry; the rule is locked in {}",
                    rule.file.path()
                );
                self.error("config/locked-rule", &setting.rule, message, help);
                continue;
            }
            rule.severity = setting.severity;
        }
    }

    /// The rules that are turned off, with the reasons.
    fn off(&mut self) -> BTreeMap<RuleId, String> {
        let settings = self.settings;
        let mut off = BTreeMap::new();
        for setting in &settings.off {
            let Some(at) = self.rule(&setting.rule) else {
                continue;
            };
            let Some(rule) = self.rules.get(at) else {
                continue;
            };
            let (id, locked, path) = (rule.id.clone(), rule.locked, rule.file.path().to_owned());
            if locked {
                let message = format!("rule `{id}` is locked; it cannot be turned off");
                let help = format!("Remove the entry; the rule is locked in {path}");
                self.error("config/locked-rule", &setting.rule, message, help);
                continue;
            }
            match setting.reason.as_deref().map(str::trim) {
                Some(reason) if !reason.is_empty() => {
                    off.insert(id, reason.to_owned());
                }
                _ => {
                    let message = format!("rule `{id}` is turned off without a reason");
                    let help = "Write the reason behind it; it is shown in every report";
                    self.error("config/missing-reason", &setting.rule, message, help);
                }
            }
        }
        off
    }

    /// What a base config locks binds the configs that extend it.
    fn locks(&mut self) {
        let settings = self.settings;
        for lock in &settings.locked {
            let Some(at) = self.rule(lock) else {
                continue;
            };
            if let Some(rule) = self.rules.get_mut(at) {
                rule.locked = true;
            }
            let binds = |named: &&Named| named.text == lock.text && named.layer > lock.layer;
            let mut broken: Vec<Named> = settings
                .off
                .iter()
                .map(|setting| &setting.rule)
                .chain(settings.params.iter().map(|setting| &setting.rule))
                .filter(binds)
                .cloned()
                .collect();
            let base = self.base_severity(&lock.text, lock.layer);
            broken.extend(
                settings
                    .severities
                    .iter()
                    .filter(|setting| base.is_some_and(|base| setting.severity < base))
                    .map(|setting| &setting.rule)
                    .filter(binds)
                    .cloned(),
            );
            for named in broken {
                self.findings.push(
                    Finding::new(
                        "config/locked-rule",
                        format!(
                            "rule `{}` is locked by a config that this one extends",
                            lock.text
                        ),
                        Label::new(named.location, "cannot be changed here"),
                    )
                    .with_related(Label::new(lock.location, "locked here"))
                    .with_help("Remove the entry, or ask the owners of the base config"),
                );
            }
        }
    }

    /// The severity that a rule has below and in a layer.
    fn base_severity(&self, id: &str, layer: u32) -> Option<Severity> {
        let own = find(&self.set.defined, id)?.default_severity;
        let set = self
            .settings
            .severities
            .iter()
            .rfind(|setting| setting.rule.text == id && setting.rule.layer <= layer);
        Some(set.map_or(own, |setting| setting.severity))
    }
}

/// The digest of rules: of everything that decides an outcome or is said with it.
fn digest(rules: &[Rule]) -> String {
    let mut hash = Sha256::new();
    let mut part = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    };
    for rule in rules {
        part(rule.id.as_str());
        part(rule.severity.as_str());
        part(if rule.locked { "locked" } else { "" });
        // What a catalogue says decides on which days the rule holds.
        part(&format!("{:?}", rule.effective));
        // The rule as it is written, whatever its formatting; examples and prose decide nothing.
        for entry in rule.source().entries() {
            if !matches!(
                entry.key,
                "rule"
                    | "severity"
                    | "title"
                    | "description"
                    | "params"
                    | "examples"
                    | "references"
            ) && !entry.key.starts_with("x-")
            {
                part(entry.key);
                part(&format!("{:?}", entry.value));
            }
        }
        for param in &rule.params {
            part(&param.name);
            part(&format!("{:?}", param.value.node()));
        }
        part("");
    }
    let bytes = hash.finalize();
    bytes.iter().fold("sha256:".to_owned(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
