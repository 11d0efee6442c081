//! The functions of the language: names, arguments, results.

use super::functions::Give as G;
use super::functions::Take as T;
use crate::expr::types::Type;

/// What an argument must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Take {
    Any,
    Bool,
    Int,
    Uint,
    Double,
    /// A number of any kind.
    Number,
    /// Text of any sort.
    Text,
    Bytes,
    Timestamp,
    Duration,
    List,
    /// A list of texts.
    Texts,
    /// A list of numbers.
    Numbers,
    Map,
    Optional,
}

impl Take {
    /// Whether an argument of type `ty` will do. What is a float only if it is written with a
    /// decimal point will not do for one: half of the documents would fail.
    pub(super) fn accepts(self, ty: &Type) -> bool {
        match (self, ty) {
            (Self::Double, Type::Number) => false,
            _ => self.ty().overlaps(ty),
        }
    }

    /// The type, for agreement and for messages.
    pub(super) fn ty(self) -> Type {
        match self {
            Self::Any => Type::Dyn,
            Self::Bool => Type::Bool,
            Self::Int => Type::Int,
            Self::Uint => Type::Uint,
            Self::Double => Type::Double,
            Self::Number => Type::union([Type::Number, Type::Uint]),
            Self::Text => Type::String,
            Self::Bytes => Type::Bytes,
            Self::Timestamp => Type::Timestamp,
            Self::Duration => Type::Duration,
            Self::List => Type::list(Type::Dyn),
            Self::Texts => Type::list(Type::String),
            Self::Numbers => Type::list(Type::union([Type::Number, Type::Uint])),
            Self::Map => Type::map(Type::Dyn),
            Self::Optional => Type::optional(Type::Dyn),
        }
    }
}

/// What a call gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Give {
    Dyn,
    Bool,
    Int,
    Uint,
    Double,
    Number,
    Text,
    Bytes,
    Timestamp,
    Duration,
    Texts,
    Ints,
    Type,
    /// The type of the first argument.
    Same,
    /// An optional of the first argument.
    Wrapped,
    /// An optional of anything.
    Nothing,
    /// What is in the first argument, an optional.
    Inner,
    /// What is in the first argument, or the second.
    InnerOr,
    /// Either of the two arguments.
    Either,
    /// The concatenation of two lists.
    Joined,
    /// The documents of the kind that the first argument names.
    Documents,
}

/// One way of calling a function. A method's receiver is its first argument.
#[derive(Clone, Copy, Debug)]
pub(super) struct Overload {
    pub(super) takes: &'static [Take],
    pub(super) gives: Give,
}

/// How a function is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// `size(x)`
    Global,
    /// `x.size()`
    Method,
    /// `math.abs(x)`
    Of(&'static str),
}

/// A function in one style.
#[derive(Clone, Copy, Debug)]
pub(super) struct Function {
    pub(super) name: &'static str,
    pub(super) style: Style,
    pub(super) overloads: &'static [Overload],
    /// Whether the last argument may be repeated.
    pub(super) variadic: bool,
}

/// The function of this name in this style.
pub(super) fn find(name: &str, style: Style) -> Option<&'static Function> {
    FUNCTIONS
        .iter()
        .find(|f| f.name == name && f.style == style)
}

/// Whether a function of this name can be called without a receiver.
pub(super) fn is_function(name: &str) -> bool {
    find(name, Style::Global).is_some()
}

/// The names that begin a qualified function: `math`, `optional`.
pub(super) fn is_namespace(name: &str) -> bool {
    FUNCTIONS
        .iter()
        .any(|f| matches!(f.style, Style::Of(space) if space == name))
}

/// The names in a style, in the order of the table.
pub(super) fn names(style: Style) -> impl Iterator<Item = &'static str> {
    FUNCTIONS
        .iter()
        .filter(move |f| f.style == style)
        .map(|f| f.name)
}

/// Every function in every style, for those who explain the language.
pub(super) fn all() -> &'static [Function] {
    FUNCTIONS
}

macro_rules! functions {
    ($($name:literal $style:expr => $([$($take:ident),*] -> $give:ident)|+ $(; $variadic:ident)?),+ $(,)?) => {
        &[$(Function {
            name: $name,
            style: $style,
            overloads: &[$(Overload { takes: &[$(T::$take),*], gives: G::$give }),+],
            variadic: functions!(@ $($variadic)?),
        }),+]
    };
    (@ variadic) => { true };
    (@) => { false };
}

use Style::{Global, Method, Of};

