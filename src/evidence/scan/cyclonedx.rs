//! `CycloneDX`: a bill of materials, a list of vulnerabilities with what was found out of them, or
//! both.
//!
//! Only a file with the key `vulnerabilities` is a report of findings: a bill of materials without
//! it says nothing of weaknesses, and above all not that there are none.

use super::licence::Licence;
use super::shape::{Object, Shaped, object};
use super::{Format, Open, Scan, ScanError, ScanFinding, Severity, one_line};

pub(super) fn read(root: Object<'_>) -> Shaped<Scan> {
    let not_one = |message: &str| ScanError::NotOne {
        format: Format::CycloneDx,
        message: message.to_owned(),
    };
    if root.text("bomFormat")? != Some("CycloneDX") {
        return Err(not_one("`bomFormat` is not `CycloneDX`"));
    }
    let version = root
        .text("specVersion")?
        .ok_or_else(|| not_one("`specVersion` is missing"))?;
    if !version.starts_with("1.") {
        return Err(not_one(&format!(
            "its version is {}, and 1.x is what is read",
            one_line(version)
        )));
    }
    let mut scan = Scan::new(Format::CycloneDx);
    if let Some(metadata) = root.object("metadata")? {
        scan.finished = metadata.date("timestamp")?;
        tools(metadata, &mut scan)?;
        if let Some(component) = metadata.object("component")? {
            scan.about(revisions(component)?);
        }
    }
    let mut count = 0;
    // A stack of our own, so that nested components cost memory and not the thread's stack.
    let mut left = root.objects("components")?;
    while let Some(component) = left.pop() {
        count += 1;
        component.needed_text("name")?;
        licences(component, &mut scan)?;
        left.extend(component.objects("components")?);
    }
    let vulnerabilities = root.get("vulnerabilities").is_some();
    if count == 0 && root.objects("vulnerabilities")?.is_empty() {
        return Err(ScanError::Empty {
            what: "it lists no component",
        });
    }
    scan.components = Some(count);
    if vulnerabilities {
        scan.open = Some(Open::default());
        for vulnerability in root.objects("vulnerabilities")? {
            weigh(vulnerability, &mut scan)?;
        }
    }
    Ok(scan)
}

fn tools(metadata: Object<'_>, scan: &mut Scan) -> Shaped<()> {
    let Some(node) = metadata.get("tools") else {
        return Ok(());
    };
    // A list until 1.4; from 1.5 on a mapping of components and services.
    let tools = if node.is_mapping() {
        let of = object(node)?;
        let mut all = of.objects("components")?;
        all.extend(of.objects("services")?);
        all
    } else {
        metadata.objects("tools")?
    };
    for tool in tools {
        if let Some(name) = tool.text("name")? {
            scan.tool(name, tool.text("version")?);
        }
    }
    Ok(())
}

/// The commits that the described component was made from.
fn revisions(component: Object<'_>) -> Shaped<Vec<Option<&str>>> {
    let mut revisions = Vec::new();
    if let Some(pedigree) = component.object("pedigree")? {
        for commit in pedigree.objects("commits")? {
            revisions.push(commit.text("uid")?);
        }
    }
    Ok(revisions)
}

fn licences(component: Object<'_>, scan: &mut Scan) -> Shaped<()> {
    let mut named = false;
    for choice in component.objects("licenses")? {
        let mut text = choice.text("expression")?;
        if let Some(licence) = choice.object("license")? {
            text = licence.text("id")?.or(licence.text("name")?);
        }
        if let Some(text) = text.filter(|text| !Licence::is_nothing(text)) {
            named = true;
            scan.licences.insert(Licence::of(text));
        }
    }
    scan.unlicensed += u64::from(!named);
    Ok(())
}

fn weigh(vulnerability: Object<'_>, scan: &mut Scan) -> Shaped<()> {
    let state = match vulnerability.object("analysis")? {
        Some(analysis) => analysis.text("state")?,
        None => None,
    };
    // Of the six states these four end it; what is exploitable, in triage or not looked at is open.
    let closed = [
        "resolved",
        "resolved_with_pedigree",
        "false_positive",
        "not_affected",
    ];
    if state.is_some_and(|state| closed.contains(&state)) {
        scan.suppressed = scan.suppressed.saturating_add(1);
        return Ok(());
    }
    // Several sources rate it: in doubt the worst of them.
    let mut ratings = Vec::new();
    for rating in vulnerability.objects("ratings")? {
        let word = rating.text("severity")?.map(Severity::of_word);
        let score = rating.number("score")?;
        // A score of another method, such as OWASP's, has other bands.
        let method = rating.text("method")?.unwrap_or_default();
        let banded = score
            .filter(|_| method.starts_with("CVSS"))
            .map(Severity::of_score);
        ratings.extend(word.filter(|word| *word != Severity::Unknown).or(banded));
    }
    let affected = vulnerability.objects("affects")?;
    let place = affected
        .first()
        .map(|of| of.text("ref"))
        .transpose()?
        .flatten();
    scan.found(ScanFinding {
        id: one_line(vulnerability.text("id")?.unwrap_or_default()),
        severity: Severity::worst(ratings),
        title: one_line(vulnerability.text("description")?.unwrap_or_default()),
        place: place.map(one_line),
    });
    Ok(())
}
