//! Fairness metrics against Fairlearn, AIF360, Aequitas, scikit-learn and `SciPy`, on the data sets
//! and values that `tests/fairness/reference.py` makes. `BLESS=1 cargo test --test fairness` writes
//! the table of `docs/fairness-metrics.md` anew: where a library gives a number and launchgate
//! none.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_precision_loss,
    reason = "a test that cannot go on has failed, and there are few rows"
)]

mod table;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use launchgate::evidence::fairness::{
    Aggregation, Confusion, Counts, Group, Key, Measure, Measured, Method, Metric, Reference,
    Settings, Tally, measure, measure_regression, measure_scores, shown,
};
use serde_json::Value as Json;

use crate::table::Table;

const CLOSE: f64 = 1e-9;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn folder() -> PathBuf {
    root().join("tests/fairness")
}

fn reference() -> Json {
    serde_json::from_str(&fs::read_to_string(folder().join("reference.json")).unwrap()).unwrap()
}

fn names(json: &Json) -> Vec<String> {
    let list = json.as_array().unwrap();
    list.iter()
        .map(|name| name.as_str().unwrap().to_owned())
        .collect()
}

/// Every group counts, however small.
fn every_group(reference: Reference) -> Settings {
    Settings {
        reference,
        minimum_group: 1,
        minimum_denominator: 1,
        resamples: 0,
        ..Settings::default()
    }
}

fn group(keys: &[Key], name: &Json) -> Reference {
    let name = name.as_str().unwrap();
    let key = keys.iter().find(|key| shown(key) == name).unwrap();
    Reference::Group(key.clone())
}

/// `equalized_odds_ratio/mean` is the metric and its aggregation.
fn named(name: &str) -> (Metric, Aggregation) {
    match name.split_once('/') {
        Some((name, "mean")) => (Metric::named(name).unwrap(), Aggregation::Mean),
        _ => (Metric::named(name).unwrap(), Aggregation::WorstCase),
    }
}

/// What was compared, and what was not because launchgate gives no number.
#[derive(Default)]
struct Comparison {
    equal: usize,
    gaps: Vec<Gap>,
}

struct Gap {
    case: String,
    said: String,
    /// By library, which number it gives for what.
    numbers: BTreeMap<String, Vec<String>>,
}

impl Comparison {
    fn hold(&mut self, case: &str, library: &str, name: &str, theirs: &Json, ours: &Measured) {
        let theirs = theirs.as_f64();
        match (&ours.value, theirs) {
            (Measure::Value(ours), Some(theirs)) => {
                let far = (ours - theirs).abs() > CLOSE * theirs.abs().max(1.0);
                assert!(!far, "{case}, {name}: {ours}, and {library} says {theirs}");
                self.equal += 1;
            }
            (Measure::Value(ours), None) => {
                panic!("{case}, {name}: {ours}, and {library} gives no number")
            }
            // Neither gives a number.
            (_, None) => self.equal += 1,
            (value, Some(theirs)) => {
                let verdict = match value {
                    Measure::Undefined { .. } => "undefined",
                    _ => "insufficient",
                };
                let said = format!("{verdict}: {}", value.reason().unwrap());
                self.gap(case, &said, library, &format!("`{name}` {}", short(theirs)));
            }
        }
    }

    fn gap(&mut self, case: &str, said: &str, library: &str, number: &str) {
        let same = |gap: &Gap| gap.case == case && gap.said == said;
        let at = self.gaps.iter().position(same).unwrap_or_else(|| {
            self.gaps.push(Gap {
                case: case.to_owned(),
                said: said.to_owned(),
                numbers: BTreeMap::new(),
            });
            self.gaps.len() - 1
        });
        let numbers = self.gaps[at].numbers.entry(library.to_owned()).or_default();
        numbers.push(number.to_owned());
    }

