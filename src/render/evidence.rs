//! Words for fairness claims and sign-offs, for the formats that people read.

use crate::expr::time::parse_date;
use crate::finding::{FairnessCheck, GroupRate, Interval, SignOffState};

/// Decimals of a number, unless more are needed to tell it from another.
const DECIMALS: usize = 3;

/// More decimals than this tell nothing.
const MOST_DECIMALS: usize = 15;

/// What stands for the name of a group whose value of an attribute is missing.
pub(super) const NO_VALUE: &str = "(no value)";

/// How much weight a word has for a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// It holds.
    Good,
    /// It does not.
    Bad,
    /// It cannot be told.
    Open,
    /// It did once.
    Late,
    /// It is said, and nothing follows from it.
    Plain,
}

/// What a claim came to, in words.
pub(super) fn status(status: &str) -> (Tone, &str) {
    match status {
        "match" => (Tone::Good, "matches the evidence"),
        "drift" => (Tone::Bad, "differs from the evidence"),
        "tampered" => (Tone::Bad, "the evidence was changed"),
        "unreadable" => (Tone::Open, "the evidence cannot be read"),
        "undefined" => (Tone::Open, "undefined"),
        "insufficient" => (Tone::Open, "too few people to decide"),
        "stale" => (Tone::Late, "the evidence is out of date"),
        "unclaimed" => (Tone::Plain, "no value is claimed"),
        other => (Tone::Open, other),
    }
}

/// Whether the recomputed value keeps to the threshold of the claim; `None` where one of them is
/// missing.
pub(super) fn kept(check: &FairnessCheck) -> Option<bool> {
    let value = finite(check.value)?;
    let mut bounds = [check.min, check.max].into_iter().flatten().peekable();
    bounds.peek()?;
    if !bounds.all(f64::is_finite) {
        return None;
    }
    Some(check.min.is_none_or(|min| value >= min) && check.max.is_none_or(|max| value <= max))
}

/// The threshold: "at least 0.8".
pub(super) fn threshold(check: &FairnessCheck) -> Option<String> {
    let mut bounds = [check.min, check.max].into_iter().flatten();
    if bounds.any(|bound| !bound.is_finite()) {
        return Some("no number".to_owned());
    }
    match (check.min, check.max) {
        (Some(min), Some(max)) => Some(format!("{} to {}", plain(min), plain(max))),
        (Some(min), None) => Some(format!("at least {}", plain(min))),
        (None, Some(max)) => Some(format!("at most {}", plain(max))),
        (None, None) => None,
    }
}

/// The claimed value, as short as it can be told.
pub(super) fn claimed(check: &FairnessCheck) -> Option<String> {
    finite(check.claimed).map(plain)
}

/// The recomputed value, with as many decimals as tell it from the threshold, and from a claim that
/// is too far from it.
pub(super) fn recomputed(check: &FairnessCheck) -> Option<String> {
    let drifted = check.claimed.filter(|_| check.status == "drift");
    let beside: Vec<f64> = [drifted, check.min, check.max]
        .into_iter()
        .flatten()
        .collect();
    finite(check.value).map(|value| number(value, &beside))
}

/// An interval: "0.66 to 0.78".
pub(super) fn interval(interval: Interval) -> Option<String> {
    let (lower, upper) = (finite(Some(interval.lower))?, finite(Some(interval.upper))?);
    Some(format!("{} to {}", number(lower, &[]), number(upper, &[])))
}

/// A level as people say it: "95 %".
pub(super) fn level(interval: Interval) -> Option<String> {
    let level = finite(Some(interval.level))?;
    Some(format!(
        "{} %",
        number(level * 100.0, &[]).trim_end_matches(".000")
    ))
}

/// A number with three decimals, or as many as it takes to lie on its own side of each of the
/// others: what misses a threshold must not read as if it met it.
pub(super) fn number(value: f64, others: &[f64]) -> String {
    let told_apart = |text: &str| {
        let shown = text.parse::<f64>().unwrap_or(value);
        others
            .iter()
            .all(|other| shown.partial_cmp(other) == value.partial_cmp(other))
    };
    (DECIMALS..MOST_DECIMALS)
        .map(|decimals| format!("{value:.decimals$}"))
        .find(|text| told_apart(text))
        .unwrap_or_else(|| plain(value))
}

/// A number as a document has it.
pub(super) fn plain(value: f64) -> String {
    // Without an exponent, a very large one would fill a page.
    if value != 0.0 && !(1e-6..1e15).contains(&value.abs()) {
        format!("{value:e}")
    } else {
        value.to_string()
    }
}

/// The number, if it is one.
pub(super) fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite())
}

/// A metric or a rate as it is spoken: `selection_rate` is "selection rate".
pub(super) fn spoken(name: &str) -> String {
    if name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
        name.replace('_', " ")
    } else {
        name.to_owned()
    }
}

