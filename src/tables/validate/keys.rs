//! Keys: unique fields, primary and unique keys, case ids, and references to other rows.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::cells::{judge, passes};
use super::checked::Checked;
use super::fault::Fault;
use super::labels::width;
use super::repeats::repeats;
use crate::diagnostic::Code;
use crate::project::declaration::nearest;
use crate::project::schema::{FieldsMatch, ForeignKey, Kind, Schema};
use crate::tables::ingest::RawTable;
use crate::value::period::Period;

/// How many pairs of a wrong and a known value are compared in one column, at most, to suggest what was meant: if a whole
/// column is wrong, thousands of guesses help nobody.
const MOST_COMPARED: usize = 1 << 20;

/// The table of sources.
const SOURCES: &str = "sources";
/// The column that cites them.
const SOURCE: &str = "source";

pub(super) fn unique_fields(at: &Checked<'_>) -> Vec<Fault> {
    let fields = at.schema.fields.iter().filter(|field| field.constraints.unique);
    fields.flat_map(|field| repeated(at, std::slice::from_ref(&field.name), Code::UniqueError, false)).collect()
}

pub(super) fn primary_key(at: &Checked<'_>) -> Vec<Fault> {
    let key = at.schema.primary_key.as_slice();
    let single_and_unique = match key {
        [only] => at.schema.field(only).is_some_and(|field| field.constraints.unique),
        _ => false,
    };
    // Rows of a register are identified by their case, and are added up.
    if single_and_unique || at.table.register { Vec::new() } else { repeated(at, key, Code::PrimaryKey, false) }
}

/// Keys beside the primary one. A row with an empty cell in such a key is left out.
pub(super) fn unique_keys(at: &Checked<'_>) -> Vec<Fault> {
    at.schema.unique_keys.iter().flat_map(|key| repeated(at, key, Code::UniqueError, true)).collect()
}

/// Whether the file has the columns of a key, under their right labels: otherwise rows cannot be compared by it.
fn usable(table: &RawTable, schema: &Schema, key: &[String]) -> bool {
    let lacking =
        |name: &String| table.column(name).is_none() && schema.field(name).is_some_and(|field| field.required_column);
    let open = matches!(schema.fields_match, FieldsMatch::Subset | FieldsMatch::Partial);
    let mislabelled = !open && table.labels[..width(table)].iter().any(|label| schema.field(&label.text).is_none());
    !key.is_empty() && !key.iter().any(lacking) && !mislabelled
}

fn repeated(at: &Checked<'_>, key: &[String], code: Code, whole: bool) -> Vec<Fault> {
    let table = at.table;
    let columns: Vec<usize> = key.iter().filter_map(|field| table.column(field)).collect();
    if columns.is_empty() || !usable(table, at.schema, key) {
        return Vec::new();
    }
    let same: Vec<Option<Vec<u64>>> = columns.iter().map(|column| equal_values(table, at.schema, *column)).collect();
    let empty: Vec<Option<u64>> = columns.iter().map(|column| table.columns[*column].empty_code()).collect();
    let is_empty = |row: usize| {
        let mut cells = columns.iter().zip(&empty);
        let blank = |(column, empty): (&usize, &Option<u64>)| *empty == Some(table.columns[*column].code(row));
        if whole { cells.any(blank) } else { cells.all(blank) }
    };
    let pairs = repeats(table, &columns, &same, |row| !is_empty(row));
    let one_cell = (columns.len() == 1).then(|| columns[0]);
    pairs.into_iter().map(|(first, row)| twice(at, &columns, key, code, (first, row), one_cell)).collect()
}

