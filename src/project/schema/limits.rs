//! The constraints of a field: each must apply to the type of the field, and its values must be of that type.

use regex::Regex;

use super::field::{Bound, Constraints};
use super::kind::Kind;
use super::typed::Typed;
use super::{fault, logical::Logical};
use crate::diagnostic::Span;
use crate::project::declaration::{Declaration, Item, Located, Scalar};

/// The constraints of the standard that are lower and upper bounds, and whether the bound itself is excluded.
const LEAST: [(&str, bool); 2] = [("minimum", false), ("exclusiveMinimum", true)];
const MOST: [(&str, bool); 2] = [("maximum", false), ("exclusiveMaximum", true)];

/// The constraints of the standard.
const NAMES: [&str; 11] = [
    "required",
    "unique",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "pattern",
    "enum",
    "jsonSchema",
];
/// The names of some constraints in other standards, with ours.
const FOREIGN: [(&str, &str); 5] =
    [("min", "minimum"), ("max", "maximum"), ("regex", "pattern"), ("regexp", "pattern"), ("oneOf", "enum")];

/// Reads `constraints`.
pub(super) fn read(field: &mut Declaration<'_>, typed: &Typed) -> Constraints {
    let Some(mut constraints) = field.table("constraints") else { return Constraints::default() };
    let file = &mut constraints;
    applicable(file, typed);
    foreign(file);
    let (minimum, maximum) = (bounds(file, typed, LEAST), bounds(file, typed, MOST));
    let (shortest, longest) = (length(file, "minLength"), length(file, "maxLength"));
    crossed(file, &minimum, &maximum);
    if let (Some(least), Some(most)) = (&shortest, &longest)
        && least.value > most.value
    {
        let message = format!("`minLength` {} is greater than `maxLength` {}", least.value, most.value);
        file.fault(fault(least.span.clone(), message).hint("no cell can satisfy both; correct one of them"));
    }
    let read = Constraints {
        required: file.boolean("required"),
        unique: file.boolean("unique"),
        allowed: allowed(file, typed),
        minimum: minimum.into_iter().map(|bound| bound.value).collect(),
        maximum: maximum.into_iter().map(|bound| bound.value).collect(),
        min_length: shortest.map(|least| least.value),
        max_length: longest.map(|most| most.value),
        pattern: pattern(file),
    };
    constraints.finish_open("tipbrief:");
    read
}

/// Reports constraints beside `constraints` instead of in it, where they would have no effect.
pub(super) fn misplaced(field: &mut Declaration<'_>) {
    for key in NAMES {
        if let Some(span) = field.key(key) {
            let outside = fault(span, format!("the constraint `{key}` is outside `constraints`"));
            field.fault(outside.hint(format!("write `\"constraints\": {{ \"{key}\": … }}`")));
            field.tolerate(&[key]);
        }
    }
}

/// Reports names of constraints from other standards.
fn foreign(file: &mut Declaration<'_>) {
    for (key, ours) in FOREIGN {
        if let Some(span) = file.key(key) {
            let unknown = fault(span, format!("the property `{key}` is not known here"));
            file.fault(unknown.hint(format!("did you mean `{ours}`?")));
            file.tolerate(&[key]);
        }
    }
}

/// Whether a constraint applies to a type, by the table of the standard.
fn applies(constraint: &str, typed: &Typed) -> bool {
    let ordered = matches!(
        typed.kind,
        Kind::Integer | Kind::Number | Kind::Date | Kind::Datetime | Kind::Time | Kind::Year | Kind::YearMonth
    );
    let text = matches!(typed.kind, Kind::Text | Kind::Period) && !typed.any;
    match constraint {
        _ if typed.unknown => true,
        "minLength" | "maxLength" => text || typed.kind == Kind::List,
        "pattern" => text,
        "jsonSchema" => false,
        _ => ordered,
    }
}

fn applicable(file: &mut Declaration<'_>, typed: &Typed) {
    let bounds = LEAST.iter().chain(&MOST).map(|(key, _)| *key);
    for key in bounds.chain(["minLength", "maxLength", "pattern", "jsonSchema"]) {
        let Some(span) = file.key(key).filter(|_| !applies(key, typed)) else { continue };
        let message = format!("the constraint `{key}` does not apply to the type `{}`", typed.name());
        file.fault(fault(span, message).hint("delete it, or correct the `type`"));
        file.tolerate(&[key]);
    }
}

fn bounds(file: &mut Declaration<'_>, typed: &Typed, keys: [(&'static str, bool); 2]) -> Vec<Located<Bound>> {
    let mut bounds = Vec::new();
    for (key, exclusive) in keys {
        let Some(scalar) = file.scalar(key) else { continue };
        let (written, span) = (scalar.value.written(), scalar.span.clone());
        if let Some(value) = value(file, key, &scalar, typed) {
            bounds.push(Located { value: Bound { value, written, exclusive }, span });
        }
    }
    bounds
}

