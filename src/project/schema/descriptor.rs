//! The schema file as a whole: its fields, how columns match them, its keys.

use super::fields::{self, Column, Table};
use super::observed::Observed;
use super::references::Keys;
use super::{FieldsMatch, Schema, codes, fault, instead};
use crate::project::declaration::Declaration;

/// The properties of the whole table in the standard that are not read here.
const DESCRIBING: [&str; 10] = [
    "$schema",
    "name",
    "homepage",
    "version",
    "created",
    "keywords",
    "contributors",
    "examples",
    "sources",
    "licenses",
];

/// Reads a schema key by key; every fault has its place.
pub(super) fn read(name: &str, mut file: Declaration<'_>) -> Schema {
    let (observed, keys) = (Observed::take(&mut file), Keys::take(&mut file));
    let fields_match = fields_match(&mut file);
    let table = Table { missing: codes::missing(&mut file), value: observed.value_name() };
    let mut columns = columns(&mut file, &table);
    distinct(&mut file, &columns);
    spans(&mut file, &columns);
    let keys = keys.check(&mut file, &columns);
    let observations = observed.check(&mut file, &mut columns);
    let _ = (file.text("title"), file.text("description"));
    let unit = file.text("tipbrief:unit").map(|unit| unit.value);
    file.tolerate(&DESCRIBING);
    file.finish_open("tipbrief:");
    Schema {
        name: name.to_owned(),
        unit,
        fields: columns.into_iter().map(|column| column.field).collect(),
        fields_match,
        primary_key: keys.primary,
        unique_keys: keys.unique,
        foreign_keys: keys.foreign,
        observations,
    }
}

fn columns(file: &mut Declaration<'_>, table: &Table) -> Vec<Column> {
    if !file.has("fields") {
        let missing = fault(file.span(), "the property `fields` is missing");
        file.fault(missing.hint("add `\"fields\": [ { \"name\": \"…\" } ]`, one object for each column"));
    }
    let Some(read) = file.items("fields", |item| Some(fields::read(item, table))) else { return Vec::new() };
    if read.value.is_empty() {
        let empty = fault(read.span, "`fields` is empty, but a table has columns");
        file.fault(empty.hint("add an object such as `{ \"name\": \"period\" }` for each column"));
    }
    let mut columns = Vec::new();
    for column in read.value {
        match column {
            Ok(column) => columns.push(column),
            Err(span) => file.fault(fault(span, "a field is an object").hint("write `{ \"name\": \"…\" }`")),
        }
    }
    columns
}

/// Reports fields that have the same name.
fn distinct(file: &mut Declaration<'_>, columns: &[Column]) {
    for (at, column) in columns.iter().enumerate() {
        let name = &column.field.name;
        if let Some(first) = columns[..at].iter().find(|earlier| &earlier.field.name == name && !name.is_empty()) {
            let twice = fault(column.place.clone(), format!("the field `{name}` occurs twice"));
            let twice = twice.hint("delete one of the two, or rename it");
            file.fault(twice.second(first.place.clone(), "first here"));
        }
    }
}

/// Reports a `tipbrief:within` that does not name two fields of the type date.
fn spans(file: &mut Declaration<'_>, columns: &[Column]) {
    let names = fields::names(columns);
    for named in columns.iter().flat_map(|column| &column.within) {
        if !super::known_field(file, named, &names) {
            continue;
        }
        let dated = |column: &Column| {
            column.field.name == named.value && column.field.kind != super::Kind::Date && !column.unknown
        };
        if let Some(other) = columns.iter().find(|column| dated(column)) {
            let message = format!("`{}` is of the type {}, not date", named.value, other.field.kind.name());
            file.fault(fault(named.span.clone(), message).hint("name two fields of the type `date`"));
        }
    }
}

fn fields_match(file: &mut Declaration<'_>) -> FieldsMatch {
    // The profile of version 2.0 requires a list of one item, the text of the standard a string.
    let Some(named) = file.texts("fieldsMatch").into_iter().next() else { return FieldsMatch::default() };
    let found = FieldsMatch::NAMES.into_iter().find(|(name, _)| *name == named.value);
    if found.is_none() {
        let names = FieldsMatch::NAMES.map(|(name, _)| name);
        let message = format!("`{}` is not a value of `fieldsMatch`", named.value);
        file.fault(fault(named.span, message).hint(instead(&named.value, "values", names)));
    }
    found.map_or_else(FieldsMatch::default, |(_, found)| found)
}
