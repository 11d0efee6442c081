//! Keeps out of a report what a rule with `redact` has found: in every finding, not only its own,
//! and in the source lines that renderers draw. A report goes into logs that many can read.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{
    DocumentOutcomes, FairnessCheck, Finding, SignOffState, Suppression, Waived, WaiverState,
};
use crate::source::{Location, SourceMap, Span};

/// What stands for a redacted value in words.
const STARS: &str = "***";

/// As much of a value tells it from ordinary words; what is shorter is redacted at its place alone.
const TELLING: usize = 6;

/// Redacts the values at these places. The files of all of them are among the sources, if a finding
/// points into them.
pub(super) fn apply(
    places: &BTreeSet<Location>,
    findings: &mut [Finding],
    outcomes: &mut [DocumentOutcomes],
    fairness: &mut [FairnessCheck],
    waivers: &mut [WaiverState],
    notices: &mut [String],
    sources: &mut SourceMap,
) {
    let mut spans: BTreeMap<_, Vec<Span>> = BTreeMap::new();
    for place in places {
        spans.entry(place.file).or_default().push(place.span);
    }
    let files: Vec<_> = spans
        .into_iter()
        .filter_map(|(id, spans)| Some((sources.get(id)?.clone(), spans)))
        .collect();
    let values = Values::new(
        files
            .iter()
            .flat_map(|(file, spans)| spans.iter().map(|span| file.slice(*span))),
    );
    for finding in findings {
        values.redact(&mut finding.message);
        values.redact(&mut finding.pointer);
        values.redact(&mut finding.key);
        values.redact(&mut finding.subject);
        for text in finding.help.iter_mut().chain(&mut finding.notes) {
            values.redact(text);
        }
        for label in std::iter::once(&mut finding.primary).chain(&mut finding.related) {
            values.redact(&mut label.text);
        }
        if let Some(Suppression::Waiver(waiver)) = &mut finding.suppressed {
            let Waived {
                reason,
                owner,
                approver,
                role: _,
                link,
                ..
            } = &mut **waiver;
            let texts = [owner, approver, link].into_iter().flatten();
            for text in texts.chain([reason]) {
                values.redact_boxed(text);
            }
        }
        // What cannot be shown cannot be looked through before it is written.
        finding.fixes.retain(|fix| {
            let shows = |text: &str| values.redacted(text).is_some();
            !shows(&fix.title)
                && fix.edits.iter().all(|edit| {
                    let hidden = |place: &Location| {
                        place.file == edit.at.file
                            && place.span.start < edit.at.span.end
                            && edit.at.span.start < place.span.end
                    };
                    !shows(&edit.replacement) && !places.iter().any(hidden)
                })
        });
    }
    for document in outcomes.iter_mut() {
        for text in document.title.iter_mut().chain(&mut document.owner) {
            if let Some(redacted) = values.redacted(text) {
                *text = redacted.into();
            }
        }
        for text in document.sign_offs.iter_mut().flat_map(texts_of_sign_off) {
            values.redact_boxed(text);
        }
    }
    for text in fairness.iter_mut().flat_map(texts_of_claim) {
        values.redact_boxed(text);
    }
    for check in fairness.iter_mut() {
        if let Some(redacted) = values.redacted(&check.path) {
            check.path = redacted.into();
        }
    }
    let documents = outcomes.iter_mut();
    let rules = documents.flat_map(|document| &mut document.rules);
    for row in rules.flat_map(|rule| &mut rule.rows) {
        if let Some(redacted) = row.item.as_deref().and_then(|item| values.redacted(item)) {
            row.item = Some(redacted.into());
        }
        for named in row.trace.iter_mut().flat_map(|trace| &mut trace.evidence) {
            values.redact_boxed(&mut named.pointer);
            values.redact_boxed(&mut named.target);
            if let Some(sha256) = &mut named.sha256 {
                values.redact_boxed(sha256);
            }
        }
    }
    for waiver in waivers {
        let optional = [
            &mut waiver.document,
            &mut waiver.key,
            &mut waiver.owner,
            &mut waiver.approver,
            &mut waiver.link,
        ];
        let texts = optional.into_iter().flatten().chain([&mut waiver.reason]);
        for text in texts {
            values.redact_boxed(text);
        }
    }
    for notice in notices {
        values.redact(notice);
    }
    for (file, spans) in &files {
        sources.replace(file.masked(spans));
    }
}

