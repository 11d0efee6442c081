//! What `check --fix` makes of documents: what it mends, what it leaves, and that a second time changes
//! nothing.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up has failed"
)]

#[expect(
    dead_code,
    clippy::panic,
    reason = "only the files and options are needed"
)]
#[path = "common/gate.rs"]
mod gate;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use launchgate::config::{self, Config};
use launchgate::discover::{self, Request};
use launchgate::engine::{Gate, Inputs};
use launchgate::files::Memory;
use launchgate::finding::{Report, Safety};
use launchgate::fix::{self, Fixed};
use launchgate::source::SourceMap;
use proptest::prelude::*;

use gate::{ROOT, memory, options};

static GATE: LazyLock<Gate> = LazyLock::new(|| {
    Gate::new(
        Config::empty(ROOT),
        SourceMap::default(),
        &memory::<&str, &str>([]),
    )
    .unwrap()
});

fn inputs(files: &Memory) -> Inputs<'_> {
    let request = Request {
        current: ROOT.into(),
        paths: Vec::new(),
        stdin: None,
    };
    let mut sources = GATE.sources().clone();
    let discovered = discover::discover(&request, GATE.config(), files, &mut sources);
    Inputs {
        discovered,
        sources: SourceMap::default(),
        files,
    }
}

type Texts = BTreeMap<String, Vec<u8>>;

fn texts<const N: usize>(files: [(&str, &str); N]) -> Texts {
    let owned = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
    owned.into_iter().collect()
}

fn files_of(texts: &Texts) -> Memory {
    memory(texts.iter().map(|(path, text)| (path, text.clone())))
}

fn check(texts: &Texts) -> Report {
    GATE.check(inputs(&files_of(texts)), &options())
}

/// Applies fixes and puts the new texts in the places of the old ones.
fn apply(texts: &mut Texts, level: Safety) -> Fixed {
    let fixed = fix::apply(&GATE, inputs(&files_of(texts)), &options(), level);
    for file in &fixed.files {
        let known = texts.insert(file.path.to_string(), file.after.clone().into());
        assert_eq!(known.unwrap(), file.before.as_bytes());
    }
    fixed
}

/// Applies fixes, and once more, which must change nothing.
fn settled(texts: &mut Texts, level: Safety) -> Fixed {
    let fixed = apply(texts, level);
    let again = apply(texts, level);
    assert_eq!((again.files, again.report.summary.fixed), (vec![], 0));
    assert_eq!(again.left, fixed.left);
    fixed
}

/// The only file after its fixes.
fn after(path: &str, text: &str, level: Safety) -> String {
    let mut texts = texts([(path, text)]);
    settled(&mut texts, level);
    String::from_utf8(texts.remove(path).unwrap()).unwrap()
}

const HEAD: &str = "kind: feature-spec\nid: a\n";

