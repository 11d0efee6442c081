//! Paths to nodes: JSON Pointer (RFC 6901) for machines, `data[0].retention` for people.

use std::fmt;
use std::str::FromStr;

/// One step of a [`Pointer`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// A key of a mapping.
    Key(Box<str>),
    /// An index of a sequence, from 0.
    Index(usize),
}

/// A path from a document's root to a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer {
    segments: Vec<Segment>,
}

impl Pointer {
    /// A pointer from its steps, outermost first.
    pub fn new(segments: Vec<Segment>) -> Self {
        Self { segments }
    }

    /// The steps, outermost first. Empty for the root.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// One step further, to a key.
    #[must_use]
    pub fn key(mut self, key: &str) -> Self {
        self.segments.push(Segment::Key(key.into()));
        self
    }

    /// One step further, to an index.
    #[must_use]
    pub fn index(mut self, index: usize) -> Self {
        self.segments.push(Segment::Index(index));
        self
    }

    /// Whether `self` is `other` or lies below it.
    pub fn starts_with(&self, other: &Self) -> bool {
        self.segments.starts_with(&other.segments)
    }

    /// The path as policies write it: `data[0].retention`, keys that are no identifiers in
    /// backticks: ``metrics.`f1-score` ``. Empty for the root. [`FromStr`] reads it back.
    pub fn to_path(&self) -> String {
        let mut path = String::new();
        for segment in &self.segments {
            match segment {
                Segment::Index(index) => {
                    path.push('[');
                    path.push_str(&index.to_string());
                    path.push(']');
                }
                Segment::Key(key) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    if is_identifier(key) {
                        path.push_str(key);
                    } else {
                        path.push('`');
                        path.push_str(key);
                        path.push('`');
                    }
                }
            }
        }
        path
    }
}

/// The JSON Pointer form.
impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for segment in &self.segments {
            match segment {
                Segment::Index(index) => write!(f, "/{index}")?,
                Segment::Key(key) => write!(f, "/{}", key.replace('~', "~0").replace('/', "~1"))?,
            }
        }
        Ok(())
    }
}

/// Reads the path form of [`Pointer::to_path`].
impl FromStr for Pointer {
    type Err = String;

    fn from_str(path: &str) -> Result<Self, String> {
        let mut segments = Vec::new();
        let mut rest = path;
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('[') {
                let (digits, after) = after.split_once(']').ok_or("`[` without `]`")?;
                let index = digits
                    .parse()
                    .map_err(|_| format!("`{digits}` is no index"))?;
                segments.push(Segment::Index(index));
                rest = after;
                continue;
            }
            if !segments.is_empty() {
                rest = rest
                    .strip_prefix('.')
                    .ok_or_else(|| format!("expected `.` before `{rest}`"))?;
            }
            if let Some(after) = rest.strip_prefix('`') {
                let (key, after) = after.split_once('`').ok_or("backtick without its pair")?;
                segments.push(Segment::Key(key.into()));
                rest = after;
            } else {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                let (key, after) = rest.split_at(end);
                if key.is_empty() {
                    return Err(format!("a key is missing before `{after}`"));
                }
                segments.push(Segment::Key(key.into()));
                rest = after;
            }
        }
        Ok(Self { segments })
    }
}

fn is_identifier(key: &str) -> bool {
    let mut chars = key.chars();
    chars
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms() {
        let pointer = Pointer::default()
            .key("data")
            .index(0)
            .key("a/b~c")
            .key("name");
        assert_eq!(pointer.to_string(), "/data/0/a~1b~0c/name");
        assert_eq!(pointer.to_path(), "data[0].`a/b~c`.name");
        assert_eq!(pointer.to_path().parse(), Ok(pointer));
        assert_eq!("".parse(), Ok(Pointer::default()));
        assert_eq!(
            "[1][2].x".parse(),
            Ok(Pointer::default().index(1).index(2).key("x"))
        );
        for wrong in ["a..b", "a[", "a[x]", "a[0]b", ".a"] {
            assert!(wrong.parse::<Pointer>().is_err(), "{wrong}");
        }
    }
}