/// The texts of a sign-off that come from a document.
fn texts_of_sign_off(state: &mut SignOffState) -> impl Iterator<Item = &mut Box<str>> {
    let SignOffState {
        role,
        principal,
        decision,
        stage,
        conditions,
        signed_on,
        expires,
        verdict: _,
        reason,
    } = state;
    let optional = [
        principal, decision, stage, conditions, signed_on, expires, reason,
    ];
    std::iter::once(role).chain(optional.into_iter().flatten())
}

/// The texts of a fairness claim that come from a document or from its evidence.
fn texts_of_claim(check: &mut FairnessCheck) -> impl Iterator<Item = &mut Box<str>> {
    let groups = check.rates.iter_mut().flat_map(|chart| &mut chart.groups);
    let names = groups.flat_map(|group| group.group.iter_mut().flatten());
    [&mut check.pointer, &mut check.metric]
        .into_iter()
        .chain(&mut check.attributes)
        .chain(&mut check.reason)
        .chain(names)
}

/// The values, sorted: those that share most with a text stand where it would stand.
struct Values<'s>(Vec<&'s str>);

impl<'s> Values<'s> {
    fn new(texts: impl Iterator<Item = &'s str>) -> Self {
        // A label shows the first line of a text.
        let lines = texts.flat_map(str::lines).map(str::trim);
        let mut values: Vec<_> = lines.filter(|line| line.len() >= TELLING).collect();
        values.sort_unstable();
        values.dedup();
        Self(values)
    }

    fn redact(&self, text: &mut String) {
        if let Some(redacted) = self.redacted(text) {
            *text = redacted;
        }
    }

    fn redact_boxed(&self, text: &mut Box<str>) {
        if let Some(redacted) = self.redacted(text) {
            *text = redacted.into();
        }
    }

    /// The text without the values, or without the beginning of one that was cut off; `None` if
    /// none is in it.
    fn redacted(&self, text: &str) -> Option<String> {
        let mut redacted = String::new();
        let mut kept = 0;
        let mut at = 0;
        while at + TELLING <= text.len() {
            match text.get(at..).map_or(0, |rest| self.shared(rest)) {
                0..TELLING => at += 1,
                len => {
                    redacted.push_str(text.get(kept..at).unwrap_or_default());
                    redacted.push_str(STARS);
                    at += len;
                    kept = at;
                }
            }
        }
        redacted.push_str(text.get(kept..).unwrap_or_default());
        (kept > 0).then_some(redacted)
    }

    /// How much of a value a text begins with.
    fn shared(&self, text: &str) -> usize {
        let at = self.0.partition_point(|value| *value < text);
        let neighbours = [at.checked_sub(1), Some(at)].into_iter().flatten();
        let shared = neighbours.filter_map(|at| Some(shared_len(text, self.0.get(at)?)));
        shared.max().unwrap_or(0)
    }
}

