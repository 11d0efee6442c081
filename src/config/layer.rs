//! What one config file says, and how it goes on top of weaker ones.
//!
//! The shape has been held against the schema before; what does not have it is passed over here,
//! because it has been reported.

use std::str::FromStr;
use std::sync::Arc;

use camino::Utf8PathBuf;

use super::glob::Glob;
use super::load::{Loader, Place};
use super::{
    Approvers, Config, DocumentEntry, FrameworkFile, KindEntry, Override, PackFolder, RoleEntry,
    Setting, SignOffSettings, WaiverSettings,
};
use crate::expr::is_blank;
use crate::files::FileKind;
use crate::finding::{Finding, Label, Severity};
use crate::policy::{Named, OffSetting, ParamSetting, SettingValue, Settings, SeveritySetting};
use crate::source::Location;
use crate::value::{Entry, NodeRef, Tree};

/// The base configs that a config names, with their places.
pub(super) fn bases(tree: &Tree) -> Vec<(&str, Location)> {
    let bases = tree.root().and_then(|root| root.get("extends"));
    bases
        .into_iter()
        .flat_map(NodeRef::items)
        .filter_map(|base| Some((base.as_str()?, base.location())))
        .collect()
}

/// Puts settings on top of weaker ones.
pub(super) fn append(weaker: &mut Settings, stronger: Settings) {
    // A rule that is given a severity is on, also where a weaker config turned it off.
    weaker.off.retain(|off| {
        stronger
            .severities
            .iter()
            .all(|entry| entry.rule.text != off.rule.text)
    });
    if stronger.packs.is_some() {
        weaker.packs = stronger.packs;
    }
    weaker.params.extend(stronger.params);
    weaker.severities.extend(stronger.severities);
    weaker.off.extend(stronger.off);
    weaker.locked.extend(stronger.locked);
}

/// What one config file says.
#[derive(Debug, Default)]
pub(super) struct Layer {
    documents: Vec<DocumentEntry>,
    exclude: Vec<Glob>,
    kinds: Vec<KindEntry>,
    formats: Vec<Setting<Utf8PathBuf>>,
    settings: Settings,
    pack_folders: Vec<PackFolder>,
    frameworks: Option<Vec<Named>>,
    framework_files: Vec<FrameworkFile>,
    fail_on: Option<Setting<Severity>>,
    overrides: Vec<Override>,
    sign_offs: SignOffSettings,
    waivers: WaiverSettings,
    limits: Vec<(String, Setting<i64>)>,
}

impl Layer {
    /// Reads a config's tree; what is wrong with it goes to the loader's problems.
    pub(super) fn of(
        tree: &Arc<Tree>,
        number: u32,
        place: &Place<'_>,
        loader: &mut Loader<'_>,
    ) -> Self {
        let mut reader = Reader {
            tree,
            number,
            place,
            loader,
        };
        let mut layer = Self::default();
        let Some(root) = tree.root() else {
            return layer;
        };
        for entry in root.entries() {
            let value = entry.value;
            match entry.key {
                "documents" => {
                    layer.documents = value.items().map(|e| reader.document(e)).collect();
                }
                "exclude" => layer.exclude = reader.globs(value),
                "kinds" => {
                    layer.kinds = value.entries().filter_map(|e| reader.kind(&e)).collect();
                }
                "formats" => {
                    layer.formats = value.items().filter_map(|e| reader.file(e)).collect();
                }
                "packs" => {
                    let packs = value.items().filter_map(|item| reader.named(item));
                    let packs = packs.collect();
                    let (packs, folders) = reader.packs(packs);
                    layer.settings.packs = Some(packs);
                    layer.pack_folders = folders;
                }
                "frameworks" => {
                    let named: Vec<_> = value.items().filter_map(|e| reader.named(e)).collect();
                    layer.framework_files = reader.catalogues(&named);
                    layer.frameworks = Some(named);
                }
                "params" => reader.params(value, &mut layer.settings),
                "rules" => reader.rules(value, &mut layer.settings),
                "fail_on" => layer.fail_on = severity(value),
                "overrides" => {
                    layer.overrides = value.items().map(|e| reader.override_entry(e)).collect();
                }
                "sign_offs" => layer.sign_offs = reader.sign_offs(value),
                "waivers" => layer.waivers = reader.waivers(value),
                "limits" => {
                    let limit = |e: Entry<'_>| Some((e.key.to_owned(), number_at(e.value)?));
                    layer.limits = value.entries().filter_map(limit).collect();
                }
                _ => {}
            }
        }
        layer
    }