static FUNCTIONS: &[Function] = functions![
    // The gate's own.
    "age" Global => [Text] -> Int | [Timestamp] -> Int,
    "blank" Global => [Any] -> Bool,
    "check_digit" Global => [Text, Text] -> Bool,
    "date" Global => [Text] -> Timestamp | [Timestamp] -> Timestamp,
    "days" Global => [Text] -> Double | [Duration] -> Double,
    "docs" Global => [Text] -> Documents,
    "lower" Global => [Text] -> Text,
    "number" Global => [Number] -> Double | [Text] -> Double,
    "occurrences" Global => [Any, Text] -> Texts,
    "path" Global => [Any] -> Text,
    "ref" Global => [Text] -> Dyn,
    "weighted_sum" Global => [Text, Numbers] -> Int,
    // Types.
    "bool" Global => [Bool] -> Bool | [Text] -> Bool,
    "bytes" Global => [Bytes] -> Bytes | [Text] -> Bytes,
    "double" Global => [Number] -> Double | [Text] -> Double,
    "duration" Global => [Duration] -> Duration | [Text] -> Duration,
    "dyn" Global => [Any] -> Dyn,
    "int" Global => [Number] -> Int | [Text] -> Int | [Timestamp] -> Int | [Duration] -> Int,
    "string" Global => [Text] -> Text | [Number] -> Text | [Bool] -> Text | [Bytes] -> Text
        | [Timestamp] -> Text | [Duration] -> Text,
    "timestamp" Global => [Timestamp] -> Timestamp | [Text] -> Timestamp | [Int] -> Timestamp,
    "type" Global => [Any] -> Type,
    "uint" Global => [Number] -> Uint | [Text] -> Uint,
    // Text.
    "charAt" Method => [Text, Int] -> Text,
    "contains" Method => [Text, Text] -> Bool,
    "endsWith" Method => [Text, Text] -> Bool,
    "format" Method => [Text, List] -> Text,
    "indexOf" Method => [Text, Text] -> Int | [Text, Text, Int] -> Int,
    "join" Method => [Texts] -> Text | [Texts, Text] -> Text,
    "lastIndexOf" Method => [Text, Text] -> Int | [Text, Text, Int] -> Int,
    "lowerAscii" Method => [Text] -> Text,
    "matches" Global => [Text, Text] -> Bool,
    "matches" Method => [Text, Text] -> Bool,
    "quote" Of("strings") => [Text] -> Text,
    "replace" Method => [Text, Text, Text] -> Text | [Text, Text, Text, Int] -> Text,
    "reverse" Method => [Text] -> Text | [List] -> Same,
    "split" Method => [Text, Text] -> Texts | [Text, Text, Int] -> Texts,
    "startsWith" Method => [Text, Text] -> Bool,
    "substring" Method => [Text, Int] -> Text | [Text, Int, Int] -> Text,
    "trim" Method => [Text] -> Text,
    "upperAscii" Method => [Text] -> Text,
    "decode" Of("base64") => [Text] -> Bytes,
    "encode" Of("base64") => [Bytes] -> Text,
    // Collections.
    "distinct" Method => [List] -> Same,
    "flatten" Method => [List] -> Dyn | [List, Int] -> Dyn,
    "range" Of("lists") => [Int] -> Ints,
    "size" Global => [Text] -> Int | [Bytes] -> Int | [List] -> Int | [Map] -> Int,
    "size" Method => [Text] -> Int | [Bytes] -> Int | [List] -> Int | [Map] -> Int,
    "slice" Method => [List, Int, Int] -> Same,
    "sort" Method => [List] -> Same,
    // Instants and spans.
    "getDate" Method => [Timestamp] -> Int | [Timestamp, Text] -> Int,
    "getDayOfMonth" Method => [Timestamp] -> Int | [Timestamp, Text] -> Int,
    "getDayOfWeek" Method => [Timestamp] -> Int | [Timestamp, Text] -> Int,
    "getDayOfYear" Method => [Timestamp] -> Int | [Timestamp, Text] -> Int,
    "getFullYear" Method => [Timestamp] -> Int | [Timestamp, Text] -> Int,
    "getHours" Method => [Timestamp] -> Int | [Timestamp, Text] -> Int | [Duration] -> Int,
    "getMilliseconds" Method => [Timestamp] -> Int | [Timestamp, Text] -> Int | [Duration] -> Int,
    "getMinutes" Method => [Timestamp] -> Int | [Timestamp, Text] -> Int | [Duration] -> Int,
    "getMonth" Method => [Timestamp] -> Int | [Timestamp, Text] -> Int,
    "getSeconds" Method => [Timestamp] -> Int | [Timestamp, Text] -> Int | [Duration] -> Int,
    // Optionals.
    "hasValue" Method => [Optional] -> Bool,
    "none" Of("optional") => [] -> Nothing,
    "of" Of("optional") => [Any] -> Wrapped,
    "ofNonZeroValue" Of("optional") => [Any] -> Wrapped,
    "or" Method => [Optional, Optional] -> Either,
    "orValue" Method => [Optional, Any] -> InnerOr,
    "value" Method => [Optional] -> Inner,
    // Numbers.
    "abs" Of("math") => [Number] -> Same,
    "bitAnd" Of("math") => [Int, Int] -> Int | [Uint, Uint] -> Uint,
    "bitNot" Of("math") => [Int] -> Int | [Uint] -> Uint,
    "bitOr" Of("math") => [Int, Int] -> Int | [Uint, Uint] -> Uint,
    "bitShiftLeft" Of("math") => [Int, Int] -> Int | [Uint, Int] -> Uint,
    "bitShiftRight" Of("math") => [Int, Int] -> Int | [Uint, Int] -> Uint,
    "bitXor" Of("math") => [Int, Int] -> Int | [Uint, Uint] -> Uint,
    "ceil" Of("math") => [Double] -> Double,
    "floor" Of("math") => [Double] -> Double,
    "greatest" Of("math") => [Numbers] -> Number | [Number] -> Number; variadic,
    "isFinite" Of("math") => [Double] -> Bool,
    "isInf" Of("math") => [Double] -> Bool,
    "isNaN" Of("math") => [Double] -> Bool,
    "least" Of("math") => [Numbers] -> Number | [Number] -> Number; variadic,
    "round" Of("math") => [Double] -> Double,
    "sign" Of("math") => [Number] -> Same,
    "sqrt" Of("math") => [Number] -> Double,
    "trunc" Of("math") => [Double] -> Double,
];

