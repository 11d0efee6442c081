use crate::source::{FileId, SourceFile};
use crate::value::{Limits, Scalar, Style, Syntax, read};

/// The documents, then a line for each problem: rule, place, fact.
fn outcome(yaml: &str) -> String {
    let source = SourceFile::new(FileId(0), "a.yaml", yaml);
    let parsed = read(&source, Syntax::Yaml, &Limits::default());
    let mut out = format!("{:?}", parsed.tree);
    for finding in &parsed.problems {
        let span = finding.primary.location.span;
        let place = source.line_column(span.start);
        out.push_str(&format!(
            "\n{} {}:{} `{}` {}",
            finding.rule.as_str().trim_start_matches("document/"),
            place.line,
            place.column,
            source.slice(span),
            finding.message,
        ));
    }
    out
}

#[test]
fn scalars_mean_what_the_core_schema_says() {
    assert_eq!(
        outcome("[~, true, no, 1, 1.50, '1', \"true\", 2026-05-02, 0x1F, .inf, <<]"),
        r#"[[null, true, "no", 1, 1.5, "1", "true", "2026-05-02", 31, inf, "<<"]]"#
    );
    assert_eq!(
        outcome("a: !!str 1\nb: !!float 1\nc: ! 2\nd: !!int '3'\ne: !!null\n"),
        r#"[{"a": "1", "b": 1.0, "c": "2", "d": 3, "e": null}]"#
    );
}

#[test]
fn the_way_a_scalar_is_written_is_kept() {
    let source = SourceFile::new(FileId(0), "a.yaml", "a: no\nb: 'no'\nc: |\n  no\nd: 1.10\n");
    let tree = read(&source, Syntax::Yaml, &Limits::default()).tree;
    let root = tree.root().unwrap();
    let styles: Vec<Style> = root.entries().map(|entry| entry.value.style()).collect();
    assert_eq!(
        styles,
        [Style::Plain, Style::Quoted, Style::Quoted, Style::Plain]
    );
    let version = root.get("d").unwrap();
    assert_eq!(version.scalar(), Some(Scalar::Float(1.1)));
    assert_eq!(version.raw(), "1.10");
}