    /// Puts this layer on top of a config.
    pub(super) fn merge_into(self, config: &mut Config) {
        config.documents.extend(self.documents);
        config.exclude.extend(self.exclude);
        for kind in self.kinds {
            config
                .kinds
                .retain(|known| known.name.value != kind.name.value);
            config.kinds.push(kind);
        }
        config.formats.extend(self.formats);
        config.formats.sort_by(|a, b| a.value.cmp(&b.value));
        config.formats.dedup_by(|a, b| a.value == b.value);
        config.kinds.sort_by(|a, b| a.name.value.cmp(&b.name.value));
        if self.settings.packs.is_some() {
            config.pack_folders = self.pack_folders;
        }
        if self.frameworks.is_some() {
            config.frameworks = self.frameworks;
            config.framework_files = self.framework_files;
        }
        append(&mut config.settings, self.settings);
        if let Some(fail_on) = self.fail_on {
            config.fail_on = fail_on;
        }
        config.overrides.extend(self.overrides);
        config.sign_offs.merge(self.sign_offs);
        config.waivers.merge(self.waivers);
        for (name, limit) in self.limits {
            let origin = limit.origin;
            let (Ok(bytes), Ok(count)) = (u64::try_from(limit.value), usize::try_from(limit.value))
            else {
                continue;
            };
            let bytes = Setting {
                value: bytes,
                origin,
            };
            let count = Setting {
                value: count,
                origin,
            };
            match name.as_str() {
                "file_bytes" => config.limits.file_bytes = bytes,
                "evidence_bytes" => config.limits.evidence_bytes = bytes,
                "report_bytes" => config.limits.report_bytes = bytes,
                "depth" => config.limits.depth = count,
                "nodes" => config.limits.nodes = count,
                "alias_nodes" => config.limits.alias_nodes = count,
                _ => {}
            }
        }
    }
}

struct Reader<'r, 'l> {
    tree: &'r Arc<Tree>,
    number: u32,
    place: &'r Place<'r>,
    loader: &'r mut Loader<'l>,
}

impl Reader<'_, '_> {
    fn document(&mut self, entry: NodeRef<'_>) -> DocumentEntry {
        DocumentEntry {
            paths: entry
                .get("paths")
                .map_or_else(Vec::new, |paths| self.globs(paths)),
            kind: entry.get("kind").and_then(text),
            format: entry.get("format").and_then(text),
        }
    }

    /// One glob or a list of them.
    fn globs(&mut self, node: NodeRef<'_>) -> Vec<Glob> {
        let single = node.as_str().map(|_| node);
        let mut globs = Vec::new();
        for (node, pattern) in single
            .into_iter()
            .chain(node.items())
            .filter_map(|node| Some((node, node.as_str()?)))
        {
            match Glob::new(pattern, node.location(), self.place.globs) {
                Ok(glob) => globs.push(glob),
                Err(message) => self.loader.problems.push(
                    Finding::new("config/glob", message, Label::new(node.location(), ""))
                        .with_help("Write a path relative to the config's folder, such as `specs/**/*.yaml`"),
                ),
            }
        }
        globs
    }

    fn kind(&mut self, entry: &Entry<'_>) -> Option<KindEntry> {
        let schema = text(entry.value.get("schema")?)?;
        let path =
            self.loader
                .resolve(&schema.value, schema.origin?, self.place, FileKind::File)?;
        let identity = entry.value.get("identity");
        Some(KindEntry {
            name: Setting {
                value: entry.key.to_owned(),
                origin: Some(entry.key_location),
            },
            schema: Setting {
                value: path,
                origin: schema.origin,
            },
            identity: identity
                .into_iter()
                .flat_map(NodeRef::items)
                .filter_map(text)
                .collect(),
            stage: entry.value.get("stage").and_then(text),
        })
    }

    /// A file inside the root.
    fn file(&mut self, node: NodeRef<'_>) -> Option<Setting<Utf8PathBuf>> {
        let named = text(node)?;
        let value = self
            .loader
            .resolve(&named.value, named.origin?, self.place, FileKind::File)?;
        Some(Setting {
            value,
            origin: named.origin,
        })
    }

