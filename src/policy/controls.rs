//! The controls that a rule serves, looked up in the catalogues.

use std::sync::Arc;

use super::embedded;
use crate::finding::{Finding, Label};
use crate::framework::{Control, Days, Frameworks};
use crate::value::NodeRef;

/// A finding for each reference that is none or leads nowhere.
pub(crate) fn unknown(controls: &[NodeRef<'_>], frameworks: &Frameworks) -> Vec<Finding> {
    controls
        .iter()
        .filter_map(|control| {
            let text = control.as_str()?;
            let (rule, message, help) = if is_reference(text) {
                let unknown = frameworks.resolve(text).err()?;
                (unknown.rule, unknown.message, unknown.help)
            } else {
                let message = format!("`{text}` is no id of a control");
                let help = "Write `framework:reference`, such as `gdpr:5(1)(e)`".to_owned();
                ("policy/control-id", message, help)
            };
            let label = Label::new(embedded::first_line(*control), "");
            Some(Finding::new(rule, message, label).with_help(help))
        })
        .collect()
}

/// Whether a text has the shape `framework:reference`.
fn is_reference(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    text.split_once(':').is_some_and(|(framework, reference)| {
        !framework.is_empty()
            && framework.chars().all(plain)
            && !reference.is_empty()
            && reference.trim() == reference
    })
}

/// The days on which one of the controls is in force, sorted; `None` if there are none.
pub(super) fn in_force(controls: &[NodeRef<'_>], frameworks: &Frameworks) -> Option<Arc<[Days]>> {
    let known = controls
        .iter()
        .filter_map(|control| frameworks.control(control.as_str()?));
    let mut days: Vec<Days> = known.filter_map(Control::in_force).collect();
    days.sort_unstable();
    days.dedup();
    (!days.is_empty()).then(|| days.into())
}
