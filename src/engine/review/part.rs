//! The parts that a sign-off may be limited to, by what somebody types.

use super::Review;
use crate::finding::did_you_mean;
use crate::signoff::scope::{self, Part};
use crate::signoff::statement::ScopePart;
use crate::value::{NodeRef, Pointer};

impl Review {
    /// The document's fields and innermost sections with their digests, for a statement to say later
    /// which of them changed.
    pub fn contents(&self) -> Vec<ScopePart> {
        let leaves = scope::leaves(self.document_read.root());
        let known = self.parts.iter();
        known
            .filter(|known| leaves.contains(&known.part))
            .cloned()
            .collect()
    }

    /// The part of a name that a signer has typed: a JSON Pointer, a path as rules write it, or the
    /// title of a section. The error is a sentence and what to do.
    pub fn part(&self, name: &str) -> Result<ScopePart, (String, String)> {
        let root = self.document_read.root();
        let mut meant: Vec<ScopePart> = Vec::new();
        let pointer = if name.starts_with('/') {
            Some(name.to_owned())
        } else {
            let path = name.parse::<Pointer>().ok();
            path.map(|path| path.to_string())
                .filter(|it| !it.is_empty())
        };
        let parts = pointer
            .map(Part::Field)
            .into_iter()
            .chain([Part::Section(name.to_owned())]);
        for part in parts {
            if let Some(sha256) = scope::digest(root, &part) {
                meant.push(ScopePart { part, sha256 });
            }
        }
        if let (Some(part), 1) = (meant.pop(), meant.len() + 1) {
            return Ok(part);
        }
        let known: Vec<String> = self.parts.iter().map(|known| plain(&known.part)).collect();
        if !meant.is_empty() {
            let message = format!("`{name}` is a field and a section");
            return Err((message, format!("For the field say `/{name}`")));
        }
        let near = did_you_mean(name, known.iter().map(String::as_str));
        let sections = root.get("sections").into_iter().flat_map(NodeRef::items);
        let twice = sections
            .filter(|section| section.get("title").and_then(NodeRef::as_str) == Some(name))
            .count();
        let message = if twice > 1 {
            format!("several sections are called `{name}`, so none can be signed by its title")
        } else {
            format!("the document has no field and no section `{name}`{near}")
        };
        Err((message, format!("There are: {}", known.join(", "))))
    }
}

/// A part as somebody would type it.
fn plain(part: &Part) -> String {
    match part {
        Part::Field(pointer) => pointer.trim_start_matches('/').to_owned(),
        Part::Section(title) => title.clone(),
    }
}
