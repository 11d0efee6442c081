//! What configs come to, with files in memory.

use std::fmt::Write as _;

use super::*;
use crate::files::Memory;
use crate::finding::Finding;

fn config(start: &str, files: &[(&str, &str)]) -> (Result<Config, Vec<Finding>>, SourceMap) {
    with(start, None, files)
}

fn with(
    start: &str,
    explicit: Option<&str>,
    files: &[(&str, &str)],
) -> (Result<Config, Vec<Finding>>, SourceMap) {
    let files = Memory::new(files.iter().map(|&(path, text)| (path, text)));
    let mut sources = SourceMap::default();
    let request = Request {
        start: start.into(),
        explicit: explicit.map(Utf8Path::new),
        isolated: false,
    };
    (load(&request, &files, &mut sources), sources)
}

fn place(sources: &SourceMap, location: Location) -> String {
    let file = sources.file(location).unwrap();
    let at = file.line_column(location.span.start);
    format!("{}:{}:{}", file.path(), at.line, at.column)
}

/// Problems, one a line: rule, place, message.
fn problems(start: &str, files: &[(&str, &str)]) -> String {
    let (result, sources) = config(start, files);
    told(&result.expect_err("the config is broken"), &sources)
}

fn told(findings: &[Finding], sources: &SourceMap) -> String {
    let mut text = String::new();
    for finding in findings {
        assert!(finding.help.is_some(), "{} has no help", finding.rule);
        assert!(finding.rule.is_input_error());
        let at = place(sources, finding.primary.location);
        writeln!(text, "{} {at} {}", finding.rule, finding.message).unwrap();
    }
    text
}

/// The values that are not defaults, one a line, each with its origin.
fn shown(start: &str, files: &[(&str, &str)]) -> String {
    let (result, sources) = config(start, files);
    let config = result.unwrap_or_else(|found| panic!("{}", told(&found, &sources)));
    let mut text = format!("root {}\n", config.root);
    for row in config.shown() {
        if let Some(origin) = row.origin {
            let origin = place(&sources, origin);
            writeln!(text, "{} = {} <- {origin}", row.key, row.value).unwrap();
        }
    }
    text
}

#[test]
fn nothing_at_all_is_the_default() {
    let (result, _) = config("/r/a", &[("/r/a/x.md", "")]);
    let config = result.unwrap();
    assert_eq!(config.root, "/r/a");
    assert_eq!(config.fail_on, Setting::default_of(Severity::Error));
    assert!(config.settings.packs.is_none() && config.files.is_empty() && !config.explicit);
    assert!(config.shown().iter().all(|row| row.origin.is_none()));
}

#[test]
fn an_empty_mapping_marks_its_folder_and_an_emptied_config_is_refused() {
    let files = |text| [("/r/launchgate.yaml", text), ("/r/a/x.md", "")];
    assert_eq!(shown("/r/a", &files("{}\n")), "root /r\n");
    for text in ["", "# packs: [./bank]\n", "---\n"] {
        assert_eq!(
            problems("/r/a", &files(text)),
            "config/empty launchgate.yaml:1:1 the config `launchgate.yaml` says nothing\n",
            "{text:?}"
        );
    }
}

