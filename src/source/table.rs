//! Tables as CSV (RFC 4180), for spreadsheets.

use super::display::one_line;

/// A table with a line of column names. Lines end with CR LF, as the RFC has it, and every cell is
/// one that a spreadsheet takes for text, see [`csv_cell`].
pub fn csv_table<const N: usize>(
    columns: &[&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> String {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    // Writing to memory cannot fail, and every record has as many fields as there are columns.
    let _ = writer.write_record(columns);
    for row in rows {
        let _ = writer.write_record(row.map(|text| csv_cell(&text)));
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// One cell, on one line: what a spreadsheet would take for a formula has a quote before it, as OWASP
/// has it for CSV injection, and so has what a build runner would obey at the start of a line.
pub fn csv_cell(text: &str) -> String {
    let mut cell = one_line(text);
    let formula = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    if cell.starts_with(formula) || cell.starts_with("::") {
        cell.insert(0, '\'');
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_compute_is_text() {
        for text in ["=1+1", "+1", "-1", "@x", "\t=1", "＝1", "::a::"] {
            assert_eq!(csv_cell(text), format!("'{}", text.trim()));
        }
        assert_eq!(csv_cell("a=1\nb"), "a=1 b");
    }

    #[test]
    fn a_cell_is_quoted_where_it_has_to_be() {
        let row = ["a \"b\", c".to_owned(), "d".to_owned()];
        let table = csv_table(&["one", "two"], std::iter::once(row));
        assert_eq!(table, "one,two\r\n\"a \"\"b\"\", c\",d\r\n");
    }
}
