//! `launchgate new`.

use std::fmt::Write as _;
use std::path::Path;

use camino::{Utf8Path, Utf8PathBuf};

use crate::cli::ERROR;
use crate::cli::args::NewArgs;
use crate::cli::output;
use crate::cli::session::Session;
use crate::document::sidecar_path;
use crate::finding::did_you_mean;
use crate::scaffold::{self, Outline, Unsupported};
use crate::source::display_safe;
use crate::value::Syntax;

/// What stands in the way: the fact and the next action.
struct Refused(String, Option<String>);

/// Writes a new document.
pub(in crate::cli) fn run(args: &NewArgs, session: &mut Session<'_>) -> u8 {
    let start = session.environment.current.clone();
    let gate = match session.gate(&start) {
        Ok(gate) => gate,
        Err(code) => return code,
    };
    let Some(kind) = gate.kinds().get(&args.kind) else {
        let near = did_you_mean(&args.kind, gate.kinds().names());
        let names: Vec<&str> = gate.kinds().names().collect();
        output::complain(
            &format!("there is no kind `{}`{near}", args.kind),
            Some(&format!("There are: {}", names.join(", "))),
        );
        return ERROR;
    };
    let outline = Outline::of(kind, &gate, session.environment.today);
    let texts = match &args.from {
        None => own(args, &outline, &kind.name),
        Some(format) => foreign(args, &outline, format),
    };
    match texts {
        Ok(Texts::Printed(text)) => Session::print(&text, 0),
        Ok(Texts::Files(files)) => write(&files, session),
        Err(Refused(message, help)) => {
            output::complain(&message, help.as_deref());
            ERROR
        }
    }
}

enum Texts {
    /// For standard output.
    Printed(String),
    /// Files with their texts, the document first.
    Files(Vec<(Utf8PathBuf, String)>),
}

fn own(args: &NewArgs, outline: &Outline, kind: &str) -> Result<Texts, Refused> {
    let path = match &args.path {
        None => Utf8PathBuf::from(format!("{kind}.yaml")),
        Some(path) if path.as_os_str() == "-" => {
            return Ok(Texts::Printed(scaffold::document(outline, None)));
        }
        Some(path) => utf8(path)?,
    };
    let text = scaffold::document(outline, Some(path.as_str()));
    let text = match Syntax::of_path(&path) {
        Some(Syntax::Yaml) => text,
        Some(Syntax::Markdown) => format!("---\n{text}---\n"),
        _ => {
            return Err(Refused(
                format!("a new document is YAML or Markdown, and `{path}` is neither"),
                Some("Name a file that ends in .yaml or .md".to_owned()),
            ));
        }
    };
    Ok(Texts::Files(vec![(path, text)]))
}

fn foreign(args: &NewArgs, outline: &Outline, format: &str) -> Result<Texts, Refused> {
    let made = scaffold::foreign(format, outline).map_err(|unsupported| {
        let help = match &unsupported {
            Unsupported::Format { known, .. } => Some(format!("There are: {}", known.join(", "))),
            Unsupported::Kind { kind, .. } => {
                Some(format!("Write `launchgate new {kind} --from {format}`"))
            }
        };
        Refused(unsupported.to_string(), help)
    })?;
    let path = match &args.path {
        None => Utf8PathBuf::from(&made.file),
        Some(path) if path.as_os_str() == "-" => {
            return Err(Refused(
                "standard output holds one file, and with `--from` there are two".to_owned(),
                Some(format!("Name a file, such as {}", made.file)),
            ));
        }
        Some(path) => utf8(path)?,
    };
    if Syntax::of_path(&path) != Some(Syntax::Markdown) {
        return Err(Refused(
            format!("documents in the format `{format}` are Markdown, and `{path}` is not"),
            Some(format!("Name a file such as {}", made.file)),
        ));
    }
    let sidecar = sidecar_path(&path);
    Ok(Texts::Files(vec![
        (path, made.document),
        (sidecar, made.sidecar),
    ]))
}

fn utf8(path: &Path) -> Result<Utf8PathBuf, Refused> {
    let utf8 = Utf8Path::from_path(path).map(Utf8Path::to_owned);
    utf8.ok_or_else(|| {
        Refused(
            format!("the path `{}` is not UTF-8", path.display()),
            Some("Choose another name".to_owned()),
        )
    })
}

fn write(files: &[(Utf8PathBuf, String)], session: &Session<'_>) -> u8 {
    let current = &session.environment.current;
    // Either every file is new, or none is written.
    for (path, _) in files {
        if session.files.stat_link(&current.join(path)).is_ok() {
            output::complain(
                &format!("there is a file `{path}` already"),
                Some("Name another one, or `-` for standard output"),
            );
            return ERROR;
        }
    }
    let mut said = String::new();
    for (path, text) in files {
        if let Err(error) = output::create_file(&current.join(path), text) {
            let message = format!("cannot write `{path}`: {}", output::why(&error));
            output::complain(&message, Some("Name a file that can be written"));
            return ERROR;
        }
        let _ = writeln!(said, "wrote  {path}");
    }
    if let Some((path, _)) = files.first() {
        let _ = writeln!(
            said,
            "next   fill it in; `launchgate check {path}` names every blank"
        );
    }
    if session.global.quiet {
        return 0;
    }
    Session::print(&display_safe(&said), 0)
}
