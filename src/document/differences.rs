//! What differs between two versions of a document, value by value and section by section.

use std::collections::BTreeSet;

use serde::Serialize;

use super::identify::SECTIONS;
use crate::value::{NodeRef, Pointer};

/// Keys by which the elements of a list are told apart, the first that all of them have.
const NAMES: [&str; 6] = ["id", "name", "title", "role", "metric", "path"];

/// Products of lines up to which lines are compared one by one.
const MAX_COMPARED: usize = 1 << 22;

/// Something that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "of")]
pub enum Difference {
    /// A value.
    Field {
        /// Its path now, such as `data[0].retention`; where it is gone, the one that it had.
        path: String,
        /// What was written; `None` where there was nothing.
        before: Option<String>,
        /// What is written; `None` where there is nothing.
        now: Option<String>,
        /// The line of its file, from 1, where there is something.
        line: Option<u32>,
    },
    /// A section of Markdown, without those below it.
    Section {
        /// Its title.
        title: String,
        /// The lines that are gone or new, in order.
        lines: Vec<Line>,
    },
}

/// A line that is gone or new.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Whether it is new; else it is gone.
    pub added: bool,
    /// Its text.
    pub text: String,
}

/// What differs between two versions of a document, by their roots, in the order of the second, what is
/// gone after that.
///
/// Elements of a list are told apart by their ids or names where they all have one, so that an
/// element that moves is no change. Comments and layout are none either: they belong to no value.
pub fn differences(before: NodeRef<'_>, now: NodeRef<'_>) -> Vec<Difference> {
    let mut found = Vec::new();
    for key in keys(before, now) {
        let (old, new) = (before.get(&key), now.get(&key));
        if key == SECTIONS && [old, new].into_iter().flatten().all(is_body) {
            sections(old, new, &mut found);
        } else {
            compare(old, new, &mut found);
        }
    }
    found
}

/// The keys of both: those of the second, then what only the first has.
fn keys(before: NodeRef<'_>, now: NodeRef<'_>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let all = now.entries().chain(before.entries());
    all.filter(|entry| seen.insert(entry.key.to_owned()))
        .map(|entry| entry.key.to_owned())
        .collect()
}

fn compare(before: Option<NodeRef<'_>>, now: Option<NodeRef<'_>>, found: &mut Vec<Difference>) {
    match (before, now) {
        (None, None) => {}
        (Some(old), None) => each_value(old, &mut |value| found.push(gone(value))),
        (None, Some(new)) => each_value(new, &mut |value| found.push(added(value))),
        (Some(old), Some(new)) if old.is_mapping() && new.is_mapping() => {
            for key in keys(old, new) {
                compare(old.get(&key), new.get(&key), found);
            }
        }
        (Some(old), Some(new)) if old.is_sequence() && new.is_sequence() => {
            for (old, new) in pairs(old, new) {
                compare(old, new, found);
            }
        }
        (Some(old), Some(new)) if is_value(old) && is_value(new) => {
            if text(old) != text(new) {
                found.push(Difference::Field {
                    path: new.pointer().to_path(),
                    before: Some(text(old)),
                    now: Some(text(new)),
                    line: Some(line(new)),
                });
            }
        }
        (Some(old), Some(new)) => {
            compare(Some(old), None, found);
            compare(None, Some(new), found);
        }
    }
}

/// The elements of two lists, each with the one that it was.
fn pairs<'t>(
    before: NodeRef<'t>,
    now: NodeRef<'t>,
) -> Vec<(Option<NodeRef<'t>>, Option<NodeRef<'t>>)> {
    let shared = NAMES
        .iter()
        .find_map(|key| named(before, key).zip(named(now, key)));
    let plain = |list: NodeRef<'t>| -> Option<Vec<(String, NodeRef<'t>)>> {
        let mut seen = BTreeSet::new();
        list.items()
            .map(|item| {
                let text = text(item);
                (is_value(item) && seen.insert(text.clone())).then_some((text, item))
            })
            .collect()
    };
    let known = shared.or_else(|| plain(before).zip(plain(now)));
    let Some((old, new)) = known else {
        let length = before.len().max(now.len());
        return (0..length)
            .map(|index| (before.item(index), now.item(index)))
            .collect();
    };
    let in_list = |list: &[(String, NodeRef<'t>)], name: &str| {
        let found = list.iter().find(|(other, _)| other == name);
        found.map(|(_, item)| *item)
    };
    let kept = new
        .iter()
        .map(|(name, item)| (in_list(&old, name), Some(*item)));
    let lost = old
        .iter()
        .filter(|(name, _)| in_list(&new, name).is_none())
        .map(|(_, item)| (Some(*item), None));
    kept.chain(lost).collect()
}

