//! The effective config, value by value, each with where it came from: `launchgate config show`.

use std::collections::BTreeMap;

use super::Config;
use crate::source::Location;

/// One effective value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The path of the key, such as ``rules.`core/owner` ``.
    pub key: String,
    /// The value on one line, as YAML writes it: text that reads as something else is quoted.
    pub value: String,
    /// Where it was set; `None` for a default.
    pub origin: Option<Location>,
}

impl Config {
    /// Every effective value: those of the config's own keys, in the order of the schema, then
    /// overrides. What policies say of a rule that the config does not mention is not repeated.
    pub fn shown(&self) -> Vec<Shown> {
        let mut rows = Vec::new();
        let mut row = |key: String, value: String, origin: Option<Location>| {
            rows.push(Shown { key, value, origin });
        };
        for (index, entry) in self.documents.iter().enumerate() {
            for glob in &entry.paths {
                row(
                    format!("documents[{index}].paths"),
                    yaml(&glob.text),
                    Some(glob.location),
                );
            }
            for (key, name) in [("kind", &entry.kind), ("format", &entry.format)] {
                if let Some(name) = name {
                    row(
                        format!("documents[{index}].{key}"),
                        yaml(&name.value),
                        name.origin,
                    );
                }
            }
        }
        for glob in &self.exclude {
            row("exclude".to_owned(), yaml(&glob.text), Some(glob.location));
        }
        for kind in &self.kinds {
            let name = &kind.name.value;
            let schema = crate::files::paths::relative(&kind.schema.value, &self.root);
            row(
                format!("kinds.{name}.schema"),
                yaml(schema.as_str()),
                kind.schema.origin,
            );
            for field in &kind.identity {
                row(
                    format!("kinds.{name}.identity"),
                    yaml(&field.value),
                    field.origin,
                );
            }
            if let Some(stage) = &kind.stage {
                row(
                    format!("kinds.{name}.stage"),
                    yaml(&stage.value),
                    stage.origin,
                );
            }
        }
        for format in &self.formats {
            let path = crate::files::paths::relative(&format.value, &self.root);
            row("formats".to_owned(), yaml(path.as_str()), format.origin);
        }
        match &self.settings.packs {
            None => row("packs".to_owned(), "every built-in pack".to_owned(), None),
            Some(packs) => {
                for pack in packs {
                    let mut folders = self.pack_folders.iter().map(|folder| &folder.name);
                    let written = folders.find(|name| name.location == pack.location);
                    let text = &written.unwrap_or(pack).text;
                    row("packs".to_owned(), yaml(text), Some(pack.location));
                }
            }
        }
        match &self.frameworks {
            None => row("frameworks".to_owned(), "every framework".to_owned(), None),
            Some(frameworks) => {
                for named in frameworks {
                    row(
                        "frameworks".to_owned(),
                        yaml(&named.text),
                        Some(named.location),
                    );
                }
            }
        }
        settings_rows("", &self.settings, &mut row);
        row(
            "fail_on".to_owned(),
            self.fail_on.value.to_string(),
            self.fail_on.origin,
        );
        for (index, entry) in self.overrides.iter().enumerate() {
            for glob in &entry.paths {
                row(
                    format!("overrides[{index}].paths"),
                    yaml(&glob.text),
                    Some(glob.location),
                );
            }
            settings_rows(&format!("overrides[{index}]."), &entry.settings, &mut row);
        }
        self.sign_offs.shown(self, yaml, &mut row);
        self.waivers.shown(self, yaml, &mut row);
        let limits = &self.limits;
        for (name, limit) in [
            ("file_bytes", limits.file_bytes),
            ("evidence_bytes", limits.evidence_bytes),
            ("report_bytes", limits.report_bytes),
        ] {
            row(
                format!("limits.{name}"),
                limit.value.to_string(),
                limit.origin,
            );
        }
        for (name, limit) in [
            ("depth", limits.depth),
            ("nodes", limits.nodes),
            ("alias_nodes", limits.alias_nodes),
        ] {
            row(
                format!("limits.{name}"),
                limit.value.to_string(),
                limit.origin,
            );
        }
        rows
    }
}

/// Rows of params and rules, sorted by rule; of several entries for one thing the last counts.
fn settings_rows(
    prefix: &str,
    settings: &crate::policy::Settings,
    row: &mut impl FnMut(String, String, Option<Location>),
) {
    let mut params = BTreeMap::new();
    for entry in &settings.params {
        params.insert((&entry.rule.text, &entry.param.text), entry);
    }
    for ((rule, param), entry) in params {
        let node = entry.value.node();
        let value = node.as_str().map_or_else(|| format!("{node:?}"), yaml);
        row(
            format!("{prefix}params.`{rule}`.{param}"),
            value,
            Some(entry.param.location),
        );
    }
    let mut rules = BTreeMap::new();
    for entry in &settings.severities {
        let state = (entry.severity.to_string(), entry.location);
        rules.insert(&entry.rule.text, state);
    }
    for entry in &settings.off {
        let reason = entry.reason.as_deref().unwrap_or_default();
        let state = (format!("off ({reason})"), entry.rule.location);
        rules.insert(&entry.rule.text, state);
    }
    for (rule, (state, location)) in rules {
        row(format!("{prefix}rules.`{rule}`"), state, Some(location));
    }
    let mut locks = BTreeMap::new();
    for lock in &settings.locked {
        locks.entry(&lock.text).or_insert(lock.location);
    }
    for (rule, location) in locks {
        row(
            format!("{prefix}rules.`{rule}`.locked"),
            "true".to_owned(),
            Some(location),
        );
    }
}

/// A text as YAML writes it on one line: quoted where it would read as anything but this text.
fn yaml(text: &str) -> String {
    let written = serde_yaml::to_string(text).unwrap_or_default();
    let written = written.trim_end();
    if written.is_empty() || written.contains('\n') {
        return format!("{text:?}");
    }
    written.to_owned()
}

#[cfg(test)]
mod tests {
    use super::yaml;

    #[test]
    fn what_would_read_as_something_else_is_quoted() {
        for (text, written) in [
            ("P5Y", "P5Y"),
            ("specs/**/*.md", "specs/**/*.md"),
            ("**/*.md", "'**/*.md'"),
            ("true", "'true'"),
            ("1.10", "'1.10'"),
            ("", "''"),
            ("a\nb", "\"a\\nb\""),
        ] {
            assert_eq!(yaml(text), written, "{text:?}");
        }
    }
}
