//! Columns that look as if they had personal data: by the words of the header, and by the shape of
//! some of the values. Values are looked at and forgotten; of each only a hash is kept for a while.

use std::hash::Hasher as _;

use rustc_hash::{FxHashSet, FxHasher};

use super::outcome::{PersonalColumn, Sign};
use super::plan::Plan;

/// How many records at the beginning of a file are looked at ...
pub(super) const FIRST: u64 = 2000;

/// ... and after that one in so many of each chunk ...
const STRIDE: u64 = 4096;

/// ... of so many chunks.
const CHUNKS: u64 = 1000;

/// So many columns are judged by their values, the rest by their names alone.
pub(super) const COLUMNS: usize = 256;

/// With fewer values a shape may be chance.
const ENOUGH: u64 = 20;

/// Words of a header, and what they name. A word counts as a whole: `name`, `last_name` and `lastName`
/// have it, `filename` does not.
const WORDS: [(&str, &[&str]); 5] = [
    (
        "names",
        &[
            "name",
            "names",
            "fullname",
            "firstname",
            "lastname",
            "surname",
            "forename",
            "familyname",
            "givenname",
            "nachname",
            "vorname",
            "nom",
            "prenom",
            "prénom",
            "nombre",
            "apellido",
            "apellidos",
            "cognome",
            "achternaam",
            "voornaam",
            "nazwisko",
        ],
    ),
    (
        "birth dates",
        &[
            "dob",
            "birthdate",
            "birthday",
            "dateofbirth",
            "birth",
            "geburtsdatum",
            "geburtstag",
            "naissance",
            "nacimiento",
            "nascita",
            "geboortedatum",
        ],
    ),
    (
        "e-mail addresses",
        &[
            "email",
            "emails",
            "mail",
            "courriel",
            "correo",
            "emailaddress",
        ],
    ),
    (
        "phone numbers",
        &[
            "phone",
            "telephone",
            "mobile",
            "cellphone",
            "msisdn",
            "telefon",
            "telefonnummer",
            "handy",
            "téléphone",
            "telefono",
            "teléfono",
            "telefoon",
        ],
    ),
    (
        "ids",
        &[
            "ssn",
            "passport",
            "iban",
            "nino",
            "nif",
            "dni",
            "nie",
            "bsn",
            "pesel",
            "cpf",
            "curp",
            "steuerid",
            "personalausweis",
            "reisepass",
            "socialsecurity",
        ],
    ),
];

/// Whose id or name it is: `customer_id` points at a person, `model_id` and `model_name` do not.
const PERSONS: [&str; 20] = [
    "customer",
    "client",
    "person",
    "user",
    "patient",
    "applicant",
    "employee",
    "member",
    "subscriber",
    "student",
    "candidate",
    "citizen",
    "borrower",
    "kunde",
    "kunden",
    "mitarbeiter",
    "personal",
    "national",
    "tax",
    "account",
];

/// What may stand before `name` where no person is meant.
const THINGS: [&str; 14] = [
    "model", "file", "feature", "product", "column", "group", "class", "label", "event", "host",
    "country", "city", "region", "company",
];

/// What the words of a column's name say.
fn by_header(name: &str) -> Option<&'static str> {
    let words = words(name);
    let all = words.concat();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let id = ["id", "ids", "identifier", "number", "no", "nr", "code"];
    if words.len() > 1 && has(&PERSONS) && words.last().is_some_and(|last| id.contains(&&**last)) {
        return Some("ids");
    }
    if has(&THINGS) && !has(&PERSONS) {
        return None;
    }
    WORDS
        .iter()
        .find(|(_, list)| has(list) || list.contains(&all.as_str()))
        .map(|(what, _)| *what)
}