#[test]
fn slips_and_notations_are_mended_in_every_syntax() {
    for (path, before, now) in [
        // Keys: comments, quotes, indentation and line ends stay.
        (
            "a.yaml",
            "kind: feature-spec\nid: a\ntitel: A  # t\n",
            "kind: feature-spec\nid: a\ntitle: A  # t\n",
        ),
        (
            "a.yaml",
            "\u{FEFF}kind: feature-spec\r\nid: a\r\n'titel' : A\r\n",
            "\u{FEFF}kind: feature-spec\r\nid: a\r\n'title' : A\r\n",
        ),
        (
            "a.yaml",
            "{kind: feature-spec, id: a, Title: A}",
            "{kind: feature-spec, id: a, title: A}",
        ),
        (
            "a.json",
            "{\"kind\":\"feature-spec\",\n\t\"id\":\"a\",\"tilte\":\"A\"}",
            "{\"kind\":\"feature-spec\",\n\t\"id\":\"a\",\"title\":\"A\"}",
        ),
        (
            "a.toml",
            "kind = 'feature-spec' # k\nid = \"a\"\ntitl = 'A'\n",
            "kind = 'feature-spec' # k\nid = \"a\"\ntitle = 'A'\n",
        ),
        (
            "a.md",
            "---\nkind: feature-spec\nid: a\ntitel: A\n---\n# Titel\n\ntitel: A\n",
            "---\nkind: feature-spec\nid: a\ntitle: A\n---\n# Titel\n\ntitel: A\n",
        ),
        (
            "a.md",
            "+++\r\nkind = \"feature-spec\"\r\nid = \"a\"\r\ntitel = \"A\"\r\n+++\r\nx\r\n",
            "+++\r\nkind = \"feature-spec\"\r\nid = \"a\"\r\ntitle = \"A\"\r\n+++\r\nx\r\n",
        ),
        // Values.
        (
            "a.yaml",
            "kind: feature-spec\nid: a\nrisk_tier: \"High\" # r\n",
            "kind: feature-spec\nid: a\nrisk_tier: \"high\" # r\n",
        ),
        (
            "a.yaml",
            "kind: feature-spec\nid: a\nstatus: in_review\n",
            "kind: feature-spec\nid: a\nstatus: in-review\n",
        ),
        (
            "a.yaml",
            "kind: feature-spec\nid: a\ndata: [{name: b, retention: 2 years}]\n",
            "kind: feature-spec\nid: a\ndata: [{name: b, retention: P2Y}]\n",
        ),
        (
            "a.json",
            "{\"kind\": \"feature-spec\", \"id\": \"a\", \"launch\": {\"date\": \"2 May 2027\"}}",
            "{\"kind\": \"feature-spec\", \"id\": \"a\", \"launch\": {\"date\": \"2027-05-02\"}}",
        ),
        (
            "a.toml",
            "kind = 'feature-spec'\nid = 'a'\n[launch]\ndate = '2027/05/02'\n",
            "kind = 'feature-spec'\nid = 'a'\n[launch]\ndate = '2027-05-02'\n",
        ),
        (
            "a.yaml",
            "kind: feature-spec\nid: a\ndata:\n- name: b\n  personal: yes\n",
            "kind: feature-spec\nid: a\ndata:\n- name: b\n  personal: true\n",
        ),
        (
            "a.json",
            "{\"kind\": \"feature-spec\", \"id\": \"a\", \"data\": [{\"name\": \"b\", \"personal\": \"No\"}]}",
            "{\"kind\": \"feature-spec\", \"id\": \"a\", \"data\": [{\"name\": \"b\", \"personal\": false}]}",
        ),
        (
            "a.yaml",
            "kind: feature-spec\nid: a\nversion: 1.10\n",
            "kind: feature-spec\nid: a\nversion: \"1.10\"\n",
        ),
        // One behind the other: what stands below a key is known when the key is.
        (
            "a.yaml",
            "kind: feature-spec\nid: a\ndta:\n- {nmae: b, persnal: yes, retentoin: 90 days}\n",
            "kind: feature-spec\nid: a\ndata:\n- {name: b, personal: true, retention: P90D}\n",
        ),
        // Several documents in a file.
        (
            "a.yaml",
            "kind: feature-spec\nid: a\ntitel: A\n--- # two\nkind: feature-spec\nid: b\ntitel: B\n",
            "kind: feature-spec\nid: a\ntitle: A\n--- # two\nkind: feature-spec\nid: b\ntitle: B\n",
        ),
    ] {
        assert_eq!(after(path, before, Safety::Safe), now);
    }
}

#[test]
fn what_could_mean_something_else_is_left() {
    for rest in [
        // Another day, another unit, no unit.
        "launch: {date: 02/05/2027}\n",
        "data: [{name: b, retention: 5m}]\n",
        "data: [{name: b, retention: \"90\"}]\n",
        // The right key is there.
        "title: A\ntitel: B\n",
        // Two keys are as near.
        "idd: b\n",
        // No slip of the hand, but perhaps another word.
        "data: [{name: b, retention_end: P2Y}]\n",
        // A value that the key does not take, and none at all.
        "titel: [A]\n",
        "titel:\n",
        "colour: red\n",
        "status: finished\n",
        // Text over several lines, and what an alias or a merge key brings along.
        "data: [{name: b, retention: |\n  2 years\n}]\n",
        "x-d: &d {titel: A}\n<<: *d\n",
        "x-d: &d 2 years\ndata: [{name: b, retention: *d}]\n",
    ] {
        let text = format!("{HEAD}{rest}");
        assert_eq!(after("a.yaml", &text, Safety::Safe), text);
    }
}

#[test]
fn what_is_further_away_is_for_somebody_to_stand_behind() {
    let text = format!("{HEAD}data: [{{name: b, retentions_end: P2Y}}]\n");
    assert_eq!(after("a.yaml", &text, Safety::Safe), text);
    let text = format!("{HEAD}data: [{{name: b, retention_en: P2Y}}]\n");
    assert_eq!(
        after("a.yaml", &text, Safety::Unsafe),
        text.replace("retention_en", "retention")
    );
}

