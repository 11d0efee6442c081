//! Gives each finding its fingerprint.

use rustc_hash::FxHashMap;

use crate::finding::{Finding, Fingerprint};
use crate::value::{NodeRef, Scalar};

/// Keys that name an element of a list, in order of preference. An element is known by the first
/// that it has, so that putting another before it does not make it another finding.
const IDENTITY: [&str; 7] = ["id", "name", "title", "attribute", "card", "metric", "path"];

/// Fills in the fingerprints of one document's findings.
///
/// Of findings that are alike in rule, place and subject the later ones are told apart by their
/// order.
pub(super) fn assign(findings: &mut [Finding], root: Option<NodeRef<'_>>) {
    let mut seen: FxHashMap<Fingerprint, usize> = FxHashMap::default();
    for finding in findings {
        let (kind, id) = match &finding.document {
            Some(document) => (&*document.kind, &*document.id),
            None => ("", ""),
        };
        let place = stable_pointer(root, &finding.pointer);
        let parts = [finding.rule.as_str(), kind, id, &place, &finding.subject];
        let first = Fingerprint::of(parts);
        let count = seen.entry(first.clone()).or_insert(0);
        *count += 1;
        finding.fingerprint = match *count {
            1 => first,
            n => Fingerprint::of(parts.into_iter().chain([n.to_string().as_str()])),
        };
    }
}

/// The pointer with indices replaced by what identifies the element, where something does.
fn stable_pointer(root: Option<NodeRef<'_>>, pointer: &str) -> String {
    let Some(root) = root else { return pointer.to_owned() };
    let mut node = Some(root);
    let mut stable = String::new();
    for step in pointer.split('/').skip(1) {
        let key = step.replace("~1", "/").replace("~0", "~");
        let parent = node;
        node = parent.and_then(|node| {
            if node.is_sequence() { key.parse().ok().and_then(|index| node.item(index)) } else { node.get(&key) }
        });
        stable.push('/');
        match node.filter(|_| parent.is_some_and(NodeRef::is_sequence)).and_then(identity) {
            Some(name) => stable.push_str(&name),
            None => stable.push_str(step),
        }
    }
    stable
}

/// `[name=income]` for an element that carries such a key with a scalar value.
fn identity(element: NodeRef<'_>) -> Option<String> {
    match element.scalar() {
        Some(Scalar::String(text)) => return Some(format!("[={text}]")),
        Some(_) => return None,
        None => {}
    }
    IDENTITY.iter().find_map(|key| {
        let value = element.get(key)?;
        match value.scalar()? {
            Scalar::Null => None,
            Scalar::String(text) => Some(format!("[{key}={text}]")),
            _ => Some(format!("[{key}={}]", value.raw())),
        }
    })
}

