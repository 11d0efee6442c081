//! What is wrong in a document.

use super::project::{Row, credit};

const SPEC: &str = "instant-credit.md";
const CARD: &str = "credit-risk-model.yaml";

/// Keys and lists that are not as they were.
pub(crate) fn shapes() -> Vec<Row> {
    vec![
        credit("a field is misspelt")
            .edit(SPEC, "lawful_basis: contract", "lawfull_basis: contract")
            .exits(1),
        credit("a field is null")
            .edit(SPEC, "lawful_basis: contract", "lawful_basis: null")
            .exits(1),
        credit("a field is left empty")
            .edit(SPEC, "lawful_basis: contract", "lawful_basis:")
            .exits(1),
        credit("a field is blank")
            .edit(SPEC, "agreement: DPA-2026-017", "agreement: \"  \"")
            .exits(1),
        credit("a field is gone")
            .edit(SPEC, "    lawful_basis: contract\n", "")
            .exits(1),
        credit("a list is empty")
            .edit(CARD, "protected_attributes: [sex, age_band]", "protected_attributes: []")
            .exits(1),
        credit("a list is null")
            .edit(CARD, "jurisdictions: [EU, US-NY]", "jurisdictions: ~")
            .exits(1),
        credit("a list is a text")
            .edit(CARD, "protected_attributes: [sex, age_band]", "protected_attributes: sex")
            .exits(1),
        credit("the list of scans is empty")
            .edit(
                SPEC,
                "  scans:\n    - tool: semgrep\n      covers: code\n      path: evidence/scan.sarif\n      format: sarif\n      revision: 3f1c9e7a52d84b06c1e2f7a9b8d3450617c2e9fa\n      run_on: 2026-09-04\n",
                "  scans: []\n",
            )
            .exits(1),
        credit("a parent is gone, and its fields with it")
            .cut(CARD, "human_oversight:")
            .exits(1),
        credit("a parent is misspelt")
            .edit(CARD, "human_oversight:", "human_oversigth:")
            .exits(1),
        credit("a parent is empty")
            .edit(
                SPEC,
                "  threat_model:\n    reference: docs/threat-model.md\n    method: STRIDE\n    completed_on: 2026-07-10\n    reviewed_by: Security architecture\n",
                "  threat_model: {}\n",
            )
            .exits(1),
        credit("a key stands under the wrong parent")
            .edit(SPEC, "  kill_switch:\n    flag", "    kill_switch:\n    flag")
            .exits(1),
        credit("a section stands one level too deep")
            .edit(SPEC, "launch:\n  date: 2026-09-14\n", "x-launch:\n  date: 2026-09-14\n")
            .exits(1),
        credit("a field's key is in another case")
            .edit(SPEC, "risk_tier: high", "Risk_Tier: high")
            .exits(1),
        credit("a key holds a letter of another alphabet")
            .edit(CARD, "owner: Credit risk", "\u{43e}wner: Credit risk")
            .exits(1),
        credit("a key holds a character without width")
            .edit(CARD, "owner: Credit risk", "own\u{200b}er: Credit risk")
            .exits(1),
        credit("a byte order mark stands before a key")
            .edit(CARD, "owner: Credit risk", "\u{feff}owner: Credit risk")
            .exits(1),
        credit("an item of a list lost its dash")
            .edit(SPEC, "  - name: credit-history\n    category", "    name: credit-history\n    category")
            .exits(1),
    ]
}

