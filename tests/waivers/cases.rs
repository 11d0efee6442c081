//! The table: what each waiver comes to, and that every format says the same.

use launchgate::render::Format;
use launchgate::trace::Traceability;
use serde_json::Value;

use crate::sign::{key, line};
use crate::{CREDIT, WAIVER, World, told};

/// A repository, and what it comes to: exit code, findings, and the states of the waivers.
struct Case(
    &'static str,
    World,
    u8,
    &'static [&'static str],
    &'static [&'static str],
);

/// The waiver with one line changed, or taken out where `to` is empty.
fn waiver(from: &str, to: &str) -> World {
    assert!(WAIVER.contains(from), "{from}");
    World::new().waivers(WAIVER.replace(from, to))
}

fn inline(comment: &str) -> World {
    let line = "    retention: P10Y\n";
    World::new().spec(CREDIT.replace(line, &format!("    # {comment}\n{line}")))
}

const ROLES: &str = "\
sign_offs:
  allowed_signers: signers
  roles:
    counsel: { members: ['cleo@bank.example'] }
    risk: { members: ['rex@bank.example'] }
";

const CLEO: &str = "cleo@bank.example";

fn roles(more: &str) -> World {
    World::new()
        .waivers(WAIVER)
        .config(&format!("{ROLES}{more}"))
        .with("signers", format!("{CLEO} {}\n", line(&key(CLEO))))
}

const SSH: &str = "waivers: { minimum_assurance: ssh }\n";
const NAMESPACE: &str = launchgate::waiver::signed::NAMESPACE;
const WAIVED: &[&str] = &["house/retention waived"];
const OPEN: &[&str] = &["house/retention"];

