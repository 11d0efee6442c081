//! What is found in folders on disk.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

use super::*;
use crate::config;
use crate::files::Disk;

/// A folder on disk with a repository in it: `r`, and things beside it.
struct Place {
    _dir: TempDir,
    /// The folder around the repository.
    around: Utf8PathBuf,
    root: Utf8PathBuf,
}

impl Place {
    fn new(files: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let around = Utf8Path::from_path(dir.path())
            .unwrap()
            .canonicalize_utf8()
            .unwrap();
        let place = Self {
            root: around.join("r"),
            around,
            _dir: dir,
        };
        fs::create_dir_all(place.root.join(".git")).unwrap();
        for (path, text) in files {
            place.write(path, text);
        }
        place
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[cfg(unix)]
    fn link(&self, path: &str, target: &str) {
        std::os::unix::fs::symlink(target, self.root.join(path)).unwrap();
    }

    fn found(&self, paths: &[&str]) -> String {
        self.found_in("", paths)
    }

    /// Inputs (`!` before those that must be documents), problems and notices, one a line.
    fn found_in(&self, current: &str, paths: &[&str]) -> String {
        let current = self.root.join(current).canonicalize_utf8().unwrap();
        self.told(&Request {
            current,
            paths: paths.iter().map(PathBuf::from).collect(),
            stdin: None,
        })
    }

    fn told(&self, request: &Request) -> String {
        let mut sources = SourceMap::default();
        let start = start(request, &Disk);
        let wanted = config::Request {
            start: &start,
            explicit: None,
            isolated: false,
        };
        let config = config::load(&wanted, &Disk, &mut sources).unwrap();
        let found = discover(request, &config, &Disk, &mut sources);
        let mut told = String::new();
        for input in &found.inputs {
            let mark = if input.named { "!" } else { "" };
            write!(told, "{mark}{}", input.path).unwrap();
            for (name, value) in [("kind", &input.kind), ("format", &input.format)] {
                if let Some(value) = value {
                    write!(told, " {name}={value}").unwrap();
                }
            }
            if let Some(sidecar) = &input.sidecar {
                write!(told, " +{}", sidecar.file_name().unwrap()).unwrap();
            }
            told.push('\n');
        }
        for problem in &found.problems {
            assert!(problem.rule.is_input_error());
            let file = sources.file(problem.primary.location).unwrap();
            let at = file.line_column(problem.primary.location.span.start);
            writeln!(
                told,
                "{} {}:{}:{} {} ({})",
                problem.rule,
                file.path(),
                at.line,
                at.column,
                problem.message,
                problem.help.as_deref().unwrap()
            )
            .unwrap();
        }
        for notice in &found.notices {
            writeln!(told, "notice: {notice}").unwrap();
        }
        told.replace(self.around.as_str(), "<around>")
    }
}

#[test]
fn a_folder_gives_its_files_in_the_order_of_their_bytes() {
    let place = Place::new(&[
        ("b.yaml", ""),
        ("a-b.yml", ""),
        ("a/x.md", ""),
        ("a/Z.JSON", ""),
        ("a.toml", ""),
        ("notes.markdown", ""),
        ("logo.png", ""),
        ("yaml", ""),
        (".hidden.yaml", ""),
        (".hidden/x.yaml", ""),
    ]);
    let all = "a-b.yml\na.toml\na/Z.JSON\na/x.md\nb.yaml\nnotes.markdown\n";
    assert_eq!(place.found(&[]), all);
    assert_eq!(place.found(&["."]), all);
    assert_eq!(place.found_in("a", &[]), "a/Z.JSON\na/x.md\n");
}

#[test]
fn a_file_counts_once_however_it_is_named() {
    let place = Place::new(&[("a/x.yaml", ""), ("b.yaml", "")]);
    assert_eq!(
        place.found(&["a/x.yaml", "./a/../a/x.yaml", "a", "a/", "a/x.yaml"]),
        "!a/x.yaml\n"
    );
    assert_eq!(place.found(&["a", "a/x.yaml"]), "!a/x.yaml\n");
}

#[test]
fn gitignore_holds_for_folders_and_not_for_named_files() {
    let place = Place::new(&[
        (".gitignore", "/out\n*.tmp.yaml\n"),
        ("sub/.gitignore", "!keep.tmp.yaml\nlocal.yaml\n"),
        ("out/a.yaml", ""),
        ("b.tmp.yaml", ""),
        ("sub/keep.tmp.yaml", ""),
        ("sub/local.yaml", ""),
        ("sub/out/c.yaml", ""),
    ]);
    assert_eq!(place.found(&[]), "sub/keep.tmp.yaml\nsub/out/c.yaml\n");
    assert_eq!(place.found(&["sub"]), "sub/keep.tmp.yaml\nsub/out/c.yaml\n");
    assert_eq!(
        place.found(&["out", "b.tmp.yaml"]),
        "!b.tmp.yaml\nout/a.yaml\n"
    );
}

#[test]
fn ignore_files_outside_the_root_or_of_other_tools_do_not_count() {
    let place = Place::new(&[(".ignore", "*"), (".git/info/exclude", "*"), ("a.yaml", "")]);
    fs::write(place.around.join(".gitignore"), "*\n").unwrap();
    assert_eq!(place.found(&[]), "a.yaml\n");
}

#[test]
fn what_is_not_there_is_said_with_what_is_near() {
    let place = Place::new(&[("specs/credit.yaml", ""), ("README", "")]);
    assert_eq!(
        place.found(&["specs/credti.yaml", "spec/credit.yaml", "nowhere", "specs"]),
        "specs/credit.yaml
input/not-found <command line>:1:1 there is no file or folder `specs/credti.yaml` (Did you mean `specs/credit.yaml`?)
input/not-found <command line>:1:1 there is no file or folder `spec/credit.yaml` (Did you mean `specs/credit.yaml`?)
input/not-found <command line>:1:1 there is no file or folder `nowhere` (Check the path)
"
    );
    assert_eq!(
        place.found_in("specs", &["../specs/credti.yaml"]),
        "input/not-found <command line>:1:1 there is no file or folder `../specs/credti.yaml` (Did you mean `credit.yaml`?)\n"
    );
}

#[test]
fn a_path_outside_the_repository_may_be_named() {
    let place = Place::new(&[("launchgate.yaml", "exclude: ['**']"), ("a.yaml", "")]);
    fs::create_dir_all(place.around.join("shared/cards")).unwrap();
    fs::write(place.around.join("shared/cards/README.md"), "").unwrap();
    assert_eq!(place.found(&["../shared/cards"]), "README.md\n");
    assert_eq!(place.found(&["../shared/cards/README.md"]), "!README.md\n");
}

#[test]
fn an_extension_that_says_nothing_is_an_error_when_named() {
    let place = Place::new(&[("a.txt", ""), ("b", "")]);
    let told = place.found(&["a.txt", "b"]);
    assert_eq!(told.matches("input/unknown-syntax").count(), 2, "{told}");
}

#[test]
fn globs_assign_and_have_to_match() {
    let place = Place::new(&[
        (
            "launchgate.yaml",
            "documents:
  - {paths: [specs/*.yaml, old.md], kind: feature-spec}
  - {paths: 'crads/*.md', kind: model-card}
  - {paths: boms, format: cyclonedx}
overrides:
  - {paths: svc/x/**, rules: {a/b: note}}
",
        ),
        ("specs/a.yaml", ""),
        ("specs/b.md", ""),
        ("old.md", ""),
        ("cards/c.md", ""),
        ("boms/deep/b.json", ""),
        ("boms/logo.png", ""),
    ]);
    assert_eq!(
        place.found(&[]),
        "!boms/deep/b.json format=cyclonedx
cards/c.md
!old.md kind=feature-spec
!specs/a.yaml kind=feature-spec
specs/b.md
input/unmatched-glob launchgate.yaml:3:13 `crads/*.md` matches no file (Did you mean `cards`?)
input/unmatched-glob launchgate.yaml:6:13 `svc/x/**` matches no file (Correct the glob, or remove it; globs are relative to the folder of the config)
"
    );
    // They have to match whatever is named.
    let told = place.found(&["cards"]);
    assert_eq!(told.matches("input/unmatched-glob").count(), 2, "{told}");
    assert!(told.starts_with("cards/c.md\ninput/"), "{told}");
}

#[test]
fn the_literal_beginning_of_a_glob_is_taken_at_its_word() {
    let place = Place::new(&[
        (".gitignore", "gen/\n"),
        (
            "launchgate.yaml",
            "documents: [{paths: ['gen/*.yaml', gen/deep/two.md, .specs/*.md]}]\n",
        ),
        ("gen/one.yaml", ""),
        ("gen/other.md", ""),
        ("gen/deep/two.md", ""),
        (".specs/a.md", ""),
        (".specs/a.toml", ""),
    ]);
    assert_eq!(
        place.found(&[]),
        "!.specs/a.md\n!gen/deep/two.md\n!gen/one.yaml\n"
    );
    assert_eq!(place.found(&["gen/deep"]), "!gen/deep/two.md\n");
}

#[test]
fn a_glob_whose_files_are_left_out_says_so() {
    let place = Place::new(&[
        (".gitignore", "gen/\n"),
        (
            "launchgate.yaml",
            "exclude: [old]\ndocuments: [{paths: ['**/gen/*.yaml', 'old/*']}]\n",
        ),
        ("gen/one.yaml", ""),
        ("old/b.yaml", ""),
    ]);
    assert_eq!(
        place.found(&[]),
        "input/unmatched-glob launchgate.yaml:2:22 `**/gen/*.yaml` matches no file (It matches `gen/one.yaml`, which is hidden or which `.gitignore` leaves out; name such a folder without wildcards)
input/unmatched-glob launchgate.yaml:2:39 `old/*` matches no file (It matches `old/b.yaml`, which `exclude` leaves out; remove one of the two)
notice: `.` holds no file that could be a document
"
    );
}

#[test]
fn a_glob_may_name_a_file_whose_extension_says_nothing_only_to_be_told() {
    let place = Place::new(&[
        ("launchgate.yaml", "documents: [{paths: '*.card'}]\n"),
        ("a.card", ""),
    ]);
    let told = place.found(&[]);
    assert!(
        told.starts_with("input/unknown-syntax a.card:1:1"),
        "{told}"
    );
    assert!(!told.contains("unmatched"), "{told}");
}

#[test]
fn exclude_holds_for_named_files_too_and_is_said() {
    let place = Place::new(&[
        (
            "launchgate.yaml",
            "exclude: ['**/fixtures', 'drafts/*', '*.tmp.yaml']\n",
        ),
        ("x/fixtures/a.yaml", ""),
        ("drafts/a.yaml", ""),
        ("drafts/deep/b.yaml", ""),
        ("c.tmp.yaml", ""),
        ("d.yaml", ""),
    ]);
    assert_eq!(place.found(&[]), "d.yaml\ndrafts/deep/b.yaml\n");
    assert_eq!(
        place.found(&["c.tmp.yaml", "x/fixtures", "d.yaml"]),
        "!d.yaml
notice: `c.tmp.yaml` is not checked: `exclude: *.tmp.yaml` in launchgate.yaml:1:38 leaves it out
notice: `x/fixtures` is not checked: `exclude: **/fixtures` in launchgate.yaml:1:11 leaves it out
"
    );
}

#[test]
fn what_the_gate_reads_is_no_document() {
    let place = Place::new(&[
        (
            "launchgate.yaml",
            "extends: [org/base.yaml]\npacks: [./bank]\nkinds: {sheet: {schema: s.json}}\n",
        ),
        ("org/base.yaml", "{}"),
        ("bank/pack.yaml", ""),
        ("bank/rules/a.yaml", ""),
        ("s.json", "{}"),
        ("launchgate.waivers.yaml", ""),
        ("a.md", ""),
        ("a.md.launchgate.yaml", ""),
        ("b.md.launchgate.yaml", ""),
    ]);
    assert_eq!(
        place.found(&[]),
        "a.md +a.md.launchgate.yaml
input/orphan-sidecar b.md.launchgate.yaml:1:1 `b.md.launchgate.yaml`: there is no file `b.md` for this sidecar (A sidecar is called as its document with `.launchgate.yaml` behind it)
"
    );
    assert_eq!(
        place.found(&["launchgate.yaml", "bank/pack.yaml", "a.md.launchgate.yaml"]),
        "!a.md +a.md.launchgate.yaml
notice: `launchgate.yaml` is not checked: it is a config
notice: `bank/pack.yaml` is not checked: it is part of a policy pack
"
    );
}

#[test]
fn a_config_further_down_is_not_passed_over() {
    let place = Place::new(&[
        ("launchgate.yaml", "{}"),
        ("a.yaml", ""),
        ("svc/launchgate.yaml", "fail_on: note\n"),
        ("svc/deep/b.yaml", ""),
        ("empty/launchgate.yaml", ""),
    ]);
    let told = place.found(&[]);
    assert!(
        told.contains("input/nested-config svc/launchgate.yaml:1:1"),
        "{told}"
    );
    assert_eq!(told.matches("nested-config").count(), 1, "{told}");
    assert!(told.contains("`launchgate check svc`"), "{told}");
    assert_eq!(place.found(&["svc"]), "svc/deep/b.yaml\n");
    assert_eq!(place.found(&["svc/deep/b.yaml"]), "!svc/deep/b.yaml\n");
}

#[test]
fn a_folder_without_a_candidate_is_said() {
    let place = Place::new(&[("a/x.txt", ""), ("b/y.yaml", "")]);
    assert_eq!(
        place.found(&["a", "b"]),
        "b/y.yaml\nnotice: `a` holds no file that could be a document\n"
    );
}

#[test]
fn standard_input_is_taken_for_the_file_that_it_names() {
    let place = Place::new(&[
        (
            "launchgate.yaml",
            "documents: [{paths: specs/*.md, kind: feature-spec}]\n",
        ),
        ("specs/a.md", ""),
    ]);
    let told = |path: Option<&str>| {
        place.told(&Request {
            current: place.root.clone(),
            paths: Vec::new(),
            stdin: Some(Stdin {
                path: path.map(|path| place.root.join(path)),
                bytes: Arc::from(b"x".as_slice()),
            }),
        })
    };
    assert_eq!(
        told(Some("specs/new.md")),
        "!specs/new.md kind=feature-spec\n"
    );
    assert_eq!(told(None), "!<stdin>\n");
    assert!(told(Some("specs/new.txt")).starts_with("input/unknown-syntax"));
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    use super::*;

    #[test]
    fn links_out_of_the_root_are_refused() {
        let place = Place::new(&[("in/a.yaml", "")]);
        fs::create_dir_all(place.around.join("out")).unwrap();
        fs::write(place.around.join("out/b.yaml"), "").unwrap();
        place.link("file.yaml", "../out/b.yaml");
        place.link("folder", "../out");
        place.link("logo.png", "../out/b.yaml");
        let told = place.found(&[]);
        assert_eq!(
            told,
            "in/a.yaml
input/outside-root file.yaml:1:1 `file.yaml`: the link leads out of the root (Put a copy there, or leave the link out with `exclude`)
input/outside-root folder:1:1 `folder`: the link leads out of the root (Put a copy there, or leave the link out with `exclude`)
"
        );
        for named in ["file.yaml", "folder", "folder/b.yaml", "./folder/"] {
            let told = place.found(&[named]);
            assert!(
                told.starts_with("input/outside-root <command line>:1:1"),
                "{told}"
            );
        }
    }

    #[test]
    fn links_inside_the_root_are_what_they_lead_to() {
        let place = Place::new(&[("a/x.yaml", ""), ("b/y.yaml", "")]);
        place.link("a/to-y.yaml", "../b/y.yaml");
        place.link("a/again", "../a");
        assert_eq!(place.found(&["a"]), "a/x.yaml\nb/y.yaml\n");
        assert_eq!(place.found(&["a/to-y.yaml"]), "!b/y.yaml\n");
    }

    #[test]
    fn links_that_cannot_be_followed_are_said() {
        let place = Place::new(&[]);
        place.link("gone.yaml", "nowhere.yaml");
        place.link("loop.yaml", "loop.yaml");
        place.link("gone.png", "nowhere.png");
        let told = place.found(&[]);
        assert_eq!(told.matches("input/unreadable").count(), 2, "{told}");
        assert!(
            place
                .found(&["gone.yaml"])
                .contains("the link leads nowhere")
        );
        assert!(place.found(&["loop.yaml"]).starts_with("input/unreadable"));
    }

    #[test]
    fn fifos_are_refused_and_not_waited_for() {
        let place = Place::new(&[]);
        let made = std::process::Command::new("mkfifo")
            .arg(place.root.join("pipe.yaml"))
            .status();
        if !made.is_ok_and(|status| status.success()) {
            return;
        }
        assert!(
            place
                .found(&[])
                .starts_with("input/not-a-file pipe.yaml:1:1")
        );
        assert!(
            place
                .found(&["pipe.yaml"])
                .starts_with("input/not-a-file <command line>")
        );
        assert!(place.found(&["/dev/null"]).starts_with("input/not-a-file"));
    }

    #[test]
    fn names_that_are_not_utf8_are_said() {
        let place = Place::new(&[]);
        let name = OsStr::from_bytes(b"caf\xe9.yaml");
        if fs::write(place.root.as_std_path().join(name), "").is_err() {
            return;
        }
        let told = place.found(&[]);
        assert!(
            told.starts_with("input/non-utf8-path caf\u{FFFD}.yaml:1:1"),
            "{told}"
        );
        let told = place.told(&Request {
            current: place.root.clone(),
            paths: vec![PathBuf::from(name)],
            stdin: None,
        });
        assert!(
            told.starts_with("input/non-utf8-path <command line>"),
            "{told}"
        );
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        use std::os::unix::fs::PermissionsExt as _;
        let place = Place::new(&[("locked/a.yaml", ""), ("b.yaml", "")]);
        let lock = |mode| {
            let path = place.root.join("locked");
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };
        lock(0);
        // The superuser reads everything.
        let readable = fs::read_dir(place.root.join("locked")).is_ok();
        let told = place.found(&[]);
        lock(0o700);
        if !readable {
            assert!(told.contains("input/unreadable locked:1:1"), "{told}");
        }
    }
}

#[test]
fn a_file_over_the_limit_is_a_finding_when_it_is_read() {
    let place = Place::new(&[("a.yaml", "123456"), ("b.yaml", "")]);
    let input = |path: &str| Input {
        path: path.into(),
        content: Content::File(place.root.join(path)),
        syntax: Syntax::Yaml,
        named: false,
        kind: None,
        format: None,
        sidecar: None,
    };
    let id = crate::source::FileId(0);
    assert_eq!(input("a.yaml").read(id, 6, &Disk).unwrap().text(), "123456");
    let (_, finding) = *input("a.yaml").read(id, 5, &Disk).unwrap_err();
    assert_eq!(finding.rule.as_str(), "document/limit");
    let (_, finding) = *input("gone.yaml").read(id, 5, &Disk).unwrap_err();
    assert_eq!(finding.rule.as_str(), "input/unreadable");
    fs::write(place.root.join("b.yaml"), b"a: \xff").unwrap();
    let (source, finding) = *input("b.yaml").read(id, 5, &Disk).unwrap_err();
    assert_eq!(finding.rule.as_str(), "document/encoding");
    assert_eq!(source.path(), "b.yaml");
}
