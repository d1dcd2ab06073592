//! The rules that every single table must satisfy.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::cells::judge;
use super::{Fault, Where};
use crate::declaration::nearest;
use crate::diagnostic::Code;
use crate::ingest::RawTable;
use crate::period::Period;
use crate::schema::{Kind, Schema};

type Check = fn(&RawTable, &Schema) -> Vec<Fault>;

/// The rules of one table, in the order their faults are found.
pub(super) const CHECKS: &[Check] =
    &[blank_labels, duplicate_labels, missing_labels, extra_labels, row_lengths, cells, unique, primary_key];

/// A spreadsheet of another country separates by something else: then nothing below can be judged.
pub(super) fn separator(table: &RawTable) -> Option<Fault> {
    let [only] = table.labels.as_slice() else { return None };
    let found = [';', '\t'].into_iter().find(|separator| only.text.contains(*separator))?;
    let name = if found == ';' { "semicolons" } else { "tabs" };
    let message = format!("the cells are separated by {name}; commas are expected");
    Some(
        Fault::new(Where::Label(0), Code::SourceError, message)
            .hint("save the file as CSV with commas, encoded as UTF-8"),
    )
}

fn blank_labels(table: &RawTable, _: &Schema) -> Vec<Fault> {
    let blank = table.labels.iter().enumerate().filter(|(_, label)| label.text.is_empty());
    blank.map(|(at, _)| Fault::new(Where::Label(at), Code::BlankLabel, "the label is empty")).collect()
}

fn duplicate_labels(table: &RawTable, _: &Schema) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, label) in table.labels.iter().enumerate().filter(|(_, label)| !label.text.is_empty()) {
        if table.column(&label.text) != Some(at) {
            let message = format!("the label `{}` occurs twice", label.text);
            faults.push(Fault::new(Where::Label(at), Code::DuplicateLabel, message));
        }
    }
    faults
}

fn missing_labels(table: &RawTable, schema: &Schema) -> Vec<Fault> {
    if table.labels.is_empty() {
        return Vec::new();
    }
    let missing = schema.fields.iter().filter(|field| field.required_column && table.column(&field.name).is_none());
    missing
        .map(|field| {
            Fault::new(Where::File, Code::MissingLabel, format!("the column `{}` is missing", field.name))
                .hint(format!("add the label `{}` to the first row, and its cell to every row", field.name))
        })
        .collect()
}

fn extra_labels(table: &RawTable, schema: &Schema) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, label) in table.labels.iter().enumerate().filter(|(_, label)| !label.text.is_empty()) {
        if schema.field(&label.text).is_some() {
            continue;
        }
        let message = format!("the column `{}` is not known to the table `{}`", label.text, schema.name);
        let names = schema.fields.iter().map(|field| field.name.as_str());
        let hint = match nearest(&label.text, names.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the columns are: {}", names.collect::<Vec<_>>().join(", ")),
        };
        faults.push(Fault::new(Where::Label(at), Code::ExtraLabel, message).hint(hint));
    }
    faults
}

fn row_lengths(table: &RawTable, _: &Schema) -> Vec<Fault> {
    let expected = table.labels.len();
    let mut faults = Vec::new();
    for (row, found) in &table.irregular {
        faults.push(match found {
            0 => Fault::new(Where::Cell((*row, None)), Code::BlankRow, "the row is blank").hint("delete the row"),
            _ if *found < expected => {
                let message = format!("the row has {found} cells, but there are {expected} labels");
                let hint = format!("`{}` and what follows it is missing", table.labels[*found].text);
                Fault::new(Where::Cell((*row, None)), Code::MissingCell, message).hint(hint)
            }
            _ => {
                let message = format!("the row has {found} cells, but there are {expected} labels");
                let hint = "a cell that holds a comma stands in quotes";
                Fault::new(Where::Cell((*row, Some(expected))), Code::ExtraCell, message).hint(hint)
            }
        });
    }
    let cut: Vec<usize> = table.irregular.iter().map(|(row, _)| *row).collect();
    let empty = |row: &usize| table.columns.iter().all(|column| column.cell(*row).is_empty());
    for row in (0..table.lines.len()).filter(empty).filter(|row| !cut.contains(row)) {
        faults.push(Fault::new(Where::Cell((row, None)), Code::BlankRow, "the row is blank").hint("delete the row"));
    }
    faults
}

