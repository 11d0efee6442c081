use super::super::{Limits, Parsed, Syntax, read};
use crate::source::{FileId, SourceFile};

fn parse_with(text: &str, limits: &Limits) -> Parsed {
    let source = SourceFile::new(FileId(0), "a.xml", text);
    read(&source, Syntax::Xml, limits)
}

fn parse(text: &str) -> Parsed {
    parse_with(text, &Limits::default())
}

fn shown(text: &str) -> String {
    let parsed = parse(text);
    assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
    format!("{:?}", parsed.tree.root().unwrap())
}

/// Rule, message and the text at the place.
fn problems(text: &str) -> String {
    let parsed = parse(text);
    let all = parsed.problems.iter().map(|problem| {
        let at = &text[problem.primary.location.span.range()];
        format!("{}: {} <- {at}", problem.rule, problem.message)
    });
    all.collect::<Vec<_>>().join("\n")
}

#[test]
fn elements_are_texts_mappings_or_lists() {
    assert_eq!(shown("<a> x </a>"), r#"{"a": "x"}"#);
    assert_eq!(shown("<a/>"), r#"{"a": null}"#);
    assert_eq!(shown("<a>\n</a>"), r#"{"a": null}"#);
    assert_eq!(shown("<a k='v'/>"), r#"{"a": {"@k": "v"}}"#);
    assert_eq!(
        shown("<a k='v'>x</a>"),
        r##"{"a": {"@k": "v", "#text": "x"}}"##
    );
    assert_eq!(shown("<a><b>1</b></a>"), r#"{"a": {"b": "1"}}"#);
    assert_eq!(
        shown("<a><b>1</b><c/><b>2</b></a>"),
        r#"{"a": {"b": ["1", "2"], "c": null}}"#
    );
}

#[test]
fn a_text_is_what_its_pieces_mean() {
    assert_eq!(
        shown("<a>&lt;b&gt; &amp; &#233;&#x1F600;</a>"),
        r#"{"a": "<b> & é😀"}"#
    );
    assert_eq!(
        shown("<a>x<!-- no --> <![CDATA[<y> & z]]></a>"),
        r#"{"a": "x <y> & z"}"#
    );
    assert_eq!(shown("<a>1\r\n2</a>"), r#"{"a": "1\n2"}"#);
    assert_eq!(shown("<a k='1\r\n2&quot;'/>"), r#"{"a": {"@k": "1 2\""}}"#);
}

#[test]
fn an_element_of_the_namespace_of_the_root_goes_by_its_local_name() {
    let own = "<m:bom xmlns:m='urn:m' xmlns:v='urn:v'><m:name>a</m:name><v:name>b</v:name></m:bom>";
    assert_eq!(
        shown(own),
        r#"{"bom": {"@xmlns:m": "urn:m", "@xmlns:v": "urn:v", "name": "a", "v:name": "b"}}"#
    );
    let mixed = "<bom xmlns='urn:m'><v:x xmlns:v='urn:m'>1</v:x></bom>";
    assert_eq!(
        shown(mixed),
        r##"{"bom": {"@xmlns": "urn:m", "x": {"@xmlns:v": "urn:m", "#text": "1"}}}"##
    );
}

#[test]
fn what_declares_entities_is_refused() {
    let bomb = "<!DOCTYPE a [<!ENTITY x \"xx\"><!ENTITY y \"&x;&x;\">]><a>&y;</a>";
    assert_eq!(
        problems(bomb),
        "document/entity: a DOCTYPE is not read: it can declare entities <- <!DOCTYPE a [<!ENTITY x \"xx\"><!ENTITY y \"&x;&x;\">]>"
    );
    let outside = "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>";
    assert!(problems(outside).starts_with("document/entity: a DOCTYPE"));
    assert_eq!(
        problems("<a>&y;</a>"),
        "document/entity: the entity `&y;` is none of the five of XML <- &y;"
    );
    assert_eq!(
        problems("<a k='1&y;'/>"),
        "document/entity: the entity `&y;` is none of the five of XML <- &y;"
    );
}

#[test]
fn broken_texts_are_problems_with_their_places() {
    for (text, expected) in [
        ("<a><b></a>", "expected `</b>`, but `</a>` was found"),
        ("<a><b/>", "`<a>` is not closed <- a"),
        ("<a/><b/>", "a second root element stands here <- <b/>"),
        ("<a/> x", "text stands outside of the root element <- x"),
        ("x", "text stands outside of the root element <- x"),
        ("<!-- only -->", "there is no root element <- <"),
        (
            "<a k='1' k='2'/>",
            "the key `@k` stands twice in one mapping <- k",
        ),
        ("<a k=1/>", "the attributes of this element cannot be read"),
        ("<a k='<'/>", "`<` stands in the value of an attribute <- <"),
        ("<a>1 < 2</a>", ""),
        ("<a>x & y</a>", ""),
        ("<1a/>", "`1a` is no name of an element <- 1a"),
        ("<a>\u{1}</a>", "the character U+0001 stands in the text"),
        (
            "<a>&#0;</a>",
            "`&#0;` is no character that XML allows <- &#0;",
        ),
        ("<a", "tag not closed"),
        ("<a><!-- x -- y --></a>", ""),
        ("<a>x]]", ""),
    ] {
        let said = problems(text);
        assert!(
            !said.is_empty() && said.contains(expected),
            "{text}: {said}"
        );
    }
}

#[test]
fn another_encoding_is_refused() {
    let text = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a/>";
    assert!(
        problems(text)
            .starts_with("document/encoding: the file says that its encoding is `ISO-8859-1`")
    );
    assert_eq!(
        problems("<?xml version=\"1.0\" encoding=\"utf-8\"?><a/>"),
        ""
    );
}

#[test]
fn limits_hold() {
    let limits = Limits {
        depth: 8,
        nodes: 20,
        ..Limits::default()
    };
    let deep = "<a>".repeat(9) + &"</a>".repeat(9);
    let wide = format!("<a>{}</a>", "<b/>".repeat(30));
    for text in [deep, wide] {
        let parsed = parse_with(&text, &limits);
        assert_eq!(parsed.problems.len(), 1, "{:?}", parsed.problems);
        assert_eq!(parsed.problems[0].rule.as_str(), "document/limit");
    }
}