/// The words of a name in lower case: `lastName` and `last_name` are two.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower = false;
    for c in name.chars() {
        let new = !c.is_alphanumeric() || (c.is_uppercase() && lower);
        if new && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        lower = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// What was seen of the values of the columns.
#[derive(Debug, Default)]
pub(super) struct Sample {
    columns: Vec<Seen>,
}

#[derive(Clone, Debug, Default)]
struct Seen {
    values: u64,
    emails: u64,
    phones: u64,
    dates: u64,
    texts: u64,
    different: FxHashSet<u64>,
}

impl Sample {
    /// Whether a record is looked at, by its number in its chunk and that of the chunk.
    pub(super) fn wants(row: u64, chunk: u64) -> bool {
        chunk == 0 && row <= FIRST || row % STRIDE == 1 && chunk < CHUNKS
    }

    /// Looks at a record.
    pub(super) fn add<'r>(&mut self, cells: impl Iterator<Item = &'r [u8]>) {
        for (at, cell) in cells.take(COLUMNS).enumerate() {
            if self.columns.len() <= at {
                self.columns.push(Seen::default());
            }
            if let Some(seen) = self.columns.get_mut(at) {
                seen.add(cell);
            }
        }
    }

    fn plus(&mut self, other: Self) {
        for (at, more) in other.columns.into_iter().enumerate() {
            match self.columns.get_mut(at) {
                Some(seen) => seen.plus(more),
                None => self.columns.push(more),
            }
        }
    }
}

impl Seen {
    fn add(&mut self, cell: &[u8]) {
        let Ok(text) = std::str::from_utf8(cell) else {
            return;
        };
        let text = text.trim();
        if text.is_empty() || text.len() > 200 {
            return;
        }
        self.values += 1;
        self.emails += u64::from(is_email(text));
        self.phones += u64::from(is_phone(text));
        self.dates += u64::from(is_date_of_a_life(text));
        self.texts += u64::from(text.chars().filter(|c| c.is_alphabetic()).count() >= 2);
        let mut hasher = FxHasher::default();
        hasher.write(text.as_bytes());
        self.different.insert(hasher.finish());
    }

    fn plus(&mut self, other: Self) {
        self.values += other.values;
        self.emails += other.emails;
        self.phones += other.phones;
        self.dates += other.dates;
        self.texts += other.texts;
        self.different.extend(other.different);
    }

    fn looks_like(&self) -> Option<&'static str> {
        let different = self.different.len() as u64;
        let most = |of: u64, percent: u64| of * 100 >= self.values * percent;
        if self.emails >= 3 && most(self.emails, 50) {
            return Some("e-mail addresses");
        }
        if self.values < ENOUGH {
            return None;
        }
        if most(self.phones, 90) && most(different, 50) {
            return Some("phone numbers");
        }
        // Days of a life repeat among thousands of people, days of a run much more so.
        if most(self.dates, 90) && different >= ENOUGH && (most(different, 30) || different > 1000)
        {
            return Some("birth dates");
        }
        if self.values >= 10 * ENOUGH && most(self.texts, 90) && most(different, 95) {
            return Some("names or ids");
        }
        None
    }
}

/// The columns that look as if they had personal data.
pub(super) fn columns(
    plan: &Plan,
    samples: impl IntoIterator<Item = Sample>,
) -> Vec<PersonalColumn> {
    let mut all = Sample::default();
    for sample in samples {
        all.plus(sample);
    }
    let used = plan.columns();
    plan.header
        .iter()
        .enumerate()
        .filter_map(|(at, name)| {
            let values = all.columns.get(at).and_then(Seen::looks_like);
            // What the evidence is about is there on purpose, whatever it is called.
            let header = by_header(name).filter(|_| !used.contains(&at));
            let found = header
                .map(|what| (what, Sign::Header))
                .or_else(|| values.map(|what| (what, Sign::Values)))?;
            Some(PersonalColumn {
                column: name.clone(),
                looks_like: found.0,
                by: found.1,
            })
        })
        .collect()
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    !local.is_empty()
        && !text.contains(char::is_whitespace)
        && !domain.contains('@')
        && domain
            .rsplit_once('.')
            .is_some_and(|(host, top)| !host.is_empty() && top.len() >= 2)
}

