//! What is wrong in a pack of the user's own.

use super::bank::{CONFIG, OTHER_SHEET, PACK, RETENTION, SHEET, SHEETS, SPEC};
use super::project::{Row, bank};

/// Its files.
pub(crate) fn files() -> Vec<Row> {
    vec![
        bank("a policy file is empty").file(RETENTION, "").exits(2).says("policy/empty-file", RETENTION, ""),
        bank("a policy file is all comments")
            .file(SHEETS, "# rule: bank/sheet-owned\n")
            .exits(2).says("policy/empty-file", SHEETS, "«# rule: bank/sheet-owned»"),
        bank("a policy file is broken").edit(RETENTION, "require:", "require").exits(2).says("policy/syntax", RETENTION, "«r»equire"),
        bank("a policy file is cut off").cut(SHEETS, "  - ref(doc.builds_on)").exits(2).says("policy/missing-key", SHEETS, "«require»:"),
        bank("a policy file is a list").file(SHEETS, "- rule: bank/sheet-owned\n").exits(2).says("policy/type", SHEETS, "- «rule»: bank/sheet-owned"),
        bank("a policy file is not UTF-8").edit(SHEETS, "Name the owner", b"Name the \xf6wner").exits(2).says("config/pack", CONFIG, "packs: [core, «./policies/bank»]"),
        bank("a policy file ends in .txt").rename(SHEETS, "policies/bank/sheets.txt").exits(2).says("config/pack", CONFIG, "packs: [core, «./policies/bank»]"),
        bank("a policy file ends in .yaml.bak").rename(SHEETS, "policies/bank/sheets.yaml.bak").exits(2).says("config/pack", CONFIG, "packs: [core, «./policies/bank»]"),
        bank("a policy file is hidden").rename(SHEETS, "policies/bank/.sheets.yaml").exits(2).says("config/pack", CONFIG, "packs: [core, «./policies/bank»]"),
        #[cfg(unix)]
        bank("a folder of policies is a link")
            .folder("policies/more")
            .rename(SHEETS, "policies/more/sheets.yaml")
            .link("policies/bank/more", "../more")
            .exits(2).says("config/pack", CONFIG, "packs: [core, «./policies/bank»]"),
        #[cfg(unix)]
        bank("a policy file is a FIFO")
            .remove(SHEETS)
            .fifo(SHEETS)
            .exits(2).says("config/pack", CONFIG, "packs: [core, «./policies/bank»]"),
        bank("a policy file is JSON")
            .remove(SHEETS)
            .file("policies/bank/sheets.json", "{\n  \"rule\": \"bank/sheet-owned\"\n}\n")
            .exits(2).says("config/pack", CONFIG, "packs: [core, «./policies/bank»]"),
        bank("a second rule of a file is broken")
            .edit(SHEETS, "---\nrule: bank/sheet-filled", "---\nrul: bank/sheet-filled")
            .exits(2).says("policy/unknown-key", SHEETS, "«rul»: bank/sheet-filled"),
        bank("two rules of a file run into one")
            .edit(SHEETS, "---\nrule: bank/sheet-filled", "rule: bank/sheet-filled")
            .exits(2).says("policy/duplicate-key", SHEETS, "«rule»: bank/sheet-filled"),
        bank("a pack has no rules").remove(RETENTION).remove(SHEETS)
            .edit(CONFIG, "params:\n  bank/retention:\n    limit: P1Y\n", "")
            .edit(CONFIG, "overrides:\n  - paths: specs/loan.yaml\n    params: { bank/retention: { limit: P6M } }\n", "")
            .exits(2).says("policy/empty-pack", PACK, "«name: bank»"),
        bank("a pack has no `pack.yaml`").remove(PACK).exits(2).says("policy/missing-pack-file", RETENTION, "«rule: bank/retention»"),
        bank("a pack's `pack.yaml` is emptied").file(PACK, "").exits(2).says("policy/empty-file", PACK, ""),
        bank("a pack's key is misspelt").edit(PACK, "version:", "versoin:").exits(2).says("policy/unknown-key", PACK, "«versoin»: 1.0.0"),
        bank("a pack has another name than its folder").edit(PACK, "name: bank", "name: banc").exits(2).says("policy/pack-name", PACK, "name: «banc»"),
        bank("a pack includes one that is not there").append(PACK, "includes: [privcy]\n").exits(2).says("policy/unknown-pack", PACK, "includes: [«privcy»]"),
        bank("a pack includes itself").append(PACK, "includes: [bank]\n").exits(2).says("policy/pack-cycle", PACK, "includes: [«bank»]"),
        bank("two rules have one id")
            .edit(SHEETS, "rule: bank/sheet-filled", "rule: bank/sheet-owned")
            .exits(2).says("policy/duplicate-rule", SHEETS, "rule: «bank/sheet-owned»"),
        bank("two files have one rule").copy(RETENTION, "policies/bank/again.yaml").exits(2).says("policy/duplicate-rule", RETENTION, "rule: «bank/retention»"),
        bank("a rule is of another pack").edit(RETENTION, "rule: bank/retention", "rule: core/retention").exits(2).says("policy/wrong-pack", RETENTION, "rule: «core/retention»"),
    ]
}

