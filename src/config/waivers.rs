//! `waivers`: where waivers and the baseline stand, and on which terms they count.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;

use super::{Config, Setting};
use crate::expr::time::IsoDuration;
use crate::finding::{Finding, Label, Severity, did_you_mean};
use crate::signoff::verdict::Assurance;
use crate::source::Location;
use crate::waiver::{InlineMode, Terms};

/// What configs say of waivers. `None` where none says it.
#[derive(Clone, Debug, Default)]
pub struct WaiverSettings {
    /// The files of waivers: absolute, links resolved, inside the root. Without them, the file beside
    /// each config that counts.
    pub files: Option<Vec<Setting<Utf8PathBuf>>>,
    /// The baseline: absolute, links resolved, inside the root.
    pub baseline: Option<Setting<Utf8PathBuf>>,
    /// How long a waiver may hold.
    pub max_term: BTreeMap<Severity, Setting<IsoDuration>>,
    /// Whether comments in documents may waive.
    pub inline: Option<Setting<InlineMode>>,
    /// Who may approve, by rule id, pack or severity.
    pub approvers: Vec<Approvers>,
    /// The least that an approval must be.
    pub minimum_assurance: Option<Setting<Assurance>>,
    /// How long before its end a waiver is named.
    pub warn_before: Option<Setting<IsoDuration>>,
}

/// Who may approve waivers of some rules.
#[derive(Clone, Debug)]
pub struct Approvers {
    /// A rule id, a pack or a severity, at its key.
    pub of: Setting<String>,
    /// Names of roles.
    pub roles: Vec<Setting<String>>,
}

impl WaiverSettings {
    /// Puts what a nearer config says on top.
    pub(super) fn merge(&mut self, nearer: Self) {
        self.files = nearer.files.or(self.files.take());
        self.baseline = nearer.baseline.or(self.baseline.take());
        self.max_term.extend(nearer.max_term);
        self.inline = nearer.inline.or(self.inline);
        self.minimum_assurance = nearer.minimum_assurance.or(self.minimum_assurance);
        self.warn_before = nearer.warn_before.or(self.warn_before);
        for entry in nearer.approvers {
            self.approvers
                .retain(|known| known.of.value != entry.of.value);
            self.approvers.push(entry);
        }
        self.approvers.sort_by(|a, b| a.of.value.cmp(&b.of.value));
    }

    /// Every value with its key, for `launchgate config show`.
    pub(super) fn shown(
        &self,
        config: &Config,
        yaml: fn(&str) -> String,
        row: &mut impl FnMut(String, String, Option<Location>),
    ) {
        let path =
            |path: &Utf8PathBuf| yaml(crate::files::paths::relative(path, &config.root).as_str());
        let key = |key: &str| format!("waivers.{key}");
        for file in self.files.iter().flatten() {
            row(key("files"), path(&file.value), file.origin);
        }
        if self.files.is_none() {
            row(key("files"), crate::waiver::FILE.to_owned(), None);
        }
        match &self.baseline {
            Some(file) => row(key("baseline"), path(&file.value), file.origin),
            None => row(key("baseline"), crate::waiver::BASELINE.to_owned(), None),
        }
        let terms = config.terms();
        for (severity, longest) in terms.longest.iter().rev() {
            let set = self.max_term.get(severity);
            row(
                format!("waivers.max_term.{severity}"),
                longest.to_string(),
                set.and_then(|set| set.origin),
            );
        }
        row(
            key("inline"),
            terms.inline.to_string(),
            self.inline.and_then(|set| set.origin),
        );
        for entry in &self.approvers {
            for role in &entry.roles {
                row(
                    format!("waivers.approvers.`{}`", entry.of.value),
                    yaml(&role.value),
                    role.origin,
                );
            }
        }
        row(
            key("minimum_assurance"),
            terms.minimum_assurance.to_string(),
            self.minimum_assurance.and_then(|set| set.origin),
        );
        if let Some(before) = self.warn_before {
            row(key("warn_before"), before.value.to_string(), before.origin);
        }
    }
}

impl Config {
    /// The terms on which waivers count.
    pub fn terms(&self) -> Terms {
        let settings = &self.waivers;
        let mut terms = Terms {
            inline: settings
                .inline
                .map_or_else(InlineMode::default, |set| set.value),
            roles: self.sign_offs.roles(),
            minimum_assurance: settings
                .minimum_assurance
                .map_or(Assurance::Named, |set| set.value),
            approvers: settings
                .approvers
                .iter()
                .map(|entry| {
                    let roles = entry.roles.iter().map(|role| role.value.clone());
                    (entry.of.value.clone(), roles.collect())
                })
                .collect(),
            ..Terms::default()
        };
        let longest = settings.max_term.iter();
        terms
            .longest
            .extend(longest.map(|(severity, set)| (*severity, set.value)));
        terms
    }

    /// An error for every role of `waivers.approvers` that is not among the config's own, and for
    /// every key of it that is no severity and none of the packs and rules given: it would be passed
    /// over, and others could approve.
    pub fn check_approvers(&self, packs: &[&str], rules: &[&str]) -> Vec<Finding> {
        let mut findings = Vec::new();
        let roles = &self.sign_offs.roles;
        let severities = Severity::ALL.iter().map(|severity| severity.as_str());
        let known: Vec<&str> = severities
            .chain(packs.iter().copied())
            .chain(rules.iter().copied())
            .collect();
        for entry in &self.waivers.approvers {
            let of = entry.of.value.as_str();
            if let Some(location) = entry.of.origin.filter(|_| !known.contains(&of)) {
                let near = did_you_mean(of, known.iter().copied());
                let message =
                    format!("`{of}` is no severity, no pack in use and no rule of one{near}");
                findings.push(
                    Finding::new("config/unknown-rule", message, Label::new(location, ""))
                        .with_help("`launchgate rules` lists the packs and rules in use"),
                );
            }
            for role in &entry.roles {
                let names = || roles.iter().map(|known| known.name.value.as_str());
                if let Some(location) = role.origin
                    && names().all(|known| known != role.value)
                {
                    let near = did_you_mean(&role.value, names());
                    let message = format!("no role is called `{}`{near}", role.value);
                    findings.push(
                        Finding::new("config/unknown-role", message, Label::new(location, ""))
                            .with_help("List it with its members under `sign_offs.roles`"),
                    );
                }
            }
        }
        findings
    }
}
