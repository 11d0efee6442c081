//! What is a document and what is not.

use std::sync::Arc;

use super::*;
use crate::source::FileId;
use crate::value::{Limits, Syntax, read};

fn cards() {
    let Ok(dir) = std::fs::read_dir("/work/shared/data/cards/huggingface") else { return };
    let mut paths: Vec<_> = dir.map(|e| e.unwrap().path()).collect();
    paths.sort();
    let kinds = Kinds::builtin();
    let formats = Formats::builtin();
    let formats = match formats { Ok(f) => f, Err(e) => { for f in e { println!("{} {} {:?}", f.rule, f.message, f.primary); } panic!() } };
    for p in paths {
        let text = std::fs::read_to_string(&p).unwrap();
        let source = SourceFile::new(FileId(0), p.file_name().unwrap().to_str().unwrap(), text);
        let parsed = read(&source, Syntax::Markdown, &Limits::default());
        let t = std::time::Instant::now();
        let found = identify(Input { source: &source, syntax: Syntax::Markdown, parsed, kind: None, format: None, sidecar: None }, &kinds, &formats);
        println!("=== {} {:?}", source.path(), t.elapsed());
        for f in &found.findings { println!("  FINDING {} {} {:?}", f.rule, f.message, source.slice(f.primary.location.span)); }
        if let Some(u) = &found.unrecognized { println!("  UNREC {}", u.reason); }
        for d in &found.documents {
            println!("  {:?} {:?}", d.reference, d.format);
            for e in d.root().entries() { if e.key != "sections" { println!("    {} [{}] = {:.200}", e.key, source.slice(e.key_location.span), format!("{:?}", e.value)); } }
            let schema = crate::schema::Schema::compile("model-card", &kinds.get("model-card").unwrap().schema).unwrap();
            for f in schema.check(d.root()) { println!("    - {} {} @{} [{}]", f.rule, f.message, f.pointer, source.slice(f.primary.location.span)); }
        }
    }
}

#[test]
fn show_cards() { cards(); }