/// Values that are not what they were.
pub(crate) fn values() -> Vec<Row> {
    vec![
        credit("a number is a text")
            .edit(CARD, "value: 0.939", "value: \"0.939\"")
            .exits(1),
        credit("a number has a decimal comma")
            .edit(CARD, "value: 0.939", "value: 0,939")
            .exits(1),
        credit("a number is none")
            .edit(CARD, "value: 0.939", "value: .nan")
            .exits(1),
        credit("a truth value is a word of YAML 1.1")
            .edit(CARD, "performed: true", "performed: yes")
            .exits(1),
        credit("a truth value is a text")
            .edit(CARD, "performed: true", "performed: \"true\"")
            .exits(1),
        credit("a truth value is the other one")
            .edit(CARD, "performed: true", "performed: false")
            .exits(1),
        credit("a version is a number")
            .edit(CARD, "version: 2.3.0\nowner", "version: 2.30\nowner")
            .exits(1),
        credit("a version is another one")
            .edit(SPEC, "version: 2.3.0", "version: 2.2.0")
            .exits(1),
        credit("one of several words is misspelt")
            .edit(SPEC, "lawful_basis: contract", "lawful_basis: contrakt")
            .exits(1),
        credit("a threshold is below the floor")
            .edit(
                CARD,
                "value: 0.878\n      tolerance: 0.005\n      threshold:\n        min: 0.8",
                "value: 0.878\n      tolerance: 0.005\n      threshold:\n        min: 0.7",
            )
            .exits(1),
        credit("claim and threshold are swapped")
            .edit(
                CARD,
                "value: 0.939\n      tolerance: 0.005\n      threshold:\n        min: 0.8",
                "value: 0.8\n      tolerance: 0.005\n      threshold:\n        min: 0.939",
            )
            .exits(1),
        credit("an upper bound is a lower bound")
            .edit(CARD, "max: 0.1", "min: 0.1")
            .exits(1),
        credit("a claim is a percentage")
            .edit(CARD, "value: 0.011", "value: 1.1")
            .exits(1),
        credit("a metric is misspelt")
            .edit(
                CARD,
                "metric: equal_opportunity_difference",
                "metric: equal_oportunity_difference",
            )
            .exits(1),
        credit("a date is in no calendar")
            .edit(SPEC, "  date: 2026-09-14", "  date: 2026-09-31")
            .exits(1),
        credit("a date is written as in a letter")
            .edit(
                SPEC,
                "completed_on: 2026-07-10",
                "completed_on: 10 July 2026",
            )
            .exits(1),
        credit("the threshold was set after the evaluation")
            .edit(
                CARD,
                "max: 0.1\n        set_on: 2026-05-29",
                "max: 0.1\n        set_on: 2026-07-29",
            )
            .exits(1),
        credit("a duration is written in words")
            .edit(SPEC, "retention: P6M", "retention: six months")
            .exits(1),
        credit("a duration lacks its P")
            .edit(SPEC, "retention: P6M", "retention: 6M")
            .exits(1),
        credit("a duration is negative")
            .edit(SPEC, "retention: P6M", "retention: -P6M")
            .exits(1),
        credit("the stage is misspelt")
            .edit(
                SPEC,
                "status: launched\nrisk_tier",
                "status: lanched\nrisk_tier",
            )
            .exits(1),
        credit("the stage is missing")
            .edit(CARD, "status: launched\n", "")
            .exits(1),
        credit("the stage of the card is behind that of the launch")
            .edit(CARD, "status: launched", "status: draft")
            .exits(1),
        credit("the risk is played down")
            .edit(SPEC, "risk_tier: high", "risk_tier: minimal")
            .exits(1),
        credit("an owner is to be named")
            .edit(
                SPEC,
                "owner: Consumer lending <consumer-lending@bank.example>",
                "owner: TBD",
            )
            .exits(1),
        credit("an owner is not available")
            .edit(
                SPEC,
                "owner: Consumer lending <consumer-lending@bank.example>",
                "owner: N/A",
            )
            .exits(1),
        credit("an owner is to be inserted")
            .edit(
                SPEC,
                "owner: Consumer lending <consumer-lending@bank.example>",
                "owner: \"<insert owner>\"",
            )
            .exits(1),
        credit("an owner is a template's")
            .edit(
                SPEC,
                "owner: Consumer lending <consumer-lending@bank.example>",
                "owner: \"{{ owner }}\"",
            )
            .exits(1),
        credit("an owner is a dash")
            .edit(
                SPEC,
                "owner: Consumer lending <consumer-lending@bank.example>",
                "owner: \"-\"",
            )
            .exits(1),
        credit("an owner is a row of question marks")
            .edit(
                SPEC,
                "owner: Consumer lending <consumer-lending@bank.example>",
                "owner: \"???\"",
            )
            .exits(1),
        credit("an owner is made of characters that nobody sees")
            .edit(
                SPEC,
                "owner: Consumer lending <consumer-lending@bank.example>",
                "owner: \"\\u200b\\u00a0\"",
            )
            .exits(1),
        credit("a section is to be written")
            .edit(
                SPEC,
                "New York and the EU move together; neither is used to try things out on.",
                "TODO: New York",
            )
            .exits(1),
        credit("an anchor's value is gone, and with it those of its aliases")
            .edit(CARD, "        model_version: 2.3.0\n", "")
            .exits(1),
    ]
}

