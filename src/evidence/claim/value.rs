//! What `fairness(item)` gives to an expression.

use std::sync::Arc;

use super::ClaimStatus;
use super::judge::Assessed;
use crate::evidence::fairness::{Group, Key, Rate, Share, shown};
use crate::evidence::record::Record;
use crate::expr::{Type, Value};
use crate::finding::Interval;

/// The type of what `fairness(item)` gives.
pub(in crate::evidence) fn ty() -> Type {
    let key = Type::list(Type::union([Type::String, Type::Null]));
    let interval = [
        ("lower", Type::Double),
        ("upper", Type::Double),
        ("level", Type::Double),
    ];
    let group = [
        ("group", key.clone()),
        ("n", Type::Int),
        ("selected", Type::Int),
        ("tp", Type::Int),
        ("fp", Type::Int),
        ("tn", Type::Int),
        ("fn", Type::Int),
    ];
    let rates = Rate::ALL.map(|rate| (rate.name(), Type::Double));
    let personal = [("column", Type::String), ("looks_like", Type::String)];
    Type::object(
        "fairness",
        [
            (
                "status",
                Type::one_of(ClaimStatus::ALL.map(ClaimStatus::name)),
            ),
            ("reason", Type::String),
            ("field", Type::String),
            ("value", Type::Double),
            ("claimed", Type::Double),
            ("recomputed", Type::String),
            ("counts", Type::list(Type::String)),
            ("interval", Type::object("fairness.interval", interval)),
            ("p_value", Type::Double),
            ("method", Type::String),
            ("n", Type::Int),
            ("rows", Type::Int),
            ("sha256", Type::String),
            ("missing", Type::Int),
            (
                "groups",
                Type::list(Type::object(
                    "fairness.groups",
                    group.into_iter().chain(rates),
                )),
            ),
            (
                "left_out",
                Type::list(Type::object(
                    "fairness.left_out",
                    [("group", key.clone()), ("n", Type::Int)],
                )),
            ),
            ("too_small", Type::list(key)),
            (
                "personal_columns",
                Type::list(Type::object("fairness.personal_columns", personal)),
            ),
        ],
    )
}

impl Assessed {
    /// What `fairness(item)` gives. What was not found out has no key, and neither has a value that
    /// the document may not rest on: that of another file, of another version, of too few people.
    pub(in crate::evidence) fn value<'a>(&self) -> Value<'a> {
        let record = Record::default()
            .text("status", self.status.name())
            .maybe_text("reason", self.reason.as_deref())
            .maybe_text("field", self.field)
            .maybe("claimed", self.claimed.map(Value::Double))
            .maybe("rows", self.rows.map(Record::count))
            .maybe_text("sha256", self.sha256.as_deref())
            .maybe("missing", self.missing.map(Record::count));
        let record = match self.sha256 {
            Some(_) => record.with("personal_columns", self.personal_columns()),
            None => record,
        };
        if !self.is_about_this_file() {
            return record.value();
        }
        let groups: Vec<Value<'a>> = self.groups.iter().map(group_value).collect();
        let left_out = self.left_out.iter().map(|group| {
            Record::default()
                .with("group", names(&group.key))
                .with("n", Record::count(group.tally.n))
                .value()
        });
        let left_out: Vec<Value<'a>> = left_out.collect();
        let too_small: Vec<Value<'a>> = self.too_small.iter().map(names).collect();
        let n = self.groups.iter().map(|group| group.tally.n).sum();
        let record = record
            .with("n", Record::count(n))
            .with("groups", Value::list(groups))
            .with("left_out", Value::list(left_out))
            .with("too_small", Value::list(too_small))
            .with("counts", self.counts());
        if !matches!(self.status, ClaimStatus::Match | ClaimStatus::Drift) {
            return record.value();
        }
        let test = self.test.as_ref();
        record
            .maybe("value", self.value.map(Value::Double))
            .maybe_text("recomputed", self.recomputed().as_deref())
            .maybe("interval", self.interval.map(interval))
            .maybe("p_value", test.map(|test| Value::Double(test.p_value)))
            .maybe_text("method", test.map(|test| test.method.name()))
            .value()
    }

