mod evidence;

use std::collections::BTreeSet;

use html5gum::{DefaultEmitter, Token, Tokenizer};

use super::*;
use crate::finding::{
    CitedControl, Finding, Fingerprint, Label, Outcome, RuleId, RuleInfo, Severity, Stage, Verdict,
};
use crate::framework::Standing;
use crate::render::fixture::{
    at, card, document, file, on, outcomes, report, retention, rule, spec, threshold,
};
use crate::source::is_unsafe_to_display;
use crate::trace::{ControlTrace, FrameworkTrace, Row, RuleRef, State};

/// What an HTML parser reads: elements with their attributes, and the text between them.
#[derive(Debug, Default)]
struct Read {
    /// `name attribute attribute`, `/name` where one ends.
    elements: Vec<String>,
    /// (element, attribute, value)
    attributes: Vec<(String, String, String)>,
    text: String,
    comments: usize,
}

fn read(html: &str) -> Read {
    let mut read = Read::default();
    let mut emitter = DefaultEmitter::default();
    // As a parser does: what stands in a script or a style is text.
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(html, emitter) {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        match token.unwrap() {
            Token::StartTag(tag) => {
                let name = text(&tag.name);
                let mut element = name.clone();
                for (attribute, value) in &tag.attributes {
                    let attribute = text(attribute);
                    element.push(' ');
                    element.push_str(&attribute);
                    read.attributes.push((name.clone(), attribute, text(value)));
                }
                read.elements.push(element);
            }
            Token::EndTag(tag) => read.elements.push(format!("/{}", text(&tag.name))),
            Token::String(string) => read.text.push_str(&text(&string)),
            Token::Comment(_) => read.comments += 1,
            Token::Doctype(_) => {}
            Token::Error(error) => panic!("{error:?}"),
        }
    }
    read
}

/// Every kind of text that a report holds, taken from `word`, which names the text.
fn filled(word: &dyn Fn(&str) -> String) -> (Report, Traceability) {
    let source = file(
        0,
        &word("path"),
        &format!("{}: {}\nx: 1\n", word("key"), word("value")),
    );
    let policy = file(1, &word("policy path"), &word("policy line"));
    let reference = document(&word("kind"), &word("id"), &word("path"));
    let mut finding = Finding::new(
        RuleId::new(word("rule")),
        word("message"),
        on(&source, "x: 1", &word("label")),
    )
    .with_related(at(&source, 0, 3, &word("related")))
    .with_related(Label::new(
        at(&file(7, "", ""), 0, 0, "").location,
        word("lost"),
    ))
    .with_help(word("help"))
    .with_note(word("note"))
    .with_pointer(word("pointer"))
    .with_outcome(Outcome::Unknown);
    finding.policy = Some(at(&policy, 0, 1, &word("policy label")));
    finding.document = Some(reference.clone());
    finding.controls = vec![word("control").into(), word("control unknown").into()];
    finding.blocking = true;
    let lone = Finding::new("input/unreadable", word("lone"), at(&policy, 0, 1, ""));
    let mut report = report(vec![finding, lone], &[source, policy]);
    let rule_id = word("rule");
    let mut of_document = outcomes(
        reference.clone(),
        &[(&*rule_id, Outcome::Fail), ("~/passed", Outcome::Pass)],
    );
    of_document.title = Some(word("title").into());
    of_document.owner = Some(word("owner").into());
    of_document.sign_offs = vec![evidence::filled_sign_off(word)];
    report.outcomes = vec![of_document];
    report.fairness = vec![evidence::filled_claim(word, reference.clone())];
    report.as_of = word("day");
    report.policy_digest = word("digest");
    report.notices = vec![word("notice")];
    let info = RuleInfo {
        title: word("rule title").into(),
        description: word("rule description").into(),
        help: None,
        severity: Severity::Error,
        controls: Vec::new().into(),
    };
    report.rules = [(RuleId::new(&rule_id), info)].into();
    let cited = CitedControl {
        title: word("control title").into(),
        citation: word("citation").into(),
        url: Some(format!("https://law.example/{}", word("url")).into()),
        status: "upcoming",
        standing: word("standing"),
    };
    report.controls = [(word("control").into(), cited)].into();
    let row = |state| Row {
        rule: Some(RuleRef {
            id: RuleId::new(&rule_id),
            title: word("rule title").into(),
            severity: Severity::Error,
        }),
        document: Some((reference.clone(), None)),
        state,
        tally: crate::finding::Tally::default(),
        place: None,
        evidence: Vec::new(),
        waivers: Vec::new(),
    };
    let control = ControlTrace {
        reference: word("reference").into(),
        title: word("control").into(),
        citation: word("citation").into(),
        primary: false,
        standing: Standing::Superseded(word("successor").into()),
        rows: vec![
            row(State::Decided(Outcome::Fail)),
            row(State::Off(word("reason"))),
        ],
    };
    let framework = FrameworkTrace {
        id: word("framework").into(),
        title: word("framework title").into(),
        url: Some(format!("https://law.example/{}", word("framework url")).into()),
        controls: vec![control],
    };
    let trace = Traceability {
        as_of: String::new(),
        policy_digest: String::new(),
        verdict: Verdict::Fail,
        frameworks: vec![framework],
    };
    (report, trace)
}

