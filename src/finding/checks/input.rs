//! Checks of the paths that a run is given.

use super::{Check, check};

pub(super) const PATHS: &[Check] = &[
    check(
        "input/not-found",
        "What is named is there",
        "There is no file or folder of this name. A gate that passed over a misspelt path would \
         pass without having looked.",
        "Correct the path.",
    ),
    check(
        "input/not-a-file",
        "Documents are regular files",
        "A pipe, socket or device is no document; reading it could wait for ever or give another text \
         each time.",
        "Name a file, or give the text on standard input: `launchgate check - < FILE`.",
    ),
    check(
        "input/outside-root",
        "Nothing outside the repository is read",
        "The path, or the link that stands there, leads out of the root. What is checked has to be what \
         is reviewed and committed.",
        "Put a copy inside the root, or leave the link out with `exclude`.",
    ),
    check(
        "input/unreadable",
        "What is checked can be read",
        "The file or folder is there and cannot be read, so nothing is known about it.",
        "Make it readable, or leave it out with `exclude`.",
    ),
    check(
        "input/unknown-syntax",
        "The file name says how the document is written",
        "The extension decides whether a document is read as YAML, JSON, TOML or Markdown.",
        "Let the name end in .yaml, .yml, .json, .toml, .md, .markdown or .xml.",
    ),
    check(
        "input/unrecognized",
        "What is named is a document",
        "The file was named on the command line or by `documents` in the config, and nothing in it says \
         which kind of document it is.",
        "Write `kind: feature-spec` or `kind: model-card` into it, or give it a kind in `documents`.",
    ),
    check(
        "input/unmatched-glob",
        "Every glob of the config matches a file",
        "A glob that matches nothing is most often misspelt, or its files have moved. The documents it \
         was meant for would go unchecked.",
        "Correct the glob, or remove it. Globs are relative to the folder of the config.",
    ),
    check(
        "input/nested-config",
        "One config holds for all that is checked",
        "Below the folder where the run began lies a config of its own. It does not count in this run, so \
         the files beside it would be held to other rules than its owners chose.",
        "Check that folder in a run of its own, leave it out with `exclude`, or choose a config with \
         `--config`.",
    ),
    check(
        "input/non-utf8-path",
        "Paths are texts",
        "Reports name files by their paths, and this one is not UTF-8.",
        "Rename the file or folder.",
    ),
    check(
        "input/github-reviews",
        "Reviews are what GitHub's API gives",
        "The file behind `--github-reviews` is no list of reviews, so nobody can tell who approved what.",
        "Hand in what `gh api --paginate --slurp repos/{owner}/{repo}/pulls/{number}/reviews` writes.",
    ),
    check(
        "input/orphan-sidecar",
        "Every sidecar stands beside its document",
        "`<file>.launchgate.yaml` adds fields to `<file>`, which is not there. Perhaps it was renamed.",
        "Rename the sidecar as its document is called, or remove it.",
    ),
];
