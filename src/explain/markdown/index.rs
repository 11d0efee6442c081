//! The indices: packs with their rules, and frameworks with what is covered of them.

use std::sync::Arc;

use super::escape::{anchor, cell, code_cell, link, prose};
use super::framework::covered;
use super::writer::Page;
use super::{framework_path, rule_path};
use crate::explain::page::count;
use crate::policy::{Pack, PolicySet, Rule};

/// The rules, pack by pack.
pub(super) fn rules(set: &PolicySet) -> String {
    let mut page = Page::new("Rules");
    page.block(format_args!(
        "{} in {}. Each page says what a rule asks for and why, how it is decided, what passes it and \
         what does not. [`policies.md`](../policies.md) says how rules are written, \
         [`controls`](../controls/README.md) which of them serve a law or standard.",
        count(set.defined().len(), "rule"),
        count(set.packs().len(), "pack"),
    ));
    let packs = set.packs().iter().map(|pack| {
        let about = pack.description.as_deref().unwrap_or(&pack.title);
        [
            link(&code_cell(&pack.name), &format!("#{}", anchor(&pack.name))),
            pack.rules.to_string(),
            cell(about),
        ]
    });
    page.table(["pack", "rules", "what it is for"], packs);
    for pack in set.packs() {
        of_pack(&mut page, pack, set);
    }
    page.finish()
}

fn of_pack(page: &mut Page, pack: &Pack, set: &PolicySet) {
    page.section(&prose(&pack.name));
    let title = prose(&pack.title);
    if pack.frameworks.is_empty() {
        page.block(title);
    } else {
        let link = |id: &Arc<str>| link(&code_cell(id), &format!("../{}", framework_path(id)));
        let frameworks: Vec<_> = pack.frameworks.iter().map(link).collect();
        page.block(format_args!("{title}; serves {}", frameworks.join(", ")));
    }
    let own = |rule: &&Rule| rule.id.pack() == &*pack.name;
    let rows = set.defined().iter().filter(own).map(|rule| {
        let name = rule.id.as_str().split_once('/');
        let name = name.map_or("", |(_, name)| name);
        let path = rule_path(&rule.id);
        [
            link(
                &code_cell(name),
                path.strip_prefix("rules/").unwrap_or(&path),
            ),
            rule.default_severity.to_string(),
            rule.blocks_from.to_string(),
            cell(&rule.applies_to.join(", ")),
            cell(&rule.title),
        ]
    });
    let names = [
        "rule",
        "severity",
        "blocks from",
        "applies to",
        "what holds",
    ];
    page.table(names, rows);
}

/// The frameworks.
pub(super) fn frameworks(set: &PolicySet) -> String {
    let mut page = Page::new("Controls");
    page.block(
        "What laws, rules and standards ask for, and which [rules](../rules/README.md) serve it. The \
         summaries are in own words and no legal advice; a control that no rule serves is listed as \
         not covered.",
    );
    let rows = set.frameworks().iter().map(|framework| {
        let path = framework_path(&framework.id);
        let target = path.strip_prefix("controls/").unwrap_or(&path);
        let (all, covered) = (framework.controls.len(), covered(framework, set));
        [
            link(&code_cell(&framework.id), target),
            cell(&framework.title),
            all.to_string(),
            covered.to_string(),
            (all - covered).to_string(),
        ]
    });
    let names = ["framework", "title", "controls", "covered", "not covered"];
    page.table(names, rows);
    page.finish()
}