#[test]
fn what_a_report_says_is_text_wherever_it_stands() {
    let plain = |name: &str| format!("the {name} word");
    let (report, trace) = filled(&plain);
    let benign = render(&report, Some(&trace));
    let expected = read(&benign);
    for payload in [
        "</script><script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "<!-- --><style>*{display:none}</style>",
        "</title></textarea></style><svg onload=alert(1)>",
        "&lt;b&gt; &#60;b&#62; &amp;",
        "]]><![CDATA[<b>",
        "javascript:alert(1)",
        "`<b>`",
        "\u{1b}[31m\u{202e}\u{200b}\u{85}::error::%0A\r",
        "\u{0}<\u{0}b>",
    ] {
        // Blanks part the class names of an element, so what is compared holds as many.
        let hostile = |name: &str| format!("{payload} {name} word");
        let (report, trace) = filled(&hostile);
        let html = render(&report, Some(&trace));
        assert!(!html.chars().any(is_unsafe_to_display), "{payload}");
        let got = read(&html);
        let code = |element: &&String| {
            !matches!(
                element.as_str(),
                "code" | "/code" | "mark" | "mark class" | "/mark"
            )
        };
        let shape =
            |read: &Read| -> Vec<String> { read.elements.iter().filter(code).cloned().collect() };
        let (got_shape, expected_shape) = (shape(&got), shape(&expected));
        let other = got_shape.iter().zip(&expected_shape).find(|(a, b)| a != b);
        assert_eq!(other, None, "{payload}");
        assert_eq!(got_shape.len(), expected_shape.len(), "{payload}");
        assert_eq!(got.comments, 0, "{payload}");
        let hrefs = got.attributes.iter().filter(|(_, name, _)| name == "href");
        for (_, _, href) in hrefs {
            assert!(
                href.starts_with('#') || href.starts_with("https://law.example/"),
                "{href}"
            );
        }
    }
}

#[test]
fn every_text_of_a_report_is_shown() {
    let seen = std::cell::RefCell::new(BTreeSet::new());
    let note = |name: &str| {
        seen.borrow_mut().insert(name.to_owned());
        format!("<{name}>")
    };
    let (report, trace) = filled(&note);
    let read = read(&render(&report, Some(&trace)));
    let attributes: Vec<&str> = read
        .attributes
        .iter()
        .map(|(_, _, value)| value.as_str())
        .collect();
    let elsewhere = ["url", "framework url", "framework"];
    // Pointers are for machines, and of a digest the beginning tells enough.
    let left_out = ["pointer", "claim pointer", "claim digest"];
    for name in seen.take() {
        let word = format!("<{name}>");
        let shown = if elsewhere.contains(&name.as_str()) {
            attributes.iter().any(|value| value.contains(&word))
        } else {
            read.text.contains(&word)
        };
        assert_eq!(shown, !left_out.contains(&name.as_str()), "{name}");
    }
}

fn draft() -> Report {
    let mut later = threshold();
    later.blocks_from = Some(Stage::Launched);
    later.document = Some(document("model-card", "score", "cards/score.yaml"));
    later.folded.insert("privacy/minimal".into());
    let mut remark = threshold();
    remark.severity = Severity::Note;
    remark.outcome = Outcome::Unknown;
    remark.document.clone_from(&later.document);
    let mut first = retention();
    first.fingerprint = Fingerprint::of(["one"]);
    let mut report = report(vec![first, later, remark], &[spec(), card(), rule()]);
    report.outcomes = vec![
        outcomes(
            document("model-card", "score", "cards/score.yaml"),
            &[
                ("fairness/threshold", Outcome::Fail),
                ("privacy/minimal", Outcome::Fail),
            ],
        ),
        outcomes(
            document("feature-spec", "instant-credit", "specs/credit.yaml"),
            &[
                ("privacy/retention-limit", Outcome::Fail),
                ("privacy/purpose", Outcome::Pass),
                ("core/owner", Outcome::NotApplicable),
            ],
        ),
    ];
    report.outcomes[1].title = Some("Instant credit".into());
    report
}

