//! Globs of a config, relative to the folder that the config speaks of.

use camino::{Utf8Path, Utf8PathBuf};
use globset::{GlobBuilder, GlobMatcher};

use crate::source::Location;

/// A glob with the place where it was written.
///
/// `*` and `?` stay within a folder, `**` spans folders; case matters. A glob whose last part has
/// no wildcard, or that ends in `/`, also covers everything below a folder of that name.
#[derive(Clone, Debug)]
pub struct Glob {
    /// As it was written.
    pub text: String,
    /// Where it was written.
    pub location: Location,
    base: Utf8PathBuf,
    pattern: String,
    matcher: GlobMatcher,
    below: Option<GlobMatcher>,
}

impl Glob {
    /// Compiles a glob relative to `base`, a folder relative to the root (empty for the root).
    ///
    /// The error is a sentence without a full stop.
    pub(super) fn new(text: &str, location: Location, base: &Utf8Path) -> Result<Self, String> {
        if text.starts_with('!') {
            return Err(format!(
                "`{text}` negates; list what is meant, or use `exclude`"
            ));
        }
        if text.starts_with('/') {
            return Err(format!(
                "`{text}` is absolute; globs are relative to the folder of the config"
            ));
        }
        if text.split('/').any(|part| part == "..") {
            return Err(format!(
                "`{text}` leaves the folder of the config; put it into the config of a folder above"
            ));
        }
        let parts: Vec<_> = text
            .split('/')
            .filter(|part| !part.is_empty() && *part != ".")
            .collect();
        let Some(last) = parts.last() else {
            return Err(format!("`{text}` names nothing; write `**` for every file"));
        };
        let pattern = parts.join("/");
        let compile = |pattern: &str| {
            GlobBuilder::new(pattern)
                .literal_separator(true)
                .backslash_escape(true)
                .build()
                .map(|glob| glob.compile_matcher())
                .map_err(|error| format!("`{text}` is no glob: {}", error.kind()))
        };
        let covers = (text.ends_with('/') || !has_wildcard(last)).then(|| format!("{pattern}/**"));
        let covers = covers.or_else(|| (*last == "**").then(|| pattern.clone()));
        Ok(Self {
            text: text.to_owned(),
            location,
            base: base.to_owned(),
            matcher: compile(&pattern)?,
            below: covers.map(|pattern| compile(&pattern)).transpose()?,
            pattern,
        })
    }

    /// Whether it matches a path relative to the root.
    pub fn matches(&self, path: &Utf8Path) -> bool {
        let Ok(below) = path.strip_prefix(&self.base) else {
            return false;
        };
        self.matcher.is_match(below) || self.covers(path)
    }

    /// Whether it means files by their names, such as `*.yaml` and unlike `specs` or `specs/*`.
    pub(crate) fn names_files(&self) -> bool {
        let last = self.pattern.rsplit('/').next().unwrap_or_default();
        last.contains(|c| !matches!(c, '*' | '?'))
    }

    /// Whether it matches because it names a folder above the path, or everything below one.
    pub(crate) fn covers(&self, path: &Utf8Path) -> bool {
        path.strip_prefix(&self.base)
            .is_ok_and(|below| self.below.as_ref().is_some_and(|all| all.is_match(below)))
    }

    /// The path up to the first part with a wildcard, relative to the root; and whether that is
    /// the whole glob.
    pub(crate) fn literal_prefix(&self) -> (Utf8PathBuf, bool) {
        let mut prefix = self.base.clone();
        for part in self.pattern.split('/') {
            if has_wildcard(part) {
                return (prefix, false);
            }
            prefix.push(part);
        }
        (prefix, true)
    }
}

fn has_wildcard(part: &str) -> bool {
    part.contains(['*', '?', '[', '{', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Span};

    const HERE: Location = Location {
        file: FileId(0),
        span: Span { start: 0, end: 0 },
    };

    fn glob(text: &str) -> Glob {
        Glob::new(text, HERE, "svc".into()).unwrap()
    }

    #[test]
    fn wildcards_and_folders() {
        for (pattern, path, wanted) in [
            ("specs/*.yaml", "svc/specs/a.yaml", true),
            ("specs/*.yaml", "svc/specs/b/a.yaml", false),
            ("specs/*.yaml", "specs/a.yaml", false),
            ("specs/*", "svc/specs/b/a.yaml", false),
            ("specs/**", "svc/specs/b/a.yaml", true),
            ("specs", "svc/specs/b/a.yaml", true),
            ("specs", "svc/specs2/a.yaml", false),
            ("./specs/", "svc/specs/a.yaml", true),
            ("**/fixtures", "svc/x/fixtures/a.yaml", true),
            ("**/fixtures", "svc/fixtures/a.yaml", true),
            ("*/", "svc/x/y/a.yaml", true),
            ("{a,b}.yaml", "svc/b.yaml", true),
            ("A.yaml", "svc/a.yaml", false),
        ] {
            assert_eq!(
                glob(pattern).matches(path.into()),
                wanted,
                "{pattern} on {path}"
            );
        }
        assert_eq!(glob("a/b*/c").literal_prefix(), ("svc/a".into(), false));
        assert_eq!(
            glob("a/b.yaml").literal_prefix(),
            ("svc/a/b.yaml".into(), true)
        );
    }

    #[test]
    fn what_is_no_glob_says_why() {
        for text in ["!a", "/a", "a/../b", "./", "a[", "{a"] {
            assert!(Glob::new(text, HERE, "".into()).is_err(), "{text}");
        }
    }
}