#[test]
fn a_file_that_cannot_be_read_is_left_as_it_is() {
    for text in [
        "kind: feature-spec\nid: a\ntitel: A\nid: b\n",
        "kind: feature-spec\nid: a\ntitel: A\n\tb: c\n",
        "kind: feature-spec\nid: a\ntitel: *nothing\n",
        "kind: feature-spec\nid: a\ntitel: [\n",
    ] {
        assert_eq!(after("a.yaml", text, Safety::Unsafe), text);
    }
}

#[test]
fn a_fix_that_would_break_what_holds_is_left_and_said() {
    // Launched is what nobody says it is, as long as it is misspelt.
    let text = format!("{HEAD}status: Draft\nlaunch: {{date: 2026-05-02}}\n");
    let mut texts = texts([("a.yaml", &text)]);
    let fixed = settled(&mut texts, Safety::Safe);
    assert!(fixed.files.is_empty());
    assert_eq!(
        fixed.left,
        [
            "not fixed in a.yaml: write `draft`: core/status-fits-launch-date holds as it is, and would not any more"
        ]
    );
    assert!(fixed.report.notices.contains(&fixed.left[0]));
}

#[test]
fn two_files_are_fixed_in_one_run() {
    let mut texts = texts([
        ("a.yaml", "kind: feature-spec\nid: a\ntitel: A\n"),
        ("b.yaml", "kind: model-card\nid: b\ntitel: B\n"),
        ("c.yaml", "kind: model-card\nid: c\ntitle: C\n"),
    ]);
    let fixed = settled(&mut texts, Safety::Safe);
    assert_eq!(fixed.report.summary.fixed, 2);
    let paths: Vec<&str> = fixed.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["a.yaml", "b.yaml"]);
    assert_eq!(
        fixed.report.notices.first().map(String::as_str),
        Some("fixed a.yaml: rename `titel` to `title`")
    );
    assert!(
        fixed
            .report
            .findings
            .iter()
            .all(|finding| finding.rule.as_str() != "schema/unknown-key")
    );
}

#[test]
fn a_foreign_document_is_fixed_in_its_sidecar_alone() {
    let card = "---\nlicense: Apache-2.0\nlanguage: en\n---\n# Model Card for X\n";
    let sidecar = "kind: model-card\nid: x\nrisk_tear: high\nstatus: Draft\n";
    let mut texts = texts([("README.md", card), ("README.md.launchgate.yaml", sidecar)]);
    let fixed = settled(&mut texts, Safety::Unsafe);
    assert_eq!(texts["README.md"], card.as_bytes());
    let paths: Vec<&str> = fixed.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["README.md.launchgate.yaml"], "{:?}", fixed.left);
    let now = str::from_utf8(&texts["README.md.launchgate.yaml"]).unwrap();
    assert!(now.contains("risk_tier: high\nstatus: draft"), "{now}");
}

/// What fixes make of a document under rules of its own.
fn under_rules(document: &str, rules: &[&str]) -> (String, Fixed) {
    let pack = "name: own\nversion: 1.0.0\ntitle: Own\n";
    let files = |document: &str| {
        memory([
            ("launchgate.yaml", "packs: [./own]\n".to_owned()),
            ("own/pack.yaml", pack.to_owned()),
            ("own/rules.yaml", rules.join("---\n")),
            ("spec.yaml", document.to_owned()),
        ])
    };
    let run = |document: &str| {
        let files = files(document);
        let root = camino::Utf8Path::new(ROOT);
        let mut sources = SourceMap::default();
        let config = config::Request {
            start: root,
            explicit: None,
            isolated: false,
        };
        let config = config::load(&config, &files, &mut sources).unwrap();
        let request = Request {
            current: root.to_owned(),
            paths: vec!["spec.yaml".into()],
            stdin: None,
        };
        let discovered = discover::discover(&request, &config, &files, &mut sources);
        let gate = Gate::new(config, sources, &files).unwrap();
        let inputs = Inputs {
            discovered,
            sources: SourceMap::default(),
            files: &files,
        };
        fix::apply(&gate, inputs, &options(), Safety::Safe)
    };
    let fixed = run(document);
    let text = fixed
        .files
        .first()
        .map_or(document, |file| &file.after)
        .to_owned();
    let again = run(&text);
    assert!(again.files.is_empty(), "{:?}", again.files);
    (text, fixed)
}

fn rule(name: &str, rest: &str) -> String {
    format!(
        "rule: own/{name}\ntitle: T\ndescription: D.\nseverity: error\napplies_to: feature-spec\n{rest}"
    )
}

