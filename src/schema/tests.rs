//! What authors read when a document does not fit its schema.

use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::source::{FileId, SourceFile};
use crate::value::{Limits, Syntax, Tree, read};

fn schema() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "patternProperties": { "^x-": true },
        "required": ["kind", "title"],
        "properties": {
            "kind": { "const": "feature-spec" },
            "title": { "type": "string", "minLength": 1, "description": "What the feature is called. Short." },
            "id": { "type": "string", "pattern": "^[a-z][a-z0-9-]*$", "title": "Identifier",
                "description": "Lower-case letters, digits and hyphens", "examples": ["instant-credit"] },
            "version": { "type": ["string", "null"], "description": "The version", "examples": ["1.10"] },
            "status": { "enum": ["draft", "in-review", "approved", "launched"] },
            "jurisdictions": { "type": "array", "items": { "type": "string" }, "uniqueItems": true, "minItems": 1 },
            "owner": { "oneOf": [
                { "type": "string", "format": "email" },
                { "type": "object", "additionalProperties": false, "required": ["name"],
                  "properties": { "name": { "type": "string" }, "email": { "type": "string", "format": "email" } } }
            ] },
            "launch": { "type": "object", "additionalProperties": false, "properties": {
                "date": { "anyOf": [{ "type": "string", "format": "date" }, { "type": "string", "format": "date-time" }] },
                "share": { "type": "number", "minimum": 0, "exclusiveMaximum": 1 },
                "kill_switch": { "type": "boolean" },
                "dashboard": { "type": "string", "format": "uri" }
            } },
            "data": { "type": "array", "items": { "$ref": "#/$defs/datum" } },
            "scores": { "oneOf": [
                { "type": "object", "required": ["type", "reach"], "additionalProperties": false,
                  "properties": { "type": { "const": "rice" }, "reach": { "type": "number" } } },
                { "type": "object", "required": ["type", "value"], "additionalProperties": false,
                  "properties": { "type": { "const": "wsjf" }, "value": { "type": "number" } } }
            ] },
            "level": { "oneOf": [{ "const": "low", "title": "Low" }, { "const": "high", "title": "High" }] },
            "metrics": { "type": "object", "propertyNames": { "enum": ["accuracy", "f1"] }, "additionalProperties": { "type": "number" } }
        },
        "$defs": { "datum": {
            "type": "object",
            "allOf": [{ "properties": { "name": { "type": "string" } }, "required": ["name"] }],
            "properties": {
                "personal": { "type": "boolean" },
                "lawful_basis": { "type": "string", "description": "Why the law allows it (GDPR Art. 6)" },
                "retention": { "type": "string", "format": "duration", "description": "How long it is kept", "examples": ["P2Y"] }
            },
            "unevaluatedProperties": false,
            "patternProperties": { "^x-": true },
            "required": ["retention"],
            "if": { "properties": { "personal": { "const": true } }, "required": ["personal"] },
            "then": { "required": ["lawful_basis"] }
        } }
    })
}

fn tree(path: &str, text: &str) -> Tree {
    let file = SourceFile::new(FileId(0), path, text);
    let syntax = Syntax::of_path(file.path()).unwrap();
    let parsed = read(&file, syntax, &Limits::default());
    assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
    parsed.tree
}

/// One line a finding: rule, message, pointer, the text under the label, help, notes.
fn picture(schema: &Value, text: &str) -> String {
    let schema = Schema::compile("feature-spec", schema).unwrap();
    let tree = tree("spec.yaml", text);
    let mut lines = String::new();
    for finding in schema.check(tree.root().unwrap()) {
        let file = Arc::clone(&tree.sources()[0]);
        let at = file.slice(finding.primary.location.span);
        lines.push_str(&format!("{}: {} @{} [{at}]", finding.rule, finding.message, finding.pointer));
        if !finding.primary.text.is_empty() {
            lines.push_str(&format!(" ({})", finding.primary.text));
        }
        for related in &finding.related {
            lines.push_str(&format!(" + [{}] {}", file.slice(related.location.span), related.text));
        }
        if let Some(help) = &finding.help {
            lines.push_str(&format!("\n  = {help}"));
        }
        for note in &finding.notes {
            lines.push_str(&format!("\n  - {note}"));
        }
        lines.push('\n');
    }
    lines
}

#[test]
fn show() {
    for body in [
        "data:\n  - name: income\n    lawfull_basis: consent\n    personal: true\n    retention: P2Y\n",
        "data:\n  - name: income\n    personal: true\n",
        "data:\n  - retention: 10\n    nmae: x\n    colour: red\n",
        "retention: P2Y\nzzz: 1\nversion: 1.10\n",
        "title2: x\nowner: 5\n",
        "owner: bob\nstatus: aproved\n",
        "owner: {nam: Bob}\nstatus: 7\n",
        "launch: {date: 2026-13-01, share: 1.0, kill_switch: yes, dashboard: here}\n",
        "launch: {share: '84%', kill_switch: 'no'}\n",
        "launch: {share: -1}\nlevel: midle\n",
        "launch: soon\njurisdictions: EU\n",
        "jurisdictions: [EU, US, EU]\nid: Instant Credit\n",
        "jurisdictions: []\nid:\nstatus: ~\nlaunch:\n",
        "scores: {type: rice, value: 3}\n",
        "scores: {type: moscow}\n",
        "scores: 3\nmetrics: {acuracy: .nan, f1: high}\n",
        "version: 1.10\nid: no\n",
        "data: [{name: yes, retention: 2 years}, 3, null]\n",
        "x-team: blue\ndata: []\n",
        "jurisdictions: [a, [b]]\n",
    ] {
        println!("--- {body}{}", picture(&schema(), &format!("kind: feature-spec\ntitle: T\n{body}")));
    }
    println!("{}", picture(&schema(), "title: ''\nkind: feature-spek\n"));
    println!("{}", picture(&schema(), "- 1\n"));
    println!("{}", picture(&schema(), "owner: a@example.com\n"));
    println!("{}", picture(&schema(), "a: &x {date: 2026-02-30}\nlaunch: *x\n"));
}
