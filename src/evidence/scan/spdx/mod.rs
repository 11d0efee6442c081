//! SPDX: a bill of materials, as JSON of 2.2 and 2.3, or as JSON-LD of 3.0.

mod graph;

use std::collections::BTreeSet;

use super::licence::Licence;
use super::shape::{Object, Shaped, text};
use super::{Format, Scan, ScanError, one_line};

pub(super) fn read(root: Object<'_>) -> Shaped<Scan> {
    if root.get("@graph").is_some() || root.get("@context").is_some() {
        return graph::read(root);
    }
    let version = root.text("spdxVersion")?.unwrap_or_default();
    if !matches!(version, "SPDX-2.2" | "SPDX-2.3") {
        return Err(ScanError::NotOne {
            format: Format::Spdx,
            message: if version.is_empty() {
                "`spdxVersion` is missing".to_owned()
            } else {
                format!(
                    "its version is {}, and 2.2, 2.3 and 3.0 are read",
                    one_line(version)
                )
            },
        });
    }
    let mut scan = Scan::new(Format::Spdx);
    let creation = root
        .object("creationInfo")?
        .ok_or_else(|| root.wrong("lacks `creationInfo`"))?;
    scan.finished = creation.date("created")?;
    for node in creation.list("creators")?.unwrap_or_default() {
        if let Some(tool) = text(node)?.strip_prefix("Tool:") {
            scan.tool(tool.trim(), None);
        }
    }
    let described = described(root)?;
    let mut revisions = Vec::new();
    let packages = root.objects("packages")?;
    for package in &packages {
        package.needed_text("name")?;
        if let Some(id) = package.text("SPDXID")?
            && described.contains(id)
        {
            let from = package.text("downloadLocation")?;
            revisions.extend(from.and_then(revision).map(Some));
        }
        // What somebody concluded counts before what the package says of itself.
        let mut named = false;
        for key in ["licenseConcluded", "licenseDeclared"] {
            if let Some(text) = package
                .text(key)?
                .filter(|text| !named && !Licence::is_nothing(text))
            {
                named = true;
                scan.licences.insert(Licence::of(text));
            }
        }
        scan.unlicensed += u64::from(!named);
    }
    if packages.is_empty() {
        return Err(ScanError::Empty {
            what: "it lists no package",
        });
    }
    scan.components = Some(packages.len() as u64);
    scan.about(revisions);
    Ok(scan)
}

/// The ids of what the document describes.
fn described(root: Object<'_>) -> Shaped<BTreeSet<&str>> {
    let mut described = BTreeSet::new();
    for node in root.list("documentDescribes")?.unwrap_or_default() {
        described.insert(text(node)?);
    }
    for relationship in root.objects("relationships")? {
        if relationship.text("relationshipType")? == Some("DESCRIBES") {
            described.extend(relationship.text("relatedSpdxElement")?);
        }
    }
    Ok(described)
}

/// The commit of a location in a version control system: `git+https://host/path@commit#part`.
fn revision(location: &str) -> Option<&str> {
    let (system, rest) = location.split_once('+')?;
    if !matches!(system, "git" | "hg" | "svn" | "bzr") {
        return None;
    }
    let rest = rest.split_once('#').map_or(rest, |(before, _)| before);
    // An `@` before the path is that of a user.
    let (_, path) = rest.split_once("://")?;
    let (_, path) = path.split_once('/')?;
    path.rsplit_once('@')
        .map(|(_, revision)| revision)
        .filter(|revision| !revision.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_in_version_control_names_its_commit() {
        assert_eq!(
            revision("git+https://git.bank.example/a/b@3f1c9e7#src"),
            Some("3f1c9e7")
        );
        assert_eq!(revision("git+ssh://git@git.bank.example/a/b"), None);
        assert_eq!(
            revision("git+ssh://git@git.bank.example/a/b@v1"),
            Some("v1")
        );
        assert_eq!(revision("https://files.bank.example/a@1.tgz"), None);
        assert_eq!(revision("NOASSERTION"), None);
    }
}
