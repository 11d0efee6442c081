//! CEL's own conformance cases.
//!
//! They are read from the file that `LAUNCHGATE_CEL_SPEC` names. Without it the test says so and
//! passes. A case either conforms or stands in
//! [`EXCEPTIONS`]; one that stands there and conforms all the same fails the test.

#![expect(clippy::unwrap_used, reason = "a test")]

use jiff::civil::date;
use launchgate::expr::{Env, NoFacts, Program, Scope, Truth, Value};
use serde_json::Value as Json;

/// Cases that launchgate answers otherwise, by file, section and name (a section's name alone
/// excepts all of it), with the reason.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("timestamps/timestamp_selectors_tz/getDate", NO_ZONE_NAMES),
    (
        "timestamps/timestamp_selectors_tz/getDayOfMonth_name_pos",
        NO_ZONE_NAMES,
    ),
    (
        "timestamps/timestamp_selectors_tz/getDayOfMonth_name_neg",
        NO_ZONE_NAMES,
    ),
    (
        "timestamps/timestamp_selectors_tz/getDayOfYear",
        NO_ZONE_NAMES,
    ),
    (
        "timestamps/timestamp_selectors_tz/getMinutes",
        NO_ZONE_NAMES,
    ),
];

const NO_ZONE_NAMES: &str =
    "zones are offsets: answers by name would change with the release of a time zone database";

#[test]
#[expect(clippy::disallowed_methods, reason = "where the cases lie")]
fn conforms_to_cel() {
    let Ok(path) = std::env::var("LAUNCHGATE_CEL_SPEC") else {
        println!("skipped: LAUNCHGATE_CEL_SPEC does not say where the conformance cases lie");
        return;
    };
    let text = std::fs::read_to_string(&path).unwrap();
    let cases: Vec<Json> = serde_json::from_str(&text).unwrap();
    let mut failures = Vec::new();
    let mut used = vec![false; EXCEPTIONS.len()];
    let (mut held, mut excepted, mut skipped) = (0, 0, 0);
    for case in &cases {
        let field = |name: &str| case[name].as_str().unwrap_or_default();
        if !case["skip"].as_array().unwrap().is_empty() {
            skipped += 1;
            continue;
        }
        let section = format!("{}/{}", field("file"), field("sec"));
        let id = format!("{section}/{}", field("name"));
        let got = outcome(field("expr"), &case["want"]);
        let exception = EXCEPTIONS
            .iter()
            .position(|(name, _)| *name == id || *name == section);
        match (got, exception) {
            (Ok(()), None) => held += 1,
            (Ok(()), Some(at)) if EXCEPTIONS[at].0 == section => {
                // A section is excepted as a whole; some of its cases may hold.
                held += 1;
            }
            (Ok(()), Some(_)) => failures.push(format!("{id}: conforms, and is excepted")),
            (Err(_), Some(at)) => {
                used[at] = true;
                excepted += 1;
            }
            (Err(got), None) => failures.push(format!("{id}: {}\n    {got}", field("expr"))),
        }
    }
    for (used, (name, _)) in used.iter().zip(EXCEPTIONS) {
        if !used {
            failures.push(format!("{name}: excepts nothing"));
        }
    }
    println!(
        "CEL conformance: {held} hold, {excepted} excepted, {skipped} need a type environment"
    );
    assert!(held > 1000, "only {held} cases hold");
    assert!(excepted <= 60, "{excepted} exceptions");
    assert!(
        failures.is_empty(),
        "{} of {}:\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n")
    );
}

/// Cases that the check refuses at load although CEL finds a value: an unknown name, or no boolean,
/// beside an operand that decides alone.
const REFUSED_AT_LOAD: &[&str] = &[
    "short_circuit_type_left",
    "short_circuit_type_right",
    "unbound_is_runtime_error",
];

/// The check refuses nothing that has a value, but for those.
#[test]
#[expect(clippy::disallowed_methods, reason = "where the cases lie")]
fn the_check_takes_what_has_a_value() {
    let Ok(path) = std::env::var("LAUNCHGATE_CEL_SPEC") else {
        println!("skipped: LAUNCHGATE_CEL_SPEC does not say where the conformance cases lie");
        return;
    };
    let text = std::fs::read_to_string(&path).unwrap();
    let cases: Vec<Json> = serde_json::from_str(&text).unwrap();
    let env = Env::new();
    let mut taken = 0;
    let mut failures = Vec::new();
    for case in &cases {
        let (name, expr) = (&case["name"], case["expr"].as_str().unwrap());
        let skipped = !case["skip"].as_array().unwrap().is_empty();
        if skipped || case["want"][0] == "error" {
            continue;
        }
        // `a.as() || true`: reserved words as names of methods that there are not.
        let reserved = case["sec"] == "receiver_function_names";
        let wanted = reserved || REFUSED_AT_LOAD.iter().any(|known| name == known);
        match (launchgate::expr::compile(expr, &env), wanted) {
            (Ok(_), false) => taken += 1,
            (Err(_), true) => {}
            (Ok(_), true) => failures.push(format!("{name}: {expr} is taken, and is excepted")),
            (Err(errors), false) => failures.push(format!("{name}: {expr}: {errors:?}")),
        }
    }
    assert!(taken > 1300, "only {taken} cases are taken");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Whether an expression gives what is wanted; `Err` says what it gives instead.
fn outcome(text: &str, want: &Json) -> Result<(), String> {
    let wants_error = want[0] == "error";
    let env = Env::new();
    let program = match Program::compile_unchecked(text, &env) {
        Ok(program) => program,
        Err(_) if wants_error => return Ok(()),
        Err(errors) => return Err(format!("{errors:?}")),
    };
    let scope = Scope::new(&env, &NoFacts, date(2026, 11, 22));
    let value = program.eval(&scope);
    let failed = matches!(value, Value::Absent(_) | Value::Error(_));
    if failed == wants_error && (failed || is(&value, want)) {
        return Ok(());
    }
    Err(format!("{value:?}, not {want}"))
}

fn is(value: &Value<'_>, want: &Json) -> bool {
    let text = want[1].as_str().unwrap_or_default();
    match (want[0].as_str().unwrap(), value) {
        ("bool_value", value) => {
            value.truth()
                == if text == "true" {
                    Truth::True
                } else {
                    Truth::False
                }
        }
        ("int64_value", Value::Int(number)) => text.parse() == Ok(*number),
        ("uint64_value", Value::Uint(number)) => text.parse() == Ok(*number),
        ("double_value", Value::Double(number)) => {
            let wanted: f64 = text.parse().unwrap();
            wanted.to_bits() == number.to_bits() || (wanted.is_nan() && number.is_nan())
        }
        ("string_value", Value::String(got)) => got.as_str() == text,
        ("bytes_value", Value::Bytes(bytes)) => {
            let wanted = want[1].as_array().unwrap().iter();
            wanted
                .map(|byte| byte.as_u64().unwrap())
                .eq(bytes.iter().map(|&byte| u64::from(byte)))
        }
        ("null_value", Value::Null) => true,
        ("type_value", Value::Type(name)) => name.name() == text,
        ("list", Value::List(elements)) => {
            let wanted = want[1].as_array().unwrap();
            wanted.len() == elements.len() && elements.iter().zip(wanted).all(|(e, w)| is(e, w))
        }
        ("map", Value::Map(entries)) => {
            let wanted = want[1].as_array().unwrap();
            wanted.len() == entries.len()
                && wanted.iter().all(|pair| {
                    entries
                        .iter()
                        .any(|(key, value)| is(key, &pair[0]) && is(value, &pair[1]))
                })
        }
        _ => false,
    }
}
