//! Fairness claims of the complete example, held against evidence that does not bear them out: each
//! cause is one finding, at the field of the card that is wrong.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up has failed"
)]

#[path = "common/gate.rs"]
mod gate;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::num::NonZeroUsize;
use std::path::Path;
#[cfg(feature = "parquet")]
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use camino::{Utf8Path, Utf8PathBuf};
use launchgate::engine::CheckOptions;
use launchgate::files::{Disk, FileKind, Files, FolderEntry, Memory, Opened};
use launchgate::finding::{Report, Verdict};
use sha2::{Digest as _, Sha256};

use gate::{ROOT, check_with, memory, options};

const CARD: &str = "credit-risk-model.yaml";
const TABLE: &str = "evidence/predictions.csv";

/// The files of the complete example.
fn example() -> BTreeMap<String, Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/credit-scoring");
    let mut files = BTreeMap::new();
    collect(&folder, &folder, &mut files);
    files
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap();
            files.insert(name.to_owned(), fs::read(&path).unwrap());
        }
    }
}

/// The example with a text in a file replaced where it stands first.
fn with(
    mut files: BTreeMap<String, Vec<u8>>,
    path: &str,
    old: &str,
    new: &str,
) -> BTreeMap<String, Vec<u8>> {
    let text = String::from_utf8(files[path].clone()).unwrap();
    assert!(text.contains(old), "{path} has no {old:?}");
    files.insert(path.to_owned(), text.replacen(old, new, 1).into_bytes());
    files
}

/// The example with another table; the card states its digest.
fn with_table(files: &BTreeMap<String, Vec<u8>>, table: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let digest = |bytes: &[u8]| {
        let digest = Sha256::digest(bytes);
        digest.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    };
    let before = digest(&files[TABLE]);
    let mut files = with(files.clone(), CARD, &before, &digest(table));
    files.insert(TABLE.to_owned(), table.to_vec());
    files
}

fn check(files: &BTreeMap<String, Vec<u8>>) -> Report {
    check_with(&memory(files.clone()), Utf8Path::new(ROOT), &options())
}

/// The findings of a report: rule, line and column, and the text of the line from there on.
fn found(report: &Report) -> Vec<(String, String)> {
    let findings = report.findings.iter();
    findings
        .map(|finding| {
            let file = report.sources.file(finding.primary.location).unwrap();
            let span = finding.primary.location.span;
            let text = &file.text()[span.start as usize..];
            let line = text.lines().next().unwrap();
            let before = &file.text()[..span.start as usize];
            let start = before.rfind('\n').map_or(0, |at| at + 1);
            let key = before[start..].trim_start();
            (finding.rule.to_string(), format!("{key}|{line}"))
        })
        .collect()
}

/// What the one finding on edited files is: its rule, and the line of the card that it stands in
/// with `|` before it.
fn only(name: &str, files: &BTreeMap<String, Vec<u8>>, rule: &str, at: &str, says: &str) {
    let report = check(files);
    assert_eq!(report.verdict, Verdict::Fail, "{name}");
    assert_eq!(found(&report), [(rule.to_owned(), at.to_owned())], "{name}");
    let message = &report.findings[0].message;
    assert!(message.contains(says), "{name}: {message}");
}

#[test]
fn the_example_is_borne_out_by_its_evidence() {
    let report = check(&example());
    assert_eq!(report.verdict, Verdict::Pass);
    assert_eq!(report.fairness.len(), 5);
    for check in &report.fairness {
        assert_eq!(check.status, "match", "{check:?}");
        assert_eq!(check.rows, Some(720));
        assert_eq!(&*check.path, TABLE);
        assert!(check.reason.is_none() && check.interval.is_some());
    }
    let first = &report.fairness[0];
    assert_eq!(&*first.pointer, "/fairness/assessments/0");
    assert!((first.value.unwrap() - (201.0 / 347.0) / (230.0 / 373.0)).abs() < 1e-12);
}

/// The first half of a file that could be read as a whole.
#[cfg(feature = "parquet")]
fn half_a_parquet_file() -> Vec<u8> {
    let column: arrow_array::ArrayRef = Arc::new((0..100).collect::<arrow_array::Int64Array>());
    let batch = arrow_array::RecordBatch::try_from_iter([("y_true", column)]).unwrap();
    let mut bytes = Vec::new();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    bytes.truncate(bytes.len() / 2);
    bytes
}

