//! What is to blame, over a model card and a feature spec.

use super::*;

const CARD: &str = "\
name: Credit
fairness:
  assessments:
    - metric: parity
      value: 0.72
      threshold:
        min: 0.8
    - metric: odds
      value: 0.9
    - metric: gap
      value: 0.70
      threshold: {min: 1}
      group: a
";

const SPEC: &str = "\
id: instant
owner: TBD
launch: {date: 2026-12-01, regions: [EU, MARS, MOON]}
data:
  - name: income
    retention: P10Y
    encrypted: false
    recipients:
      - {country: US, basis: scc}
      - {country: CN}
  - name: email
    retention: ten years
    limit: '5'
    empty:
scans: [{tool: x, open: 3}, {tool: y, open: 1}]
none: []
";

#[test]
fn both_operands_of_a_comparison() {
    let case = Case::new(CARD);
    let at = "fairness.assessments[0]";
    assert_eq!(
        case.blame(at, "item.value >= item.threshold.min"),
        "\"0.72\": `value` is 0.72\n\"0.8\": `threshold.min` is 0.8"
    );
    assert_eq!(
        case.blame(
            "fairness.assessments[2]",
            "item.value >= item.threshold.min"
        ),
        "\"0.70\": `value` is 0.70\n\"1\": `threshold.min` is 1"
    );
}

#[test]
fn what_is_missing_stands_on_its_parent() {
    let case = Case::new(CARD);
    assert_eq!(
        case.blame(
            "fairness.assessments[1]",
            "item.value >= item.threshold.min"
        ),
        "\"0.9\": `value` is 0.9\n\"metric\": `threshold` is missing [absent]"
    );
    assert_eq!(
        case.blame(
            "fairness.assessments[0]",
            "item.value >= item.threshold.max"
        ),
        "\"0.72\": `value` is 0.72\n\"threshold\": `threshold.max` is missing [absent]"
    );
    assert_eq!(
        case.blame("", "doc.privacy.dpia.done && doc.name == 'Credit'"),
        "\"name\": `privacy` is missing [absent]"
    );
    assert_eq!(
        case.blame("", "has(doc.fairness.reviewer)"),
        "\"fairness\": `fairness.reviewer` is missing [absent]"
    );
    let spec = Case::new(SPEC);
    assert_eq!(
        spec.blame("data[1]", "item.empty.deeper == 1"),
        "\"empty\": `empty` is null [absent]"
    );
    for text in [
        "item.empty.all(x, x)",
        "'x' in item.empty",
        "item.empty[0] == 1",
    ] {
        assert_eq!(
            spec.blame("data[1]", text),
            "\"empty\": `empty` is null [absent]",
            "{text}"
        );
    }
    assert_eq!(
        spec.blame("data[1]", "item.name.all(x, x == 1)"),
        "\"email\": `name` is a string, not a list or a mapping [mistyped]"
    );
    assert_eq!(
        spec.blame("", "doc.data[5].name == 'x'"),
        "\"data\": `data` has 2 elements, none at index 5 [absent]"
    );
    assert_eq!(
        spec.blame("", "doc.?privacy.?dpia.orValue(false)"),
        "\"id\": `privacy` is missing [absent]"
    );
}

#[test]
fn conjuncts_disjuncts_and_negation() {
    let case = Case::new(SPEC);
    assert_eq!(
        case.blame(
            "data[0]",
            "item.name == 'income' && item.encrypted && item.name != 'x'"
        ),
        "\"false\": `encrypted` is false"
    );
    assert_eq!(
        case.blame("data[0]", "item.name == 'x' || item.encrypted"),
        "\"income\": `name` is income\n\"false\": `encrypted` is false"
    );
    assert_eq!(
        case.blame(
            "data[0]",
            "!(item.name == 'income' && item.encrypted == false)"
        ),
        "\"income\": `name` is income\n\"false\": `encrypted` is false"
    );
    assert_eq!(
        case.blame(
            "data[0]",
            "item.name == 'income' ? item.encrypted : item.missing"
        ),
        "\"income\": `name` is income\n\"false\": `encrypted` is false"
    );
    assert_eq!(
        case.blame("data[0]", "!blank(doc.owner)"),
        "\"TBD\": `owner` is TBD"
    );
    assert_eq!(
        case.blame("data[0]", "!has(doc.owner)"),
        "\"TBD\": `owner` is TBD"
    );
}

