//! Hostile input to the readers: each text returns, quickly, and is refused under the rule that
//! names what is wrong.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use launchgate::finding::Severity;
use launchgate::source::{FileId, SourceFile, display_safe};
use launchgate::value::{Kind, Limits, Parsed, Syntax, read};

/// Generous: a debug build on a busy machine. What is quadratic takes minutes.
const QUICK: Duration = Duration::from_secs(20);

fn parse(text: impl Into<String>, syntax: Syntax) -> (Parsed, Arc<SourceFile>) {
    let source = SourceFile::new(FileId(0), "hostile", text.into());
    let began = Instant::now();
    let parsed = read(&source, syntax, &Limits::default());
    assert!(began.elapsed() < QUICK, "took {:?}", began.elapsed());
    (parsed, source)
}

/// The rules that refuse a text.
fn refused(text: impl Into<String>, syntax: Syntax) -> Vec<String> {
    let (parsed, _) = parse(text, syntax);
    parsed
        .problems
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| {
            assert!(finding.help.is_some(), "no help: {}", finding.message);
            finding.rule.to_string()
        })
        .collect()
}

fn accepted(text: impl Into<String>, syntax: Syntax) -> Parsed {
    let (parsed, _) = parse(text, syntax);
    assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
    parsed
}

#[test]
fn billion_laughs() {
    let mut yaml = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..20 {
        let below = format!("*a{}", level - 1);
        let ten = [below.as_str(); 10].join(", ");
        writeln!(yaml, "a{level}: &a{level} [{ten}]").unwrap();
    }
    assert_eq!(refused(yaml, Syntax::Yaml), ["document/limit"]);
}

#[test]
fn merge_key_bombs() {
    let mut yaml = String::from("a0: &a0 {x: 1}\n");
    for level in 1..30 {
        let below = level - 1;
        writeln!(
            yaml,
            "a{level}: &a{level}\n  <<: *a{below}\n  l{level}: *a{below}\n  r{level}: *a{below}"
        )
        .unwrap();
    }
    assert_eq!(refused(yaml, Syntax::Yaml), ["document/limit"]);

    // Nothing new is merged, but each time every key is looked at.
    let mut wide = String::from("base: &a {");
    for key in 0..20_000 {
        write!(wide, "k{key}: 1,").unwrap();
    }
    wide.push_str("}\nall: {<<: [");
    wide.push_str(&"*a,".repeat(20_000));
    wide.push_str("]}\n");
    assert_eq!(refused(wide, Syntax::Yaml), ["document/limit"]);
}

#[test]
fn aliases_that_lead_nowhere() {
    assert_eq!(
        refused("a: &a [*a]\n", Syntax::Yaml),
        ["document/unresolved-alias"]
    );
    assert_eq!(
        refused("a: &a {<<: *a}\n", Syntax::Yaml),
        ["document/unresolved-alias"]
    );
    assert_eq!(
        refused("&a {*a : 1}\n", Syntax::Yaml),
        ["document/unresolved-alias"]
    );
    assert_eq!(
        refused("a: *b\n", Syntax::Yaml),
        ["document/unresolved-alias"]
    );
    assert_eq!(
        refused("a: &a 1\n---\nb: *a\n", Syntax::Yaml),
        ["document/unresolved-alias"]
    );
}

#[test]
fn depth_of_a_hundred_thousand() {
    const DEPTH: usize = 100_000;
    for text in [
        "[".repeat(DEPTH),
        "{a: ".repeat(DEPTH),
        "- ".repeat(DEPTH) + "x",
        "? ".repeat(DEPTH) + "x",
        "[\n".repeat(DEPTH),
    ] {
        let rules = refused(text, Syntax::Yaml);
        assert!(
            rules
                .iter()
                .all(|rule| rule == "document/limit" || rule == "document/non-string-key")
        );
        assert!(rules.contains(&"document/limit".to_owned()), "{rules:?}");
    }
    let mut block = String::new();
    for depth in 0..2_000 {
        writeln!(block, "{:depth$}a:", "").unwrap();
    }
    assert_eq!(refused(block, Syntax::Yaml), ["document/limit"]);

    assert_eq!(refused("[".repeat(DEPTH), Syntax::Json), ["document/limit"]);
    assert_eq!(
        refused("{\"a\":".repeat(DEPTH), Syntax::Json),
        ["document/limit"]
    );
    assert_eq!(
        refused("[".repeat(DEPTH) + &"]".repeat(DEPTH), Syntax::Json),
        ["document/limit"]
    );
    assert_eq!(
        refused(format!("a = {}", "[".repeat(DEPTH)), Syntax::Toml),
        ["document/limit"]
    );
    assert_eq!(
        refused(format!("{} = 1", vec!["a"; DEPTH].join(".")), Syntax::Toml),
        ["document/limit"]
    );
    assert_eq!(
        refused(format!("[{}]", vec!["a"; DEPTH].join(".")), Syntax::Toml),
        ["document/limit"]
    );
    accepted("> ".repeat(DEPTH) + "x", Syntax::Markdown);
    accepted("- ".repeat(DEPTH) + "x", Syntax::Markdown);
    accepted("*".repeat(DEPTH) + "x", Syntax::Markdown);
    accepted("[".repeat(DEPTH), Syntax::Markdown);
}

