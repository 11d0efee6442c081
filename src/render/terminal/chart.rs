//! Rates as bars: a line a group, the value as a point on its bar, its interval as whiskers.

use std::fmt::Write as _;

use super::text::{clip, one_line, width};
use super::theme::{Role, Theme};
use crate::finding::{GroupRate, Interval, RateChart};

/// Columns of a group's name at most.
const NAME: usize = 28;

/// Columns that the numbers behind a bar take: `0.580* 0.563 to 0.597`.
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
    // Indent, two edges with a space before the first, and a space before the numbers.
    let around = 2 + 3 + 1 + NUMBERS;
    let longest = theme.width.saturating_sub(around + BAR).min(NAME);
    let names: Vec<String> = chart
        .groups
        .iter()
        .map(|group| name(group, longest, theme))
        .collect();
    let widest = names.iter().map(|name| width(name)).max().unwrap_or(0);
    let room = theme.width.saturating_sub(around + widest).max(BAR);
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

fn name(group: &GroupRate, longest: usize, theme: &Theme) -> String {
    let values: Vec<String> = group
        .group
        .iter()
        .map(|value| value.as_deref().map_or("(missing)".to_owned(), one_line))
        .collect();
    let ellipsis = theme.ellipsis();
    let room = longest.saturating_sub(width(ellipsis));
    let name = values.join(", ");
    if width(&name) <= longest {
        name
    } else {
        clip(&name, room, ellipsis).into_owned()
    }
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

/// The rate with its interval; a star where too few rows stand behind it.
fn numbers(group: &GroupRate) -> String {
    let star = if group.sufficient { " " } else { "*" };
    match (group.value, group.interval) {
        (Some(value), Some(interval)) => format!(
            "{value:.3}{star} {:.3} to {:.3}",
            interval.lower, interval.upper
        ),
        (Some(value), None) => format!("{value:.3}{star}"),
        (None, _) => "taken over no rows".to_owned(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::terminal::TerminalOptions;

    fn group(name: Option<&str>, value: Option<f64>, around: f64, sufficient: bool) -> GroupRate {
        GroupRate {
            group: vec![name.map(Into::into)],
            n: 50,
            numerator: 0,
            denominator: 0,
            value,
            interval: value.map(|value| Interval {
                lower: (value - around).max(0.0),
                upper: (value + around).min(1.0),
                level: 0.95,
            }),
            sufficient,
        }
    }

    fn drawn(unicode: bool, width: usize) -> String {
        let chart = RateChart {
            rate: "selection_rate",
            groups: vec![
                group(None, Some(0.0), 0.2, false),
                group(Some("f"), Some(0.5), 0.25, true),
                group(Some("m\u{1b}[31m"), Some(1.0), 0.0, true),
                group(Some("nobody"), None, 0.0, true),
            ],
        };
        let options = TerminalOptions {
            unicode,
            width,
            ..TerminalOptions::default()
        };
        let mut out = String::new();
        write(&mut out, &chart, &Theme::new(&options));
        out
    }

    #[test]
    fn a_bar_ends_at_the_rate_with_whiskers_around_it() {
        insta::assert_snapshot!(drawn(true, 80), @r#"
selection rate
(missing) │●────────┤                                  │ 0.000* 0.000 to 0.200
f         │━━━━━━━━━━━├──────────●─────────┤           │ 0.500  0.250 to 0.750
m�[31m    │━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━●│ 1.000  1.000 to 1.000
nobody    │                                            │ taken over no rows
           0        0.25        0.5      0.75         1
"#);
    }

    #[test]
    fn ascii_says_the_same() {
        insta::assert_snapshot!(drawn(false, 60), @r#"
selection rate
(missing) |o----]                  | 0.000* 0.000 to 0.200
f         |======[-----o----]      | 0.500  0.250 to 0.750
m�[31m    |=======================o| 1.000  1.000 to 1.000
nobody    |                        | taken over no rows
           0   0.25   0.5 0.75    1
"#);
    }

    #[test]
    fn nothing_is_wider_than_the_terminal() {
        for columns in 60..=200 {
            for line in drawn(true, columns).lines() {
                assert!(width(line) <= columns, "{columns}: {line}");
            }
        }
    }
}
