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

use std::collections::BTreeMap;
use std::sync::LazyLock;

use launchgate::finding::{
    CitedControl, DocumentOutcomes, DocumentRef, Finding, Fingerprint, Label, Outcome, OutcomeRow,
    Report, RuleId, RuleInfo, RuleOutcomes, Severity, Stage, Summary, Tally, Verdict,
};
use launchgate::render::{Format, sarif};
use launchgate::source::{
    FileId, SourceFile, SourceMap, Span, csv_cell, display_safe, is_unsafe_to_display, one_line,
    xml_safe,
};
use pulldown_cmark::{Event, Options, Parser, Tag};
use quick_xml::Reader;
use quick_xml::events::Event as XmlEvent;
use serde_json::Value;

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
            title: Some(harm.into()),
            owner: Some(harm.into()),
            document,
            stage: Some(Stage::Launched),
            tally: Tally::of(&rules),
            rules,
        }],
        rules: BTreeMap::from([(rule, about)]),
        controls: BTreeMap::from([(harm.into(), cited)]),
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

/// Whether `text` is somewhere among the strings of a value.
fn holds(value: &Value, text: &str) -> bool {
    match value {
        Value::String(string) => string.contains(text),
        Value::Array(items) => items.iter().any(|item| holds(item, text)),
        Value::Object(map) => map.values().any(|value| holds(value, text)),
        _ => false,
    }
}

fn check_json(text: &str, report: &Report, harm: &str) {
    let value: Value = serde_json::from_str(text).unwrap();
    let findings = value["findings"].as_array().unwrap();
    assert_eq!(findings.len(), report.findings.len());
    for (finding, told) in report.findings.iter().zip(findings) {
        assert_eq!(told["message"], harm);
        assert_eq!(told["controls"][0], harm);
        assert_eq!(told["rule"], finding.rule.as_str());
    }
}

fn check_sarif(text: &str, report: &Report, harm: &str) {
    static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
        let schema = include_str!("schemas/sarif-2.1.0.json");
        // Its pattern of languages has a bracket too many.
        let schema = schema.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
        let schema = serde_json::from_str(&schema).unwrap();
        jsonschema::options()
            .should_validate_formats(true)
            .build(&schema)
            .unwrap()
    });
    let value: Value = serde_json::from_str(text).unwrap();
    if let Some(error) = SCHEMA.iter_errors(&value).next() {
        panic!("{harm:?}: {error} at {}", error.instance_path());
    }
    let results = value["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), report.findings.len());
    for result in results {
        let message = result["message"]["text"].as_str().unwrap();
        assert!(!message.contains("]("), "{harm:?}: a link: {message}");
        let shown = one_line(harm).replace("](", "] (");
        assert!(message.starts_with(&shown), "{harm:?}: {message}");
        let place = &result["locations"][0]["physicalLocation"]["artifactLocation"];
        let uri = place["uri"].as_str().unwrap();
        let path = format!("{harm}.yaml");
        let (scheme, path) = match path.strip_prefix('/') {
            Some(_) => ("file://", path),
            None => ("", path),
        };
        let encoded = uri.strip_prefix(scheme).unwrap();
        assert_eq!(decoded(encoded), path, "{uri}");
        assert!(!encoded.contains([':', '?', '#', ' ', '<', '"']), "{uri}");
    }
}

/// A percent-encoded text.
fn decoded(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        if first == b'%' {
            let digits = std::str::from_utf8(&behind[..2]).unwrap();
            bytes.push(u8::from_str_radix(digits, 16).unwrap());
            rest = &behind[2..];
        } else {
            bytes.push(first);
            rest = behind;
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn check_gitlab(text: &str, report: &Report, harm: &str) {
    let value: Value = serde_json::from_str(text).unwrap();
    let issues = value.as_array().unwrap();
    assert_eq!(issues.len(), report.findings.len());
    for issue in issues {
        assert_eq!(issue["location"]["path"], format!("{harm}.yaml"));
        assert!(
            holds(&issue["description"], &one_line(harm)),
            "{harm:?}: {issue}"
        );
    }
}

fn check_csv(text: &str, report: &Report, harm: &str) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let columns = reader.headers().unwrap().clone();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), report.findings.len());
    for row in rows {
        assert_eq!(row.len(), columns.len());
        for cell in &row {
            assert!(
                !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
                "{harm:?}: {cell}"
            );
            assert!(!cell.contains('\n'), "{harm:?}: {cell}");
        }
        let message = columns.iter().position(|name| name == "message").unwrap();
        assert_eq!(row[message], csv_cell(harm));
    }
}

