//! What a country keeps by hand and what mappings make of the same table are one table for the rules that follow; registers
//! stay apart from publications. First each file is judged as it is written.

use std::collections::HashMap;

use rayon::prelude::*;

use super::checked::Checked;
use super::checks::OF_FILES;
use super::fault::{Fault, joined_lists, report};
use super::frame::absent;
use super::{Declared, labels, rows};
use crate::diagnostic::Diagnostics;
use crate::diagnostic::bug::caught;
use crate::project::schema::Schema;
use crate::tables::ingest::RawTable;

/// Reports what is wrong with each file as it is written, and joins the tables of one kind. A file whose labels are faulty is
/// left by itself.
pub(super) fn joined(tables: Vec<RawTable>, declared: Declared<'_>, diagnostics: &mut Diagnostics) -> Vec<RawTable> {
    let judged = |table: &RawTable| {
        let schema = declared.schema_of(table).filter(|_| !table.is_made());
        caught(|| schema.map(|schema| of_file(table, schema, declared)).unwrap_or_default())
    };
    let judged: Vec<_> = tables.par_iter().map(judged).collect();
    let mut groups: Vec<Vec<RawTable>> = Vec::new();
    let mut known: HashMap<(String, String, bool), usize> = HashMap::new();
    for (table, judged) in tables.into_iter().zip(judged) {
        let faults = diagnostics.unless_bug(&table.country, judged);
        let sound = faults.as_ref().is_some_and(|faults| !faults.iter().any(Fault::is_error)) && !table.cut;
        let country = table.country.clone();
        diagnostics.guard(&country, |diagnostics| report(&table, faults.unwrap_or_default(), diagnostics));
        let kind = (country, table.table.clone(), table.register);
        match known.get(&kind).filter(|_| table.is_made()).and_then(|at| groups.get_mut(*at)) {
            Some(own) => own.push(table),
            None => {
                if sound {
                    known.entry(kind).or_insert(groups.len());
                }
                groups.push(vec![table]);
            }
        }
    }
    groups.into_iter().filter_map(|own| one(own, declared)).collect()
}

/// Tables of one kind as one.
fn one(tables: Vec<RawTable>, declared: Declared<'_>) -> Option<RawTable> {
    let schema = tables.first().and_then(|table| declared.schema_of(table));
    RawTable::joined(tables, |field| schema.map_or("", |schema| absent(field, schema)))
}

/// What is wrong with a file as it is written.
fn of_file(table: &RawTable, schema: &Schema, declared: Declared<'_>) -> Vec<Fault> {
    let checked = Checked::of(table, schema, &[], declared);
    if let Some(faults) = hopeless(&checked) {
        return faults;
    }
    let mut faults = joined_lists(OF_FILES.iter().map(|check| check(&checked)).collect());
    if table.looks.any_faulty() {
        faults.retain(|fault| !fault.is_second(table));
    }
    faults
}

/// The faults of a file with labels below which nothing can be judged.
pub(super) fn hopeless(at: &Checked<'_>) -> Option<Vec<Fault>> {
    if let Some(fault) = labels::none(at.table, at.schema).filter(|_| !at.table.is_made()) {
        return Some(vec![fault]);
    }
    let fault = rows::none_fits(at.table, at.schema)?;
    // If a label occurs twice, that is why there is one too many.
    let twice = labels::duplicate(at);
    Some(if twice.is_empty() { vec![fault] } else { twice })
}
