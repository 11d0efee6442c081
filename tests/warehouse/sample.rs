//! Tables of predictions: the same in every run, with tiny groups, missing values, ties in the score, and
//! names that have to be quoted.

use std::fmt::Write as _;

pub(crate) const ATTRIBUTES: [&str; 3] = ["sex", "or\"der", "ba`ck\\slash"];
pub(crate) const LABEL: &str = "y_true";
pub(crate) const PREDICTION: &str = "y'pred";
pub(crate) const SCORE: &str = "sc ore";

/// Which rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sample {
    /// An odd number of them.
    Sound,
    /// An even number, with a gap between the middle two scores.
    Even,
    /// As the first, and one row that is neither favourable nor unfavourable.
    Neither,
}

/// How label and prediction are written, and of what type their columns are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    Integers,
    Decimals,
    Booleans,
    Words,
}

impl Spelling {
    pub(crate) const ALL: [Self; 4] = [Self::Integers, Self::Decimals, Self::Booleans, Self::Words];

    pub(crate) fn name(self) -> &'static str {
        self.column_type().split(' ').next().unwrap()
    }

    fn column_type(self) -> &'static str {
        match self {
            Self::Integers => "INTEGER",
            Self::Decimals => "DOUBLE PRECISION",
            Self::Booleans => "BOOLEAN",
            Self::Words => "TEXT",
        }
    }

    /// The favourable and the unfavourable value.
    pub(crate) fn literals(self) -> [&'static str; 2] {
        match self {
            Self::Integers | Self::Decimals => ["1", "0"],
            Self::Booleans => ["true", "false"],
            Self::Words => ["O'Brien, \"yes\"", "back\\slash"],
        }
    }

    /// A value that is neither.
    fn neither(self) -> &'static str {
        match self {
            Self::Integers | Self::Decimals => "2",
            // A Boolean is either, or not there.
            Self::Booleans => "",
            Self::Words => "back\\slash ",
        }
    }
}

/// The columns of the table with their types.
pub(crate) fn columns(spelling: Spelling) -> Vec<[&'static str; 2]> {
    let mut columns: Vec<[&str; 2]> = ATTRIBUTES.iter().map(|name| [*name, "TEXT"]).collect();
    columns.push([LABEL, spelling.column_type()]);
    columns.push([PREDICTION, spelling.column_type()]);
    columns.push([SCORE, "DOUBLE PRECISION"]);
    columns
}

impl Sample {
    /// As CSV.
    pub(crate) fn rows(self, spelling: Spelling) -> String {
        let names = ATTRIBUTES.iter().chain([&LABEL, &PREDICTION, &SCORE]);
        let mut text = line(names.copied());
        let mut draw = Draw(20_260_601);
        let [favourable, unfavourable] = spelling.literals();
        let count = if self == Self::Even { 1200 } else { 1201 };
        for row in 0..count {
            let sex = *draw.of(&["f", "f", "f", "m", "m", "m", "m", ""]);
            let order = match draw.below(100) {
                0 => "O'Brien \"x\", y",
                1 => "two\nlines",
                at if at < 50 => "b\\",
                _ => " a",
            };
            let slash = *draw.of(&["ü", "Z", "z", "🦀"]);
            // With no score in the middle of the even ones, the mean of both decides.
            let below = if self == Self::Even && row % 2 == 0 {
                draw.below(60)
            } else if self == Self::Even {
                68 + draw.below(60)
            } else {
                draw.below(128)
            };
            // A sum of such fractions is exact in any order.
            let score = f64::from(below) / 128.0;
            let prediction = below + 16 * u32::from(sex == "m") > 64;
            let label = (below + draw.below(64)) > 90;
            let value = |holds: bool| if holds { favourable } else { unfavourable };
            let label = if self == Self::Neither && row == 700 {
                spelling.neither()
            } else {
                value(label)
            };
            let score = score.to_string();
            text.push_str(&line([sex, order, slash, label, value(prediction), &score]));
        }
        text
    }
}

/// A record by RFC 4180.
fn line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        if cell.contains([',', '"', '\n']) {
            let _ = write!(text, "\"{}\"", cell.replace('"', "\"\""));
        } else {
            text.push_str(cell);
        }
    }
    text.push('\n');
    text
}

/// Numbers by a linear congruence, the same on every machine.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(bound)).unwrap()
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        let at = self.below(u32::try_from(all.len()).unwrap());
        &all[usize::try_from(at).unwrap()]
    }
}
