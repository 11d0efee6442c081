//! `launchgate man`: it names every command, and a typesetter takes it.
#![cfg(all(feature = "cli", unix))]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

fn run(words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_launchgate"))
        .args(words)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The commands, as the help lists them.
fn commands() -> Vec<String> {
    let help = run(&["--help"]);
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let lines = list.lines().take_while(|line| line.starts_with("  "));
    let names = lines.filter_map(|line| line.split_whitespace().next());
    let names = names.filter(|name| *name != "help").map(str::to_owned);
    let names: Vec<String> = names.collect();
    assert!(names.len() > 8, "{names:?}");
    names
}

#[test]
fn the_page_names_every_command() {
    let page = run(&["man"]);
    assert!(page.contains(".TH launchgate 1"), "{page}");
    for name in commands() {
        assert!(page.contains(&format!("launchgate\\-{name}(1)")), "{name}");
    }
}

#[test]
fn every_command_has_a_page() {
    let folder = tempfile::tempdir().unwrap();
    run(&["man", "--out", folder.path().to_str().unwrap()]);
    for name in commands() {
        let page = fs::read_to_string(folder.path().join(format!("launchgate-{name}.1"))).unwrap();
        assert!(page.contains(".SH SYNOPSIS"), "{name}");
    }
    assert!(folder.path().join("launchgate.1").exists());
    assert!(folder.path().join("launchgate-config-show.1").exists());
}

#[test]
fn a_typesetter_takes_the_page() {
    let child = Command::new("groff")
        .args(["-ww", "-man", "-Tutf8"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        println!("skipped: groff is not installed");
        return;
    };
    let page = run(&["man"]);
    child
        .stdin
        .take()
        .unwrap()
        .write_all(page.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}");
    let page = String::from_utf8_lossy(&output.stdout).into_owned();
    let example =
        "  launchgate check                     check what lies below the current folder\n";
    assert!(page.contains(example), "{page}");
}
