use super::*;
use crate::source::FileId;
use crate::value::{Limits, Syntax};

/// The waivers of a text as `rule line approver`, and what is wrong with others.
fn found(path: &str, text: &str) -> (Vec<String>, Vec<String>) {
    let source = SourceFile::new(FileId(0), path, text);
    let syntax = Syntax::of_path(path.into()).unwrap();
    let parsed = crate::value::read(&source, syntax, &Limits::default());
    let (entries, findings) = read(&source, &parsed.tree);
    let entry = |entry: Entry| {
        let Target::Line(line) = entry.target else {
            panic!("{entry:?}")
        };
        let approver = entry.approver.unwrap_or_else(|| "nobody".to_owned());
        format!("{} {line} {approver}", entry.rule)
    };
    (
        entries.into_iter().map(entry).collect(),
        findings.into_iter().map(|it| it.message).collect(),
    )
}

#[test]
fn a_comment_speaks_of_its_line_or_of_the_next() {
    for (path, text, told) in [
        (
            "a.yaml",
            "a: 1 # launchgate: allow x/y until 2027-01-31 -- r\nb: 2\n",
            "x/y 1 nobody",
        ),
        (
            "a.yaml",
            "# launchgate: allow x/y until 2027-01-31 -- r\nb: 2\n",
            "x/y 2 nobody",
        ),
        (
            "a.yaml",
            "#launchgate: allow x/y until 2027-01-31 by Ann B -- r\n\n# more\n  # and more\nb: 2\n",
            "x/y 5 Ann B",
        ),
        (
            "a.yaml",
            "b: 2\n# launchgate: allow x/y until 2027-01-31 -- r",
            "x/y 3 nobody",
        ),
        (
            "a.toml",
            "# launchgate: allow x/y until 2027-01-31 -- r\na = 1\n",
            "x/y 2 nobody",
        ),
        (
            "a.md",
            "---\n# launchgate: allow x/y until 2027-01-31 -- r\na: 1\n---\n",
            "x/y 3 nobody",
        ),
        (
            "a.md",
            "---\na: 1\n---\n\n<!-- launchgate: allow x/y until 2027-01-31 -- r -->\n\n## Plan\n",
            "x/y 7 nobody",
        ),
        (
            "a.md",
            "---\na: 1\n---\n\n<!--\nlaunchgate: allow x/y\nuntil 2027-01-31 -- r\n-->\n## Plan\n",
            "x/y 9 nobody",
        ),
        (
            "a.xml",
            "<a>\n<!-- launchgate: allow x/y until 2027-01-31 -->\n</a>\n",
            "",
        ),
    ] {
        let (entries, wrong) = found(path, text);
        if told.is_empty() {
            assert!(
                entries.is_empty() && wrong.len() == 1,
                "{text}: {entries:?} {wrong:?}"
            );
        } else {
            assert_eq!(
                (entries.as_slice(), wrong.len()),
                (&[told.to_owned()][..], 0),
                "{text} {wrong:?}"
            );
        }
    }
}

#[test]
fn what_cannot_be_read_is_said() {
    for (comment, told) in [
        ("allow x/y until 2027-01-31", "the waiver gives no reason"),
        (
            "allow x/y until 2027-01-31 --",
            "the waiver gives no reason",
        ),
        (
            "allow x/y until 2027-01-31 -- ",
            "the waiver gives no reason",
        ),
        (
            "allow x/y until 2027-01-31 -- TBD",
            "the waiver gives no reason",
        ),
        ("allow x/y -- r", "the waiver has no end"),
        ("allow x/y until -- r", "`until` names no day"),
        ("allow x/y until 2027-02-30 -- r", "`2027-02-30` is no day"),
        ("allow x/y until 2027-1-3 -- r", "`2027-1-3` is no day"),
        ("allow x/y until 20270131 -- r", "`20270131` is no day"),
        (
            "allow * until 2027-01-31 -- r",
            "`*` is not the id of one rule",
        ),
        (
            "allow x/* until 2027-01-31 -- r",
            "`x/*` is not the id of one rule",
        ),
        (
            "allow x until 2027-01-31 -- r",
            "`x` is not the id of one rule",
        ),
        (
            "allow x/y, x/z until 2027-01-31 -- r",
            "`x/y,` is not the id of one rule",
        ),
        (
            "allow until 2027-01-31 -- r",
            "`until` is not the id of one rule",
        ),
        (
            "alow x/y until 2027-01-31 -- r",
            "`alow` is nothing that a comment can ask; did you mean `allow`?",
        ),
        ("allow x/y until 2027-01-31 by -- r", "`by` names nobody"),
        (
            "allow x/y until 2027-01-31 for ann -- r",
            "`for` stands where",
        ),
        ("-- r", ""),
        ("", "the waiver gives no reason"),
    ] {
        let (entries, wrong) = found("a.yaml", &format!("# launchgate: {comment}\na: 1\n"));
        assert!(entries.is_empty(), "{comment}");
        assert_eq!(wrong.len(), 1, "{comment}");
        assert!(wrong[0].starts_with(told), "{comment}: {wrong:?}");
    }
}

#[test]
fn what_is_no_comment_or_speaks_of_something_else_is_left_alone() {
    for (path, text) in [
        ("a.yaml", "a: '# launchgate: allow x/y'\n"),
        ("a.yaml", "a: |\n  # launchgate: allow x/y\n"),
        ("a.yaml", "# about launchgate: it is a gate\na: 1\n"),
        ("a.json", "{\"a\": \"# launchgate: allow x/y\"}\n"),
        (
            "a.md",
            "---\na: 1\n---\n\nlaunchgate: allow x/y\n\n```\n<!-- launchgate: allow x/y -->\n```\n",
        ),
    ] {
        assert_eq!(found(path, text), (Vec::new(), Vec::new()), "{text}");
    }
}