#[test]
fn of_fixes_in_conflict_the_first_is_made_and_the_other_named() {
    let wants = |name: &str, owner: &str| {
        rule(
            name,
            &format!(
                "require:\n  - doc.owner == '{owner}'\nfix: {{ set: doc.owner, to: \"'{owner}'\", safe: true }}\n"
            ),
        )
    };
    let (text, fixed) = under_rules(
        "kind: feature-spec\nid: a\ntitle: A\nowner: c # o\n",
        &[&wants("first", "a-team"), &wants("second", "b-team")],
    );
    assert_eq!(
        text,
        "kind: feature-spec\nid: a\ntitle: A\nowner: a-team # o\n"
    );
    assert_eq!(
        fixed.left,
        [
            "not fixed in spec.yaml: set `owner` to `b-team`: own/first holds as it is, and would not any more"
        ]
    );
}

#[test]
fn a_rule_may_add_a_key_that_follows_from_another() {
    let add = rule(
        "owner",
        "require:\n  - present: doc.owner\nfix: { set: doc.owner, to: doc.title, safe: true }\n",
    );
    let document = "kind: feature-spec\r\nid: a\r\ntitle: A team\r\n";
    let (text, _) = under_rules(document, &[&add]);
    assert_eq!(text, format!("{document}owner: A team\r\n"));
    let document = "kind: feature-spec\nid: a\ntitle: TBD\n";
    let (text, _) = under_rules(document, &[&add]);
    assert_eq!(text, document, "a placeholder is not copied");
}

#[test]
fn what_is_kept_out_of_outputs_is_not_fixed() {
    let secret = rule(
        "secret",
        "redact: true\nrequire:\n  - doc.status == 'launched'\n",
    );
    let document = "kind: feature-spec\nid: a\ntitle: A\nstatus: aproved\nrisk_tier: High\n";
    let (text, fixed) = under_rules(document, &[&secret]);
    assert_eq!(text, document.replace("High", "high"));
    let [file] = &fixed.files[..] else { panic!() };
    let (before, after) = file.shown.as_ref().unwrap();
    assert!(
        before.contains("status: *******\n") && !after.contains("aproved"),
        "{after}"
    );
    assert_eq!(before.replace("High", "high"), *after);
}

/// The complete example.
static EXAMPLE: LazyLock<Texts> = LazyLock::new(|| {
    let mut texts = Texts::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/credit-scoring");
    collect(&folder, &folder, &mut texts);
    texts
});

fn collect(folder: &Path, root: &Path, texts: &mut Texts) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, root, texts);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap();
            texts.insert(name.replace('\\', "/"), fs::read(&path).unwrap());
        }
    }
}

const CARD: &str = "credit-risk-model.yaml";
const SPEC: &str = "instant-credit.md";

#[test]
fn what_is_right_is_not_touched() {
    let mut texts = EXAMPLE.clone();
    let fixed = settled(&mut texts, Safety::Unsafe);
    assert!(fixed.files.is_empty(), "{:?}", fixed.files);
    assert!(fixed.left.is_empty(), "{:?}", fixed.left);
}

type Edit<'e> = &'e dyn Fn(&str) -> String;