fn text(html: &str) -> String {
    let body = html
        .split("<main")
        .nth(1)
        .unwrap()
        .split("<script>")
        .next()
        .unwrap();
    let text = read(&format!("<main{body}")).text;
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn findings_are_numbered_by_document_and_lead_to_their_cards() {
    let html = render(&draft(), None);
    let read = read(&html);
    let ids: Vec<&str> = read
        .attributes
        .iter()
        .filter(|(_, name, _)| name == "id")
        .map(|(_, _, value)| value.as_str())
        .collect();
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "{ids:?}");
    let fingerprint = format!("f-{}", Fingerprint::of(["one"]));
    let cards: Vec<&&str> = ids
        .iter()
        .filter(|id| id.starts_with("f-") && !id.ends_with("-title"))
        .collect();
    assert_eq!(cards, [&"f-1", &"f-2", &fingerprint.as_str()]);
    for (_, name, value) in &read.attributes {
        let target = value.strip_prefix('#').filter(|_| name == "href");
        assert!(
            target.is_none_or(|id| unique.contains(id)),
            "{value} leads nowhere"
        );
    }
    for (_, name, value) in &read.attributes {
        let refers = matches!(name.as_str(), "aria-labelledby" | "for");
        assert!(!refers || unique.contains(value.as_str()), "{name} {value}");
    }
}

#[test]
fn what_blocks_is_told_from_what_will_and_from_what_does_not() {
    let text = text(&render(&draft(), None));
    let blocks = text.split("Documents and packs").next().unwrap();
    for said in [
        "score model card, stage: in review Owner: nobody is named 1 finding blocks later",
        "1 the demographic parity ratio of 0.72 is below its threshold of 0.8 fairness/threshold blocks once launched",
        "Instant credit feature spec, stage: in review Owner: nobody is named 1 finding blocks",
        "3 income is kept for P10Y; the limit is P2Y privacy/retention-limit blocks now",
    ] {
        let spaced = said.replace(' ', "");
        assert!(
            blocks.replace(' ', "").contains(&spaced),
            "{said}\n{blocks}"
        );
    }
    assert!(!blocks.contains("does not block"), "{blocks}");
}

#[test]
fn a_cell_leads_to_the_finding_that_speaks_for_its_pack() {
    let html = render(&draft(), None);
    let folded =
        r##"<a class="worst" href="#f-1" data-pack="privacy" data-document="score">1 failed</a>"##;
    assert!(html.contains(folded), "{html}");
    let matrix = html
        .split("<table class=\"matrix\">")
        .nth(1)
        .unwrap()
        .split("</table>")
        .next()
        .unwrap();
    let words: Vec<String> = matrix
        .split("<td")
        .skip(1)
        .map(|cell| cell.split("</td>").next().unwrap())
        .map(|cell| read(&format!("<td{cell}")).text)
        .collect();
    assert_eq!(
        words,
        [
            "no rule",
            "1 failed",
            "1 failed",
            "1 n/a",
            "no rule",
            "1 failed1 passed"
        ]
    );
}

#[test]
fn documents_with_one_id_are_told_apart() {
    let mut report = draft();
    let twin = document("model-card", "score", "cards/twin.yaml");
    report
        .outcomes
        .push(outcomes(twin, &[("core/owner", Outcome::Pass)]));
    let page = Page::new(&report, None);
    let keys: Vec<&str> = page
        .documents
        .iter()
        .map(|document| document.key.as_str())
        .collect();
    assert_eq!(
        keys,
        [
            "score (cards/score.yaml, 1)",
            "instant-credit",
            "score (cards/twin.yaml, 3)"
        ]
    );
}

