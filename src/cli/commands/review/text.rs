//! A review for people.

use std::fmt::Write as _;

use crate::document::Difference;
use crate::engine::{Acknowledged, Before, Earlier, Review, RoleState};
use crate::signoff::scope::Part;
use crate::signoff::verdict::Change;
use crate::source::display_safe;

/// Characters of a value that are shown.
const MAX_VALUE: usize = 60;
/// Columns in which lists are broken into lines.
const WIDTH: usize = 100;

/// The review as text; `with_parts` also what a sign-off could be limited to.
pub(in crate::cli::commands) fn render(review: &Review, with_parts: bool) -> String {
    let mut text = String::new();
    let document = &review.document;
    let _ = writeln!(
        text,
        "{} {} for the role {}, for the stage {}",
        document.kind, document.id, review.role.name, review.stage
    );
    if let Some(title) = &review.title {
        let _ = writeln!(text, "{title}");
    }
    text.push_str("\nWhat is signed\n");
    for subject in &review.subjects {
        let _ = writeln!(text, "  sha256:{}  {}", subject.digest.sha256, subject.name);
    }
    for path in &review.unreadable {
        let _ = writeln!(text, "  cannot be read, so it is not signed: {path}");
    }
    if with_parts {
        parts(&mut text, review);
    }
    match review.earlier.first() {
        Some(last) => changes(&mut text, last, review),
        None => {
            let _ = writeln!(text, "\nNobody has signed as {} yet", review.role.name);
        }
    }
    findings(&mut text, review);
    if !review.others.is_empty() {
        text.push_str("\nWho else must sign\n");
        let width = review.others.iter().map(|role| role.name.chars().count());
        let width = width.max().unwrap_or_default();
        for role in &review.others {
            let _ = writeln!(text, "  {:width$}  {}", role.name, state(role));
        }
    }
    let asked = if review.role.asked {
        ""
    } else {
        " (no rule asks for it)"
    };
    let _ = writeln!(
        text,
        "\nThe role {} now: {}{asked}",
        review.role.name,
        state(&review.role)
    );
    display_safe(&text).into_owned()
}

/// What a role's sign-offs come to, in a line.
pub(in crate::cli::commands) fn state(role: &RoleState) -> String {
    let verdict = &role.verdict;
    let mut text = verdict.status.to_string();
    if let Some(day) = verdict.expires.filter(|_| verdict.status.holds()) {
        let _ = write!(text, " until {day}");
    }
    if verdict.status.holds() {
        if let Some(decision) = verdict.decision {
            let _ = write!(text, ", {decision} by {}", verdict.principals.join(", "));
        }
        if !verdict.conditions.is_empty() {
            let _ = write!(text, " ({})", verdict.conditions.join("; "));
        }
    }
    if let Some(reason) = &verdict.reason {
        let _ = write!(text, ": {reason}");
    }
    if verdict.quorum > 1 && !verdict.status.holds() {
        let _ = write!(text, " ({} of {})", verdict.given, verdict.quorum);
    }
    text
}

fn parts(text: &mut String, review: &Review) {
    let names = |wanted: fn(&Part) -> Option<&str>| -> Vec<String> {
        let parts = review.parts.iter();
        parts
            .filter_map(|part| wanted(&part.part))
            .map(str::to_owned)
            .collect()
    };
    let fields = names(|part| match part {
        Part::Field(pointer) => pointer.strip_prefix('/'),
        Part::Section(_) => None,
    });
    let sections = names(|part| match part {
        Part::Section(title) => Some(title),
        Part::Field(_) => None,
    });
    text.push_str("  The whole document, unless parts are named with --scope\n");
    list(text, "  fields:   ", &fields);
    list(text, "  sections: ", &sections);
}

/// Names in lines of a bearable length.
fn list(text: &mut String, head: &str, names: &[String]) {
    if names.is_empty() {
        return;
    }
    let indent = head.chars().count();
    let mut column = indent;
    text.push_str(head);
    for (index, name) in names.iter().enumerate() {
        let length = name.chars().count() + 2;
        if index > 0 {
            text.push(',');
            if column + length > WIDTH {
                text.push('\n');
                text.push_str(&" ".repeat(indent));
                column = indent;
            } else {
                text.push(' ');
            }
        }
        text.push_str(name);
        column += length;
    }
    text.push('\n');
}