/// Its rules.
pub(crate) fn rules() -> Vec<Row> {
    vec![
        bank("a rule's key is misspelt").edit(RETENTION, "where:", "were:").exits(2).says("policy/unknown-key", RETENTION, "«were»: item.personal"),
        bank("a rule requires nothing")
            .edit(RETENTION, "require:\n  - present: item.retention\n  - days(item.retention) <= days(params.limit)\n", "require: []\n")
            .exits(2).says("policy/value", RETENTION, "«require»: []"),
        bank("a rule has no requirements")
            .edit(RETENTION, "require:\n  - present: item.retention\n  - days(item.retention) <= days(params.limit)\n", "")
            .exits(2).says("policy/missing-key", RETENTION, "«rule»: bank/retention"),
        bank("a rule's requirements are null")
            .edit(RETENTION, "require:\n  - present: item.retention\n  - days(item.retention) <= days(params.limit)\n", "require:\n")
            .exits(2).says("policy/missing-key", RETENTION, "«require»:"),
        bank("a requirement is blank")
            .edit(RETENTION, "  - days(item.retention) <= days(params.limit)", "  - \" \"")
            .exits(2).says("policy/expression", RETENTION, "- \"« »\""),
        bank("a requirement is null")
            .edit(RETENTION, "  - days(item.retention) <= days(params.limit)", "  -")
            .exits(2).says("policy/missing-key", RETENTION, "-«»"),
        bank("a requirement's key is misspelt")
            .edit(RETENTION, "  - present: item.retention", "  - presnt: item.retention")
            .exits(2).says("policy/unknown-key", RETENTION, "- «presnt»: item.retention"),
        bank("a path of `present` is misspelt")
            .edit(RETENTION, "  - present: item.retention", "  - present: item.retentoin")
            .exits(2).says("policy/expression", RETENTION, "- present: item.«retentoin»"),
        bank("a severity is misspelt in a policy").edit(RETENTION, "severity: error", "severity: eror").exits(2).says("policy/value", RETENTION, "severity: «eror»"),
        bank("a kind is misspelt in a policy")
            .edit(RETENTION, "applies_to: feature-spec", "applies_to: feature-specs")
            .exits(2).says("policy/unknown-kind", RETENTION, "applies_to: «feature-specs»"),
        bank("a rule applies to nothing").edit(RETENTION, "applies_to: feature-spec", "applies_to: []").exits(2).says("policy/value", RETENTION, "«applies_to»: []"),
        bank("a stage is misspelt in a policy")
            .edit(RETENTION, "applies_to: feature-spec", "applies_to: feature-spec\nblocks_from: lanched")
            .exits(2).says("policy/value", RETENTION, "blocks_from: «lanched»"),
        bank("a rule ends before it begins")
            .edit(RETENTION, "from: 2026-01-01, until: 2030-12-31", "from: 2030-01-01, until: 2026-12-31")
            .exits(2).says("policy/effective", RETENTION, "effective: { from: 2030-01-01, until: «2026-12-31» }"),
        bank("a day of a rule is in no calendar")
            .edit(RETENTION, "until: 2030-12-31", "until: 2030-12-32")
            .exits(2).says("policy/value", RETENTION, "effective: { from: 2026-01-01, until: «2030-12-32» }"),
        bank("a default is of another type").edit(RETENTION, "default: P2Y", "default: two years").exits(2).says("policy/param", RETENTION, "limit: { type: duration, default: «two years», description: The longest retention }"),
        bank("a type is misspelt").edit(RETENTION, "type: duration", "type: duraton").exits(2).says("policy/value", RETENTION, "limit: { type: «duraton», default: P2Y, description: The longest retention }"),
        bank("nothing reads a parameter")
            .edit(RETENTION, "days(params.limit)", "days('P2Y')")
            .exits(2).says("policy/unused-param", RETENTION, "«limit»: { type: duration, default: P2Y, description: The longest retention }"),
        bank("an empty list is to fail, and the key is misspelt")
            .edit(RETENTION, "on_empty: fail", "on_emtpy: fail")
            .exits(2).says("policy/unknown-key", RETENTION, "«on_emtpy»: fail"),
        bank("an empty list fails")
            .edit(SPEC, "data:\n  - name: income\n    personal: true\n    retention: P6M\n  - name: rates\n    personal: false\n", "data: []\n")
            .exits(1).says("bank/retention", SPEC, "«data»: []"),
        bank("a message names what is not there")
            .edit(RETENTION, "{item.name}", "{item.nmae}")
            .exits(2).says("policy/expression", RETENTION, "message: \"`{item.«nmae»}` is kept for {item.retention}\""),
        bank("a message's brace is not closed").edit(RETENTION, "{item.name}", "{item.name").exits(2).says("policy/message", RETENTION, "message: \"`«{item.name` is kept for {item.retention}»\""),
    ]
}

