//! The queries of `launchgate fairness sql`, run by real database engines: what they count is what is
//! counted from the rows.
#![cfg(all(feature = "cli", unix))]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod sample;
#[path = "../common/tools.rs"]
mod tools;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use camino::Utf8Path;
use launchgate::evidence::fairness::{
    Basis, Breakdown, Choices, Material, Measured, Metric, Settings,
};
use launchgate::evidence::table::{self, Counted, Limits, Literal, Request, TableForm};
use launchgate::files::Disk;
use serde_json::{Value, json};
use tempfile::TempDir;

use sample::{ATTRIBUTES, LABEL, PREDICTION, SCORE, Sample, Spelling};

/// Runs `launchgate fairness sql` for a table of a sample.
fn query(dialect: &str, table: &[&str], favourable: &str, unfavourable: &str) -> String {
    let quoted = |name: &&str| format!("\"{}\"", name.replace('"', "\"\""));
    let table: Vec<String> = table.iter().map(quoted).collect();
    let output = Command::new(env!("CARGO_BIN_EXE_launchgate"))
        .args(["fairness", "sql", "--dialect", dialect])
        .args(["--table", &table.join(".")])
        .args(["--by", &ATTRIBUTES.join(",")])
        .args(["--label", LABEL, "--prediction", PREDICTION])
        .args(["--score", SCORE])
        .args(["--favourable", favourable, "--unfavourable", unfavourable])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// An engine that counts, with what it needs.
struct Engine {
    name: &'static str,
    dialects: &'static [&'static str],
    /// The Python module that drives it.
    module: &'static str,
    programs: &'static [&'static str],
    table: [&'static str; 2],
}

const HOSTILE: [&str; 2] = ["we\"ird", "pre`dic.tions"];

#[test]
fn duckdb_counts_as_the_rows_are() {
    agree(&Engine {
        name: "duckdb",
        dialects: &["duckdb", "ansi"],
        module: "duckdb",
        programs: &["python3"],
        table: HOSTILE,
    });
}

#[test]
fn postgres_counts_as_the_rows_are() {
    agree(&Engine {
        name: "postgres",
        dialects: &["postgres", "ansi"],
        module: "csv",
        programs: &["python3", "psql"],
        table: HOSTILE,
    });
}

#[test]
fn spark_counts_as_the_rows_are() {
    agree(&Engine {
        name: "spark",
        dialects: &["spark"],
        module: "pyspark",
        programs: &["python3", "java"],
        // It lets no name of a view be odd.
        table: ["global_temp", "predictions"],
    });
}

#[test]
fn sqlite_counts_as_the_rows_are() {
    agree(&Engine {
        name: "sqlite",
        dialects: &["ansi"],
        module: "sqlite3",
        programs: &["python3"],
        table: HOSTILE,
    });
}

#[test]
fn every_dialect_reads_by_its_grammar_with_hostile_names() {
    if !can_run(&["python3"], "sqlglot") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let values = ["O'Bri\\en", "\\"];
    let jobs: Vec<Value> = ["ansi", "duckdb", "postgres", "spark", "bigquery"]
        .into_iter()
        .map(|dialect| {
            let file = folder.path().join(format!("{dialect}.sql"));
            // In BigQuery a point parts a name in quotes as well.
            let table = ["we\"ird", "pre`dictions"];
            fs::write(&file, query(dialect, &table, values[0], values[1])).unwrap();
            let names: Vec<&str> = ATTRIBUTES.into_iter().chain(table).collect();
            json!({ "dialect": dialect, "query": file, "names": names, "values": values })
        })
        .collect();
    drive("parse", &folder, &jobs);
}