#[test]
fn a_nearer_config_overrides_value_by_value() {
    let files = [
        ("/w/launchgate.yaml", "fail_on: note\n"),
        ("/w/r/.git/HEAD", ""),
        (
            "/w/r/launchgate.yaml",
            "packs: [core, privacy]\nfail_on: warning\nexclude: [old]\nparams:\n  p/a: {x: 1, y: 2}\nrules:\n  p/a: {off: true, reason: later}\n  p/b: note\n",
        ),
        (
            "/w/r/svc/launchgate.yml",
            "exclude: [tmp]\nparams:\n  p/a: {y: [3]}\nrules: {p/a: error, p/c: warning}\nlimits: {depth: 9}\n",
        ),
    ];
    assert_eq!(
        shown("/w/r/svc/specs", &files),
        "root /w/r
exclude = old <- launchgate.yaml:3:11
exclude = tmp <- svc/launchgate.yml:1:11
packs = core <- launchgate.yaml:1:9
packs = privacy <- launchgate.yaml:1:15
params.`p/a`.x = 1 <- launchgate.yaml:5:9
params.`p/a`.y = [3] <- svc/launchgate.yml:3:9
rules.`p/a` = error <- svc/launchgate.yml:4:14
rules.`p/b` = note <- launchgate.yaml:8:8
rules.`p/c` = warning <- svc/launchgate.yml:4:26
fail_on = warning <- launchgate.yaml:2:10
limits.depth = 9 <- svc/launchgate.yml:5:17
"
    );
    let (result, _) = config("/w/r/svc", &files);
    let config = result.unwrap();
    assert!(config.excluded("svc/tmp/a.yaml".into()).is_some());
    assert!(config.excluded("tmp/a.yaml".into()).is_none());
    let layers: Vec<_> = config
        .settings
        .params
        .iter()
        .map(|p| p.param.layer)
        .collect();
    assert_eq!(layers, [0, 0, 1]);
}

#[test]
fn the_search_ends_at_root_true_and_goes_nowhere_without_an_end() {
    let files = [
        ("/w/launchgate.yaml", "fail_on: note\n"),
        ("/w/r/launchgate.yaml", "root: true\nfail_on: warning\n"),
        ("/w/r/a/launchgate.yaml", "limits: {nodes: 5}\n"),
    ];
    assert_eq!(
        shown("/w/r/a", &files),
        "root /w/r\nfail_on = warning <- launchgate.yaml:2:10\nlimits.nodes = 5 <- a/launchgate.yaml:1:17\n"
    );
    let files = [
        ("/w/launchgate.yaml", "fail_on: note\n"),
        ("/w/r/launchgate.yaml", "fail_on: warning\n"),
    ];
    assert_eq!(
        shown("/w/r/a", &files),
        "root /w/r\nfail_on = warning <- launchgate.yaml:1:10\n"
    );
}

#[test]
fn the_repository_is_the_root_also_above_the_outermost_config() {
    let files = [
        ("/w/.git", "gitdir: elsewhere"),
        ("/w/r/launchgate.yaml", "root: true\nexclude: [x]\n"),
    ];
    assert_eq!(
        shown("/w/r", &files),
        "root /w\nexclude = x <- r/launchgate.yaml:2:11\n"
    );
}

#[test]
fn base_configs_are_weaker_and_their_globs_are_the_extenders() {
    let files = [
        (
            "/r/launchgate.yaml",
            "root: true\nextends: [policy/org.yaml, policy/team.yaml]\nfail_on: error\n",
        ),
        (
            "/r/policy/org.yaml",
            "extends: [deep/base.yaml]\nfail_on: note\nexclude: [gen]\npacks: [./bank]\nrules: {p/a: {severity: error, locked: true}}\n",
        ),
        (
            "/r/policy/team.yaml",
            "extends: [deep/base.yaml]\nlimits: {nodes: 8}\n",
        ),
        ("/r/policy/deep/base.yaml", "limits: {nodes: 7, depth: 7}\n"),
        ("/r/policy/bank/pack.yaml", ""),
    ];
    assert_eq!(
        shown("/r", &files),
        "root /r
exclude = gen <- policy/org.yaml:3:11
packs = ./bank <- policy/org.yaml:4:9
rules.`p/a` = error <- policy/org.yaml:5:25
rules.`p/a`.locked = true <- policy/org.yaml:5:9
fail_on = error <- launchgate.yaml:3:10
limits.depth = 7 <- policy/deep/base.yaml:1:27
limits.nodes = 8 <- policy/team.yaml:2:17
"
    );
    let (result, _) = config("/r", &files);
    let config = result.unwrap();
    assert!(config.excluded("gen/a.yaml".into()).is_some());
    assert_eq!(config.pack_folders[0].path, "/r/policy/bank");
    let names: Vec<_> = config
        .files
        .iter()
        .map(|file| file.source.path().as_str())
        .collect();
    assert_eq!(
        names,
        [
            "policy/deep/base.yaml",
            "policy/org.yaml",
            "policy/team.yaml",
            "launchgate.yaml"
        ]
    );
}

