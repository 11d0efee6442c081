//! The rates of groups as a table in which each row is drawn: needs no script and no font.
//!
//! Places along the axis are in per cent of the column, so that a chart fits any width and its words
//! keep their size. What is drawn is also said: the table is the equivalent of the picture.

use maud::{Markup, html};

use super::fairness::sentence;
use super::icon::Icon;
use super::threshold::Line;
use crate::finding::{FairnessCheck, GroupRate, RateChart};
use crate::render::evidence::{self, finite};

/// How many groups of a rate are drawn.
const SHOWN: usize = 100;

/// A chart with more groups than this can be folded.
const LONG: usize = 30;

/// Where an axis may end, and in how many parts it is divided then.
const ENDS: [(f64, u8); 6] = [
    (0.01, 2),
    (0.02, 4),
    (0.05, 5),
    (0.1, 5),
    (0.2, 4),
    (0.5, 5),
];

/// The axis of rates that take more room than those.
const WHOLE: (f64, u8) = (1.0, 5);

/// Per cent of the column on either side of the axis.
const MARGIN: f64 = 4.0;

/// The anchor of a chart: that of the claim for its first rate.
pub(super) fn anchor(claim: usize, rate: usize) -> String {
    match rate {
        0 => format!("claim-{}", claim + 1),
        rate => format!("claim-{}-{}", claim + 1, rate + 1),
    }
}

/// How many rows a chart takes.
pub(super) fn rows(chart: &RateChart) -> usize {
    chart.groups.len().min(SHOWN)
}

/// A chart with its caption.
pub(super) fn figure(id: &str, document: &str, check: &FairnessCheck, chart: &RateChart) -> Markup {
    let title = format!(
        "{} by {}",
        sentence(&evidence::spoken(chart.rate)),
        evidence::attributes(check)
    );
    let about = format!("{document}, {}", evidence::spoken(&check.metric));
    let caption = html! {
        span.name { (title) }
        span.about { (about) }
    };
    let drawn = drawn(id, check, chart);
    html! {
        @if chart.groups.len() > LONG {
            figure.chart.long id=(id) aria-labelledby={ (id) "-title" } {
                details open {
                    summary {
                        span id={ (id) "-title" } { (caption) }
                        span.about { (chart.groups.len()) " groups" }
                    }
                    (drawn)
                }
            }
        } @else {
            figure.chart id=(id) aria-labelledby={ (id) "-title" } {
                figcaption id={ (id) "-title" } { (caption) }
                (drawn)
            }
        }
    }
}

/// The axis of a chart, from 0.
struct Axis {
    end: f64,
    parts: u8,
}

impl Axis {
    fn of(groups: &[&GroupRate], line: &Line<'_>) -> Self {
        let rates = groups.iter().filter_map(|group| finite(group.value));
        let uppers = groups
            .iter()
            .filter_map(|group| finite(Some(group.interval?.upper)));
        let line = match line {
            Line::At { at, .. } => Some(*at),
            _ => None,
        };
        let most = rates.chain(uppers).chain(line).fold(0.0, f64::max);
        let (end, parts) = ENDS
            .into_iter()
            .find(|(end, _)| most <= *end)
            .unwrap_or(WHOLE);
        Self { end, parts }
    }

    /// The place of a rate, in per cent of the column.
    fn place(&self, rate: f64) -> String {
        let along = (rate / self.end).clamp(0.0, 1.0);
        format!("{:.2}%", MARGIN + along * (100.0 - 2.0 * MARGIN))
    }

    /// The rates at which the axis has a mark.
    fn ticks(&self) -> impl Iterator<Item = f64> {
        (0..=self.parts).map(|tick| self.end * f64::from(tick) / f64::from(self.parts))
    }
}

