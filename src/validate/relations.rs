//! The rules that hold between the tables of a country.

use std::collections::{HashMap, HashSet};

use super::{Fault, Where};
use crate::declaration::nearest;
use crate::diagnostic::Code;
use crate::ingest::RawTable;
use crate::schema::{ForeignKey, Schema};

type Paired<'t> = (&'t RawTable, &'t Schema);

/// The faults of every relation, by table.
pub(super) fn check<'t>(tables: &[Paired<'t>]) -> Vec<(&'t RawTable, Vec<Fault>)> {
    let mut faults = Vec::new();
    for (table, schema) in tables {
        for key in &schema.foreign_keys {
            faults.push((*table, foreign_key(table, key, tables)));
        }
        faults.push((*table, publications(table)));
        faults.push((*table, sides(table, tables)));
        faults.push((*table, register_rows(table)));
        faults.push((*table, case_ids(table, tables)));
    }
    faults
}

/// Every reference must name a row that exists, in the same country.
fn foreign_key(table: &RawTable, key: &ForeignKey, tables: &[Paired<'_>]) -> Vec<Fault> {
    let Some(column) = table.column(&key.field) else { return Vec::new() };
    let target_name = if key.table.is_empty() { &table.table } else { &key.table };
    let named = tables.iter().filter(|(other, _)| &other.table == target_name && other.country == table.country);
    // A table that is missing, or lacks the column, is a fault of its own; no row can be blamed for it.
    if !named.clone().any(|(other, _)| other.column(&key.target).is_some()) {
        return Vec::new();
    }
    let targets: HashSet<&str> = named
        .filter_map(|(other, _)| other.column(&key.target).map(|at| &other.columns[at].values))
        .flatten()
        .map(String::as_str)
        .collect();
    let cells = &table.columns[column];
    let wrong: Vec<bool> =
        cells.values.iter().map(|value| !value.is_empty() && !targets.contains(value.as_str())).collect();
    let mut faults = Vec::new();
    for row in (0..cells.codes.len()).filter(|row| wrong[cells.codes[*row] as usize]) {
        let value = cells.cell(row);
        let message = format!("`{value}` is no `{}` of {target_name}.csv", key.target);
        let hint = match nearest(value, targets.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("add a row with the {} `{value}` to {target_name}.csv", key.target),
        };
        faults.push(Fault::new(Where::Cell((row, Some(column))), Code::ForeignKey, message).hint(hint));
    }
    faults
}

/// A publication names its date and address; only registers hold case ids.
fn publications(table: &RawTable) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let Some(role) = table.column("role") {
        for row in (0..table.lines.len()).filter(|row| table.columns[role].cell(*row) == "publication") {
            for needed in ["published", "url"] {
                let column = table.column(needed);
                if column.is_none_or(|at| table.columns[at].cell(row).is_empty()) {
                    let message = format!("a publication needs `{needed}`");
                    let place = Where::Cell((row, column));
                    faults.push(
                        Fault::new(place, Code::PublicationError, message).hint("a reader must be able to find it"),
                    );
                }
            }
        }
    }
    let Some(case) = table.column("case_id").filter(|_| !table.register) else { return faults };
    for row in (0..table.lines.len()).filter(|row| !table.columns[case].cell(*row).is_empty()) {
        let message = "a publication has no case id";
        let hint = "rows about single cases belong to the folder `register`, which is never committed";
        faults.push(Fault::new(Where::Cell((row, Some(case))), Code::PublicationError, message).hint(hint));
    }
    faults
}

/// A register's rows cite a register, a publication's a publication.
fn sides(table: &RawTable, tables: &[Paired<'_>]) -> Vec<Fault> {
    let sources = tables.iter().find(|(other, _)| other.table == "sources" && other.country == table.country);
    let columns = sources.and_then(|(sources, _)| Some((*sources, sources.column("id")?, sources.column("role")?)));
    let (Some((sources, id, role)), Some(source)) = (columns, table.column("source")) else { return Vec::new() };
    let registers: HashSet<&str> = (0..sources.lines.len())
        .filter(|row| sources.columns[role].cell(*row) == "register")
        .map(|row| sources.columns[id].cell(row))
        .collect();
    let known: HashSet<&str> = sources.columns[id].values.iter().map(String::as_str).collect();
    let cells = &table.columns[source];
    let wrong = |value: &String| known.contains(value.as_str()) && registers.contains(value.as_str()) != table.register;
    let wrong: Vec<bool> = cells.values.iter().map(wrong).collect();
    let fault = |row: usize| {
        let value = cells.cell(row);
        let (message, hint) = if table.register {
            (format!("`{value}` is a publication; a register's rows cite a register"), "move the row out of `register`")
        } else {
            (
                format!("`{value}` is a confidential register"),
                "move the row to the folder `register`, which is never committed",
            )
        };
        Fault::new(Where::Cell((row, Some(source))), Code::PublicationError, message).hint(hint)
    };
    (0..cells.codes.len()).filter(|row| wrong[cells.codes[*row] as usize]).map(fault).collect()
}

/// A register's rows are exact, and a row with a case id is one case.
fn register_rows(table: &RawTable) -> Vec<Fault> {
    let (Some(count), true) = (table.column("count"), table.register) else { return Vec::new() };
    let mut faults = Vec::new();
    let mut judge = |column: usize, allowed: &[&str], message: &str, judged: &dyn Fn(usize) -> bool| {
        let cells = &table.columns[column];
        // What is empty or no number was said already.
        let said = |value: &String| column == count && value.parse::<i64>().is_err();
        let wrong = cells.values.iter().map(|value| !allowed.contains(&value.as_str()) && !said(value));
        let wrong: Vec<bool> = wrong.collect();
        for row in (0..cells.codes.len()).filter(|row| wrong[cells.codes[*row] as usize] && judged(*row)) {
            faults.push(Fault::new(Where::Cell((row, Some(column))), Code::ConstraintError, message));
        }
    };
    let case = table.column("case_id");
    let a_case = |row: usize| case.is_some_and(|at| !table.columns[at].cell(row).is_empty());
    judge(count, &["1"], "in a register a row with a case id counts 1", &a_case);
    if let Some(qualifier) = table.column("qualifier") {
        judge(qualifier, &["", "exact"], "a register's rows are exact", &|_| true);
    }
    faults
}

/// In a register a case id is there, counts once, and stands once for each stage or status.
fn case_ids(table: &RawTable, tables: &[Paired<'_>]) -> Vec<Fault> {
    let Some(observations) =
        tables.iter().find(|(t, _)| std::ptr::eq(*t, table)).and_then(|(_, s)| s.observations.as_ref())
    else {
        return Vec::new();
    };
    let measure = observations.measure.as_ref().and_then(|name| table.column(name));
    let (Some(case), Some(measure), true) = (table.column("case_id"), measure, table.register) else {
        return Vec::new();
    };
    let mut seen = HashMap::new();
    let mut faults = Vec::new();
    for row in 0..table.lines.len() {
        let id = table.columns[case].codes[row];
        if table.columns[case].cell(row).is_empty() {
            continue;
        }
        let first = *seen.entry((id, table.columns[measure].codes[row])).or_insert(row);
        if first != row {
            let fault =
                Fault::new(Where::Cell((row, Some(case))), Code::UniqueError, "the case id occurs twice in one stage");
            faults.push(Fault { second: Some(((first, Some(case)), "first here".to_owned())), ..fault });
        }
    }
    faults
}
