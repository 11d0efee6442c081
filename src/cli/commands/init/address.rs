//! Where other repositories get launchgate from.

/// The repository that this program was built from, at GitHub.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// `https://github.com/owner/name`.
    pub(super) url: &'static str,
    /// The version, whose tag is `v` and the version.
    pub(super) version: &'static str,
}

impl Address {
    /// What the package says; `None` where it does not say it.
    pub(super) fn of_this_program() -> Option<Self> {
        Self::of(env!("CARGO_PKG_REPOSITORY"), env!("CARGO_PKG_VERSION"))
    }

    pub(super) fn of(url: &'static str, version: &'static str) -> Option<Self> {
        let url = url.trim_end_matches('/').trim_end_matches(".git");
        let (owner, name) = url.strip_prefix("https://github.com/")?.split_once('/')?;
        let plain = |text: &str| {
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
            !text.is_empty() && text.chars().all(plain)
        };
        (plain(owner) && plain(name)).then_some(Self { url, version })
    }

    /// `owner/name`.
    pub(super) fn name(self) -> &'static str {
        self.url.trim_start_matches("https://github.com/")
    }
}