/// Its expressions.
pub(crate) fn expressions() -> Vec<Row> {
    vec![
        bank("a path is misspelt")
            .edit(RETENTION, "days(item.retention) <=", "days(item.retentoin) <=")
            .exits(2).says("policy/expression", RETENTION, "- days(item.«retentoin») <= days(params.limit)"),
        bank("a variable is misspelt").edit(RETENTION, "where: item.personal", "where: itm.personal").exits(2).says("policy/expression", RETENTION, "where: «itm».personal"),
        bank("a function is unknown").edit(RETENTION, "days(item.retention) <=", "day(item.retention) <=").exits(2).says("policy/expression", RETENTION, "- «day»(item.retention) <= days(params.limit)"),
        bank("a parameter is unknown").edit(RETENTION, "days(params.limit)", "days(params.limt)").exits(2).says("policy/expression", RETENTION, "- days(item.retention) <= days(params.«limt»)"),
        bank("an expression cannot be parsed")
            .edit(RETENTION, "days(item.retention) <=", "days(item.retention) =<")
            .exits(2).says("policy/expression", RETENTION, "- days(item.retention) «=»< days(params.limit)"),
        bank("a text is compared with a number")
            .edit(RETENTION, "days(item.retention) <= days(params.limit)", "item.name < days(params.limit)")
            .exits(2).says("policy/expression", RETENTION, "- «item.name < days(params.limit)»"),
        bank("a requirement is no condition")
            .edit(RETENTION, "days(item.retention) <= days(params.limit)", "days(params.limit)")
            .exits(2).says("policy/expression", RETENTION, "- «days(params.limit)»"),
        bank("a requirement always holds")
            .edit(SHEETS, "doc.filled / doc.columns >= 50", "\"true\"")
            .exits(2).says("policy/expression", SHEETS, "- \"«true»\""),
        bank("a requirement reads nothing of the document")
            .edit(SHEETS, "doc.filled / doc.columns >= 50", "1 <= 2")
            .exits(2).says("policy/expression", SHEETS, "- «1 <= 2»"),
        bank("a condition never holds")
            .edit(RETENTION, "when: doc.risk_tier != 'unacceptable'", "when: \"false\"")
            .exits(2).says("policy/expression", RETENTION, "when: \"«false»\""),
        bank("a condition asks for a word that there is not")
            .edit(RETENTION, "doc.risk_tier != 'unacceptable'", "doc.risk_tier == 'hgih'")
            .exits(2).says("policy/expression", RETENTION, "when: doc.risk_tier == «'hgih'»"),
        bank("a condition reads what may be absent")
            .edit(RETENTION, "doc.risk_tier != 'unacceptable'", "doc.summary != 'none'")
            .exits(1).says("bank/retention", SPEC, "«id»: loan"),
        bank("a list is not there")
            .edit(RETENTION, "for_each: doc.data", "for_each: doc.models")
            .edit(RETENTION, "where: item.personal\n", "")
            .edit(RETENTION, "  - present: item.retention\n", "  - present: item.card\n")
            .edit(RETENTION, "`{item.name}` is kept for {item.retention}", "`{item.card}` is not there")
            .edit(RETENTION, "days(item.retention) <= days(params.limit)", "age(doc.launch.date) < days(params.limit)")
            .exits(1).says("bank/retention", SPEC, "«id»: loan"),
        bank("a loop goes over what is no list")
            .edit(RETENTION, "for_each: doc.data", "for_each: doc.title")
            .exits(2).says("policy/not-a-list", RETENTION, "for_each: «doc.title»"),
        bank("a filter is no condition").edit(RETENTION, "where: item.personal", "where: item.name").exits(2).says("policy/expression", RETENTION, "where: «item.name»"),
        bank("a filter reads what is not there")
            .edit(SPEC, "    personal: true\n", "")
            .exits(1).says("bank/retention", SPEC, "- «name»: income"),
        bank("a filter reads a text as a truth value")
            .edit(SPEC, "personal: true", "personal: \"true\"")
            .exits(1).says("schema/type", SPEC, "personal: «\"true\"»"),
        bank("a filter stands without a loop")
            .edit(SHEETS, "when: has(doc.builds_on)", "where: has(doc.builds_on)")
            .exits(2).says("policy/no-for-each", SHEETS, "«where»: has(doc.builds_on)"),
        bank("a regular expression does not compile")
            .edit(SHEETS, "'^[a-z-]+$'", "'^[a-z-+$'")
            .exits(2).says("policy/expression", SHEETS, "- doc.id.matches(«'^[a-z-+$'»)"),
        bank("a regular expression is too large")
            .edit(SHEETS, "'^[a-z-]+$'", "'(((((a{50}){50}){50}){50}){50})'")
            .exits(2).says("policy/expression", SHEETS, "- doc.id.matches(«'(((((a{50}){50}){50}){50}){50})'»)"),
        bank("a number is divided by zero").edit(SHEET, "columns: 8", "columns: 0").exits(1).says("bank/sheet-filled", SHEET, "filled: «720»"),
        bank("a number overflows")
            .edit(SHEETS, "doc.filled / doc.columns >= 50", "doc.filled * 9223372036854775807 > 0")
            .exits(1).says("bank/sheet-filled", SHEET, "filled: «720»"),
        bank("an expression takes too long")
            .edit(
                SHEETS,
                "doc.filled / doc.columns >= 50",
                "lists.range(1000).all(a, lists.range(1000).all(b, lists.range(1000).all(c, doc.filled > a + b + c - 9000)))",
            )
            .exits(1).says("bank/sheet-filled", SHEET, "«kind»: data-sheet"),
        bank("documents of one kind refer to each other in a circle")
            .append(OTHER_SHEET, "builds_on: loans\n")
            .exits(1).says("bank/sheet-builds-on", OTHER_SHEET, "builds_on: «loans»"),
        bank("a document refers to itself").edit(SHEET, "builds_on: payments", "builds_on: loans").exits(1).says("bank/sheet-builds-on", SHEET, "builds_on: «loans»"),
        bank("a reference of an own kind is misspelt")
            .edit(SHEET, "builds_on: payments", "builds_on: paymnets")
            .exits(1).says("bank/sheet-builds-on", SHEET, "builds_on: «paymnets»"),
        bank("a day is yet to come").edit(SHEET, "collected_on: 2026-05-04", "collected_on: 2027-05-04").exits(1).says("bank/sheet-filled", SHEET, "collected_on: «2027-05-04»"),
        bank("a key of an own kind is misspelt").edit(SHEET, "filled: 720", "filed: 720").exits(1).says("schema/unknown-key", SHEET, "«filed»: 720"),
    ]
}
