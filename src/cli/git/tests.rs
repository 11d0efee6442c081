//! The files of a commit, held against the work tree that they were checked out to.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

use super::{Revision, Tree};
use crate::files::paths::normal;
use crate::files::{Disk, FileKind, Files as _};

struct Repository {
    _folder: TempDir,
    top: Utf8PathBuf,
}

impl Repository {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let top = Utf8Path::from_path(folder.path()).unwrap();
        let top = top.canonicalize_utf8().unwrap();
        run(&top, &["init", "-q"]);
        Self {
            _folder: folder,
            top,
        }
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.top.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn commit(&self) -> Tree {
        run(&self.top, &["add", "-A"]);
        run(&self.top, &["commit", "-q", "-m", "all"]);
        let revision = Revision::named("HEAD", &self.top).unwrap();
        revision.tree().unwrap()
    }
}

fn run(folder: &Utf8Path, words: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=T", "-c", "user.email=t@example.org"])
        .args(["-c", "init.defaultBranch=main"])
        .args(["-c", "commit.gpgsign=false"])
        .args(["-c", "protocol.file.allow=always"])
        .args(words)
        .output()
        .unwrap();
    assert!(output.status.success(), "git {words:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Every path below a folder, links not followed, git's own left out.
fn walk(folder: &Utf8Path, found: &mut BTreeSet<Utf8PathBuf>) {
    for entry in folder.read_dir_utf8().unwrap() {
        let entry = entry.unwrap();
        if entry.file_name() == ".git" {
            continue;
        }
        found.insert(entry.path().to_owned());
        if entry.file_type().unwrap().is_dir() {
            walk(entry.path(), found);
        }
    }
}

#[cfg(unix)]
#[test]
fn a_commit_answers_as_the_disk_does() {
    use std::os::unix::fs::symlink;
    let repository = Repository::new();
    let top = &repository.top;
    repository.write("a.yaml", b"id: a\n");
    repository.write("deep/er/b.bin", &[0, 10, 13, 255]);
    repository.write("deep/empty", b"");
    repository.write("with space/\u{e4}\n.yaml", b"x");
    for (target, link) in [
        ("a.yaml", "link"),
        ("../../a.yaml", "deep/er/up"),
        ("deep", "folder"),
        ("folder/er", "through"),
        ("gone", "dangling"),
        ("loop", "loop"),
        (top.join("a.yaml").as_str(), "absolute"),
    ] {
        symlink(target, top.join(link)).unwrap();
    }
    let tree = repository.commit();
    let mut paths = BTreeSet::from([top.clone(), top.join("nowhere"), top.join("a.yaml/x")]);
    walk(top, &mut paths);
    for path in [
        "folder/er/b.bin",
        "through/up",
        "through/../empty",
        "./deep/./er",
        "deep/../a.yaml",
        "dangling/x",
        "gone/../a.yaml",
        ".git",
    ] {
        paths.insert(top.join(path));
    }
    assert!(paths.len() > 20, "{paths:?}");
    for path in &paths {
        let said = |result: std::io::Result<FileKind>| result.ok();
        assert_eq!(said(tree.stat(path)), said(Disk.stat(path)), "{path}");
        assert_eq!(
            said(tree.stat_link(path)),
            said(Disk.stat_link(path)),
            "{path}"
        );
        assert_eq!(
            tree.canonical(path).ok(),
            Disk.canonical(path).ok(),
            "{path}"
        );
        for limit in [0, 3, 100] {
            let read = tree.read(path, limit).ok();
            assert_eq!(read, Disk.read(path, limit).ok(), "{path} {limit}");
        }
        let opened = |files: &dyn crate::files::Files| {
            let mut opened = files.open(path).ok()?;
            let mut bytes = Vec::new();
            opened.content.read_to_end(&mut bytes).unwrap();
            Some((opened.bytes, bytes))
        };
        assert_eq!(opened(&tree), opened(&Disk), "{path}");
        if path.file_name() != Some(".git") {
            let listed = Disk.list(path).ok().map(|mut entries| {
                entries.retain(|entry| entry.name != ".git");
                entries
            });
            assert_eq!(tree.list(path).ok(), listed, "{path}");
        }
    }
    assert!(tree.lost().is_none());
}

#[cfg(unix)]
#[test]
fn what_lies_outside_is_told_and_not_read() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().unwrap();
    let secret = Utf8Path::from_path(outside.path()).unwrap();
    let secret = secret.canonicalize_utf8().unwrap().join("secret.yaml");
    fs::write(&secret, "secret").unwrap();
    let repository = Repository::new();
    let top = &repository.top;
    repository.write("a.yaml", b"id: a\n");
    symlink(&secret, top.join("absolute")).unwrap();
    symlink("../..", top.join("climbing")).unwrap();
    let tree = repository.commit();
    assert_eq!(tree.canonical(&top.join("absolute")).unwrap(), secret);
    let climbed = tree.canonical(&top.join("climbing/x")).unwrap();
    assert_eq!(climbed, normal(&top.join("../../x")));
    for path in [secret.clone(), top.join("absolute"), top.join("../x")] {
        assert!(tree.stat(&path).is_err(), "{path}");
        assert!(tree.read(&path, 9).is_err(), "{path}");
        assert!(tree.open(&path).is_err(), "{path}");
        assert!(tree.list(&path).is_err(), "{path}");
    }
}

#[test]
fn the_work_tree_is_not_looked_at() {
    let repository = Repository::new();
    repository.write("a.yaml", b"before\r\n");
    repository.write("b.yaml", b"b");
    let tree = repository.commit();
    repository.write("a.yaml", b"after");
    repository.write("c.yaml", b"new");
    fs::remove_file(repository.top.join("b.yaml")).unwrap();
    let read = |path: &str| tree.read(&repository.top.join(path), 100).ok();
    assert_eq!(read("a.yaml").as_deref(), Some(&b"before\r\n"[..]));
    assert_eq!(read("b.yaml").as_deref(), Some(&b"b"[..]));
    assert_eq!(read("c.yaml"), None);
}

#[test]
fn a_large_file_is_read_in_part_and_in_any_order() {
    let size = 9 << 20;
    let bytes: Vec<u8> = (0..size).map(|at: u32| at.to_le_bytes()[1]).collect();
    let repository = Repository::new();
    repository.write("large.bin", &bytes);
    repository.write("small", b"small");
    let tree = repository.commit();
    let large = repository.top.join("large.bin");
    assert_eq!(tree.read(&large, 9).unwrap(), bytes[..10]);
    // The next answer is that of the next question.
    let small = repository.top.join("small");
    assert_eq!(tree.read(&small, 9).unwrap(), b"small");
    let mut opened = tree.open(&large).unwrap();
    assert_eq!(opened.bytes, u64::from(size));
    let mut piece = [0; 300];
    for at in [5_000_000, 8_999_000, 17, 0] {
        opened.content.seek(SeekFrom::Start(at)).unwrap();
        opened.content.read_exact(&mut piece).unwrap();
        let at = usize::try_from(at).unwrap();
        assert_eq!(piece[..], bytes[at..at + 300], "{at}");
    }
    opened.content.seek(SeekFrom::End(-4)).unwrap();
    let mut rest = Vec::new();
    opened.content.read_to_end(&mut rest).unwrap();
    assert_eq!(rest, bytes[bytes.len() - 4..]);
    assert!(tree.lost().is_none());
}

#[test]
fn many_threads_get_what_each_asked_for() {
    let repository = Repository::new();
    for number in 0..40 {
        let text = format!("{number}").repeat(number * 50);
        repository.write(&format!("{number}.txt"), text.as_bytes());
    }
    let tree = repository.commit();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for number in 0..40 {
                    let path = repository.top.join(format!("{number}.txt"));
                    let text = format!("{number}").repeat(number * 50);
                    assert_eq!(tree.read(&path, 9999).unwrap(), text.as_bytes());
                }
            });
        }
    });
}

