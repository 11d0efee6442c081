//! The workflow and the hooks that `launchgate init` writes.

use super::address::Address;

/// What is to be done where nobody knows where launchgate comes from.
pub(super) const FILL_IN: &str = "replace OWNER and COMMIT. This launchgate was built from a copy that does not \
     say which repository it comes from";

/// The workflow; `branch` is the one that pull requests are merged into.
pub(super) fn workflow(address: Option<&Address>, branch: Option<&str>) -> String {
    let push = match branch {
        Some(branch) => format!(
            "  # And after every merge, over the whole repository.\n  push:\n    branches: [{}]\n",
            quoted(branch)
        ),
        None => "  # And after every merge, over the whole repository: name the branch.\n  \
                 # push:\n  #   branches: [main]\n"
            .to_owned(),
    };
    let action = match address {
        Some(address) => format!(
            "      # The action of the version that wrote this file. A full commit hash in its place cannot be moved.\n      \
             - uses: {}@v{}\n",
            address.name(),
            address.version
        ),
        None => "      # FILL IN: OWNER is who keeps launchgate at GitHub, COMMIT the full hash of the commit to use.\n      \
                 - uses: OWNER/launchgate@COMMIT\n"
            .to_owned(),
    };
    format!(
        "\
# Holds the feature specs and AI-model cards of a pull request against policies.
name: launchgate

on:
  # What changed against the branch that is merged into, and what refers to it.
  pull_request:
{push}
# What the job's token may do. Nothing but reading is needed.
permissions:
  contents: read
  # security-events: write # for sarif-upload below
  # pull-requests: write # for comment below

jobs:
  launchgate:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@9c091bb21b7c1c1d1991bb908d89e4e9dddfe3e0 # v7.0.0
        with:
          # The whole history: without it nobody can tell what a branch changed.
          fetch-depth: 0
          # The token is not left behind for the steps that follow.
          persist-credentials: false

{action}        with:
          # Files and folders to check, one a line. Empty: what a pull request changed, else everything.
          paths: \"\"
          # Findings as alerts of code scanning; a private repository needs a licence for it.
          # sarif-upload: true
          # One comment on the pull request, kept up to date.
          # comment: true
"
    )
}

/// A whole `.pre-commit-config.yaml`.
pub(super) fn hooks(address: Option<&Address>) -> String {
    format!(
        "\
# Checks that run before each commit. `pip install pre-commit`, then `pre-commit install` turns them on.
repos:
{}",
        hook(address)
    )
}

/// The entry for `repos`.
pub(super) fn hook(address: Option<&Address>) -> String {
    match address {
        Some(address) => format!(
            "  - repo: {}
    # The version that wrote this file; `pre-commit autoupdate` moves it.
    rev: v{}
    hooks:
      # Takes the launchgate that is installed. `id: launchgate` builds it with cargo instead.
      - id: launchgate-system
",
            address.url, address.version
        ),
        // Without an address the hook says itself what `.pre-commit-hooks.yaml` would say.
        None => "  - repo: local
    hooks:
      # Takes the launchgate that is installed.
      - id: launchgate
        name: launchgate
        # Reads every document, and speaks of those that the commit changes.
        entry: launchgate check --changed-only
        language: system
        types_or: [yaml, json, toml, markdown]
        # One run sees all changed files together.
        require_serial: true
"
        .to_owned(),
    }
}

fn quoted(text: &str) -> String {
    let written = serde_yaml::to_string(text).unwrap_or_default();
    let written = written.trim_end();
    // In a list in brackets, more needs quotes than serde_yaml knows of.
    if written == text && text.contains([',', '[', ']', '{', '}']) {
        return format!("'{text}'");
    }
    written.to_owned()
}
