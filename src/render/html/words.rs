//! Words and pieces of markup that several sections share.

use maud::{Markup, html};

use crate::finding::{Outcome, Stage};

/// "1 document", "2 documents".
pub(super) fn count(count: usize, what: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {what}{ending}")
}

/// "1 finding blocks", "2 findings block".
pub(super) fn findings(count: usize, verb: &str) -> String {
    if count == 1 {
        format!("1 finding {verb}s")
    } else {
        format!("{count} findings {verb}")
    }
}

/// A stage as it is spoken.
pub(super) const fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Draft => "draft",
        Stage::InReview => "in review",
        Stage::Approved => "approved",
        Stage::Launched => "launched",
    }
}

/// What a rule came to, as a participle behind a number or a noun.
pub(super) const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "passed",
        Outcome::Fail => "failed",
        Outcome::Unknown => "undecided",
        Outcome::NotApplicable => "not applicable",
    }
}

/// A kind as it is spoken: `feature-spec` is a feature spec.
pub(super) fn kind(kind: &str) -> String {
    kind.replace('-', " ")
}

/// The address, if a reader may follow it: an own catalogue could name any.
pub(super) fn web(url: Option<&str>) -> Option<&str> {
    url.filter(|url| url.starts_with("https://") || url.starts_with("http://"))
}

/// A sentence in which what stands between backticks is code.
pub(super) fn prose(text: &str) -> Markup {
    let mut spans = Vec::new();
    let mut rest = text;
    while let Some((before, code, behind)) = code_span(rest) {
        spans.push((before, code));
        rest = behind;
    }
    html! {
        @for (before, code) in spans { (before) code { (code) } }
        (rest)
    }
}

fn code_span(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('`')?;
    let (code, behind) = rest.split_once('`')?;
    (!code.is_empty()).then_some((before, code, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backticks_are_code_where_they_pair() {
        let prose = |text| prose(text).into_string();
        assert_eq!(prose("`a<b>` is 1"), "<code>a&lt;b&gt;</code> is 1");
        assert_eq!(prose("x `a`, `b`"), "x <code>a</code>, <code>b</code>");
        assert_eq!(prose("one ` alone"), "one ` alone");
        assert_eq!(prose("`` empty"), "`` empty");
        assert_eq!(prose("<script>"), "&lt;script&gt;");
    }

    #[test]
    fn only_web_addresses_are_followed() {
        assert_eq!(web(Some("https://a.example/")), Some("https://a.example/"));
        for url in [
            "javascript:alert(1)",
            " https://a",
            "data:text/html,x",
            "//a",
        ] {
            assert_eq!(web(Some(url)), None, "{url}");
        }
    }
}
