//! Readers of prediction files: what they count, and what they refuse, by row and column.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    clippy::format_collect,
    clippy::format_push_string,
    reason = "a test that cannot be set up has failed, and its tables are small"
)]

use launchgate::evidence::table::{Counted, Limits, Literal, Request, TableError, count};
use std::collections::BTreeMap;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};

use camino::{Utf8Path, Utf8PathBuf};
use flate2::Compression;
use flate2::write::GzEncoder;
use launchgate::files::{FileKind, Files, FolderEntry, Memory, Opened};
use proptest::prelude::*;

const FILE: &str = "/e/predictions.csv";

fn request() -> Request {
    Request {
        label: Some("y".into()),
        prediction: Some("p".into()),
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

fn read(bytes: impl Into<Vec<u8>>) -> Result<Counted, TableError> {
    read_with(bytes, &request(), &Limits::default())
}

/// Groups as `key: n selected tp fp tn fn`.
fn groups(counted: &Counted) -> Vec<String> {
    let groups = counted.counts.groups.iter();
    groups
        .map(|group| {
            let key: Vec<&str> = group
                .key
                .iter()
                .map(|value| value.as_deref().unwrap_or("-"))
                .collect();
            let tally = group.tally;
            let cells = tally.confusion.map_or_else(String::new, |cells| {
                format!(" {} {} {} {}", cells.tp, cells.fp, cells.tn, cells.fn_)
            });
            format!("{}: {} {}{cells}", key.join("/"), tally.n, tally.selected)
        })
        .collect()
}

fn refused(bytes: impl Into<Vec<u8>>) -> String {
    let error = read(bytes).unwrap_err().to_string();
    error
        .strip_prefix("/e/predictions.csv: ")
        .unwrap()
        .to_owned()
}

#[test]
fn rows_are_counted_by_group() {
    let counted = read("sex,race,y,p\nf,a,1,1\nf,a,0,1\nm,a,1,0\nf,,0,0\nf,a,1,1\n").unwrap();
    assert_eq!(
        groups(&counted),
        ["f/-: 1 0 0 0 1 0", "f/a: 3 3 2 1 0 0", "m/a: 1 0 0 0 0 1"]
    );
    assert_eq!((counted.rows, counted.missing), (5, 1));
}

#[test]
fn the_digest_is_that_of_the_file() {
    let counted = read("sex,race,y,p\nf,a,1,1\n").unwrap();
    assert_eq!(
        &*counted.sha256,
        "dab8a58102b98badb0eb4a3869854e097ddcc2568492105f75498294a22a32de"
    );
}

#[test]
fn every_way_to_write_the_same_table_counts_the_same() {
    let plain = read("sex,race,y,p\nf,\"a, b\",1,1\nm,c,0,1\n").unwrap();
    for text in [
        "\u{FEFF}sex,race,y,p\nf,\"a, b\",1,1\nm,c,0,1\n",
        "\u{FEFF}\"sex\",race,y,p\nf,\"a, b\",1,1\nm,c,0,1",
        "sex,race,y,p\r\nf,\"a, b\",1,1\r\nm,c,0,1\r\n",
        "p,extra,race,sex,y\n1,\"x\ny\",\"a, b\",f,1\n\n1,,c,m,0\n",
        "sex,race,y,p\nf,\"a, b\",1.0,True\nm,c,0,1\n"
            .replace("True", "01")
            .as_str(),
    ] {
        assert_eq!(read(text).unwrap().counts, plain.counts, "{text:?}");
    }
}

#[test]
fn what_is_wrong_is_named_by_row_line_and_column() {
    for (text, wanted) in [
        ("", "it is empty"),
        ("sex,race,y,p\n", "it has a header and no rows"),
        ("sex,race,y,p", "it has a header and no rows"),
        (
            "sex,race,y,p\nf,a,1,1\nf,a,1\nf,\"a\nb\",1,1\nf,a,1,1,1\n",
            "row 2 (line 3), row 4 (line 6): another number of fields than the 4 of the header, 3 in the first of them",
        ),
        (
            "sex,race,y,p\r\nf,a,1,1\r\n\r\nf,a,,1\r\n",
            "column `y`, row 2 (line 4): empty, where every row needs a label",
        ),
        (
            "sex,race,y,p\nf,a,1,0\nf,a,1,2\n",
            "column `p`, row 2 (line 3): `2`, where only `1` and one other value, here `0` can stand",
        ),
        (
            "sex,race,y,q\nf,a,1,0\n",
            "it has no column `p` (asked for as a prediction)",
        ),
        ("sex,sex,y,p\nf,a,1,0\n", "it has the column `sex` 2 times"),
        (
            "sex;race;y;p\nf;a;1;0\n",
            "its fields are parted by semicolons, not by commas",
        ),
        (
            "1,2,3,4\n1,2,3,4\n",
            "it has no header: its first record has nothing but numbers and empty fields",
        ),
        (
            "sex,race,y,p\nf,a,1,0\nf,a\"b,1,0\n",
            "row 2 (line 3): a quote inside a field that does not begin with one; such a field must be quoted, and the quote doubled",
        ),
        (
            "sex,race,y,p\nf,a,1,0\nf,\"ab,1,0\n",
            "row 2 (line 3): a quoted field that never ends",
        ),
        (
            "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 5\n",
            "it is a pointer of Git LFS, not the file itself; fetch it with `git lfs pull`",
        ),
    ] {
        assert_eq!(refused(text), wanted, "{text:?}");
    }
}

#[test]
fn bytes_that_are_no_text_are_named() {
    assert_eq!(
        refused(&b"sex,race,y,p\nf,\xFF,1,1\nf,a,1,1\nf\0,a,1,1\n"[..]),
        "column `sex`, row 3 (line 4): not UTF-8, or a NUL"
    );
    // Where nobody asked, nobody minds.
    assert!(read(&b"sex,race,y,p,note\nf,a,1,1,\xFF\n"[..]).is_ok());
    let utf16: Vec<u8> = "\u{FEFF}sex,race\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(
        refused(utf16.clone()),
        "it is encoded in UTF-16, not in UTF-8; write it as UTF-8"
    );
    assert_eq!(
        refused(&utf16[2..]),
        "it is encoded in UTF-16, not in UTF-8; write it as UTF-8"
    );
}

#[test]
fn the_unfavourable_value_may_be_stated() {
    let stated = Request {
        favourable: Literal::from("yes"),
        unfavourable: Some(Literal::from("no")),
        ..request()
    };
    let limits = Limits::default();
    let text = "sex,race,y,p\nf,a,yes,no\nf,a,maybe,maybe\nf,a,no,yes\n";
    let error = read_with(text, &stated, &limits).unwrap_err();
    assert_eq!(
        error.cause.to_string(),
        "column `y`, row 2 (line 3): a text of 5 characters, where `yes` and `no` are the values stated"
    );
    let text = text.replace("maybe", "no");
    assert_eq!(
        groups(&read_with(text, &stated, &limits).unwrap()),
        ["f/a: 3 1 0 1 1 1"]
    );
}

#[test]
fn too_many_groups_look_like_an_id() {
    let rows: String = (0..50).map(|row| format!("f,{row},1,1\n")).collect();
    let limits = Limits {
        groups: 49,
        ..Limits::default()
    };
    let error = read_with(format!("sex,race,y,p\n{rows}"), &request(), &limits).unwrap_err();
    assert_eq!(
        error.cause.to_string(),
        "there are more than 49 groups: `race` looks like an id, not like an attribute"
    );
}

#[test]
fn counts_evidence_gives_what_its_rows_give() {
    let rows = read("sex,race,y,p\nf,a,1,1\nf,a,0,1\nm,a,1,0\nf,,0,0\nf,a,1,1\n").unwrap();
    let text =
        "race,n,sex,selected,tp,fp,tn,fn\na,3,f,3,2,1,0,0\na,1,m,0,0,0,0,1.0\n,1,f,0,0,0,1,0\n";
    let counts = read(text).unwrap();
    assert_eq!(counts.counts, rows.counts);
    assert_eq!((counts.rows, counts.missing, counts.records), (5, 1, 3));
}

#[test]
fn counts_that_do_not_add_up_are_refused() {
    let header = "sex,race,n,selected,tp,fp,tn,fn\nf,b,1,1,1,0,0,0\n";
    for (record, wanted) in [
        (
            "f,a,9,1,1,0,0,1",
            "`n` is 9, which is not the sum of `tp`, `fp`, `tn` and `fn`",
        ),
        (
            "f,a,2,2,1,0,0,1",
            "`selected` is 2, which is not the sum of `tp` and `fp`",
        ),
        ("f,a,-2,1,1,0,0,1", "`n` is negative"),
        ("f,a,2,1,0.5,0.5,0,1", "`tp` is a fraction"),
        ("f,a,2,1,,1,0,1", "`tp` is empty"),
        (
            "f,a,0,0,0,0,0,0",
            "`n` is 0; a group without rows has no record",
        ),
        (
            "f,b,2,1,1,0,0,1",
            "the same group stands in an earlier record",
        ),
    ] {
        assert_eq!(
            refused(format!("{header}{record}\n")),
            format!("row 2 (line 3): {wanted}")
        );
    }
    assert_eq!(
        refused("sex,race,n,selected,tp,fp,tn\nf,a,1,1,1,0,0\n"),
        "it has no column `fn` (asked for as a count); did you mean `n`?"
    );
}

fn with_score() -> Request {
    Request {
        score: Some("s".into()),
        ..request()
    }
}

/// Rows whose scores are all different, mixed up; `split` of them to a group.
fn scored(rows: u64) -> String {
    let rows = (0..rows).map(|row| {
        let mixed = row.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let (sex, race) = (
            ["f", "m"][(mixed >> 20) as usize % 2],
            ["a", "b", ""][(mixed >> 30) as usize % 3],
        );
        let score = (mixed >> 11) as f64 / (1_u64 << 53) as f64;
        format!(
            "{sex},{race},{},{},{score}\n",
            (mixed >> 40) % 2,
            (mixed >> 50) % 2
        )
    });
    format!("sex,race,y,p,s\n{}", rows.collect::<String>())
}

#[test]
fn scores_are_the_same_in_one_pass_and_in_many() {
    let text = scored(3000);
    let at_once = read_with(text.as_str(), &with_score(), &Limits::default()).unwrap();
    assert_eq!(at_once.scores[0].groups.len(), 6);
    let rows: u64 = at_once.scores[0].groups.iter().map(|group| group.n).sum();
    assert_eq!(rows, 3000);
    for threads in [1, 2, 3] {
        let limits = Limits {
            cells: 700,
            threads,
            ..Limits::default()
        };
        let counted = read_with(text.as_str(), &with_score(), &limits).unwrap();
        assert_eq!(counted, at_once, "{threads} threads");
    }
}

#[test]
fn many_rows_of_few_scores_take_no_more_memory_than_one() {
    // One score of more rows than fit, between two others.
    let mut text = "sex,race,y,p,s\n".to_owned();
    for row in 0..2000 {
        let score = match row % 100 {
            0 => "0.25".to_owned(),
            1 => format!("0.5000000000{row}"),
            _ => "0.5".to_owned(),
        };
        text += &format!("f,{},{},1,{score}\n", row % 3, row % 2);
    }
    let at_once = read_with(text.as_str(), &with_score(), &Limits::default()).unwrap();
    let limits = Limits {
        cells: 200,
        ..Limits::default()
    };
    assert_eq!(
        read_with(text.as_str(), &with_score(), &limits).unwrap(),
        at_once
    );
}

#[test]
fn scores_over_parts_of_the_attributes_are_those_of_the_table_without_the_others() {
    let text = scored(500);
    let both = Request {
        score_over: vec![
            vec!["race".into()],
            vec!["sex".into(), "race".into()],
            vec![],
        ],
        ..with_score()
    };
    let all = read_with(text.as_str(), &both, &Limits::default()).unwrap();
    let race = Request {
        by: vec!["race".into()],
        ..with_score()
    };
    let race = read_with(text.as_str(), &race, &Limits::default()).unwrap();
    let mut wanted = race.scores[0].clone();
    // Bins and sums are added up in the order of the finer groups.
    for (group, has) in wanted.groups.iter_mut().zip(&all.scores[0].groups) {
        assert!((group.sum - has.sum).abs() < 1e-9);
        assert_eq!(
            group.labelled.as_ref().unwrap().area(),
            has.labelled.as_ref().unwrap().area()
        );
        assert_eq!(
            (&group.key, group.n, group.above_median),
            (&has.key, has.n, has.above_median)
        );
    }
    assert_eq!(all.scores[2].groups.len(), 1);
    assert_eq!(all.scores[2].groups[0].above_median, 250);
}

#[test]
fn scores_that_are_none_are_named() {
    let limits = Limits::default();
    for (score, wanted) in [
        (
            "",
            "column `s`, row 2 (line 3): empty, where every row needs a score",
        ),
        ("nan", "column `s`, row 2 (line 3): not a finite number"),
        ("inf", "column `s`, row 2 (line 3): not a finite number"),
        (
            "0,5",
            "row 2 (line 3): another number of fields than the 5 of the header, 6 in the first of them",
        ),
        ("\"0,5\"", "column `s`, row 2 (line 3): not a finite number"),
    ] {
        let text = format!("sex,race,y,p,s\nf,a,1,1,0.5\nf,a,1,1,{score}\n");
        let error = read_with(text, &with_score(), &limits).unwrap_err();
        assert_eq!(error.cause.to_string(), wanted);
    }
}

#[test]
fn sums_of_scores_come_from_counts_as_well() {
    let counted = read_with(
        "sex,race,n,selected,score_sum,score_sum_sq,above_median\nf,a,2,1,1.5,1.25,1\nm,a,2,1,0.5,0.25,0\n",
        &Request { score_over: vec![vec!["race".into()]], ..with_score() },
        &Limits::default(),
    )
    .unwrap();
    let group = &counted.scores[0].groups[0];
    assert_eq!(
        (group.n, group.sum, group.sum_of_squares, group.above_median),
        (4, 2.0, 1.5, 1)
    );
}

#[test]
fn quantities_are_summed_up() {
    let request = Request {
        quantities: true,
        ..Request {
            by: vec!["sex".into()],
            ..request()
        }
    };
    let text = "sex,y,p\nf,1,2.5\nm,10,9\nf,3,2\n";
    let counted = read_with(text, &request, &Limits::default()).unwrap();
    let moments = counted.moments.unwrap().groups[0].moments;
    assert_eq!(
        (
            moments.n,
            moments.sum,
            moments.sum_of_squares,
            moments.sum_label,
            moments.absolute_error,
            moments.squared_error
        ),
        (2, 4.5, 10.25, 4.0, 2.5, 3.25)
    );
    assert_eq!(counted.counts.groups[0].tally.n, 2);
}

#[test]
fn columns_that_look_personal_are_told_without_their_values() {
    let rows: String = (0..300)
        .map(|row| {
            format!(
                "f,a,1,{},u{row}@mail.example,{}-03-{:02},x{row}\n",
                row % 2,
                1940 + row % 60,
                1 + row % 28
            )
        })
        .collect();
    let text = format!("sex,race,y,p,contact,since,Surname\n{rows}");
    let found: Vec<String> = read(text)
        .unwrap()
        .personal
        .iter()
        .map(|found| format!("{} {} {:?}", found.column, found.looks_like, found.by))
        .collect();
    assert_eq!(
        found,
        [
            "contact e-mail addresses Values",
            "since birth dates Values",
            "Surname names Header"
        ]
    );
    // What is asked for is there on purpose, whatever it is called.
    let named = Request {
        by: vec!["birth".into()],
        ..request()
    };
    let counted = read_with("birth,y,p\nabroad,1,0\n", &named, &Limits::default()).unwrap();
    assert_eq!(counted.personal, []);
}

#[test]
fn what_may_have_been_meant_as_missing_is_told() {
    let counted = read("sex,race,y,p\nNA,a,1,1\nNA,b,0,1\nf,null,1,0\nf,a,0,0\n").unwrap();
    let told: Vec<String> = counted
        .look_alikes
        .iter()
        .map(|like| format!("{} {} {}", like.column, like.value, like.rows))
        .collect();
    assert_eq!(
        (told, counted.missing),
        (vec!["sex NA 2".into(), "race null 1".into()], 0)
    );
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn gzip_is_read_by_what_it_is_not_by_its_name() {
    let text = scored(2000);
    let plain = read_with(text.as_str(), &with_score(), &Limits::default()).unwrap();
    let whole = gzip(text.as_bytes());
    let (head, tail) = text.split_at(777);
    let members = [gzip(head.as_bytes()), gzip(tail.as_bytes())].concat();
    for bytes in [whole, members] {
        let counted = read_with(bytes.as_slice(), &with_score(), &Limits::default()).unwrap();
        assert_eq!(
            (&counted.counts, &counted.scores),
            (&plain.counts, &plain.scores)
        );
        // The digest is of the file, as `sha256sum` has it.
        assert_eq!(counted.bytes, bytes.len() as u64);
        assert_ne!(counted.sha256, plain.sha256);
    }
}

#[test]
fn broken_gzip_is_an_error_at_every_length() {
    let bytes = gzip(scored(40).as_bytes());
    for length in 2..bytes.len() {
        let error = refused(&bytes[..length]);
        assert!(error == "its gzip data is cut short", "{length}: {error}");
    }
    let mut broken = bytes.clone();
    let end = broken.len() - 8;
    broken[end] ^= 1;
    assert_eq!(refused(broken), "its gzip data is broken");
    assert_eq!(
        refused([bytes, b"and then something that is no gzip".to_vec()].concat()),
        "its gzip data is broken"
    );
}

#[test]
fn what_comes_out_of_a_small_file_has_the_same_limit() {
    let rows = "f,a,1,1\n".repeat(100_000);
    let bytes = gzip(format!("sex,race,y,p\n{rows}").as_bytes());
    assert!(bytes.len() < 10_000);
    let limits = Limits {
        bytes: 500_000,
        ..Limits::default()
    };
    assert_eq!(
        read_with(bytes, &request(), &limits)
            .unwrap_err()
            .cause
            .to_string(),
        "what comes out of it unpacked has more than 500000 bytes, which is the limit"
    );
    let error = read_with(format!("sex,race,y,p\n{rows}"), &request(), &limits).unwrap_err();
    assert_eq!(
        error.cause.to_string(),
        "it has more than 500000 bytes, which is the limit"
    );
}

/// One file that is another each time it is read from its beginning, from the given time on.
struct Changing {
    contents: [Vec<u8>; 2],
    from: usize,
}

struct ChangingContent {
    contents: [Vec<u8>; 2],
    from: usize,
    begun: AtomicUsize,
    now: Cursor<Vec<u8>>,
}

impl Read for ChangingContent {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.now.read(buffer)
    }
}

impl Seek for ChangingContent {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        if to == SeekFrom::Start(0) {
            let times = self.begun.fetch_add(1, Ordering::Relaxed);
            let which = usize::from(times >= self.from);
            self.now = Cursor::new(self.contents[which].clone());
        }
        self.now.seek(to)
    }
}