fn twice(
    at: &Checked<'_>,
    columns: &[usize],
    key: &[String],
    code: Code,
    (first, row): (usize, usize),
    cell: Option<usize>,
) -> Fault {
    let key_cells: Vec<&str> = columns.iter().map(|column| at.table.columns[*column].cell(row)).collect();
    let message = if at.table.register || key_cells.iter().all(|cell| cell.is_empty()) {
        format!("the row repeats an earlier one in {}", key.join(", "))
    } else {
        format!("`{}` occurs twice as {}", key_cells.join(", "), key.join(", "))
    };
    let fault = match cell {
        Some(column) => Fault::cell(row, column, code, message),
        None => Fault::row(row, code, message),
    };
    fault
        .second((first, cell), "first here")
        .hint("delete one of the two, or correct the cells in which they should differ")
}

/// The first distinct value with the same meaning, for each one in a column: periods are equal if their days are.
pub(super) fn equal_values(table: &RawTable, schema: &Schema, column: usize) -> Option<Vec<u64>> {
    let field = schema.field(&table.labels[column].text)?;
    if field.kind != Kind::Period || !table.columns[column].coded() {
        return None;
    }
    let mut bounds: HashMap<(NaiveDate, NaiveDate), u64> = HashMap::new();
    let first = |(at, value): (u64, &String)| match Period::parse(value) {
        Ok(period) => *bounds.entry((period.start(), period.end())).or_insert(at),
        Err(_) => at,
    };
    Some((0..).zip(table.columns[column].values()).map(first).collect())
}

/// In a register's table a case id may occur once for each stage or status, even if several registers are in it.
pub(super) fn case_ids(at: &Checked<'_>) -> Vec<Fault> {
    let measure = at.schema.observations.as_ref().and_then(|observations| observations.measure.as_ref());
    let measure = measure.and_then(|name| at.table.column(name));
    let (Some(case), Some(measure), true) = (at.table.column("case_id"), measure, at.table.register) else {
        return Vec::new();
    };
    let cases = &at.table.columns[case];
    let empty = cases.empty_code();
    let pairs = repeats(at.table, &[case, measure], &[None, None], |row| Some(cases.code(row)) != empty);
    let fault = |(first, row): (usize, usize)| {
        // Of delivered files a mapping tells the same of the whole row.
        if at.table.made_with(first).is_some() && at.table.made_with(row).is_some() {
            let message = "an earlier row has this case id in the same stage or status";
            return Fault::row(row, Code::PrimaryKey, message)
                .second((first, None), "first here")
                .hint("delete one of the two rows, or correct its case id");
        }
        Fault::cell(row, case, Code::UniqueError, "the case id occurs twice in one stage")
            .second((first, Some(case)), "first here")
            .hint("delete one of the two rows, or correct its case id")
    };
    pairs.into_iter().map(fault).collect()
}

/// Every reference must name an existing row of the same country.
pub(super) fn foreign_keys(at: &Checked<'_>) -> Vec<Fault> {
    at.schema.foreign_keys.iter().flat_map(|key| foreign_key(at, key)).collect()
}

fn foreign_key(at: &Checked<'_>, key: &ForeignKey) -> Vec<Fault> {
    let columns: Option<Vec<usize>> = key.fields.iter().map(|field| at.table.column(field)).collect();
    let name = if key.table.is_empty() { &at.table.table } else { &key.table };
    let targets: Vec<(&RawTable, Vec<usize>)> = at
        .named(name)
        .filter_map(|other| Some((other, key.targets.iter().map(|field| other.column(field)).collect::<Option<_>>()?)))
        .collect();
    // A table that is missing, or lacks the column, is reported elsewhere; it is not the fault of a row.
    let whole = targets.iter().all(|(other, _)| !other.cut);
    let columns = columns.filter(|columns| !columns.is_empty() && !targets.is_empty() && whole);
    let Some(columns) = columns else { return Vec::new() };
    match columns.as_slice() {
        [column] => single(at, key, name, *column, &targets),
        _ => several(at, key, name, &columns, &targets),
    }
}

