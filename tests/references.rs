//! What a reference to another document may lead to.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up has failed"
)]

#[path = "common/gate.rs"]
mod gate;

use std::collections::BTreeMap;
use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use camino::{Utf8Path, Utf8PathBuf};
use launchgate::files::{FileKind, Files, FolderEntry, Memory, Opened};
use launchgate::finding::{Finding, Outcome, Report, Verdict};

use gate::{ROOT, check_with, memory, options};

/// A pack whose one rule follows each reference of a feature spec, and holds if the document at
/// its end has a title.
const PACK: &str = "name: acme\nversion: 1.0.0\ntitle: T\n";
const FOLLOW: &str = "\
rule: acme/follow
title: References lead somewhere
description: D.
severity: error
applies_to: feature-spec
for_each: doc.references
require:
  - ref(item.document).title != ''
";
const CONFIG: &str = "root: true\npacks: [./acme]\nexclude: [outside/**, links/**]\n";

fn spec(id: &str, target: &str) -> String {
    format!(
        "kind: feature-spec\nid: {id}\ntitle: T\nstatus: launched\nreferences:\n  - title: R\n    document: {target:?}\n"
    )
}

fn card(id: &str) -> String {
    format!("kind: model-card\nid: {id}\ntitle: T\n")
}

/// A repository in which `specs/asker.yaml` refers to `target`.
fn world(target: &str) -> Vec<(&'static str, String)> {
    vec![
        ("launchgate.yaml", CONFIG.to_owned()),
        ("acme/pack.yaml", PACK.to_owned()),
        ("acme/follow.yaml", FOLLOW.to_owned()),
        ("specs/asker.yaml", spec("asker", target)),
        (
            "specs/both.yaml",
            "kind: feature-spec\nid: both\ntitle: T\nreferences: []\n".into(),
        ),
        ("cards/both.yaml", card("both")),
        ("cards/risk.yaml", card("risk")),
        ("cards/twin-a.yaml", card("twin")),
        ("cards/twin-b.yaml", card("twin")),
        (
            "cards/two.yaml",
            format!("{}---\n{}", card("one"), card("two")),
        ),
        ("cards/broken.yaml", format!("{}model: [\n", card("broken"))),
        ("cards/notes.md", "# Notes\n".into()),
        ("outside/old.yaml", card("old")),
        (
            "outside/two.yaml",
            format!("{}---\n{}", card("three"), card("four")),
        ),
        ("outside/broken.yaml", format!("{}model: [\n", card("x"))),
        ("outside/notes.yaml", "a: 1\n".into()),
        ("outside/data.csv", "a,b\n".into()),
        (
            "outside/README.md",
            "---\nlibrary_name: x\n---\n# Card\n".into(),
        ),
        (
            "outside/README.md.launchgate.yaml",
            "title: From beside\n".into(),
        ),
        (
            "outside/bad-README.md",
            "---\nlibrary_name: x\n---\n# Card\n".into(),
        ),
        ("outside/bad-README.md.launchgate.yaml", "title: [\n".into()),
    ]
}

/// What the rule came to for the asker, and what it said.
fn asked(report: &Report) -> (Outcome, String) {
    let document = report
        .outcomes
        .iter()
        .find(|document| &*document.document.path == "specs/asker.yaml")
        .unwrap();
    let rows = &document.rules[0].rows;
    assert_eq!(rows.len(), 1, "{rows:?}");
    let of_asker = |finding: &&Finding| {
        finding.rule.as_str() == "acme/follow"
            && finding.document.as_ref() == Some(&document.document)
    };
    let said = report.findings.iter().find(of_asker);
    let message = said.map_or(String::new(), |finding| {
        assert!(finding.blocking, "{finding:?}");
        assert_eq!(finding.pointer, "/references/0/document");
        finding.message.clone()
    });
    (rows[0].outcome, message)
}

fn outcome_of(files: &dyn Files, root: &Utf8Path) -> (Outcome, String) {
    let mut options = options();
    options.outcomes = true;
    asked(&check_with(files, root, &options))
}

