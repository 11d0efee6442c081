//! On any bytes and on valid documents with a few edits, in every syntax: no panic, every span in
//! its file and on character boundaries, children inside their parents.

mod common;

use common::read_soundly;
use launchgate::source::FileId;
use launchgate::value::{Syntax, decode};
use proptest::prelude::*;

const SEEDS: &[(Syntax, &str)] = &[
    (
        Syntax::Yaml,
        "# c\nkind: feature-spec\nid: &id \"é\\u00e9\"\ndata:\n  - name: 'it''s'\n    days: 30\n  - {a: [1, 2.5, ~], <<: &m {x: y}}\nmore:\n  <<: *id\n  ? complex\n  : |-\n    text é\n\n    more\n  folded: >+\n    a\n    b\n\nlast: *id\n---\n- a: b\n  c:\n- !!str 1\n- 你好: \"x\\\n    y\"\n...\n",
    ),
    (
        Syntax::Json,
        "\u{feff}{\"kind\": \"x\", \"é\": [1, -2.5e3, true, null, {\"a\\u0301\": \"\\ud83d\\ude00 \\\"\"}], \"deep\": [[[{}]]]}\r\n",
    ),
    (
        Syntax::Toml,
        "# c\nkind = \"x\" # d\ndate = 2026-05-02T10:00:00Z\na.b.c = [1, 2, {x = 'é', y = 1.5}]\ntext = \"\"\"\né # no\n\"\"\"\n[table]\n\"quoted key\" = true\n[[list]]\nx = 1\n[[list]]\nx = 2\n[list.sub]\ny = 3\n",
    ),
    (
        Syntax::Markdown,
        "---\nkind: x\nowner: [a, b]\n---\nIntro é\n\n# Title *x*\n\ntext  \nmore `code` <!-- c --> &amp; \\* end\n\n- [x] done\n  - [ ] nested\n\n1. one\n\n   two\n\n| a | b |\n|---|:-:|\n| 你 | |\n\n> # quoted\n\n```\ncode\n```\n\nSetext\n===\n\n<div>\nhtml <b>x</b>\n</div>\n\n[^1]: note\n",
    ),
    (
        Syntax::Markdown,
        "+++\nid = \"x\"\n[a]\nb = 1\n+++\n\n## T\n\ntext[^1]\n",
    ),
];

const INSERTS: &[&str] = &[
    "\t", "\"", "'", "[", "]", "{", "}", ":", ": ", "-", "- ", "#", " #", "&a ", "*a", "*id",
    "<<: ", "|\n", ">2-\n", "\n", "\r\n", "\r", "\u{feff}", "é", "\0", "---\n", "...\n", "!x ",
    "!!int ", "```", "|", "\\", "<!--", "-->", "%", "? ", "  ", "\u{85}", "\u{2028}", "😀", "=",
    "+++\n", "# ", "&#0;", "<", "~", "0x", "1e999", ",",
];

fn any_syntax() -> impl Strategy<Value = Syntax> {
    prop::sample::select(Syntax::ALL.to_vec())
}

/// A seed with up to six edits: at a place, some bytes are dropped and some put in.
fn edited() -> impl Strategy<Value = (Syntax, String)> {
    let edit = (
        any::<prop::sample::Index>(),
        0..6_usize,
        prop::sample::select(INSERTS),
    );
    let edits = prop::collection::vec(edit, 0..6);
    (prop::sample::select(SEEDS), edits).prop_map(|((syntax, seed), edits)| {
        let mut bytes = seed.as_bytes().to_vec();
        for (at, dropped, put) in edits {
            let at = at.index(bytes.len() + 1);
            let end = (at + dropped).min(bytes.len());
            bytes.splice(at..end, put.bytes());
        }
        (syntax, String::from_utf8_lossy(&bytes).into_owned())
    })
}

/// Text of the characters that mean something to the readers, and few others.
fn dense() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        3 => prop::sample::select(INSERTS).prop_map(str::to_owned),
        1 => "[a-c0-9 \n]{0,3}",
    ];
    prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

proptest! {
    // More with `PROPTEST_CASES`.
    #![proptest_config(ProptestConfig {
        cases: ProptestConfig::default().cases.max(2048),
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200), syntax in any_syntax()) {
        match decode(bytes.clone()) {
            Ok(text) => {
                read_soundly(&text, syntax);
            }
            Err(error) => {
                prop_assert!(error.offset <= bytes.len());
                let (source, finding) = error.into_finding(FileId(0), "any");
                let span = finding.primary.location.span;
                prop_assert!(source.text().get(span.range()).is_some());
            }
        }
    }

    #[test]
    fn any_text(text in "\\PC{0,80}", syntax in any_syntax()) {
        read_soundly(&text, syntax);
    }

    #[test]
    fn marks_of_every_kind(text in dense(), syntax in any_syntax()) {
        read_soundly(&text, syntax);
    }

    #[test]
    fn documents_with_a_few_edits((syntax, text) in edited()) {
        read_soundly(&text, syntax);
    }
}

#[test]
fn the_seeds_are_read_without_problems_but_for_what_they_hold_on_purpose() {
    for (syntax, seed) in SEEDS {
        let parsed = read_soundly(seed, *syntax);
        let rules: Vec<&str> = parsed.problems.iter().map(|f| f.rule.as_str()).collect();
        let expected: &[&str] = match syntax {
            // `<<: *id` merges what is no mapping.
            Syntax::Yaml => &["document/syntax"],
            _ => &[],
        };
        assert_eq!(rules, expected, "{seed}");
    }
}
