//! Text that means harm, in every field that a report has: in every format it comes out as text.
//!
//! Each output is read by a real parser of its language, which has to find the text as data.
#![cfg(feature = "cli")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

mod readers;

use std::collections::BTreeMap;

use launchgate::finding::{
    CitedControl, DocumentOutcomes, DocumentRef, FairnessCheck, Finding, Fingerprint, GroupRate,
    Interval, Label, Outcome, OutcomeRow, RateChart, Report, RuleId, RuleInfo, RuleOutcomes,
    Severity, SignOffState, Stage, Summary, Tally, Verdict,
};
use launchgate::render::{Format, sarif};
use launchgate::source::{FileId, SourceFile, SourceMap, Span, is_unsafe_to_display};

use readers::{
    check_csv, check_github, check_gitlab, check_html, check_json, check_junit, check_lines,
    check_markdown, check_sarif, check_tables, command,
};

/// What a document may say. Each is put into every text of the report, with its name around it.
const HARM: &[&str] = &[
    "\u{1b}[2J\u{1b}]8;;http://x.example\u{7}click\u{1b}]0;owned\u{7}\u{9b}31m",
    "\u{202E}gnp.exe\u{2066}\u{200B}\u{FEFF}\u{E0041}",
    "x%0A::error::owned%0D%0A",
    "x\n::error::owned\n  ::stop-commands::t\n##[error]owned ##[add-mask]x ##vso[task.complete]y",
    "::error::owned",
    "x\r\nlaunchgate: PASS  1 document",
    "</script><script>alert(1)</script><!-- --><img src=x onerror=y>&amp;&#64;<![CDATA[",
    "a|b || c\n| - | - |\n| x | y |",
    "`code` ``` ~~~ `` `",
    "*bold* _it_ ~~gone~~ # title\n# title\n> quote\n- [ ] task\n---\n1. one",
    "[link](https://x.example) ![image](https://x.example/i.png) <https://x.example> [^1] $x$",
    "https://x.example www.x.example mailto:a@x.example @here @org/team #12 org/repo#12",
    "=cmd|'/C calc'!A0",
    "+1-1",
    "@SUM(1)",
    "a\"b\",\"c;d\te'f",
    "\0\u{7f}\u{85}\u{2028}\u{2029}\u{FFFE}\u{FFFF}",
    "]]> {0} {{x}} ${{ secrets.X }} \\u0000 \\",
    "/lgtm\n/approve",
    "",
    " ",
];

/// A claim that says `harm` wherever it can say anything.
fn claim(harm: &str, document: DocumentRef) -> FairnessCheck {
    let interval = Interval {
        lower: 0.4,
        upper: 0.6,
        level: 0.95,
    };
    let group = |name: &str, value: Option<f64>| GroupRate {
        group: vec![Some(name.into()), None],
        n: 50,
        numerator: 25,
        denominator: 50,
        value,
        interval: value.map(|_| interval),
        sufficient: value.is_some(),
    };
    let groups = vec![
        group(harm, Some(0.5)),
        group(&format!("{harm}, too"), Some(0.9)),
        group(harm, None),
    ];
    FairnessCheck {
        document,
        pointer: format!("/{harm}").into(),
        metric: format!("{harm}_ratio").into(),
        attributes: vec![harm.into(), harm.into()],
        status: "drift",
        reason: Some(harm.into()),
        claimed: Some(0.9),
        tolerance: 0.01,
        value: Some(0.5 / 0.9),
        interval: Some(interval),
        min: Some(0.8),
        max: None,
        path: harm.into(),
        sha256: Some(harm.into()),
        rows: Some(100),
        rates: vec![RateChart {
            rate: "selection_rate",
            groups,
        }],
    }
}

/// A sign-off that says `harm` wherever it can say anything.
fn sign_off(harm: &str) -> SignOffState {
    SignOffState {
        role: harm.into(),
        principal: Some(format!("{harm}@{harm}").into()),
        decision: Some(harm.into()),
        stage: Some(harm.into()),
        conditions: Some(harm.into()),
        signed_on: Some(harm.into()),
        expires: Some(harm.into()),
        verdict: "stated",
        reason: Some(harm.into()),
    }
}

