use super::*;
use crate::source::FileId;

fn span(text: &str, needle: &str) -> Span {
    let at = text.find(needle).unwrap();
    Span::from_range(&(at..at + needle.len()))
}

#[test]
fn a_tree_knows_values_places_and_paths() {
    let text = "data:\n  - name: income\n    days: 3\n";
    let file = SourceFile::new(FileId(0), "a.yaml", text);
    let mut b = TreeBuilder::new(file, &Limits::default());
    b.begin_mapping(Span::new(0, 0)).unwrap();
    b.key("data", span(text, "data")).unwrap();
    b.begin_sequence(span(text, "-")).unwrap();
    b.begin_mapping(Span::new(10, 10)).unwrap();
    b.key("name", span(text, "name")).unwrap();
    b.scalar(Scalar::String("income"), span(text, "income"), Style::Plain)
        .unwrap();
    b.key("days", span(text, "days")).unwrap();
    b.scalar(Scalar::Int(3), span(text, "3"), Style::Plain)
        .unwrap();
    assert_eq!(
        b.key("days", Span::new(0, 1)),
        Err(BuildError::DuplicateKey(span(text, "days")))
    );
    let tree = b.finish();
    let root = tree.root().unwrap();
    assert_eq!(
        format!("{root:?}"),
        r#"{"data": [{"name": "income", "days": 3}]}"#
    );
    let name = root.at(&"data[0].name".parse().unwrap()).unwrap();
    assert_eq!(name.as_str(), Some("income"));
    assert_eq!(name.pointer().to_string(), "/data/0/name");
    assert_eq!(name.raw(), "income");
    let item = name.parent().unwrap();
    assert_eq!(item.address().span, span(text, "name"));
    assert_eq!(item.parent().unwrap().address().span, span(text, "data"));
    assert_eq!(root.span().end as usize, text.trim_end().len());
}

#[test]
fn an_alias_stands_where_it_is_written_and_knows_its_anchor() {
    let text = "a: &x {b: 1}\nc: *x\n";
    let file = SourceFile::new(FileId(0), "a.yaml", text);
    let mut b = TreeBuilder::new(
        file,
        &Limits {
            alias_nodes: 3,
            ..Limits::default()
        },
    );
    b.begin_mapping(Span::new(0, 0)).unwrap();
    b.key("a", span(text, "a")).unwrap();
    let target = b.begin_mapping(span(text, "{")).unwrap();
    b.key("b", span(text, "b")).unwrap();
    b.scalar(Scalar::Int(1), span(text, "1"), Style::Plain)
        .unwrap();
    b.end(Some(span(text, "}")));
    b.key("c", span(text, "c:")).unwrap();
    b.alias(target, span(text, "*x")).unwrap();
    b.key("d", span(text, "c")).unwrap();
    assert_eq!(
        b.alias(target, span(text, "*x")),
        Err(BuildError::AliasNodes(3))
    );
    let tree = b.finish();
    let root = tree.root().unwrap();
    let alias = root.get("c").unwrap();
    assert_eq!(alias.raw(), "*x");
    assert_eq!(alias.anchor().unwrap().span, span(text, "{b: 1}"));
    assert_eq!(alias.get("b").unwrap().raw(), "1");
    assert_eq!(alias.get("b").unwrap().pointer().to_string(), "/c/b");
}
