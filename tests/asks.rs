//! What a rule asks of documents, told from its text alone.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use launchgate::config;
use launchgate::engine::Gate;
use launchgate::files::Files;
use launchgate::source::SourceMap;

#[path = "common/gate.rs"]
#[expect(dead_code, clippy::panic, reason = "only the files are needed")]
mod gate;

/// The asks of a rule with this body: the field, `when` it is asked, and `~` where elements are left out.
fn asks(body: &str) -> Vec<String> {
    let rule = format!(
        "rule: house/rule\ntitle: T\ndescription: D\nseverity: error\napplies_to: feature-spec\n{body}"
    );
    let pack = "name: house\nversion: 1.0.0\ntitle: House\n";
    let files = gate::memory([
        ("launchgate.yaml", "packs: [./house]\n".to_owned()),
        ("house/pack.yaml", pack.to_owned()),
        ("house/rule.yaml", rule),
    ]);
    let mut sources = SourceMap::default();
    let request = config::Request {
        start: gate::ROOT.into(),
        explicit: None,
        isolated: false,
    };
    let files: &dyn Files = &files;
    let config = config::load(&request, files, &mut sources).unwrap();
    let gate = Gate::new(config, sources, files).unwrap();
    let [rule] = gate.rules().rules() else {
        unreachable!("one rule")
    };
    let asks = rule.asks("feature-spec").into_iter().map(|ask| {
        let when: Vec<&str> = ask.when.iter().map(AsRef::as_ref).collect();
        let left_out = if ask.filtered { "~" } else { "" };
        format!("{left_out}{} {}", ask.field, when.join(","))
            .trim_end()
            .to_owned()
    });
    assert!(rule.asks("model-card").is_empty());
    let mut asks: Vec<String> = asks.collect();
    asks.dedup();
    asks
}

#[test]
fn what_is_required_is_asked_for() {
    assert_eq!(
        asks("require: [present: doc.launch.rollback.owner]\n"),
        ["/launch/rollback/owner"]
    );
    assert_eq!(
        asks("require: ['size(doc.kpis) > 0 && doc.title != doc.id']\n"),
        ["/id", "/kpis", "/title"]
    );
}

#[test]
fn what_may_be_absent_is_not() {
    for free in [
        "has(doc.summary)",
        "doc.?summary.orValue('') == ''",
        "!has(doc.summary) || doc.summary != ''",
        "blank(doc.summary)",
    ] {
        let body = format!("require: [\"{free}\", present: doc.owner]\n");
        assert_eq!(asks(&body), ["/owner"], "{free}");
    }
}

#[test]
fn elements_are_asked_for_in_their_list() {
    let body = "for_each: doc.data\nrequire: [present: item.purpose]\n";
    assert_eq!(asks(body), ["/data", "/data/*/purpose"]);
    let body = "for_each: doc.data\nwhere: item.personal\nrequire: [present: item.retention]\n";
    assert_eq!(asks(body), ["/data", "~/data/*/retention"]);
    // What a loop asks of its elements hangs on there being some.
    assert_eq!(
        asks("require: ['doc.kpis.all(k, k.owner != \"\")']\n"),
        ["/kpis"]
    );
    // A list that is no field has no place for what is asked of its elements.
    let body = "for_each: \"['a', 'b']\"\nrequire: ['doc.kpis.exists(k, k.name == item)']\n";
    assert_eq!(asks(body), ["/kpis"]);
}

#[test]
fn conditions_are_told() {
    let body =
        "when: doc.risk_tier == 'high' && has(doc.launch.date)\nrequire: [present: doc.owner]\n";
    assert_eq!(asks(body), ["/owner /launch/date,/risk_tier"]);
}
