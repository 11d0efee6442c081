//! Reads each format with a parser of its language, and holds that what harms is text in it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use launchgate::finding::{Report, Verdict};
use launchgate::source::{csv_cell, display_safe, one_line};
use pulldown_cmark::{Event, Options, Parser, Tag};
use quick_xml::Reader;
use quick_xml::events::Event as XmlEvent;
use serde_json::Value;

/// Whether `text` is somewhere among the strings of a value.
pub(crate) fn holds(value: &Value, text: &str) -> bool {
    match value {
        Value::String(string) => string.contains(text),
        Value::Array(items) => items.iter().any(|item| holds(item, text)),
        Value::Object(map) => map.values().any(|value| holds(value, text)),
        _ => false,
    }
}

pub(crate) fn check_json(text: &str, report: &Report, harm: &str) {
    let value: Value = serde_json::from_str(text).unwrap();
    let findings = value["findings"].as_array().unwrap();
    assert_eq!(findings.len(), report.findings.len());
    for (finding, told) in report.findings.iter().zip(findings) {
        assert_eq!(told["message"], harm);
        assert_eq!(told["controls"][0], harm);
        assert_eq!(told["rule"], finding.rule.as_str());
    }
    let claim = &value["fairness"][0];
    assert_eq!(claim["metric"], format!("{harm}_ratio"));
    assert_eq!(claim["rates"][0]["groups"][0]["group"][0], harm);
    assert_eq!(value["documents"][0]["sign_offs"][0]["conditions"], harm);
}

pub(crate) fn check_sarif(text: &str, report: &Report, harm: &str) {
    static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
        let schema = include_str!("../schemas/sarif-2.1.0.json");
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
pub(crate) fn decoded(uri: &str) -> String {
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

pub(crate) fn check_gitlab(text: &str, report: &Report, harm: &str) {
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

pub(crate) fn check_csv(text: &str, report: &Report, harm: &str) {
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

pub(crate) fn check_junit(text: &str, report: &Report, harm: &str) {
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
                    if attribute.key.as_ref() == "message" && value.contains(&one_line(harm)) {
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

pub(crate) fn check_markdown(text: &str, report: &Report, harm: &str) {
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

/// The counts, the claims and the sign-offs: a row each, whatever stands in its cells.
pub(crate) fn check_tables(text: &str, report: &Report, harm: &str) {
    let concluded = matches!(report.verdict, Verdict::Pass | Verdict::Fail);
    let events = Parser::new_ext(text, Options::all());
    let rows = events.filter(|event| matches!(event, Event::Start(Tag::TableRow)));
    assert_eq!(
        rows.count(),
        if concluded { 3 } else { 1 },
        "{harm:?}: {text}"
    );
    let lines = text.lines().filter(|line| line.starts_with("| "));
    let bars = lines.map(|line| line.replace("\\|", "").matches('|').count());
    let columns: &[usize] = if concluded { &[9, 7, 6] } else { &[9] };
    let expected = columns.iter().flat_map(|columns| [columns + 1; 3]);
    assert!(bars.eq(expected), "{harm:?}: {text}");
}

/// A command as GitHub's runner reads it from a line.
pub(crate) fn command(line: &str) -> Option<(String, BTreeMap<String, String>, String)> {
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

pub(crate) fn check_github(text: &str, report: &Report, harm: &str) {
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

pub(crate) fn check_html(text: &str, report: &Report, harm: &str) {
    let mut emitter = html5gum::DefaultEmitter::default();
    // As a browser does: what stands in a script or a style is text.
    emitter.naively_switch_states(true);
    let mut shown = String::new();
    let (mut scripts, mut styles) = (0, 0);
    for token in html5gum::Tokenizer::new_with_emitter(text, emitter) {
        match token.unwrap() {
            html5gum::Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                scripts += usize::from(name == "script");
                styles += usize::from(name == "style");
                assert!(
                    !matches!(&*name, "img" | "iframe" | "object"),
                    "{harm:?}: <{name}>"
                );
                for (attribute, value) in &tag.attributes {
                    let value = String::from_utf8_lossy(value);
                    let attribute = String::from_utf8_lossy(attribute);
                    assert!(!attribute.starts_with("on"), "{harm:?}: {attribute}");
                    // The official text of a control is a link; what it says is its catalogue's.
                    let leads = value.starts_with('#') || value.starts_with("https://");
                    let followed = attribute == "href" && !leads;
                    assert!(!followed && attribute != "src", "{harm:?}: {value}");
                }
            }
            html5gum::Token::String(text) => shown.push_str(&String::from_utf8_lossy(&text)),
            html5gum::Token::Comment(_) => panic!("{harm:?}: a comment"),
            html5gum::Token::Error(error) => panic!("{harm:?}: {error:?}"),
            _ => {}
        }
    }
    assert!(scripts <= 1 && styles == 1, "{harm:?}");
    let first = one_line(harm).replace('`', " ");
    let first = first.split_whitespace().next().unwrap_or_default();
    assert!(
        shown.contains(first) || report.findings.is_empty(),
        "{harm:?}: {shown}"
    );
}

pub(crate) fn check_lines(text: &str, report: &Report, harm: &str) {
    let verdicts = text.lines().filter(|line| line.starts_with("launchgate: "));
    assert_eq!(verdicts.count(), 1, "{harm:?}: a forged verdict: {text}");
    let heads = text
        .lines()
        .filter(|line| line.contains("error[") || line.contains("warning["));
    assert!(heads.count() >= report.findings.len(), "{harm:?}: {text}");
    assert!(text.contains(&one_line(harm)) || report.findings.is_empty());
}
