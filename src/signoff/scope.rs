//! The parts of a document that a sign-off is limited to.

use crate::value::{NodeRef, Pointer};

use super::digest::of_text;

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A field, by its JSON Pointer: `/data` or `/privacy/dpia`.
    Field(String),
    /// A section of Markdown with those below it, by its title.
    Section(String),
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Field(pointer) => write!(f, "`{pointer}`"),
            Self::Section(title) => write!(f, "the section `{title}`"),
        }
    }
}

/// The SHA-256 of what is written for a part, in lower-case hexadecimal; `None` where the document
/// has no such part, or several sections of the title.
///
/// The bytes of the file count, with the comments in them, and not what a parser makes of them; only
/// CR LF is LF, as in [`ContentDigest`](super::ContentDigest). A field has what stands between the
/// beginning of its key and the end of its value, and a comment behind it on its last line. What an
/// alias stands for belongs to it. A section reaches to the next heading of its level or above.
pub fn digest(root: NodeRef<'_>, part: &Part) -> Option<String> {
    match part {
        Part::Field(pointer) => field(root, pointer).map(|text| of_text(&text)),
        Part::Section(title) => section(root, title).map(of_text),
    }
}

fn field(root: NodeRef<'_>, pointer: &str) -> Option<String> {
    let pointer = pointer.strip_prefix('/')?;
    let node = pointer.split('/').try_fold(root, NodeRef::step)?;
    let text = node.source().text();
    let key = node
        .own_entry()
        .filter(|entry| entry.key_location.file == node.source().id())
        .map_or(node.span(), |entry| entry.key_location.span);
    let mut span = key.to(node.span()).range();
    let line_end = text
        .get(span.end..)
        .and_then(|rest| rest.find('\n'))
        .map_or(text.len(), |length| span.end + length);
    let behind = text.get(span.end..line_end).unwrap_or_default();
    if behind.trim_start().starts_with('#') {
        span.end = line_end;
    }
    let mut written = text.get(span)?.to_owned();
    // What an alias brings is written elsewhere, at its anchor.
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        if let Some(anchor) = node.anchor() {
            written.push('\0');
            written.push_str(node.text_at(anchor));
        }
        open.extend(node.children());
    }
    Some(written)
}

fn section<'t>(root: NodeRef<'t>, title: &str) -> Option<&'t str> {
    let sections: Vec<_> = root.get("sections")?.items().collect();
    let has_title =
        |section: &NodeRef<'_>| section.get("title").and_then(NodeRef::as_str) == Some(title);
    let at = sections.iter().position(has_title)?;
    let own = sections.get(at)?;
    let rest = sections.get(at + 1..)?;
    if rest.iter().any(has_title) {
        return None;
    }
    let level = |section: &NodeRef<'_>| section.get("level").and_then(NodeRef::as_i64);
    let text = own.source().text();
    // What stands before the first heading ends there.
    let end = rest
        .iter()
        .find(|next| level(own) == Some(0) || level(next) <= level(own))
        .map_or(text.len(), |next| next.span().start as usize);
    text.get(own.span().start as usize..end)
}

/// The parts that a document has at its first level: its fields, then the sections of Markdown.
pub fn parts(root: NodeRef<'_>) -> Vec<Part> {
    let keys = root.entries().filter(|entry| entry.key != "sections");
    let mut parts: Vec<Part> = keys
        .map(|entry| Part::Field(Pointer::default().key(entry.key).to_string()))
        .collect();
    let sections = root.get("sections").into_iter().flat_map(NodeRef::items);
    parts.extend(sections.filter_map(|section| {
        let title = section.get("title")?.as_str()?;
        Some(Part::Section(title.to_owned()))
    }));
    parts
}

