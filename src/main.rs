//! The `launchgate` command.

fn main() {}
