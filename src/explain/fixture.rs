//! A pack for tests, loaded under settings.

use std::sync::Arc;

use crate::document::Kinds;
use crate::policy::{
    Named, OffSetting, PackSource, ParamSetting, PolicySet, SettingValue, Settings, load,
};
use crate::schema::Schema;
use crate::source::{FileId, Location, SourceFile, Span};
use crate::value::{self, Limits, NodeRef, Syntax};

const RULE: &str = r#"rule: acme/retention
title: Personal data is not kept for long
description: >-
  Data that is not there cannot leak, and people forget to delete what nobody asks about, so
  every kind of data has a day on which it goes.
severity: error
applies_to: feature-spec
controls: ["gdpr:5(1)(e)"]
params:
  limit: { type: duration, default: P2Y, description: The longest retention without a waiver }
  bases: { type: list, default: [consent, contract], description: Bases that count }
when: doc.?risk_tier.orValue('high') == 'high'
for_each: doc.data
where: item.personal
require:
  - present: item.retention
  - >-
    days(item.retention) <= days(params.limit)
    || item.lawful_basis in params.bases
help: Shorten the retention.
references: [https://example.org/retention]
effective: { from: 2026-02-01 }
examples:
  - name: two years
    pass: |
      data:
        - { name: income, personal: true, retention: P2Y }
  - name: ten years
    fail:
      data:
        - name: income
          personal: true
          retention: P10Y
---
rule: acme/owner
title: Somebody answers for it
description: Questions need one person to go to.
severity: warning
locked: true
applies_to: [feature-spec, model-card]
blocks_from: draft
require:
  - present: doc.owner
"#;

pub(super) fn set(settings: &Settings) -> PolicySet {
    let kinds = Kinds::builtin();
    let pack = "name: acme\nversion: 1.0.0\ntitle: House rules\n";
    let packs = [PackSource {
        name: "acme".into(),
        builtin: false,
        bare: false,
        files: vec![
            SourceFile::new(FileId(0), "acme/pack.yaml", pack),
            SourceFile::new(FileId(1), "acme/rules.yaml", RULE),
        ],
    }];
    let types = |name: &str| {
        let kind = kinds.get(name)?;
        Some(Schema::lazy(&kind.name, kind.schema.clone()).object_type())
    };
    let frameworks = Arc::new(crate::policy::builtin_frameworks(&mut 1_000_000));
    load(&packs, &frameworks, &kinds, &types, &[], settings)
        .unwrap_or_else(|findings| panic!("{findings:?}"))
}

pub(super) fn without_retention() -> Settings {
    let location = Location {
        file: FileId(9),
        span: Span::default(),
    };
    Settings {
        off: vec![OffSetting {
            rule: Named {
                text: "acme/retention".into(),
                location,
                layer: 0,
            },
            reason: Some("we keep nothing".into()),
        }],
        ..Settings::default()
    }
}

/// Settings that set a parameter: data may be kept for ten years.
pub(super) fn ten_years() -> Settings {
    let file = SourceFile::new(FileId(9), "launchgate.yaml", "P10Y");
    let tree = value::read(&file, Syntax::Yaml, &Limits::default()).tree;
    let named = |text: &str| Named {
        text: text.into(),
        location: file.location(Span::default()),
        layer: 0,
    };
    let node = tree.root().map(NodeRef::id);
    Settings {
        params: vec![ParamSetting {
            rule: named("acme/retention"),
            param: named("limit"),
            value: SettingValue {
                node: node.unwrap_or_else(|| panic!("no value")),
                tree: Arc::new(tree),
            },
        }],
        ..Settings::default()
    }
}
