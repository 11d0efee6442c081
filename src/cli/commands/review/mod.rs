//! `launchgate review`.

mod json;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::Utf8Path;

use crate::cli::args::{ReviewArgs, SubjectArgs};
use crate::cli::output::{self, ListFormat, Output};
use crate::cli::session::Session;
use crate::cli::{ERROR, git};
use crate::discover::{self, Request};
use crate::engine::{Changes, CheckOptions, Inputs, Question, Review, Unclear};
use crate::files::paths::relative;
use crate::finding::Severity;
use crate::render::terminal;
use crate::source::SourceMap;

pub(super) use text::{render, state};

/// Shows what is to be signed.
pub(in crate::cli) fn run(args: &ReviewArgs, session: &mut Session<'_>) -> u8 {
    let reviewed = match collect(&args.subject, session) {
        Ok(reviewed) => reviewed,
        Err(code) => return code,
    };
    let output = args.output.clone().unwrap_or(Output {
        format: ListFormat::Table,
        path: None,
    });
    let text = match output.format {
        ListFormat::Json => json::render(&reviewed.review),
        ListFormat::Table => render(&reviewed.review, true),
    };
    if output.put(&text, session) { 0 } else { ERROR }
}

/// A review, and where the sign-offs that it speaks of lie.
pub(super) struct Reviewed {
    pub(super) review: Review,
    /// The root: absolute, links resolved.
    pub(super) root: camino::Utf8PathBuf,
    /// The folder of the statements: absolute; it need not be there.
    pub(super) folder: camino::Utf8PathBuf,
    /// The signers' file, relative to the root.
    pub(super) signers: Option<camino::Utf8PathBuf>,
}

/// What there is to sign; else why there is nothing is shown, and the exit code given.
pub(super) fn collect(args: &SubjectArgs, session: &mut Session<'_>) -> Result<Reviewed, u8> {
    let files = session.files;
    let path = session.absolute(&args.path).ok_or(ERROR)?;
    let named = Request {
        current: session.environment.current.clone(),
        paths: vec![args.path.clone()],
        stdin: None,
    };
    let start = discover::start(&named, files);
    let config = session
        .config(&start)
        .map_err(|findings| session.refuse(&findings))?;
    // A link is reviewed as the file that it leads to, as it is checked.
    let real = files.canonical(&path).unwrap_or(path);
    let root = config.root.clone();
    let settings = &config.sign_offs;
    let folder = settings.folder.as_ref();
    let folder = folder.map_or_else(
        || root.join(crate::config::SIGN_OFFS),
        |folder| folder.value.clone(),
    );
    let signers = settings.allowed_signers.as_ref();
    let signers = signers.map(|file| relative(&file.value, &root));
    // Rules may ask about any other document.
    let request = Request {
        paths: vec![root.clone().into(), args.path.clone()],
        ..named
    };
    let mut sources = std::mem::take(&mut session.sources);
    let discovered = discover::discover(&request, &config, files, &mut sources);
    let gate = match crate::engine::Gate::new(config, sources, files) {
        Ok(gate) => gate,
        Err(refusal) => {
            session.sources = refusal.sources;
            return Err(session.refuse(&refusal.findings));
        }
    };
    let options = CheckOptions {
        stage: args.stage,
        changes: Some(Changes {
            paths: BTreeSet::from([real.clone()]),
            referrers: false,
            former: BTreeMap::new(),
        }),
        history: git::History::of_folder(&start, files).map(|history| Arc::new(history) as _),
        ..CheckOptions::on(args.as_of.unwrap_or(session.environment.today))
    };
    let question = Question {
        path: &relative(&real, &root),
        id: args.id.as_deref(),
        role: &args.role,
        former: &|blob| former(blob, &root),
    };
    let inputs = Inputs {
        discovered,
        sources: SourceMap::default(),
        files,
    };
    match gate.review(inputs, &options, &question) {
        Ok(review) => Ok(Reviewed {
            review,
            root,
            folder,
            signers,
        }),
        Err(Unclear::Said { message, help }) => {
            output::complain(&message, Some(&help));
            Err(ERROR)
        }
        Err(Unclear::Refused(report)) => {
            let errors: Vec<_> = report
                .findings
                .iter()
                .filter(|finding| finding.rule.is_input_error())
                .cloned()
                .collect();
            let options = session.terminal(true);
            let text =
                terminal::render_findings(&errors, &report.sources, Severity::Error, &options);
            output::print_error(&text);
            Err(ERROR)
        }
    }
}

/// What git has under the id of a blob.
fn former(blob: &str, root: &Utf8Path) -> Option<Vec<u8>> {
    let is_id = blob.len() == 40 && blob.bytes().all(|byte| byte.is_ascii_hexdigit());
    let words = ["cat-file", "blob", blob];
    is_id.then(|| git::git(root, &words).ok()).flatten()
}
