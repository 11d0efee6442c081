//! Syntax trees to programs: names resolved, paths folded, literal patterns compiled.

use std::cell::RefCell;
use std::sync::Arc;

use cel::common::ast::{CallExpr, EntryExpr, Expr as Ast, IdedExpr, LiteralValue, operators};
use regex::RegexBuilder;
use rustc_hash::FxHashMap;

use super::ast::{Bind, Loop, Macro};
use super::env::{Env, Slot};
use super::functions::{self, Style};
use super::operators::{Arithmetic, Relation};
use super::parse::{ExprError, Parsed};
use super::program::{BindOp, Expr, LoopOp, Op, Root, Step};
use super::value::{TypeName, Value};

/// The largest compiled pattern in bytes.
pub(super) const REGEX_SIZE: usize = 1 << 20;

/// Compiles a tree. Names and functions that are not known become operations that fail: a type
/// check comes before, where there is one. What is left as errors are patterns that do not compile.
/// Gives the variables that are read beside the program.
pub(super) fn compile(parsed: &Parsed, env: &Env) -> Result<(Expr, Variables), Vec<ExprError>> {
    let mut compiler = Compiler {
        parsed,
        env,
        locals: Vec::new(),
        variables: Vec::new(),
        errors: Vec::new(),
    };
    let program = compiler.expr(parsed.ast());
    if compiler.errors.is_empty() {
        Ok((program, compiler.variables))
    } else {
        Err(compiler.errors)
    }
}

/// Variables by slot.
pub(super) type Variables = Vec<(Slot, Box<str>)>;

struct Compiler<'p> {
    parsed: &'p Parsed,
    env: &'p Env,
    locals: Vec<&'p str>,
    variables: Variables,
    errors: Vec<ExprError>,
}

impl<'p> Compiler<'p> {
    fn expr(&mut self, node: &'p IdedExpr) -> Expr {
        let op = match Macro::of(node) {
            Some(Macro::Has { operand, field }) => Op::Has {
                operand: self.boxed(operand),
                key: field.into(),
            },
            Some(Macro::Loop(walk)) => self.walk(&walk),
            Some(Macro::Bind(bind)) => self.bind(&bind),
            None => self.plain(node),
        };
        Expr { id: node.id, op }
    }

    fn boxed(&mut self, node: &'p IdedExpr) -> Box<Expr> {
        Box::new(self.expr(node))
    }

    fn plain(&mut self, node: &'p IdedExpr) -> Op {
        match &node.expr {
            Ast::Unspecified | Ast::Comprehension(_) => Op::Unknown("this expression".into()),
            Ast::Literal(literal) => Op::Constant(constant(literal)),
            Ast::Ident(name) => self.name(name),
            Ast::Select(select) => {
                if let Some(op) = self.qualified(node) {
                    return op;
                }
                let operand = self.expr(&select.operand);
                match operand.op {
                    Op::Path { root, steps } => {
                        let mut steps = Vec::from(steps);
                        steps.push(Step::Key(select.field.as_str().into()));
                        Op::Path {
                            root,
                            steps: steps.into(),
                        }
                    }
                    _ => Op::Select {
                        operand: Box::new(operand),
                        key: select.field.as_str().into(),
                        optional: false,
                    },
                }
            }
            Ast::Call(call) => self.call(call),
            Ast::List(list) => {
                let elements = list.elements.iter().enumerate().map(|(at, element)| {
                    let optional = list.optional_indices.contains(&at);
                    (self.expr(element), optional)
                });
                let elements: Box<[_]> = elements.collect();
                constant_list(elements)
            }
            Ast::Map(map) => {
                let entries = map.entries.iter().filter_map(|entry| match &entry.expr {
                    EntryExpr::MapEntry(entry) => Some((
                        self.expr(&entry.key),
                        self.expr(&entry.value),
                        entry.optional,
                    )),
                    EntryExpr::StructField(_) => None,
                });
                Op::Map {
                    entries: entries.collect(),
                }
            }
            Ast::Struct(message) => Op::Unknown(format!("the type `{}`", message.type_name).into()),
        }
    }

