//! The pages of `explain`, as plain text.

use std::fmt::{Display, Write as _};

use super::checks::Asked;
use crate::finding::Outcome;
use crate::policy::{OffRule, RequirementText, Rule, read_rule};
use crate::value::NodeRef;

/// Columns of a page.
const WIDTH: usize = 80;

/// Everything that is to be said about a rule: what it asks and why, how it is decided, its
/// parameters, its examples, how to meet it and how to turn it off, or why it is off.
pub fn rule_page(rule: &Rule, off: Option<&OffRule>) -> String {
    let mut page = Page(String::new());
    page.line(&rule.id);
    page.line(&rule.title);
    page.blank();
    page.paragraph(&rule.description, "");
    page.blank();
    page.facts(rule);
    page.decided(rule);
    page.params(rule);
    page.examples(rule);
    if let Some(help) = &rule.help {
        page.heading("How to meet it");
        page.paragraph(help, "  ");
    }
    if !rule.references.is_empty() {
        page.heading("References");
        for reference in &*rule.references {
            page.line(format_args!("  {reference}"));
        }
    }
    page.turning_off(rule, off);
    page.0
}

/// The page of a check that needs no policy.
pub fn check_page(asked: Asked) -> String {
    let Asked { check, family } = asked;
    let mut page = Page(String::new());
    let (own, name) = check.id.split_once('/').unwrap_or((check.id, ""));
    let family = match family {
        None => own,
        Some(family) => family,
    };
    page.line(format_args!("{family}/{name}"));
    page.line(check.title);
    page.blank();
    page.paragraph(check.meaning, "");
    page.blank();
    let effect = match family {
        "document" => "a finding about the document; it blocks at every stage",
        "schema" => "a finding about the document; `launchgate schema KIND` prints the shape",
        _ => "the run ends with exit code 2: nothing may be concluded",
    };
    page.line(format_args!("  effect       {effect}"));
    page.line("  always on    whatever the packs; no config turns it off or lowers it");
    match family {
        "config" if own != family => page.line("  applies to   launchgate.yaml and the formats"),
        "policy" if own != family => page.line("  applies to   pack.yaml and rule files"),
        _ => {}
    }
    page.heading("How to mend it");
    page.paragraph(check.mend, "  ");
    page.0
}

struct Page(String);