/// Judges references of one field, once for each distinct value.
fn single(
    at: &Checked<'_>,
    key: &ForeignKey,
    name: &str,
    column: usize,
    targets: &[(&RawTable, Vec<usize>)],
) -> Vec<Fault> {
    let known = targets.iter().flat_map(|(other, columns)| other.columns[columns[0]].values());
    let known: HashSet<&str> = known.map(String::as_str).collect();
    let cells = &at.table.columns[column];
    // A value that its own field does not allow is reported there.
    let field = at.schema.field(&at.table.labels[column].text);
    let refers = |cell: &str| field.is_none_or(|field| judge(cell, field, false, false).is_none());
    let is_wrong = |cell: &String| !cell.is_empty() && !known.contains(cell.as_str()) && refers(cell);
    let wrong: Vec<bool> = cells.values().iter().map(is_wrong).collect();
    if !wrong.contains(&true) {
        return Vec::new();
    }
    let file = at.file_of(name);
    let (mut hints, mut left): (HashMap<&str, String>, usize) = (HashMap::new(), MOST_COMPARED);
    let mut fault = |row: usize| {
        let value = cells.cell(row);
        let hint = hints.entry(value).or_insert_with(|| {
            let compared = left.checked_sub(known.len());
            left = compared.unwrap_or_default();
            match compared.and_then(|_| nearest(value, known.iter().copied())) {
                Some(near) => format!("did you mean `{near}`?"),
                None => offered(at, key, name, value),
            }
        });
        let message = format!("no row of {file} has the {} `{value}`", key.targets[0]);
        Fault::cell(row, column, Code::ForeignKey, message).hint(hint.as_str())
    };
    let is_wrong = |code: u64| usize::try_from(code).is_ok_and(|code| wrong.get(code) == Some(&true));
    // The source of rows that a mapping made is reported once, at its line there.
    let sourced = name == SOURCES && at.table.labels.get(column).is_some_and(|label| label.text == SOURCE);
    let told = |row: &usize| sourced && at.table.made_with(*row).is_some();
    cells.rows_with(is_wrong).into_iter().filter(|row| !told(row)).map(&mut fault).collect()
}

/// The hint where no row has a similar id: to add one, if the table allows that id.
fn offered(at: &Checked<'_>, key: &ForeignKey, name: &str, value: &str) -> String {
    let (target, file) = (&key.targets[0], at.file_of(name));
    let field = at.country.iter().find(|(table, _)| table.table == name).and_then(|(_, schema)| schema.field(target));
    match field.filter(|field| !passes(value, field)) {
        None => format!("add a row with the {target} `{value}` to {file}"),
        Some(field) => {
            let must = field.expected.as_ref().map_or(String::new(), |expected| format!(", which must be {expected}"));
            format!("write the {target} of a row of {file}{must}")
        }
    }
}

/// Judges references of several fields, row by row. One with an empty field refers to nothing.
fn several(
    at: &Checked<'_>,
    key: &ForeignKey,
    name: &str,
    columns: &[usize],
    targets: &[(&RawTable, Vec<usize>)],
) -> Vec<Fault> {
    fn cells<'t>(table: &'t RawTable, columns: &[usize], row: usize) -> Vec<&'t str> {
        columns.iter().map(|column| table.columns[*column].cell(row)).collect()
    }
    let known: HashSet<Vec<&str>> =
        targets.iter().flat_map(|(other, columns)| (0..other.rows).map(|row| cells(other, columns, row))).collect();
    let (file, mut faults) = (at.file_of(name), Vec::new());
    for row in 0..at.table.rows {
        let reference = cells(at.table, columns, row);
        if !reference.iter().any(|cell| cell.is_empty()) && !known.contains(&reference) {
            let message = format!("no row of {file} has the {} `{}`", key.targets.join(", "), reference.join(", "));
            faults.push(
                Fault::cell(row, columns[0], Code::ForeignKey, message).hint("add the row, or correct the reference"),
            );
        }
    }
    faults
}
