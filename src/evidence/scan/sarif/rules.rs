//! The severity of a result, which scanners put on the rule and not on the result.

use std::collections::HashMap;

use super::super::Severity;
use super::super::shape::{Object, Shaped};

/// More rules of a run with the same id are refused: each result would go through them all.
const MOST_OF_ONE_ID: usize = 64;
/// Deeper parts of a rule, as in `CA1000/1`, are not looked for.
const MOST_LEVELS: usize = 16;

/// The rules of a run: those of the driver and of its extensions.
pub(super) struct Rules<'t> {
    /// By component: the driver first, then the extensions in their order.
    components: Vec<Vec<Object<'t>>>,
    by_id: HashMap<&'t str, Vec<Candidate<'t>>>,
    /// Components by GUID and by name.
    named: HashMap<&'t str, usize>,
    /// Rules by GUID.
    by_guid: HashMap<&'t str, Object<'t>>,
    /// What invocations set otherwise, the worst where several do: by rule id, and by the rule's
    /// place among the driver's.
    set_by_id: HashMap<&'t str, Severity>,
    set_by_index: HashMap<usize, Severity>,
}

/// What the rule table says of a result.
pub(super) struct Told<'t> {
    /// The rule's id, as the result has it; empty if it names none.
    pub(super) id: &'t str,
    pub(super) severity: Severity,
    /// What the rule looks for.
    pub(super) title: Option<&'t str>,
}

/// A rule that a result may mean, and its place among the driver's if it is one of those.
type Candidate<'t> = (Object<'t>, Option<usize>);

impl<'t> Rules<'t> {
    pub(super) fn new(run: Object<'t>) -> Shaped<Self> {
        let mut rules = Self {
            components: Vec::new(),
            by_id: HashMap::new(),
            named: HashMap::new(),
            by_guid: HashMap::new(),
            set_by_id: HashMap::new(),
            set_by_index: HashMap::new(),
        };
        if let Some(tool) = run.object("tool")? {
            let extensions = tool.objects("extensions")?;
            for component in tool.object("driver")?.into_iter().chain(extensions) {
                rules.add(component)?;
            }
        }
        for invocation in run.objects("invocations")? {
            for given in invocation.objects("ruleConfigurationOverrides")? {
                rules.set(given)?;
            }
        }
        Ok(rules)
    }

    fn add(&mut self, component: Object<'t>) -> Shaped<()> {
        let place = self.components.len();
        for key in ["guid", "name"] {
            if let Some(name) = component.text(key)? {
                self.named.entry(name).or_insert(place);
            }
        }
        let rules = component.objects("rules")?;
        for (at, &rule) in rules.iter().enumerate() {
            if let Some(id) = rule.text("id")? {
                let known = self.by_id.entry(id).or_default();
                if known.len() >= MOST_OF_ONE_ID {
                    return Err(
                        rule.wrong(format!("has the id of {MOST_OF_ONE_ID} rules before it"))
                    );
                }
                known.push((rule, (place == 0).then_some(at)));
            }
            if let Some(guid) = rule.text("guid")? {
                self.by_guid.entry(guid).or_insert(rule);
            }
        }
        self.components.push(rules);
        Ok(())
    }

    fn set(&mut self, given: Object<'t>) -> Shaped<()> {
        let level = match given.object("configuration")? {
            Some(configuration) => configuration.text("level")?,
            None => None,
        };
        let (Some(level), Some(descriptor)) = (level, given.object("descriptor")?) else {
            return Ok(());
        };
        let severity = of_level(level);
        let worse = |known: &mut Severity| *known = (*known).max(severity);
        if let Some(id) = descriptor.text("id")? {
            self.set_by_id
                .entry(id)
                .and_modify(worse)
                .or_insert(severity);
        } else if let Some(index) = descriptor.index("index")? {
            self.set_by_index
                .entry(index)
                .and_modify(worse)
                .or_insert(severity);
        }
        Ok(())
    }

