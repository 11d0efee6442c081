//! `launchgate convert`.

use crate::cli::ERROR;
use crate::cli::args::ConvertArgs;
use crate::cli::output;
use crate::cli::session::Session;
use crate::document::{Document, Unwritable, convert};
use crate::finding::{Finding, Severity};

/// Writes a document in another format.
pub(in crate::cli) fn run(args: &ConvertArgs, session: &mut Session<'_>) -> u8 {
    let (gate, inputs) = match session.inputs(vec![args.path.clone()]) {
        Ok(found) => found,
        Err(code) => return code,
    };
    let files = session.files;
    let mut documents = Vec::new();
    for (number, input) in (0..).zip(&inputs) {
        let load = gate.look(input, files, number);
        for source in load.sources {
            session.sources.insert(&source);
        }
        let mut errors = load.findings;
        errors.retain(|finding: &Finding| finding.severity == Severity::Error);
        if !errors.is_empty() {
            return session.refuse(&errors);
        }
        documents.extend(load.documents);
    }
    let Some(document) = chosen(&documents, args.id.as_deref()) else {
        return ERROR;
    };
    match convert(document, &args.to, gate.kinds()) {
        Ok(converted) => {
            if !converted.lost.is_empty() {
                let help = format!(
                    "Not held by `{}` as they were: {}",
                    args.to,
                    converted.lost.join(", ")
                );
                output::print_error(&crate::source::display_safe(&format!("notice: {help}\n")));
            }
            for remark in &converted.remarks {
                let line = format!("notice: {remark}\n");
                output::print_error(&crate::source::display_safe(&line));
            }
            Session::print(&converted.text, 0)
        }
        Err(error) => {
            let help = match &error {
                Unwritable::Format { known, .. } => format!("There are: {}", known.join(", ")),
                _ => "Name a format of its kind, or `native`".to_owned(),
            };
            output::complain(&error.to_string(), Some(&help));
            ERROR
        }
    }
}

/// The document that is meant; if it is not clear which, that is said.
fn chosen<'d>(documents: &'d [Document], id: Option<&str>) -> Option<&'d Document> {
    let mut meant = documents
        .iter()
        .filter(|document| id.is_none_or(|id| id == document.id()));
    let first = meant.next();
    if first.is_some() && meant.next().is_none() {
        return first;
    }
    let names: Vec<_> = documents.iter().map(Document::id).collect();
    let help = format!("There are: {}", names.join(", "));
    let message = match (first, id) {
        (None, Some(id)) => format!("no document is called `{id}`"),
        (None, None) => "there is no document".to_owned(),
        _ => "several documents could be meant; name one with `--id`".to_owned(),
    };
    output::complain(&message, (!names.is_empty()).then_some(help.as_str()));
    None
}