#[test]
fn a_submodule_has_what_was_recorded_and_an_object_that_is_gone_is_told() {
    let library = Repository::new();
    library.write("doc.yaml", b"id: x\n");
    library.commit();
    let repository = Repository::new();
    repository.write("a.yaml", b"id: a\n");
    run(
        &repository.top,
        &["submodule", "add", "-q", library.top.as_str(), "sub"],
    );
    let tree = repository.commit();
    let sub = repository.top.join("sub");
    assert_eq!(tree.stat(&sub).ok(), Some(FileKind::Folder));
    fs::write(sub.join("doc.yaml"), "id: y\n").unwrap();
    let read = tree.read(&sub.join("doc.yaml"), 9);
    assert_eq!(read.unwrap(), b"id: x\n");
    fs::remove_dir_all(&sub).unwrap();
    fs::create_dir(&sub).unwrap();
    let revision = Revision::named("HEAD", &repository.top).unwrap();
    let bare = revision.tree().unwrap();
    assert_eq!(bare.stat(&sub).ok(), Some(FileKind::Folder));
    assert!(bare.list(&sub).unwrap().is_empty());

    let id = run(&repository.top, &["rev-parse", "HEAD:a.yaml"]);
    let (folder, name) = id.split_at(2);
    let object = repository.top.join(".git/objects").join(folder).join(name);
    fs::remove_file(object).unwrap();
    assert!(tree.lost().is_none());
    assert!(tree.read(&repository.top.join("a.yaml"), 9).is_err());
    assert!(tree.lost().unwrap().message.contains(&id));
    // Others are read all the same.
    let modules = tree.read(&repository.top.join(".gitmodules"), 999);
    assert!(modules.is_ok(), "{modules:?}");
}