/// The elements of a list by what they have under a key; `None` unless each has a text of its own.
fn named<'t>(list: NodeRef<'t>, key: &str) -> Option<Vec<(String, NodeRef<'t>)>> {
    let mut seen = BTreeSet::new();
    list.items()
        .map(|item| {
            let name = item.get(key)?.as_str()?.to_owned();
            seen.insert(name.clone()).then_some((name, item))
        })
        .collect()
}

/// Whether a node is a value: no list or mapping, unless it is empty.
fn is_value(node: NodeRef<'_>) -> bool {
    node.scalar().is_some() || node.is_empty()
}

fn each_value<'t>(node: NodeRef<'t>, give: &mut impl FnMut(NodeRef<'t>)) {
    if is_value(node) {
        give(node);
    } else {
        node.children().for_each(|child| each_value(child, give));
    }
}

/// A text as it is meant, anything else as it is written.
fn text(node: NodeRef<'_>) -> String {
    node.as_str().unwrap_or_else(|| node.raw()).to_owned()
}

fn line(node: NodeRef<'_>) -> u32 {
    node.source().line_column(node.address().span.start).line
}

fn gone(node: NodeRef<'_>) -> Difference {
    Difference::Field {
        path: node.pointer().to_path(),
        before: Some(text(node)),
        now: None,
        line: None,
    }
}

fn added(node: NodeRef<'_>) -> Difference {
    Difference::Field {
        path: node.pointer().to_path(),
        before: None,
        now: Some(text(node)),
        line: Some(line(node)),
    }
}

/// Whether a node is the body of a Markdown file, and no field of somebody's own.
fn is_body(node: NodeRef<'_>) -> bool {
    node.is_sequence() && node.items().all(|item| item.get("level").is_some())
}

