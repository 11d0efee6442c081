//! Who wrote a document: as it says itself, and as the history of its files has it.

use std::fmt;

use camino::Utf8Path;

/// Knows who wrote the commits of files. Asked only where it decides whether a sign-off counts.
pub trait CommitAuthors: fmt::Debug + Send + Sync {
    /// Those who wrote the commits of a file, by its path relative to the root, under the names that
    /// it had before, too: e-mail addresses, or `Ann <ann@bank.example>`. Empty where no commit has
    /// it.
    ///
    /// # Errors
    /// Why that cannot be told, in half a sentence.
    fn of(&self, path: &Utf8Path) -> Result<Vec<String>, String>;
}

/// What is known of those who wrote the commits of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Commits {
    /// Nobody looked: no role needs it, or there is no history.
    Unasked,
    /// Who they are, as [`CommitAuthors::of`] names them.
    By(Vec<String>),
    /// Why it cannot be told.
    Unknown(String),
}

/// Whether an author, as a document or a commit names one, is a principal.
pub fn is_named(author: &str, principal: &str) -> bool {
    [author, address(author)]
        .iter()
        .any(|name| name.trim().eq_ignore_ascii_case(principal.trim()))
}

/// The GitHub login in the address that GitHub gives to those who hide theirs.
pub(super) fn github_login(author: &str) -> Option<&str> {
    let (name, host) = address(author).trim().rsplit_once('@')?;
    let is_github = host.eq_ignore_ascii_case("users.noreply.github.com");
    let login = name.rsplit_once('+').map_or(name, |(_, login)| login);
    (is_github && !login.is_empty()).then_some(login)
}

/// `ann@bank.example` of `Ann <ann@bank.example>`; else the text as it is.
fn address(author: &str) -> &str {
    let inside = author
        .rsplit_once('<')
        .and_then(|(_, rest)| rest.split_once('>'));
    inside.map_or(author, |(address, _)| address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_author_is_a_principal_by_address_whatever_the_case() {
        for (author, is) in [
            ("ann@bank.example", true),
            ("Ann@Bank.example", true),
            ("Ann <ann@bank.example>", true),
            ("Ann Lee", false),
            ("joann@bank.example", false),
            ("Ann <ann@bank.example.evil.example>", false),
        ] {
            assert_eq!(is_named(author, "ann@bank.example"), is, "{author}");
        }
    }

    #[test]
    fn hidden_addresses_of_github_name_a_login() {
        for (author, login) in [
            ("12345+ann-lee@users.noreply.github.com", Some("ann-lee")),
            ("ann-lee@users.noreply.github.com", Some("ann-lee")),
            ("Ann <7+ann-lee@users.noreply.GitHub.com>", Some("ann-lee")),
            ("7+@users.noreply.github.com", None),
            ("ann-lee@users.noreply.github.com.evil.example", None),
            ("noreply@github.com", None),
        ] {
            assert_eq!(github_login(author), login, "{author}");
        }
    }
}