    fn table(&self) -> String {
        let mut out =
            "| case | launchgate says | the library says |\n| --- | --- | --- |\n".to_owned();
        for gap in &self.gaps {
            let libraries: Vec<String> = gap
                .numbers
                .iter()
                .map(|(library, numbers)| format!("{library}: {}", numbers.join(", ")))
                .collect();
            let (case, said) = (&gap.case, &gap.said);
            writeln!(out, "| {case} | {said} | {} |", libraries.join("; ")).unwrap();
        }
        out
    }
}

/// Four decimals, without zeros at the end.
fn short(number: f64) -> String {
    let text = format!("{number:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn decisions(found: &Json, comparison: &mut Comparison) {
    for case in found["decisions"].as_array().unwrap() {
        let data = case["data"].as_str().unwrap();
        let by = names(&case["by"]);
        let counts = Table::read(data).counts().over(&by).unwrap();
        let keys: Vec<Key> = counts.groups.iter().map(|g| g.key.clone()).collect();
        let against = group(&keys, &case["reference"]);
        for (title, settings) in [
            ("", every_group(Reference::Highest)),
            (
                ", with the least sizes 30 and 10",
                Settings {
                    resamples: 0,
                    ..Settings::default()
                },
            ),
        ] {
            let at = format!("`{data}` by {}{title}", by.join(" and "));
            for library in ["fairlearn", "aif360", "aequitas"] {
                for (name, theirs) in case[library].as_object().unwrap() {
                    let (metric, aggregation) = named(name);
                    let mut settings = settings.clone();
                    settings.aggregation = aggregation;
                    if library != "fairlearn" {
                        settings.reference = against.clone();
                    }
                    let ours = measure(metric, &counts, &settings);
                    comparison.hold(&at, title_of(library), name, theirs, &ours);
                }
            }
        }
        let at = format!("`{data}` by {}", by.join(" and "));
        rates(&at, &case["rates"], &counts, comparison);
    }
}

/// The rates of every group, from metrics that compare them.
fn rates(at: &str, theirs: &Json, counts: &Counts, comparison: &mut Comparison) {
    for metric in [
        Metric::DemographicParityRatio,
        Metric::EqualizedOddsRatio,
        Metric::FalseNegativeRateRatio,
        Metric::PredictiveParityRatio,
        Metric::AccuracyScoreRatio,
    ] {
        for chart in measure(metric, counts, &every_group(Reference::Highest)).rates {
            assert_eq!(chart.groups.len(), theirs.as_object().unwrap().len());
            for (group, own) in chart.groups.iter().zip(&counts.groups) {
                let name = shown(&own.key);
                let theirs = &theirs[&name];
                assert_eq!(theirs["count"].as_f64(), Some(group.n as f64));
                match (group.value, theirs[chart.rate].as_f64()) {
                    (Some(ours), Some(theirs)) => {
                        assert!((ours - theirs).abs() < CLOSE, "{at} {name} {}", chart.rate);
                        comparison.equal += 1;
                    }
                    (None, None) => comparison.equal += 1,
                    (None, Some(theirs)) => {
                        let said = format!("no rate over nobody in `{name}`");
                        let number = format!("`{}` {}", chart.rate, short(theirs));
                        comparison.gap(at, &said, "Fairlearn", &number);
                    }
                    (Some(ours), None) => panic!("{at} {name}: {ours}"),
                }
            }
        }
    }
}

fn title_of(library: &str) -> &'static str {
    match library {
        "fairlearn" => "Fairlearn",
        "aif360" => "AIF360",
        "aequitas" => "Aequitas",
        "sklearn" => "scikit-learn",
        "numpy" => "NumPy",
        _ => panic!("{library}"),
    }
}