#[test]
fn cycles_print_their_chain() {
    let files = [
        ("/r/launchgate.yaml", "extends: [a.yaml]\n"),
        ("/r/a.yaml", "extends: [b.yaml]\n"),
        ("/r/b.yaml", "extends: [./a.yaml]\n"),
    ];
    assert_eq!(
        problems("/r", &files),
        "config/cycle b.yaml:1:11 configs extend each other: a.yaml -> b.yaml -> a.yaml\n"
    );
    let own = [("/r/launchgate.yaml", "extends: [launchgate.yaml]\n")];
    assert!(problems("/r", &own).contains("launchgate.yaml -> launchgate.yaml"));
}

#[test]
fn paths_are_held_against_what_is_there() {
    let files = [
        (
            "/w/r/launchgate.yaml",
            "extends: [../x.yaml, bsae.yaml]\npacks: [core, ./bnak, ./base.yaml]\nkinds:\n  sheet: {schema: s.json}\n",
        ),
        ("/w/r/.git/HEAD", ""),
        ("/w/x.yaml", ""),
        ("/w/r/base.yaml", ""),
        ("/w/r/bank/pack.yaml", ""),
    ];
    assert_eq!(
        problems("/w/r", &files),
        "config/outside-root launchgate.yaml:1:11 `../x.yaml` lies outside the root
config/not-found launchgate.yaml:1:22 the file `bsae.yaml` cannot be read: nothing is there
config/not-found launchgate.yaml:2:15 the folder `./bnak` cannot be read: nothing is there
config/not-found launchgate.yaml:2:23 `./base.yaml` is no folder
config/not-found launchgate.yaml:4:19 the file `s.json` cannot be read: nothing is there
"
    );
    let (result, _) = config("/w/r", &files);
    let helps: Vec<_> = result
        .unwrap_err()
        .into_iter()
        .map(|f| f.help.unwrap())
        .collect();
    assert_eq!(helps[1], "Did you mean `base.yaml`?");
    assert_eq!(helps[2], "Did you mean `bank`?");
}

#[test]
fn what_looks_like_a_config_is_not_passed_over() {
    assert_eq!(
        problems(
            "/r",
            &[("/r/launchgate.yaml", ""), ("/r/launchgate.yml", "")]
        ),
        "config/two-files launchgate.yml:1:1 `launchgate.yaml` and `launchgate.yml` stand in one folder\n"
    );
    assert_eq!(
        problems("/r/a", &[("/r/.git/HEAD", ""), ("/r/launchgate.toml", "")]),
        "config/name launchgate.toml:1:1 `launchgate.toml` would be passed over\n"
    );
    for name in ["Launchgate.yaml", "lauchgate.yaml", "launchgate.yaml.bak"] {
        let path = format!("/r/{name}");
        let told = problems("/r", &[(&path, "packs: [core]\n")]);
        assert!(
            told.starts_with(&format!("config/name {name}:1:1")),
            "{told}"
        );
        // What holds nothing of a config is none; neither is what stands beside one.
        assert_eq!(shown("/r", &[(&path, "date: 2026-09-14\n")]), "root /r\n");
        let beside = [(&*path, "packs: [core]\n"), ("/r/launchgate.yaml", "{}")];
        assert_eq!(shown("/r", &beside), "root /r\n");
    }
}

