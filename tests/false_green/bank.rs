//! A project of its own: a config with a base, a kind, a pack and documents of both.

pub(crate) const CONFIG: &str = "launchgate.yaml";
pub(crate) const BASE: &str = "policies/base.yaml";
pub(crate) const SCHEMA: &str = "schemas/data-sheet.schema.json";
pub(crate) const PACK: &str = "policies/bank/pack.yaml";
pub(crate) const RETENTION: &str = "policies/bank/retention.yaml";
pub(crate) const SHEETS: &str = "policies/bank/sheets.yaml";
pub(crate) const SPEC: &str = "specs/loan.yaml";
pub(crate) const SHEET: &str = "sheets/loans.yaml";
pub(crate) const OTHER_SHEET: &str = "sheets/payments.yaml";

pub(crate) const FILES: [(&str, &str); 9] = [
    (
        CONFIG,
        r#"root: true
extends: [policies/base.yaml]
documents:
  - paths: "specs/*.yaml"
    kind: feature-spec
  - paths: ["sheets/*.yaml"]
kinds:
  data-sheet:
    schema: schemas/data-sheet.schema.json
    stage: status
packs: [core, ./policies/bank]
params:
  bank/retention:
    limit: P1Y
rules:
  core/no-placeholders: { off: true, reason: The bank writes no prose }
overrides:
  - paths: specs/loan.yaml
    params: { bank/retention: { limit: P6M } }
"#,
    ),
    (
        BASE,
        "rules:\n  core/owner-named: { severity: error, locked: true }\n",
    ),
    (
        SCHEMA,
        r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Data sheet",
  "type": "object",
  "required": ["kind", "id"],
  "additionalProperties": false,
  "properties": {
    "kind": { "const": "data-sheet" },
    "id": { "type": "string" },
    "status": { "enum": ["draft", "in-review", "approved", "launched"] },
    "owner": { "type": "string" },
    "builds_on": { "type": "string" },
    "columns": { "type": "integer" },
    "filled": { "type": "integer" },
    "collected_on": { "type": "string", "format": "date" }
  }
}
"#,
    ),
    (PACK, "name: bank\nversion: 1.0.0\ntitle: House rules\n"),
    (
        RETENTION,
        r#"rule: bank/retention
title: Personal data is not kept for long
description: What is kept can leak.
severity: error
applies_to: feature-spec
params:
  limit: { type: duration, default: P2Y, description: The longest retention }
when: doc.risk_tier != 'unacceptable'
for_each: doc.data
on_empty: fail
where: item.personal
require:
  - present: item.retention
  - days(item.retention) <= days(params.limit)
message: "`{item.name}` is kept for {item.retention}"
help: Shorten the retention.
effective: { from: 2026-01-01, until: 2030-12-31 }
"#,
    ),
    (
        SHEETS,
        r"rule: bank/sheet-owned
title: Somebody answers for the sheet
description: Questions need somebody to go to.
severity: error
applies_to: data-sheet
require:
  - present: doc.owner
help: Name the owner.
---
rule: bank/sheet-filled
title: At least half of the cells are filled
description: An empty table says nothing.
severity: error
applies_to: data-sheet
require:
  - doc.filled / doc.columns >= 50
  - doc.id.matches('^[a-z-]+$')
  - date(doc.collected_on) <= today
help: Fill in the table.
---
rule: bank/sheet-builds-on
title: What a sheet builds on is there
description: Data without an origin cannot be judged.
severity: error
applies_to: data-sheet
when: has(doc.builds_on)
require:
  - ref(doc.builds_on).filled > 0
help: Point `builds_on` to a sheet.
",
    ),
    (
        SPEC,
        "id: loan
title: Loan
version: 1.0.0
owner: Lending
status: launched
risk_tier: minimal
use_case: other
jurisdictions: [EU]
data:
  - name: income
    personal: true
    retention: P6M
  - name: rates
    personal: false
",
    ),
    (
        SHEET,
        "kind: data-sheet
id: loans
status: launched
owner: Lending
builds_on: payments
columns: 8
filled: 720
collected_on: 2026-05-04
",
    ),
    (
        OTHER_SHEET,
        "kind: data-sheet
id: payments
status: launched
owner: Payments
columns: 4
filled: 400
collected_on: 2026-05-04
",
    ),
];
