//! The sign-offs that a document states of itself. Nothing is verified here.

use jiff::civil::Date;

use crate::expr::time::parse_date;
use crate::finding::SignOffState;
use crate::value::NodeRef;

/// The sign-offs that a document lists under `sign_offs`, in its order, on a day.
///
/// What is of the wrong type is left out or shown as it is written; the findings of the schema
/// speak of it.
pub(super) fn sign_offs(root: NodeRef<'_>, today: Date) -> Vec<SignOffState> {
    let Some(list) = root.get("sign_offs") else {
        return Vec::new();
    };
    let stated = list.items().filter(|item| item.is_mapping());
    stated.map(|item| stated_by(item, today)).collect()
}

fn stated_by(item: NodeRef<'_>, today: Date) -> SignOffState {
    let expires = text_of(item, "expires");
    let (verdict, reason) = worth(item, expires, today);
    SignOffState {
        role: text_of(item, "role").unwrap_or_default().into(),
        principal: text_of(item, "principal").map(Into::into),
        decision: text_of(item, "decision").map(Into::into),
        stage: text_of(item, "stage").map(Into::into),
        conditions: text_of(item, "conditions").map(Into::into),
        signed_on: text_of(item, "signed_on").map(Into::into),
        expires: expires.map(Into::into),
        verdict,
        reason: reason.map(Into::into),
    }
}

/// What it is worth, and why.
fn worth(
    item: NodeRef<'_>,
    expires: Option<&str>,
    today: Date,
) -> (&'static str, Option<&'static str>) {
    let given = item.get("expires").is_some_and(|node| !node.is_null());
    match expires.map(parse_date) {
        Some(Ok(day)) if day.is_over(today) => {
            ("expired", Some("the last day on which it held has passed"))
        }
        Some(Ok(_)) => ("stated", None),
        _ if given => ("stated", Some("the day on which it expires is no date")),
        _ => ("stated", None),
    }
}

/// The text under a key; a number or a boolean as it is written.
fn text_of<'t>(item: NodeRef<'t>, key: &str) -> Option<&'t str> {
    let node = item.get(key)?;
    if node.is_null() {
        return None;
    }
    let scalar = node.scalar().map(|_| node.raw());
    let text = node.as_str().or(scalar)?.trim();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, SourceFile};
    use crate::value::{Limits, Syntax, read};
    use jiff::civil::date;

    fn of(yaml: &str) -> Vec<SignOffState> {
        let source = SourceFile::new(FileId(0), "a.yaml", yaml);
        let tree = read(&source, Syntax::Yaml, &Limits::default()).tree;
        sign_offs(tree.root().unwrap(), date(2026, 11, 22))
    }

    #[test]
    fn what_is_stated_is_taken_as_it_is_written() {
        let states = of("\
sign_offs:
  - role: security
    principal: n.okafor@bank.example
    decision: approved-with-conditions
    stage: launched
    conditions: SEC-430 is fixed
    signed_on: 2026-09-08
    expires: 2027-09-08
  - role: privacy
");
        let bare = SignOffState {
            role: "privacy".into(),
            principal: None,
            decision: None,
            stage: None,
            conditions: None,
            signed_on: None,
            expires: None,
            verdict: "stated",
            reason: None,
        };
        let whole = SignOffState {
            role: "security".into(),
            principal: Some("n.okafor@bank.example".into()),
            decision: Some("approved-with-conditions".into()),
            stage: Some("launched".into()),
            conditions: Some("SEC-430 is fixed".into()),
            signed_on: Some("2026-09-08".into()),
            expires: Some("2027-09-08".into()),
            ..bare.clone()
        };
        assert_eq!(states, [whole, bare]);
    }

    #[test]
    fn the_last_day_still_counts() {
        for (day, verdict) in [
            ("2026-11-21", "expired"),
            ("2026-11-22", "stated"),
            ("2026-11-21T23:59:59Z", "expired"),
            ("9999-12-31", "stated"),
        ] {
            let states = of(&format!("sign_offs: [{{ role: a, expires: {day} }}]"));
            assert_eq!(states[0].verdict, verdict, "{day}");
            assert_eq!(states[0].reason.is_some(), verdict == "expired", "{day}");
        }
    }

    #[test]
    fn wrong_types_end_nothing() {
        for none in [
            "sign_offs: 5",
            "sign_offs: { role: a }",
            "sign_offs: [a, 5, null, [role]]",
            "other: 1",
        ] {
            assert_eq!(of(none), [], "{none}");
        }
        let states = of("sign_offs: [{ role: 07, principal: [x], decision: ' ', expires: soon }]");
        assert_eq!(&*states[0].role, "07");
        assert_eq!((&states[0].principal, &states[0].decision), (&None, &None));
        assert_eq!(states[0].expires.as_deref(), Some("soon"));
        for expires in ["soon", "20270101", "[2027-01-01]", "2026-13-01"] {
            let states = of(&format!("sign_offs: [{{ expires: {expires} }}]"));
            assert_eq!((&*states[0].role, states[0].verdict), ("", "stated"));
            let reason = states[0].reason.as_deref();
            assert_eq!(reason, Some("the day on which it expires is no date"));
        }
    }
}
