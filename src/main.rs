//! The `launchgate` command.

fn main() -> std::process::ExitCode {
    launchgate::cli::main()
}
