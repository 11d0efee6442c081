//! The catalogue as JSON, described by `schemas/rules.schema.json`.
//!
//! The structs here are the contract; their fields are in the order of the output. A change that is
//! not only an addition raises [`VERSION`].

use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use super::{Row, days};
use crate::framework::Control;
use crate::policy::{Effective, Param, PolicySet, schema_to_json};
use crate::render::json::to_text;

/// The version of the format, `schema` in the output.
pub const VERSION: u32 = 1;

/// The rows, indented by two spaces, with a final line end. `digest` is that of the policies
/// ([`Gate::digest`](crate::engine::Gate::digest)).
pub fn render(rows: &[Row<'_>], set: &PolicySet, digest: &str, as_of: Date) -> String {
    let catalogue = CatalogueDto {
        schema: VERSION,
        as_of: as_of.to_string(),
        policy_digest: digest,
        rules: rows.iter().map(|row| RuleDto::new(row, set)).collect(),
    };
    to_text(&catalogue)
}

#[derive(Serialize)]
struct CatalogueDto<'a> {
    schema: u32,
    as_of: String,
    policy_digest: &'a str,
    rules: Vec<RuleDto<'a>>,
}

#[derive(Serialize)]
struct RuleDto<'a> {
    id: &'a str,
    pack: &'a str,
    title: &'a str,
    description: &'a str,
    severity: &'static str,
    default_severity: &'static str,
    blocks_from: &'static str,
    kinds: Vec<&'a str>,
    controls: Vec<ControlDto<'a>>,
    params: Vec<ParamDto<'a>>,
    effective: EffectiveDto,
    holds: bool,
    locked: bool,
    off: Option<&'a str>,
    help: Option<&'a str>,
    references: Vec<&'a str>,
    builtin: bool,
    file: &'a str,
}

#[derive(Serialize)]
struct ControlDto<'a> {
    id: &'a str,
    title: &'a str,
    citation: &'a str,
    url: Option<&'a str>,
    status: &'static str,
    standing: String,
    checked: &'static str,
}

#[derive(Serialize)]
struct ParamDto<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    ty: String,
    default: Value,
    value: Value,
    description: &'a str,
}

#[derive(Serialize)]
struct EffectiveDto {
    by: &'static str,
    days: Vec<DaysDto>,
}

#[derive(Serialize)]
struct DaysDto {
    from: Option<String>,
    until: Option<String>,
}

impl<'a> RuleDto<'a> {
    fn new(row: &Row<'a>, set: &'a PolicySet) -> Self {
        let rule = row.rule;
        // A rule whose control is in no catalogue is not loaded.
        let known = rule.controls.iter();
        let known = known.filter_map(|id| set.frameworks().control(id));
        Self {
            id: rule.id.as_str(),
            pack: rule.id.pack(),
            title: &rule.title,
            description: rule.description.trim_end(),
            severity: rule.severity.as_str(),
            default_severity: rule.default_severity.as_str(),
            blocks_from: rule.blocks_from.as_str(),
            kinds: rule.applies_to.iter().map(|kind| &**kind).collect(),
            controls: known
                .map(|control| ControlDto::new(control, row.as_of))
                .collect(),
            params: rule.params.iter().map(ParamDto::new).collect(),
            effective: EffectiveDto::new(&rule.effective),
            holds: row.holds(),
            locked: rule.locked,
            off: row.off.map(|off| off.reason.as_str()),
            help: rule.help.as_deref().map(str::trim_end),
            references: rule.references.iter().map(|at| &**at).collect(),
            builtin: rule.builtin,
            file: rule.file.path().as_str(),
        }
    }
}

impl<'a> ControlDto<'a> {
    fn new(control: &'a Control, day: Date) -> Self {
        let standing = control.standing(day);
        Self {
            id: &control.reference,
            title: &control.title,
            citation: &control.citation,
            url: control.url.as_deref(),
            status: standing.as_str(),
            standing: standing.to_string(),
            checked: if control.primary {
                "primary"
            } else {
                "secondary"
            },
        }
    }
}