#[test]
fn functions_show_what_they_make() {
    let case = Case::new(SPEC);
    assert_eq!(
        case.blame("data[0]", "days(item.retention) <= days(params.limit)"),
        "\"P10Y\": `retention` is P10Y (3653 days)\n-: `params.limit` is P2Y (731 days)"
    );
    assert_eq!(
        case.blame("", "date(doc.launch.date) <= today"),
        "\"2026-12-01\": `launch.date` is 2026-12-01\n-: `today` is 2026-11-22"
    );
    assert_eq!(
        case.blame("", "age(doc.launch.date) >= 30"),
        "\"2026-12-01\": `launch.date` is 2026-12-01 (in 9 days)"
    );
    assert_eq!(
        case.blame("", "size(doc.data) > params.max"),
        "\"data\": `data` has 2 elements\n-: `params.max` is 10"
    );
}

#[test]
fn wrong_types_and_values_are_said() {
    let case = Case::new(SPEC);
    assert_eq!(
        case.blame("data[1]", "item.limit < params.max"),
        "\"'5'\": `limit` is a string, not a number [mistyped]\n-: `params.max` is 10"
    );
    assert_eq!(
        case.blame("data[1]", "item.empty < 3"),
        "\"empty\": `empty` is null, not a number [mistyped]"
    );
    assert_eq!(
        case.blame("data[1]", "days(item.retention) < 3.0"),
        "\"ten years\": `retention`: `ten years` is no ISO 8601 duration; write P2Y for two years, P90D for ninety days or PT12H for twelve hours [mistyped]"
    );
    assert_eq!(
        case.blame("data[1]", "item.name.first == 'x'"),
        "\"email\": `name` is a string, not a mapping [mistyped]"
    );
    assert_eq!(
        case.blame("data[1]", "item.name"),
        "\"email\": `name` is a string, not a boolean [mistyped]"
    );
    assert_eq!(
        case.blame("", "1 / size(doc.none) > 3"),
        "\"none\": `none` has 0 elements\n-: a division by zero [mistyped]"
    );
}

