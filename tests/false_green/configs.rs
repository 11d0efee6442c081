//! What is wrong in a config.

use super::bank::{BASE, CONFIG, PACK, SCHEMA};
use super::project::{Row, bank};

pub(crate) fn rows() -> Vec<Row> {
    vec![
        bank("a key is misspelt").edit(CONFIG, "packs:", "pakcs:").exits(2).says("config/unknown-key", CONFIG, "«pakcs»: [core, ./policies/bank]"),
        bank("a key is in another case").edit(CONFIG, "packs:", "Packs:").exits(2).says("config/unknown-key", CONFIG, "«Packs»: [core, ./policies/bank]"),
        bank("a key stands twice in a config").append(CONFIG, "packs: [core]\n").exits(2).says("config/duplicate-key", CONFIG, "«packs»: [core]"),
        bank("the config is broken").edit(CONFIG, "packs: [core,", "packs: [core,,").exits(2).says("config/syntax", CONFIG, "packs: [core,«,» ./policies/bank]"),
        bank("the config is cut off").cut(CONFIG, "schema: schemas").exits(2).says("config/missing-key", CONFIG, "«data-sheet»:"),
        bank("the config is two documents").append(CONFIG, "---\npacks: [core]\n").exits(2).says("config/several-documents", CONFIG, "«packs»: [core]"),
        bank("the config is a list").file(CONFIG, "- core\n").exits(2).says("config/type", CONFIG, "- «core»"),
        bank("the config is empty").file(CONFIG, "").exits(2).says("config/empty", CONFIG, ""),
        bank("the config is all comments").file(CONFIG, "# packs: [./policies/bank]\n").exits(2).says("config/empty", CONFIG, ""),
        bank("the config is not UTF-8").edit(CONFIG, "The bank", b"The b\xe4nk").exits(2).says("config/encoding", CONFIG, "core/no-placeholders: { off: true, reason: The b«\u{fffd}nk» writes no prose }"),
        bank("the config's name has another extension").rename(CONFIG, "launchgate.json").exits(2).says("config/name", "launchgate.json", ""),
        bank("the config's name is in capitals").rename(CONFIG, "Launchgate.yaml").exits(2).says("config/name", "Launchgate.yaml", ""),
        bank("the config's name is misspelt").rename(CONFIG, "lauchgate.yaml").exits(2).says("config/name", "lauchgate.yaml", ""),
        bank("two configs stand in one folder").copy(CONFIG, "launchgate.yml").exits(2).says("config/two-files", "launchgate.yml", ""),
        bank("a config further down does not count")
            .file("specs/launchgate.yaml", "packs: [./policies/bank]\n")
            .exits(2).says("input/nested-config", "specs/launchgate.yaml", ""),
        bank("a glob matches nothing").edit(CONFIG, "specs/*.yaml", "spec/*.yaml").exits(2).says("input/unmatched-glob", CONFIG, "- paths: «\"spec/*.yaml\"»"),
        bank("a glob has the wrong extension")
            .edit(CONFIG, "specs/*.yaml", "specs/*.yml")
            .exits(2).says("input/unmatched-glob", CONFIG, "- paths: «\"specs/*.yml\"»"),
        bank("one of several globs matches nothing")
            .edit(CONFIG, "[\"sheets/*.yaml\"]", "[\"sheets/*.yaml\", \"sheet/*.yaml\"]")
            .exits(2).says("input/unmatched-glob", CONFIG, "- paths: [\"sheets/*.yaml\", «\"sheet/*.yaml\"»]"),
        bank("a glob is no glob").edit(CONFIG, "specs/*.yaml", "specs/[*.yaml").exits(2).says("config/glob", CONFIG, "- paths: «\"specs/[*.yaml\"»"),
        bank("a glob leads out of the root").edit(CONFIG, "specs/*.yaml", "../*.yaml").exits(2).says("config/glob", CONFIG, "- paths: «\"../*.yaml\"»"),
        bank("a glob of an override matches nothing")
            .edit(CONFIG, "paths: specs/loan.yaml", "paths: specs/laon.yaml")
            .exits(2).says("input/unmatched-glob", CONFIG, "- paths: «specs/laon.yaml»"),
        bank("everything is left out").append(CONFIG, "exclude: [\"**\"]\n").exits(2).says("input/unmatched-glob", CONFIG, "- paths: «\"specs/*.yaml\"»"),
        bank("what is named is left out")
            .append(CONFIG, "exclude: [specs/loan.yaml]\n")
            .exits(2).says("input/unmatched-glob", CONFIG, "- paths: «\"specs/*.yaml\"»"),
        bank("the list of documents is empty")
            .edit(CONFIG, "  - paths: \"specs/*.yaml\"\n    kind: feature-spec\n  - paths: [\"sheets/*.yaml\"]\n", "  []\n")
            .exits(2).says("config/value", CONFIG, "«documents»:"),
        bank("the list of documents is null")
            .edit(CONFIG, "  - paths: \"specs/*.yaml\"\n    kind: feature-spec\n  - paths: [\"sheets/*.yaml\"]\n", "")
            .exits(2).says("config/missing-key", CONFIG, "«documents»:"),
        bank("a kind of documents is misspelt")
            .edit(CONFIG, "kind: feature-spec", "kind: feature-sepc")
            .exits(2).says("config/unknown-kind", CONFIG, "kind: «feature-sepc»"),
        bank("a format of documents is unknown")
            .edit(CONFIG, "kind: feature-spec", "format: hugingface")
            .exits(2).says("config/unknown-format", CONFIG, "format: «hugingface»"),
        bank("a kind's name is no name").edit(CONFIG, "  data-sheet:", "  Data Sheet:").exits(2).says("config/unknown-key", CONFIG, "«Data Sheet»:"),
        bank("a kind's name is misspelt").edit(CONFIG, "  data-sheet:", "  data-shet:").exits(2).says("policy/unknown-kind", "policies/bank/sheets.yaml", "applies_to: «data-sheet»"),
        bank("a kind has the name of one that is there")
            .edit(CONFIG, "  data-sheet:", "  feature-spec:")
            .exits(2).says("config/duplicate-kind", CONFIG, "«feature-spec»:"),
        bank("a kind's schema is not there")
            .edit(CONFIG, "schemas/data-sheet.schema.json", "schemas/data-sheet.json")
            .exits(2).says("config/not-found", CONFIG, "schema: «schemas/data-sheet.json»"),
        bank("a kind's schema is broken").edit(SCHEMA, "\"type\": \"object\",", "\"type\": \"object\"").exits(2).says("config/schema", SCHEMA, "«\"»required\": [\"kind\", \"id\"],"),
        bank("a kind's schema is no schema")
            .edit(SCHEMA, "\"type\": \"object\"", "\"type\": \"objekt\"")
            .exits(2).says("config/schema", SCHEMA, "\"type\": «\"objekt\"»,"),
        bank("a kind's schema is empty").file(SCHEMA, "").exits(2).says("config/schema", SCHEMA, ""),
        bank("a kind's schema misspells a keyword")
            .edit(SCHEMA, "\"additionalProperties\": false", "\"additonalProperties\": false")
            .exits(2).says("config/schema", SCHEMA, "«\"additonalProperties\"»: false,"),
        bank("a kind's stage is no field of it")
            .edit(CONFIG, "stage: status", "stage: statsu")
            .exits(2).says("config/unknown-field", CONFIG, "stage: «statsu»"),
        bank("a kind's format is misspelt")
            .edit(SCHEMA, "\"format\": \"date\"", "\"format\": \"dat\"")
            .exits(2).says("config/schema", SCHEMA, "\"collected_on\": { \"type\": \"string\", \"format\": «\"dat\"» }"),
        bank("a kind's identity is no field of it")
            .edit(CONFIG, "stage: status", "stage: status\n    identity: [name]")
            .exits(2).says("config/unknown-field", CONFIG, "identity: [«name»]"),
        bank("a pack is misspelt").edit(CONFIG, "[core,", "[croe,").exits(2).says("config/unknown-pack", CONFIG, "packs: [«croe», ./policies/bank]"),
        bank("a pack's folder is misspelt").edit(CONFIG, "./policies/bank", "./policies/bnak").exits(2).says("config/not-found", CONFIG, "packs: [core, «./policies/bnak»]"),
        bank("a pack's folder is gone").remove("policies/bank").exits(2).says("config/not-found", CONFIG, "packs: [core, «./policies/bank»]"),
        bank("a pack's folder is empty")
            .remove("policies/bank")
            .folder("policies/bank")
            .edit(CONFIG, "params:\n  bank/retention:\n    limit: P1Y\n", "")
            .edit(CONFIG, "overrides:\n  - paths: specs/loan.yaml\n    params: { bank/retention: { limit: P6M } }\n", "")
            .exits(2).says("config/empty-pack", CONFIG, "packs: [core, «./policies/bank»]"),
        bank("a pack is a file").edit(CONFIG, "./policies/bank", "./policies/bank/pack.yaml").exits(2).says("config/not-found", CONFIG, "packs: [core, «./policies/bank/pack.yaml»]"),
        bank("a pack lies out of the root").edit(CONFIG, "./policies/bank", "../bank").exits(2).says("config/outside-root", CONFIG, "packs: [core, «../bank»]"),
        bank("a pack's folder is named without a slash")
            .edit(CONFIG, "./policies/bank", "bank")
            .exits(2).says("config/unknown-pack", CONFIG, "packs: [core, «bank»]"),
        bank("no packs are chosen").edit(CONFIG, "[core, ./policies/bank]", "[]").exits(2).says("config/value", CONFIG, "«packs»: []"),
        bank("packs are null").edit(CONFIG, "[core, ./policies/bank]", "~").exits(2).says("config/missing-key", CONFIG, "packs: «~»"),
        bank("two packs have one name")
            .copy(PACK, "policies/pack.yaml")
            .folder("house/bank")
            .copy(PACK, "house/bank/pack.yaml")
            .edit(CONFIG, "./policies/bank]", "./policies/bank, ./house/bank]")
            .exits(2).says("policy/duplicate-pack", "house/bank/pack.yaml", "«name: bank»"),
        bank("a rule is misspelt under `rules`")
            .edit(CONFIG, "core/no-placeholders:", "core/no-placeholder:")
            .exits(2).says("config/unknown-rule", CONFIG, "«core/no-placeholder»: { off: true, reason: The bank writes no prose }"),
        bank("a rule is of a pack that is not chosen")
            .edit(CONFIG, "core/no-placeholders:", "privacy/retention-limit:")
            .exits(2).says("config/unknown-rule", CONFIG, "«privacy/retention-limit»: { off: true, reason: The bank writes no prose }"),
        bank("a rule is off without a reason")
            .edit(CONFIG, "{ off: true, reason: The bank writes no prose }", "off")
            .exits(2).says("config/off-without-reason", CONFIG, "core/no-placeholders: «off»"),
        bank("a rule is off for a blank reason")
            .edit(CONFIG, "reason: The bank writes no prose", "reason: \" \"")
            .exits(2).says("config/off-without-reason", CONFIG, "«core/no-placeholders»: { off: true, reason: \" \" }"),
        bank("a severity is misspelt under `rules`")
            .edit(CONFIG, "{ off: true, reason: The bank writes no prose }", "eror")
            .exits(2).says("config/value", CONFIG, "core/no-placeholders: «eror»"),
        bank("a parameter is misspelt")
            .edit(CONFIG, "    limit: P1Y", "    limt: P1Y")
            .exits(2).says("config/unknown-param", CONFIG, "«limt»: P1Y"),
        bank("a parameter has another type").edit(CONFIG, "    limit: P1Y", "    limit: 365").exits(2).says("config/param", CONFIG, "limit: «365»"),
        bank("a parameter of an override has another type")
            .edit(CONFIG, "limit: P6M", "limit: half a year")
            .exits(2).says("config/param", CONFIG, "params: { bank/retention: { limit: «half a year» } }"),
        bank("a parameter is set for a rule that is misspelt")
            .edit(CONFIG, "  bank/retention:\n    limit: P1Y", "  bank/retntion:\n    limit: P1Y")
            .exits(2).says("config/unknown-rule", CONFIG, "«bank/retntion»:"),
        bank("a base config is not there")
            .edit(CONFIG, "[policies/base.yaml]", "[policies/bases.yaml]")
            .exits(2).says("config/not-found", CONFIG, "extends: [«policies/bases.yaml»]"),
        bank("a base config extends the config")
            .prepend(BASE, "extends: [../launchgate.yaml]\n")
            .exits(2).says("config/cycle", BASE, "extends: [«../launchgate.yaml»]"),
        bank("a base config is emptied").file(BASE, "").exits(2).says("config/empty", BASE, ""),
        bank("a key of a base config is misspelt").edit(BASE, "rules:", "rule:").exits(2).says("config/unknown-key", BASE, "«rule»:"),
        bank("a locked rule is lowered")
            .edit(CONFIG, "rules:\n", "rules:\n  core/owner-named: note\n")
            .exits(2).says("config/locked-rule", CONFIG, "«core/owner-named»: note"),
        bank("a locked rule is turned off")
            .edit(CONFIG, "rules:\n", "rules:\n  core/owner-named: { off: true, reason: We know }\n")
            .exits(2).says("config/locked-rule", CONFIG, "«core/owner-named»: { off: true, reason: We know }"),
        bank("a locked rule is lowered for some paths")
            .append(CONFIG, "    rules: { core/owner-named: note }\n")
            .exits(2).says("config/locked-rule", CONFIG, "rules: { «core/owner-named»: note }"),
        bank("the severity to fail on is misspelt").append(CONFIG, "fail_on: eror\n").exits(2).says("config/value", CONFIG, "fail_on: «eror»"),
        bank("a limit is nothing").append(CONFIG, "limits: { file_bytes: 0 }\n").exits(2).says("config/value", CONFIG, "limits: { file_bytes: «0» }"),
        bank("a limit is smaller than a policy file")
            .append(CONFIG, "limits: { file_bytes: 600 }\n")
            .exits(2).says("config/pack", CONFIG, "packs: [core, «./policies/bank»]"),
        bank("all rules are off")
            .edit(CONFIG, "[core, ./policies/bank]", "[./policies/bank]")
            .edit(
                CONFIG,
                "  core/no-placeholders: { off: true, reason: The bank writes no prose }\n",
                "  bank/retention: { off: true, reason: Later }\n  bank/sheet-owned: { off: true, reason: Later }\n  bank/sheet-filled: { off: true, reason: Later }\n  bank/sheet-builds-on: { off: true, reason: Later }\n",
            )
            .edit(CONFIG, "extends: [policies/base.yaml]\n", "")
            .exits(3)
            .complains("NOTHING CHECKED"),
    ]
}
