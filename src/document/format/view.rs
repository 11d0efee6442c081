//! Builds the canonical view of a foreign document: the fields of its kind, each with the place
//! where the author wrote it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::{Element, Field, Format, Meaning, Origin, sidecar};
use crate::document::beside::Beside;
use crate::expr::{Env, ErrorKind, EvalError, Program, Scope, Slot, Truth, Value};
use crate::finding::{Finding, Label, Severity};
use crate::source::{Location, SourceFile, Span};
use crate::value::{BuildError, Limits, NodeRef, Parsed, Scalar, Syntax, Tree, TreeBuilder};

/// A canonical view, and what could not be made of the document.
pub(in super::super) struct View {
    pub(in super::super) tree: Tree,
    pub(in super::super) findings: Vec<Finding>,
    /// Whether all of it and of its sidecar could be read.
    pub(in super::super) whole: bool,
    /// The names for which files were looked for that may lie elsewhere, in their order.
    pub(in super::super) elsewhere: Vec<Box<str>>,
}

/// A part of a view before it is built.
pub(super) enum Part<'a> {
    /// As it stands in the document.
    Node(NodeRef<'a>),
    /// Computed from what stands at the location.
    Computed(Value<'a>, Location),
    Mapping(Vec<(Box<str>, Part<'a>)>),
    List(Vec<Part<'a>>),
}

impl Part<'_> {
    /// Where it begins; of a mapping or list where its first part does.
    pub(super) fn location(&self) -> Option<Location> {
        match self {
            Self::Node(node) => Some(node.address()),
            Self::Computed(_, location) => Some(*location),
            Self::Mapping(fields) => fields.iter().find_map(|(_, part)| part.key_location()),
            Self::List(parts) => parts.iter().find_map(Self::location),
        }
    }

    /// Where the author's counterpart of its key stands.
    fn key_location(&self) -> Option<Location> {
        match self {
            Self::Node(node) => {
                let entry = node.own_entry();
                Some(entry.map_or(node.address(), |entry| entry.key_location))
            }
            other => other.location(),
        }
    }
}

impl Format {
    /// The canonical view of one foreign document.
    pub(in super::super) fn view(
        &self,
        source: &Arc<SourceFile>,
        (root, raw): (NodeRef<'_>, NodeRef<'_>),
        beside: Option<&Parsed>,
        files: &dyn Beside,
    ) -> View {
        self.used.store(true, Ordering::Relaxed);
        let gathered = self.gather(source, (root, raw), files);
        let found = self
            .lookups
            .find(source, raw, self.ways(), &gathered.tables());
        let companions = gathered.tree(self, source, raw);
        let mut scope = self.scope(source, root, raw, &found);
        if let Some(companions) = companions.as_ref().ok().and_then(Tree::root) {
            scope.set(self.slots.companion, Value::Node(companions));
        }
        let mut mapper = Mapper {
            env: &self.env,
            scope,
            home: raw.address(),
            findings: Vec::new(),
        };
        let kind = Value::from(&*self.kind);
        let mut fields = vec![(Box::from("kind"), Part::Computed(kind, raw.address()))];
        mapper.fields(&self.fields, &mut fields);
        self.check(&mut mapper);
        let (missing, elsewhere) = gathered.missing(&mut |expected, text| {
            mapper.scope.set(self.slots.wanted, Value::from(text));
            expected.eval(&mapper.scope).truth()
        });
        let mut findings = mapper.findings;
        findings.extend(gathered.findings.iter().cloned());
        findings.extend(missing);
        let mut whole = gathered.whole;
        if let Err(error) = &companions {
            whole = false;
            findings.push(too_large(raw, error));
        }
        if let Some(beside) = beside {
            let broken = |problem: &Finding| problem.severity == Severity::Error;
            whole &= !beside.problems.iter().any(broken);
            findings.extend(beside.problems.iter().cloned());
            match beside.tree.root() {
                Some(other) if other.is_mapping() => {
                    sidecar::merge(&mut fields, other, &mut findings);
                }
                Some(other) if !other.is_null() => {
                    whole = false;
                    findings.push(no_mapping(other));
                }
                _ => {}
            }
        }
        let body = raw.get("sections").filter(|_| {
            // Elsewhere it is a key of the author's.
            Syntax::of_path(source.path()) == Some(Syntax::Markdown)
        });
        if let Some(sections) = body {
            fields.push(("sections".into(), Part::Node(sections)));
        }
        let mut builder = TreeBuilder::new(Arc::clone(source), &Limits::default());
        if raw.parent().is_some() {
            builder = builder.for_a_part();
        }
        let beside = beside.into_iter().flat_map(|beside| beside.tree.sources());
        let beside: Vec<_> = beside.chain(gathered.sources()).collect();
        for file in &beside {
            builder.include(file);
        }
        // What a file includes is another's: of these a document is what it is made of.
        let included = root
            .tree()
            .sources()
            .iter()
            .filter(|_| raw.parent().is_none());
        included.for_each(|file| builder.include(file));
        let files: Vec<_> = root.tree().sources().iter().chain(beside).collect();
        // A document that its file includes begins, in this file, where the file does.
        let home = [raw, root]
            .into_iter()
            .find(|node| node.source().id() == source.id());
        let home = home.map_or_else(Span::default, NodeRef::span);
        let mut writer = Writer {
            builder,
            source,
            files: &files,
            home,
        };
        let built = writer
            .builder
            .begin_mapping(home)
            .and_then(|_| fields.iter().try_for_each(|field| writer.put(field)));
        if let Err(error) = &built {
            whole = false;
            findings.push(too_large(raw, error));
        }
        let builder = writer.builder;
        View {
            tree: builder.finish(),
            findings,
            whole,
            elsewhere,
        }
    }
}

fn too_large(raw: NodeRef<'_>, error: &BuildError) -> Finding {
    let message = format!("the document is too large: {}", of(error));
    Finding::new("document/limit", message, Label::new(raw.address(), "")).with_help("Split it")
}

/// What a tree has too much of.
pub(in super::super) fn of(error: &BuildError) -> String {
    match error {
        BuildError::Depth(limit) => format!("it nests more than {limit} levels"),
        BuildError::Nodes(limit) | BuildError::AliasNodes(limit) => {
            format!("it has more than {limit} nodes")
        }
        BuildError::DuplicateKey(_) => "a key is there twice".to_owned(),
    }
}

fn no_mapping(sidecar: NodeRef<'_>) -> Finding {
    let message = format!(
        "the sidecar is {}, not a mapping",
        sidecar.kind().described()
    );
    Finding::new(
        "document/sidecar",
        message,
        Label::new(sidecar.address(), ""),
    )
    .with_help("Write the fields that the document lacks, such as `owner: name@example.com`")
}

pub(super) struct Mapper<'a> {
    env: &'a Env,
    pub(super) scope: Scope<'a>,
    /// Where something computed from nothing in particular is put.
    home: Location,
    pub(super) findings: Vec<Finding>,
}

impl<'a> Mapper<'a> {
    fn fields(&mut self, fields: &'a [Field], into: &mut Vec<(Box<str>, Part<'a>)>) {
        for field in fields {
            if let Some(part) = self.first(&field.origins) {
                field.seen.store(true, Ordering::Relaxed);
                insert(into, &field.path, part);
            }
        }
    }

    fn origin(&mut self, origin: &'a Origin) -> Option<Part<'a>> {
        match origin {
            Origin::Expression(expression) => {
                let value = expression.eval(&self.scope);
                self.part(value, expression)
            }
            Origin::Number(expression, times) => {
                let value = expression.eval(&self.scope);
                let number = match (value.as_str().and_then(number), times) {
                    (number, None) => number,
                    (None, Some(times)) => value.as_f64().map(|n| Value::Double(n * times)),
                    (Some(number), Some(times)) => {
                        number.as_f64().map(|n| Value::Double(n * times))
                    }
                };
                match number {
                    Some(number) => {
                        let at = value.node().map(NodeRef::address);
                        let at = at.unwrap_or_else(|| self.read_by(expression));
                        Some(Part::Computed(number, at))
                    }
                    None => self.part(value, expression),
                }
            }
            Origin::Key(expression) => {
                let entry = expression.eval(&self.scope).node()?.own_entry()?;
                Some(Part::Computed(Value::from(entry.key), entry.key_location))
            }
            Origin::Choice(expression, meanings) => {
                let value = expression.eval(&self.scope);
                let word = value.as_str().map(|text| text.trim().to_lowercase());
                let meant = meanings
                    .iter()
                    .find(|(known, _)| Some(known) == word.as_ref());
                let at = value.node().map(NodeRef::address);
                let at = at.unwrap_or_else(|| self.read_by(expression));
                match meant {
                    None => self.part(value, expression),
                    Some((_, Meaning::Absent)) => None,
                    Some((_, Meaning::Bool(value))) => Some(Part::Computed((*value).into(), at)),
                    Some((_, Meaning::Text(text))) => {
                        Some(Part::Computed(Value::from(&**text), at))
                    }
                }
            }
            Origin::Each {
                loops,
                only,
                element,
            } => {
                let mut items = Vec::new();
                self.rounds(loops, &mut |mapper| {
                    let only = only.as_ref();
                    if only.is_none_or(|only| only.eval(&mapper.scope).truth() == Truth::True) {
                        items.extend(mapper.element(element));
                    }
                });
                (!items.is_empty()).then_some(Part::List(items))
            }
            Origin::All(origins) => {
                let mut items = Vec::new();
                for origin in origins {
                    match self.origin(origin) {
                        Some(Part::List(parts)) => items.extend(parts),
                        Some(Part::Node(node)) if node.is_sequence() => {
                            items.extend(node.items().map(Part::Node));
                        }
                        part => items.extend(part),
                    }
                }
                (!items.is_empty()).then_some(Part::List(items))
            }
        }
    }

    fn first(&mut self, origins: &'a [Origin]) -> Option<Part<'a>> {
        origins.iter().find_map(|origin| self.origin(origin))
    }

    /// What a value gives to a view: nothing where nothing is there.
    fn part(&mut self, value: Value<'a>, expression: &'a Program) -> Option<Part<'a>> {
        match value {
            Value::Absent(_) | Value::Null | Value::Optional(None) => None,
            Value::Error(error) => {
                self.unreadable(&error);
                None
            }
            Value::Optional(Some(inner)) => self.part(Value::clone(&inner), expression),
            Value::Node(node) if is_nothing(node) => None,
            Value::Node(node) => Some(Part::Node(node)),
            Value::List(list) => {
                let parts: Vec<_> = list
                    .iter()
                    .filter_map(|value| self.part(value.clone(), expression))
                    .collect();
                (!parts.is_empty()).then_some(Part::List(parts))
            }
            Value::String(text) if text.as_str().trim().is_empty() => None,
            computed => Some(Part::Computed(computed, self.read_by(expression))),
        }
    }

    /// Where the first thing that an expression reads stands.
    pub(super) fn read_by(&self, expression: &Program) -> Location {
        let read = expression.paths().into_iter().find_map(|path| {
            let (slot, _) = self.env.variable(&path.variable)?;
            let node = self.scope.get(slot)?.node()?;
            Some(node.at(&path.pointer)?.address())
        });
        read.unwrap_or(self.home)
    }

    /// The document has something where the format looks, and not what the format says.
    fn unreadable(&mut self, error: &EvalError<'a>) {
        let pointer = error.node.map(NodeRef::pointer);
        let at = error.node.map_or(self.home, NodeRef::address);
        // One misshapen value is one fact, however many fields lie in it.
        if self
            .findings
            .iter()
            .any(|known| known.primary.location == at)
        {
            return;
        }
        let message = match (&pointer, &error.kind) {
            (Some(pointer), ErrorKind::Mistyped) => {
                let path = pointer.to_path();
                format!("`{}` {}", path.trim_matches('`'), error.message)
            }
            _ => format!(
                "this part of the document cannot be read: {}",
                error.message
            ),
        };
        let pointer = pointer.map(|pointer| pointer.to_string());
        let finding = Finding::new("document/format", message, Label::new(at, ""))
            .with_severity(Severity::Warning)
            .with_help("Write it as its format wants it; until then its fields are absent")
            .with_pointer(pointer.unwrap_or_default());
        self.findings.push(finding);
    }

    /// Runs through loops, the later inside the earlier, and calls `each` in every round.
    pub(super) fn rounds(&mut self, loops: &'a [(Slot, Program)], each: &mut dyn FnMut(&mut Self)) {
        let Some(((slot, range), inner)) = loops.split_first() else {
            each(self);
            return;
        };
        let elements: Vec<Value<'a>> = match range.eval(&self.scope) {
            Value::Node(node) if node.is_sequence() => node.items().map(Value::Node).collect(),
            // A format that takes one where it takes several.
            Value::Node(node) if !is_nothing(node) => vec![Value::Node(node)],
            Value::List(list) => list.to_vec(),
            error @ Value::Error(_) => {
                self.part(error, range);
                return;
            }
            _ => return,
        };
        for value in elements {
            self.scope.set(*slot, value);
            self.rounds(inner, each);
        }
    }

    fn element(&mut self, element: &'a Element) -> Option<Part<'a>> {
        match element {
            Element::Fields(fields) => {
                let mut item = Vec::new();
                self.fields(fields, &mut item);
                (!item.is_empty()).then_some(Part::Mapping(item))
            }
            Element::Value(origins) => self.first(origins),
        }
    }
}

/// The number that a text is, written in digits.
fn number<'a>(text: &str) -> Option<Value<'a>> {
    let text = text.trim();
    let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E');
    if !text.chars().all(digits) || !text.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
        return None;
    }
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Value::Int(whole));
    }
    let number: f64 = text.parse().ok()?;
    number.is_finite().then_some(Value::Double(number))
}