fn cases() -> Vec<Case> {
    let no_summary = CREDIT.replace("summary: Decides.\n", "");
    let no_kpis = CREDIT
        .replace("kpis:\n  - name: approvals\n", "")
        .replace("P10Y", "P1Y");
    let warning = "- rule: house/kpis\n  document: credit\n  key: kpis\n  reason: Soon\n  owner: a\n  approver: b\n  expires: 2027-05-01\n";
    vec![
        Case("nothing is waived", World::new(), 1, OPEN, &[]),
        Case("a waiver counts", World::new().waivers(WAIVER), 0, WAIVED, &["active"]),
        Case("on its last day", World::new().waivers(WAIVER).on("2027-01-20"), 0, WAIVED, &["active"]),
        Case("on the day behind it", World::new().waivers(WAIVER).on("2027-01-21"), 1, &["house/retention", "waivers/expired"], &["expired"]),
        Case("for exactly the longest term", waiver("2027-01-20", "2027-01-30"), 0, WAIVED, &["active"]),
        Case("a day longer", waiver("2027-01-20", "2027-01-31"), 1, &["house/retention", "waivers/over-long"], &["over-long"]),
        Case("without `granted` the term begins today", waiver("  granted: 2026-11-01\n", "").on("2026-10-22"), 0, WAIVED, &["active"]),
        Case("and is as long", waiver("  granted: 2026-11-01\n", "").on("2026-10-21"), 1, &["house/retention", "waivers/over-long"], &["over-long"]),
        Case("a config allows less", World::new().waivers(WAIVER).config("waivers: { max_term: { error: P30D } }\n"), 1, &["house/retention", "waivers/over-long"], &["over-long"]),
        Case("a config allows more", waiver("2027-01-20", "2027-10-01").config("waivers: { max_term: { error: P1Y } }\n"), 0, WAIVED, &["active"]),
        Case("granted today", waiver("2026-11-01", "2026-11-22"), 0, WAIVED, &["active"]),
        Case("granted tomorrow", waiver("2026-11-01", "2026-11-23"), 1, &["house/retention", "waivers/not-yet"], &["not-yet"]),
        Case("the owner approves", waiver("cleo@bank", "ines@bank"), 1, &["house/retention", "waivers/self-approved"], &["self-approved"]),
        Case("in other letters", waiver("cleo@bank.example", "INES@bank.example"), 1, &["house/retention", "waivers/self-approved"], &["self-approved"]),
        Case("with a name before the address", waiver("cleo@bank.example", "Ines <ines@bank.example>"), 1, &["house/retention", "waivers/self-approved"], &["self-approved"]),
        Case("an author approves", waiver("cleo@bank", "otto@bank"), 1, &["house/retention", "waivers/self-approved"], &["self-approved"]),
        Case("another rule", waiver("house/retention", "house/hint"), 1, &["house/retention", "waivers/unmatched"], &["unmatched"]),
        Case("a rule that is not there", waiver("house/retention", "house/retentions"), 1, &["house/retention", "waivers/unmatched"], &["unmatched"]),
        Case("another document", waiver("document: credit", "document: credits"), 1, &["house/retention", "waivers/unmatched"], &["unmatched"]),
        Case("another key", waiver("income", "rates"), 1, &["house/retention", "waivers/unmatched"], &["unmatched"]),
        Case("an index for a name", waiver("name=income", "1"), 1, &["house/retention", "waivers/unmatched"], &["unmatched"]),
        Case("the parent's key", waiver("].retention", "]"), 1, &["house/retention", "waivers/unmatched"], &["unmatched"]),
        Case("no key is the document alone", waiver("  key: data[name=income].retention\n", ""), 1, &["house/retention", "waivers/unmatched"], &["unmatched"]),
        Case("a path for an id", waiver("document: credit", "document: specs/credit.yaml"), 1, &["house/retention", "waivers/unmatched"], &["unmatched"]),
        Case("what it was for is mended", World::new().waivers(WAIVER).spec(CREDIT.replace("P10Y", "P1Y")), 0, &["waivers/unmatched"], &["unmatched"]),
        Case("two waivers for one finding", World::new().waivers(format!("{WAIVER}{}", WAIVER.replace("  reason", "  kind: feature-spec\n  reason"))), 0, &["house/retention waived", "waivers/unmatched"], &["active", "superseded"]),
        Case("the kind", waiver("  reason", "  kind: feature-spec\n  reason"), 0, WAIVED, &["active"]),
        Case("another kind", waiver("  reason", "  kind: model-card\n  reason"), 1, &["house/retention", "waivers/unmatched"], &["unmatched"]),
        Case("a same-named item elsewhere", World::new().waivers(WAIVER).with("specs/loan.yaml", CREDIT.replace("id: credit", "id: loan")), 1, &["house/retention", "house/retention waived"], &["active"]),
        Case("a locked rule", World::new().spec(no_summary.clone()).waivers(format!("{WAIVER}{}", WAIVER.replace("house/retention", "house/locked").replace("data[name=income].retention", "summary"))), 1, &["house/locked", "house/retention waived", "waivers/locked"], &["active", "locked"]),
        Case("a rule that a config locks", World::new().waivers(WAIVER).config("rules: { house/retention: { locked: true } }\n"), 1, &["house/retention", "waivers/locked"], &["locked"]),
        Case("a warning, for longer", World::new().spec(no_kpis.clone()).waivers(warning), 0, &["house/kpis waived"], &["active"]),
        Case("a waiver of a warning that does not count", World::new().spec(no_kpis.clone()).waivers(warning.replace("approver: b", "approver: a")), 0, &["house/kpis", "waivers/self-approved"], &["self-approved"]),
        Case("an approver with a role", roles(""), 0, WAIVED, &["active"]),
        Case("an approver without one", World::new().waivers(WAIVER.replace("cleo", "zoe")).config("sign_offs: { roles: { counsel: { members: ['cleo@bank.example'] } } }\n"), 1, &["house/retention", "waivers/unapproved"], &["unapproved"]),
        Case("the role is one for errors", roles("waivers: { approvers: { error: [counsel] } }\n"), 0, WAIVED, &["active"]),
        Case("the role is none for errors", roles("waivers: { approvers: { error: [risk] } }\n"), 1, &["house/retention", "waivers/unapproved"], &["unapproved"]),
        Case("the pack counts before the severity", roles("waivers: { approvers: { error: [risk], house: [counsel] } }\n"), 0, WAIVED, &["active"]),
        Case("the rule counts before the pack", roles("waivers: { approvers: { house: [counsel], house/retention: [risk] } }\n"), 1, &["house/retention", "waivers/unapproved"], &["unapproved"]),
        Case("signed", roles(SSH).signed_by("cleo@bank.example", NAMESPACE), 0, WAIVED, &["active"]),
        Case("not signed", roles(SSH), 1, &["house/retention", "waivers/unsigned"], &["unsigned"]),
        Case("signed by another", roles(SSH).signed_by("rex@bank.example", NAMESPACE), 1, &["house/retention", "waivers/signature"], &["signature"]),
        Case("signed as a sign-off", roles(SSH).signed_by("cleo@bank.example", "launchgate/signoff@v1"), 1, &["house/retention", "waivers/signature"], &["signature"]),
        Case("signed, then made longer", roles(SSH).signed_by("cleo@bank.example", NAMESPACE).waivers(WAIVER.replace("2027-01-20", "2027-01-30")), 1, &["house/retention", "waivers/unsigned"], &["unsigned"]),
        Case("a wrong signature where none is asked for", roles("").signed_by("rex@bank.example", NAMESPACE), 1, &["house/retention", "waivers/signature"], &["signature"]),
        Case("inline, with an approver", inline("launchgate: allow house/retention until 2027-01-20 by cleo@bank.example -- licence"), 0, WAIVED, &["active"]),
        Case("inline, behind the value", World::new().spec(CREDIT.replace("P10Y", "P10Y # launchgate: allow house/retention until 2027-01-20 by cleo@bank.example -- licence")), 0, WAIVED, &["active"]),
        Case("inline, with nobody's approval", inline("launchgate: allow house/retention until 2027-01-20 -- licence"), 1, &["house/retention", "waivers/unapproved"], &["unapproved"]),
        Case("likewise, and the config allows it", inline("launchgate: allow house/retention until 2027-01-20 -- licence").config("waivers: { inline: allowed }\n"), 0, WAIVED, &["active"]),
        Case("inline, approved by the owner", inline("launchgate: allow house/retention until 2027-01-20 by ines@bank.example -- licence"), 1, &["house/retention", "waivers/self-approved"], &["self-approved"]),
        Case("inline, where that is forbidden", inline("launchgate: allow house/retention until 2027-01-20 by cleo@bank.example -- licence").config("waivers: { inline: forbidden }\n"), 1, &["house/retention", "waivers/inline"], &["inline"]),
        Case("inline, where signatures are asked for", inline("launchgate: allow house/retention until 2027-01-20 by cleo@bank.example -- licence").config(SSH), 1, &["house/retention", "waivers/unsigned"], &["unsigned"]),
        Case("inline, over the line above", World::new().spec(CREDIT.replace("    retention: P1Y\n", "    # launchgate: allow house/retention until 2027-01-20 by cleo@bank.example -- licence\n    retention: P1Y\n")), 1, &["house/retention", "waivers/unmatched"], &["unmatched"]),
        Case("inline, a warning without approval", World::new().spec(no_kpis.replace("kind:", "# launchgate: allow house/kpis until 2027-01-20 -- soon\nkind:")), 0, &["house/kpis waived"], &["active"]),
        Case("likewise, and warnings fail the gate", World::new().spec(no_kpis.replace("kind:", "# launchgate: allow house/kpis until 2027-01-20 -- soon\nkind:")).config("fail_on: warning\n"), 1, &["house/kpis", "waivers/unapproved"], &["unapproved"]),
        Case("a baseline", World::new().frozen(None), 0, &["house/retention frozen"], &[]),
        Case("on its last day", World::new().frozen(Some("2026-11-22")), 0, &["house/retention frozen"], &[]),
        Case("behind it", World::new().frozen(Some("2026-11-21")), 1, &["baseline/ended", "house/retention"], &[]),
        Case("a baseline of what is mended", World::new().frozen(None).spec(CREDIT.replace("P10Y", "P1Y")), 0, &["baseline/stale"], &[]),
        Case("a baseline, and another value", World::new().frozen(None).spec(CREDIT.replace("P10Y", "P20Y")), 1, &["baseline/stale", "house/retention"], &[]),
        Case("a baseline of a locked rule", World::new().spec(no_summary).frozen(None), 1, &["baseline/refused", "house/locked", "house/retention frozen"], &[]),
        Case("a waiver before the baseline", World::new().frozen(None).waivers(WAIVER), 0, WAIVED, &["active"]),
        Case("a file of waivers that says nothing", World::new().waivers("# none\n"), 1, OPEN, &[]),
        Case("a rule with a pattern", waiver("house/retention", "house/*"), 2, &["house/retention", "waiver/value"], &[]),
        Case("a key that is none", waiver("reason:", "reasons:"), 2, &["house/retention", "waiver/unknown-key"], &[]),
        Case("no last day", waiver("  expires: 2027-01-20\n", ""), 2, &["house/retention", "waiver/missing-key"], &[]),
        Case("a comment that is no waiver", inline("launchgate: allow house/retention -- licence"), 2, &["house/retention", "waiver/inline"], &[]),
    ]
}

