//! What can be written in place of what a finding is about.

use std::cmp::Reverse;

use crate::source::Location;

/// Whether a fix keeps what its author meant.
///
/// Ordered: who takes unsafe fixes takes safe ones as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Safety {
    /// It says the same in the way that the gate reads: a slip of the hand, another notation.
    Safe,
    /// It says something else, which somebody has to stand behind.
    Unsafe,
}

impl Safety {
    /// The name in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }

    /// The option of `check` that applies such fixes.
    pub const fn option(self) -> &'static str {
        match self {
            Self::Safe => "--fix",
            Self::Unsafe => "--fix-unsafe",
        }
    }
}

/// One text in place of some bytes of a file; what it puts in where those are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that go.
    pub at: Location,
    /// What comes in their place.
    pub replacement: String,
}

impl Edit {
    /// Whether both cannot be made: they share a byte, or put something in at one place.
    pub fn collides(&self, other: &Self) -> bool {
        let (a, b) = (self.at.span, other.at.span);
        self.at.file == other.at.file
            && (a.start == b.start || (a.start < b.end && b.start < a.end))
    }
}

/// A way to mend what a finding is about.
///
/// Made where the finding is made. Whether it does mend it is seen when it is applied: see
/// [`crate::fix`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an order without a full stop: "write `P2Y`".
    pub title: String,
    /// Whether it keeps what was meant.
    pub safety: Safety,
    /// At least one edit, none colliding with another.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix of one edit that keeps what was meant.
    pub fn safe(title: impl Into<String>, edit: Edit) -> Self {
        Self {
            title: title.into(),
            safety: Safety::Safe,
            edits: vec![edit],
        }
    }

    /// The same for somebody to stand behind.
    #[must_use]
    pub fn with_safety(mut self, safety: Safety) -> Self {
        self.safety = safety;
        self
    }

    /// Whether an edit of the one cannot be made beside an edit of the other.
    pub fn collides(&self, other: &Self) -> bool {
        self.edits
            .iter()
            .any(|edit| other.edits.iter().any(|taken| edit.collides(taken)))
    }
}

/// A text with edits made, which must not collide. Every other byte stays as it is. `None` where
/// one lies outside of the text or within a character.
pub fn edited<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> Option<String> {
    let mut edits: Vec<_> = edits.into_iter().collect();
    // From the end, so that the places of those before stay what they are.
    edits.sort_by_key(|edit| Reverse(edit.at.span));
    let mut text = text.to_owned();
    for edit in edits {
        let range = edit.at.span.range();
        text.get(range.clone())?;
        text.replace_range(range, &edit.replacement);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Span};

    fn edit(file: u32, start: u32, end: u32, replacement: &str) -> Edit {
        Edit {
            at: Location {
                file: FileId(file),
                span: Span::new(start, end),
            },
            replacement: replacement.to_owned(),
        }
    }

    #[test]
    fn edits_leave_every_other_byte() {
        let edits = [edit(0, 0, 1, "long"), edit(0, 4, 6, ""), edit(0, 3, 3, "+")];
        assert_eq!(
            edited("abcdéf\r\n", &edits).as_deref(),
            Some("longbc+df\r\n")
        );
        assert_eq!(edited("aé", &[edit(0, 0, 2, "")]), None);
        assert_eq!(edited("a", &[edit(0, 1, 2, "")]), None);
    }

    #[test]
    fn what_touches_the_same_place_collides() {
        for (a, b, collides) in [
            ((0, 2), (2, 4), false),
            ((0, 3), (2, 4), true),
            ((0, 4), (1, 2), true),
            ((2, 2), (2, 2), true),
            ((2, 2), (2, 4), true),
            ((4, 4), (2, 4), false),
            ((3, 3), (2, 4), true),
        ] {
            let (a, b) = (edit(0, a.0, a.1, ""), edit(0, b.0, b.1, ""));
            assert_eq!(a.collides(&b), collides, "{a:?} {b:?}");
            assert_eq!(b.collides(&a), collides, "{b:?} {a:?}");
        }
        assert!(!edit(0, 0, 1, "").collides(&edit(1, 0, 1, "")));
    }
}