/// The attributes of a claim: "sex", "sex and age".
pub(super) fn attributes(check: &FairnessCheck) -> String {
    let names: Vec<&str> = check.attributes.iter().map(|name| &**name).collect();
    match names.as_slice() {
        [] => "no attribute".to_owned(),
        [name] => (*name).to_owned(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

/// The name of a group: "female, 25-40".
pub(super) fn group(group: &GroupRate) -> String {
    let values = group.group.iter().map(|value| match value.as_deref() {
        None => NO_VALUE,
        Some("") => "(empty text)",
        Some(value) => value,
    });
    let name = values.collect::<Vec<_>>().join(", ");
    if name.is_empty() {
        "everybody".to_owned()
    } else {
        name
    }
}

/// What a sign-off is worth, in words.
pub(super) fn verdict(verdict: &str) -> (Tone, &str) {
    match verdict {
        "stated" => (Tone::Plain, "stated, not verified"),
        "valid" => (Tone::Good, "valid"),
        "valid-in-scope" => (Tone::Good, "valid for the parts that it covers"),
        "stale" => (Tone::Late, "stale: changed since it was given"),
        "expired" => (Tone::Late, "expired"),
        "revoked" => (Tone::Bad, "revoked"),
        "rejected" => (Tone::Bad, "rejected"),
        "wrong-context" => (Tone::Bad, "given for something else"),
        "unverified" => (Tone::Open, "could not be verified"),
        "missing" => (Tone::Bad, "missing"),
        other => (Tone::Open, other),
    }
}

/// What was decided, in words.
pub(super) fn decision(state: &SignOffState) -> (Tone, &str) {
    match state.decision.as_deref() {
        Some("approved") => (Tone::Plain, "approved"),
        Some("approved-with-conditions") => (Tone::Plain, "approved with conditions"),
        Some("rejected") => (Tone::Bad, "rejected"),
        Some("not-applicable") => (Tone::Plain, "not applicable"),
        Some(other) => (Tone::Plain, other),
        None => (Tone::Plain, "none named"),
    }
}

/// Whether the last day on which a sign-off holds lies before a day; false where one is no date.
pub(super) fn is_over(state: &SignOffState, as_of: &str) -> bool {
    let last = state
        .expires
        .as_deref()
        .and_then(|day| parse_date(day).ok());
    let today = parse_date(as_of).ok();
    last.zip(today)
        .is_some_and(|(last, today)| last.is_over(today.day()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture::{claim, group as group_of, sign_off, unread_claim};

    #[test]
    fn a_number_that_misses_a_threshold_does_not_read_as_if_it_met_it() {
        assert_eq!(number(0.7202, &[]), "0.720");
        assert_eq!(number(0.7202, &[0.72, 0.8]), "0.7202");
        assert_eq!(number(0.799_96, &[0.8]), "0.79996");
        assert_eq!(number(0.8, &[0.8]), "0.800");
        assert_eq!(number(0.799_999_999_999_9, &[0.8]), "0.7999999999999");
        assert_eq!(
            number(0.800_000_000_000_000_1, &[0.8]),
            "0.8000000000000002"
        );
        let mut check = claim();
        for (value, min, max, expected) in [
            (Some(0.8), Some(0.8), None, Some(true)),
            (Some(0.799_999), Some(0.8), None, Some(false)),
            (Some(0.1), None, Some(0.1), Some(true)),
            (Some(0.3), None, Some(0.1), Some(false)),
            (Some(0.3), None, None, None),
            (None, Some(0.8), None, None),
            (Some(f64::NAN), Some(0.8), None, None),
            (Some(0.3), Some(f64::NAN), Some(0.5), None),
        ] {
            (check.value, check.min, check.max) = (value, min, max);
            assert_eq!(kept(&check), expected, "{value:?} {min:?} {max:?}");
        }
    }

    #[test]
    fn what_is_not_there_has_no_number() {
        let check = unread_claim();
        assert_eq!((claimed(&check), recomputed(&check)), (None, None));
        assert_eq!(threshold(&check), None);
        assert_eq!(claimed(&claim()).as_deref(), Some("0.72"));
        assert_eq!(threshold(&claim()).as_deref(), Some("at least 0.8"));
        let mut near = claim();
        (near.claimed, near.value) = (Some(0.72), Some(0.7201));
        assert_eq!(recomputed(&near).as_deref(), Some("0.720"));
        near.status = "drift";
        assert_eq!(recomputed(&near).as_deref(), Some("0.7201"));
        assert_eq!(plain(1e300), "1e300");
        assert_eq!(plain(0.0), "0");
    }

    #[test]
    fn groups_and_metrics_have_names() {
        assert_eq!(group(&group_of(None, 1, 2)), "(no value)");
        assert_eq!(group(&group_of(Some(""), 1, 2)), "(empty text)");
        let mut both = group_of(Some("female"), 1, 2);
        both.group.push(None);
        assert_eq!(group(&both), "female, (no value)");
        assert_eq!(spoken("true_positive_rate"), "true positive rate");
        assert_eq!(spoken("<b>_x"), "<b>_x");
    }

    #[test]
    fn the_last_day_is_not_over() {
        let mut state = sign_off("security", "stated");
        for (day, over) in [
            (Some("2026-11-21"), true),
            (Some("2026-11-22"), false),
            (Some("soon"), false),
            (None, false),
        ] {
            state.expires = day.map(Into::into);
            assert_eq!(is_over(&state, "2026-11-22"), over, "{day:?}");
        }
    }
}
