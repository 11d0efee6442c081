//! One edit of the complete example turns its verdict, and a finding stands where the edit was
//! made. The edits are hunks of diffs, a file for each pack; see [`hunks`].
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

mod example;
mod hunks;
mod place;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use launchgate::finding::{Finding, Report, Verdict};
use rayon::prelude::*;

use example::{Example, pack};
use hunks::Hunk;
use place::Place;

/// The edits of every file beside this one.
fn edits() -> Vec<Hunk> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/single_edits");
    let files = fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = files
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "diff"))
        .collect();
    paths.sort();
    let parsed = paths.iter().map(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        hunks::parse(&name, &fs::read_to_string(path).unwrap())
    });
    parsed.collect::<Vec<_>>().concat()
}

/// What is wrong with what the gate says of an edit; `None` if nothing is.
fn wrong(example: &Example, hunk: &Hunk) -> Option<String> {
    let Some(text) = example.text(&hunk.file) else {
        return Some(format!("{hunk}\n  the example has no {}", hunk.file));
    };
    let places = hunk.places(text);
    let &[at] = &places[..] else {
        let times = places.len();
        return Some(format!("{hunk}\n  its lines stand there {times} times"));
    };
    let edited = hunk.edit(text, at);
    if let Some(field) = &hunk.field {
        let report = example.check_with_evidence(&hunk.file, &edited);
        let wanted = |finding: &Finding| finding.pointer == field.to_string();
        return unless_found(hunk, &report, wanted, &field.to_path());
    }
    let report = example.check_with(&hunk.file, &edited);
    let Some(place) = Place::of(hunk, at, text, &edited) else {
        return Some(format!("{hunk}\n  it takes out no field"));
    };
    let holds = |finding: &Finding| place.holds(finding, &report);
    unless_found(hunk, &report, holds, &place.to_string())
}

/// `None` if the gate fails with a finding of the hunk's rule at its place; else what it said.
fn unless_found(
    hunk: &Hunk,
    report: &Report,
    at_its_place: impl Fn(&Finding) -> bool,
    place: &str,
) -> Option<String> {
    let wanted = |finding: &Finding| {
        finding.blocking && finding.rule.as_str() == hunk.rule && at_its_place(finding)
    };
    if report.verdict.exit_code() == 1 && report.findings.iter().any(wanted) {
        return None;
    }
    let verdict = report.verdict.as_str();
    let mut told = format!("{hunk}\n  {verdict}, wanted there: {place}");
    for finding in report.findings.iter().filter(|finding| finding.blocking) {
        write!(told, "\n  said: {}", place::described(finding, report)).unwrap();
    }
    Some(told)
}

#[test]
fn the_example_passes_as_it_is() {
    let report = Example::new().check();
    assert_eq!(report.verdict, Verdict::Pass);
    assert_eq!(report.summary.documents, 2);
}

#[test]
fn each_edit_turns_the_verdict_with_a_finding_at_its_place() {
    let example = Example::new();
    let edits = edits();
    assert!(edits.len() >= 60, "{} edits", edits.len());
    let wrong: Vec<String> = edits
        .par_iter()
        .filter_map(|hunk| wrong(&example, hunk))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} edits are wrong:\n\n{}",
        wrong.len(),
        edits.len(),
        wrong.join("\n\n")
    );
}

#[test]
fn no_two_edits_are_the_same() {
    let example = Example::new();
    let mut seen: BTreeMap<_, Hunk> = BTreeMap::new();
    for hunk in edits() {
        let text = example.text(&hunk.file).unwrap();
        let Some(&at) = hunk.places(text).first() else {
            continue;
        };
        let edited = (hunk.file.clone(), hunk.edit(text, at));
        if let Some(other) = seen.get(&edited) {
            panic!("two edits are the same:\n\n{other}\n\n{hunk}");
        }
        seen.insert(edited, hunk);
    }
}

#[test]
fn each_pack_that_applies_to_the_example_has_three_edits() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for hunk in edits() {
        *counts.entry(pack(&hunk.rule)).or_default() += 1;
    }
    let packs = Example::new().packs();
    assert!(packs.len() >= 9, "{packs:?}");
    let few: Vec<_> = packs
        .iter()
        .filter(|pack| counts.get(*pack).is_none_or(|&count| count < 3))
        .collect();
    assert!(few.is_empty(), "fewer than three edits: {few:?}");
}
