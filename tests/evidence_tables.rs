//! Readers of prediction files: what they count, and what they refuse, by row and column.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use launchgate::evidence::table::{Counted, Limits, Literal, Request, TableError, count};
use launchgate::files::Memory;

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
            "it has no column `p` (asked for as a prediction); did you mean `q`?",
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