    fn sign_offs(&mut self, node: NodeRef<'_>) -> SignOffSettings {
        let folder = node.get("folder").and_then(text);
        let signers = node.get("allowed_signers");
        let revoked = node.get("revoked").into_iter().flat_map(NodeRef::items);
        let distinct = node.get("distinct").into_iter().flat_map(NodeRef::items);
        let roles = node.get("roles").into_iter().flat_map(NodeRef::entries);
        let github = node.get("github").into_iter().flat_map(NodeRef::entries);
        SignOffSettings {
            folder: folder.and_then(|folder| {
                let value = self
                    .loader
                    .below(&folder.value, folder.origin?, self.place)?;
                Some(Setting {
                    value,
                    origin: folder.origin,
                })
            }),
            allowed_signers: signers.and_then(|file| self.file(file)),
            revoked: revoked.filter_map(|file| self.file(file)).collect(),
            minimum_assurance: node.get("minimum_assurance").and_then(parsed),
            distinct: distinct
                .map(|set| Setting {
                    value: set
                        .items()
                        .filter_map(|role| Some(role.as_str()?.to_owned()))
                        .collect(),
                    origin: Some(set.location()),
                })
                .collect(),
            roles: roles.map(|entry| role(&entry)).collect(),
            github: github.filter_map(|entry| login(&entry)).collect(),
        }
    }

    fn waivers(&mut self, node: NodeRef<'_>) -> WaiverSettings {
        let terms = node.get("max_term").into_iter().flat_map(NodeRef::entries);
        let approvers = node.get("approvers").into_iter().flat_map(NodeRef::entries);
        let files = node.get("files").map(|files| {
            let files = files.items().filter_map(|file| self.file(file));
            files.collect()
        });
        WaiverSettings {
            files,
            baseline: node.get("baseline").and_then(|file| self.file(file)),
            max_term: terms
                .filter_map(|entry| Some((entry.key.parse().ok()?, parsed(entry.value)?)))
                .collect(),
            inline: node.get("inline").and_then(parsed),
            approvers: approvers
                .map(|entry| Approvers {
                    of: Setting {
                        value: entry.key.to_owned(),
                        origin: Some(entry.key_location),
                    },
                    roles: entry.value.items().filter_map(text).collect(),
                })
                .collect(),
            minimum_assurance: node.get("minimum_assurance").and_then(parsed),
            warn_before: node.get("warn_before").and_then(parsed),
        }
    }

    fn named(&self, node: NodeRef<'_>) -> Option<Named> {
        Some(self.name(node.as_str()?, node.location()))
    }

    fn name(&self, text: &str, location: Location) -> Named {
        Named {
            text: text.to_owned(),
            location,
            layer: self.number,
        }
    }

    /// The packs by their names, and those that are folders. A folder's pack is called as it is.
    fn packs(&mut self, mut packs: Vec<Named>) -> (Vec<Named>, Vec<PackFolder>) {
        let mut folders = Vec::new();
        for pack in packs.iter_mut().filter(|pack| is_path(&pack.text)) {
            let Some(path) =
                self.loader
                    .resolve(&pack.text, pack.location, self.place, FileKind::Folder)
            else {
                continue;
            };
            let written = pack.clone();
            path.file_name()
                .unwrap_or_default()
                .clone_into(&mut pack.text);
            folders.push(PackFolder {
                name: written,
                path,
            });
        }
        (packs, folders)
    }

    /// The catalogues that are files.
    fn catalogues(&mut self, named: &[Named]) -> Vec<FrameworkFile> {
        let paths = named.iter().filter(|name| is_path(&name.text));
        let resolve = |name: &Named| {
            let path =
                self.loader
                    .resolve(&name.text, name.location, self.place, FileKind::File)?;
            Some(FrameworkFile {
                name: name.clone(),
                path,
            })
        };
        paths.filter_map(resolve).collect()
    }

    fn params(&self, rules: NodeRef<'_>, settings: &mut Settings) {
        for rule in rules.entries() {
            for param in rule.value.entries() {
                settings.params.push(ParamSetting {
                    rule: self.name(rule.key, rule.key_location),
                    param: self.name(param.key, param.key_location),
                    value: SettingValue {
                        tree: Arc::clone(self.tree),
                        node: param.value.id(),
                    },
                });
            }
        }
    }

