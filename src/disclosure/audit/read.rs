//! Reads the files of an audit into columns of codes, with a number or a mark for each row.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::{ABSENT, Column, Columns, Observation, fold};
use super::notes::{is_flag, is_secret};
use super::value::{ValueCell, scale, values};
use super::{Base, Request};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, several};
use crate::tables::ingest::RawTable;

/// The files as read.
pub(super) struct Read {
    pub(super) columns: Columns,
    /// How many units of a value make one: 100 where values have two decimals.
    pub(super) scale: i128,
    /// Whether an empty value was read as withheld, because a flag says so.
    pub(super) flagged: bool,
    /// How many numbers are rounded, or printed with their uncertainty.
    pub(super) rounded: usize,
}

/// Reads the rows of all files.
pub(super) fn read(files: &mut [RawTable], request: &Request, diagnostics: &mut Diagnostics) -> Read {
    for file in files.iter_mut() {
        (0..file.columns.len()).for_each(|at| file.code(at));
    }
    let files = &*files;
    let scale = scale(files, request);
    let keys = keys(files);
    let mut columns: BTreeMap<String, Column> = BTreeMap::new();
    let mut wide = wide(files, request);
    for (number, file) in files.iter().enumerate() {
        let held = values(file, request);
        for at in (0..file.labels.len()).filter(|at| !held.contains(at)) {
            let label = file.labels[at].text.trim();
            let column = columns
                .entry(key(label, &keys))
                .or_insert_with_key(|key| Column::new(label.to_owned(), files.len(), cased(files, key, &keys)));
            column.in_file[number] = true;
        }
    }
    let mut read = Read {
        columns: Columns {
            columns: Vec::new(),
            observations: Vec::new(),
            starts: vec![0],
            files: files.len(),
            wide: None,
        },
        scale,
        flagged: false,
        rounded: 0,
    };
    for (number, file) in files.iter().enumerate() {
        rows(file, number, request, &mut read, (&mut columns, &keys, wide.as_mut()), diagnostics);
        read.columns.starts.push(read.columns.observations.len());
    }
    read.columns.wide = wide.as_ref().map(|_| columns.len());
    read.columns.columns = columns.into_values().chain(wide).collect();
    read
}

/// Labels that differ in capitals only, in one file.
fn keys(files: &[RawTable]) -> BTreeSet<String> {
    let mut twice = BTreeSet::new();
    for file in files {
        let mut met = BTreeSet::new();
        twice.extend(file.labels.iter().map(|label| fold(&label.text)).filter(|label| !met.insert(label.clone())));
    }
    twice
}

/// The name under which columns of all files are joined: case-insensitive, unless one file has labels that differ in case only.
fn key(label: &str, twice: &BTreeSet<String>) -> String {
    let folded = fold(label);
    if twice.contains(&folded) { label.trim().to_owned() } else { folded }
}

/// Whether one file has codes in this column that differ in capitals only.
fn cased(files: &[RawTable], wanted: &str, twice: &BTreeSet<String>) -> bool {
    files.iter().any(|file| {
        let own = file.labels.iter().zip(&file.columns).filter(|(label, _)| key(&label.text, twice) == wanted);
        own.into_iter().any(|(_, column)| {
            let exact: BTreeSet<&str> = column.values().iter().map(|value| value.trim()).collect();
            let folded: BTreeSet<String> = exact.iter().map(|value| fold(value)).collect();
            folded.len() < exact.len()
        })
    })
}

/// The column that names the value column, where a file has several.
fn wide(files: &[RawTable], request: &Request) -> Option<Column> {
    let held: Vec<Vec<usize>> = files.iter().map(|file| values(file, request)).collect();
    if held.iter().all(|held| held.len() < 2) {
        return None;
    }
    let mut column = Column::new(String::new(), files.len(), false);
    for (file, held) in files.iter().zip(&held).filter(|(_, held)| held.len() > 1) {
        held.iter().for_each(|at| {
            column.number(&file.labels[*at].text);
        });
    }
    column.label = column.names.join(", ");
    column.in_file = held.iter().map(|held| held.len() > 1).collect();
    Some(column)
}

/// The columns so far, the names that are case-sensitive, and the column that names the value column.
type Known<'c> = (&'c mut BTreeMap<String, Column>, &'c BTreeSet<String>, Option<&'c mut Column>);

/// Adds the rows of a file: their values, and their codes in every column.
fn rows(
    file: &RawTable,
    number: usize,
    request: &Request,
    read: &mut Read,
    known: Known<'_>,
    diagnostics: &mut Diagnostics,
) {
    let first = read.columns.observations.len();
    add_observations(file, number, request, read, diagnostics);
    add_codes(file, &values(file, request), &read.columns.observations[first..], known);
}

