//! Rates as bars: a line a group, the value as a point on its bar, its interval as whiskers.

use std::fmt::Write as _;

use super::text::{clip, one_line, width};
use super::theme::{Role, Theme};
use crate::finding::{GroupRate, Interval, RateChart};

/// Columns of a group's name at most.
const NAME: usize = 28;

/// Columns that the numbers behind a bar take: `0.580  0.563 to 0.597`.
const NUMBERS: usize = 21;

/// The least columns of a bar that still says something.
const BAR: usize = 16;

/// What a bar is drawn with.
struct Pens {
    bar: char,
    point: char,
    left: char,
    right: char,
    whisker: char,
    edge: char,
}

const UNICODE: Pens = Pens {
    bar: '━',
    point: '●',
    left: '├',
    right: '┤',
    whisker: '─',
    edge: '│',
};

const ASCII: Pens = Pens {
    bar: '=',
    point: 'o',
    left: '[',
    right: ']',
    whisker: '-',
    edge: '|',
};

/// A chart with a heading and a scale from 0 to 1.
pub(super) fn write(out: &mut String, chart: &RateChart, theme: &Theme) {
    let pens = if theme.is_unicode() { &UNICODE } else { &ASCII };
    let names: Vec<String> = chart
        .groups
        .iter()
        .map(|group| name(group, theme))
        .collect();
    let widest = names.iter().map(|name| width(name)).max().unwrap_or(0);
    // Indent, name, two edges with a space before the first, and the numbers behind a space.
    let room = theme
        .width
        .saturating_sub(2 + widest + 3 + 1 + NUMBERS)
        .max(BAR);
    let title = chart.rate.replace('_', " ");
    let _ = writeln!(out, "  {}", theme.paint(Role::Strong, title));
    for (name, group) in names.iter().zip(&chart.groups) {
        let gap = " ".repeat(widest.saturating_sub(width(name)));
        let bar = match group.value {
            Some(value) => bar(value, group.interval, room, pens),
            None => " ".repeat(room),
        };
        let _ = writeln!(
            out,
            "  {name}{gap} {}{bar}{} {}",
            pens.edge,
            pens.edge,
            numbers(group)
        );
    }
    let _ = writeln!(out, "  {} {}", " ".repeat(widest), scale(room));
}

fn name(group: &GroupRate, theme: &Theme) -> String {
    let values: Vec<String> = group
        .group
        .iter()
        .map(|value| value.as_deref().map_or("(missing)".to_owned(), one_line))
        .collect();
    clip(&values.join(", "), NAME, theme.ellipsis()).into_owned()
}

/// The column of a rate.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a rate lies between 0 and 1, and a terminal has few columns"
)]
fn column(rate: f64, room: usize) -> usize {
    let last = room.saturating_sub(1);
    ((rate.clamp(0.0, 1.0) * last as f64).round() as usize).min(last)
}

fn bar(value: f64, interval: Option<Interval>, room: usize, pens: &Pens) -> String {
    let point = column(value, room);
    let (from, to) = interval.map_or((point, point), |interval| {
        (column(interval.lower, room), column(interval.upper, room))
    });
    (0..room)
        .map(|at| {
            if at == point {
                pens.point
            } else if at == from && from < point {
                pens.left
            } else if at == to && to > point {
                pens.right
            } else if from < at && at < to {
                pens.whisker
            } else if at < point {
                pens.bar
            } else {
                ' '
            }
        })
        .collect()
}

fn numbers(group: &GroupRate) -> String {
    let text = match (group.value, group.interval) {
        (Some(value), Some(interval)) => {
            format!("{value:.3}  {:.3} to {:.3}", interval.lower, interval.upper)
        }
        (Some(value), None) => format!("{value:.3}"),
        (None, _) => "none: taken over 0".to_owned(),
    };
    if group.sufficient || group.value.is_none() {
        text
    } else {
        format!("{text}  too few")
    }
}

/// `0      0.25     0.5      0.75      1`, each under its column.
fn scale(room: usize) -> String {
    let mut line = String::new();
    for (mark, rate) in [
        ("0", 0.0),
        ("0.25", 0.25),
        ("0.5", 0.5),
        ("0.75", 0.75),
        ("1", 1.0),
    ] {
        // One for the edge.
        let at = 1 + column(rate, room);
        let start = at.saturating_sub(mark.len() / 2);
        if start > line.len() || line.is_empty() {
            line.push_str(&" ".repeat(start.saturating_sub(line.len())));
            line.push_str(mark);
        }
    }
    line
}
