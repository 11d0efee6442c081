//! The page of a rule.

use jiff::civil::Date;

use super::Page;
use crate::explain::examples::Example;
use crate::finding::Outcome;
use crate::framework::Frameworks;
use crate::policy::{Effective, OffRule, RequirementText, Rule};
use crate::testing::Shown;

/// What the page of a rule is made of.
pub struct RulePage<'p> {
    /// The rule, as it holds in this run, or as its policy has it where it is off.
    pub rule: &'p Rule,
    /// Why it is off, if it is.
    pub off: Option<&'p OffRule>,
    /// The catalogues.
    pub frameworks: &'p Frameworks,
    /// The day for which it is said how the controls stand.
    pub as_of: Date,
    /// One example that passes and one that does not; see [`examples`](crate::explain::examples).
    pub examples: &'p [Example],
    /// Draws the findings of an example as `check` does; safe to print.
    pub draw: &'p dyn Fn(&Shown) -> String,
}

/// Everything that is to be said about a rule: what it asks and why, how it is decided, its
/// controls and parameters, its examples, how to meet it and how to turn it off, or why it is off.
pub fn rule_page(about: &RulePage<'_>) -> String {
    let rule = about.rule;
    let mut page = Page::new(&rule.id, &rule.title);
    page.blank();
    page.paragraph(&rule.description, "");
    page.blank();
    facts(&mut page, about);
    controls(&mut page, about);
    decided(&mut page, rule);
    params(&mut page, rule);
    examples(&mut page, about);
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
    turning_off(&mut page, rule, about.off);
    page.0
}

fn facts(page: &mut Page, about: &RulePage<'_>) {
    let rule = about.rule;
    if rule.severity == rule.default_severity {
        page.fact("severity", rule.severity);
    } else {
        let by_default = rule.default_severity;
        let severity = rule.severity;
        page.fact(
            "severity",
            format_args!("{severity} (by default {by_default})"),
        );
    }
    page.fact("blocks from", rule.blocks_from);
    page.fact("applies to", rule.applies_to.join(", "));
    let not_now = if rule.effective.holds_on(about.as_of) {
        String::new()
    } else {
        format!("; it does not hold on {}", about.as_of)
    };
    match &rule.effective {
        Effective::Always => {}
        Effective::Days(days) => page.fact("effective", format_args!("{days}{not_now}")),
        Effective::Controls(days) => {
            let days: Vec<_> = days.iter().map(ToString::to_string).collect();
            let days = days.join("; ");
            page.fact(
                "effective",
                format_args!("with its controls: {days}{not_now}"),
            );
        }
    }
    page.fact("defined in", rule.file.path());
}

fn controls(page: &mut Page, about: &RulePage<'_>) {
    if about.rule.controls.is_empty() {
        return;
    }
    page.heading(&format!("Controls, as they stand on {}", about.as_of));
    for reference in &*about.rule.controls {
        let Some(control) = about.frameworks.control(reference) else {
            page.line(format_args!("  {reference}"));
            continue;
        };
        page.line(format_args!("  {reference}  {}", control.title));
        let standing = control.standing(about.as_of);
        let known = if control.primary {
            ""
        } else {
            " (known from secondary sources)"
        };
        page.paragraph(&format!("{}: {standing}{known}", control.citation), "    ");
    }
}

fn decided(page: &mut Page, rule: &Rule) {
    page.heading("How it is decided");
    let texts = &rule.texts;
    if let Some(when) = &texts.when {
        page.line("  It applies to documents for which");
        page.code(when);
    }
    if let Some(for_each) = &texts.for_each {
        page.line("  It looks at each `item` of");
        page.code(for_each);
    }
    if let Some(filter) = &texts.filter {
        page.line("  for which");
        page.code(filter);
    }
    if texts.for_each.is_some() {
        page.line(match rule.on_empty {
            Outcome::Fail => "  An empty list fails.",
            Outcome::Pass => "  An empty list passes.",
            _ => "  Where the list is empty it does not apply.",
        });
    }
    page.line("  All of these must hold:");
    for requirement in &texts.require {
        match requirement {
            RequirementText::Present(path) => {
                page.line(format_args!("    `{path}` is filled in"));
            }
            RequirementText::Expression(text) => page.code(text),
            RequirementText::Schema { at, is } => {
                page.line(format_args!("    `{at}` satisfies {is}"));
            }
        }
    }
    if rule.redact {
        page.line("  No output shows the values that it speaks of.");
    }
    if let Some(fix) = &texts.fix {
        let option = fix.safety.option();
        page.line(format_args!("  `check {option}` sets `{}` to", fix.set));
        page.code(&fix.to);
    }
}

fn params(page: &mut Page, rule: &Rule) {
    if rule.params.is_empty() {
        return;
    }
    page.heading("Parameters");
    for param in &rule.params {
        let value = param.value.on_one_line();
        let default = param.default.on_one_line();
        let shown = if value == default {
            value
        } else {
            format!("{value} (by default {default})")
        };
        page.line(format_args!(
            "  {} ({}): {shown}",
            param.name,
            param.ty.name()
        ));
        page.paragraph(&param.description, "    ");
    }
}

fn examples(page: &mut Page, about: &RulePage<'_>) {
    if about.examples.is_empty() {
        return;
    }
    page.heading("Examples");
    for (index, example) in about.examples.iter().enumerate() {
        if index > 0 {
            page.blank();
        }
        let shown = &example.shown;
        page.paragraph(&format!("{}: {}", shown.name, example.verdict()), "  ");
        page.blank();
        page.code(&shown.document);
        for (path, document) in &shown.others {
            page.blank();
            page.line(format_args!("  with `{path}` beside it"));
            page.blank();
            page.code(document);
        }
        for (path, content) in &shown.files {
            page.blank();
            page.line(format_args!("  with the file `{path}`"));
            page.blank();
            page.code(content);
        }
        if !shown.findings.is_empty() {
            page.blank();
            page.line("  `launchgate check` says of it");
            page.blank();
            page.drawn(&(about.draw)(shown));
        }
    }
}

fn turning_off(page: &mut Page, rule: &Rule, off: Option<&OffRule>) {
    if let Some(off) = off {
        page.heading("It is turned off");
        return page.paragraph(&off.reason, "  ");
    }
    page.heading("How to turn it off");
    if rule.locked {
        return page.paragraph(
            "The rule is locked: no config can lower it or turn it off, and no waiver covers it.",
            "  ",
        );
    }
    page.paragraph(
        "In launchgate.yaml, with a reason that every report shows:",
        "  ",
    );
    page.blank();
    page.line("    rules:");
    page.line(format_args!(
        "      {}: {{ off: true, reason: why it does not apply here }}",
        rule.id
    ));
    page.heading("How to waive one finding");
    page.paragraph(
        "Until a day, with a reason, an owner and somebody else's approval:",
        "  ",
    );
    page.blank();
    page.line(format_args!(
        "    launchgate waive {} DOCUMENT:KEY --for P30D \\",
        rule.id
    ));
    page.line("      --reason .. --owner .. --approver ..");
}
