//! Approvals of a pull request as GitHub's API has them.
//!
//! The list of reviews is what `GET /repos/{owner}/{repo}/pulls/{number}/reviews` gives, or the list
//! of its pages, as `gh api --paginate --slurp` writes them. Of each reviewer the last review counts
//! that decides something.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::statement::Decision;
use crate::finding::{Finding, Label, RuleId, Severity, did_you_mean};
use crate::source::{SourceFile, Span};
use crate::value::{self, Limits, NodeRef, Syntax};

/// Bytes that a list of reviews may have: bodies of reviews are in it.
pub const MAX_BYTES: u64 = 64 << 20;

/// What findings about the list are called.
const RULE: &str = "input/github-reviews";

/// The states that a review has.
const STATES: [&str; 5] = [
    "APPROVED",
    "CHANGES_REQUESTED",
    "COMMENTED",
    "DISMISSED",
    "PENDING",
];

/// What one reviewer decided last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// The login in lower case, as GitHub does not tell cases apart.
    pub login: String,
    /// [`Decision::Approved`] or [`Decision::Rejected`].
    pub decision: Decision,
    /// The commit that was looked at; `None` where GitHub does not know it any more.
    pub commit: Option<String>,
    /// The day on which it was given, in UTC.
    pub on: Date,
}

/// The reviews of a pull request, and what they are held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviews {
    /// By login.
    pub reviews: Vec<Review>,
    /// The commit that stands to be merged: a full id.
    pub head: String,
    /// Files, relative to the root, that are not checked as that commit has them: where the work tree
    /// is the merge of a pull request and the other side brought an edit, nobody has approved that.
    pub differing: BTreeSet<Utf8PathBuf>,
}

impl Reviews {
    /// Whether a review is one of what is checked, for a document of these files.
    pub(super) fn is_of_head<'p>(
        &self,
        review: &Review,
        mut files: impl Iterator<Item = &'p Utf8Path>,
    ) -> bool {
        let commit = review.commit.as_deref();
        commit.is_some_and(|commit| commit.eq_ignore_ascii_case(&self.head))
            && files.all(|file| !self.differing.contains(file))
    }
}

/// Reads a list of reviews, or says what is wrong with it: rule `input/github-reviews`.
///
/// # Errors
/// The text is no such list. Nothing of it counts then.
pub fn parse(source: &Arc<SourceFile>) -> Result<Vec<Review>, Vec<Finding>> {
    let limits = Limits {
        file_bytes: MAX_BYTES,
        ..Limits::default()
    };
    let parsed = value::read(source, Syntax::Json, &limits);
    let mut problems: Vec<Finding> = parsed.problems;
    for problem in &mut problems {
        problem.rule = RuleId::new(RULE);
        problem.severity = Severity::Error;
    }
    let Some(root) = parsed.tree.root() else {
        if problems.is_empty() {
            let label = Label::new(source.location(Span::default()), "");
            problems.push(*wrong(label, "the list of reviews is empty"));
        }
        return Err(problems);
    };
    let mut latest: BTreeMap<String, (Timestamp, Option<Review>)> = BTreeMap::new();
    if !root.is_sequence() {
        let label = Label::new(root.address(), "");
        problems.push(*wrong(label, "this is no list of reviews"));
    }
    let pages = root.items();
    let reviews = pages.flat_map(|item| -> Vec<NodeRef<'_>> {
        if item.is_sequence() {
            item.items().collect()
        } else {
            vec![item]
        }
    });
    for node in reviews {
        match review(node) {
            Err(problem) => problems.push(*problem),
            Ok(None) => {}
            Ok(Some((login, at, review))) => {
                let known = latest.get(&login).map(|(at, _)| *at);
                if known.is_none_or(|known| known <= at) {
                    latest.insert(login, (at, review));
                }
            }
        }
    }
    if problems.is_empty() {
        let decided = latest.into_values().filter_map(|(_, review)| review);
        Ok(decided.collect())
    } else {
        Err(problems)
    }
}

