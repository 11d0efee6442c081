use super::*;

fn entry(reason: &str) -> Entry {
    let text = format!(
        "- rule: a/b\n  document: d\n  key: k\n  reason: {}\n  owner: a\n  approver: b\n  expires: 2027-01-31\n",
        scalar(reason)
    );
    let source = SourceFile::new(FileId(0), "w.yaml", text.as_str());
    parse(&source).unwrap().remove(0)
}

fn other() -> String {
    entry_text(
        &Entry {
            rule: "a/c".to_owned(),
            ..entry("why")
        },
        &[],
        "",
        "\n",
    )
}

#[test]
fn what_is_there_keeps_every_byte() {
    let indented = entry_text(
        &Entry {
            rule: "a/c".to_owned(),
            ..entry("why")
        },
        &[],
        "  ",
        "\n",
    );
    for before in [
        String::new(),
        "# none yet\n".to_owned(),
        "# none yet".to_owned(),
        other(),
        other().trim_end().to_owned(),
        other().replace('\n', "\r\n"),
        indented,
        format!("---\n{}# the end\n", other()),
    ] {
        let after = append(
            Some(&before),
            &entry("why"),
            &["specs/a.yaml:1:2: it\nis".to_owned()],
        )
        .unwrap();
        assert!(after.starts_with(&before), "{before}\n---\n{after}");
        assert!(after.contains("# specs/a.yaml:1:2: it is"), "{after}");
    }
}

#[test]
fn what_nothing_can_be_put_behind_is_left_alone() {
    for before in [
        format!("{}...\n", other()),
        "[{ rule: a/c, document: d, reason: why, owner: a, approver: b, expires: 2027-01-31 }]\n"
            .to_owned(),
        "[]\n".to_owned(),
        "- {}\n".to_owned(),
        "a: [\n".to_owned(),
    ] {
        assert!(
            append(Some(&before), &entry("why"), &[]).is_err(),
            "{before}"
        );
    }
    // The same finding once more.
    let twice = entry_text(&entry("why"), &[], "", "\n");
    assert!(append(Some(&twice), &entry("why"), &[]).is_err());
}

#[test]
fn any_text_is_read_back_as_it_is() {
    for text in [
        "plain",
        "two words",
        "a: b",
        "# c",
        "- d",
        "yes",
        "null",
        "1.5",
        "2027-01-31",
        "'",
        "\"",
        "\\",
        "*a",
        "&a",
        "!a",
        "%a",
        "@a",
        "`a`",
        "{a}",
        "[a]",
        "a\tb",
        "é",
        "\u{1F600}",
        "\u{202e}x",
        "a\u{0}b",
        "~",
        "on",
    ] {
        assert_eq!(entry(text).reason, text.trim(), "{text:?}");
    }
}
