//! A table as a workbook to fill in: its columns with notes and what is offered for them, and the rows that it has already. `convert`
//! puts such workbooks in the place of the files of a project.

pub mod convert;
mod note;
mod offers;
mod rows;

use std::collections::BTreeSet;

use anyhow::Result;

use crate::delivery::publish::{BookColumn, BookTable, Offer, workbook};
use crate::project::Project;
use crate::project::country::Country;
use crate::project::schema::{Field, Kind, Schema};
use crate::tables::count::REPEATED;
use note::Beside;
use offers::{Ground, Reference, is_plain};
use rows::Rows;

/// The column of registers alone.
const CASE: &str = "case_id";

/// The bytes of a public table's workbook without rows.
///
/// # Errors
/// When the table does not fit into a workbook.
pub(super) fn empty(project: &Project, country: &Country, schema: &Schema) -> Result<Vec<u8>> {
    let rows = Rows { labels: labels(schema, false), ..Rows::default() };
    let references: Vec<Reference> = schema.foreign_keys.iter().filter_map(|key| named(schema, key)).collect();
    let ground = Ground { project, country, schema, references: &references };
    workbook(&table(&ground, rows, false))
}

/// The labels of a table without rows.
pub(super) fn labels(schema: &Schema, register: bool) -> Vec<String> {
    let names = schema.fields.iter().filter(|field| !field.later_column).map(|field| field.name.as_str());
    names.filter(|name| *name != REPEATED && (register || *name != CASE)).map(str::to_owned).collect()
}

/// A reference to another table by one column, before its rows are known.
fn named(schema: &Schema, key: &crate::project::schema::ForeignKey) -> Option<Reference> {
    let ([field], [target]) = (key.fields.as_slice(), key.targets.as_slice()) else { return None };
    let table = if key.table.is_empty() { schema.name.clone() } else { key.table.clone() };
    Some(Reference { field: field.clone(), table, target: target.clone(), rows: Vec::new() })
}

/// A table to fill in. It gains the columns that may stay empty: an empty one says what a missing one says.
fn table(ground: &Ground<'_>, mut rows: Rows, register: bool) -> BookTable {
    let schema = ground.schema;
    for label in labels(schema, register) {
        let lacks = !rows.labels.contains(&label) && label != CASE;
        if lacks && schema.field(&label).is_some_and(|field| !note::is_required(schema, field)) {
            rows.add(&label);
        }
    }
    let column = |(at, label): (usize, &String)| match schema.field(label) {
        Some(field) => known(ground, field, (at, &rows)),
        None => BookColumn {
            label: label.clone(),
            note: note::unknown(schema, label),
            required: false,
            numbers: false,
            offer: Offer::Nothing,
        },
    };
    let columns = rows.labels.iter().enumerate().map(column).collect();
    BookTable { name: schema.name.clone(), columns, rows: rows.cells }
}

/// A column that the schema knows.
fn known(ground: &Ground<'_>, field: &Field, (at, rows): (usize, &Rows)) -> BookColumn {
    let used: BTreeSet<&str> = rows.cells.iter().filter_map(|row| row.get(at)).map(String::as_str).collect();
    let offer = ground.offer(field, &used, &rows.labels);
    let listed = if let Offer::Codes { codes, .. } = &offer { codes.len() } else { 0 };
    let beside = Beside { text: ground.project.texts.first(), reference: ground.reference(field), listed };
    BookColumn {
        label: field.name.clone(),
        note: note::note(ground.schema, field, &beside),
        required: note::is_required(ground.schema, field),
        numbers: matches!(field.kind, Kind::Integer | Kind::Number) && is_plain(field),
        offer,
    }
}