#[test]
fn loops_lead_to_the_elements() {
    let case = Case::new(SPEC);
    assert_eq!(
        case.blame("", "doc.launch.regions.all(r, r in params.allowed)"),
        "\"MARS\": `launch.regions[1]` is MARS\n-: `params.allowed` is [EU, UK]\n\"MOON\": `launch.regions[2]` is MOON"
    );
    assert_eq!(
        case.blame("data[0]", "item.recipients.all(r, r.basis == 'scc')"),
        "\"country\": `recipients[1].basis` is missing [absent]"
    );
    assert_eq!(
        case.blame("", "doc.scans.exists(s, s.open == 0)"),
        "\"scans\": none of the 2 elements of `scans` meets the condition\n\"3\": `scans[0].open` is 3\n\"1\": `scans[1].open` is 1"
    );
    assert_eq!(
        case.blame("", "doc.none.exists(s, s.open == 0)"),
        "\"none\": `none` is empty"
    );
    assert_eq!(
        case.blame("", "!doc.scans.exists(s, s.open > 2)"),
        "\"3\": `scans[0].open` is 3"
    );
    assert_eq!(
        case.blame("", "doc.scans.exists_one(s, s.open > 0)"),
        "\"scans\": 2 of the 2 elements of `scans` meet the condition"
    );
    assert_eq!(
        case.blame("", "doc.audits.all(a, a.ok)"),
        "\"id\": `audits` is missing [absent]"
    );
    assert_eq!(
        case.blame("", "size(doc.data.filter(d, d.sealed)) == 0"),
        "\"data\": `data` is a list of 2 elements\n\"name\": `data[0].sealed` is missing [absent]"
    );
    assert_eq!(
        case.blame("", "params.allowed.exists(a, a == doc.owner)"),
        "-: none of the 2 elements of `params.allowed` meets the condition\n\"TBD\": `owner` is TBD"
    );
    assert_eq!(
        case.blame("", "params.allowed.all(a, a in doc.launch.regions)"),
        "-: `a` is UK\n\"regions\": `launch.regions` is [EU, MARS, MOON]"
    );
    let many = "wanted: 9\nlist: [{n: 1}, {n: 2}, {n: 3}, {n: 4}]\nother: {n: 0}\n";
    assert_eq!(
        Case::new(many).blame(
            "other",
            "doc.list.exists(x, x.n == doc.wanted && item.n == 1)"
        ),
        "\"list\": none of the 4 elements of `list` meets the condition\n\"9\": `wanted` is 9\n\"0\": `n` is 0"
    );
    assert_eq!(
        Case::new(many).blame("", "[1, 2, 3, 4].exists(x, x == doc.wanted)"),
        "-: none of the 4 elements of `[1, 2, 3, 4]` meets the condition\n\"9\": `wanted` is 9"
    );
    let many = format!("list: [{}]", "7, ".repeat(10));
    assert_eq!(
        Case::new(&many).blame("", "doc.list.all(x, x < 5)"),
        "\"7\": `list[0]` is 7\n\"7\": `list[1]` is 7\n\"7\": `list[2]` is 7\nand 7 more"
    );
}

#[test]
fn facts_that_cannot_be_given() {
    struct Broken;
    impl Facts for Broken {
        fn documents<'a>(&'a self, _: &str) -> Result<Vec<crate::value::NodeRef<'a>>, FactError> {
            Err(FactError::Deferred)
        }
        fn reference<'a>(
            &'a self,
            target: &str,
            _: Option<crate::value::NodeRef<'a>>,
        ) -> Result<crate::value::NodeRef<'a>, FactError> {
            Err(FactError::Dangling {
                target: target.to_owned(),
                nearest: None,
            })
        }
        fn call<'a>(&'a self, _: &str, _: &[Value<'a>]) -> Result<Value<'a>, FactError> {
            Err(FactError::Unreadable {
                message: "the evidence cannot be read".to_owned(),
            })
        }
    }
    let mut case = Case::new(SPEC);
    case.env
        .declare_function(Signature::new("scan", [Type::Dyn], Type::Dyn));
    assert_eq!(
        case.blame_with("", "ref(doc.id).owner == 'x'", &Broken),
        "\"instant\": `instant` refers to nothing [unavailable]"
    );
    assert_eq!(
        case.blame_with("", "scan(doc.id).open == 0", &Broken),
        "\"instant\": `id` is instant\n-: the evidence cannot be read [unavailable]"
    );
}

#[test]
fn operands_know_where_the_expression_reads_them() {
    let case = Case::new(CARD);
    let text = "item.value >= item.threshold.min";
    let program = case.compile(text);
    let scope = case.scope("fairness.assessments[0]", &NoFacts);
    let blame = program.blame(&scope);
    let spans: Vec<&str> = blame
        .operands
        .iter()
        .map(|operand| &text[operand.expr_span.range()])
        .collect();
    assert_eq!(spans, ["item.value", "item.threshold.min"]);
    let pointers: Vec<String> = blame
        .operands
        .iter()
        .map(|operand| operand.pointer.as_ref().unwrap().to_string())
        .collect();
    assert_eq!(
        pointers,
        [
            "/fairness/assessments/0/value",
            "/fairness/assessments/0/threshold/min"
        ]
    );
}
