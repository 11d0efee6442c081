//! The page of a framework: its catalogue, and what of it the rules in use cover.

use jiff::civil::Date;

use super::{Page, count};
use crate::explain::catalogue::serving;
use crate::framework::{Control, Framework};
use crate::policy::{Pack, PolicySet, Rule};

/// What the page of a framework is made of.
#[derive(Clone, Copy)]
pub struct FrameworkPage<'p> {
    /// The framework.
    pub framework: &'p Framework,
    /// The rules in use.
    pub set: &'p PolicySet,
    /// The pack of the same name, if there is one in use.
    pub pack: Option<&'p Pack>,
    /// The day for which it is said how the controls stand.
    pub as_of: Date,
    /// Rules that are not in use; see [`unchosen`](crate::explain::unchosen).
    pub unchosen: &'p [Rule],
}

/// The controls of a framework, each with the number of rules in use that serve it.
pub fn framework_page(about: &FrameworkPage<'_>) -> String {
    let framework = about.framework;
    let mut page = Page::new(&framework.id, &framework.title);
    page.blank();
    if let Some(note) = &framework.note {
        page.paragraph(note, "");
        page.blank();
    }
    page.fact("publisher", &framework.publisher);
    if let Some(url) = &framework.url {
        page.fact("read it at", url);
    }
    let rows: Vec<_> = framework
        .controls
        .iter()
        .map(|control| Row::new(control, about))
        .collect();
    let covered = rows.iter().filter(|row| row.active > 0).count();
    page.fact(
        "controls",
        format_args!(
            "{}: {covered} covered by rules in use, {} not covered",
            rows.len(),
            rows.len() - covered
        ),
    );
    let others = rows.iter().filter(|row| row.active == 0);
    let others = others.filter(|row| row.unchosen).count();
    if others > 0 {
        page.fact(
            "",
            format_args!("{others} of these would be, by packs that are not in use"),
        );
    }
    page.heading(&format!("Controls, as they stand on {}", about.as_of));
    let id = rows.iter().map(|row| row.id.len()).max().unwrap_or(0);
    for row in &rows {
        let cover = row.cover();
        let Row { control, .. } = row;
        let remark = row.remark(about.as_of);
        page.line(format_args!(
            "  {:id$}  {cover:11}  {}{remark}",
            row.id, control.title
        ));
    }
    page.blank();
    let first = rows.first().map_or("", |row| &row.control.reference);
    page.line(format_args!(
        "`launchgate explain '{first}'` says what a control asks for, and names its rules."
    ));
    if let Some(pack) = about.pack {
        page.line(format_args!(
            "`launchgate rules --pack {0}` lists the rules of the pack `{0}`.",
            pack.name
        ));
    }
    page.0
}

struct Row<'p> {
    control: &'p Control,
    /// The control's id behind the colon.
    id: &'p str,
    /// How many rules in use serve it.
    active: usize,
    /// How many that are turned off would.
    off: usize,
    /// Whether a rule that is not in use would.
    unchosen: bool,
}

impl<'p> Row<'p> {
    fn new(control: &'p Control, about: &FrameworkPage<'_>) -> Self {
        let rows = serving(about.set, &control.reference, about.as_of);
        let off = rows.iter().filter(|row| row.off.is_some()).count();
        let id = control.reference.split_once(':');
        Self {
            control,
            id: id.map_or(&control.reference, |(_, id)| id),
            active: rows.len() - off,
            off,
            unchosen: about
                .unchosen
                .iter()
                .any(|rule| rule.controls.contains(&control.reference)),
        }
    }

    fn cover(&self) -> String {
        match (self.active, self.off) {
            (0, 0) => "not covered".to_owned(),
            (0, _) => "turned off".to_owned(),
            (active, _) => count(active, "rule"),
        }
    }

    fn remark(&self, day: Date) -> String {
        let standing = self.control.standing(day);
        if standing.is_in_force() {
            String::new()
        } else {
            format!(" ({standing})")
        }
    }
}
