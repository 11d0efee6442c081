//! The checks that need no policy: what launchgate says of texts, shapes, paths, configs,
//! policies, sign-offs and waivers themselves. They are always on; no config lowers them.

mod config;
mod document;
mod input;
mod policy;
mod signoff;
mod waiver;

use std::fmt::Write as _;

/// One such check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// The rule id that findings carry.
    pub id: &'static str,
    /// What holds where it says nothing.
    pub title: &'static str,
    /// What is wrong, and why it is not passed over.
    pub meaning: &'static str,
    /// What to do.
    pub mend: &'static str,
}

/// Shorthand for the tables.
const fn check(
    id: &'static str,
    title: &'static str,
    meaning: &'static str,
    mend: &'static str,
) -> Check {
    Check {
        id,
        title,
        meaning,
        mend,
    }
}

/// The families of checks: what stands before the slash, and what they are about.
pub const FAMILIES: [(&str, &str); 9] = [
    ("document", "texts and what they hold"),
    ("schema", "the shapes of documents"),
    ("input", "paths"),
    ("config", "configs"),
    ("policy", "policies"),
    ("signoff", "sign-offs"),
    ("waiver", "files of waivers"),
    ("waivers", "waivers"),
    ("baseline", "the baseline"),
];

/// Every check, by family.
pub fn all() -> impl Iterator<Item = &'static Check> {
    [
        document::TEXTS,
        document::DOCUMENTS,
        document::SHAPES,
        input::PATHS,
        config::CONFIGS,
        policy::POLICIES,
        signoff::SIGN_OFFS,
        waiver::FILES,
        waiver::WAIVERS,
        waiver::BASELINE,
    ]
    .into_iter()
    .flatten()
}

/// A check as it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The check.
    pub check: &'static Check,
    /// The family that it speaks in, if that is another than its own: configs and policies are
    /// read and held to their schemas as documents are, so `config/unknown-key` is
    /// `schema/unknown-key` for a config.
    pub family: Option<&'static str>,
}

/// The check that findings of this rule id come from.
pub fn find(id: &str) -> Option<Asked> {
    if let Some(check) = all().find(|check| check.id == id) {
        return Some(Asked {
            check,
            family: None,
        });
    }
    let (family, name) = id.split_once('/')?;
    let family = ["config", "policy", "signoff", "waiver"]
        .into_iter()
        .find(|own| *own == family)?;
    let is_meant = |check: &&Check| check.id.split_once('/').is_some_and(|(_, own)| own == name);
    let check = document::TEXTS
        .iter()
        .chain(document::SHAPES)
        .find(is_meant)?;
    Some(Asked {
        check,
        family: Some(family),
    })
}

/// What stands at the foot of the rule table: that there is more than rules.
pub fn footer() -> String {
    let mut text = String::from("Always on, whatever the packs:\n");
    for (family, about) in FAMILIES {
        let own: Vec<_> = all()
            .filter(|check| {
                check
                    .id
                    .split_once('/')
                    .is_some_and(|(own, _)| own == family)
            })
            .collect();
        let example = own.first().map_or("", |check| check.id);
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "  {family:8}  {:2} checks of {about}, such as {example}",
            own.len(),
        );
    }
    text.push_str("`launchgate explain ID` has a page for each of them, and for each rule.\n");
    text
}