    /// The variable of a name: a binding hides a declaration, which hides a type.
    fn name(&mut self, name: &str) -> Op {
        let plain = name.strip_prefix('.');
        if plain.is_none()
            && let Some(outward) = self.locals.iter().rev().position(|local| *local == name)
        {
            return path(Root::Local(u16::try_from(outward).unwrap_or(u16::MAX)));
        }
        let name = plain.unwrap_or(name);
        if let Some((slot, _)) = self.env.variable(name) {
            if self.variables.iter().all(|(known, _)| *known != slot) {
                self.variables.push((slot, name.into()));
            }
            return path(Root::Slot(slot));
        }
        match TypeName::named(name) {
            Some(ty) => Op::Constant(Value::Type(ty)),
            None => Op::Unknown(format!("`{name}`").into()),
        }
    }

    fn is_variable(&self, name: &str) -> bool {
        self.locals.contains(&name) || self.env.variable(name).is_some()
    }

    /// `google.protobuf.Timestamp` and its like, unless a variable is of that name.
    fn qualified(&self, node: &IdedExpr) -> Option<Op> {
        let name = qualified_name(node)?;
        let root = name.split('.').next()?;
        if self.is_variable(root) {
            return None;
        }
        TypeName::named(&name).map(|ty| Op::Constant(Value::Type(ty)))
    }

    fn walk(&mut self, walk: &Loop<'p>) -> Op {
        let range = self.expr(walk.range);
        let depth = self.locals.len();
        self.locals.push(walk.var);
        self.locals.extend(walk.var2);
        let filter = walk.filter.map(|filter| self.expr(filter));
        let body = self.expr(walk.body);
        self.locals.truncate(depth);
        Op::Loop(Box::new(LoopOp {
            kind: walk.kind,
            range,
            paired: walk.var2.is_some(),
            filter,
            body,
        }))
    }

    fn bind(&mut self, bind: &Bind<'p>) -> Op {
        let value = self.expr(bind.value);
        self.locals.push(bind.var);
        let body = self.expr(bind.body);
        self.locals.pop();
        Op::Bind(Box::new(BindOp {
            kind: bind.kind,
            value,
            body,
        }))
    }

    fn call(&mut self, call: &'p CallExpr) -> Op {
        match &call.target {
            None => self.global(call),
            Some(target) => self.method(call, target),
        }
    }

    fn pair(&mut self, left: &'p IdedExpr, right: &'p IdedExpr) -> [Expr; 2] {
        [self.expr(left), self.expr(right)]
    }

    fn global(&mut self, call: &'p CallExpr) -> Op {
        let name = call.func_name.as_str();
        if let [left, right] = call.args.as_slice() {
            if let Some(relation) = Relation::of(name) {
                return Op::Compare(relation, Box::new(self.pair(left, right)));
            }
            let arithmetic = match name {
                operators::ADD => Some(Arithmetic::Add),
                operators::SUBSTRACT => Some(Arithmetic::Subtract),
                operators::MULTIPLY => Some(Arithmetic::Multiply),
                operators::DIVIDE => Some(Arithmetic::Divide),
                operators::MODULO => Some(Arithmetic::Modulo),
                _ => None,
            };
            if let Some(arithmetic) = arithmetic {
                return Op::Arithmetic(arithmetic, Box::new(self.pair(left, right)));
            }
        }
        match (name, call.args.as_slice()) {
            (operators::LOGICAL_AND, [_, _]) => Op::And(self.chain(call, operators::LOGICAL_AND)),
            (operators::LOGICAL_OR, [_, _]) => Op::Or(self.chain(call, operators::LOGICAL_OR)),
            (operators::LOGICAL_NOT, [operand]) => Op::Not(self.boxed(operand)),
            (operators::NEGATE, [operand]) => Op::Negate(self.boxed(operand)),
            (operators::CONDITIONAL, [condition, yes, no]) => Op::Conditional(Box::new([
                self.expr(condition),
                self.expr(yes),
                self.expr(no),
            ])),
            (operators::EQUALS | operators::NOT_EQUALS, [left, right]) => Op::Equal {
                operands: Box::new(self.pair(left, right)),
                negated: name == operators::NOT_EQUALS,
            },
            (operators::IN, [element, container]) => {
                Op::In(Box::new(self.pair(element, container)))
            }
            (operators::INDEX, [operand, index]) => self.index(operand, index),
            (operators::OPT_INDEX, [operand, index]) => Op::Index {
                operand: self.boxed(operand),
                index: self.boxed(index),
                optional: true,
            },
            (operators::OPT_SELECT, [operand, field]) => self.optional_select(operand, field),
            ("blank", [operand]) => Op::Blank(self.boxed(operand)),
            ("matches", [operand, pattern]) => self.matches(operand, pattern),
            ("occurrences", [operand, pattern]) => {
                self.pattern(name, operand, pattern, |operand, regex| Op::Occurrences {
                    operand,
                    regex,
                })
            }
            (name, args) => self.named(name.strip_prefix('.').unwrap_or(name), None, args),
        }
    }

