//! What is wrong in a document.

use super::project::{Row, credit};

const SPEC: &str = "instant-credit.md";
const CARD: &str = "credit-risk-model.yaml";

/// Keys and lists that are not as they were.
pub(crate) fn shapes() -> Vec<Row> {
    vec![
        credit("a field is misspelt")
            .edit(SPEC, "lawful_basis: contract", "lawfull_basis: contract")
            .exits(1)
            .says("schema/unknown-key", SPEC, "«lawfull_basis»: contract"),
        credit("a field is null")
            .edit(SPEC, "lawful_basis: contract", "lawful_basis: null")
            .exits(1)
            .says("schema/missing-key", SPEC, "lawful_basis: «null»"),
        credit("a field is left empty")
            .edit(SPEC, "lawful_basis: contract", "lawful_basis:")
            .exits(1)
            .says("schema/missing-key", SPEC, "«lawful_basis»:"),
        credit("a field is blank")
            .edit(SPEC, "agreement: DPA-2026-017", "agreement: \"  \"")
            .exits(1)
            .says("privacy/vendor-agreement", SPEC, "agreement: «\"  \"»"),
        credit("a field is gone")
            .edit(SPEC, "    lawful_basis: contract\n", "")
            .exits(1)
            .says(
                "privacy/purpose-and-lawful-basis",
                SPEC,
                "- «name»: application-form",
            ),
        credit("a list is empty")
            .edit(
                CARD,
                "protected_attributes: [sex, age_band]",
                "protected_attributes: []",
            )
            .exits(1)
            .says(
                "fairness/protected-attributes-named",
                CARD,
                "«protected_attributes»: []",
            ),
        credit("a list is null")
            .edit(CARD, "jurisdictions: [EU, US-NY]", "jurisdictions: ~")
            .exits(1)
            .says("schema/missing-key", CARD, "jurisdictions: «~»"),
        credit("a list is a text")
            .edit(
                CARD,
                "protected_attributes: [sex, age_band]",
                "protected_attributes: sex",
            )
            .exits(1)
            .says("schema/type", CARD, "protected_attributes: «sex»"),
        credit("the list of scans is empty")
            .edit(SPEC, "  scans:\n", "  scans: []\n  x-scans:\n")
            .exits(1)
            .says("security/scan-fresh", SPEC, "«scans»: []"),
        credit("a parent is gone, and its fields with it")
            .cut(CARD, "human_oversight:")
            .exits(1)
            .says("security/human-oversight", CARD, "«kind»: model-card"),
        credit("a parent is misspelt")
            .edit(CARD, "human_oversight:", "human_oversigth:")
            .exits(1)
            .says("schema/unknown-key", CARD, "«human_oversigth»:"),
        credit("a parent is empty")
            .edit(
                SPEC,
                "  threat_model:\n",
                "  threat_model: {}\n  x-threat_model:\n",
            )
            .exits(1)
            .says("security/threat-model", SPEC, "«threat_model»: {}"),
        credit("a key stands under the wrong parent")
            .edit(CARD, "  findings: []\n", "findings: []\n")
            .exits(1)
            .says("schema/unknown-key", CARD, "«findings»: []"),
        credit("a section is kept under a key of the user's own")
            .edit(
                SPEC,
                "launch:\n  date: 2026-09-14\n",
                "x-launch:\n  date: 2026-09-14\n",
            )
            .exits(1)
            .says("fairness/evaluation-fresh", SPEC, "«kind»: feature-spec"),
        credit("a field's key is in another case")
            .edit(SPEC, "risk_tier: high", "Risk_Tier: high")
            .exits(1)
            .says("schema/unknown-key", SPEC, "«Risk_Tier»: high"),
        credit("a key holds a letter of another alphabet")
            .edit(CARD, "owner: Credit risk", "\u{43e}wner: Credit risk")
            .exits(1)
            .says(
                "schema/unknown-key",
                CARD,
                "«\u{43e}wner»: Credit risk modelling <risk-models@bank.example>",
            ),
        credit("a key holds a character without width")
            .edit(CARD, "owner: Credit risk", "own\u{200b}er: Credit risk")
            .exits(1)
            .says(
                "schema/unknown-key",
                CARD,
                "«own\u{200b}er»: Credit risk modelling <risk-models@bank.example>",
            ),
        credit("a byte order mark stands before a key")
            .edit(CARD, "owner: Credit risk", "\u{feff}owner: Credit risk")
            .exits(1)
            .says(
                "document/syntax",
                CARD,
                "«\u{feff}»owner: Credit risk modelling <risk-models@bank.example>",
            ),
        credit("an item of a list lost its dash")
            .edit(
                SPEC,
                "  - name: credit-history\n    category",
                "    name: credit-history\n    category",
            )
            .exits(1)
            .says("document/duplicate-key", SPEC, "«name»: credit-history"),
    ]
}

