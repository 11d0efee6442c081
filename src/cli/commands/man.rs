//! `launchgate man`.

use std::io;

use camino::Utf8Path;
use clap::CommandFactory as _;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use crate::cli::ERROR;
use crate::cli::args::{Cli, ManArgs};
use crate::cli::output;
use crate::cli::session::Session;

/// Prints the page of the program, or writes a page for each command into a folder.
pub(in crate::cli) fn run(args: &ManArgs, session: &Session<'_>) -> u8 {
    let command = Cli::command();
    let Some(folder) = &args.out else {
        return match page(command) {
            Ok(page) => Session::print(&page, 0),
            Err(error) => failed(&error.to_string()),
        };
    };
    let Some(folder) = session.absolute(folder) else {
        return ERROR;
    };
    match write(command, &folder) {
        Ok(()) => 0,
        Err(error) => failed(&format!("`{folder}`: {}", output::why(&error))),
    }
}

fn failed(why: &str) -> u8 {
    output::complain(
        &format!("cannot write the manual: {why}"),
        Some("Name a folder that is there and can be written to"),
    );
    ERROR
}

fn page(command: clap::Command) -> io::Result<String> {
    let command = command.disable_help_subcommand(true);
    let examples = command.get_after_long_help().or(command.get_after_help());
    let examples = examples.map(ToString::to_string);
    let (has_subcommands, has_version) =
        (command.has_subcommands(), command.get_version().is_some());
    let man = Man::new(command);
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if has_subcommands {
        man.render_subcommands_section(&mut page)?;
    }
    if let Some(examples) = examples {
        // Its lines are as long as they are meant to be.
        let mut section = Roff::new();
        section.control("SH", ["EXAMPLES AND EXIT CODES"]);
        section.control("nf", []);
        for line in examples.lines() {
            section.text([roman(line)]);
        }
        section.control("fi", []);
        section.to_writer(&mut page)?;
    }
    if has_version {
        man.render_version_section(&mut page)?;
    }
    Ok(String::from_utf8_lossy(&page).into_owned())
}

/// Writes the page of a command, and those of its subcommands.
fn write(command: clap::Command, folder: &Utf8Path) -> io::Result<()> {
    let mut waiting = vec![command.disable_help_subcommand(true)];
    while let Some(mut command) = waiting.pop() {
        command.build();
        let name = command
            .get_display_name()
            .unwrap_or_else(|| command.get_name())
            .to_owned();
        let inner = command
            .get_subcommands()
            .filter(|inner| !inner.is_hide_set());
        waiting.extend(inner.cloned());
        output::write_file(&folder.join(format!("{name}.1")), &page(command)?)?;
    }
    Ok(())
}
