//! A page in the making: blocks with an empty line between them.

use std::fmt::{Display, Write as _};

use super::escape::code_block;

/// What stands at the top of every page.
const MARK: &str =
    "<!-- Generated from the policies; `BLESS=1 cargo test --test docs` writes it. -->";

pub(super) struct Page(String);

impl Page {
    /// A page with this heading.
    pub(super) fn new(heading: &str) -> Self {
        let mut page = Self(format!("{MARK}\n"));
        page.block(format_args!("# {heading}"));
        page
    }

    pub(super) fn section(&mut self, heading: &str) {
        self.block(format_args!("## {heading}"));
    }

    /// A paragraph.
    pub(super) fn block(&mut self, text: impl Display) {
        // Writing to a string cannot fail.
        let _ = write!(self.0, "\n{text}\n");
    }

    pub(super) fn code(&mut self, language: &str, code: &str) {
        self.block(code_block(language, code));
    }

    /// A list; further lines of an item belong to it.
    pub(super) fn list(&mut self, items: impl IntoIterator<Item = String>) {
        self.0.push('\n');
        for item in items {
            for (index, line) in item.lines().enumerate() {
                let indent = if index == 0 { "- " } else { "  " };
                let line = format!("{indent}{line}");
                self.0.push_str(line.trim_end());
                self.0.push('\n');
            }
        }
    }

    /// A table of cells that are escaped already.
    pub(super) fn table<const N: usize>(
        &mut self,
        names: [&str; N],
        rows: impl IntoIterator<Item = [String; N]>,
    ) {
        self.0.push('\n');
        self.row(&names);
        self.row(&["---"; N]);
        for row in rows {
            self.row(&row);
        }
    }

    fn row(&mut self, cells: &[impl AsRef<str>]) {
        self.0.push('|');
        for cell in cells {
            let cell = cell.as_ref();
            let _ = match cell {
                "" => write!(self.0, " |"),
                cell => write!(self.0, " {cell} |"),
            };
        }
        self.0.push('\n');
    }

    pub(super) fn finish(self) -> String {
        self.0
    }
}
