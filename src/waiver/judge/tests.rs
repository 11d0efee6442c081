use super::*;

#[test]
fn what_the_gate_stands_on_is_not_waivable() {
    for (rule, can) in [
        ("privacy/retention-limit", true),
        ("schema/unknown-key", true),
        ("core/owner", true),
        ("config/unknown-key", false),
        ("policy/expression", false),
        ("waiver/malformed", false),
        ("input/not-found", false),
        ("document/syntax", false),
        ("signoff/signature", false),
        ("waivers/expired", false),
        ("baseline/stale", false),
    ] {
        assert_eq!(is_waivable(&RuleId::new(rule)).is_ok(), can, "{rule}");
    }
}

#[test]
fn a_term_counts_whole_days() {
    let term = |text| crate::expr::time::parse_iso_duration(text).unwrap();
    let day = |text: &str| text.parse::<Date>().unwrap();
    assert_eq!(
        last_day(day("2026-11-22"), term("P90D")),
        Some(day("2027-02-20"))
    );
    assert_eq!(
        last_day(day("2028-02-29"), term("P1Y")),
        Some(day("2029-02-28"))
    );
    assert_eq!(last_day(day("9999-12-01"), term("P1Y")), None);
}