/// Values that are not what they were.
pub(crate) fn values() -> Vec<Row> {
    vec![
        credit("a number is a text")
            .edit(CARD, "value: 0.939", "value: \"0.939\"")
            .exits(1)
            .says("schema/type", CARD, "value: «\"0.939\"»"),
        credit("a number has a decimal comma")
            .edit(CARD, "value: 0.939", "value: 0,939")
            .exits(1)
            .says("schema/type", CARD, "value: «0,939»"),
        credit("a number is none")
            .edit(CARD, "value: 0.939", "value: .nan")
            .exits(1)
            .says("fairness/four-fifths", CARD, "value: «.nan»"),
        credit("a truth value is a word of YAML 1.1")
            .edit(CARD, "performed: true", "performed: yes")
            .exits(1)
            .says("schema/type", CARD, "performed: «yes»"),
        credit("a truth value is a text")
            .edit(CARD, "performed: true", "performed: \"true\"")
            .exits(1)
            .says("schema/type", CARD, "performed: «\"true\"»"),
        credit("a truth value is the other one")
            .edit(CARD, "performed: true", "performed: false")
            .exits(1)
            .says("security/adversarial-testing", CARD, "performed: «false»"),
        credit("a version is a number")
            .edit(CARD, "version: 2.3.0\nowner", "version: 2.30\nowner")
            .exits(1)
            .says("schema/type", CARD, "version: «2.30»"),
        credit("a version is another one")
            .edit(SPEC, "version: 2.3.0", "version: 2.2.0")
            .exits(1)
            .says("core/model-cards-agree", SPEC, "version: «2.2.0»"),
        credit("one of several words is misspelt")
            .edit(SPEC, "lawful_basis: contract", "lawful_basis: contrakt")
            .exits(1)
            .says("schema/value", SPEC, "lawful_basis: «contrakt»"),
        credit("a threshold is below the floor")
            .edit(
                CARD,
                "value: 0.878\n      tolerance: 0.005\n      threshold:\n        min: 0.8",
                "value: 0.878\n      tolerance: 0.005\n      threshold:\n        min: 0.7",
            )
            .exits(1)
            .says("fairness/four-fifths", CARD, "min: «0.7»"),
        credit("claim and threshold are swapped")
            .edit(
                CARD,
                "value: 0.939\n      tolerance: 0.005\n      threshold:\n        min: 0.8",
                "value: 0.8\n      tolerance: 0.005\n      threshold:\n        min: 0.939",
            )
            .exits(1)
            .says("fairness/four-fifths", CARD, "value: «0.8»"),
        credit("an upper bound is a lower bound")
            .edit(CARD, "max: 0.1", "min: 0.1")
            .exits(1)
            .says("fairness/threshold-met", CARD, "«threshold»:"),
        credit("a claim is a percentage")
            .edit(CARD, "value: 0.011", "value: 1.1")
            .exits(1)
            .says("fairness/threshold-met", CARD, "value: «1.1»"),
        credit("a ratio below four fifths goes by another name")
            .edit(
                CARD,
                "metric: demographic_parity_ratio\n      attribute: [sex]\n",
                "metric: impact_ratio\n      attribute: [sex]\n",
            )
            .edit(CARD, "value: 0.939", "value: 0.7")
            .exits(1)
            .says("fairness/four-fifths", CARD, "value: «0.7»"),
        credit("a signed difference has no lower limit")
            .edit(
                CARD,
                "metric: equal_opportunity_difference\n      attribute: [sex]\n",
                "metric: average_odds_difference\n      attribute: [sex]\n",
            )
            .edit(CARD, "value: 0.011", "value: -0.4")
            .exits(1)
            .says("fairness/threshold-met", CARD, "«threshold»:"),
        credit("a metric is misspelt")
            .edit(
                CARD,
                "metric: equal_opportunity_difference\n      attribute: [sex]",
                "metric: equal_oportunity_difference\n      attribute: [sex]",
            )
            .exits(1)
            .says(
                "schema/value",
                CARD,
                "- metric: «equal_oportunity_difference»",
            ),
        credit("a date is in no calendar")
            .edit(SPEC, "  date: 2026-09-14", "  date: 2026-09-31")
            .exits(1)
            .says("schema/value", SPEC, "date: «2026-09-31»"),
        credit("a date is written as in a letter")
            .edit(
                SPEC,
                "completed_on: 2026-07-10",
                "completed_on: 10 July 2026",
            )
            .exits(1)
            .says("schema/value", SPEC, "completed_on: «10 July 2026»"),
        credit("the threshold was set after the evaluation")
            .edit(
                CARD,
                "max: 0.1\n        set_on: 2026-05-29",
                "max: 0.1\n        set_on: 2026-07-29",
            )
            .exits(1)
            .says(
                "fairness/threshold-before-evaluation",
                CARD,
                "set_on: «2026-07-29»",
            ),
        credit("a duration is written in words")
            .edit(SPEC, "retention: P6M", "retention: six months")
            .exits(1)
            .says("schema/value", SPEC, "retention: «six months»"),
        credit("a duration lacks its P")
            .edit(SPEC, "retention: P6M", "retention: 6M")
            .exits(1)
            .says("schema/value", SPEC, "retention: «6M»"),
        credit("a duration is negative")
            .edit(SPEC, "retention: P6M", "retention: -P6M")
            .exits(1)
            .says("schema/value", SPEC, "retention: «-P6M»"),
        credit("the stage is misspelt")
            .edit(
                SPEC,
                "status: launched\nrisk_tier",
                "status: lanched\nrisk_tier",
            )
            .exits(1)
            .says("schema/value", SPEC, "status: «lanched»"),
        credit("the stage is missing")
            .edit(CARD, "status: launched\n", "")
            .exits(1)
            .says("core/status-named", CARD, "«kind»: model-card"),
        credit("the stage of the card is behind that of the launch")
            .edit(CARD, "status: launched", "status: draft")
            .exits(1)
            .says("core/model-cards-agree", SPEC, "status: «launched»"),
        credit("the risk is played down")
            .edit(SPEC, "risk_tier: high", "risk_tier: minimal")
            .exits(1)
            .says("core/risk-tier-agrees", SPEC, "risk_tier: «minimal»"),
        credit("an owner is to be named")
            .edit(
                SPEC,
                "owner: Consumer lending <consumer-lending@bank.example>",
                "owner: TBD",
            )
            .exits(1)
            .says("core/owner-named", SPEC, "owner: «TBD»"),
        credit("an owner is not available")
            .edit(
                SPEC,
                "owner: Consumer lending <consumer-lending@bank.example>",
                "owner: N/A",
            )
            .exits(1)
            .says("core/owner-named", SPEC, "owner: «N/A»"),
        credit("an owner is to be inserted")
            .edit(
                SPEC,
                "owner: Consumer lending <consumer-lending@bank.example>",
                "owner: \"<insert owner>\"",
            )
            .exits(1)
            .says("core/owner-named", SPEC, "owner: «\"<insert owner>\"»"),
        credit("an owner is a template's")
            .edit(
                SPEC,
                "owner: Consumer lending <consumer-lending@bank.example>",
                "owner: \"{{ owner }}\"",
            )
            .exits(1)
            .says("core/owner-named", SPEC, "owner: «\"{{ owner }}\"»"),
        credit("an owner is a dash")
            .edit(
                SPEC,
                "owner: Consumer lending <consumer-lending@bank.example>",
                "owner: \"-\"",
            )
            .exits(1)
            .says("core/owner-named", SPEC, "owner: «\"-\"»"),
        credit("an owner is a row of question marks")
            .edit(
                SPEC,
                "owner: Consumer lending <consumer-lending@bank.example>",
                "owner: \"???\"",
            )
            .exits(1)
            .says("core/owner-named", SPEC, "owner: «\"???\"»"),
        credit("an owner is made of characters that nobody sees")
            .edit(
                SPEC,
                "owner: Consumer lending <consumer-lending@bank.example>",
                "owner: \"\\u200b\\u00a0\"",
            )
            .exits(1)
            .says("core/owner-named", SPEC, "owner: «\"\\u200b\\u00a0\"»"),
        credit("a section is to be written")
            .edit(
                SPEC,
                "New York and the EU move together; neither is used to try things out on.",
                "TODO: New York",
            )
            .exits(1)
            .says(
                "core/no-placeholders",
                SPEC,
                "| «From | Applicants | Goes on if |»",
            ),
        credit("an anchor's value is gone, and with it those of its aliases")
            .edit(CARD, "        model_version: 2.3.0\n", "")
            .exits(1)
            .says("fairness/evidence-bound", CARD, "«evidence»: &predictions")
            .says("fairness/evidence-bound", CARD, "«evidence»: *predictions"),
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
            .exits(1)
            .says(
                "core/model-cards-agree",
                SPEC,
                "- card: «credit-risk-modle.yaml»",
            ),
        credit("the file that is referred to is renamed")
            .rename(CARD, "scoring-model.yaml")
            .exits(1)
            .says(
                "core/model-cards-agree",
                SPEC,
                "- card: «credit-risk-model.yaml»",
            ),
        credit("the file that is referred to is gone")
            .remove(CARD)
            .exits(1)
            .says(
                "core/model-cards-agree",
                SPEC,
                "- card: «credit-risk-model.yaml»",
            ),
        credit("an id that is referred to does not exist")
            .edit(
                CARD,
                "document: instant-credit.md",
                "document: instant-credits",
            )
            .exits(1)
            .says(
                "core/references-resolve",
                CARD,
                "document: «instant-credits»",
            ),
        credit("a reference leads out of the root")
            .edit(
                SPEC,
                "card: credit-risk-model.yaml",
                "card: ../../credit-risk-model.yaml",
            )
            .exits(1)
            .says(
                "core/model-cards-agree",
                SPEC,
                "- card: «../../credit-risk-model.yaml»",
            ),
        credit("a reference leads to a file that is no document")
            .edit(SPEC, "card: credit-risk-model.yaml", "card: docs/dpia.md")
            .exits(1)
            .says("core/model-cards-agree", SPEC, "- card: «docs/dpia.md»"),
        credit("a reference leads to a document of another kind")
            .edit(SPEC, "card: credit-risk-model.yaml", "card: instant-credit")
            .exits(1)
            .says("core/model-cards-agree", SPEC, "- card: «instant-credit»"),
        credit("a reference is an absolute path")
            .edit(SPEC, "card: credit-risk-model.yaml", "card: /etc/passwd")
            .exits(1)
            .says("core/model-cards-agree", SPEC, "- card: «/etc/passwd»"),
        credit("a reference is empty")
            .edit(SPEC, "card: credit-risk-model.yaml", "card: \"\"")
            .exits(1)
            .says("schema/missing-key", SPEC, "- card: «\"\"»"),
        credit("two documents have one id")
            .copy(CARD, "copy.yaml")
            .exits(1)
            .says("document/duplicate-id", CARD, "id: «credit-risk-model»"),
        credit("what is referred to cannot be read as a whole")
            .edit(CARD, "  training: Two-day", "   training: Two-day")
            .words(&[SPEC])
            .exits(1)
            .says(
                "core/model-cards-agree",
                SPEC,
                "- card: «credit-risk-model.yaml»",
            ),
        credit("a reference by id fits two documents")
            .copy(CARD, "copy.yaml")
            .edit(
                SPEC,
                "card: credit-risk-model.yaml",
                "card: credit-risk-model",
            )
            .exits(1)
            .says(
                "core/model-cards-agree",
                SPEC,
                "- card: «credit-risk-model»",
            ),
    ]
}