#[test]
fn broken_texts_are_config_findings_with_their_place() {
    for (text, rule) in [
        ("a: [", "config/syntax"),
        ("fail_on: error\nfail_on: note\n", "config/duplicate-key"),
        (
            "a: 1\n---\nb: 2\n",
            "config/several-documents launchgate.yaml:3:1",
        ),
    ] {
        let told = problems("/r", &[("/r/launchgate.yaml", text)]);
        assert!(told.starts_with(rule), "{text:?}: {told}");
    }
    let files = Memory::new([("/r/launchgate.yaml", b"# caf\xe9\n".to_vec())]);
    let mut sources = SourceMap::default();
    let request = Request {
        start: "/r".into(),
        explicit: None,
        isolated: false,
    };
    let found = load(&request, &files, &mut sources).unwrap_err();
    assert!(told(&found, &sources).starts_with("config/encoding launchgate.yaml:1:6"));
    let files = Memory::new([("/r/launchgate.yaml", vec![b'#'; (1 << 20) + 1])]);
    let found = load(&request, &files, &mut sources).unwrap_err();
    assert!(told(&found, &sources).contains("config/limit launchgate.yaml:1:1"));
}

#[test]
fn rules_are_not_turned_off_in_silence() {
    let text = "rules:\n  p/a: off\n  p/b: {off: true}\n  p/c: {off: true, reason: ' '}\n  p/d: {off: true, reason: r, severity: note}\n";
    assert_eq!(
        problems("/r", &[("/r/launchgate.yaml", text)]),
        "config/off-without-reason launchgate.yaml:2:8 the rule `p/a` is off and nothing says why
config/off-without-reason launchgate.yaml:3:3 the rule `p/b` is off and nothing says why
config/off-without-reason launchgate.yaml:4:3 the rule `p/c` is off and nothing says why
config/contradiction launchgate.yaml:5:41 the rule `p/d` is off and has a severity
"
    );
}

#[test]
fn globs_that_cannot_mean_anything_are_errors() {
    let text = "exclude: ['!a', /b, ../c, 'd[']\n";
    let told = problems("/r", &[("/r/launchgate.yaml", text)]);
    let places: Vec<_> = told
        .lines()
        .map(|line| line.split(' ').nth(1).unwrap())
        .collect();
    let wanted = ["1:11", "1:17", "1:21", "1:27"].map(|at| format!("launchgate.yaml:{at}"));
    assert_eq!(places, wanted);
}

#[test]
fn an_explicit_config_stands_alone() {
    let files = [
        ("/w/r/.git/HEAD", ""),
        ("/w/r/launchgate.yaml", "fail_on: note\n"),
        ("/w/r/ci/strict.yaml", "exclude: [x]\n"),
        ("/w/org/gate.yaml", "exclude: [x]\npacks: [./bank]\n"),
        ("/w/org/bank/pack.yaml", ""),
    ];
    let (result, _) = with("/w/r", Some("/w/r/ci/strict.yaml"), &files);
    let config = result.unwrap();
    assert_eq!(config.fail_on.origin, None);
    assert!(config.explicit);
    assert!(config.excluded("ci/x/a.yaml".into()).is_some());
    // A config from outside the root speaks of the root's documents and of its own packs.
    let (result, sources) = with("/w/r", Some("/w/org/gate.yaml"), &files);
    let config = result.unwrap();
    assert!(config.excluded("x/a.yaml".into()).is_some());
    assert_eq!(config.pack_folders[0].path, "/w/org/bank");
    assert_eq!(
        place(&sources, config.exclude[0].location),
        "../org/gate.yaml:1:11"
    );
    let (result, sources) = with("/w/r", Some("/w/r/ci/strct.yaml"), &files);
    let found = result.unwrap_err();
    assert_eq!(
        told(&found, &sources),
        "config/not-found <command line>:1:1 the config `ci/strct.yaml` cannot be read: nothing is there\n"
    );
    assert_eq!(
        found[0].help.as_deref(),
        Some("Did you mean `strict.yaml`?")
    );
}

#[test]
fn isolated_reads_no_config() {
    let files = Memory::new([("/r/launchgate.yaml", "fail_on: [")]);
    let request = Request {
        start: "/r".into(),
        explicit: None,
        isolated: true,
    };
    let config = load(&request, &files, &mut SourceMap::default()).unwrap();
    assert!(config.files.is_empty() && config.explicit);
}