fn scores(found: &Json, comparison: &mut Comparison) {
    for case in found["scores"].as_array().unwrap() {
        let by = names(&case["by"]);
        let scores = Table::read(case["data"].as_str().unwrap()).scores(&by);
        let keys: Vec<Key> = scores.groups.iter().map(|g| g.key.clone()).collect();
        let at = format!("`scores.csv` by {}", by.join(" and "));
        for group in &scores.groups {
            let name = shown(&group.key);
            let area = group.labelled.as_ref().unwrap().area().unwrap();
            let scoring = group.above_median as f64 / group.n as f64;
            assert!((area - case["areas"][&name].as_f64().unwrap()).abs() < CLOSE);
            assert!((scoring - case["scoring_rates"][&name].as_f64().unwrap()).abs() < CLOSE);
            for (bin, theirs) in case["calibration"].as_object().unwrap() {
                let bin = group.labelled.as_ref().unwrap().bins[bin.parse::<usize>().unwrap()];
                let rate = (bin.n > 0).then(|| bin.positives as f64 / bin.n as f64);
                let theirs = theirs[&name].as_f64();
                assert_eq!(rate.is_some(), theirs.is_some(), "{at} {name}");
                assert!(
                    (rate.unwrap_or_default() - theirs.unwrap_or_default()).abs() < CLOSE,
                    "{at} {name}"
                );
            }
            comparison.equal += 2;
        }
        for library in ["sklearn", "numpy"] {
            for (name, theirs) in case[library].as_object().unwrap() {
                let (metric, _) = named(name);
                let settings = every_group(if metric.needs_reference() {
                    group(&keys, &case["reference"])
                } else {
                    Reference::Highest
                });
                let ours = measure_scores(metric, &scores, &settings);
                comparison.hold(&at, title_of(library), name, theirs, &ours);
            }
        }
    }
}

fn amounts(found: &Json, comparison: &mut Comparison) {
    for case in found["amounts"].as_array().unwrap() {
        let by = names(&case["by"]);
        let sums = Table::read("amounts.csv").moments(&by);
        let at = format!("`amounts.csv` by {}", by.join(" and "));
        for (name, theirs) in case["fairlearn"].as_object().unwrap() {
            let (metric, _) = named(name);
            let ours = measure_regression(metric, &sums, &every_group(Reference::Highest));
            comparison.hold(&at, "Fairlearn", name, theirs, &ours);
        }
    }
}

/// One group alone, and a model that selects nobody.
fn extremes(found: &Json, comparison: &mut Comparison) {
    let table = Table::read("binary.csv");
    let by_sex = table.counts().over(&["sex"]).unwrap();
    let mut lone = by_sex.clone();
    lone.groups.retain(|group| shown(&group.key) == "female");
    let mut nobody = by_sex;
    for group in &mut nobody.groups {
        let tally = &mut group.tally;
        let c = tally.confusion.unwrap();
        tally.selected = 0;
        tally.confusion = Some(Confusion {
            tp: 0,
            fp: 0,
            tn: c.tn + c.fp,
            fn_: c.fn_ + c.tp,
        });
    }
    for (at, key, counts) in [
        ("`binary.csv`, women alone", "one_group", lone),
        (
            "`binary.csv` by sex, nobody selected",
            "nobody_selected",
            nobody,
        ),
    ] {
        for (name, theirs) in found[key]["fairlearn"].as_object().unwrap() {
            let (metric, aggregation) = named(name);
            let mut settings = every_group(Reference::Highest);
            settings.aggregation = aggregation;
            let ours = measure(metric, &counts, &settings);
            comparison.hold(at, "Fairlearn", name, theirs, &ours);
        }
    }
}