/// Seven to fifteen digits, and a mark that a quantity does not have.
fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let rest = |c: char| c.is_ascii_digit() || "+()-/. ".contains(c);
    let marked =
        text.starts_with(['+', '0', '(']) && !text.contains('.') || text.contains(['(', ' ', '/']);
    (7..=15).contains(&digits) && text.chars().all(rest) && marked && !is_date_of_a_life(text)
}

/// A day between 1900 and 2020, as ISO 8601 has it or with the year at its end.
fn is_date_of_a_life(text: &str) -> bool {
    let day = text.split(['T', ' ']).next().unwrap_or(text);
    let parts: Vec<&str> = day.split(['-', '/', '.']).collect();
    let [a, b, c] = parts.as_slice() else {
        return false;
    };
    let (year, month, day) = if a.len() == 4 { (a, b, c) } else { (c, b, a) };
    let number = |text: &str| {
        let short = text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<u16>().ok().filter(|_| short)
    };
    let (Some(year), Some(month), Some(day)) = (number(year), number(month), number(day)) else {
        return false;
    };
    let (low, high) = (month.min(day), month.max(day));
    (1900..=2020).contains(&year) && (1..=12).contains(&low) && (1..=31).contains(&high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_told_by_whole_words() {
        for (name, wanted) in [
            ("name", Some("names")),
            ("LastName", Some("names")),
            ("customer_name", Some("names")),
            ("Nachname", Some("names")),
            ("date_of_birth", Some("birth dates")),
            ("Geburtsdatum", Some("birth dates")),
            ("E-Mail", Some("e-mail addresses")),
            ("work_email", Some("e-mail addresses")),
            ("mobile-phone", Some("phone numbers")),
            ("customer_id", Some("ids")),
            ("SSN", Some("ids")),
            ("filename", None),
            ("model_name", None),
            ("row_id", None),
            ("age_band", None),
            ("y_true", None),
            ("score", None),
            ("birthplace_region", None),
        ] {
            assert_eq!(by_header(name), wanted, "{name}");
        }
    }

    fn shape(value: impl Fn(u64) -> String) -> Option<&'static str> {
        let mut sample = Sample::default();
        for row in 0..500 {
            sample.add([value(row).as_bytes()].into_iter());
        }
        sample.columns[0].looks_like()
    }

    #[test]
    fn values_are_told_by_their_shape() {
        let day = |row: u64| (1 + row % 12, 1 + row % 28, 1930 + row % 71);
        assert_eq!(
            shape(|row| format!("u{row}@x.org")),
            Some("e-mail addresses")
        );
        assert_eq!(
            shape(|row| format!("+49 151 {}", 1_000_000 + row)),
            Some("phone numbers")
        );
        assert_eq!(
            shape(|row| {
                let (m, d, y) = day(row);
                format!("{y}-{m:02}-{d:02}")
            }),
            Some("birth dates")
        );
        assert_eq!(
            shape(|row| {
                let (m, d, y) = day(row);
                format!("{d:02}.{m:02}.{y}")
            }),
            Some("birth dates")
        );
        assert_eq!(shape(|row| format!("Person {row}")), Some("names or ids"));
        // A category, a score, a number, a date of a run, a year.
        assert_eq!(
            shape(|row| if row % 2 == 0 { "Female" } else { "Male" }.to_owned()),
            None
        );
        assert_eq!(shape(|row| format!("0.{row:06}")), None);
        assert_eq!(shape(|row| format!("{}", 1_000_000 + row)), None);
        assert_eq!(shape(|row| format!("2026-01-{:02}", 1 + row % 28)), None);
        assert_eq!(shape(|row| format!("{}", 1950 + row % 60)), None);
    }
}