fn drawn(id: &str, check: &FairnessCheck, chart: &RateChart) -> Markup {
    let line = Line::of(check, chart);
    let Selection { groups, left_out } = selection(chart);
    let axis = Axis::of(&groups, &line);
    let plot = format!("plot-{id}");
    html! {
        (backdrop(&plot, &axis, &line))
        div.scroll role="group" aria-labelledby={ (id) "-title" } tabindex="0" {
            table aria-labelledby={ (id) "-title" } {
                thead {
                    tr {
                        th scope="col" { "Group" }
                        th.plot scope="col" { span.unseen { "Drawn" } (scale(&axis, &line)) }
                        th.count scope="col" { "Counts" }
                        th.count scope="col" { "Rate" }
                        th.count scope="col" {
                            @match level(chart) { Some(level) => { (level) " interval" }, None => "Interval" }
                        }
                    }
                }
                tbody { @for group in groups { (row(group, &plot, &axis, &line)) } }
            }
        }
        @if let Some(left_out) = left_out { p.hint { (left_out) } }
        p.hint { (explained(&axis, &line)) }
    }
}

/// The level of the intervals of a chart.
fn level(chart: &RateChart) -> Option<String> {
    let mut intervals = chart.groups.iter().filter_map(|group| group.interval);
    intervals.next().and_then(evidence::level)
}

/// The groups that are drawn, and what is said of the others.
struct Selection<'c> {
    groups: Vec<&'c GroupRate>,
    left_out: Option<String>,
}

/// All groups, or the lowest and the highest of too many, in the order of the report.
fn selection(chart: &RateChart) -> Selection<'_> {
    let all = chart.groups.len();
    if all <= SHOWN {
        return Selection {
            groups: chart.groups.iter().collect(),
            left_out: None,
        };
    }
    let rated = chart.groups.iter().enumerate();
    let mut rated: Vec<(usize, f64)> = rated
        .filter_map(|(index, group)| Some((index, finite(group.value)?)))
        .collect();
    let unrated = all - rated.len();
    rated.sort_by(|a, b| a.1.total_cmp(&b.1));
    let (low, high) = (SHOWN / 2, rated.len().saturating_sub(SHOWN / 2));
    let at_end = |place: usize| place < low || place >= high;
    let mut shown: Vec<usize> = rated
        .iter()
        .enumerate()
        .filter_map(|(place, (index, _))| at_end(place).then_some(*index))
        .collect();
    let hidden = rated.len() - shown.len();
    let room = SHOWN - shown.len();
    let rateless =
        |(index, group): (usize, &GroupRate)| finite(group.value).is_none().then_some(index);
    let rateless = chart.groups.iter().enumerate().filter_map(rateless);
    shown.extend(rateless.take(room));
    let unrated = unrated.saturating_sub(room);
    shown.sort_unstable();
    let mut said = Vec::new();
    if hidden > 0 {
        said.push(format!("{hidden} with a rate between those"));
    }
    if unrated > 0 {
        said.push(format!("{unrated} without a rate"));
    }
    let groups = shown.iter().filter_map(|index| chart.groups.get(*index));
    Selection {
        left_out: Some(format!(
            "Of {all} groups those with the lowest and the highest rates are shown. Left out: {}. \
             The JSON report has all.",
            said.join(", and ")
        )),
        groups: groups.collect(),
    }
}

/// What is behind every row: the marks of the axis, and what lies below the threshold.
fn backdrop(plot: &str, axis: &Axis, line: &Line<'_>) -> Markup {
    html! {
        svg.symbols aria-hidden="true" focusable="false" {
            symbol id=(plot) {
                @if let Line::At { at, .. } = line {
                    rect.below x=(axis.place(0.0)) y="0" width=(width(axis, *at)) height="100%" {}
                }
                @for tick in axis.ticks() {
                    @let x = axis.place(tick);
                    line.tick x1=(x) x2=(x) y1="0" y2="100%" {}
                }
                @if let Line::At { at, .. } = line {
                    @let x = axis.place(*at);
                    line.threshold x1=(x) x2=(x) y1="0" y2="100%" {}
                }
            }
        }
    }
}

/// How far a rate is from 0, in per cent of the column.
fn width(axis: &Axis, rate: f64) -> String {
    let along = (rate / axis.end).clamp(0.0, 1.0);
    format!("{:.2}%", along * (100.0 - 2.0 * MARGIN))
}