/// Texts that cannot be read, or not as a whole.
pub(crate) fn texts() -> Vec<Row> {
    vec![
        credit("a key stands twice")
            .edit(CARD, "licence: LicenseRef-internal", "licence: LicenseRef-internal\nowner: Nobody")
            .exits(1),
        credit("a key stands twice in a nested mapping")
            .edit(SPEC, "    retention: P6M\n", "    retention: P6M\n    retention: P9Y\n")
            .exits(1),
        credit("a tab indents")
            .edit(CARD, "  overseer:", "\toverseer:")
            .exits(1),
        credit("a quote is not closed")
            .edit(CARD, "title: Consumer credit risk model", "title: \"Consumer credit risk model")
            .exits(1),
        credit("a bracket is not closed")
            .edit(CARD, "attribute: [sex, age_band]", "attribute: [sex, age_band")
            .exits(1),
        credit("a line is indented by one too many")
            .edit(CARD, "  training: Two-day", "   training: Two-day")
            .exits(1),
        credit("a colon makes a mapping of a text")
            .edit(CARD, "  source: Loan origination system\n    revision: 2026-04-30", "  source: Loan: origination system\n    revision: 2026-04-30")
            .exits(1),
        credit("the front matter is not closed")
            .edit(SPEC, "  open_issues: 0\n---\n", "  open_issues: 0\n")
            .exits(1),
        credit("the file ends in the middle of the front matter")
            .cut(SPEC, "  rollback:\n")
            .exits(1),
        credit("the file ends in the middle of a list")
            .cut(CARD, "      evidence: &predictions")
            .exits(1),
        credit("the front matter is fenced by four dashes")
            .edit(SPEC, "---\nkind:", "----\nkind:")
            .exits(1),
        credit("the front matter does not begin the file")
            .prepend(SPEC, "# Draft\n\n")
            .exits(1),
        credit("the front matter comes after blank lines")
            .prepend(SPEC, "\n\n")
            .exits(1),
        credit("the front matter comes after a comment")
            .prepend(SPEC, "<!-- reviewed -->\n")
            .exits(1),
        credit("the fence is indented")
            .edit(SPEC, "---\nkind:", " ---\nkind:")
            .exits(1),
        credit("the front matter is a block of code")
            .edit(SPEC, "---\nkind:", "```yaml\nkind:")
            .exits(1),
        credit("the front matter has a key that is made from the text")
            .edit(SPEC, "accessibility:\n", "sections: []\naccessibility:\n")
            .exits(1),
        credit("a second document is broken")
            .append(CARD, "---\nkind: model-card\nid: [\n")
            .exits(1),
        credit("a second document is of an unknown kind")
            .append(CARD, "---\nkind: model-crad\nid: second\n")
            .exits(1),
        credit("a second document says no kind")
            .append(CARD, "---\nid: second\nowner: Nobody\n")
            .exits(1),
        credit("a second document has its own failings")
            .append(CARD, "---\nkind: model-card\nid: second\nstatus: launched\n")
            .exits(1),
        credit("a line of dashes cuts the document in two")
            .edit(CARD, "human_oversight:\n", "---\nhuman_oversight:\n")
            .exits(1),
        credit("an end of document cuts it off")
            .edit(CARD, "human_oversight:\n", "...\nhuman_oversight:\n")
            .exits(1),
        credit("an alias has no anchor")
            .edit(CARD, "evidence: &predictions", "evidence:")
            .exits(1),
        credit("aliases multiply")
            .append(
                CARD,
                "x-a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
x-b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
x-c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
x-d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
x-e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
x-f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e]
",
            )
            .exits(1),
        credit("lists nest without end")
            .append(CARD, concat!("x-deep: ", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["))
            .exits(1),
        credit("a byte is not UTF-8")
            .edit(CARD, "title: Consumer", b"title: Consum\xe9r")
            .exits(1),
        credit("a document is UTF-16")
            .edit(CARD, "kind: model-card\n", b"\xff\xfek\0i\0n\0d\0:\0 \0m\0")
            .exits(1),
        credit("a NUL stands in the text")
            .edit(CARD, "title: Consumer", "title: Con\0sumer")
            .exits(1),
        credit("a carriage return alone ends a line")
            .edit(CARD, "id: credit-risk-model\ntitle", "id: credit-risk-model # \rtitle")
            .exits(1),
        credit("a file is emptied")
            .file(CARD, "")
            .exits(1),
        credit("a file holds nothing but a comment")
            .file(CARD, "# kind: model-card\n")
            .exits(1),
        credit("the kind is misspelt")
            .edit(CARD, "kind: model-card", "kind: model-crad")
            .exits(1),
        credit("the kind ends in a space")
            .edit(CARD, "kind: model-card", "kind: \"model-card \"")
            .exits(1),
        credit("the kind holds a letter of another alphabet")
            .edit(CARD, "kind: model-card", "kind: m\u{43e}del-card")
            .exits(1),
        credit("the kind is that of somebody else")
            .edit(CARD, "kind: model-card", "kind: Deployment")
            .exits(1),
        credit("the kind is a list")
            .edit(CARD, "kind: model-card", "kind: [model-card]")
            .exits(1),
        credit("the kind is null")
            .edit(CARD, "kind: model-card", "kind:")
            .exits(1),
        credit("the kind is missing")
            .edit(CARD, "kind: model-card\n", "")
            .exits(1),
        credit("the kind is that of another document")
            .edit(CARD, "kind: model-card", "kind: feature-spec")
            .exits(1),
        credit("the key `kind` is misspelt")
            .edit(CARD, "kind: model-card", "knid: model-card")
            .exits(1),
        credit("the key `kind` is in capitals")
            .edit(CARD, "kind: model-card", "Kind: model-card")
            .exits(1),
        credit("the key `kind` holds a character without width")
            .edit(CARD, "kind: model-card", "\u{200b}kind: model-card")
            .exits(1),
        credit("the key `kind` is a comment")
            .edit(SPEC, "kind: feature-spec", "#kind: feature-spec")
            .exits(1),
        credit("a card passes for the description of a format")
            .append(CARD, "format: house\nfields: {}\n")
            .exits(1),
    ]
}

/// References between documents.
pub(crate) fn references() -> Vec<Row> {
    vec![
        credit("a reference is misspelt")
            .edit(
                SPEC,
                "card: credit-risk-model.yaml",
                "card: credit-risk-modle.yaml",
            )
            .exits(1),
        credit("the file that is referred to is renamed")
            .rename(CARD, "scoring-model.yaml")
            .exits(1),
        credit("the file that is referred to is gone")
            .remove(CARD)
            .exits(1),
        credit("an id that is referred to does not exist")
            .edit(
                CARD,
                "document: instant-credit.md",
                "document: instant-credits",
            )
            .exits(1),
        credit("a reference leads out of the root")
            .edit(
                SPEC,
                "card: credit-risk-model.yaml",
                "card: ../../credit-risk-model.yaml",
            )
            .exits(1),
        credit("a reference leads to a file that is no document")
            .edit(SPEC, "card: credit-risk-model.yaml", "card: docs/dpia.md")
            .exits(1),
        credit("a reference leads to a document of another kind")
            .edit(SPEC, "card: credit-risk-model.yaml", "card: instant-credit")
            .exits(1),
        credit("a reference is an absolute path")
            .edit(SPEC, "card: credit-risk-model.yaml", "card: /etc/passwd")
            .exits(1),
        credit("a reference is empty")
            .edit(SPEC, "card: credit-risk-model.yaml", "card: \"\"")
            .exits(1),
        credit("two documents have one id")
            .copy(CARD, "copy.yaml")
            .exits(1),
        credit("what is referred to cannot be read as a whole")
            .edit(CARD, "  training: Two-day", "   training: Two-day")
            .words(&[SPEC])
            .exits(1),
        credit("a reference by id fits two documents")
            .copy(CARD, "copy.yaml")
            .edit(
                SPEC,
                "card: credit-risk-model.yaml",
                "card: credit-risk-model",
            )
            .exits(1),
    ]
}
