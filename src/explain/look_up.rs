//! What a name means.

use crate::document::Kinds;
use crate::explain::checks::{self, Asked};
use crate::finding::nearest;
use crate::framework::{Control, Framework};
use crate::policy::{self, OffRule, Pack, PolicySet, Rule, Settings};
use crate::schema::Schema;

/// What a name given to `explain` means.
#[derive(Clone, Debug)]
pub enum Subject<'s> {
    /// A rule.
    Rule {
        /// As it holds, or as its policy has it where it is off.
        rule: &'s Rule,
        /// Why it is off, if it is.
        off: Option<&'s OffRule>,
    },
    /// A check that needs no policy.
    Check(Asked),
    /// A control of a catalogue, whether or not a rule serves it.
    Control(&'s Control),
    /// A framework, and the pack in use that has the same name.
    Framework {
        /// The framework.
        framework: &'s Framework,
        /// The pack.
        pack: Option<&'s Pack>,
    },
    /// A pack in use.
    Pack(&'s Pack),
    /// Nothing of this name.
    Unknown(Unknown),
}

/// Why a name means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The fact, with what was probably meant.
    pub message: String,
    /// The next action.
    pub help: String,
}

/// Looks up a rule, a check, a control, a framework or a pack by its id.
pub fn look_up<'s>(set: &'s PolicySet, kinds: &Kinds, name: &str) -> Subject<'s> {
    let defined = || set.defined().iter().find(|rule| rule.id.as_str() == name);
    if let Some(rule) = set.rule(name).or_else(defined) {
        let off = set.off().iter().find(|off| off.id == rule.id);
        return Subject::Rule { rule, off };
    }
    if let Some(asked) = checks::find(name) {
        return Subject::Check(asked);
    }
    if let Some(control) = set.frameworks().control(name) {
        return Subject::Control(control);
    }
    let pack = set.packs().iter().find(|pack| *pack.name == *name);
    match (set.frameworks().get(name), pack) {
        (Some(framework), pack) => Subject::Framework { framework, pack },
        (None, Some(pack)) => Subject::Pack(pack),
        (None, None) => Subject::Unknown(unknown(set, kinds, name)),
    }
}

/// The rules of the packs that come with launchgate and are not in use, as their policies have
/// them, sorted by id.
pub fn unchosen(set: &PolicySet, kinds: &Kinds) -> Vec<Rule> {
    let mut packs = policy::builtin_packs(&mut 0);
    packs.retain(|pack| set.packs().iter().all(|used| *used.name != *pack.name));
    let types = |name: &str| {
        let kind = kinds.get(name)?;
        Some(Schema::lazy(&kind.name, kind.schema.clone()).object_type())
    };
    // They are only told about; what would be wrong with them is said when they are chosen.
    let frameworks = policy::builtin_frameworks(&mut 0).into();
    policy::load(
        &packs,
        &frameworks,
        kinds,
        &types,
        &crate::signoff::signatures(),
        &Settings::default(),
    )
    .map(|others| others.defined().to_vec())
    .unwrap_or_default()
}

/// Says that a name means nothing here.
fn unknown(set: &PolicySet, kinds: &Kinds, name: &str) -> Unknown {
    let pack = name.split_once('/').map_or(name, |(pack, _)| pack);
    let in_use = set.packs().iter().any(|used| *used.name == *pack);
    if !in_use && set.known_packs().iter().any(|known| **known == *pack) {
        let others = unchosen(set, kinds);
        let is_rule = others.iter().any(|rule| rule.id.as_str() == name);
        if is_rule || name == pack {
            let of = if is_rule { "the pack of " } else { "the pack " };
            return Unknown {
                message: format!("{of}`{name}` is not in use"),
                help: format!(
                    "Add `{pack}` to `packs` in launchgate.yaml, or read on with \
                     `launchgate explain --isolated {name}`"
                ),
            };
        }
    }
    let near =
        meant(set, name).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    Unknown {
        message: format!("no rule, check, control, framework or pack in use is called `{name}`{near}"),
        help: "`launchgate rules` lists the rules in use, `launchgate explain gdpr` the controls of a \
               framework"
            .to_owned(),
    }
}

/// The id that was probably meant by a name that is none.
fn meant(set: &PolicySet, name: &str) -> Option<String> {
    let rules = set.defined().iter().map(|rule| rule.id.as_str());
    let ids: Vec<&str> = rules.chain(checks::all().map(|check| check.id)).collect();
    let frameworks = set.frameworks();
    let controls = frameworks
        .iter()
        .flat_map(|framework| &framework.controls)
        .map(|control| &*control.reference);
    let controls: Vec<&str> = controls.collect();
    let packs = set.packs().iter().map(|pack| &*pack.name);
    let all = ids
        .iter()
        .chain(&controls)
        .copied()
        .chain(frameworks.names())
        .chain(packs);
    if let Some(near) = nearest(name, all) {
        return Some(near.to_owned());
    }
    // Often only the name of a rule is known, without its pack, or a control without its framework.
    let is_own = |id: &&&str| id.split_once(':').is_some_and(|(_, own)| own == name);
    if let Some(control) = controls.iter().find(is_own) {
        return Some((*control).to_owned());
    }
    let own = |id: &&str| id.split_once('/').map_or("", |(_, own)| own).to_owned();
    let names: Vec<String> = ids.iter().map(own).collect();
    let near = nearest(name, names.iter().map(String::as_str))?;
    let at = names.iter().position(|own| own == near)?;
    ids.get(at).map(|id| (*id).to_owned())
}