    fn method(&mut self, call: &'p CallExpr, target: &'p IdedExpr) -> Op {
        let name = call.func_name.as_str();
        // `math.abs(x)`: the target is a namespace, unless a variable is of that name.
        if let Some(namespace) = qualified_name(target)
            && !namespace.split('.').any(|root| self.is_variable(root))
        {
            let qualified = format!("{namespace}.{name}");
            if functions::find(Style::Global, &qualified, call.args.len()).is_some() {
                return self.named(&qualified, None, &call.args);
            }
        }
        match (name, call.args.as_slice()) {
            ("matches", [pattern]) => self.matches(target, pattern),
            ("or" | "orValue", [otherwise]) => Op::OrElse {
                operand: self.boxed(target),
                otherwise: self.boxed(otherwise),
                unwrap: name == "orValue",
            },
            (name, args) => self.named(name, Some(target), args),
        }
    }

    fn named(&mut self, name: &str, target: Option<&'p IdedExpr>, args: &'p [IdedExpr]) -> Op {
        let style = if target.is_some() {
            Style::Method
        } else {
            Style::Global
        };
        let compiled = target.into_iter().chain(args).map(|arg| self.expr(arg));
        let compiled: Box<[Expr]> = compiled.collect();
        if target.is_none() && self.env.function(name).is_some() {
            return Op::External {
                name: name.into(),
                args: compiled,
            };
        }
        match functions::find(style, name, args.len()) {
            Some(native) => Op::Call {
                name: name.into(),
                native,
                args: compiled,
            },
            None => Op::Unknown(format!("the function `{name}`").into()),
        }
    }

    fn index(&mut self, operand: &'p IdedExpr, index: &'p IdedExpr) -> Op {
        let operand = self.expr(operand);
        let index = self.expr(index);
        let step = match &index.op {
            Op::Constant(Value::Int(at)) => Some(Step::Index(*at)),
            Op::Constant(Value::String(key)) => Some(Step::Key(key.as_str().into())),
            _ => None,
        };
        match (operand.op, step) {
            (Op::Path { root, steps }, Some(step)) => {
                let mut steps = Vec::from(steps);
                steps.push(step);
                Op::Path {
                    root,
                    steps: steps.into(),
                }
            }
            (op, _) => Op::Index {
                operand: Box::new(Expr { op, ..operand }),
                index: Box::new(index),
                optional: false,
            },
        }
    }

    fn optional_select(&mut self, operand: &'p IdedExpr, field: &IdedExpr) -> Op {
        let key = match &field.expr {
            Ast::Literal(LiteralValue::String(key)) => key.inner(),
            _ => "",
        };
        Op::Select {
            operand: self.boxed(operand),
            key: key.into(),
            optional: true,
        }
    }

    /// All operands of a chain of one operator, which the parser has made a balanced tree.
    fn chain(&mut self, call: &'p CallExpr, operator: &str) -> Box<[Expr]> {
        let mut operands = Vec::new();
        self.collect(call, operator, &mut operands);
        operands.into()
    }

    fn collect(&mut self, call: &'p CallExpr, operator: &str, into: &mut Vec<Expr>) {
        for arg in &call.args {
            match &arg.expr {
                Ast::Call(inner) if inner.func_name == operator && inner.target.is_none() => {
                    self.collect(inner, operator, into);
                }
                _ => into.push(self.expr(arg)),
            }
        }
    }

