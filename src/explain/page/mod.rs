//! The pages of `explain`, as plain text: one file a subject.
//!
//! What policies and catalogues say is made safe to print; a diagnostic that is handed in comes
//! from a renderer that did so, and may hold colours.

mod check;
mod control;
mod framework;
mod pack;
mod rule;

use std::fmt::{Display, Write as _};

use crate::source::display_safe;

pub use check::check_page;
pub use control::{ControlPage, control_page};
pub use framework::{FrameworkPage, framework_page};
pub use pack::pack_page;
pub use rule::{RulePage, rule_page};

/// Columns of a page.
const WIDTH: usize = 80;

/// A page in the making.
struct Page(String);

impl Page {
    /// A page that begins with what it is about.
    fn new(name: impl Display, title: &str) -> Self {
        let mut page = Self(String::new());
        page.line(name);
        page.line(title);
        page
    }

    fn line(&mut self, text: impl Display) {
        self.0.push_str(&display_safe(&text.to_string()));
        self.0.push('\n');
    }

    fn blank(&mut self) {
        self.0.push('\n');
    }

    fn heading(&mut self, text: &str) {
        self.blank();
        self.line(text);
        self.blank();
    }

    /// One line of the facts under the title.
    fn fact(&mut self, name: &str, text: impl Display) {
        self.line(format_args!("  {name:11}  {text}"));
    }

    /// Text wrapped at the page's width.
    fn paragraph(&mut self, text: &str, indent: &str) {
        let text = display_safe(text);
        let mut column = 0;
        for word in text.split_whitespace() {
            let length = word.chars().count();
            if column == 0 {
                self.0.push_str(indent);
                column = indent.len();
            } else if column + 1 + length > WIDTH {
                self.0.push('\n');
                self.0.push_str(indent);
                column = indent.len();
            } else {
                self.0.push(' ');
                column += 1;
            }
            self.0.push_str(word);
            column += length;
        }
        self.0.push('\n');
    }

    /// Lines as they are written.
    fn code(&mut self, text: &str) {
        for line in text.trim_end().lines() {
            if line.is_empty() {
                self.blank();
            } else {
                self.line(format_args!("    {line}"));
            }
        }
    }

    /// What a renderer drew, as it is.
    fn drawn(&mut self, text: &str) {
        for line in text.trim_end().lines() {
            if !line.is_empty() {
                let _ = write!(self.0, "    {line}");
            }
            self.0.push('\n');
        }
    }
}

/// `1 rule`, `2 rules`.
pub(super) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_policies_say_cannot_steer_a_terminal() {
        let mut page = Page::new("a\u{1b}[2Jb", "c\u{202E}d");
        page.paragraph("e\u{9b}f", "  ");
        page.code("g\rh");
        // What was drawn is safe already, and may be coloured.
        page.drawn("\u{1b}[31mred\u{1b}[0m\n\nline");
        assert_eq!(
            page.0,
            "a\u{FFFD}[2Jb\nc\u{FFFD}d\n  e\u{FFFD}f\n    g\u{FFFD}h\n\
                \x20   \u{1b}[31mred\u{1b}[0m\n\n    line\n"
        );
    }
}
