//! Policies: rules and packs, from their files to outcomes.
//!
//! A policy file is read into typed syntax, checked and compiled against the types of the kinds
//! that it applies to ([`load`]), and evaluated document by document ([`Rule::evaluate`]). What is
//! wrong with a policy is a finding `policy/...` at its place in the policy file; what is wrong with
//! a config's settings of rules is one `config/...` at its place in the config.

mod asks;
mod builtin;
mod check;
mod compile;
mod controls;
mod embedded;
mod evaluate;
mod failure;
mod fix;
mod fragment;
mod labels;
mod message;
mod packs;
mod params;
mod path;
mod present;
mod program;
mod replace;
mod report;
mod rule;
mod set;
mod settings;
mod syntax;
mod template;

pub use asks::Ask;
pub use builtin::{POLICIES, bare_packs, builtin_frameworks, builtin_packs};
pub use evaluate::{Context, Evaluation, ItemResult, MAX_FINDINGS};
pub use packs::{Pack, PackSource, is_rule_file};
pub use params::{Param, ParamType, ParamValue};
pub use rule::{Effective, FixText, RequirementText, Rule, RuleTexts};
pub use set::{OffRule, PolicySet, load};
pub use settings::{Named, OffSetting, ParamSetting, SettingValue, Settings, SeveritySetting};

pub(crate) use check::missing_example;
pub(crate) use controls::unknown as unknown_controls;
pub(crate) use embedded::{first_line as locate_first_line, locate};
pub(crate) use evaluate::Observer;
pub(crate) use fragment::{slips as schema_slips, to_json as schema_to_json};
pub(crate) use packs::reads_as_rule;
pub(crate) use params::on_one_line;
pub(crate) use present::shorten;
pub(crate) use replace::Part;
pub(crate) use syntax::{ExampleSyntax, RequirementSyntax, RuleSyntax, read as read_rule};