fn is_nothing(node: NodeRef<'_>) -> bool {
    match node.scalar() {
        Some(Scalar::Null) => true,
        Some(Scalar::String(text)) => text.trim().is_empty(),
        Some(_) => false,
        None => node.is_empty(),
    }
}

/// Puts a part at its path; a part that is there already stands.
fn insert<'a>(into: &mut Vec<(Box<str>, Part<'a>)>, path: &[Box<str>], part: Part<'a>) {
    let Some((key, rest)) = path.split_first() else {
        return;
    };
    let at = into.iter().position(|(known, _)| known == key);
    if rest.is_empty() {
        if at.is_none() {
            into.push((key.clone(), part));
        }
        return;
    }
    let at = at.unwrap_or_else(|| {
        into.push((key.clone(), Part::Mapping(Vec::new())));
        into.len() - 1
    });
    if let Some((_, Part::Mapping(fields))) = into.get_mut(at) {
        insert(fields, rest, part);
    }
}

/// Builds a view of parts that stand in several files.
struct Writer<'a> {
    builder: TreeBuilder,
    /// The document's own file.
    source: &'a Arc<SourceFile>,
    /// Every file in which a part may stand.
    files: &'a [&'a Arc<SourceFile>],
    /// Where the document begins in its file.
    home: Span,
}

