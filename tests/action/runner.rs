//! Runs the steps of a composite action as a runner does: expressions, conditions, the files of
//! outputs and summary.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;
use serde_yaml::Value as Yaml;
use tempfile::TempDir;

/// What a job gives to the action.
pub(crate) struct Job<'j> {
    /// The checked-out repository.
    pub(crate) workspace: &'j Path,
    /// `pull_request`, `push`.
    pub(crate) event: &'j str,
    /// The event's payload.
    pub(crate) payload: Json,
    /// Inputs that differ from their defaults.
    pub(crate) inputs: &'j [(&'j str, &'j str)],
    /// Further variables.
    pub(crate) env: &'j [(&'j str, String)],
    /// Folders that programs are looked for in before the others.
    pub(crate) path: &'j [PathBuf],
    /// Outputs of steps that are taken for done: step, output, value.
    pub(crate) done: &'j [(&'j str, &'j str, &'j str)],
}

/// What the action came to.
pub(crate) struct Ran {
    /// Whether the job would be green.
    pub(crate) green: bool,
    /// The outputs of the action.
    pub(crate) outputs: BTreeMap<String, String>,
    /// Standard output of all steps.
    pub(crate) log: String,
    /// Standard error of all steps.
    pub(crate) errors: String,
    /// The summary of the job.
    pub(crate) summary: String,
    /// The runner's folder for temporary files.
    pub(crate) temp: TempDir,
}

struct State<'j> {
    job: &'j Job<'j>,
    inputs: BTreeMap<String, String>,
    outputs: BTreeMap<(String, String), String>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The action, as it is written.
pub(crate) fn action() -> Yaml {
    serde_yaml::from_str(&fs::read_to_string(root().join("action.yml")).unwrap()).unwrap()
}

pub(crate) fn run(job: &Job<'_>) -> Ran {
    let action = action();
    let temp = tempfile::tempdir().unwrap();
    let mut state = State {
        job,
        inputs: BTreeMap::new(),
        outputs: BTreeMap::new(),
    };
    for (name, input) in action["inputs"].as_mapping().unwrap() {
        let name = name.as_str().unwrap();
        let given = job.inputs.iter().find(|(known, _)| *known == name);
        let value = match given {
            Some((_, value)) => (*value).to_owned(),
            None => state.filled(input["default"].as_str().unwrap()),
        };
        state.inputs.insert(name.to_owned(), value);
    }
    for (name, _) in job.inputs {
        assert!(state.inputs.contains_key(*name), "there is no input {name}");
    }
    for (step, name, value) in job.done {
        let key = ((*step).to_owned(), (*name).to_owned());
        state.outputs.insert(key, (*value).to_owned());
    }
    let files = ["output", "summary", "event"].map(|name| temp.path().join(name));
    let [output, summary, event] = &files;
    fs::write(summary, "").unwrap();
    fs::write(event, job.payload.to_string()).unwrap();
    let mut ran = Ran {
        green: true,
        outputs: BTreeMap::new(),
        log: String::new(),
        errors: String::new(),
        summary: String::new(),
        temp,
    };
    for step in action["runs"]["steps"].as_sequence().unwrap() {
        let id = step["id"].as_str().unwrap_or_default();
        let wanted = step["if"].as_str().unwrap_or("success()");
        let done = job.done.iter().any(|(known, _, _)| *known == id);
        if done || !state.holds(wanted, ran.green) {
            continue;
        }
        assert_eq!(step["shell"].as_str(), Some("bash"));
        fs::write(output, "").unwrap();
        let script = ran.temp.path().join("step.sh");
        fs::write(&script, step["run"].as_str().unwrap()).unwrap();
        let mut command = Command::new("bash");
        command.args(["--noprofile", "--norc", "-eo", "pipefail"]);
        command.arg(&script).current_dir(job.workspace).env_clear();
        for name in ["HOME", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        let inherited = std::env::var_os("PATH").unwrap();
        let path = job
            .path
            .iter()
            .cloned()
            .chain(std::env::split_paths(&inherited));
        command.env("PATH", std::env::join_paths(path).unwrap());
        for (name, value) in [
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_EVENT_NAME", job.event),
            ("GITHUB_REPOSITORY", "bank/specs"),
            ("GITHUB_SERVER_URL", "https://github.com"),
            ("GITHUB_SHA", "0123456789012345678901234567890123456789"),
            ("GITHUB_REF", "refs/pull/7/merge"),
            ("RUNNER_OS", "Linux"),
            ("RUNNER_ARCH", "X64"),
        ] {
            command.env(name, value);
        }
        command
            .env("GITHUB_ACTION_PATH", root())
            .env("GITHUB_WORKSPACE", job.workspace)
            .env("GITHUB_OUTPUT", output)
            .env("GITHUB_STEP_SUMMARY", summary)
            .env("GITHUB_EVENT_PATH", event)
            .env("RUNNER_TEMP", ran.temp.path());
        for (name, value) in job.env {
            command.env(name, value);
        }
        for (name, value) in step["env"].as_mapping().into_iter().flatten() {
            command.env(
                name.as_str().unwrap(),
                state.filled(value.as_str().unwrap()),
            );
        }
        let finished = command.output().unwrap();
        ran.log += &String::from_utf8_lossy(&finished.stdout);
        ran.errors += &String::from_utf8_lossy(&finished.stderr);
        ran.green &= finished.status.success();
        for line in fs::read_to_string(output).unwrap().lines() {
            let (name, value) = line.split_once('=').unwrap();
            let key = (id.to_owned(), name.to_owned());
            state.outputs.insert(key, value.to_owned());
        }
    }
    for (name, output) in action["outputs"].as_mapping().unwrap() {
        let value = state.filled(output["value"].as_str().unwrap());
        ran.outputs.insert(name.as_str().unwrap().to_owned(), value);
    }
    ran.summary = fs::read_to_string(summary).unwrap();
    ran
}

impl State<'_> {
    /// A text with the values of its expressions.
    fn filled(&self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("${{") {
            let (expression, after) = behind.split_once("}}").unwrap();
            filled += before;
            filled += &self.value(expression.trim());
            rest = after;
        }
        filled + rest
    }

    fn value(&self, expression: &str) -> String {
        if let Some(text) = expression.strip_prefix('\'') {
            return text.strip_suffix('\'').unwrap().to_owned();
        }
        let parts: Vec<&str> = expression.split('.').collect();
        match parts.as_slice() {
            ["inputs", name] => self.inputs[*name].clone(),
            ["steps", step, "outputs", name] => {
                let key = ((*step).to_owned(), (*name).to_owned());
                self.outputs.get(&key).cloned().unwrap_or_default()
            }
            ["github", "token"] => "secret-token".to_owned(),
            ["github", "action_repository"] => "bank/launchgate".to_owned(),
            ["github", "event", rest @ ..] => {
                let mut at = &self.job.payload;
                for name in rest {
                    at = &at[*name];
                }
                match at {
                    Json::Null => String::new(),
                    Json::String(text) => text.clone(),
                    other => other.to_string(),
                }
            }
            _ => panic!("the test knows no `{expression}`"),
        }
    }

    fn holds(&self, condition: &str, green: bool) -> bool {
        let always = condition.contains("always()");
        (green || always)
            && condition.split("&&").map(str::trim).all(|part| {
                if let Some((left, right)) = part.split_once("==") {
                    self.value(left.trim()) == self.value(right.trim())
                } else if let Some((left, right)) = part.split_once("!=") {
                    self.value(left.trim()) != self.value(right.trim())
                } else {
                    assert!(matches!(part, "always()" | "success()"), "{part}");
                    true
                }
            })
    }
}