impl Files for Changing {
    fn stat(&self, _: &Utf8Path) -> io::Result<FileKind> {
        Ok(FileKind::File)
    }
    fn stat_link(&self, path: &Utf8Path) -> io::Result<FileKind> {
        self.stat(path)
    }
    fn canonical(&self, path: &Utf8Path) -> io::Result<Utf8PathBuf> {
        Ok(path.to_owned())
    }
    fn read(&self, _: &Utf8Path, _: u64) -> io::Result<Vec<u8>> {
        Ok(self.contents[0].clone())
    }
    fn open(&self, _: &Utf8Path) -> io::Result<Opened> {
        let content = ChangingContent {
            contents: self.contents.clone(),
            from: self.from,
            begun: AtomicUsize::new(0),
            now: Cursor::new(self.contents[0].clone()),
        };
        Ok(Opened {
            content: Box::new(content),
            bytes: self.contents[0].len() as u64,
        })
    }
    fn list(&self, _: &Utf8Path) -> io::Result<Vec<FolderEntry>> {
        Ok(Vec::new())
    }
}

#[test]
fn a_file_that_changes_while_it_is_read_is_an_error() {
    let text = scored(2000);
    let flipped = text.replacen(",1,0,", ",0,1,", 1);
    let renamed = text.replacen("y,p", "p,y", 1);
    let longer = format!("{text}f,a,1,1,0.5\n");
    let limits = Limits {
        cells: 300,
        ..Limits::default()
    };
    let mut seen = 0;
    for other in [flipped, renamed, longer] {
        for from in 1..6 {
            let files = Changing {
                contents: [text.clone().into(), other.clone().into()],
                from,
            };
            match count(&files, FILE.into(), &with_score(), &limits, &|_| ()) {
                Err(error) => {
                    assert_eq!(
                        error.cause.to_string(),
                        "it changed while it was read",
                        "{from}"
                    );
                    seen += 1;
                }
                // It had changed before the first byte was counted, and stayed so.
                Ok(counted) => {
                    let now = read_with(other.as_str(), &with_score(), &Limits::default()).unwrap();
                    assert_eq!((counted.sha256, counted.counts), (now.sha256, now.counts));
                }
            }
        }
    }
    assert!(seen >= 9, "{seen}");
}