#[test]
fn a_reference_leads_to_one_document_or_says_why_not() {
    // An empty second column: the rule passes. Otherwise it is unknown, and says this.
    let table = [
        ("risk", ""),
        ("model-card:risk", ""),
        ("model-card:both", ""),
        ("../cards/risk.yaml", ""),
        ("./../cards/../cards/risk.yaml", ""),
        ("/cards/risk.yaml", ""),
        ("../cards/risk.yaml#risk", ""),
        ("../cards/two.yaml#two", ""),
        // Not checked itself, but inside the root.
        ("../outside/old.yaml", ""),
        ("../outside/old.yaml#old", ""),
        ("/outside/two.yaml#four", ""),
        ("../outside/README.md", ""),
        // Nothing there.
        ("riks", "`riks` refers to nothing; did you mean `risk`?"),
        ("far-away", "`far-away` refers to nothing"),
        (
            "../cards/rsik.yaml",
            "refers to nothing; did you mean `/cards/risk.yaml`?",
        ),
        (
            "risk.yaml",
            "`risk.yaml` refers to nothing; did you mean `/cards/risk.yaml`?",
        ),
        ("../cards/risk.yaml#other", "refers to nothing"),
        ("../outside/old.yaml#other", "refers to nothing"),
        ("#other", "`#other` refers to nothing"),
        ("feature-spec:risk", "refers to nothing"),
        ("https://example.com/card.yaml", "refers to nothing"),
        ("/etc/passwd.yaml", "refers to nothing"),
        ("old", "`old` refers to nothing"),
        // Several.
        (
            "twin",
            "refers to several documents: cards/twin-a.yaml (twin), cards/twin-b.yaml (twin)",
        ),
        (
            "both",
            "refers to several documents: cards/both.yaml (both), specs/both.yaml (both)",
        ),
        ("../cards/two.yaml", "refers to several documents: "),
        ("../outside/two.yaml", "refers to several documents: "),
        // Itself.
        (
            "asker",
            "references go round in a circle: specs/asker.yaml#asker -> specs/asker.yaml#asker",
        ),
        ("asker.yaml", "references go round in a circle"),
        ("#asker", "references go round in a circle"),
        // Not to be used.
        ("broken", "`cards/broken.yaml` cannot be read whole"),
        (
            "../cards/broken.yaml",
            "`cards/broken.yaml` cannot be read whole",
        ),
        (
            "../outside/broken.yaml",
            "`outside/broken.yaml` cannot be read whole",
        ),
        (
            "../outside/bad-README.md",
            "`outside/bad-README.md` cannot be read whole",
        ),
        (
            "../outside/notes.yaml",
            "`outside/notes.yaml` cannot be used: ",
        ),
        ("../cards/notes.md", "`cards/notes.md` cannot be used: "),
        (
            "../outside/data.csv",
            "`outside/data.csv` is no document: its extension",
        ),
        ("../outside/README.md.launchgate.yaml", "cannot be used: "),
        ("../outside/", "is no document: its extension"),
        (
            "../../elsewhere/card.yaml",
            "`../../elsewhere/card.yaml` leads out of the root",
        ),
    ];
    for (target, wanted) in table {
        let (outcome, said) = outcome_of(&memory(world(target)), ROOT.into());
        let expected = if wanted.is_empty() {
            Outcome::Pass
        } else {
            Outcome::Unknown
        };
        assert_eq!(outcome, expected, "{target}: {said}");
        assert!(said.contains(wanted), "{target}: {said}");
    }
}