#[test]
fn each_cause_is_one_finding_at_its_field() {
    let whole = example();
    let table = String::from_utf8(whole[TABLE].clone()).unwrap();
    let digest = "sha256: |2c9d2cd2c704c1be680e6857ea2a4011ff1aa6d93554b46ab062c0c54e66e368";
    let path = "path: |evidence/predictions.csv";
    let edited = |old: &str, new: &str| with(whole.clone(), CARD, old, new);
    let with_bytes = |bytes: &[u8]| {
        let mut files = whole.clone();
        files.insert(TABLE.to_owned(), bytes.to_vec());
        files
    };

    only(
        "a row of the table was changed",
        &with(whole.clone(), TABLE, "male,55+,1,1,", "male,55+,1,0,"),
        "fairness/evidence-unchanged",
        digest,
        "its digest is 0233d594698c",
    );
    only(
        "another digest is stated",
        &edited("sha256: 2c9d", "sha256: 3c9d"),
        "fairness/evidence-unchanged",
        &digest.replace("2c9d2cd", "3c9d2cd"),
        "its digest is 2c9d2cd2c704",
    );
    only(
        "a row is missing in the table, and the digest was brought up to date",
        &with_table(
            &whole,
            table.replacen("male,55+,1,1,0.6260\n", "", 1).as_bytes(),
        ),
        "fairness/evidence-rows",
        "rows: |720",
        "has 719 rows, and 720 are stated",
    );
    only(
        "another count of rows is stated",
        &edited(
            "rows: 720\n        evaluated_on",
            "rows: 721\n        evaluated_on",
        ),
        "fairness/evidence-rows",
        "rows: |721",
        "has 720 rows, and 721 are stated",
    );
    only(
        "the model was trained again, and the table is of the version before",
        &edited("model_version: 2.3.0", "model_version: 2.2.0"),
        "fairness/evidence-of-this-version",
        "model_version: |2.2.0",
        "of version 2.2.0, and the card is about 2.3.0",
    );
    only(
        "a threshold was set after the evaluation",
        &edited(
            "threshold:\n        min: 0.8\n        set_on: 2026-05-29",
            "threshold:\n        min: 0.8\n        set_on: 2026-07-08",
        ),
        "fairness/threshold-before-evaluation",
        "set_on: |2026-07-08",
        "was not set before the evaluation",
    );
    only(
        "a claim is off by twice its tolerance",
        &edited("value: 0.939", "value: 0.949"),
        "fairness/value-recomputed",
        "value: |0.949",
        "is claimed as 0.949, and its evidence gives 0.9394 (between 0.833 and 1 with 95 % \
         confidence): female 201 of 347 and male 230 of 373",
    );
    only(
        "counts of a group are not those of the table",
        &edited("n: 347, selected: 201", "n: 347, selected: 202"),
        "fairness/groups-recomputed",
        "- { group: [female], n: 347, selected: |202, tp: 175, fp: 26, tn: 118, fn: 28 }",
        "gives female 201 of 347 and male 230 of 373",
    );
    only(
        "rows are said to have no group, and all have one",
        &edited("unknown_group: 0", "unknown_group: 3"),
        "fairness/unknown-group-counted",
        "unknown_group: |3",
        "the group of 0 rows is not known, and `unknown_group` states 3",
    );
    only(
        "a pointer of Git LFS",
        &with_bytes(
            b"version https://git-lfs.github.com/spec/v1\n\
              oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\n\
              size 12345\n",
        ),
        "fairness/evidence-readable",
        path,
        "`git lfs pull`",
    );
    only(
        "a path out of the root",
        &edited(
            "path: evidence/predictions.csv",
            "path: ../evidence/predictions.csv",
        ),
        "fairness/evidence-readable",
        "path: |../evidence/predictions.csv",
        "it leads out of the root",
    );
    only(
        "an absolute path",
        &edited("path: evidence/predictions.csv", "path: /etc/passwd"),
        "fairness/evidence-readable",
        "path: |/etc/passwd",
        "it leads out of the root",
    );
    only(
        "an address",
        &edited(
            "path: evidence/predictions.csv",
            "path: https://bank.example/p.csv",
        ),
        "fairness/evidence-readable",
        "path: |https://bank.example/p.csv",
        "nothing is fetched",
    );
    let mut missing = whole.clone();
    missing.remove(TABLE);
    only(
        "no such file",
        &missing,
        "fairness/evidence-readable",
        path,
        "nothing is there",
    );
    only(
        "a folder",
        &edited("path: evidence/predictions.csv", "path: evidence"),
        "fairness/evidence-readable",
        "path: |evidence",
        "it is a folder",
    );
    only(
        "an empty file",
        &with_bytes(b""),
        "fairness/evidence-readable",
        path,
        "it is empty",
    );
    #[cfg(feature = "parquet")]
    only(
        "a Parquet file that was cut short",
        &with_bytes(&half_a_parquet_file()),
        "fairness/evidence-readable",
        path,
        "it does not end as a Parquet file does, so it is cut short or broken",
    );
    only(
        "a value that is neither of the two",
        &with_table(
            &whole,
            table
                .replacen("male,55+,1,1,", "male,55+,1,2,", 1)
                .as_bytes(),
        ),
        "fairness/evidence-readable",
        path,
        "row 1 (line 2): `2`",
    );
    only(
        "a column that the table has not",
        &edited("label: y_true", "label: y_treu"),
        "fairness/evidence-readable",
        "label: |y_treu",
        "did you mean `y_true`?",
    );
}

