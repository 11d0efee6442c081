//! Nothing is green by accident: each row breaks a project that passes in one place, and the
//! program has to say so, at that place, and may not exit with 0.
#![cfg(feature = "cli")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up has failed"
)]

mod bank;
mod commands;
mod configs;
mod documents;
mod files;
mod found;
mod policies;
mod project;
mod texts;

use std::collections::BTreeSet;

use project::{Row, bank, credit};
use rayon::prelude::*;

fn rows() -> Vec<Row> {
    let tables = [
        documents::shapes(),
        documents::values(),
        documents::references(),
        texts::rows(),
        files::rows(),
        found::rows(),
        commands::rows(),
        configs::rows(),
        policies::files(),
        policies::rules(),
        policies::expressions(),
    ];
    tables.into_iter().flatten().collect()
}

#[test]
fn what_is_not_mutated_passes() {
    for row in [credit("the complete example"), bank("a project of its own")] {
        let (code, told) = row.run();
        assert_eq!(code, Some(0), "{told}");
    }
}

#[test]
fn every_mutation_is_said_and_none_is_green() {
    let rows = rows();
    assert!(rows.len() >= 60, "{} rows", rows.len());
    let names: BTreeSet<_> = rows.iter().map(Row::name).collect();
    assert_eq!(names.len(), rows.len(), "two rows have one name");
    let wrong: Vec<String> = rows.par_iter().filter_map(Row::wrong).collect();
    assert!(
        wrong.is_empty(),
        "{} of {} rows are wrong:\n\n{}",
        wrong.len(),
        rows.len(),
        wrong.join("\n\n")
    );
}
