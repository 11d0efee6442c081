//! The head of the page: what the run came to, in words and numbers.

use maud::{Markup, html};

use super::icon::Icon;
use super::page::Page;
use super::words;
use crate::finding::{Report, Severity, Verdict};
use crate::render::summary;

/// Hexadecimal digits of the policy digest in the head; the foot of the page has all.
const DIGEST_DIGITS: usize = 12;

/// The verdict as people say it.
pub(super) const fn headline(report: &Report) -> &'static str {
    match report.verdict {
        Verdict::Pass => "The gate passes",
        Verdict::Fail => "The gate fails",
        Verdict::Error => "Nothing may be concluded",
        Verdict::NothingChecked => "Nothing was checked",
    }
}

pub(super) fn header(page: &Page<'_>) -> Markup {
    let report = page.report;
    let (class, icon) = match report.verdict {
        Verdict::Pass => ("pass", Icon::Tick),
        Verdict::Fail => ("fail", Icon::Cross),
        Verdict::Error | Verdict::NothingChecked => ("none", Icon::Question),
    };
    html! {
        header.head {
            p.overline { "Launch review" }
            div.verdict.(class) {
                (icon)
                div {
                    h1 { (headline(report)) }
                    @for sentence in sentences(report) { p { (words::prose(&sentence)) } }
                }
            }
            (facts(report))
            @if page.concluded() { (numbers(report)) }
        }
    }
}

/// What stands behind the verdict, and what to do where there is none.
fn sentences(report: &Report) -> Vec<String> {
    let summary = &report.summary;
    let documents = words::count(summary.documents, "document");
    let held = format!(
        "{documents} held against {}.",
        words::count(summary.rules, "rule")
    );
    let later = |more: &str| match summary.later {
        0 => None,
        count => {
            let blocks = words::findings(count, "block");
            Some(format!(
                "{blocks}{more} once a document has reached a later stage."
            ))
        }
    };
    match report.verdict {
        Verdict::Pass => {
            let clear = match summary.later {
                0 => "Nothing blocks, now or at a later stage.",
                _ => "Nothing blocks at this stage.",
            };
            let clear = format!("{clear} {held}");
            std::iter::once(clear).chain(later("")).collect()
        }
        Verdict::Fail => {
            let blocks = words::findings(summary.blocking, "block");
            let clear = format!("{blocks} the launch. {held}");
            std::iter::once(clear).chain(later("")).collect()
        }
        Verdict::Error => {
            let errors = report.findings.iter();
            let errors = errors
                .filter(|finding| finding.rule.is_input_error())
                .count();
            let broken = match errors {
                0 => "What the gate was given cannot be used.".to_owned(),
                count => format!(
                    "What the gate was given cannot be used: {}.",
                    words::count(count, "input error")
                ),
            };
            vec![
                broken,
                "Mend what is said below, then run the gate again.".to_owned(),
            ]
        }
        Verdict::NothingChecked => {
            let (reason, help) = summary::nothing_checked(report);
            vec![format!("The reason: {reason}."), format!("{help}.")]
        }
    }
}

/// What the run was asked for.
fn facts(report: &Report) -> Markup {
    let stage = report.stage.map_or("each document’s own", words::stage);
    let threshold = match report.fail_on {
        Severity::Error => "error",
        Severity::Warning => "warning or worse",
        Severity::Note => "note or worse",
    };
    let digest = report.policy_digest.split_once(':');
    let digest = digest.map_or(&*report.policy_digest, |(_, digits)| digits);
    let digest: String = digest.chars().take(DIGEST_DIGITS).collect();
    html! {
        dl.facts {
            div { dt { "As of" } dd { time datetime=(report.as_of) { (report.as_of) } } }
            div { dt { "Stage" } dd { (stage) } }
            div { dt { "Blocks from severity" } dd { (threshold) } }
            div {
                dt { "Policies" }
                dd { @if digest.is_empty() { "none" } @else { code { (digest) } } }
            }
        }
    }
}

fn numbers(report: &Report) -> Markup {
    let summary = &report.summary;
    let number = |class: &str, icon: Icon, count: usize, what: &str| {
        let class = if count == 0 { "zero" } else { class };
        html! { li.(class) { span.number { (icon) (count) } " " span.what { (what) } } }
    };
    html! {
        div.numbers {
            div {
                h2 #findings-number { "Findings" }
                ul aria-labelledby="findings-number" {
                    (number("fail", Icon::Cross, summary.blocking, "block now"))
                    (number("later", Icon::Clock, summary.later, "block later"))
                    @if summary.waived > 0 {
                        (number("quiet", Icon::Dash, summary.waived, "waived"))
                    }
                    @if summary.baselined > 0 {
                        (number("quiet", Icon::Dash, summary.baselined, "in the baseline"))
                    }
                    @if summary.existing > 0 {
                        (number("quiet", Icon::Dash, summary.existing, "there before"))
                    }
                }
            }
            div {
                h2 #results-number { "Results of rules" }
                ul aria-labelledby="results-number" {
                    (number("fail", Icon::Cross, summary.fail, "failed"))
                    (number("unknown", Icon::Question, summary.unknown, "undecided"))
                    (number("pass", Icon::Tick, summary.pass, "passed"))
                    (number("quiet", Icon::Dash, summary.not_applicable, "not applicable"))
                }
            }
        }
        p.hint {
            "A result is one rule held against one document, or against one item of it. Undecided blocks as failed does. "
            "Some findings come from the schema of a document and not from a rule."
        }
    }
}
