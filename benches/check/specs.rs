//! Feature specs of about 3 KB, the same each time: nine in ten pass every rule that applies, the
//! others break one or two.

use std::fmt::Write as _;
use std::fs;

use camino::{Utf8Path, Utf8PathBuf};

/// Files that one folder holds.
const FOLDER: usize = 1000;

/// Writes `documents` specs below `root`, in folders of a thousand; gives their paths and all
/// their bytes. `faulty`: whether one in ten breaks a rule.
pub(crate) fn write(root: &Utf8Path, documents: usize, faulty: bool) -> (Vec<Utf8PathBuf>, usize) {
    let mut random = Random(0x5EED);
    let mut paths = Vec::with_capacity(documents);
    let mut bytes = 0;
    for number in 0..documents {
        let folder = root.join(format!("part-{:03}", number / FOLDER));
        fs::create_dir_all(&folder).unwrap();
        let fault = if faulty && number.is_multiple_of(10) {
            Fault::of(number / 10)
        } else {
            Fault::None
        };
        let text = spec(number, fault, &mut random);
        bytes += text.len();
        let path = folder.join(format!("spec-{number:05}.yaml"));
        fs::write(&path, text).unwrap();
        paths.push(path);
    }
    (paths, bytes)
}

/// What is wrong with a spec.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    LongRetention,
    NoThreatModel,
    NoOwnerAndOldAgreement,
}

impl Fault {
    fn of(number: usize) -> Self {
        match number % 3 {
            0 => Self::LongRetention,
            1 => Self::NoThreatModel,
            _ => Self::NoOwnerAndOldAgreement,
        }
    }
}

fn spec(number: usize, fault: Fault, random: &mut Random) -> String {
    let team = random.of(&["Payments", "Cards", "Savings", "Onboarding", "Support"]);
    let region = random.of(&["Frankfurt", "Dublin", "Paris", "Stockholm"]);
    let mut text = format!(
        "kind: feature-spec\nid: feature-{number}\ntitle: {team} feature {number}\nversion: 1.{}.0\n",
        random.below(9)
    );
    if fault != Fault::NoOwnerAndOldAgreement {
        let _ = writeln!(text, "owner: {team} <{}@bank.example>", team.to_lowercase());
    }
    let _ = write!(
        text,
        "status: {}\nrisk_tier: {}\nuse_case: {}\njurisdictions: [EU, {}]\n\
         summary: >-\n  People see what they are owed and settle it in two steps; until now they had to\n  \
         call, and a clerk entered the payment by hand.\nreferences:\n  \
         - title: Decision record {}\n    path: docs/decision-{number}.md\n\ndata:\n",
        random.of(&["draft", "in-review", "in-review", "approved", "launched"]),
        random.of(&["minimal", "limited"]),
        random.of(&["payments", "document-search", "customer-support"]),
        random.of(&["GB", "US-NY", "CH"]),
        random.below(1000),
    );
    let entries = 3 + random.below(2);
    for entry in 0..entries {
        let years = if fault == Fault::LongRetention && entry == 0 {
            7
        } else {
            1
        };
        data(&mut text, entry, years, region, random);
    }
    text.push_str("  - name: interest-rates\n    category: market\n    personal: false\n");
    let expires = if fault == Fault::NoOwnerAndOldAgreement {
        "2026-03-31"
    } else {
        "2028-03-31"
    };
    let _ = write!(
        text,
        "\nprivacy:\n  controller: Example Bank AG, {region}\n  data_protection_officer: dpo@bank.example\n  \
         dpia:\n    required: false\n    reason: No criterion of the list is met\n  \
         automated_decisions:\n    used: false\n  children:\n    likely_access: false\n    \
         reason: Accounts begin at 18\n  vendors:\n    - name: Hosting {region} SE\n      role: processor\n      \
         region: EU\n      agreement: contracts/{}.pdf\n      agreement_expires: {expires}\n",
        random.below(10_000)
    );
    text.push_str("\nsecurity:\n");
    if fault != Fault::NoThreatModel {
        let _ = write!(
            text,
            "  threat_model:\n    reference: docs/threats-{number}.md\n    completed_on: 2026-09-{:02}\n",
            1 + random.below(28)
        );
    }
    let _ = write!(
        text,
        "  scans:\n    - tool: dependency check\n      covers: dependencies\n      path: evidence/scan-{}.sarif\n      \
         revision: {:08x}\n      run_on: 2026-11-{:02}\n  findings:\n    - id: V-{}\n      severity: high\n      \
         status: fixed\n    - id: V-{}\n      severity: low\n      status: open\n",
        random.below(1000),
        0x1000_000a + random.below(0xFFFF) * 256,
        10 + random.below(10),
        random.below(1000),
        random.below(1000),
    );
    let _ = write!(
        text,
        "\nkpis:\n  - name: time-to-settle\n    category: latency\n    unit: s\n    direction: decrease\n    \
         percentile: 95\n    baseline: {}\n    target: {}\n  - name: failed-payments\n    category: quality\n    \
         unit: percent\n    direction: decrease\n    guardrail: 0.{}\n\nlaunch:\n  date: 2026-12-01\n  rollout:\n    \
         - stage: staff\n      percent: 1\n    - stage: everyone\n      percent: 100\n  rollback:\n    \
         owner: {team} on call\n    trigger: failed-payments\n    how: Switch the flag off; open payments finish\n    \
         tested_on: 2026-11-{:02}\n  kill_switch:\n    flag: feature-{number}\n    tested_on: 2026-11-14\n",
        20 + random.below(40),
        5 + random.below(10),
        1 + random.below(9),
        10 + random.below(10),
    );
    text
}

fn data(text: &mut String, entry: u32, years: u32, region: &str, random: &mut Random) {
    let _ = write!(
        text,
        "  - name: record-{entry}-{}\n    category: {}\n    fields: [name, account, amount]\n    \
         subjects: [customers]\n    personal: true\n    special_category: false\n    \
         purpose: {}\n    lawful_basis: {}\n    stored_in: [ledger ({region})]\n    \
         retention: P{years}Y\n    deletion: Nightly job, with a log\n    recipients: [Hosting {region} SE]\n",
        random.below(1000),
        random.of(&["financial", "contact", "behavioural"]),
        random.of(&[
            "Settle the payment and answer questions about it",
            "Tell people what became of their order",
            "Find the account that a payment belongs to",
        ]),
        random.of(&["contract", "legal-obligation"]),
    );
    match random.below(3) {
        0 => text.push_str(
            "    transfers:\n      - country: CH\n        mechanism: adequacy-decision\n",
        ),
        _ => text.push_str("    transfers: []\n"),
    }
}

/// A linear congruential generator (Numerical Recipes): small, seeded, the same everywhere.
struct Random(u32);

impl Random {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) % limit
    }

    fn of<'t>(&mut self, choices: &[&'t str]) -> &'t str {
        choices[self.below(u32::try_from(choices.len()).unwrap()) as usize]
    }
}
