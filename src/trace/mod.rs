//! Traceability: from each control of a framework to the rules that serve it, the documents they
//! were held against, the place, the outcome and the evidence; what is not covered is a row too.
//!
//! One row a (control, rule, document). [`Traceability::of`] puts a run's [`Report`] and the
//! catalogues together; `markdown`, `csv` and `json` write it.

pub mod csv;
pub mod json;
pub mod markdown;

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;

use crate::finding::{
    DocumentOutcomes, DocumentRef, EvidenceRef, Outcome, Report, RuleId, RuleOutcomes, Severity,
    Stage, Tally, Trace, Verdict,
};
use crate::framework::{Control, Framework, Standing};
use crate::policy::{PolicySet, Rule};

/// The frameworks of a report, each control with its rows.
#[derive(Clone, Debug)]
pub struct Traceability {
    /// The day that the run took for today, `YYYY-MM-DD`.
    pub as_of: String,
    /// `sha256:` and the digest of the policies.
    pub policy_digest: String,
    /// What the run came to as a whole.
    pub verdict: Verdict,
    /// In the order in which they were asked for.
    pub frameworks: Vec<FrameworkTrace>,
}

/// One framework.
#[derive(Clone, Debug)]
pub struct FrameworkTrace {
    /// Its id.
    pub id: Arc<str>,
    /// Its name.
    pub title: Arc<str>,
    /// Its official text.
    pub url: Option<Arc<str>>,
    /// Its controls, in the order of the catalogue.
    pub controls: Vec<ControlTrace>,
}

/// One control.
#[derive(Clone, Debug)]
pub struct ControlTrace {
    /// `framework:id`.
    pub reference: Arc<str>,
    /// What it is about.
    pub title: Arc<str>,
    /// How to cite it.
    pub citation: Arc<str>,
    /// Whether the official text was read, or it is known from other sources only.
    pub primary: bool,
    /// What it comes to on the day.
    pub standing: Standing,
    /// At least one: a control that nothing covers has a row that says so.
    pub rows: Vec<Row>,
}

/// One control, one rule, one document.
#[derive(Clone, Debug)]
pub struct Row {
    /// The rule; `None` where no rule serves the control.
    pub rule: Option<RuleRef>,
    /// The document and the stage it was held against; `None` where the rule was held against none.
    pub document: Option<(DocumentRef, Option<Stage>)>,
    /// What it came to.
    pub state: State,
    /// Items that came to what; one in all where the rule speaks of the whole document.
    pub tally: Tally,
    /// Where it was read: of several items, the first that came to this.
    pub place: Option<Place>,
    /// The evidence that the document names there.
    pub evidence: Vec<EvidenceRef>,
    /// The waivers of what did not hold.
    pub waivers: Vec<RowWaiver>,
}

/// A waiver of what did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowWaiver {
    /// Where in the document.
    pub key: String,
    /// The last day on which it holds.
    pub expires: Date,
    /// Why.
    pub reason: Box<str>,
    /// Who answers for it.
    pub owner: Option<Box<str>>,
    /// Who approved it.
    pub approver: Option<Box<str>>,
}

/// The rule of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleRef {
    /// Its id.
    pub id: RuleId,
    /// What holds where it passes.
    pub title: Arc<str>,
    /// The severity that holds.
    pub severity: Severity,
}

/// A place in a file, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Relative to the root.
    pub path: Arc<str>,
    /// The line.
    pub line: u32,
    /// The column, in characters.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.path, self.line, self.column)
    }
}

/// What a row came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The rule was held against the document: the worst outcome of its items.
    Decided(Outcome),
    /// No rule in use serves the control.
    NotCovered,
    /// No document of the rule's kinds was checked.
    NoDocument,
    /// The rule is turned off, for this reason.
    Off(String),
    /// The rule does not hold on the day; the nearest day on which it does.
    NotInEffect(Date),
}