    /// What the table says of a result.
    ///
    /// The severity is the first of: `security-severity` of the result, or of its rule, as a band of
    /// CVSS; the level of the result; the level that an invocation sets for the rule; the rule's own.
    /// `error` is high, `warning` medium, `note` low. A rule that is there and says no level has
    /// `warning`, by the standard. Where neither the result nor a rule says anything it is unknown.
    pub(super) fn of(&self, result: Object<'t>) -> Shaped<Told<'t>> {
        let reference = result.object("rule")?;
        let referred = reference.map(|rule| rule.text("id")).transpose()?.flatten();
        let id = result.text("ruleId")?.or(referred);
        let rules = self.candidates(result, reference, id)?;
        let mut title = None;
        for (rule, _) in &rules {
            let short = rule.object("shortDescription")?;
            title = title.or(short.map(|text| text.text("text")).transpose()?.flatten());
        }
        let own_id = match rules.first() {
            Some((rule, _)) => rule.text("id")?,
            None => None,
        };
        Ok(Told {
            id: id.or(own_id).unwrap_or_default(),
            severity: self.severity(result, id, &rules)?,
            title,
        })
    }

    /// The rules that a result may mean: one by its index, else all of its id.
    fn candidates(
        &self,
        result: Object<'t>,
        reference: Option<Object<'t>>,
        id: Option<&str>,
    ) -> Shaped<Vec<Candidate<'t>>> {
        let (mut component, mut index, mut guid) = (0, result.index("ruleIndex")?, None);
        if let Some(reference) = reference {
            index = index.or(reference.index("index")?);
            guid = reference.text("guid")?;
            if let Some(of) = reference.object("toolComponent")? {
                component = self.component(of)?;
            }
        }
        let of = self.components.get(component);
        if let Some(index) = index
            && let Some(&rule) = of.and_then(|of| of.get(index))
        {
            let own = rule.text("id")?;
            let fits = id.is_none_or(|id| own.is_some_and(|own| is_or_is_below(id, own)));
            if fits {
                return Ok(vec![(rule, (component == 0).then_some(index))]);
            }
        }
        if let Some(&rule) = guid.and_then(|guid| self.by_guid.get(guid)) {
            return Ok(vec![(rule, None)]);
        }
        let mut id = id.unwrap_or_default();
        for _ in 0..MOST_LEVELS {
            if let Some(found) = self.by_id.get(id) {
                return Ok(found.clone());
            }
            // `CA1000/1` is a part of the rule `CA1000`.
            id = id.rsplit_once('/').map_or("", |(above, _)| above);
        }
        Ok(Vec::new())
    }

    /// The place of the component that a reference means; the driver's if it does not say.
    fn component(&self, reference: Object<'t>) -> Shaped<usize> {
        if let Some(index) = reference.index("index")? {
            return Ok(index.saturating_add(1));
        }
        for key in ["guid", "name"] {
            if let Some(&place) = reference.text(key)?.and_then(|name| self.named.get(name)) {
                return Ok(place);
            }
        }
        Ok(0)
    }

    fn severity(
        &self,
        result: Object<'t>,
        id: Option<&str>,
        rules: &[Candidate<'t>],
    ) -> Shaped<Severity> {
        if let Some(severity) = security_severity(result)? {
            return Ok(severity);
        }
        // Two rules of one id: in doubt the worse.
        let mut rated = Vec::new();
        for &(rule, _) in rules {
            rated.extend(security_severity(rule)?);
        }
        if !rated.is_empty() {
            return Ok(Severity::worst(rated));
        }
        if let Some(level) = result.text("level")? {
            return Ok(of_level(level));
        }
        let mut levels = Vec::new();
        for &(rule, place) in rules {
            let own = rule.text("id")?;
            let by_id = |id: Option<&str>| id.and_then(|id| self.set_by_id.get(id)).copied();
            let by_index = place
                .and_then(|place| self.set_by_index.get(&place))
                .copied();
            let default = match rule.object("defaultConfiguration")? {
                Some(configuration) => configuration.text("level")?,
                None => None,
            };
            let set = by_id(own).or(by_id(id)).or(by_index);
            levels.push(set.unwrap_or_else(|| of_level(default.unwrap_or("warning"))));
        }
        Ok(Severity::worst(levels))
    }
}

fn is_or_is_below(id: &str, rule: &str) -> bool {
    id.strip_prefix(rule)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The property `security-severity`, which is text by custom and at times a number.
fn security_severity(of: Object<'_>) -> Shaped<Option<Severity>> {
    let Some(properties) = of.object("properties")? else {
        return Ok(None);
    };
    Ok(properties
        .get("security-severity")
        .map(|node| match (node.as_f64(), node.as_str()) {
            (Some(score), _) => Severity::of_score(score),
            (None, Some(word)) => Severity::of_word(word),
            (None, None) => Severity::Unknown,
        }))
}

fn of_level(level: &str) -> Severity {
    match level {
        "error" => Severity::High,
        "warning" => Severity::Medium,
        "note" => Severity::Low,
        _ => Severity::Unknown,
    }
}
