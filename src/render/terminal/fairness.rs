//! `launchgate fairness` for people: the groups as a table, their rates as bars, the metrics.

use std::fmt::Write as _;

use super::finding::write_flush_remark;
use super::text::{clip, one_line, width, wrap};
use super::theme::{Role, Theme};
use super::{TerminalOptions, chart};
use crate::evidence::fairness::{
    Breakdown, GroupValue, Key, Measure, Measured, Method, Metric, MissingPolicy, Reference, shown,
};
use crate::evidence::table::TableForm;
use crate::finding::{GroupRate, RateChart};
use crate::render::fairness::Sheet;

/// Columns of a group's name at most.
const NAME: usize = 28;

/// The sheet as text. With `quiet` the metrics alone, with `verbose` a chart of every rate.
pub fn render_fairness(sheet: &Sheet<'_>, options: &TerminalOptions) -> String {
    let theme = Theme::new(options);
    let mut out = String::new();
    if !options.quiet {
        heading(&mut out, sheet, &theme);
    }
    for breakdown in sheet.breakdowns {
        if !out.is_empty() {
            out.push('\n');
        }
        title(&mut out, breakdown, &theme);
        if !options.quiet {
            table(&mut out, breakdown, &theme);
            out.push('\n');
            let charts = if options.verbose { usize::MAX } else { 1 };
            for chart in breakdown.rates.iter().take(charts) {
                chart::write(&mut out, chart, &theme);
                out.push('\n');
            }
        }
        metrics(&mut out, breakdown, &theme);
        if !options.quiet {
            let least = sheet.choices.settings.minimum_group;
            advice(&mut out, breakdown, least, &theme);
        }
    }
    out
}

fn heading(out: &mut String, sheet: &Sheet<'_>, theme: &Theme) {
    let counted = sheet.counted;
    let what = match counted.form {
        TableForm::Rows => format!("{} rows", counted.rows),
        TableForm::Counts => format!(
            "{} rows, counted in {} groups",
            counted.rows, counted.records
        ),
    };
    let path = theme.paint(Role::Strong, one_line(sheet.path));
    let _ = writeln!(out, "{path}: {what}");
    let settings = sheet.choices.settings;
    let mut facts = vec![format!("sha256 {}", counted.sha256)];
    if counted.decided && counted.form == TableForm::Rows {
        let favourable = sheet.request.favourable.text();
        facts.push(format!("the favourable value is {}", one_line(&favourable)));
    }
    facts.push(format!(
        "a group of fewer than {} rows, or a rate over fewer than {}, decides nothing",
        settings.minimum_group, settings.minimum_denominator
    ));
    if counted.missing > 0 {
        let what = match sheet.choices.settings.missing {
            MissingPolicy::Refuse => "refused",
            MissingPolicy::Group if sheet.choices.without_missing => {
                "shown, and compared with nobody"
            }
            MissingPolicy::Group => "compared, as a group of their own",
        };
        facts.push(format!(
            "{} without a value of an attribute: {what}",
            rows(counted.missing)
        ));
    }
    for like in &counted.look_alikes {
        facts.push(format!(
            "`{}` in {} of `{}` is taken as a group's name, not as missing",
            one_line(&like.value),
            rows(like.rows),
            one_line(&like.column)
        ));
    }
    for personal in &counted.personal {
        facts.push(format!(
            "the column `{}` looks like {}: leave it out of what you hand on",
            one_line(&personal.column),
            personal.looks_like
        ));
    }
    for fact in facts {
        for line in wrap(&fact, theme.width.saturating_sub(2)) {
            let _ = writeln!(out, "  {line}");
        }
    }
}

fn rows(count: u64) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} row{s}")
}

fn title(out: &mut String, breakdown: &Breakdown, theme: &Theme) {
    let names: Vec<String> = breakdown
        .attributes()
        .iter()
        .map(|name| one_line(name))
        .collect();
    let mut text = format!("by {}", names.join(" and "));
    match &breakdown.reference {
        Reference::Highest => {}
        Reference::Largest => text.push_str(", compared with the largest group"),
        Reference::Group(key) => {
            let _ = write!(text, ", compared with {}", one_line(&shown(key)));
        }
    }
    let _ = writeln!(out, "{}", theme.paint(Role::Strong, text));
}