/// How many bytes two texts have in common at their beginnings, in whole characters.
fn shared_len(one: &str, other: &str) -> usize {
    let pairs = one.char_indices().zip(other.chars());
    let shared = pairs.take_while(|((_, a), b)| a == b).last();
    shared.map_or(0, |((at, c), _)| at + c.len_utf8())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::finding::{
        DocumentRef, EvidenceRef, GroupRate, Outcome, OutcomeRow, RateChart, RuleOutcomes, Tally,
        Trace,
    };
    use crate::source::{FileId, SourceFile};

    fn document() -> DocumentRef {
        DocumentRef {
            path: "a.yaml".into(),
            id: "a".into(),
            kind: "model-card".into(),
        }
    }

    /// Redacts a text, which a document consists of.
    fn redacted_from(
        text: &str,
        outcomes: &mut [DocumentOutcomes],
        fairness: &mut [FairnessCheck],
    ) {
        let source = SourceFile::new(FileId(0), "a.yaml", text);
        let mut sources = SourceMap::default();
        sources.insert(&source);
        let end = u32::try_from(text.len()).unwrap();
        let place = source.location(Span::new(0, end));
        apply(
            &[place].into(),
            &mut [],
            outcomes,
            fairness,
            &mut [],
            &mut [],
            &mut sources,
        );
    }

    #[test]
    fn every_text_of_a_claim_is_redacted() {
        let secret = || -> Box<str> { "in sesame-4711".into() };
        let group = GroupRate {
            group: vec![Some(secret()), None],
            n: 1,
            numerator: 1,
            denominator: 1,
            value: None,
            interval: None,
            sufficient: true,
        };
        let mut claims = [FairnessCheck {
            document: document(),
            pointer: secret(),
            metric: secret(),
            attributes: vec![secret()],
            status: "drift",
            reason: Some(secret()),
            claimed: None,
            tolerance: 0.0,
            value: None,
            interval: None,
            min: None,
            max: None,
            path: Arc::from(secret()),
            sha256: None,
            rows: None,
            rates: vec![RateChart {
                rate: "selection_rate",
                groups: vec![group],
            }],
        }];
        redacted_from("sesame-4711", &mut [], &mut claims);
        let shown = format!("{claims:?}");
        assert!(!shown.contains("sesame"), "{shown}");
        assert_eq!(shown.matches("in ***").count(), 6, "{shown}");
    }

    #[test]
    fn what_an_outcome_rests_on_is_redacted() {
        let secret = || -> Box<str> { "of sesame-4711".into() };
        let evidence = EvidenceRef {
            pointer: secret(),
            target: secret(),
            sha256: Some(secret()),
            state: None,
        };
        let trace = Trace {
            path: "a.yaml".into(),
            line: 1,
            column: 1,
            evidence: vec![evidence],
        };
        let row = OutcomeRow {
            item: Some(secret()),
            outcome: Outcome::Fail,
            trace: Some(Box::new(trace)),
        };
        let rules = vec![RuleOutcomes {
            rule: "a/b".into(),
            rows: vec![row],
        }];
        let mut outcomes = [DocumentOutcomes {
            document: document(),
            title: None,
            owner: None,
            authors: Vec::new(),
            stage: None,
            sign_offs: Vec::new(),
            tally: Tally::of(&rules),
            rules,
        }];
        redacted_from("sesame-4711", &mut outcomes, &mut []);
        let shown = format!("{outcomes:?}");
        assert_eq!(shown.matches("of ***").count(), 4, "{shown}");
        assert!(!shown.contains("sesame"), "{shown}");
    }

    #[test]
    fn values_are_found_in_words_whole_or_cut_off() {
        let values = Values::new(
            [
                "AKIAIOSFODNN7EXAMPLE",
                "-----BEGIN\n   MIIEowIB\n",
                "short",
                "ééé",
            ]
            .into_iter(),
        );
        let redacted = |text: &str| values.redacted(text);
        assert_eq!(
            redacted("`key` is AKIAIOSFODNN7EXAMPLE, not a date").unwrap(),
            "`key` is ***, not a date"
        );
        assert_eq!(redacted("it is AKIAIOSFOD…").unwrap(), "it is ***…");
        assert_eq!(redacted("-----BEGIN MIIEowIB").unwrap(), "*** ***");
        assert_eq!(redacted("xAKIAIOSAKIAIOS").unwrap(), "x******");
        assert_eq!(redacted("éééé").unwrap(), "***é");
        assert_eq!(redacted("short, AKIA, MIIEo, é"), None);
        assert_eq!(redacted(""), None);
    }
}