/// The value of a constraint, if it is of the field's type.
fn value(file: &mut Declaration<'_>, key: &str, scalar: &Located<Scalar>, typed: &Typed) -> Option<Logical> {
    let written = scalar.value.written();
    let value =
        typed.writing.read(typed.kind, &written).filter(|value| value.is_finite() && fits(&scalar.value, typed));
    if value.is_none() {
        let message = format!("`{written}` in `{key}` is {}, not of the type `{}`", scalar.value.shape(), typed.name());
        let hint = if fits(&scalar.value, typed) {
            format!("write it as a cell of the type `{}` would", typed.name())
        } else {
            format!("write it in quotes: `\"{written}\"`")
        };
        file.fault(fault(scalar.span.clone(), message).hint(hint));
    }
    value
}

/// Whether a JSON value can be of a type: numbers may be strings, as in cells, but other values must be.
fn fits(scalar: &Scalar, typed: &Typed) -> bool {
    match scalar {
        _ if typed.unknown => true,
        Scalar::Text(_) => true,
        Scalar::Number(_) => {
            typed.any || matches!(typed.kind, Kind::Integer | Kind::Number | Kind::Year | Kind::Boolean)
        }
        Scalar::Boolean(_) => typed.any || typed.kind == Kind::Boolean,
    }
}

fn crossed(file: &mut Declaration<'_>, minimum: &[Located<Bound>], maximum: &[Located<Bound>]) {
    for (least, most) in minimum.iter().flat_map(|least| maximum.iter().map(move |most| (least, most))) {
        let (low, high) = (&least.value, &most.value);
        if low.value > high.value || low.value == high.value && (low.exclusive || high.exclusive) {
            let message = format!("no value fits between the minimum {} and the maximum {}", low.written, high.written);
            let hint = "no cell can satisfy both; correct one of them";
            file.fault(fault(least.span.clone(), message).hint(hint).second(most.span.clone(), "the maximum"));
        }
    }
}

fn length(file: &mut Declaration<'_>, key: &'static str) -> Option<Located<usize>> {
    let length = file.integer(key)?;
    let value = usize::try_from(length.value).ok();
    if value.is_none() {
        let message = format!("`{key}` is {}, below 0", length.value);
        file.fault(fault(length.span.clone(), message).hint("write 0 or more"));
    }
    Some(Located { value: value?, span: length.span })
}

fn allowed(file: &mut Declaration<'_>, typed: &Typed) -> Vec<String> {
    let listed = file.items("enum", |item| match item {
        Item::Scalar(value) => Some(Ok(value)),
        Item::Table(object) => Some(Err(object.span())),
    });
    let Some(listed) = listed else { return Vec::new() };
    if listed.value.is_empty() {
        let empty = fault(listed.span, "`enum` is empty, so no cell can be valid");
        file.fault(empty.hint("list the values allowed, or delete it"));
    }
    let mut allowed: Vec<String> = Vec::new();
    for item in listed.value {
        let scalar = match item {
            Ok(scalar) => scalar,
            Err(span) => {
                file.fault(no_value(span));
                continue;
            }
        };
        let (read, written) = (value(file, "enum", &scalar, typed), scalar.value.written());
        if allowed.contains(&written) {
            let message = format!("`{written}` occurs twice in the `enum`");
            file.fault(fault(scalar.span, message).hint("delete one of the two"));
        } else if read.is_some() {
            allowed.push(written);
        }
    }
    allowed
}

fn no_value(span: Span) -> crate::diagnostic::Diagnostic {
    fault(span, "an item of `enum` is an object")
        .hint("an `enum` lists values; objects with labels belong in `categories`")
}

/// A pattern matches the whole cell: in XML Schema patterns have no anchors, and anchors in ours change nothing.
fn pattern(file: &mut Declaration<'_>) -> Option<Regex> {
    let pattern = file.text("pattern")?;
    // First alone: unbalanced brackets in it could close the group put around it.
    let compiled = Regex::new(&pattern.value).and_then(|_| Regex::new(&format!("^(?:{})$", pattern.value)));
    compiled.map_err(|error| file.fault(no_pattern(&pattern, &error))).ok()
}

fn no_pattern(pattern: &Located<String>, error: &regex::Error) -> crate::diagnostic::Diagnostic {
    let text = error.to_string();
    let reason = text.lines().last().unwrap_or_default().trim_start_matches("error: ").trim_end_matches('.');
    let reason = reason.replace("Compiled regex", "compiled, it");
    let message = format!("the pattern `{}` is not a regular expression: {reason}", pattern.value);
    fault(pattern.span.clone(), message)
        .hint("to match a special character itself, write two backslashes before it: `\\\\+`")
}
