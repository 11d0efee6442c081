//! SPDX 3.0: elements of a graph, by their types.

use std::collections::BTreeMap;

use super::super::licence::Licence;
use super::super::shape::{Object, Shaped, object, text};
use super::super::{Format, Scan, ScanError};

pub(super) fn read(root: Object<'_>) -> Shaped<Scan> {
    if root.get("@graph").is_none() {
        return Err(ScanError::NotOne {
            format: Format::Spdx,
            message: "`@graph` is missing".to_owned(),
        });
    }
    let mut scan = Scan::new(Format::Spdx);
    let elements = root.objects("@graph")?;
    // Licences are elements of their own; relationships tie them to packages.
    let mut expressions: BTreeMap<&str, &str> = BTreeMap::new();
    let mut licensed: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut packages = Vec::new();
    for &element in &elements {
        let kind = element.text("type")?.unwrap_or_default();
        let id = element.text("spdxId")?.unwrap_or_default();
        match kind {
            "CreationInfo" => {
                // The file is as old as the oldest of what it is made of.
                let created = element.date("created")?;
                scan.finished = match (scan.finished, created) {
                    (Some(known), Some(created)) if known.instant() <= created.instant() => {
                        Some(known)
                    }
                    (known, created) => created.or(known),
                };
            }
            "Tool" => {
                if let Some(name) = element.text("name")? {
                    scan.tool(name, None);
                }
            }
            "simplelicensing_LicenseExpression" => {
                if let Some(text) = element.text("simplelicensing_licenseExpression")? {
                    expressions.insert(id, text);
                }
            }
            "Relationship" => {
                let of = element.text("relationshipType")?.unwrap_or_default();
                if matches!(of, "hasConcludedLicense" | "hasDeclaredLicense") {
                    let to = targets(element)?;
                    licensed
                        .entry(element.text("from")?.unwrap_or_default())
                        .or_default()
                        .extend(to);
                }
            }
            _ if kind.ends_with("Package") => packages.push((element, id)),
            _ => {}
        }
    }
    if packages.is_empty() {
        return Err(ScanError::Empty {
            what: "it lists no package",
        });
    }
    for &(package, id) in &packages {
        package.needed_text("name")?;
        let mut named = false;
        for target in licensed.get(id).into_iter().flatten() {
            // A licence of the SPDX list is named by its address.
            let listed = target.rsplit_once("/licenses/").map(|(_, id)| id);
            let text = expressions.get(target).copied().or(listed);
            if let Some(text) = text.filter(|text| !Licence::is_nothing(text)) {
                named = true;
                scan.licences.insert(Licence::of(text));
            }
        }
        scan.unlicensed += u64::from(!named);
    }
    scan.components = Some(packages.len() as u64);
    Ok(scan)
}

/// What a relationship leads to: ids, or the elements themselves.
fn targets(relationship: Object<'_>) -> Shaped<Vec<&str>> {
    let mut targets = Vec::new();
    for node in relationship.list("to")?.unwrap_or_default() {
        targets.push(if node.is_mapping() {
            object(node)?.text("spdxId")?.unwrap_or_default()
        } else {
            text(node)?
        });
    }
    Ok(targets)
}