/// The overloads of an operator of arithmetic, by its name in the syntax tree, with its sign.
pub(super) fn operator(name: &str) -> Option<(&'static str, &'static Function)> {
    OPERATORS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, function)| (function.name, function))
}

macro_rules! operators {
    ($($id:literal $sign:literal => $([$($take:ident),*] -> $give:ident)|+),+ $(,)?) => {
        &[$(($id, Function {
            name: $sign,
            style: Style::Global,
            overloads: &[$(Overload { takes: &[$(T::$take),*], gives: G::$give }),+],
            variadic: false,
        })),+]
    };
}

static OPERATORS: &[(&str, Function)] = operators![
    "_+_" "+" => [Int, Int] -> Int | [Uint, Uint] -> Uint | [Double, Double] -> Double
        | [Text, Text] -> Text | [Bytes, Bytes] -> Bytes | [List, List] -> Joined
        | [Timestamp, Duration] -> Timestamp | [Duration, Timestamp] -> Timestamp
        | [Duration, Duration] -> Duration,
    "_-_" "-" => [Int, Int] -> Int | [Uint, Uint] -> Uint | [Double, Double] -> Double
        | [Timestamp, Timestamp] -> Duration | [Timestamp, Duration] -> Timestamp
        | [Duration, Duration] -> Duration,
    "_*_" "*" => [Int, Int] -> Int | [Uint, Uint] -> Uint | [Double, Double] -> Double,
    "_/_" "/" => [Int, Int] -> Int | [Uint, Uint] -> Uint | [Double, Double] -> Double,
    "_%_" "%" => [Int, Int] -> Int | [Uint, Uint] -> Uint,
    "-_" "-" => [Int] -> Int | [Double] -> Double,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_function_stands_twice_in_one_style() {
        for (at, function) in all().iter().enumerate() {
            let again = all()[at + 1..]
                .iter()
                .any(|other| other.name == function.name && other.style == function.style);
            assert!(!again, "{}", function.name);
        }
    }

    #[test]
    fn every_function_is_there_to_be_called() {
        use crate::expr::functions::{self, Style as Called};

        // Operations of their own, not functions, to the evaluator.
        let operations = ["blank", "or", "orValue"];
        for function in all().iter().filter(|f| !operations.contains(&f.name)) {
            for overload in function.overloads {
                let args = overload.takes.len();
                let (style, name, args) = match function.style {
                    Style::Global => (Called::Global, function.name.to_owned(), args),
                    Style::Method if function.name == "matches" => continue,
                    Style::Method => (Called::Method, function.name.to_owned(), args - 1),
                    Style::Of(space) => {
                        (Called::Global, format!("{space}.{}", function.name), args)
                    }
                };
                let found = functions::find(style, &name, args);
                assert!(found.is_some(), "{name}/{args}");
            }
        }
    }
}
