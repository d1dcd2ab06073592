//! Reads what an indicator measures: rows of a table, a collection of other indicators, or the ratio of two.

use std::collections::BTreeMap;

use super::{Measure, Ratio, Selector, unknown};
use crate::diagnostic::{Code, Diagnostic};
use crate::project::declaration::{Declaration, Located};
use crate::project::schema::Schema;

/// The keys that define what an indicator measures. It must have exactly one of them.
const WAYS: [&str; 3] = ["table", "collect", "ratio"];
/// The other keys of an indicator.
const FURTHER: [&str; 11] = [
    "measure",
    "dimensions",
    "where",
    "released_table",
    "key_figure",
    "of_whom",
    "on_request",
    "background",
    "order",
    "breaks",
    "chart",
];
/// The table of dated events, which are shown and not counted.
const DATED: &str = "events";

/// Reads what is measured, with the schema of its table. It is a fault to measure nothing, or two things.
pub(super) fn measure<'s>(file: &mut Declaration<'_>, schemas: &'s [Schema]) -> (Option<&'s Schema>, Measure) {
    one_way(file);
    let schema = table(file, schemas);
    let measure = match file.table("ratio") {
        Some(declared) => Measure::Ratio(ratio(declared)),
        None => counted(file, schema),
    };
    (schema, measure)
}

fn one_way(file: &mut Declaration<'_>) {
    let mut written = WAYS.iter().filter_map(|way| file.key(way));
    let fault = match (written.next(), written.next()) {
        (None, _) if file.is_explained(&WAYS, &FURTHER) => return,
        (None, _) => {
            let message = "the indicator measures nothing: it has no `table`, no `collect` and no `[ratio]`";
            let fault = Diagnostic::error(Code::MissingField, file.span(), message);
            fault.hint("name the table and the measure that it counts, or the indicators that it collects")
        }
        (Some(_), Some(second)) => {
            let message = "an indicator must have only one of `table`, `collect` and `[ratio]`";
            let fault = Diagnostic::error(Code::InvalidValue, second, message);
            fault.hint("delete one of the two, or declare a second indicator")
        }
        (Some(_), None) => match (file.empty_list("collect"), file.key("measure").filter(|_| file.has("collect"))) {
            (Some(empty), _) => Diagnostic::error(Code::InvalidValue, empty, "`collect` names no indicator"),
            (None, Some(measure)) => {
                let fault = Diagnostic::error(Code::InvalidValue, measure, "`measure` belongs to `table`");
                fault.hint("delete it: each collected indicator has its own")
            }
            (None, None) => return,
        },
    };
    file.fault(fault);
    if file.has("ratio") {
        // These keys belong to the other way of measuring.
        file.tolerate(&["measure", "collect"]);
    }
}

/// Checks `measure`: it is required for a table with several measures, which are never added, and for no other.
fn unmeasured(file: &mut Declaration<'_>, schema: &Schema, code: Option<&Located<String>>) {
    let column = schema.observations.as_ref().and_then(|observations| observations.measure.as_ref());
    let fault = match (column, code) {
        (Some(column), None) if !file.is_explained(&["measure"], &FURTHER) => {
            let fault = Diagnostic::error(Code::MissingField, file.span(), "the key `measure` is missing");
            let codes = schema.field(column).map_or(&[][..], |field| field.constraints.allowed.as_slice());
            let message = format!("name the `{column}` of `{}` that it counts", schema.name);
            fault.hint(if codes.is_empty() { message } else { format!("{message}: {}", codes.join(", ")) })
        }
        (None, Some(code)) => {
            let message = format!("`{}` has a single measure", schema.name);
            Diagnostic::error(Code::InvalidValue, code.span.clone(), message).hint("delete `measure`")
        }
        _ => return,
    };
    file.fault(fault);
}

fn table<'s>(file: &mut Declaration<'_>, schemas: &'s [Schema]) -> Option<&'s Schema> {
    let named = file.text("table")?;
    let schema = schemas.iter().find(|schema| schema.name == named.value);
    if schema.is_none() {
        unknown(file, "table", &named, schemas.iter().map(|schema| schema.name.as_str()).collect());
    }
    // A table with neither figures nor dated events has nothing to show.
    let holds = |schema: &Schema| schema.fields.is_empty() || schema.observations.is_some() || schema.name == DATED;
    if let Some(schema) = schema.filter(|schema| !holds(schema)) {
        let message = format!("`{}` has nothing to count", schema.name);
        file.fault(Diagnostic::error(Code::InvalidValue, named.span, message));
    }
    // Nothing can be checked against a schema that could not be read.
    schema.filter(|schema| !schema.fields.is_empty())
}

/// Reads `[ratio]`; `load` checks that its indicators exist.
fn ratio(mut declared: Declaration<'_>) -> Ratio {
    let of = part(&mut declared, "of");
    let to = part(&mut declared, "to");
    let per = declared.integer("per").map_or(100, |per| {
        if per.value < 1 {
            let message = format!("`per` is {}; a number above 0 is expected", per.value);
            declared.fault(Diagnostic::error(Code::InvalidValue, per.span, message));
        }
        per.value.max(1)
    });
    declared.finish();
    Ratio { of, to, per }
}

fn part(declared: &mut Declaration<'_>, key: &'static str) -> Located<Selector> {
    let text = declared.required_text(key);
    let selector = selector(declared, &text);
    let none = || Selector { indicator: String::new(), codes: BTreeMap::new() };
    Located { value: selector.unwrap_or_else(none), span: text.span }
}

/// Reads a selector; reports a text that is not one.
fn selector(file: &mut Declaration<'_>, text: &Located<String>) -> Option<Selector> {
    let selector = Selector::parse(&text.value);
    if selector.is_none() {
        let message = format!("`{}` is not an indicator, or an indicator with `:dimension=code`", text.value);
        file.fault(Diagnostic::error(Code::InvalidValue, text.span.clone(), message));
    }
    selector
}

fn counted(file: &mut Declaration<'_>, schema: Option<&Schema>) -> Measure {
    let asked = file.has("measure");
    let code = file.text("measure");
    let collected = file.texts("collect");
    let Some(schema) = schema else {
        let mut selectors = Vec::new();
        for text in collected {
            let read = selector(file, &text);
            selectors.extend(read.map(|value| Located { value, span: text.span }));
        }
        return Measure::Collection(selectors);
    };
    let Some(observations) = &schema.observations else { return Measure::Events };
    let stock = code.as_ref().is_some_and(|code| observations.is_stock(&code.value));
    // A measure of the wrong type is a fault already.
    if asked == code.is_some() {
        unmeasured(file, schema, code.as_ref());
    }
    if let (Some(code), Some(field)) = (&code, observations.measure.as_ref().and_then(|name| schema.field(name))) {
        let allowed = &field.constraints.allowed;
        if !allowed.is_empty() && !allowed.contains(&code.value) {
            unknown(file, "measure", code, allowed.iter().map(String::as_str).collect());
        }
    }
    Measure::Observed { table: schema.name.clone(), code: code.map(|code| code.value), stock }
}