#[test]
fn depth_at_the_limit_is_read() {
    let limit = Limits::default().depth;
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    for syntax in [Syntax::Yaml, Syntax::Json] {
        accepted(nested(limit), syntax);
        assert_eq!(refused(nested(limit + 1), syntax), ["document/limit"]);
    }
}

#[test]
fn a_line_of_a_megabyte() {
    let long = "x".repeat(1 << 20);
    let parsed = accepted(format!("a: {long}\n"), Syntax::Yaml);
    assert_eq!(
        parsed.tree.root().unwrap().get("a").unwrap().as_str(),
        Some(long.as_str())
    );
    accepted(format!("\"{long}\""), Syntax::Json);
    accepted(format!("a = \"{long}\""), Syntax::Toml);
    accepted(long.clone(), Syntax::Markdown);
    // A key has to end within 1024 characters.
    assert_eq!(
        refused(format!("{long}: 1\n"), Syntax::Yaml),
        ["document/syntax"]
    );
}

#[test]
fn a_hundred_thousand_keys() {
    const KEYS: usize = 100_000;
    let yaml: String = (0..KEYS).fold(String::new(), |mut text, key| {
        writeln!(text, "key{key}: {key}").unwrap();
        text
    });
    let parsed = accepted(yaml.clone(), Syntax::Yaml);
    assert_eq!(parsed.tree.root().unwrap().len(), KEYS);
    assert_eq!(
        refused(yaml + "key77: 1\n", Syntax::Yaml),
        ["document/duplicate-key"]
    );

    let json = (0..KEYS).map(|key| format!("\"key{key}\":{key}"));
    let json = json.collect::<Vec<_>>().join(",");
    accepted(format!("{{{json}}}"), Syntax::Json);
    let (parsed, source) = parse(format!("{{{json},\"key77\":1}}"), Syntax::Json);
    let finding = &parsed.problems[0];
    assert_eq!(finding.rule.as_str(), "document/duplicate-key");
    assert_eq!(source.slice(finding.primary.location.span), "\"key77\"");
    assert!(finding.primary.location.span.start > finding.related[0].location.span.start);

    let toml: String = (0..KEYS).fold(String::new(), |mut text, key| {
        writeln!(text, "key{key} = {key}").unwrap();
        text
    });
    accepted(toml, Syntax::Toml);
}

#[test]
fn a_hundred_thousand_problems_end_early() {
    let yaml = "a: 1\n".repeat(100_000);
    let rules = refused(yaml, Syntax::Yaml);
    assert_eq!(rules.len(), 101);
    assert_eq!(rules[100], "document/limit");
}

#[test]
fn a_hundred_thousand_comments_and_documents() {
    accepted("# c\n".repeat(100_000) + "a: 1\n", Syntax::Yaml);
    accepted(
        "a:\n".to_owned() + &"# c\n".repeat(100_000) + "  b: 1\n",
        Syntax::Yaml,
    );
    accepted("- # c\n".repeat(100_000), Syntax::Yaml);
    accepted(
        "a: [\n".to_owned() + &"# c\n".repeat(100_000) + " 1]\n",
        Syntax::Yaml,
    );
    let parsed = accepted("---\n".repeat(100_000), Syntax::Yaml);
    assert_eq!(parsed.tree.roots().len(), 100_000);
    accepted("# h\n".repeat(100_000), Syntax::Markdown);
    accepted("<!--\n".repeat(100_000), Syntax::Markdown);
    accepted("| a | b |\n|-|-|\n".repeat(20_000), Syntax::Markdown);
}

