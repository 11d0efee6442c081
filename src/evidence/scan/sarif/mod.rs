//! SARIF 2.1.0.
//!
//! A log is the sum of its runs. It ended well only if every run says so: each has invocations, and
//! all of them `executionSuccessful`. A run without `results` did not look: by the standard a tool
//! that looked and found nothing writes an empty list.

mod rules;

use super::shape::{Object, Shaped};
use super::{Format, Scan, ScanError, ScanFinding, one_line};
use crate::expr::time::Date;
use crate::value::NodeRef;
use rules::Rules;

/// Reads a log.
pub(super) fn read(root: Object<'_>) -> Shaped<Scan> {
    let not_one = |message: &str| ScanError::NotOne {
        format: Format::Sarif,
        message: message.to_owned(),
    };
    match root.text("version")? {
        Some("2.1.0") => {}
        Some(other) => {
            return Err(not_one(&format!(
                "its version is {}, and 2.1.0 is what is read",
                one_line(other)
            )));
        }
        None => return Err(not_one("`version` is missing")),
    }
    if root.get("runs").is_none() {
        return Err(not_one("`runs` is missing"));
    }
    let runs = root.objects("runs")?;
    if runs.is_empty() {
        return Err(ScanError::Empty {
            what: "it holds no run",
        });
    }
    for properties in root.objects("inlineExternalProperties")? {
        if properties.get("results").is_some() {
            return Err(
                properties.wrong("holds results of another log; only results in a run are read")
            );
        }
    }
    let mut scan = Scan::new(Format::Sarif);
    scan.open = Some(super::Open::default());
    let mut ends = Vec::new();
    let mut revisions = Vec::new();
    for &run in &runs {
        let driver = run
            .object("tool")?
            .and_then(|tool| tool.object("driver").transpose())
            .transpose()?
            .ok_or_else(|| run.wrong("lacks `tool.driver`"))?;
        let version = driver.text("semanticVersion")?.or(driver.text("version")?);
        scan.tool(driver.needed_text("name")?, version);
        ends.push(how_it_ended(run, &mut scan)?);
        for provenance in provenances(run)? {
            revisions.push(provenance);
        }
        results(run, &mut scan)?;
    }
    // The whole log is as old as its oldest run, and of no known age if one run does not say.
    let finished: Option<Vec<Date>> = ends.iter().map(|end| end.finished).collect();
    scan.finished = finished.and_then(|all| all.into_iter().min_by_key(|date| date.instant()));
    scan.succeeded = if ends.iter().any(|end| end.succeeded == Some(false)) {
        Some(false)
    } else if ends.iter().all(|end| end.succeeded == Some(true)) {
        Some(true)
    } else {
        None
    };
    scan.about(revisions);
    Ok(scan)
}

/// How one run ended.
struct End {
    succeeded: Option<bool>,
    finished: Option<Date>,
}

fn how_it_ended(run: Object<'_>, scan: &mut Scan) -> Shaped<End> {
    let invocations = run.objects("invocations")?;
    let mut all_well = !invocations.is_empty();
    let mut failed = None;
    let mut finished: Option<Date> = None;
    for invocation in invocations {
        match invocation.boolean("executionSuccessful")? {
            Some(true) => {}
            Some(false) => failed = Some(why_it_failed(invocation)?),
            None => all_well = false,
        }
        // The last of several invocations ends the run.
        if let Some(end) = invocation.date("endTimeUtc")? {
            finished = finished
                .into_iter()
                .chain([end])
                .max_by_key(|date| date.instant());
        }
        for list in [
            "toolExecutionNotifications",
            "toolConfigurationNotifications",
        ] {
            for notification in invocation.objects(list)? {
                if notification.text("level")? == Some("error") {
                    scan.errors = scan.errors.saturating_add(1);
                }
            }
        }
    }
    if failed.is_none() && run.get("results").is_none() {
        failed = Some("a run has no `results`, so it did not look".to_owned());
    }
    let succeeded = match failed {
        Some(why) => {
            scan.failure.get_or_insert(why);
            Some(false)
        }
        None => all_well.then_some(true),
    };
    Ok(End {
        succeeded,
        finished,
    })
}

fn why_it_failed(invocation: Object<'_>) -> Shaped<String> {
    for key in [
        "processStartFailureMessage",
        "exitCodeDescription",
        "exitSignalName",
    ] {
        if let Some(text) = invocation.text(key)?.filter(|text| !text.trim().is_empty()) {
            return Ok(one_line(text));
        }
    }
    let code = invocation.get("exitCode").and_then(NodeRef::as_i64);
    Ok(code.map_or_else(
        || "the tool says that it failed".to_owned(),
        |code| format!("the tool ended with exit code {code}"),
    ))
}

/// The revision of each repository that a run looked at; one `None` if it names no repository.
fn provenances(run: Object<'_>) -> Shaped<Vec<Option<&str>>> {
    let mut revisions = Vec::new();
    for provenance in run.objects("versionControlProvenance")? {
        revisions.push(provenance.text("revisionId")?);
    }
    if revisions.is_empty() {
        revisions.push(None);
    }
    Ok(revisions)
}

fn results(run: Object<'_>, scan: &mut Scan) -> Shaped<()> {
    if let Some(external) = run.object("externalPropertyFileReferences")?
        && external.get("results").is_some()
    {
        return Err(external.wrong("puts the results into other files; put them into the log"));
    }
    let rules = Rules::new(run)?;
    for result in run.objects("results")? {
        // Only `fail`, which is the default, is a finding; `review` and `open` are not decided yet,
        // so they are open as well.
        let kind = result.text("kind")?.unwrap_or("fail");
        if matches!(kind, "pass" | "notApplicable" | "informational") {
            continue;
        }
        if result.text("baselineState")? == Some("absent") {
            continue;
        }
        if suppressed(result)? {
            scan.suppressed = scan.suppressed.saturating_add(1);
            continue;
        }
        let rule = rules.of(result)?;
        scan.found(ScanFinding {
            id: one_line(rule.id),
            severity: rule.severity,
            title: title(result)?.unwrap_or_else(|| rule.title.map(one_line).unwrap_or_default()),
            place: place(result)?,
        });
    }
    Ok(())
}

/// A result is suppressed if it has suppressions and each of them is in force: accepted, or without
/// a status. One that is under review or was rejected leaves it open.
fn suppressed(result: Object<'_>) -> Shaped<bool> {
    let suppressions = result.objects("suppressions")?;
    let mut in_force = !suppressions.is_empty();
    for suppression in suppressions {
        // Drafts of the standard called it `state`.
        for key in ["status", "state"] {
            in_force &= suppression
                .text(key)?
                .is_none_or(|status| status == "accepted");
        }
    }
    Ok(in_force)
}

fn title(result: Object<'_>) -> Shaped<Option<String>> {
    let message = result.object("message")?;
    let text = message.map(|message| message.text("text")).transpose()?;
    Ok(text.flatten().map(one_line).filter(|line| !line.is_empty()))
}

fn place(result: Object<'_>) -> Shaped<Option<String>> {
    let Some(&location) = result.objects("locations")?.first() else {
        return Ok(None);
    };
    let Some(physical) = location.object("physicalLocation")? else {
        return Ok(None);
    };
    let uri = match physical.object("artifactLocation")? {
        Some(artifact) => artifact.text("uri")?,
        None => None,
    };
    let line = match physical.object("region")? {
        Some(region) => region.index("startLine")?,
        None => None,
    };
    Ok(uri.map(|uri| match line {
        Some(line) => format!("{}:{line}", one_line(uri)),
        None => one_line(uri),
    }))
}
