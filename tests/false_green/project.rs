//! A row of the table: a project, what is broken in it, and what has to be said.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The day of every run.
const AS_OF: &str = "2026-11-22";

type Change = Box<dyn Fn(&Path) + Send + Sync>;

/// A mutation, the command that meets it, and what the command has to come to.
pub(crate) struct Row {
    name: &'static str,
    project: fn(&Path),
    changes: Vec<Change>,
    words: Vec<&'static str>,
    stdin: Option<&'static str>,
    code: i32,
    findings: Vec<Wanted>,
    complaints: Vec<&'static str>,
}

/// A finding: its rule, its file, and the line where it begins, with what it is about between
/// « and »; what goes on below the line ends with it. An empty line stands for a file as a whole.
struct Wanted {
    rule: &'static str,
    path: &'static str,
    line: &'static str,
}

/// A row about the complete example.
pub(crate) fn credit(name: &'static str) -> Row {
    Row::of(name, |folder| {
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/credit-scoring");
        copy(&example, folder);
    })
}

/// A row about a project with a config, a kind and a pack of its own.
pub(crate) fn bank(name: &'static str) -> Row {
    Row::of(name, |folder| {
        for (path, text) in super::bank::FILES {
            write(&folder.join(path), text.as_bytes());
        }
    })
}

