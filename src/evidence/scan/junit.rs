//! `JUnit` XML, as test runners write it.
//!
//! What counts is the test cases themselves; where a suite claims more failures than it lists, its
//! claim counts, since a case may have been lost. A file with a document type is refused: nothing in
//! this format needs one, and entities are a way to read other files.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::shape::{Shaped, moment};
use super::{Format, Open, Scan, ScanError, ScanFinding, Severity, Tests, one_line};
use crate::expr::time::Date;
use crate::source::{FileId, SourceFile};

/// Deeper nesting is refused.
const MOST_DEPTH: usize = 128;
/// More attributes of one element are refused; each is compared with those before it.
const MOST_ATTRIBUTES: usize = 64;
/// Properties by which a suite may name the commit that was tested; the format has no field for it.
const REVISIONS: [&str; 2] = ["vcs.ref.head.revision", "revision"];

pub(super) fn read(text: &str) -> Shaped<Scan> {
    let mut report = Report::default();
    let mut reader = Reader::from_str(text);
    reader.config_mut().trim_text(true);
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => return Err(at(text, reader.error_position(), error.to_string())),
        };
        let here = |message: &str| at(text, reader.buffer_position(), message.to_owned());
        match event {
            Event::Start(element) => report.begin(&element).map_err(|error| error.at(here))?,
            Event::Empty(element) => {
                report.begin(&element).map_err(|error| error.at(here))?;
                report.end();
            }
            Event::End(_) => report.end(),
            Event::DocType(_) => return Err(here("it has a document type, which is not read")),
            Event::Eof if !report.open.is_empty() => {
                return Err(here("the file ends before its elements do"));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    report.scan()
}

fn at(text: &str, byte: u64, message: String) -> ScanError {
    let source = SourceFile::new(FileId(0), "report", text);
    let place = source.line_column(u32::try_from(byte).unwrap_or(u32::MAX));
    ScanError::Text {
        line: place.line,
        column: place.column,
        message,
    }
}

/// What is wrong with an element.
enum Wrong {
    Attribute(String),
    Deep,
    Second,
    Foreign(String),
}

impl Wrong {
    fn at(self, here: impl Fn(&str) -> ScanError) -> ScanError {
        match self {
            Self::Attribute(message) => here(&message),
            Self::Deep => here("elements are nested too deeply"),
            Self::Second => here("a second element stands after the outermost one"),
            Self::Foreign(name) => ScanError::NotOne {
                format: Format::Junit,
                message: format!("its outermost element is `{}`", one_line(&name)),
            },
        }
    }
}

#[derive(Default)]
struct Report {
    open: Vec<Element>,
    begun: bool,
    tests: Tests,
    /// Failures and errors that suites claim, at the outermost and at the next level.
    claimed: [(u64, u64); 2],
    finished: Vec<Option<Date>>,
    revisions: Vec<String>,
    tools: Vec<String>,
    failed: Vec<ScanFinding>,
}

struct Element {
    kind: Kind,
    /// When it began, or what it is part of.
    began: Option<Date>,
}

enum Kind {
    Suite,
    Case {
        id: String,
        ended: Ended,
        message: String,
    },
    Other,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Ended {
    Passed,
    Skipped,
    Failed,
    Error,
}

impl Report {
    fn begin(&mut self, element: &BytesStart<'_>) -> Result<(), Wrong> {
        if self.open.len() >= MOST_DEPTH {
            return Err(Wrong::Deep);
        }
        well_formed(element)?;
        let name = element.local_name().as_ref().to_owned();
        if self.open.is_empty() {
            if self.begun {
                return Err(Wrong::Second);
            }
            self.begun = true;
            if !matches!(&*name, "testsuites" | "testsuite") {
                return Err(Wrong::Foreign(name));
            }
        }
        let mut began = self.open.last().and_then(|above| above.began);
        let in_case = matches!(
            self.open.last(),
            Some(Element {
                kind: Kind::Case { .. },
                ..
            })
        );
        let kind = match &*name {
            "testsuites" | "testsuite" => {
                if let Some(time) = attribute(element, "timestamp")? {
                    let read = moment(&time);
                    began = Some(read.ok_or_else(|| {
                        Wrong::Attribute(format!("`timestamp` is no date: {}", one_line(&time)))
                    })?);
                }
                if let Some(claimed) = self.claimed.get_mut(self.open.len()) {
                    claimed.0 = claimed.0.saturating_add(number(element, "failures")?);
                    claimed.1 = claimed.1.saturating_add(number(element, "errors")?);
                }
                Kind::Suite
            }
            "testcase" => {
                let class = attribute(element, "classname")?.unwrap_or_default();
                let own = attribute(element, "name")?.unwrap_or_default();
                // Google Test writes what it did not run as a status.
                let status = attribute(element, "status")?;
                let skipped = matches!(status.as_deref(), Some("notrun" | "skipped" | "disabled"));
                Kind::Case {
                    id: if class.is_empty() {
                        own
                    } else {
                        format!("{class}.{own}")
                    },
                    ended: if skipped {
                        Ended::Skipped
                    } else {
                        Ended::Passed
                    },
                    message: String::new(),
                }
            }
            "failure" | "error" | "skipped" if in_case => {
                let said = attribute(element, "message")?.unwrap_or_default();
                let how = match &*name {
                    "failure" => Ended::Failed,
                    "error" => Ended::Error,
                    _ => Ended::Skipped,
                };
                if let Some(Element {
                    kind: Kind::Case { ended, message, .. },
                    ..
                }) = self.open.last_mut()
                    && how > *ended
                {
                    *ended = how;
                    *message = said;
                }
                Kind::Other
            }
            "property" if !in_case => {
                let key = attribute(element, "name")?.unwrap_or_default();
                if REVISIONS.contains(&&*key) {
                    self.revisions.extend(attribute(element, "value")?);
                }
                Kind::Other
            }
            _ => Kind::Other,
        };
        if matches!(kind, Kind::Suite)
            && let Some(name) = attribute(element, "name")?
        {
            self.tools.push(name);
        }
        self.open.push(Element { kind, began });
        Ok(())
    }

    fn end(&mut self) {
        let Some(Element {
            kind: Kind::Case { id, ended, message },
            began,
        }) = self.open.pop()
        else {
            return;
        };
        self.finished.push(began);
        let count = match ended {
            Ended::Passed => &mut self.tests.passed,
            Ended::Skipped => &mut self.tests.skipped,
            Ended::Failed => &mut self.tests.failed,
            Ended::Error => &mut self.tests.errors,
        };
        *count = count.saturating_add(1);
        if matches!(ended, Ended::Failed | Ended::Error) {
            self.failed.push(ScanFinding {
                id: one_line(&id),
                severity: Severity::Unknown,
                title: one_line(&message),
                place: None,
            });
        }
    }

    fn scan(mut self) -> Shaped<Scan> {
        if !self.begun || self.finished.is_empty() {
            return Err(ScanError::Empty {
                what: "it holds no test",
            });
        }
        let mut scan = Scan::new(Format::Junit);
        if let Some(name) = self.tools.first() {
            scan.tool(name, None);
        }
        scan.open = Some(Open::default());
        for failed in self.failed {
            scan.found(failed);
        }
        for (failed, errors) in self.claimed {
            self.tests.failed = self.tests.failed.max(failed);
            self.tests.errors = self.tests.errors.max(errors);
        }
        // A test has no severity: what failed is open, and may be the worst.
        if let Some(open) = &mut scan.open {
            open.unknown = self.tests.failed.saturating_add(self.tests.errors);
        }
        let finished: Option<Vec<Date>> = self.finished.into_iter().collect();
        scan.finished = finished.and_then(|all| all.into_iter().min_by_key(|date| date.instant()));
        scan.about(self.revisions.iter().map(|revision| Some(&**revision)));
        scan.tests = Some(self.tests);
        Ok(scan)
    }
}

/// No attribute stands twice: a reader that takes the other of the two would see another report.
fn well_formed(element: &BytesStart<'_>) -> Result<(), Wrong> {
    for (at, attribute) in element.attributes().enumerate() {
        attribute.map_err(|error| Wrong::Attribute(error.to_string()))?;
        if at >= MOST_ATTRIBUTES {
            let message = format!("an element has more than {MOST_ATTRIBUTES} attributes");
            return Err(Wrong::Attribute(message));
        }
    }
    Ok(())
}

/// The value of an attribute, references to characters resolved.
fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, Wrong> {
    let wrong = |error: String| Wrong::Attribute(error);
    let found = element
        .try_get_attribute(name)
        .map_err(|error| wrong(error.to_string()))?;
    let value = |found: quick_xml::events::attributes::Attribute<'_>| {
        found
            .normalized_value(XmlVersion::Implicit1_0)
            .map(std::borrow::Cow::into_owned)
    };
    found
        .map(value)
        .transpose()
        .map_err(|error| wrong(error.to_string()))
}

/// A count; 0 where there is none.
fn number(element: &BytesStart<'_>, name: &str) -> Result<u64, Wrong> {
    let Some(text) = attribute(element, name)? else {
        return Ok(0);
    };
    let text = text.trim();
    if text.is_empty() {
        return Ok(0);
    }
    text.parse()
        .map_err(|_| Wrong::Attribute(format!("`{name}` is no count: {}", one_line(text))))
}
