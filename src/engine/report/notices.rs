//! What a report says of the run as a whole.

use super::Assembly;
use crate::engine::focus::Focus;

/// How many rules that applied to nothing are named; the outcomes list them all.
const NAMED: usize = 6;

impl Assembly<'_> {
    /// What concerns no single place: files that are no documents, rules that matched nothing.
    pub(super) fn remarks(&mut self) {
        let recognition = std::mem::take(&mut self.recognition);
        self.notices
            .extend(recognition.notices(self.options.recognition));
        for (kind, count) in &self.unruled {
            let documents = if *count == 1 {
                "its 1 document was".to_owned()
            } else {
                format!("its {count} documents were")
            };
            self.notices.push(format!(
                "no rule speaks of `{kind}`: {documents} held to the schema alone"
            ));
        }
        if let (Some(first), Some(asked)) = (self.past.first(), self.options.stage) {
            let more = match self.past.len() {
                1 => String::new(),
                count => format!(" and {} more", count - 1),
            };
            self.notices.push(format!(
                "held against `{asked}`, though further along by its own account: {first}{more}"
            ));
        }
        // Of a part of the documents it cannot be said what none of them has.
        let stale = match &self.focus {
            Focus::Everything(_) => self.gate.formats.stale(),
            Focus::Some { .. } => Vec::new(),
        };
        if !stale.is_empty() {
            let stale = stale.join(", ");
            self.notices.push(format!(
                "fields of formats that no document gives: {stale}; is the mapping out of date?"
            ));
        }
        for off in self.gate.rules.off() {
            self.notices
                .push(format!("{} is turned off: {}", off.id, off.reason));
        }
        self.notices.extend(self.gate.off_by(&self.overrides));
        self.out_of_season();
        self.focused();
        if self.summary.documents > 0 && !self.focus.is_partial() {
            let idle: Vec<&str> = self
                .gate
                .rules
                .rules()
                .iter()
                .filter(|rule| rule.effective.holds_on(self.options.today))
                .filter(|rule| !self.used.get(&rule.id).copied().unwrap_or(false))
                .map(|rule| rule.id.as_str())
                .collect();
            if !idle.is_empty() {
                let rules = if idle.len() == 1 { "rule" } else { "rules" };
                let named = idle.get(..NAMED).unwrap_or(&idle);
                let more = match idle.len() - named.len() {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                self.notices.push(format!(
                    "{} {rules} applied to nothing: {}{more}",
                    idle.len(),
                    named.join(", ")
                ));
            }
        }
    }

    /// Says what the report does not speak of, or why it speaks of everything after all.
    fn focused(&mut self) {
        let documents = match self.aside {
            1 => "1 document has".to_owned(),
            aside => format!("{aside} documents have"),
        };
        let said = match &self.focus {
            Focus::Everything(None) => return,
            Focus::Everything(Some(why)) => format!("every document is checked: {why}"),
            Focus::Some { .. } if self.aside == 0 => return,
            Focus::Some { .. } => format!("{documents} nothing to do with what changed"),
        };
        self.notices.push(said);
    }

    /// Says which rules do not hold on the day of the run.
    fn out_of_season(&mut self) {
        let today = self.options.today;
        let rules = self.gate.rules.rules().iter();
        let waiting: Vec<String> = rules
            .filter(|rule| !rule.effective.holds_on(today))
            .map(|rule| {
                let nearest = rule.effective.nearest(today);
                let word = if nearest > today { "from" } else { "until" };
                format!("{} ({word} {nearest})", rule.id)
            })
            .collect();
        if waiting.is_empty() {
            return;
        }
        let (rules, hold) = match waiting.len() {
            1 => ("rule", "does"),
            _ => ("rules", "do"),
        };
        let named = waiting.get(..NAMED).unwrap_or(&waiting);
        let more = match waiting.len() - named.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        self.notices.push(format!(
            "{} {rules} {hold} not hold on {today}: {}{more}; `--as-of` checks as on another day",
            waiting.len(),
            named.join(", ")
        ));
    }
}