impl Writer<'_> {
    fn put(&mut self, (key, part): &(Box<str>, Part<'_>)) -> Result<(), BuildError> {
        let at = part.key_location();
        match at.and_then(|at| Some((self.file(at)?, at.span))) {
            Some((file, span)) => self.builder.key_in(key, span, &file)?,
            None => self.builder.key(key, self.home)?,
        }
        self.put_value(part)
    }

    fn file(&self, at: Location) -> Option<Arc<SourceFile>> {
        let file = self.files.iter().find(|file| file.id() == at.file)?;
        Some(Arc::clone(file))
    }

    fn put_value(&mut self, part: &Part<'_>) -> Result<(), BuildError> {
        // The span of a collection says where it begins in the document itself.
        let own = part.location().filter(|at| at.file == self.source.id());
        let at = own.map_or(self.home, |at| at.span);
        match part {
            Part::Node(node) => {
                self.builder.copy(*node)?;
            }
            Part::Mapping(fields) => {
                self.builder.begin_mapping(at)?;
                fields.iter().try_for_each(|field| self.put(field))?;
                self.builder.end(None);
            }
            Part::List(parts) => {
                self.builder.begin_sequence(at)?;
                parts.iter().try_for_each(|part| self.put_value(part))?;
                self.builder.end(None);
            }
            Part::Computed(value, location) => {
                let scalar = match value {
                    Value::Bool(value) => Scalar::Bool(*value),
                    Value::Int(value) => Scalar::Int(*value),
                    #[expect(
                        clippy::cast_precision_loss,
                        reason = "a document holds no larger integer"
                    )]
                    Value::Uint(value) => {
                        i64::try_from(*value).map_or(Scalar::Float(*value as f64), Scalar::Int)
                    }
                    Value::Double(value) => Scalar::Float(*value),
                    Value::String(text) => Scalar::String(text.as_str()),
                    // Nothing else is a value of a document.
                    _ => Scalar::Null,
                };
                let (file, span) = match self.file(*location) {
                    Some(file) => (file, location.span),
                    None => (Arc::clone(self.source), self.home),
                };
                self.builder.scalar_in(scalar, span, &file)?;
            }
        }
        Ok(())
    }
}
