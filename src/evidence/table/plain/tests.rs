//! What is read by columns is what the parser of RFC 4180 reads, to the row and the line.

use std::fmt::Write as _;

use ::csv::ByteRecord;
use proptest::prelude::*;

use super::super::csv::{Consumer, parse};
use super::super::part::Part;
use super::super::plan::Plan;
use super::super::request::{Limits, Request};
use super::super::scores::Seen;
use super::super::shard::Shard;
use super::*;

/// Pieces so short that tables of a few rows have several.
const SHORT: usize = 24;

fn plan(score: bool, limits: &Limits) -> Plan {
    let header = ["a", "y", "unused", "p", "b"].map(str::to_owned).to_vec();
    let request = Request {
        label: Some("y".to_owned()),
        prediction: Some("p".to_owned()),
        score: score.then(|| "unused".to_owned()),
        ..Request::by(["a", "b"])
    };
    Plan::new(header, &request, limits).unwrap()
}

fn short(plan: &Plan) -> Plain {
    Plain {
        piece: SHORT,
        ..Plain::new(plan.header.len(), plan.columns())
    }
}

/// All that comes of some chunks.
fn counted(plan: &Plan, chunks: &[Vec<u8>], mut plain: Option<Plain>) -> String {
    let mut shard = Shard::new(plan, 1);
    let mut whole = Part::default();
    for (number, chunk) in (0..).zip(chunks) {
        shard.begin(number);
        whole.append(&parse(chunk, &mut shard, plain.as_mut()));
    }
    let sample = shard.take_sample();
    let overflow = shard.overflow;
    let (groups, seen) = shard.into_groups();
    let name = |group: u32| &groups[group as usize].0;
    let scores = seen.iter().flat_map(Seen::cells);
    let mut scores: Vec<_> = scores
        .map(|(score, group, rows)| (score, name(group), rows))
        .collect();
    scores.sort_unstable();
    // Groups are numbered as they occur, which is in another order by columns than by rows.
    let cells = groups.iter().map(|(key, sums)| (key, sums.cells));
    let mut counts: Vec<_> = cells.filter(|(_, cells)| *cells != [0; 4]).collect();
    counts.sort_unstable();
    let verdict = whole.verdict(plan);
    let (rows, lines) = (whole.rows, whole.lines);
    if verdict.is_err() || overflow {
        // The file is refused: only why counts.
        return format!("{rows} {lines} {overflow} {verdict:?}");
    }
    let others = whole.others;
    format!("{rows} {lines} {counts:?} {others:?} {scores:?} {sample:?}")
}

/// Counts so, and both ways alike.
fn alike(plan: &Plan, chunks: &[Vec<u8>]) -> String {
    let by_records = counted(plan, chunks, None);
    let long = Plain::new(plan.header.len(), plan.columns());
    assert_eq!(counted(plan, chunks, Some(long)), by_records);
    assert_eq!(counted(plan, chunks, Some(short(plan))), by_records);
    by_records
}

/// How many records came one by one.
struct OneByOne<'p>(Shard<'p>, u64);

impl Consumer for OneByOne<'_> {
    type Part = Part;

    fn columns(&self) -> Option<Vec<usize>> {
        self.0.columns()
    }

    fn number(&self, column: usize) -> bool {
        self.0.number(column)
    }

    fn batch(&mut self, wanted: &[usize], columns: &[Column<'_>], rows: usize, at: Place) -> bool {
        self.0.batch(wanted, columns, rows, at)
    }

    fn record(&mut self, record: &ByteRecord, place: Place) {
        self.1 += 1;
        self.0.record(record, place);
    }

    fn finish(&mut self, rows: u64, lines: u64) -> Part {
        self.0.finish(rows, lines)
    }
}

fn one_by_one(text: &str) -> u64 {
    let limits = Limits::default();
    let plan = plan(false, &limits);
    let mut consumer = OneByOne(Shard::new(&plan, 1), 0);
    let mut plain = short(&plan);
    parse(text.as_bytes(), &mut consumer, Some(&mut plain));
    consumer.1
}

#[test]
fn plain_rows_come_by_columns_and_others_one_by_one() {
    let plain = "f,1,x,0,\r\nm,0,,1,north\n".repeat(40);
    assert_eq!(one_by_one(&plain), 0);
    assert_eq!(one_by_one(&format!("{plain}f,1,x,0,north")), 1);
    let long = "f,1,x,0,a-region-of-a-long-name\n";
    assert_eq!(one_by_one(long), 1, "longer than a piece");
    assert_eq!(one_by_one(&format!("{plain}\"f\",1,x,0,n\n")), 1);
    // A piece is as much as one row falls back with.
    let odd = one_by_one(&format!("{plain}f,1,x,0\n{plain}"));
    assert!((1..=3).contains(&odd), "{odd}");
}