impl Row {
    fn of(name: &'static str, project: fn(&Path)) -> Self {
        Self {
            name,
            project,
            changes: Vec::new(),
            words: Vec::new(),
            stdin: None,
            code: 0,
            findings: Vec::new(),
            complaints: Vec::new(),
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    fn change(mut self, change: impl Fn(&Path) + Send + Sync + 'static) -> Self {
        self.changes.push(Box::new(change));
        self
    }

    /// Replaces what stands in a file exactly once.
    pub(crate) fn edit(
        self,
        path: &'static str,
        from: &'static str,
        to: impl AsRef<[u8]> + Send + Sync + 'static,
    ) -> Self {
        let name = self.name;
        self.change(move |folder| {
            let path = folder.join(path);
            let text = fs::read(&path).unwrap();
            let found: Vec<usize> = text
                .windows(from.len())
                .enumerate()
                .filter(|(_, window)| *window == from.as_bytes())
                .map(|(at, _)| at)
                .collect();
            assert_eq!(found.len(), 1, "{name}: {from:?} in {}", path.display());
            let (before, after) = (&text[..found[0]], &text[found[0] + from.len()..]);
            write(&path, &[before, to.as_ref(), after].concat());
        })
    }

    /// Puts a text behind a file.
    pub(crate) fn append(self, path: &'static str, more: &'static str) -> Self {
        self.change(move |folder| {
            let path = folder.join(path);
            let text = fs::read(&path).unwrap();
            write(&path, &[&text, more.as_bytes()].concat());
        })
    }

    /// Puts a text before a file.
    pub(crate) fn prepend(self, path: &'static str, more: &'static str) -> Self {
        self.change(move |folder| {
            let path = folder.join(path);
            let text = fs::read(&path).unwrap();
            write(&path, &[more.as_bytes(), &text].concat());
        })
    }

    /// Ends a file where a text begins that stands in it exactly once.
    pub(crate) fn cut(self, path: &'static str, at: &'static str) -> Self {
        self.change(move |folder| {
            let path = folder.join(path);
            let text = fs::read_to_string(&path).unwrap();
            assert_eq!(text.matches(at).count(), 1, "{at}");
            write(&path, text.split(at).next().unwrap().as_bytes());
        })
    }

    /// Writes a file, in place of the one that may be there.
    pub(crate) fn file(self, path: &'static str, text: &'static str) -> Self {
        self.change(move |folder| write(&folder.join(path), text.as_bytes()))
    }

    pub(crate) fn remove(self, path: &'static str) -> Self {
        self.change(move |folder| {
            let path = folder.join(path);
            if path.is_dir() {
                fs::remove_dir_all(path).unwrap();
            } else {
                fs::remove_file(path).unwrap();
            }
        })
    }

    pub(crate) fn folder(self, path: &'static str) -> Self {
        self.change(move |folder| fs::create_dir_all(folder.join(path)).unwrap())
    }

    pub(crate) fn rename(self, from: &'static str, to: &'static str) -> Self {
        self.change(move |folder| fs::rename(folder.join(from), folder.join(to)).unwrap())
    }

    pub(crate) fn copy(self, from: &'static str, to: &'static str) -> Self {
        self.change(move |folder| {
            fs::copy(folder.join(from), folder.join(to)).unwrap();
        })
    }

    /// A symbolic link, to a path relative to its folder.
    #[cfg(unix)]
    pub(crate) fn link(self, path: &'static str, target: &'static str) -> Self {
        self.change(move |folder| {
            std::os::unix::fs::symlink(target, folder.join(path)).unwrap();
        })
    }

    #[cfg(unix)]
    pub(crate) fn fifo(self, path: &'static str) -> Self {
        self.change(move |folder| {
            let made = Command::new("mkfifo").arg(folder.join(path)).status();
            assert!(made.unwrap().success());
        })
    }

    /// The words behind `launchgate check`, in place of `.`.
    pub(crate) fn words(mut self, words: &[&'static str]) -> Self {
        self.words = words.to_vec();
        self
    }

    pub(crate) fn stdin(mut self, text: &'static str) -> Self {
        self.stdin = Some(text);
        self
    }

    pub(crate) fn exits(mut self, code: i32) -> Self {
        self.code = code;
        self
    }

    /// A finding that has to be there.
    pub(crate) fn says(
        mut self,
        rule: &'static str,
        path: &'static str,
        line: &'static str,
    ) -> Self {
        self.findings.push(Wanted { rule, path, line });
        self
    }

    /// A text that has to be on standard error.
    pub(crate) fn complains(mut self, text: &'static str) -> Self {
        self.complaints.push(text);
        self
    }

    /// The exit code, and everything that was said.
    pub(crate) fn run(&self) -> (Option<i32>, String) {
        let (_root, folder) = self.set_up();
        let (code, stdout, stderr) = self.check(&folder);
        (code, stdout + &stderr)
    }

    /// What is wrong with what the program came to; `None` if nothing is.
    pub(crate) fn wrong(&self) -> Option<String> {
        let expects = self.findings.len() + self.complaints.len();
        let (_root, folder) = self.set_up();
        let (code, stdout, stderr) = self.check(&folder);
        let report: Value = serde_json::from_str(&stdout).unwrap_or_default();
        let found: Vec<(String, String, String)> = report["findings"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|finding| described(finding, &folder))
            .collect();
        let said = |wanted: &Wanted| {
            found.iter().any(|(rule, path, line)| {
                rule == wanted.rule && path == wanted.path && line == wanted.line
            })
        };
        let right = self.code != 0
            && code == Some(self.code)
            && expects > 0
            && self.findings.iter().all(said)
            && self.complaints.iter().all(|text| stderr.contains(text));
        if right {
            return None;
        }
        let mut told = format!("{}: exit code {code:?}, wanted {}", self.name, self.code);
        for Wanted { rule, path, line } in self.findings.iter().filter(|wanted| !said(wanted)) {
            write!(told, "\n  not said: {rule} {path} {line}").unwrap();
        }
        for (rule, path, line) in &found {
            write!(told, "\n  said: {rule} {path} {line}").unwrap();
        }
        for notice in report["notices"].as_array().into_iter().flatten() {
            write!(told, "\n  notice: {notice}").unwrap();
        }
        write!(told, "\n  stderr: {}", stderr.trim()).unwrap();
        Some(told)
    }

    /// A repository with the project in it, broken. The first is removed when it is dropped.
    fn set_up(&self) -> (TempDir, PathBuf) {
        let around = tempfile::tempdir().unwrap();
        let folder = around.path().join("project");
        fs::create_dir_all(folder.join(".git")).unwrap();
        (self.project)(&folder);
        for change in &self.changes {
            change(&folder);
        }
        (around, folder)
    }

    fn check(&self, folder: &Path) -> (Option<i32>, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_launchgate"));
        command.current_dir(folder);
        command.env_clear();
        let words = if self.words.is_empty() {
            &["."][..]
        } else {
            &self.words
        };
        // A row that gives other options, or another command, gives all of them.
        if words.first() == Some(&"launchgate") {
            command.args(&words[1..]);
        } else {
            command.args(["check", "--as-of", AS_OF, "--output", "json"]);
            command.args(words);
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let text = self.stdin.unwrap_or_default().as_bytes();
        // Most runs do not read it.
        let _ = child.stdin.take().unwrap().write_all(text);
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    }
}

/// A finding's rule, its file and its line, marked as [`Wanted`] has it.
fn described(finding: &Value, folder: &Path) -> (String, String, String) {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let place = &finding["location"];
    let path = text(&place["path"]);
    let byte = |end: &str| usize::try_from(place[end]["byte"].as_u64().unwrap()).unwrap();
    let (start, end) = (byte("start"), byte("end"));
    // Reading a FIFO would wait for a writer.
    let file = Some(folder.join(&path)).filter(|file| file.is_file());
    let line = file.map_or_else(String::new, |file| {
        let bytes = fs::read(file).unwrap();
        let before = &bytes[..start];
        let begin = before
            .iter()
            .rposition(|&b| b == b'\n')
            .map_or(0, |at| at + 1);
        let number = before.split(|&b| b == b'\n').count();
        assert_eq!(place["start"]["line"].as_u64(), Some(number as u64));
        let rest = &bytes[start..];
        let stop = start + rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
        let cut = end.min(stop);
        let lossy = |range| String::from_utf8_lossy(&bytes[range]).into_owned();
        let line = format!(
            "{}«{}»{}",
            lossy(begin..start),
            lossy(start..cut),
            lossy(cut..stop)
        );
        line.trim().to_owned()
    });
    // A file as a whole is its first, empty span.
    let line = if end == 0 { String::new() } else { line };
    (text(&finding["rule"]), path, line)
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            write(&target, &fs::read(entry.path()).unwrap());
        }
    }
}