fn changes(text: &mut String, last: &Earlier, review: &Review) {
    let given = &last.statement.predicate;
    let status = last.standing.as_ref();
    let status = status.map_or("not judged", |standing| standing.status().as_str());
    let (by, on, decision) = (&given.principal, given.issued, given.decision);
    let _ = if last.is_authentic() {
        writeln!(text, "\nSince {by} signed on {on} ({decision}, {status})")
    } else {
        writeln!(
            text,
            "\nSince {on}, by a statement of {by} that does not count ({decision}, {status})"
        )
    };
    let mut said = false;
    match &last.before {
        Before::Unchanged => {}
        Before::Known {
            differences,
            layout,
            blob,
        } => {
            said = true;
            for difference in differences {
                show(text, difference);
            }
            for part in layout {
                let _ = writeln!(text, "  {part}: comments or layout alone");
            }
            if differences.is_empty() && layout.is_empty() {
                text.push_str(
                    "  no value and no section; comments, layout or what no field holds\n",
                );
            }
            let short = blob.get(..12).unwrap_or(blob);
            let _ = writeln!(
                text,
                "  every line: git diff {short} -- {}",
                review.document.path
            );
        }
        Before::Unknown(why) => {
            said = true;
            let parts: Vec<String> = last
                .changed
                .iter()
                .filter(|change| matches!(change, Change::Part(_) | Change::PartGone(_)))
                .map(ToString::to_string)
                .collect();
            if given.scope.is_empty() {
                let _ = writeln!(text, "  the document changed; how is not known: {why}");
            } else if parts.is_empty() {
                let _ = writeln!(
                    text,
                    "  the document changed outside of what was signed: {why}"
                );
            } else {
                let _ = writeln!(
                    text,
                    "  changed: {}; how is not known: {why}",
                    parts.join(", ")
                );
            }
        }
    }
    for change in &last.changed {
        if let Change::Evidence(_) | Change::EvidenceGone(_) | Change::EvidenceAdded(_) = change {
            said = true;
            let _ = writeln!(text, "  evidence {change}");
        }
    }
    if last.policies_changed {
        said = true;
        text.push_str("  the policies are others\n");
    }
    if !said {
        text.push_str("  nothing changed\n");
    }
}

fn show(text: &mut String, difference: &Difference) {
    match difference {
        Difference::Field {
            path,
            before,
            now,
            line,
        } => {
            let at = line.map(|line| format!("  (line {line})"));
            let at = at.unwrap_or_default();
            let _ = match (before, now) {
                (Some(before), Some(now)) => {
                    writeln!(text, "  ~ {path}: {} -> {}{at}", short(before), short(now))
                }
                (None, Some(now)) => writeln!(text, "  + {path}: {}{at}", short(now)),
                (Some(before), None) => writeln!(text, "  - {path}: {}", short(before)),
                (None, None) => Ok(()),
            };
        }
        Difference::Section { title, lines } => {
            let title = if title.is_empty() {
                "before the first heading"
            } else {
                title
            };
            let _ = writeln!(text, "  ~ section {title}");
            for line in lines {
                let sign = if line.added { '+' } else { '-' };
                let _ = writeln!(text, "      {sign} {}", line.text);
            }
        }
    }
}

fn short(value: &str) -> String {
    let line = value.trim().replace('\n', " ");
    if line.is_empty() {
        return "\"\"".to_owned();
    }
    if line.chars().count() <= MAX_VALUE {
        return line;
    }
    let first: String = line.chars().take(MAX_VALUE).collect();
    format!("{first}…")
}

fn findings(text: &mut String, review: &Review) {
    let open = &review.open;
    let later = match review.later {
        0 => String::new(),
        1 => "; 1 more at a later stage".to_owned(),
        count => format!("; {count} more at later stages"),
    };
    if open.is_empty() {
        let _ = writeln!(text, "\nNo open findings{later}");
        return;
    }
    let _ = writeln!(
        text,
        "\nOpen findings, which the signer acknowledges: {}{later}",
        open.len()
    );
    for finding in open {
        let Acknowledged {
            rule,
            severity,
            message,
            place: (path, line, column),
            blocking,
            new,
            fingerprint,
        } = finding;
        let blocks = if *blocking { ", blocks" } else { "" };
        let new = match new {
            Some(true) => ", new",
            _ => "",
        };
        let _ = writeln!(text, "  {severity} {rule} ({fingerprint}{blocks}{new})");
        let _ = writeln!(text, "    {path}:{line}:{column}: {message}");
    }
}
