//! Parquet files of predictions: they count as their rows do in CSV, and broken ones are errors.

#![cfg(feature = "parquet")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a test that cannot be set up has failed, and its numbers are small"
)]

use std::fmt::Write as _;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Float32Array, Float64Array, Int8Array, Int64Array, RecordBatch,
    StringArray, TimestampMillisecondArray,
};
use launchgate::evidence::table::{Counted, Limits, Literal, Request, TableError, count};
use launchgate::files::Memory;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, GzipLevel};
use parquet::file::properties::WriterProperties;

const FILE: &str = "/e/predictions.parquet";

fn request() -> Request {
    Request {
        label: Some("y".into()),
        prediction: Some("p".into()),
        score: Some("s".into()),
        ..Request::by(["sex", "race"])
    }
}

fn read_with(
    bytes: impl Into<Vec<u8>>,
    request: &Request,
    limits: &Limits,
) -> Result<Counted, TableError> {
    let files = Memory::new([(FILE, bytes)]);
    count(&files, FILE.into(), request, limits, &|_| ())
}

fn written(columns: Vec<(&str, ArrayRef)>, properties: WriterProperties) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

/// One row: sex, race, label, prediction, score.
type Row = (Option<&'static str>, Option<i64>, bool, bool, f64);

fn rows(count: usize) -> Vec<Row> {
    (0..count)
        .map(|row| {
            let mixed = (row as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
            let sex = [Some("f"), Some("m"), None][(mixed % 3) as usize];
            let race = [Some(1), Some(700), Some(-3), None][(mixed / 3 % 4) as usize];
            let score = (mixed % 97) as f64 / 97.0;
            (
                sex,
                race,
                (mixed / 12).is_multiple_of(2),
                (mixed / 24).is_multiple_of(3),
                score,
            )
        })
        .collect()
}

fn csv(rows: &[Row]) -> Vec<u8> {
    let mut text = "sex,race,y,p,s\n".to_owned();
    for (sex, race, y, p, s) in rows {
        let race = race.map_or_else(String::new, |race| race.to_string());
        let (y, p) = (u8::from(*y), u8::from(*p));
        writeln!(text, "{},{race},{y},{p},{s}", sex.unwrap_or("")).unwrap();
    }
    text.into_bytes()
}

fn columns(rows: &[Row]) -> Vec<(&'static str, ArrayRef)> {
    let sex: StringArray = rows.iter().map(|row| row.0).collect();
    let race: Int64Array = rows.iter().map(|row| row.1).collect();
    let y: Int8Array = rows.iter().map(|row| Some(i8::from(row.2))).collect();
    let p: Float64Array = rows
        .iter()
        .map(|row| Some(f64::from(u8::from(row.3))))
        .collect();
    let s: Float64Array = rows.iter().map(|row| Some(row.4)).collect();
    vec![
        ("sex", Arc::new(sex)),
        ("race", Arc::new(race)),
        ("y", Arc::new(y)),
        ("p", Arc::new(p)),
        ("s", Arc::new(s)),
    ]
}

#[test]
fn a_table_counts_the_same_however_it_is_written() {
    let rows = rows(5000);
    let wanted = read_with(csv(&rows), &request(), &Limits::default()).unwrap();
    let small = || WriterProperties::builder().set_max_row_group_row_count(Some(700));
    for (name, properties) in [
        (
            "plain",
            WriterProperties::builder().set_dictionary_enabled(false),
        ),
        ("row groups", small()),
        ("snappy", small().set_compression(Compression::SNAPPY)),
        ("lz4", small().set_compression(Compression::LZ4_RAW)),
        (
            "gzip",
            small().set_compression(Compression::GZIP(GzipLevel::default())),
        ),
        (
            "small dictionaries",
            small().set_dictionary_page_size_limit(4),
        ),
        (
            "second version",
            small().set_writer_version(parquet::file::properties::WriterVersion::PARQUET_2_0),
        ),
    ] {
        let bytes = written(columns(&rows), properties.build());
        for (threads, cells) in [(1, 1 << 20), (2, 1 << 20), (2, 600)] {
            let limits = Limits {
                threads,
                cells,
                ..Limits::default()
            };
            let counted = read_with(bytes.as_slice(), &request(), &limits).unwrap();
            assert_eq!(counted.counts, wanted.counts, "{name}");
            assert_eq!(
                counted.scores, wanted.scores,
                "{name}, {threads} threads, {cells} cells"
            );
            assert_eq!(
                (counted.rows, counted.missing),
                (wanted.rows, wanted.missing)
            );
            assert_eq!(counted.bytes, bytes.len() as u64);
        }
    }
}

#[test]
fn booleans_and_narrow_numbers_are_read() {
    let columns: Vec<(&str, ArrayRef)> = vec![
        (
            "sex",
            Arc::new(BooleanArray::from(vec![Some(true), None, Some(false)])),
        ),
        ("race", Arc::new(Float32Array::from(vec![0.5, 0.5, 2.0]))),
        ("y", Arc::new(BooleanArray::from(vec![true, false, true]))),
        (
            "p",
            Arc::new(StringArray::from(vec!["True", "false", "false"])),
        ),
        ("s", Arc::new(Float32Array::from(vec![0.1, 0.2, 0.3]))),
    ];
    let request = Request {
        favourable: Literal::Bool(true),
        ..request()
    };
    let bytes = written(columns, WriterProperties::builder().build());
    let counted = read_with(bytes, &request, &Limits::default()).unwrap();
    let keys: Vec<String> = counted
        .counts
        .groups
        .iter()
        .map(|group| {
            let values = group
                .key
                .iter()
                .map(|value| value.as_deref().unwrap_or("-"));
            format!(
                "{} {}",
                values.collect::<Vec<_>>().join(" "),
                group.tally.selected
            )
        })
        .collect();
    assert_eq!(keys, ["- 0.5 0", "false 2.0 0", "true 0.5 1"]);
}

#[test]
fn wrong_cells_are_named_by_row() {
    let rows = rows(50);
    let properties = || {
        WriterProperties::builder()
            .set_max_row_group_row_count(Some(20))
            .build()
    };
    let with = |at: usize, array: ArrayRef| {
        let mut columns = columns(&rows);
        columns[at].1 = array;
        read_with(
            written(columns, properties()),
            &request(),
            &Limits::default(),
        )
        .unwrap_err()
        .cause
        .to_string()
    };
    let score = |wrong: Option<f64>| {
        let scores = (0..50).map(|row| if row == 43 { wrong } else { Some(0.5) });
        Arc::new(scores.collect::<Float64Array>())
    };
    assert_eq!(
        with(4, score(None)),
        "column `s`, row 44: empty, where every row needs a score"
    );
    assert_eq!(
        with(4, score(Some(f64::NAN))),
        "column `s`, row 44: not a finite number"
    );
    let labels = (0..50).map(|row| if row == 21 { None } else { Some(row % 2) });
    assert_eq!(
        with(2, Arc::new(labels.collect::<Int64Array>())),
        "column `y`, row 22: empty, where every row needs a label"
    );
    let labels = (0..50).map(|row| if row % 10 == 9 { 2 } else { row % 2 });
    assert_eq!(
        with(2, Arc::new(Int64Array::from_iter_values(labels))),
        "column `y`, row 10, row 20, row 30, row 40, row 50: `2`, where only `1` and one other value, here `0` can stand"
    );
    assert_eq!(
        with(0, Arc::new(TimestampMillisecondArray::from(vec![5; 50]))),
        "column `sex` has the type Timestamp(ms), which cannot be a group"
    );
}

#[test]
fn counts_evidence_may_be_parquet() {
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("sex", Arc::new(StringArray::from(vec![Some("f"), None]))),
        ("race", Arc::new(Int64Array::from(vec![1, 1]))),
        ("n", Arc::new(Int64Array::from(vec![5, 2]))),
        ("selected", Arc::new(Float64Array::from(vec![3.0, 0.0]))),
    ];
    let bytes = written(columns, WriterProperties::builder().build());
    let counted = read_with(bytes, &request(), &Limits::default()).unwrap();
    assert_eq!((counted.rows, counted.records, counted.missing), (7, 2, 2));
}

#[test]
fn a_file_that_is_cut_short_is_an_error_at_every_length() {
    let bytes = written(columns(&rows(30)), WriterProperties::builder().build());
    assert!(read_with(bytes.as_slice(), &request(), &Limits::default()).is_ok());
    for length in 4..bytes.len() {
        let error = read_with(&bytes[..length], &request(), &Limits::default()).unwrap_err();
        assert!(
            error.cause.to_string().contains("cut short"),
            "{length}: {error}"
        );
    }
}

#[test]
fn a_file_with_broken_bytes_never_panics() {
    let rows = rows(60);
    let properties = || {
        WriterProperties::builder()
            .set_max_row_group_row_count(Some(25))
            .set_compression(Compression::SNAPPY)
    };
    for properties in [properties(), properties().set_dictionary_enabled(false)] {
        let bytes = written(columns(&rows), properties.build());
        let mut refused = 0;
        for at in 4..bytes.len() {
            let mut broken = bytes.clone();
            broken[at] ^= [0x01, 0x80, 0xFF][at % 3];
            let limits = Limits {
                threads: 1,
                ..Limits::default()
            };
            refused += u32::from(read_with(broken, &request(), &limits).is_err());
        }
        assert!(refused > 500, "{refused}");
    }
}

#[test]
fn columns_that_nobody_asked_for_are_looked_at_for_what_is_personal() {
    let mut columns = columns(&rows(200));
    let day = |row: i32| (row % 60) * 365 + row;
    let born = (0..200).map(|row| Some(day(row) - 20_000));
    let mail = (0..200).map(|row| Some(format!("u{row}@mail.example")));
    columns.push((
        "since",
        Arc::new(born.collect::<arrow_array::Date32Array>()),
    ));
    columns.push(("contact", Arc::new(mail.collect::<StringArray>())));
    columns.push(("surname", Arc::new(BooleanArray::from(vec![true; 200]))));
    let bytes = written(columns, WriterProperties::builder().build());
    let counted = read_with(bytes, &request(), &Limits::default()).unwrap();
    let found: Vec<&str> = counted
        .personal
        .iter()
        .map(|found| found.column.as_str())
        .collect();
    assert_eq!(found, ["since", "contact", "surname"]);
}
