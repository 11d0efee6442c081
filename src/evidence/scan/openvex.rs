//! `OpenVEX`: what is known of vulnerabilities in products.
//!
//! Statements are a history: of several on one vulnerability in one product the latest counts. A
//! vulnerability is open if it affects a product, or is under investigation for one.

use std::collections::BTreeMap;

use super::shape::{Object, Shaped, text};
use super::{Format, Open, Scan, ScanError, ScanFinding, Severity, one_line};
use crate::expr::time::Date;
use crate::value::NodeRef;

pub(super) fn read(root: Object<'_>) -> Shaped<Scan> {
    for key in [
        "@context",
        "@id",
        "author",
        "timestamp",
        "version",
        "statements",
    ] {
        if root.get(key).is_none() {
            return Err(ScanError::NotOne {
                format: Format::OpenVex,
                message: format!("`{key}` is missing"),
            });
        }
    }
    let mut scan = Scan::new(Format::OpenVex);
    scan.tool(
        root.text("tooling")?.unwrap_or(root.needed_text("author")?),
        None,
    );
    let written = root.date("timestamp")?;
    scan.finished = root.date("last_updated")?.or(written);
    let mut latest: BTreeMap<(&str, &str), (Option<Date>, Status)> = BTreeMap::new();
    let statements = root.objects("statements")?;
    if statements.is_empty() {
        return Err(ScanError::Empty {
            what: "it holds no statement",
        });
    }
    for statement in statements {
        let vulnerability = vulnerability(statement)?;
        let status = status(statement)?;
        let said = statement.date("timestamp")?.or(written);
        for product in products(statement)? {
            let known = latest
                .entry((vulnerability, product))
                .or_insert((said, status));
            // At the same time: the later in the file.
            if said.map(Date::instant) >= known.0.map(Date::instant) {
                *known = (said, status);
            }
        }
    }
    let mut states: BTreeMap<&str, Vec<(&str, Status)>> = BTreeMap::new();
    for ((vulnerability, product), (_, status)) in latest {
        states
            .entry(vulnerability)
            .or_default()
            .push((product, status));
    }
    scan.open = Some(Open::default());
    for (vulnerability, products) in states {
        let open = products
            .iter()
            .find(|(_, status)| *status != Status::Closed);
        match open {
            Some(&(product, status)) => scan.found(ScanFinding {
                id: one_line(vulnerability),
                severity: Severity::Unknown,
                title: status.described().to_owned(),
                place: (!product.is_empty()).then(|| one_line(product)),
            }),
            None => scan.suppressed = scan.suppressed.saturating_add(1),
        }
    }
    Ok(scan)
}

/// What a statement says of a vulnerability.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Status {
    /// Fixed, or it does not affect the product and the statement says why.
    Closed,
    Affected,
    Investigated,
    /// "Does not affect", without the reason that the format asks for.
    Unreasoned,
}

impl Status {
    const fn described(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Affected => "affects the product",
            Self::Investigated => "under investigation",
            Self::Unreasoned => "said not to affect the product, without a reason",
        }
    }
}

fn status(statement: Object<'_>) -> Shaped<Status> {
    let reasoned = ["justification", "impact_statement"]
        .into_iter()
        .any(|key| {
            statement
                .get(key)
                .and_then(NodeRef::as_str)
                .is_some_and(|text| !text.trim().is_empty())
        });
    Ok(match statement.needed_text("status")? {
        "fixed" => Status::Closed,
        "not_affected" if reasoned => Status::Closed,
        "not_affected" => Status::Unreasoned,
        "affected" => Status::Affected,
        "under_investigation" => Status::Investigated,
        _ => return Err(statement.wrong("has a `status` that OpenVEX does not know")),
    })
}

fn vulnerability(statement: Object<'_>) -> Shaped<&str> {
    let node = statement
        .get("vulnerability")
        .ok_or_else(|| statement.wrong("lacks `vulnerability`"))?;
    // The first version of the format had text here.
    if let Some(name) = node.as_str() {
        return Ok(name);
    }
    let object = super::shape::object(node)?;
    match object.text("name")? {
        Some(name) => Ok(name),
        None => object.needed_text("@id"),
    }
}

/// The products of a statement; the one without a name if it names none.
fn products(statement: Object<'_>) -> Shaped<Vec<&str>> {
    let mut products = Vec::new();
    for node in statement.list("products")?.unwrap_or_default() {
        products.push(if node.is_mapping() {
            super::shape::object(node)?.text("@id")?.unwrap_or_default()
        } else {
            text(node)?
        });
    }
    if products.is_empty() {
        products.push("");
    }
    Ok(products)
}
