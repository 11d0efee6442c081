//! The sign-offs of a run: read as the config says, and held against the documents there are.

use std::sync::Arc;

use super::fingerprint;
use super::gate::Gate;
use super::library::Library;
use super::report::{Assembly, CheckOptions};
use super::run::Run;
use crate::config::{Config, SIGN_OFFS, SignOffSettings};
use crate::files::paths::relative;
use crate::files::{FileKind, Files};
use crate::finding::{Finding, Label, Severity, did_you_mean};
use crate::signoff::SignOffs;
use crate::signoff::store::{Found, Places, Roots, Store};
use crate::source::Span;

/// Where a config has the sign-offs.
pub fn places(config: &Config) -> Places {
    let settings = &config.sign_offs;
    let path = |setting: &crate::config::Setting<camino::Utf8PathBuf>| setting.value.clone();
    Places {
        root: config.root.clone(),
        folder: settings
            .folder
            .as_ref()
            .map_or_else(|| config.root.join(SIGN_OFFS), path),
        allowed_signers: settings.allowed_signers.as_ref().map(path),
        revoked: settings.revoked.iter().map(path).collect(),
    }
}

/// Reads the sign-offs; what is wrong with them goes into the report.
pub(super) fn read(
    gate: &Gate,
    files: &dyn Files,
    options: &CheckOptions,
    assembly: &mut Assembly<'_>,
) -> SignOffs {
    let config = &gate.config;
    let places = places(config);
    let today = options.today;
    let sources = &mut assembly.sources;
    let (own, mut findings) = Roots::read(&places, files, sources);
    let roots = match &options.base {
        None => own,
        Some(base) => base.roots(config, sources),
    };
    let roots = Arc::new(roots);
    let (store, more) = Store::trusting(Arc::clone(&roots), &places, files, today, sources);
    findings.extend(more);
    fingerprint::assign(&mut findings, None);
    assembly.findings.extend(findings);
    let mut settings = &config.sign_offs;
    let mut former = Store::default();
    let unset = SignOffSettings::default();
    if let Some(base) = &options.base {
        former = base.statements(config, &roots, today, &mut assembly.sources);
        // Where nobody can tell, the roots say so.
        settings = base.config.as_ref().map_or(&unset, |own| &own.sign_offs);
    }
    let changed = options.changes.as_ref().map(|changes| {
        let paths = changes.paths.iter();
        paths.map(|path| relative(path, &config.root)).collect()
    });
    SignOffs::stated(options.today)
        .with_roles(
            settings.roles(),
            settings.distinct(),
            settings.minimum_assurance(),
        )
        .with_store(store, options.stage)
        .with_former(former)
        .with_github(settings.github())
        .with_history(options.history.clone())
        .with_reviews(options.reviews.clone(), changed)
}

/// Says which statements count for no document or for no role.
pub(super) fn report_strays(run: &Run<'_>, library: &Library, assembly: &mut Assembly<'_>) {
    let mut findings = Vec::new();
    let roles = &run.gate.config.sign_offs.roles;
    for (id, statements) in run.sign_offs.store().folders() {
        for found in statements {
            let role = found.statement.predicate.role.as_str();
            let names = || roles.iter().map(|role| role.name.value.as_str());
            if !roles.is_empty() && names().all(|known| known != role) {
                let near = did_you_mean(role, names());
                let message = format!("the config lists no role `{role}`{near}");
                findings
                    .push(about(found, "signoff/unknown-role", message).with_help(
                        "Correct the role and sign again, or list it under `sign_offs`",
                    ));
            }
            if !library.has_id(id) && is_lost(run, found) {
                let message = format!("there is no document `{id}`, which it signs off");
                findings.push(
                    about(found, "signoff/no-document", message)
                        .with_severity(Severity::Warning)
                        .with_help(
                            "Remove it, or give the document its id back: a sign-off does not follow \
                             a document to another id",
                        ),
                );
            }
        }
    }
    fingerprint::assign(&mut findings, None);
    assembly.findings.extend(findings);
}

/// Whether a statement's document is nowhere, and not merely no part of the run: the run has its
/// file and not the document, or the file is gone.
pub(super) fn is_lost(run: &Run<'_>, found: &Found) -> bool {
    let Some(subject) = found.statement.subjects.first() else {
        return true;
    };
    let path = subject.name.as_str();
    let is_input = run.inputs.iter().any(|input| input.path == path);
    let there = || {
        let absolute = run.gate.config.root.join(path);
        run.loader
            .files
            .stat(&absolute)
            .is_ok_and(|kind| kind == FileKind::File)
    };
    is_input || !there()
}

pub(super) fn about(found: &Found, rule: &str, message: String) -> Finding {
    let label = Label::new(found.source.location(Span::default()), "");
    let mut finding = Finding::new(rule, message, label);
    finding.subject = found.source.path().to_string();
    finding
}
