//! Policies: rules and packs, from their files to outcomes.

mod settings;

pub use settings::{Named, OffSetting, ParamSetting, SettingValue, Settings, SeveritySetting};