/// As [`parts`], without the sections that hold other sections, which change whenever one of those does.
pub fn leaves(root: NodeRef<'_>) -> Vec<Part> {
    let level = |section: NodeRef<'_>| section.get("level").and_then(NodeRef::as_i64);
    let sections: Vec<_> = root
        .get("sections")
        .into_iter()
        .flat_map(NodeRef::items)
        .collect();
    let holders: Vec<Part> = sections
        .iter()
        .zip(sections.iter().skip(1))
        .filter(|(own, next)| level(**own) != Some(0) && level(**next) > level(**own))
        .filter_map(|(own, _)| Some(Part::Section(own.get("title")?.as_str()?.to_owned())))
        .collect();
    let mut parts = parts(root);
    parts.retain(|part| !holders.contains(part));
    parts
}

/// The fields of the first level, and the sections of Markdown, whose bytes differ between two
/// versions of a document: what a reviewer has to look at again.
pub fn changed(before: NodeRef<'_>, now: NodeRef<'_>) -> Vec<Part> {
    let mut parts: Vec<Part> = [before, now].into_iter().flat_map(self::parts).collect();
    parts.sort();
    parts.dedup();
    parts.retain(|part| {
        let (old, new) = (digest(before, part), digest(now, part));
        // Of several sections with one title nothing is known, so they count as changed.
        old.is_none() || old != new
    });
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, SourceFile};
    use crate::value::{Limits, Parsed, Syntax, read};

    fn parse(text: &str, syntax: Syntax) -> Parsed {
        read(
            &SourceFile::new(FileId(0), "a", text),
            syntax,
            &Limits::default(),
        )
    }

    fn of(text: &str, part: &Part) -> Option<String> {
        let syntax = if text.starts_with(['#', '\n']) && text.contains("# One") {
            Syntax::Markdown
        } else {
            Syntax::Yaml
        };
        digest(parse(text, syntax).tree.root().unwrap(), part)
    }

    #[test]
    fn a_field_has_its_bytes_and_nothing_else() {
        let data = Part::Field("/data".into());
        let text = "id: a\ndata:\n  - name: x # kept\n    days: 3\nkpis: []\n";
        let known = of(text, &data);
        assert!(known.is_some());
        for same in [
            text.replace("kpis: []", "kpis: [1]"),
            text.replace("id: a", "title: more\nid: b"),
            text.replace('\n', "\r\n"),
        ] {
            assert_eq!(of(&same, &data), known, "{same}");
        }
        for other in [
            text.replace("days: 3", "days: 4"),
            text.replace("# kept", "# for ever"),
            text.replace("name: x", "name:  x"),
            text.replace("days: 3", "days: 3 # or more"),
        ] {
            assert_ne!(of(&other, &data), known, "{other}");
        }
        assert_eq!(of(text, &Part::Field("/nothing".into())), None);
        assert_eq!(of(text, &Part::Field("data".into())), None);
        assert!(of(text, &Part::Field("/data/0/days".into())).is_some());
    }

    #[test]
    fn what_an_alias_stands_for_belongs_to_the_field() {
        let data = Part::Field("/data".into());
        let text = "base: &base {days: 3}\ndata: *base\n";
        assert_ne!(of(text, &data), of(&text.replace('3', "4"), &data));
    }

    #[test]
    fn a_section_reaches_to_the_next_of_its_level() {
        let one = Part::Section("One".into());
        let text = "# One\n\ntext\n\n## Below\n\n- a\n\n# Two\n\nother\n";
        let known = of(text, &one);
        assert!(known.is_some());
        assert_eq!(of(&text.replace("other", "another"), &one), known);
        assert_ne!(of(&text.replace("- a", "- b"), &one), known);
        assert_ne!(of(&text.replace("text", "<!-- x -->\ntext"), &one), known);
        assert_eq!(of(&text.replace("# Two", "# One"), &one), None);
        assert_eq!(of(text, &Part::Section("Three".into())), None);
    }

    #[test]
    fn what_changed_is_named() {
        let before = parse("id: a\ndata: [1]\nkpis: []\n", Syntax::Yaml);
        let now = parse("id: a\ndata: [2]\nowner: b\n", Syntax::Yaml);
        let parts = changed(before.tree.root().unwrap(), now.tree.root().unwrap());
        let named: Vec<_> = parts.iter().map(ToString::to_string).collect();
        assert_eq!(named, ["`/data`", "`/kpis`", "`/owner`"]);
    }
}