#[test]
fn the_last_assignment_and_the_last_override_count() {
    let text = "documents:\n  - {paths: specs, kind: feature-spec}\n  - {paths: ['specs/*.json', bom], kind: model-card, format: cyclonedx}\noverrides:\n  - {paths: specs, rules: {p/a: note}}\n  - {paths: specs/x, params: {p/a: {n: 1}}}\n";
    let (result, _) = config("/r", &[("/r/launchgate.yaml", text)]);
    let config = result.unwrap();
    let kind = |path: &str| {
        let assigned = config.assigned(path.into())?;
        Some(assigned.kind?.value.as_str())
    };
    assert_eq!(kind("specs/a.yaml"), Some("feature-spec"));
    assert_eq!(kind("specs/a.json"), Some("model-card"));
    assert_eq!(kind("a.json"), None);
    assert_eq!(config.overrides_for("specs/x/a.yaml".into()), [0, 1]);
    assert_eq!(config.overrides_for("specs/a.yaml".into()), [0]);
    let settings = config.settings_with(&[0, 1]);
    assert_eq!((settings.severities.len(), settings.params.len()), (1, 1));
    let unknown = config.check_names(&["feature-spec", "model-crad"], &["cyclonedx"]);
    assert_eq!(
        unknown[0].message,
        "no kind is called `model-card`; did you mean `model-crad`?"
    );
}

#[test]
fn the_schema_speaks_with_suggestions() {
    let text = "fail_onn: error\nrules: {p/a: erorr}\ndocuments: []\nlimits: {depth: 0}\noverrides: [{paths: x}]\npacks: core\n";
    let (result, sources) = config("/r", &[("/r/launchgate.yaml", text)]);
    let mut lines = String::new();
    for finding in result.unwrap_err() {
        let at = place(&sources, finding.primary.location);
        writeln!(lines, "{} {at} {}", finding.rule, finding.message).unwrap();
    }
    assert_eq!(
        lines,
        "config/unknown-key launchgate.yaml:1:1 unknown key `fail_onn`; did you mean `fail_on`?
config/value launchgate.yaml:2:14 `p/a` is `erorr`; did you mean `error`?
config/value launchgate.yaml:3:1 `documents` has no entries
config/value launchgate.yaml:4:17 `depth` is 0; the least is 1
config/value launchgate.yaml:5:14 `overrides[0]` has 1 key; the least is 2
config/type launchgate.yaml:6:8 `packs` is a string, not a list
"
    );
}

#[test]
fn the_schema_takes_its_own_examples() {
    fn examples<'s>(
        node: &'s serde_json::Value,
        key: &str,
        found: &mut Vec<(String, &'s serde_json::Value)>,
    ) {
        for (name, property) in node["properties"].as_object().into_iter().flatten() {
            for example in property["examples"].as_array().into_iter().flatten() {
                found.push((format!("{key}{name}"), example));
            }
        }
    }
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../schemas/config.schema.json")).unwrap();
    let mut found = Vec::new();
    examples(&schema, "", &mut found);
    assert!(found.len() > 8);
    let files = |text: &str| {
        config(
            "/r",
            &[
                ("/r/launchgate.yaml", text),
                ("/r/policy/organisation.yaml", "{}"),
                ("/r/policies/bank/pack.yaml", ""),
                ("/r/formats/house-card.yaml", "{}"),
                ("/r/.launchgate/allowed_signers", ""),
                ("/r/policies/frameworks/bank.yaml", "{}"),
                ("/r/schemas/data-sheet.schema.json", "{}"),
            ],
        )
    };
    for (key, example) in found {
        let text = serde_json::json!({ key: example }).to_string();
        let (result, sources) = files(&text);
        if let Err(found) = result {
            panic!("{text}: {}", told(&found, &sources));
        }
    }
    for example in schema["examples"].as_array().unwrap() {
        assert!(files(&example.to_string()).0.is_ok());
    }
}
