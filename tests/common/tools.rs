//! Programs that tests need and that not every desk has.

use std::process::Command;

/// Whether programs are there; where they must be and one is not, the test fails.
#[expect(clippy::print_stdout, reason = "what is skipped is said")]
pub(crate) fn are_there(programs: &[&str]) -> bool {
    for program in programs {
        if Command::new(program).arg("--version").output().is_ok() {
            continue;
        }
        assert!(
            !are_required(),
            "{program} is missing: CONTRIBUTING.md says where it comes from"
        );
        println!("skipped: {program} is not installed");
        return false;
    }
    true
}

/// Whether a missing tool is a failure.
pub(crate) fn are_required() -> bool {
    std::env::var_os("LAUNCHGATE_REQUIRE_TOOLS").is_some()
}
