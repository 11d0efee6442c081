//! What can be typed and how it is read; `tests/command_line.rs` runs the program itself.

use super::args::{Cli, Color, Command};
use super::environment::Environment;
use super::output::{Output, write_file};
use crate::render::Format;
use camino::Utf8Path;
use clap::{CommandFactory as _, Parser as _};

#[test]
fn the_command_line_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn every_command_has_help_with_examples() {
    for command in Cli::command().get_subcommands() {
        let name = command.get_name();
        assert!(command.get_about().is_some(), "{name}");
        let examples = command.get_after_help().or(command.get_after_long_help());
        let told = examples.is_some() || matches!(name, "rules" | "config");
        assert!(told, "{name} has no examples");
    }
}

#[test]
fn outputs_are_a_format_and_perhaps_a_path() {
    let output = |text| Output::<Format>::parse(text).unwrap();
    assert_eq!(output("json").path, None);
    assert_eq!(
        output("json=a=b.json").path.as_deref(),
        Some(Utf8Path::new("a=b.json"))
    );
    assert_eq!(output("terminal").format, Format::Terminal);
    for text in ["jsno", "", "json=", "=x", "pdf=x"] {
        let error = Output::<Format>::parse(text).unwrap_err();
        let named = error.contains("terminal") && error.contains("json");
        assert!(named || text == "json=", "{text}: {error}");
    }
}

#[test]
fn two_outputs_never_share_a_place() {
    let conflict = |texts: &[&str]| {
        let outputs: Vec<_> = texts
            .iter()
            .map(|text| Output::<Format>::parse(text).unwrap())
            .collect();
        Output::conflict(&outputs)
    };
    assert_eq!(conflict(&["terminal", "json=a", "json=b"]), None);
    assert!(
        conflict(&["terminal", "json"])
            .unwrap()
            .contains("standard output")
    );
    assert!(
        conflict(&["terminal=a", "json=./a"])
            .unwrap()
            .contains("`./a`")
    );
}

#[test]
fn days_are_days_of_the_calendar() {
    let day = |text: &str| {
        let cli = Cli::try_parse_from(["launchgate", "check", "--as-of", text]).ok()?;
        match cli.command {
            Command::Check(args) => args.as_of,
            _ => None,
        }
    };
    assert_eq!(day("2026-11-22").unwrap().to_string(), "2026-11-22");
    for text in [
        "2026-02-30",
        "2026-2-3",
        "20261122",
        "2026-11-22T00:00",
        "+02026-11-22",
        "today",
    ] {
        assert_eq!(day(text), None, "{text}");
    }
}

#[test]
fn colour_follows_the_option_then_the_environment() {
    let plain = Environment {
        current: "/".into(),
        now: jiff::civil::date(2026, 11, 22)
            .to_zoned(jiff::tz::TimeZone::UTC)
            .unwrap()
            .timestamp(),
        today: jiff::civil::date(2026, 11, 22),
        no_color: false,
        force_color: false,
        terminal: false,
        error_terminal: true,
        ascii: false,
        columns: Some(80),
    };
    let with = |no_color, force_color, terminal| Environment {
        no_color,
        force_color,
        terminal,
        ..plain.clone()
    };
    for (environment, asked, wanted) in [
        (with(false, false, true), Color::Auto, true),
        (with(false, false, false), Color::Auto, false),
        (with(true, false, true), Color::Auto, false),
        (with(false, true, false), Color::Auto, true),
        (with(true, true, true), Color::Auto, false),
        (with(true, false, false), Color::Always, true),
        (with(false, true, true), Color::Never, false),
    ] {
        assert_eq!(
            environment.color(asked, false),
            wanted,
            "{environment:?} {asked:?}"
        );
    }
    assert!(plain.color(Color::Auto, true));
    // The width of a pipe is the same everywhere.
    assert_eq!(plain.width(), 100);
    assert_eq!(with(false, false, true).width(), 80);
}

#[test]
fn a_file_is_replaced_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let folder = Utf8Path::from_path(folder.path()).unwrap();
    let path = folder.join("report.json");
    write_file(&path, "one").unwrap();
    write_file(&path, "two").unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "two");
    assert!(write_file(folder, "x").is_err());
    assert!(write_file(&folder.join("no/report.json"), "x").is_err());
    let left: Vec<_> = std::fs::read_dir(folder).unwrap().collect();
    assert_eq!(left.len(), 1);
    #[cfg(unix)]
    {
        let link = folder.join("link.json");
        std::os::unix::fs::symlink("report.json", &link).unwrap();
        write_file(&link, "three").unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "three");
        write_file("/dev/null".into(), "x").unwrap();
        assert!(std::fs::metadata("/dev/null").is_ok_and(|found| !found.is_file()));
    }
}