#[test]
fn a_table_that_is_never_plain_is_not_tried_for_ever() {
    let limits = Limits::default();
    let plan = plan(false, &limits);
    let mut plain = short(&plan);
    let text = "f,1,x,0\n".repeat(200);
    let mut shard = Shard::new(&plan, 1);
    parse(text.as_bytes(), &mut shard, Some(&mut plain));
    assert_eq!(plain.failures, PATIENCE);
    assert_eq!(plain.piece(text.as_bytes()), 0);
}

#[test]
fn values_that_begin_and_end_alike_are_told_apart() {
    let plan = plan(false, &Limits::default());
    let mut text = String::new();
    for length in 0..20 {
        for middle in ["", "x", "y", "\0", "xx"] {
            let half = "abcdefghij".get(..length / 2).unwrap();
            writeln!(text, "{half}{middle}{half},1,,0,é").unwrap();
        }
    }
    text = text.replace('\0', "z");
    let all = alike(&plan, &[text.into_bytes()]);
    assert!(all.starts_with("100 100 "), "{all}");
}

#[test]
fn more_values_than_are_kept_are_counted_one_by_one() {
    let plan = plan(false, &Limits::default());
    let rows = (0..3 * VALUES).map(|row| format!("{row},1,,0,x\n"));
    let chunk = rows.collect::<String>().into_bytes();
    let all = alike(&plan, &[chunk]);
    assert!(all.starts_with("12288 12288 "));
}

fn cell() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "f",
        "m",
        "f",
        "m",
        "",
        "1",
        "0",
        "1",
        "0",
        "1.0",
        "2",
        "0.25",
        "north-north-west",
        "a very long name of a group",
        "\"q\"",
        "\"a,b\"",
        "\"x\ny\"",
        "\"\"",
        "\u{FEFF}",
        "é",
        "\0",
        " ",
        "0x",
        "\r",
    ])
}

fn plain_row() -> impl Strategy<Value = String> {
    let bit = || prop::sample::select(vec!["0", "1"]);
    let name = || {
        prop::sample::select(vec![
            "f",
            "m",
            "",
            "north-north-west",
            "nineteen-characters",
        ])
    };
    (name(), bit(), bit(), bit(), name())
        .prop_map(|(a, y, unused, p, b)| format!("{a},{y},{unused},{p},{b}"))
}

fn row() -> impl Strategy<Value = String> {
    prop_oneof![
        12 => plain_row(),
        1 => prop::collection::vec(cell(), 0..7).prop_map(|cells| cells.join(",")),
        1 => prop::collection::vec(cell(), 5).prop_map(|cells| cells.join(",")),
        1 => (plain_row(), cell()).prop_map(|(row, cell)| row.replacen('1', cell, 1)),
    ]
}

fn table() -> impl Strategy<Value = Vec<u8>> {
    let end = prop::sample::select(vec![
        "\n", "\n", "\n", "\r\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\r\r\n",
    ]);
    let mixed = prop::collection::vec((row(), end.clone()), 0..40);
    let even = (prop::collection::vec(plain_row(), 0..60), end)
        .prop_map(|(rows, end)| rows.into_iter().map(|row| (row, end)).collect::<Vec<_>>());
    (prop_oneof![mixed, even], any::<bool>()).prop_map(|(rows, cut)| {
        let mut text: String = rows
            .iter()
            .flat_map(|(row, end)| [row.as_str(), end])
            .collect();
        if cut {
            text.pop();
        }
        text.into_bytes()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn both_readers_agree(
        chunks in prop::collection::vec(table(), 1..4),
        score in any::<bool>(),
        groups in prop::sample::select(vec![3_usize, 100_000]),
        field in prop::sample::select(vec![16_usize, 1024]),
    ) {
        let limits = Limits { groups, field, ..Limits::default() };
        alike(&plan(score, &limits), &chunks);
    }

    #[test]
    fn both_readers_agree_on_any_bytes(
        bytes in prop::collection::vec(prop::sample::select(b"01f,,,,\n\n\r\" \0\xFF".to_vec()), 0..400),
    ) {
        alike(&plan(false, &Limits::default()), &[bytes]);
    }
}