impl<'a> ParamDto<'a> {
    fn new(param: &'a Param) -> Self {
        Self {
            name: &param.name,
            ty: param.ty.name(),
            default: schema_to_json(param.default.node()),
            value: schema_to_json(param.value.node()),
            description: &param.description,
        }
    }
}

impl EffectiveDto {
    fn new(effective: &Effective) -> Self {
        let text = |day: Option<Date>| day.map(|day| day.to_string());
        Self {
            by: match effective {
                Effective::Always => "always",
                Effective::Days(_) => "days",
                Effective::Controls(_) => "controls",
            },
            days: days(effective)
                .iter()
                .map(|days| DaysDto {
                    from: text(days.from),
                    until: text(days.until),
                })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Kinds;
    use crate::explain::catalogue::rows;
    use crate::explain::fixture::{set, without_retention};
    use crate::policy::Settings;
    use jiff::civil::date;
    use serde_json::json;

    const DAY: Date = date(2026, 11, 22);

    /// The catalogue as JSON, held against its schema.
    fn rendered(set: &PolicySet, day: Date) -> Value {
        let text = render(&rows(set, day), set, set.digest(), day);
        let value = serde_json::from_str(&text).unwrap();
        let schema = include_str!("../../../schemas/rules.schema.json");
        let schema = serde_json::from_str(schema).unwrap();
        jsonschema::meta::validate(&schema).unwrap();
        let validator = jsonschema::options()
            .should_validate_formats(true)
            .build(&schema)
            .unwrap();
        if let Some(error) = validator.iter_errors(&value).next() {
            panic!("{error} at {}", error.instance_path());
        }
        value
    }

    #[test]
    fn machines_are_told_everything() {
        let set = set(&without_retention());
        let value = rendered(&set, date(2026, 1, 31));
        assert_eq!(value["rules"].as_array().unwrap().len(), 2);
        let rule = &value["rules"][1];
        assert_eq!(rule["id"], "acme/retention");
        assert_eq!(rule["pack"], "acme");
        assert_eq!(rule["severity"], "error");
        assert_eq!(rule["off"], "we keep nothing");
        assert_eq!(rule["holds"], false);
        assert_eq!(
            rule["effective"],
            json!({"by": "days", "days": [{"from": "2026-02-01", "until": null}]})
        );
        assert_eq!(
            rule["params"][1],
            json!({
                "name": "bases",
                "type": "list of string",
                "default": ["consent", "contract"],
                "value": ["consent", "contract"],
                "description": "Bases that count",
            })
        );
        let control = &rule["controls"][0];
        assert_eq!(control["id"], "gdpr:5(1)(e)");
        assert_eq!(control["status"], "in-force");
        assert_eq!(control["standing"], "in force since 2018-05-25");
        assert_eq!(value["rules"][0]["locked"], true);
        assert_eq!(rendered(&set, DAY)["rules"][1]["holds"], true);
        let before = rendered(&set, date(2018, 5, 24));
        assert_eq!(before["rules"][1]["controls"][0]["status"], "upcoming");
    }

    #[test]
    fn every_built_in_rule_fits_the_schema() {
        let kinds = Kinds::builtin();
        let frameworks = crate::policy::builtin_frameworks(&mut 0).into();
        let types = |name: &str| {
            let kind = kinds.get(name)?;
            let schema = crate::schema::Schema::lazy(&kind.name, kind.schema.clone());
            Some(schema.object_type())
        };
        let packs = crate::policy::builtin_packs(&mut 100);
        let set = crate::policy::load(
            &packs,
            &frameworks,
            &kinds,
            &types,
            &crate::signoff::signatures(),
            &Settings::default(),
        );
        let value = rendered(&set.unwrap(), DAY);
        let rules = value["rules"].as_array().unwrap();
        assert!(rules.len() > 100);
        assert!(rules.is_sorted_by_key(|rule| rule["id"].as_str()));
    }
}
