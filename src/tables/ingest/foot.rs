//! Finds rows between and below a table's rows that are not data: repeated labels, notes, sums.

use std::collections::{BTreeMap, BTreeSet};

use super::RawTable;
use super::scan::walk;
use super::stray::{Stray, StrayKind, announces_note, announces_sum, is_wordy};

/// At most this many rows at the end are taken for notes.
const MOST: usize = 200;
/// In a table with fewer columns, rows are as short as notes, so none is taken for one.
const LEAST: usize = 3;

/// A row at the end that may not be data.
struct Last {
    row: usize,
    blank: bool,
    /// What kind of row it is, if that is certain.
    kind: Option<StrayKind>,
}

/// The numbers of rows that are not data, with their kind; rows that belong together are one group.
pub(super) fn find(table: &RawTable, known: bool) -> Vec<(StrayKind, Vec<usize>)> {
    let mut found: Vec<(StrayKind, Vec<usize>)> =
        repeated_labels(table).into_iter().map(|row| (StrayKind::Labels, vec![row])).collect();
    if known {
        found.extend(last(table));
        let at_the_end: BTreeSet<usize> = found.iter().flat_map(|(_, rows)| rows.iter().copied()).collect();
        let remarks = remarks(table).into_iter().filter(|row| !at_the_end.contains(row));
        found.extend(remarks.map(|row| (StrayKind::Notes, vec![row])).collect::<Vec<_>>());
    }
    found.sort_by_key(|(_, rows)| rows.first().copied());
    found
}

/// Rows that repeat the labels.
fn repeated_labels(table: &RawTable) -> Vec<usize> {
    let labelled = || table.columns.iter().zip(&table.labels).filter(|(column, _)| column.coded());
    let mut codes = Vec::new();
    for (column, label) in labelled() {
        let code = (0..).zip(column.values()).find(|(_, value)| value.trim() == label.text.trim());
        match code {
            Some((code, _)) => codes.push((column, code)),
            None => return Vec::new(),
        }
    }
    let written = table.labels.iter().filter(|label| !label.text.is_empty()).count();
    let Some(((first, code), rest)) = codes.split_first().filter(|_| written > 1) else { return Vec::new() };
    let mut rows = first.rows_with(|other| other == *code);
    rows.retain(|row| rest.iter().all(|(column, code)| column.code(*row) == *code));
    rows
}

/// Rows of one cell that begin like a remark.
fn remarks(table: &RawTable) -> Vec<usize> {
    let short = table.irregular.iter().filter(|run| run.cells == 1 && table.labels.len() >= LEAST);
    let mut rows: Vec<usize> = short.flat_map(|run| run.row..run.row + run.rows).take(MOST).collect();
    rows.retain(|row| {
        let texts = texts(table, *row);
        texts.first().is_some_and(|text| announces_note(text) || text.trim_start().starts_with('#'))
    });
    rows
}

/// Notes and sums below the table, with the blank rows before and between them.
fn last(table: &RawTable) -> Vec<(StrayKind, Vec<usize>)> {
    let mut rows: Vec<Last> = Vec::new();
    for row in (0..table.rows).rev().take(MOST) {
        match judge(table, row) {
            Some(last) => rows.push(last),
            None => break,
        }
    }
    rows.reverse();
    // Below a blank row anything short is a note; above it only what begins like one.
    let mut after_blank = false;
    let mut start = 0;
    for (at, last) in rows.iter().enumerate() {
        match last.kind {
            None if last.blank => after_blank = true,
            None if !after_blank => start = at + 1,
            _ => {}
        }
    }
    let rows = rows.split_off(start);
    if rows.iter().all(|last| last.blank) { Vec::new() } else { blocks(&rows) }
}

/// Groups the rows: each sum alone, and the rows between sums as notes. Blank rows belong to what follows them.
fn blocks(rows: &[Last]) -> Vec<(StrayKind, Vec<usize>)> {
    let (mut blocks, mut waiting): (Vec<(StrayKind, Vec<usize>)>, Vec<usize>) = (Vec::new(), Vec::new());
    for last in rows {
        waiting.push(last.row);
        if last.blank {
            continue;
        }
        let kind = last.kind.unwrap_or(StrayKind::Notes);
        let taken = std::mem::take(&mut waiting);
        match blocks.last_mut() {
            Some((StrayKind::Notes, rows)) if kind == StrayKind::Notes => rows.extend(taken),
            _ => blocks.push((kind, taken)),
        }
    }
    if let Some((_, rows)) = blocks.last_mut() {
        rows.extend(waiting);
    }
    blocks
}