/// Holds that an engine counts every sample as it is counted from its rows, in each of its dialects.
fn agree(engine: &Engine) {
    if !can_run(engine.programs, engine.module) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: String| folder.path().join(name);
    let mut jobs = Vec::new();
    let mut pairs: Vec<(Spelling, Sample, PathBuf, PathBuf)> = Vec::new();
    for spelling in Spelling::ALL {
        let samples: &[Sample] = match spelling {
            Spelling::Integers => &[Sample::Sound, Sample::Even],
            Spelling::Decimals => &[Sample::Sound],
            Spelling::Booleans | Spelling::Words => &[Sample::Sound, Sample::Neither],
        };
        for &sample in samples {
            let rows = path(format!("{}-{sample:?}.csv", spelling.name()));
            fs::write(&rows, sample.rows(spelling)).unwrap();
            for dialect in engine.dialects {
                let stem = format!("{}-{sample:?}-{dialect}", spelling.name());
                let [favourable, unfavourable] = spelling.literals();
                let text = query(dialect, &engine.table, favourable, unfavourable);
                let (file, result) = (path(format!("{stem}.sql")), path(format!("{stem}.counts")));
                fs::write(&file, text).unwrap();
                jobs.push(json!({
                    "table": engine.table,
                    "columns": sample::columns(spelling),
                    "rows": rows,
                    "query": file,
                    "result": result,
                }));
                pairs.push((spelling, sample, rows.clone(), result));
            }
        }
    }
    drive(engine.name, &folder, &jobs);
    for (spelling, sample, rows, result) in pairs {
        let case = result.display().to_string();
        let counts = count(&result, spelling);
        if sample == Sample::Neither {
            let refused = counts.unwrap_err();
            assert!(refused.contains("`other` is 1"), "{case}: {refused}");
            continue;
        }
        let rows = count(&rows, spelling).unwrap();
        let counts = counts.unwrap_or_else(|error| panic!("{case}: {error}"));
        assert_eq!(rows.form, TableForm::Rows);
        assert_eq!(counts.form, TableForm::Counts);
        assert_eq!(counts.counts, rows.counts, "{case}");
        assert_eq!(counts.rows, rows.rows, "{case}");
        assert_eq!(counts.missing, rows.missing, "{case}");
        let (from_rows, from_counts) = (measured(&rows), measured(&counts));
        assert_eq!(from_counts, from_rows, "{case}");
        let values = from_rows
            .iter()
            .filter(|(_, of)| of.value.value().is_some());
        // Of the seven sets of attributes the single ones have no tiny groups but the missing.
        assert!(values.count() > 20, "{case}: too few values to compare");
    }
}

fn count(file: &Path, spelling: Spelling) -> Result<Counted, String> {
    let [favourable, unfavourable] = spelling.literals();
    let literal = |text: &str| Literal::Text(text.to_owned());
    let request = Request {
        label: Some(LABEL.to_owned()),
        prediction: Some(PREDICTION.to_owned()),
        score: Some(SCORE.to_owned()),
        score_over: sets(),
        favourable: literal(favourable),
        unfavourable: Some(literal(unfavourable)),
        ..Request::by(ATTRIBUTES)
    };
    let file = Utf8Path::from_path(file).unwrap();
    table::count(&Disk, file, &request, &Limits::default(), &|_| {})
        .map_err(|error| error.to_string())
}

fn sets() -> Vec<Vec<String>> {
    let all: Vec<String> = ATTRIBUTES.map(str::to_owned).to_vec();
    let mut sets: Vec<Vec<String>> = all.iter().map(|name| vec![name.clone()]).collect();
    sets.push(all);
    sets
}

/// Every metric that counts can give, by each attribute and by all.
fn measured(counted: &Counted) -> Vec<(Metric, Measured)> {
    // Which rows lie in a bin, and in which order the scores stand, counts do not say.
    let metrics: Vec<Metric> = Metric::ALL
        .into_iter()
        .filter(|metric| match metric.basis() {
            Basis::Decisions => true,
            Basis::Scores => !metric.needs_labels(),
            Basis::Regression => false,
        })
        .collect();
    let settings = Settings {
        resamples: 50,
        ..Settings::default()
    };
    let choices = Choices {
        metrics: &metrics,
        reference: &["f".to_owned()],
        excluded: &[],
        without_missing: true,
        settings: &settings,
    };
    let material = Material {
        counts: &counted.counts,
        decided: counted.decided,
        scores: &counted.scores,
        moments: None,
    };
    sets()
        .iter()
        .flat_map(|by| Breakdown::new(&material, by, &choices).unwrap().metrics)
        .collect()
}

/// Whether programs and a module of Python are there; where they must be and are not, the test fails.
#[expect(clippy::print_stdout, reason = "what is skipped is said")]
fn can_run(programs: &[&str], module: &str) -> bool {
    if !tools::are_there(programs) {
        return false;
    }
    let import = format!("import {module}");
    let found = Command::new("python3").args(["-c", &import]).output();
    if found.is_ok_and(|found| found.status.success()) {
        return true;
    }
    assert!(
        !tools::are_required(),
        "{module} is missing: pip install {module}"
    );
    println!("skipped: {module} is not installed");
    false
}

fn drive(engine: &str, folder: &TempDir, jobs: &[Value]) {
    let plan = folder.path().join("plan.json");
    fs::write(&plan, Value::from(jobs).to_string()).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/warehouse/engines.py");
    let output = Command::new("python3")
        .arg(script)
        .args([engine.as_ref(), plan.as_os_str()])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{engine}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
