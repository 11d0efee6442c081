//! Sidecars: `<file>.launchgate.yaml` beside a foreign document supplies what its format has no
//! home for.

use camino::{Utf8Path, Utf8PathBuf};

use super::view::Part;
use crate::finding::{Finding, Label};
use crate::value::NodeRef;

const SUFFIX: &str = ".launchgate.yaml";

/// Where the sidecar of a file lies.
pub fn sidecar_path(file: &Utf8Path) -> Utf8PathBuf {
    Utf8PathBuf::from(format!("{file}{SUFFIX}"))
}

/// The file that a sidecar stands beside, if the path is that of a sidecar. Such a file is no
/// document of its own.
pub fn is_sidecar(path: &Utf8Path) -> Option<&Utf8Path> {
    let main = path.as_str().strip_suffix(SUFFIX)?;
    let name = main.rsplit('/').next().unwrap_or_default();
    // `launchgate.yaml` is the config, and `x.launchgate.yaml` beside no `x` is named oddly.
    (!name.is_empty()).then(|| Utf8Path::new(main))
}

/// Adds the fields of a sidecar to those that a format has mapped. What both have is a conflict;
/// the document's own stands.
pub(super) fn merge<'a>(
    into: &mut Vec<(Box<str>, Part<'a>)>,
    sidecar: NodeRef<'a>,
    findings: &mut Vec<Finding>,
) {
    for entry in sidecar.entries() {
        let known = into.iter_mut().find(|(key, _)| **key == *entry.key);
        match known {
            None => into.push((entry.key.into(), Part::Node(entry.value))),
            Some((_, part)) => join(part, entry.value, findings),
        }
    }
}

fn join<'a>(part: &mut Part<'a>, other: NodeRef<'a>, findings: &mut Vec<Finding>) {
    if other.is_mapping() {
        match part {
            Part::Mapping(fields) => return merge(fields, other, findings),
            Part::Node(node) if node.is_mapping() => {
                let own = node
                    .entries()
                    .map(|e| (Box::from(e.key), Part::Node(e.value)));
                let mut fields: Vec<_> = own.collect();
                merge(&mut fields, other, findings);
                *part = Part::Mapping(fields);
                return;
            }
            _ => {}
        }
    }
    let path = other.pointer().to_path();
    let at = other
        .own_entry()
        .map_or(other.address(), |entry| entry.key_location);
    let mut finding = Finding::new(
        "document/sidecar-conflict",
        format!("`{path}` is given by the document and by its sidecar"),
        Label::new(at, "given again here"),
    )
    .with_help("Remove it from the sidecar, or from the document")
    .with_pointer(other.pointer().to_string())
    .with_subject(path);
    if let Some(location) = part.location() {
        finding = finding.with_related(Label::new(location, "the document's own"));
    }
    findings.push(finding);
}