#[test]
fn each_waiver_comes_to_what_it_should() {
    let cases = cases();
    assert!(cases.len() >= 40, "{}", cases.len());
    let mut wrong = Vec::new();
    for Case(name, world, code, findings, states) in &cases {
        let report = world.report();
        let found = told(&report);
        let known: Vec<&str> = report.waivers.iter().map(|waiver| waiver.state).collect();
        if report.verdict.exit_code() != *code || found != *findings || known != *states {
            wrong.push(format!(
                "{name}: {} {found:?} {known:?}",
                report.verdict.exit_code()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// How many findings a format marks as waived, and how many as frozen.
fn marked(format: Format, text: &str) -> (usize, usize) {
    let json = || serde_json::from_str::<Value>(text).unwrap();
    match format {
        Format::Json => {
            let report = json();
            let findings = report["findings"].as_array().unwrap();
            let having = |key: &str| findings.iter().filter(|it| !it[key].is_null()).count();
            assert!(
                findings
                    .iter()
                    .all(|it| (it["waiver"].is_null() && it["baseline"].is_null())
                        || it["blocking"] == false)
            );
            assert_eq!(report["summary"]["waived"], having("waiver"));
            assert_eq!(report["summary"]["baselined"], having("baseline"));
            (having("waiver"), having("baseline"))
        }
        Format::Sarif => {
            let log = json();
            let results = log["runs"][0]["results"].as_array().unwrap();
            let waived = results
                .iter()
                .filter(|it| !it["suppressions"][0]["properties"].is_null());
            let all = results.iter().filter(|it| !it["suppressions"][0].is_null());
            let waived = waived.count();
            (waived, all.count() - waived)
        }
        Format::Html => (
            text.matches(r#"<span class="tag quiet">waived until"#)
                .count(),
            text.matches(r#"<span class="tag quiet">in the baseline"#)
                .count(),
        ),
        // What is frozen is counted there, and not listed.
        Format::Terminal => {
            let frozen = text.lines().find_map(|line| {
                line.split_once(" that was there before")
                    .or_else(|| line.split_once(" that were there before"))?
                    .0
                    .split_once(' ')?
                    .0
                    .parse()
                    .ok()
            });
            (text.matches("waived until").count(), frozen.unwrap_or(0))
        }
        _ => {
            let closing = text.matches(" in the baseline;").count();
            (
                text.matches("waived until").count(),
                text.matches("in the baseline").count() - closing,
            )
        }
    }
}

#[test]
fn every_format_marks_the_same_findings() {
    let mut wrong = Vec::new();
    for Case(name, mut world, ..) in cases() {
        world.options.outcomes = true;
        let report = world.report();
        let wanted = (report.summary.waived, report.summary.baselined);
        for format in Format::ALL {
            let text = format.render(&report);
            let found = marked(*format, &text);
            if found != wanted {
                wrong.push(format!("{name} {format}: {found:?} for {wanted:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_suppression_says_where_it_stands_and_a_run_with_a_baseline_what_is_new() {
    let sarif = |world: World| -> Value {
        serde_json::from_str(&Format::Sarif.render(&world.report())).unwrap()
    };
    let waived = sarif(World::new().waivers(WAIVER));
    let result = &waived["runs"][0]["results"][0];
    let suppression = &result["suppressions"][0];
    assert_eq!(suppression["kind"], "external");
    assert_eq!(suppression["status"], "accepted");
    let place = &suppression["location"]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(place, "launchgate.waivers.yaml");
    assert!(result["baselineState"].is_null());
    let inline = sarif(inline(
        "launchgate: allow house/retention until 2027-01-20 by cleo@bank.example -- licence",
    ));
    let kind = &inline["runs"][0]["results"][0]["suppressions"][0]["kind"];
    assert_eq!(kind, "inSource");
    let loan = CREDIT.replace("id: credit", "id: loan");
    let frozen = sarif(World::new().frozen(None).with("specs/loan.yaml", loan));
    let results = frozen["runs"][0]["results"].as_array().unwrap();
    let mut states: Vec<&str> = results
        .iter()
        .map(|it| it["baselineState"].as_str().unwrap())
        .collect();
    states.sort_unstable();
    assert_eq!(states, ["new", "unchanged"]);
}

#[test]
fn of_a_part_it_is_not_said_that_nothing_has_it() {
    let mut world = World::new().waivers(WAIVER.replace("document: credit", "document: loan"));
    assert_eq!(
        told(&world.report()),
        ["house/retention", "waivers/unmatched"]
    );
    world.options.partial = true;
    let report = world.report();
    assert_eq!(told(&report), OPEN);
    assert_eq!(report.waivers[0].state, "not-checked");
    // Its own document was looked at, so it can be said of that.
    let mut world = World::new()
        .waivers(WAIVER)
        .spec(CREDIT.replace("P10Y", "P1Y"));
    world.options.partial = true;
    assert_eq!(told(&world.report()), ["waivers/unmatched"]);
}

#[test]
fn what_ends_soon_is_named_where_that_is_asked_for() {
    let mut world = World::new().waivers(WAIVER);
    assert_eq!(told(&world.report()), WAIVED);
    for (before, told_of) in [("P58D", 1), ("P59D", 2)] {
        let term = launchgate::expr::time::parse_iso_duration(before).unwrap();
        world.options.warn_before = Some(term);
        assert_eq!(told(&world.report()).len(), told_of, "{before}");
    }
    let report = world.report();
    assert_eq!(report.waivers[0].state, "ends-soon");
    assert_eq!(report.verdict.exit_code(), 0);
    let configured = World::new()
        .waivers(WAIVER)
        .config("waivers: { warn_before: P59D }\n");
    assert_eq!(told(&configured.report()).len(), 2);
}

#[test]
fn a_waiver_that_does_not_count_blocks_no_earlier_than_what_it_is_about() {
    let draft = CREDIT.replace("in-review", "draft");
    let world = World::new().spec(draft).waivers(WAIVER).on("2027-01-21");
    let report = world.report();
    assert_eq!(told(&report), ["house/retention", "waivers/expired"]);
    assert_eq!((report.summary.blocking, report.summary.later), (0, 2));
}

#[test]
fn findings_on_which_rules_hinge_and_findings_about_input_are_not_waived() {
    // A number where a duration belongs folds `house/retention` into what the schema says.
    let spec = CREDIT.replace("P10Y", "10");
    let open = World::new().spec(spec.clone()).report();
    let shape = open
        .findings
        .iter()
        .find(|it| it.rule.pack() == "schema")
        .unwrap();
    assert_eq!(shape.folded.len(), 1, "{:?}", told(&open));
    let text = WAIVER
        .replace("house/retention", shape.rule.as_str())
        .replace("data[name=income].retention", &shape.key);
    let report = World::new().spec(spec).waivers(text).report();
    assert!(
        told(&report).contains(&"waivers/not-waivable".to_owned()),
        "{:?}",
        told(&report)
    );
    assert_eq!(report.verdict.exit_code(), 1);
}

#[test]
fn a_row_of_traceability_names_the_waiver() {
    let rule = crate::RETENTION.replace("applies_to", "controls: ['gdpr:5(1)(e)']\napplies_to");
    let world = World::new()
        .with("house/retention.yaml", rule)
        .waivers(WAIVER);
    let files = crate::memory(world.files.iter().map(|(path, text)| (path, text.as_str())));
    let mut options = world.options.clone();
    options.trace = true;
    let report = crate::check_with(&files, crate::ROOT.into(), &options);
    let mut sources = launchgate::source::SourceMap::default();
    let config = launchgate::config::Request {
        start: crate::ROOT.into(),
        explicit: None,
        isolated: false,
    };
    let config = launchgate::config::load(&config, &files, &mut sources).unwrap();
    let gate = launchgate::engine::Gate::new(config, sources, &files).unwrap();
    let trace = Traceability::of(&report, gate.rules(), &["gdpr".to_owned()], options.today);
    let rows: Vec<_> = trace
        .rows()
        .filter(|(_, _, row)| !row.waivers.is_empty())
        .collect();
    assert_eq!(rows.len(), 1);
    for format in launchgate::trace::Format::ALL {
        assert!(
            format.write(&trace).contains("2027-01-20"),
            "{}",
            format.as_str()
        );
    }
}