#[test]
fn a_linked_work_tree_and_a_folder_in_it_know_their_top() {
    let repository = Repository::new();
    repository.write("deep/a.yaml", b"id: a\n");
    repository.commit();
    let other = tempfile::tempdir().unwrap();
    let linked = Utf8Path::from_path(other.path()).unwrap();
    let linked = linked.canonicalize_utf8().unwrap().join("linked");
    let words = ["worktree", "add", "-q", "--detach", linked.as_str()];
    run(&repository.top, &words);
    let revision = Revision::named("main", &linked.join("deep")).unwrap();
    assert_eq!(revision.top(), linked);
    let tree = revision.tree().unwrap();
    assert_eq!(
        tree.read(&linked.join("deep/a.yaml"), 9).unwrap(),
        b"id: a\n"
    );
    assert!(tree.stat(&repository.top.join("deep/a.yaml")).is_err());
}

#[test]
fn a_shallow_clone_says_how_deep_to_fetch() {
    let origin = Repository::new();
    origin.write("a.yaml", b"1");
    origin.commit();
    run(&origin.top, &["checkout", "-q", "-b", "change"]);
    origin.write("b.yaml", b"2");
    origin.commit();
    run(&origin.top, &["checkout", "-q", "main"]);
    origin.write("c.yaml", b"3");
    origin.commit();
    let clone = tempfile::tempdir().unwrap();
    let clone = Utf8Path::from_path(clone.path()).unwrap();
    let url = format!("file://{}", origin.top);
    let words = [
        "clone",
        "-q",
        "--depth=1",
        "--no-single-branch",
        "-b",
        "change",
        &url,
        ".",
    ];
    run(clone, &words);
    let unknown = Revision::merge_base("origin/main", clone).unwrap_err();
    assert!(unknown.message.contains("have in common"), "{unknown:?}");
    let unnamed = Revision::merge_base("origin/other", clone).unwrap_err();
    assert!(unnamed.message.contains("knows no commit"), "{unnamed:?}");
    for unknown in [&unknown, &unnamed] {
        for step in ["fetch-depth: 0", "git fetch --unshallow", "--deepen"] {
            assert!(unknown.help.contains(step), "{unknown:?}");
        }
    }
    run(clone, &["fetch", "-q", "--deepen=1"]);
    let base = Revision::merge_base("origin/main", clone).unwrap();
    assert_eq!(base.id(), run(clone, &["rev-parse", "origin/main~1"]));
}

#[test]
fn what_git_lfs_stores_here_is_read_and_nothing_is_fetched() {
    let repository = Repository::new();
    let id = |digit: &str| digit.repeat(64);
    let pointer =
        |id: &str| format!("version https://git-lfs.github.com/spec/v1\noid sha256:{id}\nsize 5\n");
    repository.write("here.csv", pointer(&id("a")).as_bytes());
    repository.write("there.csv", pointer(&id("b")).as_bytes());
    repository.write("forged.csv", pointer("../../../../a.yaml").as_bytes());
    let tree = repository.commit();
    let object = format!(".git/lfs/objects/aa/aa/{}", id("a"));
    repository.write(&object, b"large");
    let read = |path: &str| tree.read(&repository.top.join(path), 999).unwrap();
    assert_eq!(read("here.csv"), b"large");
    assert_eq!(read("there.csv"), pointer(&id("b")).as_bytes());
    assert!(read("forged.csv").starts_with(b"version"));
    let mut opened = tree.open(&repository.top.join("here.csv")).unwrap();
    let mut text = String::new();
    opened.content.read_to_string(&mut text).unwrap();
    assert_eq!((opened.bytes, text.as_str()), (5, "large"));
}