#[test]
fn values_are_those_of_the_libraries_and_every_gap_is_in_the_docs() {
    let found = reference();
    let mut comparison = Comparison::default();
    decisions(&found, &mut comparison);
    scores(&found, &mut comparison);
    amounts(&found, &mut comparison);
    extremes(&found, &mut comparison);
    assert!(comparison.equal > 300, "only {}", comparison.equal);

    let versions: Vec<String> = found["versions"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, version)| format!("{name} {}", version.as_str().unwrap()))
        .collect();
    let missing = &found["missing"];
    let fresh = format!(
        "Versions: {}.\n\n{}\nOf the {} rows of `tiny.csv`, {} have no region. Launchgate counts {}; \
         Aequitas counts {} and says nothing of the others; Fairlearn ends with a `{}`.\n",
        versions.join(", "),
        comparison.table(),
        missing["rows"],
        missing["without_group"],
        Table::read("tiny.csv").counts().total().unwrap().n,
        missing["aequitas_counted"],
        missing["fairlearn"].as_str().unwrap(),
    );
    let path = root().join("docs/fairness-metrics.md");
    let page = fs::read_to_string(&path).unwrap();
    let (start, rest) = page.split_once("<!-- cases -->\n").unwrap();
    let (_, end) = rest.split_once("<!-- end of cases -->").unwrap();
    let written = format!("{start}<!-- cases -->\n\n{fresh}\n<!-- end of cases -->{end}");
    if page == written {
        return;
    }
    if std::env::var_os("BLESS").is_some() {
        fs::write(path, written).unwrap();
        return;
    }
    let drifted = page.lines().zip(written.lines()).find(|(a, b)| a != b);
    panic!("the table has drifted at {drifted:?}; run `BLESS=1 cargo test --test fairness`");
}

#[test]
fn every_metric_is_described() {
    let page = fs::read_to_string(root().join("docs/fairness-metrics.md")).unwrap();
    for metric in Metric::ALL {
        let row = format!("| `{}` |", metric.name());
        assert!(page.contains(&row), "{row}");
    }
}

#[test]
fn cards_may_write_every_metric_and_no_other() {
    let schema = fs::read_to_string(root().join("schemas/model-card.schema.json")).unwrap();
    let schema: Json = serde_json::from_str(&schema).unwrap();
    let assessment = &schema["properties"]["fairness"]["properties"]["assessments"]["items"];
    let mut written = names(&assessment["properties"]["metric"]["enum"]);
    let mut known: Vec<String> = Metric::ALL.map(|metric| metric.name().to_owned()).to_vec();
    written.sort();
    known.sort();
    assert_eq!(written, known);
}

#[test]
fn tests_and_intervals_are_those_of_scipy() {
    let close = |ours: f64, theirs: &Json| {
        let theirs = theirs.as_f64().unwrap();
        (ours - theirs).abs() < CLOSE * theirs.abs().max(1.0)
    };
    let key = |name: &str| -> Key { vec![Some(name.into())] };
    for case in reference()["tests"].as_array().unwrap() {
        let groups = ["a", "b"]
            .into_iter()
            .zip(case["shares"].as_array().unwrap());
        let counts = Counts {
            attributes: vec!["group".into()],
            groups: groups
                .map(|(name, share)| Group {
                    key: key(name),
                    tally: Tally {
                        n: share[1].as_u64().unwrap(),
                        selected: share[0].as_u64().unwrap(),
                        confusion: None,
                    },
                })
                .collect(),
        };
        let settings = every_group(Reference::Group(key("b")));
        let measured = measure(Metric::DisparateImpact, &counts, &settings);
        let test = measured.test.unwrap();
        if case["least_expected"].as_f64().unwrap() < 5.0 {
            assert_eq!(test.method, Method::FisherExact);
            assert!(close(test.p_value, &case["fisher_p_value"]), "{case}");
        } else {
            assert_eq!(test.method, Method::TwoProportionZ);
            assert!(close(test.statistic.unwrap(), &case["z"]), "{case}");
            assert!(close(test.p_value, &case["z_p_value"]), "{case}");
        }
        for (group, wilson) in measured.rates[0]
            .groups
            .iter()
            .zip(case["wilson"].as_array().unwrap())
        {
            let interval = group.interval.unwrap();
            assert!(close(interval.lower, &wilson[0]), "{case}");
            assert!(close(interval.upper, &wilson[1]), "{case}");
        }
        let interval = measured.interval.unwrap();
        if let Some([lower, upper]) = case["katz"].as_array().map(Vec::as_slice) {
            assert!(close(interval.lower, lower), "{case}");
            assert!(close(interval.upper, upper), "{case}");
        } else {
            assert!(interval.lower < interval.upper);
        }
    }
}