#[test]
fn every_verdict_has_its_words_and_no_section_is_empty() {
    let mut report = report(Vec::new(), &[]);
    for (verdict, said) in [
        (Verdict::Pass, "The gate passes"),
        (Verdict::Fail, "The gate fails"),
        (Verdict::Error, "Nothing may be concluded"),
        (Verdict::NothingChecked, "Nothing was checked"),
    ] {
        report.verdict = verdict;
        let html = render(&report, None);
        assert!(html.contains(&format!("<h1>{said}</h1>")), "{said}");
        assert!(
            !html.contains("<section") && !html.contains("<nav"),
            "{said}"
        );
    }
    report.notices.push("one thing".to_owned());
    assert_eq!(render(&report, None).matches("<section").count(), 1);
}

#[test]
fn excerpts_show_the_line_the_mark_and_what_is_said() {
    let html = render(&report(vec![retention()], &[spec(), rule()]), None);
    let expected = concat!(
        r#"<div class="line"><span class="n">6</span><code>    personal: true</code></div>"#,
        r#"<div class="line hit"><span class="n">7</span><code>    retention: <mark class="primary">P10Y</mark></code></div>"#,
        r#"<div class="label primary"><span class="n"></span><span class="pad">               </span>"#,
        r#"<span class="say"><code>retention</code> is P10Y</span></div>"#,
    );
    assert!(html.contains(expected), "{html}");
    assert!(html.contains("<code>specs/credit.yaml:7:16</code>"));
    let policy = concat!(
        r#"<figcaption>Asked for by <code>policies/privacy/retention-limit.yaml:4</code></figcaption>"#,
        r#"<div class="lines"><div class="line hit"><span class="n">4</span><code>  - <mark>days(item.retention)"#,
    );
    assert!(html.contains(policy), "{html}");
}

#[test]
fn odd_places_are_shown_as_far_as_they_can() {
    let long = file(
        0,
        "long.json",
        &format!("{}MARK{}", "é".repeat(9000), "x".repeat(9000)),
    );
    let bom = file(1, "bom.yaml", "\u{FEFF}a: 1\n");
    let empty = file(2, "empty.yaml", "");
    let lines = file(3, "lines.yaml", "a: [1,\r\n  2]\r\n\r\nb: 1\n");
    let findings = vec![
        Finding::new("a/long", "long", on(&long, "MARK", "here")),
        Finding::new("a/bom", "bom", at(&bom, 0, 4, "here")).with_related(at(&bom, 3, 7, "over")),
        Finding::new("a/empty", "empty", at(&empty, 0, 1, "here")),
        Finding::new("a/lines", "lines", at(&lines, 3, 12, "here")),
        Finding::new("a/end", "end", at(&lines, 14, 15, "behind")),
    ];
    let html = render(&report(findings, &[long, bom, empty, lines]), None);
    assert!(html.len() < 60_000, "{}", html.len());
    assert!(html.contains(r#"é<mark class="primary">MARK</mark>x"#));
    assert!(
        html.contains(r#"<code><mark class="primary">a</mark><mark>: 1</mark></code>"#),
        "{html}"
    );
    assert!(html.contains("<code>empty.yaml:1:1</code>"));
    assert!(html.contains(r#"<code>a: <mark class="primary">[1,</mark></code>"#));
    assert!(
        html.contains(r#"<code><mark class="primary"> </mark></code>"#),
        "{html}"
    );
}

#[test]
fn the_same_report_gives_the_same_bytes_and_reaches_for_nothing() {
    let html = render(&draft(), None);
    assert_eq!(html, render(&draft(), None));
    let read = read(&html);
    for (element, name, value) in &read.attributes {
        let fetches = matches!(
            name.as_str(),
            "src" | "srcset" | "data" | "poster" | "style" | "action" | "background"
        ) || name.starts_with("on")
            || (name == "href" && matches!(element.as_str(), "link" | "base" | "image"));
        assert!(!fetches, "{element} {name}={value}");
    }
    assert_eq!(
        read.elements
            .iter()
            .filter(|element| element.starts_with("script"))
            .count(),
        1
    );
    assert!(html.contains(r#"content="default-src 'none'; style-src 'sha256-"#));
}

#[test]
fn where_nothing_may_be_concluded_nothing_is_said_to_have_passed() {
    let nothing = |name: &str| name.to_owned();
    let (mut report, trace) = filled(&nothing);
    let passed = |html: &str| text(html).contains("passed");
    assert!(passed(&render(&report, Some(&trace))));
    for verdict in [Verdict::Error, Verdict::NothingChecked] {
        report.verdict = verdict;
        let html = render(&report, Some(&trace));
        assert!(!passed(&html), "{verdict:?}");
        assert!(html.contains("id=\"findings\"") && html.contains("id=\"blocks\""));
    }
}