/// A report that says `harm` wherever it can say anything.
fn report(harm: &str) -> Report {
    let path = format!("{harm}.yaml");
    let text = format!("a: 1\nb: {harm}\nc: 3\n");
    let source = SourceFile::new(FileId(0), path.clone(), text);
    let policy = SourceFile::new(FileId(1), format!("{harm}/rule.yaml"), harm.to_owned());
    let label =
        |file: &SourceFile, start, end| Label::new(file.location(Span::new(start, end)), harm);
    let document = DocumentRef {
        path: path.into(),
        id: harm.into(),
        kind: harm.into(),
    };
    let rule = RuleId::new(format!("{harm}/{harm}"));
    let mut finding = Finding::new(&rule, harm, label(&source, 3, 4))
        .with_help(format!("{harm}\n  {harm}"))
        .with_note(harm)
        .with_pointer(format!("/{harm}"))
        .with_subject(harm)
        .with_blocks_from(Stage::Launched)
        .with_related(label(&source, 0, 9999))
        .with_related(label(&policy, 0, 1));
    finding.policy = Some(label(&policy, 0, 2));
    finding.controls = vec![harm.into()];
    finding.document = Some(document.clone());
    finding.fingerprint = Fingerprint::of(["one"]);
    finding.blocking = true;
    let mut unknown = finding.clone().with_outcome(Outcome::Unknown);
    unknown.primary.location.file = FileId(99);
    unknown.fingerprint = Fingerprint::of(["two"]);
    let mut later = finding.clone().with_severity(Severity::Warning);
    later.blocking = false;
    later.document = None;
    later.fingerprint = Fingerprint::of(["three"]);
    let rows = [Outcome::Pass, Outcome::NotApplicable, Outcome::Fail];
    let rules = rows
        .map(|outcome| RuleOutcomes {
            rule: RuleId::new(format!("{outcome}/{harm}")),
            rows: vec![OutcomeRow {
                item: Some(harm.into()),
                outcome,
                trace: None,
            }],
        })
        .to_vec();
    let about = RuleInfo {
        title: harm.into(),
        description: harm.into(),
        help: Some(harm.into()),
        severity: Severity::Error,
        controls: [harm.into()].into(),
    };
    let cited = CitedControl {
        title: harm.into(),
        citation: harm.into(),
        url: Some(harm.into()),
        status: "upcoming",
        standing: harm.to_owned(),
    };
    let mut sources = SourceMap::default();
    sources.insert(&source);
    sources.insert(&policy);
    Report {
        as_of: harm.to_owned(),
        stage: Some(Stage::Launched),
        fail_on: Severity::Error,
        policy_digest: format!("sha256:{harm}"),
        verdict: Verdict::Fail,
        summary: Summary {
            documents: 1,
            rules: 3,
            blocking: 2,
            ..Summary::default()
        },
        findings: vec![finding, unknown, later],
        outcomes: vec![DocumentOutcomes {
            document: document.clone(),
            title: Some(harm.into()),
            owner: Some(harm.into()),
            authors: Vec::new(),
            stage: Some(Stage::Launched),
            sign_offs: vec![sign_off(harm)],
            tally: Tally::of(&rules),
            rules,
        }],
        rules: BTreeMap::from([(rule, about)]),
        controls: BTreeMap::from([(harm.into(), cited)]),
        fairness: vec![claim(harm, document)],
        files: BTreeMap::new(),
        waivers: Vec::new(),
        notices: vec![harm.to_owned()],
        sources,
        root: harm.into(),
    }
}

/// Every verdict, with the findings and without.
fn reports(harm: &str) -> Vec<Report> {
    use Verdict::{Error, Fail, NothingChecked, Pass};
    let mut reports = Vec::new();
    for verdict in [Fail, Pass, Error, NothingChecked] {
        let mut whole = report(harm);
        whole.verdict = verdict;
        let mut bare = whole.clone();
        bare.findings.clear();
        reports.extend([whole, bare]);
    }
    reports
}

/// What a terminal shows raw and a build runner obeys, in any output.
fn assert_harmless(text: &str, format: Format, harm: &str) {
    let line_ends = |c| c == '\n' || (c == '\r' && format == Format::Csv);
    let raw = text
        .chars()
        .find(|&c| is_unsafe_to_display(c) && !line_ends(c));
    assert_eq!(raw, None, "{format} of {harm:?}: {text}");
    for line in text.lines() {
        // As GitHub's runner reads a line, in both of its ways, and that of Azure Pipelines.
        assert!(!line.contains("##["), "{format} of {harm:?}: {line}");
        assert!(
            !line.to_ascii_lowercase().contains("##vso["),
            "{format} of {harm:?}: {line}"
        );
        if format != Format::Github {
            assert!(
                !line.trim_start().starts_with("::"),
                "{format} of {harm:?}: {line}"
            );
        }
        // As bots read a comment.
        let asks = format == Format::Markdown && line.starts_with('/');
        assert!(!asks, "{format} of {harm:?}: {line}");
    }
}

#[test]
fn what_a_report_says_is_data_in_every_format() {
    for harm in HARM {
        for report in reports(harm) {
            for &format in Format::ALL {
                let text = format.render(&report);
                assert_harmless(&text, format, harm);
                match format {
                    Format::Terminal => check_lines(&text, &report, harm),
                    Format::Concise => {
                        check_lines(&text, &report, harm);
                        let lines = report.findings.len() + report.notices.len() + 1;
                        assert_eq!(text.lines().count(), lines, "{harm:?}: {text}");
                    }
                    Format::Json => check_json(&text, &report, harm),
                    Format::Sarif => check_sarif(&text, &report, harm),
                    Format::Github => check_github(&text, &report, harm),
                    Format::Gitlab => check_gitlab(&text, &report, harm),
                    Format::Junit => check_junit(&text, &report, harm),
                    Format::Markdown => {
                        check_markdown(&text, &report, harm);
                        check_tables(&text, &report, harm);
                    }
                    Format::Csv => check_csv(&text, &report, harm),
                    Format::Html => check_html(&text, &report, harm),
                }
            }
        }
    }
}

#[test]
fn the_readers_of_this_test_see_harm_where_there_is_some() {
    assert!(
        command("  ::error file=a%2Cb::x%0A").is_some_and(|(name, properties, data)| {
            name == "error" && properties["file"] == "a,b" && data == "x\n"
        })
    );
    assert_eq!(command("x ::error::y"), None);
    let text = sarif::render(&report("x"));
    assert!(std::panic::catch_unwind(|| check_sarif(&text, &report("y"), "y")).is_err());
    let report = report("x");
    for text in [
        "## a\n- x <b>y</b>\n",
        "- @here\n",
        "- ![i](u)\n",
        "- https://x\n",
    ] {
        let caught = std::panic::catch_unwind(|| check_markdown(text, &report, "x"));
        assert!(caught.is_err(), "{text}");
    }
}