impl Page {
    fn line(&mut self, text: impl Display) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "{text}");
    }

    fn blank(&mut self) {
        self.0.push('\n');
    }

    fn heading(&mut self, text: &str) {
        self.blank();
        self.line(text);
        self.blank();
    }

    /// Text wrapped at the page's width; blank lines part paragraphs.
    fn paragraph(&mut self, text: &str, indent: &str) {
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

    fn facts(&mut self, rule: &Rule) {
        let severity = if rule.severity == rule.default_severity {
            rule.severity.to_string()
        } else {
            format!("{} (by default {})", rule.severity, rule.default_severity)
        };
        self.line(format_args!("  severity     {severity}"));
        self.line(format_args!("  blocks from  {}", rule.blocks_from));
        self.line(format_args!(
            "  applies to   {}",
            rule.applies_to.join(", ")
        ));
        if !rule.controls.is_empty() {
            self.line(format_args!("  controls     {}", rule.controls.join(", ")));
        }
        match (rule.effective.from, rule.effective.until) {
            (Some(from), Some(until)) => {
                self.line(format_args!("  effective    from {from} until {until}"));
            }
            (Some(from), None) => self.line(format_args!("  effective    from {from}")),
            (None, Some(until)) => self.line(format_args!("  effective    until {until}")),
            (None, None) => {}
        }
        self.line(format_args!("  defined in   {}", rule.file.path()));
    }

    fn decided(&mut self, rule: &Rule) {
        self.heading("How it is decided");
        let texts = &rule.texts;
        if let Some(when) = &texts.when {
            self.line("  It applies to documents for which");
            self.code(when);
        }
        if let Some(for_each) = &texts.for_each {
            self.line("  It looks at each `item` of");
            self.code(for_each);
        }
        if let Some(filter) = &texts.filter {
            self.line("  for which");
            self.code(filter);
        }
        if texts.for_each.is_some() {
            let empty = match rule.on_empty {
                Outcome::Fail => "  An empty list fails.",
                Outcome::Pass => "  An empty list passes.",
                _ => "  Where the list is empty it does not apply.",
            };
            self.line(empty);
        }
        self.line("  All of these must hold:");
        for requirement in &texts.require {
            match requirement {
                RequirementText::Present(path) => {
                    self.line(format_args!("    `{path}` is filled in"));
                }
                RequirementText::Expression(text) => self.code(text),
                RequirementText::Schema { at, is } => {
                    self.line(format_args!("    `{at}` satisfies {is}"));
                }
            }
        }
        if rule.redact {
            self.line("  No output shows the values that it speaks of.");
        }
    }

    fn code(&mut self, text: &str) {
        for line in text.trim_end().lines() {
            self.line(format_args!("    {line}"));
        }
    }

    fn turning_off(&mut self, rule: &Rule, off: Option<&OffRule>) {
        if let Some(off) = off {
            self.heading("It is turned off");
            return self.paragraph(&off.reason, "  ");
        }
        self.heading("How to turn it off");
        if rule.locked {
            return self.paragraph(
                "The rule is locked: neither a config nor a waiver can lower it or turn it off.",
                "  ",
            );
        }
        self.paragraph(
            "In launchgate.yaml, with a reason that every report shows:",
            "  ",
        );
        self.blank();
        self.line("    rules:");
        self.line(format_args!(
            "      {}: {{ off: true, reason: why it does not apply here }}",
            rule.id
        ));
    }

    fn params(&mut self, rule: &Rule) {
        if rule.params.is_empty() {
            return;
        }
        self.heading("Parameters");
        for param in &rule.params {
            let value = written(param.value.node());
            let default = written(param.default.node());
            let shown = if value == default {
                value
            } else {
                format!("{value} (by default {default})")
            };
            self.line(format_args!(
                "  {} ({}): {shown}",
                param.name,
                param.ty.name()
            ));
            self.paragraph(&param.description, "    ");
        }
    }

    fn examples(&mut self, rule: &Rule) {
        let syntax = read_rule(rule.source());
        // One that passes and one that fails say it all; the others are tests.
        let shown: Vec<_> = ["pass", "fail"]
            .into_iter()
            .filter_map(|outcome| {
                syntax.examples.iter().find_map(|example| {
                    let expected = example.expected.first()?;
                    (expected.key == outcome).then_some((example.name, outcome, expected.value))
                })
            })
            .collect();
        if shown.is_empty() {
            return;
        }
        self.heading("Examples");
        for (index, (name, outcome, document)) in shown.into_iter().enumerate() {
            if index > 0 {
                self.blank();
            }
            let verdict = if outcome == "pass" { "passes" } else { "fails" };
            self.line(format_args!("  {name}: {verdict}"));
            self.blank();
            match document.as_str() {
                Some(text) => self.code(text),
                None => self.code(&dedented(document)),
            }
        }
    }
}

/// A value on one line: as it was written if it was, else in flow style.
fn written(node: NodeRef<'_>) -> String {
    if node.as_str().is_none() && node.scalar().is_some() {
        return node.raw().to_owned();
    }
    match node.as_str() {
        Some(text) => text.to_owned(),
        None => format!("{node:?}"),
    }
}

/// The lines of a block as they were written, moved to the left together.
fn dedented(node: NodeRef<'_>) -> String {
    let start = node.source().line_column(node.span().start).column as usize - 1;
    let mut text = String::new();
    for line in node.raw().lines() {
        let indent = line.len() - line.trim_start_matches(' ').len();
        text.push_str(line.get(indent.min(start)..).unwrap_or_default());
        text.push('\n');
    }
    text
}