    fn matches(&mut self, operand: &'p IdedExpr, pattern: &'p IdedExpr) -> Op {
        self.pattern("matches", operand, pattern, |operand, regex| Op::Matches {
            operand,
            regex,
        })
    }

    /// A function of a value and a pattern: one that is a literal is compiled once.
    fn pattern(
        &mut self,
        function: &str,
        operand: &'p IdedExpr,
        pattern: &'p IdedExpr,
        with: fn(Box<Expr>, Box<regex::Regex>) -> Op,
    ) -> Op {
        let Ast::Literal(LiteralValue::String(text)) = &pattern.expr else {
            let args = Box::new([self.expr(operand), self.expr(pattern)]);
            return match functions::find(Style::Global, function, 2) {
                Some(native) => Op::Call {
                    name: function.into(),
                    native,
                    args,
                },
                None => Op::Unknown(format!("the function `{function}`").into()),
            };
        };
        let operand = self.boxed(operand);
        match literal_regex(text.inner()) {
            Ok(regex) => with(operand, Box::new(regex)),
            Err(message) => {
                let span = self.parsed.span(pattern.id);
                self.errors.push(ExprError::new(span, message));
                Op::Unknown("the pattern".into())
            }
        }
    }
}

/// Patterns that are remembered at most: those of some hundred rules.
const REMEMBERED: usize = 512;

/// As [`regex`], for a pattern that a policy holds: such a one is asked for when it is checked, when it
/// is compiled, and again for each kind of document.
pub(super) fn literal_regex(pattern: &str) -> Result<regex::Regex, String> {
    thread_local! {
        static KNOWN: RefCell<FxHashMap<Box<str>, Result<regex::Regex, String>>> = RefCell::default();
    }
    KNOWN.with_borrow_mut(|known| {
        if let Some(compiled) = known.get(pattern) {
            return compiled.clone();
        }
        if known.len() >= REMEMBERED {
            known.clear();
        }
        let compiled = regex(pattern);
        known.insert(pattern.into(), compiled.clone());
        compiled
    })
}

/// Compiles a pattern within a size limit.
pub(super) fn regex(pattern: &str) -> Result<regex::Regex, String> {
    RegexBuilder::new(pattern)
        .size_limit(REGEX_SIZE)
        .dfa_size_limit(REGEX_SIZE)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "the pattern is too large".to_owned(),
            error => {
                // The last line says what is wrong; those before draw the place.
                let text = error.to_string();
                let reason = text.lines().last().unwrap_or_default();
                let reason = reason.strip_prefix("error: ").unwrap_or(reason);
                format!("this is no pattern: {reason}")
            }
        })
}

fn path(root: Root) -> Op {
    Op::Path {
        root,
        steps: Box::default(),
    }
}

fn constant(literal: &LiteralValue) -> Value<'static> {
    match literal {
        LiteralValue::Boolean(value) => Value::Bool(*value.inner()),
        LiteralValue::Bytes(bytes) => Value::Bytes(Arc::from(bytes.inner())),
        LiteralValue::Double(value) => Value::Double(*value.inner()),
        LiteralValue::Int(value) => Value::Int(*value.inner()),
        LiteralValue::Null => Value::Null,
        LiteralValue::String(text) => Value::string(text.inner()),
        LiteralValue::UInt(value) => Value::Uint(*value.inner()),
    }
}

/// A list of constants is one constant: `x in ["a", "b"]` makes no list each time.
fn constant_list(elements: Box<[(Expr, bool)]>) -> Op {
    let all = elements
        .iter()
        .map(|(element, optional)| match &element.op {
            Op::Constant(value) if !optional => Some(value.clone()),
            _ => None,
        });
    match all.collect::<Option<Vec<_>>>() {
        Some(values) => Op::Constant(Value::list(values)),
        None => Op::List { elements },
    }
}

/// `a.b.c` of nothing but names.
fn qualified_name(node: &IdedExpr) -> Option<String> {
    match &node.expr {
        Ast::Ident(name) => Some(name.strip_prefix('.').unwrap_or(name).to_owned()),
        Ast::Select(select) if !select.test => {
            let mut name = qualified_name(&select.operand)?;
            name.push('.');
            name.push_str(&select.field);
            Some(name)
        }
        _ => None,
    }
}
