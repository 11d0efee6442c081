//! Parts of a report with the shape that its format gives them.
//!
//! What is missing or null is `None`; what is there and of another type is an error with its
//! place, since a report that is not understood shows nothing.

use super::{Format, ScanError};
use crate::expr::time::{Date, parse_date};
use crate::value::{NodeRef, Tree};

/// A result of reading a part.
pub(super) type Shaped<T> = Result<T, ScanError>;

/// A mapping of a report.
#[derive(Clone, Copy)]
pub(super) struct Object<'t>(NodeRef<'t>);

/// The outermost mapping of a report.
pub(super) fn root(tree: &Tree, format: Format) -> Shaped<Object<'_>> {
    match tree.root() {
        Some(node) if node.is_mapping() => Ok(Object(node)),
        Some(node) => Err(ScanError::NotOne {
            format,
            message: format!("it is {}, not a mapping", node.kind().described()),
        }),
        None => Err(ScanError::Empty {
            what: "the file has no content",
        }),
    }
}

/// An error about a node: `message` goes on after its path.
pub(super) fn wrong(node: NodeRef<'_>, message: impl Into<String>) -> ScanError {
    let path = node.pointer().to_path();
    ScanError::Shape {
        at: if path.is_empty() {
            "/".to_owned()
        } else {
            path
        },
        line: node.source().line_column(node.span().start).line,
        message: message.into(),
    }
}

fn mistyped(node: NodeRef<'_>, wanted: &str) -> ScanError {
    wrong(
        node,
        format!("is {}, not {wanted}", node.kind().described()),
    )
}

/// A node that must be a mapping.
pub(super) fn object(node: NodeRef<'_>) -> Shaped<Object<'_>> {
    if node.is_mapping() {
        Ok(Object(node))
    } else {
        Err(mistyped(node, "a mapping"))
    }
}

/// A node that must be text.
pub(super) fn text(node: NodeRef<'_>) -> Shaped<&str> {
    node.as_str().ok_or_else(|| mistyped(node, "a string"))
}

impl<'t> Object<'t> {
    /// The node.
    pub(super) fn node(self) -> NodeRef<'t> {
        self.0
    }

    /// What stands at a key, unless it is null.
    pub(super) fn get(self, key: &str) -> Option<NodeRef<'t>> {
        self.0.get(key).filter(|node| !node.is_null())
    }

    /// An error about it: `message` goes on after its path.
    pub(super) fn wrong(self, message: impl Into<String>) -> ScanError {
        wrong(self.0, message)
    }

    /// Text.
    pub(super) fn text(self, key: &str) -> Shaped<Option<&'t str>> {
        self.get(key).map(text).transpose()
    }

    /// Text that the format asks for, and that is not blank.
    pub(super) fn needed_text(self, key: &str) -> Shaped<&'t str> {
        match self.text(key)? {
            Some(text) if !text.trim().is_empty() => Ok(text),
            _ => Err(self.wrong(format!("lacks `{key}`"))),
        }
    }

    /// True or false.
    pub(super) fn boolean(self, key: &str) -> Shaped<Option<bool>> {
        let read = |node: NodeRef<'_>| node.as_bool().ok_or_else(|| mistyped(node, "a boolean"));
        self.get(key).map(read).transpose()
    }

    /// An index: a whole number from 0; -1 is how SARIF writes that there is none.
    pub(super) fn index(self, key: &str) -> Shaped<Option<usize>> {
        let Some(node) = self.get(key) else {
            return Ok(None);
        };
        match node.as_i64() {
            Some(-1) => Ok(None),
            Some(index) => usize::try_from(index)
                .map(Some)
                .map_err(|_| wrong(node, "is below 0")),
            None => Err(mistyped(node, "a whole number")),
        }
    }

    /// A number of either kind.
    pub(super) fn number(self, key: &str) -> Shaped<Option<f64>> {
        let read = |node: NodeRef<'_>| node.as_f64().ok_or_else(|| mistyped(node, "a number"));
        self.get(key).map(read).transpose()
    }

    /// A mapping.
    pub(super) fn object(self, key: &str) -> Shaped<Option<Self>> {
        self.get(key).map(object).transpose()
    }

    /// A list.
    pub(super) fn list(self, key: &str) -> Shaped<Option<Vec<NodeRef<'t>>>> {
        let read = |node: NodeRef<'t>| {
            if node.is_sequence() {
                Ok(node.items().collect())
            } else {
                Err(mistyped(node, "a list"))
            }
        };
        self.get(key).map(read).transpose()
    }

    /// A list of mappings; empty where there is none.
    pub(super) fn objects(self, key: &str) -> Shaped<Vec<Self>> {
        let list = self.list(key)?.unwrap_or_default();
        list.into_iter().map(object).collect()
    }

    /// A point in time. Without a distance from UTC it is the day that it names.
    pub(super) fn date(self, key: &str) -> Shaped<Option<Date>> {
        let Some(node) = self.get(key) else {
            return Ok(None);
        };
        let written = text(node)?;
        let date = moment(written);
        date.map(Some)
            .ok_or_else(|| wrong(node, "is no date as RFC 3339 has it"))
    }
}

/// A point in time. Without a distance from UTC it is the day that it names: no other is said.
pub(super) fn moment(text: &str) -> Option<Date> {
    let text = text.trim();
    if let Ok(date) = parse_date(text) {
        return Some(date);
    }
    // "2026-09-04 06:12:41", "2026-09-04T06:12:41", with a fraction or without.
    let (day, rest) = text.split_at_checked(10)?;
    let time = rest.strip_prefix(['T', 't', ' '])?;
    let clock: jiff::civil::Time = time.parse().ok()?;
    let _ = clock;
    parse_date(day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_without_an_offset_is_the_day_that_it_names() {
        let day = parse_date("2026-09-04").unwrap();
        for text in [
            "2026-09-04",
            "2026-09-04T23:59:59",
            "2026-09-04 06:12:41",
            "2026-09-04T06:12:41.123456",
        ] {
            assert_eq!(moment(text), Some(day), "{text}");
        }
        assert_eq!(
            moment("2026-09-04T23:30:00-02:00").map(Date::day),
            parse_date("2026-09-05").ok().map(Date::day)
        );
        for text in [
            "",
            "yesterday",
            "2026-09-31",
            "2026-09-04T",
            "2026-09-04 noon",
        ] {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