/// The kind of a row at the end; none for a row of data.
fn judge(table: &RawTable, row: usize) -> Option<Last> {
    let labels = table.labels.len();
    if labels < LEAST {
        return None;
    }
    let at = table.irregular.partition_point(|run| run.row + run.rows <= row);
    let cells = table.irregular.get(at).filter(|run| run.row <= row).map_or(labels, |run| run.cells);
    let is_written = |at: &usize| Some(table.columns[*at].code(row)) != table.columns[*at].empty_code();
    let written: Vec<usize> = (0..labels.min(cells)).filter(is_written).collect();
    let last = |kind| Some(Last { row, blank: false, kind });
    let Some(&first) = written.first() else { return Some(Last { row, blank: true, kind: None }) };
    let few = written.len() * 2 < labels;
    if !few && cells == labels {
        return None;
    }
    let texts = texts(table, row);
    let text = texts.get(first).map_or("", String::as_str);
    let number = |text: &str| text.trim().parse::<f64>().is_ok();
    let sum = announces_sum(text) && texts.iter().any(|text| number(text));
    let lone_number = first > 0 && written.len() == 1 && number(text);
    if few && (sum || lone_number) {
        return last(Some(StrayKind::Sum));
    }
    // A sentence in a column of codes is a note.
    let odd = few && is_wordy(text) && is_of_codes(table, first);
    if announces_note(text) || odd {
        return last(Some(StrayKind::Notes));
    }
    let is_word = text.chars().all(|c| c.is_alphabetic() || c.is_whitespace());
    if written.len() == 1 && is_word { last(None) } else { None }
}

/// Whether most values of a column are codes, not sentences.
fn is_of_codes(table: &RawTable, column: usize) -> bool {
    let column = &table.columns[column];
    let words = column.values().iter().filter(|value| is_wordy(value)).count();
    column.coded() && words * 2 < column.values().len()
}

/// The cells of a row, read again, since a column may be kept without its texts.
fn texts(table: &RawTable, row: usize) -> Vec<String> {
    let (mut texts, piece) = (Vec::new(), table.pieces.iter().rev().find(|piece| piece.first <= row));
    let Some(piece) = piece else { return texts };
    let mut index = piece.first;
    walk(&table.source.bytes, piece.bytes.clone(), table.delimiter, |found| {
        if index == row {
            texts = (0..found.len()).map(|at| String::from_utf8_lossy(found.value(at)).into_owned()).collect();
        }
        index += 1;
    });
    texts
}

/// The places of the rows in the file.
pub(super) fn strays(table: &RawTable, found: Vec<(StrayKind, Vec<usize>)>) -> Vec<Stray> {
    if found.is_empty() {
        return Vec::new();
    }
    let mut bounds = BTreeMap::new();
    let wanted: BTreeSet<usize> = found.iter().flat_map(|(_, rows)| rows.iter().copied()).collect();
    for piece in &table.pieces {
        let mut index = piece.first;
        let mut open = None;
        walk(&table.source.bytes, piece.bytes.clone(), table.delimiter, |row| {
            if let Some((number, start, end)) = open.take() {
                bounds.insert(number, (start, end, row.start()));
            }
            if wanted.contains(&index) {
                open = Some((index, row.start(), row.end()));
            }
            index += 1;
        });
        if let Some((number, start, end)) = open {
            bounds.insert(number, (start, end, piece.bytes.end));
        }
    }
    let stray = |(kind, rows): &(StrayKind, Vec<usize>)| {
        let places: Vec<(usize, usize, usize)> = rows.iter().filter_map(|row| bounds.get(row).copied()).collect();
        let (first, last) = (places.first()?, places.last()?);
        // The error names the first row with text, not the blank rows before it.
        let first_with_text = places.iter().position(|(start, end, _)| {
            table.source.bytes[*start..*end].iter().any(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii())
        });
        let shown = places.get(first_with_text.unwrap_or(0)).unwrap_or(first);
        Some(Stray { kind: *kind, bytes: first.0..last.2, shown: shown.0..shown.1, last: last.0, rows: places.len() })
    };
    found.iter().filter_map(stray).collect()
}