/// Types and constraints: each distinct value is judged once, and its rows are looked for only when it is faulty.
fn cells(table: &RawTable, schema: &Schema) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, column) in table.columns.iter().enumerate() {
        let Some(field) = schema.field(&table.labels[at].text) else { continue };
        let required = schema.observations.as_ref().is_some_and(|observations| observations.requires(&field.name));
        let wrong: Vec<_> = column.values.iter().map(|value| judge(value, field, required)).collect();
        if wrong.iter().all(Option::is_none) {
            continue;
        }
        for row in (0..column.codes.len()).filter(|row| !is_short(table, *row, at)) {
            if let Some(wrong) = &wrong[column.codes[row] as usize] {
                let fault = Fault::new(Where::Cell((row, Some(at))), wrong.code, wrong.message.clone());
                faults.push(Fault { hint: wrong.hint.clone(), ..fault });
            }
        }
    }
    faults
}

/// Whether the row ended before this cell, which is a fault of its own already.
fn is_short(table: &RawTable, row: usize, column: usize) -> bool {
    let empty = || table.columns.iter().all(|column| column.cell(row).is_empty());
    table.irregular.iter().any(|(irregular, found)| *irregular == row && *found <= column) || empty()
}

fn unique(table: &RawTable, schema: &Schema) -> Vec<Fault> {
    let fields = schema.fields.iter().filter(|field| field.constraints.unique);
    fields.flat_map(|field| repeated(table, schema, std::slice::from_ref(&field.name), Code::UniqueError)).collect()
}

fn primary_key(table: &RawTable, schema: &Schema) -> Vec<Fault> {
    let single_and_unique = match schema.primary_key.as_slice() {
        [only] => schema.field(only).is_some_and(|field| field.constraints.unique),
        _ => false,
    };
    let lacking =
        |name: &String| table.column(name).is_none() && schema.field(name).is_some_and(|field| field.required_column);
    // A column under a wrong label may be the one that tells rows apart.
    let mislabelled = table.labels.iter().any(|label| schema.field(&label.text).is_none());
    // Register rows are identified by their case, and add up. Without one of its columns a key tells nothing apart.
    let keyless = schema.primary_key.is_empty() || schema.primary_key.iter().any(lacking);
    if keyless || single_and_unique || table.register || mislabelled {
        return Vec::new();
    }
    repeated(table, schema, &schema.primary_key, Code::PrimaryKey)
}

/// For each distinct value of a column the first one that says the same: a period is its bounds, however it is written.
fn equal_values(table: &RawTable, schema: &Schema, column: usize) -> Vec<u32> {
    let kind = schema.field(&table.labels[column].text).map(|field| field.kind);
    let values = &table.columns[column].values;
    let mut bounds: HashMap<(NaiveDate, NaiveDate), u32> = HashMap::new();
    let numbered = (0..).zip(values);
    let first = |(at, value): (u32, &String)| match (kind, Period::parse(value)) {
        (Some(Kind::Period), Ok(period)) => *bounds.entry((period.start(), period.end())).or_insert(at),
        _ => at,
    };
    numbered.map(first).collect()
}

fn repeated(table: &RawTable, schema: &Schema, key: &[String], code: Code) -> Vec<Fault> {
    let columns: Vec<usize> = key.iter().filter_map(|field| table.column(field)).collect();
    let Some(first_column) = columns.first() else { return Vec::new() };
    let equal: Vec<Vec<u32>> = columns.iter().map(|at| equal_values(table, schema, *at)).collect();
    let mut seen: HashMap<Vec<u32>, usize> = HashMap::new();
    let mut faults = Vec::new();
    for row in 0..table.lines.len() {
        let code_of = |(at, equal): (&usize, &Vec<u32>)| equal[table.columns[*at].codes[row] as usize];
        let values: Vec<u32> = columns.iter().zip(&equal).map(code_of).collect();
        let cells: Vec<&str> = columns.iter().map(|at| table.columns[*at].cell(row)).collect();
        if cells.iter().all(|cell| cell.is_empty()) {
            continue;
        }
        match seen.get(&values) {
            None => drop(seen.insert(values, row)),
            Some(first) => {
                let message = format!("`{}` occurs twice as {}", cells.join(", "), key.join(", "));
                let place = Where::Cell((row, (code == Code::UniqueError).then_some(*first_column)));
                let second = ((*first, (code == Code::UniqueError).then_some(*first_column)), "first here".to_owned());
                let hint = "delete one of the two, or correct what tells them apart";
                faults.push(Fault { second: Some(second), ..Fault::new(place, code, message).hint(hint) });
            }
        }
    }
    faults
}
