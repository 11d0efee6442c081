//! The pages of rules and controls: they are what the policies say, all of it and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use launchgate::config::Config;
use launchgate::engine::Gate;
use launchgate::explain::markdown;
use launchgate::files::Memory;
use launchgate::source::SourceMap;

use crate::page::{Page, generated, root};

/// The pages that the built-in policies make, by their paths below the root.
static FRESH: LazyLock<BTreeMap<PathBuf, String>> = LazyLock::new(|| {
    let files = Memory::new([("/nowhere/.git/HEAD", "")]);
    let gate = Gate::with_examples(Config::empty("/nowhere"), SourceMap::default(), &files)
        .unwrap_or_else(|refusal| panic!("{:#?}", refusal.findings));
    let pages = markdown::pages(gate.rules(), gate.kinds());
    let pages = pages.into_iter();
    pages
        .map(|(path, text)| (Path::new("docs").join(path), text))
        .collect()
});

/// What is wrong with the pages that are there; with `BLESS` nothing, for then they are written.
/// Whoever reads them waits for it.
pub(crate) static WRONG: LazyLock<Vec<String>> = LazyLock::new(|| {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    for (path, text) in &*FRESH {
        let file = root().join(path);
        if fs::read_to_string(&file).is_ok_and(|found| found == *text) {
            continue;
        }
        if bless {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, text).unwrap();
        } else if file.exists() {
            wrong.push(format!("{} has drifted", path.display()));
        } else {
            wrong.push(format!("{} is missing", path.display()));
        }
    }
    for path in generated() {
        if FRESH.contains_key(&path) {
            continue;
        }
        if bless {
            fs::remove_file(root().join(&path)).unwrap();
        } else {
            wrong.push(format!("{} is left over", path.display()));
        }
    }
    wrong
});

#[test]
fn pages_of_rules_and_controls_have_not_drifted() {
    assert!(
        WRONG.is_empty(),
        "{:#?}\nrun `BLESS=1 cargo test --test docs`",
        *WRONG
    );
}

#[test]
fn every_rule_and_every_control_has_its_page() {
    let fresh = &*FRESH;
    let of = |folder: &str| -> BTreeSet<String> {
        let names = fs::read_dir(root().join(folder)).unwrap();
        let names = names.map(|entry| entry.unwrap().path());
        let names = names.filter(|path| path.extension().is_some_and(|found| found == "yaml"));
        names
            .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
            .filter(|name| name != "pack")
            .collect()
    };
    let controls = of("policies/frameworks");
    assert!(controls.len() >= 11, "{controls:?}");
    for name in controls {
        assert!(fresh.contains_key(Path::new(&format!("docs/controls/{name}.md"))));
    }
    for name in of("policies/privacy") {
        assert!(fresh.contains_key(Path::new(&format!("docs/rules/privacy/{name}.md"))));
    }
    let count = |folder: &str| {
        let pages = fresh.keys().filter(|path| path.starts_with(folder));
        pages.count() - 1
    };
    assert!(count("docs/rules") > 100 && count("docs/controls") >= 11);
}

#[test]
fn headings_of_a_page_have_anchors_of_their_own() {
    for (path, text) in &*FRESH {
        let page = Page {
            path: path.clone(),
            text: text.clone(),
        };
        let headings = page.prose();
        let headings = headings.lines().filter(|line| line.starts_with('#'));
        assert_eq!(
            crate::links::anchors(&page).len(),
            headings.count(),
            "{}",
            page.path.display()
        );
    }
}
