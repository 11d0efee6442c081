//! `launchgate test`.

use std::fmt::Write as _;

use camino::{Utf8Path, Utf8PathBuf};

use crate::cli::ERROR;
use crate::cli::args::TestArgs;
use crate::cli::output;
use crate::cli::session::Session;
use crate::config::{Config, PackFolder, argument};
use crate::discover::{self, Request};
use crate::files::{FileKind, Files};
use crate::finding::{Severity, Verdict};
use crate::policy::{Named, Rule, Settings};
use crate::render::terminal;
use crate::source::display_safe;
use crate::testing::{self, TestReport};

/// The file that makes a folder a pack.
const PACK: &str = "pack.yaml";

/// Runs the examples of policies.
pub(in crate::cli) fn run(args: &TestArgs, session: &mut Session<'_>) -> u8 {
    let request = Request {
        current: session.environment.current.clone(),
        paths: args.paths.clone(),
        stdin: None,
    };
    let start = discover::start(&request, session.files);
    let mut config = match session.config(&start) {
        Ok(config) => config,
        Err(findings) => return session.refuse(&findings),
    };
    let mut wanted = Vec::new();
    for path in &args.paths {
        let Some(path) = session.absolute(path) else {
            return ERROR;
        };
        let Ok(path) = session.files.canonical(&path) else {
            output::complain(
                &format!("there is no file or folder `{path}`"),
                Some("Name a pack folder or a policy file"),
            );
            return ERROR;
        };
        wanted.push(path);
    }
    if !wanted.is_empty() {
        match packs_of(&wanted, &config, session) {
            Ok(packs) => config = packs,
            Err(message) => {
                output::complain(&message, Some("A pack is a folder with a `pack.yaml`"));
                return ERROR;
            }
        }
    }
    let root = config.root.clone();
    let gate = match session.gate_of(config) {
        Ok(gate) => gate,
        Err(code) => return code,
    };
    let named = |rule: &&Rule| {
        let file = root.join(rule.file.path());
        wanted.is_empty() || wanted.iter().any(|path| file.starts_with(path))
    };
    let rules: Vec<Rule> = gate
        .rules()
        .defined()
        .iter()
        .filter(named)
        .cloned()
        .collect();
    let mut report = if args.mutate {
        testing::mutate(&rules, gate.kinds())
    } else {
        testing::run(&rules, gate.kinds())
    };
    let references = testing::references(&rules, gate.rules().frameworks());
    report.findings.extend(references);
    let options = session.terminal(false);
    let mut text = String::new();
    if !options.quiet {
        text =
            terminal::render_findings(&report.findings, gate.sources(), Severity::Error, &options);
        if options.verbose {
            list(&mut text, &report);
        }
    }
    let verdict = if rules.is_empty() {
        Verdict::NothingChecked
    } else if report.is_success() {
        Verdict::Pass
    } else {
        Verdict::Fail
    };
    let word = match verdict {
        Verdict::Pass => "PASS",
        Verdict::NothingChecked => "NOTHING TESTED",
        _ => "FAIL",
    };
    let _ = write!(
        text,
        "launchgate: {word}  {}, {}, {} failed",
        count(rules.len(), "rule"),
        count(report.examples(), "example"),
        report.failed(),
    );
    if args.mutate {
        let _ = write!(
            text,
            "; {}, {} survived",
            count(report.mutants(), "mutant"),
            report.survived()
        );
    }
    text.push('\n');
    Session::print(&text, verdict.exit_code())
}

fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

fn list(text: &mut String, report: &TestReport) {
    let mut lines = String::new();
    for rule in &report.rules {
        let _ = writeln!(lines, "{}", rule.rule);
        for example in &rule.examples {
            let word = if example.passed { "ok  " } else { "FAIL" };
            let _ = writeln!(lines, "  {word}  {}: {}", example.expected, example.name);
        }
        for mutant in rule.mutants.iter().flatten() {
            let _ = match &mutant.noticed_by {
                Some(name) => writeln!(
                    lines,
                    "  ok    mutant: {} (noticed by: {name})",
                    mutant.what
                ),
                None => writeln!(lines, "  FAIL  mutant: {}", mutant.what),
            };
        }
    }
    lines.push('\n');
    text.push_str(&display_safe(&lines));
}

/// The config that chooses the packs of these paths and nothing else: rules are tested as their
/// policies have them.
fn packs_of(
    wanted: &[Utf8PathBuf],
    config: &Config,
    session: &mut Session<'_>,
) -> Result<Config, String> {
    let files = session.files;
    let mut folders: Vec<Utf8PathBuf> = Vec::new();
    for path in wanted {
        let found = packs_at(path, &config.root, files);
        if found.is_empty() {
            return Err(format!("`{path}` is no policy pack, nor part of one"));
        }
        for folder in found {
            if !folders.contains(&folder) {
                folders.push(folder);
            }
        }
    }
    let pack_folders: Vec<_> = folders
        .into_iter()
        .map(|path| {
            let label = argument(&mut session.sources, path.as_str());
            let name = Named {
                text: path.file_name().unwrap_or_default().to_owned(),
                location: label.location,
                layer: 0,
            };
            PackFolder { name, path }
        })
        .collect();
    Ok(Config {
        kinds: config.kinds.clone(),
        limits: config.limits,
        settings: Settings {
            packs: Some(pack_folders.iter().map(|pack| pack.name.clone()).collect()),
            ..Settings::default()
        },
        pack_folders,
        shadow_builtin: true,
        ..Config::empty(config.root.clone())
    })
}

/// The pack that a path is or lies in; else the packs right below it.
fn packs_at(path: &Utf8Path, root: &Utf8Path, files: &dyn Files) -> Vec<Utf8PathBuf> {
    let is_pack = |folder: &Utf8Path| {
        let pack = folder.join(PACK);
        files.stat(&pack).is_ok_and(|kind| kind == FileKind::File)
    };
    let mut around = path
        .ancestors()
        .take_while(|folder| folder.starts_with(root));
    if let Some(pack) = around.find(|folder| is_pack(folder)) {
        return vec![pack.to_owned()];
    }
    let entries = files.list(path).unwrap_or_default();
    let below = entries.iter().filter_map(|entry| entry.name.to_str());
    below
        .map(|name| path.join(name))
        .filter(|folder| is_pack(folder))
        .collect()
}
