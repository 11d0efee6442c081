//! The wheel: built, put into a fresh virtual environment, run from there.
#![cfg(all(feature = "cli", unix))]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

#[path = "common/tools.rs"]
mod tools;

use std::fs;
use std::path::Path;
use std::process::Command;

/// Runs a program to its end and gives what it said.
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success(), "{command:?}: {said}");
    said
}

#[test]
fn the_wheel_brings_a_launchgate_that_works() {
    if !tools::are_required() {
        println!("skipped: it builds; LAUNCHGATE_REQUIRE_TOOLS=1 runs it");
        return;
    }
    assert!(tools::are_there(&["maturin", "python3"]));
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let built = Path::new(env!("CARGO_BIN_EXE_launchgate"));
    let folder = tempfile::tempdir().unwrap();
    let wheels = folder.path().join("wheels");
    run(Command::new("maturin")
        .current_dir(root)
        // What the tests have built is what is packed.
        .env("CARGO_TARGET_DIR", built.ancestors().nth(2).unwrap())
        .args([
            "build",
            "--profile",
            "dev",
            "--compatibility",
            "linux",
            "--out",
        ])
        .arg(&wheels));
    let names: Vec<_> = fs::read_dir(&wheels)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    let [wheel] = names.as_slice() else {
        unreachable!("one wheel: {names:?}")
    };
    let home = folder.path().join("venv");
    run(Command::new("python3").args(["-m", "venv"]).arg(&home));
    run(Command::new(home.join("bin/pip"))
        .args(["install", "--quiet", "--no-index", "--no-deps"])
        .arg(wheel));
    let installed = home.join("bin/launchgate");
    let version = run(Command::new(&installed).arg("--version"));
    assert_eq!(
        version.trim(),
        concat!("launchgate ", env!("CARGO_PKG_VERSION"))
    );
    let said = run(Command::new(&installed)
        .current_dir(root)
        .args(["check", "examples/credit-scoring"]));
    assert!(said.contains("launchgate: PASS"), "{said}");
}
