//! The command line as its specification tells it: `tests/cmd/*.trycmd`, one topic a file.
//!
//! `TRYCMD=overwrite cargo test --test cmd` writes what the program says into the files; read the
//! difference before it is committed.
#![cfg(feature = "cli")]

/// What a build server or a desk may set, and what would then be another picture. Empty counts as
/// unset.
const UNSET: [&str; 12] = [
    "CI",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "FORCE_COLOR",
    "GITHUB_ACTIONS",
    "GITHUB_STEP_SUMMARY",
    "GITHUB_WORKSPACE",
    "LC_ALL",
    "LC_CTYPE",
    "NO_COLOR",
    "TERM",
    "RUST_BACKTRACE",
];

#[test]
fn the_command_line_is_as_specified() {
    let cases = trycmd::TestCases::new();
    for name in UNSET {
        cases.env(name, "");
    }
    cases
        .env("COLUMNS", "100")
        .env("LANG", "C.UTF-8")
        .case("tests/cmd/*.trycmd")
        .case("tests/cmd/*.toml");
}
