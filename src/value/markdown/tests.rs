use std::sync::Arc;

use crate::source::{FileId, SourceFile};
use crate::value::{Limits, Parsed, Syntax, read};

fn parse(text: &str) -> (Parsed, Arc<SourceFile>) {
    let source = SourceFile::new(FileId(0), "a.md", text);
    (read(&source, Syntax::Markdown, &Limits::default()), source)
}

fn problems(parsed: &Parsed, source: &SourceFile) -> Vec<String> {
    parsed
        .problems
        .iter()
        .map(|finding| {
            let span = finding.primary.location.span;
            format!(
                "{} {}: {}",
                finding.rule,
                source.slice(span),
                finding.message
            )
        })
        .collect()
}

fn at<'t>(parsed: &'t Parsed, path: &str) -> crate::value::NodeRef<'t> {
    parsed
        .tree
        .root()
        .and_then(|root| root.at(&path.parse().unwrap()))
        .unwrap_or_else(|| panic!("{path} in {:?}", parsed.tree))
}

const SPEC: &str = "---
kind: feature-spec # which
id: é
---
Intro *text*
over two lines.

# Title `x`

One paragraph.

- first
- [x] done
  1. inner
- [ ] open

## Roll<b>back</b>

<!-- launchgate: allow x -->

| Who | When |
|-----|------|
| ops | 3 h  |
| é   |      |

<details>
<summary>More</summary>
hidden <!-- no --> text
</details>

Setext
------

> quoted
> # no section
";

#[test]
fn front_matter_and_sections_are_one_mapping() {
    let (parsed, source) = parse(SPEC);
    assert_eq!(problems(&parsed, &source), Vec::<String>::new());
    assert_eq!(
        format!("{:#?}", parsed.tree.root().unwrap()),
        r#"{
    "kind": "feature-spec",
    "id": "é",
    "sections": [
        {
            "title": "",
            "level": 0,
            "text": "Intro text over two lines.",
            "full_text": "Intro text over two lines.",
            "items": [],
            "tables": [],
        },
        {
            "title": "Title x",
            "level": 1,
            "text": "One paragraph.\nfirst\n[x] done\ninner\n[ ] open",
            "full_text": "One paragraph.\nfirst\n[x] done\ninner\n[ ] open\nWho | When\nops | 3 h\né\nMore\nhidden text\nquoted\nno section",
            "items": [
                "first",
                "[x] done",
                "inner",
                "[ ] open",
            ],
            "tables": [],
        },
        {
            "title": "Rollback",
            "level": 2,
            "text": "Who | When\nops | 3 h\né\nMore\nhidden text",
            "full_text": "Who | When\nops | 3 h\né\nMore\nhidden text",
            "items": [],
            "tables": [
                {
                    "header": [
                        "Who",
                        "When",
                    ],
                    "rows": [
                        [
                            "ops",
                            "3 h",
                        ],
                        [
                            "é",
                            "",
                        ],
                    ],
                },
            ],
        },
        {
            "title": "Setext",
            "level": 2,
            "text": "quoted\nno section",
            "full_text": "quoted\nno section",
            "items": [],
            "tables": [],
        },
    ],
}"#
    );
    let comments: Vec<&str> = parsed
        .tree
        .comments()
        .iter()
        .map(|comment| parsed.tree.comment_text(comment))
        .collect();
    assert_eq!(
        comments,
        ["# which", "<!-- launchgate: allow x -->", "<!-- no -->"]
    );
}

#[test]
fn every_piece_knows_its_place() {
    let (parsed, _) = parse(SPEC);
    let raw = |path| at(&parsed, path).raw();
    assert_eq!(raw("id"), "é");
    assert_eq!(raw("sections[0].text"), "Intro *text*\nover two lines.");
    assert_eq!(raw("sections[1].title"), "Title `x`");
    assert_eq!(raw("sections[1].level"), "#");
    assert_eq!(raw("sections[1].items[1]"), "[x] done");
    assert_eq!(raw("sections[2].tables[0].header[1]"), "When");
    assert_eq!(raw("sections[2].tables[0].rows[1]"), "| é   |      |");
    assert_eq!(raw("sections[2].tables[0].rows[1][0]"), "é");
    assert_eq!(raw("sections[3].level"), "------");
    let key = at(&parsed, "sections[2].text").own_entry().unwrap();
    let source = at(&parsed, "id").source();
    assert_eq!(source.slice(key.key_location.span), "## Roll<b>back</b>");
    let section = at(&parsed, "sections[2]");
    assert_eq!(source.slice(section.address().span), "## Roll<b>back</b>");
}

#[test]
fn text_without_front_matter_has_sections_only() {
    let (parsed, _) = parse("\u{FEFF}# T\r\n\r\nbody\r\n");
    assert_eq!(at(&parsed, "sections[0].title").raw(), "T");
    assert_eq!(at(&parsed, "sections[0].text").span().start, 10);
    let (parsed, source) = parse("");
    assert!(problems(&parsed, &source).is_empty());
    assert_eq!(format!("{:?}", parsed.tree), r#"[{"sections": []}]"#);
}

#[test]
fn toml_front_matter() {
    let (parsed, source) = parse("+++\nid = \"x\"\n[a]\nb = 1 # c\n+++\n# T\n");
    assert_eq!(problems(&parsed, &source), Vec::<String>::new());
    assert_eq!(at(&parsed, "id").raw(), "\"x\"");
    assert_eq!(at(&parsed, "a.b").raw(), "1");
    assert_eq!(at(&parsed, "sections[0].title").raw(), "T");
}

#[test]
fn broken_front_matter_is_a_finding() {
    let cases = [
        (
            "---\nkind: x\n",
            "document/front-matter ---: the front matter is not closed",
        ),
        (
            "\n---\nkind: x\n---\n",
            "document/front-matter ---: the front matter does not begin on the first line, so it is plain text",
        ),
        (
            "---\n- a\n---\n",
            "document/front-matter ---: the front matter holds no keys",
        ),
        (
            "---\njust text\n---\n",
            "document/front-matter ---: the front matter holds no keys",
        ),
        (
            "---\nsections: 1\n---\n# T\n",
            "document/front-matter sections: the key `sections` is taken by the sections of the text",
        ),
        (
            "---\na: 1\n...\nb: 2\n---\n",
            "document/front-matter b: the front matter holds a second document",
        ),
        (
            "---\na: 1\na: 2\n---\n",
            "document/duplicate-key a: the key `a` stands twice in one mapping",
        ),
        (
            "+++\na = \n+++\n",
            "document/syntax =: string values must be quoted, expected literal string",
        ),
    ];
    for (text, expected) in cases {
        let (parsed, source) = parse(text);
        assert_eq!(problems(&parsed, &source), [expected], "{text:?}");
        assert!(parsed.tree.root().unwrap().is_mapping(), "{text:?}");
    }
}

#[test]
fn a_syntax_error_in_the_front_matter_keeps_what_came_before_and_the_sections() {
    let (parsed, source) = parse("---\nid: x\nowner: [a\n---\n# T\n");
    assert_eq!(problems(&parsed, &source).len(), 1);
    assert_eq!(at(&parsed, "id").raw(), "x");
    assert_eq!(at(&parsed, "sections[0].title").raw(), "T");
}

#[test]
fn empty_front_matter_is_none() {
    let (parsed, source) = parse("---\n# nothing\n---\nText\n");
    assert!(problems(&parsed, &source).is_empty());
    assert_eq!(at(&parsed, "sections[0].text").raw(), "Text");
}
