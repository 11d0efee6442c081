//! What a file is, by its content.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::{Format, ScanError};
use crate::source::{FileId, SourceFile};
use crate::value::{self, Limits, NodeRef, Syntax, Tree, decode};

/// A file as far as it can be read without knowing its format.
pub(super) enum Content {
    /// JSON, or YAML.
    Tree(Box<Tree>),
    /// XML: its text.
    Xml(String),
}

/// Opens a file: XML if it begins with `<`, else JSON if it begins with a bracket, else YAML.
pub(super) fn open(bytes: &[u8]) -> Result<Content, ScanError> {
    let text = decode(bytes.to_vec()).map_err(|error| ScanError::Text {
        line: 1,
        column: 1,
        message: error.message,
    })?;
    let begin = text.trim_start_matches('\u{FEFF}').trim_start();
    let syntax = match begin.as_bytes().first() {
        None => {
            return Err(ScanError::Empty {
                what: "the file has no content",
            });
        }
        Some(b'<') => return Ok(Content::Xml(text)),
        Some(b'{' | b'[') => Syntax::Json,
        Some(_) => Syntax::Yaml,
    };
    let limits = Limits {
        file_bytes: u64::MAX,
        nodes: 8_000_000,
        ..Limits::default()
    };
    let source = SourceFile::new(FileId(0), "report", text);
    let parsed = value::read(&source, syntax, &limits);
    if let Some(problem) = parsed.problems.first() {
        let place = source.line_column(problem.primary.location.span.start);
        return Err(ScanError::Text {
            line: place.line,
            column: place.column,
            message: problem.message.clone(),
        });
    }
    if let Some(second) = parsed.tree.roots().nth(1) {
        let place = source.line_column(second.span().start);
        return Err(ScanError::Text {
            line: place.line,
            column: place.column,
            message: "a second document stands in the file".to_owned(),
        });
    }
    Ok(Content::Tree(Box::new(parsed.tree)))
}

impl Content {
    /// The format that it looks like.
    pub(super) fn format(&self) -> Option<Format> {
        match self {
            Self::Tree(tree) => tree.root().and_then(of_tree),
            Self::Xml(text) => of_xml(text),
        }
    }
}

fn of_tree(root: NodeRef<'_>) -> Option<Format> {
    let text = |key: &str| root.get(key).and_then(NodeRef::as_str).unwrap_or_default();
    // A context is a text, or a list of texts and mappings.
    let context = |part: &str| {
        let found = |node: NodeRef<'_>| node.as_str().is_some_and(|text| text.contains(part));
        root.get("@context")
            .is_some_and(|node| found(node) || node.items().any(found))
    };
    if root.get("runs").is_some() || text("$schema").contains("sarif") {
        Some(Format::Sarif)
    } else if text("bomFormat") == "CycloneDX" {
        Some(Format::CycloneDx)
    } else if root.get("spdxVersion").is_some() || context("spdx.org") {
        Some(Format::Spdx)
    } else if context("openvex") {
        Some(Format::OpenVex)
    } else if root.get("scorecard").is_some() && root.get("checks").is_some() {
        Some(Format::Scorecard)
    } else if text("record") == Format::PenetrationTest.name() {
        Some(Format::PenetrationTest)
    } else {
        None
    }
}

/// By the name of the outermost element.
fn of_xml(text: &str) -> Option<Format> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{FEFF}'));
    loop {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => {
                let name = element.local_name();
                let suites = matches!(name.as_ref(), "testsuites" | "testsuite");
                return suites.then_some(Format::Junit);
            }
            Ok(Event::Eof) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}
