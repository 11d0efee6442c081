//! Which rows of the catalogue are wanted.

use std::fmt;

use super::Row;
use crate::document::Kinds;
use crate::finding::{Severity, did_you_mean};
use crate::policy::PolicySet;

/// Conditions on rules. Of each sort one must hold, and a sort without conditions always does.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Names of packs.
    pub packs: Vec<String>,
    /// Kinds of documents.
    pub kinds: Vec<String>,
    /// Controls (`gdpr:5(1)(e)`), and frameworks (`gdpr`), which stand for all of their controls.
    pub controls: Vec<String>,
    /// Severities that hold in the run.
    pub severities: Vec<Severity>,
}

/// A name in a filter that means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    /// The fact, with what was probably meant.
    pub message: String,
    /// The next action.
    pub help: String,
}

impl Filter {
    /// Whether there is no condition.
    pub fn is_empty(&self) -> bool {
        self.packs.is_empty()
            && self.kinds.is_empty()
            && self.controls.is_empty()
            && self.severities.is_empty()
    }

    /// Whether a row is wanted.
    pub fn admits(&self, row: &Row<'_>) -> bool {
        let rule = row.rule;
        let serves = |wanted: &String| {
            rule.controls.iter().any(|control| {
                **control == **wanted
                    || control
                        .split_once(':')
                        .is_some_and(|(framework, _)| framework == wanted)
            })
        };
        any(&self.packs, |pack| rule.id.pack() == pack)
            && any(&self.kinds, |kind| rule.applies_to(kind))
            && any(&self.controls, serves)
            && any(&self.severities, |severity| rule.severity == *severity)
    }

    /// The first name that means nothing: a filter by it would match nothing, whatever the rules.
    ///
    /// # Errors
    /// A pack that is not in use, a kind that there is not, or a control that no catalogue has.
    pub fn check(&self, set: &PolicySet, kinds: &Kinds) -> Result<(), UnknownName> {
        let in_use: Vec<&str> = set.packs().iter().map(|pack| &*pack.name).collect();
        for pack in &self.packs {
            if in_use.contains(&pack.as_str()) {
                continue;
            }
            if set.known_packs().iter().any(|known| **known == **pack) {
                return Err(UnknownName {
                    message: format!("the pack `{pack}` is not in use"),
                    help: "Add it to `packs` in launchgate.yaml, or look with `--isolated`".into(),
                });
            }
            let near = did_you_mean(pack, in_use.iter().copied());
            return Err(UnknownName {
                message: format!("there is no pack `{pack}`{near}"),
                help: format!("In use are {}", in_use.join(", ")),
            });
        }
        for kind in &self.kinds {
            if kinds.get(kind).is_none() {
                let near = did_you_mean(kind, kinds.names());
                return Err(UnknownName {
                    message: format!("there is no kind `{kind}`{near}"),
                    help: format!("There are {}", kinds.names().collect::<Vec<_>>().join(", ")),
                });
            }
        }
        let frameworks = set.frameworks();
        for control in &self.controls {
            let unknown = if control.contains(':') {
                frameworks.resolve(control).err()
            } else if frameworks.get(control).is_none() {
                Some(frameworks.unknown(control))
            } else {
                None
            };
            if let Some(unknown) = unknown {
                return Err(UnknownName {
                    message: unknown.message,
                    help: unknown.help,
                });
            }
        }
        Ok(())
    }
}

fn any<T>(wanted: &[T], holds: impl Fn(&T) -> bool) -> bool {
    wanted.is_empty() || wanted.iter().any(holds)
}

/// As it is typed: `--pack privacy --severity note`.
impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = |option, names: &[String]| -> Vec<String> {
            let typed = |name: &String| format!("--{option} {name}");
            names.iter().map(typed).collect()
        };
        let mut words = named("pack", &self.packs);
        words.extend(named("kind", &self.kinds));
        words.extend(named("control", &self.controls));
        let severities = self.severities.iter();
        words.extend(severities.map(|severity| format!("--severity {severity}")));
        f.write_str(&words.join(" "))
    }
}