    /// Whether what was counted is the file and the model that the document speaks of.
    fn is_about_this_file(&self) -> bool {
        matches!(
            self.status,
            ClaimStatus::Match
                | ClaimStatus::Drift
                | ClaimStatus::Undefined
                | ClaimStatus::Insufficient
        )
    }

    fn personal_columns<'a>(&self) -> Value<'a> {
        let columns = self.personal.iter().map(|column| {
            Record::default()
                .text("column", &column.column)
                .text("looks_like", column.looks_like)
                .value()
        });
        Value::list(columns.collect::<Vec<_>>())
    }

    /// The value with its interval: for messages.
    fn recomputed(&self) -> Option<String> {
        let value = rounded(self.value?);
        Some(match self.interval {
            Some(Interval {
                lower,
                upper,
                level,
            }) => format!(
                "{value} (between {} and {} with {:.0} % confidence)",
                rounded(lower),
                rounded(upper),
                level * 100.0
            ),
            None => value,
        })
    }

    /// What each group's rate is taken over: for messages.
    fn counts<'a>(&self) -> Value<'a> {
        let mut said: Vec<Value<'a>> = Vec::new();
        for chart in &self.rates {
            let suffix = if self.rates.len() > 1 {
                format!(" ({})", chart.rate.replace('_', " "))
            } else {
                String::new()
            };
            said.extend(chart.groups.iter().map(|group| {
                let key: Vec<&str> = group
                    .group
                    .iter()
                    .map(|value| value.as_deref().unwrap_or("(missing)"))
                    .collect();
                let (part, all) = (group.numerator, group.denominator);
                Value::string(format!("{} {part} of {all}{suffix}", key.join(" and ")))
            }));
        }
        if said.is_empty() {
            let groups = self.groups.iter();
            said.extend(groups.map(|group| {
                Value::string(format!("{} {} rows", shown(&group.key), group.tally.n))
            }));
        }
        Value::list(said)
    }
}

/// One group with its counts and rates.
fn group_value<'a>(group: &Group) -> Value<'a> {
    let tally = group.tally;
    let confusion = tally.confusion;
    let count = |of: Option<u64>| of.map(Record::count);
    let mut record = Record::default()
        .with("group", names(&group.key))
        .with("n", Record::count(tally.n))
        .with("selected", Record::count(tally.selected))
        .maybe("tp", count(confusion.map(|all| all.tp)))
        .maybe("fp", count(confusion.map(|all| all.fp)))
        .maybe("tn", count(confusion.map(|all| all.tn)))
        .maybe("fn", count(confusion.map(|all| all.fn_)));
    for rate in Rate::ALL {
        let share = rate.of(&tally).and_then(Share::value);
        record = record.maybe(rate.name(), share.map(Value::Double));
    }
    record.value()
}

fn names<'a>(key: &Key) -> Value<'a> {
    let name = |value: &Option<Arc<str>>| match value {
        Some(text) => Value::string(Arc::clone(text)),
        None => Value::Null,
    };
    Value::list(key.iter().map(name).collect::<Vec<_>>())
}

fn interval<'a>(interval: Interval) -> Value<'a> {
    Record::default()
        .with("lower", Value::Double(interval.lower))
        .with("upper", Value::Double(interval.upper))
        .with("level", Value::Double(interval.level))
        .value()
}

/// A number as messages have it: to four places, without zeros at the end.
pub(super) fn rounded(number: f64) -> String {
    let text = format!("{number:.4}");
    match text.trim_end_matches('0').trim_end_matches('.') {
        "-0" | "" => "0".to_owned(),
        text => text.to_owned(),
    }
}