/// A table of groups, with as many rates as there is room for.
fn table(out: &mut String, breakdown: &Breakdown, theme: &Theme) {
    let total = breakdown.counts.total().map_or(0, |tally| tally.n);
    let mut columns = vec![
        column("n", breakdown, |key| count(breakdown, key)),
        column("share", breakdown, |key| share(breakdown, key, total)),
    ];
    let mut starred = false;
    for chart in &breakdown.rates {
        let cells: Vec<String> = breakdown
            .counts
            .groups
            .iter()
            .map(|group| rate_of(chart, &group.key).map_or_else(|| "-".to_owned(), cell))
            .collect();
        columns.push(Column {
            title: short(chart.rate).to_owned(),
            cells,
        });
    }
    let names: Vec<String> = breakdown
        .counts
        .groups
        .iter()
        .map(|group| {
            let name = one_line(&shown(&group.key));
            let name = clip(&name, NAME, theme.ellipsis()).into_owned();
            if breakdown.excluded.contains(&group.key) {
                format!("{name} (left out)")
            } else {
                name
            }
        })
        .collect();
    let names = Column {
        title: "group".to_owned(),
        cells: names,
    };
    let mut room = theme.width.saturating_sub(2 + names.width());
    let shown: Vec<&Column> = columns
        .iter()
        .take_while(|column| {
            let needs = column.width() + 2;
            let fits = needs <= room;
            room = room.saturating_sub(needs);
            fits
        })
        .collect();
    for at in 0..=names.cells.len() {
        let mut line = format!("  {}", pad(names.line(at), names.width(), false));
        for column in &shown {
            starred |= column.line(at).ends_with('*');
            let _ = write!(line, "  {}", pad(column.line(at), column.width(), true));
        }
        let line = line.trim_end();
        if at == 0 {
            let _ = writeln!(out, "{}", theme.paint(Role::Faint, line));
        } else {
            let _ = writeln!(out, "{line}");
        }
    }
    if starred {
        let text = "* too few rows to decide anything";
        let _ = writeln!(out, "  {}", theme.paint(Role::Faint, text));
    }
}

/// A column of the table, its title over its cells.
struct Column {
    title: String,
    cells: Vec<String>,
}

impl Column {
    /// The title, then the cells.
    fn line(&self, at: usize) -> &str {
        match at.checked_sub(1) {
            None => &self.title,
            Some(at) => self.cells.get(at).map_or("", String::as_str),
        }
    }

    fn width(&self) -> usize {
        (0..=self.cells.len())
            .map(|at| width(self.line(at)))
            .max()
            .unwrap_or(0)
    }
}

fn column(title: &str, breakdown: &Breakdown, cell: impl Fn(&Key) -> String) -> Column {
    let groups = breakdown.counts.groups.iter();
    Column {
        title: title.to_owned(),
        cells: groups.map(|group| cell(&group.key)).collect(),
    }
}

fn pad(text: &str, columns: usize, to_the_right: bool) -> String {
    let gap = " ".repeat(columns.saturating_sub(width(text)));
    if to_the_right {
        format!("{gap}{text}")
    } else {
        format!("{text}{gap}")
    }
}

fn count(breakdown: &Breakdown, key: &Key) -> String {
    let mut groups = breakdown.counts.groups.iter();
    let group = groups.find(|group| group.key == *key);
    group.map_or_else(String::new, |group| group.tally.n.to_string())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a share is shown with one digit behind the point"
)]
fn share(breakdown: &Breakdown, key: &Key, total: u64) -> String {
    let mut groups = breakdown.counts.groups.iter();
    let group = groups.find(|group| group.key == *key);
    group.map_or_else(String::new, |group| {
        format!(
            "{:.1} %",
            100.0 * group.tally.n as f64 / total.max(1) as f64
        )
    })
}

fn rate_of<'a>(chart: &'a RateChart, key: &Key) -> Option<&'a GroupRate> {
    chart.groups.iter().find(|rate| {
        let values = rate.group.iter().map(Option::as_deref);
        values.eq(key.iter().map(Option::as_deref))
    })
}

fn cell(rate: &GroupRate) -> String {
    match rate.value {
        Some(value) if rate.sufficient => format!("{value:.3}"),
        Some(value) => format!("{value:.3}*"),
        None => "none".to_owned(),
    }
}

