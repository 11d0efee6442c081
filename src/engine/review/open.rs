//! What is open, which a signer acknowledges.

use super::Reviewing;
use crate::finding::{Finding, Report, Severity, Stage};
use crate::policy::RequirementText;

/// A finding that a signer acknowledges.
#[derive(Clone, Debug)]
pub struct Acknowledged {
    /// Its rule.
    pub rule: String,
    /// Its severity.
    pub severity: Severity,
    /// By which it is known.
    pub fingerprint: String,
    /// What it says.
    pub message: String,
    /// Where: file, line, column.
    pub place: (String, u32, u32),
    /// Whether it fails the gate at the stage.
    pub blocking: bool,
    /// Whether the role's last sign-off did not have it; `None` where there is none.
    pub new: Option<bool>,
}

impl Reviewing<'_> {
    /// What is open at the stage, and how many findings are left for later. That somebody has not
    /// signed yet is no finding that a signer could acknowledge.
    pub(super) fn open(&self, report: &Report, stage: Stage) -> (Vec<Acknowledged>, usize) {
        let own = |finding: &&Finding| {
            finding.document.as_ref() == Some(&self.document.reference)
                && !self.asks_for_sign_offs(finding)
        };
        let mut later = 0;
        let mut open = Vec::new();
        for finding in report.findings.iter().filter(own) {
            if finding.blocks_from.is_some_and(|from| from > stage) {
                later += 1;
                continue;
            }
            let location = finding.primary.location;
            let place = report.sources.file(location).map(|file| {
                let at = file.line_column(location.span.start);
                (file.path().to_string(), at.line, at.column)
            });
            open.push(Acknowledged {
                rule: finding.rule.to_string(),
                severity: finding.severity,
                fingerprint: finding.fingerprint.to_string(),
                message: finding.message.clone(),
                place: place.unwrap_or((self.input.path.to_string(), 1, 1)),
                blocking: finding.blocking,
                new: None,
            });
        }
        (open, later)
    }

    fn asks_for_sign_offs(&self, finding: &Finding) -> bool {
        let rules = self.gate.rules.rules();
        let rule = rules.iter().find(|rule| rule.id == finding.rule);
        rule.is_some_and(|rule| {
            rule.texts.require.iter().any(|text| {
                matches!(text, RequirementText::Expression(text) if text.contains("signoff("))
            })
        })
    }
}