/// Who decided what, and when: no decision where a review was dismissed, nothing where it decides
/// nothing.
type Read = Option<(String, Timestamp, Option<Review>)>;

fn review(node: NodeRef<'_>) -> Result<Read, Box<Finding>> {
    let at = |node: NodeRef<'_>| Label::new(node.address(), "");
    let lacks = |key: &str| wrong(at(node), format!("a review has no `{key}`"));
    if !node.is_mapping() {
        return Err(wrong(at(node), "this is no review"));
    }
    let state = node.get("state").ok_or_else(|| lacks("state"))?;
    let decision = match state.as_str() {
        Some("APPROVED") => Some(Decision::Approved),
        Some("CHANGES_REQUESTED") => Some(Decision::Rejected),
        Some("DISMISSED") => None,
        Some("COMMENTED" | "PENDING") => return Ok(None),
        other => {
            let near = did_you_mean(other.unwrap_or_default(), STATES);
            let shown = state.raw();
            return Err(wrong(
                at(state),
                format!("no review has the state {shown}{near}"),
            ));
        }
    };
    let user = node.get("user").ok_or_else(|| lacks("user"))?;
    if user.is_null() {
        // The account is gone, so it is nobody whom a config could name.
        return Ok(None);
    }
    let login = user.get("login").and_then(NodeRef::as_str);
    let login = login.ok_or_else(|| wrong(at(user), "a reviewer has no `login`"))?;
    let submitted = node
        .get("submitted_at")
        .ok_or_else(|| lacks("submitted_at"))?;
    let time: Timestamp = submitted
        .as_str()
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| wrong(at(submitted), "`submitted_at` is no time"))?;
    let commit = node.get("commit_id").ok_or_else(|| lacks("commit_id"))?;
    let commit = match (commit.is_null(), commit.as_str()) {
        (true, _) => None,
        (false, Some(id)) => Some(id.to_owned()),
        (false, None) => return Err(wrong(at(commit), "`commit_id` is no commit")),
    };
    let login = login.to_lowercase();
    let review = decision.map(|decision| Review {
        login: login.clone(),
        decision,
        commit,
        on: time.to_zoned(TimeZone::UTC).date(),
    });
    Ok(Some((login, time, review)))
}

