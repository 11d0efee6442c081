//! Fairness claims and sign-offs on the page.

use super::{read, render, report, text};
use crate::finding::{
    DocumentRef, FairnessCheck, Finding, GroupRate, Interval, RateChart, Report, SignOffState,
    Verdict,
};
use crate::render::fixture::{card, claim, group, on, outcomes, sign_off, unread_claim};

/// A claim whose texts are taken from `word`, which names the text.
pub(super) fn filled_claim(word: &dyn Fn(&str) -> String, document: DocumentRef) -> FairnessCheck {
    let mut named = group(None, 1, 2);
    named.group.insert(0, Some(word("claim group").into()));
    FairnessCheck {
        document,
        pointer: word("claim pointer").into(),
        metric: word("claim metric").into(),
        attributes: vec![word("claim attribute").into(), "b".into()],
        reason: Some(word("claim reason").into()),
        path: word("claim path").into(),
        sha256: Some(word("claim digest").into()),
        rates: vec![RateChart {
            rate: "selection_rate",
            groups: vec![named],
        }],
        ..claim()
    }
}

/// A sign-off whose texts are taken from `word`.
pub(super) fn filled_sign_off(word: &dyn Fn(&str) -> String) -> SignOffState {
    SignOffState {
        role: word("role").into(),
        principal: Some(word("principal").into()),
        decision: Some(word("decision").into()),
        stage: Some(word("stage").into()),
        conditions: Some(word("conditions").into()),
        signed_on: Some(word("signed on").into()),
        expires: Some(word("expires").into()),
        verdict: "stated",
        reason: Some(word("sign-off reason").into()),
    }
}

fn page_of(fairness: Vec<FairnessCheck>) -> String {
    render(&claiming(fairness), None)
}

fn claiming(fairness: Vec<FairnessCheck>) -> Report {
    let mut report = report(Vec::new(), &[card()]);
    report.outcomes = vec![outcomes(claim().document, &[])];
    report.fairness = fairness;
    report
}

fn many(count: u32) -> RateChart {
    let groups = (0..count).map(|at| group(Some(&format!("group {at}")), at, 2 * count));
    RateChart {
        rate: "selection_rate",
        groups: groups.collect(),
    }
}

