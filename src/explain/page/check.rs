//! The page of a check that needs no policy.

use super::Page;
use crate::explain::checks::Asked;

/// What a check means, what it does to a run, and how to mend what it says.
pub fn check_page(asked: Asked) -> String {
    let Asked { check, family } = asked;
    let (own, name) = check.id.split_once('/').unwrap_or((check.id, ""));
    let family = match family {
        None => own,
        Some(family) => family,
    };
    let mut page = Page::new(format_args!("{family}/{name}"), check.title);
    page.blank();
    page.paragraph(check.meaning, "");
    page.blank();
    page.fact(
        "effect",
        match family {
            "document" => "a finding about the document; it blocks at every stage",
            "schema" => "a finding about the document; `launchgate schema KIND` prints the shape",
            _ => "the run ends with exit code 2: nothing may be concluded",
        },
    );
    page.fact(
        "always on",
        "whatever the packs; no config turns it off or lowers it",
    );
    match family {
        "config" if own != family => page.fact("applies to", "launchgate.yaml and the formats"),
        "policy" if own != family => page.fact("applies to", "pack.yaml and rule files"),
        _ => {}
    }
    page.heading("How to mend it");
    page.paragraph(check.mend, "  ");
    page.0
}