fn check_junit(text: &str, report: &Report, harm: &str) {
    const ELEMENTS: [&str; 7] = [
        "testsuites",
        "testsuite",
        "testcase",
        "failure",
        "error",
        "skipped",
        "system-out",
    ];
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut messages = 0;
    let mut open = 0;
    loop {
        match reader.read_event().unwrap() {
            XmlEvent::Start(ref element) | XmlEvent::Empty(ref element) => {
                let name = element.name().as_ref().to_owned();
                assert!(ELEMENTS.contains(&name.as_str()), "{harm:?}: <{name}>");
                for attribute in element.attributes() {
                    let attribute = attribute.unwrap();
                    let value = attribute
                        .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                        .unwrap();
                    if attribute.key.as_ref() == "message"
                        && value.contains(&xml_safe(&one_line(harm)))
                    {
                        messages += 1;
                    }
                }
                open += 1;
            }
            XmlEvent::Text(text) => {
                let text: &str = &text;
                assert!(!text.contains(['<', '>']), "{harm:?}: {text}");
            }
            XmlEvent::GeneralRef(_) | XmlEvent::End(_) | XmlEvent::Decl(_) => {}
            XmlEvent::Eof => break,
            other => panic!("{harm:?}: {other:?}"),
        }
    }
    assert!(open > 1);
    assert!(messages >= report.findings.len(), "{harm:?}: {text}");
}

fn check_markdown(text: &str, report: &Report, harm: &str) {
    let mut entries = 0;
    let mut code = String::new();
    let mut words = String::new();
    let mut fenced = false;
    for event in Parser::new_ext(text, Options::all()) {
        match event {
            Event::Start(tag) => match tag {
                Tag::Item => entries += 1,
                Tag::CodeBlock(_) => fenced = true,
                Tag::Heading { .. }
                | Tag::Paragraph
                | Tag::List(None)
                | Tag::Strong
                | Tag::Table(_)
                | Tag::TableHead
                | Tag::TableRow
                | Tag::TableCell => {}
                tag => panic!("{harm:?}: {tag:?} in {text}"),
            },
            Event::Code(text) => code.push_str(&text),
            Event::Text(text) if fenced => code.push_str(&text),
            Event::Text(text) => words.push_str(&text),
            Event::SoftBreak => words.push('\n'),
            Event::End(end) => {
                fenced &= end != pulldown_cmark::TagEnd::CodeBlock;
                words.push('\n');
            }
            other => panic!("{harm:?}: {other:?} in {text}"),
        }
    }
    // What forges look for behind the markup.
    let called = regex::Regex::new(r"(?i)@\w|#\w|://|\bwww\.").unwrap();
    assert!(!called.is_match(&words), "{harm:?}: {words}");
    assert!(entries >= report.findings.len());
    if !report.findings.is_empty() && !harm.trim().is_empty() {
        let seen = (words + &code).replace(['\u{200B}', '`'], "");
        let told = one_line(harm).replace('`', "");
        let first = told.split_whitespace().next().unwrap();
        assert!(seen.contains(first), "{harm:?}: {seen}");
    }
}

/// A command as GitHub's runner reads it from a line.
fn command(line: &str) -> Option<(String, BTreeMap<String, String>, String)> {
    let (info, data) = line.trim_start().strip_prefix("::")?.split_once("::")?;
    let (name, properties) = info.split_once(' ').unwrap_or((info, ""));
    let plain = |text: &str, escapes: &[(&str, &str)]| {
        escapes
            .iter()
            .fold(text.to_owned(), |text, (escape, plain)| {
                text.replace(escape, plain)
            })
    };
    let data = plain(data, &[("%0D", "\r"), ("%0A", "\n"), ("%25", "%")]);
    let properties = properties
        .split(',')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap();
            let escapes = [
                ("%0D", "\r"),
                ("%0A", "\n"),
                ("%3A", ":"),
                ("%2C", ","),
                ("%25", "%"),
            ];
            (key.to_owned(), plain(value, &escapes))
        });
    Some((name.to_owned(), properties.collect(), data))
}

fn check_github(text: &str, report: &Report, harm: &str) {
    let mut findings = 0;
    for line in text.lines() {
        let Some((name, properties, data)) = command(line) else {
            assert!(line.starts_with("notice: "), "{harm:?}: {line}");
            continue;
        };
        assert!(
            matches!(&*name, "error" | "warning" | "notice"),
            "{harm:?}: {line}"
        );
        for key in properties.keys() {
            let known = ["file", "line", "endLine", "col", "endColumn", "title"];
            assert!(known.contains(&key.as_str()), "{harm:?}: {key} in {line}");
        }
        if properties
            .get("title")
            .is_some_and(|title| title == "launchgate")
        {
            assert_eq!(report.verdict, Verdict::NothingChecked);
            continue;
        }
        findings += 1;
        assert!(data.contains(&one_line(harm)), "{harm:?}: {data}");
        assert_eq!(
            properties["file"],
            display_safe(&format!("{harm}.yaml")),
            "{line}"
        );
    }
    assert_eq!(findings, report.findings.len(), "{harm:?}: {text}");
}

fn check_lines(text: &str, report: &Report, harm: &str) {
    let verdicts = text.lines().filter(|line| line.starts_with("launchgate: "));
    assert_eq!(verdicts.count(), 1, "{harm:?}: a forged verdict: {text}");
    let heads = text
        .lines()
        .filter(|line| line.contains("error[") || line.contains("warning["));
    assert!(heads.count() >= report.findings.len(), "{harm:?}: {text}");
    assert!(text.contains(&one_line(harm)) || report.findings.is_empty());
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
                    Format::Markdown => check_markdown(&text, &report, harm),
                    Format::Csv => check_csv(&text, &report, harm),
                    // Its structure is held beside its code, with a parser of HTML.
                    Format::Html => assert!(!text.contains(harm) || !harm.contains('<')),
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
