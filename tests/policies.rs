//! The built-in packs: they load, and every example of every rule comes out as it says.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

use std::fmt::Write as _;
use std::sync::Arc;

use launchgate::document::Kinds;
use launchgate::finding::{Finding, Outcome, Severity};
use launchgate::framework::Frameworks;
use launchgate::policy::{self, PolicySet, Settings};
use launchgate::schema::Schema;
use launchgate::source::SourceMap;
use launchgate::testing;

/// The built-in catalogues.
fn frameworks() -> Arc<Frameworks> {
    Arc::new(policy::builtin_frameworks(&mut 1_000_000))
}

fn builtin() -> (PolicySet, Kinds, SourceMap) {
    let kinds = Kinds::builtin();
    let packs = policy::builtin_packs(&mut 0);
    let mut sources = SourceMap::default();
    for file in packs.iter().flat_map(|pack| &pack.files) {
        sources.insert(file);
    }
    let types = |name: &str| {
        let kind = kinds.get(name)?;
        Some(Schema::lazy(&kind.name, kind.schema.clone()).object_type())
    };
    let set = policy::load(
        &packs,
        &frameworks(),
        &kinds,
        &types,
        &launchgate::signoff::signatures(),
        &Settings::default(),
    )
    .unwrap_or_else(|findings| panic!("{}", listed(&findings, &sources)));
    (set, kinds, sources)
}

fn listed<'f>(findings: impl IntoIterator<Item = &'f Finding>, sources: &SourceMap) -> String {
    let mut text = String::new();
    for finding in findings {
        let file = sources.file(finding.primary.location).unwrap();
        let at = file.line_column(finding.primary.location.span.start);
        let _ = write!(
            text,
            "\n{}:{}:{}: {} {}: {}",
            file.path(),
            at.line,
            at.column,
            finding.severity,
            finding.rule,
            finding.message
        );
        for note in &finding.notes {
            let _ = write!(text, "\n    {note}");
        }
        if let Some(help) = &finding.help {
            let _ = write!(text, "\n    help: {help}");
        }
    }
    text
}

#[test]
fn every_example_comes_out_as_it_says() {
    let (set, kinds, sources) = builtin();
    let report = testing::run(set.rules(), &kinds);
    let errors: Vec<_> = report
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .collect();
    assert!(errors.is_empty(), "{}", listed(errors, &sources));
    assert!(report.is_success());
    assert!(report.examples() >= 3 * set.rules().len());
}

#[test]
fn every_part_of_every_rule_is_seen_both_ways() {
    let (set, kinds, sources) = builtin();
    let report = testing::run(set.rules(), &kinds);
    assert!(
        report.findings.is_empty(),
        "{}",
        listed(&report.findings, &sources)
    );
    for rule in &report.rules {
        let shown = |outcome| rule.examples.iter().any(|e| e.outcome == Some(outcome));
        assert!(shown(Outcome::Pass), "{}", rule.rule);
        assert!(
            shown(Outcome::Fail) || shown(Outcome::Unknown),
            "{}",
            rule.rule
        );
    }
}

/// Whoever breaks a rule in one place hears of it. In a debug build this takes about a second.
#[test]
fn no_mutant_of_a_rule_goes_unnoticed() {
    let (set, kinds, sources) = builtin();
    let report = testing::mutate(set.rules(), &kinds);
    assert!(
        report.findings.is_empty(),
        "{}",
        listed(&report.findings, &sources)
    );
    assert!(report.mutants() > 7 * set.rules().len());
    assert_eq!(report.survived(), 0);
}

#[test]
fn the_digest_follows_what_decides() {
    let (set, _, _) = builtin();
    let (again, _, _) = builtin();
    assert_eq!(set.digest(), again.digest());
    assert!(set.digest().starts_with("sha256:") && set.digest().len() == 71);
}

#[test]
fn every_reference_to_a_control_leads_somewhere() {
    let (set, _, sources) = builtin();
    let unknown = testing::references(set.rules(), set.frameworks());
    assert!(unknown.is_empty(), "{}", listed(&unknown, &sources));
    let served = set.rules().iter().map(|rule| rule.controls.len());
    assert!(served.sum::<usize>() > 150);
}

/// A check reads the built-in rules up to their examples; that must be all that decides.
#[test]
fn rules_without_their_examples_decide_alike() {
    let (set, kinds, _) = builtin();
    let types = |name: &str| {
        let kind = kinds.get(name)?;
        Some(Schema::lazy(&kind.name, kind.schema.clone()).object_type())
    };
    let packs = policy::bare_packs(&mut 0);
    for file in packs.iter().flat_map(|pack| &pack.files) {
        let rules = file.text().lines().filter(|line| line.starts_with("rule:"));
        let is_pack = file.path().file_name() == Some("pack.yaml");
        assert_eq!(rules.count(), usize::from(!is_pack), "{}", file.path());
        assert!(!file.text().contains("\nexamples:"), "{}", file.path());
    }
    let bare = policy::load(
        &packs,
        &frameworks(),
        &kinds,
        &types,
        &launchgate::signoff::signatures(),
        &Settings::default(),
    )
    .unwrap_or_else(|findings| panic!("{findings:#?}"));
    assert_eq!(bare.rules().len(), set.rules().len());
    assert_eq!(bare.digest(), set.digest());
    for (bare, full) in bare.rules().iter().zip(set.rules()) {
        assert_eq!(
            (&bare.id, bare.location.span),
            (&full.id, full.location.span)
        );
        assert_eq!(bare.texts.require, full.texts.require);
    }
}
