//! The severity of a result, which scanners put on the rule and not on the result.

use std::collections::HashMap;

use super::super::Severity;
use super::super::shape::{Object, Shaped};

/// The rules of a run: those of the driver and of its extensions.
pub(super) struct Rules<'t> {
    /// By component: the driver first, then the extensions in their order.
    components: Vec<Component<'t>>,
    /// What invocations set otherwise: levels by rule id.
    overrides: Vec<Override<'t>>,
}

struct Component<'t> {
    node: Object<'t>,
    rules: Vec<Object<'t>>,
    by_id: HashMap<&'t str, Vec<usize>>,
}

struct Override<'t> {
    /// The id of the rule, or its place among the driver's.
    id: Option<&'t str>,
    index: Option<usize>,
    level: &'t str,
}

/// What the rule table says of a result.
pub(super) struct Told<'t> {
    /// The rule's id, as the result has it; empty if it names none.
    pub(super) id: &'t str,
    pub(super) severity: Severity,
    /// What the rule looks for.
    pub(super) title: Option<&'t str>,
}

impl<'t> Rules<'t> {
    pub(super) fn new(run: Object<'t>) -> Shaped<Self> {
        let mut components = Vec::new();
        if let Some(tool) = run.object("tool")? {
            let extensions = tool.objects("extensions")?;
            for node in tool.object("driver")?.into_iter().chain(extensions) {
                let rules = node.objects("rules")?;
                let mut by_id: HashMap<&str, Vec<usize>> = HashMap::new();
                for (at, rule) in rules.iter().enumerate() {
                    if let Some(id) = rule.text("id")? {
                        by_id.entry(id).or_default().push(at);
                    }
                }
                components.push(Component { node, rules, by_id });
            }
        }
        let mut overrides = Vec::new();
        for invocation in run.objects("invocations")? {
            for given in invocation.objects("ruleConfigurationOverrides")? {
                let level = match given.object("configuration")? {
                    Some(configuration) => configuration.text("level")?,
                    None => None,
                };
                if let (Some(level), Some(descriptor)) = (level, given.object("descriptor")?) {
                    overrides.push(Override {
                        id: descriptor.text("id")?,
                        index: descriptor.index("index")?,
                        level,
                    });
                }
            }
        }
        Ok(Self {
            components,
            overrides,
        })
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
        for rule in &rules {
            let short = rule.object("shortDescription")?;
            title = title.or(short.map(|text| text.text("text")).transpose()?.flatten());
        }
        let own_id = rules
            .first()
            .map(|rule| rule.text("id"))
            .transpose()?
            .flatten();
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
    ) -> Shaped<Vec<Object<'t>>> {
        let (mut component, mut index, mut guid) = (None, result.index("ruleIndex")?, None);
        if let Some(reference) = reference {
            index = index.or(reference.index("index")?);
            guid = reference.text("guid")?;
            if let Some(of) = reference.object("toolComponent")? {
                component = self.component(of)?;
            }
        }
        let driver = self.components.first();
        let at = index.and_then(|index| component.or(driver)?.rules.get(index).copied());
        if let Some(rule) = at {
            let own = rule.text("id")?;
            let fits = id.is_none_or(|id| own.is_some_and(|own| is_or_is_below(id, own)));
            if fits {
                return Ok(vec![rule]);
            }
        }
        if let Some(guid) = guid {
            for rule in self.components.iter().flat_map(|of| &of.rules) {
                if rule.text("guid")? == Some(guid) {
                    return Ok(vec![*rule]);
                }
            }
        }
        let mut id = id.unwrap_or_default();
        // `CA1000/1` is a part of the rule `CA1000`.
        while !id.is_empty() {
            let found: Vec<_> = self
                .components
                .iter()
                .flat_map(|of| {
                    let places = of.by_id.get(id).into_iter().flatten();
                    places.filter_map(|&at| of.rules.get(at).copied())
                })
                .collect();
            if !found.is_empty() {
                return Ok(found);
            }
            id = id.rsplit_once('/').map_or("", |(above, _)| above);
        }
        Ok(Vec::new())
    }

    /// The component that a reference means; the driver if it does not say.
    fn component(&self, reference: Object<'t>) -> Shaped<Option<&Component<'t>>> {
        if let Some(index) = reference.index("index")? {
            return Ok(self.components.get(index.saturating_add(1)));
        }
        for key in ["guid", "name"] {
            if let Some(wanted) = reference.text(key)? {
                for component in &self.components {
                    if component.node.text(key)? == Some(wanted) {
                        return Ok(Some(component));
                    }
                }
            }
        }
        Ok(None)
    }

    fn severity(
        &self,
        result: Object<'t>,
        id: Option<&str>,
        rules: &[Object<'t>],
    ) -> Shaped<Severity> {
        if let Some(severity) = security_severity(result)? {
            return Ok(severity);
        }
        // Two rules of one id: in doubt the worse.
        let mut rated = Vec::new();
        for &rule in rules {
            rated.extend(security_severity(rule)?);
        }
        if !rated.is_empty() {
            return Ok(Severity::worst(rated));
        }
        if let Some(level) = result.text("level")? {
            return Ok(of_level(level));
        }
        let mut levels = Vec::new();
        for &rule in rules {
            let own = rule.text("id")?;
            let set = self
                .overrides
                .iter()
                .filter(|set| match (set.id, set.index) {
                    (Some(set), _) => own == Some(set) || id == Some(set),
                    (None, Some(index)) => {
                        let driver = self.components.first();
                        driver
                            .and_then(|of| of.rules.get(index))
                            .is_some_and(|at| at.node() == rule.node())
                    }
                    (None, None) => false,
                });
            let before = levels.len();
            levels.extend(set.map(|set| of_level(set.level)));
            if levels.len() == before {
                let default = match rule.object("defaultConfiguration")? {
                    Some(configuration) => configuration.text("level")?,
                    None => None,
                };
                levels.push(of_level(default.unwrap_or("warning")));
            }
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
