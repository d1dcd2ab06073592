//! The row of labels: every label must be known; none may be empty, missing or there twice.

use std::collections::HashSet;

use super::checked::Checked;
use super::fault::{Fault, Where};
use crate::diagnostic::{Code, Severity};
use crate::project::declaration::nearest;
use crate::project::schema::{Field, FieldsMatch, Schema};
use crate::tables::ingest::{Label, RawTable};

/// The number of columns, without the empty ones that spreadsheets leave at the end.
pub(super) fn width(table: &RawTable) -> usize {
    let empty = |at: &usize| {
        let values = table.columns.get(*at).map_or(&[][..], |column| column.values());
        table.labels[*at].text.is_empty() && values.iter().all(String::is_empty)
    };
    let trailing = (0..table.labels.len()).rev().take_while(empty).count();
    table.labels.len() - trailing
}

/// The fault of a first row without any label, below which nothing can be judged.
pub(super) fn none(table: &RawTable, schema: &Schema) -> Option<Fault> {
    let fields = || schema.fields.iter().map(|field| field.name.as_str());
    let known = |label: &Label| !label.text.is_empty() && meant(&label.text, fields()).is_some();
    if table.labels.is_empty() || schema.fields.is_empty() || table.labels.iter().any(known) {
        return None;
    }
    let message = format!("the first row contains no label of the table `{}`", schema.name);
    let hint = format!("the first row must name the columns, of: {}", fields().collect::<Vec<_>>().join(", "));
    Some(Fault::new(Where::File, Code::MissingLabel, message).hint(hint))
}

/// The field that a label names, or that was probably meant.
fn meant<'f>(label: &str, fields: impl Iterator<Item = &'f str> + Clone) -> Option<&'f str> {
    let plain = label.trim().to_lowercase().split_whitespace().collect::<Vec<_>>().join("_");
    fields
        .clone()
        .find(|field| *field == label)
        .or_else(|| fields.clone().find(|field| *field == plain))
        .or_else(|| nearest(label, fields))
}

pub(super) fn blank(at: &Checked<'_>) -> Vec<Fault> {
    let labels = &at.table.labels;
    let width = width(at.table);
    let blank = (0..width).filter(|at| labels[*at].text.is_empty());
    let mut faults: Vec<Fault> = blank
        .map(|at| {
            Fault::new(Where::Label(at), Code::BlankLabel, "the label is empty")
                .hint("write the column's label, or delete the column")
        })
        .collect();
    if width > 0 && width < labels.len() {
        let empty = labels.len() - width;
        let message = format!("{empty} empty {} at the end", if empty == 1 { "column" } else { "columns" });
        let fault = Fault::new(Where::Label(width), Code::BlankLabel, format!("{message}, which are ignored"));
        faults.push(fault.severity(Severity::Note));
    }
    faults
}

pub(super) fn duplicate(at: &Checked<'_>) -> Vec<Fault> {
    let mut known = HashSet::new();
    let labels = at.table.labels.iter().enumerate().filter(|(_, label)| !label.text.is_empty());
    let again = labels.filter(|(_, label)| !known.insert(label.text.as_str()));
    again
        .map(|(at, label)| {
            Fault::new(Where::Label(at), Code::DuplicateLabel, format!("the label `{}` occurs twice", label.text))
                .hint("delete one of the two columns, or correct its label")
        })
        .collect()
}

pub(super) fn missing(at: &Checked<'_>) -> Vec<Fault> {
    if at.table.labels.is_empty() {
        return Vec::new();
    }
    let all = matches!(at.schema.fields_match, FieldsMatch::Exact | FieldsMatch::Equal | FieldsMatch::Subset);
    let there = |field: &Field| at.table.column(&field.name).is_some();
    // A column whose label is mistyped is not missing.
    let names = || at.schema.fields.iter().map(|field| field.name.as_str());
    let unknown = at.table.labels.iter().filter(|label| at.schema.field(&label.text).is_none());
    let mistyped: Vec<&str> = unknown.filter_map(|label| meant(&label.text, names())).collect();
    let there = |field: &Field| there(field) || mistyped.contains(&field.name.as_str());
    let none = at.schema.fields_match == FieldsMatch::Partial && !at.schema.fields.iter().any(there);
    let missing = at.schema.fields.iter().filter(|field| (all || none || field.required_column) && !there(field));
    missing
        .map(|field| {
            Fault::new(Where::File, Code::MissingLabel, format!("the column `{}` is missing", field.name))
                .hint(format!("add the label `{}` to the first row, and its cell to every row", field.name))
        })
        .collect()
}

/// Labels must be in the order of the fields, if the schema requires it.
pub(super) fn order(at: &Checked<'_>) -> Vec<Fault> {
    let place = |label: &Label| at.schema.fields.iter().position(|field| field.name == label.text);
    let places: Vec<usize> = at.table.labels.iter().filter_map(place).collect();
    if at.schema.fields_match != FieldsMatch::Exact || places.is_sorted() {
        return Vec::new();
    }
    let wrong = places.windows(2).position(|pair| pair[0] > pair[1]).map_or(0, |at| at + 1);
    let label = &at.schema.fields[places[wrong]].name;
    let names: Vec<&str> = at.schema.fields.iter().map(|field| field.name.as_str()).collect();
    let fault = Fault::new(
        Where::Label(at.table.column(label).unwrap_or(0)),
        Code::IncorrectLabel,
        format!("the label `{label}` is out of order"),
    );
    vec![fault.hint(format!("the order is: {}", names.join(", ")))]
}

pub(super) fn extra(at: &Checked<'_>) -> Vec<Fault> {
    if matches!(at.schema.fields_match, FieldsMatch::Subset | FieldsMatch::Partial) {
        return Vec::new();
    }
    let mut faults = Vec::new();
    for (column, label) in at.table.labels.iter().enumerate().filter(|(_, label)| !label.text.is_empty()) {
        if at.schema.field(&label.text).is_some() {
            continue;
        }
        let message = format!("the table `{}` has no column `{}`", at.schema.name, label.text);
        let names = at.schema.fields.iter().map(|field| field.name.as_str());
        let hint = match meant(&label.text, names.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the columns are: {}", names.collect::<Vec<_>>().join(", ")),
        };
        faults.push(Fault::new(Where::Label(column), Code::ExtraLabel, message).hint(hint));
    }
    faults
}
