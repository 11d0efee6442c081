//! One finding: its head, the places it speaks of, and what to do.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::finding::{CitedControl, Finding, Label, Severity, Suppression};
use crate::source::{SourceFile, SourceMap};

use super::super::finding::{blocks_later, remarks};
use super::excerpt::{Excerpt, text_columns};
use super::layout::{Place, boxes, place, settle};
use super::text::{clip, one_line, paragraph};
use super::theme::{Role, Theme};

/// Labels of one finding that are drawn; the JSON report has all of them.
const MAX_RELATED: usize = 8;

/// Columns of a message, and of a note or a help; the JSON report has all of it.
const MAX_MESSAGE: usize = 600;
const MAX_REMARK: usize = 4000;

/// What is said of the rule's own line where its label says nothing.
const REQUIRED_BY: &str = "required by this rule";

/// What findings are shown in view of.
pub(super) struct Context<'r> {
    /// The files that they point into.
    pub(super) sources: &'r SourceMap,
    /// The severity from which they block.
    pub(super) fail_on: Severity,
    /// The controls that they cite, as far as they are known.
    pub(super) controls: &'r BTreeMap<Arc<str>, CitedControl>,
}

/// Writes `finding`. With `show_policy` also the line of the rule that asks for it.
pub(super) fn write(
    out: &mut String,
    finding: &Finding,
    context: &Context<'_>,
    show_policy: bool,
    theme: &Theme,
) {
    let &Context {
        sources, fail_on, ..
    } = context;
    let later = blocks_later(finding, fail_on) || finding.suppressed.is_some();
    let role = if later {
        Role::Later
    } else {
        Role::Severity(finding.severity)
    };
    write_head(out, finding, fail_on, role, theme);

    let mut notes = Vec::new();
    let excerpts = excerpts(finding, sources, show_policy, role, theme, &mut notes);
    let number_width = excerpts
        .iter()
        .map(Excerpt::number_width)
        .max()
        .unwrap_or(1);
    if sources
        .file(finding.primary.location)
        .is_none_or(|file| file.text().is_empty())
    {
        write_bare_place(out, finding, sources, number_width, theme);
    }
    for excerpt in &excerpts {
        out.push_str(&excerpt.draw(theme, number_width));
    }

    notes.extend(finding.notes.iter().cloned());
    for note in &notes {
        write_remark(out, "note", Role::Strong, note, theme);
    }
    if !finding.controls.is_empty() {
        let controls = controls(&finding.controls, context.controls);
        write_remark(out, "controls", Role::Strong, &controls, theme);
    }
    if let Some(help) = &finding.help {
        write_remark(out, "help", Role::Help, help, theme);
    }
    if let Some(fix) = finding.fixes.first() {
        let text = format!("{}: `{}` does it", fix.title, fix.safety.option());
        write_remark(out, "fix", Role::Help, &text, theme);
    }
}

/// Writes a finding that is waived in short: it is known, and who reads wants to see what is not.
pub(super) fn write_waived(
    out: &mut String,
    finding: &Finding,
    context: &Context<'_>,
    theme: &Theme,
) {
    write_head(out, finding, context.fail_on, Role::Later, theme);
    write_bare_place(out, finding, context.sources, 1, theme);
    let why = finding.suppressed.as_ref();
    if let Some(text) = why.and_then(Suppression::explained) {
        write_remark(out, "waiver", Role::Strong, &text, theme);
    }
}

/// The controls of a finding: those in force, then those that are not, behind what they come to
/// on the day of the run.
fn controls(ids: &[Arc<str>], known: &BTreeMap<Arc<str>, CitedControl>) -> String {
    let mut groups: Vec<(&str, Vec<&str>)> = vec![("", Vec::new())];
    for id in ids {
        let cited = known.get(id).filter(|cited| !cited.is_in_force());
        let standing = cited.map_or("", |cited| cited.standing.as_str());
        match groups.iter_mut().find(|(known, _)| *known == standing) {
            Some((_, group)) => group.push(id),
            None => groups.push((standing, vec![id])),
        }
    }
    let group = |(standing, ids): &(&str, Vec<&str>)| match *standing {
        "" => ids.join(", "),
        standing => format!("{standing}: {}", ids.join(", ")),
    };
    let groups = groups.iter().filter(|(_, ids)| !ids.is_empty());
    groups.map(group).collect::<Vec<_>>().join("; ")
}

fn write_head(out: &mut String, finding: &Finding, fail_on: Severity, role: Role, theme: &Theme) {
    let rule = one_line(finding.rule.as_str());
    out.push_str(&theme.paint(role, format_args!("{}[{rule}]", finding.severity)));
    if let Some(remarks) = remarks(finding, fail_on) {
        out.push_str(&theme.paint(Role::Later, format_args!(" ({remarks})")));
    }
    let message = one_line(&finding.message);
    let message = clip(&message, MAX_MESSAGE, theme.ellipsis());
    out.push_str(&theme.paint(Role::Strong, format_args!(": {message}")));
    out.push('\n');
}