impl State {
    /// The word in reports.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Decided(outcome) => outcome.as_str(),
            Self::NotCovered => "not-covered",
            Self::NoDocument => "no-document",
            Self::Off(_) => "off",
            Self::NotInEffect(_) => "not-in-effect",
        }
    }

    /// What is to be said besides.
    pub fn remark(&self) -> Option<String> {
        match self {
            Self::Off(reason) => Some(reason.clone()),
            Self::NotInEffect(day) => Some(format!("holds on {day}")),
            _ => None,
        }
    }
}

impl Traceability {
    /// Rows for some frameworks, from a run whose outcomes were traced.
    pub fn of(report: &Report, rules: &PolicySet, frameworks: &[String], today: Date) -> Self {
        let known = rules.frameworks();
        let sources = Sources {
            report,
            rules,
            today,
        };
        Self {
            as_of: report.as_of.clone(),
            policy_digest: report.policy_digest.clone(),
            verdict: report.verdict,
            frameworks: frameworks
                .iter()
                .filter_map(|id| Some(sources.framework(known.get(id)?)))
                .collect(),
        }
    }

    /// Every row with its framework and control.
    pub fn rows(&self) -> impl Iterator<Item = (&FrameworkTrace, &ControlTrace, &Row)> {
        self.frameworks.iter().flat_map(|framework| {
            let controls = framework.controls.iter();
            controls.flat_map(move |control| {
                control
                    .rows
                    .iter()
                    .map(move |row| (framework, control, row))
            })
        })
    }
}

impl ControlTrace {
    /// The worst that its rows came to: a failure, what could not be decided, a gap, then the rest.
    pub fn state(&self) -> &State {
        let rank = |state: &State| match state {
            State::Decided(Outcome::Fail) => 0,
            State::Decided(Outcome::Unknown) => 1,
            State::Off(_) => 2,
            State::Decided(Outcome::Pass) => 3,
            State::Decided(Outcome::NotApplicable) => 4,
            State::NoDocument => 5,
            State::NotInEffect(_) => 6,
            State::NotCovered => 7,
        };
        let states = self.rows.iter().map(|row| &row.state);
        states
            .min_by_key(|state| rank(state))
            .unwrap_or(&State::NotCovered)
    }
}

struct Sources<'r> {
    report: &'r Report,
    rules: &'r PolicySet,
    today: Date,
}

impl Sources<'_> {
    fn framework(&self, framework: &Framework) -> FrameworkTrace {
        FrameworkTrace {
            id: Arc::clone(&framework.id),
            title: Arc::clone(&framework.title),
            url: framework.url.clone(),
            controls: framework
                .controls
                .iter()
                .map(|control| self.control(control))
                .collect(),
        }
    }

    fn control(&self, control: &Control) -> ControlTrace {
        let serves = |rule: &&Rule| {
            let mut controls = rule.controls.iter();
            controls.any(|id| **id == *control.reference)
        };
        let mut rows: Vec<Row> = Vec::new();
        for rule in self.rules.defined().iter().filter(serves) {
            rows.extend(self.rule(rule));
        }
        if rows.is_empty() {
            rows.push(Row::gap(None, State::NotCovered));
        }
        ControlTrace {
            reference: Arc::clone(&control.reference),
            title: Arc::clone(&control.title),
            citation: Arc::clone(&control.citation),
            primary: control.primary,
            standing: control.standing(self.today),
            rows,
        }
    }

    /// A row for each document that the rule was held against; one that says why there is none.
    fn rule(&self, defined: &Rule) -> Vec<Row> {
        let rule = self.rules.rule(defined.id.as_str()).unwrap_or(defined);
        let named = RuleRef {
            id: rule.id.clone(),
            title: Arc::clone(&rule.title),
            severity: rule.severity,
        };
        if !rule.effective.holds_on(self.today) {
            let nearest = rule.effective.nearest(self.today);
            return vec![Row::gap(Some(named), State::NotInEffect(nearest))];
        }
        let rows: Vec<Row> = self
            .report
            .outcomes
            .iter()
            .filter_map(|document| {
                let outcomes = document.rules.iter().find(|known| known.rule == rule.id)?;
                let mut row = Row::decided(named.clone(), document, outcomes);
                row.waivers = self.waivers(&rule.id, &document.document);
                Some(row)
            })
            .collect();
        if !rows.is_empty() {
            return rows;
        }
        let off = self.rules.off().iter().find(|off| off.id == rule.id);
        let state = off.map_or(State::NoDocument, |off| State::Off(off.reason.clone()));
        vec![Row::gap(Some(named), state)]
    }
}

