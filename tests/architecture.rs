//! The module table of `ARCHITECTURE.md`, held: imports point only upwards in it, and each outside
//! crate that shapes an interface stays where the table says.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Module names in the order of the table: a row starts with a module's name in backticks.
fn modules() -> Vec<String> {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let row = Regex::new(r"(?m)^\| `([a-z]+)` \|").unwrap();
    let modules: Vec<String> = row.captures_iter(&page).map(|c| c[1].to_owned()).collect();
    assert!(
        modules.len() >= 12,
        "the module table was not found: {modules:?}"
    );
    modules
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Each file below `src` with its module and its code, comments stripped.
fn files() -> Vec<(PathBuf, String, String)> {
    let mut paths = Vec::new();
    rust_files(&root().join("src"), &mut paths);
    let comment = Regex::new(r"(?m)//.*$").unwrap();
    let files = paths.into_iter().map(|path| {
        let relative = path.strip_prefix(root().join("src")).unwrap().to_owned();
        let first = relative
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_str()
            .unwrap();
        let module = first.trim_end_matches(".rs").to_owned();
        let code = fs::read_to_string(&path).unwrap();
        (
            relative,
            module,
            comment.replace_all(&code, "").into_owned(),
        )
    });
    files.collect()
}

#[test]
fn modules_import_only_from_those_above_them() {
    let modules = modules();
    let imported = Regex::new(r"\bcrate::(?:\{([^}]*)\}|([a-z_]+))").unwrap();
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for (path, module, code) in files() {
        if matches!(module.as_str(), "lib" | "main") {
            continue;
        }
        let Some(own) = modules.iter().position(|m| *m == module) else {
            wrong.push(format!(
                "{}: module `{module}` is not in the table",
                path.display()
            ));
            continue;
        };
        seen.insert(module.clone());
        for capture in imported.captures_iter(&code) {
            let list = capture.get(1).or(capture.get(2)).unwrap().as_str();
            for name in list
                .split(',')
                .map(|part| part.trim().split("::").next().unwrap())
            {
                match modules.iter().position(|m| m == name) {
                    Some(other) if other <= own => {}
                    Some(_) => wrong.push(format!(
                        "{}: `{module}` imports `{name}`, which stands below it",
                        path.display()
                    )),
                    None => wrong.push(format!(
                        "{}: `crate::{name}` is no module of the table",
                        path.display()
                    )),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let absent: Vec<_> = modules.iter().filter(|m| !seen.contains(*m)).collect();
    assert!(absent.is_empty(), "in the table but not in src: {absent:?}");
}

#[test]
fn interface_crates_stay_in_their_modules() {
    let homes: &[(&str, &[&str])] = &[
        ("miette", &["render/terminal"]),
        ("clap", &["cli"]),
        ("clap_complete", &["cli"]),
        ("granit_parser", &["value"]),
        ("toml_edit", &["value"]),
        ("pulldown_cmark", &["value"]),
        ("cel", &["expr"]),
        ("quick_xml", &["evidence/scan", "render/junit"]),
        ("jsonschema", &["schema"]),
        ("maud", &["render/html"]),
        ("ignore", &["discover"]),
        ("parquet", &["evidence/table"]),
        ("arrow_array", &["evidence/table"]),
        ("flate2", &["evidence/table"]),
        ("rayon", &["engine", "testing"]),
    ];
    for (name, allowed) in homes {
        let path = Regex::new(&format!(r"\b{name}::")).unwrap();
        for (file, _, code) in files() {
            if file.ends_with("tests.rs") {
                continue;
            }
            let code = code.split("#[cfg(test)]").next().unwrap();
            let home = allowed
                .iter()
                .any(|home| file.to_str().unwrap().starts_with(home));
            assert!(
                home || !path.is_match(code),
                "{} uses `{name}`; it belongs to {allowed:?}",
                file.display()
            );
        }
    }
}

#[test]
fn the_library_does_not_print_exit_or_read_the_environment() {
    let banned = Regex::new(r"\b(e?print(ln)?!|process::exit|env::var|env::current_dir|Timestamp::now|SystemTime::now|Zoned::now)").unwrap();
    for (file, module, code) in files() {
        if matches!(module.as_str(), "cli" | "main") {
            continue;
        }
        let code = code.split("#[cfg(test)]").next().unwrap();
        if let Some(found) = banned.find(code) {
            panic!("{}: `{}` belongs to `cli`", file.display(), found.as_str());
        }
    }
}

#[test]
fn files_stay_small_enough_to_be_one_concept() {
    const LINES: usize = 600;
    for (file, _, _) in files() {
        let lines = fs::read_to_string(root().join("src").join(&file))
            .unwrap()
            .lines()
            .count();
        assert!(
            lines <= LINES,
            "{} has {lines} lines, more than {LINES}: is it one concept?",
            file.display()
        );
    }
}
