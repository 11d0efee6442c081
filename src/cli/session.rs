//! What every command starts from.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::args::Global;
use super::environment::Environment;
use super::git::History;
use super::{ERROR, output};
use crate::config::{self, Config};
use crate::discover::{self, Input, Request};
use crate::engine::{self, CheckOptions, Gate, Inputs, Refusal};
use crate::files::{Disk, Files};
use crate::finding::{Finding, Report, Severity};
use crate::render::terminal::{self, TerminalOptions};
use crate::source::SourceMap;

/// Options, surroundings and the files that were read so far.
pub(super) struct Session<'a> {
    pub(super) global: &'a Global,
    pub(super) environment: &'a Environment,
    /// The file system.
    pub(super) files: &'static dyn Files,
    /// The files that findings may point into.
    pub(super) sources: SourceMap,
}

impl<'a> Session<'a> {
    pub(super) fn new(global: &'a Global, environment: &'a Environment) -> Self {
        Self {
            global,
            environment,
            files: &Disk,
            sources: SourceMap::default(),
        }
    }

    /// A path that was typed: absolute. `None` where it is not UTF-8, which is said.
    pub(super) fn absolute(&self, path: &Path) -> Option<Utf8PathBuf> {
        let absolute = Utf8Path::from_path(path).map(|path| self.environment.current.join(path));
        if absolute.is_none() {
            let message = format!("the path `{}` is not UTF-8", path.display());
            output::complain(&message, Some("Rename the file"));
        }
        absolute
    }

    /// A path as it is shown: relative to the current folder where it lies below it.
    pub(super) fn shown(&self, path: &Utf8Path) -> Utf8PathBuf {
        crate::files::paths::relative(path, &self.environment.current)
    }

    /// The config that holds for a folder: absolute, links resolved.
    pub(super) fn config(&mut self, start: &Utf8Path) -> Result<Config, Vec<Finding>> {
        let explicit = match &self.global.config {
            None => None,
            Some(path) => Some(self.absolute(path).ok_or_else(Vec::new)?),
        };
        let request = config::Request {
            start,
            explicit: explicit.as_deref(),
            isolated: self.global.isolated,
        };
        let files = self.files;
        config::load(&request, files, &mut self.sources)
    }

    /// The gate that holds for a folder; else what stands in the way is shown, and the exit code
    /// given.
    pub(super) fn gate(&mut self, start: &Utf8Path) -> Result<Gate, u8> {
        match self.config(start) {
            Ok(config) => self.gate_of(config),
            Err(findings) => Err(self.refuse(&findings)),
        }
    }

    /// As [`Session::gate`], for a config.
    pub(super) fn gate_of(&mut self, config: Config) -> Result<Gate, u8> {
        let sources = std::mem::take(&mut self.sources);
        Gate::with_examples(config, sources, self.files).map_err(|refusal| {
            self.sources = refusal.sources;
            self.refuse(&refusal.findings)
        })
    }

    /// The files that paths mean, and the gate that holds for them, for commands that look at
    /// documents and judge nothing; else what stands in the way is shown, and the exit code given.
    pub(super) fn inputs(&mut self, paths: Vec<PathBuf>) -> Result<(Gate, Vec<Input>), u8> {
        let request = Request {
            current: self.environment.current.clone(),
            paths,
            stdin: None,
        };
        let files = self.files;
        let start = discover::start(&request, files);
        let config = self
            .config(&start)
            .map_err(|findings| self.refuse(&findings))?;
        let discovered = discover::discover(&request, &config, files, &mut self.sources);
        if !discovered.problems.is_empty() {
            return Err(self.refuse(&discovered.problems));
        }
        let sources = std::mem::take(&mut self.sources);
        match Gate::new(config, sources, files) {
            Ok(gate) => Ok((gate, discovered.inputs)),
            Err(refusal) => {
                self.sources = refusal.sources;
                Err(self.refuse(&refusal.findings))
            }
        }
    }

    /// Checks what a request names; who wrote it is asked of git, if that is not known. The report says as well why there is no gate, where there is
    /// none; the exit code comes back where there is nothing to report on.
    pub(super) fn check(
        &mut self,
        request: Request,
        options: &CheckOptions,
    ) -> Result<(Report, Option<Gate>), u8> {
        self.check_with(request, options, |gate, inputs, options| {
            gate.check(inputs, options)
        })
    }

    /// As [`Session::check`]; `run` gets the gate and its inputs, and gives the report.
    pub(super) fn check_with(
        &mut self,
        mut request: Request,
        options: &CheckOptions,
        run: impl FnOnce(&Gate, Inputs<'_>, &CheckOptions) -> Report,
    ) -> Result<(Report, Option<Gate>), u8> {
        let files = self.files;
        let start = discover::start(&request, files);
        let config = match self.config(&start) {
            Ok(config) => config,
            Err(findings) => {
                let sources = std::mem::take(&mut self.sources);
                let refusal = Refusal { findings, sources };
                return Ok((engine::refused(refusal, options, start.as_str()), None));
            }
        };
        if let Some(stdin) = &mut request.stdin {
            let mut bytes = Vec::new();
            let limit = config.limits.file_bytes.value.saturating_add(1);
            if let Err(error) = std::io::stdin().lock().take(limit).read_to_end(&mut bytes) {
                let message = format!("cannot read standard input: {}", error.kind());
                output::complain(&message, None);
                return Err(ERROR);
            }
            stdin.bytes = Arc::from(bytes);
        }
        let mut sources = std::mem::take(&mut self.sources);
        let discovered = discover::discover(&request, &config, files, &mut sources);
        let root = config.root.clone();
        let mut options = options.clone();
        if options.history.is_none() {
            let history = History::of_folder(&start, files);
            options.history = history.map(|history| Arc::new(history) as _);
        }
        Ok(match Gate::new(config, sources, files) {
            Ok(gate) => {
                let inputs = Inputs {
                    discovered,
                    // The gate has them already.
                    sources: SourceMap::default(),
                    files,
                };
                (run(&gate, inputs, &options), Some(gate))
            }
            Err(mut refusal) => {
                refusal.findings.extend(discovered.problems);
                (engine::refused(refusal, &options, root.as_str()), None)
            }
        })
    }

    /// How to write to standard output, or to standard error.
    pub(super) fn terminal(&self, to_error: bool) -> TerminalOptions {
        TerminalOptions {
            color: self.environment.color(self.global.color, to_error),
            unicode: !self.environment.ascii,
            width: self.environment.width(),
            verbose: self.global.verbose,
            quiet: self.global.quiet,
        }
    }

    /// Shows what stands in the way of a command that has no report. The exit code is 2.
    pub(super) fn refuse(&self, findings: &[Finding]) -> u8 {
        let options = self.terminal(true);
        let text = terminal::render_findings(findings, &self.sources, Severity::Error, &options);
        output::print_error(&text);
        ERROR
    }

    /// Prints the result of a command and gives its exit code.
    pub(super) fn print(text: &str, code: u8) -> u8 {
        match output::print(text) {
            Ok(()) => code,
            Err(error) => {
                let message = format!("cannot write to standard output: {}", error.kind());
                output::complain(&message, None);
                ERROR
            }
        }
    }
}