impl Sources<'_> {
    /// The waivers of findings of a rule in a document.
    fn waivers(&self, rule: &RuleId, document: &DocumentRef) -> Vec<RowWaiver> {
        let findings = self.report.findings.iter();
        findings
            .filter(|finding| finding.rule == *rule && finding.document.as_ref() == Some(document))
            .filter_map(|finding| {
                let waiver = finding.suppressed.as_ref()?.waiver()?;
                Some(RowWaiver {
                    key: finding.key.clone(),
                    expires: waiver.expires,
                    reason: waiver.reason.clone(),
                    owner: waiver.owner.clone(),
                    approver: waiver.approver.clone(),
                })
            })
            .collect()
    }
}

impl fmt::Display for RowWaiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "until {}", self.expires)?;
        if !self.key.is_empty() {
            write!(f, " at {}", self.key)?;
        }
        if let Some(approver) = &self.approver {
            write!(f, ", approved by {approver}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl Row {
    fn gap(rule: Option<RuleRef>, state: State) -> Self {
        Self {
            rule,
            document: None,
            state,
            tally: Tally::default(),
            place: None,
            evidence: Vec::new(),
            waivers: Vec::new(),
        }
    }

    fn decided(rule: RuleRef, document: &DocumentOutcomes, outcomes: &RuleOutcomes) -> Self {
        let worst = outcomes
            .rows
            .iter()
            .map(|row| row.outcome)
            .min_by_key(|outcome| severity(*outcome))
            .unwrap_or(Outcome::Unknown);
        let of_worst = outcomes.rows.iter().filter(|row| row.outcome == worst);
        let place = of_worst
            .filter_map(|row| row.trace.as_deref())
            .map(Place::of)
            .next();
        let mut evidence: Vec<EvidenceRef> = Vec::new();
        // What a rule did not look at rests on nothing.
        let looked = |row: &&crate::finding::OutcomeRow| row.outcome != Outcome::NotApplicable;
        let traces = outcomes.rows.iter().filter(looked);
        for named in traces
            .filter_map(|row| row.trace.as_deref())
            .flat_map(|trace| &trace.evidence)
        {
            if !evidence.contains(named) {
                evidence.push(named.clone());
            }
        }
        Self {
            rule: Some(rule),
            document: Some((document.document.clone(), document.stage)),
            state: State::Decided(worst),
            tally: Tally::of(std::slice::from_ref(outcomes)),
            place,
            evidence,
            waivers: Vec::new(),
        }
    }
}

/// The worst first.
fn severity(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Fail => 0,
        Outcome::Unknown => 1,
        Outcome::Pass => 2,
        Outcome::NotApplicable => 3,
    }
}

impl Place {
    fn of(trace: &Trace) -> Self {
        Self {
            path: Arc::clone(&trace.path),
            line: trace.line,
            column: trace.column,
        }
    }
}

/// What `launchgate report --output` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Tables for people and for review pages.
    Markdown,
    /// One line a row, for spreadsheets.
    Csv,
    /// For machines, versioned.
    Json,
}

impl Format {
    /// Every format, in the order of its help text.
    pub const ALL: &'static [Self] = &[Self::Markdown, Self::Csv, Self::Json];

    /// The name on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Markdown => "markdown",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// What it is for, in a few words.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Markdown => "tables for people and for pages of a review",
            Self::Csv => "one line a row, for spreadsheets",
            Self::Json => "every row, for machines",
        }
    }

    /// The text of a report in this format.
    pub fn write(self, trace: &Traceability) -> String {
        match self {
            Self::Markdown => markdown::write(trace),
            Self::Csv => csv::write(trace),
            Self::Json => json::write(trace),
        }
    }
}
