//! JSON of the `OpenSSF` Scorecard, second version: scores of habits, not findings.

use super::shape::{Object, Shaped};
use super::{Check, Format, Scan, ScanError, one_line};
use crate::value::NodeRef;

pub(super) fn read(root: Object<'_>) -> Shaped<Scan> {
    let mut scan = Scan::new(Format::Scorecard);
    let lacks = |key: &str| ScanError::NotOne {
        format: Format::Scorecard,
        message: format!("`{key}` is missing"),
    };
    let tool = root
        .object("scorecard")?
        .ok_or_else(|| lacks("scorecard"))?;
    scan.tool("OpenSSF Scorecard", tool.text("version")?);
    scan.finished = root.date("date")?;
    let repository = root.object("repo")?.ok_or_else(|| lacks("repo"))?;
    scan.about([repository.text("commit")?]);
    if root.get("checks").is_none() {
        return Err(lacks("checks"));
    }
    for check in root.objects("checks")? {
        let name = check.needed_text("name")?;
        let score = check
            .number("score")?
            .ok_or_else(|| check.wrong("lacks `score`"))?;
        let inconclusive = check.get("score").and_then(NodeRef::as_i64) == Some(-1);
        // The format writes an inconclusive check as -1: nobody knows, which is no score of 0.
        let known = (0.0..=10.0).contains(&score);
        if !known && !inconclusive {
            return Err(check.wrong("has a score that is neither from 0 to 10 nor -1"));
        }
        scan.checks.push(Check {
            name: one_line(name),
            score: known.then_some(score),
        });
    }
    if scan.checks.is_empty() {
        return Err(ScanError::Empty {
            what: "it holds no check",
        });
    }
    scan.checks.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(scan)
}
