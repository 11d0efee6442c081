//! Paths as text: normal form, relation to a folder, what to say of an I/O error.

use std::io;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

/// The path without `.` and with `..` taken away from what stands before it, by text alone.
pub fn normal(path: &Utf8Path) -> Utf8PathBuf {
    let mut normal = Utf8PathBuf::new();
    for part in path.components() {
        match part {
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir => {
                let named = matches!(
                    normal.components().next_back(),
                    Some(Utf8Component::Normal(_))
                );
                if named {
                    normal.pop();
                } else if !normal.has_root() {
                    normal.push("..");
                }
            }
            part => normal.push(part.as_str()),
        }
    }
    normal
}

/// `path` as seen from the folder `from`, both absolute and normal, with `/` on every system;
/// climbs by `..` where it lies outside. The folder itself is `.`.
pub fn relative(path: &Utf8Path, from: &Utf8Path) -> Utf8PathBuf {
    if let Some(below) = directly_below(path, from) {
        return below.into();
    }
    for (ups, ancestor) in from.ancestors().enumerate() {
        if let Ok(below) = path.strip_prefix(ancestor) {
            let mut parts = vec![".."; ups];
            parts.extend(below.components().map(|part| part.as_str()));
            return if parts.is_empty() {
                Utf8PathBuf::from(".")
            } else {
                Utf8PathBuf::from(parts.join("/"))
            };
        }
    }
    path.to_owned()
}

/// What follows `from` in the text of `path`. Where both are normal and `/` is what parts them, that
/// is the path between them.
fn directly_below<'p>(path: &'p Utf8Path, from: &Utf8Path) -> Option<&'p str> {
    let below = path
        .as_str()
        .strip_prefix(from.as_str())?
        .strip_prefix('/')?;
    let plain = std::path::MAIN_SEPARATOR == '/' && !below.is_empty() && !below.ends_with('/');
    plain.then_some(below)
}

/// What an I/O error says, the same on every system.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "nothing is there".to_owned(),
        io::ErrorKind::InvalidInput => "it is not a regular file".to_owned(),
        io::ErrorKind::InvalidData => "its path is not UTF-8".to_owned(),
        kind => kind.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_form_keeps_what_it_cannot_resolve() {
        for (path, wanted) in [
            ("/a/./b/../c", "/a/c"),
            ("/../a", "/a"),
            ("../a/../../b", "../../b"),
            ("./a//b/", "a/b"),
            (".", ""),
        ] {
            assert_eq!(normal(path.into()), wanted, "{path}");
        }
    }

    #[test]
    fn relative_climbs_where_it_must() {
        assert_eq!(relative("/r/a/b".into(), "/r".into()), "a/b");
        assert_eq!(relative("/s/x".into(), "/r/a".into()), "../../s/x");
        assert_eq!(relative("/r".into(), "/r".into()), ".");
    }
}
