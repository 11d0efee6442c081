//! The syntaxes that documents are written in.

use camino::Utf8Path;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Syntax {
    /// YAML 1.2, core schema; a file may hold several documents.
    Yaml,
    /// JSON as in RFC 8259.
    Json,
    /// TOML 1.0.
    Toml,
    /// Markdown (`CommonMark` with tables) with front matter.
    Markdown,
    /// XML 1.0, elements as mappings: `@name` for attributes, `#text` for text beside them.
    Xml,
}

impl Syntax {
    /// Every syntax.
    pub const ALL: [Self; 5] = [
        Self::Yaml,
        Self::Json,
        Self::Toml,
        Self::Markdown,
        Self::Xml,
    ];

    /// The syntax that a path's extension names; letter case does not matter.
    pub fn of_path(path: &Utf8Path) -> Option<Self> {
        let extension = path.extension()?.to_ascii_lowercase();
        Some(match extension.as_str() {
            "yaml" | "yml" => Self::Yaml,
            "json" => Self::Json,
            "toml" => Self::Toml,
            "md" | "markdown" => Self::Markdown,
            "xml" => Self::Xml,
            _ => return None,
        })
    }

    /// The name that messages use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yaml => "YAML",
            Self::Json => "JSON",
            Self::Toml => "TOML",
            Self::Markdown => "Markdown",
            Self::Xml => "XML",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_name_the_syntax() {
        let of = |path: &str| Syntax::of_path(Utf8Path::new(path));
        assert_eq!(of("a/b.yaml"), Some(Syntax::Yaml));
        assert_eq!(of("b.launchgate.YML"), Some(Syntax::Yaml));
        assert_eq!(of("b.json"), Some(Syntax::Json));
        assert_eq!(of("b.toml"), Some(Syntax::Toml));
        assert_eq!(of("README.md"), Some(Syntax::Markdown));
        assert_eq!(of("x.markdown"), Some(Syntax::Markdown));
        assert_eq!(of("bom.XML"), Some(Syntax::Xml));
        assert_eq!(of("x.txt"), None);
        assert_eq!(of("yaml"), None);
    }
}
