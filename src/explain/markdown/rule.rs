//! The page of a rule.

use super::escape::{cell, code_block, code_cell, code_span, link, prose};
use super::writer::Page;
use super::{control_path, days};
use crate::document::Kinds;
use crate::explain::examples::{Example, examples};
use crate::finding::{Finding, Outcome, Severity};
use crate::policy::{Effective, PolicySet, RequirementText, Rule};
use crate::testing::Shown;

/// From a rule's page to the folder of the manual.
const UP: &str = "../../";

/// What stands before the paths of built-in policies.
const BUILTIN: &str = "launchgate:";

pub(super) fn page(rule: &Rule, set: &PolicySet, kinds: &Kinds) -> String {
    let mut page = Page::new(&prose(&rule.title));
    page.block(code_span(rule.id.as_str()));
    page.block(prose(&rule.description));
    page.table(["", ""], facts(rule));
    decided(&mut page, rule);
    params(&mut page, rule);
    controls(&mut page, rule, set);
    for example in examples(set, rule, kinds, Severity::Error) {
        shown(&mut page, &example, rule);
    }
    if let Some(help) = &rule.help {
        page.section("How to meet it");
        page.block(prose(help));
    }
    if !rule.references.is_empty() {
        page.section("References");
        let references = rule.references.iter();
        page.list(references.map(|reference| link(&prose(reference), reference)));
    }
    page.finish()
}

fn facts(rule: &Rule) -> Vec<[String; 2]> {
    let mut facts = vec![
        ["severity", rule.default_severity.as_str()].map(str::to_owned),
        ["blocks from", rule.blocks_from.as_str()].map(str::to_owned),
        ["applies to".to_owned(), cell(&rule.applies_to.join(", "))],
    ];
    match &rule.effective {
        Effective::Always => {}
        Effective::Days(days) => facts.push(["holds".to_owned(), days.to_string()]),
        Effective::Controls(days) => {
            let days: Vec<_> = days.iter().map(ToString::to_string).collect();
            let days = days.join("; ");
            let days = format!("while one of its controls is in force: {days}");
            facts.push(["holds".to_owned(), days]);
        }
    }
    if rule.locked {
        facts.push(
            [
                "locked",
                "no config lowers it or turns it off, and no waiver covers it",
            ]
            .map(str::to_owned),
        );
    }
    let path = rule.file.path().as_str();
    let place = match path.strip_prefix(BUILTIN) {
        Some(path) => link(&code_cell(path), &format!("{UP}../{path}")),
        None => code_cell(path),
    };
    facts.push(["defined in".to_owned(), place]);
    facts
}

fn decided(page: &mut Page, rule: &Rule) {
    let texts = &rule.texts;
    page.section("How it is decided");
    let steps = [
        (
            "It applies to documents for which this is true:",
            &texts.when,
        ),
        ("It looks at each `item` of", &texts.for_each),
        ("for which this is true:", &texts.filter),
    ];
    for (words, code) in steps {
        if let Some(code) = code {
            page.block(words);
            page.code("cel", code);
        }
    }
    if texts.for_each.is_some() {
        page.block(match rule.on_empty {
            Outcome::Fail => "An empty list fails.",
            Outcome::Pass => "An empty list passes.",
            _ => "Where the list is empty it does not apply.",
        });
    }
    page.block(match texts.require.len() {
        1 => "This must hold:",
        _ => "All of these must hold:",
    });
    page.list(texts.require.iter().map(|requirement| match requirement {
        RequirementText::Present(path) => format!("{} is filled in", code_span(path)),
        RequirementText::Expression(code) => code_block("cel", code),
        RequirementText::Schema { at, is } => format!(
            "{} satisfies the JSON Schema\n\n{}",
            code_span(at),
            code_block("json", is)
        ),
    }));
    if rule.redact {
        page.block("No output shows the values that it speaks of.");
    }
    if let Some(fix) = &texts.fix {
        let option = code_span(&format!("check {}", fix.safety.option()));
        page.block(format!("{option} sets {} to", code_span(&fix.set)));
        page.code("cel", &fix.to);
    }
}

fn params(page: &mut Page, rule: &Rule) {
    if rule.params.is_empty() {
        return;
    }
    page.section("Parameters");
    let params = rule.params.iter().map(|param| {
        [
            code_cell(&param.name),
            param.ty.name(),
            code_cell(&param.default.on_one_line()),
            cell(&param.description),
        ]
    });
    page.table(["name", "type", "default", "meaning"], params);
}

fn controls(page: &mut Page, rule: &Rule, set: &PolicySet) {
    let known = rule.controls.iter();
    let known = known.filter_map(|id| set.frameworks().control(id));
    let mut rows = known
        .map(|control| {
            let target = format!("{UP}{}", control_path(control));
            [
                link(&code_cell(&control.reference), &target),
                cell(&control.title),
                cell(&control.citation),
                cell(&days(control)),
                super::framework::source(control).to_owned(),
            ]
        })
        .peekable();
    if rows.peek().is_some() {
        page.section("Controls");
        let names = ["control", "title", "citation", "in force", "known from"];
        page.table(names, rows);
    }
}

fn shown(page: &mut Page, example: &Example, rule: &Rule) {
    let shown = &example.shown;
    page.section(match shown.expected {
        Outcome::Pass => "An example that passes",
        Outcome::Fail => "An example that fails",
        _ => "An example that cannot be decided",
    });
    page.block(format_args!(
        "**{}**: {}.",
        prose(&shown.name),
        prose(&example.verdict())
    ));
    document(page, &shown.document);
    for (path, other) in &shown.others {
        page.block(format_args!("With {} beside it:", code_span(path)));
        document(page, other);
    }
    for (path, content) in &shown.files {
        page.block(format_args!("With the file {}:", code_span(path)));
        page.code("text", content);
    }
    if !shown.findings.is_empty() {
        page.block("The gate says:");
        let findings = shown.findings.iter();
        page.list(findings.map(|finding| said(finding, shown, rule)));
    }
}

fn document(page: &mut Page, text: &str) {
    let language = if text.starts_with("---") {
        "markdown"
    } else {
        "yaml"
    };
    page.code(language, text);
}

fn said(finding: &Finding, shown: &Shown, rule: &Rule) -> String {
    let location = finding.primary.location;
    // An example that is no text of its own has the lines of the policy.
    let file = shown.sources.file(location);
    let file = file.filter(|file| file.id() != rule.file.id());
    let at = file.map_or_else(String::new, |file| {
        format!("line {}: ", file.line_column(location.span.start).line)
    });
    let label = &finding.primary.text;
    let label = if label.is_empty() || finding.message.contains(label) {
        String::new()
    } else {
        format!(" ({})", prose(label))
    };
    format!("{at}{}{label}", prose(&finding.message))
}
