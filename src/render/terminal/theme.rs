//! Colours and drawing characters. Every colour is one of the terminal's own sixteen, so that they
//! follow the reader's theme; nothing is said by colour alone.

use std::fmt::Display;

use miette::{GraphicalReportHandler, GraphicalTheme, ThemeCharacters, ThemeStyles};

use super::TerminalOptions;
use crate::finding::Severity;

/// What a piece of text is, which decides its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A severity, and what it points at.
    Severity(Severity),
    /// A finding that does not block yet.
    Later,
    /// Something that holds.
    Pass,
    /// `help`.
    Help,
    /// What the eye shall rest on.
    Strong,
    /// What it may skip.
    Faint,
    /// Operands and other places.
    Related,
}

/// How to draw: made from [`TerminalOptions`], never from the environment.
#[derive(Debug)]
pub(super) struct Theme {
    styles: Option<ThemeStyles>,
    unicode: bool,
    /// Columns, within what is readable and what miette can draw.
    pub(super) width: usize,
}

impl Theme {
    /// Below 60 columns miette's arithmetic breaks; beyond 200 a line is no longer read.
    pub(super) fn new(options: &TerminalOptions) -> Self {
        Self {
            styles: options.color.then(ThemeStyles::ansi),
            unicode: options.unicode,
            width: options.width.clamp(60, 200),
        }
    }

    /// `text` in the colour of `role`.
    pub(super) fn paint(&self, role: Role, text: impl Display) -> String {
        let Some(styles) = &self.styles else {
            return text.to_string();
        };
        let plain = styles.linum.remove_all_effects();
        let style = match role {
            Role::Severity(Severity::Error) => styles.error.bold(),
            Role::Severity(Severity::Warning) | Role::Later => styles.warning.bold(),
            Role::Severity(Severity::Note) => plain.bright_blue().bold(),
            Role::Related => plain.bright_blue(),
            Role::Pass => plain.green().bold(),
            Role::Help => styles.help.bold(),
            Role::Strong => plain.bold(),
            Role::Faint => styles.linum,
        };
        style.style(text).to_string()
    }

    /// Whether more than ASCII can be drawn.
    pub(super) fn is_unicode(&self) -> bool {
        self.unicode
    }

    /// The mark of text left out.
    pub(super) fn ellipsis(&self) -> &'static str {
        if self.unicode { "…" } else { "..." }
    }

    /// What opens and closes a box that holds no line: the corners and the bar.
    pub(super) fn corners(&self) -> (char, char, char) {
        let characters = self.characters();
        (characters.ltop, characters.lbot, characters.hbar)
    }

    /// miette's handler for a picture whose labels have these roles, in order of their offsets.
    pub(super) fn handler(&self, roles: impl Iterator<Item = Role>) -> GraphicalReportHandler {
        let mut styles = ThemeStyles::none();
        if let Some(colors) = &self.styles {
            let plain = colors.linum.remove_all_effects();
            styles = colors.clone();
            styles.link = plain;
            styles.highlights = roles
                .map(|role| match role {
                    Role::Severity(Severity::Error) => colors.error.bold(),
                    Role::Severity(Severity::Warning) | Role::Later => colors.warning.bold(),
                    _ => plain.bright_blue(),
                })
                .collect();
            if styles.highlights.is_empty() {
                styles.highlights.push(plain);
            }
        }
        let theme = GraphicalTheme {
            characters: self.characters(),
            styles,
        };
        GraphicalReportHandler::new_themed(theme)
            .with_width(self.width)
            .with_wrap_lines(false)
            .with_links(false)
            .with_context_lines(1)
            .tab_width(4)
            .without_syntax_highlighting()
    }

    fn characters(&self) -> ThemeCharacters {
        if self.unicode {
            ThemeCharacters::unicode()
        } else {
            ThemeCharacters {
                underbar: '^',
                ..ThemeCharacters::ascii()
            }
        }
    }
}