/// The title of a rate's column.
fn short(rate: &str) -> &str {
    match rate {
        "selection_rate" => "selected",
        "true_positive_rate" => "TPR",
        "false_positive_rate" => "FPR",
        "false_negative_rate" => "FNR",
        "positive_predictive_value" => "PPV",
        other => other,
    }
}

fn metrics(out: &mut String, breakdown: &Breakdown, theme: &Theme) {
    let widest = breakdown
        .metrics
        .iter()
        .map(|(metric, _)| metric.name().len())
        .max()
        .unwrap_or(0);
    for (metric, measured) in &breakdown.metrics {
        let indent = 2 + widest + 2;
        let lines = wrap(&what(*metric, measured), theme.width.saturating_sub(indent));
        for (at, line) in lines.iter().enumerate() {
            let name = if at == 0 { metric.name() } else { "" };
            let _ = writeln!(out, "  {name:widest$}  {line}");
        }
        values(out, &measured.values, widest, theme);
    }
}

/// What to do about groups that are too small, if that is what stands in the way.
fn advice(out: &mut String, breakdown: &Breakdown, least: u64, theme: &Theme) {
    if let Some(small) = small(breakdown, least) {
        let text = format!(
            "`--exclude '{}'` shows the group and compares it with nobody; a card names it under \
             `excluded_groups`, with the reason",
            one_line(&shown(small))
        );
        write_flush_remark(out, "help", Role::Help, &text, theme);
    }
}

/// A group of fewer than `least` rows that stands in the way of a metric.
fn small(breakdown: &Breakdown, least: u64) -> Option<&Key> {
    let insufficient =
        |(_, measured): &(Metric, Measured)| matches!(measured.value, Measure::Insufficient { .. });
    if !breakdown.metrics.iter().any(insufficient) {
        return None;
    }
    let groups = breakdown.counts.groups.iter();
    let (small, large): (Vec<_>, Vec<_>) = groups
        .filter(|group| !breakdown.excluded.contains(&group.key))
        .partition(|group| group.tally.n < least);
    // Without two others there is nothing left to compare.
    let first = small.first().filter(|_| large.len() >= 2);
    first.map(|group| &group.key)
}

/// What a metric compares where that is no share of rows, below the metric.
fn values(out: &mut String, values: &[GroupValue], indent: usize, theme: &Theme) {
    let name = |value: &GroupValue| {
        let name = one_line(&shown(&value.group));
        clip(&name, NAME, theme.ellipsis()).into_owned()
    };
    let longest = values.iter().map(|value| width(&name(value))).max();
    for value in values {
        let name = pad(&name(value), longest.unwrap_or(0), false);
        let line = theme.paint(Role::Faint, format!("{name}  {}", group_value(value)));
        let _ = writeln!(out, "  {:indent$}    {line}", "");
    }
}

/// What a metric compares, of one group.
fn group_value(of: &GroupValue) -> String {
    let mut text = format!("{:.4}", of.value);
    if let Some(interval) = of.interval {
        let _ = write!(text, "  {:.4} to {:.4}", interval.lower, interval.upper);
    }
    text
}

/// The value with its interval and test, or why there is none.
fn what(metric: Metric, measured: &Measured) -> String {
    let value = match &measured.value {
        Measure::Value(value) => *value,
        Measure::Undefined { reason } => return format!("undefined: {}", one_line(reason)),
        Measure::Insufficient { reason, .. } => {
            return format!("insufficient: {}", one_line(reason));
        }
    };
    let sign = if metric.is_signed() && value > 0.0 {
        "+"
    } else {
        ""
    };
    let mut text = format!("{sign}{value:.4}");
    if let Some(interval) = measured.interval {
        let _ = write!(
            text,
            "   {:.0} % {:.4} to {:.4}",
            interval.level * 100.0,
            interval.lower,
            interval.upper
        );
    }
    if let Some(test) = &measured.test {
        let p = if test.p_value < 0.0001 {
            "p < 0.0001".to_owned()
        } else {
            format!("p = {:.4}", test.p_value)
        };
        let method = match test.method {
            Method::TwoProportionZ => "z-test",
            Method::FisherExact => "Fisher",
        };
        let _ = write!(text, "   {p} ({method})");
    }
    text
}
