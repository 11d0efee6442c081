//! The page of a pack.

use jiff::civil::Date;

use super::{Page, WIDTH, count};
use crate::explain::catalogue::{rows, table};
use crate::policy::{Pack, PolicySet};

/// What a pack is for, and its rules.
pub fn pack_page(pack: &Pack, set: &PolicySet, as_of: Date) -> String {
    let mut page = Page::new(&pack.name, &pack.title);
    page.blank();
    if let Some(description) = &pack.description {
        page.paragraph(description, "");
        page.blank();
    }
    page.fact("version", &pack.version);
    page.fact("rules", pack.rules);
    if !pack.frameworks.is_empty() {
        page.fact("frameworks", pack.frameworks.join(", "));
    }
    page.fact("defined in", pack.file.path());
    page.heading(&format!("{}, as on {as_of}", count(pack.rules, "rule")));
    let mut own = rows(set, as_of);
    own.retain(|row| row.rule.id.pack() == &*pack.name);
    for line in table(&own, Some(WIDTH - 2)).lines() {
        page.line(format_args!("  {line}"));
    }
    page.0
}
