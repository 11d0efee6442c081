//! Where the path of evidence leads: to a file inside the root, to an address, or out.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

/// Where a path leads, by its text alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A path inside the root, relative to it and in normal form.
    Inside(Utf8PathBuf),
    /// An address such as `https://example.com/report`; nothing is fetched.
    Address,
    /// An absolute path, or one that climbs out of the root.
    Outside,
}

impl Place {
    /// Where `target` leads from the file `from`, itself relative to the root.
    pub fn of(target: &str, from: &str) -> Self {
        if is_address(target) {
            return Self::Address;
        }
        let folder = Utf8Path::new(from).parent().unwrap_or(Utf8Path::new(""));
        let mut parts: Vec<&str> = Vec::new();
        for component in folder
            .components()
            .chain(Utf8Path::new(target).components())
        {
            match component {
                Utf8Component::CurDir => {}
                Utf8Component::ParentDir => {
                    if parts.pop().is_none() {
                        return Self::Outside;
                    }
                }
                Utf8Component::Normal(name) => parts.push(name),
                Utf8Component::RootDir | Utf8Component::Prefix(_) => return Self::Outside,
            }
        }
        Self::Inside(parts.join("/").into())
    }
}

/// Whether a text begins with a scheme and `://`.
fn is_address(target: &str) -> bool {
    target.split_once("://").is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "+.-".contains(letter))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_starts_at_the_document() {
        let inside = |path: &str| Place::Inside(path.into());
        for (target, wanted) in [
            ("evidence/p.csv", inside("cards/evidence/p.csv")),
            ("./p.csv", inside("cards/p.csv")),
            ("../p.csv", inside("p.csv")),
            ("a/../p.csv", inside("cards/p.csv")),
            ("a:b/p.csv", inside("cards/a:b/p.csv")),
            ("../../p.csv", Place::Outside),
            ("a/../../../cards/p.csv", Place::Outside),
            ("/etc/passwd", Place::Outside),
            ("https://example.com/p.csv", Place::Address),
            ("s3://bucket/p.csv", Place::Address),
        ] {
            assert_eq!(Place::of(target, "cards/risk.yaml"), wanted, "{target}");
        }
    }
}
