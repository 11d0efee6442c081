//! Checks of configs.

use super::{Check, check};

pub(super) const CONFIGS: &[Check] = &[
    check(
        "config/not-found",
        "What the config names is there",
        "A base config, a pack folder, a schema or the config itself is not where it is said to be.",
        "Correct the path. Paths are relative to the config that holds them.",
    ),
    check(
        "config/unreadable",
        "The config can be read",
        "There is a config for this folder, and it cannot be read. Going on without it would judge by \
         other rules.",
        "Make it readable, remove it, or run with `--isolated` to use no config.",
    ),
    check(
        "config/not-a-file",
        "A config is a regular file",
        "What is named as the config is a folder, a pipe or a device.",
        "Name a file, such as `--config launchgate.yaml`.",
    ),
    check(
        "config/outside-root",
        "A config reads nothing outside the root",
        "The path, or the link that stands there, leads out of the repository, so what it leads to is not \
         reviewed with it.",
        "Keep the file inside the root, or name the config with `--config`.",
    ),
    check(
        "config/name",
        "A config is called launchgate.yaml",
        "This name looks like a config and would be passed over.",
        "Rename it to `launchgate.yaml`, or remove it.",
    ),
    check(
        "config/empty",
        "A config says something",
        "The file is there and holds nothing, or comments alone. If something was lost, the packs and \
         rules that it named would no longer hold.",
        "Write what shall hold, or `{}` if the config only marks its folder.",
    ),
    check(
        "config/unknown-field",
        "Stage and identity of a kind are fields that it has",
        "`stage` or `identity` of a kind names a field that its schema does not have, so that no document \
         could say its stage or its id.",
        "Name a field of the kind's schema.",
    ),
    check(
        "config/two-files",
        "A folder has one config",
        "`launchgate.yaml` and `launchgate.yml` stand in one folder, and only one of them could count.",
        "Keep one of them.",
    ),
    check(
        "config/several-documents",
        "A config is one YAML document",
        "Behind a line `---` a second document begins, which would not be read.",
        "Remove the line, or the second document.",
    ),
    check(
        "config/cycle",
        "Configs do not extend each other in a circle",
        "A config extends another that, in the end, extends it. None of them would have the last word.",
        "Remove one of the entries of `extends`.",
    ),
    check(
        "config/limit",
        "A config keeps to the limits",
        "The config is larger or nests deeper than a config can be.",
        "Split it with `extends`.",
    ),
    check(
        "config/glob",
        "Globs can be read",
        "The pattern is no glob, or it leads out of the config's folder.",
        "Write a path relative to the config's folder, such as `specs/**/*.yaml`.",
    ),
    check(
        "config/contradiction",
        "The config says one thing about a rule",
        "A rule is turned off and given a severity in one entry.",
        "Keep `off` or `severity`, not both.",
    ),
    check(
        "config/off-without-reason",
        "What is turned off has a reason",
        "A rule is turned off and nothing says why. Every report names the rules that are off with their \
         reasons, for reviewers and auditors.",
        "Write `RULE: {off: true, reason: ...}` with a reason that an auditor accepts.",
    ),
    check(
        "config/missing-reason",
        "The reason for turning a rule off is not blank",
        "A rule is turned off, and the reason behind it is empty.",
        "Write the reason; it is shown in every report.",
    ),
    check(
        "config/locked-rule",
        "Locked rules keep their severity",
        "The rule, or a base config, is `locked`: what it asks for may not be lowered, turned off or \
         changed further down.",
        "Remove the entry, or ask the owners of the rule or of the base config.",
    ),
    check(
        "config/unknown-rule",
        "Rules that are configured exist",
        "No rule of the chosen packs has this id. Ids match exactly; an entry for a misspelt rule would do \
         nothing.",
        "Correct the id (`launchgate rules` lists them), or add its pack to `packs`.",
    ),
    check(
        "config/unknown-param",
        "Parameters that are set exist",
        "The rule has no parameter of this name.",
        "Use one of the parameters that `launchgate explain RULE` lists.",
    ),
    check(
        "config/param",
        "Parameters have their types",
        "The value that is set for a parameter is not of the type that its rule declares.",
        "Write a value of that type; `launchgate explain RULE` shows the default.",
    ),
    check(
        "config/unknown-pack",
        "Packs that are chosen exist",
        "No pack that comes with launchgate has this name, and it is no path of a folder.",
        "Correct the name, or write the path of your own pack with a `/`, such as `./policies/bank`.",
    ),
    check(
        "config/pack",
        "A pack folder can be read",
        "The folder of a pack of your own cannot be read whole, or holds what a pack cannot hold, such as \
         a link.",
        "Correct the folder: a `pack.yaml` and rule files beside it.",
    ),
    check(
        "config/empty-pack",
        "A pack that is chosen holds rules",
        "The folder that `packs` names holds no policy file, so choosing it checks nothing.",
        "Correct the path, or put a `pack.yaml` and rules there.",
    ),
    check(
        "config/unknown-framework",
        "Frameworks have a catalogue",
        "`frameworks` names one that has none. A name with a `/` is the path of a catalogue; any other is that \
         of a built-in one.",
        "Correct the name; the finding lists the known ones.",
    ),
    check(
        "config/framework",
        "The catalogues of a config can be read",
        "A catalogue that `frameworks` names cannot be read whole, so that nothing can be said about its \
         controls.",
        "Mend what the finding names.",
    ),
    check(
        "config/duplicate-framework",
        "A framework has one catalogue",
        "A catalogue of the config has the id of one that is there already, so that its controls could mean \
         either.",
        "Give yours another `framework:` id, or leave it out.",
    ),
    check(
        "config/unknown-role",
        "Distinct roles are listed",
        "`distinct` under `sign_offs` names a role that no config lists under `roles`, so one person could sign in \
         both.",
        "Correct the name, or list the role; `{}` is enough.",
    ),
    check(
        "config/unknown-kind",
        "Kinds that are assigned exist",
        "`documents` gives a file a kind that is neither built in nor defined under `kinds`.",
        "Correct the name, or define the kind.",
    ),
    check(
        "config/duplicate-kind",
        "Each kind is defined once",
        "The config defines a kind that comes with launchgate.",
        "Give your kind a name of its own.",
    ),
    check(
        "config/unknown-format",
        "Formats that are assigned exist",
        "`documents` gives a file a format that is not known.",
        "Correct the name, or remove it: most formats are recognized without it.",
    ),
    check(
        "config/schema",
        "The schema of a kind can be used",
        "The JSON Schema of a kind cannot be read, is no schema, or uses what the gate cannot hold a \
         document against.",
        "Correct the schema; it is JSON Schema draft 2020-12, written as JSON or YAML.",
    ),
    check(
        "config/format",
        "A format is well-formed",
        "The file that maps a foreign format onto a kind breaks the shape that `launchgate schema format` \
         describes, or takes a name that is taken.",
        "Correct the place that is shown.",
    ),
    check(
        "config/expression",
        "The expressions of a format can be compiled",
        "An expression that says where a field lies is no valid CEL, or reads what the format does not name.",
        "Correct the expression at the place that is shown.",
    ),
];