#[test]
fn what_is_not_borne_out_is_told_in_the_report() {
    let whole = example();
    let statuses = |files: &BTreeMap<String, Vec<u8>>| {
        let report = check(files);
        let checks = report.fairness.iter();
        checks.map(|check| check.status).collect::<Vec<_>>()
    };
    let edited = |old: &str, new: &str| with(whole.clone(), CARD, old, new);
    for (old, new, first, others) in [
        ("value: 0.939", "value: 0.949", "drift", "match"),
        (
            "rows: 720\n        evaluated_on",
            "rows: 721\n        evaluated_on",
            "tampered",
            "tampered",
        ),
        (
            "model_version: 2.3.0",
            "model_version: 2.2.0",
            "stale",
            "stale",
        ),
        (
            "min: 0.8\n        set_on: 2026-05-29",
            "min: 0.8\n        set_on: 2026-07-06",
            "stale",
            "match",
        ),
        (
            "path: evidence/",
            "path: elsewhere/",
            "unreadable",
            "unreadable",
        ),
        (
            "attribute: [sex]",
            "attribute: [gender]",
            "unreadable",
            "match",
        ),
        ("      favourable: 1\n", "", "unclaimed", "match"),
        (
            "reference: highest",
            "minimum_group_size: 350",
            "insufficient",
            "match",
        ),
    ] {
        let wanted = [first, others, others, others, others];
        assert_eq!(statuses(&edited(old, new)), wanted, "{old} -> {new}");
    }
}

/// Counts how often each file is opened or read.
struct Counting {
    files: Memory,
    opened: AtomicUsize,
}

impl Files for Counting {
    fn stat(&self, path: &Utf8Path) -> io::Result<FileKind> {
        self.files.stat(path)
    }

    fn stat_link(&self, path: &Utf8Path) -> io::Result<FileKind> {
        self.files.stat_link(path)
    }

    fn canonical(&self, path: &Utf8Path) -> io::Result<Utf8PathBuf> {
        self.files.canonical(path)
    }

    fn read(&self, path: &Utf8Path, limit: u64) -> io::Result<Vec<u8>> {
        self.files.read(path, limit)
    }

    fn open(&self, path: &Utf8Path) -> io::Result<Opened> {
        if path.extension() == Some("csv") {
            self.opened.fetch_add(1, Ordering::Relaxed);
        }
        self.files.open(path)
    }

    fn list(&self, path: &Utf8Path) -> io::Result<Vec<FolderEntry>> {
        self.files.list(path)
    }
}

#[test]
fn a_table_is_read_once_whoever_asks_and_however_many_threads() {
    let mut files = example();
    let card = String::from_utf8(files[CARD].clone()).unwrap();
    for number in 0..20 {
        let twin = card.replacen("id: credit-risk-model", &format!("id: twin-{number}"), 1);
        assert_ne!(twin, card);
        files.insert(format!("twin-{number}.yaml"), twin.into_bytes());
    }
    let report = |jobs: usize| {
        let counting = Counting {
            files: memory(files.clone()),
            opened: AtomicUsize::new(0),
        };
        let options = CheckOptions {
            jobs: NonZeroUsize::new(jobs),
            ..options()
        };
        let report = check_with(&counting, Utf8Path::new(ROOT), &options);
        assert_eq!(counting.opened.into_inner(), 1);
        (format!("{:?}", report.fairness), report.fairness.len())
    };
    let one = report(1);
    assert_eq!(one.1, 21 * 5);
    assert_eq!(one, report(4));
}

#[cfg(unix)]
#[test]
fn links_out_of_the_root_and_pipes_are_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let folder = Utf8PathBuf::from_path_buf(folder.path().canonicalize().unwrap()).unwrap();
    let root = folder.join("root");
    for (path, content) in example() {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    fs::create_dir_all(root.join(".git")).unwrap();
    let table = root.join(TABLE);
    let says = |wanted: &str| {
        let report = check_with(&Disk, &root, &options());
        let path = "path: |evidence/predictions.csv".to_owned();
        assert_eq!(
            found(&report),
            [("fairness/evidence-readable".to_owned(), path)]
        );
        let message = &report.findings[0].message;
        assert!(message.contains(wanted), "{message}");
    };

    fs::rename(&table, folder.join("outside.csv")).unwrap();
    std::os::unix::fs::symlink(folder.join("outside.csv"), &table).unwrap();
    says("it is a link that leads out of the root");

    fs::remove_file(&table).unwrap();
    let made = std::process::Command::new("mkfifo").arg(&table).status();
    if made.is_ok_and(|status| status.success()) {
        says("it is not a regular file");
        fs::remove_file(&table).unwrap();
    }

    fs::rename(folder.join("outside.csv"), root.join("inside.csv")).unwrap();
    std::os::unix::fs::symlink("../inside.csv", &table).unwrap();
    let report = check_with(&Disk, &root, &options());
    assert_eq!(report.verdict, Verdict::Pass);
}