#[test]
fn streams() {
    assert_eq!(outcome(""), "[]");
    assert_eq!(outcome("# only a comment\n"), "[]");
    assert_eq!(outcome("---\n"), "[null]");
    assert_eq!(
        outcome("a: 1\n---\n---\n- b\n...\n"),
        r#"[{"a": 1}, null, ["b"]]"#
    );
    assert_eq!(outcome("\u{feff}a: 1\n"), r#"[{"a": 1}]"#);
}

#[test]
fn merge_keys_give_way_to_what_is_written() {
    let base = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\n";
    let merged = |rest: &str| {
        let out = outcome(&format!("{base}{rest}"));
        out.rsplit_once("\"c\": ").unwrap().1.to_owned()
    };
    assert_eq!(merged("c: {<<: *a, x: 3}\n"), r#"{"x": 3, "y": 1}}]"#);
    assert_eq!(merged("c: {x: 3, <<: *a}\n"), r#"{"x": 3, "y": 1}}]"#);
    assert_eq!(
        merged("c: {<<: [*a, *b]}\n"),
        r#"{"x": 1, "y": 1, "z": 2}}]"#
    );
    assert_eq!(merged("c: {<<: {w: 0}}\n"), r#"{"w": 0}}]"#);
    assert_eq!(merged("c: {\"<<\": 1}\n"), r#"{"<<": 1}}]"#);
    assert_eq!(
        merged("c: {<<: 1, d: 2}\n"),
        "{\"d\": 2}}]\nsyntax 3:9 `1` a merge key takes mappings only"
    );
    assert_eq!(
        merged("c: {<<: [*a, 1]}\n").lines().last(),
        Some("syntax 3:9 `[*a, 1]` a merge key takes mappings only")
    );
}

#[test]
fn anchors_on_keys_and_in_keys() {
    assert_eq!(
        outcome("&k name: 1\nb: *k\n*k : 2\n"),
        "[{\"name\": 1, \"b\": \"name\"}]\nduplicate-key 3:1 `*k` the key `name` stands twice in one mapping"
    );
    assert_eq!(
        outcome("a: &x 1\n*x : 2\n"),
        "[{\"a\": 1}]\nnon-string-key 2:1 `*x` a key refers to what is no string"
    );
}

#[test]
fn what_is_refused_is_read_on_all_the_same() {
    assert_eq!(
        outcome("a: 1\n1: {b: 2}\na: {c: &x 3}\n[d]: 4\ne: *x\n? {f: 5}\n: 6\ng: !tag 7\n"),
        "[{\"a\": 1, \"1\": {\"b\": 2}, \"e\": 3, \"g\": 7}]
non-string-key 2:1 `1` the key `1` is an integer
duplicate-key 3:1 `a` the key `a` stands twice in one mapping
non-string-key 4:1 `[` a key is a list
non-string-key 6:3 `{` a key is a mapping
tag 8:4 `!tag` the tag `!tag` has no meaning here"
    );
}

#[test]
fn problems_know_the_path() {
    let yaml = "data:\n  - name: x\n  - a: {b: 1, b: 2}\n    c: *nowhere\n";
    let source = SourceFile::new(FileId(0), "a.yaml", yaml);
    let parsed = read(&source, Syntax::Yaml, &Limits::default());
    let pointers: Vec<&str> = parsed.problems.iter().map(|f| f.pointer.as_str()).collect();
    assert_eq!(pointers, ["/data/1/a", "/data/1/c"]);
    let subjects: Vec<&str> = parsed.problems.iter().map(|f| f.subject.as_str()).collect();
    assert_eq!(subjects, ["b", "nowhere"]);
}

#[test]
fn common_mistakes_are_named_where_they_are() {
    let cases = [
        ("a: b: c\n", "syntax 1:5 `:` a `: ` makes no key here"),
        ("a: 1\n b: 2\n", "syntax 2:3 `:` a `: ` makes no key here"),
        ("a: 1\nfoo\n", "syntax 2:1 `f` this line is no `key: value`"),
        (
            "  a: 1\nb: 2\n",
            "syntax 2:1 `b` the document has ended before this line",
        ),
        (
            "- a\nb: 1\n",
            "syntax 2:1 `b` the indentation does not fit what stands above",
        ),
        ("a: @x\n", "syntax 1:4 `@` a value cannot begin with `@`"),
        (
            "a: `x`\n",
            "syntax 1:4 ``` a value cannot begin with a backtick",
        ),
        (
            "a: \"c:\\path\"\n",
            "syntax 1:4 `\"` a double-quoted text has no such escape",
        ),
        (
            "a: 'it's'\n",
            "syntax 1:8 `s` text stands behind the closing quote",
        ),
        (
            "a:\n\tb: 1\n",
            "tab-indentation 2:1 `\t` a tab stands where YAML wants spaces",
        ),
        (
            "a: 1\n\tb: 2\n",
            "tab-indentation 2:1 `\t` a tab stands where YAML wants spaces",
        ),
        (
            "\ta: 1\n",
            "tab-indentation 1:1 `\t` a tab indents this line",
        ),
        (
            "a: *b\n",
            "unresolved-alias 1:4 `*b` the alias `*b` has no anchor before it",
        ),
        (
            "a: &a [*a]\n",
            "unresolved-alias 1:8 `*a` the alias stands inside the value that it refers to",
        ),
        (
            "[a, , b]\n",
            "syntax 1:5 `,` a comma or the closing bracket is missing before this",
        ),
        ("{a: 1, b: 2]\n", "syntax 1:1 `{` `{` is closed by `]`"),
    ];
    for (yaml, expected) in cases {
        let outcome = outcome(yaml);
        let problems: Vec<&str> = outcome.lines().skip(1).collect();
        assert_eq!(problems, [expected], "{yaml:?}");
    }
}