/// Adds an observation for each number and each mark of a file.
fn add_observations(file: &RawTable, number: usize, request: &Request, read: &mut Read, diagnostics: &mut Diagnostics) {
    let irregular: BTreeSet<usize> = file.irregular.iter().flat_map(|rows| rows.row..rows.row + rows.rows).collect();
    let flags: Vec<usize> = (0..file.labels.len()).filter(|at| is_flag(&file.labels[*at].text)).collect();
    let secret = |row: usize| flags.iter().any(|at| is_secret(file.columns[*at].cell(row)));
    let mut unread = Vec::new();
    for value in values(file, request) {
        let column = &file.columns[value];
        let cells: Vec<ValueCell> = column
            .values()
            .iter()
            .map(|text| ValueCell::read(text, &request.marks, request.base, read.scale))
            .collect();
        for row in (0..file.rows).filter(|row| !irregular.contains(row)) {
            let (least, most, marked) = match cells[index(column.code(row))] {
                ValueCell::Number(number) => (number, Some(number), false),
                ValueCell::Marked(least, most) => (least, most, true),
                ValueCell::Empty if secret(row) => {
                    read.flagged = true;
                    (0, None, true)
                }
                ValueCell::Within(least, most) => {
                    read.rounded += 1;
                    (least, Some(most), true)
                }
                ValueCell::Empty => continue,
                cell @ (ValueCell::NoMultiple | ValueCell::Unread) => {
                    unread.push((row, value, cell));
                    continue;
                }
            };
            read.columns.observations.push(Observation { least, most, marked, file: number, row, value });
        }
    }
    unreadable(file, &unread, request.base, diagnostics);
}

/// Adds the codes of these observations of a file to every column.
fn add_codes(file: &RawTable, held: &[usize], observations: &[Observation], (columns, keys, wide): Known<'_>) {
    let own: BTreeMap<String, usize> = (0..file.labels.len())
        .filter(|at| !held.contains(at))
        .map(|at| (key(&file.labels[at].text, keys), at))
        .collect();
    for (label, column) in columns.iter_mut() {
        let Some(at) = own.get(label) else {
            column.of_row.extend(observations.iter().map(|_| ABSENT));
            continue;
        };
        let source = &file.columns[*at];
        // A code counts also if none of its rows has a value.
        let numbers: Vec<u32> = source.values().iter().map(|value| column.number(value)).collect();
        column.of_row.extend(observations.iter().map(|observation| numbers[index(source.code(observation.row))]));
    }
    if let Some(wide) = wide {
        let known: Vec<String> = wide.names.iter().map(|name| fold(name)).collect();
        let code = |observation: &Observation| {
            let label = fold(&file.labels[observation.value].text);
            known.iter().position(|name| *name == label).and_then(|at| u32::try_from(at).ok()).unwrap_or(ABSENT)
        };
        wide.of_row.extend(observations.iter().map(code));
    }
}

fn index(code: u64) -> usize {
    usize::try_from(code).unwrap_or(usize::MAX)
}

/// Reports incomplete rows, and cells with neither a number nor a mark.
fn unreadable(file: &RawTable, cells: &[(usize, usize, ValueCell)], base: Option<Base>, diagnostics: &mut Diagnostics) {
    let broken = file.irregular.iter().filter(|rows| rows.cells != 0);
    let broken: Vec<(usize, usize)> =
        broken.flat_map(|rows| (rows.row..rows.row + rows.rows).map(|row| (row, rows.cells))).collect();
    let wanted = cells.iter().map(|(row, at, _)| (*row, Some(*at))).chain(broken.iter().map(|(row, _)| (*row, None)));
    let spans = file.spans(&wanted.collect::<Vec<_>>());
    for (row, at, cell) in cells {
        let Some(span) = spans.get(&(*row, Some(*at))) else { continue };
        let text = file.columns[*at].cell(*row);
        let (message, hint) = match (cell, base) {
            (ValueCell::NoMultiple, Some(base)) => (
                format!("`{text}` is not rounded {base}, as `--base` says"),
                "if only some tables are rounded, audit them apart; a number with its uncertainty is written `45±7`",
            ),
            _ => (
                format!("`{text}` is neither a count nor a mark"),
                "name each mark by `--mark`, with the bounds it states: `--mark '<5=0..4'`",
            ),
        };
        diagnostics.push(Diagnostic::error(Code::TypeError, span, message).hint(hint));
    }
    for (row, cells) in broken {
        if let Some(span) = spans.get(&(row, None)) {
            let code = if cells < file.labels.len() { Code::MissingCell } else { Code::ExtraCell };
            let message = format!(
                "the row has {}, but the table has {}",
                several(cells, "cell", "cells"),
                several(file.labels.len(), "label", "labels")
            );
            diagnostics.push(Diagnostic::error(code, span, message));
        }
    }
}
