//! Links between pages lead to files and headings that are there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::LazyLock;

use regex::Regex;

use crate::manual::WRONG;
use crate::page::{Page, generated, manual, root};

/// The anchors of a page's headings, as hosting services make them.
pub(crate) fn anchors(page: &Page) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    for line in page.prose().lines().filter(|line| line.starts_with('#')) {
        let title = line.trim_start_matches('#').trim().to_lowercase();
        let kept = title
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        anchors.insert(kept.collect::<String>().replace(' ', "-"));
    }
    anchors
}

#[test]
fn links_resolve() {
    let link = Regex::new(r"\]\(([^)\s]+)\)").unwrap();
    let code = Regex::new("`[^`\n]*`").unwrap();
    let mut pages = manual();
    for name in [
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
    ] {
        pages.push(Page::read(name));
    }
    LazyLock::force(&WRONG);
    pages.extend(generated().into_iter().map(Page::read));
    let mut known: BTreeMap<PathBuf, BTreeSet<String>> = BTreeMap::new();
    let mut broken = Vec::new();
    let mut followed = 0;
    for page in &pages {
        // Code in a link's text hides nothing: the address stands outside of it.
        let prose = page.prose();
        let prose = code.replace_all(&prose, "code");
        for target in link.captures_iter(&prose).map(|found| found[1].to_owned()) {
            if target.contains("://") {
                continue;
            }
            followed += 1;
            let (path, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let file = match path {
                "" => page.path.clone(),
                path => page.path.parent().unwrap().join(path),
            };
            if !root().join(&file).exists() {
                broken.push(format!("{}: {target}", page.path.display()));
            } else if !anchor.is_empty()
                && !known
                    .entry(file)
                    .or_insert_with_key(|file| anchors(&Page::read(file)))
                    .contains(anchor)
            {
                broken.push(format!(
                    "{}: {target}: no such heading",
                    page.path.display()
                ));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(followed > 40, "{followed}");
}