#[test]
fn control_characters() {
    assert_eq!(refused("a: \0\n", Syntax::Yaml), ["document/syntax"]);
    assert_eq!(refused("a: b\0c\n", Syntax::Yaml), ["document/syntax"]);
    assert_eq!(refused("a: \"\0\"\n", Syntax::Yaml), ["document/syntax"]);
    assert_eq!(refused("a: \u{1b}[2J\n", Syntax::Yaml), ["document/syntax"]);
    assert_eq!(
        refused("\u{1b}[31mkey: 1\n", Syntax::Yaml),
        ["document/syntax"]
    );
    assert_eq!(
        refused("# \u{7}\na: 1\n", Syntax::Yaml),
        ["document/syntax"]
    );
    assert_eq!(refused("[\"\0\"]", Syntax::Json), ["document/syntax"]);
    assert_eq!(refused("[\"\t\"]", Syntax::Json), ["document/syntax"]);
    assert_eq!(refused("[\u{b}1]", Syntax::Json), ["document/syntax"]);
    assert_eq!(refused("[\u{a0}1]", Syntax::Json), ["document/syntax"]);
    assert_eq!(refused("\0", Syntax::Json), ["document/syntax"]);
    assert_eq!(refused("a = \"\0\"", Syntax::Toml), ["document/syntax"]);
    // An escape is how a key may hold one; whoever prints it makes it safe.
    let parsed = accepted(r#"{"\u001b[2Jkey": 1}"#, Syntax::Json);
    let key = parsed.tree.root().unwrap().entries().next().unwrap().key;
    assert_eq!(key, "\u{1b}[2Jkey");
    assert!(!display_safe(key).contains('\u{1b}'));
    accepted(r#""\e[2Jkey": 1"#, Syntax::Yaml);
}

#[test]
fn surrogates_and_escapes() {
    for json in [
        r#""\ud800""#,
        r#""\udc00""#,
        r#""\ud800\u0041""#,
        r#""\ud800\ud800""#,
        r#""\u12""#,
        r#""\u+123""#,
        r#""\x41""#,
        r#""\"#,
        r#""\u00e"#,
        r#""\u00é0""#,
    ] {
        assert_eq!(refused(json, Syntax::Json), ["document/syntax"], "{json}");
    }
    let parsed = accepted(r#""\ud83d\ude00 \u00e9\n\/\"""#, Syntax::Json);
    assert_eq!(parsed.tree.root().unwrap().as_str(), Some("😀 é\n/\""));
    for yaml in [r#""\ud800""#, r#""\xZZ""#, r#""\U00110000""#, r#""\q""#] {
        assert_eq!(refused(yaml, Syntax::Yaml), ["document/syntax"], "{yaml}");
    }
}

#[test]
fn strict_json() {
    for json in [
        "[1,]",
        "{\"a\":1,}",
        "[,1]",
        "{,}",
        "[1 2]",
        "{\"a\" 1}",
        "{\"a\":}",
        "{a:1}",
        "{'a':1}",
        "['a']",
        "// c\n1",
        "/* c */1",
        "1 // c",
        "NaN",
        "Infinity",
        "-Infinity",
        "+1",
        ".5",
        "1.",
        "01",
        "-",
        "-01",
        "0x1",
        "1e",
        "1e+",
        "True",
        "nul",
        "undefined",
        "\"a",
        "\"a\nb\"",
        "[",
        "{",
        "{\"a\"",
        "{\"a\":",
        "[1",
        "]",
        "}",
        "[1}",
        "{\"a\":1]",
        "1 2",
        "[] []",
        "{} x",
        "\u{feff}\u{feff}1",
        "[1,,2]",
        ":",
        ",",
        "\"\\",
        "{\"a\":1 \"b\":2}",
        "{1:2}",
        "{null:1}",
        "#",
        "é",
    ] {
        assert_eq!(refused(json, Syntax::Json), ["document/syntax"], "{json}");
    }
    for json in [
        "\u{feff}{}",
        " [ ] ",
        "{\"\":0}",
        "-0",
        "0e0",
        "1E-2",
        "[[],{}]",
        "\"\u{7f}\u{2028}\"",
        "\t\r\n null",
        "{\"a\":{\"b\":[1,{\"c\":null}]},\"d\":true}",
    ] {
        accepted(json, Syntax::Json);
    }
    assert_eq!(accepted("", Syntax::Json).tree.roots().len(), 0);
}

#[test]
fn what_is_not_closed() {
    for yaml in [
        "a: \"x\nb: 1\n",
        "a: 'x\n",
        "a: [1, 2\nb: 1\n",
        "a: {b: 1\n",
        "a: \"x\\",
        "&",
        "*",
        "!<",
        "%",
    ] {
        assert_eq!(refused(yaml, Syntax::Yaml), ["document/syntax"], "{yaml}");
    }
    for toml in [
        "a = \"x",
        "a = '''x",
        "a = [1",
        "[a",
        "a = {b = 1",
        "a",
        "= 1",
        "a = \"\\q\"",
    ] {
        assert_eq!(refused(toml, Syntax::Toml), ["document/syntax"], "{toml}");
    }
}

#[test]
fn numbers_that_do_not_fit() {
    for (text, syntax) in [
        ("a: 1e999", Syntax::Yaml),
        ("[1e999]", Syntax::Json),
        ("[-1e999]", Syntax::Json),
    ] {
        assert_eq!(refused(text, syntax), ["document/limit"], "{text}");
    }
    assert_eq!(refused("a = 1e999", Syntax::Toml), ["document/syntax"]);
    for (text, syntax) in [
        ("- 18446744073709551615", Syntax::Yaml),
        ("- -0x1", Syntax::Yaml),
        ("[18446744073709551615]", Syntax::Json),
    ] {
        let (parsed, _) = parse(text, syntax);
        let warned = parsed
            .problems
            .iter()
            .all(|f| f.severity == Severity::Warning);
        assert!(warned, "{text}: {:?}", parsed.problems);
        assert_ne!(
            parsed.tree.root().unwrap().item(0).unwrap().kind(),
            Kind::Int
        );
    }
    assert_eq!(
        refused("a = 9223372036854775808", Syntax::Toml),
        ["document/syntax"]
    );
}

#[test]
fn keys_that_are_refused() {
    for (yaml, rule) in [
        ("a: 1\na: 2\n", "document/duplicate-key"),
        ("a: 1\n\"a\": 2\n", "document/duplicate-key"),
        ("{a: 1, a: 2}", "document/duplicate-key"),
        ("a: {b: 1}\nc: &x {d: 1, d: 2}\n", "document/duplicate-key"),
        (
            "x: &a {b: 1}\ny:\n  <<: *a\n  <<: *a\n",
            "document/duplicate-key",
        ),
        ("1: x\n", "document/non-string-key"),
        ("true: x\n", "document/non-string-key"),
        ("~: x\n", "document/non-string-key"),
        (": x\n", "document/non-string-key"),
        ("1.5: x\n", "document/non-string-key"),
        ("!!int \"1\": x\n", "document/non-string-key"),
        ("[a]: x\n", "document/non-string-key"),
        ("? {a: b}\n: x\n", "document/non-string-key"),
        ("a: !local x\n", "document/tag"),
        ("a: !!binary x\n", "document/tag"),
        ("a: !!int x\n", "document/tag"),
        ("a: !!str [x]\n", "document/tag"),
        ("a: !!map [x]\n", "document/tag"),
        ("a: !include x\n", "document/tag"),
        ("\ta: 1\n", "document/tab-indentation"),
        ("a:\n\tb: 1\n", "document/tab-indentation"),
        ("a:\n  b: 1\n\tc: 1\n", "document/tab-indentation"),
        ("-\t- a\n", "document/tab-indentation"),
    ] {
        assert_eq!(refused(yaml, Syntax::Yaml), [rule], "{yaml:?}");
    }
    assert_eq!(
        refused("{\"a\":1,\"\\u0061\":2}", Syntax::Json),
        ["document/duplicate-key"]
    );
    assert_eq!(
        refused("a = 1\na = 2\n", Syntax::Toml),
        ["document/duplicate-key"]
    );
    assert_eq!(
        refused("[a]\n[a]\n", Syntax::Toml),
        ["document/duplicate-key"]
    );
}

#[test]
fn a_file_beyond_the_limit_is_not_read() {
    let source = SourceFile::new(FileId(0), "a.yaml", "a: 12345");
    let limits = Limits {
        file_bytes: 7,
        ..Limits::default()
    };
    for syntax in Syntax::ALL {
        let parsed = read(&source, syntax, &limits);
        assert_eq!(parsed.problems.len(), 1);
        assert_eq!(parsed.problems[0].rule.as_str(), "document/limit");
        assert!(parsed.tree.is_empty());
    }
}

#[test]
fn too_many_nodes() {
    let limits = Limits {
        nodes: 100,
        ..Limits::default()
    };
    for (text, syntax) in [
        ("- x\n".repeat(200), Syntax::Yaml),
        (format!("[{}1]", "1,".repeat(200)), Syntax::Json),
        (format!("a = [{}]", "1,".repeat(200)), Syntax::Toml),
        ("- x\n".repeat(200), Syntax::Markdown),
    ] {
        let source = SourceFile::new(FileId(0), "a", text);
        let parsed = read(&source, syntax, &limits);
        assert_eq!(parsed.problems.len(), 1, "{syntax:?}");
        assert_eq!(parsed.problems[0].rule.as_str(), "document/limit");
    }
}