fn wrong(label: Label, message: impl Into<String>) -> Box<Finding> {
    let finding = Finding::new(RULE, message, label)
        .with_help("Hand in what `gh api --paginate --slurp repos/{owner}/{repo}/pulls/{number}/reviews` writes");
    Box::new(finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    fn read(text: &str) -> Result<Vec<Review>, Vec<String>> {
        let source = SourceFile::new(FileId(0), "reviews.json", text);
        parse(&source).map_err(|found| {
            let told = |finding: &Finding| {
                let at = source.line_column(finding.primary.location.span.start);
                assert_eq!(finding.rule.as_str(), RULE);
                assert_eq!(finding.severity, Severity::Error);
                format!("{}:{} {}", at.line, at.column, finding.message)
            };
            found.iter().map(told).collect()
        })
    }

    fn one(login: &str, state: &str, commit: &str, minute: u32) -> String {
        format!(
            r#"{{"user": {{"login": "{login}", "id": 1}}, "state": "{state}", "commit_id": "{commit}", "submitted_at": "2026-11-20T10:{minute:02}:00Z", "body": "", "author_association": "MEMBER"}}"#
        )
    }

    fn decided(reviews: &[String]) -> Vec<(String, Decision, Option<String>)> {
        let all = read(&format!("[{}]", reviews.join(","))).unwrap();
        all.into_iter()
            .map(|it| (it.login, it.decision, it.commit))
            .collect()
    }

    #[test]
    fn the_last_review_that_decides_counts() {
        use Decision::{Approved, Rejected};
        let ann = |decision| vec![("ann".to_owned(), decision, Some("b".to_owned()))];
        let cases: [(&[(&str, &str)], Vec<_>); 8] = [
            (&[("APPROVED", "b")], ann(Approved)),
            (&[("CHANGES_REQUESTED", "b")], ann(Rejected)),
            (
                &[("CHANGES_REQUESTED", "a"), ("APPROVED", "b")],
                ann(Approved),
            ),
            (
                &[("APPROVED", "a"), ("CHANGES_REQUESTED", "b")],
                ann(Rejected),
            ),
            (&[("APPROVED", "b"), ("COMMENTED", "c")], ann(Approved)),
            (&[("COMMENTED", "b")], vec![]),
            (&[("APPROVED", "a"), ("DISMISSED", "b")], vec![]),
            (&[("DISMISSED", "a"), ("APPROVED", "b")], ann(Approved)),
        ];
        for (given, wanted) in cases {
            let reviews: Vec<_> = (0..)
                .zip(given)
                .map(|(minute, (state, commit))| one("Ann", state, commit, minute))
                .collect();
            assert_eq!(decided(&reviews), wanted, "{given:?}");
            // The order in the list is not the order in time.
            let turned: Vec<_> = reviews.iter().rev().cloned().collect();
            assert_eq!(decided(&turned), wanted, "{given:?}, turned");
        }
    }

    #[test]
    fn pages_are_one_list() {
        let (a, b) = (
            one("ann", "APPROVED", "a", 1),
            one("bob", "APPROVED", "a", 2),
        );
        let flat = read(&format!("[{a}, {b}]")).unwrap();
        assert_eq!(flat.len(), 2);
        assert_eq!(read(&format!("[[{a}], [], [{b}]]")).unwrap(), flat);
        assert_eq!(read("[]").unwrap(), []);
        assert_eq!(read("[[]]").unwrap(), []);
    }

    #[test]
    fn who_is_gone_decided_nothing_and_a_lost_commit_is_none() {
        let gone = one("x", "APPROVED", "a", 1).replace(r#"{"login": "x", "id": 1}"#, "null");
        assert_eq!(decided(&[gone]), []);
        let lost =
            one("ann", "APPROVED", "a", 1).replace("\"commit_id\": \"a\"", "\"commit_id\": null");
        assert_eq!(decided(&[lost]), [("ann".into(), Decision::Approved, None)]);
    }

    #[test]
    fn what_is_no_list_of_reviews_is_refused_with_its_place() {
        let good = one("ann", "APPROVED", "a", 1);
        for (text, told) in [
            (String::new(), "1:1 "),
            ("{".to_owned(), "1:"),
            (
                r#"{"message": "Not Found"}"#.to_owned(),
                "1:2 this is no list of reviews",
            ),
            ("[1]".to_owned(), "1:2 this is no review"),
            ("[[[]]]".to_owned(), "1:3 this is no review"),
            (
                format!("[{}]", good.replace("APPROVED", "APROVED")),
                "no review has the state \"APROVED\"; did you mean `APPROVED`?",
            ),
            (
                format!("[{}]", good.replace("\"state\"", "\"stat\"")),
                "has no `state`",
            ),
            (
                format!("[{}]", good.replace("\"user\"", "\"usr\"")),
                "has no `user`",
            ),
            (
                format!("[{}]", good.replace("\"login\"", "\"name\"")),
                "has no `login`",
            ),
            (
                format!("[{}]", good.replace("2026-11-20T", "yesterday ")),
                "is no time",
            ),
            (
                format!(
                    "[{}]",
                    good.replace("\"commit_id\": \"a\"", "\"commit_id\": 1")
                ),
                "is no commit",
            ),
            (
                format!("[{good}, {}]", good.replace("\"commit_id\": \"a\", ", "")),
                "has no `commit_id`",
            ),
        ] {
            let found = read(&text).expect_err(&text);
            assert!(found[0].contains(told), "{text}: {found:?}");
        }
    }
}