fn sections(before: Option<NodeRef<'_>>, now: Option<NodeRef<'_>>, found: &mut Vec<Difference>) {
    let old = before.map(written).unwrap_or_default();
    let new = now.map(written).unwrap_or_default();
    let of = |list: &[(String, String)], title: &str| {
        let found = list.iter().find(|(other, _)| other == title);
        found.map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let lost = old
        .iter()
        .filter(|(title, _)| new.iter().all(|(other, _)| other != title));
    for (title, _) in new.iter().chain(lost) {
        let lines = lines(&of(&old, title), &of(&new, title));
        if !lines.is_empty() {
            found.push(Difference::Section {
                title: title.clone(),
                lines,
            });
        }
    }
}

/// The sections by title with the text of each, up to the next heading of any level. Those of one
/// title are taken together.
fn written(body: NodeRef<'_>) -> Vec<(String, String)> {
    let items: Vec<_> = body.items().collect();
    let mut found: Vec<(String, String)> = Vec::new();
    for (index, section) in items.iter().enumerate() {
        let text = section.source().text();
        let end = items
            .get(index + 1)
            .map_or(text.len(), |next| next.span().start as usize);
        let own = text.get(section.span().start as usize..end);
        let own = own.unwrap_or_default().to_owned();
        let title = section.get("title").and_then(NodeRef::as_str);
        let title = title.unwrap_or_default().to_owned();
        match found.iter_mut().find(|(known, _)| *known == title) {
            Some((_, text)) => text.push_str(&own),
            None => found.push((title, own)),
        }
    }
    found
}

/// The lines that are gone or new. Where there are too many to compare, all that lie between the
/// first and the last that differ.
fn lines(before: &str, now: &str) -> Vec<Line> {
    let before: Vec<&str> = before.lines().collect();
    let now: Vec<&str> = now.lines().collect();
    let head = before
        .iter()
        .zip(&now)
        .take_while(|(old, new)| old == new)
        .count();
    let tail = before
        .iter()
        .rev()
        .zip(now.iter().rev())
        .take(before.len().min(now.len()) - head)
        .take_while(|(old, new)| old == new)
        .count();
    let old = before.get(head..before.len() - tail).unwrap_or_default();
    let new = now.get(head..now.len() - tail).unwrap_or_default();
    let line = |added: bool, text: &str| Line {
        added,
        text: text.to_owned(),
    };
    let mut found = Vec::new();
    let kept = if old.len().saturating_mul(new.len()) > MAX_COMPARED {
        Vec::new()
    } else {
        common(old, new)
    };
    let (mut left, mut right) = (old.iter(), new.iter());
    for kept in kept {
        found.extend(
            left.by_ref()
                .take_while(|text| **text != kept)
                .map(|text| line(false, text)),
        );
        found.extend(
            right
                .by_ref()
                .take_while(|text| **text != kept)
                .map(|text| line(true, text)),
        );
    }
    found.extend(left.map(|text| line(false, text)));
    found.extend(right.map(|text| line(true, text)));
    found.retain(|line| !line.text.trim().is_empty());
    found
}

/// A longest list of lines that both have in their order.
fn common<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<&'t str> {
    let width = new.len() + 1;
    // How many lines the rests from `i` and `j` on have in common.
    let mut length = vec![0_u32; (old.len() + 1) * width];
    let at = |length: &[u32], i: usize, j: usize| length.get(i * width + j).copied().unwrap_or(0);
    for (i, left) in old.iter().enumerate().rev() {
        for (j, right) in new.iter().enumerate().rev() {
            let longest = if left == right {
                at(&length, i + 1, j + 1) + 1
            } else {
                at(&length, i + 1, j).max(at(&length, i, j + 1))
            };
            if let Some(cell) = length.get_mut(i * width + j) {
                *cell = longest;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut kept = Vec::new();
    while let (Some(left), Some(right)) = (old.get(i), new.get(j)) {
        if left == right {
            kept.push(*left);
            i += 1;
            j += 1;
        } else if at(&length, i + 1, j) >= at(&length, i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    kept
}

/// Whether a path, as [`Difference`] has it, is one of these places or lies below one.
pub fn is_at_or_below(path: &str, places: &[Pointer]) -> bool {
    path.parse::<Pointer>()
        .is_ok_and(|path| places.iter().any(|place| path.starts_with(place)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, SourceFile};
    use crate::value::{Limits, Syntax, read};

    fn told(before: &str, now: &str, syntax: Syntax) -> Vec<String> {
        let parse = |text: &str| {
            let source = SourceFile::new(FileId(0), "a", text);
            read(&source, syntax, &Limits::default())
        };
        let (before, now) = (parse(before), parse(now));
        differences(before.tree.root().unwrap(), now.tree.root().unwrap())
            .into_iter()
            .flat_map(|difference| match difference {
                Difference::Field {
                    path,
                    before,
                    now,
                    line,
                } => {
                    let before = before.unwrap_or_default();
                    let now = now.unwrap_or_default();
                    let line = line.map(|line| format!(" :{line}")).unwrap_or_default();
                    vec![format!("{path}: {before} -> {now}{line}")]
                }
                Difference::Section { title, lines } => lines
                    .into_iter()
                    .map(|line| {
                        let sign = if line.added { '+' } else { '-' };
                        format!("{title}: {sign}{}", line.text)
                    })
                    .collect(),
            })
            .collect()
    }

    #[test]
    fn values_are_compared_and_not_how_they_are_written() {
        let before =
            "id: a\nowner: ann\ndata: [{name: form, keep: P2Y}, {name: log}]\nplaces: [EU, UK]\n";
        let now = "\
# a remark
id: 'a'
data:
  - {name: new, keep: P1D}
  - {name: form, keep: P3Y}
places: [UK, EU, CH]
title: A
";
        assert_eq!(
            told(before, now, Syntax::Yaml),
            [
                "data[0].name:  -> new :4",
                "data[0].keep:  -> P1D :4",
                "data[1].keep: P2Y -> P3Y :5",
                "data[1].name: log -> ",
                "places[2]:  -> CH :6",
                "title:  -> A :7",
                "owner: ann -> ",
            ]
        );
        assert!(told("data: [1, 2] # x\n", "data:\n- 1\n- 2\n", Syntax::Yaml).is_empty());
        assert_eq!(
            told(
                "data: [{a: 1}, {a: 2}]\n",
                "data: [{a: 1}, {a: 3}]\n",
                Syntax::Yaml
            ),
            ["data[1].a: 2 -> 3 :1"]
        );
        assert_eq!(
            told("data: yes\n", "data: [1]\n", Syntax::Yaml),
            ["data: yes -> ", "data[0]:  -> 1 :1"]
        );
        assert_eq!(
            told("data: []\n", "data: [{name: a}]\n", Syntax::Yaml),
            ["data[0].name:  -> a :1"]
        );
    }

    #[test]
    fn sections_are_compared_line_by_line() {
        let before = "# One\n\na\nb\nc\n\n## Below\n\nx\n\n# Two\n\nsame\n";
        let now = "# One\n\na\nc\nd\n\n## Below\n\ny\n\n# Two\n\nsame\n\n# Three\n\nnew\n";
        assert_eq!(
            told(before, now, Syntax::Markdown),
            [
                "One: -b",
                "One: +d",
                "Below: -x",
                "Below: +y",
                "Three: +# Three",
                "Three: +new",
            ]
        );
        assert_eq!(
            told(now, before, Syntax::Markdown).last().unwrap(),
            "Three: -new"
        );
    }
}
