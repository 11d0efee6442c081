//! The rule table: what each rule is about that a result names or that was held.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::finding::{Report, RuleId, RuleInfo, Severity};
use crate::source::{display_safe, markdown_code, markdown_prose, one_line};

use super::LIMIT;
use crate::render::finding::clip;

/// Tags of a rule that GitHub shows; it takes twenty.
const TAGS: usize = 10;

/// Characters of a description that GitHub takes.
const DESCRIPTION: usize = 1024;

/// The rules by id; a result names its rule by id and by position.
pub(super) struct Rules {
    rules: BTreeMap<RuleId, Option<RuleInfo>>,
}

impl Rules {
    /// Every rule that was active, and every check that speaks.
    pub(super) fn of(report: &Report) -> Self {
        let active = report.rules.keys();
        let speaking = report.findings.iter().map(|finding| &finding.rule);
        let rules = active
            .chain(speaking)
            .map(|id| (id.clone(), report.about(id)))
            .collect();
        Self { rules }
    }

    /// Adds the rule of the result that counts what is left out.
    pub(super) fn add_limit(&mut self) {
        let about = RuleInfo {
            title: "Every finding is in this file".into(),
            description: "There are more findings than the consumers of this format take.".into(),
            help: Some("Mend those that are shown first, or read the JSON report.".into()),
            severity: Severity::Error,
            controls: std::sync::Arc::default(),
        };
        self.rules.insert(LIMIT.into(), Some(about));
    }

    /// The position of a rule.
    pub(super) fn index(&self, id: &RuleId) -> usize {
        self.rules.keys().take_while(|known| *known != id).count()
    }

    /// The descriptors.
    pub(super) fn into_value(self) -> Value {
        self.rules
            .iter()
            .map(|(id, about)| descriptor(id, about.as_ref()))
            .collect()
    }
}

fn descriptor(id: &RuleId, about: Option<&RuleInfo>) -> Value {
    let name = one_line(id.as_str());
    let Some(about) = about else {
        return json!({ "id": name });
    };
    let text = |text: &str| clip(&display_safe(text), DESCRIPTION);
    let controls: Vec<String> = about.controls.iter().map(|id| one_line(id)).collect();
    let pack = one_line(id.pack());
    // The standard wants each tag once.
    let mut tags: Vec<&String> = Vec::new();
    for tag in std::iter::once(&pack).chain(&controls) {
        if tags.len() < TAGS && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    json!({
        "id": name,
        "shortDescription": { "text": text(&about.title) },
        "fullDescription": { "text": text(&about.description) },
        "help": {
            "text": help(&name, about, &controls, &Words { text: &one_line, code: &quoted }),
            "markdown": help(&name, about, &controls, &Words { text: &markdown_prose, code: &markdown_code }),
        },
        "defaultConfiguration": { "level": about.severity.as_str() },
        "properties": { "tags": tags, "controls": controls },
    })
}

/// How a language writes words and code.
struct Words<'w> {
    text: &'w dyn Fn(&str) -> String,
    code: &'w dyn Fn(&str) -> String,
}

fn quoted(text: &str) -> String {
    format!("`{}`", one_line(text))
}

fn help(name: &str, about: &RuleInfo, controls: &[String], words: &Words<'_>) -> String {
    let mut parts = vec![(words.text)(&about.description)];
    if let Some(help) = &about.help {
        parts.push(format!("What to do: {}", (words.text)(help)));
    }
    if !controls.is_empty() {
        let controls: Vec<_> = controls.iter().map(|id| (words.code)(id)).collect();
        parts.push(format!("Controls: {}", controls.join(", ")));
    }
    let command = format!("launchgate explain {name}");
    parts.push(format!(
        "{} says more, with examples.",
        (words.code)(&command)
    ));
    parts.join("\n\n")
}