#[cfg(unix)]
#[test]
fn links_are_what_they_lead_to_inside_the_root() {
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::write(elsewhere.path().join("card.yaml"), card("secret")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let root = Utf8PathBuf::from_path_buf(folder.path().canonicalize().unwrap()).unwrap();
    std::fs::create_dir_all(root.join("links")).unwrap();
    std::fs::create_dir(root.join(".git")).unwrap();
    let link =
        |to: &std::path::Path, at: &str| std::os::unix::fs::symlink(to, root.join(at)).unwrap();
    link("../cards/risk.yaml".as_ref(), "links/in.yaml");
    link("../cards".as_ref(), "links/cards");
    link("../specs/asker.yaml".as_ref(), "links/self.yaml");
    link("../outside/old.yaml".as_ref(), "links/old.yaml");
    link("../cards/gone.yaml".as_ref(), "links/gone.yaml");
    link(&elsewhere.path().join("card.yaml"), "links/out.yaml");
    link(elsewhere.path(), "links/out");
    link("round.yaml".as_ref(), "links/round.yaml");
    for (target, wanted) in [
        ("../links/in.yaml", ""),
        ("../links/in.yaml#risk", ""),
        ("../links/cards/two.yaml#two", ""),
        ("../links/old.yaml", ""),
        // A link hides no circle.
        ("../links/self.yaml", "references go round in a circle"),
        ("../links/gone.yaml", "refers to nothing"),
        (
            "../links/out.yaml",
            "`links/out.yaml` is a link that leads out of the root",
        ),
        (
            "../links/out/card.yaml",
            "`links/out/card.yaml` is a link that leads out of the root",
        ),
        ("../links/round.yaml", "`links/round.yaml` cannot be used: "),
    ] {
        for (path, text) in world(target) {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let (outcome, said) = outcome_of(&launchgate::files::Disk, &root);
        let expected = if wanted.is_empty() {
            Outcome::Pass
        } else {
            Outcome::Unknown
        };
        assert_eq!(outcome, expected, "{target}: {said}");
        assert!(said.contains(wanted), "{target}: {said}");
    }
}

/// The findings of the rule by path, in a repository of specs that refer to each other.
fn circle(edges: &[(&str, &str)]) -> BTreeMap<String, String> {
    let specs = edges
        .iter()
        .map(|(from, to)| (format!("{from}.yaml"), spec(from, to)));
    let files = world("risk")
        .into_iter()
        .map(|(path, text)| (path.to_owned(), text))
        .chain(specs);
    let report = check_with(&memory(files), ROOT.into(), &options());
    let found = report
        .findings
        .iter()
        .filter(|finding| finding.rule.as_str() == "acme/follow");
    found
        .map(|finding| {
            let path = finding.document.as_ref().unwrap().path.to_string();
            (path, finding.message.clone())
        })
        .collect()
}

#[test]
fn circles_are_said_to_each_that_lies_on_them_and_to_no_other() {
    let found = circle(&[
        ("a", "b"),
        ("b", "c.yaml"),
        ("c", "a"),
        ("into", "a"),
        ("d", "risk"),
    ]);
    let paths: Vec<_> = found.keys().map(String::as_str).collect();
    assert_eq!(paths, ["a.yaml", "b.yaml", "c.yaml"]);
    assert!(
        found["b.yaml"].contains("b.yaml#b -> c.yaml#c -> a.yaml#a -> b.yaml#b"),
        "{found:?}"
    );
    assert!(circle(&[("a", "b"), ("b", "c"), ("c", "risk")]).is_empty());
}

/// Files of which each reading is counted, and one of which changes after it was read once.
struct Watched {
    files: Memory,
    reads: Mutex<BTreeMap<Utf8PathBuf, usize>>,
    changing: Option<(Utf8PathBuf, String)>,
    changed: AtomicUsize,
}

impl Watched {
    fn new(files: Memory) -> Self {
        Self {
            files,
            reads: Mutex::default(),
            changing: None,
            changed: AtomicUsize::new(0),
        }
    }
}

impl Files for Watched {
    fn stat(&self, path: &Utf8Path) -> io::Result<FileKind> {
        self.files.stat(path)
    }

    fn stat_link(&self, path: &Utf8Path) -> io::Result<FileKind> {
        self.files.stat_link(path)
    }

    fn canonical(&self, path: &Utf8Path) -> io::Result<Utf8PathBuf> {
        self.files.canonical(path)
    }

    fn read(&self, path: &Utf8Path, limit: u64) -> io::Result<Vec<u8>> {
        *self
            .reads
            .lock()
            .unwrap()
            .entry(path.to_owned())
            .or_default() += 1;
        if let Some((changing, text)) = &self.changing
            && changing == path
            && self.changed.fetch_add(1, Ordering::SeqCst) > 0
        {
            return Ok(text.clone().into_bytes());
        }
        self.files.read(path, limit)
    }

    fn open(&self, path: &Utf8Path) -> io::Result<Opened> {
        let content = self.read(path, u64::MAX)?;
        Ok(Opened {
            bytes: content.len() as u64,
            content: Box::new(io::Cursor::new(content)),
        })
    }

    fn list(&self, path: &Utf8Path) -> io::Result<Vec<FolderEntry>> {
        self.files.list(path)
    }
}

#[test]
fn a_document_that_changes_between_the_passes_is_unknown() {
    let mut files = Watched::new(memory(world("risk")));
    assert_eq!(outcome_of(&files, ROOT.into()).0, Outcome::Pass);
    // The document itself is what it was; only its file is not.
    files.changing = Some((
        format!("{ROOT}/cards/risk.yaml").into(),
        format!("{}owner: someone else\n", card("risk")),
    ));
    let (outcome, said) = outcome_of(&files, ROOT.into());
    assert_eq!(outcome, Outcome::Unknown);
    assert_eq!(
        said,
        "`cards/risk.yaml` changed while it was checked; run the check again"
    );
}

/// A rule that looks at every document of a kind, for every document of another.
const ALL: &str = "\
rule: acme/all
title: All cards have a title
description: D.
severity: error
applies_to: feature-spec
require:
  - docs('model-card').all(card, card.title != '')
";

#[test]
fn each_file_is_read_twice_at_most_however_many_ask_for_it() {
    let mut files = vec![
        ("launchgate.yaml".to_owned(), CONFIG.to_owned()),
        ("acme/pack.yaml".to_owned(), PACK.to_owned()),
        ("acme/all.yaml".to_owned(), ALL.to_owned()),
        (
            "many.yaml".to_owned(),
            (0..50)
                .map(|at| card(&format!("many-{at}")))
                .collect::<Vec<_>>()
                .join("---\n"),
        ),
    ];
    for at in 0..60 {
        files.push((format!("specs/{at}.yaml"), spec(&format!("spec-{at}"), "x")));
        files.push((format!("cards/{at}.yaml"), card(&format!("card-{at}"))));
    }
    let files = Watched::new(memory(files));
    let report = check_with(&files, ROOT.into(), &options());
    assert_eq!((report.summary.pass, report.summary.unknown), (60, 0));
    for (path, count) in files.reads.lock().unwrap().iter() {
        // A document that asks is kept until it is answered.
        let most = if path.as_str().contains("/specs/") {
            1
        } else {
            2
        };
        assert!(*count <= most, "{path} was read {count} times");
    }
}

#[test]
fn documents_of_no_kind_are_not_an_empty_list() {
    let rule = ALL.replace("docs('model-card')", "docs(doc.title)");
    let files = [
        ("launchgate.yaml", CONFIG.to_owned()),
        ("acme/pack.yaml", PACK.to_owned()),
        ("acme/all.yaml", rule),
        (
            "a.yaml",
            spec("a", "x").replace("title: T", "title: model-crad"),
        ),
    ];
    let report = check_with(&memory(files), ROOT.into(), &options());
    assert_eq!(report.verdict, Verdict::Fail);
    let said = report
        .findings
        .iter()
        .find(|finding| finding.rule.as_str() == "acme/all");
    let message = &said.unwrap().message;
    assert!(
        message.contains("there is no kind `model-crad`; did you mean `model-card`?"),
        "{message}"
    );
}
