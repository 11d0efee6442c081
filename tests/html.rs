//! The review page in a browser: `tests/html/review-page.mjs` opens it, filters, prints, and looks
//! for barriers. Needs node, chromium, and `npm ci --prefix tests/html`.

#![cfg(feature = "cli")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

#[path = "html/charts.rs"]
mod charts;
#[path = "common/gate.rs"]
mod gate;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A spec in which every text tries to be more than text, with a finding that only warns.
const HOSTILE: &str = r#"
kind: feature-spec
id: hostile
title: "</script><script>struck=1</script><img src=x onerror=struck=1>"
owner: "\"><svg onload=struck=1>"
status: approved
risk_tier: "</title></textarea></style><script>struck=1</script>"
"</code><script>struck=1</script>": "' onmouseover='struck=1"
summary: "<!-- <b> \u202e\u001b[31m &lt;b&gt; averyveryveryveryveryveryveryveryveryveryveryveryveryveryveryveryverylongword"
data:
  - name: "`</mark><iframe src=https://evil.example></iframe>`"
    personal: true
    retention: "P10Y<script>struck=1</script>"
"#;

const CONFIG: &str = "rules:\n  core/owner-named: warning\n  core/risk-tier-agrees: warning\n";

/// Why the browser cannot be driven here.
fn lacking(folder: &Path) -> Option<String> {
    let node = Command::new("node").arg("--version").output();
    if !node.is_ok_and(|output| output.status.success()) {
        return Some("node is not installed".to_owned());
    }
    let chromium = std::env::var_os("LAUNCHGATE_CHROMIUM");
    let chromium = chromium.map_or_else(|| PathBuf::from("/usr/bin/chromium"), PathBuf::from);
    if !chromium.exists() {
        return Some(format!(
            "`{}` is not there; LAUNCHGATE_CHROMIUM names another",
            chromium.display()
        ));
    }
    let modules =
        ["playwright-core", "axe-core"].map(|name| folder.join("node_modules").join(name));
    let absent = modules.iter().any(|module| !module.is_dir());
    absent.then(|| "`npm ci --prefix tests/html` was not run".to_owned())
}

/// Checks `path` and puts the page into `page`.
fn write_page(root: &Path, path: &str, page: &Path, code: i32) {
    let output = Command::new(env!("CARGO_BIN_EXE_launchgate"))
        .current_dir(root)
        .args(["check", path, "--as-of", "2026-11-22", "--output"])
        .arg(format!("html={}", page.display()))
        .output()
        .unwrap();
    assert_eq!(
        output.status.code(),
        Some(code),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_reader_can_use_the_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("tests/html");
    if let Some(why) = lacking(&folder) {
        assert!(
            std::env::var_os("LAUNCHGATE_REQUIRE_TOOLS").is_none_or(|value| value != "1"),
            "{why}"
        );
        println!("skipped: {why}");
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| -> PathBuf { scratch.path().join(name) };
    fs::create_dir_all(at("repo/.git")).unwrap();
    fs::write(at("repo/hostile.yaml"), HOSTILE).unwrap();
    fs::write(at("repo/launchgate.yaml"), CONFIG).unwrap();
    write_page(root, "examples/credit-scoring-draft", &at("draft.html"), 1);
    write_page(root, "examples/credit-scoring", &at("complete.html"), 0);
    write_page(&at("repo"), ".", &at("hostile.html"), 1);
    fs::write(at("charts.html"), charts::page(root)).unwrap();

    let mut command = Command::new("node");
    command.arg(folder.join("review-page.mjs")).args([
        at("draft.html"),
        at("complete.html"),
        at("hostile.html"),
        at("charts.html"),
    ]);
    // Where to leave pictures for people to look at.
    if let Some(shots) = std::env::var_os("LAUNCHGATE_SCREENSHOTS") {
        command.arg(shots);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    print!("{said}");
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{failed}");
}
