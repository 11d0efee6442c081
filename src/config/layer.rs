//! What one config file says, and how it goes on top of weaker ones.

use std::sync::Arc;

use camino::Utf8PathBuf;

use super::files::FileKind;
use super::glob::Glob;
use super::load::{Loader, Place};
use super::{Config, DocumentEntry, KindEntry, Override, PackFolder, Setting};
use crate::finding::{Finding, Label, Severity};
use crate::policy::{
    Named, OffSetting, ParamSetting, SettingValue, Settings, SeveritySetting,
};
use crate::source::Location;
use crate::value::{Entry, NodeRef, Tree};

/// The base configs that a config names, with their places.
pub(super) fn bases(tree: &Tree) -> Vec<(String, Location)> {
    let bases = tree.root().and_then(|root| root.get("extends"));
    bases
        .into_iter()
        .flat_map(NodeRef::items)
        .filter_map(text)
        .map(|base| (base.value, base.origin.unwrap_or_else(|| unreachable_origin(tree))))
        .collect()
}

/// Puts settings on top of weaker ones.
pub(super) fn append(weaker: &mut Settings, stronger: Settings) {
    // A rule that is given a severity is on, also where a weaker config turned it off.
    weaker.off.retain(|off| {
        stronger
            .severities
            .iter()
            .all(|entry| entry.rule.text != off.rule.text)
    });
    if stronger.packs.is_some() {
        weaker.packs = stronger.packs;
    }
    weaker.params.extend(stronger.params);
    weaker.severities.extend(stronger.severities);
    weaker.off.extend(stronger.off);
    weaker.locked.extend(stronger.locked);
}

/// What one config file says.
#[derive(Debug, Default)]
pub(super) struct Layer {
    documents: Vec<DocumentEntry>,
    exclude: Vec<Glob>,
    kinds: Vec<KindEntry>,
    settings: Settings,
    pack_folders: Vec<PackFolder>,
    fail_on: Option<Setting<Severity>>,
    overrides: Vec<Override>,
    limits: Vec<(String, Setting<u64>)>,
}