/// Every built-in rule that offers a fix has an example of what it makes, so a rule test runs it; here each is
/// applied to an edit of the complete example, and once more.
#[test]
fn every_rule_that_offers_a_fix_is_settled_by_it() {
    let offering: BTreeSet<&str> = GATE
        .rules()
        .rules()
        .iter()
        .filter(|rule| rule.source().get("fix").is_some())
        .map(|rule| rule.id.as_str())
        .collect();
    let digest = |text: &str| {
        let at = text.find("sha256: ").unwrap();
        let line = text[..at].rfind('\n').unwrap();
        let end = at + text[at..].find('\n').unwrap();
        format!("{}{}", &text[..line], &text[end..])
    };
    let mut seen = BTreeSet::new();
    let edits: [(&str, &str, Edit<'_>); 5] = [
        ("fairness/value-recomputed", CARD, &|text| {
            let at = text.find("metric: demographic_parity_ratio").unwrap();
            let value = at + text[at..].find("value: ").unwrap() + 7;
            let end = value + text[value..].find('\n').unwrap();
            format!("{}0.99{}", &text[..value], &text[end..])
        }),
        ("fairness/evidence-rows", CARD, &|text| {
            let at = text.find("        rows: 720").unwrap() + 14;
            format!("{}1{}", &text[..at], &text[at..])
        }),
        ("fairness/evidence-bound", CARD, &digest),
        ("core/model-cards-agree", SPEC, &|text| {
            text.replacen("version: 2.3.0", "version: 2.2.0", 1)
        }),
        ("core/use-case-known", SPEC, &|text| {
            text.replacen("use_case: credit-scoring", "use_case: loan-approval", 1)
        }),
    ];
    for (rule, path, edit) in edits {
        let mut texts = EXAMPLE.clone();
        let text = edit(str::from_utf8(&texts[path]).unwrap());
        texts.insert(path.to_owned(), text.clone().into());
        let offers = |report: &Report| {
            let mut found = report.findings.iter();
            found.any(|finding| finding.rule.as_str() == rule && !finding.fixes.is_empty())
        };
        assert!(offers(&check(&texts)), "{rule} offers nothing:\n{text}");
        let safe = apply(&mut texts.clone(), Safety::Safe);
        assert!(safe.files.is_empty(), "{rule}: {:?}", safe.files);
        let fixed = settled(&mut texts, Safety::Unsafe);
        assert!(!fixed.files.is_empty(), "{rule}: {:?}", fixed.left);
        assert!(!offers(&fixed.report), "{rule}");
        seen.insert(rule);
    }
    assert_eq!(seen, offering, "a rule that offers a fix has no edit here");
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/fixes.md")).unwrap();
    for rule in offering {
        assert!(
            page.contains(&format!("| `{rule}` |")),
            "docs/fixes.md lacks {rule}"
        );
    }
}

/// No fix makes a changed file pass for the one that was measured.
#[test]
fn a_digest_that_differs_stays() {
    let mut texts = EXAMPLE.clone();
    let text = String::from_utf8(texts[CARD].clone()).unwrap();
    let at = text.find("sha256: ").unwrap() + 8;
    let digit = if text[at..].starts_with('0') {
        "1"
    } else {
        "0"
    };
    let edited = format!("{}{digit}{}", &text[..at], &text[at + 1..]);
    texts.insert(CARD.to_owned(), edited.clone().into());
    settled(&mut texts, Safety::Unsafe);
    assert_eq!(texts[CARD], edited.as_bytes());
    assert!(check(&texts).summary.blocking > 0);
}

/// The keys and the texts of the data of the examples, by file: where each stands.
fn words() -> Vec<(&'static str, usize, String)> {
    let mut words = Vec::new();
    let word = regex::Regex::new(r"(?m)^ *(?:- )?([a-z_]{5,}):(?: ([a-z-]{6,}))?$").unwrap();
    for path in [CARD, SPEC] {
        let text = str::from_utf8(&EXAMPLE[path]).unwrap();
        let end = if path == SPEC {
            text.find("\n---").unwrap()
        } else {
            text.len()
        };
        let end = if path == SPEC {
            end + text[end + 4..].find("\n---").map_or(0, |at| at + 4)
        } else {
            end
        };
        for found in word.captures_iter(&text[..end]) {
            for group in [1, 2] {
                if let Some(group) = found.get(group) {
                    words.push((path, group.start(), group.as_str().to_owned()));
                }
            }
        }
    }
    assert!(words.len() > 50, "{}", words.len());
    words
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// A slip in one word of the example is mended to the byte, or else nothing is changed: there is no
    /// third way.
    #[test]
    fn a_slip_is_undone_or_left(pick in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), slip in 0..3) {
        let words = words();
        let (path, start, word) = &words[pick.index(words.len())];
        let at = at.index(word.len() - 1);
        let (before, after) = word.split_at(at);
        let mut chars: Vec<char> = after.chars().collect();
        match slip {
            0 => drop(chars.remove(0)),
            1 => chars.insert(0, 'q'),
            _ => chars.swap(0, 1),
        }
        let wrong: String = before.chars().chain(chars).collect();
        let mut texts = EXAMPLE.clone();
        let text = str::from_utf8(&texts[*path]).unwrap();
        let edited = format!("{}{wrong}{}", &text[..*start], &text[start + word.len()..]);
        texts.insert((*path).to_owned(), edited.clone().into());
        let fixed = settled(&mut texts, Safety::Safe);
        let now = str::from_utf8(&texts[*path]).unwrap();
        let original = str::from_utf8(&EXAMPLE[*path]).unwrap();
        prop_assert!(
            now == original || now == edited,
            "{word} as {wrong} became something else: {:?}", fixed.report.notices
        );
    }
}
