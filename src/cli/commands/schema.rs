//! `launchgate schema`.

use crate::cli::ERROR;
use crate::cli::args::SchemaArgs;
use crate::cli::output;
use crate::cli::session::Session;
use crate::document::builtin;
use crate::finding::did_you_mean;

/// The ending of a schema's file name.
const ENDING: &str = ".schema.json";

/// Prints a JSON Schema.
pub(in crate::cli) fn run(args: &SchemaArgs, session: &mut Session<'_>) -> u8 {
    let name = args.name.as_str();
    if let Some(text) = builtin::text(&format!("{name}{ENDING}")) {
        return Session::print(text, 0);
    }
    let start = session.environment.current.clone();
    let config = match session.config(&start) {
        Ok(config) => config,
        Err(findings) => return session.refuse(&findings),
    };
    let kind = config.kinds.iter().find(|kind| kind.name.value == name);
    let Some(kind) = kind else {
        let known = names(config.kinds.iter().map(|kind| kind.name.value.clone()));
        let near = did_you_mean(name, known.iter().map(String::as_str));
        output::complain(
            &format!("there is no schema `{name}`{near}"),
            Some(&format!("There are: {}", known.join(", "))),
        );
        return ERROR;
    };
    let path = &kind.schema.value;
    let limit = config.limits.file_bytes.value;
    match session.files.read(path, limit) {
        Ok(bytes) if bytes.len() as u64 <= limit => {
            Session::print(&String::from_utf8_lossy(&bytes), 0)
        }
        Ok(_) => {
            output::complain(&format!("`{path}` is larger than {limit} bytes"), None);
            ERROR
        }
        Err(error) => {
            let why = crate::files::paths::reason(&error);
            output::complain(&format!("`{path}` cannot be read: {why}"), None);
            ERROR
        }
    }
}

/// Every name, sorted.
fn names(kinds: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<_> = builtin::SCHEMAS
        .files()
        .filter_map(|file| file.path().file_name()?.to_str()?.strip_suffix(ENDING))
        .map(str::to_owned)
        .chain(kinds)
        .collect();
    names.sort();
    names
}