/// The head of the column: the numbers of the axis, and the name of the line above them.
fn scale(axis: &Axis, line: &Line<'_>) -> Markup {
    html! {
        svg.scale aria-hidden="true" focusable="false" {
            @if let Line::At { at, name, .. } = line {
                // Where the words would run out of the column they stand on the other side.
                @let class = if at / axis.end > 0.5 { "left" } else { "right" };
                text.threshold.(class) x=(axis.place(*at)) y="1em" {
                    (name) " = " (evidence::number(*at, &[]))
                }
            }
            @for tick in axis.ticks() {
                text x=(axis.place(tick)) y="2.4em" { (tick_name(tick)) }
            }
        }
    }
}

/// A mark of an axis, without zeros at its end.
fn tick_name(tick: f64) -> String {
    let text = format!("{tick:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn row(group: &GroupRate, plot: &str, axis: &Axis, line: &Line<'_>) -> Markup {
    let rate = finite(group.value);
    let below = line.is_missed_by(group);
    let mark = match (group.sufficient, below) {
        (false, _) => "small",
        (true, true) => "low",
        (true, false) => "fair",
    };
    let beside: Vec<f64> = match line {
        Line::At { at, .. } if below => vec![*at],
        _ => Vec::new(),
    };
    html! {
        tr {
            th scope="row" {
                (evidence::group(group))
                @if below { span.about.low { (Icon::Cross) "below the line" } }
                @if !group.sufficient { span.about { "too small to decide" } }
            }
            td.plot {
                svg.strip aria-hidden="true" focusable="false" {
                    use href={ "#" (plot) } {}
                    @if let Some(rate) = rate { (drawn_rate(group, rate, mark, axis)) }
                }
            }
            td.count { (group.numerator) " of " (group.denominator) }
            @match rate {
                Some(rate) => {
                    td.count { (evidence::number(rate, &beside)) }
                    td.count {
                        @match group.interval.and_then(evidence::interval) {
                            Some(interval) => { (interval) },
                            None => span.none { "none" },
                        }
                    }
                },
                None => {
                    td.count colspan="2" {
                        span.none { @if group.denominator == 0 { "no rate: nobody counts for it" } @else { "no rate" } }
                    }
                },
            }
        }
    }
}

fn drawn_rate(group: &GroupRate, rate: f64, mark: &str, axis: &Axis) -> Markup {
    let ends = group.interval.and_then(|interval| {
        let lower = finite(Some(interval.lower))?;
        let upper = finite(Some(interval.upper))?;
        Some((axis.place(lower), axis.place(upper)))
    });
    html! {
        @if let Some((lower, upper)) = ends {
            g.whisker.(mark) {
                line x1=(lower) x2=(upper) y1="50%" y2="50%" {}
                use href="#m-end" x=(lower) y="50%" {}
                use href="#m-end" x=(upper) y="50%" {}
            }
        }
        use.mark.(mark) href={ "#m-" (mark) } x=(axis.place(rate)) y="50%" {}
    }
}

/// The shapes of rates, which charts refer to.
pub(super) fn marks() -> Markup {
    html! {
        svg.symbols aria-hidden="true" focusable="false" {
            defs {
                path #m-fair d="M0-4.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 0 1 0-9z" {}
                path #m-small d="M0-4a4 4 0 1 1 0 8a4 4 0 0 1 0-8z" {}
                path #m-low d="M0-6L6 0L0 6L-6 0z" {}
                path #m-end d="M0-4V4" {}
            }
        }
    }
}

/// How to read the chart, as far as the lead of the section does not say it.
fn explained(axis: &Axis, line: &Line<'_>) -> Markup {
    html! {
        @match line {
            Line::At { at, highest, rate, .. } => {
                "The dashed line stands at " (evidence::number(*at, &[])) "; the highest rate is "
                (evidence::number(*rate, &[])) ", that of " (evidence::group(highest))
                ". A group below the line is farther from the highest than the threshold allows."
            },
            Line::Absent(why) => { "The threshold is not drawn: " (why) "." },
            Line::Unstated => { "No threshold is stated that could be drawn." },
        }
        @if axis.end < 1.0 { " The axis ends at " (tick_name(axis.end)) "." }
    }
}
