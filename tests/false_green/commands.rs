//! Command lines that ask for something else than was meant.

use super::project::{Row, bank, credit};

pub(crate) fn rows() -> Vec<Row> {
    vec![
        credit("a subcommand is misspelt")
            .words(&["launchgate", "chekc", "."])
            .exits(2)
            .complains("'check'"),
        credit("no subcommand is given")
            .words(&["launchgate"])
            .exits(2)
            .complains("Usage:"),
        credit("an option is misspelt")
            .words(&["--stag", "launched", "."])
            .exits(2)
            .complains("--stage"),
        credit("a severity is misspelt")
            .words(&["--fail-on", "eror", "."])
            .exits(2)
            .complains("'error'"),
        credit("a stage is misspelt")
            .words(&["--stage", "lanched", "."])
            .exits(2)
            .complains("'launched'"),
        credit("a day is none")
            .words(&["launchgate", "check", "--as-of", "2026-02-30", "."])
            .exits(2)
            .complains("no such day"),
        credit("a day is written the other way round")
            .words(&["launchgate", "check", "--as-of", "22-11-2026", "."])
            .exits(2)
            .complains("YYYY-MM-DD"),
        credit("a format is unknown")
            .words(&["launchgate", "check", "--output", "jsn", "."])
            .exits(2)
            .complains("json"),
        credit("an output cannot be written")
            .words(&[
                "launchgate",
                "check",
                "--output",
                "json=reports/out.json",
                ".",
            ])
            .exits(2)
            .complains("its folder does not exist"),
        credit("an output is a folder")
            .words(&["launchgate", "check", "--output", "json=docs", "."])
            .exits(2)
            .complains("is a directory"),
        credit("a config that is named does not exist")
            .words(&["--config", "launchgate.yml", "."])
            .exits(2)
            .says("config/not-found", "<command line>", ""),
        bank("a config that is named is a folder")
            .words(&["--config", "policies", "."])
            .exits(2)
            .says("config/not-a-file", "<command line>", ""),
        credit("standard input is empty")
            .words(&["-"])
            .stdin("")
            .exits(2)
            .says("input/unrecognized", "<stdin>", ""),
        credit("standard input says no kind")
            .words(&["-", "--stdin-filename", "new.yaml"])
            .stdin("id: x\n")
            .exits(2)
            .says("input/unrecognized", "new.yaml", ""),
        credit("standard input is no document")
            .words(&["-"])
            .stdin("Dear all\n")
            .exits(2)
            .says("input/unrecognized", "<stdin>", ""),
        credit("standard input is taken for a file without extension")
            .words(&["-", "--stdin-filename", "new"])
            .stdin("kind: model-card\nid: x\n")
            .exits(2)
            .says("input/unknown-syntax", "<command line>", ""),
        credit("standard input is half a document")
            .words(&["-", "--stdin-filename", "new.md"])
            .stdin("---\nkind: feature-spec\nid: x\n")
            .exits(1)
            .says("document/front-matter", "new.md", ""),
        bank("standard input is empty, and the config knows its kind")
            .words(&["-", "--stdin-filename", "specs/loan.yaml"])
            .stdin("")
            .exits(1)
            .says("document/empty", "specs/loan.yaml", ""),
        credit("without its config a folder's documents are unknown")
            .words(&["--isolated", "docs"])
            .exits(3)
            .complains("NOTHING CHECKED"),
    ]
}