#[test]
fn a_claim_is_told_with_its_numbers_and_drawn() {
    let html = page_of(vec![claim()]);
    let said = text(&html);
    for words in [
        "Demographic parity ratioby sexevidence/predictions.csv, 859 rowsSHA-256 abababababab…",
        "0.720.7200.660 to 0.780 (95 %)",
        "at least 0.8missed",
        "matches the evidence",
        "Selection rate by sex",
        "(no value)too small to decide3 of 120.250",
        "femalebelow the line201 of 3470.5790.529 to 0.629",
        "male402 of 5000.804",
        "othertoo small to decide0 of 0no rate: nobody counts for it",
        "The dashed line stands at 0.643; the highest rate is 0.804, that of male.",
    ] {
        assert!(said.contains(words), "{words}\n{said}");
    }
    // Three rates, of which one is hollow and one is another shape; none where there is none.
    for (mark, count) in [("small", 1), ("low", 1), ("fair", 1)] {
        let drawn = format!(r##"<use class="mark {mark}" href="#m-{mark}""##);
        assert_eq!(html.matches(&drawn).count(), count, "{mark}");
    }
    assert_eq!(html.matches(r#"<g class="whisker"#).count(), 3);
    // 0.04 + 0.92 * 402 / 500
    assert!(html.contains(r##"href="#m-fair" x="77.97%""##), "{html}");
}

#[test]
fn what_the_evidence_does_not_give_is_said() {
    let html = page_of(vec![unread_claim()]);
    let said = text(&html);
    assert!(
        said.contains("noneno valuenone statedthe evidence cannot be readevidence/predictions.csv is not there"),
        "{said}"
    );
    assert!(!html.contains("<figure"), "{html}");
}

#[test]
fn a_number_that_is_none_is_never_shown() {
    let nan = Some(f64::NAN);
    let broken = Interval {
        lower: f64::NAN,
        upper: f64::INFINITY,
        level: f64::NAN,
    };
    let mut rate = group(Some("a"), 1, 2);
    (rate.value, rate.interval, rate.sufficient) = (nan, Some(broken), true);
    let mut beyond = group(Some("b"), 7, 2);
    beyond.interval = Some(Interval {
        lower: -1.0,
        upper: 9.0,
        level: 0.95,
    });
    let check = FairnessCheck {
        claimed: nan,
        value: nan,
        interval: Some(broken),
        min: Some(f64::INFINITY),
        max: nan,
        rates: vec![RateChart {
            rate: "selection_rate",
            groups: vec![rate, beyond],
        }],
        ..claim()
    };
    let html = page_of(vec![check]);
    assert!(!html.contains("NaN") && !html.contains(">inf"), "{html}");
    assert!(text(&html).contains("a1 of 2no rate"), "{html}");
}

#[test]
fn every_status_has_its_words_and_shape() {
    for (status, class) in [
        ("match", "pass"),
        ("drift", "fail"),
        ("tampered", "fail"),
        ("unreadable", "unknown"),
        ("undefined", "unknown"),
        ("insufficient", "unknown"),
        ("stale", "unknown"),
        ("unclaimed", "plain"),
        ("not known yet", "unknown"),
    ] {
        let mut check = unread_claim();
        check.status = status;
        let html = page_of(vec![check]);
        let tag = format!(r#"<span class="tag {class}"><svg class="icon""#);
        assert!(html.contains(&tag), "{status}: {html}");
    }
}

#[test]
fn a_claim_leads_to_the_findings_about_it() {
    let about = |pointer: &str| {
        let mut finding = Finding::new("fairness/x", pointer, on(&card(), "0.72", ""));
        finding.document = Some(claim().document);
        finding.with_pointer(pointer)
    };
    let mut report = claiming(vec![claim()]);
    report.findings = vec![
        about("/fairness/assessments/0/value"),
        about("/fairness/assessments/01"),
        about("/fairness/assessments"),
        about("/fairness/assessments/0"),
    ];
    let html = render(&report, None);
    assert!(
        html.contains(r##"<a href="#f-1">Finding 1</a>, <a href="#f-4">finding 4</a></span>"##),
        "{html}"
    );
}

#[test]
fn of_many_groups_those_at_both_ends_are_drawn_and_the_rest_is_counted() {
    let rows = |html: &str| html.matches(r#"<svg class="strip""#).count();
    let of = |chart: RateChart| FairnessCheck {
        rates: vec![chart],
        ..claim()
    };
    let hundred = page_of(vec![of(many(100))]);
    assert_eq!(rows(&hundred), 100);
    assert!(!hundred.contains("Left out"));
    let mut chart = many(250);
    chart.groups.push(group(Some("nobody"), 0, 0));
    let html = page_of(vec![of(chart)]);
    assert_eq!(rows(&html), 100);
    let said = text(&html);
    assert!(said.contains("group 49") && said.contains("group 200"));
    assert!(!said.contains("group 50") && !said.contains("group 199"));
    assert!(
        said.contains("Of 251 groups those with the lowest and the highest rates are shown. Left out: 150 with a rate between those, and 1 without a rate."),
        "{said}"
    );
    let mut rateless: Vec<GroupRate> = many(40).groups;
    rateless.extend((0..100).map(|_| group(Some("nobody"), 0, 0)));
    let html = page_of(vec![of(RateChart {
        rate: "selection_rate",
        groups: rateless,
    })]);
    assert_eq!(rows(&html), 100);
    assert!(
        text(&html).contains("Left out: 40 without a rate."),
        "{html}"
    );
}

#[test]
fn many_claims_leave_the_page_within_bounds() {
    let check = || FairnessCheck {
        rates: vec![many(300), many(300)],
        ..claim()
    };
    let html = page_of(std::iter::repeat_with(check).take(1000).collect());
    assert!(html.len() < 2_500_000, "{}", html.len());
    let said = text(&html);
    assert_eq!(html.matches("<figure").count(), 20);
    assert_eq!(
        said.matches("For want of room its chart is not shown")
            .count(),
        290
    );
    assert!(said.contains("700 more claims not shown here"), "{said}");
}

fn signed(states: Vec<SignOffState>) -> String {
    let mut report = claiming(Vec::new());
    report.outcomes[0].sign_offs = states;
    text(&render(&report, None))
}

#[test]
fn what_a_document_states_is_not_said_to_be_verified() {
    let mut expired = sign_off("privacy", "expired");
    expired.expires = Some("2026-11-21".into());
    let bare = SignOffState {
        principal: None,
        decision: None,
        stage: None,
        conditions: None,
        signed_on: None,
        expires: None,
        ..sign_off("", "stated")
    };
    let said = signed(vec![sign_off("security", "stated"), expired, bare]);
    for words in [
        "No signature was verified: a sign-off here is a claim, not a proof.",
        "securityn.okafor@bank.exampleapproved with conditionsConditions: SEC-430 is fixedlaunched2026-09-082027-09-08stated, not verified",
        "2026-11-21over as of 2026-11-22expired",
        "no role namednobody namednone namednot statednot statedno end statedstated, not verified",
    ] {
        assert!(said.contains(words), "{words}\n{said}");
    }
    let said = signed(vec![sign_off("security", "valid"), sign_off("a", "stated")]);
    assert!(said.contains("no signature was verified for it"), "{said}");
    assert!(!said.contains("a claim, not a proof"), "{said}");
    let said = signed(vec![sign_off("security", "stated"); 130]);
    assert!(said.contains("30 more sign-offs not shown"), "{said}");
}

#[test]
fn documents_without_a_sign_off_are_counted() {
    let mut report = claiming(Vec::new());
    report.outcomes[0].sign_offs = vec![sign_off("security", "stated")];
    let mut other = outcomes(claim().document, &[]);
    other.document.id = "other".into();
    report.outcomes.push(other);
    let said = text(&render(&report, None));
    assert!(
        said.contains("No sign-off is named in 1 other document."),
        "{said}"
    );
}

#[test]
fn where_nothing_may_be_concluded_no_claim_is_shown() {
    let mut report = claiming(vec![claim()]);
    report.outcomes[0].sign_offs = vec![sign_off("security", "valid")];
    let sections = |report: &Report| {
        let read = read(&render(report, None));
        let ids = read.attributes.iter().filter(|(_, name, _)| name == "id");
        ids.filter(|(_, _, id)| id == "fairness" || id == "sign-offs")
            .count()
    };
    assert_eq!(sections(&report), 2);
    for verdict in [Verdict::Error, Verdict::NothingChecked] {
        report.verdict = verdict;
        assert_eq!(sections(&report), 0);
    }
}
