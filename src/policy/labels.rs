//! The labels of one finding, and the notes of what has no place for a label.

use crate::expr::{Operand, OperandState};
use crate::finding::Label;
use crate::source::Location;
use crate::value::Pointer;

/// Labels of which no two cover the same bytes; what has no place of its own becomes a note.
#[derive(Default)]
pub(super) struct Labels {
    pub(super) related: Vec<Label>,
    pub(super) notes: Vec<String>,
    /// Paths to what is absent and has no place of its own, since its parent has the label of
    /// something else.
    missing: Vec<String>,
}

impl Labels {
    /// What an operand says; of `said` the finding speaks already.
    pub(super) fn operand(&mut self, operand: &Operand, said: &Pointer) {
        let absent = operand
            .pointer
            .as_ref()
            .filter(|_| operand.state == OperandState::Absent);
        let (Some(pointer), Some(location)) = (absent, operand.location) else {
            return self.add(operand.location, &operand.text);
        };
        if !self.related.iter().any(|l| overlaps(l.location, location)) {
            return self.related.push(Label::new(location, &*operand.text));
        }
        let path = pointer.to_path();
        let drawn = self.related.iter().any(|label| label.text == operand.text);
        if pointer != said && !drawn && !self.missing.contains(&path) {
            self.missing.push(path);
        }
    }

    /// One line for all that is missing besides.
    pub(super) fn missing(&self) -> Option<String> {
        let quoted: Vec<_> = self
            .missing
            .iter()
            .map(|path| format!("`{path}`"))
            .collect();
        let (last, before) = quoted.split_last()?;
        Some(if before.is_empty() {
            format!("{last} is missing, too")
        } else {
            format!("{} and {last} are missing, too", before.join(", "))
        })
    }

    pub(super) fn add(&mut self, location: Option<Location>, text: &str) {
        let known = |label: &Label| Some(label.location) == location && label.text == text;
        if self.related.iter().any(known) || self.notes.iter().any(|note| note == text) {
            return;
        }
        match location {
            Some(location) if !self.related.iter().any(|l| overlaps(l.location, location)) => {
                self.related.push(Label::new(location, text));
            }
            _ => self.notes.push(text.to_owned()),
        }
    }
}

fn overlaps(a: Location, b: Location) -> bool {
    a.file == b.file && a.span.start < b.span.end && b.span.start < a.span.end
}
