//! Gives each finding its fingerprint.

use std::fmt::Write as _;
use std::sync::Arc;

use camino::Utf8Path;
use rustc_hash::FxHashMap;

use crate::finding::{Finding, Fingerprint};
use crate::value::{NodeRef, Scalar};

/// Keys that name an element of a list, in order of preference. An element is known by the first
/// that it has, so that putting another before it does not make it another finding.
const IDENTITY: [&[&str]; 8] = [
    &["id"],
    &["name"],
    &["title"],
    // One metric is assessed for several attributes, and one attribute by several metrics.
    &["metric", "attribute"],
    &["attribute"],
    &["card"],
    &["path"],
    &["document"],
];

/// Fills in the fingerprints of one document's findings, or of some that are about none.
///
/// Findings that are alike in rule, document, place and subject get the same one, until
/// [`tell_apart`] sees all findings of the run.
pub(super) fn assign(findings: &mut [Finding], root: Option<NodeRef<'_>>) {
    assign_in(findings, root, "");
}

/// Fills in the fingerprints of what is wrong with a file as such, which is known by its path.
pub(super) fn assign_to_file(findings: &mut [Finding], path: &Utf8Path) {
    assign_in(findings, None, path.as_str());
}

fn assign_in(findings: &mut [Finding], root: Option<NodeRef<'_>>, file: &str) {
    for finding in findings {
        let (kind, id) = match &finding.document {
            Some(document) => (&*document.kind, &*document.id),
            None => ("", file),
        };
        let root = root.filter(|_| !finding.redacted);
        let place = stable_pointer(root, &finding.pointer);
        let parts = [finding.rule.as_str(), kind, id, &place, &finding.subject];
        finding.fingerprint = Fingerprint::of(parts);
        finding.key = key(root, &finding.pointer);
    }
}

/// Gives the second and each later finding of one fingerprint another one: within one document by
/// their order, and where documents have one id by their paths as well. So mending one of two such
/// documents is no leave for a third.
pub(super) fn tell_apart(findings: &mut [Finding]) {
    let mut firsts: FxHashMap<Fingerprint, Option<Arc<str>>> = FxHashMap::default();
    let mut counts: FxHashMap<(Fingerprint, Option<Arc<str>>), usize> = FxHashMap::default();
    for finding in findings {
        let path = finding.document.as_ref();
        let path = path.map(|document| Arc::clone(&document.path));
        let print = finding.fingerprint.clone();
        let first = firsts.entry(print.clone()).or_insert_with(|| path.clone());
        let is_twin = *first != path;
        let count = counts.entry((print.clone(), path.clone())).or_insert(0);
        *count += 1;
        let number = count.to_string();
        let print = print.as_str();
        match path.as_deref().filter(|_| is_twin) {
            Some(path) => finding.fingerprint = Fingerprint::of([print, path, &number]),
            None if *count > 1 || is_twin => {
                finding.fingerprint = Fingerprint::of([print, &number]);
            }
            None => {}
        }
    }
}

/// The pointer with indices replaced by what identifies the element, where something does.
fn stable_pointer(root: Option<NodeRef<'_>>, pointer: &str) -> String {
    let Some(root) = root else {
        return pointer.to_owned();
    };
    let mut node = Some(root);
    let mut stable = String::new();
    for step in pointer.split('/').skip(1) {
        let parent = node;
        node = parent.and_then(|node| node.step(step));
        stable.push('/');
        match node
            .filter(|_| parent.is_some_and(NodeRef::is_sequence))
            .and_then(identity)
        {
            Some(name) => stable.push_str(&name),
            None => stable.push_str(step),
        }
    }
    stable
}

/// The pointer as people read it, its elements as in [`stable_pointer`].
fn key(root: Option<NodeRef<'_>>, pointer: &str) -> String {
    let mut node = root;
    let mut key = String::new();
    for step in pointer.split('/').skip(1) {
        let parent = node;
        node = parent.and_then(|node| node.step(step));
        let index = !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
        let element = parent.map_or(index, NodeRef::is_sequence);
        let name = step.replace("~1", "/").replace("~0", "~");
        let plain = !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        if element {
            match node.and_then(identity) {
                Some(named) => key.push_str(&named),
                None => {
                    let _ = write!(key, "[{step}]");
                }
            }
        } else if plain {
            if !key.is_empty() {
                key.push('.');
            }
            key.push_str(&name);
        } else {
            let _ = write!(key, "[{name:?}]");
        }
    }
    key
}

/// `[name=income]` for an element that carries such a key, `[=income]` for a text.
fn identity(element: NodeRef<'_>) -> Option<String> {
    if let Some(text) = element.as_str() {
        return Some(format!("[={text}]"));
    }
    IDENTITY.iter().find_map(|keys| {
        let named = keys
            .iter()
            .filter_map(|key| Some(format!("{key}={}", plain(element.get(key)?)?)))
            .collect::<Vec<_>>()
            .join(",");
        let first = keys.first()?;
        named
            .starts_with(&format!("{first}="))
            .then(|| format!("[{named}]"))
    })
}

/// A scalar, or a list of scalars, whatever its quotes and layout.
fn plain(node: NodeRef<'_>) -> Option<String> {
    if node.is_sequence() {
        let items: Option<Vec<String>> = node.items().map(plain).collect();
        return items.map(|items| items.join("+"));
    }
    match node.scalar()? {
        Scalar::Null => None,
        Scalar::String(text) => Some(text.to_owned()),
        _ => Some(node.raw().to_owned()),
    }
}