    fn rules(&mut self, rules: NodeRef<'_>, settings: &mut Settings) {
        for rule in rules.entries() {
            let name = self.name(rule.key, rule.key_location);
            let node = rule.value;
            let flag = |key: &str| {
                node.get(key)
                    .is_some_and(|flag| flag.as_bool() == Some(true))
            };
            let level = node.get("severity").or(node.as_str().map(|_| node));
            let off = flag("off") || node.as_str() == Some("off");
            let reason = node.get("reason").and_then(NodeRef::as_str);
            if flag("locked") {
                settings.locked.push(name.clone());
            }
            if off && let Some(severity) = node.get("severity") {
                self.loader.problems.push(
                    Finding::new(
                        "config/contradiction",
                        format!("the rule `{}` is off and has a severity", rule.key),
                        Label::new(severity.location(), ""),
                    )
                    .with_help("Keep `off` or `severity`, not both"),
                );
            } else if off {
                if reason.is_none_or(is_blank) {
                    self.without_reason(&rule);
                }
                settings.off.push(OffSetting {
                    rule: name,
                    reason: reason.map(str::to_owned),
                });
            } else if let Some(severity) = level.and_then(severity)
                && let Some(location) = severity.origin
            {
                settings.severities.push(SeveritySetting {
                    rule: name,
                    severity: severity.value,
                    location,
                });
            }
        }
    }

    fn without_reason(&mut self, rule: &Entry<'_>) {
        self.loader.problems.push(
            Finding::new(
                "config/off-without-reason",
                format!("the rule `{}` is off and nothing says why", rule.key),
                Label::new(rule.value.address(), ""),
            )
            .with_help(format!(
                "Write `{}: {{off: true, reason: ...}}` with a reason that an auditor accepts",
                rule.key
            )),
        );
    }

    fn override_entry(&mut self, entry: NodeRef<'_>) -> Override {
        let mut settings = Settings::default();
        if let Some(params) = entry.get("params") {
            self.params(params, &mut settings);
        }
        if let Some(rules) = entry.get("rules") {
            self.rules(rules, &mut settings);
        }
        Override {
            paths: entry
                .get("paths")
                .map_or_else(Vec::new, |paths| self.globs(paths)),
            settings,
        }
    }
}

/// Whether an entry of `packs` or `frameworks` is a path and not the name of a built-in one.
fn is_path(pack: &str) -> bool {
    pack.contains('/') || pack.starts_with('.')
}

fn text(node: NodeRef<'_>) -> Option<Setting<String>> {
    Some(Setting {
        value: node.as_str()?.to_owned(),
        origin: Some(node.location()),
    })
}

/// A GitHub login, and whose it is.
fn login(entry: &Entry<'_>) -> Option<(Setting<String>, String)> {
    let login = Setting {
        value: entry.key.to_owned(),
        origin: Some(entry.key_location),
    };
    Some((login, entry.value.as_str()?.to_owned()))
}

fn role(entry: &Entry<'_>) -> RoleEntry {
    let node = entry.value;
    let members = node.get("members").into_iter().flat_map(NodeRef::items);
    let quorum = node.get("quorum").and_then(number_at);
    let validity = node.get("validity");
    let may = node.get("authors_may_sign");
    RoleEntry {
        name: Setting {
            value: entry.key.to_owned(),
            origin: Some(entry.key_location),
        },
        title: node.get("title").and_then(text),
        members: members.filter_map(text).collect(),
        quorum: quorum.and_then(|quorum| {
            Some(Setting {
                value: u32::try_from(quorum.value).ok()?,
                origin: quorum.origin,
            })
        }),
        validity: validity.and_then(parsed),
        minimum_assurance: node.get("minimum_assurance").and_then(parsed),
        authors_may_sign: may.and_then(|may| {
            Some(Setting {
                value: may.as_bool()?,
                origin: Some(may.location()),
            })
        }),
    }
}

fn severity(node: NodeRef<'_>) -> Option<Setting<Severity>> {
    parsed(node)
}

/// A text as the value that it stands for.
fn parsed<T: FromStr>(node: NodeRef<'_>) -> Option<Setting<T>> {
    Some(Setting {
        value: node.as_str()?.parse().ok()?,
        origin: Some(node.location()),
    })
}

fn number_at(node: NodeRef<'_>) -> Option<Setting<i64>> {
    Some(Setting {
        value: node.as_i64()?,
        origin: Some(node.location()),
    })
}