/// The boxes of a finding: the one with its place first, then others of that file from the top,
/// then other files as the labels name them, the rule's own line last. What cannot be drawn goes to `notes`.
fn excerpts(
    finding: &Finding,
    sources: &SourceMap,
    show_policy: bool,
    role: Role,
    theme: &Theme,
    notes: &mut Vec<String>,
) -> Vec<Excerpt> {
    let labels = std::iter::once(&finding.primary).chain(finding.related.iter().take(MAX_RELATED));
    let mut files: Vec<(&SourceFile, Vec<Place>)> = Vec::new();
    for (index, label) in labels.enumerate() {
        let file = sources.file(label.location);
        let drawn = file.and_then(|file| {
            let place = place(file, label.location.span, label.text.clone(), index == 0)?;
            Some((&**file, place))
        });
        match drawn {
            Some((file, place)) => {
                match files.iter_mut().find(|(other, _)| other.id() == file.id()) {
                    Some((_, places)) => places.push(place),
                    None => files.push((file, vec![place])),
                }
            }
            None if label.text.is_empty() => {}
            None => notes.push(label.text.clone()),
        }
    }
    let mut excerpts = Vec::new();
    for (file, places) in files {
        let (places, dropped) = settle(places);
        for place in dropped {
            let at = place.at;
            notes.push(format!(
                "{} ({}:{}:{})",
                place.text,
                file.path(),
                at.line,
                at.column
            ));
        }
        let last_line = places.last().map_or(1, |place| place.at.line);
        let mut boxes = boxes(file, places, text_columns(last_line + 1, theme));
        boxes.sort_by_key(|rows| {
            !rows
                .iter()
                .flat_map(|row| &row.places)
                .any(|place| place.primary)
        });
        excerpts.extend(
            boxes
                .iter()
                .filter_map(|rows| Excerpt::compose(file, rows, true, role, theme)),
        );
    }
    let hidden = finding.related.len().saturating_sub(MAX_RELATED);
    if hidden > 0 {
        let places = if hidden == 1 { "place" } else { "places" };
        notes.push(format!("{hidden} more {places}, listed by `--output json`"));
    }
    if let Some(policy) = finding.policy.as_ref().filter(|_| show_policy) {
        excerpts.extend(policy_excerpt(policy, sources, theme));
    }
    excerpts
}

fn policy_excerpt(policy: &Label, sources: &SourceMap, theme: &Theme) -> Option<Excerpt> {
    let file = sources.file(policy.location)?;
    let text = if policy.text.is_empty() {
        REQUIRED_BY
    } else {
        &policy.text
    };
    let place = place(file, policy.location.span, text.to_owned(), false)?;
    let columns = text_columns(place.at.line, theme);
    let boxes = boxes(file, vec![place], columns);
    Excerpt::compose(file, boxes.first()?, false, Role::Related, theme)
}

/// The head of a box without lines, for an empty file or one whose text is not at hand.
fn write_bare_place(
    out: &mut String,
    finding: &Finding,
    sources: &SourceMap,
    number_width: usize,
    theme: &Theme,
) {
    let head = match (sources.file(finding.primary.location), &finding.document) {
        (Some(_), _) => super::super::finding::place(finding, sources),
        (None, Some(document)) => document.path.to_string(),
        (None, None) => return,
    };
    let (top, bottom, bar) = theme.corners();
    let indent = " ".repeat(number_width + 2);
    let _ = writeln!(out, "{indent}{top}{bar}[{}]", one_line(&head));
    let _ = writeln!(out, "{indent}{bottom}{}", bar.to_string().repeat(4));
}

/// Writes `name: text` behind two spaces, further lines under the text.
pub(super) fn write_remark(out: &mut String, name: &str, role: Role, text: &str, theme: &Theme) {
    let indent = name.len() + 4;
    let text = &clip(text, MAX_REMARK, theme.ellipsis());
    for (index, line) in paragraph(text, indent, theme.width).iter().enumerate() {
        if index == 0 {
            let name = theme.paint(role, format_args!("{name}:"));
            let _ = write!(out, "  {name} {line}");
        } else if !line.is_empty() {
            out.push_str(&" ".repeat(indent));
            out.push_str(line);
        }
        out.push('\n');
    }
}

/// As [`write_remark`], from the first column.
pub(super) fn write_flush_remark(
    out: &mut String,
    name: &str,
    role: Role,
    text: &str,
    theme: &Theme,
) {
    let mut remark = String::new();
    write_remark(&mut remark, name, role, text, theme);
    for line in remark.lines() {
        out.push_str(line.strip_prefix("  ").unwrap_or(line));
        out.push('\n');
    }
}