#[test]
fn a_folder_and_nothing_are_no_files() {
    let files = Memory::new([("/e/a/b.csv", "x")]);
    for (path, wanted) in [
        ("/e/a", "it is not a regular file"),
        ("/e/c", "nothing is there"),
    ] {
        let error = count(&files, path.into(), &request(), &Limits::default(), &|_| ());
        assert_eq!(error.unwrap_err().to_string(), format!("{path}: {wanted}"));
    }
}

#[derive(Clone, Debug)]
struct Row {
    sex: &'static str,
    race: &'static str,
    label: bool,
    prediction: bool,
    note: String,
    score: u8,
}

fn row() -> impl Strategy<Value = Row> {
    let sex = prop::sample::select(vec!["f", "m", ""]);
    let race = prop::sample::select(vec!["a", "b, c", "d\n\"e\"", "é"]);
    (
        sex,
        race,
        any::<bool>(),
        any::<bool>(),
        "[a\",\r\n ]{0,6}",
        any::<u8>(),
    )
        .prop_map(|(sex, race, label, prediction, note, score)| Row {
            sex,
            race,
            label,
            prediction,
            note,
            score,
        })
}

fn quoted(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

fn table(rows: &[Row], end: &str) -> String {
    let mut text = format!("note,sex,race,y,p,s{end}");
    for row in rows {
        let (y, p) = (u8::from(row.label), u8::from(row.prediction));
        let score = f64::from(row.score) / 7.0;
        text += &format!(
            "{},{},{},{y},{p},{score}{end}",
            quoted(&row.note),
            row.sex,
            quoted(row.race)
        );
    }
    text
}

/// Counted the simple way.
fn naive(rows: &[Row]) -> Vec<String> {
    let mut cells: BTreeMap<[&str; 2], [u64; 4]> = BTreeMap::new();
    for row in rows {
        let at = 2 * usize::from(row.label) + usize::from(row.prediction);
        cells.entry([row.sex, row.race]).or_default()[at] += 1;
    }
    let line = |([sex, race], [tn, fp, fn_, tp]): ([&str; 2], [u64; 4])| {
        let sex = if sex.is_empty() { "-" } else { sex };
        format!(
            "{sex}/{race}: {} {} {tp} {fp} {tn} {fn_}",
            tn + fp + fn_ + tp,
            tp + fp
        )
    };
    cells.into_iter().map(line).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn neither_order_nor_chunks_nor_threads_matter(
        rows in prop::collection::vec(row(), 1..40),
        chunk in 1usize..300,
        threads in 1usize..4,
        crlf in any::<bool>(),
        turn in 0usize..40,
    ) {
        // Both values must occur, or it is not known which the other one is: that is another test.
        let text = table(&rows, if crlf { "\r\n" } else { "\n" });
        let limits = Limits { chunk, threads, ..Limits::default() };
        let counted = read_with(text.as_str(), &with_score(), &limits).unwrap();
        prop_assert_eq!(groups(&counted), naive(&rows));
        prop_assert_eq!(counted.rows, rows.len() as u64);
        let mut turned = rows.clone();
        turned.rotate_left(turn % rows.len());
        turned.reverse();
        let again = read_with(table(&turned, "\n"), &with_score(), &Limits::default()).unwrap();
        prop_assert_eq!(&again.counts, &counted.counts);
        prop_assert_eq!(&again.scores, &counted.scores);
    }

    #[test]
    fn what_is_wrong_is_in_the_same_row_for_all_chunks_and_threads(
        rows in prop::collection::vec(row(), 1..30),
        at in 0usize..30,
        wrong in prop::sample::select(vec!["x,f,a,1,1,0.5,7", "x,f,a,,1,0.5", "x,f,a,1,1,inf", "x,f,a,9,1,0.5", "x\"y,f,a,1,1,0.5", "\"x"]),
        chunk in 1usize..300,
        threads in 1usize..4,
    ) {
        let at = at % rows.len();
        let (before, after) = rows.split_at(at);
        let text = format!("{}{wrong}\n{}", table(before, "\n"), table(after, "\n").split_once('\n').unwrap().1);
        let stated = Request { unfavourable: Some(Literal::Int(0)), ..with_score() };
        let whole = read_with(text.as_str(), &stated, &Limits::default()).unwrap_err().to_string();
        let limits = Limits { chunk, threads, ..Limits::default() };
        let parts = read_with(text.as_str(), &stated, &limits).unwrap_err().to_string();
        prop_assert_eq!(&whole, &parts);
        // A quote that is never closed swallows what follows, to the next quote.
        if !wrong.starts_with('"') {
            let line = 2 + table(before, "\n").matches('\n').count() - 1;
            let place = format!("row {} (line {line})", at + 1);
            prop_assert!(whole.contains(&place), "{}: {}", place, whole);
        }
    }

    #[test]
    fn any_bytes_give_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..300), chunk in 1usize..50) {
        let limits = Limits { chunk, ..Limits::default() };
        let head = b"sex,race,y,p\n";
        let _ = read_with(bytes.as_slice(), &request(), &limits);
        let _ = read_with([head.as_slice(), &bytes].concat(), &request(), &limits);
    }
}
